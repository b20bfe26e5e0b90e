//! What a run ought to measure, computed without running it.
//!
//! For scenarios in which nothing but chance decides (a ring at rest, with or without peers that
//! drop lookups; values that are left alone while nodes die) mathematics says what comes out. [`expectations`] says it for one run, as sharply as
//! it can: it knows the run's own ring and keys, so that chance has a say only in who asks for what.
//!
//! It is a second opinion, and worth something only as long as it is one. It stands on the
//! definitions: on sorted identifiers, on who owns a key and on what a finger is. It sends no
//! message and imports nothing of the simulation, of Chord's routing or of the network. Nor does
//! it influence a run: it is asked when the run is over.
//!
//! | file | concern |
//! |---|---|
//! | `chord` | Chord: when theory has anything to say (`conditions`), and the hops from every node to every owner (`ways`) |
//! | `ring` | the sorted ring of a run, what is asked of each node, who drops lookups |
//! | `hops` | the distribution of hops, means and variances |
//! | `keys` | keys per node: order statistics of a beta-binomial distribution |
//! | `storage` | values that are stored once and left alone while nodes die |
//! | [`judge`] | a number from elsewhere: which convention it fits, or which mistake gives it |
//! | `agreement` | measured beside expected: do they agree? |

mod agreement;
mod chord;
mod hops;
pub mod judge;
mod keys;
mod ring;
mod storage;
#[cfg(test)]
mod tests;

pub use agreement::{Agreement, Comparison, bound};

use std::borrow::Cow;

use crate::catalogue::{Expected, Metric, RunSummary};
use crate::scenario::RunSpec;
use crate::scenario::resolved::Protocol;

/// What must be known of a run to say how sharp an expectation is, and whether there is any.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Seen {
    /// Lookups that were measured.
    pub lookups: f64,
    /// Gets that were measured.
    pub gets: f64,
    /// Whether any calls, of lookups or of maintenance, were not answered in time: nodes that are there may have been
    /// struck out then.
    pub timeouts: bool,
}

impl Seen {
    /// Of a run that is over.
    #[must_use]
    pub fn of(summary: &RunSummary) -> Self {
        Self {
            lookups: summary.get(Metric::Lookups).unwrap_or(0.0),
            gets: summary.get(Metric::Gets).unwrap_or(0.0),
            timeouts: summary.unanswered_calls > 0,
        }
    }
}

/// How many hops a lookup takes on the ring of time 0 if all peers are fair and nothing ever changes it: numbers of hops
/// with their shares. Of a large ring it is computed on a smaller one and carried over; where a trace says who is there,
/// on one of as many as are up on average.
#[must_use]
pub fn hops_at_rest(spec: &RunSpec) -> Vec<(f64, f64)> {
    let mut spec = Cow::Borrowed(spec);
    if let Some(facts) = spec.scenario.churn.traced().copied() {
        let peers = libm::round(facts.mean_up).max(1.0);
        spec.to_mut().scenario.overlay.nodes = peers as u32;
    }
    match spec.scenario.overlay.protocol {
        Protocol::Chord => chord::hops_at_rest(&spec),
    }
}

/// Of all lookups of this run, the share that ought to be answered in exactly 0, 1, 2, … hops; `None` where theory has
/// nothing to say.
#[must_use]
pub fn hop_shares(spec: &RunSpec, seen: &Seen) -> Option<Vec<f64>> {
    match spec.scenario.overlay.protocol {
        Protocol::Chord => chord::hop_shares(spec, seen),
    }
}

/// The share of the values stored that ought to be alive so many seconds after the beginning; `None` where theory has nothing
/// to say.
#[must_use]
pub fn share_alive(spec: &RunSpec, seconds: f64) -> Option<f64> {
    storage::share_alive(&spec.scenario, seconds)
}

/// About how many bytes it ought to take to keep the copies of a run; `None` where that is not known. It holds to a few per cent,
/// and so is no expectation that a measured value could be tested by.
#[must_use]
pub fn upkeep_bytes(spec: &RunSpec) -> Option<f64> {
    storage::upkeep_bytes(&spec.scenario)
}

/// What this run ought to measure; nothing where theory has nothing to say. Every overlay has a theory of its
/// own, or none; what is stored outlives nodes on all of them alike.
#[must_use]
pub fn expectations(spec: &RunSpec, seen: &Seen) -> Vec<Expected> {
    let of_values = storage::expected(spec, seen);
    if !spec.scenario.workload.is_random() {
        return of_values;
    }
    let mut expected = match spec.scenario.overlay.protocol {
        Protocol::Chord => chord::expectations(spec, seen),
    };
    expected.extend(of_values);
    expected
}
