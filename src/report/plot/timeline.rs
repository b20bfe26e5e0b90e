//! Reads `timeline.csv` into at most 240 intervals of equal length, whatever the length of the
//! run and the width of its samples.

use std::collections::BTreeMap;

use super::choice::LineChoice;
use crate::catalogue::{OperationOutcome, RUN_COLUMNS, RecordKind};
use crate::report::folder::FolderError;
use crate::report::folder::ResultFolder;
use crate::report::folder::combination::Strikes;
use crate::report::folder::table::{ResultColumn, ResultRow, ResultTable};

/// The most intervals: about one for every pixel and a half of a picture on a screen.
const MOST: u64 = 240;

/// The runs of a combination by number; of each its intervals by number.
type Runs = BTreeMap<u64, BTreeMap<u64, Interval>>;

/// The kind of an operation that reads.
const GET: &[u8] = b"get";

/// What was measured over time.
pub(super) struct DrawnTimeline {
    /// Length of an interval in seconds.
    pub width: f64,
    /// When the longest run ends, in seconds: the last interval may be cut short by it.
    pub end: f64,
    /// For every combination drawn, its runs; for every run, its intervals by number.
    pub runs: Vec<Runs>,
}

/// What was measured in one interval of one run.
#[derive(Clone, Debug, Default)]
pub(super) struct Interval {
    /// How much of it the rows cover, in seconds.
    pub seconds: f64,
    pub lookups: u64,
    pub ok: u64,
    pub joins: u64,
    /// With and without a goodbye.
    pub departures: u64,
    pub wrong_successors: Mean,
    pub dead_fingers: Mean,
    /// Of the lookups answered rightly.
    pub latency_ms: Mean,
    /// Of a column that is asked for.
    pub other: Mean,
    /// What there is of the values that were stored, at the end of each of its samples.
    pub values: Values,
    /// Share of the members that are selfish, at the end of each of its samples.
    pub selfish: Mean,
    /// Gets that began in it.
    pub gets: u64,
    /// Of those: found the value.
    pub found: u64,
}

/// Values that were stored, in numbers of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Values {
    pub alive: Mean,
    pub lost: Mean,
    pub under_replicated: Mean,
}

/// A mean under way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mean {
    sum: f64,
    weight: f64,
}

impl Mean {
    /// Takes in a value, if there is one.
    pub(super) fn add(&mut self, value: Option<f64>) {
        self.add_weighted(value, 1.0);
    }

    /// Takes in a value that stands for so many, if there is one.
    fn add_weighted(&mut self, value: Option<f64>, weight: f64) {
        if let Some(value) = value {
            self.sum += value * weight;
            self.weight += weight;
        }
    }

    /// The mean of what was taken in.
    pub(super) fn value(self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }
}

/// How the rows of the file are laid over the intervals.
struct Grid {
    width: f64,
    end: f64,
}

impl Grid {
    /// The number of the interval that the row belongs to which ends at `time_s`.
    fn place(&self, time_s: f64) -> u64 {
        let place = ((time_s / self.width - 1e-6).ceil() - 1.0).max(0.0) as u64;
        // A damaged file may say any time; one place more is always a number, too.
        place.min(u64::MAX - 1)
    }

    /// The number of the interval that begins at or before this time. What strikes at the very end of a sample is
    /// counted in it, and drawn where it struck.
    fn behind(&self, time_s: f64) -> u64 {
        let last = self.place(self.end);
        ((time_s / self.width + 1e-6).floor() as u64).min(last)
    }
}

struct Columns {
    run: ResultColumn,
    time_s: ResultColumn,
    lookups: ResultColumn,
    ok: ResultColumn,
    joins: ResultColumn,
    leaves: ResultColumn,
    crashes: ResultColumn,
    wrong_successors: ResultColumn,
    dead_fingers: ResultColumn,
    latency_ms_mean: ResultColumn,
    other: Option<ResultColumn>,
    /// Values alive, lost and under-replicated; results of older versions do not have them.
    values: Option<[ResultColumn; 3]>,
    /// Likewise.
    selfish: Option<ResultColumn>,
}

