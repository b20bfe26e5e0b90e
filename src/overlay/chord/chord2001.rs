//! `maintenance = "chord2001"`: the protocol as first published (Stoica et al., SIGCOMM 2001, section
//! 4.4 and figure 7, with the successor lists of section 5.2). What the three protocols share is in
//! [`super::stabilize`].
//!
//! ```text
//! n.join(n'):      predecessor = nil; successor = n'.find_successor(n)
//! n.stabilize():   x = successor.predecessor
//!                  if x in (n, successor): successor = x
//!                  successor.notify(n)
//! n.notify(n'):    if predecessor is nil or n' in (predecessor, n): predecessor = n'
//! ```
//!
//! A list of successors is kept by "a modified version of the stabilize routine"; the paper says no
//! more about it. Here, as Zave reads it, the list is the successor followed by the successor's list as
//! of its latest answer. `successor = x` puts x in the *place* of the first entry; the next round
//! fetches x's list. A successor that does not answer is replaced by the first entry that answers.
//!
//! What is wrong with the protocol, and why it is here (Zave 2017; `scenarios/paper/` lets it run into
//! these faults):
//!
//! * *x is believed in without being asked, and a live successor is given up for it.* x may be dead. If
//!   the rest of the list is dead as well, the node has lost the ring by its own doing. If x is alive,
//!   the list skips the successor until the next round.
//! * *A node that joins knows one node.* Until it has stabilised, its list has one entry. It takes its
//!   successor from the node that answers its lookup. If that node has not yet heard of a node in
//!   between, the new node's list skips a node on which all others rely.
//! * *No node checks its predecessor.* There is no check in the figure, so a dead predecessor stays. No
//!   node farther away can take its place, and the node before it is told of the dead one in every
//!   round. The key `check_predecessor_every` is "off" by default with this protocol; a period there
//!   adds the check that the authors added later.
//!
//! Leaving nodes send no notice (the paper has crashes only).

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

    /// The successor has answered, and `candidate`, its predecessor, lies between. The candidate
    /// becomes the successor, whether it is dead or alive.
    pub(super) fn believe_in(&mut self, candidate: NodeIdx, fx: &mut Fx) {
        match self.config.maintenance {
            Maintenance::Chord2001 => self.replace_first(candidate, fx),
            _ => self.put_in_front(candidate, fx),
        }
        fx.send(candidate, Msg::Notify, Traffic::Maintenance);
    }

    /// A node becomes the first successor and replaces the former one.
    fn replace_first(&mut self, successor: NodeIdx, fx: &Fx) {
        let node = fx.node();
        let rest = self.list_of(node)[1..].to_vec();
        self.set_successors(node, successor, &rest);
        self.follow_successor(node);
    }

    /// A node becomes the first successor; the other entries move back.
    pub(super) fn put_in_front(&mut self, successor: NodeIdx, fx: &Fx) {
        let node = fx.node();
        let rest = self.list_of(node).to_vec();
        self.set_successors(node, successor, &rest);
        self.follow_successor(node);
    }
}
