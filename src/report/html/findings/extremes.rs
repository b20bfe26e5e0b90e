//! Which combination has most of a metric and which least, and whether the difference is more than chance.

use super::super::source::Source;
use super::paired::{BySeed, difference, is_shown};
use crate::catalogue::{Metric, Unit};
use crate::report::lines::capital;
use crate::results::csv::{Estimate, estimate};
use crate::results::{MeasuredRun, MeasuredRuns};

/// What is told, of each list the first that is measured.
const TOLD: [&[Metric]; 5] = [
    &[Metric::SuccessRateHonest, Metric::SuccessRate],
    &[Metric::GetSuccessRateHonest, Metric::GetSuccessRate],
    &[Metric::HopsMean],
    &[Metric::LatencyMsP50],
    &[Metric::RequestMessagesMean],
];

/// A combination, as far as one metric of it goes.
struct Ranked {
    name: String,
    mean: f64,
    estimate: Estimate,
    values: BySeed,
}

pub(super) fn told(source: &Source, measured: &MeasuredRuns) -> Vec<String> {
    let metrics = TOLD.iter().filter_map(|choice| {
        let mut choice = choice.iter().copied();
        choice.find(|metric| measured.runs.iter().any(|run| run.get(*metric).is_some()))
    });
    let metrics: Vec<Metric> = metrics.collect();
    let told = metrics.iter().map(|metric| {
        let ranked = ranked(source, measured, *metric);
        sentence(*metric, &ranked, metrics.len())
    });
    told.collect()
}

/// The combinations that have the metric, the least first.
fn ranked(source: &Source, measured: &MeasuredRuns, metric: Metric) -> Vec<Ranked> {
    let folder = &source.folder;
    let fully = folder.fully_measured();
    let is_whole = |swept: &[String]| {
        fully
            .iter()
            .any(|at| folder.combinations[*at].values == swept)
    };
    let whole = measured
        .combinations()
        .filter(|runs| is_whole(&runs[0].spec.swept));
    let mut ranked: Vec<Ranked> = whole
        .filter_map(|runs| of_runs(measured, runs, metric))
        .collect();
    ranked.sort_by(|a, b| a.mean.total_cmp(&b.mean));
    ranked
}

fn of_runs(measured: &MeasuredRuns, runs: &[MeasuredRun], metric: Metric) -> Option<Ranked> {
    let values = runs
        .iter()
        .filter_map(|run| Some((run.spec.seed, run.get(metric)?)));
    let values: BySeed = values.collect();
    let all: Vec<f64> = values.values().copied().collect();
    let estimate = estimate(&all);
    let keys = measured.swept.iter().zip(&runs[0].spec.swept);
    let name: Vec<String> = keys
        .map(|(key, value)| format!("{} = {value}", key.column))
        .collect();
    Some(Ranked {
        name: name.join(", "),
        mean: estimate.mean?,
        estimate,
        values,
    })
}

/// Differences that a sentence may tell: of the highest to the lowest, and to the next.
const DIFFERENCES_OF_SENTENCE: usize = 2;

