//! Whether a complete result is still the one asked for, and if not, why.

use std::fmt;
use std::io;
use std::path::Path;

use serde_json::Value;

use super::digest::sha256_of;
use super::disk::{self, DiskFile};
use super::entry::{FileEntry, Input, PlanEntry, Program};
use super::kept::KeptFile;
use super::manifest::Manifest;
use super::measured::MeasuredRuns;
use super::part::FinishedRun;
use crate::catalogue::{AGGREGATE_FILE, Metric, RecordKind, SUMMARY_FILE, THRESHOLD_FILE};
use crate::scenario::RunSpec;
use crate::scenario::resolved::Output;

/// Why runs are done again although results are there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Redo {
    /// Another version of the program wrote them.
    Version {
        /// What wrote them.
        from: String,
        /// What runs now.
        to: String,
    },
    /// The scenario asks for something else.
    Scenario(String),
    /// A file is not what was written.
    Damaged(String),
    /// A file is gone.
    Missing(String),
    /// The manifest does not list a file.
    Unlisted(String),
    /// So many runs had failed.
    Failed(usize),
    /// What was kept of a finished run is not what was written.
    Kept {
        /// The number of the run.
        run: usize,
        /// Which file, and what is wrong with it.
        file: KeptFile,
    },
}

impl fmt::Display for Redo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version { from, to } => write!(f, "version changed: from {from} to {to}"),
            Self::Scenario(what) => write!(f, "scenario changed: {what}"),
            Self::Damaged(file) => write!(f, "file damaged: {file}"),
            Self::Unlisted(file) => write!(f, "file missing in manifest.json: {file}"),
            Self::Missing(file) => write!(f, "file missing: {file}"),
            Self::Kept { run, file } => write!(f, "of run {run}, which was finished, {file}"),
            Self::Failed(1) => write!(f, "a run had failed"),
            Self::Failed(runs) => write!(f, "{runs} runs had failed"),
        }
    }
}

/// What is asked for now.
pub(super) struct Wanted<'a> {
    pub program: &'a Program,
    pub plan: &'a PlanEntry,
    pub runs: &'a [RunSpec],
    pub keys: &'a [String],
    pub output: &'a Output,
}

/// The files that any result may have, besides the manifest.
pub(super) fn known_files() -> impl Iterator<Item = &'static str> {
    let kinds = RecordKind::ALL.iter().map(|kind| kind.info().file);
    [SUMMARY_FILE, AGGREGATE_FILE, THRESHOLD_FILE]
        .into_iter()
        .chain(kinds)
}

/// The files of a result with such output, besides the manifest; with those of a search or without.
fn file_names(output: &Output, is_searched: bool) -> impl Iterator<Item = &'static str> {
    let kinds = RecordKind::ALL.iter().map(|kind| kind.info());
    let kinds = kinds.filter(|kind| (kind.wanted)(output));
    let kinds = kinds.map(|kind| kind.file);
    let of_search = is_searched.then_some(THRESHOLD_FILE);
    let all = [SUMMARY_FILE, AGGREGATE_FILE].into_iter().chain(of_search);
    all.chain(kinds)
}

impl Wanted<'_> {
    /// Why the result with this manifest has to be replaced; `None` if it is the one asked for.
    pub(super) fn differs_from(&self, folder: &Path, old: &Manifest) -> Option<Redo> {
        version(&old.program, self.program)
            .or_else(|| self.scenario(old))
            .or_else(|| (!old.failed.is_empty()).then_some(Redo::Failed(old.failed.len())))
            .or_else(|| self.unlisted(old))
            .or_else(|| old.files.iter().find_map(|file| damage(folder, file)))
    }

    /// A file that such a result has and its manifest does not: no digest vouches for it.
    fn unlisted(&self, old: &Manifest) -> Option<Redo> {
        let output = self.output;
        let mut names = file_names(output, self.plan.threshold.is_some());
        let listed = |name: &&str| old.files.iter().any(|file| file.name == *name);
        let name = names.find(|name| !listed(name))?;
        Some(Redo::Unlisted(name.to_owned()))
    }

    fn scenario(&self, old: &Manifest) -> Option<Redo> {
        let what = inputs(&old.plan.inputs, &self.plan.inputs)
            .or_else(|| self.plan_difference(&old.plan))
            .or_else(|| self.runs_difference(old))
            .or_else(|| self.run_keys(old))?;
        Some(Redo::Scenario(what))
    }

    fn runs_difference(&self, old: &Manifest) -> Option<String> {
        let mut combination = None;
        old.runs_and_scenarios().find_map(|(old, said)| {
            let new = self.runs.get(old.run as usize)?;
            // A repetition that says nothing of its own is what was looked at before.
            let is_known = old.scenario.is_none() && combination == Some(new.combination);
            combination = Some(new.combination);
            let scenario =
                || said.map_or_else(|| Some(UNSAID.to_owned()), |said| simulated(said, new));
            (!is_known)
                .then(scenario)
                .flatten()
                .or_else(|| named(old.seed, &old.swept, new))
        })
    }

    fn plan_difference(&self, old: &PlanEntry) -> Option<String> {
        let shape = |plan: &PlanEntry| {
            let swept: Vec<&str> = plan.swept.iter().map(|key| key.key.as_str()).collect();
            serde_json::json!({
                "seed": plan.seed, "repeat": plan.repeat,
                "output": plan.output, "sweep": swept, "threshold": plan.threshold, "until": plan.until,
            })
        };
        first_difference("", &shape(old), &shape(self.plan))
    }

    /// The last word: whatever the search for a describable difference found, keys decide.
    fn run_keys(&self, old: &Manifest) -> Option<String> {
        let runs = old.runs.len() + old.failed.len();
        // Which runs are chosen is asked when it is known what they measured.
        let is_chosen = self.plan.threshold.is_some() || self.plan.until.is_some();
        if !is_chosen && runs != self.keys.len() {
            return Some(format!("it asks for {} runs, not {runs}", self.keys.len()));
        }
        let same = old
            .runs
            .iter()
            .all(|run| self.keys.get(run.run as usize) == Some(&run.key));
        (!same).then(|| "its runs are others".to_owned())
    }

    /// Why a finished run in the store belongs to none of the runs asked for.
    pub(super) fn differs_from_part(&self, old: &FinishedRun) -> Option<Redo> {
        version(&old.program, self.program).or_else(|| {
            let closest = self
                .runs
                .iter()
                .find(|run| run.seed == old.seed)
                .or(self.runs.first())?;
            let what = simulated(&old.scenario, closest)
                .or_else(|| named(old.seed, &closest.swept, closest));
            Some(Redo::Scenario(
                what.unwrap_or_else(|| "what is written, or a data file".into()),
            ))
        })
    }
}

