//! The auditor's copies of all members' successor lists, and who has whom in it.

use std::collections::BTreeSet;

use smallvec::SmallVec;

use crate::world::{NodeIdx, Note, PerNode, Rows};

/// Every event has the list of a node compared: a usual one stands in one place of memory.
type List = SmallVec<[NodeIdx; 16]>;

/// What a list was and what it has become.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Change {
    pub before: Vec<NodeIdx>,
    pub after: Vec<NodeIdx>,
}

/// What is known of one node.
#[derive(Default)]
struct Entries {
    /// Its list.
    list: List,
    /// The members that have it in theirs.
    holders: BTreeSet<NodeIdx>,
}

/// The lists of members; empty for everybody else. Who holds a node matters until it has gone for good: after that it
/// neither comes nor goes.
#[derive(Default)]
pub(super) struct Lists {
    rows: Rows,
    of: PerNode<Entries>,
}

impl Lists {
    /// The next node exists.
    pub(super) fn add_node(&mut self) {
        let row = self.rows.add();
        self.of.fill(&self.rows, row, Entries::default());
    }

    /// A node that is no member will never be one again.
    pub(super) fn forget(&mut self, node: NodeIdx) {
        *self.of.of_mut(&self.rows, node) = Entries::default();
        self.rows.give_back(node, Note::default());
    }

    /// For how many nodes there is room.
    #[cfg(test)]
    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The list of a member, nearest first.
    pub(super) fn of(&self, node: NodeIdx) -> &[NodeIdx] {
        let entries = self.of.get(&self.rows, node);
        entries.map_or(&[], |entries| entries.list.as_slice())
    }

    /// The members that have this node in their lists.
    pub(super) fn holders(&self, node: NodeIdx) -> Vec<NodeIdx> {
        let entries = self.of.get(&self.rows, node);
        let holders = entries.map(|entries| &entries.holders);
        holders.into_iter().flatten().copied().collect()
    }

    /// Replaces a list; gives what it was, or `None` if it is the same.
    pub(super) fn update(&mut self, node: NodeIdx, list: &[NodeIdx]) -> Option<List> {
        if self.of(node) == list {
            return None;
        }
        let entries = self.of.of_mut(&self.rows, node);
        let before = std::mem::replace(&mut entries.list, List::from_slice(list));
        let (was, is) = (sorted(&before), sorted(list));
        for gone in without(&was, &is) {
            self.change_holders(gone, |holders| holders.remove(&node));
        }
        for new in without(&is, &was) {
            self.change_holders(new, |holders| holders.insert(node));
        }
        Some(before)
    }

    fn change_holders(&mut self, of: NodeIdx, change: impl FnOnce(&mut BTreeSet<NodeIdx>) -> bool) {
        if self.rows.get(of).is_some() {
            change(&mut self.of.of_mut(&self.rows, of).holders);
        }
    }
}

/// Each node once, in order.
fn sorted(list: &[NodeIdx]) -> List {
    let mut list = List::from_slice(list);
    list.sort_unstable();
    list.dedup();
    list
}

/// Those of `these` that are not among `those`, each as often as it stands there beyond that; both are sorted.
pub(super) fn without<T: Ord + Copy>(these: &[T], those: &[T]) -> Vec<T> {
    let mut rest = those.iter().peekable();
    let mut left = Vec::new();
    for one in these {
        while rest.next_if(|other| *other < one).is_some() {}
        if rest.next_if_eq(&one).is_none() {
            left.push(*one);
        }
    }
    left
}
