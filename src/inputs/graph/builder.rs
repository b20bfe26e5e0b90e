//! Puts the graph together while a reader goes through its file.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::data::{EDGES_MAX, Edge, Graph, Map, NODES_MAX, Node};
use super::fault::GraphFault;
use super::options::Reading;
use super::values::NodeValues;
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::fault::Fault;
use crate::inputs::remarks::Remarks;
use crate::inputs::text::TextFile;

/// Edges are compared with each other, to count those that are parallel, up to so many.
const COMPARED_MAX: usize = 1_000_000;
/// So many names of attributes are told at most.
const TOLD_MAX: usize = 12;

pub(super) struct Builder<'a, 'k> {
    reading: Reading<'k>,
    graph: Graph<'a>,
    numbers: BTreeMap<Cow<'a, str>, u32>,
    /// Which nodes have been declared, in files that declare them; by number.
    declared: Vec<bool>,
    /// Names of attributes that nodes have.
    attributes: BTreeSet<Cow<'a, str>>,
}

impl<'a, 'k> Builder<'a, 'k> {
    pub(super) fn new(file: TextFile<'a>, reading: Reading<'k>) -> Self {
        Self {
            reading,
            graph: Graph {
                file,
                nodes: Vec::new(),
                edges: Vec::new(),
                map: None,
                unknown: Vec::new(),
                remarks: Remarks::default(),
            },
            numbers: BTreeMap::new(),
            declared: Vec::new(),
            attributes: BTreeSet::new(),
        }
    }

    pub(super) fn say(&mut self, remark: impl Into<String>) {
        self.graph.remarks.say(remark);
    }

    /// The number of the node that edges call so, at this place.
    pub(super) fn node(
        &mut self,
        id: impl Into<Cow<'a, str>>,
        place: &'a str,
    ) -> Result<u32, InputError> {
        let id = id.into();
        if let Some(number) = self.numbers.get(&id) {
            return Ok(*number);
        }
        let number = self.graph.nodes.len();
        if number == NODES_MAX {
            let most = NODES_MAX;
            return Err(self.graph.file.fault(place, Fault::TooManyHosts { most }));
        }
        self.graph.nodes.push(Node {
            name: id.clone(),
            position: None,
            weight: None,
            first: place,
        });
        self.declared.push(false);
        self.numbers.insert(id, number as u32);
        Ok(number as u32)
    }

    /// Says that the file declares this node here, with these values.
    pub(super) fn declare(
        &mut self,
        number: u32,
        place: &'a str,
        values: NodeValues<'a>,
    ) -> Result<(), InputError> {
        let declared = &mut self.declared[number as usize];
        if std::mem::replace(declared, true) {
            return Err(self.graph.file.fault(place, GraphFault::NodeTwice));
        }
        if let Some((map, position)) = values.position() {
            self.place(number, map, position);
        }
        let node = &mut self.graph.nodes[number as usize];
        node.weight = values.weight;
        // A label that is empty names nothing.
        if let Some(label) = values.label.filter(|label| !label.trim().is_empty()) {
            node.name = label;
        }
        Ok(())
    }

    /// Notes that nodes have an attribute of this name.
    pub(super) fn has_attribute(&mut self, name: Cow<'a, str>) {
        if self.attributes.len() <= TOLD_MAX && !self.attributes.contains(&name) {
            self.attributes.insert(name);
        }
    }

    /// Puts a node on the map. Positions on the globe count more than those in a plane, which may be those of a drawing.
    fn place(&mut self, number: u32, map: Map, position: [f64; 2]) {
        match (self.graph.map, map) {
            (Some(Map::Globe), Map::Plane) => return,
            (Some(Map::Plane), Map::Globe) => {
                let nodes = self.graph.nodes.iter_mut();
                nodes.for_each(|node| node.position = None);
            }
            _ => {}
        }
        self.graph.map = Some(map);
        self.graph.nodes[number as usize].position = Some(position);
    }

