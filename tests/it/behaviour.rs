//! What the system does under crashes, departures, loss and load: claims that
//! follow from the definitions on paper, or that the protocol guarantees.

#![expect(clippy::float_cmp, reason = "counts are whole numbers, and exact")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use crate::common::books::{AT_REST, assert_books_balance, ring_at_rest};
use crate::common::{Run, run_one};

/// The nodes of the first peers, each of which is there from the start.
fn started_with(run: &Run) -> f64 {
    run.nodes
        .iter()
        .filter(|node| node.joined_s.is_some_and(|joined| joined <= 0.0))
        .count() as f64
}

/// 30 % of 500 nodes crash at once. The ring closes within a few rounds of stabilisation, fingers are right
/// again one round through the table after the lists are, and no lookup fails once the ring is closed.
#[test]
fn the_ring_heals_after_a_mass_crash() {
    for mode in ["recursive", "iterative"] {
        let run = run_one(&format!(
            r#"
warmup = "1m"
duration = "20m"
sample = "15s"
[overlay]
nodes = 500
[chord]
lookup = "{mode}"
[workload]
lookups_per_s = 5.0
[[fault]]
at = "1m"
kill = 0.3
"#
        ));
        assert_books_balance(&run);
        let since = |seconds: f64| {
            let rows = run.timeline.iter();
            rows.filter(move |row| row.time_s >= 60.0 + seconds)
        };
        assert_eq!(run.metric("crashes"), 150.0);
        assert!(
            since(0.0).next().unwrap().dead_successors > Some(0.2),
            "it was a blow"
        );
        // Three periods of 30 s.
        assert!(since(90.0).all(|row| row.nodes == 350 && row.ring_ok == Some(true)));
        assert!(since(90.0).all(|row| row.wrong_successors == Some(0.0)));
        // Lists are handed on from node to node, so a dead entry leaves the last of 16 places after 16
        // periods of at most 33 s, and fingers near by are read off the list. After that it takes one
        // round through the table: at most a dozen different entries, each in a tick of at most 33 s.
        let mended = 16.0 * 33.0 + 12.0 * 33.0;
        assert!(since(mended).next().is_some());
        assert!(since(mended).all(|row| row.dead_fingers == Some(0.0)));
        assert!(since(mended).all(|row| row.wrong_fingers == Some(0.0)));
        let late = run.lookups.iter().filter(|lookup| lookup.time_s >= 150.0);
        assert!(
            late.clone().count() > 3000 && late.clone().all(|lookup| lookup.outcome.name() == "ok")
        );
    }
}

/// With a single successor a crash takes away all that many nodes know of the ring.
fn crash_with_one_successor(routing: &str) -> Run {
    run_one(&format!(
        r#"
warmup = "1m"
duration = "20m"
sample = "1s"
[overlay]
nodes = 200
[chord]
successors = 1
routing = "{routing}"
[[fault]]
at = "1m"
kill = 0.3
"#
    ))
}

/// Fingers stand in for a list of successors that are all dead: nobody has to join anew, and the ring
/// closes again.
#[test]
fn fingers_save_those_who_lost_their_only_successor() {
    let run = crash_with_one_successor("fingers");
    assert_books_balance(&run);
    assert!(run.timeline.iter().all(|row| row.joining == 0));
    let last = run.timeline.last().expect("a row a second");
    assert_eq!(last.ring_ok, Some(true));
}

/// Without fingers only the predecessor is left; who has lost it too has lost the ring and joins anew.
/// They are up all the time, which is one session.
#[test]
fn losing_the_ring_is_no_new_session() {
    let run = crash_with_one_successor("successors");
    assert_books_balance(&run);
    assert!(run.timeline.iter().any(|row| row.joining > 0));
    assert!(run.nodes.iter().all(|node| node.sessions == 1));
    assert_eq!(run.metric("joins"), 0.0);
}

