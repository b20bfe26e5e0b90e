//! The life of a put or get in a run: its owner is looked up as for any request, then the overlay sees to the copies, and the
//! end is judged by what there is.

use std::collections::BTreeSet;

use super::{Sim, SimError};
use crate::catalogue::{OperationKind, OperationOutcome, Reason};
use crate::client::{Answer, OperationState, RequestFailure};
use crate::overlay::{Attempt, Deed, Effect, LookAhead, Operation, Place, Service};
use crate::world::{Action, Event, NodeIdx, RingId};

/// A put or get is over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operated {
    ticket: u64,
    answers: u8,
    timeouts: u32,
    enough: bool,
    version: u32,
}

impl Operated {
    /// What the effect says, if it is of this kind.
    pub(super) fn of<M, T>(effect: &Effect<M, T>) -> Option<Self> {
        match *effect {
            Effect::Operated {
                ticket,
                answers,
                timeouts,
                enough,
                version,
            } => Some(Self {
                ticket,
                answers,
                timeouts,
                enough,
                version,
            }),
            _ => None,
        }
    }
}

impl<O: LookAhead> Sim<'_, O> {
    /// A put or get of the workload starts.
    pub(super) fn start_operation(&mut self, kind: OperationKind) -> Result<(), SimError> {
        if self.deadline.is_some() {
            return Ok(());
        }
        let drawn = self
            .workload
            .next_operation(kind, self.members.population());
        let next = match kind {
            OperationKind::Put => Event::Put,
            OperationKind::Get => Event::Get,
        };
        self.schedule_after(drawn.gap, next);
        let bytes = self
            .scenario
            .storage
            .map_or(0, |storage| storage.value_bytes);
        let source = self.asker(drawn.source);
        if let Some(name) = self.workload.name(drawn.rank) {
            let ticket = self.client.ledger.next_ticket();
            self.client.operations.call(ticket, name);
        }
        self.operate(kind, drawn.key, bytes, source, None)
    }

    /// A user at a node puts a value of so many bytes, which may be a `text`, or gets it.
    pub(super) fn operate(
        &mut self,
        kind: OperationKind,
        key: RingId,
        bytes: u32,
        source: Option<NodeIdx>,
        text: Option<&str>,
    ) -> Result<(), SimError> {
        let ticket = self.client.ledger.next_ticket();
        match kind {
            OperationKind::Put => self.client.operations.begin_put(ticket, key, bytes),
            OperationKind::Get => self.client.operations.begin_get(ticket, key),
        }
        if let Some(text) = text {
            self.client.operations.keep_text(ticket, key, text);
        }
        if let Some(state) = self.client.operations.get(ticket) {
            self.observers.began(self.now, key, state.action);
        }
        self.ask(source, key)
    }

    /// The owner of a put's or get's key has been found, and the operation goes on there. Returns whether the request is one.
    pub(super) fn go_on(
        &mut self,
        ticket: u64,
        answer: Answer,
        timeouts: u32,
        (key, place): (RingId, Option<Place>),
    ) -> bool {
        let Some(state) = self.client.operations.get_mut(ticket) else {
            return false;
        };
        state.found.get_or_insert(answer);
        state.timeouts += timeouts;
        let operation = Operation {
            ticket,
            key,
            owner: answer.claim.node,
            action: state.action,
            place,
        };
        // The node that has found the owner is the one that acts, and the effects are still its own.
        self.overlay.operate(&operation, &mut self.effects);
        true
    }

    /// The owner was silent: it is looked up once more.
    pub(super) fn find_again(&mut self, ticket: u64) {
        let Some((opening, _)) = self.client.ledger.get(ticket) else {
            return;
        };
        if let Some(state) = self.client.operations.get_mut(ticket) {
            state.found = None;
            state.timeouts += 1;
        }
        // Who thinks ill of all that it could ask asks the first all the same: it was let in to this point.
        let attempt = self.first_attempt(opening.source, opening.key);
        let op = self.look_up(ticket, opening.key, attempt.unwrap_or(Attempt::First));
        self.client.ledger.set_op(ticket, op);
    }

    /// A put or get is over.
    pub(super) fn end_operation(&mut self, over: Operated) -> Result<(), SimError> {
        let Some((opening, _)) = self.client.ledger.get(over.ticket) else {
            return Ok(());
        };
        let copies = self.copies_of(opening.key);
        let operations = &mut self.client.operations;
        let stored_ever = operations.newest_stored(opening.key) > 0;
        // Values are texts of a script, or all of one size.
        let text = operations.text(opening.key, over.version);
        let same = self.scenario.storage.map_or(0, |it| it.value_bytes);
        let size = text.map_or(same, |text| text.len() as u32);
        let Some(state) = operations.get_mut(over.ticket) else {
            return Ok(());
        };
        let Some(found) = state.found else {
            return Ok(());
        };
        state.answers = over.answers;
        state.timeouts += over.timeouts;
        if let Action::Get = state.action {
            state.version = over.version;
            state.bytes_read = (over.version > 0).then_some(size);
        }
        let (outcome, reason) = judged(state, over, copies, stored_ever);
        let shunned = self.client.ledger.was_shunned(over.ticket);
        let reason = reason.map(|reason| match reason {
            Reason::NoQuorum if shunned => Reason::Shunned,
            reason => reason,
        });
        state.outcome = outcome;
        let (timeouts, action, told) = (state.timeouts, state.action, *state);
        if let (Action::Put { version, .. }, OperationOutcome::Stored) = (action, outcome) {
            operations.stored(opening.key, version);
        }
        if let OperationOutcome::Stored | OperationOutcome::Found = outcome {
            self.note_gain(opening.source);
        }
        self.tell(|observers, scene| observers.ended(scene, opening.key, &told));
        let answer = match reason {
            None => Ok(Answer {
                at: self.now,
                ..found
            }),
            Some(reason) => Err(RequestFailure {
                owner: found.claim.owner,
                reason,
            }),
        };
        self.close(over.ticket, answer, timeouts);
        self.send_leeches_home(self.now);
        self.hand_on_finished()
    }

    /// No user waits for a put or get any more. Returns how many messages of it were not answered in time, before and now.
    pub(super) fn abandon_operation(&mut self, ticket: u64) -> u32 {
        let (timeouts, answers) = self.overlay.abandon(ticket);
        let Some(state) = self.client.operations.get_mut(ticket) else {
            return 0;
        };
        state.answers = answers;
        if let (Action::Put { .. }, 1..) = (state.action, answers) {
            state.outcome = OperationOutcome::Partial;
        }
        state.timeouts + timeouts
    }

    fn copies_of(&self, key: RingId) -> u32 {
        self.overlay.stock().map_or(0, |stock| stock.copies_of(key))
    }

    /// Stores every key of the workload where it belongs. Who keeps nothing is passed over, as in a put: where it says that it
    /// has the value, users take it for stored.
    pub(super) fn preload(&mut self) {
        let Some(storage) = self.scenario.storage.filter(|storage| storage.preload) else {
            return;
        };
        let mut keys = self.workload.keys().to_vec();
        keys.sort_unstable();
        keys.dedup();
        let mut pretended = BTreeSet::new();
        let (members, conduct) = (&self.members, &self.conduct);
        let deed = |peer, node| conduct.deed(peer, Service::Keep, |_| node);
        let wanted = usize::from(storage.nodes_at_each_place());
        self.overlay.stock_up(&keys, &mut |place, nodes| {
            let mut peers = Vec::with_capacity(wanted);
            for (_, node) in members.directory().clockwise_from(place) {
                let peer = members.peer_of(node);
                if !peers.contains(&peer) {
                    peers.push(peer);
                    match deed(peer, node) {
                        Deed::Serve => nodes.push(node),
                        Deed::Decline => {}
                        _ => {
                            pretended.insert(place);
                        }
                    }
                }
                if peers.len() == wanted {
                    return;
                }
            }
        });
        for key in keys {
            if self.copies_of(key) > 0 || self.has_place_among(key, &pretended) {
                self.client.operations.preloaded(key);
            }
        }
    }
}

