//! Reciprocity: what is served to whom can be counted by hand, or from the rows of the gets alone.

#![expect(clippy::float_cmp, reason = "counts, and exact")]

use std::collections::BTreeMap;

use crate::common::{Run, mean_and_error, run_all, run_one};
use chordsim::catalogue::{OperationOutcome, OperationRecord, Reason};

/// A ring at rest on which every value is kept by its owner alone.
const ALONE: &str = "\
warmup = \"0s\"
sample = \"100s\"
network.constant.latency = \"1ms\"
storage = { replicas = 1, repair_every = \"off\", preload = true }
[chord]
stabilize_every = \"off\"
fix_fingers_every = \"off\"
check_predecessor_every = \"off\"
";

/// The node that owns a key.
fn owner(run: &Run, key: u64) -> u64 {
    let ids = || run.nodes.iter().map(|node| node.id);
    let behind = ids().filter(|id| *id >= key).min();
    behind.or_else(|| ids().min()).expect("there are nodes")
}

fn is_selfish(run: &Run, id: u64) -> bool {
    run.nodes.iter().any(|node| node.id == id && node.selfish)
}

fn found(row: &OperationRecord) -> bool {
    row.outcome == OperationOutcome::Found
}

/// Two nodes. Node 100 serves node 10 twice for nothing, and once more for what node 10 has kept for it.
#[test]
fn the_allowance_is_served_and_then_what_was_done_in_return() {
    let mut text = format!(
        "duration = \"100s\"\n{ALONE}[overlay]\nnodes = 2\nid_bits = 7\nids = [10, 100]\n\
         [workload]\nlookups_per_s = 0\nkeys = 1\n\
         [selfish]\ndefence = \"reciprocity\"\nreciprocity_allowance = 2\n"
    );
    let put =
        |key: u32, from: u32| format!("put = {{ key = {key}, value = \"x\", from = {from} }}");
    let get = |key: u32, from: u32| format!("get = {{ key = {key}, from = {from} }}");
    let deeds = [
        (put(50, 10), OperationOutcome::Stored),
        (get(50, 10), OperationOutcome::Found),
        (get(50, 10), OperationOutcome::Failed),
        (put(50, 10), OperationOutcome::Failed),
        // What one keeps for itself is nobody's debt.
        (put(60, 100), OperationOutcome::Stored),
        (get(60, 10), OperationOutcome::Failed),
        (put(5, 100), OperationOutcome::Stored),
        (get(50, 10), OperationOutcome::Found),
        (get(50, 10), OperationOutcome::Failed),
        // Node 10 has done one thing for node 100, and that one three for it.
        (get(5, 100), OperationOutcome::Found),
        (get(5, 100), OperationOutcome::Found),
        (get(5, 100), OperationOutcome::Found),
        (get(5, 100), OperationOutcome::Found),
        (get(5, 100), OperationOutcome::Failed),
    ];
    for (at, (deed, _)) in (1..).zip(&deeds) {
        let event = format!("[[event]]\nat = \"{}s\"\n{deed}\n", 5 * at);
        text.push_str(&event);
    }
    let run = run_one(&text);
    let outcomes: Vec<_> = run.operations.iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes, deeds.clone().map(|(_, outcome)| outcome));
    let failed = |row: &&OperationRecord| row.outcome == OperationOutcome::Failed;
    let mut failed = run.operations.iter().filter(failed);
    assert!(failed.all(|row| row.reason == Some(Reason::NoQuorum)));
    let declined = (
        run.metric("declined_honest"),
        run.metric("declined_selfish"),
    );
    assert_eq!(declined, (5.0, 0.0));
}

/// The rule again, written down from the rows of the gets alone, in their order: a value is there after 6 ms, and two peers
/// want something of each other every two minutes.
#[test]
fn every_get_is_served_or_not_as_the_balances_of_the_two_say() {
    let (allowance, ratio) = (2, 1.5);
    let world = |rest: &str| {
        format!(
            "seed = 5\nduration = \"3000s\"\n{ALONE}[overlay]\nnodes = 16\nid_bits = 16\nids = \"even\"\nrpc_timeout = \"20ms\"\n\
             [workload]\nlookups_per_s = 0\ngets_per_s = 1\nkeys = 300\n\
             [selfish]\nfraction = 0.25\nbehaviour = \"refuse-serving\"\n{rest}"
        )
    };
    let run = run_one(&world(&format!(
        "defence = \"reciprocity\"\nreciprocity_allowance = {allowance}\nreciprocity_ratio = {ratio}\n"
    )));
    // By (who serves, whom): how often.
    let mut served: BTreeMap<(u64, u64), u32> = BTreeMap::new();
    let mut declined = [0.0, 0.0];
    for row in &run.operations {
        let (asker, owner) = (row.source_id.unwrap(), owner(&run, row.key));
        let of = |pair| served.get(&pair).copied().unwrap_or(0);
        let limit = f64::from(allowance) + ratio * f64::from(of((asker, owner)));
        let balance_allows = f64::from(of((owner, asker))) < limit;
        let expected = asker == owner || balance_allows && !is_selfish(&run, owner);
        assert_eq!(found(row), expected, "{row:?}");
        if expected && asker != owner {
            *served.entry((owner, asker)).or_default() += 1;
        } else if !expected && !is_selfish(&run, owner) {
            declined[usize::from(is_selfish(&run, asker))] += 1.0;
        }
    }
    let measured = [
        run.metric("declined_honest"),
        run.metric("declined_selfish"),
    ];
    assert_eq!(measured, declined);
    assert!(declined[1] > 300.0, "{declined:?}");
    // A free rider has had two values of each honest peer, and no more.
    let honest = |id: u64| !is_selfish(&run, id);
    let to_riders = served.iter().filter(|((_, to), _)| !honest(*to));
    let to_riders: Vec<u32> = to_riders.map(|(_, count)| *count).collect();
    assert_eq!(to_riders, [2; 4 * 12], "each rider by each honest peer");

    let without = run_one(&world(""));
    assert_same_world(&run, &without);
    let missed = without.operations.iter().filter(|row| !found(row));
    assert!(
        missed
            .into_iter()
            .all(|row| is_selfish(&without, owner(&without, row.key)))
    );
}

