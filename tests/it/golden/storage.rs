//! What can be said on paper of the scenarios about values and who keeps them.

use super::{Shipped, assert_within, shipped};
use crate::common::Run;

fn alive_share(shipped: &Shipped, replicas: &str, repair_every: &str) -> f64 {
    let run = shipped.run(&[replicas, repair_every]);
    let values = shipped.plan.runs[0].scenario.workload.keys;
    run.metric("values_alive") / f64::from(values)
}

/// Without repair a value is there after t with the probability 1 - (1 - e^(-t / 1 h))^k, give or take what 300 nodes are: one
/// copy has a standard deviation of √(2 s (1 - s) / 300), 4 % of all values. In one and the same world more copies are never
/// fewer values, nor is repair.
#[test]
fn durability_as_on_paper() {
    let durability = shipped("durability");
    let hours = durability.plan.runs[0].scenario.duration.as_secs_f64() / 3600.0;
    let mut fewer = [0.0; 2];
    for (replicas, copies) in [("1", 1), ("3", 3), ("5", 5)] {
        let [off, on] = ["off", "10m"].map(|every| alive_share(durability, replicas, every));
        let expected = 1.0 - (1.0 - (-hours).exp()).powi(copies);
        assert_within(off, expected, 0.16, replicas);
        assert!(off > fewer[0] && on > fewer[1], "{replicas}: {off}, {on}");
        assert!(copies == 1 || on > off, "{replicas}: {off}, {on}");
        fewer = [off, on];
    }
    // (1 - e^(-1 / 6))^5 = 1 in 12 000 within ten minutes, and the copies of a value go by 300 nodes, not by themselves.
    assert_within(fewer[1], 1.0, 0.0, "five copies, repaired");
}

/// A get finds its value unless all k keepers of it are selfish: 1 - C(S, k) / C(N, k), S of N being so. Of one
/// ring it is more or less: arcs of k nodes overlap, so that it is like N / k draws of arcs as unequal as exponential ones, and
/// 1500 gets are drawn from that. Whoever is selfish at one share is so at any larger one.
#[test]
fn free_riding_as_on_paper() {
    let free_riding = shipped("free-riding");
    let nodes = 1000.0;
    for (replicas, copies) in [("1", 1), ("3", 3), ("8", 8)] {
        let mut more = 1.0;
        for fraction in [
            "0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9",
        ] {
            let selfish = nodes * fraction.parse::<f64>().unwrap();
            let all_selfish: f64 = (0..copies)
                .map(|i| (selfish - f64::from(i)).max(0.0) / (nodes - f64::from(i)))
                .product();
            let run = free_riding.run(&[fraction, replicas]);
            let found = run.metric("get_success_rate");
            let variance = all_selfish * (1.0 - all_selfish);
            let draws = 1.0 / (2.0 * f64::from(copies) / nodes + 1.0 / 1500.0);
            let tolerance = 4.0 * (variance / draws).sqrt();
            assert_within(found, 1.0 - all_selfish, tolerance, fraction);
            assert!(found <= more, "{fraction}, {replicas}: {found}");
            more = found;
        }
    }
}

/// A get of R copies has one among them that every put of W copies has reached, if R + W > 3. More copies take longer, and
/// are less sure: all three answer if none of six messages is lost.
#[test]
fn replication_as_on_paper() {
    let replication = shipped("replication");
    let run = |write: u32, read: u32| -> &Run {
        replication.run(&[&write.to_string(), &read.to_string()])
    };
    for (write, read) in [1, 2, 3]
        .into_iter()
        .flat_map(|w| [1, 2, 3].map(|r| (w, r)))
    {
        let stale = run(write, read).metric("stale_rate");
        if read + write > 3 {
            assert_within(stale, 0.0, 0.0, "stale");
        } else if read == 1 {
            assert!(stale > 0.0, "{write}, {read}");
        }
    }
    let puts = [1, 2, 3].map(|write| run(write, 1).metric("put_success_rate"));
    let waits = [1, 2, 3].map(|read| run(1, read).metric("get_quorum_ms_mean"));
    assert!(puts.is_sorted_by(|more, less| more > less), "{puts:?}");
    assert!(waits.is_sorted_by(|less, more| less < more), "{waits:?}");
    // Of those whose owner was found, which nearly all are of which any copy answers.
    assert_within(puts[2] / puts[0], 0.95_f64.powi(6), 0.05, "all three");
}

/// Keys of a peer are beta-binomial(K; v, v (N - 1)) distributed; v times the nodes are ½ log2 v hops more.
#[test]
fn virtual_nodes_as_on_paper() {
    let nodes = shipped("virtual-nodes");
    let scenario = &nodes.plan.runs[0].scenario;
    let (peers, keys) = (
        f64::from(scenario.overlay.nodes),
        f64::from(scenario.workload.keys),
    );
    for positions in [1.0, 2.0, 5.0, 10.0, 20.0] {
        let run = nodes.run(&[&f64::to_string(&positions)]);
        let (share, all) = (1.0 / peers, positions * peers);
        let variance = keys * share * (1.0 - share) * (all + keys) / (all + 1.0);
        let sd = variance.sqrt();
        // Of 1000 exponential lengths the standard deviation is right to 4.5 %.
        assert_within(run.metric("keys_sd"), sd, 0.18 * sd, "standard deviation");
        let hops = all.log2() / 2.0 - 16_f64.log2() / 2.0 + 1.0;
        assert_within(run.metric("hops_mean"), hops, 0.15, "hops");
    }
}

/// 180 of ten thousand nodes crash in a minute: that three neighbours are among them is a case of one in 17 (10^4 · .018^3).
#[test]
fn a_bench_of_storage_loses_nothing() {
    let run = &shipped("storage-1e6").runs[0];
    assert_within(run.metric("values_alive"), 20_000.0, 0.0, "values alive");
    // Those who asked may have gone.
    assert!(run.metric("put_success_rate") > 0.99 && run.metric("get_success_rate") > 0.99);
    assert_within(run.metric("stale_rate"), 0.0, 0.0, "stale reads");
}
