//! A plan and a pretended simulation for the tests of this module.

use std::path::Path;
use std::sync::atomic::Ordering;

use super::assignment::RunError;
use crate::catalogue::{
    AuditRecord, FingerprintRecord, LookupRecord, Metric, NodeRecord, Outcome, RecordSink,
    RunSummary, TimelineRecord,
};
use crate::engine::SimDuration;
use crate::scenario::resolved::{
    Arrivals, Bootstrap, Chord, Churn, ChurnModel, Estimate, FingersOf, Ids, LatencyModel,
    LookupMode, Maintenance, Network, Output, Overlay, Popularity, Protocol, ProximityChoice,
    Routing, Scenario, Selfish, Source, Start, Workload,
};
use crate::scenario::{Overrides, Plan, RunSpec, SweptKey, Threshold};
use crate::sim::Watch;

/// A plan that sweeps `chord.successors` over these values; seeds are 100, 101, ...
pub(crate) fn plan(successors: &[&str], repeat: u32) -> Plan {
    let runs = (0..).zip(
        successors
            .iter()
            .enumerate()
            .flat_map(|(combination, value)| {
                (0..repeat).map(move |repetition| (combination as u32, *value, repetition))
            }),
    );
    let runs = runs.map(|(run, (combination, value, repetition))| RunSpec {
        run,
        swept: vec![value.to_owned()],
        combination,
        repetition,
        seed: 100 + u64::from(repetition),
        scenario: scenario(value.parse().unwrap()),
    });
    Plan {
        name: "fake".to_owned(),
        title: String::new(),
        seed: 1,
        repeat,
        until: None,
        swept: vec![SweptKey {
            key: "chord.successors".to_owned(),
            column: "successors".to_owned(),
            parts: Vec::new(),
        }],
        output: Output {
            lookups: 1.0,
            operations: 0.0,
            nodes: true,
            timeline: true,
            trace: 0.0,
            fingers_of: FingersOf::Asker,
            links: false,
            hops: false,
            replay: false,
            audit: false,
        },
        runs: runs.collect(),
        expectations: Vec::new(),
        plots: Vec::new(),
        threshold: None,
    }
}

/// A plan that looks for where `success_rate` falls under 0.5 along 0, 0.1 … 1, for so many combinations of another key.
pub(crate) fn searched_plan(combinations: u32, repeat: u32) -> Plan {
    let others: Vec<u32> = (0..combinations).collect();
    let text = format!(
        "repeat = {repeat}\n[sweep]\n\"workload.lookups_per_s\" = {others:?}\n\
         [threshold]\nmetric = \"success_rate\"\nlevel = 0.5\nwithin = 0.1\n"
    );
    let plan = Plan::parse(&text, Path::new("searched.toml"), &Overrides::default());
    plan.expect("a good scenario")
}

/// What such a plan looks for.
pub(crate) fn threshold() -> Threshold {
    searched_plan(1, 1)
        .threshold
        .expect("it looks for something")
}

fn scenario(successors: u8) -> Scenario {
    Scenario {
        warmup: SimDuration::ZERO,
        duration: SimDuration::from_secs(60),
        sample: SimDuration::from_secs(10),
        overlay: Overlay {
            protocol: Protocol::Chord,
            nodes: 8,
            virtual_nodes: 1,
            id_bits: 16,
            ids: Ids::Hashed,
            start: Start::Converged,
            join_window: SimDuration::ZERO,
            bootstrap: Bootstrap::Replaced,
            rpc_timeout: SimDuration::from_millis(500),
            rpc_retries: 0,
            request_timeout: SimDuration::from_secs(30),
        },
        chord: Chord {
            routing: Routing::Fingers,
            lookup: LookupMode::Recursive,
            maintenance: Maintenance::Zave2017,
            successors,
            stabilize_every: None,
            fix_fingers_every: None,
            check_predecessor_every: None,
            proximity: ProximityChoice::None,
            pns_samples: 16,
            estimate: Estimate::Ping,
            maintenance_jitter: 0.0,
            merge_probe_every: None,
        },
        network: Network {
            model: LatencyModel::Constant {
                latency: SimDuration::from_millis(50),
            },
            loss: 0.0,
            jitter: 0.0,
            service_time: SimDuration::ZERO,
        },
        churn: Churn {
            model: ChurnModel::None,
            graceful: 0.0,
            until: None,
        },
        faults: Vec::new(),
        events: Vec::new(),
        workload: Workload {
            lookups_per_s: 1.0,
            puts_per_s: 0.0,
            gets_per_s: 0.0,
            keys: 10,
            keys_file: None,
            popularity: Popularity::Uniform,
            source: Source::Random,
            arrivals: Arrivals::Poisson,
        },
        storage: None,
        selfish: Selfish::nobody(),
    }
}

