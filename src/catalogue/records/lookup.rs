//! `lookups.csv`.

use crate::catalogue::cell::{Cell, CellType, Cells};
use crate::catalogue::metrics::Metric;
use crate::catalogue::record::record;

record! {
    /// A lookup that started within the measured duration.
    LookupRecord in "lookups.csv", a row per "lookup",
        wanted by "output.lookups" if |output| output.lookups > 0.0;

    /// Its number in the run, from 0; the same number is the same lookup in every combination of a repetition.
    lookup: u64 => Name;
    /// When it started.
    time_s: f64 => Seconds;
    /// The asking node; empty if nobody was left to ask.
    source: Option<u32> => Name;
    /// The asking node's identifier; empty as above.
    source_id: Option<u64> => Name;
    /// The key looked up.
    key: u64 => Name;
    /// The node that owned the key when the answer was given (if there was none: when the lookup was given up):
    /// the first live node at or after the key.
    owner_id: Option<u64> => Name;
    /// The node that the answer names.
    answer_id: Option<u64> => Name;
    /// `ok`: the answer names the owner; `wrong`: it names another node; `failed`: no answer before
    /// `request_timeout`, or nobody left to ask.
    outcome: Outcome => Name;
    /// How often it was passed from node to node until it was at the owner; 0 if the asking node owns the key.
    /// Iterative: different nodes asked, up to and including the owner. Empty if it failed.
    hops: Option<u32> => Count;
    /// Calls of it that were not answered in time (with `rpc_retries`: not even when made again); they are no hops.
    timeouts: u32 => Count;
    /// From asking to the answer being back.
    latency_ms: Option<f64> => Milliseconds, "latency";
    /// Round trip on the network between the asking node and the one that answered.
    direct_ms: Option<f64> => Milliseconds, "direct round trip";
    /// `latency_ms / direct_ms`; only where there was a hop.
    stretch: Option<f64> => Ratio;
    /// Why it failed: `timeout` (no answer in time), `dropped` (no answer, and a selfish peer had refused to serve it),
    /// `asker-gone` (the asking node went, or lost the ring and forgot what it had asked), `nobody-left` (no node was left
    /// to ask, or the owner was silent and nobody answers for it). Empty unless it failed.
    reason: Option<Reason> => Name;
}

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

impl Cell for Outcome {
    const TYPE: CellType = CellType::Word(&["ok", "wrong", "failed"]);

    #[inline]
    fn write(&self, cells: &mut impl Cells) {
        cells.word(self.name());
    }
}

/// Why a request failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// There was no answer in time.
    Timeout,
    /// There was no answer, and a selfish peer had refused to serve the request.
    Dropped,
    /// The node that asked went before the answer was there, or lost the ring and forgot what it had asked.
    AskerGone,
    /// No node was left to ask.
    NobodyLeft,
    /// With `reputation`: the node that asked thinks ill of everybody that it could have asked.
    Shunned,
    /// Of a put or get: too few of the nodes that keep copies answered.
    NoQuorum,
    /// Of a get: none of the nodes that were asked had a copy, though a live node has.
    NotThere,
}

impl Reason {
    /// Those for which a lookup fails, in the order of their declaration.
    pub const OF_LOOKUPS: [Self; 5] = [
        Self::Timeout,
        Self::Dropped,
        Self::AskerGone,
        Self::NobodyLeft,
        Self::Shunned,
    ];
    const NAMES: [&'static str; 7] = [
        "timeout",
        "dropped",
        "asker-gone",
        "nobody-left",
        "shunned",
        "no-quorum",
        "not-there",
    ];

    /// As it is written in the result files.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The metric that counts the lookups that failed for this reason, if lookups do.
    #[must_use]
    pub fn metric(self) -> Option<Metric> {
        match self {
            Self::Timeout => Some(Metric::FailedTimeout),
            Self::Dropped => Some(Metric::FailedDropped),
            Self::AskerGone => Some(Metric::FailedAskerGone),
            Self::NobodyLeft => Some(Metric::FailedNobodyLeft),
            Self::Shunned => Some(Metric::FailedShunned),
            Self::NoQuorum | Self::NotThere => None,
        }
    }
}

impl Cell for Reason {
    const TYPE: CellType = CellType::Word(&Self::NAMES);

    #[inline]
    fn write(&self, cells: &mut impl Cells) {
        cells.word(self.name());
    }
}
