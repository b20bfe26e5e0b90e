//! What a scenario will need: memory, events, room on the disk. Estimates from what it says, before anything is simulated;
//! they are right within a factor of two for rings at rest and under churn (tests hold that), and meant to tell a
//! coffee break from a night, and what fits into the machine from what does not.

use crate::engine::SimDuration;
use crate::network::{self, Assets};
use crate::scenario::resolved::{
    Arrivals, ChurnModel, FaultKind, ProximityChoice, Routing, Scenario, ScriptKind, Start,
};
use crate::scenario::{Plan, RunSpec};
use crate::theory;

/// What a run, or all runs of a plan, need.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Needs {
    /// Bytes of memory at most; of a plan those of the run that needs the most.
    pub memory: f64,
    /// Events to handle.
    pub events: f64,
    /// Bytes of rows on the disk.
    pub disk: f64,
    /// Seconds of one core.
    pub seconds: f64,
}

/// Bytes of a node without its successor list: docs/performance.md, "Where the memory goes".
const NODE_BYTES: f64 = 540.0;
/// Bytes of an entry of a successor list.
const ENTRY_BYTES: f64 = 4.0;
/// Bytes of a node that has departed for good: of its row in nodes.csv, and of where that is.
const GONE_BYTES: f64 = 30.0;
/// Bytes more where nodes come and go in sessions.
const SESSION_BYTES: f64 = 720.0;
/// Bytes of a lookup under way, and of one whose values are kept until the end: of so many lookups at most, beyond that
/// they are sorted into classes.
const LOOKUP_BYTES: f64 = 500.0;
const VALUE_BYTES: f64 = 16.0;
const VALUES_MAX: f64 = 1_048_576.0;
/// Seconds that a message of a lookup takes, if nothing is amiss.
const MESSAGE_S: f64 = 0.1;
/// Bytes of the program itself and of what does not depend on the nodes. A ring of three nodes takes 14 MB; of a large
/// network, 3 MB of these are what it was made of and has given back.
const FIXED_BYTES: f64 = 11e6;
/// Bytes of a key under which something is kept, and of each copy: measured with 1, 3 and 5 copies of a million keys.
const KEPT_KEY_BYTES: f64 = 77.0;
const COPY_BYTES: f64 = 42.0;
/// Bytes of a row of lookups.csv or operations.csv, and of each other file.
const REQUEST_ROW_BYTES: f64 = 180.0;
const ROW_BYTES: f64 = 110.0;
/// Bytes of a run in the manifest, in summary.csv and in fingerprints.csv, which has up to 256 rows of it.
const RUN_BYTES: f64 = 12e3;
/// Bytes of what is counted of a link.
const LINK_BYTES: f64 = 40.0;
/// Nanoseconds of one core that an event takes: in a ring of a thousand nodes, and what each tenfold adds, because
/// memory answers later. Scenarios that ship take 35 to 130.
const EVENT_NS: f64 = 65.0;
const EVENT_NS_PER_DECADE: f64 = 12.0;
/// Nanoseconds of one core for setting up a node, and for what theory expects of it and is written of it in the end:
/// 3 to 9 microseconds in rings of 100 to 4000.
const NODE_NS: f64 = 5000.0;
/// Nanoseconds of one core for looking at one node where the nearest of all is chosen as a finger
/// (`proximity = "ideal"`), once for each two nodes and once for each node at each repair of a finger: measured 49 with
/// 1000 nodes in a plane; 6 where all are equally far.
const NEAREST_NS: f64 = 50.0;

/// What a replay is told at most, as in `observe::replay`: entries at the beginning, rows of changes, and about how many
/// messages of a kind of requests.
mod replay {
    pub(super) const ENTRIES_MAX: f64 = 4096.0;
    pub(super) const KNOWN_ROWS_MAX: f64 = 16_000.0;
    pub(super) const MESSAGES: f64 = 2_500.0;
}

/// The most combinations whose events are estimated, evenly spaced.
const COMBINATIONS: usize = 50;

/// Of all runs of a plan. Repetitions need the same.
#[must_use]
pub fn of_plan(plan: &Plan, assets: &Assets) -> Needs {
    let some: Vec<Needs> = plan
        .some_combinations(COMBINATIONS)
        .map(|spec| of_run(spec, plan))
        .collect();
    // Where runs are chosen the finished ones are kept beside the result.
    let copies = if plan.chooses_runs() { 2.0 } else { 1.0 };
    let times = plan.runs_at_most() as f64 / some.len().max(1) as f64;
    Needs {
        memory: memory_of_plan(plan) + shared_memory(plan, assets),
        events: some.iter().map(|needs| needs.events).sum::<f64>() * times,
        disk: some.iter().map(|needs| needs.disk).sum::<f64>() * times * copies,
        seconds: some.iter().map(|needs| needs.seconds).sum::<f64>() * times,
    }
}

