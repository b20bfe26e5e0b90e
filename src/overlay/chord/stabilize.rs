//! Keeping the ring: the maintenance protocol that was proved correct (Zave 2017 and the
//! Alloy model of August 2016).
//!
//! 1. *Stabilise from the successor*, s: ask it for its predecessor and successor list. If it is
//!    dead, drop it from the list and notify the next one. If it answers, the own list becomes s
//!    followed by s's list; if s's predecessor lies between, go on with step 2, else notify s.
//! 2. *Stabilise from the predecessor of the successor*, p: ask it too. If it is dead, change
//!    nothing and notify the successor. If it answers, the own list becomes p followed by p's
//!    list; notify p.
//! 3. *Rectify* on a notification from n: if n lies between predecessor and self, it is the new
//!    predecessor, without asking the old one. Otherwise ask the old one whether it lives; if not,
//!    n takes its place.
//! 4. A node that waits for an answer which may change its state answers no question about it: it
//!    says that it is busy. It still answers pings.
//!
//! The paper leaves timing free. Here
//!
//! * step 2 goes on at once while the answer names a node that lies closer still: two rounds with
//!   nothing to wait for in between, less a notification that would change nothing. A node that
//!   joined in a crowd finds its place in round trips instead of periods;
//! * a round that met a dead successor is followed by another one at once;
//! * a round that met a busy node is followed by another one after a call timeout.

use super::calls::Purpose;
use super::message::{CallId, Msg, SnapshotId, Timer};
use super::{Chord, Fx, Status};
use crate::engine::NodeIdx;
use crate::overlay::Traffic;

impl Chord {
    /// The timer of stabilisation has gone off.
    pub(super) fn on_stabilize_timer(&mut self, fx: &mut Fx) {
        if let Some(period) = self.config.stabilize_every {
            let next = self.jittered(period, fx);
            fx.timer(next, Timer::Stabilize);
            self.stabilize(fx);
        }
    }

    /// Begins a round, unless one is under way.
    pub(super) fn stabilize(&mut self, fx: &mut Fx) {
        let me = *self.node(fx.node());
        if me.status != Status::Idle || !me.member {
            return;
        }
        if let Some(successor) = self.successors.first(fx.node()) {
            self.ask_state(successor, Purpose::AskSuccessor, fx);
        }
    }

    fn ask_state(&mut self, of: NodeIdx, purpose: Purpose, fx: &mut Fx) {
        self.node_mut(fx.node()).status = Status::Stabilizing;
        self.call(of, purpose, 0, Traffic::Maintenance, fx, Msg::GetState);
    }

    /// A node asks for this one's state.
    pub(super) fn on_get_state(&mut self, from: NodeIdx, call: CallId, fx: &mut Fx) {
        let me = *self.node(fx.node());
        let answer = if me.status == Status::Idle {
            let list = self.successors.of(fx.node());
            Msg::State(call, self.snapshots.take(me.predecessor, list))
        } else {
            Msg::Busy(call)
        };
        fx.send(from, answer, Traffic::Maintenance);
    }

    /// The state that was asked for has come.
    pub(super) fn on_state(
        &mut self,
        from: NodeIdx,
        call: CallId,
        snapshot: SnapshotId,
        fx: &mut Fx,
    ) {
        if self.calls.answer(call, fx.node(), from).is_some() {
            self.node_mut(fx.node()).status = Status::Idle;
            let predecessor = self.adopt(fx.node(), from, snapshot);
            let between = self.is_between(fx.node(), predecessor, from);
            if between {
                self.ask_state(predecessor, Purpose::AskBetween, fx);
            } else {
                fx.send(from, Msg::Notify, Traffic::Maintenance);
            }
        }
        self.snapshots.release(snapshot);
    }

    /// The list becomes `head` and then its list. Gives the predecessor that `head` has.
    fn adopt(&mut self, node: NodeIdx, head: NodeIdx, snapshot: SnapshotId) -> NodeIdx {
        let (predecessor, list) = self.snapshots.read(snapshot);
        let length = self.before_wrap(node, head, list);
        self.successors.set(node, head, &list[..length]);
        self.follow_successor(node);
        predecessor
    }

    /// How much of a successor's list lies before this node: on a small ring that does not know this
    /// node yet, the list goes on past it, and what follows is no successor.
    pub(super) fn before_wrap(&self, node: NodeIdx, head: NodeIdx, list: &[NodeIdx]) -> usize {
        let length = list
            .iter()
            .position(|entry| *entry == NodeIdx::NONE)
            .unwrap_or(list.len());
        let back = self.distance(head, node);
        let lies_before = |entry: &NodeIdx| self.distance(head, *entry) < back;
        // A list is in order seen from its owner, so mostly a look at its end will do.
        match list[..length].last() {
            Some(last) if !lies_before(last) => list[..length].partition_point(lies_before),
            _ => length,
        }
    }

    fn is_between(&self, node: NodeIdx, candidate: NodeIdx, successor: NodeIdx) -> bool {
        let candidate = candidate.some().map(|candidate| self.id_of(candidate));
        let (me, successor) = (self.id_of(node), self.id_of(successor));
        candidate.is_some_and(|candidate| self.space.between(me, candidate, successor))
    }

