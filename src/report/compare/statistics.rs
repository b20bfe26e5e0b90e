//! The difference between two ways of running something: by pairs, or where there are none by two samples; and what is left
//! of it where several are looked at.

use statrs::distribution::{ContinuousCDF as _, StudentsT};

use crate::catalogue::to_15_digits;
use crate::results::csv::{Estimate, estimate, t_975};

/// What differs by less than this share of what is compared is the same but for rounding.
const ROUNDING: f64 = 1e-12;

/// How far the second is above the first, in the mean.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Difference {
    /// Mean and half its 95 % interval.
    pub estimate: Estimate,
    /// How probable a difference as large is where there is none: two-sided, by Student's t. `None` for fewer than two
    /// pairs, and where all of them differ by the same, so that there is no spread to compare with.
    pub p: Option<f64>,
    /// How it came about.
    pub by: By,
}

/// How values were compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum By {
    /// Each with its counterpart, so many times.
    Pairs(usize),
    /// As two samples of so many values (Welch).
    Samples([usize; 2]),
}

impl Difference {
    /// Of pairs: Student's t for the differences.
    pub(crate) fn of_pairs(pairs: &[(f64, f64)]) -> Self {
        let size = |all: &mut dyn Iterator<Item = f64>| all.fold(0.0, |a: f64, b| a.max(b.abs()));
        let largest = size(&mut pairs.iter().flat_map(|pair| [pair.0, pair.1]));
        let same = largest * ROUNDING;
        let snapped = |&(a, b): &(f64, f64)| {
            let difference = b - a;
            if difference.abs() <= same {
                0.0
            } else {
                difference
            }
        };
        let mut differences: Vec<f64> = pairs.iter().map(snapped).collect();
        let first = differences.first().copied().unwrap_or(0.0);
        if differences.iter().all(|it| (it - first).abs() <= same) {
            differences.fill(first);
        }
        let estimate = estimate(&differences);
        let n = differences.len() as f64;
        let error = estimate.ci95.filter(|half| *half > 0.0);
        let error = error.map(|half| half / t_975(n - 1.0));
        Self {
            estimate,
            p: estimate
                .mean
                .zip(error)
                .map(|(mean, error)| two_sided(mean / error, n - 1.0)),
            by: By::Pairs(pairs.len()),
        }
    }

    /// Of two samples with spreads of their own (Welch 1947).
    pub(crate) fn of_samples(a: &[f64], b: &[f64]) -> Self {
        let nothing = Self {
            estimate: Estimate {
                mean: None,
                ci95: None,
            },
            p: None,
            by: By::Samples([a.len(), b.len()]),
        };
        let (Some(first), Some(second)) = (estimate(a).mean, estimate(b).mean) else {
            return nothing;
        };
        let mean = to_15_digits(second - first);
        let [error_a, error_b] = [(a, first), (b, second)].map(|(values, mean)| {
            let n = values.len() as f64;
            let squares = values.iter().map(|it| (it - mean) * (it - mean));
            squares.sum::<f64>() / (n - 1.0) / n
        });
        let error = (error_a + error_b).sqrt();
        let is_spread = a.len() > 1 && b.len() > 1 && error > ROUNDING * first.abs();
        let estimate = |ci95| Estimate {
            mean: Some(mean),
            ci95,
        };
        if !is_spread {
            return Self {
                estimate: estimate(None),
                ..nothing
            };
        }
        let [free_a, free_b] = [a, b].map(|values| values.len() as f64 - 1.0);
        let freedom =
            (error_a + error_b).powi(2) / (error_a * error_a / free_a + error_b * error_b / free_b);
        Self {
            estimate: estimate(Some(to_15_digits(t_975(freedom) * error))),
            p: Some(two_sided(mean / error, freedom)),
            ..nothing
        }
    }

    /// Whether there are pairs, and all are the same.
    pub(crate) fn is_nothing(&self) -> bool {
        let is_zero = |value: Option<f64>| value == Some(0.0);
        is_zero(self.estimate.mean)
            && matches!(self.by, By::Pairs(n) if n == 1 || is_zero(self.estimate.ci95))
    }

    /// Both ends of the interval.
    pub(crate) fn interval(&self) -> Option<[f64; 2]> {
        let (mean, half) = self.estimate.mean.zip(self.estimate.ci95)?;
        Some([mean - half, mean + half])
    }
}

