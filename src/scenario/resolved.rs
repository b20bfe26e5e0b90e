//! What a scenario means once every default is filled in, every unit converted and every value
//! checked. Nothing after this asks "is it set?".
//!
//! Sections whose keys are just their fields are declared with their keys, in `keys/`; those whose
//! keys choose between variants with parameters of their own are here.

use std::path::PathBuf;

use serde::Serialize;

use crate::engine::SimDuration;

pub use super::keys::chord::{Chord, Estimate, LookupMode, Maintenance, ProximityChoice, Routing};
pub use super::keys::network::{
    Attach, Directed, GraphOptions, LatencyUnit, MatrixMissing, MatrixValues, Parts, Per,
    PublishedRegions, RouterAttach, ScaleFree, TransitStub, Waxman,
};
pub use super::keys::output::{FingersOf, Output};
pub use super::keys::overlay::{Bootstrap, Ids, Overlay, Protocol, Start};
pub use super::keys::selfish::{
    Behaviour, MisrouteTo, RedundantAnswer, ReputationVerdict, StorageRefusal,
};
pub use super::keys::storage::{Quorums, Rounds, Scheme, Storage};
pub use super::keys::workload::Source;
pub use super::network::{LatencyModel, Matrix, Network, RegionTable};
pub use super::played_trace::{PlayedTrace, TraceFacts, TraceFormat};
pub use super::selfish::{
    Defences, Presence, Reciprocity, Redundancy, Repute, Retrying, Rule, Selfish,
};

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
    /// What happens by script, in order of time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<ScriptEvent>,
    /// Lookups, puts and gets.
    pub workload: Workload,
    /// What is kept under the keys; `None` if nothing ever is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// Peers that consume and do not serve.
    pub selfish: Selfish,
}

impl Scenario {
    /// The names that the script gives to keys, with the places of these, in the order of the script.
    pub fn key_names(&self) -> impl Iterator<Item = (u64, &str)> {
        let keys = self.events.iter().filter_map(|event| event.kind.key());
        keys.filter_map(|key| Some((key.place, key.label.as_deref()?)))
    }

    /// How many peers join by faults.
    #[must_use]
    pub fn joining_by_faults(&self) -> u64 {
        let joining = self.faults.iter().map(|fault| match fault.kind {
            FaultKind::Join(peers) => u64::from(peers),
            _ => 0,
        });
        joining.sum()
    }

    /// Whether the two are simulated alike, whatever keys without an effect say.
    pub(super) fn is_simulated_like(&self, other: &Self) -> bool {
        let without_churn = |scenario: &Self| scenario.churn.model == ChurnModel::None;
        if without_churn(self) && without_churn(other) {
            let churn = other.churn.clone();
            return Self {
                churn,
                ..self.clone()
            } == *other;
        }
        self == other
    }
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
    /// As a file says.
    Trace(Box<PlayedTrace>),
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

impl Distribution {
    /// Its mean in seconds; infinite for a Pareto distribution with a shape up to 1.
    #[must_use]
    pub fn mean_s(&self) -> f64 {
        match *self {
            Self::Exponential { mean } => mean.as_secs_f64(),
            Self::Pareto { shape, .. } if shape <= 1.0 => f64::INFINITY,
            Self::Pareto { minimum, shape } => minimum.as_secs_f64() * shape / (shape - 1.0),
            Self::Weibull { scale, shape } => scale.as_secs_f64() * libm::tgamma(1.0 + 1.0 / shape),
            Self::LogNormal { median, sigma } => {
                median.as_secs_f64() * libm::exp(sigma * sigma / 2.0)
            }
            Self::Fixed { value } => value.as_secs_f64(),
        }
    }
}

impl Churn {
    /// What the trace says of the run, if there is one and it has been read.
    #[must_use]
    pub fn traced(&self) -> Option<&TraceFacts> {
        match &self.model {
            ChurnModel::Trace(played) => played.facts.as_ref(),
            _ => None,
        }
    }

