//! Where a lookup goes next.
//!
//! With fingers: if the key lies within the successor list, the lookup goes to the owner there; otherwise
//! to the farthest known node that precedes the key (Stoica et al. 2003 give the list to
//! `closest_preceding_node` in the same way). With successors only: always to the first successor.
//!
//! Where next hops are chosen by latency ([`proximity`](super::proximity)), only the way to the owner in the list is the same.
//!
//! When a node does not answer, the same rule is asked for the next best node *after* it. The candidates
//! have a fixed order (owners clockwise from the key, then nodes before the key from the farthest to the
//! nearest). So only the node that failed needs to be remembered.

use super::fingers::Finger;
use super::message::Role;
use super::{Chord, Node};
use crate::scenario::resolved::Routing;
use crate::world::{NodeIdx, OpIdx, RingId};

/// The node that receives a lookup next, and its role.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Hop {
    pub to: NodeIdx,
    pub role: Role,
}

/// An entry of a successor list.
#[derive(Clone, Copy)]
struct InList {
    position: usize,
    distance: u64,
}

impl Chord {
    /// The best next hop for `key` at `node`, or the best one after `failed`. `None`: there is no node left
    /// to ask.
    pub(super) fn next_hop(
        &self,
        node: NodeIdx,
        key: RingId,
        failed: Option<NodeIdx>,
    ) -> Option<Hop> {
        let to_key = self.space.distance(self.node(node).id, key);
        let beyond = failed.map(|failed| self.distance(node, failed));
        if self.config.routing == Routing::Successors {
            return self.along_the_ring(node, to_key, beyond);
        }
        let step_after = |failed: Option<(NodeIdx, u64)>| {
            let to = if self.selects_routes {
                self.cheapest_preceding_node(node, key, failed.map(|(failed, _)| failed))
            } else {
                let limit = failed.map_or(to_key, |(_, distance)| distance);
                self.closest_preceding_node(node, limit)
            };
            let role = Role::Step;
            to.map(|to| Hop { to, role })
        };
        match failed.zip(beyond) {
            Some(failed) if failed.1 < to_key => step_after(Some(failed)),
            _ => self
                .owner_in_list(node, to_key, beyond)
                .or_else(|| step_after(None)),
        }
    }

    /// The best next hop (after `failed`) of an operation whose asking node asks every node itself. A node
    /// that has not answered this operation before is not asked again.
    pub(super) fn next_hop_of(
        &self,
        op: OpIdx,
        node: NodeIdx,
        failed: Option<NodeIdx>,
    ) -> Option<Hop> {
        let key = self.ops.get(op)?.key;
        let mut hop = self.next_hop(node, key, failed)?;
        while self.ops.is_passed_over(op, hop.to) {
            hop = self.next_hop(node, key, Some(hop.to))?;
        }
        Some(hop)
    }

    /// The best next hop for a node that joins at `key`: only nodes before the key count. `None` without a
    /// `failed` node means that `node` itself is the place to join after.
    pub(super) fn next_hop_to_join(
        &self,
        node: NodeIdx,
        key: RingId,
        failed: Option<NodeIdx>,
    ) -> Option<NodeIdx> {
        let to_key = self.space.distance(self.node(node).id, key);
        let limit = failed.map_or(to_key, |failed| self.distance(node, failed));
        match self.config.routing {
            Routing::Fingers => self.closest_preceding_node(node, limit),
            Routing::Successors => self.list_of(node).iter().copied().find(|entry| {
                let distance = self.distance(node, *entry);
                distance < to_key && failed.is_none_or(|f| distance > self.distance(node, f))
            }),
        }
    }

    /// The first node of the successor list at or after the key (and farther away than the `failed` node),
    /// if the key lies within the list.
    fn owner_in_list(&self, node: NodeIdx, to_key: u64, failed: Option<u64>) -> Option<Hop> {
        let beyond = failed.map_or(to_key, |failed| failed + 1);
        if to_key == 0 {
            return None;
        }
        let role = Role::Owner;
        let owner = self.first_in_list(node, beyond);
        owner.map(|to| Hop { to, role })
    }

