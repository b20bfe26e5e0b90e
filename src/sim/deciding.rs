//! Peers turn selfish or honest while a run goes on: when, and by what they have gained and paid.

use super::Sim;
use crate::engine::{SimDuration, SimTime};
use crate::overlay::{Effect, LookAhead, Message as _, Traffic};
use crate::world::{Event, NodeIdx};

impl<O: LookAhead> Sim<'_, O> {
    /// The measurement begins: from now on peers turn.
    pub(super) fn begin_deciding(&mut self) {
        self.conduct.begin_measuring();
        self.schedule_decision(SimDuration::ZERO);
    }

    /// Peers turn for the next time after this moment, counted from the beginning of the measurement, unless that is over by
    /// then.
    fn schedule_decision(&mut self, after: SimDuration) {
        let next = self.conduct.next_turn(after);
        let next = next.filter(|next| *next <= self.scenario.duration);
        self.next_decision = next.map(|next| self.measuring_since() + next);
        if let Some(at) = self.next_decision {
            self.schedule(at, Event::Decide);
        }
    }

    /// Peers turn, if it is time. A row of the timeline, and the measurement, that end at the same moment show what they have
    /// come to: whichever event of that moment is the first, peers turn then.
    pub(super) fn decide_if_due(&mut self) {
        if self.next_decision.is_none_or(|due| due > self.now) {
            return;
        }
        let now = self.now.since(self.measuring_since());
        self.conduct.turn(now, self.members.population().up());
        self.schedule_decision(now);
    }

    fn measuring_since(&self) -> SimTime {
        SimTime::ZERO + self.scenario.warmup
    }

    /// A request of a user at this node has been answered as it should be.
    pub(super) fn note_gain(&mut self, source: NodeIdx) {
        self.conduct.gained(self.members.peer_of(source));
    }

    /// What a node is about to send is on account of another's request.
    pub(super) fn note_cost(&mut self, node: NodeIdx) {
        let peer = self.members.peer_of(node);
        let mut next = 0;
        while let Some(effect) = self.effects.get(next) {
            next += 1;
            if let Effect::Send {
                msg,
                traffic: Traffic::Lookup | Traffic::Forwarded,
                ..
            } = effect
            {
                self.conduct.paid(peer, msg.bytes(self.effects.parcels()));
            }
        }
    }
}
