//! Draws a [`Figure`] as SVG and PNG. The only module that knows the plotting crate (kuva): it
//! lets the crate draw axes, lines, markers and text, and adds what the crate has not: panels with
//! aligned axes, a legend below them that shows line and marker, dashes that reach the PNG.

use std::sync::Arc;

use kuva::backend::svg::SvgBackend;
use kuva::prelude::{BandPlot, Layout, LinePlot, LineStyle, MarkerShape, Plot, ScatterPlot};
use kuva::render::render::{Primitive, Scene, TextAnchor, render_multiple};
use kuva::{RasterBackend, TickFormat};

use super::figure::{Axis, Figure, Panel, Point, Series, Shape};
use super::style::{
    self, FONTS, LABEL, LOOKS, Look, MUTED, Marker, PIXELS_PER_UNIT, SMALL, TITLE, WIDTH,
};
use super::{dash, legend};

/// A picture in both formats.
pub(super) struct Drawn {
    /// The text of the SVG file.
    pub svg: String,
    /// The bytes of the PNG file.
    pub png: Vec<u8>,
}

/// Draws a figure. The same figure gives the same bytes, whatever was drawn before.
///
/// # Errors
/// A message, if the PNG cannot be encoded.
pub(super) fn draw(figure: &Figure) -> Result<Drawn, String> {
    let scene = scene(figure);
    let svg = SvgBackend::new().render_scene(&scene);
    let png = RasterBackend::new()
        .with_scale(PIXELS_PER_UNIT)
        .render_scene(&with_cut_dashes(scene))?;
    Ok(Drawn {
        svg: scalable(&svg, figure),
        png,
    })
}

