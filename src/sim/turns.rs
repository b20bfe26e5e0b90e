//! Lookups that each node makes in its turn.

use super::{Sim, SimError};
use crate::overlay::LookAhead;
use crate::scenario::resolved::Source;
use crate::world::{Event, NodeIdx, RingId};

impl<O: LookAhead> Sim<'_, O> {
    /// The measurement begins: so do the turns of all nodes that are up.
    pub(super) fn begin_turns(&mut self) {
        if self.workload.turns.is_none() {
            return;
        }
        let nodes = self.members.population().len() as u32 * self.members.positions();
        for node in (0..nodes).map(NodeIdx) {
            if self.members.epoch(node).is_life() {
                self.begin_turns_of(node);
            }
        }
    }

    /// A node is up, in the measurement.
    pub(super) fn begin_turns_of(&mut self, node: NodeIdx) {
        // A leech asks when it likes.
        if self.is_leech(self.members.peer_of(node)) {
            return;
        }
        let turns = self.workload.turns.as_mut();
        let first = turns.and_then(|turns| turns.begin(node));
        self.schedule_after(first, Event::Turn(node));
    }

    /// It is a node's turn to make a lookup.
    pub(super) fn on_turn(&mut self, node: NodeIdx) -> Result<(), SimError> {
        let Some(turns) = self.workload.turns.as_mut() else {
            return Ok(());
        };
        if self.deadline.is_some() {
            return Ok(());
        }
        if !self.members.epoch(node).is_life() {
            let next = Some(turns.pass()).filter(|_| self.may_return());
            self.schedule_after(next, Event::Turn(node));
            return Ok(());
        }
        let next = turns.take(node);
        self.schedule_after(next, Event::Turn(node));
        let key = self.workload.next_key();
        self.ask(Some(node), key)
    }

    /// Who makes a request of the workload for which this node was drawn.
    pub(super) fn asker(&self, drawn: Option<NodeIdx>) -> Option<NodeIdx> {
        match self.scenario.workload.source {
            Source::Random if self.leeches.is_some() => {
                drawn.and_then(|drawn| self.in_place_of_leech(drawn))
            }
            Source::Random => drawn,
            Source::Id(id) => self.members.member(RingId(id)),
        }
    }
}
