//! Calls under way: requests that are answered or time out.
//!
//! All calls of a run have the same timeout, so they expire in the order in which they were made:
//! the table is a window that slides along, without a free list and without searching. It is also the
//! list of deadlines: none of them has to stand in the event queue, and that of a call that was
//! answered is never heard of.

use super::message::CallId;
use crate::engine::{Epoch, NodeIdx, OpIdx, SimTime, prefetch_at, reserve_huge};

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

impl Call {
    /// What stands in a place that no call has.
    const NONE: Self = Self {
        node: NodeIdx::NONE,
        peer: NodeIdx::NONE,
        purpose: Purpose::CheckPredecessor,
        hops: 0,
        epoch: Epoch::FIRST_LIFE,
        expires: SimTime::MAX,
        state: State::Closed,
    };
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Open,
    /// Its deadline has been given out: whoever called is going to hear of it next.
    Due,
    Closed,
}

/// Room for so many calls is the least there is.
const LEAST_ROOM: usize = 64;

/// The calls since the first that is open, in order of expiry.
#[derive(Default)]
pub struct Calls {
    /// A call stands in the place that the low bits of its name say; there are two to some power.
    cells: Vec<Call>,
    first: u32,
    /// The name of the next call.
    next: u32,
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
        if self.window() == self.cells.len() {
            self.widen();
        }
        let id = self.next;
        self.next = id.wrapping_add(1);
        let place = self.place(id);
        self.cells[place] = Call {
            node,
            peer,
            purpose,
            hops,
            epoch,
            expires,
            state: State::Open,
        };
        CallId(id)
    }

    /// How many calls have not slid out of the window.
    pub fn window(&self) -> usize {
        self.next.wrapping_sub(self.first) as usize
    }

    /// Makes room for twice as many calls.
    #[cold]
    fn widen(&mut self) {
        let old = std::mem::take(&mut self.cells);
        let room = (2 * old.len()).max(LEAST_ROOM);
        assert!(room < 1 << 32, "over four thousand million calls under way");
        reserve_huge(&mut self.cells, room);
        self.cells.resize(room, Call::NONE);
        for offset in 0..self.window() {
            let id = self.first.wrapping_add(offset as u32);
            let place = self.place(id);
            self.cells[place] = old[id as usize & (old.len() - 1)];
        }
    }

    fn place(&self, id: u32) -> usize {
        id as usize & self.cells.len().wrapping_sub(1)
    }

    /// The place of a call that has not slid out of the window.
    fn place_inside(&self, id: u32) -> Option<usize> {
        let inside = (id.wrapping_sub(self.first) as usize) < self.window();
        inside.then(|| self.place(id))
    }

    fn get(&self, id: u32) -> Option<&Call> {
        self.place_inside(id).map(|place| &self.cells[place])
    }

    fn get_mut(&mut self, id: u32) -> Option<&mut Call> {
        self.place_inside(id).map(|place| &mut self.cells[place])
    }

    /// When the first call that is open expires.
    pub fn next_deadline(&mut self) -> Option<SimTime> {
        loop {
            let call = self.get(self.first)?;
            if call.state == State::Open {
                return Some(call.expires);
            }
            self.first = self.first.wrapping_add(1);
        }
    }

    /// The first call that is open expires: who made it, in which life, and its name. It is the last time
    /// that it is called for, unless [`Calls::expire`] does at once.
    pub fn pop_deadline(&mut self) -> Option<(NodeIdx, Epoch, CallId)> {
        self.next_deadline()?;
        let first = self.first;
        let call = self.get_mut(first)?;
        call.state = State::Due;
        Some((call.node, call.epoch, CallId(first)))
    }

    /// Asks for a call.
    #[inline]
    pub fn prefetch(&self, id: CallId) {
        prefetch_at(&self.cells, self.place(id.0));
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
        let call = self.get(id.0)?;
        (call.state != State::Closed).then_some(call.peer)
    }

    fn close_if(&mut self, id: CallId, fits: impl Fn(&Call) -> bool) -> Option<Call> {
        let call = self.get_mut(id.0)?;
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
        assert_eq!(calls.window(), 2, "the first has slid out");
        assert!(calls.answer(first, a, b).is_none());
        assert_eq!(calls.pop_deadline(), Some((a, Epoch::FIRST_LIFE, second)));
        assert_eq!(calls.waiting_for(second), Some(b), "until it is expired");
        assert!(calls.expire(second, a).is_some());
        assert!(calls.answer(second, a, b).is_none(), "too late");
        assert_eq!(calls.next_deadline(), Some(SimTime(21)));
        assert!(calls.answer(third, a, b).is_some());
        assert_eq!(calls.pop_deadline(), None);
        assert_eq!(calls.window(), 0);
        let fourth = call(&mut calls, 30);
        assert!(![first, second, third].contains(&fourth));
        calls.pop_deadline();
        assert_eq!(calls.next_deadline(), None, "nobody wanted to hear of it");
    }

    #[test]
    fn calls_stay_what_they_are_when_there_is_more_room() {
        let mut calls = Calls {
            first: u32::MAX - 70,
            next: u32::MAX - 70,
            ..Calls::default()
        };
        let caller = (NodeIdx(7), Epoch::FIRST_LIFE);
        let open = |calls: &mut Calls, peer: u32| {
            let expires = SimTime(u64::from(peer));
            calls.open(expires, caller, NodeIdx(peer), Purpose::CheckEntry, peer)
        };
        let ids: Vec<_> = (0..300).map(|peer| open(&mut calls, peer)).collect();
        for (id, peer) in ids.into_iter().zip(0..) {
            assert_eq!(calls.next_deadline(), Some(SimTime(u64::from(peer))));
            assert_eq!(calls.waiting_for(id), Some(NodeIdx(peer)));
            let call = calls.answer(id, NodeIdx(7), NodeIdx(peer)).unwrap();
            assert_eq!((call.hops, call.purpose), (peer, Purpose::CheckEntry));
            assert_eq!(calls.waiting_for(id), None);
        }
        assert_eq!(calls.next_deadline(), None);
    }
}