/// Who leaves with a goodbye leaves no dead successor behind.
#[test]
fn goodbyes_spare_the_others_dead_successors_and_timeouts() {
    let [crashing, polite] = [0.0, 1.0].map(|graceful| {
        run_one(&format!(
            r#"
warmup = "5m"
duration = "15m"
sample = "5s"
[overlay]
nodes = 300
[chord]
routing = "successors"
[churn]
model = "poisson"
graceful = {graceful}
poisson = {{ joins_per_s = 0.5, leaves_per_s = 0.5 }}
[workload]
lookups_per_s = 5.0
"#
        ))
    });
    for run in [&crashing, &polite] {
        assert_books_balance(run);
    }
    assert_eq!(crashing.metric("leaves"), 0.0);
    assert_eq!(polite.metric("crashes"), 0.0);
    assert_eq!(crashing.metric("crashes"), polite.metric("leaves"));
    let dead = |run: &Run| {
        let rows = run.timeline.iter().map(|row| row.dead_successors.unwrap());
        rows.sum::<f64>() / run.timeline.len() as f64
    };
    let timeouts = |run: &Run| run.metric("timeouts_mean");
    println!(
        "dead successors {} and {}, timeouts {} and {}, failed {} and {}",
        dead(&crashing),
        dead(&polite),
        timeouts(&crashing),
        timeouts(&polite),
        crashing.metric("failed"),
        polite.metric("failed"),
    );
    assert!(dead(&crashing) > 0.01);
    assert!(dead(&polite) < 0.1 * dead(&crashing));
    assert!(timeouts(&polite) < 0.1 * timeouts(&crashing));
}

/// A peer is up for a share up / (up + down) of the time, so 600 peers stand behind 400 that are up.
#[test]
fn sessions_keep_their_share_of_the_peers_up() {
    let run = run_one(
        r#"
warmup = "30m"
duration = "1h"
sample = "30s"
[overlay]
nodes = 400
[chord]
fix_fingers_every = "2m"
[churn]
model = "sessions"
[churn.sessions]
up = { exponential = { mean = "10m" } }
down = { exponential = { mean = "5m" } }
[workload]
lookups_per_s = 1.0
"#,
    );
    assert_books_balance(&run);
    let up: u64 = run.timeline.iter().map(|row| row.nodes + row.joining).sum();
    let mean = up as f64 / run.timeline.len() as f64;
    // The count forgets itself in 1 / (1/600 s + 1/300 s) = 200 s, so an hour is worth 9 looks at a
    // binomial(600, 2/3), whose standard deviation is 11.5.
    assert!((mean - 400.0).abs() < 4.0 * 11.5 / 3.0, "{mean}");
    let last = run.timeline.last().unwrap();
    let there = run.nodes.iter().filter(|node| node.keys.is_some());
    assert_eq!(there.count() as u64, last.nodes);
    // An hour has 1 + 3600 / (600 + 300) sessions of each on average, less those under way.
    let sessions: u32 = run.nodes.iter().map(|node| node.sessions).sum();
    let each = f64::from(sessions) / 600.0;
    assert!((4.3..5.0).contains(&each), "{each} sessions");
    assert_ids_stay(&run);
}

fn assert_ids_stay(run: &Run) {
    let ids: BTreeMap<_, _> = run.nodes.iter().map(|node| (node.node, node.id)).collect();
    assert!(ids.values().collect::<BTreeSet<_>>().len() == ids.len());
    for lookup in &run.lookups {
        let source = lookup.source.expect("somebody asked");
        assert_eq!(ids.get(&source).copied(), lookup.source_id);
    }
}

