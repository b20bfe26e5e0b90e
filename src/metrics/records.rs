//! The rows that a run produces, in the units of the result files: times in seconds since the
//! measurement began, latencies in milliseconds. `None` is a value that does not exist and is
//! written as an empty cell.

use crate::peers::Departure;

/// How a lookup ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The answer names the node that owned the key when it was given.
    Ok,
    /// The answer names another node.
    Wrong,
    /// There was no answer in time, or nobody left to ask.
    Failed,
}

impl Outcome {
    /// As it is written in the result files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Wrong => "wrong",
            Self::Failed => "failed",
        }
    }
}

/// A row of `lookups.csv`.
#[derive(Clone, PartialEq, Debug)]
pub struct LookupRecord {
    /// Number of the lookup among those of the run's measured duration, from 0.
    pub lookup: u64,
    /// When it started.
    pub time_s: f64,
    /// The asking node.
    pub source: u32,
    /// Its identifier.
    pub source_id: u64,
    /// The key looked up.
    pub key: u64,
    /// Identifier of the node that owned the key when the answer was given (when the lookup started,
    /// if there was none); `None` if no node was a member.
    pub owner_id: Option<u64>,
    /// Identifier of the node named by the answer.
    pub answer_id: Option<u64>,
    /// How it ended.
    pub outcome: Outcome,
    /// How many times it was passed on; `None` if it failed.
    pub hops: Option<u32>,
    /// Messages of it that were not answered in time.
    pub timeouts: u32,
    /// From asking to answer; `None` if it failed.
    pub latency_ms: Option<f64>,
    /// Round trip on the network between the asking node and the one that answered.
    pub direct_ms: Option<f64>,
    /// `latency_ms` over `direct_ms`; `None` unless `hops` and `direct_ms` are above 0.
    pub stretch: Option<f64>,
}

/// A row of `nodes.csv`.
#[derive(Clone, PartialEq, Debug)]
pub struct NodeRecord {
    /// Number of the node (ring position), from 0 in order of first joining.
    pub node: u32,
    /// Its identifier.
    pub id: u64,
    /// Where it sits in the network.
    pub host: u32,
    /// When it first became a member; negative before the measurement.
    pub joined_s: f64,
    /// When it last departed; `None` if it is there at the end.
    pub left_s: Option<f64>,
    /// How it last departed; `None` if it is there at the end.
    pub departure: Option<Departure>,
    /// Whether its peer is selfish.
    pub selfish: bool,
    /// Keys it owns at the end of the measurement; `None` if it is gone.
    pub keys: Option<u64>,
    /// Lookups it asked.
    pub lookups_started: u64,
    /// Messages it handled.
    pub messages_in: u64,
    /// Messages it sent.
    pub messages_out: u64,
    /// Lookups of others that it passed on.
    pub forwarded: u64,
    /// Bytes it sent.
    pub bytes_out: u64,
    /// Number of its peer (nodes of one peer share it when there are virtual nodes).
    pub peer: u32,
    /// How often it was up during the measurement.
    pub sessions: u32,
}

/// A row of `timeline.csv`: what happened since the row before, and the state at `time_s`.
/// Lookups are counted in the row in which they started.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct TimelineRow {
    /// End of the interval.
    pub time_s: f64,
    /// Live members.
    pub nodes: u64,
    /// Lookups started.
    pub lookups: u64,
    /// Of those: answered rightly.
    pub ok: u64,
    /// Of those: answered wrongly.
    pub wrong: u64,
    /// Of those: not answered.
    pub failed: u64,
    /// Mean hops of those answered rightly.
    pub hops_mean: Option<f64>,
    /// Mean latency of those answered rightly.
    pub latency_ms_mean: Option<f64>,
    /// Messages sent.
    pub messages: u64,
    /// Peers that came up.
    pub joins: u64,
    /// Peers that said goodbye.
    pub leaves: u64,
    /// Peers that went without a word.
    pub crashes: u64,
    /// Whether every live node's first live successor is the next live node; `None` if the overlay is no
    /// ring.
    pub ring_ok: Option<bool>,
    /// Share of live nodes whose first successor entry is not the next live node; `None` as above.
    pub wrong_successors: Option<f64>,
    /// Share of live nodes whose first successor entry is dead; `None` as above.
    pub dead_successors: Option<f64>,
    /// Share of all finger entries that name a dead node; `None` if the nodes keep no fingers.
    pub dead_fingers: Option<f64>,
    /// Share of all finger entries that differ from the textbook's table; `None` as above.
    pub wrong_fingers: Option<f64>,
    /// Peers that are up but have not finished joining.
    pub joining: u64,
}

