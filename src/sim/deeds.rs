//! What a node does about a message: serve, or what its peer's conduct and memory say instead. All of it is decided here.

use super::Sim;
use crate::client::Experience;
use crate::overlay::{Deed, LookAhead, Service};
use crate::world::NodeIdx;

impl<O: LookAhead> Sim<'_, O> {
    /// The deed of a node about a message, where not everybody serves everybody.
    #[inline(never)]
    pub(super) fn deed(&mut self, node: NodeIdx, msg: &O::Msg) -> Deed {
        let service = self.overlay.service(node, msg);
        let peer = self.members.peer_of(node);
        let deed = self.conduct.deed(peer, service, |_| node);
        if deed != Deed::Serve || service == Service::Nothing {
            return deed;
        }
        let (Some(asker), Some(standing)) = (self.asker_of(msg), &mut self.client.standing) else {
            return deed;
        };
        let asker = self.members.peer_of(asker);
        if asker == peer {
            return deed;
        }
        if !standing.serves(peer, asker, service, self.now) {
            return Deed::Decline;
        }
        standing.served(peer, asker, service);
        deed
    }

    /// The node on whose user's account a message travels; `None` for maintenance.
    fn asker_of(&self, msg: &O::Msg) -> Option<NodeIdx> {
        let ticket = self.overlay.ticket(msg, self.effects.calls())?;
        let (opening, _) = self.client.ledger.get(ticket)?;
        opening.source.some()
    }

    /// A node has been served by another, or has not.
    pub(super) fn note_experience(
        &mut self,
        node: NodeIdx,
        of: NodeIdx,
        service: Service,
        served: bool,
    ) {
        let experience = Experience {
            asker: self.members.peer_of(node),
            server: self.members.peer_of(of),
            service,
            served,
            at: self.now,
        };
        if experience.asker != experience.server
            && let Some(standing) = &mut self.client.standing
        {
            standing.note(&experience);
        }
    }
}
