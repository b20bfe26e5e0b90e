//! What one finished run leaves behind, kept in the file `.parts/<key>` until those of all runs are there: its rows, and
//! what else is known of it.
//!
//! A part holds no run number and no swept values: those are put in front of its rows when the
//! result files are assembled, so a part stays good when a scenario asks for more runs. It is
//! written under another name and renamed when complete; one that is there under its key is whole.

use std::convert::Infallible;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use xxhash_rust::xxh3::Xxh3;

use super::audit_summary::AuditSummary;
use super::csv::Line;
use super::digest::sha256_hex;
use super::disk;
use super::entry::Program;
use super::error::{Context as _, ResultsError};
use super::kept::{KeptFault, KeptFile};
use super::pieces::{Head, PieceReader, PieceWriter};
use crate::catalogue::{AnyRecord, RecordKind, RecordSink, RunSummary};
use crate::scenario::resolved::Output;

/// What is known of a finished run besides its rows: the last piece of a part, which makes it complete.
pub(super) const FINISHED: &str = "run.json";
/// How the name of a file begins whose run is under way.
pub(super) const UNFINISHED: &str = "unfinished-";
/// Rows are written in pieces of about this many bytes.
const PIECE: usize = 1 << 18;

/// What is known of a finished run besides its rows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct FinishedRun {
    /// The key of the run: a part under another key's name is none of it.
    pub key: String,
    pub program: Program,
    pub scenario: Value,
    pub seed: u64,
    pub summary: RunSummary,
    pub audit: Option<AuditSummary>,
    pub wall_seconds: f64,
    pub tables: Vec<PartTable>,
}

/// The rows of one table in a part; the digest (XXH3) tells damaged ones.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct PartTable {
    pub name: String,
    pub bytes: u64,
    pub digest: String,
}

/// The parts of one result folder.
pub(super) struct Store {
    root: PathBuf,
}

/// Whether the part of a run is kept.
pub(super) enum Kept {
    No,
    Whole,
    /// It was there, and not what was written.
    Damaged(KeptFile),
}

/// Why a part was not read to its end.
pub(super) enum NotRead<E> {
    /// It is not what was written.
    Part(KeptFile),
    /// Whoever takes the rows did not take these.
    Taken(E),
}

impl<E> From<KeptFile> for NotRead<E> {
    fn from(file: KeptFile) -> Self {
        Self::Part(file)
    }
}

impl Store {
    /// Opens the store of a result folder and removes what a killed process left unfinished. The
    /// caller holds the folder's lock.
    pub(super) fn open(root: PathBuf) -> Result<Self, ResultsError> {
        disk::create_dir_all(&root).context("create", &root)?;
        let store = Self { root };
        store.remove_if(|name| name.starts_with(UNFINISHED))?;
        Ok(store)
    }

    /// Removes all that has such a name.
    pub(super) fn remove_if(&self, unwanted: impl Fn(&str) -> bool) -> Result<(), ResultsError> {
        for name in disk::names(&self.root).context("read", &self.root)? {
            if unwanted(&name) {
                self.remove(&name)?;
            }
        }
        Ok(())
    }

    /// Removes what is there under a name, as far as it is.
    pub(super) fn remove(&self, name: &str) -> Result<(), ResultsError> {
        let path = self.path(name);
        disk::remove_any(&path).context("remove", &path)
    }