/// Bytes of memory of the run of a plan that needs the most, without what runs share.
#[must_use]
pub fn memory_of_plan(plan: &Plan) -> f64 {
    greatest(plan, |scenario| {
        memory(scenario, plan) + of_links(scenario, plan)
    })
}

/// Bytes of memory of so many runs of a plan at a time, without what runs share: the greatest that there are.
#[must_use]
pub fn in_parallel(plan: &Plan, jobs: usize) -> f64 {
    // The program itself is there once.
    let of_run =
        |run: &RunSpec| memory(&run.scenario, plan) + of_links(&run.scenario, plan) - FIXED_BYTES;
    let mut all: Vec<f64> = plan.combinations().map(of_run).collect();
    all.sort_by(|a, b| b.total_cmp(a));
    let repeated = all
        .into_iter()
        .flat_map(|bytes| std::iter::repeat_n(bytes, plan.repeat as usize));
    FIXED_BYTES + repeated.take(jobs).sum::<f64>()
}

/// Seconds of the longest run of a plan.
#[must_use]
pub fn longest_run(plan: &Plan) -> f64 {
    let some = plan.some_combinations(COMBINATIONS);
    some.map(seconds_of_run).fold(0.0, f64::max)
}

/// Bytes of memory for counting messages per link, if that is wanted: the routes of a network take about as much as its
/// distances.
fn of_links(scenario: &Scenario, plan: &Plan) -> f64 {
    if !plan.output.links {
        return 0.0;
    }
    let (network, peers) = (&scenario.network, peers(scenario));
    network::bytes(network, peers) + LINK_BYTES * network::links(network, peers)
}

/// Bytes of memory that all runs of a plan share: what was read from files, and what follows from it.
#[must_use]
pub fn shared_memory(plan: &Plan, assets: &Assets) -> f64 {
    let times = if plan.output.links { 2.0 } else { 1.0 };
    times * assets.bytes(greatest(plan, peers))
}

/// Nodes that there ever are in the run of a plan that has the most.
#[must_use]
pub fn nodes_of_plan(plan: &Plan) -> f64 {
    greatest(plan, nodes)
}

fn greatest(plan: &Plan, of: impl Fn(&Scenario) -> f64) -> f64 {
    let all = plan.combinations().map(|run| of(&run.scenario));
    all.fold(0.0, f64::max)
}

/// Seconds of one core that a run takes, very roughly: machines differ.
#[must_use]
pub fn seconds_of_run(spec: &RunSpec) -> f64 {
    let scenario = &spec.scenario;
    let nodes = nodes(scenario);
    let decades = libm::log10(nodes.max(1e3) / 1e3);
    let per_event = EVENT_NS + EVENT_NS_PER_DECADE * decades;
    (events(spec) * per_event + nodes * NODE_NS + looks(scenario) * NEAREST_NS) / 1e9
}

/// How many nodes are looked at to find the nearest of all for every finger.
fn looks(scenario: &Scenario) -> f64 {
    let chord = &scenario.chord;
    if chord.proximity != ProximityChoice::Ideal || !chord.chooses_fingers() {
        return 0.0;
    }
    let members = members(scenario);
    let often = chord.fix_fingers_every;
    let repairs = often.map_or(0.0, |period| {
        seconds(scenario) / period.as_secs_f64().max(1e-9)
    });
    members * members * (1.0 + repairs)
}

/// Of one run; memory without what runs share.
#[must_use]
pub fn of_run(spec: &RunSpec, plan: &Plan) -> Needs {
    let scenario = &spec.scenario;
    let (lookups, operations) = (lookups(scenario), operations(scenario));
    let requests = lookups * plan.output.lookups + operations * plan.output.operations;
    // A hop is a message and its acknowledgement; one more is the answer.
    let lookup = 2.0 * mean_hops(spec) + 1.0;
    let messages = lookups * lookup + operations * (lookup + beyond_the_lookup(scenario));
    let rows = messages * plan.output.trace
        + f64::from(u8::from(plan.output.nodes)) * nodes(scenario)
        + f64::from(u8::from(plan.output.links))
            * network::links(&scenario.network, peers(scenario))
        + scenario.duration.as_secs_f64() / scenario.sample.as_secs_f64().max(1e-9)
        + replay_rows(scenario, plan);
    Needs {
        memory: memory(scenario, plan) + of_links(scenario, plan),
        events: events(spec),
        disk: RUN_BYTES + requests * REQUEST_ROW_BYTES + rows * ROW_BYTES,
        seconds: seconds_of_run(spec),
    }
}

