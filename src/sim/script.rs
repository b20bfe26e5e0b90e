//! What happens by script: one given peer comes or goes, or asks for a given key.
//!
//! Whether the peer is there is known here at the latest. An event about a peer that is not has no effect, and is counted.

use super::{Sim, SimError};
use crate::catalogue::OperationKind;
use crate::overlay::LookAhead;
use crate::scenario::resolved::{ScriptKey, ScriptKind};
use crate::world::{Departure, NodeIdx, RingId};

impl<O: LookAhead> Sim<'_, O> {
    /// An event of the script is due.
    pub(super) fn on_script(&mut self, number: u32) -> Result<(), SimError> {
        let scenario = self.scenario;
        match &scenario.events[number as usize].kind {
            ScriptKind::Join { id, via } => self.join_named(RingId(*id), via.map(RingId)),
            ScriptKind::Leave(id) => self.depart_named(*id, Departure::Leave),
            ScriptKind::Crash(id) => self.depart_named(*id, Departure::Crash),
            ScriptKind::Lookup { key, from } => {
                let Some(source) = self.named(*from) else {
                    self.script_idle += 1;
                    return Ok(());
                };
                self.ask(Some(source), RingId(key.place))
            }
            ScriptKind::Put { key, value, from } => {
                self.operate_named(key, *from, Some(value.as_str()))
            }
            ScriptKind::Get { key, from } => self.operate_named(key, *from, None),
        }
    }

    /// The node of a peer that is up.
    fn named(&self, id: u64) -> Option<NodeIdx> {
        self.members.named(RingId(id), |node| self.overlay.id(node))
    }

    /// A new peer joins. Its contact must be on the ring: only members know whom they would pass it on to.
    fn join_named(&mut self, id: RingId, via: Option<RingId>) -> Result<(), SimError> {
        let contact = via.and_then(|via| self.members.member(via));
        if via.is_some() && contact.is_none() {
            self.script_idle += 1;
            return Ok(());
        }
        let may_return = self.may_return();
        let overlay = &self.overlay;
        let added = self
            .members
            .add_named(id, |node| overlay.id(node), may_return);
        let Some(peer) = added else {
            self.script_idle += 1;
            return Ok(());
        };
        self.conduct.add_peer();
        self.add_node(id);
        self.schedule_whitewash(peer);
        self.come_up(peer, contact)
    }

    fn depart_named(&mut self, id: u64, manner: Departure) -> Result<(), SimError> {
        let Some(node) = self.named(id) else {
            self.script_idle += 1;
            return Ok(());
        };
        self.go_down(self.members.peer_of(node), manner)
    }

    /// A put of this value, or a get if there is none.
    fn operate_named(
        &mut self,
        key: &ScriptKey,
        from: u64,
        value: Option<&str>,
    ) -> Result<(), SimError> {
        let Some(source) = self.named(from) else {
            self.script_idle += 1;
            return Ok(());
        };
        let ticket = self.client.ledger.next_ticket();
        if let Some(label) = &key.label {
            self.client.operations.call(ticket, label.as_str().into());
        }
        let place = RingId(key.place);
        let (kind, bytes) = match value {
            Some(value) => (OperationKind::Put, value.len() as u32),
            None => (OperationKind::Get, 0),
        };
        self.operate(kind, place, bytes, Some(source), value)
    }
}