    /// Where it is.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    fn path(&self, key: &str) -> PathBuf {
        self.root.join(key)
    }

    /// Whether a part is there.
    pub(super) fn has(&self, key: &str) -> bool {
        disk::exists(&self.path(key))
    }

    /// Whether a part is there and whole, every byte of it; a damaged one is removed.
    pub(super) fn check(&self, key: &str) -> Result<Kept, ResultsError> {
        if !self.has(key) {
            return Ok(Kept::No);
        }
        match self.read(key, |_, _| Ok::<(), Infallible>(())) {
            Ok(_) => Ok(Kept::Whole),
            Err(NotRead::Part(file)) => {
                self.remove(key)?;
                Ok(Kept::Damaged(file))
            }
        }
    }

    /// Reads a part and gives its rows away as they come; then what is known of the run, if every byte is what was
    /// written. Until then nothing that was given away may be trusted.
    pub(super) fn read<E>(
        &self,
        key: &str,
        mut take: impl FnMut(RecordKind, &[u8]) -> Result<(), E>,
    ) -> Result<FinishedRun, NotRead<E>> {
        let mut sums: Vec<Sum> = RecordKind::ALL.iter().map(|_| Sum::default()).collect();
        let (mut pieces, mut head) = self.begin_to_read(key)?;
        while head.name != FINISHED {
            let kind = RecordKind::ALL.iter();
            let kind = kind.copied().find(|kind| kind.info().file == head.name);
            let kind = kind.ok_or_else(|| self.fault(key, KeptFault::Damaged))?;
            loop {
                let rows = pieces.bytes().map_err(|error| fault(&head.name, &error))?;
                if rows.is_empty() {
                    break;
                }
                sums[kind as usize].add(rows);
                take(kind, rows).map_err(NotRead::Taken)?;
                let read = rows.len();
                pieces.consume(read);
            }
            head = self.next(key, &mut pieces)?;
        }
        let run = self.known(key, &head, &mut pieces)?;
        for (kind, sum) in RecordKind::ALL.iter().zip(sums) {
            let name = kind.info().file;
            let written = run.tables.iter().find(|table| table.name == name);
            sum.hold_against(written)
                .map_err(|fault| KeptFile::new(name, fault))?;
        }
        Ok(run)
    }

    /// What is known of a run besides its rows, which are passed over.
    pub(super) fn finished(&self, key: &str) -> Result<FinishedRun, KeptFile> {
        let (mut pieces, mut head) = self.begin_to_read(key)?;
        while head.name != FINISHED {
            head = self.next(key, &mut pieces)?;
        }
        self.known(key, &head, &mut pieces)
    }

    fn begin_to_read(&self, key: &str) -> Result<(PieceReader, Head), KeptFile> {
        let pieces = PieceReader::open(&self.path(key));
        let mut pieces = pieces.map_err(|error| self.fault(key, KeptFault::of(&error)))?;
        let head = self.next(key, &mut pieces)?;
        Ok((pieces, head))
    }

    /// The next piece. There is one until all is known of the run.
    fn next(&self, key: &str, pieces: &mut PieceReader) -> Result<Head, KeptFile> {
        let head = pieces.next();
        let head = head.map_err(|error| self.fault(key, KeptFault::of(&error)))?;
        head.ok_or_else(|| KeptFile::new(FINISHED, KeptFault::Missing))
    }

    /// The last piece, if it is what was written.
    fn known(
        &self,
        key: &str,
        head: &Head,
        pieces: &mut PieceReader,
    ) -> Result<FinishedRun, KeptFile> {
        let json = pieces.rest().map_err(|error| fault(FINISHED, &error))?;
        let run = (sha256_hex(&json) == head.digest).then(|| serde_json::from_slice(&json).ok());
        let run = run.flatten().filter(|run: &FinishedRun| run.key == key);
        let run = run.ok_or_else(|| KeptFile::new(FINISHED, KeptFault::Damaged))?;
        match pieces.next() {
            Ok(None) => Ok(run),
            Ok(Some(_)) => Err(self.fault(key, KeptFault::Damaged)),
            Err(error) => Err(self.fault(key, KeptFault::of(&error))),
        }
    }

    /// What is wrong with a part as a whole.
    pub(super) fn fault(&self, key: &str, fault: KeptFault) -> KeptFile {
        let folder = self.root.file_name().unwrap_or_default();
        KeptFile::new(&format!("{}/{key}", folder.display()), fault)
    }

    /// What is known of some finished run whose key is not among these.
    pub(super) fn foreign(&self, keys: &[String]) -> Option<FinishedRun> {
        let names = disk::names(&self.root).ok()?;
        let mut foreign = names.iter().filter(|name| !keys.contains(name));
        foreign.find_map(|name| self.finished(name).ok())
    }

    /// Begins the part of the run with this key.
    pub(super) fn begin(&self, key: &str, output: &Output) -> io::Result<PartWriter> {
        let path = self.root.join(format!("{UNFINISHED}{key}"));
        let pieces = PieceWriter::create(&path)?;
        let kinds = RecordKind::ALL.iter();
        let tables = kinds.map(|kind| (kind.info().wanted)(output).then(Table::default));
        Ok(PartWriter {
            tables: tables.collect(),
            audit: output.audit.then(AuditSummary::default),
            pieces,
            unfinished: Unfinished(Some(path)),
        })
    }
}

