//! How peers come and go in a run: the part of the loop that changes which peers are there.

use super::{Sim, SimError};
use crate::engine::{SimDuration, SimTime};
use crate::network::Network;
use crate::observe::{EventOf, Observers, Parting};
use crate::overlay::{LookAhead, Start};
use crate::scenario::resolved::{self, ChurnModel, FaultKind, Ids};
use crate::world::Departure;
use crate::world::{Epoch, Event, NodeIdx, PeerIdx, RingId, Sector};

/// About the most events that wait for each node: its three timers, and messages under way. Unused room
/// takes no memory; finding more room in the middle of a run takes time and twice the memory.
const EVENTS_PER_NODE: usize = 4;

impl<O: LookAhead> Sim<'_, O> {
    /// Brings the initial peers in: all at once into a complete ring, or one by one.
    pub(super) fn populate(&mut self) -> Result<(), SimError> {
        let config = &self.scenario.overlay;
        let ids = {
            let sector_of = sectors(&self.network, &config.ids);
            self.members
                .add_initial(&config.ids, config.nodes, sector_of)
        };
        self.overlay.reserve(ids.len());
        self.observers.recorder.reserve(ids.len());
        self.queue.reserve(ids.len() * EVENTS_PER_NODE);
        for id in &ids {
            self.add_node(*id);
        }
        match config.start {
            resolved::Start::Converged => self.start_converged(ids)?,
            resolved::Start::Join => self.start_joining(),
        }
        self.add_absent_peers();
        Ok(())
    }

    fn start_converged(&mut self, ids: Vec<RingId>) -> Result<(), SimError> {
        let mut ring: Vec<_> = ids.into_iter().zip((0..).map(NodeIdx)).collect();
        if self.leeches.is_some() {
            ring.retain(|(_, node)| !self.is_leech(self.members.peer_of(*node)));
        }
        ring.sort_unstable();
        let (network, members) = (&self.network, &self.members);
        let seed = self.seed;
        let host_of = |node| network.host_of(members.peer_of(node));
        // By a trace nobody may be there: an overlay need not know what a ring of nobody is.
        if !ring.is_empty() {
            self.overlay.converge(&Start {
                members: &ring,
                seed,
                latency: &|from, to| network.one_way(host_of(from), host_of(to)),
            });
        }
        self.members.converge(&ring);
        // Frees the memory of `ring`: the timers started below need room, too.
        drop(ring);
        self.tell(Observers::converged);
        for peer in (0..self.scenario.overlay.nodes).map(PeerIdx) {
            if self.is_leech(peer) {
                self.begin_away(peer, Some(true));
            } else {
                self.members.bring_up(peer);
                for node in self.members.nodes_of(peer) {
                    self.act(node, O::start)?;
                }
            }
            let stay = self.first_toggle(peer, true);
            self.schedule_churn(stay, Event::Toggle(peer));
        }
        Ok(())
    }

    /// With sessions and by a trace, more peers than those that are up at time 0 take turns: the others are down.
    fn add_absent_peers(&mut self) {
        let config = &self.scenario.overlay;
        let all = self.scenario.churn.peers_behind(config.nodes);
        let absent = all as u32 - config.nodes;
        if absent == 0 {
            return;
        }
        let id_of = |node| self.overlay.id(node);
        let sector_of = sectors(&self.network, &config.ids);
        let added = self.members.add(absent, id_of, true, sector_of);
        let (PeerIdx(first), ids) =
            added.expect("room was asked for when the scenario was resolved");
        self.overlay.reserve(ids.len());
        for id in ids {
            self.add_node(id);
        }
        for peer in (first..first + absent).map(PeerIdx) {
            self.conduct.add_peer();
            if self.is_leech(peer) {
                self.begin_away(peer, Some(false));
            }
            let pause = self.first_toggle(peer, false);
            self.schedule_churn(pause, Event::Toggle(peer));
        }
    }

    /// How long a peer that is up or down at time 0 stays so.
    fn first_toggle(&mut self, peer: PeerIdx, is_up: bool) -> Option<SimDuration> {
        if self.churn.follows_trace() {
            return self.until_next_moment(peer);
        }
        self.churn.first_toggle(is_up)
    }

    /// The first peer founds the ring at time 0; the others arrive at random moments of the window.
    fn start_joining(&mut self) {
        let window = self.scenario.overlay.join_window;
        let all = || (0..self.scenario.overlay.nodes).map(PeerIdx);
        let founder = all().find(|peer| !self.is_leech(*peer));
        let founder = founder.unwrap_or(PeerIdx(0));
        for peer in all() {
            // The first is drawn nothing for, and the others the same whoever is a leech.
            let drawn = (peer.0 > 0).then(|| self.churn.joining_share());
            let share = drawn.filter(|_| peer != founder).unwrap_or(0.0);
            if self.is_leech(peer) {
                self.begin_away(peer, None);
            }
            self.schedule(SimTime::ZERO + window.scaled(share), Event::Toggle(peer));
        }
    }

    /// Begins the two processes of arrivals and departures, if the churn model has them.
    pub(super) fn start_churn(&mut self) {
        let (arrival, departure) = (self.churn.next_arrival(), self.churn.next_departure());
        self.schedule_churn(arrival, Event::Arrival);
        self.schedule_churn(departure, Event::Departure);
        self.schedule_traced_request(0);
    }

    /// Schedules the next event of churn, unless churn has ended by then. The event is drawn all the same.
    /// So until its end, churn is the same as churn without an end.
    pub(super) fn schedule_churn(&mut self, span: Option<SimDuration>, event: EventOf<O>) {
        let warmup = self.scenario.warmup;
        let ends = |until| SimTime::ZERO + warmup + until;
        let end = self.scenario.churn.until.map(ends);
        let in_time = |span: &SimDuration| end.is_none_or(|end| self.now + *span <= end);
        self.schedule_after(span.filter(in_time), event);
    }

    pub(super) fn on_arrival(&mut self) -> Result<(), SimError> {
        let next = self.churn.next_arrival();
        self.schedule_churn(next, Event::Arrival);
        self.welcome_new_peer()
    }

    fn welcome_new_peer(&mut self) -> Result<(), SimError> {
        let may_return = self.may_return();
        let id_of = |node| self.overlay.id(node);
        let sector_of = sectors(&self.network, &self.scenario.overlay.ids);
        let Some((peer, ids)) = self.members.add(1, id_of, may_return, sector_of) else {
            self.observers.turned_away();
            return Ok(());
        };
        self.conduct.add_peer();
        for id in ids {
            self.add_node(id);
        }
        self.schedule_whitewash(peer);
        self.come_up(peer, None)
    }

    /// The next node is created. It is down.
    pub(super) fn add_node(&mut self, id: RingId) {
        self.overlay.add_node(id);
        self.observers.node_added(id);
    }

    pub(super) fn on_departure(&mut self) -> Result<(), SimError> {
        let next = self.churn.next_departure();
        self.schedule_churn(next, Event::Departure);
        match self.churn.victim(self.members.population()) {
            Some(peer) => {
                let manner = self.churn.manner();
                self.go_down(peer, manner)
            }
            None => Ok(()),
        }
    }

    /// One given peer changes between up and down.
    pub(super) fn on_toggle(&mut self, peer: PeerIdx) -> Result<(), SimError> {
        if self.churn.follows_trace() {
            return self.on_moment(peer);
        }
        let peer = self.present_name(peer);
        if self.is_leech(peer) {
            self.pass_toggle(peer);
            return Ok(());
        }
        let was_up = self.members.population().is_up(peer);
        let next = if self.is_first_arrival(peer) {
            self.churn.first_toggle(true)
        } else {
            self.churn.next_toggle(!was_up)
        };
        self.schedule_churn(next, Event::Toggle(peer));
        if was_up {
            let manner = self.churn.manner();
            self.go_down(peer, manner)
        } else {
            self.come_up(peer, None)
        }
    }

    /// Whether one of the peers of time 0 now joins for the first time. It is in the middle of a session, like those of
    /// a ring that is there from the start.
    fn is_first_arrival(&self, peer: PeerIdx) -> bool {
        let is_initial = peer.0 < self.scenario.overlay.nodes;
        let node = NodeIdx(peer.0 * self.members.positions());
        is_initial && self.members.epoch(node) == Epoch::default()
    }

    pub(super) fn on_fault(&mut self, number: u32) -> Result<(), SimError> {
        match self.scenario.faults[number as usize].kind {
            FaultKind::Kill(share) => self.many_go(share, Departure::Crash),
            FaultKind::Leave(share) => self.many_go(share, Departure::Leave),
            FaultKind::Join(count) => (0..count).try_for_each(|_| self.welcome_new_peer()),
            FaultKind::CrashWellKnown => match self.first_well_known() {
                Some(peer) => self.go_down(peer, Departure::Crash),
                None => Ok(()),
            },
            // The network knows from the start when it is cut.
            FaultKind::Partition { .. } => Ok(()),
        }
    }

    /// This share of those who are up goes at once.
    fn many_go(&mut self, share: f64, manner: Departure) -> Result<(), SimError> {
        let going = self.churn.victims(share, self.members.population());
        going
            .into_iter()
            .try_for_each(|peer| self.go_down(peer, manner))
    }

    /// A peer comes up, and its nodes join through `via` or the well-known node.
    pub(super) fn come_up(&mut self, peer: PeerIdx, via: Option<NodeIdx>) -> Result<(), SimError> {
        self.members.bring_up(peer);
        self.leech_comes(peer);
        self.note_attendance();
        self.observers.peer_came();
        self.members.nodes_of(peer).try_for_each(|node| {
            self.observers.came_up(self.now, node);
            if self.counting.counts_requests() {
                self.begin_turns_of(node);
            }
            match via {
                Some(_) => self.act(node, |overlay, fx| overlay.join(via, fx)),
                None => self.join_by_well_known(node),
            }
        })
    }

    pub(super) fn go_down(&mut self, peer: PeerIdx, manner: Departure) -> Result<(), SimError> {
        for node in self.members.nodes_of(peer) {
            if manner == Departure::Leave {
                self.act(node, O::leave)?;
            }
            self.overlay.remove(node);
            self.members.seekers.end(node);
            self.end_membership(node, Parting::Departed(manner));
            self.forget_work(node);
            self.observers.went_down(self.now, node, manner);
        }
        self.members.take_down(peer);
        self.note_attendance();
        self.observers.peer_went(manner);
        self.leech_goes(peer);
        if !self.comes_back(peer) {
            for node in self.members.nodes_of(peer) {
                self.overlay.forget(node);
                self.observers.gone_for_good(node);
            }
            self.forget_standing(peer);
        }
        Ok(())
    }

    /// Whether any peer that has gone may come back.
    pub(super) fn may_return(&self) -> bool {
        self.leeches.is_some() || self.all_come_back()
    }

    pub(super) fn comes_back(&self, peer: PeerIdx) -> bool {
        self.all_come_back() || self.is_leech(peer)
    }

    /// Whether whoever has gone comes back.
    fn all_come_back(&self) -> bool {
        use ChurnModel::{None, Poisson, Sessions, Trace};
        match self.scenario.churn.model {
            Sessions { .. } | Trace(_) => true,
            None | Poisson { .. } => false,
        }
    }

    /// A node has ceased to be a member, if it ever was one.
    pub(super) fn end_membership(&mut self, node: NodeIdx, parting: Parting) {
        let was_member = self.members.directory().is_member(node);
        self.members.off_the_ring(node, self.overlay.id(node));
        if was_member {
            self.tell(|observers, scene| observers.left(scene, node, parting));
        }
    }
}

/// In which part of the ring each peer has to be, if identifiers follow regions.
fn sectors<'a>(network: &'a Network, ids: &Ids) -> impl Fn(PeerIdx) -> Option<Sector> + use<'a> {
    let by_region = *ids == Ids::Region;
    move |peer| by_region.then(|| network.sector(network.host_of(peer)))?
}
