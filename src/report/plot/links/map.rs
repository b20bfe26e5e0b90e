//! The network with its worst links: each link as wide as what crosses it. As `canvas`, it knows the plotting crate.

use std::collections::BTreeMap;

use kuva::render::render::Scene;

use super::rows::{DrawnLink, DrawnLinks};
use crate::report::folder::ResultFolder;
use crate::report::numbers::number;
use crate::report::plot::canvas::text;
use crate::report::plot::choice;
use crate::report::plot::layout::{self, Edge};
use crate::report::plot::shapes::{Point, add_dot, add_line, add_text_from, distance, solid};
use crate::report::plot::style::{self, FONTS, MUTED, SMALL, TITLE, WIDTH};

/// The most combinations that have a map each.
const MAPS_MAX: usize = 4;
/// The most links of a map: the busiest ones.
const LINKS_MAX: usize = 2500;
/// How many of the worst links are named.
const NAMED: usize = 5;
const LINE: f64 = 17.0;
const EDGE: f64 = 16.0;
/// From the worst: down to which share of the most messages a class reaches, its colour and the width of its links.
const CLASSES: [(f64, &str, f64); 4] = [
    (0.5, "#D55E00", 4.6),
    (0.25, "#E69F00", 3.2),
    (0.125, "#0072B2", 2.0),
    (0.0, "#7FB3D9", 1.1),
];
const UNUSED: (&str, f64) = ("#d4d4d4", 0.7);

/// A map for each combination, with its name; all on one scale.
pub(super) fn maps(
    folder: &ResultFolder,
    drawn: &[DrawnLinks],
    with_title: bool,
) -> Vec<(String, Scene)> {
    let shown = &drawn[..drawn.len().min(MAPS_MAX)];
    let links = shown.iter().flat_map(|drawn| &drawn.links);
    let most = links.map(|link| link.messages).max().unwrap_or(0);
    if most == 0 {
        return Vec::new();
    }
    let map = |(at, drawn): (usize, &DrawnLinks)| {
        let name = match shown.len() {
            1 => "network-links".to_owned(),
            _ => format!("network-links-{}", at + 1),
        };
        let label = choice::combination_label(folder, drawn.combination);
        let subtitle = [folder.title.as_str(), &label].map(str::to_owned);
        let heading = if with_title {
            subtitle.to_vec()
        } else {
            Vec::new()
        };
        (name, Map::of(&drawn.links, most).scene(&heading))
    };
    shown.iter().enumerate().map(map).collect()
}

/// What is drawn of a network.
struct Map<'a> {
    /// The worst first.
    links: Vec<&'a DrawnLink>,
    /// How many there are in all.
    all: usize,
    /// Where nodes are.
    places: BTreeMap<&'a str, Point>,
    /// Whether the network has a map; otherwise places are made up.
    is_real: bool,
    height: f64,
    most: u64,
}

impl<'a> Map<'a> {
    fn of(all: &'a [DrawnLink], most: u64) -> Self {
        let mut links: Vec<&DrawnLink> = all.iter().collect();
        links.sort_by_key(|link| std::cmp::Reverse(link.messages));
        links.truncate(LINKS_MAX);
        let is_real = links.iter().all(|link| link.places.is_some());
        let (names, places) = if is_real {
            on_the_map(&links)
        } else {
            made_up(&links)
        };
        let (places, height) = layout::fitted(&places, WIDTH - 2.0 * EDGE, (150.0, 360.0));
        let inside = places.iter().map(|(x, y)| (x + EDGE, y + EDGE));
        Self {
            links,
            all: all.len(),
            places: names.into_iter().zip(inside).collect(),
            is_real,
            height: height + 2.0 * EDGE,
            most,
        }
    }

    fn scene(&self, heading: &[String]) -> Scene {
        let title = if heading.is_empty() {
            ""
        } else {
            "Messages per link of the network"
        };
        let title = style::wrap(title, TITLE, WIDTH - 12.0);
        let below = heading
            .iter()
            .flat_map(|line| style::wrap(line, SMALL, WIDTH - 12.0));
        let lines = title.into_iter().map(|line| (line, TITLE, None));
        let lines = lines.chain(below.map(|line| (line, SMALL, Some(MUTED))));
        let lines: Vec<_> = lines.filter(|(line, ..)| !line.is_empty()).collect();
        let top = 6.0 + LINE * lines.len() as f64;
        let foot = top + self.height;
        let notes = self.notes();
        let rows = CLASSES.len().div_ceil(2) + 1 + self.named().len() + notes.len();
        let mut scene = Scene::new(WIDTH, (foot + LINE * rows as f64 + 18.0).ceil());
        scene.font_family = Some(FONTS.to_owned());
        for (at, (line, size, color)) in lines.iter().enumerate() {
            let place = (WIDTH / 2.0, 19.0 + LINE * at as f64);
            scene.add(text(place, line, *size, *color));
        }
        self.draw(&mut scene, top);
        let mut y = self.legend(&mut scene, foot + 12.0);
        for line in notes {
            scene.add(text((WIDTH / 2.0, y), &line, SMALL, Some(MUTED)));
            y += LINE;
        }
        scene
    }

