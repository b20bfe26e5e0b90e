//! What was measured beside what theory expects of it: for the table at the end of a run, for the warnings
//! below it, and for `--json`.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Map, Value, json};

use super::json::value;
use crate::catalogue::{Metric, Unit};
use crate::results::csv::{decimals, shown_share, summary_swept_columns};
use crate::results::{MeasuredRun, MeasuredRuns};
use crate::theory::{Agreement, Comparison, bound};

const DISTRUST: &str = "do not trust these numbers before you know why (docs/theory.md)";

/// All comparisons of the runs of one plan.
#[derive(Default)]
pub(crate) struct Comparisons {
    /// Names of the swept columns.
    swept: Vec<String>,
    rows: Vec<Compared>,
    /// Where the rows of a combination are, by its swept values.
    places: BTreeMap<Vec<String>, Range<usize>>,
    /// In how many of the rows chance has a say.
    uncertain: usize,
}

/// One metric of one combination of swept values.
struct Compared {
    swept: Vec<String>,
    metric: Metric,
    comparison: Comparison,
}

impl Comparisons {
    /// The comparisons that what the runs of a plan measured makes possible.
    pub(crate) fn of(measured: &MeasuredRuns) -> Self {
        let same_values = |a: &MeasuredRun, b: &MeasuredRun| a.spec.swept == b.spec.swept;
        let rows: Vec<Compared> = measured
            .runs
            .chunk_by(same_values)
            .flat_map(|runs| {
                Metric::expected().filter_map(move |metric| {
                    Some(Compared {
                        swept: runs[0].spec.swept.clone(),
                        metric,
                        comparison: compare(runs, metric)?,
                    })
                })
            })
            .collect();
        let mut places = BTreeMap::new();
        for (at, row) in rows.iter().enumerate() {
            let place = places.entry(row.swept.clone()).or_insert(at..at);
            place.end = at + 1;
        }
        Self {
            places,
            swept: summary_swept_columns(measured),
            uncertain: rows
                .iter()
                .filter(|row| row.comparison.z().is_some())
                .count(),
            rows,
        }
    }

    /// The comparison of a metric for one combination of swept values.
    pub(crate) fn get(&self, swept: &[String], metric: Metric) -> Option<&Comparison> {
        let rows = &self.rows[self.places.get(swept)?.clone()];
        let row = rows.iter().find(|row| row.metric == metric)?;
        Some(&row.comparison)
    }

    /// A line for each comparison in which the two disagree more than chance explains.
    pub(crate) fn warnings(&self) -> Vec<String> {
        self.lines(|agreement| match agreement {
            Agreement::Disagrees => Some(("warning", DISTRUST.to_owned())),
            Agreement::Agrees | Agreement::Doubtful(_) => None,
        })
    }

    /// A line for each comparison in which they differ as chance rarely has it.
    pub(crate) fn notes(&self) -> Vec<String> {
        self.lines(|agreement| match agreement {
            Agreement::Doubtful(tables) => Some((
                "note",
                format!("chance does that in one table of {tables}; see what another --seed gives"),
            )),
            Agreement::Agrees | Agreement::Disagrees => None,
        })
    }

