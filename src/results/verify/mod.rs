//! Whether a result is what its scenario gives: two result folders compared byte by byte.
//!
//! It only reads. How the second result came about is not known here, and what is found is told by
//! others.
//!
//! | file | concern |
//! |---|---|
//! | `rows` | two CSV files, row by row |
//! | `divergence` | when two runs parted, from their chains of fingerprints |
//! | `plan` | what two manifests say was asked for |

mod divergence;
mod plan;
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::disk;
use super::entry::{FileEntry, RunEntry};
use super::error::{Context as _, ResultsError};
use super::manifest::Manifest;
use super::redo::{self, Redo};
use crate::catalogue::RecordKind;

pub use divergence::{Between, Divergence, DivergencePoint};
pub use rows::{CellDifference, Difference, FileDifference, RowDifference};

/// A result folder and what its manifest says.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// Its manifest.
    pub manifest: &'a Manifest,
}

/// What became of a file since it was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileChange {
    /// Its digest is not the one in the manifest.
    Edited,
    /// It is gone.
    Missing,
}

/// The files of a result that are not what was written, by name.
pub type Changes = BTreeMap<String, FileChange>;

/// Everything that was found.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct VerifyReport {
    /// Every file of either result.
    pub files: Vec<FileReport>,
    /// Every run whose history is another one.
    pub parted: Vec<Divergence>,
    /// Every run that failed in either result.
    pub failed: Vec<FailedRun>,
    /// Runs of which the manifest does not say what its scenario gives: their swept values, repetition, seed, or what
    /// was simulated; and runs that it leaves out or invents.
    pub misnamed: Vec<u32>,
    /// What the manifest says of its plan and its scenario does not give, such as `plan.seed was 8, is 7`.
    pub plan: Vec<String>,
}

/// What was found of one file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FileReport {
    /// Its name.
    pub name: String,
    /// What became of it since it was written; `None`: nothing.
    pub changed: Option<FileChange>,
    /// How it compares.
    pub found: Found,
}

/// How a file compares.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// Every byte is the same; so many there are.
    Same(u64),
    /// Not every byte is.
    Differs(FileDifference),
    /// It was gone, so there was nothing to compare.
    Missing,
    /// Only the first result has it.
    OnlyThen,
    /// Only the second result has it: the version that wrote the first did not write such a file.
    OnlyNow,
    /// The manifest of the first result does not list it, so no digest vouches for it, and either it is there or the
    /// very program that wrote the first result writes it.
    Unlisted,
}

/// A run that failed, with the reason, in the first result, in the second or in both.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FailedRun {
    /// The run.
    pub run: u32,
    /// Why it failed then; `None`: it did not.
    pub then: Option<String>,
    /// Why it failed now; `None`: it did not.
    pub now: Option<String>,
}

impl VerifyReport {
    /// Whether the second result confirms the first: all that was there is whole and the same.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.files.iter().all(FileReport::is_same)
            && self.parted.is_empty()
            && self.misnamed.is_empty()
            && self.plan.is_empty()
            && self.failed.iter().all(FailedRun::is_same)
    }

    /// How many files are the same, and their bytes.
    #[must_use]
    pub fn same_files(&self) -> (usize, u64) {
        let sizes: Vec<u64> = self
            .files
            .iter()
            .filter_map(|file| match file.found {
                Found::Same(bytes) => Some(bytes),
                _ => None,
            })
            .collect();
        (sizes.len(), sizes.iter().sum())
    }
}

impl FileReport {
    /// Whether it is no difference.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.changed.is_none() && matches!(self.found, Found::Same(_) | Found::OnlyNow)
    }
}

impl FailedRun {
    /// Whether it failed both times.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.then.is_some() && self.now.is_some()
    }
}

/// The files of a result that are not what was written, by their own manifest.
#[must_use]
pub fn changes(side: Side) -> Changes {
    let change = |file: &FileEntry| match redo::damage(side.folder, file)? {
        Redo::Missing(name) => Some((name, FileChange::Missing)),
        _ => Some((file.name.clone(), FileChange::Edited)),
    };
    side.manifest.files.iter().filter_map(change).collect()
}

/// Compares a result with one that is known to be whole. `changes` are those of the first. Told to
/// `stop`, it gives up early, and the report is worth nothing.
///
/// # Errors
/// If a file cannot be read.
pub fn compare(
    then: Side,
    changes: &Changes,
    now: Side,
    stop: &dyn Fn() -> bool,
) -> Result<VerifyReport, ResultsError> {
    let mut files = Vec::new();
    for name in file_names(then, now) {
        files.push(FileReport {
            changed: changes.get(name).copied(),
            found: compare_file(name, then, now, stop)?,
            name: name.to_owned(),
        });
    }
    Ok(VerifyReport {
        files,
        parted: divergences(then, now)?,
        failed: failed(then.manifest, now.manifest),
        misnamed: misnamed(then.manifest, now.manifest),
        plan: plan::compare(then.manifest, now.manifest),
    })
}

