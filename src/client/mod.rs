//! The users' side: requests that are under way, how long a user waits for an answer, and what the user
//! does when none comes.
//!
//! This module knows no overlay and no node on the way of a request. It measures nothing either: a request
//! that is over is handed on, in the order in which requests began.
//!
//! | file | concern |
//! |---|---|
//! | [`ledger`](Ledger) | the requests under way, from their start to their end |
//! | [`operations`](Operations) | what is known of puts and gets beyond that |
//! | [`retry`](Retry) | the defence of asking again by another way |
//! | [`redundant`] | the defence of asking by several ways at once |
//! | [`standing`](Standing) | what peers think of each other, for the two defences that remember |
//! | [`reputation`] | who is of ill repute with whom |
//! | [`reciprocity`] | who owes whom |

mod ledger;
mod operations;
pub mod reciprocity;
pub mod redundant;
pub mod reputation;
mod retry;
mod standing;

pub use ledger::{Answer, Claim, Finished, Ledger, Opening, RequestFailure};
pub use operations::{OperationState, Operations};
pub use redundant::Redundant;
pub use reputation::Opinion;
pub use retry::Retry;
pub use standing::{Experience, Standing};

use crate::engine::{SimDuration, SimTime};
use crate::scenario::resolved::Scenario;
use crate::world::{NodeIdx, OpIdx, RingId};

/// All users of one run.
pub struct Client {
    /// The requests under way.
    pub ledger: Ledger,
    /// What is known of puts and gets.
    pub operations: Operations,
    /// How long a user waits for an answer.
    patience: SimDuration,
    retry: Option<Retry>,
    /// Which requests are made by several ways at once, if any are.
    pub redundant: Option<Redundant>,
    /// What peers think of each other, if any defence remembers it.
    pub standing: Option<Standing>,
}

/// A further attempt of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Again {
    /// The request's ticket.
    pub ticket: u64,
    /// The key.
    pub key: RingId,
    /// The number of this attempt, counted from 1.
    pub number: u8,
    /// How long until the next attempt, if there is one.
    pub next_after: Option<SimDuration>,
}

impl Client {
    /// The users of a scenario. No user has asked for anything yet.
    #[must_use]
    pub fn new(scenario: &Scenario) -> Self {
        Self {
            ledger: Ledger::default(),
            operations: Operations::default(),
            patience: scenario.overlay.request_timeout,
            retry: Retry::of(&scenario.selfish.defence),
            redundant: Redundant::of(scenario),
            standing: Standing::of(&scenario.selfish.defence),
        }
    }

    /// The overlay has begun an operation for a request that starts. Returns the time after which the user
    /// asks again, if it ever does.
    pub fn began(&mut self, ticket: u64, op: OpIdx) -> Option<SimDuration> {
        if let Some(entry) = self.ledger.open_entry_mut(ticket) {
            entry.op = Some(op);
        }
        self.retry.as_mut().map(|retry| retry.began(ticket, op))
    }

    /// A user at `node` has waited long enough for the answer of an operation. Returns the attempt that now
    /// begins, unless the request is over.
    pub fn ask_again(&mut self, node: NodeIdx, op: OpIdx) -> Option<Again> {
        let retry = self.retry.as_ref()?;
        let ticket = retry.ticket_of(op)?;
        if self.waits_for_no_lookup(ticket) {
            return None;
        }
        let entry = self.ledger.open_entry_mut(ticket)?;
        // Names of operations are used again after some thousand other operations, which can be before a
        // user's patience ends.
        if entry.source() != node {
            return None;
        }
        entry.attempt += 1;
        Some(Again {
            ticket,
            key: entry.key(),
            number: entry.attempt,
            next_after: retry.after(entry.attempt),
        })
    }

    /// Whether a request is served by one that has been found, or has an answer beside which it waits for others.
    fn waits_for_no_lookup(&self, ticket: u64) -> bool {
        let redundant = self.redundant.as_ref();
        let routes = redundant.and_then(|redundant| redundant.get(ticket));
        if let Some(routes) = routes
            && routes.places.is_some()
        {
            // Other places of the key are still looked for.
            return false;
        }
        let state = self.operations.get(ticket);
        state.is_some_and(|state| state.found.is_some())
            || routes.is_some_and(redundant::Routes::has_answer)
    }

    /// The first operation of a request ends by itself: the user has an answer by another one.
    pub fn let_go(&mut self, ticket: u64) {
        let entry = self.ledger.open_entry_mut(ticket);
        let op = entry.and_then(|entry| entry.op.take());
        if let (Some(op), Some(retry)) = (op, &mut self.retry) {
            retry.forget(op);
        }
    }

