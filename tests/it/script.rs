//! Scripts of `[[event]]`s on rings that a person can draw: who finds whom, what is stored where, which tables change.
//! Every expected value is derived by hand from the definitions, in the comment beside it.
#![expect(clippy::float_cmp, reason = "counts are whole numbers, and exact")]

mod refused;

use std::collections::BTreeMap;

use chordsim::catalogue::{OperationKind, OperationOutcome, OperationRecord};
use chordsim::network::{Assets, build};
use chordsim::observe::{EventOf, Observer, Scene};
use chordsim::overlay::RingView as _;
use chordsim::overlay::chord::Chord;
use chordsim::sim::{Setup, Watch};
use chordsim::world::NodeIdx;

use crate::common::{Run, audit, output, plan, run_one};

/// A ring on which messages take 1 ms and maintenance goes round once a second: half a minute after any event all is
/// as it should be.
pub(crate) fn ring(id_bits: u32, ids: &str, events: &str) -> String {
    format!(
        r#"
warmup = "0s"
duration = "20m"
sample = "1m"
overlay = {{ id_bits = {id_bits}, ids = {ids} }}
network = {{ constant = {{ latency = "1ms" }} }}
workload = {{ lookups_per_s = 0 }}
[chord]
successors = 3
stabilize_every = "1s"
fix_fingers_every = "1s"
check_predecessor_every = "1s"
{events}
"#
    )
}

/// Events as the script has them: when, and what.
pub(crate) fn script(events: &[(&str, &str)]) -> String {
    let event = |(at, deed): &(&str, &str)| format!("[[event]]\nat = \"{at}\"\n{deed}\n");
    events.iter().map(event).collect()
}

/// Successor, predecessor and fingers of a node, as identifiers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Tables {
    successor: u64,
    predecessor: u64,
    fingers: Vec<u64>,
}

/// The tables of all members at some moments.
struct Snapshots<'a> {
    id_bits: u32,
    /// In seconds, with what was seen then.
    moments: Vec<u64>,
    seen: &'a std::cell::RefCell<Vec<BTreeMap<u64, Tables>>>,
}

impl Observer<Chord> for Snapshots<'_> {
    fn before(&mut self, scene: &Scene<'_, Chord>, _: &EventOf<Chord>) {
        let due = |at: &u64| scene.now.0 >= at * 1_000_000_000;
        if !self.moments.first().is_some_and(due) {
            return;
        }
        self.moments.remove(0);
        let id = |node: NodeIdx| {
            let mut members = scene.members.iter();
            members
                .find(|(_, other)| *other == node)
                .map(|(id, _)| id.0)
        };
        let tables = |own: u64, node: NodeIdx| {
            let successor = scene.overlay.successors(node).first().copied();
            let fingers = (0..self.id_bits).map(|i| {
                // Who knows nobody else for a start is that finger itself.
                scene
                    .overlay
                    .finger(node, i)
                    .map_or(own, |it| id(it).expect("a member"))
            });
            Tables {
                successor: successor.and_then(id).expect("a member"),
                predecessor: scene
                    .overlay
                    .predecessor(node)
                    .and_then(id)
                    .expect("a member"),
                fingers: fingers.collect(),
            }
        };
        let all = scene.members.iter();
        let all = all.map(|(id, node)| (id.0, tables(id.0, node)));
        self.seen.borrow_mut().push(all.collect());
    }
}

/// The tables at these seconds of the measurement.
pub(crate) fn tables_at(toml: &str, moments: &[u64]) -> Vec<BTreeMap<u64, Tables>> {
    let plan = plan(toml);
    let spec = &plan.runs[0];
    let network = build(&spec.scenario.network, spec.seed, &Assets::default()).unwrap();
    let chord = Chord::new(&spec.scenario.overlay, &spec.scenario.chord);
    let seen = std::cell::RefCell::default();
    let snapshots = Snapshots {
        id_bits: spec.scenario.overlay.id_bits,
        moments: moments.to_vec(),
        seen: &seen,
    };
    let mut rows = Run::default();
    let setup = Setup::new(spec, network, chord).watched_by(Box::new(snapshots));
    let summary = setup
        .run(&output(false), &Watch::default(), &mut rows)
        .unwrap();
    assert_eq!(summary.column("script_idle"), Some(0.0));
    seen.take()
}

