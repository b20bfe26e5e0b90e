//! The rows of one finished run, kept in `.parts/<key>/` until those of all runs are there.
//!
//! A part holds no run number and no swept values: those are put in front of its rows when the
//! result files are assembled, so a part stays good when a scenario asks for more runs. It is
//! written under another name and renamed when complete; one that is there under its key is whole.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use xxhash_rust::xxh3::Xxh3;

use super::audit_summary::AuditSummary;
use super::csv::Line;
use super::digest::sha256_hex;
use super::disk::{self, DiskFile};
use super::entry::Program;
use super::error::{Context as _, ResultsError};
use super::kept::{KeptFault, KeptFile};
use crate::catalogue::{AnyRecord, RecordKind, RecordSink, RunSummary};
use crate::scenario::resolved::Output;

/// What is known of a finished run besides its rows: the file that makes a part complete.
pub(super) const FINISHED: &str = "run.json";
/// How the name of a folder begins whose run is under way.
pub(super) const UNFINISHED: &str = "unfinished-";
/// Rows are handed to the system in pieces of this many bytes.
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
    pub files: Vec<PartFile>,
    /// Of all the rest of this (SHA-256), so that no number is changed unseen.
    #[serde(default)]
    pub digest: String,
}

impl FinishedRun {
    /// The digest of everything else.
    fn digest_of_the_rest(&self) -> String {
        let rest = Self {
            digest: String::new(),
            ..self.clone()
        };
        sha256_hex(&serde_json::to_vec(&rest).expect("plain data"))
    }
}

/// One file of a part; the digest (XXH3) tells a damaged one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct PartFile {
    pub name: String,
    pub bytes: u64,
    pub digest: String,
}

/// The parts of one result folder.
pub(super) struct Store {
    root: PathBuf,
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

    /// Removes all folders with such names.
    pub(super) fn remove_if(&self, unwanted: impl Fn(&str) -> bool) -> Result<(), ResultsError> {
        for name in disk::names(&self.root).context("read", &self.root)? {
            if unwanted(&name) {
                let path = self.root.join(name);
                disk::remove_dir_all(&path).context("remove", &path)?;
            }
        }
        Ok(())
    }

    /// Where it is.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Where the files of one part are.
    pub(super) fn folder(&self, key: &str) -> PathBuf {
        self.root.join(key)
    }

    /// What is known of a finished run; what is wrong with it if it is not what was written.
    pub(super) fn finished(&self, key: &str) -> Result<FinishedRun, KeptFile> {
        let fault = |fault| KeptFile::new(FINISHED, fault);
        let bytes = disk::read(&self.folder(key).join(FINISHED));
        let bytes = bytes.map_err(|error| fault(KeptFault::of(&error)))?;
        let run = serde_json::from_slice::<FinishedRun>(&bytes).ok();
        let is_whole = |run: &FinishedRun| run.key == key && run.digest == run.digest_of_the_rest();
        run.filter(is_whole).ok_or(fault(KeptFault::Damaged))
    }

    /// Whether a part is there.
    pub(super) fn has(&self, key: &str) -> bool {
        disk::exists(&self.folder(key))
    }

    /// Whether a part is there and whole, every byte of it; a damaged one is removed.
    pub(super) fn check(&self, key: &str) -> Result<Kept, ResultsError> {
        if !self.has(key) {
            return Ok(Kept::No);
        }
        let folder = self.folder(key);
        let whole = self.finished(key).and_then(|run| {
            let mut files = run.files.iter();
            files.try_for_each(|file| file.check_in(&folder))
        });
        let Err(file) = whole else {
            return Ok(Kept::Whole);
        };
        self.remove(key)?;
        Ok(Kept::Damaged(file))
    }

    /// Removes a part, as far as it is there.
    pub(super) fn remove(&self, key: &str) -> Result<(), ResultsError> {
        self.remove_if(|name| name == key)
    }

    /// What is known of some finished run whose key is not among these.
    pub(super) fn foreign(&self, keys: &[String]) -> Option<FinishedRun> {
        let names = disk::names(&self.root).ok()?;
        let mut foreign = names.iter().filter(|name| !keys.contains(name));
        foreign.find_map(|name| self.finished(name).ok())
    }

