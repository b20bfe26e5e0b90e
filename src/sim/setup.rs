//! Putting a run together: the one place where an overlay is registered.

use std::sync::Arc;

use super::ahead::{self, Ahead};
use super::counting::Counting;
use super::deeds::Declined;
use super::estimates;
use super::members::Members;
use super::ways::Verdicts;
use super::whitewash::Whitewashing;
use super::{Sim, SimError, Watch};
use crate::catalogue::{Exists, RecordSink, RunSummary};
use crate::client::Client;
use crate::engine::{EventQueue, FingerprintChain, SimTime, Stream, stream, unit_hash};
use crate::network::{self, Assets, Network};
use crate::observe::audit::{Auditor, Rules};
use crate::observe::hops::HopWatch;
use crate::observe::links::LinkCounter;
use crate::observe::replay::{RingWatch, Telling};
use crate::observe::selfish::SelfishWatch;
use crate::observe::{Observer, Observers, Recorder, trace};
use crate::overlay::chord::Chord;
use crate::overlay::rpc::CallRules;
use crate::overlay::storage::Stored;
use crate::overlay::{Effects, LookAhead, Opinions, RingView, Silence};
use crate::peers::{Churn, Conduct, Leeches, Timetable};
use crate::scenario::RunSpec;
use crate::scenario::resolved::{ChurnModel, FaultKind, Output, Protocol, ReputationVerdict};
use crate::workload::Workload;
use crate::world::{HostIdx, Space};

/// Gives observers to a run whose overlay only its scenario names.
pub trait Onlooker {
    /// The observers of a run with this overlay. What they find out is theirs to share with the onlooker.
    fn observers<'a, O: LookAhead + 'a>(&'a self) -> Vec<Box<dyn Observer<O> + 'a>>;
}

/// Nobody looks on.
impl Onlooker for () {
    fn observers<'a, O: LookAhead + 'a>(&'a self) -> Vec<Box<dyn Observer<O> + 'a>> {
        Vec::new()
    }
}

/// Runs one simulation from beginning to end, with the overlay and the network of its scenario.
///
/// `output` says what share of the lookups and whether nodes reach the sink as rows (all are counted in the summary),
/// and whether the run is audited.
///
/// # Errors
/// [`SimError`] says what went wrong.
pub fn simulate(
    spec: &RunSpec,
    assets: &Assets,
    output: &Output,
    watch: &Watch,
    sink: &mut dyn RecordSink,
) -> Result<RunSummary, SimError> {
    simulate_before(spec, assets, output, watch, sink, &())
}

/// The same before the eyes of an onlooker.
///
/// # Errors
/// [`SimError`] says what went wrong.
pub fn simulate_before(
    spec: &RunSpec,
    assets: &Assets,
    output: &Output,
    watch: &Watch,
    sink: &mut dyn RecordSink,
    onlooker: &impl Onlooker,
) -> Result<RunSummary, SimError> {
    let mut told = None;
    let (spec, timetable) = match &spec.scenario.churn.model {
        ChurnModel::Trace(played) => {
            let timetable = Timetable::new(&assets.churn(played)?, played);
            let spec: &RunSpec = told.insert(told_by(spec, &timetable)?);
            (spec, Some(timetable))
        }
        _ => (spec, None),
    };
    let scenario = &spec.scenario;
    let network = network::build(&scenario.network, spec.seed, assets)?;
    let keys = scenario.workload.keys_file.as_ref();
    let keys = keys.map(|file| assets.keys(file)).transpose()?;
    let chord = || Chord::new(&scenario.overlay, &scenario.chord);
    match scenario.overlay.protocol {
        Protocol::Chord => match &scenario.storage {
            None => Setup::new(spec, network, chord())
                .with_keys(keys)
                .with_timetable(timetable)
                .before(onlooker)
                .run(output, watch, sink),
            Some(storage) => {
                let stored = Stored::new(chord(), &scenario.overlay, storage);
                Setup::new(spec, network, stored)
                    .with_keys(keys)
                    .with_timetable(timetable)
                    .before(onlooker)
                    .run(output, watch, sink)
            }
        },
    }
}

/// The run as the trace of its churn says that it is.
fn told_by(spec: &RunSpec, timetable: &Timetable) -> Result<RunSpec, SimError> {
    let mut told = spec.clone();
    timetable.tell(&mut told.scenario)?;
    Ok(told)
}

/// A run with an overlay and a network of one's own; everything else is as its scenario says.
pub struct Setup<'a, O: LookAhead> {
    spec: &'a RunSpec,
    network: Network,
    overlay: O,
    observers: Vec<Box<dyn Observer<O> + 'a>>,
    keys: Option<Arc<[Arc<str>]>>,
    timetable: Option<Timetable>,
}

impl<'a, O: LookAhead + 'a> Setup<'a, O> {
    /// A run of this overlay over this network. The overlay must have no node yet.
    #[must_use]
    pub fn new(spec: &'a RunSpec, network: Network, overlay: O) -> Self {
        Self {
            spec,
            network,
            overlay,
            observers: Vec::new(),
            keys: None,
            timetable: None,
        }
    }

