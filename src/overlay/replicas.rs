//! What an overlay has to say so that values can be stored on it, and how its messages carry those of storage.

use super::Overlay;
use crate::world::{CallId, NodeIdx, RingId, Space};

/// The positions behind `after`, up to and including `upto`. If both are the same, it is the whole ring.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arc {
    /// The last position before the arc.
    pub after: RingId,
    /// Its last position.
    pub upto: RingId,
}

impl Arc {
    /// Whether a key lies on the arc.
    #[must_use]
    pub fn holds(self, space: Space, key: RingId) -> bool {
        self.after == self.upto || space.between_right_closed(self.after, key, self.upto)
    }
}

/// An overlay whose nodes know for which keys they answer, and who stands in for them.
pub trait Replicas: Overlay {
    /// Whether a node is a member.
    fn is_member(&self, node: NodeIdx) -> bool;

    /// The keys that a node takes for its own; `None` if it does not know, or is no member.
    fn own_arc(&self, node: NodeIdx) -> Option<Arc>;

    /// The predecessor that a node believes in.
    fn predecessor(&self, node: NodeIdx) -> Option<NodeIdx>;

    /// The nodes that come into question to keep copies of a node's own keys, best first, without the node itself.
    fn stand_ins(&self, node: NodeIdx) -> &[NodeIdx];

    /// Lets the coordinates of a node travel with a call that it has just made. Returns whether nodes have any.
    fn send_coordinates(&mut self, node: NodeIdx, call: CallId) -> bool {
        let _ = (node, call);
        false
    }

    /// Sorts nodes by how far they are from the node that made this call, whose coordinates came with it, or from `node`
    /// itself; by the coordinates that `node` knows of them. Those of which it knows none come last, in the order that they
    /// had.
    fn sort_by_distance(
        &mut self,
        node: NodeIdx,
        caller: Option<(NodeIdx, CallId)>,
        nodes: &mut [NodeIdx],
    ) {
        let _ = (node, caller, nodes);
    }

    /// The next node on the way to the owner of a key, as far as `node` knows.
    fn towards(&self, node: NodeIdx, key: RingId) -> Option<NodeIdx>;
}

/// What can carry a `T` among things of its own: a message of an overlay that can be one of storage, a timer, the purpose of
/// a call.
pub trait Carries<T>: From<T> {
    /// What is carried, unless it is one of its own.
    fn carried(&self) -> Option<T>;
}