/// Sessions of fixed length: 200 peers, half of them up at the start, each in the middle of a session or pause.
/// Whoever is up at one moment is down ten minutes later, and the other way round.
#[test]
fn fixed_sessions_turn_all_peers_round() {
    let run = run_one(
        r#"
warmup = "0s"
duration = "40m"
sample = "10s"
[overlay]
nodes = 100
[churn]
model = "sessions"
graceful = 0.5
[churn.sessions]
up = { fixed = { value = "10m" } }
down = { fixed = { value = "10m" } }
[workload]
lookups_per_s = 1.0
"#,
    );
    assert_books_balance(&run);
    let up = |time: f64| {
        let row = run.timeline.iter().find(|row| row.time_s >= time).unwrap();
        row.nodes + row.joining
    };
    for time in (10..1800).step_by(10).map(f64::from) {
        assert_eq!(up(time) + up(time + 600.0), 200, "at {time} s");
    }
    let total: u64 = run.timeline.iter().map(|row| row.nodes + row.joining).sum();
    let mean = total as f64 / run.timeline.len() as f64;
    assert!((mean - 100.0).abs() < 1e-9, "{mean}");
    assert!(run.nodes.len() == 200 && run.nodes.iter().all(|node| node.sessions >= 2));
    assert_ids_stay(&run);
}

/// Two of a hundred messages are lost. What is not acknowledged is sent another way, so nearly
/// every lookup comes to its end; what was taken for dead is found again.
#[test]
fn a_ring_that_loses_messages_still_works() {
    let run = run_one(
        r#"
warmup = "5m"
duration = "15m"
sample = "30s"
[overlay]
nodes = 200
[network]
model = "uniform"
loss = 0.02
[workload]
lookups_per_s = 10.0
"#,
    );
    assert_books_balance(&run);
    let sent: u64 = run.nodes.iter().map(|node| node.messages_out).sum();
    let handled: u64 = run.nodes.iter().map(|node| node.messages_in).sum();
    assert_eq!(sent as f64, run.metric("messages"));
    let lost = run.metric("lost_messages") / run.metric("messages");
    assert!((lost - 0.02).abs() < 0.002, "{lost}");
    // What is sent and not lost is handled, but for the messages under way at the edges.
    let missing = sent as f64 - run.metric("lost_messages") - handled as f64;
    assert!(missing.abs() < 200.0, "{missing}");
    println!(
        "success {} wrong {} failed {}; wrong successors {:?}",
        run.metric("success_rate"),
        run.metric("wrong"),
        run.metric("failed"),
        run.timeline
            .iter()
            .map(|row| row.wrong_successors.unwrap())
            .sum::<f64>()
            / 30.0,
    );
    // The answer itself is not acknowledged: it is lost with probability 0.02.
    assert!(run.metric("success_rate") > 0.96);
    assert!(
        run.timeline
            .iter()
            .all(|row| row.wrong_successors.unwrap() < 0.1)
    );
    assert!(run.timeline.iter().all(|row| row.nodes >= 195));
}

/// Several positions of each peer even out how many keys it holds; they come and go together.
#[test]
fn virtual_nodes_even_out_the_keys_and_depart_together() {
    let gini = [1, 4, 16].map(|positions| {
        let run = run_one(&format!(
            r#"
warmup = "0s"
duration = "5m"
sample = "1m"
[overlay]
nodes = 200
[chord]
virtual_nodes = {positions}
[workload]
keys = 100000
[[fault]]
at = "2m"
kill = 0.2
[[fault]]
at = "3m"
join = 10
"#
        ));
        assert_books_balance(&run);
        let mut peers: BTreeMap<u32, Vec<_>> = BTreeMap::new();
        for node in &run.nodes {
            peers.entry(node.peer).or_default().push(node);
        }
        assert_eq!(peers.len(), 210);
        for nodes in peers.values() {
            assert_eq!(nodes.len(), positions);
            assert!(nodes.iter().all(|node| node.left_s == nodes[0].left_s));
            assert!(nodes.iter().all(|node| node.host == nodes[0].host));
        }
        assert_eq!(run.metric("nodes_end"), 170.0);
        assert!((run.metric("keys_mean") - 100_000.0 / 170.0).abs() < 1e-9);
        run.metric("keys_gini")
    });
    // Spacings of a random ring are exponential, v of them a gamma(v): its Gini coefficient is
    // Γ(v + ½) / (√π · Γ(v + 1)), which is 0.5, 0.273 and 0.140.
    for (measured, expected) in gini.into_iter().zip([0.5, 0.273, 0.140]) {
        assert!((measured - expected).abs() < 0.05, "{gini:?}");
    }
}

