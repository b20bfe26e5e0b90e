//! What one run comes to: a row of `summary.csv`, and the names of the columns that follow from the metrics.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::metric::Exists;
use super::metrics::Metric;

/// The file with a row per run.
pub const SUMMARY_FILE: &str = "summary.csv";

/// The file with a row per combination of swept values.
pub const AGGREGATE_FILE: &str = "aggregate.csv";

/// The column of `summary.csv` that holds the digest of the run's events.
pub const FINGERPRINT: &str = "fingerprint";

/// The metric behind which the fingerprint stands. What follows came later; what does, stands at the end.
pub const BEFORE_FINGERPRINT: Metric = Metric::Events;

/// The column of `aggregate.csv` that counts the runs of a combination.
pub const RUNS: &str = "runs";

/// The columns of `aggregate.csv` for a column of `summary.csv`: the mean over the repetitions, and half the
/// width of its 95 % confidence interval.
#[must_use]
pub fn aggregate_columns(column: &str) -> [String; 2] {
    [format!("{column}_mean"), format!("{column}_ci95")]
}

/// The value with 15 significant digits that is nearest. So many an `f64` always holds; what stands behind them is the
/// rounding of sums and quotients, such as 2993.1141850000004 for a mean of five whole numbers of nanoseconds.
#[must_use]
pub fn to_15_digits(value: f64) -> f64 {
    let nearest = format!("{value:.14e}").parse().ok();
    // Of the very largest the nearest is none.
    nearest
        .filter(|nearest: &f64| nearest.is_finite())
        .unwrap_or(value)
}

/// What one run measured, and what theory expects of it.
///
/// Each metric is filled in once, by whoever measures it, in any order; it is read in that of the catalogue.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct RunSummary {
    values: BTreeMap<Metric, Option<f64>>,
    /// What theory expects, in the order in which it says so; empty where it has nothing to say or was not
    /// asked. A run does not ask it: its caller does, and puts the answer here.
    pub expected: Vec<Expected>,
    /// Digest of the ordered stream of events: 16 hexadecimal digits.
    pub fingerprint: String,
    /// Calls of the whole run, also of maintenance and in the warm-up, that got no answer in time. It is in no file:
    /// theory has to know whether live nodes were taken for dead.
    #[serde(default)]
    pub unanswered_calls: u64,
}

/// What theory expects of one metric of a run.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Expected {
    /// Of which metric.
    pub metric: Metric,
    /// What is expected, in the metric's unit.
    pub mean: f64,
    /// How far chance carries a measured value from it (one standard deviation); 0 if not at all.
    pub standard_error: f64,
}

impl Expected {
    /// Of a metric in which chance has no say.
    #[must_use]
    pub fn exactly(metric: Metric, value: f64) -> Self {
        Self::within(metric, value, 0.0)
    }

    /// Of a metric that chance carries so far from its mean. Both in [15 digits](to_15_digits).
    #[must_use]
    pub fn within(metric: Metric, mean: f64, standard_error: f64) -> Self {
        Self {
            metric,
            mean: to_15_digits(mean),
            standard_error: to_15_digits(standard_error),
        }
    }
}

impl RunSummary {
    /// Of a run with this digest of its events; nothing is filled in.
    #[must_use]
    pub fn new(fingerprint: String) -> Self {
        Self {
            fingerprint,
            ..Self::default()
        }
    }

    /// Fills in a metric. What is not finite does not exist.
    ///
    /// # Panics
    /// If it has been filled in before.
    pub fn set(&mut self, metric: Metric, value: Option<f64>) {
        let value = value.filter(|value| value.is_finite());
        let before = self.values.insert(metric, value);
        assert!(before.is_none(), "{metric} is measured twice");
    }

    /// Fills in several metrics.
    ///
    /// # Panics
    /// If one of them has been filled in before.
    pub fn extend(&mut self, values: impl IntoIterator<Item = (Metric, Option<f64>)>) {
        for (metric, value) in values {
            self.set(metric, value);
        }
    }

    /// Makes sure that all is there that such a run measures, and nothing else: `has` tells what besides what every run has.
    ///
    /// # Panics
    /// If a metric is missing, or is there that such a run does not have.
    pub fn assert_complete(&self, has: impl Fn(Exists) -> bool) {
        for &metric in Metric::ALL {
            let exists = metric.info().exists;
            let wanted = exists == Exists::Always || has(exists);
            let measured = self.values.contains_key(&metric);
            assert_eq!(measured, wanted, "{metric}: whether it is measured");
        }
    }

    /// The value of a metric; `None` if it has none or the run does not have it.
    #[must_use]
    pub fn get(&self, metric: Metric) -> Option<f64> {
        self.values.get(&metric).copied().flatten()
    }

