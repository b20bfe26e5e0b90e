//! The small files: tables held in memory, written and read by the `csv` crate because their
//! cells may hold text of the user's (a swept list of identifiers has commas in it).

use std::io;
use std::path::Path;

use super::line::number;
use crate::scenario::{RunSpec, SweptKey};

/// A header and rows of as many cells.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    /// Names of the columns.
    pub header: Vec<String>,
    /// Rows from top to bottom.
    pub rows: Vec<Vec<String>>,
}

/// What one run contributes to `summary.csv`.
#[derive(Clone, PartialEq, Debug)]
pub struct RunMetrics<'a> {
    /// The run.
    pub spec: &'a RunSpec,
    /// Its metrics in the order of the columns.
    pub metrics: &'a [(String, Option<f64>)],
    /// The digest of its events.
    pub fingerprint: &'a str,
}

impl RunMetrics<'_> {
    /// The value of a metric; `None` if the run does not have it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        let found = self.metrics.iter().find(|(metric, _)| metric == name)?;
        found.1.filter(|value| value.is_finite())
    }
}

impl Table {
    /// As CSV.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        for row in std::iter::once(&self.header).chain(&self.rows) {
            writer
                .write_record(row)
                .expect("every row is as long as the header, and memory takes them all");
        }
        writer.into_inner().expect("memory takes it all")
    }

    /// Reads a CSV file.
    ///
    /// # Errors
    /// If it cannot be read or its rows differ in length.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut reader = ::csv::Reader::from_path(path)?;
        let cells = |record: &::csv::StringRecord| record.iter().map(str::to_owned).collect();
        let header = cells(reader.headers()?);
        let rows = reader
            .records()
            .map(|record| record.map(|record| cells(&record)))
            .collect::<Result<_, _>>()?;
        Ok(Self { header, rows })
    }

    /// The position of a column.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }
}

/// The columns that name a run, for a file with these further columns.
pub fn run_columns(swept: &[SweptKey], fixed: &[&str]) -> Vec<String> {
    let own = ["run", "repetition", "seed"];
    let taken: Vec<&str> = own.iter().chain(fixed).copied().collect();
    let mut columns = vec!["run".to_owned()];
    columns.extend(swept.iter().map(|key| key.column_in(&taken).to_owned()));
    columns.extend(["repetition".to_owned(), "seed".to_owned()]);
    columns
}

/// The values of those columns.
pub fn run_cells(spec: &RunSpec) -> Vec<String> {
    let mut cells = vec![spec.run.to_string()];
    cells.extend(spec.swept.iter().cloned());
    cells.extend([spec.repetition.to_string(), spec.seed.to_string()]);
    cells
}

/// The metrics that any of the runs has: the fixed ones up to `events`, and the others.
pub(super) fn metric_names<'a>(runs: &'a [RunMetrics<'_>]) -> (Vec<&'a str>, Vec<&'a str>) {
    let (mut fixed, mut added) = (Vec::new(), Vec::new());
    for run in runs {
        let mut names = &mut fixed;
        for (name, _) in run.metrics {
            if !names.contains(&name.as_str()) {
                names.push(name.as_str());
            }
            if name == "events" {
                names = &mut added;
            }
        }
    }
    added.retain(|name| !fixed.contains(name));
    (fixed, added)
}

/// `summary.csv`: a row per run. The fingerprint stands after `events`, before what is not among
/// the fixed metrics.
#[must_use]
pub fn summary(swept: &[SweptKey], runs: &[RunMetrics]) -> Table {
    let (fixed, added) = metric_names(runs);
    let columns = [&fixed[..], &["fingerprint"], &added[..]].concat();
    let mut header = run_columns(swept, &columns);
    header.extend(columns.iter().map(|&name| name.to_owned()));
    let row = |run: &RunMetrics| {
        let cell = |name: &&str| number(run.get(name));
        let mut cells = run_cells(run.spec);
        cells.extend(fixed.iter().map(cell));
        cells.push(run.fingerprint.to_owned());
        cells.extend(added.iter().map(cell));
        cells
    };
    let rows = runs.iter().map(row).collect();
    Table { header, rows }
}
