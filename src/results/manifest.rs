//! `manifest.json`: what was run, by what, when and how fast, and the digests of the files.
//!
//! It is the last file of a result to appear: a folder with a manifest is complete. Everything
//! that depends on the clock or the machine stands here and nowhere else.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::disk;
pub use super::entry::{
    Failure, FileEntry, Input, OverridesEntry, PlanEntry, Program, RepetitionsEntry, RunEntry,
    SweptEntry, SweptPartEntry,
};
use super::error::ResultsError;
pub use super::host::Host;
use super::shallow;
use crate::scenario::is_plain_name;

/// Its name in a result folder.
pub const FILE: &str = "manifest.json";

/// The whole of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// What ran it.
    pub program: Program,
    /// What was asked for.
    pub plan: PlanEntry,
    /// Every run that came to its end, in order.
    pub runs: Vec<RunEntry>,
    /// Every run that did not, in order.
    pub failed: Vec<Failure>,
    /// Of each combination how many repetitions there are and why, where that follows from what they measure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repetitions: Vec<RepetitionsEntry>,
    /// The other files of the result.
    pub files: Vec<FileEntry>,
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

impl Manifest {
    /// The manifest of a result folder; `None` if there is none.
    ///
    /// # Errors
    /// If it cannot be read or understood, or names what cannot be a file or folder.
    pub fn read(folder: &Path) -> Result<Option<Self>, ResultsError> {
        let path = folder.join(FILE);
        match disk::read(&path) {
            Ok(bytes) => Self::parse(&bytes, path).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(ResultsError::Io {
                action: "read",
                path,
                source,
            }),
        }
    }

    fn parse(bytes: &[u8], path: PathBuf) -> Result<Self, ResultsError> {
        let manifest: Self = match serde_json::from_slice(bytes) {
            Ok(manifest) => manifest,
            Err(source) => return Err(ResultsError::Manifest { path, source }),
        };
        match manifest.bad_name() {
            Some((what, name)) => Err(ResultsError::BadName { path, what, name }),
            None => Ok(manifest),
        }
    }

    /// A manifest may come from anywhere: what it names becomes paths, and none may lead out of a folder.
    fn bad_name(&self) -> Option<(&'static str, String)> {
        let plots = self.plan.plots.iter();
        let plots = plots.filter_map(|plot| plot.get("name")?.as_str());
        let named = [("the folder", self.plan.name.as_str())].into_iter();
        let mut named = named.chain(plots.map(|name| ("a picture", name)));
        let mut seen = BTreeSet::from([FILE]);
        let mut files = self.files.iter().map(|file| ("a file", file.name.as_str()));
        named
            .find(|(_, name)| !is_plain_name(name))
            .or_else(|| files.find(|(_, name)| !is_plain_name(name) || !seen.insert(*name)))
            .map(|(what, name)| (what, name.to_owned()))
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

    /// Each run, and what was simulated: what it says itself, or what the last one before it that says anything does.
    pub fn runs_and_scenarios(&self) -> impl Iterator<Item = (&RunEntry, Option<&Value>)> {
        self.runs.iter().scan(None, |said, run| {
            *said = run.scenario.as_ref().or(*said);
            Some((run, *said))
        })
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        shallow::to_json(self)
    }
}
