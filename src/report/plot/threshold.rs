//! Where a metric passes a level: the curve along which that was looked for, with the level and the thresholds; and the
//! thresholds themselves against what else was swept. They come from `threshold.csv` as they are.

use super::against::Against;
use super::choice;
use super::figure::{Axis, Figure, Point, Series, SeriesShape, quiet};
use super::style::{LOOKS, Look, ORIENTATION};
use super::swept_axis::{self, Along, SweptAxis};
use crate::catalogue::{Metric, Unit};
use crate::report::folder::FolderError;
use crate::report::folder::ResultFolder;
use crate::report::folder::table::{ResultColumn, ResultRow, ResultTable};
use crate::report::lines::capital;

/// A threshold as it is drawn.
struct DrawnThreshold {
    /// A combination of the folder with the same values of what else was swept.
    combination: usize,
    mean: f64,
    /// The ends of its interval; the mean where there is none.
    ends: (f64, f64),
    level: f64,
}

/// The pictures; none if nothing was looked for.
///
/// # Errors
/// If `threshold.csv` is not what it ought to be.
pub(super) fn figures(folder: &ResultFolder) -> Result<Vec<Figure>, FolderError> {
    let Some(table) = folder.thresholds()? else {
        return Ok(Vec::new());
    };
    let Some((metric, drawn)) = read(folder, table)? else {
        return Ok(Vec::new());
    };
    let pictures = [
        curve(folder, metric, &drawn),
        thresholds(folder, metric, &drawn),
    ];
    Ok(pictures.into_iter().flatten().collect())
}

/// What was measured, and every threshold that was found; the level stands with each.
fn read(folder: &ResultFolder, table: ResultTable) -> Result<Option<(Metric, Read)>, FolderError> {
    let columns = Columns::of(folder, &table)?;
    let (mut metric, mut read) = (None, Read::default());
    table.each(|row| {
        let name = row.text(&columns.metric)?;
        metric = metric.or_else(|| Metric::named(name));
        read.level = row.number(&columns.level)?.unwrap_or(read.level);
        read.seeds = row.count(&columns.seeds)?.unwrap_or(read.seeds);
        read.within = row.number(&columns.within)?.unwrap_or(read.within);
        read.found.extend(columns.threshold(folder, row)?);
        Ok(())
    })?;
    Ok(metric.map(|metric| (metric, read)))
}

/// What `threshold.csv` says.
#[derive(Default)]
struct Read {
    level: f64,
    within: f64,
    /// Of each combination.
    seeds: u64,
    found: Vec<DrawnThreshold>,
}

struct Columns {
    others: Vec<ResultColumn>,
    metric: ResultColumn,
    level: ResultColumn,
    within: ResultColumn,
    seeds: ResultColumn,
    mean: ResultColumn,
    ci95: ResultColumn,
}

impl Columns {
    fn of(folder: &ResultFolder, table: &ResultTable) -> Result<Self, FolderError> {
        let others = folder
            .swept
            .split_last()
            .map_or(&[][..], |(_, others)| others);
        Ok(Self {
            others: crate::report::folder::swept_columns(table, others)?,
            metric: table.column("metric")?,
            level: table.column("level")?,
            within: table.column("within")?,
            seeds: table.column("seeds")?,
            mean: table.column("threshold")?,
            ci95: table.column("threshold_ci95")?,
        })
    }

    fn threshold(
        &self,
        folder: &ResultFolder,
        row: &ResultRow<'_>,
    ) -> Result<Option<DrawnThreshold>, FolderError> {
        let Some(mean) = row.number(&self.mean)? else {
            return Ok(None);
        };
        let half = row.number(&self.ci95)?.unwrap_or(0.0);
        let level = row.number(&self.level)?.unwrap_or(0.0);
        let cells: Vec<&[u8]> = self.others.iter().map(|column| row.bytes(column)).collect();
        let is_same = |values: &[String]| {
            let values = values.iter().map(String::as_bytes);
            values.take(cells.len()).eq(cells.iter().copied())
        };
        let mut combinations = folder.combinations.iter();
        let combination = combinations.position(|combination| is_same(&combination.values));
        Ok(combination.map(|combination| DrawnThreshold {
            combination,
            mean,
            ends: (mean - half, mean + half),
            level,
        }))
    }
}

/// The metric against the key that was searched, the level as a line, and on it each threshold with its interval.
fn curve(folder: &ResultFolder, metric: Metric, read: &Read) -> Option<Figure> {
    let last = folder.swept.len().checked_sub(1)?;
    let mut against = Against::of(folder, metric, Along::Key(last))?;
    let others = std::mem::take(&mut against.axis.axis.marks);
    // Every value that was tried would be a tick: round ones say more.
    let ends = (others.first()?.0, others.last()?.0);
    against.axis.axis = Axis::linear(&against.axis.axis.label, ends, 5);
    let (mut series, choice) = against.lines();
    let factor = metric.info().unit.shown_factor();
    let keys: Vec<usize> = (0..last).collect();
    let marks = read.found.iter().filter_map(|found| {
        let label = choice::label(folder, found.combination, &keys);
        let is_of = |line: &&Series| line.label == label || keys.is_empty();
        let look = series.iter().find(is_of)?.look;
        Some(drawn_at(found, look, factor))
    });
    let marks: Vec<Series> = marks.flatten().collect();
    let x = against.axis.axis.range;
    let level = read.level * factor;
    series.insert(0, level_line(x, level));
    series.extend(marks);
    let mut panels = against.panels(series, 220.0);
    let panel = panels.first_mut()?;
    if metric.info().unit == Unit::Share {
        panel.y = Axis::linear(&panel.y.label, (0.0, 100.0), 5);
    }
    let title = format!(
        "{} against {}",
        capital(metric.info().label),
        quiet(&against.axis.axis.label)
    );
    let mut notes = [&choice.notes[..], &against.axis.notes].concat();
    if read.seeds > 1 {
        let seeds = read.seeds;
        notes.push(format!(
            "Bars: 95 % confidence intervals over {seeds} runs."
        ));
    }
    notes.push(format!(
        "On the level: thresholds with their 95 % intervals, known to within {}. Shown are the values that all seeds tried.",
        read.within
    ));
    against.figure("threshold-curve", title, panels, notes)
}

