//! Who is skipped by whom: the pairs of neighbours in all lists, and the members that lie between.
//!
//! A member's *extended list* is itself followed by its successors. Two neighbours in it, a and b, skip
//! every member between them. A member that no pair of anybody skips is a *principal* (Zave 2017).
//!
//! Pairs are few: on a ring in order all lists hold the same ones, N of them. A pair is looked at when it appears and
//! when it goes, and a newcomer asks for those across its place.

use std::collections::BTreeMap;

use super::arcs::{Arcs, Pair};
use crate::world::{Directory, Space};
use crate::world::{NodeIdx, RingId};

/// The pairs of all members' lists.
pub(super) struct Skips {
    space: Space,
    pub(super) pairs: Arcs,
    /// How many different pairs skip a member, if any does.
    skipped: BTreeMap<NodeIdx, u32>,
    /// Members that no pair skips.
    principals: u64,
}

impl Skips {
    pub(super) fn new(space: Space) -> Self {
        Self {
            space,
            pairs: Arcs::new(space),
            skipped: BTreeMap::new(),
            principals: 0,
        }
    }

    /// How many members are principals.
    pub(super) fn principals(&self) -> u64 {
        self.principals
    }

    /// Whether a member is skipped by a list.
    pub(super) fn is_skipped(&self, node: NodeIdx) -> bool {
        self.skipped.contains_key(&node)
    }

    /// A list has this pair now; gives the members that were principals until then.
    pub(super) fn add(&mut self, pair: Pair, members: &Directory) -> Vec<NodeIdx> {
        if !self.pairs.add(pair) {
            return Vec::new();
        }
        let mut skipped = self.between(pair, members);
        skipped.retain(|node| self.skip(*node));
        skipped
    }

    /// A list does not have this pair any more; gives the members that are principals from now on.
    pub(super) fn remove(&mut self, pair: Pair, members: &Directory) -> Vec<NodeIdx> {
        if !self.pairs.remove(pair) {
            return Vec::new();
        }
        let mut skipped = self.between(pair, members);
        skipped.retain(|node| self.unskip(*node));
        skipped
    }

    /// A node has become a member; the directory knows it.
    pub(super) fn joined(&mut self, node: NodeIdx, id: RingId) {
        let by = self.pairs.across(id);
        if by > 0 {
            self.skipped.insert(node, by);
        }
        self.principals += u64::from(by == 0);
    }

    /// A node is no member any more.
    pub(super) fn left(&mut self, node: NodeIdx) {
        let was_principal = self.skipped.remove(&node).is_none();
        self.principals -= u64::from(was_principal);
    }

    /// The members that a pair skips. Equal neighbours are a fault of their own.
    fn between(&self, (a, b): Pair, members: &Directory) -> Vec<NodeIdx> {
        let space = self.space;
        if a == b {
            return Vec::new();
        }
        members
            .clockwise_from(a)
            .skip_while(|(id, _)| *id == a)
            .take_while(|(id, _)| space.between(a, *id, b))
            .map(|(_, node)| node)
            .collect()
    }

    /// Whether the member was a principal until now.
    fn skip(&mut self, node: NodeIdx) -> bool {
        let by = self.skipped.entry(node).or_default();
        *by += 1;
        let was_principal = *by == 1;
        self.principals -= u64::from(was_principal);
        was_principal
    }

    /// Whether the member is a principal from now on.
    fn unskip(&mut self, node: NodeIdx) -> bool {
        let by = self.skipped.get_mut(&node);
        let by = by.expect("unskipped once for each time it was skipped");
        *by -= 1;
        let is_principal = *by == 0;
        if is_principal {
            self.skipped.remove(&node);
        }
        self.principals += u64::from(is_principal);
        is_principal
    }
}
