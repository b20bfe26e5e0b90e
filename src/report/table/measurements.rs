//! What the runs of each combination measured, in the mean: from a result folder, or from the runs that have just been made.

use std::collections::BTreeMap;

use crate::catalogue::Metric;
use crate::report::comparisons::Comparisons;
use crate::report::folder::combination::DrawnCombination;
use crate::report::folder::{FolderError, ResultFolder, Swept};
use crate::results::csv::{Aggregate, Estimate};
use crate::theory::Comparison;

/// What tables of metrics are made of.
pub(crate) struct Measurements {
    /// What is swept.
    pub swept: Vec<SweptName>,
    /// A row each.
    pub combinations: Vec<Measured>,
}

/// A swept key.
#[derive(Clone, Debug)]
pub(crate) struct SweptName {
    /// In full, where that is known.
    pub key: String,
    /// As files name its column.
    pub column: String,
}

/// One combination of swept values.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    /// The swept values.
    pub values: Vec<String>,
    /// Its finished runs.
    pub runs: u64,
    /// Of each metric that the results have, with a value or without.
    pub estimates: BTreeMap<Metric, Estimate>,
    /// What theory expects beside what was measured, where there are both.
    pub expected: BTreeMap<Metric, Comparison>,
}

/// What runs measured, what theory expects of it, and the standard error of that.
type Beside = BTreeMap<Metric, Vec<(f64, f64, f64)>>;

impl Measurements {
    /// Of runs that are still in memory.
    pub(crate) fn of_runs(aggregate: &Aggregate, comparisons: &Comparisons) -> Self {
        let places: Vec<(Metric, usize)> = Metric::ALL
            .iter()
            .filter_map(|metric| Some((*metric, aggregate.place(metric.name())?)))
            .collect();
        let combinations = aggregate.combinations.iter().map(|combination| Measured {
            values: combination.values.clone(),
            runs: combination.runs as u64,
            estimates: places
                .iter()
                .map(|&(metric, at)| (metric, combination.estimates[at]))
                .collect(),
            expected: Metric::expected()
                .filter_map(|metric| Some((metric, *comparisons.get(&combination.values, metric)?)))
                .collect(),
        });
        let name = |column: &String| SweptName {
            key: column.clone(),
            column: column.clone(),
        };
        Self {
            swept: aggregate.swept.iter().map(name).collect(),
            combinations: combinations.collect(),
        }
    }

    /// Of a result folder: means from `aggregate.csv`, what is expected from `summary.csv`.
    pub(crate) fn of_folder(folder: &ResultFolder) -> Result<Self, FolderError> {
        let mut beside: Vec<Beside> = vec![BTreeMap::new(); folder.combinations.len()];
        for run in folder.runs()? {
            for (metric, [mean, error]) in run.expected {
                if let Some(&measured) = run.values.get(&metric) {
                    let all = beside[run.combination].entry(metric).or_default();
                    all.push((measured, mean, error));
                }
            }
        }
        let combinations = folder.combinations.iter().zip(beside);
        let measured = |(combination, beside): (&DrawnCombination, Beside)| {
            let of = |(metric, runs): (Metric, Vec<_>)| Some((metric, Comparison::of(&runs)?));
            Measured {
                values: combination.values.clone(),
                runs: combination.runs,
                estimates: combination.estimates().collect(),
                expected: beside.into_iter().filter_map(of).collect(),
            }
        };
        let name = |key: &Swept| SweptName {
            key: key.key.clone(),
            column: key.column.clone(),
        };
        Ok(Self {
            swept: folder.swept.iter().map(name).collect(),
            combinations: combinations.map(measured).collect(),
        })
    }

    /// Whether the results have a metric at all, with a value or without.
    pub(crate) fn has(&self, metric: Metric) -> bool {
        let mut all = self.combinations.iter();
        all.any(|combination| combination.estimates.contains_key(&metric))
    }

    /// Whether it has a value in some combination.
    pub(crate) fn has_value(&self, metric: Metric) -> bool {
        let mut all = self.combinations.iter();
        all.any(|combination| combination.mean(metric).is_some())
    }
}

impl Measured {
    /// The mean of a metric over the runs.
    pub(crate) fn mean(&self, metric: Metric) -> Option<f64> {
        self.estimate(metric).mean
    }

    /// Its mean and interval.
    pub(crate) fn estimate(&self, metric: Metric) -> Estimate {
        let nothing = Estimate {
            mean: None,
            ci95: None,
        };
        self.estimates.get(&metric).copied().unwrap_or(nothing)
    }
}