fn level_line((first, last): (f64, f64), level: f64) -> Series {
    Series {
        label: "level".to_owned(),
        look: ORIENTATION[0],
        points: vec![Point::new(first, level), Point::new(last, level)],
        shape: SeriesShape::Plain,
    }
}

/// A thick line from one end of an interval to the other at the height of the level, a marker on its middle, and a thin
/// line down from there.
fn drawn_at(found: &DrawnThreshold, look: Look, factor: f64) -> [Series; 3] {
    let y = found.level * factor;
    let of = |points: Vec<Point>, shape: SeriesShape, width: f64, dash: &'static [f64]| Series {
        label: String::new(),
        look: Look {
            dash,
            width,
            ..look
        },
        points,
        shape,
    };
    let down = vec![Point::new(found.mean, y), Point::new(found.mean, 0.0)];
    let ends = vec![Point::new(found.ends.0, y), Point::new(found.ends.1, y)];
    let middle = vec![Point::new(found.mean, y)];
    [
        of(down, SeriesShape::Plain, 1.0, &[3.0, 3.0]),
        of(ends, SeriesShape::Plain, 5.0, &[]),
        of(middle, SeriesShape::Dots, 1.0, &[]),
    ]
}

/// The thresholds with their intervals against the last of the other swept keys, with lines told apart by what is left.
fn thresholds(folder: &ResultFolder, metric: Metric, read: &Read) -> Option<Figure> {
    let searched = folder.swept.len().checked_sub(1)?;
    let along = searched.checked_sub(1)?;
    let axis = swept_axis::of(folder, Along::Key(along))?;
    let keys: Vec<usize> = (0..along).collect();
    let rows: Vec<Vec<&str>> = read
        .found
        .iter()
        .map(|found| {
            let values = &folder.combinations[found.combination].values;
            keys.iter().map(|key| values[*key].as_str()).collect()
        })
        .collect();
    let places: Vec<usize> = (0..read.found.len()).collect();
    let groups = super::alike::by_key(&places, |at: &usize| rows[*at].clone());
    let lines: Vec<Series> = groups
        .iter()
        .zip(LOOKS)
        .map(|(group, look)| line(folder, read, &axis, &keys, group, look))
        .collect();
    let highest = read
        .found
        .iter()
        .map(|found| found.ends.1)
        .fold(0.0, f64::max);
    let lowest = read
        .found
        .iter()
        .map(|found| found.ends.0)
        .fold(0.0, f64::min);
    if read.found.is_empty() {
        return None;
    }
    let searched = swept_axis::of(folder, Along::Key(searched))?;
    let label = format!("threshold: {}", searched.axis.label);
    let mut notes = axis.notes.clone();
    notes.push(format!(
        "Where {} passes {}: means over seeds, each known to within {}. Bars: 95 % confidence intervals.",
        metric.info().label, read.level, read.within
    ));
    let drawn = groups.len().min(LOOKS.len());
    if drawn < groups.len() {
        notes.push(format!(
            "Shown are the first {drawn} of {} lines.",
            groups.len()
        ));
    }
    Some(Figure {
        name: "threshold".to_owned(),
        title: format!("{} against {}", capital(&label), quiet(&axis.axis.label)),
        subtitle: folder.title.clone(),
        panels: vec![super::figure::Panel {
            title: String::new(),
            y: Axis::linear(&label, (lowest, highest), 5),
            x: axis.axis.clone(),
            series: lines,
            height: 220.0,
        }],
        columns: 1,
        notes,
    })
}

/// The thresholds of one line.
fn line(
    folder: &ResultFolder,
    read: &Read,
    axis: &SweptAxis,
    keys: &[usize],
    group: &[usize],
    look: Look,
) -> Series {
    let point = |at: &usize| {
        let found = &read.found[*at];
        Some(Point {
            x: axis.places[found.combination]?,
            y: found.mean,
            spread: (found.ends.0 < found.ends.1).then_some(found.ends),
        })
    };
    let mut points: Vec<Point> = group.iter().filter_map(point).collect();
    points.sort_by(|a, b| a.x.total_cmp(&b.x));
    Series {
        label: choice::label(folder, read.found[group[0]].combination, keys),
        look,
        points,
        shape: if axis.is_ordered {
            SeriesShape::Marked
        } else {
            SeriesShape::Dots
        },
    }
}
