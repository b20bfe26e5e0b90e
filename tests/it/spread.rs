//! Copies spread over the ring: what follows from the rule that copy i of a key is at the owner of key + i·⌊2^m/k⌋, by hand on the
//! ring of six, and in the mean on large ones.
#![expect(clippy::float_cmp, reason = "counts are whole numbers, and exact")]

use std::path::Path;

use chordsim::catalogue::{OperationKind, OperationOutcome, OperationRecord, Reason};
use chordsim::scenario::{Overrides, Plan};

use crate::common::{Run, mean_and_error, plan, run};
use crate::coursework::{SIX, kept, puts, shelves_at};
use crate::script::{ring, script};

/// The ring of six, whose nodes know four others, with three copies spread over it and more as said.
///
/// On 2^7 positions the places of a key are 42 apart. 111 to 15 are 15's, 16 to 26 are 26's, and so on for 38, 61, 95 and 110.
fn six(events: &str, storage: &str) -> String {
    let ring = ring(7, SIX, events).replace("successors = 3", "successors = 4");
    format!("{ring}[storage]\nscheme = \"spread\"\nreplicas = 3\n{storage}\n")
}

/// The same with nodes that know one successor and their fingers.
fn six_with_short_lists(events: &str, storage: &str) -> String {
    six(events, storage).replace("successors = 4", "successors = 1")
}

const NO_REPAIR: &str = "repair_every = \"off\"";

const KEYS: [u64; 8] = [5, 16, 30, 50, 62, 70, 100, 120];

fn only(text: &str) -> Run {
    run(&plan(text).runs[0])
}

fn operation(run: &Run, kind: OperationKind) -> &OperationRecord {
    let mut rows = run.operations.iter().filter(|row| row.kind == kind);
    rows.next().expect("there is one")
}

#[test]
fn each_copy_is_at_the_owner_of_its_place() {
    let (seen, run) = shelves_at(&six(&puts(&KEYS, 38), NO_REPAIR), &[90]);
    let expected = kept([
        (5, &[15, 61, 95]),    // 5, 47, 89
        (16, &[26, 61, 110]),  // 16, 58, 100
        (30, &[15, 38, 95]),   // 30, 72, 114
        (50, &[15, 61, 95]),   // 50, 92, 134 = 6
        (62, &[26, 95, 110]),  // 62, 104, 146 = 18
        (70, &[15, 26, 95]),   // 70, 112, 154 = 26
        (100, &[15, 61, 110]), // 100, 142 = 14, 184 = 56
        (120, &[15, 38, 95]),  // 120, 162 = 34, 204 = 76
    ]);
    assert_eq!(seen[0], expected);
    let stored = |row: &OperationRecord| row.outcome == OperationOutcome::Stored;
    assert!(run.operations.iter().all(stored));
    assert_eq!(run.metric("under_replicated"), 0.0);
}

/// What is there from the start is where puts go.
#[test]
fn what_is_there_from_the_start_is_in_its_places() {
    // A script that changes nothing.
    let asks = script(&[("2m", "get = { key = 5, from = 15 }")]);
    let toml = six(&asks, NO_REPAIR) + "preload = true\n";
    let toml = toml.replace("lookups_per_s = 0", "lookups_per_s = 0, keys = 40");
    let (seen, _) = shelves_at(&toml, &[90]);
    let ids = [15, 26, 38, 61, 95, 110];
    let owner = |place: u64| *ids.iter().find(|id| **id >= place % 128).unwrap_or(&15);
    assert!(seen[0].len() > 25, "of 40 keys on 128 positions");
    for (key, nodes) in &seen[0] {
        let mut expected: Vec<u64> = [0, 42, 84].map(|step| owner(key + step)).to_vec();
        expected.sort_unstable();
        assert_eq!(*nodes, expected, "{key}");
    }
}

