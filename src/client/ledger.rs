//! The ledger of requests under way. Requests start in order of their tickets and end in any order, but
//! they leave the ledger in order again. It holds only the requests that started since the oldest open
//! one.

use std::collections::VecDeque;

use crate::catalogue::Reason;
use crate::engine::{SimTime, prefetch_all};
use crate::world::{Epoch, NodeIdx, OpIdx, RingId};

/// The node that answered a request, and the owner of the key at that moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Claim {
    /// The node that answered.
    pub node: NodeIdx,
    /// Its identifier.
    pub id: RingId,
    /// The identifier of the owner.
    pub owner: Option<RingId>,
}

impl Claim {
    /// Whether the node that answered owned the key.
    #[must_use]
    pub fn is_right(&self) -> bool {
        Some(self.id) == self.owner
    }
}

/// An answer that has reached the asking node.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Answer {
    /// When it arrived.
    pub at: SimTime,
    /// The node that answered.
    pub claim: Claim,
    /// How often the request was passed on.
    pub hops: u32,
    /// Round trip on the network between the two nodes, in milliseconds.
    pub direct_ms: f64,
}

/// A request that starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Opening {
    /// When the request starts.
    pub started: SimTime,
    /// The node that asks; [`NodeIdx::NONE`] if there is none.
    pub source: NodeIdx,
    /// Its identifier.
    pub source_id: RingId,
    /// The key it asks for.
    pub key: RingId,
    /// Whether it starts within the measured duration.
    pub counts: bool,
}

/// A request without an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RequestFailure {
    /// The identifier of the key's owner at the time when it was clear that there would be no answer.
    pub owner: Option<RingId>,
    /// Why there is none.
    pub reason: Reason,
}

/// A request that is over.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Finished {
    /// How it started.
    pub opening: Opening,
    /// The answer, its arrival and its way; or why there is none.
    pub answer: Result<Answer, RequestFailure>,
    /// Messages that were not answered in time.
    pub timeouts: u32,
}

/// A request from its start to its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    opening: Opening,
    /// The overlay's operation, once it has begun.
    pub op: Option<OpIdx>,
    /// The life of the asking node in which it asks.
    epoch: Epoch,
    /// Which attempt is under way, from 0.
    pub attempt: u8,
    /// Whether a selfish peer has refused to serve it.
    dropped: bool,
    /// Whether its asker thinks ill of all that could be asked.
    shunned: bool,
    stage: Stage,
}

/// How far a request has come. Many requests are under way at once, so an entry keeps room only for the
/// data of its present stage.
#[derive(Clone, Copy, Debug)]
enum Stage {
    /// The request is under way. Holds the last claim to own its key that was sent.
    Open(Option<Claim>),
    /// The request is over. Holds its answer and its timeouts.
    Over(Result<Answer, RequestFailure>, u32),
}

impl Entry {
    fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open(_))
    }

    /// The node that asks.
    pub(super) fn source(&self) -> NodeIdx {
        self.opening.source
    }

    /// The key it asks for.
    pub(super) fn key(&self) -> RingId {
        self.opening.key
    }
}

/// All requests since the oldest open one.
#[derive(Default)]
pub struct Ledger {
    first: u64,
    entries: VecDeque<Entry>,
}

impl Ledger {
    /// Enters a request of a node in this life that starts. Returns its ticket.
    pub fn open(&mut self, opening: Opening, epoch: Epoch) -> u64 {
        self.entries.push_back(Entry {
            opening,
            op: None,
            epoch,
            attempt: 0,
            dropped: false,
            shunned: false,
            stage: Stage::Open(None),
        });
        self.next_ticket() - 1
    }