    /// Begins the part of the run with this key.
    pub(super) fn begin(&self, key: &str, output: &Output) -> io::Result<PartWriter> {
        let folder = Unfinished(self.root.join(format!("{UNFINISHED}{key}")));
        disk::create_dir(&folder.0)?;
        let rows = |kind: &RecordKind| {
            let wanted = (kind.info().wanted)(output);
            wanted.then(|| RowWriter::create(&folder.0, *kind))
        };
        let rows = RecordKind::ALL.iter().map(|kind| rows(kind).transpose());
        Ok(PartWriter {
            rows: rows.collect::<io::Result<_>>()?,
            audit: output.audit.then(AuditSummary::default),
            folder,
        })
    }
}

/// Whether the part of a run is kept.
pub(super) enum Kept {
    No,
    Whole,
    /// It was there, and not what was written.
    Damaged(KeptFile),
}

impl PartFile {
    fn check_in(&self, folder: &Path) -> Result<(), KeptFile> {
        match digest_of(&folder.join(&self.name)) {
            Ok(found) if found == (self.bytes, self.digest.clone()) => Ok(()),
            Ok(_) => Err(KeptFile::new(&self.name, KeptFault::Damaged)),
            Err(error) => Err(KeptFile::new(&self.name, KeptFault::of(&error))),
        }
    }
}

/// Size and digest of a file.
fn digest_of(path: &Path) -> io::Result<(u64, String)> {
    let (mut file, mut digest, mut bytes) = (DiskFile::open(path)?, Xxh3::new(), 0);
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok((bytes, format!("{:016x}", digest.digest()))),
            n => {
                digest.update(&piece[..n]);
                bytes += n as u64;
            }
        }
    }
}

/// A folder whose run is under way. Dropped, it is removed: once it has another name, nothing is there.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if disk::exists(&self.0) {
            // Best effort: the next command removes it too.
            let _ = disk::remove_dir_all(&self.0);
        }
    }
}

/// The rows of one file, on their way to disk.
struct RowWriter {
    name: &'static str,
    file: DiskFile,
    line: Line,
    bytes: u64,
    digest: Xxh3,
}

impl RowWriter {
    fn create(folder: &Path, kind: RecordKind) -> io::Result<Self> {
        let name = kind.info().file;
        let file = DiskFile::create(&folder.join(name))?;
        Ok(Self {
            name,
            file,
            line: Line::default(),
            bytes: 0,
            digest: Xxh3::new(),
        })
    }

    fn add(&mut self, record: AnyRecord<'_>) -> io::Result<()> {
        self.line.row(record);
        if self.line.bytes().len() >= PIECE {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(self.line.bytes())?;
        self.digest.update(self.line.bytes());
        self.bytes += self.line.bytes().len() as u64;
        self.line.clear();
        Ok(())
    }

    fn finish(mut self) -> io::Result<PartFile> {
        self.flush()?;
        let digest = format!("{:016x}", self.digest.digest());
        Ok(PartFile {
            name: self.name.to_owned(),
            bytes: self.bytes,
            digest,
        })
    }
}

/// Takes the rows of one run. Dropped before [`PartWriter::finish`] it leaves nothing behind.
pub(super) struct PartWriter {
    /// Of each kind in [`RecordKind::ALL`]; `None` if it is not wanted.
    rows: Vec<Option<RowWriter>>,
    /// What the audit comes to, as far as it has come; `None` if there is none.
    audit: Option<AuditSummary>,
    folder: Unfinished,
}

impl PartWriter {
    /// Completes the part and puts it in its place.
    pub(super) fn finish(self, store: &Store, mut finished: FinishedRun) -> io::Result<()> {
        finished.audit = self.audit;
        for rows in self.rows.into_iter().flatten() {
            finished.files.push(rows.finish()?);
        }
        finished.digest = finished.digest_of_the_rest();
        let json = serde_json::to_vec(&finished)?;
        DiskFile::create(&self.folder.0.join(FINISHED))?.write_all(&json)?;
        disk::rename(&self.folder.0, &store.folder(&finished.key))
    }
}

impl RecordSink for PartWriter {
    fn take(&mut self, record: AnyRecord<'_>) -> io::Result<()> {
        if let (AnyRecord::Audit(violation), Some(audit)) = (record, &mut self.audit) {
            audit.count(violation);
        }
        // Kinds are numbered in the order of that list.
        let rows = self.rows[record.kind() as usize].as_mut();
        rows.map_or(Ok(()), |rows| rows.add(record))
    }
}
