//! The request on the network, and the request on the ring.

use std::f64::consts::TAU;

use super::pen::{Pen, beside, look};
use super::picture::{Leg, WayPicture};
use crate::report::naming::short_id;
use crate::report::plot::layout;
use crate::report::plot::shapes::{Point, add_dot, add_line, add_lozenge, solid};
use crate::report::plot::style::{Look, ORIENTATION};

/// How far routes that share a link lie beside each other.
const APART: f64 = 3.0;
/// Radius of a node that takes part.
const MARK: f64 = 4.5;
/// Of a ring with more members only those are drawn apart that take part.
const MEMBERS_MAX: usize = 2000;
const AROUND: [Point; 8] = [
    (0.0, -1.0),
    (0.0, 1.0),
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.8, -1.0),
    (-0.8, -1.0),
    (0.8, 1.0),
    (-0.8, 1.0),
];

/// The direct way.
pub(super) const DIRECT: Look = Look {
    dash: &[6.0, 3.0],
    width: 1.6,
    ..solid("#000000", 1.6)
};

/// The ends of all legs, each once, in order.
fn who<'a>(picture: &'a WayPicture) -> Vec<(u64, usize)> {
    let mut ends: Vec<(u64, usize)> = Vec::new();
    let legs: Vec<&'a Leg> = picture.legs.iter().chain(&picture.direct).collect();
    for leg in legs {
        let (Some(first), Some(last)) = (leg.route.first(), leg.route.last()) else {
            continue;
        };
        for end in [(leg.from, *first), (leg.to, *last)] {
            if !ends.contains(&end) {
                ends.push(end);
            }
        }
    }
    ends
}

/// Draws the network into a box with this corner and size.
pub(super) fn network(pen: &mut Pen, picture: &WayPicture, corner: Point, (width, height): Point) {
    let (places, used) = layout::fitted(&picture.network.laid_out(), width, (height, height));
    let down = (height - used) / 2.0;
    let place = |node: &usize| {
        let (x, y) = places[*node];
        (x + corner.0, y + corner.1 + down)
    };
    for (ends, _) in &picture.network.links {
        let ends = ends.iter().map(place).collect();
        add_line(&mut pen.scene, ends, &solid("#c4c4c4", 0.9));
    }
    let radius = if places.len() > 300 { 1.2 } else { 1.9 };
    for node in 0..places.len() {
        add_dot(&mut pen.scene, place(&node), radius, "#9a9a9a");
        pen.keep_clear(&[place(&node)]);
    }
    let who = who(picture);
    for (_, node) in &who {
        pen.keep_off(place(node), MARK);
    }
    if let Some(direct) = &picture.direct {
        let route: Vec<Point> = direct.route.iter().map(place).collect();
        pen.arrow(&beside(&route, -APART), &DIRECT, MARK + 1.0);
    }
    let routes: Vec<Vec<Point>> = picture
        .legs
        .iter()
        .enumerate()
        .map(|(at, leg)| {
            let route: Vec<Point> = leg.route.iter().map(place).collect();
            beside(&route, (at % 4) as f64 * APART)
        })
        .collect();
    for (at, route) in routes.iter().enumerate() {
        pen.arrow(route, &look(at), MARK + 1.0);
    }
    for (_, node) in &who {
        add_dot(&mut pen.scene, place(node), MARK, "#000000");
    }
    let numbered = || {
        routes
            .iter()
            .enumerate()
            .filter(|(_, route)| route.len() > 1)
    };
    for (at, route) in numbered() {
        pen.number(route, at + 1, look(at).color);
    }
    for (id, node) in &who {
        pen.name(place(node), MARK, &short_id(*id), &AROUND);
    }
}

/// Draws the ring in a circle.
pub(super) fn ring(pen: &mut Pen, picture: &WayPicture, center: Point, radius: f64) {
    let angle = |id: u64| id as f64 / (picture.last as f64 + 1.0) * TAU;
    let at_angle = |angle: f64, far: f64| {
        let (sin, cos) = (libm::sin(angle), libm::cos(angle));
        (center.0 + far * sin, center.1 - far * cos)
    };
    let at = |id: u64| at_angle(angle(id), radius);
    let circle = (0..=180).map(|step| at_angle(f64::from(step) / 180.0 * TAU, radius));
    let circle: Vec<Point> = circle.collect();
    pen.keep_clear(&circle);
    add_line(&mut pen.scene, circle, &solid(ORIENTATION[0].color, 1.4));
    if picture.members.len() <= MEMBERS_MAX {
        let radius = if picture.members.len() > 100 {
            1.6
        } else {
            2.6
        };
        for id in &picture.members {
            add_dot(&mut pen.scene, at(*id), radius, "#9a9a9a");
        }
    }
    add_lozenge(&mut pen.scene, at(picture.key), 8.0, "#000000");
    pen.keep_off(at(picture.key), 8.0);
    let who = who(picture);
    for (id, _) in &who {
        pen.keep_off(at(*id), MARK);
    }
    if let Some(direct) = &picture.direct {
        pen.arrow(&[at(direct.from), at(direct.to)], &DIRECT, MARK + 1.0);
    }
    let curves: Vec<Vec<Point>> = picture
        .legs
        .iter()
        .enumerate()
        .map(|(place, leg)| curve(at(leg.from), at(leg.to), center, place))
        .collect();
    for (place, curve) in curves.iter().enumerate() {
        pen.arrow(curve, &look(place), MARK + 1.0);
    }
    for (id, _) in &who {
        add_dot(&mut pen.scene, at(*id), MARK, "#000000");
    }
    let mut named: Vec<u64> = Vec::new();
    for (id, _) in &who {
        if !named.contains(id) {
            named.push(*id);
            let (x, y) = at_angle(angle(*id), 1.0);
            let out = (x - center.0, y - center.1);
            let (right, down) = (out.0.signum(), out.1.signum());
            let aside = [
                (right, down),
                (right, 0.0),
                (0.0, down * 1.4),
                (right, down * 2.4),
            ];
            let further = [(right, -down), (right, down * 3.8), (right, -down * 2.4)];
            let aside = [vec![out], aside.to_vec(), further.to_vec()].concat();
            pen.name(at(*id), MARK + 2.0, &short_id(*id), &aside);
        }
    }
    for (place, curve) in curves
        .iter()
        .enumerate()
        .filter(|(_, curve)| curve.len() > 1)
    {
        pen.number(curve, place + 1, look(place).color);
    }
}

/// A curve that bends towards the middle of the ring; later ones more, so that there and back are two.
fn curve(from: Point, to: Point, center: Point, place: usize) -> Vec<Point> {
    let pull = 0.25 + 0.12 * (place % 4) as f64;
    let middle = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
    let control = (
        middle.0 + (center.0 - middle.0) * pull + (to.1 - from.1) * 0.12,
        middle.1 + (center.1 - middle.1) * pull - (to.0 - from.0) * 0.12,
    );
    let point = |step: u32| {
        let t = f64::from(step) / 24.0;
        let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
        (
            a * from.0 + b * control.0 + c * to.0,
            a * from.1 + b * control.1 + c * to.1,
        )
    };
    (0..=24).map(point).collect()
}