/// Writes some rows that depend on the seed and on `chord.successors` only.
pub(crate) fn simulate(
    spec: &RunSpec,
    watch: &Watch,
    sink: &mut dyn RecordSink,
) -> Result<RunSummary, RunError> {
    let hops = u32::from(spec.scenario.chord.successors);
    for number in 0..50 {
        if watch.cancelled() {
            return Err(RunError::Cancelled);
        }
        watch.events.fetch_add(1, Ordering::Relaxed);
        sink.take((&lookup(number, spec.seed, hops)).into())?;
    }
    for node in 0..3 {
        sink.take((&self::node(node)).into())?;
    }
    sink.take((&interval()).into())?;
    for (time_s, events) in [(10.0, 500), (60.0, 1000)] {
        let link = FingerprintRecord {
            time_s,
            events,
            fingerprint: format!("{:016x}", spec.seed + 1000 - events),
        };
        sink.take((&link).into())?;
    }
    for (number, (invariant, preconditions)) in (0..).zip(VIOLATIONS) {
        sink.take((&violation(number, invariant, preconditions)).into())?;
    }
    let mut summary = RunSummary::new(format!("{:016x}", spec.seed));
    let hops = f64::from(hops) + (spec.seed % 10) as f64 / 3.0;
    summary.extend([
        (Metric::Lookups, Some(50.0)),
        (Metric::HopsMean, Some(hops)),
        (Metric::Events, Some(1000.0)),
        (Metric::LostMessages, None),
    ]);
    Ok(summary)
}

pub(crate) fn lookup(number: u64, seed: u64, hops: u32) -> LookupRecord {
    LookupRecord {
        lookup: number,
        time_s: number as f64 * 1.234_567_891,
        source: Some((number % 1000) as u32),
        source_id: Some(seed.wrapping_mul(number | 1)),
        key: number.wrapping_mul(0x9e37_79b9_7f4a_7c15),
        owner_id: Some(7),
        answer_id: Some(7),
        outcome: Outcome::Ok,
        hops: Some(hops),
        timeouts: 0,
        latency_ms: Some(number as f64 * 0.812_345_671 + 20.0),
        direct_ms: Some(100.123_457),
        stretch: Some((number as f64 * 0.812_345_671 + 20.0) / 100.123_457),
        reason: None,
    }
}

/// What an audit finds: the invariant, and whether the preconditions were given.
const VIOLATIONS: [(&str, bool); 4] = [
    ("live_successor", false),
    ("key_owner", false),
    ("principals", true),
    ("one_ring", true),
];

fn violation(violation: u64, invariant: &'static str, preconditions: bool) -> AuditRecord {
    AuditRecord {
        violation,
        time_s: 0.5 + violation as f64,
        invariant,
        node: None,
        node_id: None,
        cause: "test".to_owned(),
        preconditions,
        excuse: if preconditions { "" } else { "failure" },
        offenders: String::new(),
        principals: 3,
        until_s: None,
        story: "1 s: node 4, \"the fast one\", left; 2 s: node 5 joined".to_owned(),
    }
}

fn interval() -> TimelineRecord {
    TimelineRecord {
        time_s: 10.0,
        nodes: 0,
        lookups: 0,
        ok: 0,
        wrong: 0,
        failed: 0,
        hops_mean: None,
        latency_ms_mean: None,
        messages: 0,
        joins: 0,
        leaves: 0,
        crashes: 0,
        ring_ok: Some(true),
        wrong_successors: Some(0.0),
        dead_successors: Some(0.0),
        dead_fingers: None,
        wrong_fingers: None,
        joining: 0,
        values_alive: None,
        values_lost: None,
        under_replicated: None,
        repair_bytes: None,
        handover_bytes: None,
        rings: Some(1),
        estimate_error: None,
        selfish_share: None,
    }
}

pub(crate) fn node(node: u32) -> NodeRecord {
    NodeRecord {
        node,
        id: u64::from(node) * 10,
        host: node,
        joined_s: Some(-1.5),
        left_s: None,
        departure: None,
        selfish: node == 1,
        keys: Some(4),
        lookups_started: 1,
        messages_in: 2,
        messages_out: 3,
        forwarded: 4,
        bytes_out: 5,
        peer: node,
        sessions: 1,
        up_s: 60.0,
    }
}
