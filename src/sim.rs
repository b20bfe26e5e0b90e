//! The loop of one run.
//!
//! The queue hands over the next event. The network says when, or whether, a message arrives. The overlay
//! node that receives it changes its own state and says what it wants sent or timed. Peers decide who is
//! there and who plays fair; metrics watch. All of them meet in this file.

mod acting;
mod ahead;
mod apart;
mod churning;
mod contacts;
mod counting;
mod deciding;
mod deeds;
mod estimates;
mod leeching;
mod measuring;
mod members;
mod operations;
mod redundancy;
mod requests;
mod script;
mod seekers;
mod setup;
mod traced;
mod turns;
mod watch;
mod ways;
mod whitewash;

use std::io;

use self::ahead::Ahead;
use self::counting::Counting;
use self::deeds::Declined;
use self::members::Members;
pub use self::setup::{Onlooker, Setup, simulate, simulate_before};
pub use self::watch::Watch;
use self::ways::Verdicts;
use self::whitewash::Whitewashing;
use crate::catalogue::{OperationKind, RunSummary};
use crate::client::Client;
use crate::engine::{EventQueue, FingerprintChain, SimDuration, SimTime};
use crate::network::{Network, NetworkError};
use crate::observe::{EventOf, Observers, Scene};
use crate::overlay::{Deed, Fx, LookAhead, Service};
use crate::peers::{Attendance, Churn, Conduct, Leeches, Misfit};
use crate::scenario::resolved::Scenario;
use crate::workload::Workload;
use crate::world::{Epoch, Event, NodeIdx, Packed};

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// The run was asked to stop through its [`Watch`].
    #[error("the run was interrupted")]
    Cancelled,
    /// A result row could not be written.
    #[error("a result row could not be written: {0}")]
    Sink(#[from] io::Error),
    /// The network could not be set up.
    #[error(transparent)]
    Network(Box<NetworkError>),
    /// The scenario and the trace of its churn do not fit.
    #[error("{0}; {remedy}", remedy = .0.remedy())]
    Trace(#[from] Misfit),
}

impl From<NetworkError> for SimError {
    fn from(error: NetworkError) -> Self {
        Self::Network(Box::new(error))
    }
}

/// The world of one run.
struct Sim<'a, O: LookAhead> {
    scenario: &'a Scenario,
    seed: u64,
    /// How good the estimates of distances are that nodes made when that was last measured.
    estimate_error: Option<f64>,
    now: SimTime,
    queue: EventQueue<Packed>,
    /// The events so far.
    chain: FingerprintChain,
    network: Network,
    overlay: O,
    effects: Fx<O>,
    members: Members,
    churn: Churn,
    conduct: Conduct,
    /// Peers that come only to ask, if there may be any.
    leeches: Option<Leeches>,
    /// Whether every peer serves whoever asks: nobody is selfish, and nobody remembers who was.
    all_serve: bool,
    /// Where selfish peers come back as others.
    whitewashing: Option<Box<Whitewashing>>,
    verdicts: Verdicts,
    workload: Workload,
    client: Client,
    observers: Observers<'a, O>,
    /// When each node has finished the work it has received; empty without a service time.
    busy_until: Vec<SimTime>,
    /// No call expires before this moment.
    no_deadline_before: SimTime,
    /// No request is given up before this moment.
    no_expiry_before: SimTime,
    /// Which messages and requests are measured.
    counting: Counting,
    /// When the last request that counts must be over; set when the duration ends.
    deadline: Option<SimTime>,
    /// Whether looking ahead pays.
    looks_ahead: bool,
    ahead: Ahead,
    /// When peers turn selfish or honest next, if they ever do.
    next_decision: Option<SimTime>,
    /// What peers that play fair have declined so far.
    declined: Declined,
    /// Events of the script so far that had no effect.
    script_idle: u32,
    /// How many peers are up on average over the measurement, where a trace says who is.
    attendance: Option<Attendance>,
}

/// How often answered calls are cleared away, in events (a power of two).
const DEADLINE_CHECK_EVENTS: u64 = 1 << 6;

/// How often the loop reports and looks for a stop, in events (a power of two, above
/// [`DEADLINE_CHECK_EVENTS`]).
const REPORT_EVENTS: u64 = 1 << 14;

