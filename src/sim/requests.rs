//! The life of a user's request in a run: it starts, is answered or given up, and is judged.

use super::{Sim, SimError};
use crate::catalogue::Reason;
use crate::client::{Answer, Claim, Opening, RequestFailure};
use crate::engine::SimTime;
use crate::observe::{Asked, FinishedOperation};
use crate::overlay::{Attempt, LookAhead, Request};
use crate::workload;
use crate::world::{Epoch, Event, Geometry as _, NodeIdx, OpIdx, RingId};

impl<O: LookAhead> Sim<'_, O> {
    /// A user makes a request.
    pub(super) fn start_request(&mut self) -> Result<(), SimError> {
        if self.deadline.is_some() {
            return Ok(());
        }
        let workload::Request {
            gap, source, key, ..
        } = self.workload.next(self.members.population());
        self.schedule_after(gap, Event::Request);
        if self.looks_ahead {
            self.look_ahead_to_request();
        }
        self.ask(self.asker(source), key)
    }

    /// A user at a node asks for the owner of a key.
    pub(super) fn ask(&mut self, source: Option<NodeIdx>, key: RingId) -> Result<(), SimError> {
        let counts = self.counting.counts_requests();
        let Some(source) = source else {
            return self.nobody_asks(key, counts);
        };
        let epoch = self.members.epoch(source);
        let opening = Opening {
            started: self.now,
            source,
            source_id: self.overlay.id(source),
            key,
            counts,
        };
        let ticket = self.client.ledger.open(opening, epoch);
        self.tell_asked(ticket, &opening);
        let Some(attempt) = self.first_attempt(source, key) else {
            return self.close_unanswered(ticket, key, Reason::Shunned, 0);
        };
        self.effects.begin(self.now, source, epoch);
        let op = self.look_up(ticket, key, attempt);
        if let Some(after) = self.client.began(ticket, op) {
            let retry = Event::Retry {
                node: source,
                epoch,
                op,
            };
            self.schedule(self.now + after, retry);
        }
        self.apply_effects(source)
    }

    /// The node that acts looks up the key of a request.
    #[inline]
    pub(super) fn look_up(&mut self, ticket: u64, key: RingId, attempt: Attempt) -> OpIdx {
        let request = Request {
            ticket,
            key,
            attempt,
        };
        let op = self.overlay.request(request, &mut self.effects);
        if self.client.redundant.is_some() {
            self.look_up_by_other_ways(ticket, key, op);
        }
        op
    }

    /// How a request begins; `None` if its asker thinks ill of all that it could ask.
    #[inline]
    pub(super) fn first_attempt(&self, source: NodeIdx, key: RingId) -> Option<Attempt> {
        Some(match self.way(source, key, 0)? {
            0 => Attempt::First,
            number => Attempt::Beside { number },
        })
    }

    #[inline]
    fn tell_asked(&mut self, ticket: u64, opening: &Opening) {
        let state = self.client.operations.get(ticket);
        let asked = Asked {
            at: opening.started,
            ticket,
            source: opening.source,
            source_id: opening.source_id,
            key: opening.key,
            operation: state.map(|state| state.action),
            counts: opening.counts,
        };
        self.tell(|observers, scene| observers.asked(scene, &asked));
    }

    /// A request that nobody is there to make.
    #[cold]
    fn nobody_asks(&mut self, key: RingId, counts: bool) -> Result<(), SimError> {
        let opening = Opening {
            started: self.now,
            source: NodeIdx::NONE,
            source_id: RingId(0),
            key,
            counts,
        };
        let ticket = self.client.ledger.open(opening, Epoch::default());
        self.tell_asked(ticket, &opening);
        self.close_unanswered(ticket, key, Reason::NobodyLeft, 0)
    }

    /// A user has waited for an answer long enough to ask again.
    pub(super) fn retry_request(
        &mut self,
        node: NodeIdx,
        epoch: Epoch,
        op: OpIdx,
    ) -> Result<(), SimError> {
        let Some(again) = self.client.ask_again(node, op) else {
            return Ok(());
        };
        if let Some(after) = again.next_after {
            self.schedule(self.now + after, Event::Retry { node, epoch, op });
        }
        if self.has_ways(again.ticket) {
            return self.retry_all_ways(node, epoch, &again);
        }
        let Some(number) = self.way(node, again.key, again.number) else {
            self.client.ledger.shun_request(again.ticket);
            return Ok(());
        };
        let number = number.into();
        let request = Request {
            ticket: again.ticket,
            key: again.key,
            attempt: Attempt::Again { op, number },
        };
        self.act_in(epoch, node, |overlay, fx| {
            overlay.request(request, fx);
        })
    }

    /// A request has come to a dead end. If the user will not ask again, the request is over.
    pub(super) fn fail_request(
        &mut self,
        ticket: u64,
        op: OpIdx,
        timeouts: u32,
    ) -> Result<(), SimError> {
        if self.has_ways(ticket) {
            return self.fail_one_way(ticket, op);
        }
        if self.client.will_ask_again(ticket) {
            return Ok(());
        }
        if let Some(op) = self.client.ledger.op_of(ticket) {
            self.overlay.cancel(op);
        }
        self.close_failed(ticket, timeouts)
    }

    /// A request is over because there is nobody left to ask.
    pub(super) fn close_failed(&mut self, ticket: u64, timeouts: u32) -> Result<(), SimError> {
        let timeouts = timeouts + self.timeouts_before(ticket);
        let Some((opening, _)) = self.client.ledger.get(ticket) else {
            return Ok(());
        };
        // Who was refused and went on is at its end because of those that it would not ask.
        let reason = if self.client.ledger.was_shunned(ticket) {
            Reason::Shunned
        } else if self.client.ledger.was_dropped(ticket) {
            Reason::Dropped
        } else {
            Reason::NobodyLeft
        };
        self.close_unanswered(ticket, opening.key, reason, timeouts)?;
        self.send_leeches_home(self.now);
        Ok(())
    }

    /// A request is over.
    pub(super) fn close(
        &mut self,
        ticket: u64,
        answer: Result<Answer, RequestFailure>,
        timeouts: u32,
    ) {
        self.client.close(ticket, answer, timeouts);
        self.note_over(ticket);
    }

    /// A request is over without an answer.
    fn close_unanswered(
        &mut self,
        ticket: u64,
        key: RingId,
        reason: Reason,
        timeouts: u32,
    ) -> Result<(), SimError> {
        self.credit_first_hops(ticket, (reason != Reason::AskerGone).then_some(false));
        let owner = self.owner_id(key);
        let failure = RequestFailure { owner, reason };
        self.close(ticket, Err(failure), timeouts);
        self.hand_on_finished()
    }

    /// The answer to a request is back.
    pub(super) fn answer_request(
        &mut self,
        ticket: u64,
        (node, hops): (NodeIdx, u32),
        timeouts: u32,
    ) -> Result<(), SimError> {
        if self.has_ways(ticket) {
            return self.answer_by_one_way(ticket, (node, hops), timeouts);
        }
        let Some((opening, claim)) = self.client.ledger.get(ticket) else {
            return Ok(());
        };
        let claim = claim.filter(|claim| claim.node == node);
        // If another branch of the lookup has answered since, this answer is judged as of now.
        let claim = claim.unwrap_or_else(|| self.judge(node, opening.key));
        let answer = Answer {
            at: self.now,
            claim,
            hops,
            direct_ms: self.round_trip_ms(opening.source, node),
        };
        self.believe(ticket, answer, timeouts, opening.key)
    }

    /// A user believes an answer: the request is over, or goes on there.
    pub(super) fn believe(
        &mut self,
        ticket: u64,
        answer: Answer,
        timeouts: u32,
        key: RingId,
    ) -> Result<(), SimError> {
        self.credit_first_hops(ticket, Some(true));
        let about = (key, None);
        if !self.client.operations.is_empty() && self.go_on(ticket, answer, timeouts, about) {
            return Ok(());
        }
        if self.conduct.keeps_accounts()
            && answer.claim.is_right()
            && let Some((opening, _)) = self.client.ledger.get(ticket)
        {
            self.note_gain(opening.source);
        }
        self.close(ticket, Ok(answer), timeouts);
        self.send_leeches_home(self.now);
        self.hand_on_finished()
    }

    /// How many messages of a put or get were not answered in time before its present lookup.
    fn timeouts_before(&self, ticket: u64) -> u32 {
        let state = self.client.operations.get(ticket);
        state.map_or(0, |state| state.timeouts)
    }

    pub(super) fn round_trip_ms(&self, a: NodeIdx, b: NodeIdx) -> f64 {
        (self.one_way(a, b) + self.one_way(b, a)).as_millis_f64()
    }

    /// The claim of a node to own a key, together with the present owner.
    pub(super) fn judge(&self, node: NodeIdx, key: RingId) -> Claim {
        Claim {
            node,
            id: self.overlay.id(node),
            owner: self.owner_id(key),
        }
    }

    /// The identifier of a key's owner.
    fn owner_id(&self, key: RingId) -> Option<RingId> {
        let owner = O::Geometry::default().owner(self.members.directory(), key);
        owner.map(|(id, _)| id)
    }

    /// Gives up the requests whose time is over by the next event, each at its own moment: nothing happens between
    /// events, so what is known of it is what is known now. Requests started in order and have equal time. So only
    /// the oldest needs to be looked at, and requests need no timers.
    #[inline(never)]
    pub(super) fn expire_requests(&mut self, next: SimTime) -> Result<(), SimError> {
        let patience = self.client.patience();
        self.give_up_requests(|started| started + patience <= next)?;
        self.send_leeches_home(next);
        // What starts from now on has its time, and so has the oldest.
        let oldest = self.client.ledger.oldest();
        let mut started = oldest.map_or(self.now, |(_, opening, _)| opening.started);
        if self.client.redundant.is_some() {
            self.give_up_ways(|started| started + patience <= next)?;
            started = started.min(self.oldest_way());
        }
        self.no_expiry_before = started + patience;
        Ok(())
    }

    /// Gives up requests, the oldest first, as long as they started at a moment that is `too_early`.
    pub(super) fn give_up_requests(
        &mut self,
        too_early: impl Fn(SimTime) -> bool,
    ) -> Result<(), SimError> {
        while let Some((ticket, opening, op)) = self.client.overdue(&too_early) {
            let mut timeouts = op.map_or(0, |op| self.overlay.cancel(op));
            if self.client.redundant.is_some() {
                timeouts += self.cancel_ways(ticket);
            }
            if !self.client.operations.is_empty() {
                timeouts += self.abandon_operation(ticket);
            }
            let members = &self.members;
            let is_current = |node, epoch| members.is_current(node, epoch);
            let reason = self.client.ledger.why_unanswered(ticket, is_current);
            self.close_unanswered(ticket, opening.key, reason, timeouts)?;
        }
        Ok(())
    }

    /// Tells the observers of the requests that are over, up to the oldest one under way.
    pub(super) fn hand_on_finished(&mut self) -> Result<(), SimError> {
        loop {
            let ticket = self.client.ledger.first_ticket();
            let Some(request) = self.client.ledger.pop_finished() else {
                return Ok(());
            };
            let operations = &mut self.client.operations;
            let state = (!operations.is_empty()).then(|| operations.take(ticket));
            match state.flatten() {
                Some((state, label)) => {
                    let text = operations.text(request.opening.key, state.version);
                    let text = text.map(Into::into);
                    self.observers.operated(&FinishedOperation {
                        request,
                        state,
                        label,
                        text,
                    })?;
                }
                None => self.observers.finished(&request)?,
            }
        }
    }
}
