//! What repetitions until an interval is narrow enough came to, and what is to be said where there are few of them.

use serde_json::{Map, Value, json};

use super::lines::wrapped;
use crate::results::{CombinedRepetitions, Ending, MeasuredRuns, Repetitions};
use crate::scenario::{Plan, RunSpec, SweptKey};

/// The width of a terminal that everybody has.
const WIDTH: usize = 80;
/// So many combinations are warned of by name.
const NAMED: usize = 5;
/// Fewer repetitions make an interval of which nobody can be sure.
const ENOUGH: usize = 5;
/// A ring of so few nodes is one that is shown, not measured.
const LECTURE_NODES: u32 = 64;

/// In one sentence how near the mean is known where it is known near enough; nothing if it is so nowhere.
pub(crate) fn told(all: &Repetitions) -> String {
    let is_reached = |one: &&CombinedRepetitions| one.ending == Ending::Reached;
    let reached: Vec<_> = all.combinations.iter().filter(is_reached).collect();
    let runs = || reached.iter().map(|one| one.runs);
    let (Some(least), Some(most)) = (runs().min(), runs().max()) else {
        return String::new();
    };
    let (metric, within) = (all.until.metric, all.until.within);
    let where_ = match (reached.len(), all.combinations.len()) {
        (_, 1) => String::new(),
        (some, every) if some == every => format!(" in all {every} combinations"),
        (some, every) => format!(" in {some} of {every} combinations"),
    };
    let count = if least == most {
        format!("{most} repetitions")
    } else {
        format!("{least} to {most} repetitions")
    };
    let line = format!("{metric} is known to within {within}{where_}, after {count}");
    format!("{}\n", wrapped(&line, WIDTH))
}

/// Where the interval is too wide and there may be no more repetitions: how wide it is, and what to do.
pub(crate) fn warnings(all: &Repetitions, swept: &[SweptKey]) -> Vec<String> {
    let is_wide = |one: &&CombinedRepetitions| one.ending == Ending::Cap;
    let wide: Vec<_> = all.combinations.iter().filter(is_wide).collect();
    let named = wide.iter().take(NAMED);
    let mut lines: Vec<String> = named
        .map(|one| format!("warning: {}{}", label(swept, one.swept), warning(all, one)))
        .collect();
    if wide.len() > NAMED {
        let more = wide.len() - NAMED;
        lines.push(format!(
            "warning: {more} more combinations have as many repetitions as there may be, and too wide an interval"
        ));
    }
    lines
}

fn warning(all: &Repetitions, one: &CombinedRepetitions) -> String {
    let (metric, within, runs) = (all.until.metric, all.until.within, one.runs);
    match (one.estimate.mean, one.estimate.ci95) {
        (Some(mean), _) if within.at(mean).is_none() => format!(
            "{metric} is 0 after {runs} repetitions, and {within} of that is nothing: name a width in its own unit, such \
             as repeat = \"until ±0.01\", or another metric with `repeat_of`"
        ),
        (Some(mean), Some(half)) if one.values == runs => format!(
            "after {runs} repetitions {metric} is {} ({}), not within {within}: raise `repeat_max`, lengthen `duration`, \
             or ask for less",
            one.estimate.shown(metric.info().unit),
            within.told(mean, half)
        ),
        _ => format!(
            "of {runs} repetitions {} have a value of {metric}, too few to know it to within {within}: name another \
             metric with `repeat_of`",
            one.values
        ),
    }
}

/// What a combination is called in front of a sentence about it; nothing if there is only one.
fn label(swept: &[SweptKey], values: &[String]) -> String {
    let values = swept.iter().zip(values);
    let each: Vec<String> = values
        .map(|(key, value)| format!("{} = {value}", key.column))
        .collect();
    if each.is_empty() {
        String::new()
    } else {
        format!("{}: ", each.join(", "))
    }
}

/// A row per combination for programs.
pub(crate) fn json(all: &Repetitions, swept: &[SweptKey]) -> Vec<Value> {
    let row = |one: &CombinedRepetitions| {
        let mut row: Map<String, Value> = swept
            .iter()
            .zip(one.swept)
            .map(|(key, cell)| (key.key.clone(), super::json::value(&key.column, cell)))
            .collect();
        row.insert("metric".to_owned(), json!(all.until.metric.name()));
        row.insert("within".to_owned(), json!(all.until.within));
        row.insert("runs".to_owned(), json!(one.runs));
        row.insert("mean".to_owned(), json!(one.estimate.mean));
        row.insert("ci95".to_owned(), json!(one.estimate.ci95));
        row.insert("ending".to_owned(), json!(one.ending.name()));
        Value::Object(row)
    };
    all.combinations.iter().map(row).collect()
}

/// What is to be said where repetitions are few: that there is no interval, or one of which nobody can be sure. Nothing of
/// what is told or searched and not measured: a script, a threshold, a ring for a lecture.
pub(crate) fn too_few(plan: &Plan, measured: &MeasuredRuns) -> Option<String> {
    if plan.threshold.is_some() || plan.runs.iter().all(is_told) {
        return None;
    }
    let most = measured.combinations().map(<[_]>::len).max()?;
    if most >= ENOUGH {
        return None;
    }
    let what = "give `repeat = 5` or more, or `repeat = \"until ±5 %\"` (docs/statistics.md)";
    Some(if most == 1 {
        format!("note: one repetition has no interval, and how much is chance is not known: {what}")
    } else {
        format!("warning: intervals of {most} repetitions are wide and uncertain: {what}")
    })
}

/// Whether a run is one to follow step by step.
fn is_told(run: &RunSpec) -> bool {
    !run.scenario.events.is_empty() || run.scenario.overlay.nodes <= LECTURE_NODES
}