/// Written out: each node with its fingers; successors and predecessors follow from the order.
pub(crate) fn drawn<const N: usize, const M: usize>(
    nodes: [(u64, [u64; M]); N],
) -> BTreeMap<u64, Tables> {
    let one = |(rank, (id, fingers)): (usize, &(u64, [u64; M]))| {
        let tables = Tables {
            successor: nodes[(rank + 1) % N].0,
            predecessor: nodes[(rank + N - 1) % N].0,
            fingers: fingers.to_vec(),
        };
        (*id, tables)
    };
    nodes.iter().enumerate().map(one).collect()
}

/// Stoica et al., SIGCOMM 2001, figures 3 and 5: the ring of 3 bits with nodes 0, 1 and 3; node 6 joins, node 1 leaves. The
/// finger tables are those of the figures.
#[test]
fn the_ring_of_eight_of_the_paper() {
    let events = script(&[("2m", "join = 6\nvia = 1"), ("4m", "leave = 1")]);
    let seen = tables_at(&ring(3, "[0, 1, 3]", &events), &[60, 230, 350]);
    // Starts: of 0: 1, 2, 4; of 1: 2, 3, 5; of 3: 4, 5, 7.
    assert_eq!(
        seen[0],
        drawn([(0, [1, 3, 0]), (1, [3, 3, 0]), (3, [0, 0, 0])])
    );
    // Starts of 6: 7, 0, 2. What was at 4, 5 and 6 is at 6 now.
    let joined = [
        (0, [1, 3, 6]),
        (1, [3, 3, 6]),
        (3, [6, 6, 0]),
        (6, [0, 0, 3]),
    ];
    assert_eq!(seen[1], drawn(joined));
    // What was at 1 is at 3 now.
    assert_eq!(
        seen[2],
        drawn([(0, [3, 3, 6]), (3, [6, 6, 0]), (6, [0, 0, 3])])
    );
}

/// The full ring of 3 bits: the fingers of n are n + 1, n + 2, n + 4. Node 5 crashes and joins again through 2.
#[test]
fn a_full_ring_of_eight() {
    let events = script(&[("2m", "crash = 5"), ("4m", "join = 5\nvia = 2")]);
    let seen = tables_at(
        &ring(3, "[0, 1, 2, 3, 4, 5, 6, 7]", &events),
        &[60, 230, 350],
    );
    let full: [u64; 8] = [0, 1, 2, 3, 4, 5, 6, 7];
    let full = drawn(full.map(|n| (n, [(n + 1) % 8, (n + 2) % 8, (n + 4) % 8])));
    assert_eq!(seen[0], full);
    // Without 5 the starts at 5 are at 6: finger 0 of 4, finger 1 of 3, finger 2 of 1.
    let without = [
        (0, [1, 2, 4]),
        (1, [2, 3, 6]),
        (2, [3, 4, 6]),
        (3, [4, 6, 7]),
        (4, [6, 6, 0]),
        (6, [7, 0, 2]),
        (7, [0, 1, 3]),
    ];
    assert_eq!(seen[1], drawn(without));
    assert_eq!(seen[2], full);
}

/// A ring of 7 bits as courses draw it: 15, 26, 38, 56, 80, 110. 45 joins through 15; then 56 and 80, neighbours, leave at the
/// same moment.
#[test]
fn a_ring_of_seven_bits_with_a_join_and_contiguous_leaves() {
    let events = script(&[
        ("4m", "join = 45\nvia = 15"),
        ("8m", "leave = 56"),
        ("8m", "leave = 80"),
    ]);
    let seen = tables_at(
        &ring(7, "[15, 26, 38, 56, 80, 110]", &events),
        &[60, 470, 710],
    );
    // The starts of n are n + 1, 2, 4, 8, 16, 32, 64, around 128.
    let before = [
        (15, [26, 26, 26, 26, 38, 56, 80]),      // 16 17 19 23 31 47 79
        (26, [38, 38, 38, 38, 56, 80, 110]),     // 27 28 30 34 42 58 90
        (38, [56, 56, 56, 56, 56, 80, 110]),     // 39 40 42 46 54 70 102
        (56, [80, 80, 80, 80, 80, 110, 15]),     // 57 58 60 64 72 88 120
        (80, [110, 110, 110, 110, 110, 15, 26]), // 81 82 84 88 96 112 16
        (110, [15, 15, 15, 15, 15, 15, 56]),     // 111 112 114 118 126 14 46
    ];
    assert_eq!(seen[0], drawn(before));
    // Whoever found 56 at 39 to 45 finds 45 now: finger 4 of 26 (42), fingers 0 to 2 of 38 (39, 40, 42). 46 stays 56's.
    let joined = [
        (15, [26, 26, 26, 26, 38, 56, 80]),
        (26, [38, 38, 38, 38, 45, 80, 110]),
        (38, [45, 45, 45, 56, 56, 80, 110]),
        (45, [56, 56, 56, 56, 80, 80, 110]), // 46 47 49 53 61 77 109
        (56, [80, 80, 80, 80, 80, 110, 15]),
        (80, [110, 110, 110, 110, 110, 15, 26]),
        (110, [15, 15, 15, 15, 15, 15, 56]),
    ];
    assert_eq!(seen[1], drawn(joined));
    // What was at 56 and at 80 is at 110 now; of 110 itself, finger 6 (46) is 110.
    let left = [
        (15, [26, 26, 26, 26, 38, 110, 110]),
        (26, [38, 38, 38, 38, 45, 110, 110]),
        (38, [45, 45, 45, 110, 110, 110, 110]),
        (45, [110, 110, 110, 110, 110, 110, 110]),
        (110, [15, 15, 15, 15, 15, 15, 110]),
    ];
    assert_eq!(seen[2], drawn(left));
}