/// Who is there, who is selfish, who asks when and for what: no defence changes that.
fn assert_same_world(a: &Run, b: &Run) {
    assert_eq!(a.operations.len(), b.operations.len());
    for (a, b) in a.operations.iter().zip(&b.operations) {
        let asked = |row: &OperationRecord| (row.time_s.to_bits(), row.source, row.key, row.kind);
        assert_eq!(asked(a), asked(b));
    }
    let peers = |run: &Run| {
        let nodes = run.nodes.iter();
        let of = nodes.map(|node| (node.id, node.selfish, node.left_s.map(f64::to_bits)));
        of.collect::<Vec<_>>()
    };
    assert_eq!(peers(a), peers(b));
}

/// Two honest peers ask each other in turns that chance decides: what one has done more for the other walks at random
/// between -a and a, and a request that would lead beyond is declined. All 2a + 1 places are equally likely in the long run,
/// and at each end every second request leads beyond: 1 of 2a + 1 is declined. Peers own different shares of the keys, p
/// and q; then the places are visited in proportion to the powers of p/q.
#[test]
fn among_the_honest_one_of_two_allowances_and_one_more_is_declined() {
    for allowance in [1_u32, 2, 5] {
        let text = format!(
            "seed = 8\nrepeat = 12\nduration = \"2000s\"\n{ALONE}[overlay]\nnodes = 2\nid_bits = 16\nids = \"even\"\n\
             rpc_timeout = \"20ms\"\n[workload]\nlookups_per_s = 0\ngets_per_s = 5\nkeys = 5000\n\
             [selfish]\ndefence = \"reciprocity\"\nreciprocity_allowance = {allowance}\n"
        );
        let runs = run_all(&text);
        let differences = runs.iter().map(|run| {
            let asks_another =
                |row: &&OperationRecord| owner(run, row.key) != row.source_id.unwrap();
            let asked = run.operations.iter().filter(asks_another).count() as f64;
            let keys: Vec<f64> = run
                .nodes
                .iter()
                .map(|node| node.keys.unwrap() as f64)
                .collect();
            let (p, q) = (keys[0] / (keys[0] + keys[1]), keys[1] / (keys[0] + keys[1]));
            let ends = i32::try_from(allowance).unwrap();
            let visits: Vec<f64> = (-ends..=ends).map(|place| (p / q).powi(place)).collect();
            let beyond = q * visits[0] + p * visits[visits.len() - 1];
            let expected = beyond / visits.iter().sum::<f64>();
            assert!((expected - 1.0 / f64::from(2 * allowance + 1)).abs() < 0.02);
            run.metric("declined_honest") / asked - expected
        });
        let (mean, error) = mean_and_error(&differences.collect::<Vec<_>>());
        println!("allowance {allowance}: {mean} ± {error} from what it must be");
        assert!(
            error < 0.01 && mean.abs() < 4.0 * error,
            "{allowance}: {mean} ± {error}"
        );
    }
}

/// As long as nobody is owed more than the allowance, everything is as if there were no such defence.
#[test]
fn within_the_allowance_nothing_is_declined() {
    let world = |defence: &str| {
        run_one(&format!(
            "seed = 3\nduration = \"300s\"\nsample = \"300s\"\nwarmup = \"0s\"\noverlay.nodes = 20\n\
             storage = {{ replicas = 3, preload = true, read_quorum = 2, write_quorum = 2 }}\n\
             churn = {{ model = \"poisson\", poisson = {{ joins_per_s = 0.02, leaves_per_s = 0.02 }} }}\n\
             workload = {{ lookups_per_s = 1, gets_per_s = 5, puts_per_s = 2, keys = 200 }}\n[selfish]\n{defence}"
        ))
    };
    let none = world("");
    let generous = world("defence = \"reciprocity\"\nreciprocity_allowance = 1000000");
    assert_eq!(none.operations, generous.operations);
    assert_eq!(none.lookups, generous.lookups);
    assert_eq!(
        generous.metric("declined_honest").to_bits(),
        0.0_f64.to_bits()
    );
    // And beyond it: what is declined is all that differs from the start.
    let strict = world("defence = \"reciprocity\"\nreciprocity_allowance = 1");
    assert_same_world(&none, &strict);
    assert!(strict.metric("declined_honest") > 100.0);
    assert!(strict.metric("get_success_rate") < none.metric("get_success_rate"));
}
