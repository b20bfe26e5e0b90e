//! Whom a node asks that is to join: the well-known node, or the next of several.

use rand::RngExt as _;

use super::{Sim, SimError};
use crate::observe::Parting;
use crate::overlay::LookAhead;
use crate::scenario::resolved::Bootstrap;
use crate::world::{Event, NodeIdx, PeerIdx};

impl<O: LookAhead> Sim<'_, O> {
    /// A node joins through the well-known node, or founds the ring if there is no other member.
    pub(super) fn join_by_well_known(&mut self, node: NodeIdx) -> Result<(), SimError> {
        if let Bootstrap::Fixed(_) = self.scenario.overlay.bootstrap {
            return self.ask_the_next(node);
        }
        let fair = |peer| !self.conduct.is_selfish(peer);
        let via = self.members.well_known(node, fair);
        self.act(node, |overlay, fx| overlay.join(via, fx))
    }

    /// A node that could not join, or has lost the ring, tries again. Unless the well-known nodes are the only ones that it
    /// knows, a node that could not join through the well-known one asks another member, as a user would with a
    /// saved list of hosts.
    pub(super) fn find_contact(&mut self, node: NodeIdx) -> Result<(), SimError> {
        if self.members.directory().is_member(node) {
            self.end_membership(node, Parting::Lost);
            self.members.renew(node);
            return self.join_by_well_known(node);
        }
        if let Bootstrap::Fixed(_) = self.scenario.overlay.bootstrap {
            return self.ask_the_next(node);
        }
        match self.members.random_member(self.effects.rng()) {
            Some(via) => self.act(node, |overlay, fx| overlay.join(Some(via), fx)),
            None => self.join_by_well_known(node),
        }
    }

    /// A node asks the next of the well-known ones, whether that one is there or not. Once it has asked all of them it waits.
    ///
    /// A well-known node that meets no ring founds one. The only well-known node, when it comes back, has nobody on its list:
    /// who runs it knows some member.
    pub(super) fn ask_the_next(&mut self, node: NodeIdx) -> Result<(), SimError> {
        let others: Vec<NodeIdx> = self.well_known().filter(|other| *other != node).collect();
        let is_well_known = others.len() as u32 != self.well_known_count();
        if is_well_known && self.members.directory().is_empty() {
            return self.act(node, |overlay, fx| overlay.join(None, fx));
        }
        let (length, rng) = (others.len() as u32, self.effects.rng());
        let via = if length == 0 {
            self.members.random_member(rng)
        } else {
            let draw = || rng.random_range(0..length);
            let place = self.members.seekers.next(node, length, draw);
            place.map(|place| others[place as usize])
        };
        if via.is_some() {
            return self.act(node, |overlay, fx| overlay.join(via, fx));
        }
        let wait = self.scenario.overlay.request_timeout;
        let epoch = self.members.epoch(node);
        self.schedule(self.now + wait, Event::Contact { node, epoch });
        Ok(())
    }

    fn well_known_count(&self) -> u32 {
        match self.scenario.overlay.bootstrap {
            Bootstrap::Replaced => 1,
            // By a trace there may be fewer peers in all.
            Bootstrap::Fixed(count) => count.min(self.members.population().len() as u32),
        }
    }

    /// The first nodes of the well-known peers.
    fn well_known(&self) -> impl Iterator<Item = NodeIdx> + use<O> {
        let positions = self.members.positions();
        (0..self.well_known_count()).map(move |peer| NodeIdx(peer * positions))
    }

    /// The first peer that is well known and up, if there is one.
    pub(super) fn first_well_known(&mut self) -> Option<PeerIdx> {
        if let Bootstrap::Fixed(_) = self.scenario.overlay.bootstrap {
            return (0..self.well_known_count())
                .map(PeerIdx)
                .find(|peer| self.members.population().is_up(*peer));
        }
        let fair = |peer| !self.conduct.is_selfish(peer);
        let node = self.members.well_known(NodeIdx::NONE, fair)?;
        Some(self.members.peer_of(node))
    }
}
