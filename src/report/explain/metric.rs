//! Metrics: columns of `summary.csv`.

use super::{Explanation, recompute};
use crate::catalogue::{
    AGGREGATE_FILE, Exists, FINGERPRINT, Metric, MetricInfo, Pooling, SUMMARY_FILE, Unit,
    aggregate_columns,
};

pub(super) fn find(word: &str) -> Option<Explanation> {
    let all = Metric::ALL.iter().map(|metric| metric.info());
    let mut named = all.clone().filter(|info| info.name == word);
    if let Some(info) = named.next() {
        return Some(explained(info));
    }
    if word == FINGERPRINT {
        return Some(fingerprint());
    }
    let is_part = |info: &&MetricInfo| {
        let [mean, interval] = aggregate_columns(info.name);
        let expected = info
            .expected
            .map(|columns| [columns.mean, columns.standard_error]);
        mean == word || interval == word || expected.is_some_and(|names| names.contains(&word))
    };
    all.clone().find(is_part).map(|info| {
        let it = explained(info);
        let name = it.name.clone();
        Explanation {
            about: format!("`{word}` is about {name}. {}", it.about),
            ..it
        }
    })
}

pub(super) fn names() -> Vec<String> {
    let names = Metric::ALL
        .iter()
        .map(|metric| metric.info().name.to_owned());
    names.chain([FINGERPRINT.to_owned()]).collect()
}

/// In what something is measured, in words.
pub(super) fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Name => "none; it names something",
        Unit::Count => "a number of things",
        Unit::Ratio => "none; a ratio",
        Unit::Share => "a share, 0 to 1",
        Unit::Seconds => "seconds of simulated time",
        Unit::Milliseconds => "milliseconds of simulated time",
        Unit::Bytes => "bytes",
    }
}

fn explained(info: &MetricInfo) -> Explanation {
    let [mean, interval] = aggregate_columns(info.name);
    let it = Explanation::new("metric", info.name, info.doc)
        .fact("Unit", unit(info.unit))
        .fact("Measured", measured(info.exists))
        .fact(
            "Stands in",
            format!("{SUMMARY_FILE}, column `{}`, a row per run", info.name),
        )
        .fact(
            "Interval",
            format!(
                "{AGGREGATE_FILE}: `{mean}` is the mean over the repetitions of a combination, `{interval}` \
                 half of its 95 % interval: Student's t for one repetition less than there are, times the \
                 standard deviation of the repetitions over the root of their number. Empty for one \
                 repetition"
            ),
        )
        .fact("Runs together", pooled(info.pooling))
        .fact("Theory", theory(info));
    match recompute::way(info.name) {
        Some(way) => it.quote(
            "The same from the other files, with `import pandas as pd` in the result folder",
            way,
        ),
        None => it,
    }
}

fn measured(exists: Exists) -> &'static str {
    match exists {
        Exists::Always => "in every run",
        Exists::WithAudit => "with `--audit` or `output.audit = true`",
        Exists::WithStorage => "where something is stored",
        Exists::WithScript => "with [[event]]s",
        Exists::WithTrace => "with `churn.model = \"trace\"`",
        Exists::WithCoordinates => "where nodes have coordinates",
        Exists::WithLinks => "with `output.links = true`",
        Exists::WithHops => "where the hops of lookups are measured one by one",
        Exists::WithReputation => "with the defence `reputation`",
        Exists::WithWhitewash => "with the behaviour `whitewash`",
        Exists::WithSelfish => "where the scenario has [selfish]",
        Exists::WithSelfishStorage => "where it has [selfish] and something is stored",
        Exists::WithDeclining => "where peers that play fair may decline to keep or give a value",
    }
}

fn pooled(pooling: Pooling) -> String {
    match pooling {
        Pooling::Sum => "added up".to_owned(),
        Pooling::MeanOver(weight) => {
            format!("as a mean in which each run counts by its `{weight}`")
        }
        Pooling::Maximum => "the largest".to_owned(),
        Pooling::Minimum => "the smallest".to_owned(),
        Pooling::Never => "not from this file: from the rows of lookups or nodes, where they are \
                           written"
            .to_owned(),
    }
}

fn theory(info: &MetricInfo) -> String {
    info.expected.map_or_else(String::new, |columns| {
        format!(
            "where theory knows what it ought to be, `{}` says so and `{}` how far chance carries a run from \
             it: see docs/theory.md",
            columns.mean, columns.standard_error
        )
    })
}

fn fingerprint() -> Explanation {
    let about = "Digest of the ordered stream of all events of a run, 16 hexadecimal digits. Two runs with the \
                 same fingerprint have the same history.";
    Explanation::new("metric", FINGERPRINT, about)
        .fact("Unit", unit(Unit::Name))
        .fact("Stands in", format!("{SUMMARY_FILE}, a row per run"))
        .fact("Compared by", "`chordsim verify`")
}
