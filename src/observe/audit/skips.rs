//! Who is skipped by whom: the pairs of neighbours in all lists, and the members that lie between.
//!
//! A member's *extended list* is itself followed by its successors. Two neighbours in it, a and b, skip
//! every member between them. A member that no pair of anybody skips is a *principal* (Zave 2017).
//!
//! Pairs are few: on a ring in order all lists hold the same ones, N of them. Those that skip a member
//! (`long`) are fewer still: newcomers that their neighbours have not heard of yet.

use std::collections::BTreeMap;

use crate::world::{Directory, Space};
use crate::world::{NodeIdx, RingId};

/// Neighbours in a list, by their identifiers.
pub(super) type Pair = (RingId, RingId);

/// The pairs of all members' lists.
pub(super) struct Skips {
    space: Space,
    /// How many lists hold a pair.
    pairs: BTreeMap<Pair, u32>,
    /// How many members a pair skips, if any.
    long: BTreeMap<Pair, u32>,
    /// How many different pairs skip a node.
    skipped: Vec<u32>,
    /// Members that no pair skips.
    principals: u64,
}

impl Skips {
    pub(super) fn new(space: Space) -> Self {
        Self {
            space,
            pairs: BTreeMap::new(),
            long: BTreeMap::new(),
            skipped: Vec::new(),
            principals: 0,
        }
    }

    /// How many members are principals.
    pub(super) fn principals(&self) -> u64 {
        self.principals
    }

    /// Whether a member is skipped by a list.
    pub(super) fn is_skipped(&self, node: NodeIdx) -> bool {
        self.skipped.get(node.at()).is_some_and(|by| *by > 0)
    }

    /// A list has this pair now; gives the members that were principals until then.
    pub(super) fn add(&mut self, pair: Pair, members: &Directory) -> Vec<NodeIdx> {
        let lists = self.pairs.entry(pair).or_insert(0);
        *lists += 1;
        if *lists > 1 {
            return Vec::new();
        }
        let between = self.between(pair, members);
        if !between.is_empty() {
            self.long.insert(pair, between.len() as u32);
        }
        between
            .into_iter()
            .filter(|node| self.skip(*node))
            .collect()
    }

    /// A list does not have this pair any more; gives the members that are principals from now on.
    pub(super) fn remove(&mut self, pair: Pair, members: &Directory) -> Vec<NodeIdx> {
        let lists = self
            .pairs
            .get_mut(&pair)
            .expect("removed once for each time it was added");
        *lists -= 1;
        if *lists > 0 {
            return Vec::new();
        }
        self.pairs.remove(&pair);
        if self.long.remove(&pair).is_none() {
            return Vec::new();
        }
        let between = self.between(pair, members).into_iter();
        between.filter(|node| self.unskip(*node)).collect()
    }

    /// A node has become a member; the members knows it.
    pub(super) fn joined(&mut self, node: NodeIdx, id: RingId, members: &Directory) {
        let mut by = 0;
        for pair in self.covering(id, members) {
            *self.long.entry(pair).or_insert(0) += 1;
            by += 1;
        }
        if self.skipped.len() <= node.at() {
            self.skipped.resize(node.at() + 1, 0);
        }
        self.skipped[node.at()] = by;
        self.principals += u64::from(by == 0);
    }

    /// A node is no member any more.
    pub(super) fn left(&mut self, node: NodeIdx, id: RingId) {
        self.principals -= u64::from(self.skipped[node.at()] == 0);
        self.skipped[node.at()] = 0;
        let space = self.space;
        self.long.retain(|pair, members| {
            *members -= u32::from(skips(space, *pair, id));
            *members > 0
        });
    }

    /// The pairs that skip a newcomer. A pair that skips nobody else begins at the member before it,
    /// or at a dead node in between.
    fn covering(&self, id: RingId, members: &Directory) -> Vec<Pair> {
        let space = self.space;
        let from = members.before(id).unwrap_or(id);
        let starts = |from: RingId, to: RingId| {
            let pairs = self.pairs.range((from, RingId(0))..(to, RingId(0)));
            pairs.map(|(pair, _)| *pair)
        };
        let mut near: Vec<Pair> = if from < id {
            starts(from, id).collect()
        } else {
            let end = self.pairs.range((from, RingId(0))..).map(|(pair, _)| *pair);
            end.chain(starts(RingId(0), id)).collect()
        };
        near.retain(|pair| !self.long.contains_key(pair));
        near.extend(self.long.keys());
        near.retain(|pair| skips(space, *pair, id));
        near
    }

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
        self.skipped[node.at()] += 1;
        let was_principal = self.skipped[node.at()] == 1;
        self.principals -= u64::from(was_principal);
        was_principal
    }

    /// Whether the member is a principal from now on.
    fn unskip(&mut self, node: NodeIdx) -> bool {
        self.skipped[node.at()] -= 1;
        let is_principal = self.skipped[node.at()] == 0;
        self.principals += u64::from(is_principal);
        is_principal
    }
}

/// Whether neighbours in a list skip a position. Equal neighbours are a fault of their own.
fn skips(space: Space, (a, b): Pair, id: RingId) -> bool {
    a != b && space.between(a, id, b)
}
