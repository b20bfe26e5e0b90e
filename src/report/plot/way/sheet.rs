//! The page: headings, both sides, the legend. It is as wide as two columns of text.

use kuva::render::render::Scene;

use super::pen::{Pen, look};
use super::picture::{Leg, WayPicture};
use super::sides::{self, DIRECT};
use crate::report::naming::short_id;
use crate::report::plot::canvas::text;
use crate::report::plot::shapes::{add_line, add_lozenge, add_text_from};
use crate::report::plot::style::{self, FONTS, LABEL, MUTED, SMALL, TITLE, WIDTH};

const PAGE: f64 = 2.0 * WIDTH;
const LINE: f64 = 19.0;
/// Room around each side for names.
const EDGE: f64 = 34.0;
const HEIGHT: f64 = 340.0;
/// From the left of a sample of the legend to its text.
const SAMPLE: f64 = 40.0;

pub(super) fn scene(picture: &WayPicture) -> Scene {
    let heading = style::wrap(&picture.heading, TITLE, PAGE - 24.0);
    let notes = notes(picture);
    let top = 14.0 + LINE * (heading.len() + 1) as f64;
    let entries = picture.legs.len() + 1 + usize::from(picture.direct.is_some());
    let rows = entries.div_ceil(columns(picture));
    let foot = top + HEIGHT + 2.0 * 22.0;
    let height = foot + LINE * (rows + notes.len()) as f64 + 8.0;
    let mut scene = Scene::new(PAGE, height.ceil());
    scene.font_family = Some(FONTS.to_owned());
    for (at, line) in heading.iter().enumerate() {
        let place = (PAGE / 2.0, 19.0 + LINE * at as f64);
        scene.add(text(place, line, TITLE, None));
    }
    for (middle, title) in [
        (WIDTH / 2.0, "on the network"),
        (WIDTH * 1.5, "on the ring"),
    ] {
        scene.add(text((middle, top - 2.0), title, LABEL, Some(MUTED)));
    }
    let mut pen = Pen::on(scene);
    let size = (WIDTH - 2.0 * EDGE, HEIGHT);
    // Names of one side do not reach into the other.
    let (upper, lower) = (top + 4.0, foot - 2.0);
    pen.stay_within([(4.0, upper), (WIDTH - 4.0, lower)]);
    sides::network(&mut pen, picture, (EDGE, top + 22.0), size);
    let center = (WIDTH * 1.5, top + 22.0 + HEIGHT / 2.0);
    pen.stay_within([(WIDTH + 4.0, upper), (PAGE - 4.0, lower)]);
    sides::ring(&mut pen, picture, center, radius(picture));
    legend(&mut pen, picture, foot + 16.0);
    let mut scene = pen.scene;
    for (at, note) in notes.iter().enumerate() {
        let y = foot + 16.0 + LINE * (rows + at) as f64 + 2.0;
        scene.add(text((PAGE / 2.0, y), note, SMALL, Some(MUTED)));
    }
    scene
}

fn notes(picture: &WayPicture) -> Vec<String> {
    let made_up = "The network has no map: what is near on the picture is near on the network.";
    let made_up = picture.network.is_made_up().then(|| made_up.to_owned());
    let notes = picture.notes.iter().cloned().chain(made_up);
    notes
        .flat_map(|note| style::wrap(&note, SMALL, PAGE - 24.0))
        .collect()
}

/// A leg in words.
fn told(leg: &Leg) -> String {
    let (from, to) = (short_id(leg.from), short_id(leg.to));
    format!("{from} → {to}  {}", leg.took)
}

/// The way straight to the owner in words.
fn straight(leg: &Leg) -> String {
    format!("straight to the owner  {}", leg.took)
}

/// How many entries of the legend stand beside each other.
fn columns(picture: &WayPicture) -> usize {
    let legs = picture.legs.iter().map(told);
    let texts = legs.chain(picture.direct.iter().map(straight));
    let widest = texts.map(|text| style::text_width(&text, SMALL));
    let fit = (PAGE - 20.0) / (widest.fold(0.0, f64::max) + SAMPLE + 16.0);
    (fit as usize).clamp(1, 4)
}

fn legend(pen: &mut Pen, picture: &WayPicture, top: f64) {
    let columns = columns(picture);
    let place = |at: usize| {
        let x = 16.0 + (at % columns) as f64 * (PAGE - 20.0) / columns as f64;
        (x, top + LINE * (at / columns) as f64)
    };
    for (at, leg) in picture.legs.iter().enumerate() {
        let (x, y) = place(at);
        pen.disc((x + 17.0, y - 4.5), at + 1, look(at).color);
        add_text_from(&mut pen.scene, (x + SAMPLE, y), &told(leg));
    }
    let mut next = picture.legs.len();
    if let Some(direct) = &picture.direct {
        let (x, y) = place(next);
        add_line(
            &mut pen.scene,
            vec![(x, y - 4.5), (x + 34.0, y - 4.5)],
            &DIRECT,
        );
        add_text_from(&mut pen.scene, (x + SAMPLE, y), &straight(direct));
        next += 1;
    }
    let (x, y) = place(next);
    add_lozenge(&mut pen.scene, (x + 17.0, y - 4.5), 7.0, "#000000");
    let key = format!("key {}", short_id(picture.key));
    add_text_from(&mut pen.scene, (x + SAMPLE, y), &key);
}

/// As large as the names at both sides allow.
fn radius(picture: &WayPicture) -> f64 {
    let ends = picture.legs.iter().flat_map(|leg| [leg.from, leg.to]);
    let names = ends.map(|id| style::text_width(&short_id(id), SMALL));
    let widest = names.fold(0.0, f64::max);
    (WIDTH / 2.0 - widest - 18.0).min(HEIGHT / 2.0 - 14.0)
}