    /// The keys of the workload have these names; without names there are as many as the scenario says.
    #[must_use]
    pub fn with_keys(mut self, names: Option<Arc<[Arc<str>]>>) -> Self {
        self.keys = names;
        self
    }

    /// Peers come and go, and ask, as a trace says; the scenario must have been [told](Timetable::tell) what it says.
    #[must_use]
    pub fn with_timetable(mut self, timetable: Option<Timetable>) -> Self {
        self.timetable = timetable;
        self
    }

    /// Lets one more observer see what happens.
    #[must_use]
    pub fn watched_by(mut self, observer: Box<dyn Observer<O> + 'a>) -> Self {
        self.observers.push(observer);
        self
    }

    /// Lets an onlooker see what happens.
    #[must_use]
    pub fn before(mut self, onlooker: &'a impl Onlooker) -> Self {
        self.observers.extend(onlooker.observers());
        self
    }

    /// Runs the simulation from beginning to end; see [`simulate`].
    ///
    /// # Errors
    /// [`SimError`] says what went wrong.
    pub fn run(
        mut self,
        output: &Output,
        watch: &Watch,
        sink: &'a mut dyn RecordSink,
    ) -> Result<RunSummary, SimError> {
        let audited = output.audit && self.add_auditor();
        self.cut_the_network();
        self.overlay.take_silence_for(if self.network.may_lose() {
            Silence::MayBeLoss
        } else {
            Silence::IsDeath
        });
        self.add_tracer(output);
        let links = output.links && self.add_link_counter();
        if output.hops {
            let from = SimTime::ZERO + self.spec.scenario.warmup;
            self.observers.push(Box::new(HopWatch::new(from)));
        }
        let (scenario, seed) = (&self.spec.scenario, self.spec.seed);
        let apart = scenario.selfish.measured;
        if apart {
            self.observers.push(Box::new(SelfishWatch::default()));
        }
        let from = SimTime::ZERO + scenario.warmup;
        let mut recorder = Recorder::new(sink, output, from, scenario.sample, apart);
        recorder.tell_shunned(scenario.selfish.defence.reputation.is_some());
        let stores = self.overlay.stock().is_some();
        let space = Space::new(scenario.overlay.id_bits);
        let positions = scenario.overlay.virtual_nodes;
        let rng = stream(seed, Stream::Protocol);
        let width = self.overlay.parcel_width();
        let traced = self.timetable.is_some();
        let rules = CallRules {
            timeout: scenario.overlay.rpc_timeout,
            retries: scenario.overlay.rpc_retries,
        };
        let client = Client::new(scenario);
        let mut effects = Effects::new(rng, space, rules, width);
        effects.remember(client.standing.is_some());
        if let Some(repute) = scenario.selfish.defence.reputation {
            let asks_anyway = repute.verdict == ReputationVerdict::Avoid;
            effects.hold(Opinions::new(positions, asks_anyway));
        }
        let whitewashing = Whitewashing::of(scenario, seed);
        let washes = whitewashing.is_some();
        let sim = Sim {
            scenario,
            seed,
            estimate_error: None,
            now: SimTime::ZERO,
            queue: EventQueue::new(),
            chain: FingerprintChain::default(),
            network: self.network,
            overlay: self.overlay,
            effects,
            all_serve: scenario.selfish.never() && client.standing.is_none(),
            leeches: Leeches::of(&scenario.selfish, seed),
            members: Members::new(space, positions, seed),
            churn: Churn::new(&scenario.churn, self.timetable, seed),
            conduct: Conduct::new(&scenario.selfish, seed, scenario.overlay.nodes),
            whitewashing,
            verdicts: Verdicts::default(),
            workload: Workload::new(&scenario.workload, self.keys, positions, space, seed),
            client,
            observers: Observers::new(recorder, self.observers),
            busy_until: Vec::new(),
            no_deadline_before: SimTime::ZERO,
            no_expiry_before: SimTime::ZERO,
            counting: Counting::default(),
            deadline: None,
            looks_ahead: scenario.overlay.nodes.saturating_mul(positions) >= ahead::MIN_NODES,
            ahead: Ahead::default(),
            next_decision: None,
            declined: Declined::default(),
            script_idle: 0,
            attendance: None,
        };
        let summary = sim.run(watch)?;
        summary.assert_complete(|exists| match exists {
            Exists::Always => true,
            Exists::WithAudit => audited,
            Exists::WithStorage => stores,
            Exists::WithScript => !scenario.events.is_empty(),
            Exists::WithTrace => traced,
            Exists::WithCoordinates => estimates::are_made(scenario),
            Exists::WithLinks => links,
            Exists::WithHops => output.hops,
            Exists::WithReputation => scenario.selfish.defence.reputation.is_some(),
            Exists::WithWhitewash => washes,
            Exists::WithSelfish => apart,
            Exists::WithSelfishStorage => apart && stores,
            Exists::WithDeclining => scenario.selfish.fair_peers_decline(),
        });
        Ok(summary)
    }

