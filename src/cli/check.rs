//! `chordsim check`: read scenarios and their data files, say what they ask for.

use std::path::Path;

use super::advice;
use super::args::CheckArgs;
use super::exit::{Exit, Stop};
use super::load::{Loaded, load};
use super::needs;
use super::output;
use super::remarks;
use super::ring;
use super::survey;
use crate::inputs::harmless::escaped;
use crate::scenario::Plan;

pub(super) fn run(args: &CheckArgs) -> Result<Exit, Stop> {
    ring::refuse_misfits(&args.rings, args.scenarios.len())?;
    for file in &args.scenarios {
        let loaded = load(file, &args.change)?;
        needs::refuse_too_much(&loaded)?;
        if !ring::is_data(&args.rings) {
            output::data(&describe(&loaded));
        }
        let advice = advice::about(&loaded);
        for line in &advice {
            output::message(line);
        }
        if args.rings.ring {
            ring::show(&args.rings, &loaded)?;
        }
    }
    Ok(Exit::Done)
}

fn describe(loaded: &Loaded) -> String {
    let plan = &loaded.plan;
    let mut lines = vec![format!("{}: {}", loaded.file.display(), runs(plan))];
    lines.extend(search(plan));
    lines.extend(repetitions(plan));
    for input in &loaded.inputs {
        lines.push(format!("  reads {} (SHA-256 {})", input.path, input.sha256));
    }
    let remarks = remarks::about(loaded);
    lines.extend(remarks.iter().map(|line| format!("  {}", escaped(line))));
    let survey = survey::about(loaded);
    lines.extend(survey.iter().map(|line| format!("  {line}")));
    match plan.expectations.len() {
        0 => {}
        1 => lines.push("  expects 1 value".to_owned()),
        n => lines.push(format!("  expects {n} values")),
    }
    lines.push(format!("  {}", needs::told(loaded)));
    let results = Path::new("results").join(&plan.name);
    lines.push(format!("  writes {}\n", results.display()));
    lines.join("\n")
}

/// Such as `10 runs (routing: 2 values × 5 repetitions)`.
fn runs(plan: &Plan) -> String {
    let mut factors = Vec::new();
    for (column, key) in plan.swept.iter().enumerate() {
        if let Some(threshold) = plan.threshold.as_ref().filter(|it| it.along == key.key) {
            let (tried, all) = (threshold.tried_at_most(), threshold.values.len());
            factors.push(format!("{tried} of {all} values of {}", key.key));
            continue;
        }
        let mut values: Vec<&str> = plan.runs.iter().map(|run| &*run.swept[column]).collect();
        values.sort_unstable();
        values.dedup();
        let plural = if values.len() == 1 { "value" } else { "values" };
        factors.push(format!("{} {plural} of {}", values.len(), key.key));
    }
    if let Some(until) = &plan.until {
        factors.push(format!("{} to {} repetitions", until.least, until.most));
    } else if plan.repeat > 1 {
        factors.push(format!("{} repetitions", plan.repeat));
    }
    let runs = plan.runs_at_most();
    let plural = if runs == 1 { "run" } else { "runs" };
    let at_most = if plan.chooses_runs() { "at most " } else { "" };
    let detail = if factors.is_empty() {
        String::new()
    } else {
        format!(" ({})", factors.join(" × "))
    };
    format!("{at_most}{runs} {plural}{detail}")
}

/// When there are enough repetitions, if their number is not given.
fn repetitions(plan: &Plan) -> Option<String> {
    let until = plan.until.as_ref()?;
    let (metric, within) = (until.metric, until.within);
    Some(format!(
        "  repeats each until the 95 % interval of {metric} is {within} or narrower"
    ))
}

/// What is looked for, if anything.
fn search(plan: &Plan) -> Option<String> {
    let threshold = plan.threshold.as_ref()?;
    let (from, to, within) = (threshold.from, threshold.to, threshold.within);
    Some(format!(
        "  looks for where {}, from {from} to {to} to within {within}",
        threshold.told()
    ))
}
