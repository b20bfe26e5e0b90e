//! What an option or a command takes beyond what the table of arguments knows.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::super::args::Shell;
use super::super::init::TEMPLATES;
use super::super::paper::PAPER;
use crate::catalogue::Metric;
use crate::codes;
use crate::scenario::keys::{self, Shape, ValueKind};

/// Every key that `--set` takes, in full. Keys of lists are named by a place, which depends on the scenario.
pub(super) fn keys() -> Vec<&'static str> {
    let sections = keys::sections().iter();
    let tables = sections.filter(|section| section.shape == Shape::Table);
    let paths: Vec<&str> = tables.map(|section| section.path).collect();
    let known = keys::known_keys().iter().map(String::as_str);
    let is_key = |name: &&str| {
        let (path, _) = name.rsplit_once('.').unwrap_or(("", *name));
        paths.contains(&path) && keys::section(name).is_none() && !is_older(name)
    };
    known.filter(is_key).collect()
}

fn is_older(name: &str) -> bool {
    keys::find(name).is_some_and(|(_, key)| key.also == Some(name))
}

/// The words that a key takes; empty if it takes something else.
pub(super) fn values(name: &str) -> Vec<&'static str> {
    let Some((_, key)) = keys::find(name) else {
        return Vec::new();
    };
    match key.kind {
        ValueKind::Truth => vec!["true", "false"],
        ValueKind::Duration { off: true, .. } => vec!["off"],
        kind => kind.words().iter().map(|word| word.name).collect(),
    }
}

/// The keys that take words, each with these.
pub(super) fn keys_with_values() -> Vec<(&'static str, Vec<&'static str>)> {
    let all = keys().into_iter().map(|key| (key, values(key)));
    all.filter(|(_, values)| !values.is_empty()).collect()
}

/// The shells that `completions` knows.
pub(super) fn shells() -> (&'static str, &'static str, Vec<PossibleValue>) {
    let shells = Shell::value_variants().iter();
    let names = shells.filter_map(ValueEnum::to_possible_value);
    ("completions", "shell", names.collect())
}

/// The arguments of commands that are one of the program's own names: the command, the argument, and the names with what
/// they are for. A command whose argument is such a name has a line here.
pub(super) fn names() -> Vec<(&'static str, &'static str, Vec<PossibleValue>)> {
    let templates = TEMPLATES.iter();
    let templates = templates.map(|it| PossibleValue::new(it.name).help(it.about));
    let papers = PAPER.iter().filter_map(|(path, _)| {
        let file = path.rsplit('/').next()?;
        file.strip_suffix(".toml").map(PossibleValue::new)
    });
    let codes = codes::all()
        .map(|code| PossibleValue::new(&*code.to_string().leak()).help(code.entry().title));
    let metrics = Metric::ALL
        .iter()
        .map(|metric| PossibleValue::new(metric.name()));
    vec![
        ("init", "name", templates.collect()),
        ("validate", "only", papers.collect()),
        ("explain", "words", codes.chain(metrics).collect()),
    ]
}