/// Asked from successor to successor: how far it is and who owns the key, before and after a join and a departure.
#[test]
fn scripted_lookups_have_rows_like_others() {
    let events = script(&[
        ("1m", "lookup = { key = 120, from = 32 }"),
        ("2m", "join = 124\nvia = 32"),
        ("3m", "lookup = { key = 120, from = 32 }"),
        ("3m", "lookup = { key = 125, from = 124 }"),
        ("4m", "leave = 98"),
        ("5m", "lookup = { key = 98, from = 32 }"),
        ("6m", "crash = 14"),
        ("7m", "lookup = { key = 5, from = 124 }"),
    ]);
    let text = ring(7, "[14, 32, 98]", &events);
    let run = run_one(&text.replace("[chord]", "[chord]\nrouting = \"successors\""));
    let rows = run.lookups.iter();
    let rows = rows.map(|row| (row.time_s, row.source_id, row.key, row.owner_id, row.hops));
    let expected = [
        // 32 → 98 → 14: 120 lies behind 98 and before 14, across the top.
        (60.0, Some(32), 120, Some(14), Some(2)),
        // 32 → 98 → 124.
        (180.0, Some(32), 120, Some(124), Some(2)),
        // 124 → 14.
        (180.0, Some(124), 125, Some(14), Some(1)),
        // 32 → 124: what was 98's is 124's.
        (300.0, Some(32), 98, Some(124), Some(1)),
        // 124 → 32: what was 14's is 32's.
        (420.0, Some(124), 5, Some(32), Some(1)),
    ];
    assert_eq!(rows.collect::<Vec<_>>(), expected);
    assert_eq!(run.metric("script_idle"), 0.0);
    let came_and_went = ["joins", "leaves", "crashes"].map(|metric| run.metric(metric));
    assert_eq!(came_and_went, [1.0, 1.0, 1.0]);
    // Of the names that the events move, none is asked for by chance.
    assert_eq!(run.metric("lookups"), 5.0);
}

fn told(
    row: &OperationRecord,
) -> (
    f64,
    OperationKind,
    u64,
    &str,
    OperationOutcome,
    Option<u32>,
    Option<u32>,
) {
    let label = row.label.as_deref().unwrap_or("");
    (
        row.time_s,
        row.kind,
        row.key,
        label,
        row.outcome,
        row.hops,
        row.bytes,
    )
}

