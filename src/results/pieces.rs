//! How all that a run leaves behind lies in one file: in pieces, each behind a line that says its name, its size and,
//! if it is to be known by itself, its digest.
//!
//! A run writes several tables at a time and one file: that of a short run is one write, and a long one need not be held
//! in memory.

use std::io::{self, BufRead, BufReader, BufWriter, Read as _, Write as _};
use std::path::Path;

use super::disk::DiskFile;

/// What is smaller is collected before it is written, and read at once.
const BUFFER: usize = 1 << 16;
/// No line before a piece has more bytes.
const HEAD_BYTES_MAX: u64 = 256;

/// Writes pieces.
pub(super) struct PieceWriter {
    file: BufWriter<DiskFile>,
}

impl PieceWriter {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let file = DiskFile::create(path)?;
        Ok(Self {
            file: BufWriter::with_capacity(BUFFER, file),
        })
    }

    /// Adds a piece. Neither name nor digest may hold a space or a line feed.
    pub(super) fn add(&mut self, name: &str, digest: &str, bytes: &[u8]) -> io::Result<()> {
        writeln!(self.file, "{name} {} {digest}", bytes.len())?;
        self.file.write_all(bytes)
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// What stands before a piece.
pub(super) struct Head {
    pub name: String,
    pub digest: String,
}

/// Reads pieces in their order. What cannot be one is an error of the kind [`io::ErrorKind::InvalidData`], a piece that
/// is not all there one of the kind [`io::ErrorKind::UnexpectedEof`].
pub(super) struct PieceReader {
    file: BufReader<DiskFile>,
    /// So many bytes of the piece have not been read.
    left: u64,
}

impl PieceReader {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = DiskFile::open(path)?;
        let file = BufReader::with_capacity(BUFFER, file);
        Ok(Self { file, left: 0 })
    }

    /// Goes to the next piece; `None` at the end of the file. What was not read of the last one is passed over.
    pub(super) fn next(&mut self) -> io::Result<Option<Head>> {
        let left = i64::try_from(self.left).map_err(|_| no_piece())?;
        self.file.seek_relative(left)?;
        self.left = 0;
        let mut line = Vec::new();
        let mut head = self.file.by_ref().take(HEAD_BYTES_MAX);
        head.read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        let head = parse(&line).ok_or_else(no_piece)?;
        self.left = head.1;
        Ok(Some(head.0))
    }

    /// The next bytes of the piece; none at its end. They come again until they are consumed.
    pub(super) fn bytes(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Ok(&[]);
        }
        let bytes = self.file.fill_buf()?;
        if bytes.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        Ok(&bytes[..bytes.len().min(most)])
    }

    pub(super) fn consume(&mut self, bytes: usize) {
        self.file.consume(bytes);
        self.left -= bytes as u64;
    }

    /// All that has not been read of the piece.
    pub(super) fn rest(&mut self) -> io::Result<Vec<u8>> {
        let mut rest = Vec::new();
        loop {
            let bytes = self.bytes()?;
            if bytes.is_empty() {
                return Ok(rest);
            }
            rest.extend_from_slice(bytes);
            let read = bytes.len();
            self.consume(read);
        }
    }
}

fn no_piece() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

/// A line before a piece, and the size of the piece.
fn parse(line: &[u8]) -> Option<(Head, u64)> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let mut words = line.split(' ');
    let (name, bytes, digest) = (words.next()?, words.next()?, words.next()?);
    let head = Head {
        name: name.to_owned(),
        digest: digest.to_owned(),
    };
    Some((head, bytes.parse().ok().filter(|_| words.next().is_none())?))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    fn written(pieces: &[(&str, Vec<u8>)]) -> (TempDir, Vec<u8>) {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("it");
        let mut writer = PieceWriter::create(&path).unwrap();
        for (name, bytes) in pieces {
            writer.add(name, "", bytes).unwrap();
        }
        writer.finish().unwrap();
        let bytes = fs::read(path).unwrap();
        (folder, bytes)
    }

    fn read(path: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
        let (mut reader, mut pieces) = (PieceReader::open(path)?, Vec::new());
        while let Some(head) = reader.next()? {
            pieces.push((head.name, reader.rest()?));
        }
        Ok(pieces)
    }

    #[test]
    fn pieces_are_read_as_they_were_written_or_passed_over() {
        let large = vec![b'\n'; 3 * BUFFER + 1];
        let pieces = [("a", b"1\n".to_vec()), ("b", Vec::new()), ("a", large)];
        let (folder, _) = written(&pieces);
        let path = folder.path().join("it");
        let found = read(&path).unwrap();
        assert!(
            found
                .iter()
                .map(|(name, bytes)| (&**name, bytes))
                .eq(pieces.iter().map(|(name, bytes)| (*name, bytes)))
        );
        let mut reader = PieceReader::open(&path).unwrap();
        let mut names = String::new();
        while let Some(head) = reader.next().unwrap() {
            names.push_str(&head.name);
        }
        assert_eq!(names, "aba");
    }

    /// Wherever it is cut off: fewer pieces, or an error, and never another piece.
    #[test]
    fn what_is_cut_off_is_no_piece() {
        let pieces = [("one", b"1,2\n".to_vec()), ("two", b"345\n".to_vec())];
        let (folder, bytes) = written(&pieces);
        let path = folder.path().join("it");
        let (mut whole, mut errors) = (0, 0);
        for length in 0..bytes.len() {
            fs::write(&path, &bytes[..length]).unwrap();
            match read(&path) {
                Ok(found) => {
                    assert!(found.len() < 2);
                    whole += 1;
                }
                Err(error) => {
                    let kinds = [io::ErrorKind::InvalidData, io::ErrorKind::UnexpectedEof];
                    assert!(kinds.contains(&error.kind()), "{error}");
                    errors += 1;
                }
            }
        }
        assert_eq!((whole, errors), (2, bytes.len() - 2));
    }

    #[test]
    fn what_is_no_piece_is_refused() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("it");
        let long = "a".repeat(1000);
        for text in [
            "\n",
            "a\n",
            "a 1\n1",
            "a -1 \n1",
            "a 1 b c\n1",
            "a 99999999999999999999 \n",
            &long,
        ] {
            fs::write(&path, text).unwrap();
            assert_eq!(
                read(&path).unwrap_err().kind(),
                io::ErrorKind::InvalidData,
                "{text}"
            );
        }
        fs::write(&path, "a 9999999999999999999 \n1\n").unwrap();
        let error = read(&path).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