/// The files of the first result in their order, then those that only the second has or that nobody lists.
fn file_names<'a>(then: Side<'a>, now: Side<'a>) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    let listed = then.manifest.files.iter().chain(&now.manifest.files);
    let listed = listed.map(|file| -> &'a str { &file.name });
    // What lies there under the name of a result file would be taken for one.
    let lying = redo::known_files().filter(|name| disk::exists(&then.folder.join(name)));
    let lying = lying.map(|name| -> &'a str { name });
    for name in listed.chain(lying) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn compare_file(
    name: &str,
    then: Side,
    now: Side,
    stop: &dyn Fn() -> bool,
) -> Result<Found, ResultsError> {
    let has = |side: Side| side.manifest.files.iter().any(|file| file.name == name);
    let (was, is) = (then.folder.join(name), now.folder.join(name));
    if !has(then) {
        let same_program = then.manifest.program == now.manifest.program;
        return Ok(if same_program || disk::exists(&was) {
            Found::Unlisted
        } else {
            Found::OnlyNow
        });
    }
    if !was.exists() {
        return Ok(Found::Missing);
    }
    if !has(now) {
        return Ok(Found::OnlyThen);
    }
    let difference = rows::compare(&was, &is, stop).context("compare", &was)?;
    Ok(match difference {
        Some(difference) => Found::Differs(difference),
        None => Found::Same(fs::metadata(&was).context("read", &was)?.len()),
    })
}

/// The runs whose fingerprints differ, by the manifests, and when they parted.
fn divergences(then: Side, now: Side) -> Result<Vec<Divergence>, ResultsError> {
    let others = pairs(then.manifest, now.manifest)
        .filter(|(then, now)| then.0.fingerprint != now.0.fingerprint);
    let runs: BTreeSet<u32> = others.map(|(then, _)| then.0.run).collect();
    let chains = |side: Side| -> Option<PathBuf> {
        let path = side.folder.join(RecordKind::Fingerprint.info().file);
        path.exists().then_some(path)
    };
    let (was, is) = (chains(then), chains(now));
    divergence::find(&runs, was.as_deref(), is.as_deref()).context("read", then.folder)
}

/// A run and what was simulated, as its manifest says.
type Said<'a> = (&'a RunEntry, Option<&'a Value>);

/// The runs that both have.
fn pairs<'a>(then: &'a Manifest, now: &'a Manifest) -> impl Iterator<Item = (Said<'a>, Said<'a>)> {
    let now = now.runs_and_scenarios();
    let by_number: BTreeMap<u32, Said> = now.map(|said| (said.0.run, said)).collect();
    then.runs_and_scenarios()
        .filter_map(move |said| Some((said, *by_number.get(&said.0.run)?)))
}

/// The runs of which the first manifest says something else than the second: what they are called, and from the same
/// program also what was simulated. A run that only one of them knows is one, too.
fn misnamed(then: &Manifest, now: &Manifest) -> Vec<u32> {
    let same_program = then.program == now.program;
    let is_named_alike = |then: &RunEntry, now: &RunEntry| {
        (&then.swept, then.repetition, then.seed) == (&now.swept, now.repetition, now.seed)
    };
    let is_same_run = |then: Said, now: Said| {
        (&then.0.key, then.1, then.0.events) == (&now.0.key, now.1, now.0.events)
    };
    let others = pairs(then, now).filter(|(then, now)| {
        !is_named_alike(then.0, now.0) || (same_program && !is_same_run(*then, *now))
    });
    let mut misnamed: BTreeSet<u32> = others.map(|(then, _)| then.0.run).collect();
    let known = |manifest: &Manifest| -> BTreeSet<u32> {
        let runs = manifest.runs.iter().map(|run| run.run);
        runs.chain(manifest.failed.iter().map(|failure| failure.run))
            .collect()
    };
    misnamed.extend(known(then).symmetric_difference(&known(now)));
    misnamed.into_iter().collect()
}

fn failed(then: &Manifest, now: &Manifest) -> Vec<FailedRun> {
    let reasons = |manifest: &Manifest| -> BTreeMap<u32, String> {
        let failed = manifest.failed.iter();
        failed
            .map(|failure| (failure.run, failure.reason.clone()))
            .collect()
    };
    let (then, now) = (reasons(then), reasons(now));
    let runs: BTreeSet<u32> = then.keys().chain(now.keys()).copied().collect();
    let failed = |run: u32| FailedRun {
        run,
        then: then.get(&run).cloned(),
        now: now.get(&run).cloned(),
    };
    runs.into_iter().map(failed).collect()
}
