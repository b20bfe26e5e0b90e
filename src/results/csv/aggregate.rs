//! `aggregate.csv`: means over repetitions, with 95 % confidence intervals.

use statrs::distribution::{ContinuousCDF as _, StudentsT};

use super::line::number;
use super::shown::Estimate;
use super::summary::{columns, part_cells, part_columns, swept_columns};
use super::table::CsvTable;
use crate::catalogue::{RUNS, aggregate_columns, to_15_digits};
use crate::results::measured::{MeasuredRun, MeasuredRuns};

/// Estimates the mean behind independent values, in 15 digits.
#[must_use]
pub fn estimate(values: &[f64]) -> Estimate {
    let n = values.len() as f64;
    if values.is_empty() {
        return Estimate {
            mean: None,
            ci95: None,
        };
    }
    let first = values[0];
    // The sum of equal values is rounded, and would leave a spread behind where there is none.
    let mean = if values
        .iter()
        .all(|value| value.to_bits() == first.to_bits())
    {
        first
    } else {
        values.iter().sum::<f64>() / n
    };
    let squares: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    let ci95 = (values.len() > 1).then(|| t_975(n - 1.0) * (squares / (n - 1.0) / n).sqrt());
    Estimate {
        mean: Some(to_15_digits(mean)),
        ci95: ci95.map(to_15_digits),
    }
}

/// The 97.5th percentile of Student's t distribution.
///
/// Rounded to nine decimals: the library finds it by iteration with the platform's own logarithm
/// and exponential, whose last bits differ between platforms, and results must not.
#[must_use]
pub fn t_975(freedom: f64) -> f64 {
    let t = StudentsT::new(0.0, 1.0, freedom).expect("some degrees of freedom");
    libm::round(t.inverse_cdf(0.975) * 1e9) / 1e9
}

/// What the runs of each combination come to, in the mean over the repetitions.
#[derive(Clone, PartialEq, Debug)]
pub struct Aggregate {
    /// The columns of the swept keys.
    pub swept: Vec<String>,
    /// What is estimated: columns of `summary.csv`.
    pub columns: Vec<&'static str>,
    /// The combinations, in their order.
    pub combinations: Vec<CombinedRuns>,
    /// The columns of the numbers inside swept tables, which stand behind all others.
    pub parts: Vec<String>,
}

/// What the runs of one combination come to.
#[derive(Clone, PartialEq, Debug)]
pub struct CombinedRuns {
    /// The swept values.
    pub values: Vec<String>,
    /// How many of its runs are finished.
    pub runs: usize,
    /// Of each column. One that some repetitions lack is estimated from those that have it.
    pub estimates: Vec<Estimate>,
    /// The numbers inside swept tables.
    pub parts: Vec<String>,
}

impl Aggregate {
    /// Of the runs of a plan.
    #[must_use]
    pub fn of(measured: &MeasuredRuns) -> Self {
        let (before, behind) = columns(&measured.runs);
        let columns = [before, behind].concat();
        let estimates = |runs: &[MeasuredRun]| {
            let of = |column: &&str| {
                let values = runs.iter().filter_map(|run| run.summary.column(column));
                estimate(&values.collect::<Vec<_>>())
            };
            columns.iter().map(of).collect()
        };
        let combination = |runs: &[MeasuredRun]| CombinedRuns {
            values: runs[0].spec.swept.clone(),
            runs: runs.len(),
            estimates: estimates(runs),
            parts: part_cells(measured.swept, &runs[0].spec.swept).collect(),
        };
        let names = names(&columns);
        let taken: Vec<&str> = names.iter().map(String::as_str).collect();
        let swept = swept_columns(measured.swept, &taken);
        Self {
            parts: part_columns(measured.swept, &[&swept[..], &names].concat()),
            swept,
            combinations: measured.combinations().map(combination).collect(),
            columns,
        }
    }

