//! Draws a [`Figure`] as SVG, PNG and PDF. With `marks`, `scale` and `pdf` all that knows the plotting crate
//! (kuva): it lets the crate draw lines, markers and text, and adds what the crate has not:
//! panels with aligned axes, a legend below them that shows line and marker, dashes in the PNG.

use kuva::RasterBackend;
use kuva::backend::svg::SvgBackend;
use kuva::prelude::Layout;
use kuva::render::render::{Primitive, Scene, TextAnchor, render_multiple};

use super::figure::{Axis, Figure, Panel, Point, SeriesShape};
use super::scale::{self, Frame};
use super::style::{self, FONTS, MUTED, Marker, PIXELS_PER_UNIT, SMALL, TITLE, WIDTH};
use super::{dash, legend, marks, pdf, resolution};
use crate::inputs::harmless::is_harmful;

/// A picture in all formats.
pub(super) struct Drawn {
    /// The text of the SVG file.
    pub svg: String,
    /// The bytes of the PNG file, if there is to be one.
    pub png: Option<Vec<u8>>,
    /// The bytes of the PDF file.
    pub pdf: Vec<u8>,
}

/// Draws a figure, as PNG too if that is wanted. The same figure gives the same bytes, whatever was drawn before.
///
/// # Errors
/// A message, if the PNG cannot be encoded.
pub(super) fn draw(figure: &Figure, png: bool) -> Result<Drawn, String> {
    finished(scene(figure), png)
}

/// The formats of a sheet, PNG among them if that is wanted.
///
/// # Errors
/// As [`draw`].
pub(super) fn finished(scene: Scene, png: bool) -> Result<Drawn, String> {
    let svg = SvgBackend::new().render_scene(&scene);
    let pdf = pdf::of(&scene);
    let size = (scene.width, scene.height);
    let raster = || {
        let backend = RasterBackend::new().with_scale(PIXELS_PER_UNIT);
        let png = backend.render_scene(&with_cut_dashes(scene))?;
        Ok::<_, String>(resolution::added(&png))
    };
    let png = png.then(raster).transpose()?;
    Ok(Drawn {
        svg: scalable(&svg, size),
        png,
        pdf,
    })
}

/// Adds what lets a page scale the picture and a screen reader name it.
fn scalable(svg: &str, (width, height): (f64, f64)) -> String {
    let head = format!("<svg viewBox=\"0 0 {width} {height}\" role=\"img\" ");
    svg.replacen("<svg ", &head, 1)
}

fn scene(figure: &Figure) -> Scene {
    let mut scene = Scene::new(WIDTH, height(figure));
    scene.font_family = Some(FONTS.to_owned());
    let mut y = head(figure, &mut scene);
    let margins = Margins::of(figure);
    for (row, panels) in figure.panels.chunks(figure.columns).enumerate() {
        for column in 0..panels.len() {
            let number = row * figure.columns + column;
            let id = format!("{}-{number}", figure.name);
            let x = column as f64 * WIDTH / figure.columns as f64;
            let (panel, top) = (&figure.panels[number], top_margin(panels, figure));
            place(
                &mut scene,
                render(panel, figure, &margins, top),
                (x, y),
                &id,
            );
        }
        y += row_height(panels, figure);
    }
    foot(figure, &mut scene, y);
    scene
}

fn height(figure: &Figure) -> f64 {
    let rows = figure.panels.chunks(figure.columns);
    let rows: f64 = rows.map(|panels| row_height(panels, figure)).sum();
    let foot = legend::height(figure) + note_lines(figure).len() as f64 * 17.0;
    (head_height(figure) + rows + foot + 6.0).ceil()
}

/// The heading, broken into lines: nothing of it is cut off.
fn heading(figure: &Figure) -> [Vec<String>; 2] {
    let lines = |text: &str, size| {
        let mut lines = style::wrap(text, size, WIDTH - 12.0);
        lines.retain(|line| !line.is_empty());
        lines
    };
    [lines(&figure.title, TITLE), lines(&figure.subtitle, SMALL)]
}

fn head_height(figure: &Figure) -> f64 {
    let [title, subtitle] = heading(figure);
    match title.len() + subtitle.len() {
        0 => 4.0,
        lines => 9.0 + 17.0 * lines as f64,
    }
}

