//! What peers think of each other, from what each has seen itself: the ground on which one asks or serves another. Nobody
//! tells anybody else.
//!
//! The overlay says who has served whom and who has not ([`Effect::Experience`](crate::overlay::Effect)); the loop asks here
//! before a peer serves another, and a node asks, through its [`Effects`](crate::overlay::Effects), before it turns to one.

use std::collections::BTreeMap;

use super::reciprocity::Balances;
use super::reputation::{Opinion, Reputation};
use crate::engine::SimTime;
use crate::overlay::Service;
use crate::scenario::resolved::Defences;
use crate::world::{NodeIdx, OpIdx, PeerIdx};

/// Something that one peer has seen of another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Experience {
    /// Who has asked.
    pub asker: PeerIdx,
    /// Who was asked.
    pub server: PeerIdx,
    /// For what.
    pub service: Service,
    /// Whether it was done.
    pub served: bool,
    /// When this was clear.
    pub at: SimTime,
}

/// What all peers think of each other.
pub struct Standing {
    reputation: Option<Reputation>,
    balances: Option<Balances>,
    /// The node to which each lookup under way was handed: all that its asker knows of the way.
    entrusted: BTreeMap<(u64, OpIdx), NodeIdx>,
}

impl Standing {
    /// By the defences of a scenario; `None` if none of them remembers anything.
    #[must_use]
    pub fn of(defences: &Defences) -> Option<Self> {
        let reputation = defences.reputation.map(Reputation::new);
        let balances = defences.reciprocity.map(Balances::new);
        let is_any = reputation.is_some() || balances.is_some();
        is_any.then_some(Self {
            reputation,
            balances,
            entrusted: BTreeMap::new(),
        })
    }

    /// A peer has seen something of another. Returns what it thinks of it, if that is kept.
    pub fn note(&mut self, experience: &Experience) -> Option<Opinion> {
        if let Some(balances) = &mut self.balances {
            balances.note(experience);
        }
        let reputation = self.reputation.as_mut();
        reputation.map(|it| it.note(experience))
    }

    /// A lookup is handed to a node. Returns the one that it was handed to before, from which no answer has come.
    pub fn entrust(&mut self, ticket: u64, op: OpIdx, to: NodeIdx) -> Option<NodeIdx> {
        self.entrusted.insert((ticket, op), to)
    }

    /// A lookup is over. Returns the node to which it was handed last, by each of the ways that it went at once.
    pub fn settle(&mut self, ticket: u64) -> Vec<NodeIdx> {
        let ways = (ticket, OpIdx(0))..=(ticket, OpIdx(u32::MAX));
        let ways = self.entrusted.range(ways);
        let ways: Vec<_> = ways.map(|(way, to)| (*way, *to)).collect();
        let settled = ways.into_iter().map(|(way, to)| {
            self.entrusted.remove(&way);
            to
        });
        settled.collect()
    }

    /// What peers think of each other by what they have seen, if that is kept.
    #[must_use]
    pub fn reputation(&self) -> Option<&Reputation> {
        self.reputation.as_ref()
    }

    /// Nobody will meet this peer again. Returns the pairs of who thought something of whom.
    pub fn forget(&mut self, peer: PeerIdx) -> Vec<(PeerIdx, PeerIdx)> {
        let reputation = self.reputation.as_mut();
        reputation.map_or_else(Vec::new, |it| it.forget(peer))
    }

    /// Whether a peer that plays fair serves another, which asks it for this.
    #[must_use]
    pub fn serves(&self, server: PeerIdx, asker: PeerIdx, service: Service, now: SimTime) -> bool {
        let shuns = self.reputation.as_ref();
        let owes = self.balances.as_ref();
        shuns.is_none_or(|it| it.serves(server, asker, service, now))
            && owes.is_none_or(|it| it.serves(server, asker, service))
    }

    /// A peer has served another.
    pub fn served(&mut self, server: PeerIdx, asker: PeerIdx, service: Service) {
        if let Some(balances) = &mut self.balances {
            balances.served(server, asker, service);
        }
    }
}
