//! Calls under way: messages from one node to another that are answered or time out.
//!
//! All calls of a run have the same timeout, so they expire in the order in which they were made. The
//! table is a window that slides along, without a free list and without searching. It is also the list of
//! deadlines: no deadline has to stand in the event queue, and the deadline of an answered call is never
//! reported.
//!
//! A call that was not answered can be made again (`overlay.rpc_retries`). It keeps its name and leaves the
//! window: calls that are made again expire in order among themselves, and are few.

use std::collections::{BTreeMap, VecDeque};

use crate::engine::{SimDuration, SimTime, prefetch_at, reserve_huge};
use crate::world::{CallId, Epoch, NodeIdx};

/// A call that was answered or not. Its purpose says what that means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Call<P> {
    /// Its name.
    pub id: CallId,
    /// The node that was called.
    pub peer: NodeIdx,
    /// What the call is for.
    pub purpose: P,
}

/// How calls are made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallRules {
    /// How long a call may go without an answer.
    pub timeout: SimDuration,
    /// How often a call without an answer is made again before it counts as not answered.
    pub retries: u8,
}

/// A place in the table.
#[derive(Clone, Copy, Debug)]
struct PendingCall<P> {
    /// The node that called.
    node: NodeIdx,
    peer: NodeIdx,
    purpose: P,
    /// The caller's life.
    epoch: Epoch,
    expires: SimTime,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Open,
    /// The deadline has been given out: the node that called hears of it next.
    Due,
    Closed,
}

/// The smallest number of calls that there is room for.
const LEAST_ROOM: usize = 64;

/// The calls since the first open one, in order of expiry. `P` is the purpose of a call.
pub struct Calls<P> {
    /// The low bits of a call's name say its place. The number of places is a power of two.
    pending: Vec<PendingCall<P>>,
    first: u32,
    /// The name of the next call.
    next: u32,
    /// Calls that were made again.
    again: BTreeMap<CallId, PendingCall<P>>,
    /// When these expire, the first one in front. Answered calls are passed over.
    again_expire: VecDeque<(SimTime, CallId)>,
}

impl<P> PendingCall<P> {
    fn open(expires: SimTime, (node, epoch): (NodeIdx, Epoch), peer: NodeIdx, purpose: P) -> Self {
        Self {
            node,
            peer,
            purpose,
            epoch,
            expires,
            state: State::Open,
        }
    }
}

impl<P> Default for Calls<P> {
    fn default() -> Self {
        Self {
            pending: Vec::new(),
            first: 0,
            next: 0,
            again: BTreeMap::new(),
            again_expire: VecDeque::new(),
        }
    }
}

impl<P: Copy> Calls<P> {
    /// Enters a call that expires at `expires`, never earlier than a call entered before.
    pub fn open(
        &mut self,
        expires: SimTime,
        caller: (NodeIdx, Epoch),
        peer: NodeIdx,
        purpose: P,
    ) -> CallId {
        let pending = PendingCall::open(expires, caller, peer, purpose);
        if self.window() == self.pending.len() {
            self.widen(pending);
        }
        let id = self.next;
        self.next = id.wrapping_add(1);
        let place = self.place(id);
        self.pending[place] = pending;
        CallId(id)
    }

    /// A call that has just expired is made again, under its own name, and now expires at `expires`: never
    /// earlier than a call made again before.
    pub fn reopen(&mut self, call: Call<P>, expires: SimTime, caller: (NodeIdx, Epoch)) {
        let Call { id, peer, purpose } = call;
        let pending = PendingCall::open(expires, caller, peer, purpose);
        self.again.insert(id, pending);
        self.again_expire.push_back((expires, id));
    }

    /// The number of calls still inside the window.
    pub fn window(&self) -> usize {
        self.next.wrapping_sub(self.first) as usize
    }

    /// Makes room for twice as many calls; `filler` stands in places without a call.
    #[cold]
    fn widen(&mut self, filler: PendingCall<P>) {
        let old = std::mem::take(&mut self.pending);
        let room = (2 * old.len()).max(LEAST_ROOM);
        assert!(room < 1 << 32, "over four thousand million calls under way");
        reserve_huge(&mut self.pending, room);
        self.pending.resize(room, filler);
        for offset in 0..self.window() {
            let id = self.first.wrapping_add(offset as u32);
            let place = self.place(id);
            self.pending[place] = old[id as usize & (old.len() - 1)];
        }
    }

