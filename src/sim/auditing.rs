//! What the loop tells the auditor, if there is one: what happens next, and what it has changed.

use super::Sim;
use crate::engine::{Event, NodeIdx, Packed, RingId, SimTime};
use crate::metrics::Claim;
use crate::metrics::audit::{Auditor, Cause};
use crate::overlay::{Overlay, Space};
use crate::scenario::resolved::{Output, Scenario};

/// The auditor of a run, if it is wanted.
pub(super) fn auditor(scenario: &Scenario, output: &Output) -> Option<Box<Auditor>> {
    let space = Space::new(scenario.overlay.id_bits);
    let from = SimTime::ZERO + scenario.warmup;
    let (successors, patience) = (scenario.chord.successors, scenario.overlay.rpc_timeout);
    let auditor = || Auditor::new(space, successors, patience, from);
    output.audit.then(|| Box::new(auditor()))
}

impl<O: Overlay> Sim<'_, O> {
    /// An event is about to be handled.
    #[inline]
    pub(super) fn audit_event(&mut self, event: Packed) {
        if self.auditor.is_some() {
            self.note_cause(&Event::unpack(event));
        }
    }

    fn note_cause(&mut self, event: &Event<O::Msg, O::Timer>) {
        let cause = match event {
            Event::Message { from, msg, .. } | Event::Handle { from, msg, .. } => Cause::Message {
                from: *from,
                what: self.overlay.name_of_message(msg),
            },
            Event::Timer { timer, .. } => match self.overlay.suspects(timer) {
                Some(of) => Cause::Silence {
                    of,
                    // A node is its identifier: whoever has it now may have had another before.
                    alive: self.members.oracle().holds(self.overlay.id(of)),
                },
                None => Cause::Timer(self.overlay.name_of_timer(timer)),
            },
            _ => Cause::Join,
        };
        if let Some(auditor) = &mut self.auditor {
            auditor.note(self.now, cause);
        }
    }

    /// All members are there from the start.
    pub(super) fn audit_start(&mut self) {
        if let Some(auditor) = &mut self.auditor {
            let overlay = &self.overlay;
            auditor.begin(self.members.oracle(), |node| overlay.successor_list(node));
        }
    }

    /// A node has acted.
    #[inline]
    pub(super) fn audit_act(&mut self, node: NodeIdx) {
        if let Some(auditor) = &mut self.auditor {
            let list = self.overlay.successor_list(node);
            auditor.acted(node, list, self.members.oracle());
        }
    }

    /// A node has become a member.
    pub(super) fn audit_joined(&mut self, node: NodeIdx) {
        if let Some(auditor) = &mut self.auditor {
            let list = self.overlay.successor_list(node);
            auditor.joined(node, list, self.members.oracle());
        }
    }

    /// A node is on the ring no more, if it ever was.
    pub(super) fn audit_left(&mut self, node: NodeIdx, cause: Cause) {
        if let Some(auditor) = &mut self.auditor {
            auditor.left(self.now, node, cause, self.members.oracle());
        }
    }

    /// A node has answered for a key.
    pub(super) fn audit_claim(&mut self, key: RingId, claim: &Claim) {
        if let Some(auditor) = &mut self.auditor
            && Some(claim.id) != claim.owner
        {
            let owner = self.members.oracle().owner(key).map(|(_, node)| node);
            auditor.answered_for_another(claim.node, key, owner);
        }
    }
}
