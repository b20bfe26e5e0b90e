//! All tables of a result folder, with what is to be said about them.

use super::build;
use super::choice::{Choice, ChoiceError, Metrics, Where};
use super::data::{Cell, Role, Table};
use super::measurements::Measurements;
use super::thresholds;
use crate::report::folder::{FolderError, ResultFolder};
use crate::report::lines::{counted, listed};
use crate::results::csv::Shown;

/// The most reasons for which runs failed that a note lists.
const REASONS_MAX: usize = 3;

/// Why there are no tables.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TablesError {
    /// The files cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// What was asked for is not there.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
}

/// The tables of a result folder: what was measured, of a sweep with selfish peers what honest ones get, and of a search what
/// it found.
pub(crate) fn of_folder(
    folder: &ResultFolder,
    choice: &Choice,
    wanted: &[Where],
) -> Result<Vec<Table>, TablesError> {
    let mut all = Measurements::of_folder(folder)?;
    choice.metrics.refuse_unmeasured(&all)?;
    let places = all.places(wanted)?;
    all.keep(&places);
    let mut tables = build::tables(&all, choice);
    if choice.metrics == Metrics::OfRun {
        tables.extend(thresholds::of_folder(folder, wanted)?);
    }
    for table in &mut tables {
        table.label = label(&folder.name, &table.label);
    }
    if let Some(first) = tables.first_mut() {
        folder.title.clone_into(&mut first.caption);
        first.label = label(&folder.name, "");
    }
    let notes = notes(folder, &all, &tables);
    if let Some(last) = tables.last_mut() {
        last.notes.extend(notes);
    }
    Ok(tables)
}

/// A name that every format takes.
fn label(name: &str, what: &str) -> String {
    let plain = |sign: char| {
        if sign.is_ascii_alphanumeric() {
            sign
        } else {
            '-'
        }
    };
    let name: String = name.chars().map(plain).collect();
    match what {
        "" => name,
        _ => format!("{name}-{what}"),
    }
}

fn notes(folder: &ResultFolder, all: &Measurements, tables: &[Table]) -> Vec<String> {
    let mut notes = Vec::new();
    let cells = || tables.iter().flat_map(|table| table.rows.iter().flatten());
    let mut shown = cells().map(Cell::shown);
    let has_cut = cells().any(|cell| matches!(cell.shown(), Shown::FromTo(..)));
    let has_interval = has_cut || shown.any(|shown| matches!(shown, Shown::PlusMinus(..)));
    if has_interval {
        notes.push(
            "Mean ± half the width of its 95 % confidence interval (Student t over the runs)."
                .to_owned(),
        );
    } else if all.combinations.iter().all(|it| it.runs < 2) {
        notes.push("One run each, so there are no intervals.".to_owned());
    }
    if has_cut {
        notes.push(
            "The interval of a share is cut at 0 and 1; then its ends stand in brackets."
                .to_owned(),
        );
    }
    let mut columns = tables.iter().flat_map(|table| &table.columns);
    if columns.any(|column| column.role == Role::Beside) {
        notes.push("Expected: what theory says of these rings.".to_owned());
    }
    notes.extend(failures(folder));
    notes.push(format!("Made by {}.", folder.made_by));
    notes
}

/// What is missing.
fn failures(folder: &ResultFolder) -> Option<String> {
    let count = folder.failed.len();
    let mut reasons: Vec<&str> = Vec::new();
    for run in &folder.failed {
        if !reasons.contains(&run.reason.as_str()) {
            reasons.push(&run.reason);
        }
    }
    let reasons = listed(reasons.into_iter().map(str::to_owned), REASONS_MAX);
    (count > 0).then(|| {
        let what = counted(count, "run");
        format!("{what} failed and count nowhere ({reasons}): the column of runs says how many are left.")
    })
}
