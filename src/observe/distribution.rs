//! Distributions of measured values, in memory that does not grow with their number.

use hdrhistogram::Histogram;

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

/// Positive real numbers, such as latencies. The mean is exact (to the resolution); percentiles
/// are within 0.01 % of a measured value.
pub(super) struct Spectrum {
    histogram: Histogram<u64>,
    resolution: f64,
    sum: u128,
}

impl Spectrum {
    /// For values that are rounded to this resolution.
    #[must_use]
    pub(super) fn new(resolution: f64) -> Self {
        let histogram = Histogram::new(4).expect("4 significant digits are supported");
        Self {
            histogram,
            resolution,
            sum: 0,
        }
    }

    /// Takes in a value.
    pub(super) fn record(&mut self, value: f64) {
        let steps = libm::round(value / self.resolution) as u64;
        self.histogram
            .record(steps)
            .expect("the histogram grows to whatever comes");
        self.sum += u128::from(steps);
    }

    /// The arithmetic mean; `None` without values.
    pub(super) fn mean(&self) -> Option<f64> {
        let count = self.histogram.len();
        (count > 0).then(|| self.sum as f64 / count as f64 * self.resolution)
    }

    /// The value that at least this share of all values does not exceed.
    pub(super) fn percentile(&self, share: f64) -> Option<f64> {
        let value = self
            .histogram
            .lowest_equivalent(self.histogram.value_at_quantile(share));
        (!self.histogram.is_empty()).then_some(value as f64 * self.resolution)
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

    #[test]
    fn a_spectrum_is_as_fine_as_promised_over_many_decades() {
        for value in [0.05, 1.0, 50.0, 300.0, 2984.0, 120_000.0] {
            let mut spectrum = Spectrum::new(0.001);
            spectrum.record(value);
            let median = spectrum.percentile(0.5).unwrap();
            assert!((median / value - 1.0).abs() < 1e-4, "{value}: {median}");
            assert!((spectrum.mean().unwrap() / value - 1.0).abs() < 1e-9);
        }
        assert_eq!(Spectrum::new(0.001).mean(), None);
    }
}
