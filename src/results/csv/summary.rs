//! `summary.csv`: a row per run. The fingerprint stands behind the metrics that were there from the first, what
//! came later behind it.

use std::io;
use std::path::Path;

use super::line::number;
use super::table::CsvTable;
use crate::catalogue::{
    BEFORE_FINGERPRINT, Expected, FINGERPRINT, Metric, RUN_COLUMNS, RunSummary, SUMMARY_FILE,
};
use crate::inputs::rows;
use crate::results::error::{Context as _, ResultsError};
use crate::results::measured::{MeasuredRun, MeasuredRuns};
use crate::scenario::{Plan, RunSpec, SweptKey};

/// The columns that name a run, for a file with these further columns.
pub(crate) fn run_columns(swept: &[SweptKey], others: &[&str]) -> Vec<String> {
    let [run, repetition, seed] = RUN_COLUMNS.map(|column| column.name);
    let own = [run, repetition, seed];
    let taken: Vec<&str> = own.iter().chain(others).copied().collect();
    let mut columns = vec![run.to_owned()];
    columns.extend(swept_columns(swept, &taken));
    columns.extend([repetition.to_owned(), seed.to_owned()]);
    columns
}

/// The columns of the swept keys, in a file in which these other names are taken.
pub(super) fn swept_columns(swept: &[SweptKey], taken: &[&str]) -> Vec<String> {
    let columns = swept.iter().map(|key| key.column_in(taken).to_owned());
    columns.collect()
}

/// The columns of the numbers inside swept tables, in a file with these other columns. They stand behind those.
pub(super) fn part_columns(swept: &[SweptKey], others: &[String]) -> Vec<String> {
    let taken: Vec<&str> = others.iter().map(String::as_str).collect();
    let parts = swept.iter().flat_map(|key| &key.parts);
    parts
        .map(|part| part.column_in(&taken).to_owned())
        .collect()
}

/// The numbers inside swept tables, for these values of the swept keys.
pub(super) fn part_cells<'a>(
    swept: &'a [SweptKey],
    values: &'a [String],
) -> impl Iterator<Item = String> + 'a {
    let pairs = swept.iter().zip(values);
    pairs.flat_map(|(key, value)| {
        key.parts
            .iter()
            .map(move |part| part.cell(value).to_owned())
    })
}

/// The values of the columns that name a run.
pub(crate) fn run_cells(spec: &RunSpec) -> Vec<String> {
    let mut cells = vec![spec.run.to_string()];
    cells.extend(spec.swept.iter().cloned());
    cells.extend([spec.repetition.to_string(), spec.seed.to_string()]);
    cells
}