impl Columns {
    fn of(table: &ResultTable, other: Option<&str>) -> Result<Self, FolderError> {
        let of = |name| table.column(RecordKind::Timeline.info().column(name).name);
        let [run, ..] = RUN_COLUMNS;
        Ok(Self {
            run: table.column(run.name)?,
            time_s: of("time_s")?,
            lookups: of("lookups")?,
            ok: of("ok")?,
            joins: of("joins")?,
            leaves: of("leaves")?,
            crashes: of("crashes")?,
            wrong_successors: of("wrong_successors")?,
            dead_fingers: of("dead_fingers")?,
            latency_ms_mean: of("latency_ms_mean")?,
            other: other.map(|name| table.column(name)).transpose()?,
            values: Self::values(table),
            selfish: table.find(RecordKind::Timeline.info().column("selfish_share").name),
        })
    }

    fn values(table: &ResultTable) -> Option<[ResultColumn; 3]> {
        let of = |name| table.find(RecordKind::Timeline.info().column(name).name);
        Some([
            of("values_alive")?,
            of("values_lost")?,
            of("under_replicated")?,
        ])
    }

    fn time(&self, row: &ResultRow<'_>) -> Result<f64, FolderError> {
        let expected = "seconds, 0 or more";
        let time = row.number(&self.time_s)?.filter(|t| *t >= 0.0);
        time.ok_or_else(|| row.unexpected(&self.time_s, expected))
    }

    /// Adds what came and went in a row to the interval in which it is drawn.
    fn add_churn(
        &self,
        row: &ResultRow<'_>,
        interval: &mut Interval,
        joins: bool,
    ) -> Result<(), FolderError> {
        let count = |column| Ok(row.count(column)?.unwrap_or(0));
        if joins {
            interval.joins = interval.joins.saturating_add(count(&self.joins)?);
        } else {
            interval.departures = interval
                .departures
                .saturating_add(count(&self.leaves)?)
                .saturating_add(count(&self.crashes)?);
        }
        Ok(())
    }

    fn add(&self, row: &ResultRow<'_>, interval: &mut Interval) -> Result<(), FolderError> {
        let count = |column| Ok(row.count(column)?.unwrap_or(0));
        let ok = count(&self.ok)?;
        interval.lookups = interval.lookups.saturating_add(count(&self.lookups)?);
        interval.ok = interval.ok.saturating_add(ok);
        let latency = row.number(&self.latency_ms_mean)?;
        interval.latency_ms.add_weighted(latency, ok as f64);
        if let Some(other) = &self.other {
            interval.other.add(row.number(other)?);
        }
        let wrong = row.number(&self.wrong_successors)?;
        interval.wrong_successors.add(wrong);
        interval.dead_fingers.add(row.number(&self.dead_fingers)?);
        if let Some([alive, lost, under_replicated]) = &self.values {
            let values = &mut interval.values;
            values.alive.add(row.number(alive)?);
            values.lost.add(row.number(lost)?);
            values.under_replicated.add(row.number(under_replicated)?);
        }
        if let Some(selfish) = &self.selfish {
            interval.selfish.add(row.number(selfish)?);
        }
        Ok(())
    }
}

