//! The geometry of the picture: places on the circle, and curves from one to another.

use crate::report::plot::shapes::{Point, distance};

/// The circle on the sheet.
#[derive(Clone, Copy)]
pub(super) struct Circle {
    pub center: Point,
    pub radius: f64,
}

impl Circle {
    /// The point at an angle, clockwise from the top, `beyond` units outside of the circle.
    pub(super) fn at(&self, angle: f64, beyond: f64) -> Point {
        let radius = self.radius + beyond;
        (
            self.center.0 + radius * libm::sin(angle),
            self.center.1 - radius * libm::cos(angle),
        )
    }
}

/// How a curve leaves the straight line between its ends.
#[derive(Clone, Copy)]
pub(super) struct Bend {
    /// How much of the way to the centre its middle is pulled.
    pub pull: f64,
    /// How many units at most it is pushed aside as well, towards the centre, so that it is seen beside another one between the
    /// same ends, also where these face each other across the centre.
    pub aside: f64,
}

/// A curve between two points of the circle, through its inside: a parabola (a Bézier curve with one control point).
#[derive(Clone, Copy)]
pub(super) struct Curve {
    from: Point,
    control: Point,
    to: Point,
}

/// Points of a drawn curve.
const STEPS: usize = 32;

impl Curve {
    pub(super) fn between(circle: &Circle, from: Point, to: Point, bend: Bend) -> Self {
        let middle = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
        let length = distance(from, to).max(1e-9);
        let across = (-(to.1 - from.1) / length, (to.0 - from.0) / length);
        let inwards =
            across.0 * (circle.center.0 - middle.0) + across.1 * (circle.center.1 - middle.1);
        let most = bend.aside.min(length * 0.2);
        let push = if inwards < -1e-6 { -most } else { most };
        let aside = (across.0 * push, across.1 * push);
        let pulled = |middle: f64, center: f64| middle + (center - middle) * bend.pull;
        Self {
            from,
            control: (
                pulled(middle.0, circle.center.0) + aside.0,
                pulled(middle.1, circle.center.1) + aside.1,
            ),
            to,
        }
    }

    /// The point at 0 (where it begins) to 1 (where it ends).
    pub(super) fn at(&self, t: f64) -> Point {
        let of = |from: f64, control: f64, to: f64| {
            let u = 1.0 - t;
            u * u * from + 2.0 * u * t * control + t * t * to
        };
        (
            of(self.from.0, self.control.0, self.to.0),
            of(self.from.1, self.control.1, self.to.1),
        )
    }

    /// The curve as far as it is `away` units from both its ends; `None` if there is nothing left of it.
    pub(super) fn points(&self, away: f64) -> Option<Vec<Point>> {
        if distance(self.from, self.to) <= 2.0 * away {
            return None;
        }
        let begin = first(|t| distance(self.at(t), self.from) >= away);
        let end = 1.0 - first(|t| distance(self.at(1.0 - t), self.to) >= away);
        let t = |step: usize| begin + (end - begin) * step as f64 / STEPS as f64;
        Some((0..=STEPS).map(|step| self.at(t(step))).collect())
    }
}

/// The first number up to a half for which this holds; it holds from there on.
fn first(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut no, mut yes) = (0.0, 0.5);
    for _ in 0..40 {
        let middle = f64::midpoint(no, yes);
        if holds(middle) {
            yes = middle;
        } else {
            no = middle;
        }
    }
    yes
}

#[cfg(test)]
mod tests {
    use super::*;

    const CIRCLE: Circle = Circle {
        center: (200.0, 200.0),
        radius: 100.0,
    };

    fn is_near(a: Point, b: Point) -> bool {
        distance(a, b) < 1e-6
    }

    #[test]
    fn angles_go_clockwise_from_the_top() {
        let quarter = std::f64::consts::FRAC_PI_2;
        assert!(is_near(CIRCLE.at(0.0, 0.0), (200.0, 100.0)));
        assert!(is_near(CIRCLE.at(quarter, 10.0), (310.0, 200.0)));
        assert!(is_near(CIRCLE.at(2.0 * quarter, 0.0), (200.0, 300.0)));
    }

    #[test]
    fn a_curve_lies_inside_and_keeps_away_from_its_ends() {
        let bend = Bend {
            pull: 0.3,
            aside: 0.0,
        };
        let (from, to) = (CIRCLE.at(0.1, 0.0), CIRCLE.at(0.6, 0.0));
        let curve = Curve::between(&CIRCLE, from, to, bend);
        let points = curve.points(8.0).unwrap();
        assert!((distance(points[0], from) - 8.0).abs() < 1e-6);
        assert!((distance(points[STEPS], to) - 8.0).abs() < 1e-6);
        let outside = |point: &Point| distance(*point, CIRCLE.center) > 100.0;
        assert!(!points.iter().any(outside));
        assert!(curve.points(25.0).is_none());
    }
}
