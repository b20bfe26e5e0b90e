//! Puts and gets: what can be said of them on paper, on rings small enough to follow. What is known of large ones stands in
//! `scenarios/paper/`.
#![expect(clippy::float_cmp, reason = "counts are whole numbers, and exact")]

use crate::common::{Run, plan, run};
use chordsim::catalogue::{OperationKind, OperationOutcome, OperationRecord, Reason};

/// A ring at rest on a network where every message takes 50 ms.
const AT_REST: &str = r#"
warmup   = "0s"
duration = "100s"
sample   = "100s"
chord.stabilize_every         = "off"
chord.fix_fingers_every       = "off"
chord.check_predecessor_every = "off"
"#;

fn only(text: &str) -> Run {
    run(&plan(text).runs[0])
}

fn of_kind(run: &Run, kind: OperationKind) -> Vec<&OperationRecord> {
    run.operations
        .iter()
        .filter(|row| row.kind == kind)
        .collect()
}

/// A put is a lookup ((h + 1) d), the question which nodes keep copies (2 d, unless the asker is the owner or there is one
/// copy) and the copies themselves (2 d, unless the only copy is the asker's own).
#[test]
fn the_latency_of_a_put_is_that_of_its_legs() {
    for (replicas, quorum) in [(1, 1), (3, 1), (3, 3)] {
        let run = only(&format!(
            "{AT_REST}
            overlay = {{ nodes = 40 }}
            workload = {{ lookups_per_s = 0, puts_per_s = 3, gets_per_s = 3, keys = 300 }}
            storage = {{ replicas = {replicas}, write_quorum = {quorum}, read_quorum = {quorum}, preload = true, \
                         repair_every = \"off\" }}"
        ));
        assert!(run.operations.len() > 400);
        for row in &run.operations {
            let hops = row.hops.unwrap();
            let owns = hops == 0;
            let lookup = if owns { 0 } else { hops + 1 };
            let who = if replicas == 1 || owns { 0 } else { 2 };
            let asks_nobody = owns && quorum == 1;
            let copies = if asks_nobody { 0 } else { 2 };
            let latency = row.latency_ms.unwrap();
            let longest = f64::from(50 * (lookup + who + copies));
            // The asker may keep a copy that is not the owner's; with a quorum of one that is at once.
            let shortest = if quorum == 1 {
                longest - 100.0
            } else {
                longest
            };
            assert!(latency <= longest && latency >= shortest, "{row:?}");
            assert_eq!(row.replicas_acked, quorum, "{row:?}");
            assert_eq!(
                (row.timeouts, row.reason, row.bytes),
                (0, None, Some(1024)),
                "{row:?}"
            );
        }
        let wrong = of_kind(&run, OperationKind::Get)
            .into_iter()
            .find(|row| row.outcome != OperationOutcome::Found);
        assert_eq!(wrong, None, "nothing changes but versions");
    }
}

/// With R + W > N a get sees every put that was acknowledged when it began, also while others are under way.
#[test]
fn quorums_that_overlap_never_read_an_old_version() {
    for (replicas, write, read) in [(1, 1, 1), (3, 2, 2), (3, 3, 1), (3, 1, 3), (5, 3, 3)] {
        let run = only(&format!(
            "{AT_REST}
            overlay = {{ nodes = 20, rpc_timeout = \"20s\" }}
            network = {{ model = \"exponential\", exponential = {{ mean = \"100ms\", per = \"message\" }} }}
            workload = {{ lookups_per_s = 0, puts_per_s = 20, gets_per_s = 20, keys = 3 }}
            storage = {{ replicas = {replicas}, write_quorum = {write}, read_quorum = {read}, preload = true }}"
        ));
        let gets = of_kind(&run, OperationKind::Get);
        assert!(gets.len() > 1500);
        for row in gets {
            assert_eq!(row.outcome, OperationOutcome::Found, "{row:?}");
            assert!(row.version_read >= row.version, "{row:?}");
        }
    }
    let run = only(&format!(
        "{AT_REST}
        overlay = {{ nodes = 20, rpc_timeout = \"20s\" }}
        network = {{ model = \"exponential\", exponential = {{ mean = \"100ms\", per = \"message\" }} }}
        workload = {{ lookups_per_s = 0, puts_per_s = 20, gets_per_s = 20, keys = 3 }}
        storage = {{ replicas = 3, preload = true }}"
    ));
    assert!(
        run.metric("stale_rate") > 0.0,
        "a quorum of one of three may be old"
    );
}

/// A get of a key that was never put finds nothing, and that is no failure.
#[test]
fn what_was_never_put_is_missing() {
    let run = only(&format!(
        "{AT_REST}
        overlay = {{ nodes = 10 }}
        workload = {{ lookups_per_s = 0, gets_per_s = 2, keys = 10 }}"
    ));
    assert!(run.operations.len() > 100);
    for row in &run.operations {
        let said = (row.outcome, row.reason, row.version_read);
        assert_eq!(said, (OperationOutcome::Missing, None, None));
    }
    assert_eq!(run.metric("values_alive"), 0.0);
}

/// When the nodes of a key are dead, its value is lost; as long as one lives, nobody says so.
#[test]
fn a_value_is_lost_with_its_last_copy_only() {
    for replicas in [1, 3] {
        let run = only(&format!(
            "duration = \"60m\"\nwarmup = \"0s\"
            overlay = {{ nodes = 60 }}
            workload = {{ lookups_per_s = 0, gets_per_s = 4, keys = 400 }}
            storage = {{ replicas = {replicas}, preload = true, repair_every = \"20s\" }}
            churn = {{ model = \"poisson\", poisson = {{ joins_per_s = 0.05, leaves_per_s = 0.05 }} }}"
        ));
        let (alive, lost) = (run.metric("values_alive"), run.metric("values_lost"));
        assert_eq!(alive + lost, 400.0);
        if replicas == 1 {
            assert!(lost > 300.0, "{lost}: some 180 of 60 nodes have died");
        } else {
            assert!(
                lost < 20.0,
                "{lost}: three nodes in a row rarely die within a minute"
            );
            assert!(run.metric("get_success_rate") > 0.95);
        }
        let not_there = run
            .operations
            .iter()
            .filter(|row| row.reason == Some(Reason::NotThere));
        assert!(not_there.count() * 20 < run.operations.len());
    }
}

/// Nobody dies and everybody says goodbye: no value is ever lost, with one copy or with three.
#[test]
fn goodbyes_lose_nothing() {
    for replicas in [1, 2, 3] {
        let run = only(&format!(
            "duration = \"60m\"\nwarmup = \"0s\"
            overlay = {{ nodes = 60 }}
            workload = {{ lookups_per_s = 0, gets_per_s = 2, puts_per_s = 1, keys = 400 }}
            storage = {{ replicas = {replicas}, preload = true, repair_every = \"20s\" }}
            churn = {{ model = \"poisson\", graceful = 1.0, poisson = {{ joins_per_s = 0.02, leaves_per_s = 0.02 }} }}"
        ));
        assert_eq!(run.metric("values_lost"), 0.0, "{replicas} copies");
        assert_eq!(run.metric("gets_lost"), 0.0);
        let few = run.metric("under_replicated");
        assert!(
            few < 60.0,
            "{few} of 400 keys have too few of {replicas} copies"
        );
    }
}

/// Keys per peer: with three copies each peer keeps three times as many as it owns, on average, and all of them are somewhere.
#[test]
fn every_key_has_its_copies_when_nothing_changes() {
    let run = only(
        "duration = \"5m\"\nwarmup = \"0s\"
        overlay = { nodes = 30 }
        workload = { lookups_per_s = 0, keys = 500 }
        storage = { replicas = 4, preload = true, repair_every = \"10s\" }",
    );
    assert_eq!(run.metric("under_replicated"), 0.0);
    assert_eq!(run.metric("handover_bytes"), 0.0);
    // Thirty nodes compare with three others thirty times: a summary of 68 bytes, an answer of 32. The first comparison
    // falls within the first ten seconds. Nothing is ever sent but these.
    let each = run.metric("repair_bytes") / (30.0 * 3.0 * 100.0);
    assert!((29.0..=31.0).contains(&each), "{each} comparisons each");
}

/// Whatever is put on a peer's second position is not a second copy.
#[test]
fn copies_are_on_different_peers() {
    let run = only(
        "duration = \"2s\"\nwarmup = \"0s\"
        overlay = { nodes = 20, virtual_nodes = 5 }
        workload = { lookups_per_s = 0, keys = 2000 }
        storage = { replicas = 2, preload = true, repair_every = \"off\", handover = false }
        [[fault]]\nat = \"1s\"\nkill = 0.05",
    );
    assert_eq!(run.metric("crashes"), 1.0);
    assert_eq!(
        run.metric("values_lost"),
        0.0,
        "one peer died, and the other copy is elsewhere"
    );
    assert!(run.metric("under_replicated") > 100.0);
}

/// What storage does changes nothing of who comes, who goes and what lookups ask for.
#[test]
fn lookups_are_the_same_lookups_with_and_without_storage() {
    let with = |storage: &str| {
        only(&format!(
            "duration = \"5m\"\nwarmup = \"0s\"\noverlay = {{ nodes = 50 }}
            churn = {{ model = \"poisson\", poisson = {{ joins_per_s = 0.1, leaves_per_s = 0.1 }} }}
            {storage}"
        ))
    };
    let (without, with) = (
        with("workload = { lookups_per_s = 5 }"),
        with(
            "workload = { lookups_per_s = 5, puts_per_s = 3, gets_per_s = 2 }\nstorage = { replicas = 3 }",
        ),
    );
    let asked = |run: &Run| -> Vec<_> {
        let rows = run.lookups.iter();
        rows.map(|row| (row.time_s.to_bits(), row.source, row.key))
            .collect()
    };
    assert_eq!(asked(&without), asked(&with));
    assert_eq!(without.metric("joins"), with.metric("joins"));
    assert!(with.metric("puts") > 500.0);
}

/// A node comes and goes with a goodbye, as fast as it likes, and nobody else does: the one copy of each value survives, also
/// where messages overtake each other. (A receipt that arrives after the farewell, with which the keys came back, is void.)
#[test]
fn a_node_may_go_as_soon_as_it_has_come() {
    let mut lost = Vec::new();
    for (seed, maintenance) in
        (0..20).flat_map(|seed| ["zave2017", "ton2003", "chord2001"].map(|it| (seed, it)))
    {
        // It stays for 0 to 1.56 s; a message takes 60 ms on average, and none as long as a node waits.
        let visit = |visit: u32| {
            let (comes, stays) = (60_000 + 20_000 * visit, 40 * visit);
            let goes = comes + stays;
            format!(
                "[[event]]\nat = \"{comes}ms\"\njoin = 60\n[[event]]\nat = \"{goes}ms\"\nleave = 60\n"
            )
        };
        let visits: Vec<String> = (0..40).map(visit).collect();
        let visits = visits.concat();
        let run = only(&format!(
            "seed = {seed}\nduration = \"16m\"\nwarmup = \"0s\"
            overlay = {{ id_bits = 7, ids = [14, 32, 98], rpc_timeout = \"5s\" }}
            network = {{ model = \"exponential\", exponential = {{ mean = \"60ms\", per = \"message\" }} }}
            chord = {{ maintenance = \"{maintenance}\", stabilize_every = \"300ms\", successors = 2 }}
            workload = {{ lookups_per_s = 0, keys = 60 }}
            storage = {{ replicas = 1, preload = true, repair_every = \"off\" }}
            {visits}"
        ));
        assert!(run.metric("joins") > 30.0 && run.metric("crashes") == 0.0);
        assert!(run.metric("handover_bytes") > 0.0, "{maintenance}");
        if run.metric("values_lost") > 0.0 {
            lost.push((seed, maintenance, run.metric("values_lost")));
        }
    }
    assert_eq!(lost, []);
}
