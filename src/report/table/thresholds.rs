//! The table of a search: at which value a metric passes a level, for each combination of what else is swept.

use super::choice::{Where, same_value};
use super::data::{Cell, Column, Table};
use crate::catalogue::Unit;
use crate::report::folder::table::{ResultColumn, ResultRow, ResultTable};
use crate::report::folder::{FolderError, ResultFolder, Swept};
use crate::results::csv::Estimate;
use crate::scenario::Side;

/// One of its rows.
pub(crate) struct ThresholdRow {
    /// What else is swept.
    pub values: Vec<String>,
    /// `found`, or why there is none.
    pub status: String,
    /// The mean over the seeds, if all have one.
    pub threshold: Estimate,
    /// The least of the seeds that have one.
    pub least: Option<f64>,
    /// The greatest.
    pub greatest: Option<f64>,
    /// Repetitions, each searched for itself.
    pub seeds: u64,
    /// Runs of all of them.
    pub runs: u64,
}

/// The status of a combination of which every seed has a threshold.
const FOUND: &str = "found";

/// The table, where what else is swept has these names.
pub(crate) fn table(caption: String, names: &[&str], rows: &[ThresholdRow]) -> Table {
    let mut columns: Vec<Column> = names.iter().map(|name| Column::key(name)).collect();
    let own = ["threshold", "least", "greatest", "seeds", "runs"];
    columns.extend(own.map(|name| Column::value(name, name)));
    let end = |value: Option<f64>| {
        let shown = |value: f64| Cell::Number(value, value.to_string());
        value.map_or_else(|| Cell::Text("–".to_owned()), shown)
    };
    let row = |row: &ThresholdRow| {
        let mut cells: Vec<Cell> = row.values.iter().cloned().map(Cell::Text).collect();
        cells.extend([
            if row.status == FOUND {
                Cell::Estimate(row.threshold, Unit::Ratio)
            } else {
                Cell::Text(row.status.clone())
            },
            end(row.least),
            end(row.greatest),
            Cell::Whole(row.seeds),
            Cell::Whole(row.runs),
        ]);
        cells
    };
    Table {
        caption,
        label: "threshold".to_owned(),
        columns,
        rows: rows.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

/// That of a result folder, if it is one of a search.
pub(super) fn of_folder(
    folder: &ResultFolder,
    wanted: &[Where],
) -> Result<Option<Table>, FolderError> {
    let Some(file) = folder.thresholds()? else {
        return Ok(None);
    };
    // Of all swept keys the last is the one that was searched.
    let others = folder.swept.split_last().map_or(&[][..], |(_, it)| it);
    let columns = Columns::of(&file, others)?;
    let (mut rows, mut caption) = (Vec::new(), String::new());
    file.each(|row| {
        caption = columns.caption(row)?;
        let row = columns.read(row)?;
        rows.extend(is_wanted(others, wanted, &row.values).then_some(row));
        Ok(())
    })?;
    let names: Vec<&str> = others.iter().map(|key| key.column.as_str()).collect();
    Ok(Some(table(caption, &names, &rows)))
}

/// Whether a combination has the values that are asked for; a search has tried many of the key along which it searched.
fn is_wanted(others: &[Swept], wanted: &[Where], values: &[String]) -> bool {
    others.iter().zip(values).all(|(key, there)| {
        let is_of = |one: &&Where| one.key == key.key || one.key == key.column;
        let mut of_key = wanted.iter().filter(is_of).peekable();
        of_key.peek().is_none() || of_key.any(|one| same_value(there, &one.value))
    })
}

/// The columns of `threshold.csv` that are read.
struct Columns {
    swept: Vec<ResultColumn>,
    words: [ResultColumn; 5],
    numbers: [ResultColumn; 4],
    counts: [ResultColumn; 2],
}

impl Columns {
    fn of(table: &ResultTable, others: &[Swept]) -> Result<Self, FolderError> {
        let swept = others.iter().map(|key| {
            key.find(table)
                .map_or_else(|| table.column(&key.column), Ok)
        });
        let [metric, side, level, along, status] =
            ["metric", "side", "level", "along", "status"].map(|name| table.column(name));
        let [mean, ci95, least, greatest] = [
            "threshold",
            "threshold_ci95",
            "threshold_min",
            "threshold_max",
        ]
        .map(|name| table.column(name));
        Ok(Self {
            swept: swept.collect::<Result<_, _>>()?,
            words: [metric?, side?, level?, along?, status?],
            numbers: [mean?, ci95?, least?, greatest?],
            counts: [table.column("seeds")?, table.column("runs")?],
        })
    }

    /// What was looked for.
    fn caption(&self, row: &ResultRow<'_>) -> Result<String, FolderError> {
        let [metric, side, level, along, _] = &self.words;
        let side = match row.text(side)? {
            above if above == Side::Above.name() => Side::Above,
            _ => Side::Below,
        };
        let passes = side.passes();
        Ok(format!(
            "Where {} {passes} {} along {}",
            row.text(metric)?,
            row.text(level)?,
            row.text(along)?
        ))
    }

    fn read(&self, row: &ResultRow<'_>) -> Result<ThresholdRow, FolderError> {
        let [mean, ci95, least, greatest] = &self.numbers;
        let [seeds, runs] = &self.counts;
        let values = self.swept.iter().map(|at| Ok(row.text(at)?.to_owned()));
        Ok(ThresholdRow {
            values: values.collect::<Result<_, FolderError>>()?,
            status: row.text(&self.words[4])?.to_owned(),
            threshold: Estimate {
                mean: row.number(mean)?,
                ci95: row.number(ci95)?,
            },
            least: row.number(least)?,
            greatest: row.number(greatest)?,
            seeds: row.count(seeds)?.unwrap_or(0),
            runs: row.count(runs)?.unwrap_or(0),
        })
    }
}
