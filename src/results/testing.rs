//! A plan and a pretended simulation for the tests of this module.

use std::sync::atomic::Ordering;

use super::RunError;
use crate::engine::SimDuration;
use crate::metrics::{
    FingerprintRow, LookupRecord, NodeRecord, Outcome, RecordSink, RunSummary, TimelineRow,
};
use crate::scenario::resolved::{
    Behaviour, Chord, Churn, ChurnModel, Defence, Ids, LatencyModel, LookupMode, Maintenance,
    Network, Output, Overlay, Popularity, Protocol, Routing, Scenario, Selfish, Start, Workload,
};
use crate::scenario::{Plan, RunSpec, SweptKey};
use crate::sim::Watch;

/// A plan that sweeps `chord.successors` over these values; seeds are 100, 101, ...
pub fn plan(successors: &[&str], repeat: u32) -> Plan {
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
        swept: vec![SweptKey {
            key: "chord.successors".to_owned(),
            column: "successors".to_owned(),
        }],
        output: Output {
            lookups: 1.0,
            nodes: true,
            timeline: true,
            audit: false,
        },
        runs: runs.collect(),
        expectations: Vec::new(),
    }
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
            rpc_timeout: SimDuration::from_millis(500),
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
            maintenance_jitter: 0.0,
        },
        network: Network {
            model: LatencyModel::Constant {
                latency: SimDuration::from_millis(50),
            },
            loss: 0.0,
            service_time: SimDuration::ZERO,
        },
        churn: Churn {
            model: ChurnModel::None,
            graceful: 0.0,
            until: None,
        },
        faults: Vec::new(),
        workload: Workload {
            lookups_per_s: 1.0,
            keys: 10,
            popularity: Popularity::Uniform,
        },
        selfish: Selfish {
            fraction: 0.0,
            behaviour: Behaviour::DropLookups,
            defence: Defence::None,
        },
    }
}

/// Writes some rows that depend on the seed and on `chord.successors` only.
pub fn simulate(
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
        sink.lookup(&lookup(number, spec.seed, hops))?;
    }
    for node in 0..3 {
        sink.node(&self::node(node))?;
    }
    sink.timeline(&TimelineRow {
        time_s: 10.0,
        ring_ok: Some(true),
        ..TimelineRow::default()
    })?;
    for (time_s, events) in [(10.0, 500), (60.0, 1000)] {
        sink.fingerprint(&FingerprintRow {
            time_s,
            events,
            fingerprint: format!("{:016x}", spec.seed + 1000 - events),
        })?;
    }
    let metrics = vec![
        ("lookups", Some(50.0)),
        (
            "hops_mean",
            Some(f64::from(hops) + (spec.seed % 10) as f64 / 3.0),
        ),
        ("events", Some(1000.0)),
        ("retries", None),
    ];
    Ok(RunSummary {
        metrics,
        fingerprint: format!("{:016x}", spec.seed),
    })
}

pub fn lookup(number: u64, seed: u64, hops: u32) -> LookupRecord {
    LookupRecord {
        lookup: number,
        time_s: number as f64 * 1.234_567_891,
        source: (number % 1000) as u32,
        source_id: seed.wrapping_mul(number | 1),
        key: number.wrapping_mul(0x9e37_79b9_7f4a_7c15),
        owner_id: Some(7),
        answer_id: Some(7),
        outcome: Outcome::Ok,
        hops: Some(hops),
        timeouts: 0,
        latency_ms: Some(number as f64 * 0.812_345_671 + 20.0),
        direct_ms: Some(100.123_457),
        stretch: Some((number as f64 * 0.812_345_671 + 20.0) / 100.123_457),
    }
}

fn node(node: u32) -> NodeRecord {
    NodeRecord {
        node,
        id: u64::from(node) * 10,
        host: node,
        joined_s: -1.5,
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
    }
}
