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

/// A number as people write it: no exponent, no trailing zeros, thousands apart from 10 000 on.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let (whole, fraction) = text
        .split_once('.')
        .map_or((text, None), |(w, f)| (w, Some(f)));
    let (sign, digits) = whole
        .strip_prefix('-')
        .map_or(("", whole), |digits| ("-", digits));
    let whole = if digits.len() > 4 {
        apart(digits)
    } else {
        digits.to_owned()
    };
    match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None if whole == "0" => whole,
        None => format!("{sign}{whole}"),
    }
}

/// Digits in groups of three, with blanks between them that do not break.
fn apart(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

/// With a capital letter at its beginning.
pub(super) fn capital(label: &str) -> String {
    let mut letters = label.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// A label without its explanation in brackets.
pub(super) fn quiet(label: &str) -> &str {
    label.split(" (").next().unwrap_or(label)
}

/// A share in per cent. What is not all is never shown as all, nor what is not nothing as nothing.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let share = part as f64 * 100.0 / whole.max(1) as f64;
    let is_honest = |text: &String| {
        let shown: f64 = text.parse().unwrap_or(share);
        (shown < 100.0 || part == whole) && (shown > 0.0 || part == 0)
    };
    let text = (1..6)
        .map(|decimals| format!("{share:.decimals$}"))
        .find(is_honest);
    let text = text.unwrap_or_else(|| share.to_string());
    format!(
        "{}\u{a0}%",
        text.trim_end_matches('0').trim_end_matches('.')
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_without_exponent_or_trailing_zeros() {
        let cases = [
            (1.0, "1"),
            (0.25, "0.25"),
            (1234.5, "1234.5"),
            (10_000.0, "10\u{a0}000"),
            (-100_000.25, "-100\u{a0}000.25"),
            (2_000_000.0, "2\u{a0}000\u{a0}000"),
            (-0.0, "0"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn a_share_is_never_rounded_to_all_or_nothing() {
        let cases = [
            (1, 1, "100\u{a0}%"),
            (0, 7, "0\u{a0}%"),
            (831, 1000, "83.1\u{a0}%"),
            (1, 2, "50\u{a0}%"),
        ];
        for (part, whole, text) in cases {
            assert_eq!(percent(part, whole), text);
        }
        // 1 of 100 000 is 0.001 %, and 99 999 of them are 99.999 %.
        assert_eq!(percent(1, 100_000), "0.001\u{a0}%");
        assert_eq!(percent(99_999, 100_000), "99.999\u{a0}%");
    }

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
