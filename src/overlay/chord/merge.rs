//! `chord.merge_probe_every`: rings that a partition has split find each other again.
//!
//! Stabilisation asks a successor about its neighbours, and these are members of the same ring. So once each node's first
//! successor is on its own side of a cut, nothing in the maintenance of the three papers leads back to the other side, however
//! long the network has been whole again. The remedy is to ask nodes of which the maintenance knows no more:
//!
//! * A node remembers the last [`REMEMBERED`] nodes that did not answer a call of its own: dead ones, and those that a cut
//!   keeps from answering. They have left its tables, and it keeps them here. The well-known nodes everybody knows as well.
//! * From time to time it hands one of these, each in its turn, a lookup for *its own identifier*. In its own ring the answer
//!   is itself. In another ring it is the node there that follows it. If that one lies between the node and its successor, it
//!   is a candidate for the successor, and is treated as one that the successor has named: the proved protocol asks it for its
//!   list first, the older ones believe in it.
//!
//! One side is enough: the candidate is notified, takes the node as its predecessor, and names it to the node before in its own
//! ring, which stabilises. So each place where the two rings interleave is closed from whichever side finds it first.
//!
//! Sources: Datta and Aberer, "The challenges of merging two similar structured overlays: a tale of two networks", IWSOS
//! 2006; Shafaat, Ghodsi and Haridi, "Handling network partitions and mergers in structured overlay networks", P2P 2007. The
//! latter's *passive list* (nodes detected as failed, to be asked again) is what is remembered here, and its lookup of an
//! identifier through them the probe. Left out is their gossip, by which a node that has found another ring
//! tells others of it at once: here each node finds out for itself.

use super::lookup::hand_over;
use super::message::{HopHeader, Role};
use super::ops::OpKind;
use super::timer::Timer;
use super::{Chord, Fx, Status};
use crate::scenario::resolved::{Bootstrap, Maintenance, Overlay};
use crate::world::{NodeIdx, OpIdx};

/// How many nodes that did not answer a node remembers. An older one makes room for the next.
const REMEMBERED: usize = 8;

/// Of all nodes, whom they remember.
pub(super) struct Contacts {
    well_known: Vec<NodeIdx>,
    /// By the rows of the nodes.
    memories: Vec<Memory>,
}

#[derive(Clone, Copy)]
struct Memory {
    silent: [NodeIdx; REMEMBERED],
    /// Where the next one goes.
    place: u8,
    /// Whose turn it is: that of one of these, or of a well-known node.
    turn: u8,
    /// The probe under way.
    probe: Option<OpIdx>,
}

impl Memory {
    const EMPTY: Self = Self {
        silent: [NodeIdx::NONE; REMEMBERED],
        place: 0,
        turn: 0,
        probe: None,
    };
}

impl Contacts {
    /// Of no node yet. Everybody knows the first peers of this overlay that are well known.
    pub(super) fn new(overlay: &Overlay) -> Self {
        let count = match overlay.bootstrap {
            Bootstrap::Replaced => 1,
            Bootstrap::Fixed(count) => count,
        };
        let well_known = (0..count).map(|peer| NodeIdx(peer * overlay.virtual_nodes));
        Self {
            well_known: well_known.collect(),
            memories: Vec::new(),
        }
    }

    /// The node that has this row now remembers nobody.
    pub(super) fn begin(&mut self, row: usize) {
        let rows = self.memories.len().max(row + 1);
        self.memories.resize(rows, Memory::EMPTY);
        self.memories[row] = Memory::EMPTY;
    }

    fn remember(&mut self, row: usize, silent: NodeIdx) {
        let memory = &mut self.memories[row];
        if memory.silent.contains(&silent) || self.well_known.contains(&silent) {
            return;
        }
        memory.silent[usize::from(memory.place)] = silent;
        memory.place = (memory.place + 1) % REMEMBERED as u8;
    }