/// Rows of what a replay is told, of which the first repetition alone has any: the tables that are told at the beginning, what
/// each peer that comes or goes changes in them, and the messages of some requests.
fn replay_rows(scenario: &Scenario, plan: &Plan) -> f64 {
    if !plan.output.replay {
        return 0.0;
    }
    let members = members(scenario).max(1.0);
    let list = f64::from(scenario.chord.successors).min(members);
    let fingers = match scenario.chord.routing {
        Routing::Fingers => f64::from(scenario.overlay.id_bits),
        Routing::Successors => 0.0,
    };
    let entries = 1.0 + list + fingers;
    let tables = members.min((replay::ENTRIES_MAX / entries).clamp(16.0, 256.0));
    let (come, go) = poisson(scenario);
    // Whoever comes or goes moves the entries behind it in the lists of those before it, and takes fingers over.
    let changes = (come + go) * tables / members * (list * list / 2.0 + fingers);
    let told = members.min(256.0) + tables * entries + changes.min(replay::KNOWN_ROWS_MAX);
    let kinds = if operations(scenario) > 0.0 { 3.0 } else { 1.0 };
    (told + kinds * replay::MESSAGES) / f64::from(plan.repeat.max(1))
}

/// Puts and gets per second.
fn operations_per_s(scenario: &Scenario) -> f64 {
    let traced = scenario.churn.traced();
    let traced = traced.map_or(0, |facts| facts.puts + facts.gets) as f64;
    scenario.workload.puts_per_s
        + scenario.workload.gets_per_s
        + traced / scenario.duration.as_secs_f64().max(1e-9)
}

fn operations(scenario: &Scenario) -> f64 {
    operations_per_s(scenario) * scenario.duration.as_secs_f64()
}

/// The messages of a put or get once its owner is found: who keeps the copies, and each of these and its answer.
fn beyond_the_lookup(scenario: &Scenario) -> f64 {
    let copies = scenario.storage.map_or(0, |storage| storage.replicas);
    2.0 * f64::from(copies) + if copies > 1 { 2.0 } else { 0.0 }
}

/// Keys under which something is kept in the end.
fn kept_keys(scenario: &Scenario) -> f64 {
    let keys = f64::from(scenario.workload.keys);
    match scenario.storage {
        None => 0.0,
        Some(storage) if storage.preload => keys,
        Some(_) => keys.min(scenario.workload.puts_per_s * seconds(scenario)),
    }
}

/// Nodes that there ever are, each position of a peer one.
fn nodes(scenario: &Scenario) -> f64 {
    peers(scenario) * f64::from(scenario.overlay.virtual_nodes)
}

/// Peers that there ever are.
fn peers(scenario: &Scenario) -> f64 {
    let overlay = &scenario.overlay;
    let peers = scenario.churn.peers_behind(overlay.nodes) as f64;
    let come = joins(scenario);
    let at_once = scenario.faults.iter().map(|fault| match fault.kind {
        FaultKind::Join(count) => f64::from(count),
        _ => 0.0,
    });
    let by_script = scenario.events.iter();
    let by_script = by_script.filter(|event| matches!(event.kind, ScriptKind::Join { .. }));
    peers + come + at_once.sum::<f64>() + by_script.count() as f64
}

/// Seconds of a run, the warm-up included.
fn seconds(scenario: &Scenario) -> f64 {
    scenario.warmup.as_secs_f64() + scenario.duration.as_secs_f64()
}

/// New peers by Poisson churn.
fn joins(scenario: &Scenario) -> f64 {
    poisson(scenario).0
}

/// Peers that come, and that go for good, by Poisson churn.
fn poisson(scenario: &Scenario) -> (f64, f64) {
    let ChurnModel::Poisson {
        joins_per_s,
        leaves_per_s,
    } = scenario.churn.model
    else {
        return (0.0, 0.0);
    };
    let until = scenario
        .churn
        .until
        .map_or(f64::INFINITY, SimDuration::as_secs_f64);
    let seconds = seconds(scenario).min(until);
    let come = joins_per_s * seconds;
    (come, (leaves_per_s * seconds).min(come))
}

/// Positions on the ring of the peers that the overlay begins with, or that a trace says are up on average.
fn members(scenario: &Scenario) -> f64 {
    let peers = scenario.churn.traced().map(|facts| facts.mean_up);
    let peers = peers.unwrap_or_else(|| scenario.overlay.nodes.into());
    peers * f64::from(scenario.overlay.virtual_nodes)
}