/// Reads the file, in two passes: the first finds how long the runs are. `other` is a column besides those that are
/// always read. `None` without the file or rows in it.
pub(super) fn read(
    folder: &ResultFolder,
    choice: &LineChoice,
    other: Option<&str>,
) -> Result<Option<DrawnTimeline>, FolderError> {
    let Some(grid) = grid(folder)? else {
        return Ok(None);
    };
    let Some(table) = folder.timeline()? else {
        return Ok(None);
    };
    let columns = Columns::of(&table, other)?;
    let mut finder = folder.finder(&table)?;
    let mut runs = vec![Runs::new(); choice.picked.len()];
    let picked = choice.picked.iter().map(|c| &folder.combinations[*c]);
    let strikes = picked.map(|c| [true, false].map(|joins| c.strikes(joins)));
    let strikes: Vec<[Strikes; 2]> = strikes.collect();
    let mut before = (0, 0.0);
    table.each(|row| {
        let run = row.count(&columns.run)?.unwrap_or(0);
        let time = columns.time(row)?;
        let start = if before.0 == run { before.1 } else { 0.0 };
        before = (run, time);
        if let Some(place) = choice.place(finder.find(row)?) {
            let intervals = runs[place].entry(run).or_default();
            let at = grid.place(time);
            let interval = intervals.entry(at).or_default();
            interval.seconds += time - start;
            columns.add(row, interval)?;
            for (joins, strikes) in [true, false].into_iter().zip(&strikes[place]) {
                let struck = strikes.strike(time);
                let drawn_at = if struck { grid.behind(time) } else { at };
                let interval = intervals.entry(drawn_at).or_default();
                columns.add_churn(row, interval, joins)?;
            }
        }
        Ok(())
    })?;
    if other.is_none() {
        add_gets(folder, choice, &grid, &mut runs)?;
    }
    let Grid { width, end } = grid;
    Ok(Some(DrawnTimeline { width, end, runs }))
}

/// Counts the gets of `operations.csv`, if it is there, where they began.
fn add_gets(
    folder: &ResultFolder,
    choice: &LineChoice,
    grid: &Grid,
    runs: &mut [Runs],
) -> Result<(), FolderError> {
    let Some(table) = folder.operations()? else {
        return Ok(());
    };
    let of = |name| table.column(RecordKind::Operation.info().column(name).name);
    let [run, ..] = RUN_COLUMNS;
    let (run, time_s) = (table.column(run.name)?, of("time_s")?);
    let (kind, outcome) = (of("kind")?, of("outcome")?);
    let mut finder = folder.finder(&table)?;
    table.each(|row| {
        if row.bytes(&kind) != GET {
            return Ok(());
        }
        let (run, time) = (row.count(&run)?.unwrap_or(0), row.number(&time_s)?);
        if let (Some(place), Some(time)) = (choice.place(finder.find(row)?), time) {
            let intervals = runs[place].entry(run).or_default();
            let interval = intervals.entry(grid.behind(time)).or_default();
            interval.gets += 1;
            let found = OperationOutcome::Found.name().as_bytes();
            interval.found += u64::from(row.bytes(&outcome) == found);
        }
        Ok(())
    })
}

fn grid(folder: &ResultFolder) -> Result<Option<Grid>, FolderError> {
    let Some(table) = folder.timeline()? else {
        return Ok(None);
    };
    let columns = Columns::of(&table, None)?;
    let (mut sample, mut end) = (f64::INFINITY, 0.0_f64);
    table.each(|row| {
        let time = columns.time(row)?;
        end = end.max(time);
        if time > 0.0 {
            sample = sample.min(time);
        }
        Ok(())
    })?;
    if end == 0.0 {
        return Ok(None);
    }
    let samples = (end / sample).round() as u64;
    let width = sample * samples.div_ceil(MOST).max(1) as f64;
    Ok(Some(Grid { width, end }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_belongs_to_the_interval_that_it_ends_in() {
        let grid = Grid {
            width: 60.0,
            end: 180.0,
        };
        let places = [0.0, 0.1, 60.0, 60.1, 120.0, 180.0].map(|t| grid.place(t));
        assert_eq!(places, [0, 0, 0, 1, 1, 2]);
        // What strikes at its end is drawn in the next one, if there is one.
        assert_eq!([59.0, 60.0, 180.0].map(|t| grid.behind(t)), [0, 1, 2]);
    }

    #[test]
    fn a_mean_of_nothing_does_not_exist() {
        let mut mean = Mean::default();
        mean.add(None);
        assert_eq!(mean.value(), None);
        mean.add(Some(0.5));
        mean.add(Some(0.0));
        assert_eq!(mean.value(), Some(0.25));
    }
}