fn version(old: &Program, new: &Program) -> Option<Redo> {
    (old != new).then(|| Redo::Version {
        from: old.to_string(),
        to: new.to_string(),
    })
}

fn inputs(old: &[Input], new: &[Input]) -> Option<String> {
    let changed = new.iter().find(|input| {
        let before = old.iter().find(|before| before.path == input.path);
        before.is_some_and(|before| before.sha256 != input.sha256)
    })?;
    Some(format!("the contents of {}", changed.path))
}

/// What a manifest lacks of which no run has a scenario.
const UNSAID: &str = "what was simulated is not said";

fn simulated(old: &Value, new: &RunSpec) -> Option<String> {
    let scenario = serde_json::to_value(&new.scenario).expect("plain data");
    first_difference("", old, &scenario)
}

fn named(seed: u64, swept: &[String], new: &RunSpec) -> Option<String> {
    (seed != new.seed)
        .then(|| format!("seed was {seed}, is {}", new.seed))
        .or_else(|| (swept != new.swept).then(|| "how the swept values are written".to_owned()))
}

/// Names the first value, in order of the keys, that is not the same: `chord.successors was 8,
/// is 16`.
pub(super) fn first_difference(path: &str, old: &Value, new: &Value) -> Option<String> {
    let (Value::Object(old_keys), Value::Object(new_keys)) = (old, new) else {
        return (old != new).then(|| format!("{path} was {old}, is {new}"));
    };
    let keys = new_keys
        .keys()
        .chain(old_keys.keys().filter(|key| !new_keys.contains_key(*key)));
    keys.into_iter().find_map(|key| {
        let path = if path.is_empty() {
            key.clone()
        } else {
            format!("{path}.{key}")
        };
        match (old.get(key), new.get(key)) {
            (Some(old), Some(new)) => first_difference(&path, old, new),
            (Some(old), None) => Some(format!("{path} was {old}, is gone")),
            (None, new) => new.map(|new| format!("{path} is new: {new}")),
        }
    })
}

/// Whether a manifest says of every run what its row in the summary does: no digest vouches for the manifest itself.
pub(super) fn fits(manifest: &Manifest, measured: &MeasuredRuns) -> bool {
    let said = manifest.runs.iter().map(|run| {
        let fingerprint = run.fingerprint.as_str();
        (run.run, run.repetition, fingerprint, run.events)
    });
    let measured = measured.runs.iter().map(|run| {
        let events = run.get(Metric::Events).unwrap_or(0.0) as u64;
        let fingerprint = run.summary.fingerprint.as_str();
        (run.spec.run, run.spec.repetition, fingerprint, events)
    });
    said.eq(measured)
}

/// Whether a file is still what its record says; why not.
pub(super) fn damage(folder: &Path, file: &FileEntry) -> Option<Redo> {
    let path = folder.join(&file.name);
    let Ok(facts) = disk::facts(&path) else {
        return Some(Redo::Missing(file.name.clone()));
    };
    let whole = facts.is_file() && facts.len() == file.bytes;
    let whole = whole && digest(&path).is_ok_and(|hex| hex == file.sha256);
    (!whole).then(|| Redo::Damaged(file.name.clone()))
}

fn digest(path: &Path) -> io::Result<String> {
    sha256_of(DiskFile::open(path)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_difference_is_named_by_its_path() {
        let old = json!({"a": 1, "chord": {"successors": 8, "gone": true}});
        let new = json!({"a": 1, "chord": {"successors": 16}});
        assert_eq!(
            first_difference("", &old, &new).unwrap(),
            "chord.successors was 8, is 16"
        );
        let new = json!({"a": 1, "chord": {"successors": 8}});
        assert_eq!(
            first_difference("", &old, &new).unwrap(),
            "chord.gone was true, is gone"
        );
        assert_eq!(first_difference("", &old, &old), None);
    }
}
