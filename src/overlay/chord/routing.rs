//! Where a lookup goes next.
//!
//! With fingers: if the key lies within the successor list, to its owner there; else to the
//! farthest node known that precedes the key (Stoica et al. 2003 give the list to
//! `closest_preceding_node` in the same way). With successors only: to the
//! first successor, always.
//!
//! When a node does not answer, the same rule is asked again for the next best *after* it. The
//! candidates have a fixed order (owners clockwise from the key, then nodes before the key from the
//! farthest to the nearest), so the one that failed is all that needs to be remembered.

use super::Chord;
use super::message::Role;
use crate::engine::{NodeIdx, OpIdx, RingId};
use crate::scenario::resolved::Routing;

/// Whom to hand a lookup, and as what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hop {
    pub to: NodeIdx,
    pub role: Role,
}

impl Chord {
    /// The best next hop for `key` at `node`, or the best one after `failed`. `None`: there is
    /// nobody left to ask.
    pub(super) fn next_hop(
        &self,
        node: NodeIdx,
        key: RingId,
        failed: Option<NodeIdx>,
    ) -> Option<Hop> {
        let to_key = self.space.distance(self.id_of(node), key);
        let failed = failed.map(|failed| self.distance(node, failed));
        if self.config.routing == Routing::Successors {
            return self.along_the_ring(node, to_key, failed);
        }
        let step = |to| Hop {
            to,
            role: Role::Step,
        };
        match failed {
            Some(failed) if failed < to_key => self.closest_preceding_node(node, failed).map(step),
            _ => self
                .owner_in_list(node, to_key, failed)
                .or_else(|| self.closest_preceding_node(node, to_key).map(step)),
        }
    }

    /// The best next hop of an operation whose asking node asks everybody itself (after `failed`): it
    /// goes to nobody again who has not answered it before.
    pub(super) fn next_hop_of(
        &self,
        op: OpIdx,
        node: NodeIdx,
        failed: Option<NodeIdx>,
    ) -> Option<Hop> {
        let key = self.ops.get(op)?.key;
        let mut hop = self.next_hop(node, key, failed)?;
        while self.ops.has_struck_out(op, hop.to) {
            hop = self.next_hop(node, key, Some(hop.to))?;
        }
        Some(hop)
    }

    /// The best next hop for a node that joins at `key`: only nodes before the key will do. `None`
    /// with no `failed` node: `node` itself is the place to join after.
    pub(super) fn next_hop_to_join(
        &self,
        node: NodeIdx,
        key: RingId,
        failed: Option<NodeIdx>,
    ) -> Option<NodeIdx> {
        let to_key = self.space.distance(self.id_of(node), key);
        let limit = failed.map_or(to_key, |failed| self.distance(node, failed));
        match self.config.routing {
            Routing::Fingers => self.closest_preceding_node(node, limit),
            Routing::Successors => self.successors.of(node).iter().copied().find(|entry| {
                let distance = self.distance(node, *entry);
                distance < to_key && failed.is_none_or(|f| distance > self.distance(node, f))
            }),
        }
    }

    /// The first node of the successor list at or after the key (farther than the `failed` one), if
    /// the key lies within the list.
    fn owner_in_list(&self, node: NodeIdx, to_key: u64, failed: Option<u64>) -> Option<Hop> {
        let beyond = failed.map_or(to_key, |failed| failed + 1);
        let list = self.successors.of(node);
        if to_key == 0 || self.distance(node, *list.last()?) < beyond {
            return None;
        }
        list.iter()
            .copied()
            .find(|entry| self.distance(node, *entry) >= beyond)
            .map(|to| Hop {
                to,
                role: Role::Owner,
            })
    }

    /// The farthest node known, finger or successor, at a distance below `limit`.
    fn closest_preceding_node(&self, node: NodeIdx, limit: u64) -> Option<NodeIdx> {
        let nearer = |candidate: &NodeIdx| {
            let distance = self.distance(node, *candidate);
            distance > 0 && distance < limit
        };
        let in_list = self.successors.of(node).iter().rev().copied().find(nearer);
        // Entries whose start lies at or beyond the limit cannot name a node before it.
        let finger = (limit > 1)
            .then(|| {
                self.fingers
                    .downwards(node, (limit - 1).ilog2())
                    .find(nearer)
            })
            .flatten();
        match (in_list, finger) {
            (Some(a), Some(b)) if self.distance(node, a) >= self.distance(node, b) => Some(a),
            (a, b) => b.or(a),
        }
    }

    /// The first successor (after the `failed` one), whatever the key.
    fn along_the_ring(&self, node: NodeIdx, to_key: u64, failed: Option<u64>) -> Option<Hop> {
        let list = self.successors.of(node).iter().copied();
        let mut live =
            list.filter(|entry| failed.is_none_or(|failed| self.distance(node, *entry) > failed));
        let to = live.next()?;
        let is_owner = to_key != 0 && self.distance(node, to) >= to_key;
        let role = if is_owner { Role::Owner } else { Role::Step };
        Some(Hop { to, role })
    }
}
