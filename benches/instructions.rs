//! How many instructions the parts take: counted by callgrind, by way of gungraun, so that the
//! number is the same on a busy machine as on an idle one. `benches/instructions.sh` counts them and
//! compares them with `benches/instructions.toml`.

#![allow(
    missing_docs,
    reason = "gungraun's macros make public items that have no documentation"
)]

mod common;

use std::hint::black_box;

use chordsim::catalogue::{LookupRecord, RunSummary};
use chordsim::engine::{EventQueue, SimDuration, SimTime};
use chordsim::results::csv::Line;
use gungraun::{
    Callgrind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main,
};

use common::hold::{Event, Hold};
use common::random::Delays;
use common::rings::{Messages, Ring};
use common::rows;

/// Enough that the mixed delays reach two windows of the queue's far events.
const HOLDS: u64 = 200_000;

fn held(delays: Delays) -> Hold<EventQueue<Event>> {
    Hold::new(10_000, delays)
}

#[library_benchmark(setup = held)]
#[bench::short(Delays::Short)]
#[bench::mixed(Delays::Mixed)]
fn hold(mut hold: Hold<EventQueue<Event>>) -> SimTime {
    hold.go_on(black_box(HOLDS))
}

const AT_REST: &str = r#"
    warmup = "0s"
    duration = "30s"
    overlay = { nodes = 256 }
    network = { model = "plane" }
    workload = { lookups_per_s = 50 }
"#;

const ITERATIVE: &str = r#"
    warmup = "0s"
    duration = "30s"
    overlay = { nodes = 256 }
    network = { model = "plane" }
    chord = { lookup = "iterative" }
    workload = { lookups_per_s = 50 }
"#;

const CHURN: &str = r#"
    warmup = "10s"
    duration = "1m"
    overlay = { nodes = 256 }
    network = { model = "plane" }
    churn = { model = "poisson", graceful = 0.5, poisson = { joins_per_s = 1, leaves_per_s = 1 } }
    workload = { lookups_per_s = 20 }
"#;

const STORAGE: &str = r#"
    warmup = "0s"
    duration = "30s"
    overlay = { nodes = 256 }
    network = { model = "plane" }
    churn = { model = "poisson", graceful = 0.5, poisson = { joins_per_s = 1, leaves_per_s = 1 } }
    workload = { lookups_per_s = 5, puts_per_s = 10, gets_per_s = 10, keys = 5000 }
    storage = { replicas = 3, write_quorum = 2, read_quorum = 2, preload = true, repair_every = "10s" }
"#;

#[library_benchmark(setup = Ring::new)]
#[bench::at_rest(AT_REST)]
#[bench::iterative(ITERATIVE)]
#[bench::churn(CHURN)]
#[bench::storage(STORAGE)]
fn ring(ring: Ring) -> RunSummary {
    black_box(ring).run()
}

#[library_benchmark(setup = Messages::new)]
#[bench::plane("model = 'plane'")]
fn latency(mut messages: Messages) -> SimDuration {
    for _ in 0..9 {
        messages.send();
    }
    messages.send()
}

fn some_rows(count: u64) -> (Vec<LookupRecord>, Line) {
    (rows::lookups(count), Line::default())
}

#[library_benchmark(setup = some_rows)]
#[bench::lookups(10_000)]
fn csv((records, mut line): (Vec<LookupRecord>, Line)) -> usize {
    rows::write(black_box(&records), &mut line)
}

library_benchmark_group!(name = parts, benchmarks = [hold, ring, latency, csv]);

/// The C library copies and fills memory with the widest registers that the processor has, so the
/// count would depend on the machine. Without these it does so with those that every x86-64 has.
const NARROW: &str =
    "glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-AVX_Fast_Unaligned_Load,-ERMS,-FSRM";

main!(
    config = LibraryBenchmarkConfig::default()
        .env("GLIBC_TUNABLES", NARROW)
        .tool(Callgrind::with_args(["--cache-sim=no"])),
    library_benchmark_groups = parts
);
