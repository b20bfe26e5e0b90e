//! Distributions of measured values.

use std::collections::VecDeque;

use crate::catalogue::to_15_digits;

/// Small whole numbers, such as hops: counted exactly.
#[derive(Default)]
pub(super) struct Counts {
    /// How many there are of each value.
    by_value: Vec<u64>,
    total: u64,
    sum: u64,
}

impl Counts {
    /// Takes in a value.
    pub(super) fn record(&mut self, value: u32) {
        let position = value as usize;
        if self.by_value.len() <= position {
            self.by_value.resize(position + 1, 0);
        }
        self.by_value[position] += 1;
        self.total += 1;
        self.sum += u64::from(value);
    }

    /// The arithmetic mean; `None` without values.
    pub(super) fn mean(&self) -> Option<f64> {
        (self.total > 0).then(|| self.sum as f64 / self.total as f64)
    }

    /// The mean of a function of the values; it is asked only of values that were recorded.
    pub(super) fn mean_of(&self, function: impl Fn(u64) -> u64) -> Option<f64> {
        let sum: u64 = self
            .by_value
            .iter()
            .zip(0..)
            .filter(|(n, _)| **n > 0)
            .map(|(n, value)| n * function(value))
            .sum();
        (self.total > 0).then(|| sum as f64 / self.total as f64)
    }

    /// The smallest value that at least this share of all values does not exceed.
    pub(super) fn percentile(&self, share: f64) -> Option<f64> {
        let rank = (libm::ceil(share * self.total as f64) as u64).max(1);
        let mut below = 0;
        let reached = self.by_value.iter().position(|n| {
            below += n;
            below >= rank
        });
        reached.map(|value| value as f64)
    }

    /// The largest value.
    pub(super) fn max(&self) -> Option<f64> {
        self.by_value.len().checked_sub(1).map(|value| value as f64)
    }
}

/// Which values are kept one by one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// All of them, 8 bytes each.
    All,
    /// Up to [`MAX_KEPT`]; beyond that, classes.
    Some,
    /// Up to [`FEW_KEPT`]; beyond that, classes: where there are many distributions.
    Few,
}

/// The number of values beyond which they are sorted into classes, unless all are to be kept.
const MAX_KEPT: usize = 1 << 20;
const FEW_KEPT: usize = 1 << 14;

impl Keep {
    /// The most values that are kept one by one.
    fn most(self) -> usize {
        match self {
            Self::All => usize::MAX,
            Self::Some => MAX_KEPT,
            Self::Few => FEW_KEPT,
        }
    }
}

/// Positive real numbers, such as latencies. Percentiles are the nearest rank: the smallest value that at
/// least this share of all values does not exceed. With all values kept they are exact; from classes they are
/// the largest value of the right class, too large by at most 0.0123 % (1/8192).
pub(super) struct Values {
    keep: Keep,
    /// Sorted by [`Values::sort`].
    kept: Vec<f64>,
    classes: Classes,
    count: u64,
    sum: Sum,
}

impl Values {
    /// No value yet.
    pub(super) fn new(keep: Keep) -> Self {
        Self {
            keep,
            kept: Vec::new(),
            classes: Classes::default(),
            count: 0,
            sum: Sum::default(),
        }
    }

    /// Takes in a value.
    pub(super) fn record(&mut self, value: f64) {
        self.count += 1;
        self.sum.add(value);
        if self.classes.is_empty() {
            self.kept.push(value);
            if self.kept.len() > self.keep.most() {
                for value in std::mem::take(&mut self.kept) {
                    self.classes.record(value);
                }
            }
        } else {
            self.classes.record(value);
        }
    }

    /// Has to be called before percentiles are asked for.
    pub(super) fn sort(&mut self) {
        self.kept.sort_unstable_by(f64::total_cmp);
    }

    /// How many values there are.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// The arithmetic mean, in 15 digits: as good as exact, also of decimals. `None` without values.
    pub(super) fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| to_15_digits(self.sum.value() / self.count as f64))
    }

    /// The smallest value that at least this share of all values does not exceed.
    pub(super) fn percentile(&self, share: f64) -> Option<f64> {
        let rank = (libm::ceil(share * self.count as f64) as u64).max(1);
        if self.classes.is_empty() {
            self.kept.get(rank as usize - 1).copied()
        } else {
            self.classes.of_rank(rank)
        }
    }
}

/// A sum that keeps what each addition rounds off (Neumaier, *Rundungsfehleranalyse einiger Verfahren zur Summation
/// endlicher Summen*, 1974): as good as one in twice the digits.
#[derive(Clone, Copy, Default)]
struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        self.lost += if self.sum.abs() >= value.abs() {
            (self.sum - sum) + value
        } else {
            (value - sum) + self.sum
        };
        self.sum = sum;
    }

    fn value(self) -> f64 {
        self.sum + self.lost
    }
}

/// Values sorted into classes by their leading bits. The largest value of each is kept, so that a value that
/// comes very often is told as it is.
#[derive(Default)]
struct Classes {
    /// The number of the first class.
    first: u64,
    classes: VecDeque<Class>,
}

#[derive(Clone, Copy, Default)]
struct Class {
    count: u64,
    largest: f64,
}