    fn draw(&self, scene: &mut Scene, top: f64) {
        let place = |name: &str| {
            let (x, y) = self.places[name];
            (x, y + top)
        };
        for link in self.links.iter().rev() {
            let (color, width) = self.look(link.messages);
            let ends = vec![place(&link.from), place(&link.to)];
            add_line(scene, ends, &solid(color, width));
        }
        let radius = match self.places.len() {
            0..=60 => 3.2,
            61..=300 => 2.0,
            _ => 1.1,
        };
        for (x, y) in self.places.values() {
            add_dot(scene, (*x, *y + top), radius, "#333333");
        }
        let mut taken: Vec<Point> = Vec::new();
        for (link, number) in self.named().iter().zip(1..) {
            let (from, to) = (place(&link.from), place(&link.to));
            let along = |t: f64| (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
            let is_free = |at: &Point| taken.iter().all(|other| distance(*at, *other) > 17.0);
            let places = [0.5, 0.4, 0.6, 0.3, 0.7, 0.15, 0.85, -0.3, 1.3].map(along);
            let at = places.into_iter().find(is_free).unwrap_or(places[0]);
            taken.push(at);
            numbered(scene, at, number);
        }
    }

    /// The worst links, which have a number on the map and a line under it.
    fn named(&self) -> Vec<&DrawnLink> {
        let named = self
            .links
            .iter()
            .filter(|link| link.messages > 0)
            .take(NAMED);
        named.copied().collect()
    }

    fn look(&self, messages: u64) -> (&'static str, f64) {
        let share = messages as f64 / self.most as f64;
        let class = CLASSES.iter().find(|(from, ..)| share > *from);
        class.map_or(UNUSED, |(_, color, width)| (*color, *width))
    }

    /// Draws the classes in two columns, then the worst links; tells where the next line goes.
    fn legend(&self, scene: &mut Scene, top: f64) -> f64 {
        let mut upper = self.most;
        let mut entries: Vec<(String, &str, f64)> = Vec::new();
        for (from, color, width) in CLASSES {
            let lower = (self.most as f64 * from) as u64 + 1;
            if lower <= upper {
                let (low, high) = (number(lower as f64), number(upper as f64));
                let range = if lower == upper {
                    low
                } else {
                    format!("{low} to {high}")
                };
                entries.push((range, color, width));
                upper = lower - 1;
            }
        }
        entries.push(("none".to_owned(), UNUSED.0, UNUSED.1));
        for (at, (label, color, width)) in entries.iter().enumerate() {
            let x = EDGE + (at % 2) as f64 * (WIDTH / 2.0 - EDGE / 2.0);
            let y = top + LINE * (at / 2) as f64;
            let color = CLASSES
                .iter()
                .map(|class| class.1)
                .chain([UNUSED.0])
                .find(|c| c == color);
            let look = solid(color.unwrap_or(UNUSED.0), *width);
            add_line(scene, vec![(x, y - 4.5), (x + 30.0, y - 4.5)], &look);
            add_text_from(scene, (x + 38.0, y), label);
        }
        let mut y = top + LINE * entries.len().div_ceil(2) as f64 + 3.0;
        for (link, place) in self.named().iter().zip(1..) {
            numbered(scene, (EDGE + 7.0, y - 4.5), place);
            add_text_from(scene, (EDGE + 22.0, y), &told(link));
            y += LINE;
        }
        y + 3.0
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.links.len() < self.all {
            let (shown, all) = (number(self.links.len() as f64), number(self.all as f64));
            notes.push(format!("Shown are the {shown} busiest of {all} links."));
        }
        if !self.is_real {
            let text = "The network has no map: routers are drawn the farther apart the slower the way between them is.";
            notes.push(text.to_owned());
        }
        let wrap = |note: &String| style::wrap(note, SMALL, WIDTH - 16.0);
        notes.iter().flat_map(wrap).collect()
    }
}

/// A link in a line, as much of the names as finds room.
fn told(link: &DrawnLink) -> String {
    let numbers = format!(
        ": {} messages, {} straight",
        number(link.messages as f64),
        number(link.direct as f64)
    );
    let room = WIDTH - 2.0 * EDGE - 24.0 - style::text_width(&numbers, SMALL);
    let mut names = format!("{} – {}", link.from, link.to);
    while style::text_width(&names, SMALL) > room && names.chars().count() > 8 {
        names = names
            .chars()
            .take(names.chars().count() - 2)
            .collect::<String>()
            + "…";
    }
    names + &numbers
}

/// A number in a black disc.
fn numbered(scene: &mut Scene, at: Point, number: u32) {
    add_dot(scene, at, 8.0, "#000000");
    let baseline = (at.0, at.1 + f64::from(SMALL) * 0.36);
    scene.add(text(baseline, &number.to_string(), SMALL, Some("#ffffff")));
}

fn on_the_map<'a>(links: &[&'a DrawnLink]) -> (Vec<&'a str>, Vec<Point>) {
    let mut places: BTreeMap<&str, Point> = BTreeMap::new();
    for link in links {
        if let Some([from, to]) = link.places {
            // North is up on a map, and down on a sheet.
            places.insert(&link.from, (from.0, -from.1));
            places.insert(&link.to, (to.0, -to.1));
        }
    }
    places.into_iter().unzip()
}

fn made_up<'a>(links: &[&'a DrawnLink]) -> (Vec<&'a str>, Vec<Point>) {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut names: Vec<&str> = Vec::new();
    let mut edges = Vec::new();
    for link in links {
        let ends = [link.from.as_str(), link.to.as_str()].map(|name| {
            *numbers.entry(name).or_insert_with(|| {
                names.push(name);
                names.len() - 1
            })
        });
        let length = link.latency_ms;
        edges.push(Edge { ends, length });
    }
    let places = layout::turned(layout::places(names.len(), &edges));
    (names, places)
}
