//! What stands between the axes of a panel, as the plotting crate wants it.

use kuva::prelude::{BandPlot, LinePlot, LineStyle, MarkerShape, Plot, ScatterPlot};

use super::figure::{Panel, Point, Series, SeriesShape};
use super::style::{LOOKS, Look, Marker};

/// Everything between the axes. All bands lie under all lines.
pub(super) fn plots(panel: &Panel) -> Vec<Plot> {
    // Many bands on top of each other must not become a solid one.
    let opacity = if panel.series.len() > 3 { 0.1 } else { 0.2 };
    let bands = panel.series.iter().filter_map(|s| {
        let points = visible(s, panel);
        let spread =
            matches!(s.shape, SeriesShape::Line(_)) && points.iter().any(|p| p.spread.is_some());
        spread.then(|| band(&points, &s.look).with_opacity(opacity).into())
    });
    let lines = panel.series.iter().flat_map(|s| series(s, panel));
    bands.chain(lines).collect()
}

fn series(series: &Series, panel: &Panel) -> Vec<Plot> {
    let points = visible(series, panel);
    let look = &series.look;
    let line = line(&points, look);
    match series.shape {
        SeriesShape::Marked => vec![
            with_bars(line, &points).into(),
            scatter(&points, look.marker, look.color),
        ],
        SeriesShape::Dots => dots(&points, look),
        SeriesShape::Line(shift) => vec![
            line.into(),
            scatter(&sparse(&points, shift), look.marker, look.color),
        ],
        SeriesShape::Plain => vec![line.into()],
        SeriesShape::Area => vec![line.with_fill().with_fill_opacity(0.35).into()],
    }
}

/// Error bars belong to lines: each is that of a line of one point.
fn dots(points: &[Point], look: &Look) -> Vec<Plot> {
    let bar = |point: &Point| with_bars(line(&[*point], look), &[*point]).into();
    let mut plots: Vec<Plot> = points.iter().map(bar).collect();
    plots.push(scatter(points, look.marker, look.color));
    plots
}

fn visible(series: &Series, panel: &Panel) -> Vec<Point> {
    let points = series.points.iter();
    points.filter_map(|p| inside(*p, panel)).collect()
}

/// Moves what an axis cannot show to its edge; a value of 0 has no place on a logarithmic
/// vertical axis at all.
fn inside(mut point: Point, panel: &Panel) -> Option<Point> {
    let (x, y) = (&panel.x, &panel.y);
    if y.log && point.y <= 0.0 || !point.y.is_finite() {
        return None;
    }
    point.x = point.x.clamp(x.range.0, x.range.1);
    let near = |v: f64| v.clamp(y.range.0, y.range.1);
    point.spread = point.spread.map(|(low, high)| (near(low), near(high)));
    Some(point)
}

fn line(points: &[Point], look: &Look) -> LinePlot {
    let style = dash_text(look).map_or(LineStyle::Solid, LineStyle::Custom);
    LinePlot::new()
        .with_data(points.iter().map(|p| (p.x, p.y)))
        .with_color(look.color)
        .with_stroke_width(look.width)
        .with_line_style(style)
}

/// Adds error bars to the points that have a spread.
fn with_bars(mut line: LinePlot, points: &[Point]) -> LinePlot {
    for (drawn, point) in line.data.iter_mut().zip(points) {
        drawn.y_err = point
            .spread
            .map(|(low, high)| (point.y - low, high - point.y));
    }
    line
}

fn band(points: &[Point], look: &Look) -> BandPlot {
    let edge = |pick: fn((f64, f64)) -> f64| {
        let of = move |p: &Point| p.spread.map_or(p.y, pick);
        points.iter().map(of).collect::<Vec<_>>()
    };
    let x: Vec<f64> = points.iter().map(|p| p.x).collect();
    BandPlot::new(x, edge(|s| s.0), edge(|s| s.1)).with_color(look.color)
}

/// A marker on every point.
pub(super) fn scatter(points: &[Point], marker: Marker, color: &str) -> Plot {
    let shape = match marker {
        Marker::Circle => MarkerShape::Circle,
        Marker::Square => MarkerShape::Square,
        Marker::Triangle => MarkerShape::Triangle,
        Marker::Diamond => MarkerShape::Diamond,
        Marker::TriangleDown => MarkerShape::TriangleDown,
        Marker::Cross => MarkerShape::Cross,
        Marker::Plus => MarkerShape::Plus,
        Marker::Star => MarkerShape::Star,
    };
    ScatterPlot::new()
        .with_data(points.iter().map(|p| (p.x, p.y)))
        .with_marker(shape)
        .with_size(4.0)
        .with_color(color)
        .into()
}

/// Five points spread evenly over a line, shifted so that no two looks mark the same places.
fn sparse(points: &[Point], shift: usize) -> Vec<Point> {
    let every = points.len() as f64 / 5.0;
    let offset = 0.3 + 0.6 * shift as f64 / LOOKS.len() as f64;
    (0..5)
        .map(|i| ((f64::from(i) + offset) * every) as usize)
        .filter_map(|i| points.get(i).copied())
        .collect()
}

/// A dash pattern as SVG writes it; `None` for a solid line.
pub(super) fn dash_text(look: &Look) -> Option<String> {
    let lengths: Vec<String> = look.dash.iter().map(ToString::to_string).collect();
    (!lengths.is_empty()).then(|| lengths.join(" "))
}