impl Classes {
    /// A class has the values that share the exponent and the 13 leading bits of the fraction.
    const HIDDEN_BITS: u32 = 52 - 13;

    fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    fn record(&mut self, value: f64) {
        // The order of positive numbers is that of their bits.
        let class = value.to_bits() >> Self::HIDDEN_BITS;
        if self.classes.is_empty() {
            self.first = class;
        }
        while class < self.first {
            self.classes.push_front(Class::default());
            self.first -= 1;
        }
        let place = (class - self.first) as usize;
        if place >= self.classes.len() {
            self.classes.resize(place + 1, Class::default());
        }
        let class = &mut self.classes[place];
        class.count += 1;
        class.largest = class.largest.max(value);
    }

    fn of_rank(&self, rank: u64) -> Option<f64> {
        let mut below = 0;
        let reached = self.classes.iter().find(|class| {
            below += class.count;
            below >= rank
        });
        reached.map(|class| class.largest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact() {
        let mut counts = Counts::default();
        assert_eq!(
            (counts.mean(), counts.percentile(0.5), counts.max()),
            (None, None, None)
        );
        (1..=100).for_each(|value| counts.record(value));
        assert_eq!(counts.mean(), Some(50.5));
        assert_eq!(counts.percentile(0.95), Some(95.0));
        assert_eq!(counts.percentile(0.0), Some(1.0));
        assert_eq!(counts.max(), Some(100.0));
        assert_eq!(counts.mean_of(|value| value - 1), Some(49.5));
    }

    /// 1 to 1000 in mixed order, 10 times each: rank ceil(p · 10000) is value ceil(p · 1000).
    #[test]
    fn percentiles_are_the_nearest_rank_and_exact() {
        let mut values = Values::new(Keep::Some);
        assert_eq!((values.mean(), values.percentile(0.5)), (None, None));
        for step in 0..10_000_u64 {
            values.record((step * 7919 % 1000 + 1) as f64 * 0.25);
        }
        values.sort();
        assert_eq!(values.mean(), Some(500.5 * 0.25));
        for (share, nearest) in [
            (0.0, 1),
            (0.5, 500),
            (0.95, 950),
            (0.9501, 951),
            (1.0, 1000),
        ] {
            assert_eq!(values.percentile(share), Some(f64::from(nearest) * 0.25));
        }
    }

    /// A quotient such as a stretch is kept in all its digits, however many are added up: ten million times 1/3, behind
    /// a value that alone would swallow the last six digits of each.
    #[test]
    fn a_mean_keeps_all_digits_of_what_it_is_of() {
        let mut sum = Sum::default();
        let mut plain = 0.0;
        for value in std::iter::once(1e6).chain((0..10_000_000).map(|_| 1.0 / 3.0)) {
            sum.add(value);
            plain += value;
        }
        let all = 1e6 + 10_000_000.0 / 3.0;
        assert!((sum.value() / all - 1.0).abs() < 1e-15);
        assert!((plain / all - 1.0).abs() > 1e-12, "too easy a test");
    }

    /// 10.1 has no exact `f64`; the mean of equal values is that value nonetheless, as it is written.
    #[test]
    fn a_mean_of_equal_decimals_is_that_decimal() {
        for decimal in [10.1, 0.029_084, 1.000_001, 2_993.114_185] {
            let mut values = Values::new(Keep::Some);
            (0..997).for_each(|_| values.record(decimal));
            assert_eq!(values.mean(), Some(decimal));
        }
    }

    /// Nanoseconds as milliseconds come back with the digits that they went in with.
    #[test]
    fn a_mean_of_nanoseconds_is_exact() {
        let mut values = Values::new(Keep::All);
        for nanoseconds in [10_500.0, 29_084.0, 80_199_680_000.0] {
            values.record(nanoseconds / 1e6);
        }
        values.sort();
        // (10500 + 29084 + 80199680000) ns / 3
        assert_eq!(values.mean(), Some(26_733.239_861_333_3));
        assert_eq!(values.percentile(0.5).unwrap().to_string(), "0.029084");
        assert_eq!(values.percentile(1.0).unwrap().to_string(), "80199.68");
    }

    /// Beyond the limit: a value that comes often is told exactly, any other one within 1/8192 of the true rank's.
    #[test]
    fn classes_are_as_fine_as_promised_over_many_decades() {
        let many = MAX_KEPT as u64 + 1000;
        let mut values = Values::new(Keep::Some);
        // Evenly spaced in the logarithm from 10^-3 to 10^6, in mixed order.
        let nth = |n: u64| libm::pow(10.0, n as f64 / many as f64 * 9.0 - 3.0);
        (0..many).for_each(|step| values.record(nth(step * 1_000_003 % many)));
        values.sort();
        assert!(values.kept.is_empty());
        for share in [0.001, 0.1, 0.5, 0.95, 0.99, 1.0] {
            let true_one = nth(libm::ceil(share * many as f64) as u64 - 1);
            let told = values.percentile(share).unwrap();
            assert!(
                (1.0..1.000_123).contains(&(told / true_one)),
                "{share}: {told}"
            );
        }
        let mut constant = Values::new(Keep::Some);
        (0..many).for_each(|_| constant.record(750.0));
        assert_eq!(constant.percentile(0.5), Some(750.0));
        assert_eq!(constant.mean(), Some(750.0));
    }
}
