//! Lines with arrows, numbers and names, where there is room.

use std::f64::consts::TAU;

use kuva::render::render::Scene;

use crate::report::plot::canvas::text;
use crate::report::plot::shapes::{
    Point, add_dot, add_line, add_polygon, arrowhead, distance, solid,
};
use crate::report::plot::style::{self, LOOKS, Look, SMALL};

/// A sheet, and what is taken of it.
pub(super) struct Pen {
    pub scene: Scene,
    /// Middles and half sizes of what is written.
    taken: Vec<(Point, Point)>,
    /// Those that are names.
    names: Vec<(Point, Point)>,
    /// Points of what is drawn: names stay off it if there is another place.
    drawn: Vec<Point>,
    /// The corners of where names and numbers may stand.
    room: [Point; 2],
}

/// Radius of the disc of a number.
const DISC: f64 = 8.5;
const HEAD: f64 = 9.0;
/// A number would hide a shorter arrow.
const SHORT: f64 = 4.0 * DISC;
/// Half of what a drawn line takes up, and of the step between the points that stand for it.
const LINE: f64 = 2.0;
/// How often a place farther away is tried, and by how much each is.
const TRIES: u32 = 12;
const FARTHER: f64 = 8.0;
/// A name farther away than this from its mark is tied to it by a line.
const NEAR: f64 = 14.0;
const TIE: Look = solid("#9a9a9a", 0.8);

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
        let room = [(0.0, 0.0), (scene.width, scene.height)];
        Self {
            scene,
            taken: Vec::new(),
            names: Vec::new(),
            drawn: Vec::new(),
            room,
        }
    }

    /// Keeps names and numbers between these corners from here on: the upper left one and the lower right one.
    pub(super) fn stay_within(&mut self, room: [Point; 2]) {
        self.room = room;
    }

    /// Keeps what is written away from a mark.
    pub(super) fn keep_off(&mut self, at: Point, radius: f64) {
        self.taken.push((at, (radius, radius)));
    }

    /// Keeps names off a line or a dot where that is easy.
    pub(super) fn keep_clear(&mut self, points: &[Point]) {
        let steps = (length(points) / (2.0 * LINE)).ceil().max(1.0);
        for step in 0..=steps as u32 {
            self.drawn.push(along(points, f64::from(step) / steps));
        }
    }

    fn is_free(&self, at: Point, half: Point) -> bool {
        let [(left, top), (right, bottom)] = self.room;
        let is_inside = at.0 - half.0 >= left
            && at.0 + half.0 <= right
            && at.1 - half.1 >= top
            && at.1 + half.1 <= bottom;
        is_inside
            && self.taken.iter().all(|(other, size)| {
                (at.0 - other.0).abs() >= half.0 + size.0
                    || (at.1 - other.1).abs() >= half.1 + size.1
            })
    }

    fn is_clear(&self, at: Point, half: Point) -> bool {
        self.drawn.iter().all(|point| {
            (at.0 - point.0).abs() >= half.0 + LINE || (at.1 - point.1).abs() >= half.1 + LINE
        })
    }

    /// Whether a line between these would cross a name.
    fn crosses_a_name(&self, from: Point, to: Point) -> bool {
        (0..=16).any(|step| {
            let (x, y) = between(from, to, f64::from(step) / 16.0);
            let is_over = |(at, half): &(Point, Point)| {
                (x - at.0).abs() < half.0 && (y - at.1).abs() < half.1
            };
            self.names.iter().any(is_over)
        })
    }

    /// The first place that is free and off the lines, else the first free one.
    fn first(&self, places: &[Point], half: Point) -> Option<Point> {
        let free = || places.iter().copied().filter(|at| self.is_free(*at, half));
        free()
            .find(|at| self.is_clear(*at, half))
            .or_else(|| free().next())
    }

    /// The nearest place within the room.
    fn moved_in(&self, at: Point, half: Point) -> Point {
        let [(left, top), (right, bottom)] = self.room;
        (
            at.0.min(right - half.0).max(left + half.0),
            at.1.min(bottom - half.1).max(top + half.1),
        )
    }

    /// A line whose end is an arrow, cut short at its ends.
    pub(super) fn arrow(&mut self, points: &[Point], look: &Look, short: f64) {
        let points = shortened(points, short);
        self.keep_clear(&points);
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

    /// A number on a line, as near to its middle as there is room; beside the line, tied to it, if it is short or crowded.
    pub(super) fn number(&mut self, points: &[Point], number: usize, color: &'static str) {
        let shares = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
        let places = shares.map(|share| along(points, share));
        let half = (DISC, DISC);
        let is_long = length(points) >= SHORT;
        let on_it = places
            .into_iter()
            .find(|at| is_long && self.is_free(*at, half));
        if let Some(at) = on_it {
            self.disc(at, number, color);
            return;
        }
        let middle = places[0];
        let around = |reach: u32| {
            let far = DISC + FARTHER * f64::from(reach);
            (0..16).map(move |turn| {
                let angle = f64::from(turn) / 16.0 * TAU;
                (
                    middle.0 + far * libm::sin(angle),
                    middle.1 - far * libm::cos(angle),
                )
            })
        };
        let beside: Vec<Point> = (1..=TRIES).flat_map(around).collect();
        let at = self.first(&beside, half).unwrap_or(middle);
        add_line(&mut self.scene, vec![middle, at], &solid(color, 1.0));
        self.disc(at, number, color);
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

    /// A name beside a mark: in the first of these directions in which there is room, farther away if there is none. It
    /// is never outside of the room.
    pub(super) fn name(&mut self, mark: Point, radius: f64, label: &str, directions: &[Point]) {
        let half = (
            style::text_width(label, SMALL) / 2.0,
            f64::from(SMALL) * 0.5,
        );
        let mut places: Vec<Point> = Vec::new();
        for reach in 0..TRIES {
            let gap = radius + 3.0 + FARTHER * f64::from(reach);
            for (x, y) in directions {
                let at = (mark.0 + x * (gap + half.0), mark.1 + y * (gap + half.1));
                places.push(self.moved_in(at, half));
            }
        }
        let nearest = places[0];
        let edge = |at: Point| {
            (
                mark.0.clamp(at.0 - half.0, at.0 + half.0),
                mark.1.clamp(at.1 - half.1, at.1 + half.1),
            )
        };
        places.retain(|at| !self.crosses_a_name(mark, edge(*at)));
        let at = self.first(&places, half).unwrap_or(nearest);
        let edge = edge(at);
        if distance(mark, edge) > radius + NEAR {
            add_line(&mut self.scene, vec![mark, edge], &TIE);
            self.keep_clear(&[mark, edge]);
        }
        self.taken.push((at, half));
        self.names.push((at, half));
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

    const AROUND: [Point; 4] = [(-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (1.0, 0.0)];

    /// Left of a mark at the left edge is no room, and above and below it are lines.
    #[test]
    fn a_name_is_never_cut_off() {
        for mark in [(4.0, 100.0), (396.0, 100.0), (200.0, 4.0), (4.0, 196.0)] {
            let mut pen = Pen::on(Scene::new(400.0, 200.0));
            pen.keep_off(mark, 4.0);
            pen.keep_clear(&[(mark.0, 0.0), (mark.0, 200.0)]);
            pen.name(mark, 4.0, "1276…9208", &AROUND);
            let (at, half) = pen.taken[1];
            assert!(at.0 >= half.0 && at.0 + half.0 <= 400.0, "{mark:?}: {at:?}");
            assert!(at.1 >= half.1 && at.1 + half.1 <= 200.0, "{mark:?}: {at:?}");
            assert!(!covers(&pen.taken[..1], at, half), "{mark:?}: {at:?}");
        }
    }

    /// There and back eight times: colours come twice, so it is the numbers that tell the arrows apart.
    #[test]
    fn no_number_hides_another_or_a_short_arrow() {
        for far in [0.5, 12.0, 60.0] {
            let mut pen = Pen::on(Scene::new(400.0, 400.0));
            let ends = [(200.0, 200.0), (200.0 + far, 200.0)];
            for end in ends {
                pen.keep_off(end, 4.5);
            }
            for leg in 0..16 {
                pen.number(&ends, leg + 1, look(leg).color);
            }
            for (at, (disc, half)) in pen.taken.iter().enumerate().skip(2) {
                assert!(!covers(&pen.taken[..at], *disc, *half), "{far}: {at}");
            }
        }
    }

    fn covers(taken: &[(Point, Point)], at: Point, half: Point) -> bool {
        taken.iter().any(|(other, size)| {
            (at.0 - other.0).abs() < half.0 + size.0 && (at.1 - other.1).abs() < half.1 + size.1
        })
    }

    #[test]
    fn a_line_beside_another_keeps_its_distance() {
        let line = beside(&[(0.0, 0.0), (10.0, 0.0)], 2.0);
        assert_eq!(line, [(0.0, 2.0), (10.0, 2.0)]);
        assert_eq!(beside(&[(1.0, 1.0), (1.0, 1.0)], 2.0), [(1.0, 1.0)]);
    }
}