/// One copy, moved when its owner changes: at 14, at 124 when that has joined, at 14 again when 124 has said goodbye, and
/// gone with 14 when that crashes.
#[test]
fn alice_moves_with_her_owner() {
    use OperationKind::{Get, Put};
    use OperationOutcome::{Found, Lost, Missing, Stored};
    let events = script(&[
        ("30s", "get = { key = 120, from = 98 }"),
        (
            "1m",
            "put = { key = 120, label = \"alice\", value = \"Ålice\", from = 32 }",
        ),
        ("2m", "join = 124\nvia = 32"),
        ("3m", "get = { key = 120, from = 98 }"),
        ("4m", "leave = 124"),
        ("5m", "get = { key = 120, from = 98 }"),
        ("6m", "crash = 14"),
        ("7m", "get = { key = 120, from = 32 }"),
    ]);
    let text = ring(7, "[14, 32, 98]", &events) + "[storage]\nrepair_every = \"off\"\n";
    let run = run_one(&text.replace("[chord]", "[chord]\nrouting = \"successors\""));
    let rows: Vec<_> = run.operations.iter().map(told).collect();
    let expected = [
        // 98 → 14. The number has its name wherever it is written.
        (30.0, Get, 120, "alice", Missing, Some(1), None),
        // 32 → 98 → 14; Å takes two bytes.
        (60.0, Put, 120, "alice", Stored, Some(2), Some(6)),
        // 98 → 124.
        (180.0, Get, 120, "alice", Found, Some(1), Some(6)),
        // 98 → 14.
        (300.0, Get, 120, "alice", Found, Some(1), Some(6)),
        // 32 owns it now, and has nothing.
        (420.0, Get, 120, "alice", Lost, Some(0), None),
    ];
    assert_eq!(rows, expected);
    let metrics = ["puts", "gets", "values_alive", "values_lost"].map(|name| run.metric(name));
    assert_eq!(metrics, [1.0, 4.0, 0.0, 1.0]);
    assert!(run.metric("handover_bytes") > 0.0);
}

/// A text lies where its SHA-1 says. `printf alice | sha1sum` begins with 52, 0101 0010 in binary: of 7 bits 41, of 64 the
/// number 0x522b276a356bdf39.
#[test]
fn a_text_is_hashed_and_is_its_own_name() {
    for (bits, ids, place) in [
        (7, "[14, 32, 98]", 41),
        (64, "[14, 32, 98]", 0x522b_276a_356b_df39),
    ] {
        let events = script(&[
            ("1m", "put = { key = \"alice\", value = \"\", from = 14 }"),
            ("2m", "get = { key = \"alice\", from = 32 }"),
            ("3m", "lookup = { key = \"alice\", from = 32 }"),
        ]);
        let run = run_one(&ring(bits, ids, &events));
        let keys: Vec<_> = run.operations.iter().map(|row| row.key).collect();
        assert_eq!(keys, [place, place]);
        assert!(
            run.operations
                .iter()
                .all(|row| row.label.as_deref() == Some("alice"))
        );
        assert_eq!(run.operations[1].outcome, OperationOutcome::Found);
        assert_eq!(run.lookups[0].key, place);
    }
}

/// Versions go up with each put, whoever puts, and the newest is read.
#[test]
fn the_last_put_is_what_is_read() {
    let events = script(&[
        (
            "1m",
            "put = { key = { key = 120, label = \"alice\" }, value = \"one\", from = 32 }",
        ),
        ("1m", "put = { key = 7, value = \"other\", from = 32 }"),
        ("2m", "put = { key = 120, value = \"three\", from = 98 }"),
        ("3m", "get = { key = 120, from = 14 }"),
    ]);
    let run = run_one(&ring(7, "[14, 32, 98]", &events));
    let rows = run.operations.iter();
    let rows = rows.map(|row| {
        (
            row.label.as_deref(),
            row.version,
            row.version_read,
            row.bytes,
        )
    });
    let expected = [
        (Some("alice"), Some(1), None, Some(3)),
        (None, Some(1), None, Some(5)),
        (Some("alice"), Some(2), None, Some(5)),
        (Some("alice"), Some(2), Some(2), Some(5)),
    ];
    assert_eq!(rows.collect::<Vec<_>>(), expected);
}

/// Events of one moment happen as they are written: 98 is there to ask, and then it is not.
#[test]
fn events_of_one_moment_happen_in_the_order_of_the_file() {
    let at_once = [
        ("1m", "lookup = { key = 40, from = 98 }"),
        ("1m", "crash = 98"),
    ];
    let run = run_one(&ring(7, "[14, 32, 98]", &script(&at_once)));
    // It is 98's own key: answered on the spot.
    assert_eq!(
        (run.lookups[0].source_id, run.lookups[0].hops),
        (Some(98), Some(0))
    );
    assert_eq!(
        (run.metric("script_idle"), run.metric("crashes")),
        (0.0, 1.0)
    );
}

