//! Reads `timeline.csv` into at most 240 intervals of equal length, whatever the length of the
//! run and the width of its samples.

use std::collections::BTreeMap;

use super::choice::LineChoice;
use super::error::PlotError;
use super::folder::ResultFolder;
use super::table::{PlotColumn, PlotRow, PlotTable};
use crate::catalogue::{RUN_COLUMNS, RecordKind};

/// The most intervals: about one for every pixel and a half of a picture on a screen.
const MOST: u64 = 240;

/// What was measured over time.
pub(super) struct DrawnTimeline {
    /// Length of an interval in seconds.
    pub width: f64,
    /// For every combination drawn, its runs; for every run, its intervals by number.
    pub runs: Vec<BTreeMap<u64, BTreeMap<u64, Interval>>>,
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
}

/// A mean under way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mean {
    sum: f64,
    count: u64,
}

impl Mean {
    /// Takes in a value, if there is one.
    pub(super) fn add(&mut self, value: Option<f64>) {
        if let Some(value) = value {
            self.sum += value;
            self.count += 1;
        }
    }

    /// The mean of what was taken in.
    pub(super) fn value(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }
}

/// How the rows of the file are laid over the intervals.
struct Grid {
    width: f64,
}

impl Grid {
    /// The number of the interval that the row belongs to which ends at `time_s`.
    fn place(&self, time_s: f64) -> u64 {
        ((time_s / self.width - 1e-6).ceil() - 1.0).max(0.0) as u64
    }
}

struct Columns {
    run: PlotColumn,
    time_s: PlotColumn,
    lookups: PlotColumn,
    ok: PlotColumn,
    joins: PlotColumn,
    leaves: PlotColumn,
    crashes: PlotColumn,
    wrong_successors: PlotColumn,
    dead_fingers: PlotColumn,
}

impl Columns {
    fn of(table: &PlotTable) -> Result<Self, PlotError> {
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
        })
    }

    fn time(&self, row: &PlotRow<'_>) -> Result<f64, PlotError> {
        let expected = "seconds, 0 or more";
        let time = row.number(&self.time_s)?.filter(|t| *t >= 0.0);
        time.ok_or_else(|| row.unexpected(&self.time_s, expected))
    }

    fn add(&self, row: &PlotRow<'_>, interval: &mut Interval) -> Result<(), PlotError> {
        let count = |column| Ok(row.count(column)?.unwrap_or(0));
        interval.lookups += count(&self.lookups)?;
        interval.ok += count(&self.ok)?;
        interval.joins += count(&self.joins)?;
        interval.departures += count(&self.leaves)? + count(&self.crashes)?;
        let wrong = row.number(&self.wrong_successors)?;
        interval.wrong_successors.add(wrong);
        interval.dead_fingers.add(row.number(&self.dead_fingers)?);
        Ok(())
    }
}

/// Reads the file, in two passes: the first finds how long the runs are. `None` without the file
/// or rows in it.
pub(super) fn read(
    folder: &ResultFolder,
    choice: &LineChoice,
) -> Result<Option<DrawnTimeline>, PlotError> {
    let Some(grid) = grid(folder)? else {
        return Ok(None);
    };
    let Some(table) = folder.timeline()? else {
        return Ok(None);
    };
    let columns = Columns::of(&table)?;
    let mut finder = folder.finder(&table)?;
    let mut runs = vec![BTreeMap::<u64, BTreeMap<u64, Interval>>::new(); choice.picked.len()];
    let mut before = (0, 0.0);
    table.each(|row| {
        let run = row.count(&columns.run)?.unwrap_or(0);
        let time = columns.time(row)?;
        let start = if before.0 == run { before.1 } else { 0.0 };
        before = (run, time);
        if let Some(place) = choice.place(finder.find(row)?) {
            let intervals = runs[place].entry(run).or_default();
            let interval = intervals.entry(grid.place(time)).or_default();
            interval.seconds += time - start;
            columns.add(row, interval)?;
        }
        Ok(())
    })?;
    let width = grid.width;
    Ok(Some(DrawnTimeline { width, runs }))
}

fn grid(folder: &ResultFolder) -> Result<Option<Grid>, PlotError> {
    let Some(table) = folder.timeline()? else {
        return Ok(None);
    };
    let columns = Columns::of(&table)?;
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
    Ok(Some(Grid { width }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_belongs_to_the_interval_that_it_ends_in() {
        let grid = Grid { width: 60.0 };
        let places = [0.0, 0.1, 60.0, 60.1, 120.0, 180.0].map(|t| grid.place(t));
        assert_eq!(places, [0, 0, 0, 1, 1, 2]);
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
