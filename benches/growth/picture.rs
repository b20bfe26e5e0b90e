//! The picture of the sizes: time per event and bytes per node against the number of nodes.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use kuva::backend::svg::SvgBackend;
use kuva::plot::LegendPosition;
use kuva::prelude::{Figure, Layout, LinePlot, MarkerShape, Plot, ScatterPlot};
use kuva::{RasterBackend, TickFormat};

use super::cell::Measured;
use super::plans::Row;

/// The first colours of the palette of Okabe and Ito, as in the program's own pictures.
const COLOURS: [&str; 2] = ["#0072B2", "#D55E00"];

/// In order of preference, as in the program's own pictures.
const FONTS: &str = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif";

/// Draws it into a file, as PNG if the file is called so, else as SVG.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn write(file: &Path, rows: &[Row], medians: &[Measured]) -> Result<(), Box<dyn Error>> {
    let nodes = || rows.iter().map(|row| row.cell.nodes);
    let of = |number: &dyn Fn(&Measured, u32) -> f64| -> Vec<(f64, f64)> {
        let values = medians.iter().zip(nodes());
        values
            .map(|(measured, nodes)| (f64::from(nodes), number(measured, nodes)))
            .collect()
    };
    let time = of(&|measured, _| measured.ns_per_event());
    let ceiling = of(&|measured, _| 1e9 / measured.ceiling);
    let bytes = of(&|measured, nodes| measured.bytes_per_node(nodes));
    let mut layouts = vec![
        axes("time per event (ns)", &[&time, &ceiling]),
        axes("memory per node (bytes)", &[&bytes])
            .with_log_y()
            .with_y_axis_min(100.0)
            .with_y_axis_max(10_000.0),
    ];
    layouts[0].show_legend = true;
    let mut times = line(&time, COLOURS[0], MarkerShape::Circle, "run");
    times.extend(line(&ceiling, COLOURS[1], MarkerShape::Square, "ceiling"));
    let plots = vec![times, line(&bytes, COLOURS[0], MarkerShape::Circle, "")];
    let figure = Figure::new(1, 2)
        .with_plots(plots)
        .with_layouts(layouts)
        .with_keep_panel_legends()
        .with_cell_size(420.0, 320.0);
    let scene = figure.render();
    if file.extension().is_some_and(|extension| extension == "png") {
        let png = RasterBackend::new().with_scale(2.0).render_scene(&scene)?;
        fs::write(file, png)?;
    } else {
        fs::write(file, SvgBackend::new().render_scene(&scene))?;
    }
    eprintln!("written: {}", file.display());
    Ok(())
}

/// A logarithmic axis for the nodes, a linear one from 0 for the other.
fn axes(label: &str, lines: &[&[(f64, f64)]]) -> Layout {
    let points = || lines.iter().flat_map(|line| line.iter());
    let highest = points().map(|(_, y)| *y).fold(0.0, f64::max);
    let last = points().map(|(x, _)| *x).fold(0.0, f64::max);
    let range = (600.0, last * 1.6);
    Layout::new(range, (0.0, highest * 1.1))
        .with_log_x()
        .with_x_axis_min(range.0)
        .with_x_axis_max(range.1)
        .with_y_axis_min(0.0)
        .with_x_tick_format(TickFormat::Custom(Arc::new(power)))
        .with_y_tick_format(TickFormat::Custom(Arc::new(grouped)))
        .with_x_label("nodes")
        .with_y_label(label)
        .with_label_size(14)
        .with_tick_size(13)
        .with_font_family(FONTS)
        .with_legend_position(LegendPosition::InsideTopLeft)
}

/// A number of nanoseconds or bytes, five digits in two groups as below.
fn grouped(number: f64) -> String {
    if number < 9_999.5 {
        return format!("{number:.0}");
    }
    let number = number.round() as u64;
    format!("{} {:03}", number / 1000, number % 1000)
}

/// Powers of ten alone have a number.
fn power(nodes: f64) -> String {
    let names = [
        (1e3, "1000"),
        (1e4, "10 000"),
        (1e5, "100 000"),
        (1e6, "10⁶"),
        (1e7, "10⁷"),
    ];
    let name = names.iter().find(|(at, _)| (at / nodes - 1.0).abs() < 1e-6);
    name.map_or(String::new(), |(_, name)| (*name).to_owned())
}

fn line(points: &[(f64, f64)], colour: &str, marker: MarkerShape, name: &str) -> Vec<Plot> {
    let line = LinePlot::new()
        .with_data(points.iter().copied())
        .with_color(colour)
        .with_stroke_width(1.8);
    let mut marks = ScatterPlot::new()
        .with_data(points.iter().copied())
        .with_marker(marker)
        .with_size(4.0)
        .with_color(colour);
    if !name.is_empty() {
        marks = marks.with_legend(name);
    }
    vec![line.into(), marks.into()]
}