impl<O: LookAhead> Sim<'_, O> {
    fn has_place_among(&self, key: RingId, places: &BTreeSet<RingId>) -> bool {
        if places.is_empty() {
            return false;
        }
        let of_key = self.overlay.stock().map(|stock| stock.places_of(key));
        of_key.is_some_and(|of_key| of_key.iter().any(|place| places.contains(place)))
    }
}

/// How a put or get has ended, and why if it did not do what it was to do.
fn judged(
    state: &OperationState,
    over: Operated,
    copies: u32,
    stored_ever: bool,
) -> (OperationOutcome, Option<Reason>) {
    match state.action {
        Action::Put { .. } if over.enough => (OperationOutcome::Stored, None),
        Action::Put { .. } if over.answers > 0 => {
            (OperationOutcome::Partial, Some(Reason::NoQuorum))
        }
        Action::Put { .. } => (OperationOutcome::Failed, Some(Reason::NoQuorum)),
        Action::Get if !over.enough => (OperationOutcome::Failed, Some(Reason::NoQuorum)),
        Action::Get if over.version >= state.newest_stored.max(1) => {
            (OperationOutcome::Found, None)
        }
        Action::Get if over.version > 0 => (OperationOutcome::Stale, None),
        Action::Get if copies > 0 => (OperationOutcome::Failed, Some(Reason::NotThere)),
        Action::Get if stored_ever => (OperationOutcome::Lost, None),
        Action::Get => (OperationOutcome::Missing, None),
    }
}
