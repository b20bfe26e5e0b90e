//! An axis for any swept key: numbers, durations with "off" among them, words, lists, and tables by the numbers
//! inside. What is no number gets places beside each other, and short names.

use std::collections::BTreeMap;

use super::alike;
use super::choice::{self, words};
use super::figure::Axis;
use super::style::{SMALL, WIDTH, text_width};
use super::ticks::Mark;
use crate::report::folder::{ResultFolder, Swept};
use crate::report::numbers::{number, quantity};

/// Along what a picture is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Along {
    /// A swept key, by its place among them.
    Key(usize),
    /// A number inside the tables of a swept key, by its place among those.
    Part(usize, usize),
}

impl Along {
    /// What a scenario names, in full.
    pub(super) fn named(folder: &ResultFolder, name: &str) -> Option<Self> {
        for (at, key) in folder.swept.iter().enumerate() {
            if key.key == name {
                return Some(Self::Key(at));
            }
            if let Some(part) = key.parts.iter().position(|part| part.key == name) {
                return Some(Self::Part(at, part));
            }
        }
        None
    }

    /// The place of the swept key.
    pub(super) fn key(self) -> usize {
        match self {
            Self::Key(key) | Self::Part(key, _) => key,
        }
    }
}

/// The axis of a swept key.
#[derive(Clone)]
pub(super) struct SweptAxis {
    pub axis: Axis,
    /// Where each combination lies; `None` for one that has no place.
    pub places: Vec<Option<f64>>,
    /// Whether the places follow from numbers: then lines may connect them.
    pub is_ordered: bool,
    /// What short names stand for.
    pub notes: Vec<String>,
}

/// The axis along which a picture is drawn; `None` if there are not at least two places on it.
pub(super) fn of(folder: &ResultFolder, along: Along) -> Option<SweptAxis> {
    let key = &folder.swept[along.key()];
    let texts: Vec<&str> = folder
        .combinations
        .iter()
        .map(|c| c.values[along.key()].as_str())
        .collect();
    let axis = match along {
        Along::Part(_, part) => {
            let part = &key.parts[part];
            numbers(&part_label(key, part), &part_values(folder, part))
        }
        Along::Key(_) => {
            let values: Vec<Value> = texts.iter().map(|text| Value::of(text)).collect();
            if values.iter().any(|v| matches!(v, Value::Word)) {
                of_tables(folder, key).or_else(|| Some(categories(&axis_label(&key.key), &texts)))
            } else {
                let is_duration = texts.iter().any(|text| choice::is_duration(text));
                let unit = if is_duration { " (s)" } else { "" };
                numbers(&format!("{}{unit}", axis_label(&key.key)), &values)
            }
        }
    };
    axis.filter(|axis| axis.axis.marks.len() > 1)
}

/// A value as it lies on an axis.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Value {
    Number(f64),
    /// A period that never ends: beyond all others.
    Off,
    /// There is none.
    Nothing,
    Word,
}

impl Value {
    fn of(text: &str) -> Self {
        match quantity(text) {
            Some(number) => Self::Number(number),
            None if text == "off" => Self::Off,
            None => Self::Word,
        }
    }
}

/// An axis with ticks at these numbers. "off" has its place behind the largest. `None` without two numbers.
fn numbers(label: &str, values: &[Value]) -> Option<SweptAxis> {
    let mut known: Vec<f64> = values
        .iter()
        .filter_map(|v| {
            if let Value::Number(n) = v {
                Some(*n)
            } else {
                None
            }
        })
        .collect();
    known.sort_by(f64::total_cmp);
    known.dedup_by(|a, b| a.total_cmp(b).is_eq());
    let (low, high) = (*known.first()?, *known.last()?);
    let log = low > 0.0 && high / low > 30.0;
    let mut marks: Vec<Mark> = known.iter().map(|n| (*n, number(*n))).collect();
    let beyond = if log {
        high * libm::pow(high / low, 0.25)
    } else {
        high + (high - low).max(high.abs() * 0.5).max(1e-9) * 0.3
    };
    if values.contains(&Value::Off) {
        marks.push((beyond, "off".to_owned()));
    }
    let last = marks.last()?.0;
    let place = |value: &Value| match value {
        Value::Number(number) => Some(*number),
        Value::Off => Some(beyond),
        Value::Nothing | Value::Word => None,
    };
    Some(SweptAxis {
        axis: spanning(label, (low, last), log, marks),
        places: values.iter().map(place).collect(),
        is_ordered: true,
        notes: Vec::new(),
    })
}

/// An axis from the first to the last of its marks, with room for markers at both ends.
pub(super) fn spanning(label: &str, (low, high): (f64, f64), log: bool, marks: Vec<Mark>) -> Axis {
    let mut axis = Axis::linear(label, (low, high), 6);
    axis.log = log;
    axis.range = if log {
        (low / 1.15, high * 1.15)
    } else {
        let room = (high - low) * 0.05;
        (low - room, high + room)
    };
    axis.marks = marks;
    axis
}

