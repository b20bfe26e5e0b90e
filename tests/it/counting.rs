//! What is counted, of whom, and to which end: claims that follow from the definitions on paper.

#![expect(clippy::float_cmp, reason = "counts are whole numbers, and exact")]

use chordsim::catalogue::Reason;

use crate::common::books::AT_REST;
use crate::common::{Run, run_one};

/// V18. Many lookups are under way when the measurement begins and when it ends: 50 a second, of about half a
/// second each, in 5 s.
fn busy_static_ring(lookup: &str, latency: &str) -> Run {
    run_one(&format!(
        r#"
warmup = "7s"
duration = "5s"
sample = "1s"
overlay.nodes = 200
[chord]
lookup = "{lookup}"
successors = 1
{AT_REST}
[network]
model = "constant"
constant = {{ latency = "{latency}" }}
[workload]
lookups_per_s = 50.0
"#
    ))
}

/// Recursive: a forward and an acknowledgement for each hop and one answer, 2h + 1 where h > 0. Iterative: a question
/// and an answer for each hop, 2h. Whatever belongs to a lookup that counts is counted, also after the end, and
/// nothing of those that began in the warm-up. Every message is handled by one node, so the loads add up to the same.
#[test]
fn messages_of_lookups_are_counted_to_the_end() {
    for (lookup, extra) in [("recursive", 1), ("iterative", 0)] {
        for latency in ["50ms", "200ms"] {
            let run = busy_static_ring(lookup, latency);
            assert_eq!(run.metric("ok"), run.metric("lookups"));
            let messages = |hops: u32| if hops > 0 { 2 * hops + extra } else { 0 };
            let hops = run.lookups.iter().filter_map(|lookup| lookup.hops);
            let expected = f64::from(hops.map(messages).sum::<u32>());
            assert_eq!(run.metric("messages"), expected, "{lookup}, {latency}");
            assert_eq!(run.metric("maintenance_messages"), 0.0);
            let handled: u64 = run.nodes.iter().map(|node| node.messages_in).sum();
            let sent: u64 = run.nodes.iter().map(|node| node.messages_out).sum();
            assert_eq!((handled as f64, sent as f64), (expected, expected));
            assert_eq!(run.metric("load_mean"), expected / 200.0);
            let bytes: u64 = run.nodes.iter().map(|node| node.bytes_out).sum();
            assert_eq!(run.metric("bytes"), bytes as f64);
        }
    }
}

/// Percentiles are the nearest rank of what lookups.csv shows, and means are those of its rows.
#[test]
fn the_summary_agrees_with_the_rows_to_the_last_digit() {
    let run = run_one(
        r#"
duration = "10m"
overlay.nodes = 300
network.model = "transit-stub"
workload.lookups_per_s = 7.0
"#,
    );
    for (name, value) in [("latency_ms", 0), ("stretch", 1)] {
        let ok = run
            .lookups
            .iter()
            .filter(|lookup| lookup.outcome.name() == "ok");
        let values = ok.filter_map(|row| [row.latency_ms, row.stretch][value]);
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        for (column, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
            let Some(measured) = metric_if_declared(&run, &format!("{name}_{column}")) else {
                continue;
            };
            let rank = (share * values.len() as f64).ceil() as usize;
            assert_eq!(measured, values[rank - 1], "{name} {column}");
        }
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let measured = run.metric(&format!("{name}_mean"));
        assert!(
            (measured / mean - 1.0).abs() < 1e-9,
            "{name}: {measured}, not {mean}"
        );
    }
}

fn metric_if_declared(run: &Run, name: &str) -> Option<f64> {
    let named = run
        .summary
        .metrics()
        .find(|(metric, _)| metric.name() == name);
    named.and_then(|(_, value)| value)
}

/// Links of 10.5 µs: a static recursive lookup of h hops takes (h + 1) · 10.5 µs, to the nanosecond.
#[test]
fn microseconds_are_not_rounded() {
    let run = run_one(&format!(
        "duration = \"10m\"\nnetwork.constant.latency = \"10500ns\"\nnetwork.model = \"constant\"\n\
         workload.lookups_per_s = 5.0\n[chord]\n{AT_REST}"
    ));
    let ok = run.lookups.iter().filter_map(|lookup| lookup.hops);
    let nanoseconds: u64 = ok
        .map(|hops| {
            if hops > 0 {
                u64::from(hops + 1) * 10_500
            } else {
                0
            }
        })
        .sum();
    let expected = nanoseconds as f64 / run.metric("ok") / 1e6;
    let measured = run.metric("latency_ms_mean");
    assert!(
        (measured / expected - 1.0).abs() < 1e-12,
        "{measured}, not {expected}"
    );
}

