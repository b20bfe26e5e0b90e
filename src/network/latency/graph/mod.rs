//! Shortest paths over a graph from a file: every node is a host, or hosts hang off the nodes.
//!
//! Of several edges between two nodes the fastest counts; an edge from a node to itself counts never. Nodes and links
//! have the numbers of the file's nodes and edges. Where the file says that edges have a direction, each direction has
//! its own latency; an edge of such a file that leads both ways is two links, and the one back has a number after those
//! of the file.

mod lengths;
mod parts;

use std::sync::Arc;

use super::attached::Attached;
use super::model::Latency;
use crate::engine::SimDuration;
use crate::inputs::graph::{Graph, Reading, Unit};
use crate::inputs::{InputError, Remarks, TextFile, graph};
use crate::network::paths::{Link, LinkEnd, Paths};
use crate::network::topology::{
    AccessLink, Attachment, OneWayGraph, OneWayTopology, Roads, RouterGraph, Topology,
};
use crate::scenario::resolved::{Attach, Directed, GraphOptions, LatencyUnit, Parts};
use crate::world::{HostIdx, LinkIdx};
use lengths::Lengths;

/// A graph that was read: what all runs share.
pub(super) struct RoadMap {
    roads: Links,
    names: Names,
    /// Where nodes are, if the file says so of any.
    places: Box<[Option<[f64; 2]>]>,
    /// How often hosts hang off each node, if a column of the file says so.
    weights: Box<[f64]>,
}

/// Links without a direction, or with one.
enum Links {
    Both(RouterGraph),
    OneWay(OneWayGraph),
}

/// The names of nodes, one behind the other.
struct Names {
    all: Box<str>,
    /// Where each ends.
    ends: Box<[u32]>,
}

impl RoadMap {
    /// Reads the file of a graph; what was guessed or filled in is said beside it.
    ///
    /// # Errors
    /// A fault in the text; an edge of which nothing tells the latency; two nodes that no path connects.
    pub(super) fn read(
        file: TextFile<'_>,
        options: &GraphOptions,
    ) -> Result<(Self, Remarks), InputError> {
        let column = match &options.attach {
            Some(Attach::Column(column)) => Some(column.as_str()),
            _ => None,
        };
        let graph = graph::read(
            file,
            Reading {
                latency: &options.latency,
                unit: options.unit.map(unit),
                weight: column,
            },
        )?;
        let mut remarks = graph.remarks().clone();
        let graph = match options.parts {
            Parts::Refuse => graph,
            Parts::Largest => {
                let is_directed = |edge: &graph::Edge| is_directed(edge, options);
                parts::largest(graph, is_directed, &mut remarks)
            }
        };
        let roads = roads(&graph, options, &mut remarks)?;
        let weight = |node: &graph::Node<'_>| node.weight.unwrap_or(0.0);
        let weights: Box<[f64]> = match column {
            Some(_) => graph.nodes().iter().map(weight).collect(),
            None => Box::default(),
        };
        if let Some(column) = column
            && weights.iter().all(|weight| *weight <= 0.0)
        {
            return Err(graph.no_weight(column));
        }
        let has_places = graph.map().is_some();
        let places = graph.nodes().iter().map(|node| node.position);
        let map = Self {
            roads,
            names: Names::of(&graph),
            places: places.take_while(|_| has_places).collect(),
            weights,
        };
        Ok((map, remarks))
    }

    fn routers(&self) -> u32 {
        match &self.roads {
            Links::Both(graph) => graph.routers(),
            Links::OneWay(graph) => graph.routers(),
        }
    }

    /// Bytes of its links, names and places, and of its distances, when so many peers have asked for theirs.
    pub(super) fn bytes(&self, peers: f64) -> f64 {
        let routers = f64::from(self.routers());
        let links = f64::from(self.links());
        let asking = peers.min(routers);
        let roads = match self.roads {
            Links::Both(_) => RouterGraph::bytes(routers, links, asking, routers),
            Links::OneWay(_) => OneWayGraph::bytes(routers, links, asking),
        };
        let tables = size_of_val(&*self.places) + size_of_val(&*self.weights);
        let names = self.names.all.len() + size_of_val(&*self.names.ends);
        roads + (tables + names) as f64
    }

    /// How many links each node has, in either direction.
    fn degrees(&self) -> Vec<f64> {
        let mut degrees = vec![0.0; self.routers() as usize];
        for link in (0..self.links()).map(LinkIdx) {
            let ([from, to], _) = Roads::link(self, link);
            // A loop leads nowhere.
            if from != to {
                degrees[from as usize] += 1.0;
                degrees[to as usize] += 1.0;
            }
        }
        degrees
    }
}

impl Names {
    fn of(graph: &Graph<'_>) -> Self {
        let mut all = String::new();
        let ends = graph.nodes().iter().map(|node| {
            all.push_str(&node.name);
            all.len() as u32
        });
        let ends = ends.collect();
        Self {
            all: all.into(),
            ends,
        }
    }

    fn of_node(&self, node: u32) -> &str {
        let node = node as usize;
        let start = node.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start as usize..self.ends[node] as usize]
    }
}

fn unit(unit: LatencyUnit) -> Unit {
    match unit {
        LatencyUnit::Us => Unit::Us,
        LatencyUnit::Ms => Unit::Ms,
        LatencyUnit::S => Unit::S,
    }
}

/// Whether an edge leads one way only.
fn is_directed(edge: &graph::Edge, options: &GraphOptions) -> bool {
    match options.directed {
        Directed::Auto => edge.is_directed,
        Directed::True => true,
        Directed::False => false,
    }
}

