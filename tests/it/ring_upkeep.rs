//! The ring under joins, departures, crashes and loss.

use crate::common::run_one;

/// 1000 nodes join through one well-known node within ten simulated minutes. Messages alone make of
/// them one correct ring with correct fingers.
#[test]
fn a_thousand_nodes_join_into_one_correct_ring() {
    let run = run_one(
        r#"
warmup = "0s"
duration = "30m"
sample = "1m"
[overlay]
nodes = 1000
start = "join"
join_window = "10m"
[network]
model = "transit-stub"
[workload]
lookups_per_s = 5.0
"#,
    );
    let last = run.timeline.last().expect("a row a minute");
    assert_eq!((last.nodes, last.joining), (1000, 0));
    assert_eq!(last.ring_ok, Some(true));
    assert_eq!(
        (last.wrong_successors, last.wrong_fingers),
        (Some(0.0), Some(0.0))
    );
    let late: Vec<_> = run
        .lookups
        .iter()
        .filter(|lookup| lookup.time_s > 1200.0)
        .collect();
    assert!(late.len() > 2000 && late.iter().all(|lookup| lookup.outcome.name() == "ok"));
}

/// The protocols before the proved one take newcomers who come one by one, and end in the same ring.
#[test]
fn the_older_protocols_take_newcomers_one_by_one() {
    for maintenance in ["ton2003", "chord2001"] {
        let run = run_one(&format!(
            r#"
warmup = "0s"
duration = "90m"
sample = "1m"
[overlay]
nodes = 60
start = "join"
join_window = "1h"
[chord]
maintenance = "{maintenance}"
[workload]
lookups_per_s = 1.0
"#
        ));
        let last = run.timeline.last().expect("a row a minute");
        assert_eq!((last.nodes, last.joining), (60, 0), "{maintenance}");
        let wrong = (last.wrong_successors, last.wrong_fingers);
        assert!(
            last.ring_ok == Some(true) && wrong == (Some(0.0), Some(0.0)),
            "{maintenance}"
        );
        let mut late = run.lookups.iter().filter(|lookup| lookup.time_s > 4800.0);
        assert!(late.all(|lookup| lookup.outcome.name() == "ok"));
    }
}

/// V17. At rest no entry of any table is wrong, however long the successor list is beside the ring, and
/// whatever the periods are beside the time that a lookup takes. Only lookups can set a finger that lies beyond
/// a short list, so this fails if any of them is given up for ever.
#[test]
fn no_finger_stays_wrong_in_a_ring_at_rest() {
    let cases = [
        // nodes, successors, seed, a finger each, one-way latency of the plane's side
        (500, 4, 3, "2s", "100ms"),
        (1000, 8, 3, "2s", "100ms"),
        (200, 1, 1, "2s", "100ms"),
        // A lookup takes several periods.
        (200, 2, 1, "300ms", "150ms"),
    ];
    for (nodes, successors, seed, period, span) in cases {
        for repetition in 0..5 {
            let run = run_one(&format!(
                r#"
seed = {}
warmup = "10m"
duration = "10m"
sample = "5m"
[overlay]
nodes = {nodes}
start = "join"
[chord]
successors = {successors}
stabilize_every = "5s"
fix_fingers_every = "{period}"
check_predecessor_every = "10s"
[network]
model = "plane"
plane = {{ span = "{span}" }}
[workload]
lookups_per_s = 0.0
"#,
                seed * 100 + repetition
            ));
            let last = run.timeline.last().expect("two rows");
            assert_eq!(
                (last.ring_ok, last.wrong_fingers),
                (Some(true), Some(0.0)),
                "{nodes} nodes, {successors} successors, seed {seed}, repetition {repetition}"
            );
        }
    }
}

/// Maintenance of a ring at rest is what the periods allow. With constant latency and an even ring, where tables
/// are known: a round of stabilisation is three messages (question, answer, notice), a check of the predecessor
/// two. A tick for a finger sends one lookup, and one that takes h hops is 2h + 1 messages.
#[test]
fn a_ring_at_rest_sends_no_more_than_its_periods_allow() {
    let run = run_one(
        r#"
warmup = "5m"
duration = "20m"
[overlay]
nodes = 64
ids = "even"
start = "join"
[chord]
successors = 1
stabilize_every = "5s"
fix_fingers_every = "2s"
check_predecessor_every = "10s"
[network]
model = "constant"
constant = { latency = "40ms" }
[workload]
lookups_per_s = 0.0
"#,
    );
    // Entry i of a table looks up n + 2^i. The first entries are read off the list; the others, five beside the
    // successor, take one forward to the node itself from a node at distance 2^j: 2^i needs hops of one bit each.
    let per_node_and_s = 3.0 / 5.0 + 2.0 / 10.0 + fingers_of_an_even_ring(6) / 2.0;
    let expected = per_node_and_s * 64.0 * 1200.0;
    let measured = run.metric("maintenance_messages");
    assert!(
        (measured / expected - 1.0).abs() < 0.01,
        "{measured} messages, not {expected}"
    );
}