    fn place(&self, id: u32) -> usize {
        id as usize & self.pending.len().wrapping_sub(1)
    }

    /// The place of a call, if it is still inside the window.
    fn place_inside(&self, id: u32) -> Option<usize> {
        let inside = (id.wrapping_sub(self.first) as usize) < self.window();
        inside.then(|| self.place(id))
    }

    fn get(&self, id: u32) -> Option<&PendingCall<P>> {
        self.place_inside(id).map(|place| &self.pending[place])
    }

    fn get_mut(&mut self, id: u32) -> Option<&mut PendingCall<P>> {
        self.place_inside(id).map(|place| &mut self.pending[place])
    }

    /// When the first open call expires.
    pub fn next_deadline(&mut self) -> Option<SimTime> {
        let in_window = self.next_in_window();
        if self.again_expire.is_empty() {
            return in_window;
        }
        in_window.into_iter().chain(self.next_made_again()).min()
    }

    fn next_in_window(&mut self) -> Option<SimTime> {
        loop {
            let call = self.get(self.first)?;
            if call.state == State::Open {
                return Some(call.expires);
            }
            self.first = self.first.wrapping_add(1);
        }
    }

    fn next_made_again(&mut self) -> Option<SimTime> {
        while let Some(&(expires, id)) = self.again_expire.front() {
            // A call that was made again twice stands here twice, and only its last time counts.
            let pending = self.again.get(&id);
            if pending.is_some_and(|call| call.state == State::Open && call.expires == expires) {
                return Some(expires);
            }
            self.again_expire.pop_front();
        }
        None
    }

    /// The first open call expires. Returns the node that made it, the node's life and the call's name.
    /// The table then forgets the call, so [`Calls::expire`] or [`Calls::forget`] has to follow at once.
    pub fn pop_deadline(&mut self) -> Option<(NodeIdx, Epoch, CallId)> {
        let due = self.next_deadline()?;
        let again = self.again_expire.front().map(|(expires, _)| *expires);
        if again == Some(due)
            && let Some((_, id)) = self.again_expire.pop_front()
            && let Some(call) = self.again.get_mut(&id)
        {
            call.state = State::Due;
            return Some((call.node, call.epoch, id));
        }
        let first = self.first;
        let call = self.get_mut(first)?;
        call.state = State::Due;
        Some((call.node, call.epoch, CallId(first)))
    }

    /// Nobody waits for the answer of a call any more.
    pub fn forget(&mut self, id: CallId) {
        self.again.remove(&id);
    }

    /// Asks for a call.
    #[inline]
    pub fn prefetch(&self, id: CallId) {
        prefetch_at(&self.pending, self.place(id.0));
    }

    /// An answer from `from` to `node` has come. Returns the call, if `node` still waits for it.
    pub fn answer(&mut self, id: CallId, node: NodeIdx, from: NodeIdx) -> Option<Call<P>> {
        self.close_if(id, |call| call.node == node && call.peer == from)
    }

    /// The time of a call of `node` is over. Returns the call, if it was not answered.
    pub fn expire(&mut self, id: CallId, node: NodeIdx) -> Option<Call<P>> {
        self.close_if(id, |call| call.node == node)
    }

    /// The node that has not answered this call yet.
    pub fn waiting_for(&self, id: CallId) -> Option<NodeIdx> {
        let call = self.again.get(&id).or_else(|| self.get(id.0))?;
        (call.state != State::Closed).then_some(call.peer)
    }

    /// When a call of `node` to `peer` expires, as long as it waits. Nothing is known of calls that were made again.
    pub fn expires(&self, id: CallId, node: NodeIdx, peer: NodeIdx) -> Option<SimTime> {
        let call = self.get(id.0)?;
        let waits = call.state != State::Closed && call.node == node && call.peer == peer;
        (waits && !self.again.contains_key(&id)).then_some(call.expires)
    }