    /// Who is to be asked next, in turn.
    fn next(&mut self, node: NodeIdx, row: usize) -> Option<NodeIdx> {
        let memory = &mut self.memories[row];
        let all = REMEMBERED + self.well_known.len();
        for _ in 0..all {
            let turn = usize::from(memory.turn);
            memory.turn = ((turn + 1) % all) as u8;
            let silent = memory.silent.get(turn);
            let contact = *silent.unwrap_or_else(|| &self.well_known[turn - REMEMBERED]);
            if contact != NodeIdx::NONE && contact != node {
                return Some(contact);
            }
        }
        None
    }
}

impl Chord {
    /// A node has not answered.
    pub(super) fn remember(&mut self, node: NodeIdx, silent: NodeIdx) {
        if let Some(contacts) = &mut self.contacts {
            contacts.remember(self.rows.of(node), silent);
        }
    }

    /// The node is gone, and with it what it remembered.
    pub(super) fn forget_contacts(&mut self, node: NodeIdx) {
        self.drop_probe(node);
        if let Some(contacts) = &mut self.contacts {
            contacts.begin(self.rows.of(node));
        }
    }

    /// The probe under way, if there is one, is given up.
    fn drop_probe(&mut self, node: NodeIdx) {
        if let Some(contacts) = &mut self.contacts
            && let Some(op) = contacts.memories[self.rows.of(node)].probe.take()
            // The name may be that of a later operation by now.
            && self.ops.get(op).is_some_and(|row| row.origin == node && row.kind() == OpKind::Probe)
        {
            self.ops.remove(op);
        }
    }

    /// The timer has gone off: asks the next contact.
    pub(super) fn on_probe_timer(&mut self, fx: &mut Fx) {
        let Some(period) = self.config.merge_probe_every else {
            return;
        };
        let next = self.jittered(period, fx);
        fx.timer(next, Timer::Probe);
        let node = fx.node();
        self.drop_probe(node);
        let Some(contacts) = &mut self.contacts else {
            return;
        };
        let row = self.rows.of(node);
        let Some(contact) = contacts.next(node, row) else {
            return;
        };
        let key = self.nodes.of(&self.rows, node).id;
        let op = self.ops.insert(key, node, OpKind::Probe, fx.now());
        contacts.memories[row].probe = Some(op);
        if let Some(task) = self.ops.task(op) {
            hand_over(&task, contact, HopHeader::new(Role::Step, 1), fx);
        }
    }

    /// A probe has found the owner of this node's identifier: the node itself, or one of another ring.
    pub(super) fn on_probe_answer(&mut self, owner: NodeIdx, fx: &mut Fx) {
        let node = fx.node();
        let me = self.node(node);
        if owner == node || !me.member || me.status != Status::Idle {
            return;
        }
        let successor = self.first_successor(node);
        if !successor.is_none_or(|successor| self.is_between(node, owner, successor)) {
            return;
        }
        match self.config.maintenance {
            Maintenance::Zave2017 => self.ask_between(owner, fx),
            Maintenance::Ton2003 | Maintenance::Chord2001 => self.believe_in(owner, fx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::overlay;
    use super::*;

    #[test]
    fn the_last_silent_nodes_and_the_well_known_ones_have_their_turns() {
        let shape = Overlay {
            bootstrap: Bootstrap::Fixed(2),
            virtual_nodes: 3,
            ..overlay(8)
        };
        let mut contacts = Contacts::new(&shape);
        let me = NodeIdx(3);
        contacts.begin(0);
        let turns = |contacts: &mut Contacts, count: usize| -> Vec<u32> {
            let turns = (0..count).map(|_| contacts.next(me, 0).unwrap().0);
            turns.collect()
        };
        assert_eq!(turns(&mut contacts, 2), [0, 0], "not itself");
        for silent in [20, 21, 20, 0] {
            contacts.remember(0, NodeIdx(silent));
        }
        assert_eq!(turns(&mut contacts, 4), [20, 21, 0, 20]);
        (30..37).for_each(|silent| contacts.remember(0, NodeIdx(silent)));
        let all = turns(&mut contacts, 9);
        assert!(!all.contains(&20), "the oldest has made room: {all:?}");
        assert!(all.contains(&21) && all.contains(&36), "{all:?}");
        contacts.begin(0);
        assert_eq!(turns(&mut contacts, 1), [0], "the next node of this row");
    }
}