fn fault(name: &str, error: &io::Error) -> KeptFile {
    KeptFile::new(name, KeptFault::of(error))
}

/// A file whose run is under way. Dropped, it is removed, unless it has got its own name.
struct Unfinished(Option<PathBuf>);

impl Unfinished {
    fn rename(mut self, to: &Path) -> io::Result<()> {
        self.0.iter().try_for_each(|path| disk::rename(path, to))?;
        self.0 = None;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // Best effort: the next command removes it too.
            let _ = disk::remove_file(path);
        }
    }
}

/// Size and digest of rows, as far as they have come.
#[derive(Default)]
struct Sum {
    bytes: u64,
    digest: Xxh3,
}

impl Sum {
    fn add(&mut self, rows: &[u8]) {
        self.digest.update(rows);
        self.bytes += rows.len() as u64;
    }

    fn digest(&self) -> String {
        format!("{:016x}", self.digest.digest())
    }

    /// Whether these are the rows that were written.
    fn hold_against(&self, written: Option<&PartTable>) -> Result<(), KeptFault> {
        let (bytes, digest) = match written {
            Some(table) => (table.bytes, table.digest.as_str()),
            None => (0, ""),
        };
        match self.bytes {
            0 if bytes == 0 => Ok(()),
            0 => Err(KeptFault::Missing),
            found if found == bytes && self.digest() == digest => Ok(()),
            _ => Err(KeptFault::Damaged),
        }
    }
}

/// The rows of one table on their way to disk.
#[derive(Default)]
struct Table {
    /// Those that are not yet written.
    rows: Line,
    /// Of all others.
    sum: Sum,
}

impl Table {
    fn flush(&mut self, name: &str, to: &mut PieceWriter) -> io::Result<()> {
        let rows = self.rows.bytes();
        if !rows.is_empty() {
            to.add(name, "", rows)?;
            self.sum.add(rows);
            self.rows.clear();
        }
        Ok(())
    }
}

/// Takes the rows of one run. Dropped before [`PartWriter::finish`] it leaves nothing behind.
pub(super) struct PartWriter {
    /// Of each kind in [`RecordKind::ALL`]; `None` if it is not wanted.
    tables: Vec<Option<Table>>,
    /// What the audit comes to, as far as it has come; `None` if there is none.
    audit: Option<AuditSummary>,
    pieces: PieceWriter,
    unfinished: Unfinished,
}

impl PartWriter {
    /// Completes the part and puts it in its place.
    pub(super) fn finish(mut self, store: &Store, mut finished: FinishedRun) -> io::Result<()> {
        finished.audit = self.audit;
        for (kind, table) in RecordKind::ALL.iter().zip(&mut self.tables) {
            let (Some(table), name) = (table, kind.info().file) else {
                continue;
            };
            table.flush(name, &mut self.pieces)?;
            finished.tables.push(PartTable {
                name: name.to_owned(),
                bytes: table.sum.bytes,
                digest: table.sum.digest(),
            });
        }
        let json = serde_json::to_vec(&finished)?;
        self.pieces.add(FINISHED, &sha256_hex(&json), &json)?;
        self.pieces.finish()?;
        self.unfinished.rename(&store.path(&finished.key))
    }
}

impl RecordSink for PartWriter {
    fn take(&mut self, record: AnyRecord<'_>) -> io::Result<()> {
        if let (AnyRecord::Audit(violation), Some(audit)) = (record, &mut self.audit) {
            audit.count(violation);
        }
        // Kinds are numbered in the order of that list.
        let kind = record.kind();
        let Some(table) = &mut self.tables[kind as usize] else {
            return Ok(());
        };
        table.rows.row(record);
        if table.rows.bytes().len() >= PIECE {
            table.flush(kind.info().file, &mut self.pieces)?;
        }
        Ok(())
    }
}
