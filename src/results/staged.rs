//! The files of a result while they are put together, out of sight.
//!
//! The rows of a part are digested as they are copied: what is read is held against what was written, and nothing
//! is read twice for it.

use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use memchr::memchr;
use sha2::{Digest as _, Sha256};
use xxhash_rust::xxh3::Xxh3;

use super::csv::CsvTable;
use super::digest::hex;
use super::disk::{self, DiskFile};
use super::entry::FileEntry;
use super::error::{Context as _, ResultsError};
use super::kept::{KeptFault, KeptFile};
use super::manifest::{self, Manifest};
use super::part::PartFile;
use crate::catalogue::{AGGREGATE_FILE, RecordKind, SUMMARY_FILE};

/// Rows are read, digested and written in pieces of about this many bytes.
const PIECE: usize = 1 << 18;

/// Its name beside the parts.
pub(super) const ASSEMBLED: &str = "assembled";

/// Result files that are being put together, out of sight. Dropped, it takes them along.
pub(super) struct Staged {
    path: PathBuf,
}

/// A part whose rows are wanted.
pub(super) struct RowsOf<'a> {
    /// The number of its run.
    pub run: usize,
    /// The cells that name the run.
    pub cells: Vec<String>,
    /// Where it is.
    pub folder: PathBuf,
    /// Its files.
    pub files: &'a [PartFile],
}

/// Why files could not be put together.
pub(super) enum NotStaged {
    /// The part of this run is not what was written.
    Part {
        /// Which run.
        run: usize,
        /// What is wrong.
        file: KeptFile,
    },
    /// Anything else.
    Failed(ResultsError),
}

impl From<ResultsError> for NotStaged {
    fn from(error: ResultsError) -> Self {
        Self::Failed(error)
    }
}

impl Staged {
    /// Begins in a folder that nothing else uses.
    pub(super) fn begin(path: PathBuf) -> Result<Self, ResultsError> {
        if disk::exists(&path) {
            disk::remove_dir_all(&path).context("remove", &path)?;
        }
        disk::create_dir(&path).context("create", &path)?;
        Ok(Self { path })
    }

    /// Where a file of this name is.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Writes the manifest, which is the last of the files, and has all of them on disk.
    pub(super) fn complete(&self, manifest: &Manifest) -> Result<(), ResultsError> {
        self.write(manifest::FILE, &manifest.to_json())?;
        disk::sync_dir(&self.path).context("write", &self.path)
    }

    /// Writes `summary.csv` and `aggregate.csv`.
    pub(super) fn tables(
        &self,
        summary: &CsvTable,
        aggregate: &CsvTable,
    ) -> Result<[FileEntry; 2], ResultsError> {
        Ok([
            self.write(SUMMARY_FILE, &summary.to_csv())?,
            self.write(AGGREGATE_FILE, &aggregate.to_csv())?,
        ])
    }

    /// Writes one file, down to the disk.
    fn write(&self, name: &str, contents: &[u8]) -> Result<FileEntry, ResultsError> {
        let path = self.file(name);
        let attempt = || -> io::Result<FileEntry> {
            let mut file = Digesting::create(&path)?;
            file.write_all(contents)?;
            file.finish(name)
        };
        attempt().context("write", &path)
    }

    /// Writes one file of rows: the header, then the rows of each run with the cells that name it in front.
    pub(super) fn rows(
        &self,
        kind: RecordKind,
        run_columns: &[String],
        parts: &[RowsOf],
    ) -> Result<FileEntry, NotStaged> {
        let info = kind.info();
        let path = self.file(info.file);
        let columns: Vec<&str> = info.column_names().collect();
        let mut header = prefix(run_columns);
        header.extend_from_slice(columns.join(",").as_bytes());
        header.push(b'\n');
        let mut out = Digesting::create(&path).context("write", &path)?;
        out.write_all(&header).context("write", &path)?;
        for part in parts {
            match part.copy(info.file, &mut out) {
                Ok(()) => {}
                Err(NotCopied::Read(fault)) => {
                    let file = KeptFile::new(info.file, fault);
                    return Err(NotStaged::Part {
                        run: part.run,
                        file,
                    });
                }
                Err(NotCopied::Written(error)) => Err(error).context("write", &path)?,
            }
        }
        Ok(out.finish(info.file).context("write", &path)?)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // Best effort: the next run of the same scenario removes it too.
        let _ = disk::remove_dir_all(&self.path);
    }
}

