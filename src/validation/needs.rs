//! What a scenario will need: memory, events, room on the disk. Estimates from what it says, before anything is simulated;
//! they are right within a factor of two for rings at rest and under churn (tests hold that), and meant to tell a
//! coffee break from a night, and what fits into the machine from what does not.

use crate::engine::SimDuration;
use crate::scenario::resolved::{ChurnModel, FaultKind, LookupMode, Routing, Scenario, Start};
use crate::scenario::{Plan, RunSpec};
use crate::theory;

/// What a run needs.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Needs {
    /// Bytes of memory at most.
    pub memory: f64,
    /// Events to handle.
    pub events: f64,
    /// Bytes of its rows on the disk.
    pub disk: f64,
}

/// What all runs of a plan need.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct PlanNeeds {
    /// Of the run that needs the most memory.
    pub memory: f64,
    /// Of all runs.
    pub events: f64,
    /// Of all runs.
    pub disk: f64,
}

/// Bytes of a node without its successor list: docs/performance.md, "Where the memory goes".
const NODE_BYTES: f64 = 540.0;
/// Bytes of an entry of a successor list.
const ENTRY_BYTES: f64 = 4.0;
/// Bytes more where nodes come and go in sessions.
const SESSION_BYTES: f64 = 720.0;
/// Bytes of a lookup under way, and of one whose values are kept until the end.
const LOOKUP_BYTES: f64 = 500.0;
const VALUE_BYTES: f64 = 16.0;
/// Bytes of the program itself and of what does not depend on the nodes.
const FIXED_BYTES: f64 = 5e6;
/// Bytes of a row of each file.
const ROW_BYTES: f64 = 110.0;
/// Nanoseconds of one core that an event takes: in a ring of a thousand nodes, and what each tenfold adds, because
/// memory answers later.
const EVENT_NS: f64 = 50.0;
const EVENT_NS_PER_DECADE: f64 = 12.0;

/// Of all runs of a plan. Repetitions need the same, and of many combinations some are looked at.
#[must_use]
pub fn of_plan(plan: &Plan) -> PlanNeeds {
    const LOOKED_AT: usize = 50;
    let firsts: Vec<&RunSpec> = plan.runs.iter().filter(|run| run.repetition == 0).collect();
    let step = firsts.len().div_ceil(LOOKED_AT).max(1);
    let looked_at: Vec<Needs> = firsts
        .iter()
        .step_by(step)
        .map(|spec| of_run(spec, plan))
        .collect();
    let times = plan.runs.len() as f64 / looked_at.len().max(1) as f64;
    // The largest need not be among those.
    let memory = firsts.iter().map(|spec| memory(&spec.scenario));
    PlanNeeds {
        memory: memory.fold(0.0, f64::max),
        events: looked_at.iter().map(|needs| needs.events).sum::<f64>() * times,
        disk: looked_at.iter().map(|needs| needs.disk).sum::<f64>() * times,
    }
}

impl PlanNeeds {
    /// Seconds of one core for the runs of a plan, very roughly: machines differ.
    #[must_use]
    pub fn seconds(&self, plan: &Plan) -> f64 {
        let nodes = plan.runs.iter().map(|run| nodes(&run.scenario));
        let decades = libm::log10(nodes.fold(1e3, f64::max) / 1e3);
        self.events * (EVENT_NS + EVENT_NS_PER_DECADE * decades) / 1e9
    }
}

/// Of one run.
#[must_use]
pub fn of_run(spec: &RunSpec, plan: &Plan) -> Needs {
    let scenario = &spec.scenario;
    let lookups = lookups(scenario);
    let rows = lookups * plan.output.lookups
        + f64::from(u8::from(plan.output.nodes)) * nodes(scenario)
        + scenario.duration.as_secs_f64() / scenario.sample.as_secs_f64().max(1e-9);
    Needs {
        memory: memory(scenario),
        events: events(spec),
        disk: rows * ROW_BYTES,
    }
}

/// Nodes that there ever are, each position of a peer one.
#[must_use]
pub fn nodes(scenario: &Scenario) -> f64 {
    let overlay = &scenario.overlay;
    let peers = scenario.churn.peers_behind(overlay.nodes) as f64;
    let come = joins(scenario);
    let at_once = scenario.faults.iter().map(|fault| match fault.kind {
        FaultKind::Join(count) => f64::from(count),
        FaultKind::Kill(_) => 0.0,
    });
    (peers + come + at_once.sum::<f64>()) * f64::from(overlay.virtual_nodes)
}