/// `load_*` and `keys_*` are per peer: the keys of all peers together are the keys of the workload, however many
/// nodes a peer has.
#[test]
fn keys_and_load_are_those_of_a_peer_and_rows_those_of_a_node() {
    for positions in [1, 2, 5] {
        let run = run_one(&format!(
            "duration = \"5m\"\noverlay.nodes = 40\noverlay.virtual_nodes = {positions}\nworkload.keys = 10000"
        ));
        assert_eq!(run.metric("keys_mean"), 10_000.0 / 40.0);
        assert_eq!(run.nodes.len(), 40 * positions);
        let handled: u64 = run.nodes.iter().map(|node| node.messages_in).sum();
        assert_eq!(run.metric("load_mean"), handled as f64 / 40.0);
    }
}

/// Why lookups failed, where each cause is the only one there can be.
#[test]
fn every_failure_has_its_reason() {
    let cases = [
        ("timeout", "chord.lookup_timeout = \"100ms\""),
        ("dropped", "selfish = { fraction = 0.5 }"),
        (
            "nobody-left",
            "fault = [{ at = \"1m\", kill = 1.0 }]\nchord.lookup_timeout = \"1ms\"",
        ),
        (
            "asker-gone",
            "fault = [{ at = \"299s\", kill = 1.0 }]\nnetwork = { model = \"constant\", constant = { latency = \"20s\" } }\n\
             duration = \"5m\"\nchord = { rpc_timeout = \"10m\", lookup_timeout = \"10m\" }",
        ),
    ];
    for (reason, rest) in cases {
        let duration = if rest.contains("duration") {
            ""
        } else {
            "duration = \"10m\""
        };
        let run = run_one(&format!(
            "{duration}\noverlay.nodes = 100\nworkload.lookups_per_s = 5.0\n{rest}"
        ));
        let mut failed = 0;
        let mut by_reason = 0;
        for lookup in &run.lookups {
            let is_failed = lookup.outcome.name() == "failed";
            assert_eq!(lookup.reason.is_some(), is_failed, "{lookup:?}");
            failed += usize::from(is_failed);
            by_reason += usize::from(lookup.reason.is_some_and(|why| why.name() == reason));
        }
        assert!(by_reason > 50, "{reason}: {by_reason} of {failed}");
        let counted: f64 = ["timeout", "dropped", "asker_gone", "nobody_left"]
            .map(|reason| run.metric(&format!("failed_{reason}")))
            .iter()
            .sum();
        assert_eq!(counted, failed as f64);
        let column = format!("failed_{}", reason.replace('-', "_"));
        assert_eq!(run.metric(&column), by_reason as f64);
        if reason != "asker-gone" && reason != "nobody-left" {
            assert_eq!(by_reason, failed, "{reason} is the only one");
        }
    }
}

/// Everybody dies half way. From then on lookups fail because nobody is left, and nothing is said of the ring.
#[test]
fn of_an_empty_ring_nothing_is_said_and_its_lookups_fail() {
    let run = run_one(
        "duration = \"20m\"\nsample = \"1m\"\noverlay.nodes = 50\nworkload.lookups_per_s = 5.0\n\
         fault = [{ at = \"10m\", kill = 1.0 }]",
    );
    let (before, after): (Vec<_>, Vec<_>) = run.timeline.iter().partition(|row| row.time_s < 600.0);
    assert!(before.iter().all(|row| row.ring_ok == Some(true)));
    for row in after {
        assert_eq!((row.nodes, row.ring_ok, row.wrong_fingers), (0, None, None));
        assert_eq!((row.dead_successors, row.wrong_successors), (None, None));
    }
    let late = |time: f64| {
        run.lookups
            .iter()
            .filter(move |lookup| lookup.time_s > time)
    };
    assert!(late(600.0).count() > 2800, "Poisson, 3000 expected");
    for lookup in late(600.0) {
        assert_eq!(
            (lookup.source, lookup.source_id, lookup.owner_id),
            (None, None, None)
        );
        assert_eq!(lookup.reason.map(Reason::name), Some("nobody-left"));
    }
    let rate = run.metric("success_rate");
    assert!((0.45..0.55).contains(&rate), "{rate}");
}

