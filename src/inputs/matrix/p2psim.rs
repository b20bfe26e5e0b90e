//! Topologies of p2psim, a simulator of the MIT whose files many still have.
//!
//! `topology E2EGraph N` is followed by lines `node i` and `i,j latency` of one triangle, where −1 was not measured; hosts
//! are numbered from 1. `topology Euclidean` is followed by lines `i x,y`: p2psim lets a message take as many milliseconds
//! one way as the points are apart (topologies/euclidean.C; it drops fractions, which are kept here). What follows the
//! coordinates of a line is about protocols.

use std::collections::BTreeSet;

use super::pairs::{Repeated, no_pair, refuse_sparse};
use super::points::Points;
use super::value::latency;
use super::{Draft, HOSTS_MAX, Hosts, Reading, fill};
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::fault::Fault;
use crate::inputs::text::TextFile;

pub(super) fn read(file: TextFile<'_>, reading: Reading) -> Result<Hosts, InputError> {
    let first = file.data_lines().next().unwrap_or(file.text());
    let words: Vec<&str> = first.split_whitespace().collect();
    match words.get(1).copied() {
        Some("E2EGraph" | "E2ELinkFailGraph") => {
            let count = words.get(2).copied();
            end_to_end(file, count.unwrap_or(first.trim_end()), reading)
        }
        Some("Euclidean") => euclidean(file, reading),
        other => {
            let class = other.unwrap_or(words[0]);
            let value = shortened(class);
            Err(file.fault(class, Fault::Topology { value }))
        }
    }
}

/// The lines behind the one that says what this is, taken apart at blanks and commas.
fn lines(file: TextFile<'_>) -> impl Iterator<Item = (&str, Vec<&str>)> {
    let lines = file.data_lines().skip(1).map(|line| {
        let words = line.split(|c: char| c == ',' || c.is_whitespace());
        (
            line.trim(),
            words.filter(|word| !word.is_empty()).collect::<Vec<_>>(),
        )
    });
    lines.filter(|(_, words)| words.first() != Some(&"failure_model"))
}

fn end_to_end(file: TextFile<'_>, said: &str, reading: Reading) -> Result<Hosts, InputError> {
    let value = || shortened(said);
    let count: usize = said
        .parse()
        .map_err(|_| file.fault(said, Fault::HostCount { value: value() }))?;
    if count > HOSTS_MAX {
        return Err(file.fault(said, Fault::TooManyHosts { most: HOSTS_MAX }));
    }
    let is_pair = |(_, words): &(&str, Vec<&str>)| words.first() != Some(&"node");
    refuse_sparse(file, count, lines(file).filter(is_pair).count())?;
    let mut draft = Draft::new(count, (1..=count).map(|host| host.to_string()).collect());
    draft.remarks.say("an end-to-end topology of p2psim");
    let mut again = Repeated::default();
    for (line, words) in lines(file) {
        if let ["node", number, ..] = words[..] {
            host(file, number, count)?;
            continue;
        }
        let [from, to, cell] = words[..] else {
            let found = words.len();
            return Err(file.fault(line, Fault::PairFields { found, expected: 3 }));
        };
        let (from, to) = (host(file, from, count)?, host(file, to, count)?);
        if let Some(value) = latency(file, cell, false, reading.unit)? {
            again.take(&mut draft, from, to, value);
        }
    }
    again.tell(&mut draft);
    one_triangle(&mut draft);
    fill::complete(&mut draft, reading.missing, |draft, from, to| {
        no_pair(file, draft, from, to)
    })?;
    Ok(draft.finished())
}

/// Where one triangle has nothing at all, the other is of both directions, and so is what it lacks.
fn one_triangle(draft: &mut Draft) {
    let count = draft.count;
    let below = || (0..count).flat_map(|from| (0..from).map(move |to| (from, to)));
    let has_none = below().all(|(from, to)| draft.values[from * count + to].is_nan());
    if count < 2 || !has_none {
        return;
    }
    draft
        .remarks
        .say("given in one direction and taken for both");
    for (from, to) in below() {
        draft.values[from * count + to] = draft.values[to * count + from];
    }
}

/// A host of so many by its number from 1; from 0 here.
fn host(file: TextFile<'_>, word: &str, most: usize) -> Result<usize, InputError> {
    let number = word
        .parse()
        .ok()
        .filter(|number| (1..=most).contains(number));
    let value = || shortened(word);
    number.map(|number: usize| number - 1).ok_or_else(|| {
        file.fault(
            word,
            Fault::HostNumber {
                value: value(),
                most,
            },
        )
    })
}

fn euclidean(file: TextFile<'_>, reading: Reading) -> Result<Hosts, InputError> {
    let mut points = Points::new(
        file,
        reading.unit,
        "points of p2psim, 1 ms one way for each unit of distance",
    );
    let mut seen = BTreeSet::new();
    for (line, words) in lines(file) {
        let name = words[0];
        if !seen.insert(name) {
            return Err(file.fault(name, Fault::HostTwice));
        }
        // What divides the coordinates is a comma, and what ends them a blank.
        let place = line.split_whitespace().nth(1).unwrap_or(name);
        let coordinates = place.split(',').filter(|_| words.len() > 1);
        points.add(line, Some(name), coordinates)?;
    }
    points.finished()
}
