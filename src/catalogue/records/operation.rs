//! `operations.csv`.

use super::lookup::Reason;
use crate::catalogue::cell::{Cell, CellType, Cells};
use crate::catalogue::record::record;

record! {
    /// A put or get that started within the measured duration.
    OperationRecord in "operations.csv", a row per "put or get",
        wanted by "output.operations" if |output| output.operations > 0.0;

    /// Its number in the run, from 0; the same number is the same operation in every combination of a repetition.
    operation: u64 => Name;
    /// `put` or `get`.
    kind: OperationKind => Name;
    /// When it started.
    time_s: f64 => Seconds;
    /// The asking node; empty if nobody was left to ask.
    source: Option<u32> => Name;
    /// The asking node's identifier; empty as above.
    source_id: Option<u64> => Name;
    /// The key.
    key: u64 => Name;
    /// The name of the key, if it has one.
    label: Option<String> => Name;
    /// How it ended. A put: `stored` (as many acknowledgements as `write_quorum`), `partial` (fewer), `failed` (none). A get:
    /// `found` (a version as new as the newest one that was stored when it began), `stale` (an older one), `missing`
    /// (nothing, and nothing was ever stored), `lost` (nothing, and no live node has a copy), `failed`.
    outcome: OperationOutcome => Name;
    /// Why it was not `stored`, `found`, `stale`, `missing` or `lost`: as in `lookups.csv`, and `no-quorum` (too few nodes
    /// answered) or `not-there` (a live node has a copy, but none of those that were asked).
    reason: Option<Reason> => Name;
    /// Hops of the lookup of the owner; empty if it was not found.
    hops: Option<u32> => Count;
    /// Calls that were not answered in time: of the lookup, and to nodes that keep copies.
    timeouts: u32 => Count;
    /// From asking to the last answer that was waited for; empty if it failed.
    latency_ms: Option<f64> => Milliseconds, "latency";
    /// Nodes that had acknowledged the put, or answered the get, when it was decided: mostly just the quorum. More may keep
    /// copies.
    replicas_acked: u8 => Count;
    /// Size of the value that was put, or read.
    bytes: Option<u32> => Bytes;
    /// The newest version that was stored when it began; of a put its own. Empty if there was none.
    version: Option<u32> => Name;
    /// The version that was read; empty if none was.
    version_read: Option<u32> => Name;
    /// The part of `latency_ms` from asking the nodes that keep copies to the last of the answers that were waited for.
    quorum_ms: Option<f64> => Milliseconds, "wait for the quorum";
}

/// What an operation does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OperationKind {
    /// Stores a value.
    Put,
    /// Reads one.
    Get,
}

impl Cell for OperationKind {
    const TYPE: CellType = CellType::Word(&["put", "get"]);

    fn write(&self, cells: &mut impl Cells) {
        cells.word(match self {
            Self::Put => "put",
            Self::Get => "get",
        });
    }
}

/// How a put or get ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OperationOutcome {
    /// A put: enough nodes have acknowledged.
    Stored,
    /// A put: some nodes have acknowledged, but too few.
    Partial,
    /// A get: the newest version.
    Found,
    /// A get: an older version.
    Stale,
    /// A get: nothing, and nothing was ever stored.
    Missing,
    /// A get: nothing, and no live node has a copy.
    Lost,
    /// Everything else.
    Failed,
}

impl OperationOutcome {
    const NAMES: [&'static str; 7] = [
        "stored", "partial", "found", "stale", "missing", "lost", "failed",
    ];

    /// As it is written in the result files.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

impl Cell for OperationOutcome {
    const TYPE: CellType = CellType::Word(&Self::NAMES);

    fn write(&self, cells: &mut impl Cells) {
        cells.word(self.name());
    }
}
