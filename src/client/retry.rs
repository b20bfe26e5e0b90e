//! `defence = "retry"`: without an answer for a while a user asks again, and the overlay is to take another
//! way than before. It helps against peers that pass nothing on, for the price of further messages.

use std::collections::BTreeMap;

use crate::engine::SimDuration;
use crate::scenario::resolved::Defence;
use crate::world::OpIdx;

/// Which requests may be made again.
pub struct Retry {
    after: SimDuration,
    attempts: u8,
    /// The ticket for which an operation is under way.
    tickets: BTreeMap<OpIdx, u64>,
}

impl Retry {
    /// The defence of a scenario, if it is this one.
    #[must_use]
    pub fn of(defence: Defence) -> Option<Self> {
        match defence {
            Defence::None => None,
            Defence::Retry { after, attempts } => Some(Self {
                after,
                attempts,
                tickets: BTreeMap::new(),
            }),
        }
    }

    /// An operation begins; after how long the request is made again.
    pub fn began(&mut self, ticket: u64, op: OpIdx) -> SimDuration {
        self.tickets.insert(op, ticket);
        self.after
    }

    /// The ticket for which an operation is under way.
    #[must_use]
    pub fn ticket_of(&self, op: OpIdx) -> Option<u64> {
        self.tickets.get(&op).copied()
    }

    /// An operation is over.
    pub fn forget(&mut self, op: OpIdx) {
        self.tickets.remove(&op);
    }

    /// After how long there is another attempt than this one (counted from 0); `None` if it is the last.
    #[must_use]
    pub fn after(&self, attempt: u8) -> Option<SimDuration> {
        (attempt < self.attempts).then_some(self.after)
    }
}
