//! `[network]`, resolved: which latency there is between any two hosts, and what becomes of messages.

use std::path::PathBuf;

use serde::Serialize;

use super::keys::network::{
    GraphOptions, LatencyUnit, MatrixMissing, MatrixValues, Per, PublishedRegions, ScaleFree,
    TransitStub, Waxman,
};
use crate::engine::SimDuration;

/// `[network]`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Network {
    /// The latency model with its parameters.
    pub model: LatencyModel,
    /// Probability that a message is lost; 0 to 1.
    pub loss: f64,
    /// The share of its pair's latency within which each message's is drawn; 0 to 1.
    pub jitter: f64,
    /// How long a node is busy with each message it handles.
    pub service_time: SimDuration,
}

/// `network.regions.table`
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub enum RegionTable {
    /// One that comes with the program.
    Published(PublishedRegions),
    /// A file, with the scenario's own folder already put in front.
    File(PathBuf),
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
    /// Routers in a square, linked the more often the nearer they are.
    Waxman(Waxman),
    /// Routers of which a few have very many links (Barabási and Albert).
    ScaleFree(ScaleFree),
    /// Hosts in regions, with a latency for each two of them.
    Regions {
        /// Which regions.
        table: RegionTable,
        /// The share of the table's latency within which each pair's is drawn; 0 to 1.
        latency_jitter: f64,
    },
    /// Shortest paths over a graph given as a file.
    Graph {
        /// Where it is, with the scenario's own folder already put in front.
        file: PathBuf,
        /// How it is read, and what becomes of it.
        options: GraphOptions,
    },
    /// Latencies between all pairs of hosts, given as a file.
    Matrix(Matrix),
}

/// `[network.matrix]`
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Matrix {
    /// Where it is, with the scenario's own folder already put in front.
    pub file: PathBuf,
    /// What the numbers are; `None`: what such files usually have.
    pub values: Option<MatrixValues>,
    /// Of numbers without one.
    pub unit: LatencyUnit,
    /// What becomes of latencies that were not measured.
    pub missing: MatrixMissing,
}

impl Matrix {
    /// A file that is read as it is if a scenario says no more than its name.
    #[must_use]
    pub fn new(file: impl Into<PathBuf>) -> Self {
        Self {
            file: file.into(),
            values: None,
            unit: LatencyUnit::Ms,
            missing: MatrixMissing::Refuse,
        }
    }
}

impl LatencyModel {
    /// Whether hosts are in regions.
    #[must_use]
    pub fn has_regions(&self) -> bool {
        matches!(self, Self::TransitStub(_) | Self::Regions { .. })
    }

    /// Whether it consists of links, so that it can be told over which of them a message passes.
    #[must_use]
    pub fn has_links(&self) -> bool {
        match self {
            Self::TransitStub(_) | Self::Waxman(_) | Self::ScaleFree(_) | Self::Graph { .. } => {
                true
            }
            Self::Constant { .. }
            | Self::Uniform { .. }
            | Self::Exponential { .. }
            | Self::Plane { .. }
            | Self::Regions { .. }
            | Self::Matrix { .. } => false,
        }
    }
}
