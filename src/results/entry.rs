//! What a manifest consists of: plain data, as it stands in `manifest.json`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::scenario::RunSpec;

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
pub struct PlanEntry {
    /// Names the folders.
    pub name: String,
    /// A heading for people; may be empty.
    pub title: String,
    /// The seed from which those of the runs are derived.
    pub seed: u64,
    /// Repetitions of every combination.
    pub repeat: u32,
    /// Swept keys: full key and column.
    pub swept: Vec<SweptEntry>,
    /// What was written.
    pub output: Value,
    /// The scenario file, as it was named.
    pub scenario_file: String,
    /// Its text, as given.
    pub scenario_text: String,
    /// What the command line put on top.
    pub overrides: OverridesEntry,
    /// The data files that were read.
    pub inputs: Vec<Input>,
    /// The pictures that the scenario asks for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plots: Vec<Value>,
    /// What is looked for, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Value>,
    /// When there are enough repetitions, if that follows from what they measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Value>,
}

/// How many repetitions of a combination were made, where that follows from what they measure.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RepetitionsEntry {
    /// Values of the swept keys.
    pub swept: Vec<String>,
    /// How many.
    pub runs: usize,
    /// The mean of the metric; `None` if none of them has a value.
    pub mean: Option<f64>,
    /// Half the width of its 95 % interval; `None` for fewer than two values.
    pub ci95: Option<f64>,
    /// Why there are no more: `reached`, `cap` or `failed`.
    pub ending: String,
}

/// A swept key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SweptEntry {
    /// In full.
    pub key: String,
    /// Its column, where it clashes with no other.
    pub column: String,
    /// The numbers inside, if its values are tables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<SweptPartEntry>,
}

/// A number inside a swept table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SweptPartEntry {
    /// In full.
    pub key: String,
    /// Its column, where it clashes with no other.
    pub column: String,
    /// Its column where it does; that of a duration, which is in seconds, ends in `_s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_column: Option<String>,
}

/// What the command line put on top of a scenario.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct OverridesEntry {
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
pub struct RunEntry {
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
    /// What was simulated, with every default filled in; `None`: the same as by the run before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Value>,
    /// How long it took.
    pub wall_seconds: f64,
    /// Events handled.
    pub events: u64,
    /// Events per second of wall-clock time.
    pub events_per_s: f64,
}

/// One file of the result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name in the folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// The digest of its contents.
    pub sha256: String,
}

/// A run that ended by an error.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Failure {
    /// Its number.
    pub run: u32,
    /// Values of the swept keys.
    pub swept: Vec<String>,
    /// Which repetition.
    pub repetition: u32,
    /// What happened.
    pub reason: String,
}

impl Failure {
    pub(super) fn of(spec: &RunSpec, reason: String) -> Self {
        Self {
            run: spec.run,
            swept: spec.swept.clone(),
            repetition: spec.repetition,
            reason,
        }
    }
}
