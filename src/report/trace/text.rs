//! The story for people.

use std::fmt::Write as _;

use super::{Story, milliseconds};
use crate::engine::{SimDuration, SimTime};
use crate::observe::trace::{End, StepKind};
use crate::report::lines::wrapped;
use crate::report::naming::short_id;
use crate::world::Action;

/// The width of a line.
const COLUMNS: usize = 110;
/// Of more legs than this only the sum is told.
const LEGS_MAX: usize = 24;

/// Who says what when, the sum, and the finger tables.
pub(crate) fn text(story: &Story<'_>) -> String {
    let mut text = heading(story) + "\n\n";
    let lines = story.lines();
    let times: Vec<String> = lines.iter().map(|line| milliseconds(line.at)).collect();
    let width = times.iter().map(String::len).max().unwrap_or(0);
    for (line, time) in lines.iter().zip(&times) {
        let leg = line.step.map(|place| &story.traced.steps[place]);
        let leg = leg.filter(|step| matches!(step.kind, StepKind::Says(_)));
        let leg = leg.and_then(|step| step.took);
        let leg = leg.map_or_else(String::new, |leg| {
            format!("  [{}]", milliseconds(leg).replace(' ', "\u{a0}"))
        });
        let told = format!(
            "{time:>width$}  @{}: {}{leg}",
            short_id(line.node),
            line.text
        );
        push(&mut text, format_args!("{}", wrapped(&told, COLUMNS)));
    }
    text.push('\n');
    text += &sums(story);
    text += &in_full(story);
    for table in &story.tables {
        push(&mut text, format_args!("\n{table}"));
    }
    text
}

fn push(text: &mut String, line: std::fmt::Arguments<'_>) {
    // What must not be broken was held together by such blanks.
    let line = line.to_string().replace('\u{a0}', " ");
    let _ = writeln!(text, "{}", line.trim_end());
}

/// What is asked, where and when.
pub(crate) fn heading(story: &Story<'_>) -> String {
    let asked = &story.traced.asked;
    let what = match asked.operation {
        None => "lookup of",
        Some(Action::Put { .. }) => "put of",
        Some(Action::Get) => "get of",
    };
    let from = match asked.source.some() {
        Some(source) => format!("from node {}", story.name(source)),
        None => "by nobody: no node is left".to_owned(),
    };
    let after = asked.at.seconds_from(story.measured_from);
    let start = match story.measured_from {
        SimTime::ZERO => "start",
        _ => "warm-up",
    };
    format!("{what} {} {from}, {after} s after the {start}", story.key())
}

/// The nodes on the way and the key, where they were shortened.
fn in_full(story: &Story<'_>) -> String {
    let mut ids = story.path();
    ids.push(story.traced.asked.key.0);
    ids.sort_unstable();
    ids.dedup();
    let mut text = String::new();
    for id in ids {
        let short = short_id(id);
        if short != id.to_string() {
            push(&mut text, format_args!("{short} is {id}"));
        }
    }
    if text.is_empty() {
        text
    } else {
        format!("\n{text}")
    }
}

/// Hops, latency and timeouts.
fn sums(story: &Story<'_>) -> String {
    let mut text = String::new();
    if let Some((_, _, hops)) = story.found() {
        let path: Vec<String> = story.path().iter().copied().map(short_id).collect();
        // A lookup that came back to where it began has no hops, whatever it went through.
        let way = if path.len() > 1 && path.len() - 1 == hops as usize {
            format!("  {}", path.join(" → "))
        } else {
            String::new()
        };
        push(&mut text, format_args!("hops     {hops}{way}"));
    }
    if let Some(over) = story.over() {
        let total = milliseconds(over.since(story.traced.asked.at));
        push(&mut text, format_args!("latency  {total}{}", parts(story)));
    }
    let timeouts = match &story.traced.end {
        Some(End::Lookup(over)) => over.timeouts,
        Some(End::Operation(over)) => over.request.timeouts,
        None => 0,
    };
    if timeouts > 0 {
        push(&mut text, format_args!("timeouts {timeouts}"));
    }
    text
}

/// The legs that make up the latency.
fn parts(story: &Story<'_>) -> String {
    let Some(legs) = story.legs() else {
        return String::new();
    };
    let took = |place: &usize| story.traced.steps[*place].took.unwrap_or(SimDuration::ZERO);
    let legs: Vec<String> = legs
        .iter()
        .map(|leg| milliseconds(took(leg)).replace(" ms", ""))
        .collect();
    match legs.len() {
        2..=LEGS_MAX => format!(" = {}", legs.join(" + ")),
        _ => String::new(),
    }
}
