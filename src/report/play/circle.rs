//! The drawing of a ring for a terminal: places clockwise from the top, nodes with the keys that they keep, and the way of
//! the last request. It fits 80 columns and 24 lines.

use super::moment::Moment;
use super::paint::Paint;
use crate::report::lines::counted;

/// Columns of the drawing.
const WIDTH: usize = 78;
/// Lines of the drawing.
const HEIGHT: usize = 21;
/// Half the ring's width and height. A sign is about twice as high as it is wide.
const RADIUS: (f64, f64) = (20.0, 8.0);
/// The middle of the ring.
const MIDDLE: (f64, f64) = (38.0, 10.0);
/// The most signs that the keys of a node take.
const KEYS_WIDTH: usize = 14;
/// The most columns of what stands in the middle.
const INNER_WIDTH: usize = 32;

/// How a sign is painted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ink {
    Line,
    Node,
    Passed,
    Key,
    Text,
}

/// A sheet of signs.
struct Sheet(Vec<Option<(char, Ink)>>);

/// The ring. `way` is that of the last request: the nodes that it came to, in their order.
pub(crate) fn circle(moment: &Moment, way: &[u64], paint: Paint) -> String {
    let mut sheet = Sheet(vec![None; WIDTH * HEIGHT]);
    sheet.draw_the_line();
    let ink = |id: &u64| {
        if way.contains(id) {
            Ink::Passed
        } else {
            Ink::Node
        }
    };
    for id in moment.nodes.keys() {
        sheet.put(cell(at(share(moment, *id), 1.0)), '●', ink(id));
    }
    sheet.draw_quarters(moment);
    for id in moment.nodes.keys() {
        sheet.draw_label(moment, *id, ink(id));
    }
    sheet.draw_the_middle(moment, way);
    sheet.painted(paint)
}

/// Where a place of the ring is: column and line.
fn at(share: f64, scale: f64) -> (f64, f64) {
    let angle = share * std::f64::consts::TAU;
    let x = MIDDLE.0 + RADIUS.0 * scale * libm::sin(angle);
    let y = MIDDLE.1 - RADIUS.1 * scale * libm::cos(angle);
    (x, y)
}

fn cell((x, y): (f64, f64)) -> (usize, usize) {
    (libm::round(x) as usize, libm::round(y) as usize)
}

/// Which part of the way around the ring a place is at.
fn share(moment: &Moment, place: u64) -> f64 {
    place as f64 / (moment.last() as f64 + 1.0)
}

impl Sheet {
    fn put(&mut self, (x, y): (usize, usize), sign: char, ink: Ink) {
        if x < WIDTH && y < HEIGHT {
            self.0[y * WIDTH + x] = Some((sign, ink));
        }
    }

    /// Whether these cells of a line are there, with nothing but the ring's line on them.
    fn is_free(&self, x: usize, y: usize, length: usize) -> bool {
        let is_line = |cell: Option<(char, Ink)>| cell.is_none_or(|(_, ink)| ink == Ink::Line);
        let is_empty = |x: usize| x < WIDTH && is_line(self.0[y * WIDTH + x]);
        y < HEIGHT && (x..x + length).all(is_empty)
    }

    fn write(&mut self, (x, y): (usize, usize), text: &str, ink: Ink) {
        for (sign, x) in text.chars().zip(x..) {
            self.put((x, y), sign, ink);
        }
    }

    fn draw_the_line(&mut self) {
        for step in 0..720 {
            self.put(cell(at(f64::from(step) / 720.0, 1.0)), '·', Ink::Line);
        }
    }

    /// Places a quarter of the ring apart, on its inner side.
    fn draw_quarters(&mut self, moment: &Moment) {
        if moment.bits > 20 {
            return;
        }
        for quarter in 0..4_u64 {
            let place = quarter << (moment.bits - 2);
            let text = place.to_string();
            let (x, y) = cell(at(f64::from(quarter as u32) / 4.0, 1.0));
            let length = text.chars().count();
            let (x, y) = match quarter {
                0 => (x, y + 1),
                1 => (x - 1 - length, y),
                2 => (x, y - 1),
                _ => (x + 2, y),
            };
            if self.is_free(x, y, length) {
                self.write((x, y), &text, Ink::Line);
            }
        }
    }

    /// A node's identifier and its keys, outside of the ring where there is room for them.
    fn draw_label(&mut self, moment: &Moment, id: u64, ink: Ink) {
        let share = share(moment, id);
        let (x, y) = cell(at(share, 1.0));
        let (name, keys) = (id.to_string(), keys_of(moment, id));
        // Where the ring is flat a label beside the node would lie on it.
        let is_flat = libm::fabs(libm::cos(share * std::f64::consts::TAU)) > 0.9;
        let places = if is_flat {
            [(outwards(y), 0), (y, 2)]
        } else {
            [(y, 2), (outwards(y), 0)]
        };
        for ((line, gap), keys) in places.into_iter().flat_map(|it| [(it, &*keys), (it, "")]) {
            let length = name.chars().count() + keys.chars().count();
            let is_right = share < 0.5;
            // One blank on either side keeps labels apart.
            let (left, from) = if is_right {
                (x + gap, (x + gap).saturating_sub(1))
            } else {
                let left = (x + 1).saturating_sub(length + gap);
                (left, left.saturating_sub(1))
            };
            let upto = if is_right {
                left + length
            } else {
                left + length + 1
            };
            if !self.is_free(from, line, upto - from) {
                continue;
            }
            self.write((from, line), &" ".repeat(upto - from), Ink::Text);
            if is_right {
                self.write((left, line), &name, ink);
                self.write((left + name.len(), line), keys, Ink::Key);
            } else {
                let keys = mirrored(keys);
                self.write((left, line), &keys, Ink::Key);
                self.write((left + keys.chars().count(), line), &name, ink);
            }
            return;
        }
    }

