//! What peers think of each other, from what each has seen itself: the ground on which one asks or serves another. Nobody
//! tells anybody else.
//!
//! The overlay says who has served whom and who has not ([`Effect::Experience`](crate::overlay::Effect)); the loop asks here
//! before a peer serves another, and a node asks, through its [`Effects`](crate::overlay::Effects), before it turns to one.

use super::reciprocity::Balances;
use super::reputation::Reputation;
use crate::engine::SimTime;
use crate::overlay::Service;
use crate::scenario::resolved::Defences;
use crate::world::PeerIdx;

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
        })
    }

    /// A peer has seen something of another.
    pub fn note(&mut self, experience: &Experience) {
        if let Some(reputation) = &mut self.reputation {
            reputation.note(experience);
        }
        if let Some(balances) = &mut self.balances {
            balances.note(experience);
        }
    }

    /// Whether a peer that plays fair serves another, which asks it for this.
    #[must_use]
    pub fn serves(&self, server: PeerIdx, asker: PeerIdx, service: Service, now: SimTime) -> bool {
        let shuns = self.reputation.as_ref();
        let owes = self.balances.as_ref();
        shuns.is_none_or(|it| it.serves(server, asker, now))
            && owes.is_none_or(|it| it.serves(server, asker, service))
    }

    /// A peer has served another.
    pub fn served(&mut self, server: PeerIdx, asker: PeerIdx, service: Service) {
        if let Some(balances) = &mut self.balances {
            balances.served(server, asker, service);
        }
    }
}