    /// The node that was asked for its state is busy: the round ends, and another one begins soon.
    pub(super) fn on_busy(&mut self, from: NodeIdx, call: CallId, fx: &mut Fx) {
        if self.calls.answer(call, fx.node(), from).is_some() {
            self.node_mut(fx.node()).status = Status::Idle;
            self.stabilize_soon(fx);
        }
    }

    /// Stabilises once more after a moment, whatever the period.
    pub(super) fn stabilize_soon(&mut self, fx: &mut Fx) {
        if self.config.stabilize_every.is_some() {
            fx.timer(self.config.rpc_timeout, Timer::StabilizeOnce);
        }
    }

    /// The successor is dead.
    pub(super) fn on_successor_dead(&mut self, dead: NodeIdx, fx: &mut Fx) {
        self.node_mut(fx.node()).status = Status::Idle;
        self.without_successor(dead, fx);
    }

    /// Drops a successor that is dead or leaves, notifies the next one and asks it at once.
    pub(super) fn without_successor(&mut self, gone: NodeIdx, fx: &mut Fx) {
        let node = fx.node();
        let was_first = self.successors.first(node) == Some(gone);
        if !self.successors.drop_entry(node, gone) || !was_first {
            return;
        }
        if self.successors.first(node).is_none() {
            self.fall_back(node, gone);
        }
        match self.successors.first(node) {
            Some(next) => {
                self.follow_successor(node);
                fx.send(next, Msg::Notify, Traffic::Maintenance);
                self.stabilize(fx);
            }
            None => self.lose_ring(fx),
        }
    }

    /// Every successor is dead, which the proof rules out and a short list does not: the next node
    /// clockwise that this one knows, a finger or at last its predecessor, becomes the successor, from
    /// which stabilisation walks back to the true one.
    fn fall_back(&mut self, node: NodeIdx, gone: NodeIdx) {
        let beyond = self.distance(node, gone);
        let fingers = self.fingers.run_lengths(node).map(|(finger, _)| finger);
        let known = fingers.chain(self.node(node).predecessor.some());
        let next = known
            .map(|candidate| (self.distance(node, candidate), candidate))
            .filter(|(distance, _)| *distance > beyond)
            .min();
        if let Some((_, next)) = next {
            self.successors.set(node, next, &[]);
        }
    }

    /// The node between this one and its successor is dead: nothing changes.
    pub(super) fn on_between_dead(&mut self, fx: &mut Fx) {
        self.node_mut(fx.node()).status = Status::Idle;
        if let Some(successor) = self.successors.first(fx.node()) {
            fx.send(successor, Msg::Notify, Traffic::Maintenance);
        }
    }

    /// `from` claims to be the predecessor: rectify.
    pub(super) fn on_notify(&mut self, from: NodeIdx, fx: &mut Fx) {
        let node = fx.node();
        let me = *self.node(node);
        let Some(old) = me.predecessor.some() else {
            return self.take_predecessor(from, fx);
        };
        let (old_id, from_id) = (self.id_of(old), self.id_of(from));
        if self.space.between(old_id, from_id, self.id_of(node)) {
            self.take_predecessor(from, fx);
        } else if from != old && me.status == Status::Idle {
            self.node_mut(node).status = Status::Rectifying;
            self.call(
                old,
                Purpose::Rectify(from),
                0,
                Traffic::Maintenance,
                fx,
                Msg::Ping,
            );
        }
    }

    fn take_predecessor(&mut self, predecessor: NodeIdx, fx: &mut Fx) {
        let node = fx.node();
        self.node_mut(node).predecessor = predecessor;
        if self.successors.first(node).is_none() {
            // The founder, alone until now: whoever comes before it also comes after it.
            self.successors.set(node, predecessor, &[]);
            self.reset_fingers(node);
            self.fill_fingers(fx);
        }
    }

    /// The old predecessor lives: it stays.
    pub(super) fn on_old_predecessor_alive(&mut self, fx: &mut Fx) {
        self.node_mut(fx.node()).status = Status::Idle;
    }

    /// The old predecessor is dead: the node that claimed its place has it, unless a nearer one has
    /// taken it while this node was waiting.
    pub(super) fn on_old_predecessor_dead(&mut self, old: NodeIdx, claimant: NodeIdx, fx: &mut Fx) {
        let me = self.node_mut(fx.node());
        me.status = Status::Idle;
        if me.predecessor == old || me.predecessor == NodeIdx::NONE {
            me.predecessor = claimant;
        }
    }

    /// The timer of the check on the predecessor has gone off.
    pub(super) fn on_check_timer(&mut self, fx: &mut Fx) {
        let Some(period) = self.config.check_predecessor_every else {
            return;
        };
        let next = self.jittered(period, fx);
        fx.timer(next, Timer::CheckPredecessor);
        if let Some(predecessor) = self.node(fx.node()).predecessor.some() {
            let purpose = Purpose::CheckPredecessor;
            self.call(predecessor, purpose, 0, Traffic::Maintenance, fx, Msg::Ping);
        }
    }

    /// The predecessor does not answer: it is not known any more.
    pub(super) fn on_predecessor_dead(&mut self, dead: NodeIdx, fx: &mut Fx) {
        let me = self.node_mut(fx.node());
        if me.predecessor == dead {
            me.predecessor = NodeIdx::NONE;
        }
    }
}
