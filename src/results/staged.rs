//! The files of a result while they are put together, out of sight.
//!
//! All files of rows are written at once, so that what a run has left is read once.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use memchr::memchr;
use sha2::{Digest as _, Sha256};

use super::csv::CsvTable;
use super::digest::hex;
use super::disk::{self, DiskFile};
use super::entry::FileEntry;
use super::error::{Context as _, ResultsError};
use super::manifest::{self, Manifest};
use crate::catalogue::{AGGREGATE_FILE, RecordKind, SUMMARY_FILE, THRESHOLD_FILE};

/// Rows are digested and written in pieces of about this many bytes.
const PIECE: usize = 1 << 18;

/// Its name beside the parts.
pub(super) const ASSEMBLED: &str = "assembled";

/// Result files that are being put together, out of sight. Dropped, it takes them along.
pub(super) struct Staged {
    path: PathBuf,
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

    /// Writes `threshold.csv`.
    pub(super) fn thresholds(&self, table: &CsvTable) -> Result<FileEntry, ResultsError> {
        self.write(THRESHOLD_FILE, &table.to_csv())
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

    /// Begins the files of rows: the header of each, with the columns that name a run.
    pub(super) fn begin_rows(
        &self,
        kinds: impl Iterator<Item = (RecordKind, Vec<String>)>,
    ) -> Result<StagedRows, ResultsError> {
        let begin = |(kind, run_columns): (RecordKind, Vec<String>)| {
            let info = kind.info();
            let path = self.file(info.file);
            let columns: Vec<&str> = info.column_names().collect();
            let mut header = prefix(&run_columns);
            header.extend_from_slice(columns.join(",").as_bytes());
            header.push(b'\n');
            let attempt = || -> io::Result<Digesting> {
                let mut file = Digesting::create(&path)?;
                file.write_all(&header)?;
                Ok(file)
            };
            let file = attempt().context("write", &path)?;
            Ok(StagedTable {
                kind,
                path,
                file,
                row_begins: true,
            })
        };
        let tables = kinds.map(begin).collect::<Result<_, _>>()?;
        let piece = Vec::new();
        Ok(StagedRows { tables, piece })
    }
}

/// The files of rows on their way to disk.
pub(super) struct StagedRows {
    tables: Vec<StagedTable>,
    /// Rows with the cells that name their run.
    piece: Vec<u8>,
}

struct StagedTable {
    kind: RecordKind,
    path: PathBuf,
    file: Digesting,
    /// Whether what comes next is the beginning of a row.
    row_begins: bool,
}

impl StagedRows {
    /// Adds rows, with these cells in front of each; the end of a piece need not be that of a row.
    pub(super) fn add(
        &mut self,
        kind: RecordKind,
        prefix: &[u8],
        rows: &[u8],
    ) -> Result<(), ResultsError> {
        let Some(table) = self.tables.iter_mut().find(|table| table.kind == kind) else {
            return Ok(());
        };
        self.piece.clear();
        name_rows(rows, prefix, &mut table.row_begins, &mut self.piece);
        let written = table.file.write_all(&self.piece);
        written.context("write", &table.path)
    }

    /// Has them on disk.
    pub(super) fn finish(self) -> Result<Vec<FileEntry>, ResultsError> {
        let finish = |table: StagedTable| {
            let name = table.kind.info().file;
            table.file.finish(name).context("write", &table.path)
        };
        self.tables.into_iter().map(finish).collect()
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // Best effort: the next run of the same scenario removes it too.
        let _ = disk::remove_dir_all(&self.path);
    }
}

/// Cells as CSV with a comma after the last.
pub(super) fn prefix(cells: &[String]) -> Vec<u8> {
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

/// Puts these cells in front of each row.
fn name_rows(rows: &[u8], prefix: &[u8], row_begins: &mut bool, to: &mut Vec<u8>) {
    let mut rest = rows;
    while !rest.is_empty() {
        let end = memchr(b'\n', rest).map(|at| at + 1);
        let (row, others) = rest.split_at(end.unwrap_or(rest.len()));
        if *row_begins {
            to.extend_from_slice(prefix);
        }
        to.extend_from_slice(row);
        (rest, *row_begins) = (others, end.is_some());
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
            let (mut named, mut row_begins) = (Vec::new(), true);
            for piece in text.as_bytes().chunks(size) {
                name_rows(piece, b"7,", &mut row_begins, &mut named);
            }
            let expected = "7,a,b\n7,\n7,longer,row\n7,c,d\n";
            let named = String::from_utf8(named).unwrap();
            assert_eq!(named, expected, "pieces of {size}");
        }
    }
}
