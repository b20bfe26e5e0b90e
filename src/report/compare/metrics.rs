//! Metric by metric: pairs of runs with the same seed.

use std::collections::BTreeMap;

use super::sides::{Matched, Matching};
use super::statistics::Difference;
use crate::catalogue::Metric;
use crate::report::folder::runs::FolderRun;
use crate::results::csv::{Estimate, estimate};

/// A metric of one combination and of its counterpart.
#[derive(Clone, Debug)]
pub(super) struct Compared {
    /// The place among those that are matched.
    pub at: usize,
    pub metric: Metric,
    pub a: Estimate,
    pub b: Estimate,
    /// The second less the first.
    pub difference: Difference,
    /// The mean of the second over the mean of the first.
    pub ratio: Option<f64>,
}

/// All that both have of these metrics.
pub(super) fn compared(matching: &Matching, metrics: &[Metric]) -> Vec<Compared> {
    let matched = matching.matched.iter().enumerate();
    let all = matched.flat_map(|(at, one)| {
        metrics
            .iter()
            .filter_map(move |metric| of_metric(matching, at, one, *metric))
    });
    all.collect()
}

/// Values of a metric by seed.
fn by_seed(runs: &[FolderRun], combination: usize, metric: Metric) -> BTreeMap<u64, f64> {
    let of = runs.iter().filter(|run| run.combination == combination);
    of.filter_map(|run| Some((run.seed, *run.values.get(&metric)?)))
        .collect()
}

fn of_metric(
    matching: &Matching,
    at: usize,
    matched: &Matched,
    metric: Metric,
) -> Option<Compared> {
    let a = by_seed(&matching.a.runs, matched.a, metric);
    let b = by_seed(&matching.b.runs, matched.b, metric);
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let both = a.iter().filter_map(|(seed, a)| Some((*a, *b.get(seed)?)));
    let pairs: Vec<(f64, f64)> = both.collect();
    let (first, second, difference): (Vec<f64>, Vec<f64>, Difference) = if pairs.is_empty() {
        let values = [a, b].map(|it| it.into_values().collect::<Vec<_>>());
        let [a, b] = values;
        let difference = Difference::of_samples(&a, &b);
        (a, b, difference)
    } else {
        let (a, b) = pairs.iter().copied().unzip();
        (a, b, Difference::of_pairs(&pairs))
    };
    let (a, b) = (estimate(&first), estimate(&second));
    let ratio = a.mean.zip(b.mean).map(|(a, b)| b / a);
    Some(Compared {
        at,
        metric,
        a,
        b,
        difference,
        ratio: ratio.filter(|ratio| ratio.is_finite()),
    })
}
