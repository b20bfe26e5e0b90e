//! `maintenance = "chord2001"`: the protocol as first published (Stoica et al., SIGCOMM 2001,
//! section 4.4 and figure 7, with the successor lists of section 5.2). What it shares with the others
//! is in [`super::stabilize`].
//!
//! ```text
//! n.join(n'):      predecessor = nil; successor = n'.find_successor(n)
//! n.stabilize():   x = successor.predecessor
//!                  if x in (n, successor): successor = x
//!                  successor.notify(n)
//! n.notify(n'):    if predecessor is nil or n' in (predecessor, n): predecessor = n'
//! ```
//!
//! A list of successors is kept by "a modified version of the stabilize routine", of which the paper
//! says no more. Here, as Zave reads it, the list is the successor followed by its list as of the
//! latest answer, and `successor = x` puts x in the *place* of the first entry; the next round fetches
//! x's list. A successor that does not answer gives way to the first entry that does.
//!
//! What is wrong with it, and why it is here (Zave 2017; `scenarios/paper/` lets it run into the
//! following):
//!
//! * *x is believed in without being asked, and a live successor given up for it.* x may be dead. If
//!   the rest of the list is dead as well, the node has lost the ring by its own doing. If x is alive,
//!   the list skips the successor until the next round.
//! * *A newcomer knows one node.* Until it has stabilised, its list is one entry long, and it takes its
//!   successor from whoever answers the lookup: if that one has not yet heard of a node in between, the
//!   newcomer's list skips a node that everybody else relies on.
//! * *Nobody looks after the predecessor.* There is no check in the figure, so a dead predecessor
//!   stays, no node farther away can take its place, and the node before it is told of the dead one in
//!   every round. The key `check_predecessor_every` is "off" by default with this protocol; a period
//!   there adds the check that the authors added later.
//!
//! Departures say nothing here (the paper has crashes only).

use super::message::Msg;
use super::{Chord, Fx};
use crate::overlay::{Effect, Traffic};
use crate::scenario::resolved::Maintenance;
use crate::world::{NodeIdx, OpIdx};

impl Chord {
    /// The lookup of a node that joins has found its successor.
    pub(super) fn join_before(&mut self, op: OpIdx, successor: NodeIdx, fx: &mut Fx) {
        let node = fx.node();
        let me = self.node_mut(node);
        if me.pending_op != Some(op) {
            return;
        }
        me.pending_op = None;
        me.member = true;
        self.set_predecessor(node, NodeIdx::NONE);
        self.set_successors(node, successor, &[]);
        fx.push(Effect::Joined);
        self.reset_fingers(node);
        self.start_timers(true, fx);
    }

    /// The successor has answered, and `candidate`, its predecessor, lies between: it is the successor
    /// from now on, dead or alive.
    pub(super) fn believe_in(&mut self, candidate: NodeIdx, fx: &mut Fx) {
        match self.config.maintenance {
            Maintenance::Chord2001 => self.replace_first(candidate, fx),
            _ => self.put_in_front(candidate, fx),
        }
        fx.send(candidate, Msg::Notify, Traffic::Maintenance);
    }

    /// A node becomes the first successor in the place of the one before.
    fn replace_first(&mut self, successor: NodeIdx, fx: &Fx) {
        let node = fx.node();
        let rest = self.list_of(node)[1..].to_vec();
        self.set_successors(node, successor, &rest);
        self.follow_successor(node);
    }

    /// A node becomes the first successor; the others move back.
    pub(super) fn put_in_front(&mut self, successor: NodeIdx, fx: &Fx) {
        let node = fx.node();
        let rest = self.list_of(node).to_vec();
        self.set_successors(node, successor, &rest);
        self.follow_successor(node);
    }
}
