//! The observer of a session: it notes what concerns those who look on.

use std::cell::RefCell;
use std::io;

use super::account::{Goal, Message, Operation, What};
use super::sight::{Sight, known};
use super::upkeep::upkeep;
use crate::catalogue::RecordSink;
use crate::client::Finished;
use crate::engine::SimTime;
use crate::observe::trace::Tracer;
use crate::observe::{Asked, EventOf, FinishedOperation, Measured, Observer, Parting, Scene, Sent};
use crate::overlay::{LookAhead, Message as _, Said, Traffic};
use crate::report::trace::Story;
use crate::world::{Departure, Event, NodeIdx, Payload as _, RingId, Space};

/// Lets a run be seen.
pub(super) struct Eyes<'a> {
    sight: &'a RefCell<Sight>,
    space: Space,
    /// Notes the steps of the script's requests.
    tracer: Tracer<'a>,
}

impl<'a> Eyes<'a> {
    pub(super) fn new(sight: &'a RefCell<Sight>, space: Space) -> Self {
        let of_script = |_: &Asked, _| sight.borrow().script.is_some();
        let tracer = Tracer::new(of_script, |_, _| Ok(()));
        Self {
            sight,
            space,
            tracer: tracer.noting_knowledge(Vec::new()),
        }
    }

    /// What a node has just said for a request.
    fn words(&self, ticket: Option<u64>) -> Option<String> {
        let traced = self.tracer.under_way(ticket?)?;
        let last = traced.steps.len().checked_sub(1)?;
        Some(Story::of(traced, self.space).words(last))
    }
}

impl<O: LookAhead> Observer<O> for Eyes<'_> {
    fn node_added(&mut self, id: RingId) {
        self.sight.borrow_mut().ids.push(id.0);
    }

    fn before(&mut self, scene: &Scene<'_, O>, event: &EventOf<O>) {
        self.tracer.before(scene, event);
        let mut sight = self.sight.borrow_mut();
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
                let purpose = scene.calls.purpose(call);
                let ticket = purpose.and_then(|it| scene.overlay.ticket_of_call(node, it));
                let is_ours = ticket.is_some_and(|ticket| sight.is_ours(ticket));
                // Where messages are lost, silence about anything else says nothing.
                let waited_for = scene.calls.waiting_for(call);
                let is_told = |other: &NodeIdx| is_ours || !scene.members.is_member(*other);
                if let Some(other) = waited_for.filter(is_told) {
                    let (node, other) = (sight.id(node), sight.id(other));
                    sight.note(What::Silent { node, other });
                }
            }
            _ => {}
        }
    }

    fn sent(&mut self, scene: &Scene<'_, O>, sent: &Sent<O::Msg>) {
        self.tracer.sent(scene, sent);
        let mut sight = self.sight.borrow_mut();
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
        let words = match said {
            Some(_) => self.words(ticket),
            None => upkeep(name).map(str::to_owned),
        };
        let received = scene.members.is_member(sent.to) || sight.joining.contains_key(&sent.to);
        sight.note(What::Sent(Message {
            ticket,
            from,
            to,
            said,
            words: words.unwrap_or_default(),
            fate: sent.fate,
            received,
        }));
    }

    fn acted(&mut self, scene: &Scene<'_, O>, node: NodeIdx) {
        let mut sight = self.sight.borrow_mut();
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

    fn refused(&mut self, node: NodeIdx, ticket: Option<u64>, counts: bool) {
        Observer::<O>::refused(&mut self.tracer, node, ticket, counts);
        let mut sight = self.sight.borrow_mut();
        if ticket.is_some_and(|ticket| sight.is_ours(ticket)) {
            let id = sight.id(node);
            sight.note(What::Refuses(id));
        }
    }

    fn misrouted(&mut self, node: NodeIdx, named: NodeIdx, ticket: Option<u64>, counts: bool) {
        Observer::<O>::misrouted(&mut self.tracer, node, named, ticket, counts);
        let mut sight = self.sight.borrow_mut();
        if ticket.is_some_and(|ticket| sight.is_ours(ticket)) {
            let (id, of_itself) = (sight.id(node), node == named);
            sight.note(What::Misroutes { id, of_itself });
        }
    }

    fn joined(&mut self, _: &Scene<'_, O>, node: NodeIdx) {
        let mut sight = self.sight.borrow_mut();
        sight.joining.remove(&node);
        let id = sight.id(node);
        sight.note(What::Joined(id));
    }

    fn left(&mut self, _: &Scene<'_, O>, node: NodeIdx, parting: Parting) {
        if parting == Parting::Lost {
            let mut sight = self.sight.borrow_mut();
            sight.joining.insert(node, None);
            let id = sight.id(node);
            sight.note(What::Lost(id));
        }
    }

    fn came_up(&mut self, _: SimTime, node: NodeIdx) {
        let mut sight = self.sight.borrow_mut();
        let script = sight.script_has_effect();
        sight.joining.insert(node, script);
        let id = sight.id(node);
        sight.note(What::CameUp { id, script });
    }

    fn went_down(&mut self, _: SimTime, node: NodeIdx, departure: Departure) {
        let mut sight = self.sight.borrow_mut();
        sight.script_has_effect();
        sight.joining.remove(&node);
        let id = sight.id(node);
        sight.note(What::Down(id, departure));
    }

    fn asked(&mut self, scene: &Scene<'_, O>, asked: &Asked) {
        Observer::<O>::asked(&mut self.tracer, scene, asked);
        let mut sight = self.sight.borrow_mut();
        sight.tickets.push_back(asked.ticket);
        if let Some(script) = sight.script_has_effect() {
            sight.open.insert(asked.ticket, script);
            let ticket = asked.ticket;
            sight.note(What::Asked { script, ticket });
        }
    }

    fn finished(&mut self, finished: &Finished, sink: &mut dyn RecordSink) -> io::Result<()> {
        Observer::<O>::finished(&mut self.tracer, finished, sink)?;
        self.sight.borrow_mut().over(finished, None);
        Ok(())
    }

    fn operated(&mut self, over: &FinishedOperation, sink: &mut dyn RecordSink) -> io::Result<()> {
        Observer::<O>::operated(&mut self.tracer, over, sink)?;
        let operation = Operation {
            outcome: over.state.outcome,
            answers: over.state.answers,
            version: over.state.version,
            bytes: over.state.bytes_read,
        };
        self.sight.borrow_mut().over(&over.request, Some(operation));
        Ok(())
    }

    /// The run has come to its end before anything else was due.
    fn done(&mut self, scene: &Scene<'_, O>, _: &mut dyn RecordSink) -> io::Result<Vec<Measured>> {
        let mut sight = self.sight.borrow_mut();
        sight.end(scene);
        Ok(Vec::new())
    }
}
