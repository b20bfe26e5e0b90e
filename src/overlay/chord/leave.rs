//! Leaving with a goodbye (Stoica et al. 2003, on voluntary node departures): the predecessor drops
//! the node from its list, the successor learns who comes before it now.

use super::message::Msg;
use super::{Chord, Fx};
use crate::engine::NodeIdx;
use crate::overlay::Traffic;

impl Chord {
    pub(super) fn say_goodbye(&mut self, fx: &mut Fx) {
        let me = *self.node(fx.node());
        let (Some(successor), true) = (self.successors.first(fx.node()), me.member) else {
            return;
        };
        if let Some(predecessor) = me.predecessor.some() {
            fx.send(predecessor, Msg::SuccessorLeaves, Traffic::Maintenance);
        }
        fx.send(
            successor,
            Msg::PredecessorLeaves(me.predecessor),
            Traffic::Maintenance,
        );
    }

    /// The predecessor leaves and names its own as the new one.
    pub(super) fn on_predecessor_leaves(&mut self, from: NodeIdx, heir: NodeIdx, fx: &mut Fx) {
        let node = fx.node();
        if self.node(node).predecessor == from {
            self.node_mut(node).predecessor = if heir == node { NodeIdx::NONE } else { heir };
        }
    }
}
