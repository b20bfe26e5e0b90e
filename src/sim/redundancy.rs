//! The life of a request that is made by several ways at once ([`crate::client::redundant`]): it begins, is answered by one
//! way or another, and ends.

use super::{Sim, SimError};
use crate::client::redundant::{Fate, Route, Routes};
use crate::client::{Again, Answer, Claim};
use crate::engine::SimTime;
use crate::overlay::{Attempt, LookAhead, Operation, Place, Request};
use crate::world::{Action, Epoch, Event, NodeIdx, OpIdx, RingId};

impl<O: LookAhead> Sim<'_, O> {
    /// The node that acts has begun an operation for a request. Others follow by other ways, as far as there are any.
    #[inline(never)]
    pub(super) fn look_up_by_other_ways(&mut self, ticket: u64, key: RingId, first: OpIdx) {
        let Some(redundant) = &self.client.redundant else {
            return;
        };
        let (most, node) = (redundant.requests, self.effects.node());
        let state = self.client.operations.get(ticket);
        let places = state.filter(|_| redundant.is_spread).map(|it| it.action);
        let others: Vec<(RingId, Attempt)> = if places.is_some() {
            let stock = self.overlay.stock();
            let places = stock.map_or_else(Vec::new, |stock| stock.places_of(key));
            let others = places.into_iter().take(most.into()).skip(1);
            let attempt = |place| Some((place, self.first_attempt(node, place)?));
            others.filter_map(attempt).collect()
        } else {
            let ways = self.overlay.ways(node, key, most);
            let others = self.further_ways(node, key, ways).into_iter();
            others
                .map(|number| (key, Attempt::Beside { number }))
                .collect()
        };
        if others.is_empty() && !self.has_ways(ticket) {
            return;
        }
        let begin = |(key, attempt): (RingId, Attempt)| {
            let request = Request {
                ticket,
                key,
                attempt,
            };
            self.overlay.request(request, &mut self.effects)
        };
        let ops: Vec<OpIdx> = others.into_iter().map(begin).collect();
        self.enter_ways(ticket, (first, ops), places.map(|action| (key, action)));
    }

    fn enter_ways(
        &mut self,
        ticket: u64,
        (first, others): (OpIdx, Vec<OpIdx>),
        places: Option<(RingId, Action)>,
    ) {
        let asker = (self.effects.node(), self.effects.epoch());
        let now = self.now;
        let Some(redundant) = &mut self.client.redundant else {
            return;
        };
        match redundant.get_mut(ticket) {
            Some(routes) => routes.begin_again(first),
            None => redundant.begin(ticket, Routes::new(asker, now, first)),
        }
        if let Some(routes) = redundant.get_mut(ticket) {
            routes.places = places;
            for op in others {
                routes.add(op);
            }
        }
    }

    /// Whether a request is, or was, made by several ways of which some may be under way.
    #[inline]
    pub(super) fn has_ways(&self, ticket: u64) -> bool {
        let redundant = self.client.redundant.as_ref();
        redundant.is_some_and(|redundant| redundant.get(ticket).is_some())
    }

    fn ways_mut(&mut self, ticket: u64) -> Option<&mut Routes> {
        self.client.redundant.as_mut()?.get_mut(ticket)
    }

    /// An answer has come back by one way. It has ended there, so that it is known which one it was.
    pub(super) fn answer_by_one_way(
        &mut self,
        ticket: u64,
        (node, hops): (NodeIdx, u32),
        timeouts: u32,
    ) -> Result<(), SimError> {
        let Some(redundant) = &mut self.client.redundant else {
            return Ok(());
        };
        let Some(routes) = redundant.get_mut(ticket) else {
            return Ok(());
        };
        let overlay = &self.overlay;
        let ended = |route: &&mut Route| {
            route.fate != Fate::Over && overlay.under_way(route.op, ticket).is_none()
        };
        let Some(route) = routes.routes.iter_mut().find(ended) else {
            return Ok(());
        };
        let (number, was) = (route.number, route.fate);
        route.fate = Fate::Over;
        let is_awaited = was != Fate::Former && !routes.is_settled;
        if routes.places.is_some() {
            self.find_place(ticket, number, (node, hops), timeouts);
            return Ok(());
        }
        routes.timeouts += timeouts;
        if !is_awaited {
            self.forget_ended_ways(ticket);
            return Ok(());
        }
        let Some(answer) = self.answer_of(ticket, (node, hops), None) else {
            return Ok(());
        };
        self.weigh(ticket, answer)
    }

    /// The answer of a node to a request, judged as of the moment when it was given.
    fn answer_of(
        &self,
        ticket: u64,
        (node, hops): (NodeIdx, u32),
        place: Option<RingId>,
    ) -> Option<Answer> {
        let (opening, latest) = self.client.ledger.get(ticket)?;
        let key = place.unwrap_or(opening.key);
        let routes = self.client.redundant.as_ref()?.get(ticket)?;
        let latest = latest.filter(|claim: &Claim| claim.node == node && place.is_none());
        let claim = routes.claim_of(node, key).or(latest);
        Some(Answer {
            at: self.now,
            claim: claim.unwrap_or_else(|| self.judge(node, key)),
            hops,
            direct_ms: self.round_trip_ms(opening.source, node),
        })
    }

    /// An answer is believed at once, or kept until it is clear whether a better one comes.
    fn weigh(&mut self, ticket: u64, answer: Answer) -> Result<(), SimError> {
        let Some((opening, _)) = self.client.ledger.get(ticket) else {
            return Ok(());
        };
        let (space, key) = (self.effects.space(), opening.key);
        let wait = self.client.redundant.as_ref().and_then(|it| it.wait);
        let patience = self.client.patience();
        let Some(routes) = self.ways_mut(ticket) else {
            return Ok(());
        };
        let is_first = routes.weigh(answer, |id| space.distance(key, id));
        let (asker, epoch) = routes.asker;
        match wait.filter(|_| routes.are_under_way()) {
            None => self.settle_on_best(ticket),
            Some(wait) if is_first => {
                // The user has an answer, and does not lose it by waiting longer than for any.
                let last = opening.started + patience;
                let at = (self.now + wait).min(SimTime(last.0 - 1));
                let settle = Event::Settle {
                    node: asker,
                    epoch,
                    ticket,
                };
                self.schedule(at, settle);
                Ok(())
            }
            Some(_) => Ok(()),
        }
    }

    /// A user has waited long enough for better answers.
    pub(super) fn settle(
        &mut self,
        node: NodeIdx,
        epoch: Epoch,
        ticket: u64,
    ) -> Result<(), SimError> {
        self.effects.begin(self.now, node, epoch);
        self.settle_on_best(ticket)?;
        self.apply_effects(node)
    }

    /// The best answer so far is believed, from now on. The other ways are not waited for.
    fn settle_on_best(&mut self, ticket: u64) -> Result<(), SimError> {
        let now = self.now;
        let Some(routes) = self.ways_mut(ticket) else {
            return Ok(());
        };
        let Some(best) = routes.take_best() else {
            return Ok(());
        };
        routes.is_settled = true;
        let Some((opening, _)) = self.client.ledger.get(ticket) else {
            return Ok(());
        };
        let timeouts = self.let_go_of_ways(ticket);
        self.client.let_go(ticket);
        self.forget_ended_ways(ticket);
        let answer = Answer { at: now, ..best };
        self.believe(ticket, answer, timeouts, opening.key)
    }

    /// Nobody waits for the other ways of a request any more; those end that can be called back. Returns how many messages
    /// of all of them were not answered in time so far.
    fn let_go_of_ways(&mut self, ticket: u64) -> u32 {
        let Some(routes) = self
            .client
            .redundant
            .as_mut()
            .and_then(|it| it.get_mut(ticket))
        else {
            return 0;
        };
        let mut timeouts = std::mem::take(&mut routes.timeouts);
        for route in &mut routes.routes {
            timeouts += self.overlay.under_way(route.op, ticket).unwrap_or(0);
            if route.fate == Fate::DeadEnd {
                self.overlay.cancel(route.op);
                route.fate = Fate::Over;
            } else if self.overlay.recall(route.op) {
                route.fate = Fate::Over;
            }
        }
        timeouts
    }

    /// Forgets the ways of a request that is settled, if none is under way.
    fn forget_ended_ways(&mut self, ticket: u64) {
        let overlay = &self.overlay;
        let Some(redundant) = &mut self.client.redundant else {
            return;
        };
        let is_over = redundant.get(ticket).is_some_and(|routes| {
            let mut ways = routes.routes.iter();
            routes.is_settled && ways.all(|it| overlay.under_way(it.op, ticket).is_none())
        });
        if is_over {
            redundant.take(ticket);
        }
    }

    /// One way has come to a dead end.
    pub(super) fn fail_one_way(&mut self, ticket: u64, op: OpIdx) -> Result<(), SimError> {
        let may_ask_again = self.client.will_ask_again(ticket);
        let Some(routes) = self
            .client
            .redundant
            .as_mut()
            .and_then(|it| it.get_mut(ticket))
        else {
            return Ok(());
        };
        let is_left = routes.is_settled && routes.places.is_none();
        let Some(route) = routes.routes.iter_mut().find(|route| route.op == op) else {
            return Ok(());
        };
        if is_left || route.fate == Fate::Former {
            self.overlay.cancel(op);
            route.fate = Fate::Over;
            self.forget_ended_ways(ticket);
            return Ok(());
        }
        route.fate = Fate::DeadEnd;
        if routes.places.is_some() && routes.is_settled {
            self.lose_dead_ends(ticket);
            return Ok(());
        }
        if routes.are_under_way() {
            return Ok(());
        }
        if routes.has_answer() {
            return self.settle_on_best(ticket);
        }
        if may_ask_again {
            return Ok(());
        }
        let timeouts = self.cancel_ways(ticket);
        self.close_failed(ticket, timeouts)
    }

    /// All ways begin again, each by an alternative that no attempt before has taken.
    pub(super) fn retry_all_ways(
        &mut self,
        node: NodeIdx,
        epoch: Epoch,
        again: &Again,
    ) -> Result<(), SimError> {
        let ticket = again.ticket;
        let Some(routes) = self.ways_mut(ticket) else {
            return Ok(());
        };
        let (count, for_places) = (u16::from(routes.count()), routes.places.is_some());
        let is_open = |it: &&mut Route| matches!(it.fate, Fate::UnderWay | Fate::DeadEnd);
        let open = routes.routes.iter_mut().filter(is_open);
        let ops: Vec<(OpIdx, u16)> = open
            .map(|route| {
                route.fate = Fate::UnderWay;
                (route.op, route.number.into())
            })
            .collect();
        let round = u16::from(again.number);
        for (op, number) in ops {
            let number = if for_places {
                round
            } else {
                round * count + number
            };
            let request = Request {
                ticket,
                key: again.key,
                attempt: Attempt::Again { op, number },
            };
            self.act_in(epoch, node, |overlay, fx| {
                overlay.request(request, fx);
            })?;
        }
        Ok(())
    }

    /// A request is over, or is made anew: none of its ways is under way. Returns how many messages were not answered in
    /// time that nobody has counted yet.
    pub(super) fn cancel_ways(&mut self, ticket: u64) -> u32 {
        let redundant = self.client.redundant.as_mut();
        let Some(routes) = redundant.and_then(|redundant| redundant.take(ticket)) else {
            return 0;
        };
        let mut timeouts = routes.timeouts;
        for route in &routes.routes {
            if self.overlay.under_way(route.op, ticket).is_some() {
                timeouts += self.overlay.cancel(route.op);
            }
        }
        let is_counted = routes.is_settled && routes.places.is_none();
        if is_counted { 0 } else { timeouts }
    }

    /// Ends the ways, the oldest first, of requests that started at a moment that is `too_early`.
    pub(super) fn give_up_ways(
        &mut self,
        too_early: impl Fn(SimTime) -> bool,
    ) -> Result<(), SimError> {
        while let Some(redundant) = &self.client.redundant
            && let Some((ticket, routes)) = redundant.oldest()
            && too_early(routes.started)
        {
            let (asker, epoch) = routes.asker;
            let lost = routes.routes.iter().filter(|it| it.fate != Fate::Over);
            let lost: Vec<u8> = lost.map(|route| route.number).collect();
            let for_places = routes.places.is_some();
            self.cancel_ways(ticket);
            if for_places && self.members.is_current(asker, epoch) {
                self.act_in(epoch, asker, |overlay, fx| {
                    for number in lost {
                        overlay.lose_place(ticket, number, fx);
                    }
                })?;
            }
        }
        Ok(())
    }

    /// When the oldest request began of which ways may be under way; now, if there is none.
    pub(super) fn oldest_way(&self) -> SimTime {
        let redundant = self.client.redundant.as_ref();
        let oldest = redundant.and_then(|redundant| redundant.oldest());
        oldest.map_or(self.now, |(_, routes)| routes.started)
    }

    /// Whether no way is under way of requests that are over.
    pub(super) fn no_way_is_left(&mut self) -> bool {
        loop {
            let redundant = self.client.redundant.as_ref();
            let Some((ticket, routes)) = redundant.and_then(|redundant| redundant.oldest()) else {
                return true;
            };
            let mut ways = routes.routes.iter();
            if ways.any(|route| self.overlay.under_way(route.op, ticket).is_some()) {
                return false;
            }
            self.cancel_ways(ticket);
        }
    }

    /// A place of a key has been found: the put or get goes on there, also if the user has been told how it ended.
    fn find_place(&mut self, ticket: u64, number: u8, (node, hops): (NodeIdx, u32), timeouts: u32) {
        let Some(routes) = self.ways_mut(ticket) else {
            return;
        };
        let (of, is_first) = (routes.count(), !routes.is_settled);
        routes.is_settled = true;
        let Some((key, action)) = routes.places else {
            return;
        };
        let place = Place {
            number,
            of,
            is_first,
        };
        let stock = self.overlay.stock();
        let at = stock.and_then(|stock| stock.places_of(key).get(usize::from(number)).copied());
        if let Some(answer) = self.answer_of(ticket, (node, hops), at) {
            self.go_on(ticket, answer, timeouts, (key, Some(place)));
        } else {
            let operation = Operation {
                ticket,
                key,
                owner: node,
                action,
                place: Some(place),
            };
            self.overlay.operate(&operation, &mut self.effects);
        }
        if is_first {
            self.lose_dead_ends(ticket);
        }
        self.forget_ended_ways(ticket);
    }

    /// Places that will not be found, unless the user will ask for them again.
    fn lose_dead_ends(&mut self, ticket: u64) {
        if self.client.will_ask_again(ticket) {
            return;
        }
        let Some(routes) = self.ways_mut(ticket) else {
            return;
        };
        let ways = routes.routes.iter_mut();
        let dead = ways.filter(|route| route.fate == Fate::DeadEnd);
        let dead: Vec<(OpIdx, u8)> = dead
            .map(|route| {
                route.fate = Fate::Over;
                (route.op, route.number)
            })
            .collect();
        for (op, number) in dead {
            self.overlay.cancel(op);
            self.overlay.lose_place(ticket, number, &mut self.effects);
        }
        self.forget_ended_ways(ticket);
    }
}
