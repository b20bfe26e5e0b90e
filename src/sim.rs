//! The loop of one run.
//!
//! The queue hands over the next event; the network says when, or whether, a message arrives; the
//! overlay node that receives it changes its own state and says what it wants sent or timed; peers
//! decide who is there and who plays fair; metrics watch. This file is where they meet.

mod acting;
mod ahead;
mod auditing;
mod churning;
mod lookups;
mod members;
mod watch;

use std::io;

use self::ahead::Ahead;
use self::members::Members;
pub use self::watch::Watch;
use crate::engine::{
    Chain, Epoch, Event, EventQueue, NodeIdx, Packed, PeerIdx, SimDuration, SimTime, Stream, stream,
};
use crate::metrics::audit::Auditor;
use crate::metrics::{Facts, RecordSink, Recorder, RunSummary};
use crate::network::{self, Assets, Network, NetworkError};
use crate::overlay::chord::Chord;
use crate::overlay::{Effects, Overlay, Space};
use crate::peers::{Churn, Conduct, Verdict};
use crate::scenario::RunSpec;
use crate::scenario::resolved::{Output, Protocol, Scenario};
use crate::theory::{self, Quantity, Seen};
use crate::workload::Workload;

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// It was asked to stop through its [`Watch`].
    #[error("the run was interrupted")]
    Cancelled,
    /// A result row could not be written.
    #[error("a result row could not be written: {0}")]
    Sink(#[from] io::Error),
    /// The network could not be set up.
    #[error(transparent)]
    Network(Box<NetworkError>),
}

impl From<NetworkError> for SimError {
    fn from(error: NetworkError) -> Self {
        Self::Network(Box::new(error))
    }
}

/// Runs one simulation from beginning to end.
///
/// `output` says what share of the lookups reaches the sink as rows (all are counted in the summary),
/// and whether the run is audited.
///
/// # Errors
/// [`SimError`] says what.
pub fn simulate(
    spec: &RunSpec,
    assets: &Assets,
    output: &Output,
    watch: &Watch,
    sink: &mut dyn RecordSink,
) -> Result<RunSummary, SimError> {
    let scenario = &spec.scenario;
    let network = network::build(&scenario.network, spec.seed, assets)?;
    let from = SimTime::ZERO + scenario.warmup;
    let recorder = Recorder::new(sink, output.lookups, from, scenario.sample);
    let mut summary = match scenario.overlay.protocol {
        Protocol::Chord => {
            let defence = scenario.selfish.defence;
            let chord = Chord::new(&scenario.overlay, &scenario.chord, defence);
            let mut sim = Sim::new(spec, network, chord, recorder);
            sim.auditor = auditing::auditor(scenario, output);
            sim.run(watch)
        }
    }?;
    add_expectations(&mut summary, spec);
    Ok(summary)
}

/// Puts beside what was measured what theory expects, where it expects anything.
fn add_expectations(summary: &mut RunSummary, spec: &RunSpec) {
    let seen = Seen {
        lookups: summary.get("lookups").unwrap_or(0.0),
        timeouts: summary.get("timeouts_mean") > Some(0.0),
    };
    for expected in theory::expectations(spec, &seen) {
        let Quantity {
            column,
            error_column,
            ..
        } = expected.quantity;
        summary.metrics.extend([
            (column, Some(expected.mean)),
            (error_column, Some(expected.standard_error)),
        ]);
    }
}

/// What happens in a run of this overlay.
type EventOf<O> = Event<<O as Overlay>::Msg, <O as Overlay>::Timer>;

/// The world of one run.
struct Sim<'a, O: Overlay> {
    scenario: &'a Scenario,
    now: SimTime,
    queue: EventQueue<Packed>,
    /// The events so far.
    chain: Chain,
    network: Network,
    overlay: O,
    effects: Effects<O::Msg, O::Timer>,
    members: Members,
    churn: Churn,
    conduct: Conduct,
    workload: Workload,
    recorder: Recorder<'a>,
    /// Looks at the ring after every step; `None` if that is not wanted.
    auditor: Option<Box<Auditor>>,
    /// When each node is done with what it has received; stays empty without a service time.
    busy_until: Vec<SimTime>,
    /// Nobody has given up waiting for an answer before.
    no_deadline_before: SimTime,
    /// When the last lookup that counts must be over; set when the duration is.
    deadline: Option<SimTime>,
    /// Whether looking ahead pays.
    looks_ahead: bool,
    ahead: Ahead,
}

