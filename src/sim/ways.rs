//! By which first hop a request goes, where its asker thinks ill of some; and who has to answer for what becomes of it.
//!
//! Who hands a lookup over sees no more of its way than the first hop. So the first hop is praised for an answer, and blamed where
//! none comes: unjustly, where another one further on is at fault. Nobody can tell from within.

use super::Sim;
use crate::catalogue::Metric;
use crate::client::{Experience, Opinion};
use crate::observe::Measured;
use crate::overlay::{LookAhead, Service};
use crate::world::{NodeIdx, OpIdx, PeerIdx, RingId};

/// How often a peer has begun to think ill of another, as far as it is measured.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Verdicts {
    /// All of them.
    pub all: u64,
    /// Those about honest peers.
    pub wrong: u64,
}

impl Verdicts {
    /// As metrics.
    pub(super) fn metrics(self) -> [Measured; 3] {
        let Self { all, wrong } = self;
        let share = (all > 0).then(|| wrong as f64 / all as f64);
        [
            (Metric::Verdicts, Some(all as f64)),
            (Metric::FalseVerdicts, Some(wrong as f64)),
            (Metric::FalseVerdictShare, share),
        ]
    }
}

impl<O: LookAhead> Sim<'_, O> {
    /// Which attempt's way to go so that the first hop is one of which the asker does not think ill: the `number`-th of these,
    /// from 0, and when all are used up the first of them again. `None` if there is none, and none may be asked.
    #[inline]
    pub(super) fn way(&self, node: NodeIdx, key: RingId, number: u8) -> Option<u8> {
        match &self.client.standing {
            None => Some(number),
            Some(_) => self.good_way(node, key, number),
        }
    }

    /// The ways besides the first that requests made at once go, of `all` that there are: each by a first hop of which the asker
    /// does not think ill.
    pub(super) fn further_ways(&self, node: NodeIdx, key: RingId, all: u8) -> Vec<u8> {
        let mut taken = vec![self.way(node, key, 0).unwrap_or(0)];
        for number in 1..all {
            match self.way(node, key, number) {
                Some(way) if !taken.contains(&way) => taken.push(way),
                _ => {}
            }
        }
        taken.split_off(1)
    }

    fn good_way(&self, node: NodeIdx, key: RingId, number: u8) -> Option<u8> {
        let Some(first) = self.overlay.first_hop(node, key, 0) else {
            return Some(number);
        };
        let mut good = Vec::new();
        for candidate in 0..=u8::MAX {
            let Some(hop) = self.overlay.first_hop(node, key, candidate) else {
                break;
            };
            if candidate > 0 && hop == first {
                break;
            }
            if !self.thinks_ill(node, hop) {
                good.push(candidate);
                if good.len() > usize::from(number) {
                    return Some(candidate);
                }
            }
        }
        match good.len() {
            0 => self.effects.asks_anyway().then_some(number),
            all => Some(good[usize::from(number) % all]),
        }
    }

    /// Whether the peer of a node thinks ill of that of another.
    fn thinks_ill(&self, node: NodeIdx, of: NodeIdx) -> bool {
        let standing = self.client.standing.as_ref();
        let reputation = standing.and_then(|standing| standing.reputation());
        reputation.is_some_and(|it| {
            let peer = |node| self.members.peer_of(node);
            it.thinks_ill(peer(node), peer(of), self.now)
        })
    }

    /// A node hands a lookup of its own to another one. That one it was handed to before has not brought an answer.
    pub(super) fn entrust(&mut self, node: NodeIdx, (ticket, op): (u64, OpIdx), to: NodeIdx) {
        let standing = self.client.standing.as_mut();
        if let Some(before) = standing.and_then(|it| it.entrust(ticket, op, to)) {
            self.note_experience(node, before, Service::PassOn, false);
        }
    }

    /// A lookup is over: it was `answered`, or was not; `None` if its asker does not live to see it. Where it went several ways
    /// at once, nobody can tell by which one the answer came.
    #[inline]
    pub(super) fn credit_first_hops(&mut self, ticket: u64, answered: Option<bool>) {
        if self.client.standing.is_some() {
            self.settle_first_hops(ticket, answered);
        }
    }

    fn settle_first_hops(&mut self, ticket: u64, answered: Option<bool>) {
        let standing = self.client.standing.as_mut();
        let hops = standing.map_or_else(Vec::new, |it| it.settle(ticket));
        let is_clear = |answered: &bool| !*answered || hops.len() == 1;
        if let Some(answered) = answered.filter(is_clear)
            && let Some((opening, _)) = self.client.ledger.get(ticket)
            && let Some(asker) = opening.source.some()
        {
            for hop in hops {
                self.note_experience(asker, hop, Service::PassOn, answered);
            }
        }
    }

    /// A peer thinks otherwise of another than before: its nodes go by it.
    pub(super) fn heed_opinion(&mut self, experience: &Experience, opinion: Opinion) {
        let &Experience { asker, server, .. } = experience;
        if let Some(opinions) = self.effects.opinions_mut() {
            opinions.set((asker, server), opinion.ill_until);
        }
        if opinion.is_verdict && self.counting.counts_requests() {
            self.verdicts.all += 1;
            self.verdicts.wrong += u64::from(!self.conduct.is_selfish(server));
        }
    }

    /// A peer has gone for good, or comes back as another: nobody knows it any more, nor it anybody.
    pub(super) fn forget_standing(&mut self, peer: PeerIdx) {
        let Some(standing) = &mut self.client.standing else {
            return;
        };
        let pairs = standing.forget(peer);
        if let Some(opinions) = self.effects.opinions_mut() {
            for pair in pairs {
                opinions.set(pair, None);
            }
        }
    }
}
