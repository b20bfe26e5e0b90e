//! The examples do what they say, and the guides quote code that is compiled.

#[path = "../../examples/hops_sink.rs"]
mod hops_sink;
#[path = "../../examples/latency_model.rs"]
mod latency_model;
#[path = "../../examples/toy_overlay.rs"]
mod toy_overlay;

use std::fs;
use std::path::Path;

use chordsim::catalogue::Metric;
use chordsim::scenario::{Overrides, Plan};
use chordsim::sim::Watch;

use crate::common::{Run, chi_squared};

/// hops - 1 is binomial(10, 1/2), as the key's predecessor is equally likely to be at any distance; only a key of
/// the asking node itself takes 0 hops.
#[test]
fn the_sink_of_one_s_own_sees_a_binomial_distribution() {
    let hops_sink::Hops(hops) = hops_sink::hops().unwrap();
    let count = |hops_: u32| hops.get(&hops_).copied().unwrap_or(0) as f64;
    let all: f64 = (0..=11).map(count).sum();
    assert!(all > 30_000.0, "{all}");
    let mut choose = 1.0;
    let mut expected = Vec::new();
    for bits in 0..=10_u32 {
        expected.push(all * choose / 1024.0);
        choose *= f64::from(10 - bits) / f64::from(bits + 1);
    }
    // The one distance of 1023 steps to the predecessor leads to the node itself: it takes no hop.
    let own = expected[10];
    expected[10] = 0.0;
    let observed: Vec<f64> = (1..=11).map(count).collect();
    let (statistic, freedom) = chi_squared(
        &[&[count(0)], &observed[..10]].concat(),
        &[&[own], &expected[..10]].concat(),
    );
    assert!(
        statistic < freedom + 4.0 * (2.0 * freedom).sqrt(),
        "χ² {statistic}"
    );
}

/// Nodes are hashed and know nothing of the street: each message goes a third of it in the mean, 33.3 ms.
#[test]
fn the_latency_model_of_one_s_own_is_what_messages_take() {
    let summary = latency_model::run().unwrap();
    let get = |metric| summary.get(metric).unwrap();
    assert!((get(Metric::SuccessRate) - 1.0).abs() < f64::EPSILON);
    // Lookups without a hop take no time; the others hops + 1 messages.
    let messages = get(Metric::HopsMean) + (1.0 - 1.0 / 100.0);
    let mean = get(Metric::LatencyMsMean) / messages;
    // A ring of 100 has some 700 different pairs of a node and an entry of its tables, whose distances deviate by a
    // quarter of the street: four standard errors are 4 ms.
    assert!((mean - 100.0 / 3.0).abs() < 4.0, "{mean} ms a message");
}

/// Everybody knows everybody: a lookup takes one hop, or none if the asking node owns the key, which is so for one
/// of N. The answer comes unless the asking node goes within the moment it takes.
#[test]
fn the_toy_overlay_keeps_its_claims() {
    let file = Path::new("toy-overlay.toml");
    let plan = Plan::parse(toy_overlay::SCENARIO, file, &Overrides::default()).unwrap();
    for spec in plan.runs.iter().filter(|run| run.repetition == 0) {
        let mut run = Run::default();
        run.summary = toy_overlay::simulate(spec, &plan, &Watch::default(), &mut run).unwrap();
        let nodes = run.timeline.iter().map(|row| 1.0 / row.nodes as f64);
        let own = nodes.sum::<f64>() / run.timeline.len() as f64;
        let (lookups, hops) = (run.metric("lookups"), run.metric("hops_mean"));
        let error = (own * (1.0 - own) / lookups).sqrt();
        assert!(
            (hops - (1.0 - own)).abs() < 4.0 * error,
            "{hops} for {}",
            1.0 - own
        );
        // Nothing but the two messages of a lookup is ever sent, and nearly all are handled.
        let load = run.metric("load_mean") * run.nodes.len() as f64 / (2.0 * hops * lookups);
        assert!((0.97..1.001).contains(&load), "{load} of the messages");
        assert!(
            run.metric("success_rate") > 1.0 - 0.1 * own,
            "{}",
            run.metric("success_rate")
        );
        assert_eq!(
            run.metric("maintenance_messages").to_bits(),
            0.0_f64.to_bits()
        );
        assert!(
            run.timeline.iter().all(|row| row.ring_ok.is_none()),
            "it is no ring"
        );
    }
}

/// The code that a guide shows stands in a file that is compiled.
#[test]
fn guides_quote_code_that_is_compiled() {
    for (guide, sources) in [
        (
            "docs/adding-an-overlay.md",
            &["examples/toy_overlay.rs"][..],
        ),
        (
            "docs/adding-a-behaviour.md",
            &[
                "src/peers/conduct/drop_lookups.rs",
                "src/peers/conduct/mod.rs",
            ][..],
        ),
    ] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(root.join(guide)).unwrap();
        let code: String = sources
            .iter()
            .map(|source| fs::read_to_string(root.join(source)).unwrap())
            .collect();
        let quotes: Vec<&str> = text.split("```rust\n").skip(1).collect();
        assert!(!quotes.is_empty(), "{guide}");
        for quote in quotes {
            let quote = quote.split("```").next().unwrap();
            assert!(
                code.contains(quote),
                "{guide} quotes what is not there:\n{quote}"
            );
        }
    }
}