/// A row of `fingerprints.csv`: all events up to a moment.
#[derive(Clone, PartialEq, Debug)]
pub struct FingerprintRow {
    /// The moment, which belongs to it; negative before the measurement.
    pub time_s: f64,
    /// How many events there were since the simulation began.
    pub events: u64,
    /// Their digest: 16 hexadecimal digits.
    pub fingerprint: String,
}

/// A row of `audit.csv`: something that should always hold did not, from one moment on.
#[derive(Clone, PartialEq, Debug)]
pub struct AuditRecord {
    /// Its number, from 0 in order of time.
    pub violation: u64,
    /// When it stopped holding.
    pub time_s: f64,
    /// What: see [`crate::metrics::audit::Invariant`].
    pub invariant: &'static str,
    /// The node that acted or went; `None` if the run began so.
    pub node: Option<u32>,
    /// Its identifier.
    pub node_id: Option<u64>,
    /// What made it act: the name of a message or timer, `silence`, `join`, `leave`, `crash`, `lost`.
    pub cause: String,
    /// Whether all preconditions of the proof were given: if so, the protocol has broken it.
    pub preconditions: bool,
    /// Which one was not: see [`crate::metrics::audit::Excuse`]; empty if all were given.
    pub excuse: &'static str,
    /// Identifiers of the nodes with which something is wrong (of some of them), or the key.
    pub offenders: String,
    /// How many principals there were.
    pub principals: u64,
    /// When it held again; `None` if it never did.
    pub until_s: Option<f64>,
    /// What these nodes did before.
    pub story: String,
}

/// A row of `summary.csv`, but for the columns that name the run.
///
/// `metrics` holds name and value in the order of the columns, so that a metric is added in one
/// place and every writer follows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RunSummary {
    /// Numeric metrics: `lookups` to `events` of the contract, then what is added.
    pub metrics: Vec<(&'static str, Option<f64>)>,
    /// Digest of the ordered stream of events: 16 hexadecimal digits.
    pub fingerprint: String,
}

impl RunSummary {
    /// The value of a metric; `None` if the run does not have it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        let found = self.metrics.iter().find(|(metric, _)| *metric == name);
        found.and_then(|(_, value)| *value)
    }
}

/// Takes the rows of one run as they become final, lookups in order of their number.
pub trait RecordSink {
    /// A lookup is final.
    ///
    /// # Errors
    /// When the row cannot be written; the run then stops.
    fn lookup(&mut self, record: &LookupRecord) -> std::io::Result<()>;
    /// A node is final (after the run, in order of their number).
    ///
    /// # Errors
    /// When the row cannot be written.
    fn node(&mut self, record: &NodeRecord) -> std::io::Result<()>;
    /// A row of the timeline is final (after the run, in order of time).
    ///
    /// # Errors
    /// When the row cannot be written.
    fn timeline(&mut self, row: &TimelineRow) -> std::io::Result<()>;
    /// A link of the chain of fingerprints is final (after the run, in order of time; the last one
    /// has the fingerprint of the summary). Ignored unless a sink wants it.
    ///
    /// # Errors
    /// When the row cannot be written.
    fn fingerprint(&mut self, row: &FingerprintRow) -> std::io::Result<()> {
        let _ = row;
        Ok(())
    }
    /// A violation that an audit has found (after the run, in order of time).
    ///
    /// # Errors
    /// When the row cannot be written.
    fn violation(&mut self, _record: &AuditRecord) -> std::io::Result<()> {
        Ok(())
    }
}