/// Lookups per second, while all nodes make theirs.
fn lookups_per_s(scenario: &Scenario) -> f64 {
    match scenario.workload.arrivals {
        Arrivals::Poisson => scenario.workload.lookups_per_s,
        Arrivals::PerNode { requests, every } => {
            let all = f64::from(requests) * members(scenario);
            let at_most = all / scenario.duration.as_secs_f64();
            at_most.min(members(scenario) / every.as_secs_f64())
        }
    }
}

fn lookups(scenario: &Scenario) -> f64 {
    let traced = scenario.churn.traced().map_or(0, |facts| facts.lookups);
    lookups_per_s(scenario) * scenario.duration.as_secs_f64() + traced as f64
}

fn memory(scenario: &Scenario, plan: &Plan) -> f64 {
    let sessions = matches!(
        scenario.churn.model,
        ChurnModel::Sessions { .. } | ChurnModel::Trace(_)
    );
    let per_node = NODE_BYTES
        + ENTRY_BYTES * f64::from(scenario.chord.successors)
        + if sessions { SESSION_BYTES } else { 0.0 };
    // Who fails waits to the end, but few do.
    let patience = scenario.overlay.request_timeout.as_secs_f64();
    let members = members(scenario).max(2.0);
    let hops = match scenario.chord.routing {
        Routing::Successors => members / 2.0,
        Routing::Fingers => libm::log2(members),
    };
    let lasts = (hops * MESSAGE_S).max(1.0).min(patience);
    let values = match plan.output.lookups {
        // What every row of lookups.csv has is told to the last digit.
        1.0.. => lookups(scenario),
        _ => lookups(scenario).min(VALUES_MAX),
    };
    let under_way = lookups_per_s(scenario) * lasts.min(seconds(scenario));
    let copies = scenario.storage.map_or(0, |storage| storage.replicas);
    let copies = f64::from(copies);
    let gone = poisson(scenario).1 * f64::from(scenario.overlay.virtual_nodes);
    FIXED_BYTES
        + (nodes(scenario) - gone) * per_node
        + gone * GONE_BYTES
        + under_way * LOOKUP_BYTES
        + values * VALUE_BYTES
        + 8.0 * f64::from(scenario.workload.keys)
        + kept_keys(scenario) * (KEPT_KEY_BYTES + copies * COPY_BYTES)
        + network::bytes(&scenario.network, peers(scenario))
}

/// Messages that arrive and timers that go off.
fn events(spec: &RunSpec) -> f64 {
    let scenario = &spec.scenario;
    let (chord, members) = (&scenario.chord, members(scenario));
    let hops = mean_hops(spec);
    // A hop is a message and its acknowledgement or answer.
    let lookup = 2.0 * hops + 2.0;
    let by_fingers = match chord.routing {
        Routing::Fingers => lookup,
        Routing::Successors => 2.0,
    };
    let often =
        |period: Option<SimDuration>| period.map_or(0.0, |period| 1.0 / period.as_secs_f64());
    // Asking and telling the neighbours, with the timer; a lookup for a finger; a call and its answer.
    let per_node = 5.0 * often(chord.stabilize_every)
        + (by_fingers + 1.0) * often(chord.fix_fingers_every)
        + 3.0 * often(chord.check_predecessor_every)
        + (lookup + 1.0) * often(chord.merge_probe_every);
    let from_joins = match scenario.overlay.start {
        Start::Converged => 0.0,
        Start::Join => members,
    };
    // Who joins looks for its place and for every finger that is not its neighbour's.
    let per_join = by_fingers * (2.0 + libm::log2(members.max(2.0)));
    let all_seconds = seconds(scenario);
    // Each owner tells the others of its copies, and they answer.
    let repair = scenario.storage.map_or(0.0, |storage| {
        (1.0 + 2.0 * (f64::from(storage.replicas) - 1.0)) * often(storage.repair_every)
    });
    let operation = lookup + 1.0 + beyond_the_lookup(scenario);
    (per_node + repair) * members * all_seconds
        + operations_per_s(scenario) * all_seconds * operation
        + lookups_per_s(scenario) * all_seconds * (lookup + 1.0)
        + (from_joins + joins(scenario)) * per_join
}

/// What theory expects of a ring at rest, weighted by its shares.
fn mean_hops(spec: &RunSpec) -> f64 {
    let scenario = &spec.scenario;
    let members = members(scenario);
    // Only the mean is wanted, and of large rings not its last digits.
    match scenario.chord.routing {
        Routing::Successors => members / 2.0,
        Routing::Fingers if members > 1024.0 => 0.5 * libm::log2(members),
        Routing::Fingers => theory::hops_at_rest(spec)
            .iter()
            .map(|(hops, share)| hops * share)
            .sum(),
    }
}

#[cfg(test)]
mod tests;
