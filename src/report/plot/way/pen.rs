//! Lines with arrows, numbers and names, where there is room.

use kuva::render::render::Scene;

use crate::report::plot::canvas::text;
use crate::report::plot::shapes::{Point, add_dot, add_line, add_polygon, arrowhead, distance};
use crate::report::plot::style::{self, LOOKS, Look, SMALL};

/// A sheet, and what is taken of it.
pub(super) struct Pen {
    pub scene: Scene,
    /// Middles and half sizes of what is written.
    taken: Vec<(Point, Point)>,
}

/// Radius of the disc of a number.
const DISC: f64 = 8.5;
const HEAD: f64 = 9.0;

/// How the leg of this place looks.
pub(super) fn look(leg: usize) -> Look {
    Look {
        dash: &[],
        width: 2.2,
        ..LOOKS[leg % LOOKS.len()]
    }
}

impl Pen {
    pub(super) fn on(scene: Scene) -> Self {
        Self {
            scene,
            taken: Vec::new(),
        }
    }

    /// Keeps what is written away from a mark.
    pub(super) fn keep_off(&mut self, at: Point, radius: f64) {
        self.taken.push((at, (radius, radius)));
    }

    fn is_free(&self, at: Point, half: Point) -> bool {
        self.taken.iter().all(|(other, size)| {
            (at.0 - other.0).abs() >= half.0 + size.0 || (at.1 - other.1).abs() >= half.1 + size.1
        })
    }

    /// A line whose end is an arrow, cut short at its ends.
    pub(super) fn arrow(&mut self, points: &[Point], look: &Look, short: f64) {
        let points = shortened(points, short);
        let [.., before, tip] = points[..] else {
            return;
        };
        let mut line = points.clone();
        // The line ends within the arrowhead.
        let share = (1.0 - HEAD * 0.7 / distance(before, tip).max(HEAD)).max(0.0);
        if let Some(last) = line.last_mut() {
            *last = between(before, tip, share);
        }
        add_line(&mut self.scene, line, look);
        add_polygon(&mut self.scene, &arrowhead(before, tip, HEAD), look.color);
    }

    /// A number on a line, as near to its middle as there is room.
    pub(super) fn number(&mut self, points: &[Point], number: usize, color: &str) {
        let shares = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
        let places = shares.map(|share| along(points, share));
        let half = (DISC, DISC);
        let free = places.into_iter().find(|at| self.is_free(*at, half));
        self.disc(free.unwrap_or(places[0]), number, color);
    }

    /// A number in a disc.
    pub(super) fn disc(&mut self, at: Point, number: usize, color: &str) {
        self.taken.push((at, (DISC, DISC)));
        add_dot(&mut self.scene, at, DISC, color);
        let baseline = (at.0, at.1 + f64::from(SMALL) * 0.36);
        let label = number.to_string();
        self.scene
            .add(text(baseline, &label, SMALL, Some("#ffffff")));
    }

    /// A name beside a mark: in the first of these directions in which there is room, else in the first.
    pub(super) fn name(&mut self, mark: Point, radius: f64, label: &str, directions: &[Point]) {
        let half = (
            style::text_width(label, SMALL) / 2.0,
            f64::from(SMALL) * 0.5,
        );
        let place = |(x, y): &Point| {
            let (x, y) = (*x, *y);
            (
                mark.0 + x * (radius + 3.0 + half.0),
                mark.1 + y * (radius + 3.0 + half.1),
            )
        };
        let places: Vec<Point> = directions.iter().map(place).collect();
        let free = places.iter().copied().find(|at| self.is_free(*at, half));
        let at = free.unwrap_or(places[0]);
        self.taken.push((at, half));
        let baseline = (at.0, at.1 + f64::from(SMALL) * 0.36);
        self.scene.add(text(baseline, label, SMALL, None));
    }
}

fn between(a: Point, b: Point, share: f64) -> Point {
    (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
}

fn length(points: &[Point]) -> f64 {
    points
        .windows(2)
        .map(|pair| distance(pair[0], pair[1]))
        .sum()
}

/// The point at this share of the length of a line.
pub(super) fn along(points: &[Point], share: f64) -> Point {
    let mut left = length(points) * share;
    for pair in points.windows(2) {
        let step = distance(pair[0], pair[1]);
        if left <= step && step > 0.0 {
            return between(pair[0], pair[1], left / step);
        }
        left -= step;
    }
    points.last().copied().unwrap_or((0.0, 0.0))
}

/// A line without so much at each of its ends; of a line that is too short for that its middle half.
fn shortened(points: &[Point], by: f64) -> Vec<Point> {
    let whole = length(points);
    let by = by.min(whole / 4.0);
    if whole <= 0.0 {
        return Vec::new();
    }
    let (first, last) = (by / whole, 1.0 - by / whole);
    let mut line = vec![along(points, first)];
    let mut passed = 0.0;
    for pair in points.windows(2) {
        passed += distance(pair[0], pair[1]);
        if passed > by && passed < whole - by {
            line.push(pair[1]);
        }
    }
    line.push(along(points, last));
    line
}

/// A line beside this one, so far to its right.
pub(super) fn beside(points: &[Point], far: f64) -> Vec<Point> {
    let mut distinct = points.to_vec();
    distinct.dedup_by(|a, b| distance(*a, *b) < 1e-9);
    let normal = |a: Point, b: Point| {
        let whole = distance(a, b).max(1e-9);
        ((a.1 - b.1) / whole, (b.0 - a.0) / whole)
    };
    let moved = |at: usize| {
        let here = distinct[at];
        let before = at
            .checked_sub(1)
            .map(|before| normal(distinct[before], here));
        let after = distinct.get(at + 1).map(|after| normal(here, *after));
        let (x, y) = match (before, after) {
            (Some(a), Some(b)) => (f64::midpoint(a.0, b.0), f64::midpoint(a.1, b.1)),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => (0.0, 0.0),
        };
        (here.0 + x * far, here.1 + y * far)
    };
    (0..distinct.len()).map(moved).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two steps of 3 and 4: the middle is half a unit into the second.
    #[test]
    fn a_share_of_a_line_is_a_share_of_its_length() {
        let line = [(0.0, 0.0), (3.0, 0.0), (3.0, 4.0)];
        assert_eq!(along(&line, 0.5), (3.0, 0.5));
        assert_eq!(along(&line, 1.0), (3.0, 4.0));
        let short = shortened(&line, 1.0);
        let near = |a: Point, b: Point| distance(a, b) < 1e-9;
        assert!(
            near(short[0], (1.0, 0.0)) && near(short[2], (3.0, 3.0)),
            "{short:?}"
        );
        assert_eq!(short.len(), 3);
    }

    #[test]
    fn a_line_beside_another_keeps_its_distance() {
        let line = beside(&[(0.0, 0.0), (10.0, 0.0)], 2.0);
        assert_eq!(line, [(0.0, 2.0), (10.0, 2.0)]);
        assert_eq!(beside(&[(1.0, 1.0), (1.0, 1.0)], 2.0), [(1.0, 1.0)]);
    }
}
