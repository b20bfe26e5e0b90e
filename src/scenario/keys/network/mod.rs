//! `[network]` and the parameters of every latency model, a file for those with many.

mod formulas;
mod graph;
mod matrix;
mod regions;
mod routers;
mod scale_free;
mod transit_stub;
mod unit;
mod waxman;

pub use formulas::Per;
pub(in crate::scenario) use formulas::{CONSTANT, EXPONENTIAL, PLANE, UNIFORM};
pub(crate) use formulas::{ConstantKeys, ExponentialKeys, PlaneKeys, UniformKeys};
pub(in crate::scenario) use graph::GRAPH;
pub(crate) use graph::GraphKeys;
pub use graph::{Attach, Directed, GraphOptions, Parts};
pub(in crate::scenario) use matrix::MATRIX;
pub(crate) use matrix::MatrixKeys;
pub use matrix::{MatrixMissing, MatrixValues};
pub use regions::PublishedRegions;
pub(in crate::scenario) use regions::REGIONS;
pub(crate) use regions::RegionsKeys;
pub use routers::RouterAttach;
pub(in crate::scenario) use scale_free::SCALE_FREE;
pub use scale_free::ScaleFree;
pub(in crate::scenario) use transit_stub::TRANSIT_STUB;
pub use transit_stub::TransitStub;
pub use unit::LatencyUnit;
pub(in crate::scenario) use waxman::WAXMAN;
pub use waxman::Waxman;

use super::key::{DURATION, SHARE, Section, ValueKind};
use crate::engine::SimDuration;

section! {
    /// How long messages take, which are lost, and how long nodes are busy with them.
    pub(crate) struct NetworkKeys, static NETWORK = Section::table("network"), {
        /// How long messages take.
        model: LatencyChoice = "constant", ValueKind::Word(LatencyChoice::WORDS);
        /// Probability that a message is lost.
        loss: f64 = 0, SHARE;
        /// Each message's latency is drawn uniformly within this share of its pair's.
        jitter: f64 = 0, SHARE;
        /// Time a node is busy per message it handles (FIFO queue).
        service_time: SimDuration = "0ms", DURATION;
    }
}

words! {
    /// `network.model`
    pub(crate) enum LatencyChoice {
        /// The same latency between any two hosts.
        Constant = "constant",
        /// Drawn uniformly, once per pair of hosts.
        Uniform = "uniform",
        /// Drawn from an exponential distribution.
        Exponential = "exponential",
        /// Proportional to the distance between random points of a square or cube.
        Plane = "plane",
        /// Shortest paths over a hierarchy of domains of routers.
        TransitStub = "transit-stub",
        /// Shortest paths over routers in a square, linked the more often the nearer they are.
        Waxman = "waxman",
        /// Shortest paths over routers of which a few have very many links.
        ScaleFree = "scale-free",
        /// By the regions that hosts are in, from a table.
        Regions = "regions",
        /// Shortest paths over a graph from a file.
        Graph = "graph",
        /// Between all pairs of hosts, from a file.
        Matrix = "matrix",
    }
}