/// Messages of a lookup for a finger on an even ring of 2^k nodes with one successor, in the mean over the k - 1
/// entries that are looked up. The node at distance 2^i is a hop behind the node before it, at distance 2^i - 1,
/// which has i ones: i hops, and one to the owner.
fn fingers_of_an_even_ring(k: u32) -> f64 {
    let hops = (1..k).map(|i| f64::from(i + 1));
    let messages: f64 = hops.map(|hops| 2.0 * hops + 1.0).sum();
    messages / f64::from(k - 1)
}

/// The same in a third of the time, and complete once all rounds have been made. News travels back through the
/// lists by one node a round of stabilisation, so a list of 16 takes up to 16 periods of at most 33 s. Fingers
/// within the list are read off it; the six or seven beyond are looked up in as many periods. The last node has
/// come in by minute 4: 4 + 8.8 + 3.9 is less than 17.
#[test]
fn a_crowd_of_a_thousand_is_complete_after_its_rounds() {
    let run = run_one(
        r#"
warmup = "0s"
duration = "17m"
sample = "1m"
[overlay]
nodes = 1000
start = "join"
join_window = "3m"
[network]
model = "transit-stub"
[workload]
lookups_per_s = 0.0
"#,
    );
    let last = run.timeline.last().expect("a row a minute");
    assert_eq!((last.nodes, last.joining), (1000, 0));
    assert_eq!(last.ring_ok, Some(true));
    assert_eq!(last.wrong_successors, Some(0.0), "no successor is wrong");
    assert_eq!(last.wrong_fingers, Some(0.0));
}

/// All knock at the founder's door in the same moment. Each gap between two members takes one at a
/// time, so the ring grows like a tree: some twenty rounds of about a second.
#[test]
fn five_hundred_at_the_same_moment_are_in_order_within_two_minutes() {
    let run = run_one(
        r#"
warmup = "0s"
duration = "2m"
sample = "1m"
[overlay]
nodes = 500
start = "join"
join_window = "0s"
[network]
model = "transit-stub"
[workload]
lookups_per_s = 0.0
"#,
    );
    let last = run.timeline.last().expect("a row a minute");
    assert_eq!((last.nodes, last.joining), (500, 0));
    assert_eq!(last.ring_ok, Some(true));
    assert_eq!(last.wrong_successors, Some(0.0), "no successor is wrong");
}

/// V15. Nodes crash at a rate λ each, and nobody joins. A node meets its dead successor at the end of the period T in
/// which that died, E[T²] / 2E[T] later in the mean, and takes it for dead `rpc_timeout` after that. So a share
/// λ·(E[T²] / 2E[T] + timeout) of the first entries is dead. For T = 30 s the fraction is 15 s without jitter, and
/// 20 s where T is uniform between 0 and 60 s.
#[test]
fn dead_first_successors_are_as_many_as_the_period_lets_be() {
    for (jitter, found_after) in [(0.0, 15.0 + 0.5), (1.0, 20.0 + 0.5)] {
        let crashes_per_s = 0.5;
        let run = run_one(&format!(
            r#"
warmup = "5m"
duration = "2h"
sample = "10s"
[overlay]
nodes = 10000
[chord]
stabilize_every = "30s"
fix_fingers_every = "off"
check_predecessor_every = "off"
maintenance_jitter = {jitter:.1}
[churn]
model = "poisson"
poisson = {{ joins_per_s = 0.0, leaves_per_s = {crashes_per_s} }}
[network]
model = "constant"
constant = {{ latency = "10ms" }}
[workload]
lookups_per_s = 0.0
"#
        ));
        let rows = run.timeline.iter();
        let dead: f64 = rows.filter_map(|row| row.dead_successors).sum();
        let rates = run
            .timeline
            .iter()
            .map(|row| crashes_per_s / row.nodes as f64);
        let expected: f64 = rates.map(|rate| rate * found_after).sum();
        assert!(
            (dead / expected - 1.0).abs() < 0.05,
            "jitter {jitter}: {dead}, not {expected}"
        );
    }
}
