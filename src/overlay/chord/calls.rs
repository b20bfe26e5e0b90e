//! Calls under way: requests that are answered or time out.
//!
//! All calls of a run have the same timeout, so they expire in the order in which they were made:
//! the table is a window that slides along, without a free list and without searching. It is also the
//! list of deadlines: none of them has to stand in the event queue, and that of a call that was
//! answered is never heard of.

use std::collections::VecDeque;

use super::message::CallId;
use crate::engine::{Epoch, NodeIdx, OpIdx, SimTime, prefetch};

/// Why a node called another, and so what an answer or a timeout means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// Stabilise, first step: the state of the successor.
    AskSuccessor,
    /// Stabilise, second step: the state of the node between this one and its successor.
    AskBetween,
    /// Is the predecessor still there?
    CheckPredecessor,
    /// Is an entry of the successor list still there?
    CheckEntry,
    /// Is the predecessor still there, now that this node claims its place?
    Rectify(NodeIdx),
    /// Pass a lookup on.
    Forward(OpIdx),
    /// Ask for the next hop of a lookup.
    Ask(OpIdx),
}

/// One call.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Who called.
    pub node: NodeIdx,
    /// Who was called.
    pub peer: NodeIdx,
    /// What for.
    pub purpose: Purpose,
    /// The hops of the lookup before this call, if it passes one on.
    pub hops: u32,
    /// The caller's life.
    epoch: Epoch,
    expires: SimTime,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Open,
    /// Its deadline has been given out: whoever called is going to hear of it next.
    Due,
    Closed,
}

/// The calls since the first that is open, in order of expiry.
#[derive(Default)]
pub struct Calls {
    first: u32,
    window: VecDeque<Call>,
}

impl Calls {
    /// Enters a call that expires at `expires`, which is never earlier than that of a call before.
    pub fn open(
        &mut self,
        expires: SimTime,
        (node, epoch): (NodeIdx, Epoch),
        peer: NodeIdx,
        purpose: Purpose,
        hops: u32,
    ) -> CallId {
        let id = self.first.wrapping_add(self.window.len() as u32);
        self.window.push_back(Call {
            node,
            peer,
            purpose,
            hops,
            epoch,
            expires,
            state: State::Open,
        });
        CallId(id)
    }

    /// When the first call that is open expires.
    pub fn next_deadline(&mut self) -> Option<SimTime> {
        loop {
            let call = self.window.front()?;
            if call.state == State::Open {
                return Some(call.expires);
            }
            self.window.pop_front();
            self.first = self.first.wrapping_add(1);
        }
    }

    /// The first call that is open expires: who made it, in which life, and its name. It is the last time
    /// that it is called for, unless [`Calls::expire`] does at once.
    pub fn pop_deadline(&mut self) -> Option<(NodeIdx, Epoch, CallId)> {
        self.next_deadline()?;
        let call = self.window.front_mut()?;
        call.state = State::Due;
        Some((call.node, call.epoch, CallId(self.first)))
    }

    /// Asks for a call.
    pub fn prefetch(&self, id: CallId) {
        if let Some(call) = self.window.get(id.0.wrapping_sub(self.first) as usize) {
            prefetch(call);
        }
    }

    /// An answer from `from` to `node` has come: the call, if it is still waited for.
    pub fn answer(&mut self, id: CallId, node: NodeIdx, from: NodeIdx) -> Option<Call> {
        self.close_if(id, |call| call.node == node && call.peer == from)
    }

    /// The time of a call of `node` is over: the call, if nothing answered it.
    pub fn expire(&mut self, id: CallId, node: NodeIdx) -> Option<Call> {
        self.close_if(id, |call| call.node == node)
    }

    /// Who has not answered this call yet.
    pub fn waiting_for(&self, id: CallId) -> Option<NodeIdx> {
        let call = self.window.get(id.0.wrapping_sub(self.first) as usize)?;
        (call.state != State::Closed).then_some(call.peer)
    }

    /// How many calls have not slid out of the window.
    #[cfg(test)]
    pub fn room(&self) -> usize {
        self.window.len()
    }

    fn close_if(&mut self, id: CallId, fits: impl Fn(&Call) -> bool) -> Option<Call> {
        let call = self
            .window
            .get_mut(id.0.wrapping_sub(self.first) as usize)?;
        let closes = call.state != State::Closed && fits(call);
        if closes {
            call.state = State::Closed;
        }
        closes.then_some(*call)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_closed_once_and_only_by_the_node_that_was_called() {
        let (a, b, c) = (NodeIdx(0), NodeIdx(1), NodeIdx(2));
        let mut calls = Calls::default();
        let call = |calls: &mut Calls, now: u64| {
            let caller = (a, Epoch::FIRST_LIFE);
            calls.open(SimTime(now + 10), caller, b, Purpose::CheckPredecessor, 0)
        };
        let first = call(&mut calls, 0);
        assert_eq!(calls.next_deadline(), Some(SimTime(10)));
        assert!(calls.answer(first, a, c).is_none(), "another node's answer");
        assert!(calls.answer(first, a, b).is_some());
        assert!(calls.expire(first, a).is_none(), "answered already");
        let second = call(&mut calls, 10);
        let third = call(&mut calls, 11);
        assert_eq!(calls.next_deadline(), Some(SimTime(20)));
        assert_eq!(calls.room(), 2, "the first has slid out");
        assert!(calls.answer(first, a, b).is_none());
        assert_eq!(calls.pop_deadline(), Some((a, Epoch::FIRST_LIFE, second)));
        assert_eq!(calls.waiting_for(second), Some(b), "until it is expired");
        assert!(calls.expire(second, a).is_some());
        assert!(calls.answer(second, a, b).is_none(), "too late");
        assert_eq!(calls.next_deadline(), Some(SimTime(21)));
        assert!(calls.answer(third, a, b).is_some());
        assert_eq!(calls.pop_deadline(), None);
        assert_eq!(calls.room(), 0);
        let fourth = call(&mut calls, 30);
        assert!(![first, second, third].contains(&fourth));
        calls.pop_deadline();
        assert_eq!(calls.next_deadline(), None, "nobody wanted to hear of it");
    }
}
