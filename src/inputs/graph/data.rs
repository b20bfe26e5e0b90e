//! The plain data that the file of a graph gives, whatever its format.

use std::borrow::Cow;

use super::fault::GraphFault;
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::remarks::Remarks;
use crate::inputs::text::TextFile;

/// The most nodes of a graph.
pub const NODES_MAX: usize = 1_000_000;
/// The most edges of a graph.
pub const EDGES_MAX: usize = 10_000_000;

/// What the file of a graph says: its nodes have names and perhaps positions, its edges have ends and perhaps a
/// latency. Several edges between two nodes, and edges from a node to itself, are given as they are: what they mean,
/// the reader does not judge.
#[derive(Debug)]
pub struct Graph<'a> {
    pub(super) file: TextFile<'a>,
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) edges: Vec<Edge>,
    pub(super) map: Option<Map>,
    /// Edges without a latency, in order, and where it would stand.
    pub(super) unknown: Vec<(u32, &'a str)>,
    pub(super) remarks: Remarks,
}

/// A node of the file.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// As a person calls it: its label, or what stands for it in edges.
    pub name: Cow<'a, str>,
    /// Where it is, on the file's map.
    pub position: Option<[f64; 2]>,
    /// How often hosts hang off it, by the column that was asked for: finite, not negative.
    pub weight: Option<f64>,
    /// Where it is first named.
    pub(super) first: &'a str,
}

/// An edge of the file.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Edge {
    /// The numbers of the nodes it joins, in the order of the file.
    pub ends: [u32; 2],
    /// In milliseconds; not a number where the file says nothing. An `Option` would take another 8 bytes, of which ten
    /// million edges have many.
    pub(super) latency_ms: f64,
    /// Whether the file says that it leads from the first end to the second only.
    pub is_directed: bool,
}

impl Edge {
    /// Its latency in milliseconds, if the file gives one: finite, not negative, at most an hour.
    #[must_use]
    pub fn latency_ms(self) -> Option<f64> {
        (!self.latency_ms.is_nan()).then_some(self.latency_ms)
    }
}

/// What the positions of nodes are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Map {
    /// Longitude and latitude in degrees.
    Globe,
    /// Coordinates of a plane, in kilometres.
    Plane,
}

impl<'a> Graph<'a> {
    /// The nodes, in the order of their numbers.
    #[must_use]
    pub fn nodes(&self) -> &[Node<'a>] {
        &self.nodes
    }

    /// The edges, in the order of the file.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// What the positions of nodes are, if a node has one.
    #[must_use]
    pub fn map(&self) -> Option<Map> {
        self.map
    }

    /// What the reader took the file for.
    #[must_use]
    pub fn remarks(&self) -> &Remarks {
        &self.remarks
    }

    /// The graph with these nodes only, and the edges between them.
    ///
    /// # Panics
    /// If there are fewer answers than nodes.
    #[must_use]
    pub fn keep(self, is_kept: &[bool]) -> Self {
        let mut numbers = (0..).map(Some);
        let numbers: Vec<Option<u32>> = (0..self.nodes.len())
            .map(|node| if is_kept[node] { numbers.next()? } else { None })
            .collect();
        let mut unknown = self.unknown.into_iter().peekable();
        let (mut edges, mut still_unknown) = (Vec::new(), Vec::new());
        for (number, edge) in (0..).zip(self.edges) {
            let place = unknown.next_if(|(at, _)| *at == number);
            let [Some(from), Some(to)] = edge.ends.map(|end| numbers[end as usize]) else {
                continue;
            };
            still_unknown.extend(place.map(|(_, place)| (edges.len() as u32, place)));
            let ends = [from, to];
            edges.push(Edge { ends, ..edge });
        }
        let nodes = self.nodes.into_iter().zip(is_kept);
        Self {
            nodes: nodes
                .filter(|(_, kept)| **kept)
                .map(|(node, _)| node)
                .collect(),
            edges,
            unknown: still_unknown,
            ..self
        }
    }

    /// Says that no path leads from one node to another, at the place where the one that was not met in the search is
    /// first named: for who asks that the graph be connected.
    ///
    /// # Panics
    /// If there is no node of one of the numbers.
    #[must_use]
    pub fn not_connected(&self, from: u32, to: u32) -> InputError {
        let name = |number: u32| shortened(&self.nodes[number as usize].name);
        let place = self.nodes[from.max(to) as usize].first;
        let directed = self.edges.iter().any(|edge| edge.is_directed);
        let (from, to) = (name(from), name(to));
        let fault = if directed {
            GraphFault::OneWay { from, to }
        } else {
            GraphFault::Disconnected { from, to }
        };
        self.file.fault(place, fault)
    }

    /// Says that the latency of an edge is not known, at the place where it would stand: for who needs it.
    ///
    /// # Panics
    /// If the file gives a latency for every edge from this one on.
    #[must_use]
    pub fn no_latency(&self, edge: u32) -> InputError {
        let at = self.unknown.partition_point(|(number, _)| *number < edge);
        self.file.fault(self.unknown[at].1, GraphFault::NoLatency)
    }

    /// Says that the ends of an edge without a latency are more than an hour apart.
    ///
    /// # Panics
    /// As [`Graph::no_latency`].
    #[must_use]
    pub fn too_far(&self, edge: u32) -> InputError {
        let at = self.unknown.partition_point(|(number, _)| *number < edge);
        self.file.fault(self.unknown[at].1, GraphFault::TooFar)
    }

    /// Says that no node has a weight above zero, so that no host can hang off any.
    #[must_use]
    pub fn no_weight(&self, column: &str) -> InputError {
        let column = shortened(column);
        let start = self.file.text().trim_start();
        let line = start.lines().next().unwrap_or(start);
        self.file.fault(line, GraphFault::NoWeight { column })
    }
}
