//! How fast the parts are: wall-clock time, by criterion. `cargo bench --bench parts`.
//!
//! docs/performance.md says what is measured and how to read it.

mod common;

use std::hint::black_box;
use std::time::Duration;

use chordsim::engine::EventQueue;
use chordsim::results::csv::Line;
use chordsim::world::RingId;
use chordsim::world::Space;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};

use common::hold::{Heap, Hold, Queue};
use common::random::{Delays, Random};
use common::rings::{Messages, Ring};
use common::rows;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    queue(&mut criterion);
    space(&mut criterion);
    ring(&mut criterion);
    network(&mut criterion);
    csv(&mut criterion);
    criterion.final_summary();
}

/// The queue in the hold model, beside the heap of the standard library. An element is one event
/// taken and one scheduled.
fn queue(criterion: &mut Criterion) {
    for delays in Delays::ALL {
        let mut group = criterion.benchmark_group(format!("queue/{}", delays.name()));
        for pending in [1_000, 100_000, 1_000_000] {
            hold::<EventQueue<_>>(&mut group, "EventQueue", pending, delays);
            hold::<Heap>(&mut group, "BinaryHeap", pending, delays);
        }
    }
}

fn hold<Q: Queue>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    pending: u64,
    delays: Delays,
) {
    const TIMES: u64 = 10_000;
    group.throughput(Throughput::Elements(TIMES));
    // Filled only if the bench is not filtered out; goes on from sample to sample.
    let mut hold = None;
    group.bench_function(BenchmarkId::new(name, pending), |bencher| {
        let hold = hold.get_or_insert_with(|| Hold::<Q>::new(pending, delays));
        bencher.iter(|| hold.go_on(TIMES));
    });
}

/// Arithmetic on identifiers. An element is one call.
fn space(criterion: &mut Criterion) {
    const IDS: usize = 1024;
    let (space, mut random) = (Space::new(64), Random(4));
    let ids: Vec<_> = (0..IDS).map(|_| RingId(random.draw())).collect();
    let mut group = criterion.benchmark_group("space");
    group.throughput(Throughput::Elements(IDS as u64 - 2));
    let mut each = |name: &str, call: fn(Space, &[RingId]) -> u64| {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let triples = black_box(&ids[..]).windows(3);
                triples.fold(0_u64, |sum, ids| {
                    sum.wrapping_add(call(black_box(space), ids))
                })
            });
        });
    };
    each("distance", |space, ids| space.distance(ids[0], ids[1]));
    each("finger_start", |space, ids| {
        space.finger_start(ids[0], (ids[1].0 % 64) as u32).0
    });
    each("leading", |space, ids| space.leading(ids[0].0).0);
    each("between", |space, ids| {
        u64::from(space.between(ids[0], ids[1], ids[2]))
    });
    each("between_right_closed", |space, ids| {
        u64::from(space.between_right_closed(ids[0], ids[1], ids[2]))
    });
    each("between_left_closed", |space, ids| {
        u64::from(space.between_left_closed(ids[0], ids[1], ids[2]))
    });
}

/// Whole runs, set-up included. An element is one event.
fn ring(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ring");
    let mut run = |name: &str, scenario: &str| {
        let ring = Ring::new(scenario);
        group.throughput(Throughput::Elements(ring.events()));
        group.bench_function(name, |bencher| bencher.iter(|| ring.run()));
    };
    run(
        "1000 nodes at rest",
        r#"
            warmup = "0s"
            duration = "1m"
            overlay = { nodes = 1000 }
            network = { model = "plane" }
            workload = { lookups_per_s = 100 }
        "#,
    );
    run(
        "1000 nodes under churn",
        r#"
            warmup = "0s"
            duration = "1m"
            overlay = { nodes = 1000 }
            network = { model = "plane" }
            workload = { lookups_per_s = 100 }
            churn = { model = "poisson", graceful = 0.5, poisson = { joins_per_s = 2, leaves_per_s = 2 } }
        "#,
    );
}

/// The latency of one message between two of 512 hosts, by every model. An element is one message.
fn network(criterion: &mut Criterion) {
    let models = [
        ("constant", "model = 'constant'"),
        ("uniform", "model = 'uniform'"),
        ("exponential per pair", "model = 'exponential'"),
        (
            "exponential per message",
            "model = 'exponential'\nexponential.per = 'message'",
        ),
        ("plane", "model = 'plane'"),
        ("cube", "model = 'plane'\nplane.dimensions = 3"),
        ("transit-stub", "model = 'transit-stub'"),
        ("graph", "model = 'graph'\ngraph.file = 'graph'"),
        ("matrix", "model = 'matrix'\nmatrix.file = 'matrix'"),
    ];
    let mut group = criterion.benchmark_group("network");
    for (name, section) in models {
        let mut messages = Messages::new(section);
        group.throughput(Throughput::Elements(messages.count()));
        group.bench_function(name, |bencher| bencher.iter(|| messages.send()));
    }
}

/// Rows of `lookups.csv`, made in memory. An element is one row.
fn csv(criterion: &mut Criterion) {
    const ROWS: u64 = 10_000;
    let records = rows::lookups(ROWS);
    let mut line = Line::default();
    let mut group = criterion.benchmark_group("csv");
    group.throughput(Throughput::Elements(ROWS));
    group.bench_function("lookups", |bencher| {
        bencher.iter(|| rows::write(black_box(&records), &mut line));
    });
}