/// Every lookup joins with the row of the node that asked, also those of nodes that never became members.
#[test]
fn every_asking_node_has_a_row() {
    let run = run_one(
        r#"
warmup = "0s"
duration = "30m"
[overlay]
nodes = 100
[churn]
model = "poisson"
poisson = { joins_per_s = 0.5, leaves_per_s = 0.5 }
[selfish]
fraction = 0.4
[workload]
lookups_per_s = 10.0
"#,
    );
    let never = run.nodes.iter().filter(|node| node.joined_s.is_none());
    assert!(never.clone().count() > 10, "the scenario has such nodes");
    for node in never {
        assert!(
            node.lookups_started + node.messages_in + node.messages_out > 0
                && node.keys.is_none()
                && node.departure.is_none()
        );
    }
    let rows: std::collections::BTreeSet<_> = run.nodes.iter().map(|node| node.node).collect();
    let sources = run.lookups.iter().filter_map(|lookup| lookup.source);
    assert!(
        sources.clone().count() > 15_000 && sources.into_iter().all(|node| rows.contains(&node))
    );
}

/// Sessions are stationary. Up 1 h, down 30 min, 1000 up: 1500 peers behind them, of which each comes once in 1.5 h.
#[test]
fn as_many_nodes_are_up_on_average_as_at_the_start() {
    for up in [
        "{ exponential = { mean = \"1h\" } }",
        "{ weibull = { mean = \"1h\", shape = 0.5 } }",
        "{ fixed = { value = \"1h\" } }",
    ] {
        let run = run_one(&format!(
            r#"
warmup = "0s"
duration = "20h"
sample = "30m"
[overlay]
nodes = 1000
[chord]
stabilize_every = "5m"
fix_fingers_every = "off"
check_predecessor_every = "off"
[churn]
model = "sessions"
sessions = {{ up = {up}, down = {{ exponential = {{ mean = "30m" }} }} }}
[workload]
lookups_per_s = 0.0
"#
        ));
        // Members and those who have come and wait to be let in.
        let up_at = |row: &chordsim::catalogue::TimelineRecord| (row.nodes + row.joining) as f64;
        // At any moment the number is binomial (1500, 2/3): standard deviation 18.3.
        for row in &run.timeline {
            assert!(
                (up_at(row) - 1000.0).abs() < 4.0 * 18.3,
                "{up}: {}",
                up_at(row)
            );
        }
        let mean = run.timeline.iter().map(up_at).sum::<f64>() / run.timeline.len() as f64;
        assert!((mean - 1000.0).abs() < 12.0, "{up}: {mean}");
        // 1500 peers / 1.5 h, for 20 h: 20 000, and their standard deviation is at most that of a Poisson process
        // times the coefficient of variation (2.2 for the Weibull distribution).
        let joins = run.metric("joins");
        assert!(
            (joins - 20_000.0).abs() < 4.0 * 141.4 * 2.3,
            "{up}: {joins} joins"
        );
    }
}

/// Half of 40 nodes crash after 4 of 10 minutes, 10 new ones come after 6: up for 240, 600 and 240 seconds, whatever
/// they need to get to the ring.
#[test]
fn the_time_up_is_exact() {
    let run = run_one(
        "warmup = \"1m\"\nduration = \"10m\"\noverlay.nodes = 40\n[[fault]]\nat = \"4m\"\nkill = 0.5\n\
         [[fault]]\nat = \"6m\"\njoin = 10\n",
    );
    let up_for = |seconds: f64| run.nodes.iter().filter(|n| n.up_s == seconds).count();
    assert_eq!((up_for(240.0), up_for(600.0)), (20 + 10, 20));
    assert_eq!(run.nodes.len(), 50);
    assert!(run.nodes.iter().all(|node| node.sessions == 1));
}

