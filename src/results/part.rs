//! The rows of one finished run, kept in `.parts/<key>/` until those of all runs are there.
//!
//! A part holds no run number and no swept values: those are put in front of its rows when the
//! result files are assembled, so a part stays good when a scenario asks for more runs. It is
//! written under another name and renamed when complete; one that is there under its key is whole.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tempfile::TempDir;
use xxhash_rust::xxh3::Xxh3;

use super::audit_summary::AuditSummary;
use super::csv::Line;
use super::entry::Program;
use super::error::{Context as _, ResultsError};
use crate::catalogue::{AnyRecord, RecordKind, RecordSink, RunSummary};
use crate::scenario::resolved::Output;

const FINISHED: &str = "run.json";
const UNFINISHED: &str = "unfinished-";
/// Rows are handed to the system in pieces of this many bytes.
const PIECE: usize = 1 << 18;

/// What is known of a finished run besides its rows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct FinishedRun {
    pub program: Program,
    pub scenario: Value,
    pub seed: u64,
    pub summary: RunSummary,
    pub audit: Option<AuditSummary>,
    pub wall_seconds: f64,
    pub files: Vec<PartFile>,
}

/// One file of a part; the digest (XXH3) tells a damaged one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct PartFile {
    name: String,
    bytes: u64,
    digest: String,
}

/// The parts of one result folder.
pub(super) struct Store {
    root: PathBuf,
}

impl Store {
    /// Opens the store of a result folder and removes what a killed process left unfinished. The
    /// caller holds the folder's lock.
    pub(super) fn open(out: &Path) -> Result<Self, ResultsError> {
        let root = out.join(".parts");
        fs::create_dir_all(&root).context("create", &root)?;
        let store = Self { root };
        for name in store.names().context("read", &store.root)? {
            if name.starts_with(UNFINISHED) {
                let path = store.root.join(name);
                fs::remove_dir_all(&path).context("remove", &path)?;
            }
        }
        Ok(store)
    }

    /// Where it is.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Where the files of one part are.
    pub(super) fn folder(&self, key: &str) -> PathBuf {
        self.root.join(key)
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            names.extend(entry?.file_name().into_string());
        }
        names.sort();
        Ok(names)
    }

    /// What is known of a finished run.
    pub(super) fn finished(&self, key: &str) -> Option<FinishedRun> {
        let bytes = fs::read(self.folder(key).join(FINISHED)).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Whether a part is there and whole: `Some(false)` if it is there and damaged, in which case
    /// it is removed.
    pub(super) fn check(&self, key: &str) -> Result<Option<bool>, ResultsError> {
        let folder = self.folder(key);
        if !folder.exists() {
            return Ok(None);
        }
        let whole = self
            .finished(key)
            .is_some_and(|run| run.files.iter().all(|file| file.is_whole_in(&folder)));
        if !whole {
            fs::remove_dir_all(&folder).context("remove", &folder)?;
        }
        Ok(Some(whole))
    }

    /// What is known of some finished run whose key is not among these.
    pub(super) fn foreign(&self, keys: &[String]) -> Option<FinishedRun> {
        let names = self.names().ok()?;
        let mut foreign = names.iter().filter(|name| !keys.contains(name));
        foreign.find_map(|name| self.finished(name))
    }

    /// Begins the part of one run.
    pub(super) fn begin(&self, output: &Output) -> io::Result<PartWriter> {
        let folder = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempdir_in(&self.root)?;
        let rows = |kind: &RecordKind| {
            let wanted = (kind.info().wanted)(output);
            wanted.then(|| RowWriter::create(folder.path(), *kind))
        };
        let rows = RecordKind::ALL.iter().map(|kind| rows(kind).transpose());
        Ok(PartWriter {
            rows: rows.collect::<io::Result<_>>()?,
            audit: output.audit.then(AuditSummary::default),
            folder,
        })
    }
}

impl PartFile {
    fn is_whole_in(&self, folder: &Path) -> bool {
        let path = folder.join(&self.name);
        let size = fs::metadata(&path).map(|facts| facts.len()).ok();
        size == Some(self.bytes) && digest_of(&path).is_ok_and(|digest| digest == self.digest)
    }
}

fn digest_of(path: &Path) -> io::Result<String> {
    let (mut file, mut digest) = (File::open(path)?, Xxh3::new());
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(format!("{:016x}", digest.digest())),
            n => digest.update(&piece[..n]),
        }
    }
}

/// The rows of one file, on their way to disk.
struct RowWriter {
    name: &'static str,
    file: File,
    line: Line,
    bytes: u64,
    digest: Xxh3,
}

impl RowWriter {
    fn create(folder: &Path, kind: RecordKind) -> io::Result<Self> {
        let name = kind.info().file;
        let file = File::create(folder.join(name))?;
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
    folder: TempDir,
}

impl PartWriter {
    /// Completes the part and puts it in its place.
    pub(super) fn finish(
        self,
        store: &Store,
        key: &str,
        mut finished: FinishedRun,
    ) -> io::Result<()> {
        finished.audit = self.audit;
        for rows in self.rows.into_iter().flatten() {
            finished.files.push(rows.finish()?);
        }
        let json = serde_json::to_vec(&finished)?;
        fs::write(self.folder.path().join(FINISHED), json)?;
        fs::rename(self.folder.path(), store.folder(key))?;
        // It has another name now: nothing is left for the guard to remove.
        let _ = self.folder.keep();
        Ok(())
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
