//! Whom a node asks that is to join: the well-known node, or the next of several.

use super::{Sim, SimError};
use crate::observe::Parting;
use crate::overlay::LookAhead;
use crate::world::{NodeIdx, PeerIdx};

impl<O: LookAhead> Sim<'_, O> {
    /// A node joins through the well-known node, or founds the ring if there is no other member.
    pub(super) fn join_by_well_known(&mut self, node: NodeIdx) -> Result<(), SimError> {
        let fair = |peer| !self.conduct.is_selfish(peer);
        let via = self.members.well_known(node, fair);
        self.act(node, |overlay, fx| overlay.join(via, fx))
    }

    /// A node that could not join, or has lost the ring, tries again. A node that could not join through
    /// the well-known node asks another member, as a user would with a saved list of hosts.
    pub(super) fn find_contact(&mut self, node: NodeIdx) -> Result<(), SimError> {
        if self.members.directory().is_member(node) {
            self.end_membership(node, Parting::Lost);
            self.members.renew(node);
            return self.join_by_well_known(node);
        }
        match self.members.random_member(self.effects.rng()) {
            Some(via) => self.act(node, |overlay, fx| overlay.join(Some(via), fx)),
            None => self.join_by_well_known(node),
        }
    }

    /// The peer of the well-known node, if there is one.
    pub(super) fn first_well_known(&mut self) -> Option<PeerIdx> {
        let fair = |peer| !self.conduct.is_selfish(peer);
        let node = self.members.well_known(NodeIdx::NONE, fair)?;
        Some(self.members.peer_of(node))
    }
}