/// Four places are 32 apart. 62 and 94 are 95's, 126 is 15's, 158 = 30 is 38's: three nodes keep a copy, and a fourth
/// never answers. On a ring of two nodes there are two copies.
#[test]
fn who_owns_several_places_keeps_one_copy() {
    let of_four = |quorum: u32| {
        let toml = six(&puts(&[62], 26), NO_REPAIR).replace("replicas = 3", "replicas = 4");
        shelves_at(&format!("{toml}write_quorum = {quorum}\n"), &[90])
    };
    for (quorum, outcome) in [
        (3, OperationOutcome::Stored),
        (4, OperationOutcome::Partial),
    ] {
        let (seen, run) = of_four(quorum);
        assert_eq!(seen[0], kept([(62, &[15, 38, 95])]));
        let put = operation(&run, OperationKind::Put);
        assert_eq!((put.outcome, put.replicas_acked), (outcome, 3));
    }
    let two = ring(7, "[15, 95]", &puts(&[5, 50], 15));
    let toml = format!("{two}[storage]\nscheme = \"spread\"\nreplicas = 5\n");
    let (seen, _) = shelves_at(&toml, &[90]);
    assert_eq!(seen[0], kept([(5, &[15, 95]), (50, &[15, 95])]));
}

/// 15 owns 5. It finds the owner of 47 by way of 38, its last finger before that place, and that of 89 by way of 61: two
/// round trips of 2 ms each, at the same time. Then it asks them for a third: 6 ms.
#[test]
fn copies_are_reached_over_ways_of_their_own() {
    let asks = script(&[
        ("2m", "put = { key = 5, value = \"ab\", from = 15 }"),
        ("3m", "get = { key = 5, from = 15 }"),
    ]);
    let of_quorum = |quorum: u32| {
        let quorums = format!("{NO_REPAIR}\nwrite_quorum = {quorum}\nread_quorum = {quorum}");
        only(&six_with_short_lists(&asks, &quorums))
    };
    for (quorum, latency) in [(1, 0.0), (2, 6.0), (3, 6.0)] {
        let run = of_quorum(quorum);
        for (kind, outcome) in [
            (OperationKind::Put, OperationOutcome::Stored),
            (OperationKind::Get, OperationOutcome::Found),
        ] {
            let row = operation(&run, kind);
            let said = (row.outcome, row.latency_ms, row.hops, row.timeouts);
            assert_eq!(said, (outcome, Some(latency), Some(0), 0), "{row:?}");
        }
    }
}

/// The same put when 95 has crashed a moment before: 61 names it, and no answer comes for 500 ms. Then 15 asks its own
/// successor 26 and what that one names, 38; both know no other way than 61's. The place is lost, the put partial, after 500 ms
/// and three round trips. With a quorum of two nobody waits for it.
#[test]
fn a_way_that_is_lost_is_an_answer_less() {
    let asks = script(&[
        ("2m", "crash = 95"),
        ("2m", "put = { key = 5, value = \"ab\", from = 15 }"),
    ]);
    let still = |quorum: u32| {
        let quorum = format!("{NO_REPAIR}\nwrite_quorum = {quorum}");
        let toml = six_with_short_lists(&asks, &quorum);
        only(&toml.replace("\"1s\"", "\"off\""))
    };
    let run = still(3);
    let put = operation(&run, OperationKind::Put);
    let said = (put.outcome, put.reason, put.replicas_acked, put.timeouts);
    let expected = (OperationOutcome::Partial, Some(Reason::NoQuorum), 2, 1);
    assert_eq!(said, expected, "{put:?}");
    let run = still(2);
    let put = operation(&run, OperationKind::Put);
    let said = (put.outcome, put.latency_ms, put.replicas_acked);
    assert_eq!(said, (OperationOutcome::Stored, Some(6.0), 2), "{put:?}");
}

/// 80 takes 62 to 80 from 95: the copies of 30 (place 72), 62, 70 and 120 (place 76), and no others, and gives them back when it
/// leaves. A copy has 16 + 2 bytes, a message 32: 4 · 18 + 32 = 104 each way, and a receipt of 32.
#[test]
fn a_node_that_comes_and_goes_moves_what_has_a_place_with_it() {
    let changes = script(&[("2m", "join = 80\nvia = 15"), ("4m", "leave = 80")]);
    let toml = six(&(puts(&KEYS, 38) + &changes), NO_REPAIR);
    let (seen, run) = shelves_at(&toml, &[90, 230, 350]);
    let with_80 = kept([
        (5, &[15, 61, 95]),
        (16, &[26, 61, 110]),
        (30, &[15, 38, 80]),
        (50, &[15, 61, 95]),
        (62, &[26, 80, 110]),
        (70, &[15, 26, 80]),
        (100, &[15, 61, 110]),
        (120, &[15, 38, 80]),
    ]);
    assert_eq!(seen[1], with_80);
    assert_eq!(seen[2], seen[0]);
    assert_eq!(run.metric("handover_bytes"), 104.0 + 32.0 + 104.0);
    assert_eq!(run.metric("values_lost"), 0.0);
}

