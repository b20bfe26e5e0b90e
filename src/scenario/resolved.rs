//! What a scenario means once every default is filled in, every unit converted and every value
//! checked. Nothing after this asks "is it set?".

use std::path::PathBuf;

use serde::Serialize;

use crate::engine::SimDuration;

/// One fully determined experiment: everything a run needs but its seed.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Scenario {
    /// Simulated first and counted in no metric.
    pub warmup: SimDuration,
    /// Simulated and measured after the warm-up.
    pub duration: SimDuration,
    /// Width of one row of the timeline; at least 1 ns.
    pub sample: SimDuration,
    /// Members and identifiers.
    pub overlay: Overlay,
    /// Parameters of the Chord protocol.
    pub chord: Chord,
    /// Latency, loss and service time.
    pub network: Network,
    /// Arrivals and departures.
    pub churn: Churn,
    /// Scheduled shocks, in order of time.
    pub faults: Vec<Fault>,
    /// Lookups.
    pub workload: Workload,
    /// Peers that consume and do not serve.
    pub selfish: Selfish,
}

/// `[overlay]`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Overlay {
    /// Which overlay runs.
    pub protocol: Protocol,
    /// Peers at time 0 (each has `virtual_nodes` positions); at least 1.
    pub nodes: u32,
    /// Positions per peer, at least 1.
    pub virtual_nodes: u32,
    /// The ring has 2^`id_bits` positions; 3 to 64.
    pub id_bits: u32,
    /// How identifiers are given out.
    pub ids: Ids,
    /// In which state the run begins.
    pub start: Start,
    /// With `start = "join"`: the span from time 0 over which the initial peers join.
    pub join_window: SimDuration,
    /// Without an answer to a call for this long a node counts as dead; more than zero.
    pub rpc_timeout: SimDuration,
    /// Without an answer for this long a user's request has failed; more than zero.
    pub request_timeout: SimDuration,
}

/// `overlay.protocol`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// Stoica et al. 2001, in the variants of `chord.maintenance`.
    Chord,
}

/// `overlay.ids`
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ids {
    /// The leading bits of the SHA-1 of a node's address.
    Hashed,
    /// Evenly spaced, in ring order.
    Even,
    /// Given one by one: as many as there are ring positions at time 0, all different.
    List(Vec<u64>),
}

/// `overlay.start`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// Every table is correct at time 0.
    Converged,
    /// Everybody joins through the well-known node.
    Join,
}

/// `[chord]`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Chord {
    /// How a lookup finds its next hop.
    pub routing: Routing,
    /// Who sends the messages of a lookup.
    pub lookup: LookupMode,
    /// The maintenance protocol.
    pub maintenance: Maintenance,
    /// Length of the successor list, 1 to 255.
    pub successors: u8,
    /// Mean period of stabilisation; `None` is "off".
    pub stabilize_every: Option<SimDuration>,
    /// Mean period of finger repair; `None` is "off".
    pub fix_fingers_every: Option<SimDuration>,
    /// Mean period of the check on the predecessor; `None` is "off".
    pub check_predecessor_every: Option<SimDuration>,
    /// Each period is drawn uniformly within this share of its mean; 0 to 1.
    pub maintenance_jitter: f64,
}

/// `chord.routing`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Routing {
    /// The finger table: O(log N) hops.
    Fingers,
    /// From successor to successor: O(N) hops.
    Successors,
}

/// `chord.lookup`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LookupMode {
    /// Every node passes the lookup on; the owner answers the asking node directly.
    Recursive,
    /// The asking node asks every node on the way itself.
    Iterative,
}

/// `chord.maintenance`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Maintenance {
    /// Zave, IEEE TSE 43(12), 2017: proved correct.
    Zave2017,
    /// Stoica et al., IEEE/ACM Transactions on Networking 11(1), 2003: successor lists, as its evaluation ran it.
    Ton2003,
    /// Stoica et al., SIGCOMM 2001: as first published.
    Chord2001,
}

/// `[network]`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Network {
    /// The latency model with its parameters.
    pub model: LatencyModel,
    /// Probability that a message is lost; 0 to 1.
    pub loss: f64,
    /// How long a node is busy with each message it handles.
    pub service_time: SimDuration,
}

/// `network.model` and the table of the same name.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LatencyModel {
    /// The same latency between any two hosts.
    Constant {
        /// One way.
        latency: SimDuration,
    },
    /// Drawn uniformly once for every pair of hosts.
    Uniform {
        /// Least one-way latency.
        min: SimDuration,
        /// Greatest one-way latency.
        max: SimDuration,
    },
    /// Drawn from an exponential distribution.
    Exponential {
        /// Mean one-way latency.
        mean: SimDuration,
        /// Once for every pair of hosts, or anew for every message.
        per: Per,
    },
    /// Hosts at uniformly random points of a unit square or cube; latency is proportional to
    /// distance.
    Plane {
        /// 2 or 3.
        dimensions: u8,
        /// One-way latency of one side's length.
        span: SimDuration,
    },
    /// A hierarchy of transit domains with stub domains hanging off them (GT-ITM).
    TransitStub(TransitStub),
    /// Shortest paths over a graph given as a file.
    Graph {
        /// Where it is, with the scenario's own folder already put in front.
        file: PathBuf,
    },
    /// Latencies between all pairs of hosts, given as a file.
    Matrix {
        /// Where it is, with the scenario's own folder already put in front.
        file: PathBuf,
        /// What the numbers are.
        values: MatrixValues,
    },
}