/// Adds what lets a page scale the picture and a screen reader name it.
fn scalable(svg: &str, figure: &Figure) -> String {
    let height = height(figure);
    let head = format!("<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" ");
    svg.replacen("<svg ", &head, 1)
}

fn scene(figure: &Figure) -> Scene {
    let mut scene = Scene::new(WIDTH, height(figure));
    scene.font_family = Some(FONTS.to_owned());
    let mut y = head(figure, &mut scene);
    let margins = Margins::of(figure);
    for (row, panels) in figure.panels.chunks(figure.columns).enumerate() {
        for (column, panel) in panels.iter().enumerate() {
            let number = row * figure.columns + column;
            let id = format!("{}-{number}", figure.name);
            let x = column as f64 * WIDTH / figure.columns as f64;
            place(&mut scene, render(panel, figure, &margins), (x, y), &id);
        }
        y += row_height(panels);
    }
    foot(figure, &mut scene, y);
    scene
}

fn height(figure: &Figure) -> f64 {
    let rows: f64 = figure.panels.chunks(figure.columns).map(row_height).sum();
    let foot = legend::height(figure) + note_lines(figure).len() as f64 * 17.0;
    (head_height(figure) + rows + foot + 6.0).ceil()
}

fn head_height(figure: &Figure) -> f64 {
    if figure.subtitle.is_empty() {
        26.0
    } else {
        43.0
    }
}

fn head(figure: &Figure, scene: &mut Scene) -> f64 {
    let middle = WIDTH / 2.0;
    let fit = |line: &str, size| style::shorten(line, size, WIDTH - 12.0);
    scene.add(text(
        (middle, 19.0),
        &fit(&figure.title, TITLE),
        TITLE,
        None,
    ));
    let subtitle = fit(&figure.subtitle, SMALL);
    scene.add(text((middle, 36.0), &subtitle, SMALL, Some(MUTED)));
    head_height(figure)
}

fn foot(figure: &Figure, scene: &mut Scene, top: f64) {
    for sample in legend::samples(figure, top) {
        legend_entry(scene, &sample);
    }
    let mut y = top + legend::height(figure) + 13.0;
    for line in note_lines(figure) {
        scene.add(text((WIDTH / 2.0, y), &line, SMALL, Some(MUTED)));
        y += 17.0;
    }
}

fn note_lines(figure: &Figure) -> Vec<String> {
    let wrap = |note: &String| style::wrap(note, SMALL, WIDTH - 16.0);
    figure.notes.iter().flat_map(wrap).collect()
}

fn legend_entry(scene: &mut Scene, sample: &legend::Sample) {
    let look = sample.series.look;
    let y = sample.y - 4.5;
    let ends = vec![(sample.x, y), (sample.x + legend::LINE, y)];
    scene.add(Primitive::PolyLine {
        points: ends,
        stroke: look.color.into(),
        stroke_width: look.width,
        stroke_dasharray: dash_text(&look),
    });
    if matches!(sample.series.shape, Shape::Marked | Shape::Line(_)) {
        let at = (sample.x + legend::LINE / 2.0, y);
        marker(scene, look.marker, at, look.color);
    }
    let label = &sample.series.label;
    let mut label = text(
        (sample.x + legend::LINE + 6.0, sample.y),
        label,
        SMALL,
        None,
    );
    if let Primitive::Text { anchor, .. } = &mut label {
        *anchor = TextAnchor::Start;
    }
    scene.add(label);
}

/// One marker in a place of the sheet: drawn by the crate in a scene without axes, so that it is
/// the same as between the axes.
fn marker(scene: &mut Scene, shape: Marker, (x, y): (f64, f64), color: &str) {
    let layout = Layout::new((0.0, 1.0), (0.0, 1.0))
        .with_width(40.0)
        .with_height(40.0)
        .with_force_margins(0.0, 0.0)
        .with_force_margins_y(0.0, 0.0)
        .with_x_axis_min(0.0)
        .with_x_axis_max(1.0)
        .with_y_axis_min(0.0)
        .with_y_axis_max(1.0);
    let plot = scatter(&[Point::new(0.5, 0.5)], shape, color);
    let drawn = render_multiple(vec![plot], layout).elements;
    scene.add(translate(x - 20.0, y - 20.0));
    // What lies between the marks of the clipped region is the marker alone; the axes lie outside.
    let inside = drawn
        .into_iter()
        .skip_while(|e| !matches!(e, Primitive::ClipStart { .. }))
        .skip(1)
        .take_while(|e| !matches!(e, Primitive::ClipEnd));
    scene.elements.extend(inside);
    scene.add(Primitive::GroupEnd);
}

/// Space around the axes, the same for all panels so that they align.
struct Margins {
    left: f64,
    right: f64,
}

impl Margins {
    fn of(figure: &Figure) -> Self {
        let widest = |axis: fn(&Panel) -> &Axis| {
            let ticks = figure.panels.iter().flat_map(|p| axis(p).ticks());
            ticks
                .map(|t| style::text_width(&t, SMALL))
                .fold(0.0, f64::max)
        };
        Self {
            left: 34.0 + widest(|p| &p.y),
            right: 6.0 + widest(|p| &p.x) / 2.0,
        }
    }
}

fn row_height(panels: &[Panel]) -> f64 {
    let of = |p: &Panel| top_margin(p) + p.height + bottom_margin(&p.x);
    panels.iter().map(of).fold(0.0, f64::max)
}

fn top_margin(panel: &Panel) -> f64 {
    if panel.title.is_empty() { 8.0 } else { 24.0 }
}

fn bottom_margin(x: &Axis) -> f64 {
    match (x.numbers, x.label.is_empty()) {
        (false, _) => 8.0,
        (true, true) => 26.0,
        (true, false) => 44.0,
    }
}

fn render(panel: &Panel, figure: &Figure, margins: &Margins) -> Scene {
    let width = WIDTH / figure.columns as f64;
    let (top, bottom) = (top_margin(panel), bottom_margin(&panel.x));
    let layout = axes(panel)
        .with_width(width)
        .with_height(top + panel.height + bottom)
        .with_force_margins(margins.left, margins.right)
        .with_force_margins_y(top, bottom);
    let plots = panel.series.iter().flat_map(|s| plots(s, panel)).collect();
    let mut scene = render_multiple(plots, layout);
    let space = width - margins.left;
    let title = style::shorten(&panel.title, SMALL, space);
    let middle = margins.left + (space - margins.right) / 2.0;
    scene.add(text((middle, top - 8.0), &title, SMALL, None));
    scene
}

fn axes(panel: &Panel) -> Layout {
    let (x, y) = (&panel.x, &panel.y);
    let mut layout = Layout::new(x.range, y.range)
        .with_x_axis_min(x.range.0)
        .with_x_axis_max(x.range.1)
        .with_y_axis_min(y.range.0)
        .with_y_axis_max(y.range.1)
        .with_x_tick_format(ticks(x))
        .with_y_tick_format(ticks(y))
        .with_label_size(LABEL)
        .with_tick_size(SMALL)
        .with_grid_line_width(0.5)
        .with_x_label_overlap(kuva::AxisLabelOverlap::Thin);
    layout.log_x = x.log;
    layout.log_y = y.log;
    layout.x_tick_step = (!x.log).then_some(x.step);
    layout.y_tick_step = (!y.log).then_some(y.step);
    layout.x_label = (!x.label.is_empty()).then(|| escaped(&x.label));
    layout.y_label = (!y.label.is_empty()).then(|| escaped(&y.label));
    layout.show_legend = false;
    layout
}

fn ticks(axis: &Axis) -> TickFormat {
    let axis = axis.clone();
    TickFormat::Custom(Arc::new(move |value| axis.tick(value)))
}

fn plots(series: &Series, panel: &Panel) -> Vec<Plot> {
    let points: Vec<Point> = series
        .points
        .iter()
        .filter_map(|p| visible(*p, panel))
        .collect();
    let look = &series.look;
    match series.shape {
        Shape::Marked => vec![
            line(&points, look).into(),
            bars(&points, look).into(),
            scatter(&points, look.marker, look.color),
        ],
        Shape::Line(shift) => vec![
            band(&points, look).into(),
            line(&points, look).into(),
            scatter(&sparse(&points, shift), look.marker, look.color),
        ],
        Shape::Plain => vec![line(&points, look).into()],
        Shape::Area => vec![
            line(&points, look)
                .with_fill()
                .with_fill_opacity(0.35)
                .into(),
        ],
    }
}

/// Moves what an axis cannot show to its edge; a value of 0 has no place on a logarithmic
/// vertical axis at all.
fn visible(mut point: Point, panel: &Panel) -> Option<Point> {
    let (x, y) = (&panel.x, &panel.y);
    if y.log && point.y <= 0.0 || !point.y.is_finite() {
        return None;
    }
    point.x = point.x.clamp(x.range.0, x.range.1);
    let inside = |v: f64| v.clamp(y.range.0, y.range.1);
    point.spread = point.spread.map(|(low, high)| (inside(low), inside(high)));
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

/// Error bars: a line of no width, with the crate's bars on it.
fn bars(points: &[Point], look: &Look) -> LinePlot {
    let known = || points.iter().filter_map(|p| p.spread.map(|s| (p, s)));
    let mut bars = LinePlot::new()
        .with_data(known().map(|(p, _)| (p.x, p.y)))
        .with_y_err_asymmetric(known().map(|(p, (low, high))| (p.y - low, high - p.y)))
        .with_color(look.color);
    bars.stroke_width = 0.0;
    bars
}

fn band(points: &[Point], look: &Look) -> BandPlot {
    let edge = |pick: fn((f64, f64)) -> f64| {
        let of = move |p: &Point| p.spread.map_or(p.y, pick);
        points.iter().map(of).collect::<Vec<_>>()
    };
    let x: Vec<f64> = points.iter().map(|p| p.x).collect();
    BandPlot::new(x, edge(|s| s.0), edge(|s| s.1))
        .with_color(look.color)
        .with_opacity(0.2)
}

fn scatter(points: &[Point], marker: Marker, color: &str) -> Plot {
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
    let offset = (shift as f64 + 0.5) / LOOKS.len() as f64;
    (0..5)
        .map(|i| ((f64::from(i) + offset) * every) as usize)
        .filter_map(|i| points.get(i).copied())
        .collect()
}

/// Puts a panel into its place, under names of its own for what SVG refers to by name: the
/// crate numbers them through the whole life of the process.
fn place(sheet: &mut Scene, panel: Scene, (x, y): (f64, f64), name: &str) {
    sheet.add(translate(x, y));
    let mut defs = panel.defs;
    for mut element in panel.elements {
        if let Primitive::ClipStart { id, .. } = &mut element {
            for def in &mut defs {
                *def = def.replace(&format!("\"{id}\""), &format!("\"{name}\""));
            }
            name.clone_into(id);
        }
        sheet.add(element);
    }
    sheet.defs.extend(defs);
    sheet.add(Primitive::GroupEnd);
}

fn translate(x: f64, y: f64) -> Primitive {
    Primitive::GroupStart {
        transform: Some(format!("translate({x},{y})")),
        title: None,
        extra_attrs: None,
    }
}

fn text((x, y): (f64, f64), content: &str, size: u32, color: Option<&str>) -> Primitive {
    Primitive::Text {
        x,
        y,
        content: escaped(content),
        size,
        anchor: TextAnchor::Middle,
        rotate: None,
        bold: false,
        color: color.map(Into::into),
    }
}

/// The crate reads `$…$` as mathematics.
fn escaped(text: &str) -> String {
    text.replace('$', "\\$")
}

fn dash_text(look: &Look) -> Option<String> {
    let lengths: Vec<String> = look.dash.iter().map(ToString::to_string).collect();
    (!lengths.is_empty()).then(|| lengths.join(" "))
}

fn with_cut_dashes(mut scene: Scene) -> Scene {
    let elements = std::mem::take(&mut scene.elements);
    scene.elements = elements.into_iter().flat_map(cut_dashes).collect();
    scene
}

fn cut_dashes(element: Primitive) -> Vec<Primitive> {
    let Primitive::PolyLine {
        points,
        stroke,
        stroke_width,
        stroke_dasharray: Some(pattern),
    } = element
    else {
        return vec![element];
    };
    let pattern: Vec<f64> = pattern
        .split(' ')
        .filter_map(|length| length.parse().ok())
        .collect();
    let solid = |points| Primitive::PolyLine {
        points,
        stroke: stroke.clone(),
        stroke_width,
        stroke_dasharray: None,
    };
    dash::cut(&points, &pattern, stroke_width)
        .into_iter()
        .map(solid)
        .collect()
}
