//! `[network.graph]`

use std::path::PathBuf;

use super::unit::LatencyUnit;

use serde::Serialize;

use crate::engine::SimDuration;
use crate::scenario::keys::key::{DURATION, Section, ValueKind, number};

section! {
    /// Shortest paths over a graph given as a file: GraphML, GML, BRITE, a table of edges, or relationships of
    /// autonomous systems.
    pub(crate) struct GraphKeys, static GRAPH = Section::table("network.graph"), {
        /// The graph. Its content says in which format it is.
        file: Option<PathBuf>, ValueKind::File, limits("must be given for this model");
        /// Whether edges lead from their first end to their second only.
        directed: Directed = "auto", ValueKind::WordOrTruth(Directed::WORDS);
        /// The attribute or column that holds latencies; `"latency"` stands for any of the usual names.
        latency: String = "latency", ValueKind::Text;
        /// What latencies are in where their cells do not say so.
        unit: Option<LatencyUnit>, ValueKind::Word(LatencyUnit::WORDS), absent("what the name of the column says, or ms");
        /// Whether edges without a latency get that of the distance between their ends, if the file gives positions.
        positions: bool = true, ValueKind::Truth;
        /// How far a message travels in a millisecond where latencies come from distances: light in a fibre makes 200 km.
        km_per_ms: f64 = 200, number(0.001, 1_000_000.0);
        /// One way, of edges of which nothing else tells the latency.
        edge_latency: Option<SimDuration>, DURATION, absent("such edges are a mistake");
        /// What becomes of a graph in which not every node can be reached from every other.
        parts: Parts = "refuse", ValueKind::Word(Parts::WORDS);
        /// Hosts are made for as many peers as come, and each hangs off a node: `"uniform"`, any as likely as another;
        /// `"degree"`, in proportion to how many edges a node has; or in proportion to the attribute of nodes that has
        /// this name.
        attach: Option<String>, ValueKind::Text, absent("every node is a host");
        /// One way, between a host and its node, where `attach` is given.
        access_latency: SimDuration = "1ms", DURATION;
    }
}

words! {
    /// `network.graph.directed`
    pub enum Directed {
        /// As the file says; a table of edges has no directions.
        Auto = "auto",
        /// Every edge does.
        True = "true",
        /// No edge does.
        False = "false",
    }
}

words! {
    /// `network.graph.parts`
    pub enum Parts {
        /// It is a mistake.
        Refuse = "refuse",
        /// The largest connected part is kept, and what is left out is said.
        Largest = "largest",
    }
}

/// Which nodes of a graph hosts hang off.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attach {
    /// Any as likely as another.
    Uniform,
    /// In proportion to how many edges a node has.
    Degree,
    /// In proportion to an attribute of nodes.
    Column(String),
}

/// How the file of a graph is read, and what becomes of it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct GraphOptions {
    /// Whether edges have a direction.
    pub directed: Directed,
    /// The attribute that holds latencies; `"latency"`: any of the usual names.
    pub latency: String,
    /// What they are in; `None`: what the attribute's name says, or milliseconds.
    pub unit: Option<LatencyUnit>,
    /// Whether latencies that are missing come from positions.
    pub positions: bool,
    /// How far a message travels in a millisecond then.
    pub km_per_ms: f64,
    /// The latency of edges of which nothing else tells it.
    pub edge_latency: Option<SimDuration>,
    /// What becomes of a graph in parts.
    pub parts: Parts,
    /// Which nodes hosts hang off; `None`: every node is a host.
    pub attach: Option<Attach>,
    /// Between a host and its node.
    pub access_latency: SimDuration,
}

impl GraphOptions {
    /// The same as far as it makes a difference to what is read: networks with one of these share what was read.
    #[must_use]
    pub fn of_file(&self) -> Self {
        let is_read = |attach: &&Attach| matches!(attach, Attach::Column(_));
        Self {
            attach: self.attach.as_ref().filter(is_read).cloned(),
            access_latency: SimDuration::ZERO,
            ..self.clone()
        }
    }
}

/// As the keys are where none is given.
impl Default for GraphOptions {
    fn default() -> Self {
        Self {
            directed: Directed::Auto,
            latency: "latency".to_owned(),
            unit: None,
            positions: true,
            km_per_ms: 200.0,
            edge_latency: None,
            parts: Parts::Refuse,
            attach: None,
            access_latency: SimDuration::from_millis(1),
        }
    }
}
