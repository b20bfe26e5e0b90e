//! What a node does about a message: serve, or what its peer's conduct and memory say instead. All of it is decided here.

use super::Sim;
use crate::catalogue::Metric;
use crate::client::Experience;
use crate::observe::Measured;
use crate::overlay::{Deed, LookAhead, Service};
use crate::scenario::resolved::MisrouteTo;
use crate::world::{NodeIdx, PeerIdx};

/// What peers that play fair have declined to keep or to give out, in messages that count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Declined {
    of_honest: u64,
    of_selfish: u64,
}

impl Declined {
    /// As metrics.
    pub(super) fn metrics(self) -> [Measured; 2] {
        [
            (Metric::DeclinedHonest, Some(self.of_honest as f64)),
            (Metric::DeclinedSelfish, Some(self.of_selfish as f64)),
        ]
    }
}

impl<O: LookAhead> Sim<'_, O> {
    /// What a node does about a message that asks for this service, where not everybody serves everybody.
    #[inline(never)]
    pub(super) fn decide_deed(
        &mut self,
        to: NodeIdx,
        from: NodeIdx,
        msg: &O::Msg,
        counts: bool,
    ) -> (Deed, Service) {
        let service = self.overlay.service(to, msg, self.effects.parcels());
        let deed = self.deed((to, from), msg, service, counts);
        if deed != Deed::Serve {
            self.refuse(to, msg, deed, counts);
        }
        (deed, service)
    }

    /// A node has done what it does about a message from another one, where somebody keeps accounts of that.
    #[inline(never)]
    pub(super) fn account_for(&mut self, to: NodeIdx, from: NodeIdx, service: Service) {
        if self.conduct.keeps_accounts()
            && service != Service::Nothing
            && self.members.peer_of(from) != self.members.peer_of(to)
        {
            self.note_cost(to);
        }
    }

    /// The deed of a node about a message from another one, which asks for this service.
    fn deed(
        &mut self,
        (node, from): (NodeIdx, NodeIdx),
        msg: &O::Msg,
        service: Service,
        counts: bool,
    ) -> Deed {
        let peer = self.members.peer_of(node);
        let named = |to| match to {
            MisrouteTo::Itself => node,
            MisrouteTo::Colluder => self.colluder(msg).unwrap_or(node),
        };
        let deed = self.conduct.deed(peer, service, named);
        if deed != Deed::Serve || service == Service::Nothing {
            return deed;
        }
        let Some(asker) = self.asker_of(msg, from, service) else {
            return deed;
        };
        let asker = self.members.peer_of(asker);
        if asker == peer {
            return deed;
        }
        // Whoever takes and does not give holds nothing against others who do.
        if !self.conduct.is_selfish(peer) && self.declines(peer, asker, service) {
            if let Service::Keep | Service::HandOut = service {
                self.note_declined(asker, counts);
            }
            return Deed::Decline;
        }
        if let Some(standing) = &mut self.client.standing {
            standing.served(peer, asker, service);
        }
        deed
    }

    /// Whether a peer that plays fair does not do this for another.
    fn declines(&self, peer: PeerIdx, asker: PeerIdx, service: Service) -> bool {
        let is_of_value = matches!(service, Service::Keep | Service::HandOut);
        let standing = self.client.standing.as_ref();
        is_of_value && self.conduct.is_excluded(asker)
            || standing.is_some_and(|it| !it.serves(peer, asker, service, self.now))
    }

    fn note_declined(&mut self, asker: PeerIdx, counts: bool) {
        let count = u64::from(counts);
        if self.conduct.is_selfish(asker) {
            self.declined.of_selfish += count;
        } else {
            self.declined.of_honest += count;
        }
    }

    /// Whether a node leaves undone what is due by a timer, and others need.
    #[inline(never)]
    pub(super) fn shirks(&self, node: NodeIdx, timer: &O::Timer) -> bool {
        let duty = self.overlay.duty(timer);
        duty != Service::Nothing && !self.does(node, duty)
    }

    /// Whether a node does this for others, whoever asks.
    pub(super) fn does(&self, node: NodeIdx, service: Service) -> bool {
        let peer = self.members.peer_of(node);
        self.conduct.deed(peer, service, |_| node) == Deed::Serve
    }

    /// The selfish member nearest behind the key that a message looks for, in truth: selfish peers know each other.
    fn colluder(&self, msg: &O::Msg) -> Option<NodeIdx> {
        let key = self.overlay.sought(msg)?;
        let is_selfish = |node| self.conduct.is_selfish(self.members.peer_of(node));
        let behind = self.members.directory().clockwise_from(key);
        behind.map(|(_, node)| node).find(|node| is_selfish(*node))
    }

    /// The node on whose user's account a message travels; `None` for maintenance.
    fn asker_of(&self, msg: &O::Msg, from: NodeIdx, service: Service) -> Option<NodeIdx> {
        let ticket = self.overlay.ticket(msg, self.effects.calls())?;
        // Values are put and got by the asking node itself, some of them when its user has waited long enough for others.
        if let Service::Keep | Service::HandOut = service {
            return Some(from);
        }
        let (opening, _) = self.client.ledger.get(ticket)?;
        opening.source.some()
    }

    /// A peer does something else than a message asks of it: a selfish one, or one that plays fair and declines.
    #[cold]
    fn refuse(&mut self, node: NodeIdx, msg: &O::Msg, deed: Deed, counts: bool) {
        let ticket = self.overlay.ticket(msg, self.effects.calls());
        if let Deed::Misroute(named) = deed {
            return self.observers.misrouted(node, named, ticket, counts);
        }
        self.observers.refused(node, ticket, counts);
        if let Some(ticket) = ticket
            && self.conduct.is_selfish(self.members.peer_of(node))
        {
            self.client.ledger.drop_request(ticket);
        }
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
            && let Some(opinion) = standing.note(&experience)
        {
            self.heed_opinion(&experience, opinion);
        }
    }
}
