//! Cumulative distributions: which share of all there is has a value of at most so much. A line ends at the
//! share that has a value at all.

use hdrhistogram::Histogram;

use super::alike;
use super::figure::{Axis, Figure, Panel, Point, Series, SeriesShape};
use super::style::{LOOKS, ORIENTATION};

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
#[derive(Clone, PartialEq)]
pub(super) struct Curve<'a> {
    pub label: String,
    /// What stands behind its name.
    pub behind: String,
    /// Which of the looks it has.
    pub look: usize,
    pub values: &'a Histogram<u64>,
    /// The share of all that has a value, 0 to 1: where the line ends.
    pub ends_at: f64,
    /// When some of those without a value were given up, on the axis: so far the line runs on.
    pub given_up: Option<f64>,
}

impl Curve<'_> {
    /// How far the line runs on beyond its last value.
    fn runs_to(&self) -> Option<f64> {
        self.given_up.filter(|_| self.ends_at < 1.0)
    }

    fn is_like(&self, other: &Self) -> bool {
        self.values == other.values
            && self.ends_at.total_cmp(&other.ends_at).is_eq()
            && self.given_up == other.given_up
    }
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
/// no values.
pub(super) fn figure(
    words: &Words<'_>,
    curves: &[Curve<'_>],
    unit: f64,
    notes: Vec<String>,
) -> Option<Figure> {
    let x = axis(words.x, &[curves], unit)?;
    let panel = panel(x, words.y, curves, unit, 200.0);
    let mut notes = notes;
    notes.extend(self::notes(curves));
    Some(Figure {
        name: words.name.to_owned(),
        title: words.title.to_owned(),
        subtitle: words.subtitle.to_owned(),
        panels: vec![panel],
        columns: 1,
        notes,
    })
}

/// A panel with one line per curve; curves that are the same share one. A combination keeps its look where
/// another one has no values.
pub(super) fn panel(x: Axis, y: &str, curves: &[Curve<'_>], unit: f64, height: f64) -> Panel {
    let (drawn, groups) = groups(curves);
    let mut series: Vec<Series> = timeout(&drawn).into_iter().collect();
    series.extend(groups.into_iter().map(|group| {
        let curve = drawn[group[0]];
        let mut label = alike::label(&labels(&drawn, &group));
        if label.is_empty() && !curve.behind.is_empty() {
            "answered rightly".clone_into(&mut label);
        }
        Series {
            points: points(curve, unit),
            label: format!("{label}{}", curve.behind),
            look: LOOKS[curve.look],
            shape: SeriesShape::Line(curve.look),
        }
    }));
    Panel {
        title: String::new(),
        x,
        y: Axis::linear(y, (0.0, 100.0), 5),
        series,
        height,
    }
}

/// The curves that have values, and which of them are the same.
fn groups<'a, 'c>(curves: &'c [Curve<'a>]) -> (Vec<&'c Curve<'a>>, Vec<Vec<usize>>) {
    let drawn: Vec<&Curve<'_>> = curves.iter().filter(|c| !c.values.is_empty()).collect();
    let groups = alike::groups(&drawn, |a, b| a.is_like(b));
    (drawn, groups)
}

fn labels<'c>(drawn: &[&'c Curve<'_>], group: &[usize]) -> Vec<&'c str> {
    group.iter().map(|at| drawn[*at].label.as_str()).collect()
}

/// The names that lines have no room for.
pub(super) fn notes(curves: &[Curve<'_>]) -> Vec<String> {
    let (drawn, groups) = groups(curves);
    let note = |group: &Vec<usize>| alike::note(&labels(&drawn, group));
    groups.iter().filter_map(note).collect()
}

/// The line at which what has no value was given up, if that is the same for all.
fn timeout(curves: &[&Curve<'_>]) -> Option<Series> {
    let mut ends = curves.iter().filter_map(|curve| curve.runs_to());
    let at = ends.next()?;
    ends.all(|other| other.total_cmp(&at).is_eq())
        .then(|| Series {
            label: "timeout: lookups are given up".to_owned(),
            look: ORIENTATION[1],
            points: vec![Point::new(at, 0.0), Point::new(at, 100.0)],
            shape: SeriesShape::Plain,
        })
}

fn points(curve: &Curve<'_>, unit: f64) -> Vec<Point> {
    let at = |i: u32| {
        let share = f64::from(i) / f64::from(STEPS);
        let value = curve.values.value_at_quantile(share) as f64 * unit;
        Point::new(value, share * curve.ends_at * 100.0)
    };
    let mut points: Vec<Point> = (0..=STEPS).map(at).collect();
    let last = points[points.len() - 1];
    let on = curve.runs_to().filter(|end| *end > last.x);
    points.extend(on.map(|end| Point::new(end, last.y)));
    points
}

/// The axis for all these curves; `None` if they have no values. It is logarithmic if the values span more than
/// two decades.
pub(super) fn axis(label: &str, curves: &[&[Curve<'_>]], unit: f64) -> Option<Axis> {
    let drawn = || {
        curves
            .iter()
            .copied()
            .flatten()
            .filter(|c| !c.values.is_empty())
    };
    let highest = |curve: &Curve<'_>| {
        let high = curve.values.max() as f64 * unit;
        curve.runs_to().map_or(high, |end| end.max(high))
    };
    let high = drawn().map(highest).max_by(f64::total_cmp)?;
    let low = drawn().map(|curve| curve.values.min_nz() as f64 * unit);
    let low = low.min_by(f64::total_cmp)?;
    Some(if low < high && high / low > 100.0 {
        Axis::log(label, (low, high))
    } else {
        Axis::linear(label, (0.0, high), 6)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[u64]) -> Histogram<u64> {
        let mut histogram = histogram();
        for value in values {
            record(&mut histogram, *value);
        }
        histogram
    }

    fn curve(values: &Histogram<u64>, ends_at: f64, given_up: Option<f64>) -> Curve<'_> {
        Curve {
            label: String::new(),
            behind: String::new(),
            look: 0,
            values,
            ends_at,
            given_up,
        }
    }

    /// 3 of 4 have a value, the largest is 30: the line is at 75 % there, and still so at the timeout of 100.
    #[test]
    fn a_line_ends_at_the_share_that_has_a_value_and_runs_on_to_the_timeout() {
        let values = of(&[10, 20, 30]);
        let points = points(&curve(&values, 0.75, Some(100.0)), 1.0);
        let last: Vec<_> = points[points.len() - 2..]
            .iter()
            .map(|p| (p.x, p.y))
            .collect();
        assert_eq!(last, [(30.0, 75.0), (100.0, 75.0)]);
        // A third of those that have a value: 25 % of all.
        let first = points.iter().rfind(|p| p.x <= 10.0).unwrap();
        assert!((first.y - 25.0).abs() < 100.0 / f64::from(STEPS));
    }

    #[test]
    fn what_loses_nothing_is_not_given_up() {
        let values = of(&[10, 20]);
        let whole = curve(&values, 1.0, Some(100.0));
        assert_eq!(points(&whole, 1.0).last().map(|p| p.x), Some(20.0));
        assert!(timeout(&[&whole]).is_none());
    }

    #[test]
    fn the_timeout_is_marked_where_it_is_the_same_for_all() {
        let values = of(&[10]);
        let (one, other) = (
            curve(&values, 0.5, Some(9.0)),
            curve(&values, 0.5, Some(8.0)),
        );
        assert!(timeout(&[&one, &one]).is_some());
        assert!(timeout(&[&one, &other]).is_none());
    }

    #[test]
    fn curves_that_are_the_same_are_drawn_once() {
        let values = of(&[10, 20]);
        let named = |label: &str, ends_at| Curve {
            label: label.to_owned(),
            ..curve(&values, ends_at, None)
        };
        let curves = [named("a", 1.0), named("b", 0.5), named("c", 1.0)];
        let panel = panel(Axis::linear("", (0.0, 1.0), 5), "", &curves, 1.0, 100.0);
        let labels: Vec<&str> = panel.series.iter().map(|s| s.label.as_str()).collect();
        assert_eq!(labels, ["a = c", "b"]);
    }
}