/// Why rows were not copied.
enum NotCopied {
    /// They cannot be read, or are others.
    Read(KeptFault),
    /// They cannot be written.
    Written(io::Error),
}

impl RowsOf<'_> {
    /// Copies the rows of one file, if they are those that were written.
    fn copy(&self, name: &str, to: &mut dyn Write) -> Result<(), NotCopied> {
        let written = self.files.iter().find(|file| file.name == name);
        let written = written.ok_or(NotCopied::Read(KeptFault::Missing))?;
        let rows = DiskFile::open(&self.folder.join(name));
        let rows = rows.map_err(|error| NotCopied::Read(KeptFault::of(&error)))?;
        let rows = BufReader::with_capacity(PIECE, rows);
        let copied = copy_rows(rows, &prefix(&self.cells), to)?;
        if copied == (written.bytes, written.digest.clone()) {
            Ok(())
        } else {
            Err(NotCopied::Read(KeptFault::Damaged))
        }
    }
}

/// Cells as CSV with a comma after the last.
fn prefix(cells: &[String]) -> Vec<u8> {
    let table = CsvTable {
        header: cells.to_vec(),
        rows: Vec::new(),
    };
    let mut line = table.to_csv();
    if let Some(end) = line.last_mut() {
        *end = b',';
    }
    line
}

/// Copies rows, with these cells in front of each; gives size and digest of what was read.
fn copy_rows(
    mut rows: impl BufRead,
    prefix: &[u8],
    to: &mut dyn Write,
) -> Result<(u64, String), NotCopied> {
    let (mut piece, mut row_begins) = (Vec::new(), true);
    let (mut bytes, mut digest) = (0, Xxh3::new());
    loop {
        let read = rows.fill_buf();
        let read = read.map_err(|error| NotCopied::Read(KeptFault::of(&error)))?;
        if read.is_empty() {
            return Ok((bytes, format!("{:016x}", digest.digest())));
        }
        digest.update(read);
        bytes += read.len() as u64;
        piece.clear();
        let mut rest = read;
        while !rest.is_empty() {
            let end = memchr(b'\n', rest).map(|at| at + 1);
            let (row, others) = rest.split_at(end.unwrap_or(rest.len()));
            if row_begins {
                piece.extend_from_slice(prefix);
            }
            piece.extend_from_slice(row);
            (rest, row_begins) = (others, end.is_some());
        }
        let size = read.len();
        rows.consume(size);
        to.write_all(&piece).map_err(NotCopied::Written)?;
    }
}

/// A file on its way to disk whose digest is taken along the way.
struct Digesting {
    file: BufWriter<HashedFile>,
}

struct HashedFile {
    file: DiskFile,
    hash: Sha256,
    bytes: u64,
}

impl Digesting {
    fn create(path: &Path) -> io::Result<Self> {
        let hashed = HashedFile {
            file: DiskFile::create(path)?,
            hash: Sha256::new(),
            bytes: 0,
        };
        Ok(Self {
            file: BufWriter::with_capacity(PIECE, hashed),
        })
    }

    fn finish(self, name: &str) -> io::Result<FileEntry> {
        let HashedFile { file, hash, bytes } = self.file.into_inner()?;
        file.sync_all()?;
        Ok(FileEntry {
            name: name.to_owned(),
            bytes,
            sha256: hex(&hash.finalize()),
        })
    }
}

impl Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Write for HashedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wherever a piece ends: within a row, before or behind its line feed.
    #[test]
    fn every_row_gets_its_cells_once() {
        let text = "a,b\n\nlonger,row\nc,d\n";
        for size in 1..20 {
            let rows = BufReader::with_capacity(size, text.as_bytes());
            let mut copied = Vec::new();
            let read = copy_rows(rows, b"7,", &mut copied);
            let expected = "7,a,b\n7,\n7,longer,row\n7,c,d\n";
            assert_eq!(
                String::from_utf8(copied).unwrap(),
                expected,
                "pieces of {size}"
            );
            let digest = xxhash_rust::xxh3::xxh3_64(text.as_bytes());
            let expected = (text.len() as u64, format!("{digest:016x}"));
            assert_eq!(read.ok(), Some(expected), "pieces of {size}");
        }
        let mut copied = Vec::new();
        assert!(copy_rows(&b""[..], b"7,", &mut copied).is_ok());
        assert!(copied.is_empty(), "no rows, no cells");
    }
}
