//! What a picture consists of, in the terms of the data: panels, axes, series. Knows no file and
//! no plotting crate.

/// One picture, before it is drawn.
#[derive(Clone, Debug)]
pub(super) struct Figure {
    /// The stem of its files.
    pub name: String,
    /// What is shown, in a few words.
    pub title: String,
    /// Which scenario it is from.
    pub subtitle: String,
    /// Left to right, then top to bottom.
    pub panels: Vec<Panel>,
    /// Panels side by side.
    pub columns: usize,
    /// Sentences under the legend.
    pub notes: Vec<String>,
}

/// One pair of axes with what is drawn between them.
#[derive(Clone, Debug)]
pub(super) struct Panel {
    /// Stands over the axes; empty for none.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// Drawn in this order: the last is on top.
    pub series: Vec<Series>,
    /// Height of the space between the axes.
    pub height: f64,
}

/// One axis.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    /// What it shows, with the unit; empty where the neighbouring panel says it.
    pub label: String,
    /// First and last value.
    pub range: (f64, f64),
    /// Whether equal distances are equal ratios.
    pub log: bool,
    /// Distance of the ticks of a linear axis.
    pub step: f64,
    /// Whether the ticks have numbers.
    pub numbers: bool,
    /// Where its ticks are, if not at round numbers, and what is written there.
    pub marks: Vec<super::ticks::Mark>,
}

impl Axis {
    /// A linear axis that spans at least `low` to `high`, with at most `ticks` steps of a round
    /// size. What is at the very end still gets its full line width.
    pub(super) fn linear(label: &str, (low, high): (f64, f64), ticks: u32) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        let step = round_up((high - low) / f64::from(ticks));
        let first = (low / step + 1e-9).floor() * step;
        let last = (high / step - 1e-9).ceil() * step;
        let room = (last - first) * 0.02;
        Self {
            label: label.to_owned(),
            range: (first, last + room),
            log: false,
            step,
            numbers: true,
            marks: Vec::new(),
        }
    }

    /// A logarithmic axis that spans at least `low` to `high` (both above 0), from and to a 1, 2
    /// or 5 times a power of ten.
    pub(super) fn log(label: &str, (low, high): (f64, f64)) -> Self {
        let (first, mut last) = (round_down(low), round_up(high));
        if last <= first {
            last = first * 10.0;
        }
        Self {
            label: label.to_owned(),
            range: (first, last),
            log: true,
            step: 0.0,
            numbers: true,
            marks: Vec::new(),
        }
    }

    /// The same axis with some room at both ends, so that no marker is cut by the edge.
    pub(super) fn roomy(mut self) -> Self {
        let (low, high) = self.range;
        self.range = if self.log {
            (low / 1.15, high * 1.15)
        } else {
            let room = (high - low) * 0.03;
            (low - room, high + room)
        };
        self
    }

    /// The same axis without numbers and label, for a panel that stands on another one.
    pub(super) fn silent(mut self) -> Self {
        self.label.clear();
        self.numbers = false;
        self
    }
}

/// One line with its markers, or one filled outline.
#[derive(Clone, Debug)]
pub(super) struct Series {
    /// Its name in the legend; empty to have none there.
    pub label: String,
    /// How it looks.
    pub look: super::style::Look,
    /// In order of `x`.
    pub points: Vec<Point>,
    /// What connects and marks the points.
    pub shape: SeriesShape,
}

impl Series {
    /// What theory expects.
    pub(super) fn theory(points: Vec<Point>, shape: SeriesShape) -> Self {
        Self {
            label: "theory".to_owned(),
            look: super::style::THEORY,
            points,
            shape,
        }
    }
}

/// One point of a series.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    /// Where on the horizontal axis.
    pub x: f64,
    /// Where on the vertical axis.
    pub y: f64,
    /// Lower and upper end of its uncertainty.
    pub spread: Option<(f64, f64)>,
}

impl Point {
    /// A point without uncertainty.
    pub(super) fn new(x: f64, y: f64) -> Self {
        Self { x, y, spread: None }
    }
}

/// How the points of a series are shown.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum SeriesShape {
    /// A marker on every point, error bars, and a line through them.
    Marked,
    /// A marker on every point and error bars: between the points is nothing.
    Dots,
    /// A line with few markers, to tell it from others without colour, in a band of its spread.
    /// The number shifts the markers, so that those of several series do not coincide.
    Line(usize),
    /// A line without markers.
    Plain,
    /// Filled down (or up) to zero.
    Area,
}

/// The numbers 1, 2 and 5 times a power of ten: the next above or equal.
pub(super) fn round_up(value: f64) -> f64 {
    let power = power_below(value);
    let factor = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|m| m * power >= value * (1.0 - 1e-9))
        .unwrap_or(10.0);
    tidy(factor * power)
}

/// The numbers 1, 2 and 5 times a power of ten: the next below or equal.
fn round_down(value: f64) -> f64 {
    let power = power_below(value);
    let factor = [5.0, 2.0]
        .into_iter()
        .find(|m| m * power <= value * (1.0 + 1e-9))
        .unwrap_or(1.0);
    tidy(factor * power)
}

pub(super) fn power_below(value: f64) -> f64 {
    libm::pow(10.0, (libm::log10(value) + 1e-9).floor())
}

pub(super) fn is_power_of_ten(value: f64) -> bool {
    let exponent = libm::log10(value);
    (exponent - exponent.round()).abs() < 1e-6
}

/// Removes what binary fractions add in the last places.
fn tidy(value: f64) -> f64 {
    format!("{value:.12e}").parse().unwrap_or(value)
}

/// A label without its explanation in brackets.
pub(super) fn quiet(label: &str) -> &str {
    label.split(" (").next().unwrap_or(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_begin_and_end_at_round_numbers() {
        assert_eq!(Axis::log("", (16.0, 4096.0)).range, (10.0, 5000.0));
        assert_eq!(Axis::log("", (7.0, 7.0)).range, (5.0, 10.0));
        let axis = Axis::linear("", (0.0, 7.3), 5);
        assert_eq!((axis.range.0, axis.step), (0.0, 2.0));
        assert!(axis.range.1 >= 8.0 && axis.range.1 < 8.5);
    }

    #[test]
    fn an_axis_of_one_value_still_has_an_extent() {
        let axis = Axis::linear("", (3.0, 3.0), 5);
        assert!(axis.range.1 > axis.range.0 && axis.step > 0.0);
    }
}