/// A message is handled after the service time. On the way of a recursive lookup are its forwards
/// and the answer; of an iterative one a question and an answer for each node asked. One message more
/// stands before the answer in the queue if the first node asked is the owner: its acknowledgement.
#[test]
fn each_message_on_the_way_takes_its_service_time() {
    for mode in ["recursive", "iterative"] {
        let run = run_one(&format!(
            r#"
warmup = "0s"
duration = "30m"
sample = "30m"
[overlay]
nodes = 300
[chord]
lookup = "{mode}"
{AT_REST}
[network]
service_time = "7ms"
[network.constant]
latency = "50ms"
[workload]
lookups_per_s = 0.2
"#
        ));
        assert!(run.lookups.len() > 250);
        let mut slower = 0;
        for lookup in &run.lookups {
            let hops = f64::from(lookup.hops.expect("answered"));
            let expected = match (mode, hops) {
                (_, 0.0) => 0.0,
                ("recursive", 1.0) => 2.0 * 57.0 + 7.0,
                ("recursive", _) => (hops + 1.0) * 57.0,
                _ => 2.0 * hops * 57.0,
            };
            let excess = lookup.latency_ms.expect("answered") - expected;
            assert!(excess > -1e-6, "{mode}: {lookup:?}");
            slower += u32::from(excess > 1e-6);
        }
        // At a lookup every five seconds two of them rarely meet.
        assert!(slower <= 3, "{mode}: {slower} lookups met others");
    }
}

/// Who comes, who goes and who is there add up.
#[test]
fn comings_and_goings_add_up() {
    for churn in [
        "poisson = { joins_per_s = 1.0, leaves_per_s = 1.0 }",
        "poisson = { joins_per_s = 0.0, leaves_per_s = 0.5 }",
    ] {
        // Droppers keep lookups waiting, so the run goes on after the end of the measurement.
        let run = run_one(&format!(
            r#"
warmup = "0s"
duration = "5m"
sample = "1m"
[overlay]
nodes = 200
[churn]
model = "poisson"
graceful = 0.5
{churn}
[selfish]
fraction = 0.2
[workload]
lookups_per_s = 5.0
"#
        ));
        assert_books_balance(&run);
        let last = run.timeline.last().unwrap();
        let balance = run.metric("joins") - run.metric("leaves") - run.metric("crashes");
        let up = (last.nodes + last.joining) as f64;
        assert_eq!(started_with(&run), 200.0);
        assert_eq!(200.0 + balance, up);
        assert_eq!(run.metric("nodes_end"), last.nodes as f64);
        let there = run.nodes.iter().filter(|node| node.keys.is_some());
        assert_eq!(there.clone().count() as u64, last.nodes);
        let keys: u64 = there.filter_map(|node| node.keys).sum();
        assert_eq!(keys, 10_000, "every key has one owner");
        assert!((run.metric("keys_mean") - 10_000.0 / last.nodes as f64).abs() < 1e-9);
    }
}

/// Every model of the network, end to end: latencies differ, what is found does not.
#[test]
fn every_network_carries_the_same_lookups_to_the_same_owners() {
    let mut edges = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    write!(edges, "from,to,latency_ms\n1,2,10\n2,3,20\n3,1,5\n").unwrap();
    let graph = format!(
        "model = \"graph\"\n[network.graph]\nfile = '{}'",
        edges.path().display()
    );
    let networks = [
        "model = \"constant\"",
        "model = \"uniform\"",
        "model = \"exponential\"",
        "model = \"exponential\"\n[network.exponential]\nper = \"message\"",
        "model = \"plane\"",
        "model = \"plane\"\n[network.plane]\ndimensions = 3",
        "model = \"transit-stub\"",
        &graph,
    ];
    // Exponential latencies have no upper end: a patient sender takes nobody slow for dead.
    let patient = "[chord]\nrpc_timeout = \"20s\"";
    let runs = networks.map(|network| {
        let scenario = ring_at_rest(&format!("[network]\n{network}"));
        run_one(&scenario.replace("[chord]", patient))
    });
    for (network, run) in networks.iter().zip(&runs) {
        assert_books_balance(run);
        assert_eq!(run.metric("success_rate"), 1.0, "{network}");
        assert!(run.metric("stretch_mean") >= 1.0 || network.contains("message"));
        for (a, b) in run.lookups.iter().zip(&runs[0].lookups) {
            assert_eq!((a.source, a.key), (b.source, b.key), "{network}");
            assert_eq!(a.answer_id, b.answer_id, "{network}");
        }
    }
}

