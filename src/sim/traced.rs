//! What a trace says of the peers of a run: when each comes and goes, and what it asks for.

use super::{Sim, SimError};
use crate::catalogue::OperationKind;
use crate::engine::{SimDuration, SimTime};
use crate::inputs::churn_trace::Wish;
use crate::overlay::LookAhead;
use crate::peers::Attendance;
use crate::world::{Event, PeerIdx, Space, hashed};

impl<O: LookAhead> Sim<'_, O> {
    /// How long until the trace changes a peer between up and down.
    pub(super) fn until_next_moment(&self, peer: PeerIdx) -> Option<SimDuration> {
        let next = self.churn.next_moment(peer)?;
        Some(next.since(self.now))
    }

    /// A peer comes or goes as the trace says. A fault may have come before: then it is as the trace wants it already.
    pub(super) fn on_moment(&mut self, peer: PeerIdx) -> Result<(), SimError> {
        let is_to_be_up = self.churn.pass(peer);
        let next = self.until_next_moment(peer);
        self.schedule_churn(next, Event::Toggle(peer));
        match (self.members.population().is_up(peer), is_to_be_up) {
            (false, true) => self.come_up(peer, None),
            (true, false) => {
                let manner = self.churn.manner();
                self.go_down(peer, manner)
            }
            _ => Ok(()),
        }
    }

    /// The measurement begins.
    pub(super) fn begin_attendance(&mut self) {
        if self.churn.follows_trace() {
            let up = self.members.population().up().len();
            self.attendance = Some(Attendance::new(self.now, up as u64));
        }
    }

    /// The measurement is over.
    pub(super) fn end_attendance(&mut self) {
        if let Some(attendance) = &mut self.attendance {
            attendance.end(self.now);
        }
    }

    /// Who is up has changed.
    pub(super) fn note_attendance(&mut self) {
        if let Some(attendance) = &mut self.attendance {
            let up = self.members.population().up().len();
            attendance.change(self.now, up as u64);
        }
    }

    /// Schedules a request of the trace, by its number in order of time.
    pub(super) fn schedule_traced_request(&mut self, number: u32) {
        let at: Option<SimTime> = self.churn.due(number).map(|(due, _)| due.at);
        if let Some(at) = at {
            self.schedule(at, Event::Traced(number));
        }
    }

    /// A request of the trace is due. If the peer that asks is not there, because a fault has struck it, nobody asks.
    pub(super) fn on_traced_request(&mut self, number: u32) -> Result<(), SimError> {
        if self.deadline.is_some() {
            return Ok(());
        }
        self.schedule_traced_request(number + 1);
        let Some((due, wish)) = self.churn.due(number) else {
            return Ok(());
        };
        let is_up = self.members.population().is_up(due.peer);
        let source = self.members.nodes_of(due.peer).next().filter(|_| is_up);
        let space = Space::new(self.scenario.overlay.id_bits);
        let place = |key: &str| hashed(space, key.as_bytes());
        match wish.clone() {
            Wish::Lookup { key } => self.ask(source, place(&key)),
            Wish::Get { key } => {
                self.call_next_operation(&key);
                self.operate(OperationKind::Get, place(&key), 0, source, None)
            }
            Wish::Put { key, value } => {
                self.call_next_operation(&key);
                let (key, bytes) = (place(&key), value.len() as u32);
                self.operate(OperationKind::Put, key, bytes, source, Some(&value))
            }
        }
    }

    /// The next put or get is called so in results.
    fn call_next_operation(&mut self, name: &str) {
        let ticket = self.client.ledger.next_ticket();
        self.client.operations.call(ticket, name.into());
    }
}
