//! A node that does not acknowledge a message may be dead, or the message may be lost. V16: nobody claims a key
//! that is not its own because a packet was lost.

#![expect(clippy::float_cmp, reason = "counts are whole numbers, and exact")]

use crate::common::{Run, run_one};

/// Static rings, no maintenance, constant latency.
fn static_ring(overlay: &str, chord: &str, network: &str, rest: &str) -> Run {
    run_one(&format!(
        r#"
warmup = "0s"
duration = "2h"
sample = "2h"
[overlay]
{overlay}
[chord]
stabilize_every = "off"
fix_fingers_every = "off"
check_predecessor_every = "off"
{chord}
[network]
model = "constant"
constant = {{ latency = "10ms" }}
{network}
[workload]
{rest}
"#
    ))
}

const TWO_NODES: &str = "nodes = 2\nids = \"even\"\nid_bits = 16";
const LOOKUPS: u32 = 20 * 7200;

/// The measured share of lookups answered rightly is within four standard errors of `expected`, and no other is
/// answered at all.
fn assert_success(run: &Run, expected: f64, what: &str) {
    let lookups = run.metric("lookups");
    assert!((lookups / f64::from(LOOKUPS) - 1.0).abs() < 0.02);
    let error = (expected * (1.0 - expected) / lookups).sqrt();
    let measured = run.metric("success_rate");
    assert!(
        (measured - expected).abs() < 4.0 * error,
        "{what}: {measured}, not {expected} ± {error}"
    );
    assert_eq!(run.metric("wrong"), 0.0, "{what}");
}

/// Half of the keys are the asking node's own. For the others a message goes there and one comes back, and
/// there is nobody else to ask: (1 + (1 - p)²) / 2.
#[test]
fn of_two_nodes_each_answers_for_its_own_keys_only() {
    for lookup in ["recursive", "iterative"] {
        let chord = format!("lookup = \"{lookup}\"");
        let run = static_ring(TWO_NODES, &chord, "loss = 0.1", "lookups_per_s = 20.0");
        assert_success(&run, f64::midpoint(1.0, 0.9_f64.powi(2)), lookup);
    }
}

/// With one retry. Iterative: question and answer get through with s = (1 - p)², else once more: 1 - (1 - s)².
/// Recursive: the lookup is made again if its acknowledgement is missing, and each copy that arrives is answered.
/// The first succeeds with s. If the answer was lost and the acknowledgement too, (1 - p)·p·p, or if the lookup
/// was lost, p, another follows.
#[test]
fn a_call_made_again_gets_through_as_often_as_reckoned() {
    let p: f64 = 0.1;
    let once = (1.0 - p).powi(2);
    let recursive = once + ((1.0 - p) * p * p + p) * once;
    let iterative = 1.0 - (1.0 - once).powi(2);
    for (lookup, expected) in [("recursive", recursive), ("iterative", iterative)] {
        let chord = format!("lookup = \"{lookup}\"\nrpc_retries = 1");
        let run = static_ring(TWO_NODES, &chord, "loss = 0.1", "lookups_per_s = 20.0");
        assert_success(&run, f64::midpoint(1.0, expected), lookup);
    }
}

/// Whatever the ring: a lost packet makes an answer come late or not at all, and never wrong.
#[test]
fn a_lost_packet_never_makes_an_answer_wrong() {
    for lookup in ["recursive", "iterative"] {
        for (nodes, successors, routing) in [
            (2, 4, "fingers"),
            (3, 1, "fingers"),
            (5, 16, "fingers"),
            (40, 1, "fingers"),
            (40, 16, "fingers"),
            (40, 4, "successors"),
            (300, 8, "fingers"),
        ] {
            let overlay = format!("nodes = {nodes}");
            for (loss, retries) in [(0.05, 0), (0.3, 0), (0.3, 2)] {
                let chord = format!(
                    "lookup = \"{lookup}\"\nsuccessors = {successors}\nrouting = \"{routing}\"\n\
                     rpc_retries = {retries}"
                );
                let network = format!("loss = {loss}");
                let run = static_ring(&overlay, &chord, &network, "lookups_per_s = 2.0");
                let what = format!("{lookup}, {nodes} nodes, {chord}, loss {loss}");
                assert_eq!(run.metric("wrong"), 0.0, "{what}");
                assert!(run.metric("ok") > 1000.0, "{what}");
            }
        }
    }
}

/// Two nodes, of which one crashes. Nobody maintains anything, but nothing is lost either: the other one takes
/// silence for death and answers all lookups.
#[test]
fn the_last_of_two_nodes_answers_for_all_keys() {
    for lookup in ["recursive", "iterative"] {
        let chord = format!("lookup = \"{lookup}\"");
        let rest = "lookups_per_s = 1.0\n[[fault]]\nat = \"0s\"\nkill = 0.5";
        let run = static_ring(TWO_NODES, &chord, "", rest);
        assert_eq!(run.metric("crashes"), 1.0);
        assert_eq!(run.metric("ok"), run.metric("lookups"), "{lookup}");
    }
}

/// The same on larger rings: the heirs of the dead answer, whoever asks.
#[test]
fn heirs_answer_for_the_dead_in_both_modes() {
    for lookup in ["recursive", "iterative"] {
        for (nodes, successors) in [(3, 3), (10, 10), (100, 20)] {
            let chord = format!("lookup = \"{lookup}\"\nsuccessors = {successors}");
            let overlay = format!("nodes = {nodes}");
            let rest = "lookups_per_s = 1.0\n[[fault]]\nat = \"0s\"\nkill = 0.4";
            let run = static_ring(&overlay, &chord, "", rest);
            assert_eq!(run.metric("ok"), run.metric("lookups"), "{lookup}, {nodes}");
        }
    }
}

/// The table in docs/chord.md comes from these runs.
#[test]
fn what_loss_does_to_a_maintained_ring_is_documented() {
    let docs = std::fs::read_to_string("docs/chord.md").unwrap();
    for retries in 0..3 {
        let run = run_one(&format!(
            "overlay.nodes = 100\noverlay.rpc_retries = {retries}\nnetwork.loss = 0.1\n\
             workload.lookups_per_s = 5"
        ));
        let share = |name| 100.0 * run.metric(name) / run.metric("lookups");
        let [right, wrong, failed] = ["ok", "wrong", "failed"].map(share);
        let row = format!("| {retries} | {right:.2} % | {wrong:.2} % | {failed:.2} % |");
        assert!(docs.contains(&row), "docs/chord.md should say {row}");
    }
}
