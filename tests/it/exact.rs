//! Numbers that follow from the definitions: a deviation is a bug. Those that were published, and more
//! of these, are expectations of `scenarios/paper/`; see `validation.rs`.

use std::fs;
use std::path::Path;

use chordsim::catalogue::Metric;
use chordsim::scenario::{Overrides, Plan};

use crate::common::{asker, chi_squared, mean_and_error, run, run_one};
use statrs::distribution::{ChiSquared, ContinuousCDF as _};

/// A ring on which nothing moves: what a lookup does follows from the tables alone.
fn static_ring(nodes: u32, rest: &str) -> String {
    format!(
        r#"
warmup = "0s"
duration = "1000s"
sample = "1000s"
[overlay]
nodes = {nodes}
[chord]
stabilize_every = "off"
fix_fingers_every = "off"
check_predecessor_every = "off"
lookup_timeout = "1h"
[workload]
keys = 1000000
{rest}
"#
    )
}

fn assert_chi_squared(observed: &[f64], expected: &[f64], what: &str) {
    let (statistic, freedom) = chi_squared(observed, expected);
    let p = 1.0 - ChiSquared::new(freedom).unwrap().cdf(statistic);
    assert!(
        p > 1e-4,
        "{what}: χ² = {statistic} with {freedom} degrees of freedom, p = {p}"
    );
}

fn counts(values: impl Iterator<Item = u32>, cells: usize) -> Vec<f64> {
    let mut counts = vec![0.0; cells];
    values.for_each(|value| counts[value as usize] += 1.0);
    counts
}

/// V1: from successor to successor every rank is as likely as any other.
#[test]
fn successor_only_lookups_take_half_the_ring_on_average() {
    for nodes in [100, 1000] {
        let scenario = static_ring(nodes, "lookups_per_s = 10.0");
        let run = run_one(&scenario.replace("[chord]", "[chord]\nrouting = \"successors\""));
        let hops: Vec<f64> = run.hops().map(f64::from).collect();
        assert!(hops.len() > 9000 && run.metric("failed") + run.metric("wrong") == 0.0);
        let (mean, error) = mean_and_error(&hops);
        let expected = f64::from(nodes - 1) / 2.0;
        assert!(
            (mean - expected).abs() < 4.0 * error,
            "{mean} ± {error} against {expected}"
        );
        let share = hops.len() as f64 / f64::from(nodes);
        let uniform = vec![share; nodes as usize];
        assert_chi_squared(
            &counts(run.hops(), nodes as usize),
            &uniform,
            "uniform hops",
        );
    }
}

/// V2: on an even ring of 2^k nodes the way to the key's predecessor has as many steps as the
/// distance in ranks has 1 bits: binomial(k, ½) over all distances. Asking for one's own keys needs no
/// way; that is the distance N − 1, with k bits.
#[test]
fn on_an_even_ring_each_bit_of_the_distance_is_one_step() {
    let k = 10_u32;
    let nodes = 1_u32 << k;
    let scenario = static_ring(nodes, "lookups_per_s = 20.0")
        .replace("[overlay]", "[overlay]\nids = \"even\"")
        .replace("[chord]", "[chord]\nsuccessors = 1");
    let run = run_one(&scenario);
    let gap_bits = 64 - k;
    let mut steps = Vec::new();
    for lookup in run.lookups.iter().filter(|lookup| lookup.hops != Some(0)) {
        // The predecessor is the last node strictly before the key.
        let predecessor = lookup.key.wrapping_sub(1) >> gap_bits;
        let distance = predecessor.wrapping_sub(asker(lookup) >> gap_bits) % u64::from(nodes);
        let taken = lookup.hops.expect("answered") - 1;
        assert_eq!(taken, distance.count_ones(), "lookup {}", lookup.lookup);
        steps.push(taken);
    }
    let n = steps.len() as f64;
    assert!(n > 19_000.0);
    // Of the 2^k distances the one with k bits is the asking node's own, which does not count.
    let binomial = |j: u32| (0..j).fold(1.0, |c, i| c * f64::from(k - i) / f64::from(i + 1));
    let expected: Vec<f64> = (0..k)
        .map(|j| n * binomial(j) / (f64::from(nodes) - 1.0))
        .collect();
    assert_chi_squared(
        &counts(steps.into_iter(), k as usize),
        &expected,
        "binomial steps",
    );
}

