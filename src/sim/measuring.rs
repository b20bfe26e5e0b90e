//! A run is measured: the measurement begins, rows of the timeline close, and what was measured is told at the end.

use super::{Sim, SimError, estimates};
use crate::catalogue::{Metric, RunSummary};
use crate::engine::SimTime;
use crate::observe::{Facts, Observers, Sample};
use crate::overlay::storage::Stock;
use crate::overlay::{Health, LookAhead};
use crate::world::{Event, Geometry as _, NodeIdx, PeerIdx};

impl<O: LookAhead> Sim<'_, O> {
    pub(super) fn begin_measuring(&mut self) {
        self.preload();
        self.counting.begin(&self.client.ledger);
        self.observers.measuring_began();
        self.begin_attendance();
        self.begin_turns();
        self.begin_deciding();
        self.schedule_sample();
    }

    /// Schedules the next row of the timeline, unless that row ends with the duration.
    fn schedule_sample(&mut self) {
        let end = SimTime::ZERO + self.scenario.warmup + self.scenario.duration;
        let next = self.now + self.scenario.sample;
        if next < end {
            self.schedule(next, Event::Sample);
        }
    }

    pub(super) fn sample(&mut self) {
        self.close_row();
        self.schedule_sample();
    }

    fn close_row(&mut self) {
        self.decide_if_due();
        let (members, joining) = self.members.count();
        self.estimate_error = self.estimate_error();
        self.observers.sampled(&Sample {
            at: self.now,
            // Nothing can be said of a ring on which nobody is.
            health: if members == 0 {
                Health::default()
            } else {
                self.overlay.health(self.members.directory())
            },
            members,
            joining,
            stock: self.overlay.stock().map(Stock::totals),
            estimate_error: self.estimate_error,
            selfish_share: self.selfish_share(),
        });
    }

    /// The duration is over.
    pub(super) fn drain(&mut self) {
        self.close_row();
        self.end_attendance();
        self.counting.end(&self.client.ledger);
        let (geometry, members) = (O::Geometry::default(), self.members.directory());
        let owner = |key| geometry.owner(members, key).map(|(_, node)| node);
        let owners: Vec<_> = self
            .workload
            .keys()
            .iter()
            .copied()
            .filter_map(owner)
            .collect();
        self.observers.measuring_ended(self.now, &owners);
        self.deadline = Some(self.now + self.client.patience());
    }

    pub(super) fn is_over(&mut self) -> bool {
        let Some(deadline) = self.deadline else {
            return false;
        };
        let all_ended = self.client.ledger.is_empty() && self.no_way_is_left();
        all_ended || self.now >= deadline
    }

    pub(super) fn finish(mut self) -> Result<RunSummary, SimError> {
        // Requests that are still open can no longer be answered in time.
        self.give_up_requests(|_| true)?;
        let added = self.tell(Observers::done)?;
        let positions = self.members.positions();
        let nodes = self.members.population().len() as u32 * positions;
        let facts = (0..nodes).map(|node| {
            let peer = PeerIdx(node / positions);
            Facts {
                id: self.overlay.id(NodeIdx(node)).0,
                host: self.network.host_of(peer).0,
                peer: peer.0,
                selfish: self.conduct.is_selfish(peer),
            }
        });
        let recorder = self.observers.recorder;
        let is_selfish = |peer| self.conduct.is_selfish(peer);
        let is_apart = self.scenario.selfish.measured;
        let apart = is_apart.then_some(&is_selfish as &dyn Fn(PeerIdx) -> bool);
        let mut summary = recorder.finish(facts, positions, &self.chain, added, apart)?;
        if estimates::are_made(self.scenario) {
            summary.set(Metric::EstimateError, self.estimate_error);
        }
        if !self.scenario.events.is_empty() {
            summary.set(Metric::ScriptIdle, Some(self.script_idle.into()));
        }
        if self.scenario.selfish.defence.reputation.is_some() {
            summary.extend(self.verdicts.metrics());
        }
        if let Some(washing) = self.whitewashing {
            summary.set(Metric::Whitewashes, Some(washing.count as f64));
        }
        if self.scenario.selfish.fair_peers_decline() {
            summary.extend(self.declined.metrics());
        }
        if let Some(attendance) = self.attendance {
            summary.set(Metric::PeersUpMean, attendance.mean());
        }
        summary.unanswered_calls = self.effects.unanswered();
        Ok(summary)
    }
}
