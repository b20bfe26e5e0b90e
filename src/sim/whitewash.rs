//! `behaviour = "whitewash"`: a peer that is shunned goes, and comes back as somebody whom nobody knows.
//!
//! Every peer asks itself from time to time, at moments that depend on nothing but the seed and the peer, whether to do so; only
//! those do that are selfish and of which somebody thinks ill. So the moments are the same whatever the others do about it. Who
//! comes back is a new peer with new nodes, on the same host and as selfish as before, and joins as any newcomer does. It says
//! goodbye before, so that the ring closes at once, and it is back the sooner.

use std::collections::BTreeMap;

use super::{Sim, SimError};
use crate::engine::{SimDuration, Stream, unit_hash};
use crate::overlay::LookAhead;
use crate::scenario::resolved::{Behaviour, Bootstrap, Ids, Scenario};
use crate::world::{Departure, Event, IdSource, PeerIdx, RingId, Space};

/// What is known of peers that come back as others.
pub(super) struct Whitewashing {
    seed: u64,
    every: SimDuration,
    ids: IdSource,
    /// Under which name each of them came back that did.
    names: BTreeMap<PeerIdx, PeerIdx>,
    /// How often it has happened, as far as it is measured.
    pub count: u64,
}

impl Whitewashing {
    /// By a scenario; `None` if nobody does so.
    pub(super) fn of(scenario: &Scenario, seed: u64) -> Option<Box<Self>> {
        let selfish = &scenario.selfish;
        if !selfish.does(Behaviour::Whitewash) {
            return None;
        }
        let space = Space::new(scenario.overlay.id_bits);
        Some(Box::new(Self {
            seed,
            every: selfish.whitewash_every,
            ids: IdSource::for_purpose(space, seed, Stream::Whitewash),
            names: BTreeMap::new(),
            count: 0,
        }))
    }
}

impl<O: LookAhead> Sim<'_, O> {
    /// All peers that are there from the start begin to ask themselves.
    pub(super) fn start_whitewashing(&mut self) {
        for peer in 0..self.members.population().len() as u32 {
            self.schedule_whitewash(PeerIdx(peer));
        }
    }

    /// A peer asks itself again after an exponential time.
    pub(super) fn schedule_whitewash(&mut self, peer: PeerIdx) {
        let Some(washing) = &self.whitewashing else {
            return;
        };
        // Where nobody remembers, nobody is ever shunned.
        let selfish = &self.scenario.selfish;
        if selfish.never() || selfish.defence.reputation.is_none() {
            return;
        }
        let u = unit_hash(washing.seed, Stream::Whitewash, peer.0.into(), self.now.0);
        let after = washing.every.scaled(-libm::log1p(-u));
        // The next moment is drawn by this one, so it must be another.
        let after = after.max(SimDuration(1));
        self.schedule(self.now + after, Event::Whitewash(peer));
    }

    /// A peer asks itself whether to come back as another.
    pub(super) fn on_whitewash(&mut self, peer: PeerIdx) -> Result<(), SimError> {
        let population = self.members.population();
        let (is_up, are_others) = (population.is_up(peer), population.up().len() > 1);
        if !is_up && !self.comes_back(peer) || self.is_kept_by_all(peer) {
            return Ok(());
        }
        let is_shunned = || {
            let standing = self.client.standing.as_ref();
            let reputation = standing.and_then(|standing| standing.reputation());
            reputation.is_some_and(|it| it.is_ill_reputed(peer, self.now))
        };
        if !is_up || !are_others || !self.conduct.is_selfish(peer) || !is_shunned() {
            self.schedule_whitewash(peer);
            return Ok(());
        }
        let counts = self.counting.counts_requests();
        if let Some(washing) = &mut self.whitewashing {
            washing.count += u64::from(counts);
        }
        self.come_back_as_another(peer)
    }

    /// Whether newcomers look for a peer under its name: one that is well known, and nobody else in its place.
    fn is_kept_by_all(&self, peer: PeerIdx) -> bool {
        match self.scenario.overlay.bootstrap {
            Bootstrap::Replaced => false,
            Bootstrap::Fixed(count) => peer.0 < count,
        }
    }

    fn come_back_as_another(&mut self, before: PeerIdx) -> Result<(), SimError> {
        let place = self.members.population().place_of(before);
        self.go_down(before, Departure::Leave)?;
        self.forget_standing(before);
        let name = PeerIdx::from_usize(self.members.population().len());
        self.network.rename(before, name);
        let ids = self.ids_of_another(before, name);
        let added = self.members.add_in_place();
        debug_assert_eq!(added, name);
        self.conduct.add_again(before);
        for id in ids {
            self.add_node(id);
        }
        if let Some(washing) = &mut self.whitewashing {
            washing.names.insert(before, name);
        }
        self.schedule_whitewash(name);
        self.come_up(name, None)?;
        if let Some(place) = place {
            self.members.settle_last(place);
        }
        Ok(())
    }

    /// The identifiers of a newcomer. On an evenly spaced ring it takes the places that were left: nowhere else would they be
    /// evenly spaced. So it does where there is no other place.
    fn ids_of_another(&mut self, before: PeerIdx, name: PeerIdx) -> Vec<RingId> {
        let ids = &self.scenario.overlay.ids;
        let may_return = self.may_return();
        let (network, overlay) = (&self.network, &self.overlay);
        let sector = (*ids == Ids::Region).then(|| network.sector(network.host_of(name)));
        let drawn = match &mut self.whitewashing {
            Some(washing) if *ids != Ids::Even => {
                let id_of = |node| overlay.id(node);
                let (source, sector) = (&mut washing.ids, sector.flatten());
                self.members.free_ids(source, id_of, may_return, sector)
            }
            _ => None,
        };
        let nodes = self.members.nodes_of(before);
        drawn.unwrap_or_else(|| nodes.map(|node| overlay.id(node)).collect())
    }

    /// Under which name a peer that came before is there today.
    pub(super) fn present_name(&self, peer: PeerIdx) -> PeerIdx {
        let Some(washing) = &self.whitewashing else {
            return peer;
        };
        let mut name = peer;
        while let Some(next) = washing.names.get(&name) {
            name = *next;
        }
        name
    }
}