/// Seconds of a run, the warm-up included.
fn seconds(scenario: &Scenario) -> f64 {
    scenario.warmup.as_secs_f64() + scenario.duration.as_secs_f64()
}

/// New peers by Poisson churn.
fn joins(scenario: &Scenario) -> f64 {
    let ChurnModel::Poisson { joins_per_s, .. } = scenario.churn.model else {
        return 0.0;
    };
    let until = scenario
        .churn
        .until
        .map_or(f64::INFINITY, SimDuration::as_secs_f64);
    joins_per_s * seconds(scenario).min(until)
}

fn lookups(scenario: &Scenario) -> f64 {
    scenario.workload.lookups_per_s * scenario.duration.as_secs_f64()
}

fn memory(scenario: &Scenario) -> f64 {
    let sessions = matches!(scenario.churn.model, ChurnModel::Sessions { .. });
    let per_node = NODE_BYTES
        + ENTRY_BYTES * f64::from(scenario.chord.successors)
        + if sessions { SESSION_BYTES } else { 0.0 };
    let patience = scenario.overlay.request_timeout.as_secs_f64();
    let under_way = scenario.workload.lookups_per_s * patience.min(seconds(scenario));
    FIXED_BYTES
        + nodes(scenario) * per_node
        + under_way * LOOKUP_BYTES
        + lookups(scenario) * VALUE_BYTES
        + 8.0 * f64::from(scenario.workload.keys)
}

/// Messages that arrive and timers that go off.
fn events(spec: &RunSpec) -> f64 {
    let scenario = &spec.scenario;
    let (chord, overlay) = (&scenario.chord, &scenario.overlay);
    let members = f64::from(overlay.nodes) * f64::from(overlay.virtual_nodes);
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
        + 3.0 * often(chord.check_predecessor_every);
    let from_joins = match overlay.start {
        Start::Converged => 0.0,
        Start::Join => members,
    };
    // Who joins looks for its place and for every finger that is not its neighbour's.
    let per_join = by_fingers * (2.0 + libm::log2(members.max(2.0)));
    let all_seconds = seconds(scenario);
    per_node * members * all_seconds
        + scenario.workload.lookups_per_s * all_seconds * (lookup + 1.0)
        + (from_joins + joins(scenario)) * per_join
}

/// What theory expects of a ring at rest, weighted by its shares.
fn mean_hops(spec: &RunSpec) -> f64 {
    let scenario = &spec.scenario;
    let members = f64::from(scenario.overlay.nodes) * f64::from(scenario.overlay.virtual_nodes);
    // Only the mean is wanted, and of large rings not its last digits.
    let hops = match scenario.chord.routing {
        Routing::Successors => members / 2.0,
        Routing::Fingers if members > 1024.0 => 0.5 * libm::log2(members),
        Routing::Fingers => theory::hops_at_rest(spec)
            .iter()
            .map(|(hops, share)| hops * share)
            .sum(),
    };
    let most = match scenario.chord.lookup {
        LookupMode::Recursive | LookupMode::Iterative => members,
    };
    // The impatient give up before they have walked around the ring.
    hops.min(most)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario::Overrides;

    fn plan(text: &str) -> Plan {
        Plan::parse(text, Path::new("needs.toml"), &Overrides::default()).unwrap()
    }

    /// The figures of docs/performance.md: bytes per node that were measured.
    #[test]
    fn memory_is_estimated_within_a_quarter() {
        for (nodes, successors, measured) in [
            (100_000, 4, 628.0),
            (100_000, 16, 677.0),
            (100_000, 32, 739.0),
            (1_000_000, 16, 601.0),
            (10_000_000, 16, 603.0),
        ] {
            let text = format!(
                "duration = \"10s\"\nwarmup = \"0s\"\noverlay.nodes = {nodes}\nchord.successors = {successors}\nworkload.lookups_per_s = 1\n"
            );
            let estimate = of_plan(&plan(&text)).memory / f64::from(nodes);
            assert!(
                (estimate / measured - 1.0).abs() < 0.25,
                "{nodes} {successors}: {estimate}"
            );
        }
    }
}
