//! Lookups that each node makes in its turn: so many of each, at equal distances.

use crate::engine::{SimDuration, Stream, unit_hash};
use crate::scenario::resolved::Arrivals;
use crate::world::NodeIdx;

/// How many lookups each node has made.
pub struct Turns {
    requests: u32,
    every: SimDuration,
    seed: u64,
    /// By node; `None`: its turns have not begun.
    made: Vec<Option<u32>>,
}

impl Turns {
    /// The turns of the run with this seed, if there are any.
    pub(super) fn of(arrivals: Arrivals, seed: u64) -> Option<Self> {
        match arrivals {
            Arrivals::Poisson => None,
            Arrivals::PerNode { requests, every } => Some(Self {
                requests,
                every,
                seed,
                made: Vec::new(),
            }),
        }
    }

    /// A node is there, for the first time in the measurement if this returns how long until its first turn: a part of the
    /// distance of two that does not depend on who else is there.
    pub fn begin(&mut self, node: NodeIdx) -> Option<SimDuration> {
        if self.made.len() <= node.at() {
            self.made.resize(node.at() + 1, None);
        }
        let made = &mut self.made[node.at()];
        if made.is_some() {
            return None;
        }
        *made = Some(0);
        let share = unit_hash(self.seed, Stream::Workload, node.0.into(), 0);
        Some(self.every.scaled(share))
    }

    /// A node makes a lookup. How long until its next, unless this was the last.
    pub fn take(&mut self, node: NodeIdx) -> Option<SimDuration> {
        let made = self.made[node.at()].get_or_insert(0);
        *made += 1;
        (*made < self.requests).then_some(self.every)
    }

    /// How long until the next turn of a node that lets one pass.
    #[must_use]
    pub fn pass(&self) -> SimDuration {
        self.every
    }
}
