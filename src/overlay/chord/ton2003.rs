//! `maintenance = "ton2003"`: the protocol of the journal paper (Stoica et al., IEEE/ACM Transactions on
//! Networking 11(1), 2003, section IV-E and figure 6) as its evaluation ran it (section V). Figure 6 is
//! that of [`super::chord2001`] with a check on the predecessor and successor lists. It is extended by
//!
//! * *telling the old predecessor* (section V, on lookups during stabilisation): when the predecessor of
//!   a node changes from p to p', the node tells p. Then p can take p' as its successor without waiting
//!   for its next round;
//! * *departure notices* (section IV-E, "Voluntary node departures"): a leaving node tells its
//!   predecessor and its successor. The predecessor drops it and appends the last entry of its list; the
//!   successor takes over its predecessor;
//! * *one other entry* (section V): each round of the evaluation refreshes the successor and one other
//!   entry of the successor list or finger table, so that with k different entries each has its turn
//!   every k rounds. Here `fix_fingers_every` times the other entry: after a round through the fingers,
//!   the entries of the list have their turn. An entry that does not answer is dropped.
//!
//! A node in between is put *in front of* the list, as section IV-E keeps its lists, and not in the
//! place of the successor.
//!
//! What is proved of [`super::zave2017`] does not hold here: successors are still believed in without
//! being asked, and a node that joins knows one node.

use super::message::Msg;
use super::{Chord, Fx, Purpose};
use crate::overlay::Traffic;
use crate::scenario::resolved::Maintenance;
use crate::world::NodeIdx;

impl Chord {
    /// The predecessor has changed: tells the old predecessor.
    pub(super) fn tell_old_predecessor(&self, old: NodeIdx, new: NodeIdx, fx: &mut Fx) {
        if self.config.maintenance == Maintenance::Ton2003 && old != new {
            fx.send(old, Msg::NewSuccessor(new), Traffic::Maintenance);
        }
    }

    /// The successor has a new predecessor.
    pub(super) fn on_new_successor(&mut self, from: NodeIdx, new: NodeIdx, fx: &mut Fx) {
        let node = fx.node();
        if self.first_successor(node) == Some(from) && self.is_between(node, new, from) {
            self.put_in_front(new, fx);
        }
    }

    /// A successor leaves and hands over the last entry of its list.
    pub(super) fn close_gap(&mut self, gone: NodeIdx, last: NodeIdx, fx: &mut Fx) {
        let node = fx.node();
        if !self.drop_successor(node, gone) {
            return;
        }
        if let Some(last) = last.some().filter(|last| self.follows_list(node, *last)) {
            let end = self.node(node).list;
            let row = self.rows.of(node);
            self.node_mut(node).list = self.successors.append(&self.ids, row, end, last);
        }
        match self.first_successor(node) {
            Some(_) => self.follow_successor(node),
            None => self.lose_last_successor(gone, fx),
        }
    }

    /// Whether a node lies behind the whole list.
    fn follows_list(&self, node: NodeIdx, candidate: NodeIdx) -> bool {
        let distance = self.distance(node, candidate);
        let end = self.list_of(node).last();
        end.map_or(0, |end| self.distance(node, *end)) < distance
    }

    /// Asks the entry of the successor list whose turn it is. Returns false if it is the turn of a
    /// finger.
    pub(super) fn check_list_entry(&mut self, fx: &mut Fx) -> bool {
        let node = fx.node();
        let position = usize::from(self.node(node).next_entry);
        let list = self.list_of(node);
        let Some(entry) = list.get(position).copied().filter(|_| position > 0) else {
            self.node_mut(node).next_entry = 0;
            return false;
        };
        self.node_mut(node).next_entry += 1;
        let purpose = Purpose::CheckEntry;
        fx.call(entry, purpose, Traffic::Maintenance, Msg::Ping);
        true
    }

    /// The round through the fingers is over: the list has its turn.
    pub(super) fn turn_to_list(&mut self, node: NodeIdx) {
        if self.config.maintenance == Maintenance::Ton2003 {
            self.node_mut(node).next_entry = 1;
        }
    }
}
