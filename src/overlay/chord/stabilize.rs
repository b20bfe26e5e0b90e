//! Maintaining the ring: what the three maintenance protocols have in common. `chord.maintenance` says
//! which one runs. What is special to each stands in a file of its own: [`chord2001`] is the protocol
//! as first published, [`ton2003`] adds what its authors added, [`zave2017`] was proved correct.
//!
//! From time to time every node *stabilises*: it asks its first successor for the successor's
//! predecessor and successor list.
//!
//! * The successor answers: the node's own list becomes the successor followed by the successor's
//!   list. The successor's predecessor may be a node that has come in between; the protocols differ in
//!   what they do about it. In the end the nearer of the two is *notified* that this node might be its
//!   predecessor.
//! * The successor does not answer: it is dropped from the list, and the next entry is asked at once.
//!
//! A node that is notified decides whether to believe it. The protocols differ in this too.
//!
//! [`chord2001`]: super::chord2001
//! [`ton2003`]: super::ton2003
//! [`zave2017`]: super::zave2017

use super::message::Msg;
use super::timer::Timer;
use super::{Chord, Fx, Purpose, Status};
use crate::overlay::{ParcelId, Traffic};
use crate::scenario::resolved::Maintenance;
use crate::world::{CallId, NodeIdx};

impl Chord {
    /// The timer of stabilisation has gone off.
    pub(super) fn on_stabilize_timer(&mut self, fx: &mut Fx) {
        if let Some(period) = self.config.stabilize_every {
            let next = self.jittered(period, fx);
            fx.timer(next, Timer::Stabilize);
            self.stabilize(fx);
        }
    }

    /// Begins a round, unless a round is under way.
    pub(super) fn stabilize(&mut self, fx: &mut Fx) {
        let me = self.node(fx.node());
        if me.status != Status::Idle || !me.member {
            return;
        }
        if let Some(successor) = self.first_successor(fx.node()) {
            self.ask_state(successor, Purpose::AskSuccessor, fx);
        }
    }

    pub(super) fn ask_state(&mut self, of: NodeIdx, purpose: Purpose, fx: &mut Fx) {
        self.node_mut(fx.node()).status = Status::Stabilizing;
        fx.call(of, purpose, Traffic::Maintenance, Msg::GetState);
    }

    /// Another node asks for this node's state.
    pub(super) fn on_get_state(&mut self, from: NodeIdx, call: CallId, fx: &mut Fx) {
        let me = self.node(fx.node());
        let answer = if me.status == Status::Idle || !self.is_proved() {
            let list = self.list_of(fx.node());
            Msg::State(call, fx.pack(me.predecessor, list))
        } else {
            Msg::Busy(call)
        };
        fx.send(from, answer, Traffic::Maintenance);
    }

    /// The state that was asked for has come.
    pub(super) fn on_state(&mut self, from: NodeIdx, call: CallId, state: ParcelId, fx: &mut Fx) {
        if fx.close_call(call, from).is_some() {
            let me = self.node_mut(fx.node());
            me.status = Status::Idle;
            let predecessor = self.adopt(from, state, fx);
            let between = self.is_between(fx.node(), predecessor, from);
            match (between, self.config.maintenance) {
                (false, _) => fx.send(from, Msg::Notify, Traffic::Maintenance),
                (true, Maintenance::Zave2017) => self.ask_between(predecessor, fx),
                (true, _) => self.believe_in(predecessor, fx),
            }
        }
    }

    /// The node's list becomes `head` and then the list of `head`. Returns the predecessor of `head`.
    fn adopt(&mut self, head: NodeIdx, state: ParcelId, fx: &Fx) -> NodeIdx {
        let node = fx.node();
        let (predecessor, list) = fx.unpack(state);
        let length = self.before_wrap(node, head, list);
        self.set_successors(node, head, &list[..length]);
        self.follow_successor(node);
        predecessor
    }

    /// How much of a successor's list lies before this node. On a small ring that does not know this
    /// node yet, the list goes on past the node, and the entries there are no successors.
    pub(super) fn before_wrap(&self, node: NodeIdx, head: NodeIdx, list: &[NodeIdx]) -> usize {
        let length = list
            .iter()
            .position(|entry| *entry == NodeIdx::NONE)
            .unwrap_or(list.len());
        let head = self.id_of(head);
        let back = self.space.distance(head, self.node(node).id);
        let lies_before = |entry: &NodeIdx| self.space.distance(head, self.id_of(*entry)) < back;
        // A list is in order as seen from its owner, so a look at its end is mostly enough.
        match list[..length].last() {
            Some(last) if !lies_before(last) => list[..length].partition_point(lies_before),
            _ => length,
        }
    }

