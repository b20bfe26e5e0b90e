//! A result folder: one process at a time, files appear whole, an older result stays until the new
//! one is there.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use memchr::memchr;
use sha2::{Digest as _, Sha256};

use super::csv::CsvTable;
use super::digest::hex;
use super::entry::FileEntry;
use super::error::{Context as _, ResultsError};
use super::manifest::{self, Manifest};
use crate::catalogue::{AGGREGATE_FILE, RecordKind, SUMMARY_FILE};

const LOCK: &str = ".lock";
/// Rows are read, digested and written in pieces of about this many bytes.
const PIECE: usize = 1 << 18;

/// A result folder that this process alone may write to.
pub(super) struct LockedFolder {
    path: PathBuf,
    /// Whether it was made just now; then it is removed again if it stays empty.
    made: bool,
    _lock: File,
}

impl LockedFolder {
    /// Makes the folder if need be and locks it.
    pub(super) fn open(path: &Path) -> Result<Self, ResultsError> {
        let made = !path.exists();
        fs::create_dir_all(path).context("create", path)?;
        let lock = lock(path)?;
        Ok(Self {
            path: path.to_owned(),
            made,
            _lock: lock,
        })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces what is there by these files, then by the manifest: what was there goes when
    /// everything new is complete on disk.
    pub(super) fn publish(&self, staged: &Staged, manifest: &Manifest) -> Result<(), ResultsError> {
        let new_manifest =
            staged.write(manifest::FILE, |file| file.write_all(&manifest.to_json()))?;
        self.remove(manifest::FILE)?;
        let known = RecordKind::ALL.iter().map(|kind| kind.info().file);
        for name in known.chain([SUMMARY_FILE, AGGREGATE_FILE]) {
            if !manifest.files.iter().any(|file| file.name == name) {
                self.remove(name)?;
            }
        }
        for file in manifest.files.iter().chain([&new_manifest]) {
            let to = self.path.join(&file.name);
            fs::rename(staged.path.join(&file.name), &to).context("write", &to)?;
        }
        Ok(())
    }

    /// Replaces the manifest alone.
    pub(super) fn publish_manifest(&self, manifest: &Manifest) -> Result<(), ResultsError> {
        let to = self.path.join(manifest::FILE);
        let mut file = tempfile::NamedTempFile::new_in(&self.path).context("write", &to)?;
        file.write_all(&manifest.to_json()).context("write", &to)?;
        file.persist(&to)
            .map_err(|error| error.error)
            .context("write", &to)?;
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), ResultsError> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(error).context("remove", &path)
            }
            _ => Ok(()),
        }
    }
}

impl Drop for LockedFolder {
    fn drop(&mut self) {
        // Best effort: a lock file that stays behind locks nothing.
        let _ = fs::remove_file(self.path.join(LOCK));
        if self.made {
            // Fails unless it is empty, which is what is wanted.
            let _ = fs::remove_dir(&self.path);
        }
    }
}

/// Locks a folder through a file in it. That file is removed when the holder is done, so the one
/// that was locked must be shown to be still the one that is there.
fn lock(folder: &Path) -> Result<File, ResultsError> {
    let path = folder.join(LOCK);
    loop {
        let file = File::create(&path).context("write to", folder)?;
        match file.try_lock() {
            Ok(()) if is_still_at(&file, &path) => return Ok(file),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(ResultsError::InUse {
                    path: folder.to_owned(),
                });
            }
            Err(TryLockError::Error(error)) => return Err(error).context("lock", &path),
        }
    }
}

#[cfg(unix)]
fn is_still_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(held), Ok(there)) = (file.metadata(), fs::metadata(path)) else {
        return false;
    };
    (held.dev(), held.ino()) == (there.dev(), there.ino())
}

/// Elsewhere a file that is open cannot be removed by others.
#[cfg(not(unix))]
fn is_still_at(_file: &File, path: &Path) -> bool {
    path.exists()
}

/// Result files that are being put together, out of sight. Dropped, it takes them along.
pub(super) struct Staged {
    path: PathBuf,
}

impl Staged {
    /// Begins in a folder that nothing else uses.
    pub(super) fn begin(path: PathBuf) -> Result<Self, ResultsError> {
        if path.exists() {
            fs::remove_dir_all(&path).context("remove", &path)?;
        }
        fs::create_dir(&path).context("create", &path)?;
        Ok(Self { path })
    }

    /// Writes one file, down to the disk.
    fn write(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<FileEntry, ResultsError> {
        let path = self.path.join(name);
        let attempt = || -> io::Result<FileEntry> {
            let mut file = Digesting::new(File::create(&path)?);
            write(&mut file)?;
            file.finish(name)
        };
        attempt().context("write", &path)
    }

    /// Writes `summary.csv` and `aggregate.csv`.
    pub(super) fn tables(
        &self,
        summary: &CsvTable,
        aggregate: &CsvTable,
    ) -> Result<[FileEntry; 2], ResultsError> {
        Ok([
            self.write(SUMMARY_FILE, |file| file.write_all(&summary.to_csv()))?,
            self.write(AGGREGATE_FILE, |file| file.write_all(&aggregate.to_csv()))?,
        ])
    }

    /// Writes one file of rows: the header, then for each run (cells that name it, folder of its
    /// part) its rows with those cells in front.
    pub(super) fn rows(
        &self,
        kind: RecordKind,
        run_columns: &[String],
        runs: &[(Vec<String>, PathBuf)],
    ) -> Result<FileEntry, ResultsError> {
        let info = kind.info();
        let columns: Vec<&str> = info.column_names().collect();
        self.write(info.file, |out| {
            out.write_all(&prefix(run_columns))?;
            out.write_all(columns.join(",").as_bytes())?;
            out.write_all(b"\n")?;
            for (cells, part) in runs {
                let part = File::open(part.join(info.file))?;
                let rows = BufReader::with_capacity(PIECE, part);
                copy_rows(rows, &prefix(cells), out)?;
            }
            Ok(())
        })
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // Best effort: the next run of the same scenario removes it too.
        let _ = fs::remove_dir_all(&self.path);
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

/// Copies rows, with these cells in front of each.
fn copy_rows(mut rows: impl BufRead, prefix: &[u8], to: &mut dyn Write) -> io::Result<()> {
    let (mut piece, mut row_begins) = (Vec::new(), true);
    loop {
        let read = rows.fill_buf()?;
        if read.is_empty() {
            return Ok(());
        }
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
        to.write_all(&piece)?;
    }
}

/// A file on its way to disk whose digest is taken along the way.
struct Digesting {
    file: BufWriter<HashedFile>,
}

struct HashedFile {
    file: File,
    hash: Sha256,
    bytes: u64,
}

impl Digesting {
    fn new(file: File) -> Self {
        let hashed = HashedFile {
            file,
            hash: Sha256::new(),
            bytes: 0,
        };
        Self {
            file: BufWriter::with_capacity(PIECE, hashed),
        }
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
        for size in 1..20 {
            let rows = BufReader::with_capacity(size, &b"a,b\n\nlonger,row\nc,d\n"[..]);
            let mut copied = Vec::new();
            copy_rows(rows, b"7,", &mut copied).unwrap();
            let expected = "7,a,b\n7,\n7,longer,row\n7,c,d\n";
            assert_eq!(
                String::from_utf8(copied).unwrap(),
                expected,
                "pieces of {size}"
            );
        }
        let mut copied = Vec::new();
        copy_rows(&b""[..], b"7,", &mut copied).unwrap();
        assert!(copied.is_empty(), "no rows, no cells");
    }
}
