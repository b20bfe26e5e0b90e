//! The auditor's copies of all members' successor lists, and who has whom in it.

use std::collections::BTreeSet;

use smallvec::SmallVec;

use crate::world::NodeIdx;

/// Every event has the list of a node compared: a usual one stands in one place of memory.
type List = SmallVec<[NodeIdx; 16]>;

/// What a list was and what it has become.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Change {
    pub before: Vec<NodeIdx>,
    pub after: Vec<NodeIdx>,
}

/// The lists of members; empty for everybody else.
#[derive(Default)]
pub(super) struct Lists {
    of: Vec<List>,
    holders: Vec<BTreeSet<NodeIdx>>,
}

impl Lists {
    /// The list of a member, nearest first.
    pub(super) fn of(&self, node: NodeIdx) -> &[NodeIdx] {
        self.of.get(node.at()).map_or(&[], List::as_slice)
    }

    /// The members that have this node in their lists.
    pub(super) fn holders(&self, node: NodeIdx) -> Vec<NodeIdx> {
        let holders = self.holders.get(node.at());
        holders.into_iter().flatten().copied().collect()
    }

    /// Replaces a list; gives what it was, or `None` if it is the same.
    pub(super) fn update(&mut self, node: NodeIdx, list: &[NodeIdx]) -> Option<List> {
        if self.of(node) == list {
            return None;
        }
        let most = list.iter().chain([&node]).map(|node| node.at()).max();
        self.make_room(most.unwrap_or(0));
        let before = std::mem::replace(&mut self.of[node.at()], List::from_slice(list));
        let (was, is) = (sorted(&before), sorted(list));
        for gone in without(&was, &is) {
            self.holders[gone.at()].remove(&node);
        }
        for new in without(&is, &was) {
            self.holders[new.at()].insert(node);
        }
        Some(before)
    }

    fn make_room(&mut self, most: usize) {
        if self.of.len() <= most {
            self.of.resize_with(most + 1, List::new);
            self.holders.resize_with(most + 1, BTreeSet::new);
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
