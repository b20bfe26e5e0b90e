//! Large amounts, in the unit that makes short numbers of them.

use super::figure::{Point, Series};

/// Units of bytes, each a thousand times the one before.
pub(super) const BYTES: &[&str] = &["bytes", "kB", "MB", "GB", "TB"];
/// What things are counted in, likewise.
pub(super) const COUNTS: &[&str] = &["", "thousand", "million", "billion"];

/// From so many of a unit on the next one is taken: an axis has numbers of at most four digits.
const MANY: f64 = 10_000.0;

/// Brings the values of these series into the first of the units that makes them short, and says which that is.
pub(super) fn shorten(series: &mut [Series], units: &[&'static str]) -> &'static str {
    let points = series.iter().flat_map(|s| &s.points);
    let highest = points.map(|p| p.spread.map_or(p.y, |(_, high)| high.max(p.y)));
    let mut highest = highest.fold(0.0, f64::max);
    let (mut at, mut divisor) = (0, 1.0);
    while highest >= MANY && at + 1 < units.len() {
        highest /= 1e3;
        divisor *= 1e3;
        at += 1;
    }
    for point in series.iter_mut().flat_map(|s| &mut s.points) {
        *point = Point {
            x: point.x,
            y: point.y / divisor,
            spread: point
                .spread
                .map(|(low, high)| (low / divisor, high / divisor)),
        };
    }
    units[at]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::plot::figure::SeriesShape;
    use crate::report::plot::style::LOOKS;

    fn shortened(values: &[f64]) -> (&'static str, Vec<f64>) {
        let point = |y: &f64| Point {
            x: 0.0,
            y: *y,
            spread: Some((y * 0.5, *y * 2.0)),
        };
        let mut series = [Series {
            label: String::new(),
            look: LOOKS[0],
            points: values.iter().map(point).collect(),
            shape: SeriesShape::Marked,
        }];
        let unit = shorten(&mut series, BYTES);
        for point in &series[0].points {
            assert_eq!(point.spread, Some((point.y * 0.5, point.y * 2.0)));
        }
        (unit, series[0].points.iter().map(|p| p.y).collect())
    }

    #[test]
    fn the_largest_value_decides_with_its_bar() {
        assert_eq!(shortened(&[0.0, 4999.0]), ("bytes", vec![0.0, 4999.0]));
        // The bar reaches to 10 000.
        assert_eq!(shortened(&[50.0, 5000.0]), ("kB", vec![0.05, 5.0]));
        assert_eq!(shortened(&[447e6]), ("MB", vec![447.0]));
        assert_eq!(shortened(&[4e18]), ("TB", vec![4e6]));
        assert_eq!(shortened(&[]), ("bytes", vec![]));
    }
}