impl<'a, O: LookAhead> Sim<'a, O> {
    fn run(mut self, watch: &Watch) -> Result<RunSummary, SimError> {
        watch.set_end(SimTime::ZERO + self.scenario.warmup + self.scenario.duration);
        self.populate()?;
        self.schedule_the_script();
        watch.report_set_up();
        while let Some((at, event)) = self.next_event() {
            if at >= self.no_expiry_before {
                self.expire_requests(at)?;
            }
            self.now = at;
            self.chain.record(at, event.words());
            if self.looks_ahead && self.chain.events().is_multiple_of(ahead::BATCH as u64) {
                self.look_ahead();
            }
            if self.observers.are_many() {
                let event = Event::unpack(event);
                self.tell(|observers, scene| observers.before(scene, &event));
            }
            self.handle(event)?;
            if self.chain.events().is_multiple_of(DEADLINE_CHECK_EVENTS) {
                self.no_deadline_before = SimTime::ZERO;
                self.pulse(watch)?;
            }
            if self.is_over() {
                break;
            }
        }
        watch.report(self.now, self.chain.events());
        self.finish()
    }

    /// From time to time, reports the progress and asks whether to go on.
    fn pulse(&self, watch: &Watch) -> Result<(), SimError> {
        if self.chain.events().is_multiple_of(REPORT_EVENTS) {
            watch.report(self.now, self.chain.events());
            if watch.cancelled() {
                return Err(SimError::Cancelled);
            }
        }
        Ok(())
    }

    /// The next event. Events due at the same moment as a deadline come before the deadline: an answer
    /// that arrives at the last moment counts.
    #[inline]
    fn next_event(&mut self) -> Option<(SimTime, Packed)> {
        loop {
            let next = self.queue.pop_until(self.no_deadline_before);
            if next.is_some() || !self.heed_deadlines() {
                return next;
            }
        }
    }

    /// Finds the moment before which no call expires. If the deadline of a call comes next, it becomes an
    /// event. Returns whether any event is left.
    #[inline(never)]
    fn heed_deadlines(&mut self) -> bool {
        loop {
            let (next, due) = (
                self.queue.next_time(),
                self.effects.calls_mut().next_deadline(),
            );
            // An answered call only moves the first deadline to a later time, and a call made later is
            // due later.
            let Some(first) = due.or(next) else {
                return false;
            };
            self.no_deadline_before = first;
            if next.is_some_and(|next| next <= first) {
                return true;
            }
            let Some((node, epoch, call)) = self.effects.calls_mut().pop_deadline() else {
                continue;
            };
            if self.members.is_current(node, epoch) {
                self.schedule(first, Event::Deadline { node, epoch, call });
                return true;
            }
            self.effects.forget_call(call);
        }
    }

    /// Tells all observers what happens.
    #[inline]
    fn tell<T>(&mut self, told: impl FnOnce(&mut Observers<'a, O>, &Scene<'_, O>) -> T) -> T {
        let scene = Scene {
            now: self.now,
            overlay: &self.overlay,
            members: self.members.directory(),
            calls: self.effects.calls(),
            parcels: self.effects.parcels(),
            operations: &self.client.operations,
            network: &self.network,
            positions: self.members.positions(),
            conduct: &self.conduct,
        };
        told(&mut self.observers, &scene)
    }

    #[inline]
    fn schedule(&mut self, at: SimTime, event: EventOf<O>) {
        self.queue.push(at, event.pack());
    }

    /// Schedules everything that is known from the start to happen.
    fn schedule_the_script(&mut self) {
        let from = SimTime::ZERO + self.scenario.warmup;
        self.schedule(from, Event::Measure);
        for (fault, number) in self.scenario.faults.iter().zip(0..) {
            self.schedule(from + fault.at, Event::Fault(number));
        }
        for (event, number) in self.scenario.events.iter().zip(0..) {
            self.schedule(from + event.at, Event::Script(number));
        }
        self.schedule(from + self.scenario.duration, Event::Drain);
        let gap = self.workload.first_gap();
        self.schedule_after(gap, Event::Request);
        let gap = self.workload.first_operation(OperationKind::Put);
        self.schedule_after(gap, Event::Put);
        let gap = self.workload.first_operation(OperationKind::Get);
        self.schedule_after(gap, Event::Get);
        self.start_churn();
        if self.whitewashing.is_some() {
            self.start_whitewashing();
        }
    }

    fn schedule_after(&mut self, span: Option<SimDuration>, event: EventOf<O>) {
        if let Some(span) = span {
            self.schedule(self.now + span, event);
        }
    }

