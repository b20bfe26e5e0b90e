//! Repairing the finger table, one entry at a time.
//!
//! Each tick of the timer looks up the next entry that needs a message. Entries within reach of the
//! successor list are read off the list. Entries that the last answer settled as well (their start
//! lies between the start looked up and its owner) are not asked for again. So a round takes about
//! as many ticks as the table has different nodes beyond the list, not one tick for each bit.

use super::ops::OpKind;
use super::timer::Timer;
use super::{Chord, Fx};
use crate::world::{NodeIdx, OpIdx};

impl Chord {
    /// The timer has gone off.
    pub(super) fn on_fix_timer(&mut self, fx: &mut Fx) {
        let Some(period) = self.config.fix_fingers_every else {
            return;
        };
        let next = self.jittered(period, fx);
        fx.timer(next, Timer::FixFingers);
        self.give_up_pending_op(fx.node());
        if !self.check_list_entry(fx) {
            self.fix_next_finger(fx);
        }
    }

    /// Looks up the whole table, one entry right after the other.
    pub(super) fn fill_fingers(&mut self, fx: &mut Fx) {
        if self.uses_fingers() && self.config.fix_fingers_every.is_some() {
            self.give_up_pending_op(fx.node());
            let me = self.node_mut(fx.node());
            me.filling = true;
            me.next_finger = 0;
            self.fix_next_finger(fx);
        }
    }

    /// Reads entries off the successor list as far as it reaches, then looks one up.
    fn fix_next_finger(&mut self, fx: &mut Fx) {
        let node = fx.node();
        if self.first_successor(node).is_none() {
            return;
        }
        for _ in 0..self.space.bits() {
            let i = u32::from(self.node(node).next_finger);
            let Some(finger) = self.finger_from_list(node, i) else {
                let key = self.space.finger_start(self.node(node).id, i);
                let op = self.ops.insert(key, node, OpKind::Finger(i as u8));
                self.node_mut(node).pending_op = Some(op);
                return self.begin(op, fx);
            };
            if self.settle(node, i, finger) {
                self.end_round(node);
            }
        }
    }

    /// The end of the table is reached.
    fn end_round(&mut self, node: NodeIdx) {
        self.node_mut(node).filling = false;
        self.turn_to_list(node);
    }

    /// The owner of the start of finger `i`, if the successor list reaches that far.
    fn finger_from_list(&self, node: NodeIdx, i: u32) -> Option<NodeIdx> {
        self.first_in_list(node, 1 << i)
    }

    /// The lookup for finger `i` has found its node.
    pub(super) fn on_finger(&mut self, i: u32, finger: NodeIdx, fx: &mut Fx) {
        let node = fx.node();
        self.node_mut(node).pending_op = None;
        if self.settle(node, i, finger) {
            self.end_round(node);
        } else if self.node(node).filling {
            self.fix_next_finger(fx);
        }
    }

    /// The lookup for a finger has failed; the entry stays as it is until its next turn.
    pub(super) fn finger_failed(&mut self, fx: &mut Fx) {
        let me = self.node_mut(fx.node());
        me.pending_op = None;
        me.filling = false;
        self.skip_finger(fx.node());
    }

    /// Enters a node as finger `i` and as every further entry that it is right for. Returns whether
    /// the end of the table was reached.
    fn settle(&mut self, node: NodeIdx, i: u32, finger: NodeIdx) -> bool {
        let bits = self.space.bits();
        // A node that is its own finger lies after every start.
        let reach = match self.distance(node, finger) {
            0 => u64::MAX,
            distance => distance,
        };
        let last = if reach >> (bits - 1) != 0 {
            bits - 1
        } else {
            reach.ilog2().max(i)
        };
        self.set_fingers(node, i, last, finger);
        self.node_mut(node).next_finger = ((last + 1) % bits) as u8;
        last + 1 == bits
    }

    /// The first successor has changed. By definition, it is the finger of every entry whose start
    /// it covers.
    pub(super) fn follow_successor(&mut self, node: NodeIdx) {
        let Some(successor) = self.first_successor(node) else {
            return;
        };
        if self.uses_fingers() && self.fingers.get(&self.node(node).fingers, 0) != Some(successor) {
            let last = self.distance(node, successor).ilog2();
            self.set_fingers(node, 0, last, successor);
        }
    }

    /// A table for a node that knows only its successor: every entry names the successor.
    pub(super) fn reset_fingers(&mut self, node: NodeIdx) {
        self.fingers.clear(&mut self.nodes[node.at()].fingers);
        if let (true, Some(successor)) = (self.uses_fingers(), self.first_successor(node)) {
            self.set_fingers(node, 0, self.space.bits() - 1, successor);
        }
    }

    fn give_up_pending_op(&mut self, node: NodeIdx) {
        let pending_op: Option<OpIdx> = self.node_mut(node).pending_op.take();
        if let Some(op) = pending_op {
            self.ops.remove(op);
            self.skip_finger(node);
        }
    }

    /// Skips the finger whose turn it is.
    fn skip_finger(&mut self, node: NodeIdx) {
        let bits = self.space.bits();
        let me = self.node_mut(node);
        me.next_finger = ((u32::from(me.next_finger) + 1) % bits) as u8;
    }
}