/// 62 and 94 are both 95's if there are four copies. 80 takes the first of these places: 95 sends the copy and keeps it.
#[test]
fn what_has_another_place_with_the_sender_stays() {
    let join = script(&[("2m", "join = 80\nvia = 15")]);
    let toml = six(&(puts(&[62], 26) + &join), NO_REPAIR).replace("replicas = 3", "replicas = 4");
    let (seen, _) = shelves_at(&toml, &[90, 230]);
    assert_eq!(seen[0], kept([(62, &[15, 38, 95])]));
    assert_eq!(seen[1], kept([(62, &[15, 38, 80, 95])]));
}

/// 38, 61 and 95, neighbours, crash at once. Of each key a copy is elsewhere; of three copies on successors those of 30, which
/// were at just these nodes, are gone. With repair all have their copies a minute later: 27 to 110 are 110's then.
#[test]
fn neighbours_may_crash_at_once() {
    let crash = script(&[
        ("2m", "crash = 38"),
        ("2m", "crash = 61"),
        ("2m", "crash = 95"),
    ]);
    let events = puts(&KEYS, 15) + &crash;
    let (seen, run) = shelves_at(&six(&events, NO_REPAIR), &[230]);
    let left = kept([
        (5, &[15]),
        (16, &[26, 110]),
        (30, &[15]),
        (50, &[15]),
        (62, &[26, 110]),
        (70, &[15, 26]),
        (100, &[15, 110]),
        (120, &[15]),
    ]);
    assert_eq!(seen[0], left);
    assert_eq!(run.metric("values_lost"), 0.0);
    let run = only(&six(&events, NO_REPAIR).replace("spread", "successors"));
    assert_eq!(run.metric("values_lost"), 1.0);

    let (seen, _) = shelves_at(&six(&events, "repair_every = \"10s\""), &[230]);
    let mended = kept([
        (5, &[15, 110]),      // 15; 47 and 89 are 110's
        (16, &[26, 110]),     // 26; 58 and 100
        (30, &[15, 110]),     // 30 and 72; 114 is 15's
        (50, &[15, 110]),     // 50 and 92; 6
        (62, &[26, 110]),     // 62 and 104; 18
        (70, &[15, 26, 110]), // 70; 112; 26
        (100, &[15, 110]),    // 100 and 56; 14
        (120, &[15, 110]),    // 120; 34 and 76
    ]);
    assert_eq!(seen[0], mended);
}

/// Without hand-over repair brings the copies to a newcomer, and those that 95 keeps for nothing are dropped.
#[test]
fn repair_alone_moves_copies_too() {
    let join = script(&[("2m", "join = 80\nvia = 15")]);
    let storage = "repair_every = \"10s\"\nhandover = false";
    let (seen, run) = shelves_at(
        &six(&(puts(&[30, 50, 62], 38) + &join), storage),
        &[110, 290],
    );
    let before = kept([
        (30, &[15, 38, 95]),
        (50, &[15, 61, 95]),
        (62, &[26, 95, 110]),
    ]);
    let after = kept([
        (30, &[15, 38, 80]),
        (50, &[15, 61, 95]),
        (62, &[26, 80, 110]),
    ]);
    assert_eq!(seen, [before, after]);
    assert_eq!(run.metric("handover_bytes"), 0.0);
}

/// 38 crashes, and 61 owns 27 to 38, of which it has only what had another place with it. Two nodes could send it each of the
/// others: one does. What is sent is what nodes have that had not: values of 10 MB, beside which nothing else counts.
#[test]
fn repair_sends_what_is_missing_and_once() {
    let crash = script(&[("2m", "crash = 38")]);
    let storage = "repair_every = \"10s\"\npreload = true\nvalue_bytes = 10_000_000";
    let toml = six(&crash, storage).replace("lookups_per_s = 0", "lookups_per_s = 0, keys = 60");
    let (seen, run) = shelves_at(&toml, &[110, 290]);
    let (before, after) = (&seen[0], &seen[1]);
    let added = |(key, nodes): (&u64, &Vec<u64>)| {
        let others = nodes.iter().filter(|node| !before[key].contains(node));
        others.count()
    };
    let sent: usize = after.iter().map(added).sum();
    assert!(sent > 10, "{sent}");
    let values = (run.metric("repair_bytes") / 10_000_000.0).floor();
    assert_eq!(values, sent as f64);
}

