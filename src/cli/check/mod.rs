//! `chordsim check`: read scenarios and their data files, say what they ask for.

mod json;
mod resolved;
mod runs;

use std::path::Path;

use miette::Diagnostic;

use super::advice;
use super::args::CheckArgs;
use super::exit::{Exit, Stop};
use super::load::{Loaded, load};
use super::needs::{self, InAll};
use super::output;
use super::remarks;
use super::ring;
use super::survey;
use crate::codes::{self, Code, Coded};
use crate::inputs::harmless::escaped;
use crate::scenario::Plan;

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("the keys of one run are asked for, and there are {scenarios} scenarios")]
#[diagnostic(help("name one scenario; with --json there is a line for each"))]
struct Several {
    scenarios: usize,
}

impl Coded for Several {
    fn kind(&self) -> Code {
        codes::OPTIONS_EXCLUDE
    }
}

pub(super) fn run(args: &CheckArgs) -> Result<Exit, Stop> {
    let scenarios = args.scenarios.len();
    ring::refuse_misfits(&args.rings, scenarios)?;
    if scenarios > 1 && args.resolved {
        return Err(Stop::usage(Several { scenarios }));
    }
    for file in &args.scenarios {
        let loaded = load(file, &args.change)?;
        needs::refuse_too_much(&loaded)?;
        if args.json {
            let run = ring::run_of(args.rings.run, &loaded.plan)?;
            output::data(&json::line(&loaded, &in_all(args, &loaded), run)?);
            continue;
        }
        output::data(&told(args, &loaded)?);
        for line in &advice::about(&loaded) {
            output::message(line);
        }
        if args.rings.ring {
            ring::show(&args.rings, &loaded)?;
        }
    }
    Ok(Exit::Done)
}

fn in_all(args: &CheckArgs, loaded: &Loaded) -> InAll {
    InAll::of(loaded, needs::jobs(loaded, args.jobs))
}

/// What is asked for, for people; nothing where standard output has a ring in another form.
fn told(args: &CheckArgs, loaded: &Loaded) -> Result<String, Stop> {
    if args.resolved {
        let run = ring::chosen(args.rings.run, &loaded.plan)?;
        return resolved::told(loaded, run);
    }
    if ring::is_data(&args.rings) {
        return Ok(String::new());
    }
    let mut text = describe(loaded, &in_all(args, loaded), args.jobs.is_some());
    if args.runs {
        text += &runs::table(&loaded.plan);
    }
    Ok(text)
}

fn describe(loaded: &Loaded, in_all: &InAll, with_jobs: bool) -> String {
    let plan = &loaded.plan;
    let mut lines = vec![format!("{}: {}", loaded.file.display(), count(plan))];
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
    lines.push(format!("  {}", needs::told(in_all)));
    // Otherwise it depends on the cores of the machine, and what is told of a scenario does not.
    let together = with_jobs.then(|| needs::told_in_all(in_all)).flatten();
    lines.extend(together.map(|line| format!("  {line}")));
    let results = Path::new("results").join(&plan.name);
    lines.push(format!("  writes {}\n", results.display()));
    lines.join("\n")
}

/// Such as `10 runs (routing: 2 values × 5 repetitions)`.
fn count(plan: &Plan) -> String {
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
