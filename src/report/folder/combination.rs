//! One combination of swept values: what its runs come to, and what was simulated.

use std::collections::BTreeMap;

use serde_json::Value;

use super::FolderError;
use super::table::{ResultColumn, ResultRow, ResultTable};
use super::{Swept, swept_columns};
use crate::catalogue::{Metric, RUNS, aggregate_columns};
use crate::report::numbers::{number, quantity};
use crate::results::csv::Estimate;

/// One combination of swept values, with its means over the repetitions.
#[derive(Clone, Debug)]
pub(crate) struct DrawnCombination {
    /// As they are written, one for each swept key.
    pub values: Vec<String>,
    /// The numbers inside swept tables, by their keys, as they are written; empty for one that a table has not.
    parts: BTreeMap<String, String>,
    /// Repetitions.
    pub runs: u64,
    /// Of each metric that the file has.
    estimates: BTreeMap<Metric, Estimate>,
    /// What theory expects of a metric.
    expected: BTreeMap<Metric, f64>,
    /// What was simulated, as it stands in the manifest; null if it does not say.
    pub scenario: Value,
}

impl DrawnCombination {
    /// Mean and interval of a metric.
    pub(crate) fn estimate(&self, metric: Metric) -> Estimate {
        let nothing = Estimate {
            mean: None,
            ci95: None,
        };
        self.estimates.get(&metric).copied().unwrap_or(nothing)
    }

    /// Mean and interval of each metric that the file has.
    pub(crate) fn estimates(&self) -> impl Iterator<Item = (Metric, Estimate)> {
        let all = self.estimates.iter();
        all.map(|(metric, estimate)| (*metric, *estimate))
    }

    /// What theory expects of a metric, if anything.
    pub(crate) fn expected(&self, metric: Metric) -> Option<f64> {
        self.expected.get(&metric).copied()
    }

    /// A number inside a swept table as it is written; empty if the table has none.
    pub(crate) fn part(&self, key: &str) -> &str {
        self.parts.get(key).map_or("", String::as_str)
    }

    /// After how many seconds a lookup is given up, if that is known.
    pub(crate) fn timeout_s(&self) -> Option<f64> {
        seconds(&self.scenario["overlay"]["request_timeout"])
    }

    /// Whether all hosts are equally far from each other.
    pub(crate) fn is_equidistant(&self) -> bool {
        self.scenario["network"]["model"].get("constant").is_some()
    }

    /// Whether peers turn selfish, or honest, on the way.
    pub(crate) fn peers_turn(&self) -> bool {
        let who = &self.scenario["selfish"]["who"];
        ["ramp", "decide"].iter().any(|it| who.get(it).is_some())
    }

    /// When many come, or go, at once.
    pub(crate) fn strikes(&self, joins: bool) -> Strikes {
        let faults = self.scenario["faults"].as_array();
        let of_kind = faults.into_iter().flatten().filter(|fault| {
            let kind = &fault["kind"];
            if joins {
                kind.get("join").is_some()
            } else {
                ["kill", "leave"]
                    .iter()
                    .any(|deed| kind.get(deed).is_some())
                    || kind == "crash_well_known"
            }
        });
        Strikes::at(of_kind.filter_map(|fault| seconds(&fault["at"])).collect())
    }

    /// When something strikes, in seconds, and what, in words.
    pub(crate) fn faults(&self) -> Vec<(f64, String)> {
        let faults = self.scenario["faults"].as_array();
        faults.into_iter().flatten().flat_map(moments).collect()
    }
}

/// The seconds at which something strikes, in order.
pub(crate) struct Strikes(Vec<f64>);

impl Strikes {
    fn at(mut seconds: Vec<f64>) -> Self {
        seconds.sort_unstable_by(f64::total_cmp);
        Self(seconds)
    }

    /// Whether it strikes at this second.
    pub(crate) fn strike(&self, second: f64) -> bool {
        let next = self.0.partition_point(|at| at - second <= -1e-6);
        self.0.get(next).is_some_and(|at| at - second < 1e-6)
    }
}

/// A duration as the manifest has it.
fn seconds(duration: &Value) -> Option<f64> {
    quantity(duration.as_str()?)
}

const CUT_OFF: &str = "are cut off";
const CUT_IS_OVER: &str = "the cut is over";

/// When a fault strikes, and when it is over if it lasts, with what happens then.
fn moments(fault: &Value) -> Vec<(f64, String)> {
    let Some(at) = seconds(&fault["at"]) else {
        return Vec::new();
    };
    let mut moments = vec![(at, deed(&fault["kind"]))];
    if let Some(length) = seconds(&fault["kind"]["partition"]["for"]) {
        moments.push((at + length, CUT_IS_OVER.to_owned()));
    }
    moments
}

/// What a moment is called where it is not the same in all combinations, and which look it has.
pub(crate) fn sort_of_moment(deed: &str) -> (&'static str, usize) {
    match deed {
        CUT_IS_OVER => ("a cut ends", 2),
        _ if deed.ends_with(CUT_OFF) => ("a cut begins", 1),
        _ => ("a fault strikes", 0),
    }
}

