//! The observer of a session: it notes what concerns those who look on.

use std::cell::RefCell;
use std::io;

use super::account::{Goal, Message, Operation, What};
use super::sight::{Sight, known};
use super::upkeep::upkeep;
use crate::catalogue::RecordSink;
use crate::client::Finished;
use crate::engine::SimTime;
use crate::observe::{Asked, EventOf, FinishedOperation, Measured, Observer, Parting, Scene, Sent};
use crate::overlay::{LookAhead, Message as _, Said, Traffic};
use crate::world::{Departure, Event, NodeIdx, Payload as _, RingId};

/// Lets a run be seen.
pub(super) struct Eyes<'a>(&'a RefCell<Sight>);

impl<'a> Eyes<'a> {
    pub(super) fn new(sight: &'a RefCell<Sight>) -> Self {
        Self(sight)
    }
}

impl<O: LookAhead> Observer<O> for Eyes<'_> {
    fn node_added(&mut self, id: RingId) {
        self.0.borrow_mut().ids.push(id.0);
    }

    fn before(&mut self, scene: &Scene<'_, O>, event: &EventOf<O>) {
        let mut sight = self.0.borrow_mut();
        if sight.is_done() {
            return;
        }
        sight.look(scene);
        sight.see_to_the_script();
        sight.now = scene.now;
        match *event {
            Event::Script(number) => {
                sight.script = Some((number, false));
                sight.fired.insert(number);
            }
            Event::Deadline { node, call, .. } => {
                if let Some(other) = scene.calls.waiting_for(call) {
                    let (node, other) = (sight.id(node), sight.id(other));
                    sight.note(What::Silent { node, other });
                }
            }
            _ => {}
        }
    }

    fn sent(&mut self, scene: &Scene<'_, O>, sent: &Sent<O::Msg>) {
        let mut sight = self.0.borrow_mut();
        if !sight.is_noting() {
            return;
        }
        let (from, to) = (sight.id(sent.from), sight.id(sent.to));
        let name = sent.msg.name();
        if name == "Copies" {
            let batch = sent.msg.parcel().map(|parcel| scene.parcels.batch(parcel));
            let items = batch.map_or(&[][..], |batch| &batch.items);
            let keys = items.iter().map(|item| item.key.0).collect();
            let why = sent.traffic;
            sight.note(What::Copies {
                from,
                to,
                keys,
                why,
            });
            return;
        }
        let ticket = scene.overlay.ticket(&sent.msg, scene.calls);
        let is_upkeep = matches!(sent.traffic, Traffic::Repair | Traffic::Handover);
        if is_upkeep || !sight.is_told(ticket, sent.from, sent.to) {
            return;
        }
        let said = ticket.and_then(|_| scene.overlay.said(&sent.msg, scene.parcels));
        let is_silent = match &said {
            Some(said) => *said == Said::Received,
            None => upkeep(name).is_none(),
        };
        if is_silent {
            return;
        }
        let named: Vec<u64> = named(said.as_ref())
            .into_iter()
            .map(|node| sight.id(node))
            .collect();
        let received = scene.members.is_member(sent.to) || sight.joining.contains_key(&sent.to);
        sight.note(What::Sent(Message {
            ticket,
            from,
            to,
            said,
            named,
            name,
            fate: sent.fate,
            received,
        }));
    }

    fn acted(&mut self, scene: &Scene<'_, O>, node: NodeIdx) {
        let mut sight = self.0.borrow_mut();
        if !matches!(sight.goal, Goal::Step) || !sight.is_noting() || !scene.members.is_member(node)
        {
            return;
        }
        let known = known(scene, node);
        let before = sight.known.insert(node, known.clone());
        if before.is_some_and(|before| before != known) {
            sight.note(What::Changed);
        }
    }

    fn joined(&mut self, _: &Scene<'_, O>, node: NodeIdx) {
        let mut sight = self.0.borrow_mut();
        sight.joining.remove(&node);
        let id = sight.id(node);
        sight.note(What::Joined(id));
    }

    fn left(&mut self, _: &Scene<'_, O>, node: NodeIdx, parting: Parting) {
        if parting == Parting::Lost {
            let mut sight = self.0.borrow_mut();
            sight.joining.insert(node, None);
            let id = sight.id(node);
            sight.note(What::Lost(id));
        }
    }

    fn came_up(&mut self, _: SimTime, node: NodeIdx) {
        let mut sight = self.0.borrow_mut();
        let script = sight.script_has_effect();
        sight.joining.insert(node, script);
        let id = sight.id(node);
        sight.note(What::CameUp { id, script });
    }

    fn went_down(&mut self, _: SimTime, node: NodeIdx, departure: Departure) {
        let mut sight = self.0.borrow_mut();
        sight.script_has_effect();
        sight.joining.remove(&node);
        let id = sight.id(node);
        sight.note(What::Down(id, departure));
    }

    fn asked(&mut self, _: &Scene<'_, O>, asked: &Asked) {
        let mut sight = self.0.borrow_mut();
        sight.tickets.push_back(asked.ticket);
        if let Some(script) = sight.script_has_effect() {
            sight.open.insert(asked.ticket, script);
            sight.asked.insert(asked.ticket, script);
            if Some(script) != sight.hidden {
                let ticket = asked.ticket;
                sight.note(What::Asked { script, ticket });
            }
        }
    }

    fn finished(&mut self, finished: &Finished, _: &mut dyn RecordSink) -> io::Result<()> {
        self.0.borrow_mut().over(finished, None);
        Ok(())
    }

    fn operated(&mut self, over: &FinishedOperation, _: &mut dyn RecordSink) -> io::Result<()> {
        let operation = Operation {
            outcome: over.state.outcome,
            answers: over.state.answers,
            version: over.state.version,
            bytes: over.state.bytes_read,
        };
        self.0.borrow_mut().over(&over.request, Some(operation));
        Ok(())
    }

    /// The run has come to its end before anything else was due.
    fn done(&mut self, scene: &Scene<'_, O>, _: &mut dyn RecordSink) -> io::Result<Vec<Measured>> {
        let mut sight = self.0.borrow_mut();
        sight.end(scene);
        Ok(Vec::new())
    }
}

/// The nodes that a message names.
fn named(said: Option<&Said>) -> Vec<NodeIdx> {
    match said {
        Some(Said::Ask { failed, .. }) => failed.iter().copied().collect(),
        Some(Said::Referral { next, .. }) => vec![*next],
        Some(Said::Keepers(nodes)) => nodes.clone(),
        _ => Vec::new(),
    }
}