/// The smallest and the emptiest worlds.
#[test]
fn the_edges_of_the_possible_are_no_cliffs() {
    let worlds = [
        "[overlay]\nnodes = 1",
        "[overlay]\nnodes = 2",
        "[overlay]\nnodes = 2\nstart = \"join\"",
        "[overlay]\nnodes = 8\nid_bits = 3",
        "[overlay]\nnodes = 8\nid_bits = 3\nstart = \"join\"\njoin_window = \"0s\"",
        "[overlay]\nnodes = 2\nid_bits = 3\n[chord]\nvirtual_nodes = 4",
        "[overlay]\nnodes = 8\nid_bits = 3\n[churn]\nmodel = \"poisson\"\ngraceful = 0.5",
        "[overlay]\nnodes = 30\nstart = \"join\"\n[network]\nloss = 0.2",
        "[overlay]\nnodes = 30\n[network]\nloss = 1.0",
        "[overlay]\nnodes = 30\nstart = \"join\"\n[selfish]\nfraction = 1.0",
        "[overlay]\nnodes = 30\n[[fault]]\nat = \"1m\"\nkill = 1.0",
        "[overlay]\nnodes = 30\n[[fault]]\nat = \"1m\"\nkill = 1.0\n[[fault]]\nat = \"2m\"\njoin = 30",
        "[overlay]\nnodes = 2\n[churn]\nmodel = \"poisson\"\ngraceful = 1.0\n[churn.poisson]\nleaves_per_s = 1.0",
    ];
    for world in worlds {
        for routing in ["fingers", "successors"] {
            for mode in ["recursive", "iterative"] {
                let chord = format!("[chord]\nrouting = \"{routing}\"\nlookup = \"{mode}\"");
                let world = if world.contains("[chord]") {
                    world.replace("[chord]", &chord)
                } else {
                    format!("{world}\n{chord}")
                };
                let run = run_one(&format!(
                    "warmup = \"0s\"\nduration = \"10m\"\nsample = \"1m\"\n\
                     {world}\n[workload]\nlookups_per_s = 2.0\n"
                ));
                assert_books_balance(&run);
                let calm = !["loss", "kill", "churn", "selfish", "join"]
                    .iter()
                    .any(|word| world.contains(word));
                assert!(!calm || run.metric("success_rate") == 1.0, "{world}");
            }
        }
    }
}

/// All die; later others come. The first of them founds a ring for the rest.
#[test]
fn a_new_ring_rises_where_all_have_died() {
    let run = run_one(
        r#"
warmup = "0s"
duration = "10m"
sample = "1m"
[overlay]
nodes = 50
[[fault]]
at = "90s"
kill = 1.0
[[fault]]
at = "210s"
join = 20
[workload]
lookups_per_s = 2.0
"#,
    );
    assert_books_balance(&run);
    let empty = &run.timeline[2];
    assert_eq!((empty.nodes, empty.joining, empty.ring_ok), (0, 0, None));
    assert!(empty.lookups > 0 && empty.failed == empty.lookups);
    let last = run.timeline.last().unwrap();
    assert_eq!((last.nodes, last.ring_ok), (20, Some(true)));
    assert_eq!((last.ok, last.wrong_fingers), (last.lookups, Some(0.0)));
}
