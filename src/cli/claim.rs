//! Whose results a folder holds: those of another scenario are not overwritten, and those of the same one with other
//! options not without a word.

use std::fs;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use super::exit::Stop;
use super::load::Loaded;
use crate::codes::{self, Code, Coded};
use crate::results::manifest::{Manifest, OverridesEntry, PlanEntry};
use crate::results::{ResultsError, refuse_files_of_others};

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{} holds the results of another scenario, {other}", out.display())]
#[diagnostic(help(
    "write somewhere else with --out, give {} a `name` of its own, or move or delete that folder",
    file.display()
))]
struct Taken {
    out: PathBuf,
    file: PathBuf,
    other: String,
}

impl Coded for Taken {
    fn kind(&self) -> Code {
        codes::OTHER_SCENARIO
    }
}

/// Asks whether a scenario may write into a folder; what is to be said about it, if anything.
///
/// # Errors
/// If the results of another scenario are there, or files of others.
pub(super) fn ask(scenario: &Loaded, out: &Path) -> Result<Option<String>, Stop> {
    // What else is wrong with the folder, whoever writes there says.
    if let Err(error @ ResultsError::Foreign { .. }) = refuse_files_of_others(out) {
        return Err(Stop::usage(error));
    }
    // What is wrong with a manifest that cannot be read, whoever writes there says.
    let Ok(Some(Manifest { plan, .. })) = Manifest::read(out) else {
        return Ok(None);
    };
    if is_of_another(&plan, scenario) {
        return Err(Stop::usage(Taken {
            out: out.to_owned(),
            file: scenario.file.clone(),
            other: plan.scenario_file,
        }));
    }
    let others = plan.overrides != scenario.overrides;
    Ok(others.then(|| {
        format!(
            "{}: {} holds the result {}, and this one takes its place; --out DIR keeps both",
            plan.name,
            out.display(),
            made_with(&plan.overrides)
        )
    }))
}

/// A file that was moved, or is named by another path, is the same scenario; so is one with the same text.
fn is_of_another(plan: &PlanEntry, scenario: &Loaded) -> bool {
    if plan.scenario_text == scenario.text {
        return false;
    }
    let (before, now) = (Path::new(&plan.scenario_file), &scenario.file);
    match (fs::canonicalize(before), fs::canonicalize(now)) {
        (Ok(before), Ok(now)) => before != now,
        _ => before.file_name() != now.file_name(),
    }
}

fn made_with(overrides: &OverridesEntry) -> String {
    let set = overrides.set.iter().map(|set| format!("--set {set}"));
    let seed = overrides.seed.map(|seed| format!("--seed {seed}"));
    let repeat = overrides.repeat.map(|repeat| format!("--repeat {repeat}"));
    let options: Vec<String> = set.chain(seed).chain(repeat).collect();
    if options.is_empty() {
        "without options".to_owned()
    } else {
        format!("with {}", options.join(" "))
    }
}