/// What a fault does, in words.
fn deed(kind: &Value) -> String {
    if let Some(share) = kind["kill"].as_f64() {
        return format!("{}\u{a0}% crash", number(share * 100.0));
    }
    if let Some(share) = kind["leave"].as_f64() {
        return format!("{}\u{a0}% leave", number(share * 100.0));
    }
    if let Some(count) = kind["join"].as_f64() {
        return format!("{} join", number(count));
    }
    if let Some(share) = kind["partition"]["share"].as_f64() {
        let percent = number(share * 100.0);
        return format!("{percent}\u{a0}% {CUT_OFF}");
    }
    if kind == "crash_well_known" {
        return "the well-known node crashes".to_owned();
    }
    "a fault".to_owned()
}

/// The columns of `aggregate.csv` that are drawn.
struct Columns {
    swept: Vec<ResultColumn>,
    parts: Vec<(String, ResultColumn)>,
    runs: ResultColumn,
    estimates: Vec<(Metric, [ResultColumn; 2])>,
    expected: Vec<(Metric, ResultColumn)>,
}

impl Columns {
    fn of(table: &ResultTable, swept: &[Swept]) -> Result<Self, FolderError> {
        let swept_columns = swept_columns(table, swept)?;
        // These two every file has; others came later, or are there for some scenarios only.
        for metric in [Metric::SuccessRate, Metric::HopsMean] {
            for column in aggregate_columns(metric.name()) {
                table.column(&column)?;
            }
        }
        let all = || Metric::ALL.iter().copied();
        let estimate = |metric: Metric| {
            let [mean, ci95] = aggregate_columns(metric.name());
            Some((metric, [table.find(&mean)?, table.find(&ci95)?]))
        };
        let expected = |metric: Metric| {
            let [mean, _] = aggregate_columns(metric.info().expected?.mean);
            Some((metric, table.find(&mean)?))
        };
        let parts = swept.iter().flat_map(|key| &key.parts);
        let part = |part: &Swept| Some((part.key.clone(), part.find(table)?));
        Ok(Self {
            swept: swept_columns,
            parts: parts.filter_map(part).collect(),
            runs: table.column(RUNS)?,
            estimates: all().filter_map(estimate).collect(),
            expected: all().filter_map(expected).collect(),
        })
    }

    fn read(&self, row: &ResultRow<'_>) -> Result<DrawnCombination, FolderError> {
        let mut combination = DrawnCombination {
            values: Vec::new(),
            parts: BTreeMap::new(),
            runs: row.count(&self.runs)?.unwrap_or(0),
            estimates: BTreeMap::new(),
            expected: BTreeMap::new(),
            scenario: Value::Null,
        };
        for column in &self.swept {
            combination.values.push(row.text(column)?.to_owned());
        }
        for (key, column) in &self.parts {
            row.number(column)?;
            combination
                .parts
                .insert(key.clone(), row.text(column)?.to_owned());
        }
        for (metric, [mean, ci95]) in &self.estimates {
            let estimate = Estimate {
                mean: row.number(mean)?,
                ci95: row.number(ci95)?,
            };
            combination.estimates.insert(*metric, estimate);
        }
        for (metric, column) in &self.expected {
            let mean = row.number(column)?;
            combination
                .expected
                .extend(mean.map(|mean| (*metric, mean)));
        }
        Ok(combination)
    }
}

/// The combinations in `aggregate.csv`, in its order.
pub(crate) fn all(
    table: ResultTable,
    swept: &[Swept],
) -> Result<Vec<DrawnCombination>, FolderError> {
    let columns = Columns::of(&table, swept)?;
    let mut combinations = Vec::new();
    table.each(|row| {
        combinations.push(columns.read(row)?);
        Ok(())
    })?;
    Ok(combinations)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where cuts of 60 s and 90 s are compared, an end is an end and no fault.
    #[test]
    fn a_moment_is_called_by_what_it_is() {
        let said = |kind: Value| {
            let fault = serde_json::json!({ "at": "30s", "kind": kind });
            let told = |(second, deed): &(f64, String)| (*second, sort_of_moment(deed).0);
            moments(&fault).iter().map(told).collect::<Vec<_>>()
        };
        let cut = serde_json::json!({ "partition": { "share": 0.5, "for": "60s" } });
        assert_eq!(said(cut), [(30.0, "a cut begins"), (90.0, "a cut ends")]);
        let crash = serde_json::json!({ "kill": 0.3 });
        assert_eq!(said(crash), [(30.0, "a fault strikes")]);
    }

    #[test]
    fn a_strike_is_found_among_many_whatever_their_order() {
        let strikes = Strikes::at(vec![90.0, 30.0, 60.0, 30.0]);
        let found = [29.9, 30.0, 30.000_000_1, 31.0, 60.0, 90.0, 91.0].map(|s| strikes.strike(s));
        assert_eq!(found, [false, true, true, false, true, true, false]);
        assert!(!Strikes::at(Vec::new()).strike(0.0));
    }
}
