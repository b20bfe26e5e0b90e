//! Joining the ring. In the older protocols the joining node looks up its successor and knows no other
//! node (see [`super::chord2001`]). The rest of this page is about the proved protocol (Zave 2017, the
//! operation *Join*).
//!
//! The joining node j starts a lookup for its own identifier. The lookup is passed on from the
//! well-known node to the node m with j between m and m's successor. j copies the successor list of m,
//! and takes m as its predecessor. Only j changes; the other nodes learn of j by stabilisation.
//!
//! The paper leaves open when the others learn of j. Here m stabilises a moment later, when j has had
//! time to notify its successor. Until then m lets no other node join between itself and its
//! successor: a node that comes too early is asked to try again. So each gap takes one node at a time
//! and becomes two gaps, and a crowd is on the ring after a number of rounds that grows like the
//! logarithm of its size. If all nodes of a crowd were let in at once, they would have the same
//! neighbours and would have to be put in order one by one.
//!
//! A join is a lookup. It is given up after the same time as a user's lookup, and started anew (through
//! another contact).
//!
//! j itself stabilises at once instead of waiting for its timer. It looks up its fingers one right
//! after the other, as `init_finger_table` does in Stoica et al. 2001, figure 6.

use super::lookup::hand_over;
use super::message::{HopHeader, Msg, Role};
use super::ops::{OpKind, Task};
use super::timer::Timer;
use super::zave2017::some_wait;
use super::{Chord, Fx, Status};
use crate::overlay::{Effect, ParcelId, Traffic};
use crate::world::{NodeIdx, OpIdx, RingId};

impl Chord {
    pub(super) fn start_join(&mut self, via: NodeIdx, fx: &mut Fx) {
        let node = fx.node();
        let me = self.node_mut(node);
        me.contact = via;
        me.member = false;
        let key = self.node(node).id;
        let op = self.ops.insert(key, node, OpKind::Join, fx.now());
        if let Some(old) = self.node_mut(node).pending_op.replace(op) {
            self.ops.remove(old);
        }
        fx.timer(self.patience, Timer::Join(op));
        if let Some(task) = self.ops.task(op) {
            hand_over(&task, via, HopHeader::new(Role::Step, 1), fx);
        }
    }

    /// A join has reached a node: the node is the place to join, or passes the join on.
    pub(super) fn pass_on_join(
        &mut self,
        task: &Task,
        hops: u32,
        failed: Option<NodeIdx>,
        fx: &mut Fx,
    ) {
        let &Task {
            op, key, origin, ..
        } = task;
        if self.is_place_to_join(fx.node(), key) {
            return self.welcome(op, origin, fx);
        }
        match self.next_hop_to_join(fx.node(), key, failed) {
            Some(to) => hand_over(task, to, HopHeader::new(Role::Step, hops + 1), fx),
            None => fx.send(origin, Msg::JoinLater(op), Traffic::Maintenance),
        }
    }

    /// Whether a node with this identifier joins right after `node`.
    pub(super) fn is_place_to_join(&self, node: NodeIdx, id: RingId) -> bool {
        self.first_successor(node).is_none_or(|successor| {
            let (me, successor) = (self.node(node).id, self.id_of(successor));
            self.space.between_right_closed(me, id, successor)
        })
    }

    fn welcome(&mut self, op: OpIdx, origin: NodeIdx, fx: &mut Fx) {
        let me = self.node(fx.node());
        let answer = if me.status == Status::Idle && !me.expecting {
            let list = self.list_of(fx.node());
            let state = fx.pack(me.predecessor, list);
            self.node_mut(fx.node()).expecting = self.config.stabilize_every.is_some();
            self.stabilize_soon(fx);
            Msg::Welcome(op, state)
        } else {
            Msg::JoinLater(op)
        };
        fx.send(origin, answer, Traffic::Maintenance);
    }

    /// The place to join has been found: `from` precedes this node.
    pub(super) fn on_welcome(&mut self, from: NodeIdx, op: OpIdx, state: ParcelId, fx: &mut Fx) {
        let node = fx.node();
        let (_, list) = fx.unpack(state);
        // The list may still name this node: some nodes knew it in an earlier life. Or it may name a
        // node that is gone and had the same identifier.
        let another = |entry: &NodeIdx| {
            entry
                .some()
                .is_none_or(|entry| self.id_of(entry) != self.node(node).id)
        };
        let others: Vec<_> = list.iter().copied().filter(another).collect();
        if self.node(node).pending_op != Some(op) || self.ops.remove(op).is_none() {
            return;
        }
        let head = others
            .first()
            .copied()
            .and_then(NodeIdx::some)
            .unwrap_or(from);
        let tail = others.get(1..).unwrap_or_default();
        let length = self.before_wrap(node, head, tail);
        self.set_successors(node, head, &tail[..length]);
        self.set_predecessor(node, from);
        let me = self.node_mut(node);
        me.pending_op = None;
        me.member = true;
        fx.push(Effect::Joined);
        self.reset_fingers(node);
        self.start_timers(true, fx);
    }

    /// The join has failed: the node needs another contact to start again.
    pub(super) fn join_failed(&mut self, fx: &mut Fx) {
        self.node_mut(fx.node()).pending_op = None;
        fx.push(Effect::Isolated);
    }

    /// The join may start again after a moment.
    pub(super) fn on_join_later(&mut self, op: OpIdx, fx: &mut Fx) {
        if self.own_op(op, fx).is_some() {
            let wait = some_wait(fx);
            fx.timer(wait, Timer::Join(op));
        }
    }

    /// The join has taken too long. It starts afresh, perhaps through another contact.
    pub(super) fn on_join_timer(&mut self, op: OpIdx, fx: &mut Fx) {
        if self.node(fx.node()).pending_op == Some(op) && self.ops.remove(op).is_some() {
            self.join_failed(fx);
        }
    }

    /// Every successor is dead: the node has lost the ring and joins anew.
    pub(super) fn lose_ring(&mut self, fx: &mut Fx) {
        let node = fx.node();
        self.reset(node);
        fx.push(Effect::Isolated);
    }
}
