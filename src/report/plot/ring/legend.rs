//! What the lines of the picture mean.

use kuva::render::render::Scene;

use super::RingPicture;
use crate::report::naming::short_id;
use crate::report::plot::shapes::{
    add_line, add_lozenge, add_polygon, add_text_from, arrowhead, solid,
};
use crate::report::plot::style::{self, Look, ORIENTATION, SMALL, WIDTH};

/// How long a sample of a line is.
const SAMPLE: f64 = 30.0;
/// From one entry to the next.
const GAP: f64 = 18.0;
const LINE: f64 = 18.0;

/// A line or a mark, and what it means.
pub(super) struct Entry {
    sample: Sample,
    label: String,
}

enum Sample {
    Line(Look),
    Lozenge(&'static str),
}

impl Entry {
    fn width(&self) -> f64 {
        let sample = match self.sample {
            Sample::Line(_) => SAMPLE,
            Sample::Lozenge(_) => 14.0,
        };
        sample + 6.0 + style::text_width(&self.label, SMALL)
    }
}

/// The entries, line by line.
pub(super) fn entries(picture: &RingPicture<'_>) -> Vec<Vec<Entry>> {
    let line = |look, label| Entry {
        sample: Sample::Line(look),
        label,
    };
    let mut entries = vec![line(
        solid(ORIENTATION[0].color, 1.6),
        "successor".to_owned(),
    )];
    entries.extend(picture.looks().map(|(rank, look)| {
        let id = short_id(picture.ring.ids()[rank]);
        line(look, format!("fingers of {id}"))
    }));
    if let Some(route) = picture.route {
        let look = RingPicture::way_look();
        if !route.hops.is_empty() {
            entries.push(line(look, "lookup".to_owned()));
        }
        entries.push(Entry {
            sample: Sample::Lozenge(look.color),
            label: format!("key {}", short_id(route.key)),
        });
    }
    in_lines(entries)
}

fn in_lines(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut lines: Vec<Vec<Entry>> = Vec::new();
    for entry in entries {
        match lines.last_mut() {
            Some(line) if width(line) + GAP + entry.width() <= WIDTH - 12.0 => line.push(entry),
            _ => lines.push(vec![entry]),
        }
    }
    lines
}

fn width(line: &[Entry]) -> f64 {
    let entries: f64 = line.iter().map(Entry::width).sum();
    entries + GAP * (line.len() as f64 - 1.0)
}

pub(super) fn height(lines: &[Vec<Entry>]) -> f64 {
    LINE * lines.len() as f64 + 4.0
}

/// Draws it, each line in the middle.
pub(super) fn draw(scene: &mut Scene, lines: &[Vec<Entry>], top: f64) {
    for (at, line) in lines.iter().enumerate() {
        let y = top + 13.0 + LINE * at as f64;
        let mut x = (WIDTH - width(line)) / 2.0;
        for entry in line {
            let middle = y - 4.5;
            let end = x + entry.width() - style::text_width(&entry.label, SMALL);
            match &entry.sample {
                Sample::Line(look) => {
                    let tip = (x + SAMPLE, middle);
                    add_line(scene, vec![(x, middle), (tip.0 - 7.0, middle)], look);
                    add_polygon(scene, &arrowhead((x, middle), tip, 9.0), look.color);
                }
                Sample::Lozenge(color) => add_lozenge(scene, (x + 7.0, middle), 7.0, color),
            }
            add_text_from(scene, (end, y), &entry.label);
            x += entry.width() + GAP;
        }
    }
}
