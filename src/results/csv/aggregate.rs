//! `aggregate.csv`: means over repetitions, with 95 % confidence intervals.

use std::fmt;

use statrs::distribution::{ContinuousCDF as _, StudentsT};

use super::line::number;
use super::table::{RunMetrics, Table, metric_names};
use crate::scenario::SweptKey;

/// A mean and how far from it the truth may lie.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Estimate {
    /// Mean of the values; `None` if there is none.
    pub mean: Option<f64>,
    /// Half the width of the 95 % confidence interval of the mean (Student t with n - 1 degrees
    /// of freedom); `None` for fewer than two values.
    pub ci95: Option<f64>,
}

/// For people: as many decimals as the interval makes worth reading.
impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.mean, self.ci95) {
            (Some(mean), Some(ci95)) if ci95 > 0.0 => {
                let decimals = decimals(ci95, 2);
                write!(f, "{mean:.decimals$} ± {ci95:.decimals$}")
            }
            (Some(mean), Some(_)) => write!(f, "{mean:.*} ± 0", decimals(mean, 4)),
            (Some(mean), None) => write!(f, "{mean:.*}", decimals(mean, 4)),
            (None, _) => f.write_str("–"),
        }
    }
}

/// Decimals that show so many significant digits of a value to people, none for large values or whole
/// numbers.
pub fn decimals(value: f64, digits: i32) -> usize {
    if value == 0.0 || value.fract() == 0.0 && value.abs() >= 10.0 {
        return 0;
    }
    let magnitude = value.abs().log10().floor() as i32;
    usize::try_from((digits - 1 - magnitude).clamp(0, 9)).unwrap_or(0)
}

/// Estimates the mean behind independent values.
#[must_use]
pub fn estimate(values: &[f64]) -> Estimate {
    let n = values.len() as f64;
    if values.is_empty() {
        return Estimate {
            mean: None,
            ci95: None,
        };
    }
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    let ci95 = (values.len() > 1).then(|| t_975(n - 1.0) * (squares / (n - 1.0) / n).sqrt());
    Estimate {
        mean: Some(mean),
        ci95,
    }
}

/// The 97.5th percentile of Student's t distribution.
///
/// Rounded to nine decimals: the library finds it by iteration with the platform's own logarithm
/// and exponential, whose last bits differ between platforms, and results must not.
fn t_975(freedom: f64) -> f64 {
    let t = StudentsT::new(0.0, 1.0, freedom).expect("at least one degree of freedom");
    libm::round(t.inverse_cdf(0.975) * 1e9) / 1e9
}

/// `aggregate.csv`: a row per combination of swept values, in their order. A metric that some
/// repetitions lack is estimated from those that have it.
#[must_use]
pub fn aggregate(swept: &[SweptKey], runs: &[RunMetrics]) -> Table {
    let (fixed, added) = metric_names(runs);
    let metrics = [fixed, added].concat();
    let mut columns = vec!["runs".to_owned()];
    for metric in &metrics {
        columns.extend([format!("{metric}_mean"), format!("{metric}_ci95")]);
    }
    let taken: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut header: Vec<String> = swept
        .iter()
        .map(|key| key.column_in(&taken).to_owned())
        .collect();
    header.extend(columns);
    let rows = runs
        .chunk_by(|a, b| a.spec.combination == b.spec.combination)
        .map(|runs| row(runs, &metrics))
        .collect();
    Table { header, rows }
}

fn row(runs: &[RunMetrics], metrics: &[&str]) -> Vec<String> {
    let mut cells = runs[0].spec.swept.clone();
    cells.push(runs.len().to_string());
    for metric in metrics {
        let values: Vec<f64> = runs.iter().filter_map(|run| run.get(metric)).collect();
        let Estimate { mean, ci95 } = estimate(&values);
        cells.extend([number(mean), number(ci95)]);
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::testing;

    #[test]
    fn the_interval_is_students() {
        let four = estimate(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(four.mean, Some(2.5));
        // s = sqrt(5/3), s/2 = 0.645497224, times t(0.975; 3) = 3.182446305
        assert!((four.ci95.unwrap() - 2.054_260_23).abs() < 1e-7, "{four:?}");
        assert_eq!(
            estimate(&[7.0]),
            Estimate {
                mean: Some(7.0),
                ci95: None
            }
        );
        assert_eq!(
            estimate(&[]),
            Estimate {
                mean: None,
                ci95: None
            }
        );
        assert_eq!(estimate(&[3.0, 3.0]).ci95, Some(0.0));
    }

    /// Values of a printed table of the distribution.
    #[test]
    fn quantiles_agree_with_the_tables() {
        for (freedom, expected) in [
            (1.0, 12.706_204_736),
            (2.0, 4.302_652_730),
            (3.0, 3.182_446_305),
            (4.0, 2.776_445_105),
            (9.0, 2.262_157_163),
            (29.0, 2.045_229_642),
            (99.0, 1.984_216_952),
            (999.0, 1.962_341_461),
        ] {
            let t = t_975(freedom);
            assert!(
                (t - expected).abs() < 2e-9,
                "t({freedom}) = {t}, not {expected}"
            );
        }
    }

    #[test]
    fn columns_metrics_and_repetitions_stand_where_they_belong() {
        let plan = testing::plan(&["8", "16"], 2);
        let metrics: Vec<Vec<(String, Option<f64>)>> = (0..4_u32)
            .map(|run| {
                let hops = (run != 3).then_some(f64::from(run));
                [
                    ("hops_mean", hops),
                    ("events", Some(10.0)),
                    ("retries", Some(1.0)),
                ]
                .map(|(name, value)| (name.to_owned(), value))
                .to_vec()
            })
            .collect();
        let runs: Vec<RunMetrics> = plan
            .runs
            .iter()
            .zip(&metrics)
            .map(|(spec, metrics)| RunMetrics {
                spec,
                metrics,
                fingerprint: "00ff",
            })
            .collect();
        let table = aggregate(&plan.swept, &runs);
        assert_eq!(
            table.header.join(","),
            "successors,runs,hops_mean_mean,hops_mean_ci95,events_mean,events_ci95,\
             retries_mean,retries_ci95"
        );
        // Runs 0 and 1: mean 0.5, s = sqrt(1/2), s/sqrt(2) = 1/2, times t(1) = 12.706204736.
        assert_eq!(table.rows[0].join(","), "8,2,0.5,6.353102368,10,0,1,0");
        assert_eq!(table.rows[1].join(","), "16,2,2,,10,0,1,0");

        let summary = crate::results::csv::summary(&plan.swept, &runs);
        assert_eq!(
            summary.header.join(","),
            "run,successors,repetition,seed,hops_mean,events,fingerprint,retries"
        );
        assert_eq!(summary.rows[3].join(","), "3,16,1,101,,10,00ff,1");
    }
}
