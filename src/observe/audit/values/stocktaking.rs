//! What is on the shelves of all nodes, found by going along them, and where it should be.

use std::collections::{BTreeMap, BTreeSet};

use crate::observe::audit::auditor::Ring;
use crate::overlay::Arc;
use crate::overlay::storage::Stock;
use crate::world::{Member, NodeIdx, RingId};

/// The ring, and what its nodes keep.
pub(super) struct Shelves<'a> {
    pub ring: &'a Ring<'a>,
    pub stock: &'a dyn Stock,
    /// All nodes that are up, members or not.
    pub up: &'a BTreeSet<NodeIdx>,
    /// Nodes of one peer have numbers that follow each other: so many.
    pub nodes_per_peer: u32,
}

/// The copies of one key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Found {
    /// The newest version of them.
    pub newest: u32,
    pub copies: u32,
}

/// All copies that live nodes have, by their keys.
pub(super) type Inventory = BTreeMap<RingId, Found>;

/// A copy that is not where it should be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Missing {
    pub node: NodeIdx,
    pub key: RingId,
    /// What the node has instead; 0 if nothing.
    pub version: u32,
    pub newest: u32,
}

impl Shelves<'_> {
    /// Everything that is kept.
    pub(super) fn inventory(&self) -> Inventory {
        let mut inventory = Inventory::new();
        for node in self.up {
            for item in self.stock.copies_at(*node) {
                let found = inventory.entry(item.key).or_default();
                found.newest = found.newest.max(item.version);
                found.copies += 1;
            }
        }
        inventory
    }

    /// Whether a live node has a copy of a key.
    pub(super) fn holder_of(&self, key: RingId) -> Option<NodeIdx> {
        let mut up = self.up.iter().copied();
        up.find(|node| self.stock.version_at(*node, key) > 0)
    }

    /// Whether each member knows which keys are its own, and the nodes behind it.
    pub(super) fn is_in_order(&self) -> bool {
        let members: Vec<Member> = self.ring.members.iter().collect();
        let mut before = members.last().map(|(id, _)| *id);
        members.iter().enumerate().all(|(rank, (id, node))| {
            let after = before.replace(*id).unwrap_or(*id);
            let own = Arc { after, upto: *id };
            let behind = members[rank + 1..].iter().chain(&members[..rank]);
            self.stock.own_keys(*node) == Some(own) && self.knows(*node, &behind)
        })
    }

    /// Whether a node knows who is behind it, one of another peer at least if there is any.
    fn knows<'a>(
        &self,
        node: NodeIdx,
        behind: &(impl Iterator<Item = &'a Member> + Clone),
    ) -> bool {
        let peer_of = |node: NodeIdx| node.0 / self.nodes_per_peer;
        let is_other = |other: NodeIdx| peer_of(other) != peer_of(node);
        let known = self.stock.stand_ins_of(node);
        let are_next = known
            .iter()
            .zip(behind.clone())
            .all(|(known, (_, next))| known == next);
        let count = behind.clone().count();
        are_next
            && known.len() <= count
            && (known.iter().any(|known| is_other(*known))
                || behind.clone().all(|(_, next)| !is_other(*next)))
    }

    /// Owners that do not have the newest version of their keys.
    pub(super) fn missing_at_owners(&self, inventory: &Inventory) -> Vec<Missing> {
        self.missing(inventory, |owner| vec![owner])
    }

    /// The same of all that should keep copies.
    pub(super) fn missing_at_keepers(&self, inventory: &Inventory) -> Vec<Missing> {
        self.missing(inventory, |owner| self.stock.keepers_of(owner))
    }

    /// Of each place of a key the nodes that `keepers` says of its owner.
    fn at_all_places(
        &self,
        key: RingId,
        keepers: impl Fn(NodeIdx) -> Vec<NodeIdx>,
    ) -> BTreeSet<NodeIdx> {
        let places = self.stock.places_of(key).into_iter();
        let owners = places.filter_map(|place| self.ring.members.at_or_after(place));
        owners.flat_map(|(_, owner)| keepers(owner)).collect()
    }

    fn missing(
        &self,
        inventory: &Inventory,
        keepers: impl Fn(NodeIdx) -> Vec<NodeIdx>,
    ) -> Vec<Missing> {
        let mut missing = Vec::new();
        for (key, found) in inventory {
            for node in self.at_all_places(*key, &keepers) {
                let version = self.stock.version_at(node, *key);
                if version < found.newest {
                    missing.push(Missing {
                        node,
                        key: *key,
                        version,
                        newest: found.newest,
                    });
                }
            }
        }
        missing
    }
}