    /// Tells the network when it is cut, and where: by the seed and the number of the fault alone.
    fn cut_the_network(&mut self) {
        let (scenario, seed) = (&self.spec.scenario, self.spec.seed);
        let begin = SimTime::ZERO + scenario.warmup;
        for (fault, number) in scenario.faults.iter().zip(0_u64..) {
            let FaultKind::Partition { share, length } = fault.kind else {
                continue;
            };
            let side = move |host: HostIdx| {
                unit_hash(seed, Stream::Partitions, number, host.0.into()) < share
            };
            let from = begin + fault.at;
            self.network.cut(side, from, from + length);
        }
    }

    /// Adds what writes the rows of `trace.csv` and of `replay.csv`, if that is wanted.
    fn add_tracer(&mut self, output: &Output) {
        let share = output.trace;
        // All repetitions of a combination tell the same story; one is enough to be looked at.
        let replays = output.replay && self.spec.repetition == 0;
        let from = SimTime::ZERO + self.spec.scenario.warmup;
        if replays {
            self.observers.push(Box::new(RingWatch::new(from)));
        }
        if share > 0.0 || replays {
            let telling = replays.then(|| Telling::of(&self.spec.scenario));
            self.observers
                .push(Box::new(trace::rows::tracer(share, from, telling)));
        }
    }

    /// Adds what counts messages per link, and returns whether there is one: a network without links has none.
    fn add_link_counter(&mut self) -> bool {
        let has_links = self.network.paths().is_some();
        if has_links {
            self.observers.push(Box::new(LinkCounter::default()));
        }
        has_links
    }

    /// Adds the auditor, and returns whether there is one: an overlay that is not a ring is not audited.
    fn add_auditor(&mut self) -> bool {
        let scenario = &self.spec.scenario;
        let Some(list_length) = self.overlay.ring().map(RingView::list_length) else {
            return false;
        };
        let space = Space::new(scenario.overlay.id_bits);
        let patience = scenario.overlay.rpc_timeout;
        let from = SimTime::ZERO + scenario.warmup;
        let auditor = Auditor::new(space, list_length, patience, from);
        let auditor = auditor.with_storage(Rules::of(scenario));
        self.observers.push(Box::new(auditor));
        true
    }
}