    /// A line for each comparison for which there is a word and an advice.
    fn lines(&self, word: impl Fn(Agreement) -> Option<(&'static str, String)>) -> Vec<String> {
        let lines = self.rows.iter().filter_map(|row| {
            let (word, advice) = word(self.agreement(row))?;
            Some(format!("{word}: {}; {advice}", self.difference(row)))
        });
        lines.collect()
    }

    fn agreement(&self, row: &Compared) -> Agreement {
        Agreement::on(&row.comparison, self.uncertain)
    }

    fn difference(&self, row: &Compared) -> String {
        let Comparison {
            measured,
            expected,
            standard_error,
        } = row.comparison;
        let half = bound(self.uncertain) * standard_error;
        let (theory, apart) = match row.comparison.z() {
            None => (exact(expected), "chance has no say in it".to_owned()),
            Some(z) if row.metric.info().unit == Unit::Share => (
                shown_share(expected, half),
                format!("{} standard errors apart", exact_to(z.abs(), 2)),
            ),
            Some(z) => (
                format!("{expected:.*} ± {half:.*}", places(half), places(half)),
                format!("{} standard errors apart", exact_to(z.abs(), 2)),
            ),
        };
        format!(
            "{} is {} where theory expects {theory}{}: {apart}",
            row.metric,
            exact_to(measured, 4),
            self.place(row),
        )
    }

    /// Such as ` (routing = fingers, nodes = 500)`; nothing without a sweep.
    fn place(&self, row: &Compared) -> String {
        let swept = self.swept.iter().zip(&row.swept);
        let values: Vec<String> = swept
            .map(|(key, value)| format!("{key} = {value}"))
            .collect();
        if values.is_empty() {
            String::new()
        } else {
            format!(" ({})", values.join(", "))
        }
    }

    /// As an array of objects.
    pub(crate) fn json(&self) -> Value {
        let object = |row: &Compared| {
            let swept = self.swept.iter().zip(&row.swept);
            let mut object: Map<String, Value> = swept
                .map(|(key, cell)| (key.clone(), value(key, cell)))
                .collect();
            object.extend([
                ("metric".to_owned(), row.metric.name().into()),
                ("measured".to_owned(), json!(row.comparison.measured)),
                ("expected".to_owned(), json!(row.comparison.expected)),
                (
                    "standard_error".to_owned(),
                    json!(row.comparison.standard_error),
                ),
                ("z".to_owned(), json!(row.comparison.z())),
                (
                    "agrees".to_owned(),
                    (self.agreement(row) == Agreement::Agrees).into(),
                ),
            ]);
            Value::Object(object)
        };
        self.rows.iter().map(object).collect()
    }
}

/// Over all runs that have a measured and an expected value.
fn compare(runs: &[MeasuredRun], metric: Metric) -> Option<Comparison> {
    let values = runs.iter().filter_map(|run| {
        let (measured, expected) = run.summary.beside_expected(metric)?;
        Some((measured, expected.mean, expected.standard_error))
    });
    Comparison::of(&values.collect::<Vec<_>>())
}

/// An expected value with as many decimals as its error makes worth reading.
pub(super) fn shown(expected: f64, standard_error: f64) -> String {
    if standard_error > 0.0 {
        let places = places(standard_error);
        format!("{expected:.places$}")
    } else {
        exact(expected)
    }
}

fn places(error: f64) -> usize {
    decimals(error, 2)
}

/// A number that is exact, without zeros at its end.
fn exact(value: f64) -> String {
    format!(
        "{value:.*}",
        if value.fract() == 0.0 {
            0
        } else {
            decimals(value, 4)
        }
    )
}

fn exact_to(value: f64, digits: i32) -> String {
    format!("{value:.*}", decimals(value, digits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::RunSummary;
    use crate::report::testing::{measured, plan, summary};

    /// The comparisons of runs with these values of `routing`, on 500 nodes.
    fn comparisons(runs: Vec<(&str, RunSummary)>) -> Comparisons {
        let values: Vec<[&str; 2]> = runs.iter().map(|(routing, _)| [*routing, "500"]).collect();
        let plan = plan(&["chord.routing", "overlay.nodes"], &values);
        let summaries = runs.into_iter().map(|(_, summary)| summary);
        Comparisons::of(&measured(&plan, summaries.collect()))
    }

    /// A run with so many hops, of which theory expects so many.
    fn run(hops: f64, (expected, error): (f64, f64)) -> RunSummary {
        summary(
            &[(Metric::SuccessRate, 1.0), (Metric::HopsMean, hops)],
            &[
                (Metric::SuccessRate, 1.0, 0.0),
                (Metric::HopsMean, expected, error),
            ],
        )
    }

    fn right() -> RunSummary {
        run(249.6, (249.5, 1.2))
    }

    #[test]
    fn broken_fingers_are_noticed_and_said_in_plain_words() {
        let comparisons = comparisons(vec![
            ("successors", right()),
            ("fingers", run(25.2, (3.978, 0.02))),
            ("fingers", run(25.0, (3.982, 0.02))),
        ]);
        // 2 × 25.1 - 2 × 3.98 over sqrt(2) × 0.02; with two comparisons the bound is 2.241.
        assert_eq!(
            comparisons.warnings(),
            [
                "warning: hops_mean is 25.10 where theory expects 3.980 ± 0.032 (routing = \
                 fingers, nodes = 500): 1493 standard errors apart; do not trust these numbers \
                 before you know why (docs/theory.md)"
            ]
        );
    }

    #[test]
    fn agreement_is_silent() {
        let comparisons = comparisons(vec![("successors", right())]);
        assert!(comparisons.warnings().is_empty() && comparisons.notes().is_empty());
        let swept = ["successors".to_owned(), "500".to_owned()];
        let hops = comparisons.get(&swept, Metric::HopsMean).unwrap();
        assert_eq!(shown(hops.expected, hops.standard_error), "249.5");
        let rate = comparisons.get(&swept, Metric::SuccessRate).unwrap();
        assert_eq!(shown(rate.expected, rate.standard_error), "1");
        assert!(comparisons.get(&swept, Metric::KeysP99).is_none());
    }

    #[test]
    fn what_is_exact_allows_no_difference() {
        let lost = summary(
            &[(Metric::SuccessRate, 0.9998)],
            &[(Metric::SuccessRate, 1.0, 0.0)],
        );
        assert_eq!(
            comparisons(vec![("successors", lost)]).warnings(),
            [
                "warning: success_rate is 0.9998 where theory expects 1 (routing = successors, \
                 nodes = 500): chance has no say in it; do not trust these numbers before you know \
                 why (docs/theory.md)"
            ]
        );
    }

    #[test]
    fn what_chance_rarely_does_is_only_noted() {
        let comparisons = comparisons(vec![("successors", run(252.9, (249.5, 1.2)))]);
        assert!(comparisons.warnings().is_empty());
        // 3.4 / 1.2 standard errors: chance goes as far with a probability of 0.0046.
        assert_eq!(
            comparisons.notes(),
            [
                "note: hops_mean is 252.9 where theory expects 249.5 ± 2.4 (routing = successors, \
                 nodes = 500): 2.8 standard errors apart; chance does that in one table of 217; \
                 see what another --seed gives"
            ]
        );
    }

    #[test]
    fn what_does_not_exist_is_not_compared() {
        let silent = summary(&[(Metric::SuccessRate, 1.0)], &[]);
        assert_eq!(comparisons(vec![("successors", silent)]).json(), json!([]));
        // Where no lookup was answered there are no hops.
        let nothing = summary(&[], &[(Metric::HopsMean, 249.5, 1.2)]);
        assert_eq!(comparisons(vec![("successors", nothing)]).json(), json!([]));
    }

    #[test]
    fn as_json_swept_values_are_numbers_again() {
        let json = comparisons(vec![("successors", right())]).json();
        assert_eq!(
            json[0],
            json!({
                "routing": "successors", "nodes": 500, "metric": "success_rate",
                "measured": 1.0, "expected": 1.0, "standard_error": 0.0, "z": null,
                "agrees": true,
            })
        );
        assert_eq!(json[1]["metric"], "hops_mean");
        assert_eq!(json[1]["agrees"], true);
    }
}
