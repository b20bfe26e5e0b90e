//! How to get the results again: the command, what ran it, seeds and digests, and what the files are.

use std::path::Path;

use serde_json::{Value, json};

use super::template::{all_shown, shown};
use crate::catalogue::{AGGREGATE_FILE, RecordKind, SUMMARY_FILE, THRESHOLD_FILE};
use crate::results::manifest::{FileEntry, Manifest, PlanEntry, RunEntry};

/// The most runs that are listed.
const RUNS_MAX: usize = 500;

pub(super) fn of(dir: &Path, manifest: &Manifest) -> Value {
    let (plan, program) = (&manifest.plan, &manifest.program);
    let more = manifest.runs.len().saturating_sub(RUNS_MAX);
    let runs: Vec<Value> = manifest.runs.iter().take(RUNS_MAX).map(run).collect();
    let files: Vec<Value> = manifest.files.iter().map(file).collect();
    let inputs = plan.inputs.iter();
    let inputs: Vec<Value> = inputs
        .map(|input| json!({ "path": input.path, "sha256": input.sha256 }))
        .collect();
    let set = plan.swept.iter().map(|key| key.column.as_str());
    let told = json!({
        "command": command(plan),
        "verify": format!("chordsim verify {}", quoted(&dir.display().to_string())),
        "report": format!("chordsim report {}", quoted(&dir.display().to_string())),
        "version": program.version, "commit": program.git_commit, "seed": plan.seed.to_string(), "repeat": plan.repeat,
        "swept": set.collect::<Vec<_>>(), "runs": runs, "more_runs": more, "inputs": inputs, "files": files,
        "citation": citation(manifest),
    });
    all_shown(told)
}

/// As it was typed, so far as it decides what comes out.
fn command(plan: &PlanEntry) -> String {
    let mut words = vec!["chordsim run".to_owned(), quoted(&plan.scenario_file)];
    let given = &plan.overrides;
    words.extend(given.seed.map(|seed| format!("--seed {seed}")));
    words.extend(given.repeat.map(|repeat| format!("--repeat {repeat}")));
    words.extend(given.set.iter().map(|set| format!("--set {}", quoted(set))));
    words.join(" ")
}

/// For a shell.
fn quoted(word: &str) -> String {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "._-/=:,+@".contains(sign);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

fn run(run: &RunEntry) -> Value {
    json!({
        "run": run.run, "swept": run.swept, "repetition": run.repetition, "seed": run.seed.to_string(),
        "fingerprint": run.fingerprint,
    })
}

fn file(file: &FileEntry) -> Value {
    json!({ "name": file.name, "bytes": file.bytes, "sha256": file.sha256, "doc": doc(&file.name) })
}

/// What is in a file.
fn doc(name: &str) -> String {
    match name {
        SUMMARY_FILE => "a row for each run: every metric".to_owned(),
        AGGREGATE_FILE => {
            "a row for each combination of swept values: mean and 95 % interval of every metric"
                .to_owned()
        }
        THRESHOLD_FILE => {
            "where the metric passes the level, for each combination and seed".to_owned()
        }
        _ => {
            let mut infos = RecordKind::ALL.iter().map(|kind| kind.info());
            let info = infos.find(|info| info.file == name);
            info.map_or_else(String::new, |info| {
                format!("a row for each {}", info.row_per)
            })
        }
    }
}

/// For a list of references.
fn citation(manifest: &Manifest) -> String {
    let program = &manifest.program;
    let commit = program.git_commit.get(..10);
    let commit = commit.map_or_else(String::new, |it| format!(", commit {it}"));
    format!(
        "The chordsim contributors. chordsim: a deterministic discrete-event simulator of distributed hash tables. \
         Version {}{commit}. Scenario “{}”, seed {}.",
        program.version, manifest.plan.name, manifest.plan.seed
    )
}

/// What a failed run is called, and why it failed.
pub(super) fn failures(manifest: &Manifest) -> Vec<String> {
    let name = |run: u32, swept: &[String]| match swept {
        [] => format!("run {run}"),
        _ => format!("run {run} ({})", swept.join(", ")),
    };
    let failed = manifest.failed.iter();
    failed
        .map(|it| shown(&format!("{}: {}", name(it.run, &it.swept), it.reason)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quoted("scenarios/churn.toml"), "scenarios/churn.toml");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's $HOME"), "'it'\\''s $HOME'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn files_say_what_is_in_them() {
        assert_eq!(doc("lookups.csv"), "a row for each lookup");
        assert!(doc(SUMMARY_FILE).contains("each run"));
        assert_eq!(doc("other"), "");
    }
}