fn head(figure: &Figure, scene: &mut Scene) -> f64 {
    let [title, subtitle] = heading(figure);
    let title = title.iter().map(|line| (line, TITLE, None));
    let subtitle = subtitle.iter().map(|line| (line, SMALL, Some(MUTED)));
    for (at, (line, size, color)) in title.chain(subtitle).enumerate() {
        let y = 19.0 + 17.0 * at as f64;
        scene.add(text((WIDTH / 2.0, y), line, size, color));
    }
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

fn legend_entry(scene: &mut Scene, sample: &legend::LegendSample) {
    let look = sample.series.look;
    let y = sample.y - 4.5;
    let ends = vec![(sample.x, y), (sample.x + legend::LINE, y)];
    if sample.series.shape != SeriesShape::Dots {
        scene.add(Primitive::PolyLine {
            points: ends,
            stroke: look.color.into(),
            stroke_width: look.width,
            stroke_dasharray: marks::dash_text(&look),
        });
    }
    if matches!(
        sample.series.shape,
        SeriesShape::Marked | SeriesShape::Dots | SeriesShape::Line(_)
    ) {
        let at = (sample.x + legend::LINE / 2.0, y);
        marker(scene, look.marker, at, look.color);
    }
    let label = &sample.series.label;
    let mut label = text(
        (sample.x + legend::LINE + 5.0, sample.y),
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
    let plot = marks::scatter(&[Point::new(0.5, 0.5)], shape, color);
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
            let ticks = figure.panels.iter().flat_map(|p| axis(p).majors());
            let widths = ticks.map(|(_, label)| style::text_width(&label, SMALL));
            widths.fold(0.0, f64::max)
        };
        let lines = |p: &Panel| scale::label_lines(&p.y, p.height).len().saturating_sub(1);
        let further = figure.panels.iter().map(lines).max().unwrap_or(0) as f64 * scale::LINE;
        Self {
            left: 34.0 + further + widest(|p| &p.y),
            right: 6.0 + widest(|p| &p.x) / 2.0,
        }
    }
}

fn row_height(panels: &[Panel], figure: &Figure) -> f64 {
    let of = |p: &Panel| p.height + bottom_margin(&p.x);
    top_margin(panels, figure) + panels.iter().map(of).fold(0.0, f64::max)
}

/// Room for the titles of the panels of one row.
fn top_margin(panels: &[Panel], figure: &Figure) -> f64 {
    let lines = panels.iter().map(|p| title_lines(p, figure).len());
    8.0 + 16.0 * lines.max().unwrap_or(0) as f64
}

/// The title of a panel. It is never cut: what it says may stand at its end.
fn title_lines(panel: &Panel, figure: &Figure) -> Vec<String> {
    let width = WIDTH / figure.columns as f64 - 8.0;
    let mut lines = style::wrap(&panel.title, SMALL, width);
    lines.retain(|line| !line.is_empty());
    lines
}

fn bottom_margin(x: &Axis) -> f64 {
    match (x.numbers, x.label.is_empty()) {
        (false, _) => 8.0,
        (true, true) => 26.0,
        (true, false) => 44.0,
    }
}

fn render(panel: &Panel, figure: &Figure, margins: &Margins, top: f64) -> Scene {
    let width = WIDTH / figure.columns as f64;
    let bottom = bottom_margin(&panel.x);
    let layout = axes(panel)
        .with_width(width)
        .with_height(top + panel.height + bottom)
        .with_force_margins(margins.left, margins.right)
        .with_force_margins_y(top, bottom);
    let mut scene = render_multiple(marks::plots(panel), layout);
    let frame = Frame {
        left: margins.left,
        right: width - margins.right,
        top,
        bottom: top + panel.height,
    };
    scale::add(panel, &frame, &mut scene);
    let middle = (margins.left + width - margins.right) / 2.0;
    for (i, line) in title_lines(panel, figure).iter().rev().enumerate() {
        let y = top - 8.0 - 16.0 * i as f64;
        let room = width - style::text_width(line, SMALL) / 2.0 - 2.0;
        scene.add(text((middle.min(room), y), line, SMALL, None));
    }
    scene
}

fn axes(panel: &Panel) -> Layout {
    let (x, y) = (&panel.x, &panel.y);
    let mut layout = Layout::new(x.range, y.range)
        .with_x_axis_min(x.range.0)
        .with_x_axis_max(x.range.1)
        .with_y_axis_min(y.range.0)
        .with_y_axis_max(y.range.1)
        .with_show_grid(false);
    layout.log_x = x.log;
    layout.log_y = y.log;
    layout.suppress_x_ticks = true;
    layout.suppress_y_ticks = true;
    layout.show_legend = false;
    layout
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

pub(super) fn text((x, y): (f64, f64), content: &str, size: u32, color: Option<&str>) -> Primitive {
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

/// The crate reads `$…$` as mathematics. Of signs that XML does not allow, or that turn what is around them, there stands
/// that one was there; and a text is one line.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '$' => escaped.push_str("\\$"),
            '\n' | '\r' | '\t' => escaped.push(' '),
            _ if is_harmful(sign) => escaped.push(char::REPLACEMENT_CHARACTER),
            _ => escaped.push(sign),
        }
    }
    escaped
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