    pub(super) fn is_between(&self, node: NodeIdx, candidate: NodeIdx, successor: NodeIdx) -> bool {
        // Mostly the candidate is the node itself.
        let another = candidate.some().filter(|candidate| *candidate != node);
        let candidate = another.map(|candidate| self.id_of(candidate));
        let (me, successor) = (self.node(node).id, self.id_of(successor));
        candidate.is_some_and(|candidate| self.space.between(me, candidate, successor))
    }

    /// The successor is dead.
    pub(super) fn on_successor_dead(&mut self, dead: NodeIdx, fx: &mut Fx) {
        self.node_mut(fx.node()).status = Status::Idle;
        self.without_successor(dead, fx);
    }

    /// Drops a successor that is dead or leaves, and asks the next one at once. The proved protocol
    /// notifies the next one first.
    pub(super) fn without_successor(&mut self, gone: NodeIdx, fx: &mut Fx) {
        let node = fx.node();
        let was_first = self.first_successor(node) == Some(gone);
        if !self.drop_successor(node, gone) || !was_first {
            return;
        }
        match self.first_successor(node) {
            Some(next) => self.go_on_with(next, fx),
            None => self.lose_last_successor(gone, fx),
        }
    }

    fn go_on_with(&mut self, next: NodeIdx, fx: &mut Fx) {
        self.follow_successor(fx.node());
        if self.is_proved() {
            fx.send(next, Msg::Notify, Traffic::Maintenance);
        }
        self.stabilize(fx);
    }

    /// Every successor is dead. The papers rule this out, but it happens with short lists. Another
    /// known node becomes the successor, or the ring is lost.
    pub(super) fn lose_last_successor(&mut self, gone: NodeIdx, fx: &mut Fx) {
        self.fall_back(fx.node(), gone);
        match self.first_successor(fx.node()) {
            Some(next) => self.go_on_with(next, fx),
            None => self.lose_ring(fx),
        }
    }

    /// The next node clockwise that this node knows (a finger or at last its predecessor) becomes the
    /// successor. From there, stabilisation walks back to the true successor.
    fn fall_back(&mut self, node: NodeIdx, gone: NodeIdx) {
        let beyond = self.distance(node, gone);
        let fingers = self
            .fingers
            .run_lengths(&self.node(node).fingers)
            .map(|(finger, _)| finger);
        let known = fingers.chain(self.node(node).predecessor.some());
        let next = known
            .map(|candidate| (self.distance(node, candidate), candidate))
            .filter(|(distance, _)| *distance > beyond)
            .min();
        if let Some((_, next)) = next {
            self.set_successors(node, next, &[]);
        }
    }

    /// `from` claims to be the predecessor. The claim holds if `from` is nearer than the known
    /// predecessor, or if none is known.
    pub(super) fn on_notify(&mut self, from: NodeIdx, fx: &mut Fx) {
        let node = fx.node();
        let me = self.node(node);
        let Some(old) = me.predecessor.some() else {
            return self.take_predecessor(from, fx);
        };
        // Mostly `from` is the known predecessor.
        let is_nearer = || {
            let from = self.id_of(from);
            self.space.between(me.predecessor_id, from, me.id)
        };
        if from != old && is_nearer() {
            self.take_predecessor(from, fx);
            self.tell_old_predecessor(old, from, fx);
        } else if self.is_proved() {
            self.rectify(old, from, fx);
        }
    }

    fn take_predecessor(&mut self, predecessor: NodeIdx, fx: &mut Fx) {
        let node = fx.node();
        self.set_predecessor(node, predecessor);
        if self.first_successor(node).is_none() {
            // The founder was alone until now: the node before it is also the node after it.
            self.set_successors(node, predecessor, &[]);
            self.reset_fingers(node);
            self.fill_fingers(fx);
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
            fx.call(predecessor, purpose, Traffic::Maintenance, Msg::Ping);
        }
    }

    /// The predecessor does not answer, so the node forgets it.
    pub(super) fn on_predecessor_dead(&mut self, dead: NodeIdx, fx: &mut Fx) {
        if self.node(fx.node()).predecessor == dead {
            self.set_predecessor(fx.node(), NodeIdx::NONE);
        }
    }
}