    /// How many peers there are at time 0, up or down, if `nodes` of them are up: with sessions of the mean U
    /// and pauses of the mean D, nodes·(U + D)/U, so that `nodes` are up on average ever after.
    #[must_use]
    pub fn peers_behind(&self, nodes: u32) -> u64 {
        let (up, down) = match &self.model {
            ChurnModel::Sessions { up, down } => (up, down),
            ChurnModel::Trace(played) => return played.facts.map_or(nodes, |it| it.peers).into(),
            ChurnModel::None | ChurnModel::Poisson { .. } => return nodes.into(),
        };
        let (up, down) = (up.mean_s(), down.mean_s());
        // Sessions without a mean never end, and pauses without one are refused.
        let down_for_each = if up.is_finite() { down / up } else { 0.0 };
        u64::from(nodes) + libm::round(f64::from(nodes) * down_for_each) as u64
    }
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
    /// This share of the live peers says goodbye at once; 0 to 1.
    Leave(f64),
    /// The network is cut in two.
    Partition {
        /// The probability with which a host is on the one side; 0 to 1.
        share: f64,
        /// How long.
        #[serde(rename = "for")]
        length: SimDuration,
    },
    /// The first of the well-known nodes that is up crashes.
    CrashWellKnown,
}

/// One `[[event]]`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ScriptEvent {
    /// When, counted from the end of the warm-up.
    pub at: SimDuration,
    /// What happens.
    pub kind: ScriptKind,
}

/// What an event of a script does. A peer is named by the identifier of its first node.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ScriptKind {
    /// A new peer joins, with one node.
    Join {
        /// The node's identifier.
        id: u64,
        /// The node that it asks; `None`: the well-known one.
        via: Option<u64>,
    },
    /// A peer says goodbye.
    Leave(u64),
    /// A peer goes without a word.
    Crash(u64),
    /// A node looks up the owner of a key.
    Lookup {
        /// The key.
        key: ScriptKey,
        /// The node that asks.
        from: u64,
    },
    /// A node puts a value.
    Put {
        /// The key.
        key: ScriptKey,
        /// The value.
        value: String,
        /// The node that asks.
        from: u64,
    },
    /// A node gets a value.
    Get {
        /// The key.
        key: ScriptKey,
        /// The node that asks.
        from: u64,
    },
}

impl ScriptKind {
    /// Whether a value is stored or read.
    #[must_use]
    pub fn is_operation(&self) -> bool {
        matches!(self, Self::Put { .. } | Self::Get { .. })
    }

    /// The key that is asked for.
    #[must_use]
    pub fn key(&self) -> Option<&ScriptKey> {
        match self {
            Self::Lookup { key, .. } | Self::Put { key, .. } | Self::Get { key, .. } => Some(key),
            Self::Join { .. } | Self::Leave(_) | Self::Crash(_) => None,
        }
    }
}

/// The key of a scripted request.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ScriptKey {
    /// Where it lies on the ring.
    pub place: u64,
    /// What it is called, if anything.
    pub label: Option<String>,
}

/// `[workload]`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Workload {
    /// Lookups per second over the whole system (a Poisson process).
    pub lookups_per_s: f64,
    /// Puts per second over the whole system, likewise.
    pub puts_per_s: f64,
    /// Gets per second over the whole system, likewise.
    pub gets_per_s: f64,
    /// How many distinct keys there are, at least 1.
    pub keys: u32,
    /// Where the names of the keys are, with the scenario's own folder already put in front; then there are as many as it
    /// holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys_file: Option<PathBuf>,
    /// How keys are chosen.
    pub popularity: Popularity,
    /// Who asks.
    #[serde(skip_serializing_if = "Source::is_random")]
    pub source: Source,
    /// When lookups are made.
    #[serde(skip_serializing_if = "Arrivals::are_poisson")]
    pub arrivals: Arrivals,
}

impl Workload {
    /// Whether there are lookups beside those of a script.
    #[must_use]
    pub fn makes_lookups(&self) -> bool {
        self.lookups_per_s > 0.0 || !self.arrivals.are_poisson()
    }

    /// Whether only chance decides which nodes make lookups, and where keys lie.
    #[must_use]
    pub fn is_random(&self) -> bool {
        self.source.is_random() && self.arrivals.are_poisson() && self.keys_file.is_none()
    }
}

/// `workload.arrivals`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arrivals {
    /// As a Poisson process over the whole system.
    #[default]
    Poisson,
    /// By each node in its turn.
    PerNode {
        /// How many each node makes; at least 1.
        requests: u32,
        /// The span from one to the next; more than zero.
        every: SimDuration,
    },
}

impl Arrivals {
    /// Whether they are a Poisson process.
    #[must_use]
    pub fn are_poisson(&self) -> bool {
        *self == Self::Poisson
    }
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
