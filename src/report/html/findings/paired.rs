//! The difference between two combinations, paired by seed: both met the same world.

use std::collections::BTreeMap;

use statrs::distribution::{ContinuousCDF as _, StudentsT};

use crate::results::csv::Estimate;

/// A metric of the runs of one combination, by their seeds.
pub(super) type BySeed = BTreeMap<u64, f64>;

/// The mean of the differences, and half the width of its interval at such a level that of `comparisons` intervals all hold
/// in 95 of 100 cases (Bonferroni). `None` without a pair.
pub(super) fn difference(a: &BySeed, b: &BySeed, comparisons: usize) -> Option<Estimate> {
    let pairs = a
        .iter()
        .filter_map(|(seed, value)| Some(value - b.get(seed)?));
    let differences: Vec<f64> = pairs.collect();
    let n = differences.len() as f64;
    if differences.is_empty() {
        return None;
    }
    let mean = differences.iter().sum::<f64>() / n;
    let squares: f64 = differences.iter().map(|it| (it - mean) * (it - mean)).sum();
    let half =
        (differences.len() > 1).then(|| t(n - 1.0, comparisons) * (squares / (n - 1.0) / n).sqrt());
    Some(Estimate {
        mean: Some(mean),
        ci95: half,
    })
}

/// Whether it is told apart from nothing.
pub(super) fn is_shown(difference: Estimate) -> bool {
    matches!((difference.mean, difference.ci95), (Some(mean), Some(half)) if mean.abs() > half)
}

/// The quantile of Student's t for one of so many intervals. Rounded, as its last bits differ between platforms.
fn t(freedom: f64, comparisons: usize) -> f64 {
    let share = 0.05 / comparisons.max(1) as f64;
    let t = StudentsT::new(0.0, 1.0, freedom).expect("at least one degree of freedom");
    libm::round(t.inverse_cdf(1.0 - share / 2.0) * 1e6) / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_seed(values: &[f64]) -> BySeed {
        (0..).zip(values.iter().copied()).collect()
    }

    /// Differences 1, 2 and 3: mean 2, standard error 1/√3; t is 4.3027 for one interval, 6.2054 for two, as published tables
    /// have it for 97.5 and 98.75 per cent.
    #[test]
    fn the_interval_is_that_of_pairs_and_wider_for_several() {
        let (a, b) = (by_seed(&[11.0, 22.0, 33.0]), by_seed(&[10.0, 20.0, 30.0]));
        for (comparisons, t) in [(1, 4.3027), (2, 6.2054)] {
            let found = difference(&a, &b, comparisons).unwrap();
            assert_eq!(found.mean, Some(2.0));
            let half = found.ci95.unwrap();
            assert!((half - t / 3_f64.sqrt()).abs() < 1e-4, "{half}");
            assert!(!is_shown(found));
        }
        // Without pairing nothing would be seen: the values differ by 22 among themselves.
        let c = by_seed(&[1.0, 11.0, 21.5]);
        assert!(is_shown(difference(&a, &c, 1).unwrap()));
    }

    #[test]
    fn one_pair_shows_nothing_and_no_pair_is_none() {
        let one = difference(&by_seed(&[5.0]), &by_seed(&[1.0]), 1).unwrap();
        assert!(one.ci95.is_none() && !is_shown(one));
        assert!(difference(&by_seed(&[5.0]), &BySeed::new(), 1).is_none());
    }
}
