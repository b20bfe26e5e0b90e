//! The auditor's copies of all members' successor lists, and who has whom in it.

use crate::world::NodeIdx;

/// What a list was and what it has become.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Change {
    pub before: Vec<NodeIdx>,
    pub after: Vec<NodeIdx>,
}

/// The lists of members; empty for everybody else.
#[derive(Default)]
pub(super) struct Lists {
    of: Vec<Vec<NodeIdx>>,
    holders: Vec<Vec<NodeIdx>>,
}

impl Lists {
    /// The list of a member, nearest first.
    pub(super) fn of(&self, node: NodeIdx) -> &[NodeIdx] {
        self.of.get(node.at()).map_or(&[], Vec::as_slice)
    }

    /// The members that have this node in their lists.
    pub(super) fn holders(&self, node: NodeIdx) -> Vec<NodeIdx> {
        self.holders.get(node.at()).cloned().unwrap_or_default()
    }

    /// Replaces a list; `None` if it is the same.
    pub(super) fn update(&mut self, node: NodeIdx, list: &[NodeIdx]) -> Option<Change> {
        if self.of(node) == list {
            return None;
        }
        let most = list.iter().chain([&node]).map(|node| node.at()).max();
        self.make_room(most.unwrap_or(0));
        let before = std::mem::replace(&mut self.of[node.at()], list.to_vec());
        let after = list.to_vec();
        for gone in before.iter().filter(|entry| !after.contains(entry)) {
            self.holders[gone.at()].retain(|holder| *holder != node);
        }
        for new in after.iter().filter(|entry| !before.contains(entry)) {
            self.holders[new.at()].push(node);
        }
        Some(Change { before, after })
    }

    fn make_room(&mut self, most: usize) {
        if self.of.len() <= most {
            self.of.resize_with(most + 1, Vec::new);
            self.holders.resize_with(most + 1, Vec::new);
        }
    }
}
