//! Networks that are cut in two: what becomes of the ring, of lookups and of those who want to join.

use std::collections::BTreeMap;

use chordsim::catalogue::{LookupRecord, Outcome, TimelineRecord};
use chordsim::engine::{Stream, unit_hash};

use crate::common::books::assert_books_balance;
use crate::common::{Run, audit, plan, run, run_one};

/// A ring of 200 nodes that is cut after three minutes, and watched for a quarter of an hour.
fn cut(share: f64, length: &str, chord: &str) -> String {
    format!(
        r#"
seed = 5
duration = "15m"
sample = "10s"
warmup = "1m"
[overlay]
nodes = 200
[network]
model = "constant"
constant.latency = "40ms"
[chord]
{chord}
[[fault]]
at = "3m"
partition = {share}
for = "{length}"
[workload]
lookups_per_s = 10
"#
    )
}

fn rings(run: &Run) -> Vec<u64> {
    let rows = run.timeline.iter();
    rows.map(|row| row.rings.expect("there are members"))
        .collect()
}

fn last(run: &Run) -> &TimelineRecord {
    run.timeline.last().expect("a row")
}

/// Once each node has dropped the successors on the other side, which takes a period of stabilisation (30 s and a
/// tenth) and a timeout for each of some, no node asks anybody of the other side. In ten seconds only a third of the nodes
/// have looked, and the others lead back.
#[test]
fn a_long_cut_leaves_two_rings_for_good_and_a_short_one_does_not() {
    let short = run_one(&cut(0.5, "10s", ""));
    assert_eq!(rings(&short), vec![1; 90]);
    assert_eq!(last(&short).ring_ok, Some(true));
    for share in [0.5, 0.1] {
        let long = run_one(&cut(share, "2m", ""));
        assert_books_balance(&long);
        let rings = rings(&long);
        assert_eq!(rings[..18], [1; 18], "before the cut");
        assert_eq!(
            rings[24..],
            [2; 66],
            "{share}: from a minute after the cut on"
        );
        assert_eq!(last(&long).ring_ok, Some(false));
    }
}

/// A node asks nine contacts at most, one every 10 s: what there is to find is found within 90 s of the end of the cut, and
/// stabilised in another minute or two.
#[test]
fn nodes_that_ask_those_who_were_silent_make_one_ring_of_two() {
    for maintenance in ["zave2017", "ton2003", "chord2001"] {
        // The protocol of 2001 has no check on the predecessor of its own, and never closes two rings without one.
        let chord = format!(
            "maintenance = \"{maintenance}\"\ncheck_predecessor_every = \"30s\"\n\
             merge_probe_every = \"10s\"\n"
        );
        let run = run_one(&cut(0.5, "2m", &chord));
        assert_books_balance(&run);
        let rings = rings(&run);
        assert_eq!(rings[26..30], [2; 4], "{maintenance}: during the cut");
        // The cut is over after 5 minutes.
        assert_eq!(rings[48..], [1; 42], "{maintenance}: three minutes later");
        let last = last(&run);
        assert_eq!(
            (last.ring_ok, last.wrong_successors),
            (Some(true), Some(0.0)),
            "{maintenance}"
        );
    }
}

/// Whether a host is on the one side of the first fault of a run, by the definition.
fn side(seed: u64, host: u32, share: f64) -> bool {
    unit_hash(seed, Stream::Partitions, 0, host.into()) < share
}

/// The owner is the first live node of all. Once the sides have closed their rings, whoever asks finds it if it is on his side,
/// and else the first node of his own side at or after the key, which is wrong. The sides of 200 hosts vary p by 0.035 at
/// most.
#[test]
fn during_a_cut_an_answer_is_right_if_the_owner_is_on_the_same_side() {
    for p in [0.5_f64, 0.2] {
        let upkeep = "stabilize_every = \"5s\"\nfix_fingers_every = \"5s\"\n";
        let spec = &plan(&cut(p, "10m", upkeep)).runs[0];
        let run = run(spec);
        let sides: BTreeMap<u64, bool> = run
            .nodes
            .iter()
            .map(|node| (node.id, side(spec.seed, node.host, p)))
            .collect();
        let is_settled = |row: &&LookupRecord| (480.0..780.0).contains(&row.time_s);
        let (mut same, mut all) = (0, 0);
        for row in run.lookups.iter().filter(is_settled) {
            let (asker, owner) = (row.source_id.unwrap(), row.owner_id.unwrap());
            let is_same = sides[&asker] == sides[&owner];
            let expected = if is_same { Outcome::Ok } else { Outcome::Wrong };
            assert_eq!(row.outcome, expected, "{row:?}");
            same += u32::from(is_same);
            all += 1;
        }
        let on_one = sides.values().filter(|side| **side).count();
        assert!((on_one as f64 / 200.0 - p).abs() < 0.1, "{on_one} of 200");
        assert!(all > 2500 && same < all, "ten a second: {same} of {all}");
    }
}

