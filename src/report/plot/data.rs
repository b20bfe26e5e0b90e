//! Figures as data, for a page that draws them itself: the same panels, axes, series and notes as in the files. Maps of the
//! network come as they are drawn.

use serde_json::{Value, json};

use super::figure::{Axis, Figure, Panel, Point, Series, SeriesShape};
use super::style::Marker;
use super::{PlotError, Shown, canvas, shown};
use crate::report::folder::ResultFolder;

/// The most points of one figure. What has more is thinned.
const POINTS_MAX: usize = 8000;
/// The fewest points that a series is thinned to.
const SERIES_POINTS_MIN: usize = 60;

/// What a page shows of a result.
pub(crate) struct PicturesAsData {
    /// Figures with axes.
    pub figures: Vec<Value>,
    /// Maps of the network: their names, and the SVG.
    pub maps: Vec<(String, String)>,
}

/// All pictures of a result folder.
///
/// # Errors
/// As [`draw`](super::draw).
pub(crate) fn of_folder(folder: &ResultFolder) -> Result<PicturesAsData, PlotError> {
    let Shown { figures, maps } = shown(folder, true)?;
    let drawn = maps.into_iter().map(|(name, map)| {
        let map = canvas::finished(map, false);
        match map {
            Ok(map) => Ok((name, map.svg)),
            Err(reason) => Err(PlotError::Draw { name, reason }),
        }
    });
    Ok(PicturesAsData {
        maps: drawn.collect::<Result<_, _>>()?,
        figures: figures.iter().map(figure).collect(),
    })
}

fn figure(figure: &Figure) -> Value {
    let series = figure.panels.iter().flat_map(|panel| &panel.series);
    let lengths: Vec<usize> = series.map(|series| series.points.len()).collect();
    let most = most_points(&lengths);
    let panels: Vec<Value> = figure.panels.iter().map(|it| panel(it, most)).collect();
    let mut notes = figure.notes.clone();
    if lengths.iter().any(|length| *length > most) {
        let all: usize = lengths.iter().sum();
        notes.push(format!(
            "Of {all} points some are left out here, the lowest and the highest of each stretch never; the files of the picture \
             have all."
        ));
    }
    json!({
        "name": figure.name, "title": figure.title, "subtitle": figure.subtitle,
        "columns": figure.columns, "panels": panels, "notes": notes,
    })
}

/// The most points of a series, so that all together are not too many.
fn most_points(lengths: &[usize]) -> usize {
    let all: usize = lengths.iter().sum();
    if all <= POINTS_MAX {
        return usize::MAX;
    }
    (POINTS_MAX / lengths.len().max(1)).max(SERIES_POINTS_MIN)
}

fn panel(panel: &Panel, most: usize) -> Value {
    let series: Vec<Value> = panel.series.iter().map(|it| series(it, most)).collect();
    json!({
        "title": panel.title, "height": panel.height,
        "x": axis(&panel.x), "y": axis(&panel.y), "series": series,
    })
}

fn axis(axis: &Axis) -> Value {
    json!({
        "label": axis.label, "range": [axis.range.0, axis.range.1], "log": axis.log, "step": axis.step,
        "numbers": axis.numbers, "marks": axis.marks,
    })
}

fn series(series: &Series, most: usize) -> Value {
    let (shape, shift) = match series.shape {
        SeriesShape::Marked => ("marked", 0),
        SeriesShape::Dots => ("dots", 0),
        SeriesShape::Line(shift) => ("line", shift),
        SeriesShape::Plain => ("plain", 0),
        SeriesShape::Area => ("area", 0),
    };
    let points: Vec<Value> = thinned(&series.points, most).iter().map(point).collect();
    json!({
        "label": series.label, "color": series.look.color, "dash": series.look.dash, "width": series.look.width,
        "marker": marker(series.look.marker), "shape": shape, "shift": shift, "points": points,
    })
}

/// Where it is, and the ends of its uncertainty if it has one.
fn point(point: &Point) -> Value {
    let (x, y) = (tidy(point.x), tidy(point.y));
    match point.spread {
        Some((low, high)) => json!([x, y, tidy(low), tidy(high)]),
        None => json!([x, y]),
    }
}

/// Twelve digits: what a factor of 100 adds behind them is no part of the value.
fn tidy(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

fn marker(marker: Marker) -> &'static str {
    match marker {
        Marker::Circle => "circle",
        Marker::Square => "square",
        Marker::Triangle => "triangle",
        Marker::Diamond => "diamond",
        Marker::TriangleDown => "triangle-down",
        Marker::Cross => "cross",
        Marker::Plus => "plus",
        Marker::Star => "star",
    }
}

/// About as many points as that: of each stretch its lowest and its highest, in their order.
fn thinned(points: &[Point], most: usize) -> Vec<Point> {
    if points.len() <= most {
        return points.to_vec();
    }
    let length = points.len().div_ceil((most / 2).max(1));
    let ends = points.chunks(length).flat_map(|stretch| {
        let places = || 0..stretch.len();
        let low = places().min_by(|a, b| stretch[*a].y.total_cmp(&stretch[*b].y));
        let high = places().max_by(|a, b| stretch[*a].y.total_cmp(&stretch[*b].y));
        let (low, high) = (low.unwrap_or(0), high.unwrap_or(0));
        let first = stretch[low.min(high)];
        let last = (low != high).then(|| stretch[low.max(high)]);
        [Some(first), last].into_iter().flatten()
    });
    ends.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_thinned_keeps_its_extremes_and_its_order() {
        let point = |i: i32| Point::new(f64::from(i), f64::from((i * 7919) % 1000));
        let all: Vec<Point> = (0..10_000).map(point).collect();
        let few = thinned(&all, 100);
        assert!((51..=100).contains(&few.len()), "{}", few.len());
        assert!(few.windows(2).all(|pair| pair[0].x < pair[1].x));
        let extremes = |points: &[Point]| {
            let values = || points.iter().map(|point| point.y);
            (
                values().fold(f64::MAX, f64::min),
                values().fold(0.0, f64::max),
            )
        };
        assert_eq!(extremes(&few), extremes(&all));
        assert_eq!(thinned(&all[..99], 100).len(), 99);
    }

    #[test]
    fn the_factor_of_a_share_leaves_nothing_behind() {
        assert_eq!(tidy(0.07 * 100.0).to_string(), "7");
        assert_eq!(
            tidy(-0.000_123_456_789_012_3).to_string(),
            "-0.000123456789012"
        );
        assert_eq!(most_points(&[10, 20]), usize::MAX);
        assert_eq!(most_points(&[8000, 8000]), 4000);
    }
}