/// Where churn, faults or drawn identifiers decide who is there, an event about somebody who is not has no effect and is
/// counted.
#[test]
fn what_is_known_only_in_the_run_has_no_effect_and_is_counted() {
    let events = [
        ("1m", "leave = 5"),
        ("2m", "crash = 6"),
        ("3m", "lookup = { key = 1, from = 7 }"),
        ("4m", "put = { key = 1, value = \"x\", from = 8 }"),
        ("5m", "get = { key = 1, from = 9 }"),
        ("6m", "join = 10\nvia = 11"),
    ];
    let hashed = ring(64, "\"hashed\"", &script(&events)).replace("ids =", "nodes = 20, ids =");
    let run = run_one(&hashed);
    assert_eq!(run.metric("script_idle"), 6.0);
    assert!(run.lookups.is_empty() && run.operations.is_empty());
    assert_eq!(run.metric("joins"), 0.0);
    // A fault takes everybody: 98 is not there any more, and its identifier is free again.
    let fault = "[[fault]]\nat = \"1m\"\nkill = 1.0\n";
    let events = script(&[
        ("1m", "lookup = { key = 1, from = 98 }"),
        ("2m", "join = 98"),
        ("3m", "leave = 98"),
    ]);
    let run = run_one(&(ring(7, "[14, 32, 98]", &events) + fault));
    assert_eq!((run.metric("script_idle"), run.metric("joins")), (1.0, 1.0));
    // Somebody joins by chance at every place of a small ring: that 3 is taken then, nobody knows before.
    let fault = "[[fault]]\nat = \"1m\"\njoin = 5\n";
    let events = script(&[("2m", "join = 3")]);
    let run = run_one(&(ring(3, "[0, 1, 2]", &events) + fault));
    assert_eq!(
        (run.metric("script_idle"), run.metric("nodes_end")),
        (1.0, 8.0)
    );
}

/// A peer of drawn identifiers is named as `nodes.csv` names it.
#[test]
fn a_hashed_identifier_names_its_peer() {
    let text = |events: &[(&str, &str)]| {
        ring(64, "\"hashed\"", &script(events))
            .replace("ids =", "nodes = 20, virtual_nodes = 2, ids =")
    };
    let nodes = run_one(&text(&[])).nodes;
    // Nodes 6 and 7 are the positions of peer 3; the first one is its name.
    let (first, second) = (nodes[6].id, nodes[7].id);
    let leave = |id: u64| run_one(&text(&[("1m", &format!("leave = {id}"))]));
    let gone: Vec<_> = leave(first)
        .nodes
        .iter()
        .filter(|node| node.left_s.is_some())
        .map(|node| node.node)
        .collect();
    assert_eq!(gone, [6, 7]);
    assert_eq!(leave(second).metric("script_idle"), 1.0);
}

/// A script changes nothing of what chance does beside it, as long as nobody comes or goes.
#[test]
fn the_workload_goes_on_beside_a_script() {
    let text =
        |events| ring(7, "[14, 32, 98]", events).replace("lookups_per_s = 0", "lookups_per_s = 1");
    let rows = |run: Run| {
        run.lookups
            .into_iter()
            .map(|row| (row.time_s.to_bits(), row.source, row.key))
    };
    let alone: Vec<_> = rows(run_one(&text(""))).collect();
    let events = script(&[("1m", "lookup = { key = 99, from = 32 }")]);
    let mut beside: Vec<_> = rows(run_one(&text(&events))).collect();
    let scripted = beside.iter().position(|(at, ..)| *at == 60.0_f64.to_bits());
    beside.remove(scripted.expect("the scripted one"));
    assert_eq!(alone, beside);
}

/// The proof's invariant holds through scripted joins, departures and crashes, and every peer can be named again and again.
#[test]
fn a_long_script_keeps_the_ring() {
    let mut events = Vec::new();
    for round in 0..8 {
        let at = |s: u32| format!("{}s", 100 * round + s);
        events.push((at(0), "join = 124\nvia = 32".to_owned()));
        events.push((at(30), "join = 14\nvia = 124".to_owned()));
        events.push((
            at(60),
            if round % 2 == 0 {
                "leave = 124"
            } else {
                "crash = 124"
            }
            .to_owned(),
        ));
        events.push((at(80), "leave = 14".to_owned()));
    }
    let events: Vec<_> = events
        .iter()
        .map(|(at, deed)| (at.as_str(), deed.as_str()))
        .collect();
    let plan = plan(&ring(7, "[32, 60, 80, 98]", &script(&events)));
    let run = audit(&plan.runs[0]);
    assert_eq!(run.metric("violations_unexcused"), 0.0);
    assert_eq!((run.metric("joins"), run.metric("nodes_end")), (16.0, 4.0));
    assert_eq!(run.timeline.last().unwrap().ring_ok, Some(true));
}