/// Places beside each other, in the order of the file. Names that do not fit there are letters, and a note says
/// what they stand for.
fn categories(label: &str, names: &[&str]) -> SweptAxis {
    let distinct = alike::distinct(names);
    let plain: Vec<String> = distinct.iter().map(|name| plain(name)).collect();
    let room = WIDTH * 0.8 / distinct.len() as f64;
    let fit = plain.iter().all(|name| text_width(name, SMALL) < room);
    let letter = |at: usize| match u8::try_from(at) {
        Ok(at) if at < 26 => char::from(b'A' + at).to_string(),
        _ => (at + 1).to_string(),
    };
    let short = |(at, name): (usize, &String)| if fit { name.clone() } else { letter(at) };
    let short: Vec<String> = plain.iter().enumerate().map(short).collect();
    let notes = short.iter().zip(&plain).filter(|_| !fit);
    let notes = notes
        .map(|(letter, name)| format!("{letter}: {name}."))
        .collect();
    let mut axis = Axis::linear(label, (0.0, 1.0), 1);
    axis.range = (-0.5, distinct.len() as f64 - 0.5);
    axis.marks = short
        .into_iter()
        .enumerate()
        .map(|(at, name)| (at as f64, name))
        .collect();
    let all = distinct.iter().enumerate();
    let places: BTreeMap<&str, usize> = all.map(|(at, name)| (*name, at)).collect();
    let place = |name: &&str| places.get(name).map(|at| *at as f64);
    SweptAxis {
        axis,
        places: names.iter().map(place).collect(),
        is_ordered: false,
        notes,
    }
}

/// The axis of swept tables: the number inside that varies, if there is one, or if all that vary are the same.
fn of_tables(folder: &ResultFolder, key: &Swept) -> Option<SweptAxis> {
    let parts = varying(folder, key);
    let first = part_values(folder, parts.first()?);
    let others = parts.iter().all(|part| part_values(folder, part) == first);
    let labels: Vec<String> = parts.iter().map(|part| part_label(key, part)).collect();
    others
        .then(|| numbers(&together(&labels), &first))
        .flatten()
}

/// The numbers inside the tables of a swept key that are not always the same.
pub(super) fn varying<'a>(folder: &ResultFolder, key: &'a Swept) -> Vec<&'a Swept> {
    let varies = |part: &&Swept| {
        let values = part_values(folder, part);
        values.iter().any(|value| *value != values[0])
    };
    key.parts.iter().filter(varies).collect()
}

fn part_values(folder: &ResultFolder, part: &Swept) -> Vec<Value> {
    let of = |text: &str| text.parse().map_or(Value::Nothing, Value::Number);
    let texts = folder.combinations.iter().map(|c| c.part(&part.key));
    texts.map(of).collect()
}

/// What the values of a swept key are called in a legend that are tables, each by the number that tells it from the
/// others; none that has no such name.
pub(super) fn names(folder: &ResultFolder, key: usize) -> BTreeMap<&str, String> {
    let parts = varying(folder, &folder.swept[key]);
    let is_duration = parts.iter().all(|part| part.is_duration());
    let unit = if is_duration { "\u{a0}s" } else { "" };
    let labels: Vec<String> = parts.iter().map(|part| words(&part.key)).collect();
    let columns: Vec<Vec<Value>> = parts.iter().map(|p| part_values(folder, p)).collect();
    let name = |at: usize| {
        let Value::Number(first) = columns.first()?[at] else {
            return None;
        };
        let is_same = |column: &Vec<Value>| column[at] == Value::Number(first);
        let are_same = columns.iter().all(is_same);
        are_same.then(|| format!("{} {}{unit}", together(&labels), number(first)))
    };
    let texts: Vec<&str> = folder
        .combinations
        .iter()
        .map(|c| c.values[key].as_str())
        .collect();
    let groups = alike::by_key(&texts, |text| *text);
    let names = groups.iter().map(|group| group[0]);
    names
        .filter_map(|at| Some((texts[at], name(at)?)))
        .collect()
}

/// A list or table in plain words.
pub(super) fn plain(text: &str) -> String {
    if !text.contains(['{', '[']) {
        return text.to_owned();
    }
    let kept: String = text
        .chars()
        .map(|c| if "{}[]\"=_".contains(c) { ' ' } else { c })
        .collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    if words.is_empty() {
        return "none".to_owned();
    }
    words.join(" ").replace(" ,", ",")
}

/// Several labels as one: what they end with is said once.
fn together(labels: &[String]) -> String {
    let split: Vec<Vec<&str>> = labels
        .iter()
        .map(|label| label.split(' ').collect())
        .collect();
    let shortest = split.iter().map(Vec::len).min().unwrap_or(0);
    let is_common = |n: usize| {
        let end = |words: &Vec<&str>| words[words.len() - n..].join(" ");
        split.iter().all(|words| end(words) == end(&split[0]))
    };
    let common = (0..shortest).rev().find(|n| is_common(*n)).unwrap_or(0);
    if labels.len() < 2 || common == 0 {
        return labels.join(" and ");
    }
    let heads = split
        .iter()
        .map(|words| words[..words.len() - common].join(" "));
    let heads: Vec<String> = heads.collect();
    let tail = split[0][split[0].len() - common..].join(" ");
    format!("{} {tail}", heads.join(" and "))
}