    /// The oldest request of which anything may be under way, or the next one.
    #[must_use]
    pub fn oldest_ticket(&self) -> u64 {
        let redundant = self.redundant.as_ref();
        let oldest = redundant.and_then(Redundant::oldest);
        let first = self.ledger.first_ticket();
        oldest.map_or(first, |(ticket, _)| ticket.min(first))
    }

    /// Whether a request that has come to a dead end waits for another attempt.
    #[must_use]
    pub fn will_ask_again(&self, ticket: u64) -> bool {
        let attempts_left = |retry: &Retry| {
            let entry = self.ledger.open_entry(ticket);
            entry.is_some_and(|entry| retry.after(entry.attempt).is_some())
        };
        self.retry.as_ref().is_some_and(attempts_left)
    }

    /// The oldest request and its operation, if the request began at a moment that is `too_early`.
    #[must_use]
    pub fn overdue(
        &self,
        too_early: impl Fn(SimTime) -> bool,
    ) -> Option<(u64, Opening, Option<OpIdx>)> {
        let oldest = self.ledger.oldest();
        oldest.filter(|(_, opening, _)| too_early(opening.started))
    }

    /// How long a user waits for an answer.
    #[must_use]
    pub fn patience(&self) -> SimDuration {
        self.patience
    }

    /// A request is over. Harmless if it was over before.
    pub fn close(&mut self, ticket: u64, answer: Result<Answer, RequestFailure>, timeouts: u32) {
        let op = self.ledger.close(ticket, answer, timeouts);
        if let (Some(op), Some(retry)) = (op, &mut self.retry) {
            retry.forget(op);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Reason;
    use crate::scenario::resolved::{Defences, Retrying};
    use crate::world::Epoch;

    const LATE: RequestFailure = RequestFailure {
        owner: None,
        reason: Reason::Timeout,
    };

    const PATIENCE: SimDuration = SimDuration::from_secs(3);

    fn client() -> Client {
        let (after, attempts) = (PATIENCE, 2);
        let defences = Defences {
            retry: Some(Retrying { after, attempts }),
            ..Defences::default()
        };
        Client {
            ledger: Ledger::default(),
            operations: Operations::default(),
            patience: SimDuration::from_secs(30),
            retry: Retry::of(&defences),
            redundant: None,
            standing: None,
        }
    }

    fn opening(source: u32) -> Opening {
        Opening {
            started: SimTime::ZERO,
            source: NodeIdx(source),
            source_id: RingId(7),
            key: RingId(9),
            counts: true,
        }
    }

    #[test]
    fn a_request_is_made_again_as_often_as_is_allowed() {
        let mut client = client();
        let (node, op) = (NodeIdx(4), OpIdx(11));
        let ticket = client.ledger.open(opening(4), Epoch::FIRST_LIFE);
        assert_eq!(client.began(ticket, op), Some(PATIENCE));
        assert!(client.will_ask_again(ticket));
        let again = |number, next_after| Again {
            ticket,
            key: RingId(9),
            number,
            next_after,
        };
        assert_eq!(client.ask_again(node, op), Some(again(1, Some(PATIENCE))));
        assert!(client.will_ask_again(ticket));
        assert_eq!(client.ask_again(node, op), Some(again(2, None)));
        assert!(!client.will_ask_again(ticket), "that was the last attempt");
        client.close(ticket, Err(LATE), 0);
        assert_eq!(client.ask_again(node, op), None, "over");
    }

    #[test]
    fn nobody_makes_the_request_of_another_node_again() {
        let mut client = client();
        let first = client.ledger.open(opening(4), Epoch::FIRST_LIFE);
        client.began(first, OpIdx(11));
        client.close(first, Err(LATE), 0);
        let second = client.ledger.open(opening(5), Epoch::FIRST_LIFE);
        client.began(second, OpIdx(11));
        assert_eq!(client.ask_again(NodeIdx(4), OpIdx(11)), None);
        assert_eq!(
            client.ask_again(NodeIdx(5), OpIdx(11)).unwrap().ticket,
            second
        );
    }

    #[test]
    fn without_the_defence_nobody_asks_again() {
        let mut client = Client {
            retry: None,
            ..client()
        };
        let ticket = client.ledger.open(opening(4), Epoch::FIRST_LIFE);
        assert_eq!(client.began(ticket, OpIdx(11)), None);
        assert!(!client.will_ask_again(ticket));
        assert_eq!(client.ask_again(NodeIdx(4), OpIdx(11)), None);
    }
}
