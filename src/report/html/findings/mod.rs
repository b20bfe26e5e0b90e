//! What to look at first: plain sentences computed from the results, and what is to be held against them. No sentence says
//! that one thing is better than another, and none that two differ unless an interval says so.

mod extremes;
mod paired;

use serde_json::{Value, json};

use super::agreement::Agreement;
use super::reproduce;
use super::source::Source;
use super::template::{all_shown, shown};
use crate::catalogue::Metric;
use crate::report::lines::{counted, listed};
use crate::results::{MeasuredRuns, Status, Thresholds};

/// Intervals from fewer repetitions than this are not to be relied on.
const REPETITIONS_MIN: u64 = 5;
/// The most sentences of one sort that are told.
const TOLD_MAX: usize = 12;
/// Where fewer lookups than this are answered, what is measured of those that are is of the easy ones.
const SUCCESS_MIN: f64 = 0.95;

/// One sentence.
struct Finding {
    /// `result`, `note` or `warning`.
    kind: &'static str,
    text: String,
}

pub(super) fn of(source: &Source, measured: Option<&MeasuredRuns>, agreement: &Agreement) -> Value {
    let finding = |kind: &'static str| move |text: String| Finding { kind, text };
    let mut all: Vec<Finding> = Vec::new();
    if let Some(measured) = measured {
        all.extend(
            thresholds(source, measured)
                .into_iter()
                .map(finding("result")),
        );
        let told = extremes::told(source, measured);
        all.extend(told.into_iter().map(finding("result")));
        all.extend(easy_ones(measured).map(finding("note")));
    } else {
        let reason = "This version of the program does not read the scenario of these results any more: theory and \
                      comparisons are left out.";
        all.push(finding("warning")(reason.to_owned()));
    }
    all.extend(repetitions(source).map(finding("warning")));
    all.extend(failures(source).map(finding("warning")));
    all.extend(few(&agreement.warnings).into_iter().map(finding("warning")));
    all.extend(few(&agreement.notes).into_iter().map(finding("note")));
    let told = all
        .into_iter()
        .map(|it| json!({ "kind": it.kind, "text": it.text }));
    all_shown(told.collect())
}

/// Sentences, and how many more there are.
fn few(sentences: &[String]) -> Vec<String> {
    let mut few: Vec<String> = sentences
        .iter()
        .take(TOLD_MAX)
        .map(|it| format!("{it}."))
        .collect();
    if sentences.len() > TOLD_MAX {
        few.push(format!(
            "And {} more of that sort.",
            sentences.len() - TOLD_MAX
        ));
    }
    few
}

/// What intervals rest on.
fn repetitions(source: &Source) -> Option<String> {
    let folder = &source.folder;
    let runs = folder
        .fully_measured()
        .into_iter()
        .map(|at| folder.combinations[at].runs);
    match runs.min()? {
        1 => Some(
            "One repetition: there are no intervals, and nothing here says what chance does. `--repeat 10` gives ten."
                .to_owned(),
        ),
        few if few < REPETITIONS_MIN => Some(format!(
            "Only {few} repetitions: the intervals are wide, and one odd run moves them. `--repeat 10` gives ten."
        )),
        _ => None,
    }
}

fn failures(source: &Source) -> Option<String> {
    let failed = reproduce::failures(&source.manifest);
    (!failed.is_empty()).then(|| {
        let count = counted(failed.len(), "run");
        format!(
            "{count} failed, and no number has anything of them: {}.",
            listed(failed, 3)
        )
    })
}

/// Where a metric passes its level.
fn thresholds(source: &Source, measured: &MeasuredRuns) -> Vec<String> {
    let Some(found) = source
        .plan
        .as_ref()
        .and_then(|plan| Thresholds::of(plan, measured))
    else {
        return Vec::new();
    };
    let keys = measured.swept.iter().map(|key| key.column.as_str());
    let keys: Vec<&str> = keys.collect();
    let told = found.threshold.told();
    let sentence = |one: &crate::results::CombinedThreshold| {
        let named = keys
            .iter()
            .zip(&one.swept)
            .map(|(key, value)| format!("{key} = {value}"));
        let named = named.collect::<Vec<_>>().join(", ");
        let place = if named.is_empty() {
            String::new()
        } else {
            format!("{named}: ")
        };
        match one.status {
            Status::Found => format!(
                "{place}{told}: at {} ({}, 95 % interval).",
                one.estimate(),
                counted(one.seeds(), "seed")
            ),
            Status::Never => format!("{place}{told}: nowhere."),
            Status::Already => format!("{place}{told}: at the least value already."),
            Status::Mixed => format!(
                "{place}{told}: for {} of {} seeds only.",
                one.values.len(),
                one.seeds()
            ),
            Status::Failed => format!(
                "{place}not known, as {} of {} runs failed.",
                one.failed,
                one.seeds()
            ),
        }
    };
    found
        .combinations
        .iter()
        .take(TOLD_MAX)
        .map(sentence)
        .map(|it| shown(&it))
        .collect()
}

/// Said where hops and latencies are of few lookups.
fn easy_ones(measured: &MeasuredRuns) -> Option<String> {
    let rates = measured
        .runs
        .iter()
        .filter_map(|run| run.get(Metric::SuccessRate));
    let least = rates.fold(f64::INFINITY, f64::min);
    (least < SUCCESS_MIN).then(|| {
        "Hops and latencies are those of lookups that were answered rightly. Where many are not, what is left are the short \
         ways: compare success first."
            .to_owned()
    })
}
