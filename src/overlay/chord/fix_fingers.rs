//! Repairing the finger table, one entry at a time.
//!
//! Each tick of the timer looks up the next entry that needs a message. Entries within reach of the
//! successor list are read off the list. Entries that the last answer settled as well (their start
//! lies between the start looked up and its owner) are not asked for again. So a round takes about
//! as many ticks as the table has different nodes beyond the list, not one tick for each bit.
//!
//! No tick gives up a lookup that is under way. Each asks for its own entry, and an answer that comes after
//! the next tick still settles its entry. So every entry has its turn even if lookups take longer than the
//! period, and a ring at rest sends one lookup a period. A lookup that got lost is forgotten after the same
//! time as a user's.

use super::ops::OpKind;
use super::timer::Timer;
use super::{Chord, Fx};
use crate::engine::{SimDuration, SimTime};
use crate::world::{NodeIdx, OpIdx};

impl Chord {
    /// The timer has gone off.
    pub(super) fn on_fix_timer(&mut self, fx: &mut Fx) {
        let Some(period) = self.config.fix_fingers_every else {
            return;
        };
        let next = self.jittered(period, fx);
        fx.timer(next, Timer::FixFingers);
        self.forget_lost_lookups(fx.now());
        if self.proximity.is_some() && self.leaves_fingers_to_proximity(fx) {
            return;
        }
        if !self.is_busy_filling(fx.node(), period, fx.now()) && !self.check_list_entry(fx) {
            self.fix_next_finger(fx);
        }
    }

    /// Looks up the whole table, one entry right after the other.
    pub(super) fn fill_fingers(&mut self, fx: &mut Fx) {
        if self.uses_fingers() && self.config.fix_fingers_every.is_some() {
            if self.leaves_fingers_to_proximity(fx) {
                return;
            }
            let me = self.node_mut(fx.node());
            me.filling = true;
            me.next_finger = 0;
            self.fix_next_finger(fx);
        }
    }

    /// Whether the node waits for an answer after which it looks up the next entry at once. It does not
    /// wait for longer than a period.
    fn is_busy_filling(&self, node: NodeIdx, period: SimDuration, now: SimTime) -> bool {
        let me = self.node(node);
        let waits_for = me.pending_op.filter(|_| me.filling);
        let pending = waits_for.and_then(|op| self.ops.get(op));
        pending.is_some_and(|op| now.since(op.started) < period)
    }

    /// Takes out the lookups for fingers that began too long ago to be answered.
    fn forget_lost_lookups(&mut self, now: SimTime) {
        while let Some(&op) = self.finger_lookups.front() {
            // The name may be that of a later operation by now, which began later.
            let row = self.ops.get(op);
            let pending = row.filter(|row| matches!(row.kind(), OpKind::Finger(_)));
            match pending {
                Some(row) if now.since(row.started) < self.patience => return,
                Some(_) => self.ops.remove(op),
                None => None,
            };
            self.finger_lookups.pop_front();
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
                self.turn_to_finger(node, i + 1);
                return self.look_up_finger(i, fx);
            };
            let last = self.settle(node, i, finger);
            self.turn_to_finger(node, last + 1);
            if self.seek_nearer(last, finger, fx) && !self.node(node).filling {
                return;
            }
        }
    }

    fn look_up_finger(&mut self, i: u32, fx: &mut Fx) {
        let node = fx.node();
        let key = self.space.finger_start(self.node(node).id, i);
        let kind = OpKind::Finger(i as u8);
        let op = self.ops.insert(key, node, kind, fx.now());
        self.finger_lookups.push_back(op);
        self.node_mut(node).pending_op = Some(op);
        self.begin(op, fx);
    }

    /// It is the turn of this entry; past the last one the round is over, and it is the first one's.
    fn turn_to_finger(&mut self, node: NodeIdx, i: u32) {
        let bits = self.space.bits();
        self.node_mut(node).next_finger = (i % bits) as u8;
        if i == bits {
            self.node_mut(node).filling = false;
            self.turn_to_list(node);
        }
    }

    /// The owner of the start of finger `i`, if the successor list reaches that far.
    fn finger_from_list(&self, node: NodeIdx, i: u32) -> Option<NodeIdx> {
        self.first_in_list(node, 1 << i)
    }

    /// The lookup `op` for finger `i` has found its node.
    pub(super) fn on_finger(&mut self, op: OpIdx, i: u32, finger: NodeIdx, fx: &mut Fx) {
        let node = fx.node();
        let is_latest = self.is_latest_lookup(node, op);
        if !self.node(node).member {
            // The node asked in an earlier life.
            return;
        }
        let last = self.settle(node, i, finger);
        self.seek_nearer(last, finger, fx);
        // Entries that are settled by now lose their turn.
        let next = u32::from(self.node(node).next_finger);
        if i < next && next <= last {
            self.turn_to_finger(node, last + 1);
        }
        if is_latest && self.node(node).filling {
            self.fix_next_finger(fx);
        }
    }

    /// The lookup `op` for a finger has failed; the entry stays as it is until its next turn.
    pub(super) fn finger_failed(&mut self, op: OpIdx, fx: &mut Fx) {
        if self.is_latest_lookup(fx.node(), op) {
            self.node_mut(fx.node()).filling = false;
        }
    }

    /// Whether this lookup, which is over, is the latest one. Then the node waits for none.
    fn is_latest_lookup(&mut self, node: NodeIdx, op: OpIdx) -> bool {
        self.node_mut(node)
            .pending_op
            .take_if(|pending| *pending == op)
            .is_some()
    }

    /// Enters a node as finger `i` and as every further entry that it is right for. Returns the last of them.
    fn settle(&mut self, node: NodeIdx, i: u32, finger: NodeIdx) -> u32 {
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
        if self.proximity.is_none() || !self.keeps_chosen(node, last, finger) {
            self.set_fingers(node, i, last, finger);
        } else if i < last {
            self.set_fingers(node, i, last - 1, finger);
        }
        last
    }

    /// Whether a finger that was chosen among several stays until it is clear whether there is a better one, although
    /// `first` is the first node of its interval.
    fn keeps_chosen(&self, node: NodeIdx, entry: u32, first: NodeIdx) -> bool {
        let is_inside = |other| self.is_in_interval(node, other, entry);
        self.is_worth_selecting(node, entry)
            && is_inside(first)
            && self.finger(node, entry).is_some_and(is_inside)
    }

    /// Looks for a nearer node in the interval of a finger, whose first node has been found. Returns whether it does.
    fn seek_nearer(&mut self, entry: u32, first: NodeIdx, fx: &mut Fx) -> bool {
        if self.proximity.is_none() {
            return false;
        }
        let node = fx.node();
        let seeks = self.is_worth_selecting(node, entry) && self.is_in_interval(node, first, entry);
        if seeks {
            self.select_finger(entry, first, fx);
        }
        seeks
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
        self.fingers
            .clear(&mut self.nodes.of_mut(&self.rows, node).fingers);
        if let (true, Some(successor)) = (self.uses_fingers(), self.first_successor(node)) {
            self.set_fingers(node, 0, self.space.bits() - 1, successor);
        }
    }
}