/// The columns that any of the runs has, in the order in which runs first have them: those before the
/// fingerprint, and those behind it.
pub(super) fn columns(runs: &[MeasuredRun]) -> (Vec<&'static str>, Vec<&'static str>) {
    let (mut before, mut behind, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for run in runs {
        // Most runs have the columns of the one before them.
        let of_run = || run.summary.columns().map(|(name, _)| name);
        if of_run().eq(last.iter().copied()) {
            continue;
        }
        last = of_run().collect();
        let count = run.summary.metrics();
        let count = count.filter(|(metric, _)| *metric <= BEFORE_FINGERPRINT);
        let count = count.count();
        for (at, &name) in last.iter().enumerate() {
            let names = if at < count { &mut before } else { &mut behind };
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    (before, behind)
}

/// The values of a run in these columns. Where they come in the order of the run's own, each is found at once.
pub(super) fn values<'a>(
    summary: &RunSummary,
    names: impl IntoIterator<Item = &'a &'static str>,
) -> impl Iterator<Item = Option<f64>> {
    let own: Vec<_> = summary.columns().collect();
    let mut next = 0;
    names.into_iter().map(move |name| {
        let mut places = (next..own.len()).chain(0..next);
        let place = places.find(|&place| own[place].0 == *name)?;
        next = place + 1;
        own[place].1
    })
}

/// The columns of the swept keys in `summary.csv`.
#[must_use]
pub fn summary_swept_columns(measured: &MeasuredRuns) -> Vec<String> {
    let (before, behind) = columns(&measured.runs);
    let all = [&before[..], &[FINGERPRINT], &behind[..]].concat();
    let columns = run_columns(measured.swept, &all);
    columns[1..=measured.swept.len()].to_vec()
}

/// The whole file.
#[must_use]
pub fn summary(measured: &MeasuredRuns) -> CsvTable {
    let (before, behind) = columns(&measured.runs);
    let all = [&before[..], &[FINGERPRINT], &behind[..]].concat();
    let mut header = run_columns(measured.swept, &all);
    header.extend(all.iter().map(|&name| name.to_owned()));
    header.extend(part_columns(measured.swept, &header));
    let row = |run: &MeasuredRun| {
        let mut cells = run_cells(run.spec);
        cells.extend(values(&run.summary, &before).map(number));
        cells.push(run.summary.fingerprint.clone());
        cells.extend(values(&run.summary, &behind).map(number));
        cells.extend(part_cells(measured.swept, &run.spec.swept));
        cells
    };
    let rows = measured.runs.iter().map(row).collect();
    CsvTable { header, rows }
}

/// What a column of the file says of a run.
enum Says {
    Measured(Metric),
    Expected(Metric),
    StandardError,
    Fingerprint,
    /// Something that this version does not know.
    Other,
}

impl Says {
    fn of(column: &str) -> Self {
        if column == FINGERPRINT {
            return Self::Fingerprint;
        }
        if let Some(metric) = Metric::named(column) {
            return Self::Measured(metric);
        }
        for metric in Metric::expected() {
            let columns = metric.info().expected;
            if columns.is_some_and(|columns| columns.mean == column) {
                return Self::Expected(metric);
            }
            if columns.is_some_and(|columns| columns.standard_error == column) {
                return Self::StandardError;
            }
        }
        Self::Other
    }
}

/// Reads what the runs of a plan measured from the `summary.csv` of its result folder.
///
/// # Errors
/// If the file cannot be read, or is not the summary of this plan.
pub fn read_summary<'a>(folder: &Path, plan: &'a Plan) -> Result<MeasuredRuns<'a>, ResultsError> {
    let path = folder.join(SUMMARY_FILE);
    let runs = read_runs(&path, plan).context("read", &path)?;
    Ok(MeasuredRuns {
        swept: &plan.swept,
        runs,
    })
}

fn read_runs<'a>(path: &Path, plan: &'a Plan) -> io::Result<Vec<MeasuredRun<'a>>> {
    let mut reader = ::csv::Reader::from_reader(rows::open(path)?);
    // The columns that name the run come first; a swept key may be called like anything.
    let own = RUN_COLUMNS.len() + plan.swept.len();
    let columns = reader.headers()?.iter().skip(own).map(Says::of);
    let columns: Vec<Says> = columns.collect();
    let mut runs = Vec::new();
    for row in reader.records() {
        let row = row?;
        let cells = || row.iter().skip(own).zip(&columns);
        let number = row.get(0).and_then(|cell| cell.parse::<usize>().ok());
        let spec = number.and_then(|run| plan.runs.get(run)).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                "a run that the scenario has not",
            )
        })?;
        runs.push(MeasuredRun {
            spec,
            summary: summary_of(cells()),
            audit: None,
        });
    }
    Ok(runs)
}

/// What the cells of one row say.
fn summary_of<'c>(cells: impl Iterator<Item = (&'c str, &'c Says)>) -> RunSummary {
    let mut summary = RunSummary::default();
    for (cell, says) in cells {
        match says {
            Says::Measured(metric) => summary.set(*metric, cell.parse().ok()),
            Says::Expected(metric) => {
                let mean = cell.parse().ok();
                let expected = mean.map(|mean| Expected::exactly(*metric, mean));
                summary.expected.extend(expected);
            }
            // It stands right behind what it is of.
            Says::StandardError => {
                if let (Some(last), Ok(error)) = (summary.expected.last_mut(), cell.parse()) {
                    last.standard_error = error;
                }
            }
            Says::Fingerprint => cell.clone_into(&mut summary.fingerprint),
            Says::Other => {}
        }
    }
    summary
}
