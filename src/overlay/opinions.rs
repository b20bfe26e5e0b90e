//! Who thinks ill of whom: what a node may know of it is what its own peer thinks.

use std::collections::BTreeMap;

use crate::engine::SimTime;
use crate::world::{NodeIdx, PeerIdx};

/// What peers think of each other, as far as their nodes go by it.
#[derive(Debug)]
pub struct Opinions {
    /// Nodes per peer.
    positions: u32,
    asks_anyway: bool,
    /// Until when one peer thinks ill of another, that moment included.
    until: BTreeMap<(PeerIdx, PeerIdx), SimTime>,
}

impl Opinions {
    /// Nobody thinks ill of anybody. `asks_anyway`: whether those of ill repute are asked where there is nobody else.
    #[must_use]
    pub fn new(positions: u32, asks_anyway: bool) -> Self {
        Self {
            positions,
            asks_anyway,
            until: BTreeMap::new(),
        }
    }

    /// Until when a peer thinks ill of another; `None` if it does not.
    pub fn set(&mut self, pair: (PeerIdx, PeerIdx), until: Option<SimTime>) {
        match until {
            Some(until) => self.until.insert(pair, until),
            None => self.until.remove(&pair),
        };
    }

    /// Whether the peer of a node thinks ill of that of another.
    pub(super) fn are_ill(&self, node: NodeIdx, other: NodeIdx, now: SimTime) -> bool {
        let peer = |node: NodeIdx| PeerIdx(node.0 / self.positions);
        let until = self.until.get(&(peer(node), peer(other)));
        until.is_some_and(|until| now <= *until)
    }

    pub(super) fn ask_anyway(&self) -> bool {
        self.asks_anyway
    }
}