/// The links of a graph.
fn roads(
    graph: &Graph<'_>,
    options: &GraphOptions,
    remarks: &mut Remarks,
) -> Result<Links, InputError> {
    let is_directed = |edge: &graph::Edge| is_directed(edge, options);
    let lengths = Lengths::new(graph, options, remarks);
    let latencies = (0..).zip(graph.edges()).map(|(number, edge)| {
        let latency = lengths.of(number, edge)?;
        Ok((edge.ends, latency, is_directed(edge)))
    });
    let not_connected = |(from, to)| graph.not_connected(from, to);
    if !graph.edges().iter().any(is_directed) {
        let mut topology = Topology::with_capacity(graph.nodes().len(), graph.edges().len());
        graph.nodes().iter().for_each(|_| _ = topology.add_node(()));
        for link in latencies {
            let ([from, to], latency, _) = link?;
            topology.add_edge(from.into(), to.into(), latency);
        }
        return RouterGraph::new(topology)
            .map(Links::Both)
            .map_err(not_connected);
    }
    remarks.say("edges have a direction: each has a latency of its own");
    let mut topology = OneWayTopology::with_capacity(graph.nodes().len(), graph.edges().len());
    graph.nodes().iter().for_each(|_| _ = topology.add_node(()));
    let mut back = Vec::new();
    for link in latencies {
        let ([from, to], latency, is_directed) = link?;
        topology.add_edge(from.into(), to.into(), latency);
        if !is_directed {
            back.push((to, from, latency));
        }
    }
    for (from, to, latency) in back {
        topology.add_edge(from.into(), to.into(), latency);
    }
    OneWayGraph::new(topology)
        .map(Links::OneWay)
        .map_err(not_connected)
}

impl Roads for RoadMap {
    fn links(&self) -> u32 {
        match &self.roads {
            Links::Both(graph) => graph.links(),
            Links::OneWay(graph) => graph.links(),
        }
    }

    fn link(&self, link: LinkIdx) -> ([u32; 2], SimDuration) {
        match &self.roads {
            Links::Both(graph) => graph.link(link),
            Links::OneWay(graph) => graph.link(link),
        }
    }

    fn distance(&self, from: u32, to: u32) -> SimDuration {
        match &self.roads {
            Links::Both(graph) => graph.distance(from, to),
            Links::OneWay(graph) => graph.distance(from, to),
        }
    }

    fn route(&self, from: u32, to: u32, see: &mut dyn FnMut(LinkIdx)) {
        match &self.roads {
            Links::Both(graph) => graph.route(from, to, see),
            Links::OneWay(graph) => graph.route(from, to, see),
        }
    }

    fn name_of(&self, node: u32) -> Option<&str> {
        Some(self.names.of_node(node))
    }

    fn place_of(&self, node: u32) -> Option<[f64; 2]> {
        self.places.get(node as usize).copied().flatten()
    }
}

/// Every node is a host.
impl Latency for RoadMap {
    fn hosts(&self) -> Option<u32> {
        Some(self.routers())
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        self.distance(from.0, to.0)
    }

    fn paths(&self) -> Option<&dyn Paths> {
        Some(self)
    }

    fn place(&self, host: HostIdx) -> Option<[f64; 2]> {
        self.place_of(host.0)
    }

    fn host_name(&self, host: HostIdx) -> Option<&str> {
        Some(self.names.of_node(host.0))
    }
}

impl Paths for RoadMap {
    fn path(&self, from: HostIdx, to: HostIdx, see: &mut dyn FnMut(LinkIdx)) {
        self.route(from.0, to.0, see);
    }

    fn fixed_links(&self) -> u32 {
        self.links()
    }

    fn link(&self, link: LinkIdx) -> Link {
        let (ends, latency) = Roads::link(self, link);
        let ends = ends.map(|node| LinkEnd::Host(HostIdx(node)));
        Link { ends, latency }
    }

    fn name(&self, end: LinkEnd) -> Option<&str> {
        match end {
            LinkEnd::Host(HostIdx(node)) | LinkEnd::Router(node) => self.name_of(node),
        }
    }
}

/// Hosts that hang off the nodes of a graph: as many as there are peers.
struct Hanging {
    map: Arc<RoadMap>,
    hosts: Attached<Arc<RoadMap>>,
}

/// The model for the run with this seed.
pub(super) fn build(map: Arc<RoadMap>, options: &GraphOptions, seed: u64) -> Box<dyn Latency> {
    let Some(attach) = &options.attach else {
        return Box::new(map);
    };
    let access = AccessLink {
        mean: options.access_latency,
        jitter: 0.0,
    };
    let attachment = match attach {
        Attach::Uniform => Some(Attachment::uniform(0..map.routers(), access, seed)),
        Attach::Degree => Attachment::by_weight(&map.degrees(), access, seed),
        Attach::Column(_) => Attachment::by_weight(&map.weights, access, seed),
    };
    // A graph of loops alone has one node.
    let attachment =
        attachment.unwrap_or_else(|| Attachment::uniform(0..map.routers(), access, seed));
    let hosts = Attached::new(Arc::clone(&map), attachment);
    Box::new(Hanging { map, hosts })
}

impl Latency for Hanging {
    fn hosts(&self) -> Option<u32> {
        None
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        self.hosts.one_way(from, to)
    }

    fn paths(&self) -> Option<&dyn Paths> {
        Some(&self.hosts)
    }

    /// Where its node is.
    fn place(&self, host: HostIdx) -> Option<[f64; 2]> {
        self.map.place_of(self.hosts.router_of(host))
    }
}

#[cfg(test)]
mod tests;
