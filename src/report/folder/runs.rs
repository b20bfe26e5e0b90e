//! The runs of a result folder: what each measured, as `summary.csv` has it.

use std::collections::BTreeMap;

use super::table::{ResultColumn, ResultRow, ResultTable};
use super::{FolderError, ResultFolder};
use crate::catalogue::{Metric, RUN_COLUMNS, SUMMARY_FILE};

/// A finished run.
#[derive(Clone, Debug)]
pub(crate) struct FolderRun {
    /// The place of its combination in [`ResultFolder::combinations`].
    pub combination: usize,
    /// Its seed.
    pub seed: u64,
    /// What it measured.
    pub values: BTreeMap<Metric, f64>,
    /// What theory expects of a metric, and the standard error of that.
    pub expected: BTreeMap<Metric, [f64; 2]>,
}

impl ResultFolder {
    /// All runs, in their order.
    pub(crate) fn runs(&self) -> Result<Vec<FolderRun>, FolderError> {
        let file = self.dir.join(SUMMARY_FILE);
        let [_, _, seed] = RUN_COLUMNS.map(|column| column.name);
        let table =
            ResultTable::open(file.clone())?.ok_or(FolderError::Missing { file, column: seed })?;
        let columns = Columns::of(&table)?;
        let mut finder = self.finder(&table)?;
        let mut runs = Vec::new();
        table.each(|row| {
            let combination = finder.find(row)?;
            runs.push(columns.read(row, combination)?);
            Ok(())
        })?;
        Ok(runs)
    }
}

/// The columns of `summary.csv` that are read.
struct Columns {
    seed: ResultColumn,
    values: Vec<(Metric, ResultColumn)>,
    expected: Vec<(Metric, [ResultColumn; 2])>,
}

impl Columns {
    fn of(table: &ResultTable) -> Result<Self, FolderError> {
        let [_, _, seed] = RUN_COLUMNS.map(|column| column.name);
        let all = || Metric::ALL.iter().copied();
        let expected = |metric: Metric| {
            let columns = metric.info().expected?;
            let mean = table.find(columns.mean)?;
            Some((metric, [mean, table.find(columns.standard_error)?]))
        };
        Ok(Self {
            seed: table.column(seed)?,
            values: all()
                .filter_map(|metric| Some((metric, table.find(metric.name())?)))
                .collect(),
            expected: all().filter_map(expected).collect(),
        })
    }

    fn read(&self, row: &ResultRow<'_>, combination: usize) -> Result<FolderRun, FolderError> {
        let mut run = FolderRun {
            combination,
            seed: row
                .count(&self.seed)?
                .ok_or_else(|| row.unexpected(&self.seed, "a whole number"))?,
            values: BTreeMap::new(),
            expected: BTreeMap::new(),
        };
        for (metric, column) in &self.values {
            let value = row.number(column)?;
            run.values.extend(value.map(|value| (*metric, value)));
        }
        for (metric, [mean, error]) in &self.expected {
            if let (Some(mean), Some(error)) = (row.number(mean)?, row.number(error)?) {
                run.expected.insert(*metric, [mean, error]);
            }
        }
        Ok(run)
    }
}