    /// The ticket of the next request that starts.
    #[must_use]
    pub fn next_ticket(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    /// The ticket of the oldest request that has not left the ledger, or of the next one.
    #[must_use]
    pub fn first_ticket(&self) -> u64 {
        self.first
    }

    /// A selfish peer refuses to serve a request. Harmless if the request is over.
    pub fn drop_request(&mut self, ticket: u64) {
        if let Some(entry) = self.open_entry_mut(ticket) {
            entry.dropped = true;
        }
    }

    /// Whether a selfish peer has refused to serve an open request.
    #[must_use]
    pub fn was_dropped(&self, ticket: u64) -> bool {
        self.open_entry(ticket).is_some_and(|entry| entry.dropped)
    }

    /// Of all that could be asked for a request its asker thinks ill. Harmless if the request is over.
    pub fn shun_request(&mut self, ticket: u64) {
        if let Some(entry) = self.open_entry_mut(ticket) {
            entry.shunned = true;
        }
    }

    /// Whether the asker of an open request thinks ill of all that could be asked.
    #[must_use]
    pub fn was_shunned(&self, ticket: u64) -> bool {
        self.open_entry(ticket).is_some_and(|entry| entry.shunned)
    }

    /// Why an open request has no answer by now. `is_current` says whether a node is still in this life.
    #[must_use]
    pub fn why_unanswered(
        &self,
        ticket: u64,
        is_current: impl Fn(NodeIdx, Epoch) -> bool,
    ) -> Reason {
        match self.open_entry(ticket) {
            Some(entry) if !is_current(entry.source(), entry.epoch) => Reason::AskerGone,
            Some(entry) if entry.dropped => Reason::Dropped,
            Some(entry) if entry.shunned => Reason::Shunned,
            _ => Reason::Timeout,
        }
    }

    /// A node sends an answer to a request. Harmless if the request is over.
    pub fn claim(&mut self, ticket: u64, claim: Claim) {
        if let Some(entry) = self.open_entry_mut(ticket) {
            entry.stage = Stage::Open(Some(claim));
        }
    }

    /// The opening and the latest claim of a request that is still open.
    #[must_use]
    pub fn get(&self, ticket: u64) -> Option<(Opening, Option<Claim>)> {
        let entry = self.entries.get(self.place(ticket)?)?;
        match entry.stage {
            Stage::Open(claim) => Some((entry.opening, claim)),
            Stage::Over(..) => None,
        }
    }

    /// The overlay has begun another operation for a request. Harmless if the request is over.
    pub fn set_op(&mut self, ticket: u64, op: OpIdx) {
        if let Some(entry) = self.open_entry_mut(ticket) {
            entry.op = Some(op);
        }
    }

    /// The operation of a request that is still open.
    #[must_use]
    pub fn op_of(&self, ticket: u64) -> Option<OpIdx> {
        self.open_entry(ticket)?.op
    }

    /// The ticket, opening and operation of the oldest request, if it is still open.
    #[must_use]
    pub fn oldest(&self) -> Option<(u64, Opening, Option<OpIdx>)> {
        let entry = self.entries.front().filter(|entry| entry.is_open())?;
        Some((self.first, entry.opening, entry.op))
    }

    /// A request is over. Returns its operation. Harmless if the request was over before.
    pub fn close(
        &mut self,
        ticket: u64,
        answer: Result<Answer, RequestFailure>,
        timeouts: u32,
    ) -> Option<OpIdx> {
        let entry = self.open_entry_mut(ticket)?;
        entry.stage = Stage::Over(answer, timeouts);
        entry.op
    }

    /// Takes out the oldest request, if it is over.
    pub fn pop_finished(&mut self) -> Option<Finished> {
        let &Entry { opening, stage, .. } = self.entries.front()?;
        let Stage::Over(answer, timeouts) = stage else {
            return None;
        };
        self.first += 1;
        self.entries.pop_front();
        Some(Finished {
            opening,
            answer,
            timeouts,
        })
    }

    /// Whether no request is under way.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Asks for a request.
    pub fn prefetch(&self, ticket: u64) {
        if let Some(entry) = self.entries.get(ticket.wrapping_sub(self.first) as usize) {
            prefetch_all(std::slice::from_ref(entry));
        }
    }

    pub(super) fn open_entry(&self, ticket: u64) -> Option<&Entry> {
        let entry = self.entries.get(self.place(ticket)?)?;
        entry.is_open().then_some(entry)
    }

    pub(super) fn open_entry_mut(&mut self, ticket: u64) -> Option<&mut Entry> {
        let place = self.place(ticket)?;
        self.entries.get_mut(place).filter(|entry| entry.is_open())
    }

    fn place(&self, ticket: u64) -> Option<usize> {
        usize::try_from(ticket.checked_sub(self.first)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: RequestFailure = RequestFailure {
        owner: None,
        reason: Reason::NobodyLeft,
    };
    const LATE: RequestFailure = RequestFailure {
        owner: Some(RingId(12)),
        reason: Reason::Timeout,
    };

    fn opening(started: u64) -> Opening {
        Opening {
            started: SimTime(started),
            source: NodeIdx(0),
            source_id: RingId(7),
            key: RingId(9),
            counts: true,
        }
    }

    #[test]
    fn requests_leave_in_the_order_in_which_they_started() {
        let mut ledger = Ledger::default();
        let tickets: Vec<_> = (0..3)
            .map(|started| ledger.open(opening(started), Epoch::FIRST_LIFE))
            .collect();
        ledger.close(tickets[1], Err(NOBODY), 0);
        assert!(ledger.get(tickets[1]).is_none(), "over");
        assert!(ledger.pop_finished().is_none(), "the first is still open");
        ledger.close(tickets[0], Err(LATE), 3);
        let first = ledger.pop_finished().unwrap();
        assert_eq!(first.opening, opening(0));
        assert_eq!((first.answer, first.timeouts), (Err(LATE), 3));
        assert_eq!(ledger.pop_finished().unwrap().opening, opening(1));
        assert_eq!(ledger.oldest(), Some((tickets[2], opening(2), None)));
        assert!(ledger.get(tickets[0]).is_none());
        assert!(!ledger.is_empty());
    }

    #[test]
    fn the_latest_claim_counts_until_the_request_is_over() {
        let mut ledger = Ledger::default();
        let ticket = ledger.open(opening(0), Epoch::FIRST_LIFE);
        let claim = |node| Claim {
            node: NodeIdx(node),
            id: RingId(12),
            owner: Some(RingId(12)),
        };
        ledger.claim(ticket, claim(1));
        ledger.claim(ticket, claim(2));
        assert_eq!(ledger.get(ticket), Some((opening(0), Some(claim(2)))));
        ledger.close(ticket, Err(NOBODY), 0);
        ledger.claim(ticket, claim(3));
        assert_eq!(ledger.pop_finished().unwrap().answer, Err(NOBODY));
    }

    #[test]
    fn the_reason_is_the_one_nearest_to_the_asking_node() {
        let mut ledger = Ledger::default();
        let ticket = ledger.open(opening(0), Epoch::FIRST_LIFE);
        let why = |ledger: &Ledger, alive| ledger.why_unanswered(ticket, |_, _| alive);
        assert_eq!(why(&ledger, true), Reason::Timeout);
        ledger.drop_request(ticket);
        assert_eq!(why(&ledger, true), Reason::Dropped);
        assert_eq!(why(&ledger, false), Reason::AskerGone);
    }
}