/// What is to be said of a metric, one of so many.
fn sentence(metric: Metric, ranked: &[Ranked], metrics: usize) -> String {
    let info = metric.info();
    let (label, unit) = (capital(info.label), info.unit);
    let unit_of = match unit {
        Unit::Seconds | Unit::Milliseconds | Unit::Bytes => format!("\u{a0}{}", unit.symbol()),
        Unit::Name | Unit::Count | Unit::Ratio | Unit::Share => String::new(),
    };
    let value = |it: &Ranked| format!("{}{unit_of}", it.estimate.shown(unit));
    let [least, .., most] = ranked else {
        return ranked.first().map_or_else(
            || format!("{label}: no run has a value."),
            |only| format!("{label}: {}.", value(only)),
        );
    };
    if ranked.iter().all(|it| it.values == most.values) {
        let many = ranked.len();
        return format!(
            "{label}: the same in all {many} combinations, {}.",
            value(most)
        );
    }
    let named = |it: &Ranked| {
        let alike = ranked
            .iter()
            .filter(|other| other.values == it.values)
            .count()
            - 1;
        let others = match alike {
            0 => String::new(),
            1 => " and one other alike".to_owned(),
            many => format!(" and {many} others alike"),
        };
        format!("{}{others} ({})", it.name, value(it))
    };
    let comparisons = DIFFERENCES_OF_SENTENCE * metrics;
    let between = |a: &Ranked, b: &Ranked| difference(&a.values, &b.values, comparisons);
    let extremes = match between(most, least) {
        None => "; they have no seed in common, so they are not compared".to_owned(),
        Some(one) if one.ci95.is_none() => {
            "; one repetition does not tell that from chance".to_owned()
        }
        Some(it) if is_shown(it) => format!("; the difference, paired by seed, is {it}{unit_of}"),
        Some(it) => format!(
            "; the interval of their difference, {it}{unit_of}, includes 0: these runs do not show that they differ"
        ),
    };
    // Those that are the same in every run are one.
    let next = ranked.iter().rev().find(|it| it.values != most.values);
    let next = next.filter(|next| next.values != least.values);
    let to_next = next.and_then(|next| match between(most, next)? {
        it if is_shown(it) => Some(format!(
            ". To the next, {}, it is {it}{unit_of}",
            named(next)
        )),
        it if it.ci95.is_some() => Some(format!(". Not told apart from the next, {}", named(next))),
        _ => None,
    });
    let (highest, lowest, to_next) = (named(most), named(least), to_next.unwrap_or_default());
    format!("{label}: highest with {highest}, lowest with {lowest}{extremes}{to_next}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(name: &str, values: &[f64]) -> Ranked {
        let estimate = estimate(values);
        Ranked {
            name: name.to_owned(),
            mean: estimate.mean.unwrap(),
            estimate,
            values: (0..).zip(values.iter().copied()).collect(),
        }
    }

    fn hops(all: &[(&str, &[f64])]) -> String {
        let all: Vec<Ranked> = all
            .iter()
            .map(|(name, values)| ranked(name, values))
            .collect();
        sentence(Metric::HopsMean, &all, 1)
    }

    #[test]
    fn nothing_is_claimed_that_the_interval_does_not_show() {
        let apart = hops(&[
            ("a", &[4.0, 4.1, 4.2, 4.1]),
            ("b", &[49.0, 50.0, 51.0, 50.5]),
        ]);
        assert!(
            apart.contains("highest with b") && apart.contains("paired by seed, is 46"),
            "{apart}"
        );
        let alike = hops(&[("a", &[4.0, 4.1, 4.2, 4.1]), ("b", &[4.2, 4.0, 4.3, 4.1])]);
        assert!(
            alike.contains("includes 0") && !alike.contains("paired by seed, is"),
            "{alike}"
        );
        let once = hops(&[("a", &[4.0]), ("b", &[50.0])]);
        assert!(once.contains("one repetition does not tell"), "{once}");
        let same = hops(&[("a", &[4.0, 4.1]), ("b", &[4.0, 4.1])]);
        assert!(same.contains("the same in all 2"), "{same}");
        assert_eq!(hops(&[]), "Mean hops per lookup: no run has a value.");
        let some = hops(&[("c", &[1.0, 1.1]), ("a", &[4.0, 4.1]), ("b", &[4.0, 4.1])]);
        assert!(
            some.contains("highest with b and one other alike"),
            "{some}"
        );
    }

    /// The highest of three may be no higher than the next.
    #[test]
    fn the_next_is_told_apart_or_not() {
        let (low, high, next): (&[f64], &[f64], &[f64]) = (
            &[1.0, 1.1, 1.2, 1.1],
            &[9.2, 9.0, 9.3, 9.1],
            &[9.0, 9.1, 9.2, 9.0],
        );
        let told = hops(&[("a", low), ("b", next), ("c", high)]);
        assert!(told.contains("Not told apart from the next, b"), "{told}");
        let told = hops(&[("b", low), ("a", &[5.0, 5.1, 5.2, 5.1]), ("c", high)]);
        assert!(told.contains("To the next, a"), "{told}");
    }
}
