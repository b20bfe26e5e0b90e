//! Draws the picture. As `canvas` and `shapes`, it knows the plotting crate.

use std::f64::consts::TAU;

use kuva::render::render::Scene;

use super::captions;
use super::circle::{Bend, Circle, Curve};
use super::labels::{Place, Room, Rooms};
use super::{RingPicture, legend};
use crate::report::naming::short_id;
use crate::report::plot::canvas::text;
use crate::report::plot::shapes::{
    Point, add_dot, add_line, add_lozenge, add_polygon, arrowhead, distance, solid,
};
use crate::report::plot::style::{self, FONTS, Look, MUTED, ORIENTATION, SMALL, TITLE, WIDTH};

/// Room for labels above and below the circle.
const AROUND: f64 = 44.0;
/// Of more nodes than this arrows along the circle are not drawn.
const ARROWS_MAX: usize = 48;
/// Of more nodes than this only those are named that have a part in what is drawn.
const NAMED_MAX: usize = 500;
/// Of more nodes than this a line shows which one a label names.
const DENSE_MIN: usize = 40;
/// On a ring of at most so many positions each has its mark.
const TICKS_MAX: u64 = 32;
const LINE: f64 = 17.0;

const FINGER: Bend = Bend {
    pull: 0.3,
    aside: 0.0,
};
const HOP: Bend = Bend {
    pull: 0.5,
    aside: 26.0,
};

/// The whole picture.
pub(super) fn scene(picture: &RingPicture<'_>) -> Scene {
    let heading = style::wrap(&captions::heading(picture), TITLE, WIDTH - 12.0);
    let notes = captions::notes(picture);
    let notes = notes
        .iter()
        .flat_map(|note| style::wrap(note, SMALL, WIDTH - 16.0));
    let notes: Vec<String> = notes.collect();
    let radius = radius(picture);
    let top = 9.0 + LINE * heading.len() as f64 + AROUND;
    let below = top + 2.0 * radius + AROUND;
    let legend = legend::entries(picture);
    let foot = below + legend::height(&legend) + LINE * notes.len() as f64 + 8.0;
    let circle = Circle {
        center: (WIDTH / 2.0, top + radius),
        radius,
    };
    let mut drawing = Drawing {
        picture,
        circle,
        dot: dot(picture),
        rooms: Rooms::new(WIDTH),
        scene: Scene::new(WIDTH, foot.ceil()),
    };
    drawing.scene.font_family = Some(FONTS.to_owned());
    for (at, line) in heading.iter().enumerate() {
        let place = (WIDTH / 2.0, 19.0 + LINE * at as f64);
        drawing.scene.add(text(place, line, TITLE, None));
    }
    drawing.draw();
    let mut scene = drawing.scene;
    legend::draw(&mut scene, &legend, below);
    for (at, line) in notes.iter().enumerate() {
        let y = below + legend::height(&legend) + 13.0 + LINE * at as f64;
        scene.add(text((WIDTH / 2.0, y), line, SMALL, Some(MUTED)));
    }
    scene
}

/// As large as the labels at both sides allow.
fn radius(picture: &RingPicture<'_>) -> f64 {
    let ids = picture.ring.ids().iter();
    let widths = ids.map(|id| style::text_width(&short_id(*id), letters(picture)));
    let widest = widths.fold(0.0, f64::max);
    (WIDTH / 2.0 - widest - 22.0).min(158.0)
}

/// The size of the labels.
fn letters(picture: &RingPicture<'_>) -> u32 {
    if picture.ring.ids().len() <= 24 {
        TITLE
    } else {
        SMALL
    }
}

/// The radius of a node.
fn dot(picture: &RingPicture<'_>) -> f64 {
    match picture.ring.ids().len() {
        0..=24 => 6.5,
        25..=64 => 4.5,
        65..=200 => 3.0,
        201..=500 => 2.0,
        _ => 1.2,
    }
}

/// A picture that is being drawn.
struct Drawing<'a> {
    picture: &'a RingPicture<'a>,
    circle: Circle,
    dot: f64,
    rooms: Rooms,
    scene: Scene,
}

