//! `defence = "retry"`: without an answer for a while a user asks again, and the overlay should take
//! another way than before. This helps against peers that pass nothing on, at the price of further
//! messages.

use std::collections::BTreeMap;

use crate::engine::SimDuration;
use crate::scenario::resolved::{Defences, Retrying};
use crate::world::OpIdx;

/// Which requests may be made again.
pub struct Retry {
    after: SimDuration,
    attempts: u8,
    /// The ticket of each operation under way.
    tickets: BTreeMap<OpIdx, u64>,
}

impl Retry {
    /// The defence of a scenario, if it is one of its defences.
    #[must_use]
    pub fn of(defences: &Defences) -> Option<Self> {
        let Retrying { after, attempts } = defences.retry?;
        Some(Self {
            after,
            attempts,
            tickets: BTreeMap::new(),
        })
    }

    /// An operation begins. Returns the time after which the request is made again.
    pub fn began(&mut self, ticket: u64, op: OpIdx) -> SimDuration {
        self.tickets.insert(op, ticket);
        self.after
    }

    /// The ticket of an operation under way.
    #[must_use]
    pub fn ticket_of(&self, op: OpIdx) -> Option<u64> {
        self.tickets.get(&op).copied()
    }

    /// An operation is over.
    pub fn forget(&mut self, op: OpIdx) {
        self.tickets.remove(&op);
    }

    /// After how long another attempt follows this one (counted from 0); `None` if this is the last.
    #[must_use]
    pub fn after(&self, attempt: u8) -> Option<SimDuration> {
        (attempt < self.attempts).then_some(self.after)
    }
}
