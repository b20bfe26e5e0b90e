//! `manifest.json`: what was run, by what, when and how fast, and the digests of the files.
//!
//! It is the last file of a result to appear: a folder with a manifest is complete. Everything
//! that depends on the clock or the machine stands here and nowhere else.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::ResultsError;
pub use super::host::Host;
use super::request::{Failure, Request};

/// Its name in a result folder.
pub const FILE: &str = "manifest.json";

/// The whole of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// What ran it.
    pub program: Program,
    /// What was asked for.
    pub plan: PlanRecord,
    /// Every run that came to its end, in order.
    pub runs: Vec<RunRecord>,
    /// Every run that did not, in order.
    pub failed: Vec<Failure>,
    /// The other files of the result.
    pub files: Vec<FileRecord>,
    /// When the writing command started, in UTC (RFC 3339).
    pub started: String,
    /// How long it took, in seconds. Less than the sum over the runs if they ran in parallel or
    /// some were finished before.
    pub wall_seconds: f64,
    /// The most memory the process held; `None` where the system does not tell.
    pub peak_memory_bytes: Option<u64>,
    /// The machine.
    pub host: Host,
}

/// The program, as far as it decides what comes out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The commit it was built from; empty if that was not known.
    pub git_commit: String,
}

impl Program {
    /// This program.
    #[must_use]
    pub fn this() -> Self {
        Self {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            git_commit: env!("CHORDSIM_GIT_COMMIT").to_owned(),
        }
    }
}

impl std::fmt::Display for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name, self.version)?;
        match self.git_commit.get(..10) {
            Some(commit) => write!(f, " ({commit})"),
            None => Ok(()),
        }
    }
}

/// What was asked for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlanRecord {
    /// Names the folders.
    pub name: String,
    /// A heading for people; may be empty.
    pub title: String,
    /// The seed from which those of the runs are derived.
    pub seed: u64,
    /// Repetitions of every combination.
    pub repeat: u32,
    /// Swept keys: full key and column.
    pub swept: Vec<SweptRecord>,
    /// What was written.
    pub output: Value,
    /// The scenario file, as it was named.
    pub scenario_file: String,
    /// Its text, as given.
    pub scenario_text: String,
    /// What the command line put on top.
    pub overrides: OverridesRecord,
    /// The data files that were read.
    pub inputs: Vec<Input>,
}

/// A swept key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SweptRecord {
    /// In full.
    pub key: String,
    /// Its column, where it clashes with no other.
    pub column: String,
}

/// What the command line put on top of a scenario.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct OverridesRecord {
    /// `--seed`
    pub seed: Option<u64>,
    /// `--repeat`
    pub repeat: Option<u32>,
    /// Each `--set`, as given.
    pub set: Vec<String>,
}

/// A data file that a scenario refers to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Input {
    /// Where it was.
    pub path: String,
    /// The digest of its contents.
    pub sha256: String,
}

/// One run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RunRecord {
    /// Its number.
    pub run: u32,
    /// Values of the swept keys.
    pub swept: Vec<String>,
    /// Which repetition.
    pub repetition: u32,
    /// Its seed.
    pub seed: u64,
    /// A digest of all that decides its rows.
    pub key: String,
    /// The digest of its events.
    pub fingerprint: String,
    /// What was simulated, with every default filled in.
    pub scenario: Value,
    /// How long it took.
    pub wall_seconds: f64,
    /// Events handled.
    pub events: u64,
    /// Events per second of wall-clock time.
    pub events_per_s: f64,
}

/// One file of the result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its name in the folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// The digest of its contents.
    pub sha256: String,
}

impl PlanRecord {
    pub(super) fn of(request: &Request) -> Self {
        let plan = request.plan;
        let swept = plan.swept.iter().map(|key| SweptRecord {
            key: key.key.clone(),
            column: key.column.clone(),
        });
        Self {
            name: plan.name.clone(),
            title: plan.title.clone(),
            seed: plan.seed,
            repeat: plan.repeat,
            swept: swept.collect(),
            output: serde_json::to_value(plan.output).expect("plain data"),
            scenario_file: request.scenario_file.display().to_string(),
            scenario_text: request.scenario_text.to_owned(),
            overrides: request.overrides.clone(),
            inputs: request.inputs.to_vec(),
        }
    }
}

impl Manifest {
    /// The manifest of a result folder; `None` if there is none.
    ///
    /// # Errors
    /// If it cannot be read or understood.
    pub fn read(folder: &Path) -> Result<Option<Self>, ResultsError> {
        let path = folder.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|source| ResultsError::Manifest { path, source }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(ResultsError::Io {
                action: "read",
                path,
                source,
            }),
        }
    }

    /// The manifest of a folder that has to be a complete result.
    ///
    /// # Errors
    /// If there is none, or it cannot be read or understood.
    pub fn expect(folder: &Path) -> Result<Self, ResultsError> {
        Self::read(folder)?.ok_or_else(|| ResultsError::NoResult {
            path: folder.to_owned(),
        })
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec_pretty(self).expect("plain data");
        json.push(b'\n');
        json
    }
}
