//! The oracle: who really owns a key. Only measurements ask it; no protocol ever does.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::engine::{NodeIdx, RingId};

/// All live members in the order of the ring.
#[derive(Default)]
pub struct Oracle {
    ring: BTreeMap<RingId, NodeIdx>,
    member: Vec<bool>,
}

impl Oracle {
    /// The oracle of a ring that is complete from the start; `members` is sorted by identifier.
    #[must_use]
    pub fn of(members: &[(RingId, NodeIdx)]) -> Self {
        let mut member = vec![false; members.len()];
        for (_, node) in members {
            set(&mut member, *node, true);
        }
        Self {
            ring: members.iter().copied().collect(),
            member,
        }
    }

    /// A node has become a member.
    pub fn insert(&mut self, id: RingId, node: NodeIdx) {
        self.ring.insert(id, node);
        set(&mut self.member, node, true);
    }

    /// A node is no member any more. Harmless if it was none.
    pub fn remove(&mut self, id: RingId, node: NodeIdx) {
        if self.is_member(node) {
            self.ring.remove(&id);
            self.member[node.at()] = false;
        }
    }

    /// Whether a node is a live member.
    #[must_use]
    pub fn is_member(&self, node: NodeIdx) -> bool {
        self.member.get(node.at()).copied().unwrap_or(false)
    }

    /// Whether a member has this identifier.
    #[must_use]
    pub fn holds(&self, id: RingId) -> bool {
        self.ring.contains_key(&id)
    }

    /// The owner of a key: the first live member whose identifier is equal to or follows it.
    #[must_use]
    pub fn owner(&self, key: RingId) -> Option<(RingId, NodeIdx)> {
        let after = self.ring.range(key..).next();
        after
            .or_else(|| self.ring.first_key_value())
            .map(|(id, node)| (*id, *node))
    }

    /// The identifier of a key's owner.
    #[must_use]
    pub fn owner_id(&self, key: RingId) -> Option<RingId> {
        self.owner(key).map(|(id, _)| id)
    }

    /// The member that follows the identifier `id` on the ring.
    #[must_use]
    pub fn next(&self, id: RingId) -> Option<NodeIdx> {
        let after = self
            .ring
            .range((Bound::Excluded(id), Bound::Unbounded))
            .next();
        after
            .or_else(|| self.ring.first_key_value())
            .map(|(_, node)| *node)
    }

    /// The identifier of the last member before `id`.
    #[must_use]
    pub fn before(&self, id: RingId) -> Option<RingId> {
        let before = self.ring.range(..id).next_back();
        before
            .or_else(|| self.ring.last_key_value())
            .map(|(id, _)| *id)
    }

    /// All members, clockwise from the first at or after `id`, each once.
    pub fn clockwise_from(&self, id: RingId) -> impl Iterator<Item = (RingId, NodeIdx)> + '_ {
        let all = self.ring.range(id..).chain(self.ring.range(..id));
        all.map(|(id, node)| (*id, *node))
    }

    /// All members, clockwise from the least identifier.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (RingId, NodeIdx)> + '_ {
        self.ring.iter().map(|(id, node)| (*id, *node))
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ring.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }
}

fn set(member: &mut Vec<bool>, node: NodeIdx, value: bool) {
    if member.len() <= node.at() {
        member.resize(node.at() + 1, false);
    }
    member[node.at()] = value;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lecture_s_keys_belong_to_the_next_highest_node() {
        let nodes = [32, 98, 124].map(RingId);
        let members: Vec<_> = nodes
            .iter()
            .zip(0..)
            .map(|(id, i)| (*id, NodeIdx(i)))
            .collect();
        let mut oracle = Oracle::of(&members);
        for key in 0..128 {
            let expected = nodes.iter().find(|id| id.0 >= key).unwrap_or(&nodes[0]);
            assert_eq!(oracle.owner(RingId(key)).unwrap().0, *expected, "key {key}");
        }
        assert_eq!(oracle.next(RingId(124)), Some(NodeIdx(0)));
        oracle.remove(RingId(98), NodeIdx(1));
        assert_eq!(oracle.owner(RingId(33)).unwrap().1, NodeIdx(2));
        assert_eq!(oracle.len(), 2);
        assert!(!oracle.is_member(NodeIdx(1)));
    }
}
