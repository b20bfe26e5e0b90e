//! Room for what is written around the circle and within it: nothing lies on anything else. What finds no room is left
//! out.

use super::circle::Circle;
use crate::report::plot::shapes::Point;

/// A box on the sheet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    center: Point,
    half: (f64, f64),
}

impl Room {
    pub(super) fn new(center: Point, width: f64, height: f64) -> Self {
        Self {
            center,
            half: (width / 2.0, height / 2.0),
        }
    }

    fn overlaps(&self, other: &Self) -> bool {
        (self.center.0 - other.center.0).abs() < self.half.0 + other.half.0
            && (self.center.1 - other.center.1).abs() < self.half.1 + other.half.1
    }

    /// Its nearest point to a point.
    fn nearest(&self, point: Point) -> Point {
        (
            point
                .0
                .clamp(self.center.0 - self.half.0, self.center.0 + self.half.0),
            point
                .1
                .clamp(self.center.1 - self.half.1, self.center.1 + self.half.1),
        )
    }

    /// How far its nearest point is from a point.
    fn distance(&self, point: Point) -> f64 {
        let x = ((self.center.0 - point.0).abs() - self.half.0).max(0.0);
        let y = ((self.center.1 - point.1).abs() - self.half.1).max(0.0);
        (x * x + y * y).sqrt()
    }
}

/// What is taken of a sheet.
pub(super) struct Rooms {
    width: f64,
    taken: Vec<Room>,
}

/// Between two labels, and between a label and the edge.
const GAP: f64 = 3.0;

impl Rooms {
    /// A sheet of this width.
    pub(super) fn new(width: f64) -> Self {
        Self {
            width,
            taken: Vec::new(),
        }
    }

    /// Takes room, whether it is free or not.
    pub(super) fn take(&mut self, room: Room) {
        self.taken.push(room);
    }

    /// Takes room if it is free, and says whether it is.
    pub(super) fn take_if_free(&mut self, room: Room) -> bool {
        let (left, right) = (room.center.0 - room.half.0, room.center.0 + room.half.0);
        let is_free = left >= GAP
            && right <= self.width - GAP
            && !self.taken.iter().any(|other| room.overlaps(other));
        if is_free {
            self.taken.push(room);
        }
        is_free
    }

    /// Takes room for a label outside of the circle at an angle, `beyond` units away from it. If there is none and it
    /// may be `shifted`, a place near by is taken. `None` if there is no room at all.
    pub(super) fn outside(
        &mut self,
        circle: &Circle,
        angle: f64,
        size: (f64, f64),
        (beyond, shifted): (f64, bool),
    ) -> Option<Place> {
        let from = circle.at(angle, beyond - 2.0);
        for &(degrees, farther) in if shifted { &SHIFTS[..] } else { &SHIFTS[..1] } {
            let turned = angle + f64::from(degrees).to_radians();
            let Some(room) = room_beyond(circle, turned, size, beyond + farther) else {
                continue;
            };
            let line = (farther > 0.0).then(|| (from, room.nearest(from)));
            if line.is_none_or(|line| self.is_clear(line)) && self.take_if_free(room) {
                let middle = room.center;
                return Some(Place { middle, line });
            }
        }
        None
    }

    /// Whether a line crosses nothing.
    fn is_clear(&self, (from, to): (Point, Point)) -> bool {
        let at = |step: i32| {
            let share = f64::from(step) / 16.0;
            (
                from.0 + (to.0 - from.0) * share,
                from.1 + (to.1 - from.1) * share,
            )
        };
        let mut points = (0..=16).map(at);
        points.all(|point| self.taken.iter().all(|room| room.distance(point) > 0.0))
    }
}

/// Where a label stands, and the line that leads to it if it does not stand where it belongs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub middle: Point,
    pub line: Option<(Point, Point)>,
}

/// By how many degrees around the circle, and how many units farther out, a label may be shifted.
const SHIFTS: [(i8, f64); 21] = [
    (0, 0.0),
    (5, 6.0),
    (-5, 6.0),
    (9, 6.0),
    (-9, 6.0),
    (13, 6.0),
    (-13, 6.0),
    (17, 6.0),
    (-17, 6.0),
    (21, 6.0),
    (-21, 6.0),
    (5, 18.0),
    (-5, 18.0),
    (9, 18.0),
    (-9, 18.0),
    (13, 18.0),
    (-13, 18.0),
    (19, 18.0),
    (-19, 18.0),
    (25, 18.0),
    (-25, 18.0),
];

/// The room at an angle that is so far beyond the circle.
fn room_beyond(
    circle: &Circle,
    angle: f64,
    (width, height): (f64, f64),
    beyond: f64,
) -> Option<Room> {
    let room = |out: f64| Room::new(circle.at(angle, out), width + GAP, height + GAP);
    let clear = circle.radius + beyond;
    let steps = (0..400).map(|step| beyond + f64::from(step) * 0.5);
    let mut rooms = steps.map(room);
    rooms.find(|room| room.distance(circle.center) >= clear)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    #[test]
    fn labels_lie_outside_of_the_circle_and_not_on_each_other() {
        let circle = Circle {
            center: (210.0, 210.0),
            radius: 150.0,
        };
        let mut rooms = Rooms::new(420.0);
        let angles = (0..300).map(|at| f64::from(at) / 300.0 * TAU);
        let placed: Vec<Point> = angles
            .filter_map(|angle| rooms.outside(&circle, angle, (30.0, 13.0), (8.0, false)))
            .map(|place| place.middle)
            .collect();
        // The circle of 158 units is nearly a thousand long, and a label takes 16 to 33 of them.
        assert!((30..60).contains(&placed.len()), "{}", placed.len());
        for (at, a) in placed.iter().enumerate() {
            let corner = ((a.0 - 210.0).abs() - 15.0, (a.1 - 210.0).abs() - 6.5);
            let nearest = (corner.0.max(0.0), corner.1.max(0.0));
            assert!(nearest.0 * nearest.0 + nearest.1 * nearest.1 >= 158.0 * 158.0);
            for b in &placed[..at] {
                assert!((a.0 - b.0).abs() >= 30.0 || (a.1 - b.1).abs() >= 13.0);
            }
        }
    }

    /// Two labels for one place: the second is shifted, and a line that crosses nothing leads to it.
    #[test]
    fn a_label_without_room_is_shifted_if_it_may_be() {
        let circle = Circle {
            center: (210.0, 210.0),
            radius: 150.0,
        };
        let mut rooms = Rooms::new(420.0);
        let mut place = |shifted| rooms.outside(&circle, 0.0, (30.0, 13.0), (8.0, shifted));
        assert!(place(true).unwrap().line.is_none());
        assert!(place(false).is_none());
        let second = place(true).unwrap();
        assert!(second.middle.0 > 240.0 && second.line.is_some());
        assert!(place(true).unwrap().middle.0 < 180.0);
    }

    #[test]
    fn what_would_be_cut_off_finds_no_room() {
        let mut rooms = Rooms::new(100.0);
        assert!(!rooms.take_if_free(Room::new((95.0, 50.0), 20.0, 10.0)));
        assert!(rooms.take_if_free(Room::new((80.0, 50.0), 20.0, 10.0)));
    }
}