    /// The first entry of the successor list that is at least this far away, if the list reaches that far.
    pub(super) fn first_in_list(&self, node: NodeIdx, distance: u64) -> Option<NodeIdx> {
        let me = self.node(node);
        if !self.list_reaches(me, distance) {
            return None;
        }
        let list = self.list_of(node);
        let nearer = |place: usize| self.distance_of(me, list[place]) < distance;
        // Each step looks at another node's identifier. Entries lie so evenly that the right place is only
        // a step or two from the expected one.
        let mut place = self.expected_place(me, distance);
        while place > 0 && !nearer(place - 1) {
            place -= 1;
        }
        while place < list.len() && nearer(place) {
            place += 1;
        }
        list.get(place).copied()
    }

    /// The expected place of the first entry of the successor list that is at least this far away.
    pub(super) fn expected_place(&self, me: &Node, distance: u64) -> usize {
        let Some(end) = me.list.id() else { return 0 };
        let share = distance as f64 / self.space.distance(me.id, end) as f64;
        ((share * me.list.len() as f64) as usize).min(me.list.len() - 1)
    }

    /// Whether the successor list of a node reaches this far.
    pub(super) fn list_reaches(&self, node: &Node, distance: u64) -> bool {
        let end = node.list.id();
        end.is_some_and(|end| self.space.distance(node.id, end) >= distance)
    }

    /// The farthest known node, finger or successor, at a distance below `limit`.
    fn closest_preceding_node(&self, node: NodeIdx, limit: u64) -> Option<NodeIdx> {
        let finger = self.closest_preceding_finger(node, limit);
        let Some(in_list) = self.closest_preceding_successor(node, limit) else {
            return finger.map(|finger| finger.node);
        };
        match finger {
            Some(finger) if self.is_farther(node, finger, in_list) => Some(finger.node),
            _ => self.list_of(node).get(in_list.position).copied(),
        }
    }

    /// The farthest entry of the successor list at a distance below `limit`.
    fn closest_preceding_successor(&self, node: NodeIdx, limit: u64) -> Option<InList> {
        let me = self.node(node);
        let nearer = |id: RingId| {
            let distance = self.space.distance(me.id, id);
            (distance > 0 && distance < limit).then_some(distance)
        };
        // Mostly the whole list lies before the limit, and then only its last entry matters.
        if let Some(distance) = me.list.id().and_then(nearer) {
            let position = me.list.len() - 1;
            return Some(InList { position, distance });
        }
        let mut list = self.list_of(node).iter().enumerate().rev();
        list.find_map(|(position, entry)| {
            let distance = nearer(self.id_of(*entry))?;
            Some(InList { position, distance })
        })
    }

    /// The farthest finger at a distance below `limit`.
    fn closest_preceding_finger(&self, node: NodeIdx, limit: u64) -> Option<Finger> {
        // Entries whose start lies at or beyond the limit cannot name a node before it.
        let top = limit.checked_sub(1)?.checked_ilog2()?;
        let me = self.node(node);
        let precedes = |finger: &Finger| match self.fingers.reach(me.id, *finger) {
            Some(reach) if *reach.start() >= limit => false,
            Some(reach) if *reach.start() > 0 && *reach.end() < limit => true,
            _ => (1..limit).contains(&self.distance_of(me, finger.node)),
        };
        self.fingers.downwards(&me.fingers, top).find(precedes)
    }

    /// Whether a finger is farther away than an entry of the successor list.
    fn is_farther(&self, node: NodeIdx, finger: Finger, entry: InList) -> bool {
        let me = self.node(node);
        match self.fingers.reach(me.id, finger) {
            Some(reach) if *reach.start() > entry.distance => true,
            Some(reach) if *reach.end() <= entry.distance => false,
            _ => self.distance_of(me, finger.node) > entry.distance,
        }
    }

    /// The first successor (after the `failed` one), whatever the key.
    fn along_the_ring(&self, node: NodeIdx, to_key: u64, failed: Option<u64>) -> Option<Hop> {
        let list = self.list_of(node).iter().copied();
        let mut live =
            list.filter(|entry| failed.is_none_or(|failed| self.distance(node, *entry) > failed));
        let to = live.next()?;
        let is_owner = to_key != 0 && self.distance(node, to) >= to_key;
        let role = if is_owner { Role::Owner } else { Role::Step };
        Some(Hop { to, role })
    }
}
