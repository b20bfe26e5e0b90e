//! Cumulative distributions: which share of all values is at most so large.

use hdrhistogram::Histogram;

use super::figure::{Axis, Figure, Panel, Point, Series, SeriesShape};
use super::style::LOOKS;

/// Steps of a curve; also the resolution with which its ends are shown.
const STEPS: u32 = 400;

/// What is written on a picture.
pub(super) struct Words<'a> {
    pub name: &'a str,
    pub title: &'a str,
    pub subtitle: &'a str,
    pub x: &'a str,
    pub y: &'a str,
}

/// One line.
pub(super) struct Curve<'a> {
    pub label: String,
    pub values: &'a Histogram<u64>,
}

/// An empty histogram: exact up to 2047, within 0.1 % beyond, of bounded size.
pub(super) fn histogram() -> Histogram<u64> {
    Histogram::new(3).expect("three significant digits are allowed")
}

/// Counts a value; one beyond 2^50 (35 years in microseconds) counts as that.
pub(super) fn record(values: &mut Histogram<u64>, value: u64) {
    values
        .record(value.min(1 << 50))
        .expect("the histogram grows with its values");
}

/// A picture with one line per curve, a recorded 1 being `unit` on the axis; `None` if there are
/// no values. The axis is logarithmic if the values span more than two decades.
pub(super) fn figure(
    words: &Words<'_>,
    curves: Vec<Curve<'_>>,
    unit: f64,
    notes: Vec<String>,
) -> Option<Figure> {
    // A combination keeps its look where another one has no values.
    let series: Vec<Series> = curves
        .into_iter()
        .enumerate()
        .filter(|(_, curve)| !curve.values.is_empty())
        .map(|(i, curve)| Series {
            points: points(curve.values, unit),
            label: curve.label,
            look: LOOKS[i],
            shape: SeriesShape::Line(i),
        })
        .collect();
    let x = axis(words.x, &series)?;
    Some(Figure {
        name: words.name.to_owned(),
        title: words.title.to_owned(),
        subtitle: words.subtitle.to_owned(),
        panels: vec![Panel {
            title: String::new(),
            x,
            y: Axis::linear(words.y, (0.0, 100.0), 5),
            series,
            height: 200.0,
        }],
        columns: 1,
        notes,
    })
}

fn points(values: &Histogram<u64>, unit: f64) -> Vec<Point> {
    let at = |i: u32| {
        let share = f64::from(i) / f64::from(STEPS);
        Point::new(values.value_at_quantile(share) as f64 * unit, share * 100.0)
    };
    (0..=STEPS).map(at).collect()
}

fn axis(label: &str, series: &[Series]) -> Option<Axis> {
    let values = || series.iter().flat_map(|s| &s.points).map(|p| p.x);
    let high = values().max_by(f64::total_cmp)?;
    let low = values().filter(|x| *x > 0.0).min_by(f64::total_cmp);
    Some(match low {
        Some(low) if high / low > 100.0 => Axis::log(label, (low, high)),
        _ => Axis::linear(label, (0.0, high), 6),
    })
}