/// In six digits: the last ones of the library differ between platforms.
fn two_sided(t: f64, freedom: f64) -> f64 {
    let distribution = StudentsT::new(0.0, 1.0, freedom).expect("some degrees of freedom");
    let p = 2.0 * distribution.sf(t.abs());
    format!("{p:.5e}").parse().unwrap_or(p)
}

/// What is left of probabilities where so many are looked at (Holm 1979): the chance that any of them is as small without
/// any difference.
pub(crate) fn holm(probabilities: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
    let mut adjusted = vec![0.0; probabilities.len()];
    let mut least: f64 = 0.0;
    for (rank, at) in order.into_iter().enumerate() {
        let left = (probabilities.len() - rank) as f64;
        least = least.max(left * probabilities[at]).min(1.0);
        adjusted[at] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    const A: [f64; 5] = [5.1, 4.9, 5.6, 5.8, 6.0];
    const B: [f64; 5] = [5.9, 5.2, 6.4, 6.1, 7.1];

    /// A probability has six digits: it is off by half a unit of the last at most, 5 millionths of itself.
    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() < 5e-6 * expected.abs(),
            "{found}, not {expected}"
        );
    }

    fn pairs() -> Vec<(f64, f64)> {
        A.into_iter().zip(B).collect()
    }

    /// `t.test(b, a, paired = TRUE)` of R 4.
    #[test]
    fn pairs_are_compared_as_r_does() {
        let difference = Difference::of_pairs(&pairs());
        near(difference.p.unwrap(), 0.013_607_945_503_3);
        let [low, high] = difference.interval().unwrap();
        near(low, 0.224_531_600_933);
        near(high, 1.095_468_399_067);
    }

    /// `t.test(b, a)` of R 4.
    #[test]
    fn samples_are_compared_as_r_does() {
        let difference = Difference::of_samples(&A, &B);
        near(difference.p.unwrap(), 0.121_164_032_721);
        let [low, high] = difference.interval().unwrap();
        near(low, -0.225_003_569_398);
        near(high, 1.545_003_569_398);
    }

    /// `p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.5), "holm")` of R 4.
    #[test]
    fn several_are_corrected_as_r_does() {
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005, 0.5]);
        for (found, expected) in adjusted.into_iter().zip([0.04, 0.09, 0.09, 0.025, 0.5]) {
            near(found, expected);
        }
        assert_eq!(holm(&[0.7, 0.9]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn without_spread_there_is_no_probability() {
        let same = Difference::of_pairs(&[(0.1 + 0.2, 0.3), (7.0, 7.0)]);
        assert!(same.is_nothing() && same.p.is_none());
        let apart = Difference::of_pairs(&[(1.0, 1.1), (2.0, 2.1), (3.0, 3.1)]);
        assert_eq!((apart.estimate.ci95, apart.p), (Some(0.0), None));
        assert!(!apart.is_nothing());
        let one = Difference::of_pairs(&[(1.0, 3.0)]);
        assert_eq!(
            (one.estimate.mean, one.estimate.ci95, one.p),
            (Some(2.0), None, None)
        );
        assert_eq!(Difference::of_pairs(&[]).estimate.mean, None);
        assert_eq!(Difference::of_samples(&A, &[1.0]).estimate.ci95, None);
        assert_eq!(Difference::of_samples(&[], &[]).estimate.mean, None);
    }

    /// Five pairs whose worlds differ more than the ways do, 4000 times: the interval holds the true difference in 95 of 100.
    /// (Standard error 0.0034; the sum of twelve uniform numbers is near enough to normal.)
    #[test]
    fn an_interval_holds_the_true_difference_as_often_as_it_says() {
        let mut rng = ChaCha8Rng::seed_from_u64(11);
        let mut normal = || (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
        let mut held = 0_u32;
        for _ in 0..4000 {
            let pairs: Vec<(f64, f64)> = (0..5)
                .map(|_| {
                    let world = 10.0 * normal();
                    (world + normal(), world + 0.5 + normal())
                })
                .collect();
            let [low, high] = Difference::of_pairs(&pairs).interval().unwrap();
            held += u32::from(low <= 0.5 && 0.5 <= high);
        }
        let share = f64::from(held) / 4000.0;
        assert!((share - 0.95).abs() < 0.015, "{share}");
    }
}
