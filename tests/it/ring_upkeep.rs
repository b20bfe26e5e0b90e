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

/// The same in a third of the time, and complete with all fingers three minutes after the last one
/// has come in.
#[test]
fn a_crowd_of_a_thousand_is_complete_by_minute_ten() {
    let run = run_one(
        r#"
warmup = "0s"
duration = "10m"
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
