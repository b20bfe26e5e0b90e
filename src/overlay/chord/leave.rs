//! Leaving with a goodbye (Stoica et al. 2003, section IV-E, on voluntary node departures): the
//! predecessor drops the leaving node from its list, and the successor learns its new predecessor.
//!
//! In the paper of 2003 the last entry of the leaving node's list is handed over. Zave's protocol has
//! only departures without a word. The same goodbye does that protocol no harm, but the predecessor
//! takes no entry on trust: it asks its new successor for its list at once. In the paper of 2001 no
//! node says goodbye.

use super::message::{Heir, Msg};
use super::{Chord, Fx};
use crate::overlay::Traffic;
use crate::scenario::resolved::Maintenance;
use crate::world::NodeIdx;

impl Chord {
    pub(super) fn say_goodbye(&mut self, fx: &mut Fx) {
        let me = self.node(fx.node());
        let (Some(successor), true) = (self.first_successor(fx.node()), me.member) else {
            return;
        };
        let last = match self.config.maintenance {
            Maintenance::Zave2017 => NodeIdx::NONE,
            Maintenance::Ton2003 => *self.list_of(fx.node()).last().unwrap_or(&successor),
            Maintenance::Chord2001 => return,
        };
        if let Some(predecessor) = me.predecessor.some() {
            let goodbye = Msg::SuccessorLeaves(Heir(last));
            fx.send(predecessor, goodbye, Traffic::Maintenance);
        }
        fx.send(
            successor,
            Msg::PredecessorLeaves(me.predecessor),
            Traffic::Maintenance,
        );
    }

    /// A successor leaves; in the paper of 2003 it hands over the last entry of its list.
    pub(super) fn on_successor_leaves(&mut self, from: NodeIdx, last: NodeIdx, fx: &mut Fx) {
        if self.is_proved() {
            self.without_successor(from, fx);
        } else {
            self.close_gap(from, last, fx);
        }
    }

    /// The predecessor leaves and names its own predecessor as the new one.
    pub(super) fn on_predecessor_leaves(&mut self, from: NodeIdx, heir: NodeIdx, fx: &mut Fx) {
        let node = fx.node();
        if self.node(node).predecessor == from {
            self.set_predecessor(node, if heir == node { NodeIdx::NONE } else { heir });
        }
    }
}
