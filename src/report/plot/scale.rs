//! Draws the ticks, the numbers and the names of both axes of a panel. The plotting crate's own are at round
//! numbers only, and have no words.

use kuva::render::render::{Primitive, Scene, TextAnchor};

use super::canvas::{escaped, text};
use super::figure::{Axis, Panel};
use super::style::{GRID, LABEL, SMALL, text_width, wrap};

const MAJOR: f64 = 5.0;
const MINOR: f64 = 3.0;
/// Between the labels of two ticks.
const GAP: f64 = 5.0;
/// Between the lines of the name of an upright axis.
pub(super) const LINE: f64 = 15.0;

/// The rectangle between the axes of a panel.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

impl Frame {
    fn x(&self, axis: &Axis, value: f64) -> f64 {
        self.left + axis.share(value) * (self.right - self.left)
    }

    fn y(&self, axis: &Axis, value: f64) -> f64 {
        self.bottom - axis.share(value) * (self.bottom - self.top)
    }
}

/// Adds both axes to a panel that was drawn without: lines across lie under the data.
pub(super) fn add(panel: &Panel, frame: &Frame, scene: &mut Scene) {
    // The first lines are those of the axes.
    let is_ink = |e: &Primitive| matches!(e, Primitive::Line { .. } | Primitive::ClipStart { .. });
    let at = scene.elements.iter().position(is_ink).unwrap_or(0);
    let grid = grid(panel, frame);
    scene.elements.splice(at..at, grid);
    horizontal(panel, frame, scene);
    vertical(panel, frame, scene);
}

fn grid(panel: &Panel, frame: &Frame) -> Vec<Primitive> {
    let ink = |from, to| line(from, to, GRID, 0.5);
    let x = panel.x.majors().into_iter().map(|(at, _)| {
        let x = frame.x(&panel.x, at);
        ink((x, frame.top), (x, frame.bottom))
    });
    let y = panel.y.majors().into_iter().map(|(at, _)| {
        let y = frame.y(&panel.y, at);
        ink((frame.left, y), (frame.right, y))
    });
    x.chain(y).collect()
}

fn horizontal(panel: &Panel, frame: &Frame, scene: &mut Scene) {
    let axis = &panel.x;
    let mut tick = |x: f64, length: f64| {
        scene.add(line(
            (x, frame.bottom),
            (x, frame.bottom + length),
            "#000000",
            1.0,
        ));
    };
    for at in axis.minors() {
        tick(frame.x(axis, at), MINOR);
    }
    let majors: Vec<(f64, String)> = axis.majors();
    for (at, _) in &majors {
        tick(frame.x(axis, *at), MAJOR);
    }
    if axis.numbers {
        let places = majors
            .iter()
            .map(|(at, label)| (frame.x(axis, *at), label.as_str()));
        for (x, label) in thinned(&places.collect::<Vec<_>>()) {
            scene.add(text((x, frame.bottom + 17.0), label, SMALL, None));
        }
    }
    if !axis.label.is_empty() {
        let middle = f64::midpoint(frame.left, frame.right);
        scene.add(text(
            (middle, frame.bottom + 37.0),
            &axis.label,
            LABEL,
            None,
        ));
    }
}

/// The labels that fit beside each other; the last one is always among them.
fn thinned<'a>(labels: &[(f64, &'a str)]) -> Vec<(f64, &'a str)> {
    let half = |label: &str| text_width(label, SMALL) / 2.0;
    let mut kept: Vec<(f64, &str)> = Vec::new();
    for (x, label) in labels.iter().rev() {
        let fits = |(other, text): &(f64, &str)| x + half(label) + GAP <= other - half(text);
        if kept.last().is_none_or(fits) {
            kept.push((*x, label));
        }
    }
    kept
}

fn vertical(panel: &Panel, frame: &Frame, scene: &mut Scene) {
    let axis = &panel.y;
    let mut tick = |y: f64, length: f64| {
        scene.add(line(
            (frame.left - length, y),
            (frame.left, y),
            "#000000",
            1.0,
        ));
    };
    for at in axis.minors() {
        tick(frame.y(axis, at), MINOR);
    }
    for (at, _) in axis.majors() {
        tick(frame.y(axis, at), MAJOR);
    }
    let mut lowest = f64::INFINITY;
    for (at, label) in axis.majors() {
        let y = frame.y(axis, at);
        if lowest - y < f64::from(SMALL) {
            continue;
        }
        lowest = y;
        let mut label = text((frame.left - MAJOR - 3.0, y + 4.7), &label, SMALL, None);
        anchor(&mut label, TextAnchor::End);
        scene.add(label);
    }
    let lines = label_lines(axis, frame.bottom - frame.top);
    for (at, line) in lines.iter().enumerate() {
        scene.add(Primitive::Text {
            x: 15.0 + LINE * at as f64,
            y: f64::midpoint(frame.top, frame.bottom),
            content: escaped(line),
            size: if lines.len() > 1 { SMALL } else { LABEL },
            anchor: TextAnchor::Middle,
            rotate: Some(-90.0),
            bold: false,
            color: None,
        });
    }
}

/// The name of an upright axis of this height. One that would reach beyond it is set smaller, in several lines.
pub(super) fn label_lines(axis: &Axis, height: f64) -> Vec<String> {
    let room = height + 20.0;
    if text_width(&axis.label, LABEL) <= room {
        return vec![axis.label.clone()];
    }
    wrap(&axis.label, SMALL, room)
}

fn anchor(text: &mut Primitive, to: TextAnchor) {
    if let Primitive::Text { anchor, .. } = text {
        *anchor = to;
    }
}

fn line((x1, y1): (f64, f64), (x2, y2): (f64, f64), color: &str, width: f64) -> Primitive {
    Primitive::Line {
        x1,
        y1,
        x2,
        y2,
        stroke: color.into(),
        stroke_width: width,
        stroke_dasharray: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_of_a_low_axis_has_several_lines() {
        let axis = Axis::linear("95th percentile of latency (ms)", (0.0, 1.0), 5);
        assert_eq!(label_lines(&axis, 300.0), [axis.label.as_str()]);
        let lines = label_lines(&axis, 130.0);
        assert!(
            lines.len() == 2 && lines.join(" ") == axis.label,
            "{lines:?}"
        );
    }

    /// Labels of one digit are 13 · 0.64 = 8.3 wide: at a distance of 10 they would nearly touch, at 20 not.
    #[test]
    fn labels_that_would_touch_are_left_out_but_never_the_last() {
        let close = [(0.0, "1"), (10.0, "2"), (20.0, "3")];
        let kept = |labels: &[(f64, &'static str)]| -> Vec<&str> {
            thinned(labels)
                .into_iter()
                .map(|(_, label)| label)
                .collect()
        };
        assert_eq!(kept(&close), ["3", "1"]);
        let apart = [(0.0, "1"), (20.0, "2"), (40.0, "3")];
        assert_eq!(kept(&apart), ["3", "2", "1"]);
    }
}