/// Thirty owners compare thirty times at three other places. The ends of the owners' arcs and of those that keep the copies cut the
/// ring into 2 · 30 parts at each place. For each part there is a question (48 bytes), who is behind (46), a summary (68) and
/// that it is the same (32): nobody looks for what was there the last time. Nothing else is ever sent.
#[test]
fn a_ring_at_rest_compares_and_no_more() {
    let run = only(
        "duration = \"5m\"\nwarmup = \"0s\"
        overlay = { nodes = 30 }
        workload = { lookups_per_s = 0, keys = 500 }
        storage = { scheme = \"spread\", replicas = 4, preload = true, repair_every = \"10s\" }",
    );
    assert_eq!(run.metric("under_replicated"), 0.0);
    assert_eq!(run.metric("handover_bytes"), 0.0);
    let rounds = run.metric("repair_bytes") / (3.0 * 60.0 * 194.0);
    // The first round falls within the first ten seconds, and has to look for its first nodes.
    assert!((29.0..=31.0).contains(&rounds), "{rounds} rounds");
}

/// Three tenths of a thousand nodes die at once. The three nodes of a key are among them with C(300, 3)/C(1000, 3) =
/// 300 · 299 · 298/(1000 · 999 · 998), wherever they are.
#[test]
fn as_much_is_lost_at_once_as_on_successors() {
    let expected = 300.0 * 299.0 * 298.0 / (1000.0 * 999.0 * 998.0);
    let lost = |seed: u64| {
        let run = only(&format!(
            "seed = {seed}\nduration = \"2s\"\nwarmup = \"0s\"
            overlay = {{ nodes = 1000 }}
            workload = {{ lookups_per_s = 0, keys = 5000 }}
            storage = {{ scheme = \"spread\", replicas = 3, preload = true, repair_every = \"off\", handover = false }}
            [[fault]]\nat = \"1s\"\nkill = 0.3"
        ));
        assert_eq!(run.metric("crashes"), 300.0);
        run.metric("values_lost") / 5000.0
    };
    let lost: Vec<f64> = (0..40).map(lost).collect();
    let (mean, error) = mean_and_error(&lost);
    assert!(error < expected / 10.0, "{error}: too few runs");
    assert!(
        (mean - expected).abs() < 3.0 * error,
        "{mean} ± {error}, not {expected}"
    );
}

/// Nobody crashes: nothing is lost. Some crash, and repair is fast: little is.
#[test]
fn values_survive_those_who_come_and_go() {
    for (graceful, most) in [("1.0", 0.0), ("0.0", 20.0)] {
        let run = only(&format!(
            "duration = \"60m\"\nwarmup = \"0s\"
            overlay = {{ nodes = 60 }}
            workload = {{ lookups_per_s = 0, gets_per_s = 2, puts_per_s = 1, keys = 400 }}
            storage = {{ scheme = \"spread\", replicas = 3, preload = true, repair_every = \"20s\" }}
            churn = {{ model = \"poisson\", graceful = {graceful}, poisson = {{ joins_per_s = 0.05, leaves_per_s = 0.05 }} }}"
        ));
        let (lost, few) = (run.metric("values_lost"), run.metric("under_replicated"));
        assert!(lost <= most, "{lost} are lost");
        assert!(few < 60.0, "{few} of 400 keys have too few copies");
        assert!(run.metric("get_success_rate") > 0.95);
    }
}

/// A successor list need not be as long as there are copies, where it does not name their nodes.
#[test]
fn a_short_list_is_no_limit() {
    let with = |scheme: &str| {
        let text = format!(
            "chord.successors = 2\nstorage = {{ scheme = \"{scheme}\", replicas = 5, preload = true }}"
        );
        Plan::parse(&text, Path::new("test.toml"), &Overrides::default())
    };
    with("spread").expect("five places can be found");
    let Err(refused) = with("successors") else {
        panic!("a node names two others");
    };
    let told = format!("{:?}", miette::Report::new(*refused));
    assert!(told.contains("spread"), "{told}");
}