/// How often calls that were answered are cleared away, in events (a power of two).
const TIDY: u64 = 1 << 6;

/// How often the loop looks up from its work, in events (a power of two, and more).
const PULSE: u64 = 1 << 14;

impl<'a, O: Overlay> Sim<'a, O> {
    fn new(spec: &'a RunSpec, network: Network, overlay: O, recorder: Recorder<'a>) -> Self {
        let (scenario, seed) = (&spec.scenario, spec.seed);
        let space = Space::new(scenario.overlay.id_bits);
        let virtual_nodes = scenario.overlay.virtual_nodes;
        Self {
            scenario,
            now: SimTime::ZERO,
            queue: EventQueue::new(),
            chain: Chain::default(),
            network,
            overlay,
            effects: Effects::new(stream(seed, Stream::Protocol)),
            members: Members::new(space, virtual_nodes, seed),
            churn: Churn::new(&scenario.churn, seed),
            conduct: Conduct::new(&scenario.selfish, seed, scenario.overlay.nodes),
            workload: Workload::new(&scenario.workload, virtual_nodes, space, seed),
            recorder,
            auditor: None,
            busy_until: Vec::new(),
            no_deadline_before: SimTime::ZERO,
            deadline: None,
            looks_ahead: scenario.overlay.nodes.saturating_mul(virtual_nodes) >= ahead::LARGE,
            ahead: Ahead::default(),
        }
    }

    fn run(mut self, watch: &Watch) -> Result<RunSummary, SimError> {
        watch.set_end(SimTime::ZERO + self.scenario.warmup + self.scenario.duration);
        self.populate()?;
        self.schedule_the_script();
        watch.report_set_up();
        while let Some((at, event)) = self.next_event() {
            self.now = at;
            self.chain.record(at, event);
            if self.looks_ahead && self.chain.events().is_multiple_of(ahead::TOGETHER as u64) {
                self.look_ahead();
            }
            self.audit_event(event);
            self.handle(event)?;
            if self.chain.events().is_multiple_of(TIDY) {
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

    /// From time to time: says how far it has come, and whether to go on.
    fn pulse(&self, watch: &Watch) -> Result<(), SimError> {
        if self.chain.events().is_multiple_of(PULSE) {
            watch.report(self.now, self.chain.events());
            if watch.cancelled() {
                return Err(SimError::Cancelled);
            }
        }
        Ok(())
    }

    /// The next event. What is due at the same moment as a deadline comes before it: an answer that
    /// arrives at the last moment counts.
    #[inline]
    fn next_event(&mut self) -> Option<(SimTime, Packed)> {
        loop {
            let next = self.queue.pop_until(self.no_deadline_before);
            if next.is_some() || !self.heed_deadlines() {
                return next;
            }
        }
    }

    /// Finds out until when nobody gives up waiting for an answer; if that comes next, it becomes an
    /// event. Whether there is any event to come.
    #[inline(never)]
    fn heed_deadlines(&mut self) -> bool {
        loop {
            let (next, due) = (self.queue.next_time(), self.overlay.next_deadline());
            // A call that is answered only moves the first deadline on, and one that is made later is due
            // later.
            let Some(first) = due.or(next) else {
                return false;
            };
            self.no_deadline_before = first;
            if next.is_some_and(|next| next <= first) {
                return true;
            }
            if let Some((node, epoch, timer)) = self.overlay.pop_deadline()
                && self.members.is_current(node, epoch)
            {
                self.schedule(first, Event::Timer { node, epoch, timer });
                return true;
            }
        }
    }

    #[inline]
    fn schedule(&mut self, at: SimTime, event: EventOf<O>) {
        self.queue.push(at, event.pack());
    }

    /// Everything that is known to happen from the start.
    fn schedule_the_script(&mut self) {
        let from = SimTime::ZERO + self.scenario.warmup;
        self.schedule(from, Event::Measure);
        for (fault, number) in self.scenario.faults.iter().zip(0..) {
            self.schedule(from + fault.at, Event::Fault(number));
        }
        self.schedule(from + self.scenario.duration, Event::Drain);
        let gap = self.workload.first_gap();
        self.schedule_after(gap, Event::Request);
        self.start_churn();
    }

    fn schedule_after(&mut self, span: Option<SimDuration>, event: Event<O::Msg, O::Timer>) {
        if let Some(span) = span {
            self.schedule(self.now + span, event);
        }
    }

    #[inline]
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
                if self.members.is_current(node, epoch) {
                    return self.act_in(epoch, node, |overlay, fx| overlay.on_timer(timer, fx));
                }
                Ok(())
            }
            Event::Request => self.start_lookup(),
            Event::Arrival => self.on_arrival(),
            Event::Departure => self.on_departure(),
            Event::Toggle(peer) => self.on_toggle(peer),
            Event::Fault(number) => self.on_fault(number),
            Event::Measure => {
                self.begin_measuring();
                Ok(())
            }
            Event::Sample => self.sample(),
            Event::Drain => {
                self.drain();
                Ok(())
            }
        }
    }

