//! `[network]` and the parameters of every latency model.

use std::path::PathBuf;

use super::key::{DURATION, SHARE, Section, ValueKind, count};
use crate::engine::SimDuration;

section! {
    /// How long messages take, which are lost, and how long nodes are busy with them.
    pub(crate) struct NetworkKeys, static NETWORK = Section::table("network"), {
        /// How long messages take.
        model: LatencyChoice = "constant", ValueKind::Word(LatencyChoice::WORDS);
        /// Probability that a message is lost.
        loss: f64 = 0, SHARE;
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
        /// Shortest paths over a graph from a file.
        Graph = "graph",
        /// Between all pairs of hosts, from a file.
        Matrix = "matrix",
    }
}

section! {
    /// The same latency between any two hosts.
    pub(crate) struct ConstantKeys, static CONSTANT = Section::table("network.constant"), {
        /// One way, between any two hosts.
        latency: SimDuration = "50ms", DURATION;
    }
}

section! {
    /// Latencies drawn uniformly, once per pair of hosts.
    pub(crate) struct UniformKeys, static UNIFORM = Section::table("network.uniform"), {
        /// Least one-way latency.
        min: SimDuration = "10ms", DURATION, limits("up to `max`");
        /// Greatest one-way latency.
        max: SimDuration = "90ms", DURATION, limits("`min` or more");
    }
}

section! {
    /// Latencies drawn from an exponential distribution.
    pub(crate) struct ExponentialKeys, static EXPONENTIAL = Section::table("network.exponential"), {
        /// Mean one-way latency.
        mean: SimDuration = "50ms", DURATION;
        /// How often a latency is drawn.
        per: Per = "pair", ValueKind::Word(Per::WORDS);
    }
}

words! {
    /// How often a random latency is drawn.
    pub enum Per {
        /// Once for every pair of hosts, the same in both directions.
        Pair = "pair",
        /// Anew for every message; the pair's own latency (for stretch) is the mean.
        Message = "message",
    }
}

section! {
    /// Hosts at uniformly random points of a unit square or cube; latency is proportional to distance.
    pub(crate) struct PlaneKeys, static PLANE = Section::table("network.plane"), {
        /// Hosts at uniformly random points of a unit square or cube.
        dimensions: u8 = 2, count(2, 3);
        /// One-way latency of one side's length; latency is proportional to distance.
        span: SimDuration = "100ms", DURATION;
    }
}

section! {
    /// Domains of transit routers (backbones), with domains of stub routers hanging off them, after
    /// Zegura, Calvert and Bhattacharjee, INFOCOM 1996. At most 16 384 routers in all.
    pub struct TransitStub, static TRANSIT_STUB = Section::table("network.transit-stub"), {
        /// Transit domains; all are connected.
        transit_domains: u32 = 4, count(1, 10_000);
        /// Routers in each transit domain.
        transit_routers: u32 = 4, count(1, 10_000);
        /// Stub domains hanging off each transit router.
        stubs_per_transit_router: u32 = 3, count(1, 10_000);
        /// Routers in each stub domain.
        stub_routers: u32 = 4, count(1, 10_000);
        /// Probability of each further edge inside a domain, beyond what keeps it connected.
        extra_edges: f64 = 0.3, SHARE;
        /// One way, between routers of different transit domains.
        inter_transit_latency: SimDuration = "30ms", DURATION;
        /// One way, between routers of one transit domain.
        intra_transit_latency: SimDuration = "15ms", DURATION;
        /// One way, between a stub domain and its transit router.
        transit_stub_latency: SimDuration = "8ms", DURATION;
        /// One way, between routers of one stub domain.
        intra_stub_latency: SimDuration = "3ms", DURATION;
        /// One way, between a host and its stub router.
        access_latency: SimDuration = "1ms", DURATION;
        /// Each edge's latency is drawn uniformly within this share of its mean.
        latency_jitter: f64 = 0.5, SHARE;
    }
}

section! {
    /// Shortest paths over a graph given as a file.
    pub(crate) struct GraphKeys, static GRAPH = Section::table("network.graph"), {
        /// A graph with a latency per edge; latencies are shortest paths.
        file: Option<PathBuf>, ValueKind::File, limits("must be given for this model");
    }
}

section! {
    /// Latencies between all pairs of hosts, given as a file.
    pub(crate) struct MatrixKeys, static MATRIX = Section::table("network.matrix"), {
        /// A square of numbers in milliseconds.
        file: Option<PathBuf>, ValueKind::File, limits("must be given for this model");
        /// What the numbers are.
        values: MatrixValues = "round-trip", ValueKind::Word(MatrixValues::WORDS);
    }
}

words! {
    /// `network.matrix.values`
    pub enum MatrixValues {
        /// Milliseconds there and back, halved for one way.
        RoundTrip = "round-trip",
        /// Milliseconds one way.
        OneWay = "one-way",
    }
}

impl TransitStub {
    /// The most routers that there can be. With hosts everywhere, all shortest paths of so many take 1 GiB.
    pub const ROUTERS_MAX: u64 = 1 << 14;

    /// How many routers it has.
    #[must_use]
    pub fn routers(&self) -> u64 {
        let transit = u64::from(self.transit_domains) * u64::from(self.transit_routers);
        let stub = u64::from(self.stubs_per_transit_router) * u64::from(self.stub_routers);
        transit.saturating_mul(stub.saturating_add(1))
    }
}