    #[expect(
        clippy::inline_always,
        reason = "all that the loop does with an event, and called from it alone"
    )]
    #[inline(always)]
    fn handle(&mut self, event: Packed) -> Result<(), SimError> {
        match Event::unpack(event) {
            Event::Message {
                to,
                from,
                epoch,
                msg,
            } => self.arrive(to, from, epoch, msg),
            Event::Handle {
                to,
                from,
                epoch,
                msg,
            } => self.deliver(to, from, epoch, msg),
            Event::Timer { node, epoch, timer } => {
                if !self.members.is_current(node, epoch) {
                    return Ok(());
                }
                if !self.all_serve && self.shirks(node, &timer) {
                    return self.act_in(epoch, node, |overlay, fx| overlay.shirk(timer, fx));
                }
                self.act_in(epoch, node, |overlay, fx| overlay.on_timer(timer, fx))
            }
            Event::Deadline { node, epoch, call } => {
                if self.members.is_current(node, epoch) {
                    return self.act_in(epoch, node, |overlay, fx| {
                        if let Some(call) = fx.expired(call) {
                            overlay.on_silence(call, fx);
                        }
                    });
                }
                Ok(())
            }
            Event::Retry { node, epoch, op } => {
                if self.members.is_current(node, epoch) {
                    return self.retry_request(node, epoch, op);
                }
                Ok(())
            }
            Event::Settle {
                node,
                epoch,
                ticket,
            } => {
                if self.members.is_current(node, epoch) {
                    return self.settle(node, epoch, ticket);
                }
                Ok(())
            }
            Event::Contact { node, epoch } => {
                if self.members.is_current(node, epoch) {
                    return self.ask_the_next(node);
                }
                Ok(())
            }
            Event::Request => self.start_request(),
            Event::Put => self.start_operation(OperationKind::Put),
            Event::Get => self.start_operation(OperationKind::Get),
            Event::Arrival => self.on_arrival(),
            Event::Departure => self.on_departure(),
            Event::Toggle(peer) => self.on_toggle(peer),
            Event::Fault(number) => self.on_fault(number),
            Event::Script(number) => self.on_script(number),
            Event::Traced(number) => self.on_traced_request(number),
            Event::Turn(node) => self.on_turn(node),
            Event::Whitewash(peer) => self.on_whitewash(peer),
            Event::Decide => {
                self.decide_if_due();
                Ok(())
            }
            Event::Leech(peer) => self.on_leech(peer),
            Event::Measure => {
                self.begin_measuring();
                Ok(())
            }
            Event::Sample => {
                self.sample();
                Ok(())
            }
            Event::Drain => {
                self.drain();
                Ok(())
            }
        }
    }

    /// A message has reached its receiver, which may have to finish other work first.
    fn arrive(
        &mut self,
        to: NodeIdx,
        from: NodeIdx,
        epoch: Epoch,
        msg: O::Msg,
    ) -> Result<(), SimError> {
        let service_time = self.scenario.network.service_time;
        if service_time == SimDuration::ZERO || !self.members.is_current(to, epoch) {
            return self.deliver(to, from, epoch, msg);
        }
        if self.busy_until.len() <= to.at() {
            self.busy_until.resize(to.at() + 1, SimTime::ZERO);
        }
        let done = self.busy_until[to.at()].max(self.now) + service_time;
        self.busy_until[to.at()] = done;
        self.schedule(
            done,
            Event::Handle {
                to,
                from,
                epoch,
                msg,
            },
        );
        Ok(())
    }

    /// A node's unfinished work dies with the node: it comes back with nothing to do.
    fn forget_work(&mut self, node: NodeIdx) {
        if let Some(busy_until) = self.busy_until.get_mut(node.at()) {
            *busy_until = SimTime::ZERO;
        }
    }

    /// A message is handled or refused; if its receiver is gone, it is dropped.
    #[inline]
    fn deliver(
        &mut self,
        to: NodeIdx,
        from: NodeIdx,
        epoch: Epoch,
        msg: O::Msg,
    ) -> Result<(), SimError> {
        if !self.members.is_current(to, epoch) {
            self.undelivered(&msg);
            return Ok(());
        }
        let counts = self.counts(&msg);
        self.observers.handled(to, counts);
        let (deed, service) = if self.all_serve {
            (Deed::Serve, Service::Nothing)
        } else {
            self.decide_deed(to, from, &msg, counts)
        };
        self.effects.begin(self.now, to, epoch);
        self.overlay.on_message(from, msg, deed, &mut self.effects);
        if !self.all_serve {
            self.account_for(to, from, service);
        }
        self.effects.parcels_mut().release(&msg);
        self.apply_effects(to)
    }

    /// Whether a message is measured.
    #[inline]
    fn counts(&mut self, msg: &O::Msg) -> bool {
        self.counting.all_or_none().unwrap_or_else(|| {
            let ticket = self.overlay.ticket(msg, self.effects.calls());
            self.counting.counts(ticket, &self.client)
        })
    }
}