    fn draw_the_middle(&mut self, moment: &Moment, way: &[u64]) {
        let values: std::collections::BTreeSet<u64> = moment
            .nodes
            .values()
            .flat_map(|node| node.copies.iter().map(|copy| copy.key))
            .collect();
        let mut lines = vec![(format!("2^{} places, clockwise", moment.bits), Ink::Line)];
        lines.push((counted(moment.nodes.len(), "node"), Ink::Text));
        if !values.is_empty() {
            lines.push((counted(values.len(), "value"), Ink::Text));
        }
        if way.len() > 1 {
            let way: Vec<String> = way.iter().map(ToString::to_string).collect();
            lines.push((String::new(), Ink::Text));
            lines.push((shortened(&way.join(" → ")), Ink::Passed));
        }
        let top = (MIDDLE.1 as usize) - lines.len() / 2;
        for ((text, ink), y) in lines.into_iter().zip(top..) {
            let x = MIDDLE.0 as usize - text.chars().count() / 2;
            self.write((x, y), &text, ink);
        }
    }

    fn painted(&self, paint: Paint) -> String {
        let mut text = String::new();
        for line in self.0.chunks(WIDTH) {
            let is_seen = |cell: &Option<(char, Ink)>| cell.is_some_and(|(sign, _)| sign != ' ');
            let end = line.iter().rposition(is_seen).map_or(0, |it| it + 1);
            let mut rest = &line[..end];
            while let Some(first) = rest.first() {
                let ink = first.map(|(_, ink)| ink);
                let same = |cell: &&Option<(char, Ink)>| cell.map(|(_, ink)| ink) == ink;
                let length = rest.iter().take_while(same).count();
                let signs: String = rest[..length]
                    .iter()
                    .map(|cell| cell.map_or(' ', |(sign, _)| sign))
                    .collect();
                text += &match ink {
                    None | Some(Ink::Text) => signs,
                    Some(Ink::Line) => paint.line(signs),
                    Some(Ink::Node) => paint.id(signs),
                    Some(Ink::Passed) => paint.good(signs),
                    Some(Ink::Key) => paint.key(signs),
                };
                rest = &rest[length..];
            }
            text.push('\n');
        }
        text.trim_start_matches('\n').to_owned()
    }
}

/// The line further out, above the upper half of the ring and below the lower.
fn outwards(y: usize) -> usize {
    if (y as f64) < MIDDLE.1 {
        y.saturating_sub(1)
    } else {
        y + 1
    }
}

/// The keys that a node keeps, as they stand behind its identifier.
fn keys_of(moment: &Moment, id: u64) -> String {
    let copies = &moment.nodes[&id].copies;
    let mut text = String::new();
    for (copy, number) in copies.iter().zip(0..) {
        let name = moment.names.get(&copy.key).cloned();
        let name = name.unwrap_or_else(|| copy.key.to_string());
        let name = crate::inputs::harmless::escaped(&name).into_owned();
        if text.chars().count() + 1 + name.chars().count() > KEYS_WIDTH {
            return format!("{text} +{}", copies.len() - number);
        }
        text = format!("{text} {name}");
    }
    text
}

/// The same in front of the identifier.
fn mirrored(keys: &str) -> String {
    let trimmed = keys.trim_start();
    if trimmed.is_empty() {
        String::new()
    } else {
        format!("{trimmed} ")
    }
}

/// A way that fits into the ring.
fn shortened(way: &str) -> String {
    let length = way.chars().count();
    if length <= INNER_WIDTH {
        return way.to_owned();
    }
    let half = INNER_WIDTH / 2 - 2;
    let first: String = way.chars().take(half).collect();
    let last: String = way.chars().skip(length - half).collect();
    format!("{first} … {last}")
}

#[cfg(test)]
mod tests {
    use super::super::moment::tests::lecture;
    use super::*;

    #[test]
    fn the_lectures_ring_is_drawn_within_80_columns_and_24_lines() {
        let drawn = circle(&lecture(), &[32, 98, 124], Paint::new(false));
        let lines: Vec<&str> = drawn.lines().collect();
        assert!(lines.len() <= 24 && lines.iter().all(|line| line.chars().count() <= 80));
        assert_eq!(drawn.matches('●').count(), 3);
        // Clockwise from the top: 32 of 128 is on the right, 98 on the left, 124 just before the top.
        let line_of = |text: &str| lines.iter().position(|line| line.contains(text)).unwrap();
        assert_eq!(line_of("● 32") - line_of(" 0 "), 7);
        assert!(lines[line_of("98 ●")].find("98 ●").unwrap() < 38);
        assert!(line_of("alice 124") < 3);
        assert!(drawn.contains("32 → 98 → 124"));
    }

    /// Labels that do not fit are left out, nodes are not.
    #[test]
    fn a_crowded_ring_keeps_its_nodes() {
        let mut moment = lecture();
        for id in 0..128 {
            moment.nodes.entry(id).or_default();
        }
        let drawn = circle(&moment, &[], Paint::new(false));
        assert!(drawn.lines().all(|line| line.chars().count() <= 80));
        let count = |sign| drawn.matches(sign).count();
        assert!(
            count('·') < 10 && count('●') > 90,
            "nodes cover nearly all of the line"
        );
    }
}
