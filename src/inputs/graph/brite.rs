//! A graph as BRITE writes it (Medina, Lakhina, Matta, Byers, "BRITE: An Approach to Universal Topology Generation",
//! MASCOTS 2001): two tables without headers, `Nodes:` and `Edges:`.
//!
//! A node is `id x y indegree outdegree as type`, an edge `id from to length delay bandwidth as_from as_to type`, with a
//! last value that begins with D where it has a direction. Lengths are in kilometres and delays in milliseconds: BRITE's
//! delay is the length divided by the speed of light.

use std::borrow::Cow;

use super::builder::Builder;
use super::data::Graph;
use super::fault::GraphFault;
use super::options::Reading;
use super::values::{Meaning, NodeValues, latency};
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::fault::Fault;
use crate::inputs::text::TextFile;

const NODE: [&str; 7] = ["id", "x", "y", "indegree", "outdegree", "as", "type"];
const EDGE: [&str; 9] = [
    "id",
    "from",
    "to",
    "length",
    "delay",
    "bandwidth",
    "as_from",
    "as_to",
    "type",
];
const DELAY: usize = 4;

/// So many lines may stand before the nodes.
const HEAD_MAX: usize = 20;

/// Whether a text begins as BRITE's files do.
pub(super) fn is_such(file: TextFile<'_>) -> bool {
    let mut head = file.data_lines().take(HEAD_MAX).map(str::trim_start);
    head.next()
        .is_some_and(|first| first.starts_with("Topology:"))
        || head.any(|line| line.starts_with("Nodes:"))
            && file
                .data_lines()
                .next()
                .is_some_and(|first| first.starts_with("Model"))
        || file
            .data_lines()
            .next()
            .is_some_and(|first| first.starts_with("Nodes:"))
}

/// What the lines under way are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Head,
    Nodes,
    Edges,
}

/// Reads BRITE's format.
///
/// # Errors
/// The first fault in the text.
pub(super) fn read<'a>(file: TextFile<'a>, reading: Reading<'_>) -> Result<Graph<'a>, InputError> {
    let mut builder = Builder::new(file, reading);
    let column = match reading.named_latency() {
        None => Some(DELAY),
        Some(name) => EDGE.iter().position(|column| *column == name),
    };
    let meaning = Meaning::unnamed(&reading);
    builder.say(format!(
        "read as BRITE, delays {}, positions in km",
        meaning.told()
    ));
    NODE[1..]
        .iter()
        .for_each(|name| builder.has_attribute(Cow::Borrowed(name)));
    let mut part = Part::Head;
    for line in file.data_lines() {
        let begin = line.trim_start();
        part = match part {
            _ if begin.starts_with("Nodes:") => Part::Nodes,
            _ if begin.starts_with("Edges:") => Part::Edges,
            Part::Head => Part::Head,
            Part::Nodes => {
                node(file, &reading, &mut builder, line)?;
                part
            }
            Part::Edges => {
                edge(file, column, meaning, &mut builder, line)?;
                part
            }
        };
    }
    builder.finish_declared()
}

fn node<'a>(
    file: TextFile<'a>,
    reading: &Reading<'_>,
    builder: &mut Builder<'a, '_>,
    line: &'a str,
) -> Result<(), InputError> {
    let fields: Vec<_> = line.split_whitespace().take(NODE.len()).collect();
    let [id, _, _, ..] = fields[..] else {
        let found = fields.len();
        return Err(file.fault(line, GraphFault::BriteNode { found }));
    };
    let mut values = NodeValues::default();
    for (name, value) in NODE.iter().zip(&fields).skip(1) {
        values.take(file, reading, name, Cow::Borrowed(*value), value)?;
    }
    if values.position().is_none() {
        let place = fields[1];
        let value = shortened(place);
        return Err(file.fault(place, Fault::NotANumber { value }));
    }
    let number = builder.node(id, id)?;
    builder.declare(number, id, values)
}

fn edge<'a>(
    file: TextFile<'a>,
    column: Option<usize>,
    meaning: Meaning,
    builder: &mut Builder<'a, '_>,
    line: &'a str,
) -> Result<(), InputError> {
    let fields: Vec<_> = line.split_whitespace().take(EDGE.len() + 2).collect();
    let [_, from, to, _, _, ..] = fields[..] else {
        let found = fields.len();
        return Err(file.fault(line, GraphFault::BriteEdge { found }));
    };
    let place = column.and_then(|at| fields.get(at)).copied();
    // What BRITE does not know, it writes as -1.
    let known = place.filter(|text| !text.starts_with("-1"));
    let known = match known {
        Some(place) => latency(file, place, place, meaning)?,
        None => None,
    };
    let is_directed = fields
        .get(EDGE.len())
        .is_some_and(|last| last.starts_with('D'));
    let ends = [builder.node(from, from)?, builder.node(to, to)?];
    builder.edge(ends, known, is_directed, place.unwrap_or(line))
}
