//! Where the entries of a legend go: in columns under the panels.

use super::figure::{Figure, Series, SeriesShape};
use super::style::{SMALL, WIDTH, text_width};

/// Length of the line shown before each name.
pub(super) const LINE: f64 = 34.0;
const ROW: f64 = 18.0;

/// One entry and its place: the left end of its line and the baseline of its text.
pub(super) struct LegendSample<'a> {
    pub series: &'a Series,
    pub x: f64,
    pub y: f64,
}

/// Height of the legend; 0 if there is nothing to tell apart.
pub(super) fn height(figure: &Figure) -> f64 {
    let count = entries(figure).len();
    if count == 0 {
        return 0.0;
    }
    count.div_ceil(columns(figure)) as f64 * ROW + 6.0
}

/// The entries, with the legend's top edge at `top`.
pub(super) fn samples(figure: &Figure, top: f64) -> Vec<LegendSample<'_>> {
    let columns = columns(figure);
    let width = entry_width(figure);
    let left = (WIDTH - width * columns as f64) / 2.0;
    let at = |(i, series)| LegendSample {
        series,
        x: left.max(2.0) + (i % columns) as f64 * width,
        y: top + 15.0 + (i / columns) as f64 * ROW,
    };
    entries(figure).into_iter().enumerate().map(at).collect()
}

/// The series that have a name, each name once.
fn entries(figure: &Figure) -> Vec<&Series> {
    let mut entries: Vec<&Series> = Vec::new();
    for series in figure.panels.iter().flat_map(|p| &p.series) {
        let known = entries.iter().any(|e| e.label == series.label);
        if !series.label.is_empty() && !known {
            entries.push(series);
        }
    }
    // Lines for orientation lie under the data and stand behind it in the legend.
    entries.sort_by_key(|e| e.shape == SeriesShape::Plain);
    entries
}

fn entry_width(figure: &Figure) -> f64 {
    let widest = entries(figure)
        .iter()
        .map(|e| text_width(&e.label, SMALL))
        .fold(0.0, f64::max);
    widest + LINE + 5.0 + 8.0
}

fn columns(figure: &Figure) -> usize {
    let count = entries(figure).len().max(1);
    let fit = ((WIDTH - 4.0) / entry_width(figure)).floor() as usize;
    // As few rows as that allows, evenly filled.
    count.div_ceil(count.div_ceil(fit.clamp(1, count)))
}