/// Peers come and go so fast that many never get to the ring. Whoever sent or handled a message has a row, so the rows
/// add up to the messages and bytes of the summary; and over the time that all were up, they add up to the population.
#[test]
fn rows_of_nodes_add_up_however_short_their_lives_are() {
    for seed in 1..=5 {
        let run = run_one(&format!(
            "seed = {seed}\nwarmup = \"1m\"\nduration = \"10m\"\nsample = \"1s\"\noverlay.nodes = 50\nchurn.model = \"poisson\"\n\
             churn.poisson = {{ joins_per_s = 3.0, leaves_per_s = 3.0 }}\nworkload.lookups_per_s = 1.0\n"
        ));
        let sum = |of: fn(&chordsim::catalogue::NodeRecord) -> u64| -> f64 {
            run.nodes.iter().map(of).sum::<u64>() as f64
        };
        assert_eq!(sum(|node| node.messages_out), run.metric("messages"));
        assert_eq!(sum(|node| node.bytes_out), run.metric("bytes"));
        assert!(run.nodes.iter().any(|node| node.joined_s.is_none()));
        let up = |row: &chordsim::catalogue::TimelineRecord| (row.nodes + row.joining) as f64;
        let population = run.timeline.iter().map(up).sum::<f64>();
        let up_s: f64 = run.nodes.iter().map(|node| node.up_s).sum();
        // A row stands for its second; those who came and went within one are few.
        assert!(
            (up_s / population - 1.0).abs() < 0.02,
            "{up_s} {population}"
        );
    }
}

/// A ring of 2^4 positions that is full: who comes then finds no room, and that is counted.
#[test]
fn who_finds_no_room_is_counted() {
    let run = run_one(
        r#"
duration = "1h"
[overlay]
nodes = 16
id_bits = 4
[churn]
model = "poisson"
poisson = { joins_per_s = 0.1, leaves_per_s = 0.0 }
[workload]
keys = 16
"#,
    );
    assert_eq!(run.metric("joins"), 0.0);
    // Poisson with a mean of 360.
    assert!((run.metric("turned_away") - 360.0).abs() < 4.0 * 19.0);
}

/// A lookup is given up at its own moment, not when the next event happens to look: what is told of it does not depend
/// on how long the run goes on.
#[test]
fn what_became_of_a_lookup_does_not_depend_on_what_comes_after_it() {
    let of = |duration: u32| {
        run_one(&format!(
            r#"
warmup = "0s"
duration = "{duration}s"
sample = "{duration}s"
[overlay]
nodes = 40
request_timeout = "2s"
[churn]
model = "poisson"
poisson = {{ joins_per_s = 0.0, leaves_per_s = 0.5 }}
[selfish]
fraction = 0.2
[workload]
lookups_per_s = 20.0
"#
        ))
    };
    let [short, long] = [of(20), of(40)].map(|run| run.lookups);
    assert!(short.len() > 300);
    let failed = short.iter().filter(|row| row.reason.is_some()).count();
    assert!(failed > 50, "{failed}");
    // Those that are over by the end of the shorter run.
    let over = short.iter().filter(|row| row.time_s < 18.0).count();
    assert_eq!(short[..over], long[..over]);
}

/// Nodes with equal periods and equal waits would find each other busy for ever. Newcomers get in all the same, and the
/// ring is right.
#[test]
fn nodes_in_step_find_their_places() {
    for (nodes, period, latency, rpc_timeout) in [
        (3, "1s", "150ms", "2s"),
        (5, "1s", "150ms", "500ms"),
        (20, "2s", "100ms", "1s"),
    ] {
        for seed in 1..4 {
            let run = run_one(&format!(
                r#"
seed = {seed}
warmup = "0s"
duration = "10m"
sample = "10m"
[overlay]
nodes = {nodes}
id_bits = 12
start = "join"
join_window = "10s"
rpc_timeout = "{rpc_timeout}"
[chord]
maintenance_jitter = 0.0
stabilize_every = "{period}"
[network]
model = "constant"
constant = {{ latency = "{latency}" }}
[workload]
lookups_per_s = 0.0
"#
            ));
            let last = run.timeline.last().expect("a row");
            let told = format!("{nodes} nodes every {period}, seed {seed}");
            assert_eq!((last.nodes, last.joining), (nodes, 0), "{told}");
            assert_eq!(
                (last.ring_ok, last.wrong_fingers),
                (Some(true), Some(0.0)),
                "{told}"
            );
        }
    }
}
