//! What was measured beside what theory expects of it: read from the columns of `summary.csv`, for
//! the table at the end of a run, for the warnings below it, and for `--json`.

use serde_json::{Map, Value, json};

use crate::results::csv::{Table, decimals};
use crate::theory::{Comparison, QUANTITIES, Quantity, Verdict, bound};

const DISTRUST: &str = "do not trust these numbers before you know why (docs/theory.md)";

/// All comparisons of one result folder.
#[derive(Default)]
pub(super) struct Expected {
    /// Names of the swept columns.
    swept: Vec<String>,
    rows: Vec<Row>,
    /// In how many of the rows chance has a say.
    uncertain: usize,
}

/// One metric of one combination of swept values.
struct Row {
    swept: Vec<String>,
    metric: &'static str,
    comparison: Comparison,
}

impl Expected {
    /// The comparisons that a `summary.csv` makes possible.
    pub(super) fn read(summary: &Table) -> Self {
        let end = summary.column("repetition").unwrap_or(1);
        let rows: Vec<Row> = summary
            .rows
            .chunk_by(|a, b| a[1..end] == b[1..end])
            .flat_map(|runs| {
                QUANTITIES.iter().filter_map(move |quantity| {
                    Some(Row {
                        swept: runs[0][1..end].to_vec(),
                        metric: quantity.metric,
                        comparison: compare(summary, runs, *quantity)?,
                    })
                })
            })
            .collect();
        Self {
            swept: summary.header[1..end].to_vec(),
            uncertain: rows
                .iter()
                .filter(|row| row.comparison.z().is_some())
                .count(),
            rows,
        }
    }

    /// The comparison of a metric for one combination of swept values.
    pub(super) fn get(&self, swept: &[String], metric: &str) -> Option<&Comparison> {
        let mut rows = self.rows.iter();
        rows.find(|row| row.metric == metric && row.swept == swept)
            .map(|row| &row.comparison)
    }

    /// A line for each comparison in which the two disagree more than chance explains.
    pub(super) fn warnings(&self) -> Vec<String> {
        self.lines(|verdict| match verdict {
            Verdict::Disagrees => Some(("warning", DISTRUST.to_owned())),
            Verdict::Agrees | Verdict::Doubtful(_) => None,
        })
    }

    /// A line for each comparison in which they differ as chance rarely has it.
    pub(super) fn notes(&self) -> Vec<String> {
        self.lines(|verdict| match verdict {
            Verdict::Doubtful(tables) => Some((
                "note",
                format!("chance does that in one table of {tables}; see what another --seed gives"),
            )),
            Verdict::Agrees | Verdict::Disagrees => None,
        })
    }

