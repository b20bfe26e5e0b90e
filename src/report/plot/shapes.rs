//! The shapes that pictures of a ring and of a request consist of, as the plotting crate wants them.

use kuva::render::render::{PathData, Primitive, Scene, TextAnchor};

use super::canvas::text;
use super::marks::dash_text;
use super::style::{Look, ORIENTATION, SMALL};

/// A point of the sheet.
pub(super) type Point = (f64, f64);

pub(super) fn distance(a: Point, b: Point) -> f64 {
    let (x, y) = (b.0 - a.0, b.1 - a.1);
    (x * x + y * y).sqrt()
}

/// The three corners of an arrowhead whose tip is at `tip`, coming from `from`.
pub(super) fn arrowhead(from: Point, tip: Point, length: f64) -> [Point; 3] {
    let whole = distance(from, tip).max(1e-9);
    let (x, y) = ((tip.0 - from.0) / whole, (tip.1 - from.1) / whole);
    let corner = |side: f64| {
        (
            tip.0 - length * x - side * length * 0.42 * y,
            tip.1 - length * y + side * length * 0.42 * x,
        )
    };
    [tip, corner(1.0), corner(-1.0)]
}

pub(super) fn add_dot(scene: &mut Scene, (cx, cy): Point, r: f64, color: &str) {
    scene.add(Primitive::Circle {
        cx,
        cy,
        r,
        fill: color.into(),
        fill_opacity: None,
        stroke: None,
        stroke_width: None,
    });
}

pub(super) fn add_line(scene: &mut Scene, points: Vec<Point>, look: &Look) {
    scene.add(Primitive::PolyLine {
        points,
        stroke: look.color.into(),
        stroke_width: look.width,
        stroke_dasharray: dash_text(look),
    });
}

/// A line without dashes.
pub(super) const fn solid(color: &'static str, width: f64) -> Look {
    Look {
        color,
        dash: &[],
        width,
        ..ORIENTATION[0]
    }
}

/// A filled one.
pub(super) fn add_polygon(scene: &mut Scene, corners: &[Point], color: &'static str) {
    add_outlined(scene, corners, color, &solid(color, 0.0));
}

fn add_outlined(scene: &mut Scene, corners: &[Point], fill: &str, line: &Look) {
    let corners: Vec<String> = corners
        .iter()
        .map(|(x, y)| format!("{x:.2},{y:.2}"))
        .collect();
    scene.add(Primitive::Path(Box::new(PathData {
        d: format!("M{} Z", corners.join(" L")),
        fill: Some(fill.into()),
        stroke: line.color.into(),
        stroke_width: line.width,
        opacity: None,
        stroke_dasharray: None,
    })));
}

/// A hollow one: a node near by is seen beside it, and one in its middle within it.
pub(super) fn add_lozenge(scene: &mut Scene, (x, y): Point, size: f64, color: &'static str) {
    let corners = [(x, y - size), (x + size, y), (x, y + size), (x - size, y)];
    add_outlined(scene, &corners, "#ffffff", &solid(color, 1.8));
}

/// A text that begins at a point.
pub(super) fn add_text_from(scene: &mut Scene, at: Point, content: &str) {
    let mut label = text(at, content, SMALL, None);
    if let Primitive::Text { anchor, .. } = &mut label {
        *anchor = TextAnchor::Start;
    }
    scene.add(label);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(a: Point, b: Point) -> bool {
        distance(a, b) < 1e-6
    }

    #[test]
    fn an_arrowhead_points_where_the_line_goes() {
        let head = arrowhead((0.0, 0.0), (10.0, 0.0), 5.0);
        assert!(is_near(head[0], (10.0, 0.0)));
        assert!(is_near(head[1], (5.0, 2.1)) && is_near(head[2], (5.0, -2.1)));
    }
}