/// What users ask for, and who is where, does not depend on what nodes do about a cut.
#[test]
fn the_world_is_the_same_with_and_without_the_remedy() {
    let asked = |chord: &str| {
        let text = cut(0.5, "2m", chord)
            + "[churn]\nmodel = \"poisson\"\npoisson = { joins_per_s = 0.1, leaves_per_s = 0.1 }\n";
        let run = run_one(&text);
        let rows = run.lookups.iter();
        let mut asked: Vec<_> = rows
            .map(|row| (row.lookup, row.time_s.to_bits(), row.source_id, row.key))
            .collect();
        asked.sort_unstable();
        let nodes = run.nodes.iter();
        let left: Vec<_> = nodes
            .map(|row| (row.id, row.host, row.left_s.map(f64::to_bits)))
            .collect();
        (asked, left)
    };
    assert_eq!(asked(""), asked("merge_probe_every = \"30s\""));
}

#[test]
fn several_cuts_at_once_leave_as_many_rings_as_there_are_parts() {
    let text = cut(0.5, "5m", "") + "[[fault]]\nat = \"3m\"\npartition = 0.5\nfor = \"5m\"\n";
    // Each host is on one of two sides, twice: four parts.
    assert_eq!(last(&run_one(&text)).rings, Some(4));
}

/// Nobody is to blame: those who are cut off are taken for dead though they live.
#[test]
fn an_audit_excuses_a_cut() {
    for chord in ["", "merge_probe_every = \"30s\""] {
        let run = audit(&plan(&cut(0.5, "2m", chord)).runs[0]);
        assert!(!run.violations.is_empty(), "two rings are not one");
        let blamed = run.violations.iter().find(|row| row.preconditions);
        assert!(blamed.is_none(), "{blamed:?}");
        let mut of_the_ring = run.violations.iter();
        let first = of_the_ring.find(|row| row.invariant != "key_owner");
        let first = first.expect("principals are skipped");
        assert_eq!(first.excuse, "suspicion", "{first:?}");
    }
}

#[test]
fn a_share_leaves_with_a_goodbye() {
    let text = "duration = \"5m\"\nsample = \"1m\"\noverlay.nodes = 50\n\
                [[fault]]\nat = \"90s\"\nleave = 0.3\n";
    let run = run_one(text);
    let rows: Vec<_> = run
        .timeline
        .iter()
        .map(|row| (row.nodes, row.leaves, row.crashes))
        .collect();
    assert_eq!(
        rows,
        [(50, 0, 0), (35, 15, 0), (35, 0, 0), (35, 0, 0), (35, 0, 0)]
    );
}

/// A ring to which some join, and whose well-known node crashes after two minutes.
fn bootstrap(bootstrap: &str) -> Run {
    let run = run_one(&format!(
        r#"
seed = 7
warmup = "0s"
duration = "6m"
sample = "1m"
[overlay]
nodes = 50
bootstrap = {bootstrap}
[churn]
model = "poisson"
poisson = {{ joins_per_s = 0.2, leaves_per_s = 0 }}
[[fault]]
at = "2m"
crash_well_known = true
[workload]
lookups_per_s = 1
"#
    ));
    assert_books_balance(&run);
    run
}

#[test]
fn without_its_only_well_known_node_nobody_joins_any_more() {
    let run = bootstrap("1");
    let after: Vec<_> = run.timeline[2..].iter().collect();
    let [first, .., last] = &after[..] else {
        panic!("four rows")
    };
    assert_eq!(last.nodes, first.nodes, "nobody has joined");
    let came: u64 = after[1..].iter().map(|row| row.joins).sum();
    assert!(came > 20, "12 a minute: {came}");
    assert_eq!(last.joining, first.joining + came, "all of them wait");
    // The last one to join before was under way when it crashed at most.
    let crashes: u64 = run.timeline.iter().map(|row| row.crashes).sum();
    assert_eq!(crashes, 1);
}

#[test]
fn with_several_well_known_nodes_or_a_new_one_in_its_place_all_join() {
    for way in ["3", "\"replaced\""] {
        let run = bootstrap(way);
        let last = last(&run);
        let came: u64 = run.timeline.iter().map(|row| row.joins).sum();
        // Who came a moment ago may be under way.
        assert!(last.joining <= 2, "{way}: {}", last.joining);
        assert_eq!(last.nodes + last.joining, 50 + came - 1, "{way}");
    }
}

/// The well-known nodes found the ring and are asked in turn, whether they are there or not.
#[test]
fn a_ring_is_built_through_several_well_known_nodes() {
    let text = "seed = 3\nduration = \"2m\"\nwarmup = \"5m\"\n[overlay]\nnodes = 60\nstart = \"join\"\n\
                join_window = \"2m\"\nbootstrap = 5\nvirtual_nodes = 2\n";
    let run = run_one(text);
    let last = last(&run);
    assert_eq!((last.nodes, last.joining, last.rings), (60, 0, Some(1)));
}

/// With nobody left, the first well-known peer that comes back begins anew, and those who wait find it.
#[test]
fn a_ring_that_has_died_begins_anew_at_a_well_known_node() {
    let text = "seed = 3\nduration = \"30m\"\nsample = \"1m\"\n[overlay]\nnodes = 4\nbootstrap = 2\n\
                [churn]\nmodel = \"sessions\"\nuntil = \"15m\"\n\
                sessions = { up = { fixed = { value = \"2m\" } }, down = { fixed = { value = \"8m\" } } }\n";
    let run = run_one(text);
    let rows = &run.timeline;
    assert!(rows.iter().any(|row| row.nodes == 0), "it has died");
    let last = last(&run);
    assert!(last.nodes + last.joining > 0);
}