/// The lecture's ring: 7 bits, nodes 32, 98 and 124.
#[test]
fn the_lecture_s_ring() {
    let scenario = static_ring(3, "lookups_per_s = 10.0")
        .replace("nodes = 3", "id_bits = 7\nids = [32, 98, 124]")
        .replace(
            "[chord]",
            "[chord]\nrouting = \"successors\"\nsuccessors = 1",
        );
    let run = run_one(&scenario);
    let owner = |key: u64| match key {
        33..=98 => 98,
        99..=124 => 124,
        _ => 32,
    };
    let place = |id: u64| [32, 98, 124].iter().position(|node| *node == id).unwrap();
    let mut asked_for_alice = 0;
    for lookup in &run.lookups {
        let expected = owner(lookup.key);
        assert_eq!(lookup.answer_id, Some(expected), "key {}", lookup.key);
        let ranks = (place(expected) + 3 - place(asker(lookup))) % 3;
        assert_eq!(
            lookup.hops,
            Some(ranks as u32),
            "key {} from {}",
            lookup.key,
            asker(lookup)
        );
        // "alice", whose hash the lecture gives as 120: 32 → 98 → 124.
        if (asker(lookup), lookup.key) == (32, 120) {
            assert_eq!((lookup.answer_id, lookup.hops), (Some(124), Some(2)));
            asked_for_alice += 1;
        }
    }
    assert!(
        asked_for_alice > 0,
        "10 000 lookups hit every key from every node"
    );
}

/// The scenario that ships has the first seed from 1 whose mean hops lie within a standard error of what is expected.
#[test]
fn the_lecture_s_scenario_is_a_typical_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/lecture.toml");
    let text = fs::read_to_string(&file).unwrap();
    let plan_of = |seed| {
        let seed = Some(seed);
        Plan::parse(
            &text,
            &file,
            &Overrides {
                seed,
                ..Overrides::default()
            },
        )
        .unwrap()
    };
    let is_typical = |seed: &u64| {
        plan_of(*seed).runs.iter().all(|spec| {
            let run = run(spec);
            let expected = run
                .summary
                .expected
                .iter()
                .find(|it| it.metric == Metric::HopsMean);
            let expected = expected.expect("the ring is at rest");
            assert!(
                (expected.mean - 1.0).abs() < 1e-9,
                "0, 1 and 2 are as likely as each other"
            );
            (run.metric("hops_mean") - 1.0).abs() <= expected.standard_error
        })
    };
    let first = (1..1000).find(is_typical);
    let own = Plan::parse(&text, &file, &Overrides::default())
        .unwrap()
        .seed;
    assert_eq!(first, Some(own));
    assert!(!is_typical(&7), "the one of which the comment says so");
}

/// With direct answers on a network of constant delay d: recursive (hops + 1)·d, iterative 2·hops·d.
#[test]
fn latency_of_static_lookups_follows_from_their_hops() {
    for (mode, latency) in [
        ("recursive", (|hops| 50.0 * (hops + 1.0)) as fn(f64) -> f64),
        ("iterative", |hops| 100.0 * hops),
    ] {
        let scenario = static_ring(200, "lookups_per_s = 5.0")
            .replace("[chord]", &format!("[chord]\nlookup = \"{mode}\""));
        let run = run_one(&scenario);
        assert!(run.lookups.len() > 4000);
        for lookup in &run.lookups {
            let hops = f64::from(lookup.hops.expect("answered"));
            let expected = if hops == 0.0 { 0.0 } else { latency(hops) };
            let measured = lookup.latency_ms.expect("answered");
            assert!(
                (measured - expected).abs() < 1e-6,
                "{mode}: {hops} hops in {measured} ms"
            );
        }
    }
}

/// Recursive and iterative lookups go the same way on a ring at rest.
#[test]
fn both_kinds_of_lookup_take_the_same_hops() {
    let scenario = static_ring(300, "lookups_per_s = 2.0");
    let hops = |mode: &str| {
        let mode = format!("[chord]\nlookup = \"{mode}\"");
        run_one(&scenario.replace("[chord]", &mode))
            .hops()
            .collect::<Vec<_>>()
    };
    assert_eq!(hops("recursive"), hops("iterative"));
}

/// Every peer the same keys, sources and moments, whatever the routing.
#[test]
fn variants_of_one_seed_see_the_same_lookups() {
    let scenario = static_ring(
        50,
        "lookups_per_s = 2.0\n[sweep]\n\"chord.routing\" = [\"successors\", \"fingers\"]",
    );
    let plan = crate::common::plan(&scenario);
    let [a, b] = [run(&plan.runs[0]), run(&plan.runs[1])];
    assert_eq!(a.lookups.len(), b.lookups.len());
    for (a, b) in a.lookups.iter().zip(&b.lookups) {
        assert_eq!((a.time_s, a.source, a.key), (b.time_s, b.source, b.key));
        assert_eq!(a.answer_id, b.answer_id);
    }
}