impl Drawing<'_> {
    fn draw(&mut self) {
        self.draw_circle();
        self.draw_fingers();
        self.draw_hops();
        self.draw_key();
        self.draw_nodes();
        self.name_nodes();
        self.number_hops();
    }

    fn point(&self, rank: usize) -> Point {
        self.circle.at(self.angle(rank), 0.0)
    }

    fn angle(&self, rank: usize) -> f64 {
        self.picture.angle(self.picture.ring.ids()[rank])
    }

    /// The circle, with a mark at 0, and arrows from each node to its successor.
    fn draw_circle(&mut self) {
        let steps = 0..=360;
        let angle = |step: i32| f64::from(step).to_radians();
        let points = steps.map(|step| self.circle.at(angle(step), 0.0)).collect();
        let grey = ORIENTATION[0].color;
        self.add_line(points, &solid(grey, 1.6));
        let ring = self.picture.ring;
        let positions = ring.last().saturating_add(1);
        let marked = if positions <= TICKS_MAX { positions } else { 1 };
        for position in 0..marked {
            let angle = self.picture.angle(position);
            let ends = vec![self.circle.at(angle, -4.5), self.circle.at(angle, 4.5)];
            self.add_line(ends, &solid(grey, 1.2));
        }
        if ring.ids().len() > ARROWS_MAX {
            return;
        }
        for (at, id) in ring.ids().iter().enumerate() {
            let before = ring.ids()[(at + ring.ids().len() - 1) % ring.ids().len()];
            // A lonely node is its own predecessor, all around the ring.
            let gap = match id.wrapping_sub(before) & ring.last() {
                0 => TAU,
                gap => self.picture.angle(gap),
            };
            // The arrow, and as much of the circle that it is seen to come from there.
            if gap * self.circle.radius < 2.0 * self.dot + 16.0 {
                continue;
            }
            let tip = self.angle(at) - (self.dot + 1.5) / self.circle.radius;
            let from = self.circle.at(tip - 9.0 / self.circle.radius, 0.0);
            self.add_arrow(from, self.circle.at(tip, 0.0), 9.0, grey);
        }
    }

    fn draw_fingers(&mut self) {
        let looks: Vec<(usize, Look)> = self.picture.looks().collect();
        for (rank, look) in looks {
            for link in self.picture.ring.fingers(rank) {
                self.add_curve((rank, link.to), FINGER, &look, 8.0);
            }
        }
    }

    fn hops(&self) -> Vec<(usize, usize)> {
        let ring = self.picture.ring;
        let hops = self.picture.route.iter().flat_map(|route| &route.hops);
        hops.filter_map(|(from, to)| Some((ring.rank(*from)?, ring.rank(*to)?)))
            .collect()
    }

    fn draw_hops(&mut self) {
        let look = RingPicture::way_look();
        for hop in self.hops() {
            self.add_curve(hop, HOP, &look, 11.0);
        }
    }

    /// A lozenge where the key is, behind the node if there is one.
    fn draw_key(&mut self) {
        let Some(route) = self.picture.route else {
            return;
        };
        let size = self.mark(route.key);
        let place = self.circle.at(self.picture.angle(route.key), 0.0);
        add_lozenge(&mut self.scene, place, size, RingPicture::way_look().color);
    }

    /// How far what is drawn at a position reaches.
    fn mark(&self, position: u64) -> f64 {
        let is_key = self
            .picture
            .route
            .is_some_and(|route| route.key == position);
        match (is_key, self.picture.ring.rank(position)) {
            (true, Some(_)) => self.dot + 6.0,
            (true, None) => 7.0,
            (false, _) => self.dot.max(4.5),
        }
    }

    fn draw_nodes(&mut self) {
        let looks: Vec<(usize, Look)> = self.picture.looks().collect();
        for rank in 0..self.picture.ring.ids().len() {
            self.draw_node(rank, self.dot, "#000000");
        }
        // Those that have a part in what is drawn lie above all others.
        let radius = self.dot.max(3.0);
        for (rank, look) in looks {
            self.draw_node(rank, radius, look.color);
        }
        for rank in self.picture.on_the_way() {
            self.draw_node(rank, radius, RingPicture::way_look().color);
        }
    }

    fn draw_node(&mut self, rank: usize, radius: f64, color: &str) {
        let place = self.point(rank);
        add_dot(&mut self.scene, place, radius, color);
        self.rooms
            .take(Room::new(place, 2.0 * radius, 2.0 * radius));
    }

    /// Names those first that have a part in what is drawn, then as many others as find room.
    fn name_nodes(&mut self) {
        let ring = self.picture.ring;
        let mut done = Vec::new();
        let way = self.picture.on_the_way();
        for &rank in way.iter().chain(&self.picture.chosen) {
            if !done.contains(&rank) {
                done.push(rank);
                self.name(ring.ids()[rank], true, None);
            }
        }
        if let Some(route) = self.picture.route
            && ring.rank(route.key).is_none()
        {
            self.name(route.key, true, Some(RingPicture::way_look().color));
        }
        let chosen = self.picture.chosen.iter();
        let fingers = chosen.flat_map(|rank| ring.fingers(*rank));
        let fingers: Vec<usize> = fingers.map(|link| link.to).collect();
        let all = if ring.ids().len() <= NAMED_MAX {
            0..ring.ids().len()
        } else {
            0..0
        };
        for rank in fingers.into_iter().chain(all) {
            if !done.contains(&rank) {
                done.push(rank);
                self.name(ring.ids()[rank], ring.ids().len() <= DENSE_MIN, None);
            }
        }
        if ring.rank(0).is_none() && self.picture.route.is_none_or(|route| route.key != 0) {
            self.name(0, false, Some(MUTED));
        }
    }

    /// Writes a position beside the circle if there is room; near by, with a line to it, if it may be `shifted`.
    fn name(&mut self, position: u64, shifted: bool, color: Option<&str>) {
        let label = short_id(position);
        let size = letters(self.picture);
        let room = (style::text_width(&label, size), f64::from(size) * 0.85);
        let angle = self.picture.angle(position);
        let mark = self.mark(position);
        let beyond = mark + 4.0;
        let place = self
            .rooms
            .outside(&self.circle, angle, room, (beyond, shifted));
        let Some(Place { middle, line }) = place else {
            return;
        };
        let is_dense = self.picture.ring.ids().len() > DENSE_MIN;
        let ends = line.or_else(|| {
            let ends = (self.circle.at(angle, mark), self.circle.at(angle, beyond));
            is_dense.then_some(ends)
        });
        if let Some((from, to)) = ends {
            self.add_line(vec![from, to], &solid(ORIENTATION[0].color, 0.8));
        }
        let baseline = (middle.0, middle.1 + f64::from(size) * 0.36);
        self.scene.add(text(baseline, &label, size, color));
    }

    /// The number of each hop in the middle of its arrow, or near by.
    fn number_hops(&mut self) {
        for (hop, number) in self.hops().into_iter().zip(1..) {
            let curve = self.curve(hop, HOP);
            let places = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74];
            let free = places.map(|t| curve.at(t)).into_iter().find(|place| {
                let room = Room::new(*place, 20.0, 20.0);
                self.rooms.take_if_free(room)
            });
            let Some((x, y)) = free else { continue };
            let color = RingPicture::way_look().color;
            add_dot(&mut self.scene, (x, y), 9.5, color);
            let label = i32::to_string(&number);
            let baseline = (x, y + f64::from(SMALL) * 0.36);
            self.scene
                .add(text(baseline, &label, SMALL, Some("#ffffff")));
        }
    }

    fn curve(&self, (from, to): (usize, usize), bend: Bend) -> Curve {
        Curve::between(&self.circle, self.point(from), self.point(to), bend)
    }

    /// A curve with an arrowhead; nothing, if its ends are too near for one.
    fn add_curve(&mut self, ends: (usize, usize), bend: Bend, look: &Look, head: f64) {
        let curve = self.curve(ends, bend);
        let (from, to) = (self.point(ends.0), self.point(ends.1));
        let Some(mut points) = curve.points(self.dot.max(3.0) + 1.5) else {
            return;
        };
        let tip = points[points.len() - 1];
        if distance(from, to) <= 2.0 * self.dot + head + 4.0 {
            return;
        }
        points.retain(|point| distance(*point, tip) > head * 0.8);
        let last = points.last().copied().unwrap_or(from);
        self.add_arrow(last, tip, head, look.color);
        // The line ends within the arrowhead.
        let share = head * 0.7 / distance(last, tip).max(head);
        points.push((
            tip.0 + (last.0 - tip.0) * share,
            tip.1 + (last.1 - tip.1) * share,
        ));
        self.add_line(points, look);
    }

    fn add_arrow(&mut self, from: Point, tip: Point, length: f64, color: &'static str) {
        add_polygon(&mut self.scene, &arrowhead(from, tip, length), color);
    }

    fn add_line(&mut self, points: Vec<Point>, look: &Look) {
        add_line(&mut self.scene, points, look);
    }
}