    /// A line for each comparison with a verdict for which there is a word and an advice.
    fn lines(&self, word: impl Fn(Verdict) -> Option<(&'static str, String)>) -> Vec<String> {
        let lines = self.rows.iter().filter_map(|row| {
            let (word, advice) = word(self.verdict(row))?;
            Some(format!("{word}: {}; {advice}", self.difference(row)))
        });
        lines.collect()
    }

    fn verdict(&self, row: &Row) -> Verdict {
        Verdict::on(&row.comparison, self.uncertain)
    }

    fn difference(&self, row: &Row) -> String {
        let Comparison {
            measured,
            expected,
            standard_error,
        } = row.comparison;
        let half = bound(self.uncertain) * standard_error;
        let (theory, apart) = match row.comparison.z() {
            None => (exact(expected), "chance has no say in it".to_owned()),
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
    fn place(&self, row: &Row) -> String {
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
    pub(super) fn json(&self) -> Value {
        let object = |row: &Row| {
            let swept = self.swept.iter().zip(&row.swept);
            let mut object: Map<String, Value> = swept
                .map(|(key, value)| (key.clone(), super::run::value(key, value)))
                .collect();
            object.extend([
                ("metric".to_owned(), row.metric.into()),
                ("measured".to_owned(), json!(row.comparison.measured)),
                ("expected".to_owned(), json!(row.comparison.expected)),
                (
                    "standard_error".to_owned(),
                    json!(row.comparison.standard_error),
                ),
                ("z".to_owned(), json!(row.comparison.z())),
                (
                    "agrees".to_owned(),
                    (self.verdict(row) == Verdict::Agrees).into(),
                ),
            ]);
            Value::Object(object)
        };
        self.rows.iter().map(object).collect()
    }
}

/// Over all runs that have a measured and an expected value.
fn compare(summary: &Table, runs: &[Vec<String>], quantity: Quantity) -> Option<Comparison> {
    let columns = [quantity.metric, quantity.column, quantity.error_column];
    let mut at = [0; 3];
    for (at, column) in at.iter_mut().zip(columns) {
        *at = summary.column(column)?;
    }
    let number = |run: &Vec<String>, at: usize| run[at].parse().ok();
    let values: Vec<(f64, f64, f64)> = runs
        .iter()
        .filter_map(|run| {
            Some((
                number(run, at[0])?,
                number(run, at[1])?,
                number(run, at[2])?,
            ))
        })
        .collect();
    Comparison::of(&values)
}

/// An expected value with as many decimals as its error makes worth reading.
pub(super) fn shown(comparison: &Comparison) -> String {
    if comparison.standard_error > 0.0 {
        let places = places(comparison.standard_error);
        format!("{:.places$}", comparison.expected)
    } else {
        exact(comparison.expected)
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

    fn summary(rows: &[&str]) -> Table {
        let header = "run,routing,nodes,repetition,seed,success_rate,hops_mean,fingerprint,\
                      expected_success_rate,expected_success_rate_se,expected_hops_mean,\
                      expected_hops_mean_se";
        let cells = |row: &str| row.split(',').map(str::to_owned).collect();
        Table {
            header: cells(header),
            rows: rows.iter().map(|row| cells(row)).collect(),
        }
    }

    const RIGHT: &str = "0,successors,500,0,7,1,249.6,00ff,1,0,249.5,1.2";

    #[test]
    fn broken_fingers_are_noticed_and_said_in_plain_words() {
        let expected = Expected::read(&summary(&[
            RIGHT,
            "1,fingers,500,0,7,1,25.2,00ff,1,0,3.978,0.02",
            "2,fingers,500,1,8,1,25,00ff,1,0,3.982,0.02",
        ]));
        let warnings = expected.warnings();
        // 2 × 25.1 - 2 × 3.98 over sqrt(2) × 0.02; with two comparisons the bound is 2.241.
        assert_eq!(
            warnings,
            [
                "warning: hops_mean is 25.10 where theory expects 3.980 ± 0.032 (routing = \
                 fingers, nodes = 500): 1493 standard errors apart; do not trust these numbers \
                 before you know why (docs/theory.md)"
            ]
        );
    }

    #[test]
    fn agreement_is_silent() {
        let expected = Expected::read(&summary(&[RIGHT]));
        assert!(expected.warnings().is_empty() && expected.notes().is_empty());
        let swept = ["successors".to_owned(), "500".to_owned()];
        let hops = expected.get(&swept, "hops_mean").unwrap();
        assert_eq!(shown(hops), "249.5");
        assert_eq!(shown(expected.get(&swept, "success_rate").unwrap()), "1");
        assert!(expected.get(&swept, "keys_p99").is_none());
    }

    #[test]
    fn what_is_exact_allows_no_difference() {
        let lost = RIGHT.replace(",7,1,249.6", ",7,0.9998,249.6");
        let warnings = Expected::read(&summary(&[&lost])).warnings();
        assert_eq!(
            warnings,
            [
                "warning: success_rate is 0.9998 where theory expects 1 (routing = successors, \
                 nodes = 500): chance has no say in it; do not trust these numbers before you know \
                 why (docs/theory.md)"
            ]
        );
    }

    #[test]
    fn what_chance_rarely_does_is_only_noted() {
        let far = RIGHT.replace("249.6", "252.9");
        let expected = Expected::read(&summary(&[&far]));
        assert!(expected.warnings().is_empty());
        // 3.4 / 1.2 standard errors: chance goes as far with a probability of 0.0046.
        assert_eq!(
            expected.notes(),
            [
                "note: hops_mean is 252.9 where theory expects 249.5 ± 2.4 (routing = successors, \
                 nodes = 500): 2.8 standard errors apart; chance does that in one table of 217; \
                 see what another --seed gives"
            ]
        );
    }

    #[test]
    fn what_does_not_exist_is_not_compared() {
        let silent = "0,successors,500,0,7,1,249.6,00ff,,,,";
        let expected = Expected::read(&summary(&[silent]));
        assert_eq!(expected.json(), json!([]));
        let old = Table {
            header: ["run", "repetition", "seed", "hops_mean"]
                .map(str::to_owned)
                .to_vec(),
            rows: vec![["0", "0", "7", "3.9"].map(str::to_owned).to_vec()],
        };
        assert_eq!(Expected::read(&old).json(), json!([]));
    }

    #[test]
    fn as_json_swept_values_are_numbers_again() {
        let json = Expected::read(&summary(&[RIGHT])).json();
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
