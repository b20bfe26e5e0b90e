//! Peers that come only to ask (`behaviour = "leech"`): how they come, ask and go.
//!
//! They take their moments and what they ask for from a stream of their own. Nobody of the workload asks at a leech's, which
//! makes one request at a time and goes.

use super::{Sim, SimError};
use crate::catalogue::OperationKind;
use crate::engine::{SimTime, Stream, unit_hash};
use crate::overlay::LookAhead;
use crate::peers::Step;
use crate::scenario::resolved::Bootstrap;
use crate::world::{Departure, Event, NodeIdx, PeerIdx};

/// How many times a peer is drawn in place of a leech before the first that is none is taken.
const MAX_DRAWS: u64 = 32;

impl<O: LookAhead> Sim<'_, O> {
    /// Whether a peer comes only to ask. Whoever is well known, and nobody else in its place, stays.
    pub(super) fn is_leech(&self, peer: PeerIdx) -> bool {
        let stays = match self.scenario.overlay.bootstrap {
            Bootstrap::Replaced => false,
            Bootstrap::Fixed(count) => peer.0 < count,
        };
        self.leeches.is_some() && !stays && self.conduct.is_selfish(peer)
    }

    /// A peer of time 0 is a leech, and away. `shadow`: whether it would be up if it were none.
    pub(super) fn begin_away(&mut self, peer: PeerIdx, shadow: Option<bool>) {
        if let Some(leeches) = &mut self.leeches {
            let away = leeches.begin(peer, shadow);
            self.schedule(self.now + away, Event::Leech(peer));
        }
    }

    /// A leech would come or go now if it were none. It does as it likes, and what is drawn for the others is the same.
    pub(super) fn pass_toggle(&mut self, peer: PeerIdx) {
        let Some(leeches) = &mut self.leeches else {
            return;
        };
        let was_up = leeches.toggle_shadow(peer);
        let next = match was_up {
            None => self.churn.first_toggle(true),
            Some(was_up) => self.churn.next_toggle(!was_up),
        };
        self.schedule_churn(next, Event::Toggle(peer));
        if was_up == Some(true) {
            let _ = self.churn.manner();
        }
    }

    /// A peer comes up.
    pub(super) fn leech_comes(&mut self, peer: PeerIdx) {
        if self.is_leech(peer)
            && let Some(leeches) = &mut self.leeches
        {
            leeches.comes(peer);
        }
    }

    /// A node has become a member: if its peer has come only to ask, it asks.
    pub(super) fn leech_joined(&mut self, node: NodeIdx) {
        let peer = self.members.peer_of(node);
        if self.is_leech(peer) {
            self.schedule(self.now, Event::Leech(peer));
        }
    }

    /// A peer has gone down, for whatever reason: a leech comes again.
    pub(super) fn leech_goes(&mut self, peer: PeerIdx) {
        if self.is_leech(peer)
            && let Some(leeches) = &mut self.leeches
        {
            let away = leeches.goes(peer, self.now);
            self.schedule(self.now + away, Event::Leech(peer));
        }
    }

    /// A leech does its next step.
    pub(super) fn on_leech(&mut self, peer: PeerIdx) -> Result<(), SimError> {
        let leeches = self.leeches.as_ref();
        let step = leeches.and_then(|leeches| leeches.step(peer, self.now));
        match step {
            Some(Step::Leave) => self.go_down(peer, Departure::Leave),
            // Nobody begins anything when the measurement is over.
            Some(_) if self.deadline.is_some() => Ok(()),
            Some(Step::Come) => self.come_up(peer, None),
            Some(Step::Ask) => self.leech_asks(peer),
            None => Ok(()),
        }
    }

    /// It gets a value where others do, and else looks for the owner of a key.
    fn leech_asks(&mut self, peer: PeerIdx) -> Result<(), SimError> {
        let mut nodes = self.members.nodes_of(peer);
        let node = nodes.find(|node| self.members.directory().is_member(*node));
        let (Some(node), Some(leeches)) = (node, &mut self.leeches) else {
            return Ok(());
        };
        let rank = self.workload.draw_rank(leeches.rng());
        let key = self.workload.keys()[rank];
        let ticket = self.client.ledger.next_ticket();
        leeches.asks(peer, ticket);
        let storage = self.scenario.storage;
        let gets = storage.is_some_and(|it| it.preload || self.scenario.workload.gets_per_s > 0.0);
        if !gets {
            return self.ask(Some(node), key);
        }
        if let Some(name) = self.workload.name(rank) {
            self.client.operations.call(ticket, name);
        }
        self.operate(OperationKind::Get, key, 0, Some(node), None)
    }

    /// A request is over. If a leech has made it, it will go.
    pub(super) fn note_over(&mut self, ticket: u64) {
        if let Some(leeches) = &mut self.leeches {
            leeches.over(ticket);
        }
    }

    /// Leeches whose requests are over go, at a moment that is not past.
    #[inline]
    pub(super) fn send_leeches_home(&mut self, at: SimTime) {
        if let Some(leeches) = &mut self.leeches {
            for peer in leeches.take_satisfied() {
                self.schedule(at, Event::Leech(peer));
            }
        }
    }

    /// Who asks if this node was drawn: itself, or another that is up if its peer is a leech; `None` if all are.
    pub(super) fn in_place_of_leech(&self, drawn: NodeIdx) -> Option<NodeIdx> {
        let peer = self.members.peer_of(drawn);
        if !self.is_leech(peer) {
            return Some(drawn);
        }
        let up = self.members.population().up();
        let ticket = self.client.ledger.next_ticket();
        let place = |draw| {
            // Pauses are hashed with the number of a peer.
            let of_ticket = ticket | 1 << 63;
            let unit = unit_hash(self.seed, Stream::Leeches, of_ticket, draw);
            (unit * up.len() as f64) as usize
        };
        let drawn_anew = (0..MAX_DRAWS).map(|draw| up[place(draw)]);
        let mut others = drawn_anew.chain(up.iter().copied());
        let other = others.find(|other| !self.is_leech(*other))?;
        let position = drawn.0 % self.members.positions();
        Some(NodeIdx(other.0 * self.members.positions() + position))
    }
}