/// What an axis of a key is called.
pub(super) fn axis_label(key: &str) -> String {
    known_label(key).map_or_else(|| words(key), str::to_owned)
}

/// What an axis of a number inside the tables of a key is called: with what it is a number of.
fn part_label(key: &Swept, part: &Swept) -> String {
    if let Some(label) = known_label(&part.key) {
        return label.to_owned();
    }
    let unit = if part.is_duration() { " (s)" } else { "" };
    match known_label(&key.key) {
        Some(label) => format!("{} {label}{unit}", words(&part.key)),
        None => format!("{} of {}{unit}", words(&part.key), words(&key.key)),
    }
}

fn known_label(key: &str) -> Option<&'static str> {
    // `fault.0.kill`, of whichever fault.
    let fault = key.strip_prefix("fault.");
    let of_fault = fault.and_then(|rest| {
        rest.trim_start_matches(|c: char| c.is_ascii_digit())
            .strip_prefix('.')
    });
    Some(match of_fault.unwrap_or(key) {
        "kill" => "share of nodes that crash",
        "join" => "number of nodes that join",
        "at" => "time of the fault",

        "overlay.nodes" => "number of nodes N",
        "selfish.fraction" => "share of selfish peers",
        "network.loss" => "probability of message loss",
        "network.model" => "network model",
        "chord.successors" => "length of the successor list",
        "chord.virtual_nodes" | "overlay.virtual_nodes" => "ring positions per peer",
        "churn.graceful" => "share of graceful departures",
        "churn.poisson.joins_per_s" => "joins per second",
        "churn.poisson.leaves_per_s" => "departures per second",
        "churn.sessions.up" => "time up",
        "churn.sessions.down" => "time down",
        "chord.lookup" => "style of lookups",
        "chord.protocol" => "maintenance protocol",
        "chord.stabilize_every" => "period of stabilisation",
        "chord.fix_fingers_every" => "period of finger repair",
        "chord.check_predecessor_every" => "period of predecessor checks",
        "overlay.ids" => "identifiers",
        "overlay.rpc_timeout" => "timeout of a call",
        "overlay.request_timeout" => "timeout of a lookup",
        "workload.lookups_per_s" => "lookups per second",
        "workload.puts_per_s" => "puts per second",
        "workload.gets_per_s" => "gets per second",
        "storage.replicas" => "copies of each value",
        "storage.write_quorum" => "write quorum W",
        "storage.read_quorum" => "read quorum R",
        "storage.repair_every" => "period of repair",
        "storage.value_bytes" => "size of a value (bytes)",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(values: &[&str]) -> SweptAxis {
        let values: Vec<Value> = values.iter().map(|text| Value::of(text)).collect();
        numbers("", &values).unwrap()
    }

    fn labels(axis: &SweptAxis) -> Vec<&str> {
        axis.axis
            .marks
            .iter()
            .map(|(_, label)| label.as_str())
            .collect()
    }

    /// In seconds, in their order, with "off" behind the last.
    #[test]
    fn durations_have_an_axis_with_off_at_its_end() {
        let axis = axis(&["5m", "30s", "off", "1m"]);
        assert_eq!(labels(&axis), ["30", "60", "300", "off"]);
        let places: Vec<f64> = axis.places.iter().map(|place| place.unwrap()).collect();
        assert_eq!((places[0], places[1], places[3]), (300.0, 30.0, 60.0));
        assert!(places[2] > 300.0 && places[2] < axis.axis.range.1);
    }

    #[test]
    fn numbers_of_several_decades_have_a_logarithmic_axis() {
        assert!(axis(&["16", "4096"]).axis.log);
        assert!(!axis(&["16", "128"]).axis.log && !axis(&["0", "4096"]).axis.log);
    }

    #[test]
    fn words_stand_beside_each_other_and_long_ones_are_letters() {
        let short = categories("", &["plane", "constant", "plane"]);
        assert_eq!(labels(&short), ["plane", "constant"]);
        assert_eq!(short.places, [Some(0.0), Some(1.0), Some(0.0)]);
        assert!(short.notes.is_empty() && !short.is_ordered);
        let long = "[32, 98, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133]";
        let axis = categories("", &[long, "hashed"]);
        assert_eq!(labels(&axis), ["A", "B"]);
        assert_eq!(axis.notes[1], "B: hashed.");
    }

    #[test]
    fn tables_are_told_in_plain_words() {
        let text = "{ exponential = { mean = \"1h\" }, shape_x = [1, 2] }";
        assert_eq!(plain(text), "exponential mean 1h, shape x 1, 2");
        assert_eq!(plain("transit-stub"), "transit-stub");
        assert_eq!(plain("[]"), "none");
    }

    #[test]
    fn what_labels_end_with_is_said_once() {
        let of =
            |labels: &[&str]| together(&labels.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>());
        let both = ["joins per second", "departures per second"];
        assert_eq!(of(&both), "joins and departures per second");
        assert_eq!(of(&["mean", "shape"]), "mean and shape");
        assert_eq!(of(&["mean"]), "mean");
    }
}