/// How often a random latency is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// Once for every pair of hosts; the same in both directions.
    Pair,
    /// For every message; the pair's own latency (for stretch) is the mean.
    Message,
}

/// `network.matrix.values`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatrixValues {
    /// Milliseconds there and back: halved for one way.
    RoundTrip,
    /// Milliseconds one way.
    OneWay,
}

/// `[network.transit-stub]`, after Zegura, Calvert and Bhattacharjee, INFOCOM 1996.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TransitStub {
    /// Transit domains, at least 1; all are connected.
    pub transit_domains: u32,
    /// Routers in each transit domain, at least 1.
    pub transit_routers: u32,
    /// Stub domains hanging off each transit router, at least 1.
    pub stubs_per_transit_router: u32,
    /// Routers in each stub domain, at least 1.
    pub stub_routers: u32,
    /// Probability of each further edge inside a domain beyond what keeps it connected; 0 to 1.
    pub extra_edges: f64,
    /// One way, between routers of different transit domains.
    pub inter_transit_latency: SimDuration,
    /// One way, between routers of one transit domain.
    pub intra_transit_latency: SimDuration,
    /// One way, between a stub domain and its transit router.
    pub transit_stub_latency: SimDuration,
    /// One way, between routers of one stub domain.
    pub intra_stub_latency: SimDuration,
    /// One way, between a host and its stub router.
    pub access_latency: SimDuration,
    /// Each edge's latency is drawn uniformly within this share of its mean; 0 to 1.
    pub latency_jitter: f64,
}

/// `[churn]`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Churn {
    /// The process, with its parameters.
    pub model: ChurnModel,
    /// Share of departures that say goodbye; the others are crashes. 0 to 1.
    pub graceful: f64,
    /// When it ends, counted from the end of the warm-up: whoever is up then stays up, whoever is down
    /// stays down. `None`: it goes on for ever.
    pub until: Option<SimDuration>,
}

/// `churn.model` and the table of the same name.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChurnModel {
    /// Nobody comes, nobody goes.
    None,
    /// New peers arrive, and random live peers depart, as two Poisson processes over the system.
    Poisson {
        /// Arrivals per second.
        joins_per_s: f64,
        /// Departures per second.
        leaves_per_s: f64,
    },
    /// Every initial peer alternates between up and down. All are up at time 0, in the middle of a
    /// session.
    Sessions {
        /// Time up.
        up: Distribution,
        /// Time down.
        down: Distribution,
    },
}

/// A distribution of positive spans of time.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Distribution {
    /// Memoryless.
    Exponential {
        /// Its mean.
        mean: SimDuration,
    },
    /// P(X > x) = (minimum / x)^shape for x above the minimum.
    Pareto {
        /// Its least value.
        minimum: SimDuration,
        /// The exponent, above 0; the mean is infinite up to 1.
        shape: f64,
    },
    /// P(X > x) = exp(-(x / scale)^shape).
    Weibull {
        /// The span that a share 1/e outlives.
        scale: SimDuration,
        /// The exponent, above 0; below 1 the old live on.
        shape: f64,
    },
    /// The logarithm is normally distributed.
    LogNormal {
        /// Half of all values lie below it.
        median: SimDuration,
        /// Standard deviation of the logarithm, at least 0.
        sigma: f64,
    },
    /// Always the same.
    Fixed {
        /// The value.
        value: SimDuration,
    },
}

/// One `[[fault]]`.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Fault {
    /// When, counted from the end of the warm-up.
    pub at: SimDuration,
    /// What happens.
    pub kind: FaultKind,
}

/// What a fault does.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// This share of the live peers crashes at once; 0 to 1.
    Kill(f64),
    /// This many new peers join at once.
    Join(u32),
}

/// `[workload]`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Workload {
    /// Lookups per second over the whole system (a Poisson process).
    pub lookups_per_s: f64,
    /// How many distinct keys there are, at least 1.
    pub keys: u32,
    /// How keys are chosen.
    pub popularity: Popularity,
}

/// `workload.popularity`
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Popularity {
    /// All keys alike.
    Uniform,
    /// The k-th most popular key is asked for in proportion to k^-exponent.
    Zipf {
        /// The exponent, at least 0.
        exponent: f64,
    },
}

/// `[selfish]`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Selfish {
    /// Share of peers that are selfish; 0 to 1.
    pub fraction: f64,
    /// What they do.
    pub behaviour: Behaviour,
    /// What the others do about it.
    pub defence: Defence,
}

/// `selfish.behaviour`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Behaviour {
    /// Passes no lookup on; still answers for its own keys, answers pings and maintains its links.
    DropLookups,
}

/// `selfish.defence`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Defence {
    /// The lookup is given up when its time is over.
    None,
    /// The asking node starts again by another next hop.
    Retry {
        /// How long it waits for an answer each time; more than zero.
        after: SimDuration,
        /// How often it starts again at most.
        attempts: u8,
    },
}

/// `[output]`: what is written. Influences no run.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Output {
    /// Share of lookups that get a row in `lookups.csv`: 0 for `"none"`, 1 for `"all"`.
    pub lookups: f64,
    /// Whether `nodes.csv` is written.
    pub nodes: bool,
    /// Whether `timeline.csv` is written.
    pub timeline: bool,
    /// Whether the ring is audited after every step, and `audit.csv` written.
    pub audit: bool,
}