    /// The metrics that the run has, in their order; some without a value.
    pub fn metrics(&self) -> impl Iterator<Item = (Metric, Option<f64>)> + '_ {
        self.values.iter().map(|(metric, value)| (*metric, *value))
    }

    /// The columns that the run has in `summary.csv`, with their values: its metrics, then what theory expects.
    pub fn columns(&self) -> impl Iterator<Item = (&'static str, Option<f64>)> + '_ {
        let metrics = self.metrics().map(|(metric, value)| (metric.name(), value));
        let expected = self.expected.iter().flat_map(|expected| {
            let columns = expected.metric.info().expected;
            let pair = columns.map(|columns| {
                [
                    (columns.mean, Some(expected.mean)),
                    (columns.standard_error, Some(expected.standard_error)),
                ]
            });
            pair.into_iter().flatten()
        });
        metrics.chain(expected)
    }

    /// The value in a column of `summary.csv`; `None` if the run has none there.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<f64> {
        self.columns().find(|(column, _)| *column == name)?.1
    }

    /// The value of a metric, what is expected of it, and the standard error of that; `None` unless there are
    /// both.
    #[must_use]
    pub fn beside_expected(&self, metric: Metric) -> Option<(f64, Expected)> {
        let mut expected = self.expected.iter();
        let expected = expected.find(|expected| expected.metric == metric)?;
        Some((self.get(metric)?, *expected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete(audited: bool) -> RunSummary {
        let mut summary = RunSummary::default();
        let wanted = |metric: &&Metric| audited || metric.info().exists == Exists::Always;
        // Whatever the order in which they are filled in.
        for metric in Metric::ALL.iter().rev().filter(wanted) {
            summary.set(*metric, Some(1.0));
        }
        summary
    }

    #[test]
    fn metrics_stand_in_the_order_of_the_catalogue() {
        let summary = complete(true);
        let order: Vec<Metric> = summary.metrics().map(|(metric, _)| metric).collect();
        assert_eq!(order, Metric::ALL);
        complete(true).assert_complete(|_| true);
        complete(false).assert_complete(|_| false);
    }

    #[test]
    #[should_panic(expected = "principals_min: whether it is measured")]
    fn a_metric_that_is_missing_is_noticed() {
        let mut summary = complete(true);
        summary.values.remove(&Metric::PrincipalsMin);
        summary.assert_complete(|_| true);
    }

    #[test]
    #[should_panic(expected = "violations: whether it is measured")]
    fn a_metric_that_only_an_audit_measures_is_noticed_without_one() {
        complete(true).assert_complete(|exists| exists != Exists::WithAudit);
    }

    #[test]
    #[should_panic(expected = "hops_mean is measured twice")]
    fn a_metric_that_is_doubled_is_noticed() {
        complete(false).set(Metric::HopsMean, None);
    }

    /// (19.499999999999993 is what 39 halves come to when they are added up in another order.)
    #[test]
    fn what_no_digit_vouches_for_is_not_kept() {
        for (sum, shown) in [
            (2_993.114_185_000_000_4, 2_993.114_185),
            (19.499_999_999_999_993, 19.5),
            (0.1 + 0.2, 0.3),
            (-0.1 - 0.2, -0.3),
            (1.0 / 3.0, 0.333_333_333_333_333),
        ] {
            assert_eq!(to_15_digits(sum).to_string(), shown.to_string());
        }
        // Whole numbers up to 10^15 and whole nanoseconds are what they were.
        for same in [0.0, 1e15 - 1.0, 80_199.68, 0.029_084, f64::MAX, 5e-324] {
            assert_eq!(to_15_digits(same).to_bits(), same.to_bits());
        }
        let expected = Expected::within(Metric::HopsMean, 19.499_999_999_999_993, 0.1 + 0.2);
        assert_eq!((expected.mean, expected.standard_error), (19.5, 0.3));
    }

    #[test]
    fn what_is_expected_stands_behind_all_metrics() {
        let mut summary = RunSummary::default();
        summary.expected.push(Expected {
            metric: Metric::HopsMean,
            mean: 3.98,
            standard_error: 0.02,
        });
        summary.extend([
            (Metric::Events, Some(f64::NAN)),
            (Metric::HopsMean, Some(4.0)),
        ]);
        let columns: Vec<_> = summary.columns().collect();
        assert_eq!(
            columns,
            [
                ("hops_mean", Some(4.0)),
                ("events", None),
                ("expected_hops_mean", Some(3.98)),
                ("expected_hops_mean_se", Some(0.02)),
            ]
        );
        assert_eq!(summary.column("expected_hops_mean_se"), Some(0.02));
        let (measured, expected) = summary.beside_expected(Metric::HopsMean).unwrap();
        assert!((measured - expected.mean - 0.02).abs() < 1e-9);
    }

    #[test]
    fn a_summary_survives_being_kept() {
        let mut summary = RunSummary::new("00ff".to_owned());
        summary.extend([(Metric::HopsMean, Some(0.1 + 0.2)), (Metric::HopsMax, None)]);
        summary.expected.push(Expected {
            metric: Metric::HopsMean,
            mean: 1.0 / 3.0,
            standard_error: 0.0,
        });
        let json = serde_json::to_string(&summary).unwrap();
        assert_eq!(serde_json::from_str::<RunSummary>(&json).unwrap(), summary);
    }
}
