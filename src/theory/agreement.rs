//! Measured beside expected: do they agree?

use std::f64::consts::FRAC_1_SQRT_2;

use statrs::distribution::{ContinuousCDF as _, Normal};

/// The probability with which chance alone makes any comparison of a table doubtful.
const DOUBT: f64 = 0.05;

/// The probability with which chance alone makes any comparison of a table an alarm.
const ALARM: f64 = 0.001;

/// Numbers that differ by less than this share are the same but for rounding.
const ROUNDING: f64 = 1e-9;

/// What was measured beside what was expected, over the repetitions of one combination.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Comparison {
    /// Mean of the measured values.
    pub measured: f64,
    /// Mean of what was expected of them.
    pub expected: f64,
    /// Standard error of the difference between the two.
    pub standard_error: f64,
}

impl Comparison {
    /// Of runs with measured value, expected value and its standard error; `None` of none.
    #[must_use]
    pub fn of(runs: &[(f64, f64, f64)]) -> Option<Self> {
        let count = runs.len() as f64;
        let mean = |value: fn(&(f64, f64, f64)) -> f64| runs.iter().map(value).sum::<f64>() / count;
        (!runs.is_empty()).then(|| Self {
            measured: mean(|run| run.0),
            expected: mean(|run| run.1),
            standard_error: (mean(|run| run.2 * run.2) / count).sqrt(),
        })
    }

    /// How many standard errors they are apart. `None` where chance has no say.
    #[must_use]
    pub fn z(&self) -> Option<f64> {
        (self.standard_error > 0.0).then(|| (self.measured - self.expected) / self.standard_error)
    }

    /// The probability that chance alone takes them so far apart, or farther.
    #[must_use]
    pub fn chance(&self) -> f64 {
        let rounding = ROUNDING * self.expected.abs().max(1.0);
        match self.z() {
            _ if (self.measured - self.expected).abs() <= rounding => 1.0,
            Some(z) => libm::erfc(z.abs() * FRAC_1_SQRT_2),
            None => 0.0,
        }
    }
}

/// What is to be made of one comparison among several.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Agreement {
    /// Within what chance does.
    Agrees,
    /// Beyond the 95 % bound, as chance has it in one table of so many.
    Doubtful(f64),
    /// Chance has it in less than one table of a thousand: something is wrong.
    Disagrees,
}

impl Agreement {
    /// What is to be made of one of so many comparisons in which chance has a say. Bonferroni's correction:
    /// the more there are, the rarer each must be for chance to do it no more often in any of them.
    #[must_use]
    pub fn on(comparison: &Comparison, comparisons: usize) -> Self {
        let in_any = comparison.chance() * comparisons.max(1) as f64;
        if in_any >= DOUBT {
            Self::Agrees
        } else if in_any >= ALARM {
            Self::Doubtful(libm::floor(1.0 / in_any))
        } else {
            Self::Disagrees
        }
    }
}

/// How many standard errors a measured value may be from the expected one before there is doubt: 1.96
/// if it is the only one.
#[must_use]
pub fn bound(comparisons: usize) -> f64 {
    let each = DOUBT / comparisons.max(1) as f64;
    Normal::standard().inverse_cdf(1.0 - each / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_comparisons_the_wider_the_bound() {
        for (comparisons, expected) in [(0, 1.959_964), (1, 1.959_964), (5, 2.575_829)] {
            assert!((bound(comparisons) - expected).abs() < 1e-5);
        }
        assert!((bound(50) - 3.290_527).abs() < 1e-5);
    }

    #[test]
    fn repetitions_are_taken_together() {
        let comparison = Comparison::of(&[(4.0, 5.0, 0.3), (5.0, 5.0, 0.4)]).unwrap();
        assert!((comparison.measured - 4.5).abs() < 1e-12);
        assert!((comparison.expected - 5.0).abs() < 1e-12);
        // (4 - 5 + 5 - 5) / sqrt(0.09 + 0.16)
        assert!((comparison.z().unwrap() + 2.0).abs() < 1e-12);
        assert!((comparison.chance() - 0.045_500_264).abs() < 1e-8);
        assert_eq!(Comparison::of(&[]), None);
    }

    #[test]
    fn it_depends_on_how_many_comparisons_there_are() {
        let apart = |z| Comparison::of(&[(5.0 + z, 5.0, 1.0)]).unwrap();
        let agreement = |z, comparisons| Agreement::on(&apart(z), comparisons);
        assert_eq!(agreement(1.95, 1), Agreement::Agrees);
        // 0.0455: one of 21.98.
        assert_eq!(agreement(-2.0, 1), Agreement::Doubtful(21.0));
        assert_eq!(agreement(2.0, 2), Agreement::Agrees);
        assert_eq!(agreement(3.3, 1), Agreement::Disagrees);
        assert!(matches!(agreement(3.3, 5), Agreement::Doubtful(_)));
        assert_eq!(agreement(400.0, 1000), Agreement::Disagrees);
        for comparisons in [1, 7, 100] {
            let bound = bound(comparisons);
            assert_eq!(agreement(bound * 0.999, comparisons), Agreement::Agrees);
            assert_ne!(agreement(bound * 1.001, comparisons), Agreement::Agrees);
        }
    }

    #[test]
    fn where_chance_has_no_say_only_rounding_may_differ() {
        let of = |measured| Comparison::of(&[(measured, 0.1 + 0.2, 0.0)]).unwrap();
        assert_eq!(Agreement::on(&of(0.3), 9), Agreement::Agrees);
        assert_eq!(Agreement::on(&of(0.300_001), 9), Agreement::Disagrees);
        assert_eq!(of(0.3).z(), None);
    }
}
