//! A table that is read row by row: however large it is, each of its rows has a bounded length. So no file makes who
//! reads it take memory without end.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use memchr::{memchr, memrchr};

use super::file;

/// The most bytes of a row. Swept lists stand in rows, and a scenario is smaller than that.
const ROW_BYTES_MAX: usize = 2 * file::SCENARIO_BYTES_MAX as usize;

/// The bytes of a table in CSV. Reading fails within a row that is too long.
#[derive(Debug)]
pub struct BoundedRows<R> {
    from: R,
    most: usize,
    /// How long the row is, as far as it has been read.
    length: usize,
    /// Whether a line feed belongs to a value.
    quoted: bool,
}

/// Opens a table.
///
/// # Errors
/// What the system says, or a [`file::Refusal`].
pub fn open(path: &Path) -> io::Result<BoundedRows<File>> {
    file::open(path).map(|file| BoundedRows::new(file, ROW_BYTES_MAX))
}

impl<R> BoundedRows<R> {
    fn new(from: R, most: usize) -> Self {
        Self {
            from,
            most,
            length: 0,
            quoted: false,
        }
    }

    /// Takes a piece of the table in; whether no row in it is too long.
    fn take(&mut self, piece: &[u8]) -> bool {
        if !self.quoted && memchr(b'"', piece).is_none() {
            // The row under way, at its longest, and those that begin in the piece: a piece is short.
            let first = memchr(b'\n', piece).unwrap_or(piece.len());
            let fits = self.length + first <= self.most;
            self.length = memrchr(b'\n', piece)
                .map_or(self.length + piece.len(), |last| piece.len() - last - 1);
            return fits && self.length <= self.most;
        }
        piece.iter().all(|byte| {
            self.quoted ^= *byte == b'"';
            let ends = *byte == b'\n' && !self.quoted;
            self.length = if ends { 0 } else { self.length + 1 };
            self.length <= self.most
        })
    }
}

impl<R: Read> Read for BoundedRows<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        if self.take(&into[..read]) {
            return Ok(read);
        }
        let why = format!("a row has more than {} MiB", self.most >> 20);
        Err(io::Error::new(io::ErrorKind::InvalidData, why))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces of a table, of so many bytes each; whether all were read.
    fn is_read(table: &str, piece: usize, most: usize) -> bool {
        let mut rows = BoundedRows::new(table.as_bytes(), most);
        let mut buffer = vec![0; piece];
        loop {
            match rows.read(&mut buffer) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(_) => return false,
            }
        }
    }

    #[test]
    fn a_row_is_as_long_as_it_may_be_and_a_quoted_line_feed_ends_none() {
        for piece in 1..=4 {
            for (table, fits) in [
                ("12345\n12345\n\n12345", true),
                ("1\n123456\n1", false),
                ("1\n1\n123456", false),
                ("\"2\n3\"\n12345\n", true),
                ("\"2\n34\"\n", false),
                ("\"\"\"\n\"\n123\n", true),
                ("\"\"\n12345\n", true),
            ] {
                assert_eq!(is_read(table, piece, 5), fits, "{table:?} by {piece}");
            }
        }
    }

    /// Sixty-four gigabytes of nothing are one row.
    #[test]
    fn a_hole_is_no_table() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("hole.csv");
        File::create(&path).unwrap().set_len(64 << 30).unwrap();
        let error = io::copy(&mut open(&path).unwrap(), &mut io::sink()).unwrap_err();
        assert_eq!(error.to_string(), "a row has more than 16 MiB");
    }
}