    /// An edge; `place` is where its latency stands, or would.
    pub(super) fn edge(
        &mut self,
        ends: [u32; 2],
        latency_ms: Option<f64>,
        is_directed: bool,
        place: &'a str,
    ) -> Result<(), InputError> {
        let number = self.graph.edges.len();
        if number == EDGES_MAX {
            let most = EDGES_MAX;
            return Err(self
                .graph
                .file
                .fault(place, GraphFault::TooManyEdges { most }));
        }
        if latency_ms.is_none() {
            self.graph.unknown.push((number as u32, place));
        }
        self.graph.edges.push(Edge {
            ends,
            latency_ms: latency_ms.unwrap_or(f64::NAN),
            is_directed,
        });
        Ok(())
    }

    /// Whether there is no edge yet.
    pub(super) fn is_empty(&self) -> bool {
        self.graph.edges.is_empty()
    }

    /// All of it, from a format in which nodes are declared.
    pub(super) fn finish_declared(self) -> Result<Graph<'a>, InputError> {
        let undeclared = self.declared.iter().position(|declared| !declared);
        if let Some(number) = undeclared {
            let node = &self.graph.nodes[number];
            let name = shortened(&node.name);
            return Err(self
                .graph
                .file
                .fault(node.first, GraphFault::NoSuchNode { name }));
        }
        self.finish()
    }

    /// All of it.
    pub(super) fn finish(mut self) -> Result<Graph<'a>, InputError> {
        let file = self.graph.file;
        let start = file.text().trim_start();
        let start = start.lines().next().unwrap_or(start).trim_end();
        if self.graph.edges.is_empty() {
            return Err(file.fault(start, GraphFault::NoEdges));
        }
        if let Some(name) = self.reading.named_latency()
            && self.graph.unknown.len() == self.graph.edges.len()
        {
            let name = shortened(name);
            return Err(file.fault(start, GraphFault::NoEdgeAttribute { name }));
        }
        let has_weights = self.graph.nodes.iter().any(|node| node.weight.is_some());
        if let Some(column) = self.reading.weight
            && !has_weights
        {
            let fault = GraphFault::NoNodeAttribute {
                name: shortened(column),
                known: self.told_attributes(),
            };
            return Err(file.fault(start, fault));
        }
        self.say_what_is_odd();
        Ok(self.graph)
    }

    fn told_attributes(&self) -> String {
        if self.attributes.is_empty() {
            return "none".to_owned();
        }
        let names = self.attributes.iter().take(TOLD_MAX);
        let mut told: Vec<String> = names.map(|name| format!("`{}`", shortened(name))).collect();
        if self.attributes.len() > TOLD_MAX {
            told.push("…".to_owned());
        }
        told.join(", ")
    }

    /// Loops, parallel edges, and nodes without a weight.
    fn say_what_is_odd(&mut self) {
        let edges = &self.graph.edges;
        let loops = edges.iter().filter(|edge| edge.ends[0] == edge.ends[1]);
        let loops = loops.count();
        let parallel = parallel(edges);
        let light = self.graph.nodes.iter().filter(|node| node.weight.is_none());
        let light = light.count();
        if loops > 0 {
            self.say(format!(
                "{loops} edges from a node to itself are passed over"
            ));
        }
        if parallel > 0 {
            self.say(format!(
                "{parallel} edges stand beside another between the same nodes: the fastest counts"
            ));
        }
        if let Some(column) = self.reading.weight
            && light > 0
        {
            self.say(format!(
                "{light} nodes have no `{}`: no host hangs off them",
                shortened(column)
            ));
        }
    }
}

/// How many edges join nodes that an earlier one joins in the same direction.
fn parallel(edges: &[Edge]) -> usize {
    if edges.len() > COMPARED_MAX {
        return 0;
    }
    let pair = |edge: &Edge| {
        let [a, b] = edge.ends;
        let ends = if edge.is_directed {
            [a, b]
        } else {
            [a.min(b), a.max(b)]
        };
        (a != b).then_some((ends, edge.is_directed))
    };
    let mut pairs: Vec<_> = edges.iter().filter_map(pair).collect();
    let all = pairs.len();
    pairs.sort_unstable();
    pairs.dedup();
    all - pairs.len()
}