    /// The node that made a call, as long as it waits.
    pub fn caller(&self, id: CallId) -> Option<NodeIdx> {
        let call = self.again.get(&id).or_else(|| self.get(id.0))?;
        (call.state != State::Closed).then_some(call.node)
    }

    /// What a call is for, as long as the node that made it waits.
    pub fn purpose(&self, id: CallId) -> Option<P> {
        let call = self.again.get(&id).or_else(|| self.get(id.0))?;
        (call.state != State::Closed).then_some(call.purpose)
    }

    fn close_if(&mut self, id: CallId, fits: impl Fn(&PendingCall<P>) -> bool) -> Option<Call<P>> {
        if !self.again.is_empty() && self.again.get(&id).is_some_and(&fits) {
            let PendingCall { peer, purpose, .. } = self.again.remove(&id)?;
            return Some(Call { id, peer, purpose });
        }
        let pending = self.get_mut(id.0)?;
        let closes = pending.state != State::Closed && fits(pending);
        if closes {
            pending.state = State::Closed;
        }
        let &mut PendingCall { peer, purpose, .. } = pending;
        closes.then_some(Call { id, peer, purpose })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_closed_once_and_only_by_the_node_that_was_called() {
        let (a, b, c) = (NodeIdx(0), NodeIdx(1), NodeIdx(2));
        let mut calls = Calls::default();
        let call = |calls: &mut Calls<()>, now: u64| {
            let caller = (a, Epoch::FIRST_LIFE);
            calls.open(SimTime(now + 10), caller, b, ())
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
    fn a_call_made_again_keeps_its_name_and_expires_among_the_others() {
        let (a, b) = (NodeIdx(0), NodeIdx(1));
        let caller = (a, Epoch::FIRST_LIFE);
        let mut calls = Calls::default();
        let first = calls.open(SimTime(10), caller, b, 'x');
        assert_eq!(calls.pop_deadline(), Some((a, Epoch::FIRST_LIFE, first)));
        let expired = calls.expire(first, a).unwrap();
        calls.reopen(expired, SimTime(20), caller);
        let second = calls.open(SimTime(15), caller, b, 'y');
        let third = calls.open(SimTime(25), caller, b, 'z');
        assert_eq!(calls.purpose(first), Some('x'));
        assert_eq!(calls.waiting_for(first), Some(b));
        assert_eq!(calls.next_deadline(), Some(SimTime(15)));
        assert!(calls.answer(second, a, b).is_some());
        assert_eq!(
            calls.next_deadline(),
            Some(SimTime(20)),
            "the one made again"
        );
        assert_eq!(calls.pop_deadline(), Some((a, Epoch::FIRST_LIFE, first)));
        let expired = calls.expire(first, a).unwrap();
        calls.reopen(expired, SimTime(30), caller);
        assert_eq!(calls.next_deadline(), Some(SimTime(25)));
        assert!(calls.answer(third, a, b).is_some());
        assert_eq!(calls.next_deadline(), Some(SimTime(30)));
        assert!(calls.answer(first, a, b).is_some(), "the third time");
        assert!(calls.answer(first, a, b).is_none(), "closed");
        assert_eq!((calls.next_deadline(), calls.pop_deadline()), (None, None));
    }

    #[test]
    fn calls_stay_what_they_are_when_there_is_more_room() {
        let mut calls = Calls {
            first: u32::MAX - 70,
            next: u32::MAX - 70,
            ..Calls::default()
        };
        let caller = (NodeIdx(7), Epoch::FIRST_LIFE);
        let open = |calls: &mut Calls<u32>, peer: u32| {
            let expires = SimTime(u64::from(peer));
            calls.open(expires, caller, NodeIdx(peer), peer)
        };
        let ids: Vec<_> = (0..300).map(|peer| open(&mut calls, peer)).collect();
        for (id, peer) in ids.into_iter().zip(0..) {
            assert_eq!(calls.next_deadline(), Some(SimTime(u64::from(peer))));
            assert_eq!(calls.waiting_for(id), Some(NodeIdx(peer)));
            let call = calls.answer(id, NodeIdx(7), NodeIdx(peer)).unwrap();
            assert_eq!((call.id, call.purpose), (id, peer));
            assert_eq!(calls.waiting_for(id), None);
        }
        assert_eq!(calls.next_deadline(), None);
    }
}