    /// A message is at its receiver, who may have to finish other work first.
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

    /// What a node has not got round to dies with it: it comes back with nothing to do.
    fn forget_work(&mut self, node: NodeIdx) {
        if let Some(busy_until) = self.busy_until.get_mut(node.at()) {
            *busy_until = SimTime::ZERO;
        }
    }

    /// A message is handled, refused, or falls on the floor of a node that is gone.
    #[inline]
    fn deliver(
        &mut self,
        to: NodeIdx,
        from: NodeIdx,
        epoch: Epoch,
        msg: O::Msg,
    ) -> Result<(), SimError> {
        if !self.members.is_current(to, epoch) {
            self.overlay.discard(msg);
            return Ok(());
        }
        self.recorder.message_handled(to);
        let verdict = if self.conduct.all_fair() {
            Verdict::Serve
        } else {
            let service = self.overlay.service(to, &msg);
            self.conduct.verdict(self.members.peer_of(to), service)
        };
        match verdict {
            Verdict::Serve => self.act_in(epoch, to, |overlay, fx| {
                overlay.on_message(from, msg, fx);
            }),
            Verdict::Refuse => {
                self.recorder.message_refused();
                self.act_in(epoch, to, |overlay, fx| overlay.on_refused(from, msg, fx))
            }
        }
    }

    fn begin_measuring(&mut self) {
        self.recorder.begin_measuring();
        self.schedule_sample();
    }

    /// The next row of the timeline, unless it ends with the duration.
    fn schedule_sample(&mut self) {
        let end = SimTime::ZERO + self.scenario.warmup + self.scenario.duration;
        let next = self.now + self.scenario.sample;
        if next < end {
            self.schedule(next, Event::Sample);
        }
    }

    fn sample(&mut self) -> Result<(), SimError> {
        self.close_row();
        self.schedule_sample();
        self.expire_lookups()
    }

    fn close_row(&mut self) {
        let health = self.overlay.health(self.members.oracle());
        self.recorder.sample(self.now, health, self.members.count());
    }

    /// The duration is over.
    fn drain(&mut self) {
        self.close_row();
        let oracle = self.members.oracle();
        let keys = self.workload.keys().iter();
        self.recorder.end_measuring(
            keys.filter_map(|key| oracle.owner(*key))
                .map(|(_, node)| node),
        );
        self.deadline = Some(self.now + self.scenario.overlay.request_timeout);
    }

    fn is_over(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| self.recorder.is_idle() || self.now >= deadline)
    }

    fn finish(mut self) -> Result<RunSummary, SimError> {
        // Whatever is still open can no longer be answered in time.
        self.give_up_lookups(|_| true)?;
        let positions = self.members.positions();
        let nodes = self.members.population().len() as u32 * positions;
        let facts = (0..nodes).map(|node| {
            let peer = PeerIdx(node / positions);
            Facts {
                id: self.overlay.id(NodeIdx(node)).0,
                host: self.network.host_of(peer).0,
                peer: peer.0,
                selfish: self.conduct.is_selfish(peer),
            }
        });
        if let Some(auditor) = self.auditor.take() {
            let (findings, rows) = auditor.finish(self.now);
            self.recorder.audited(findings, &rows)?;
        }
        Ok(self.recorder.finish(facts, positions, &self.chain)?)
    }
}