    /// The place of a column of `summary.csv` among the estimates.
    #[must_use]
    pub fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| *name == column)
    }

    /// As `aggregate.csv`: a row per combination.
    #[must_use]
    pub fn to_table(&self) -> CsvTable {
        let mut header = self.swept.clone();
        header.extend(names(&self.columns));
        header.extend(self.parts.iter().cloned());
        let row = |combination: &CombinedRuns| {
            let mut cells = combination.values.clone();
            cells.push(combination.runs.to_string());
            for Estimate { mean, ci95 } in &combination.estimates {
                cells.extend([number(*mean), number(*ci95)]);
            }
            cells.extend(combination.parts.iter().cloned());
            cells
        };
        CsvTable {
            header,
            rows: self.combinations.iter().map(row).collect(),
        }
    }
}

/// The columns behind those of the swept keys.
fn names(columns: &[&str]) -> Vec<String> {
    let estimates = columns.iter().flat_map(|column| aggregate_columns(column));
    std::iter::once(RUNS.to_owned()).chain(estimates).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;
    use crate::catalogue::{Expected, Metric, RunSummary};
    use crate::results::csv::summary::{read_summary, summary};
    use crate::results::testing;
    use crate::scenario::Plan;

    /// 0.2 + 0.2 + 0.2 is 0.6000000000000001, and a third of it is not 0.2.
    #[test]
    fn equal_values_have_no_spread() {
        for count in 2..20 {
            let estimate = estimate(&vec![0.2; count]);
            assert_eq!((estimate.mean, estimate.ci95), (Some(0.2), Some(0.0)));
        }
    }

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

    /// Four runs of two combinations, the last of which has no hops.
    fn measured(plan: &Plan) -> MeasuredRuns<'_> {
        let run = |spec| {
            let mut summary = RunSummary::new("00ff".to_owned());
            let hops = (plan.runs.last() != Some(spec)).then_some(f64::from(spec.run));
            summary.extend([
                (Metric::HopsMean, hops),
                (Metric::Events, Some(10.0)),
                (Metric::LostMessages, Some(1.0)),
            ]);
            MeasuredRun {
                spec,
                summary,
                audit: None,
            }
        };
        MeasuredRuns {
            swept: &plan.swept,
            runs: plan.runs.iter().map(run).collect(),
        }
    }

    #[test]
    fn columns_metrics_and_repetitions_stand_where_they_belong() {
        let plan = testing::plan(&["8", "16"], 2);
        let measured = measured(&plan);
        let table = Aggregate::of(&measured).to_table();
        assert_eq!(
            table.header.join(","),
            "successors,runs,hops_mean_mean,hops_mean_ci95,events_mean,events_ci95,\
             lost_messages_mean,lost_messages_ci95"
        );
        // Runs 0 and 1: mean 0.5, s = sqrt(1/2), s/sqrt(2) = 1/2, times t(1) = 12.706204736.
        assert_eq!(table.rows[0].join(","), "8,2,0.5,6.353102368,10,0,1,0");
        assert_eq!(table.rows[1].join(","), "16,2,2,,10,0,1,0");

        let summary = summary(&measured);
        assert_eq!(
            summary.header.join(","),
            "run,successors,repetition,seed,hops_mean,events,fingerprint,lost_messages"
        );
        assert_eq!(summary.rows[3].join(","), "3,16,1,101,,10,00ff,1");
    }

    /// What theory expects of some runs only stands at the end, in the order in which it comes up.
    #[test]
    fn a_summary_is_read_as_it_was_written() {
        let plan = testing::plan(&["8", "16"], 2);
        let mut written = measured(&plan);
        let expected = |metric, mean, standard_error| Expected {
            metric,
            mean,
            standard_error,
        };
        let third = expected(Metric::HopsMean, 0.333_25, 1e-9);
        let rate = Expected::exactly(Metric::SuccessRate, 1.0);
        written.runs[1].summary.expected = vec![third];
        written.runs[2].summary.expected = vec![rate, third];
        let table = summary(&written);
        assert!(
            table.header.ends_with(
                &[
                    "lost_messages",
                    "expected_hops_mean",
                    "expected_hops_mean_se",
                    "expected_success_rate",
                    "expected_success_rate_se",
                ]
                .map(str::to_owned)
            )
        );
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("summary.csv"), table.to_csv()).unwrap();
        let read = read_summary(folder.path(), &plan).unwrap();
        assert_eq!(summary(&read), table);
        assert_eq!(read.runs[3], written.runs[3]);
    }
}
