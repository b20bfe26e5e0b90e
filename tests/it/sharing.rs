//! What it costs others that peers keep nothing, hand nothing out, maintain nothing, or come only to ask: claims that follow
//! from the definitions on paper. On a ring at rest the nodes that keep a key's copies are the k at and behind it.

#![expect(clippy::float_cmp, reason = "shares of whole numbers, and exact")]

use std::collections::{BTreeMap, BTreeSet};

use chordsim::catalogue::{OperationOutcome, OperationRecord, Reason};

use crate::common::books::{AT_REST, assert_books_balance};
use crate::common::{Run, mean_and_error, run_all, run_one};

/// 120 nodes at rest, where values are read that are there from the start.
fn reading(replicas: u32, selfish: &str) -> String {
    format!(
        r#"
warmup = "0s"
duration = "5m"
sample = "1m"
[overlay]
nodes = 120
[chord]
{AT_REST}
[workload]
lookups_per_s = 0
gets_per_s = 4
keys = 4000
[storage]
replicas = {replicas}
preload = true
repair_every = "off"
[selfish]
{selfish}
"#
    )
}

/// Who keeps what on a ring at rest.
struct Keepers {
    ids: Vec<u64>,
    selfish: BTreeSet<u64>,
    replicas: usize,
}

impl Keepers {
    fn of(run: &Run, replicas: u32) -> Self {
        let mut ids: Vec<u64> = run.nodes.iter().map(|node| node.id).collect();
        ids.sort_unstable();
        let selfish = run.nodes.iter().filter(|node| node.selfish);
        Self {
            ids,
            selfish: selfish.map(|node| node.id).collect(),
            replicas: replicas as usize,
        }
    }

    fn at(&self, key: u64) -> Vec<u64> {
        let first = self.ids.partition_point(|id| *id < key);
        let ranks = first..first + self.replicas;
        ranks.map(|rank| self.ids[rank % self.ids.len()]).collect()
    }

    fn honest(&self, key: u64) -> usize {
        let keepers = self.at(key);
        keepers
            .iter()
            .filter(|id| !self.selfish.contains(id))
            .count()
    }

    /// Whether a peer that keeps nothing for others has kept this for itself: it was one of those that should, and has put
    /// or read the value.
    fn own(&self, row: &OperationRecord) -> bool {
        let asker = row.source_id.expect("somebody asked");
        self.selfish.contains(&asker) && self.at(row.key).contains(&asker)
    }

    /// The rows of keys that nobody has kept for itself.
    fn of_others<'a>(&self, run: &'a Run) -> Vec<&'a OperationRecord> {
        let own = run.operations.iter().filter(|row| self.own(row));
        let own: BTreeSet<u64> = own.map(|row| row.key).collect();
        let rows = run.operations.iter();
        rows.filter(|row| !own.contains(&row.key)).collect()
    }
}

/// Who keeps nothing has nothing to give: a value is found if and only if one of the k is honest. Those that said they had it
/// have let it be taken for stored, so that it is lost; those that declined have not, so that it is missing.
#[test]
fn a_value_is_there_if_one_of_its_keepers_is_honest() {
    for (refusal, nothing) in [
        ("acknowledge", OperationOutcome::Lost),
        ("decline", OperationOutcome::Missing),
    ] {
        for replicas in [1, 3] {
            let run = run_one(&reading(
                replicas,
                &format!(
                    "fraction = 0.5\nbehaviour = \"refuse-storage\"\nstorage_refusal = \"{refusal}\""
                ),
            ));
            let keepers = Keepers::of(&run, replicas);
            assert_eq!(keepers.selfish.len(), 60);
            let rows = keepers.of_others(&run);
            assert!(rows.len() > 900, "{}", rows.len());
            for row in rows {
                let there = keepers.honest(row.key) > 0;
                let outcome = if there {
                    OperationOutcome::Found
                } else {
                    nothing
                };
                assert_eq!(row.outcome, outcome, "{row:?}");
                assert_eq!(row.timeouts, 0, "each says what it has");
            }
        }
    }
}

/// Who holds a value and hands nothing out is silent: to users the value is not there if all k do so, though it is alive. Who
/// keeps it reads its own.
#[test]
fn a_value_is_read_if_one_of_its_keepers_hands_it_out() {
    for replicas in [1, 3] {
        let run = run_one(&reading(
            replicas,
            "fraction = 0.5\nbehaviour = \"refuse-serving\"",
        ));
        let keepers = Keepers::of(&run, replicas);
        for row in &run.operations {
            let honest = keepers.honest(row.key);
            let given = honest > 0 || keepers.own(row);
            let (outcome, reason) = if given {
                (OperationOutcome::Found, None)
            } else {
                (OperationOutcome::Failed, Some(Reason::NoQuorum))
            };
            assert_eq!((row.outcome, row.reason), (outcome, reason), "{row:?}");
            let silent = if given { 0 } else { replicas };
            assert!(row.timeouts == silent || given, "{row:?}");
        }
        let keys: BTreeSet<u64> = run.operations.iter().map(|row| row.key).collect();
        assert!(keys.len() > 500);
        assert_eq!(run.timeline.last().unwrap().values_alive, Some(4000));
    }
}

/// All k keepers are selfish with the probability C(S, k) / C(N, k), S of N peers being selfish: keepers are k different
/// peers. Rings are independent, keys of one ring are not.
#[test]
fn the_share_of_values_that_are_gone_is_hypergeometric() {
    let text = reading(2, "fraction = 0.7\nbehaviour = \"refuse-storage\"");
    let runs = run_all(&text.replace("warmup", "repeat = 16\nwarmup"));
    let expected = 84.0 * 83.0 / (120.0 * 119.0);
    let excess = runs.iter().map(|run| {
        let keepers = Keepers::of(run, 2);
        let rows = keepers.of_others(run);
        let gone = rows
            .iter()
            .filter(|row| row.outcome == OperationOutcome::Lost);
        gone.count() as f64 / rows.len() as f64 - expected
    });
    let (mean, error) = mean_and_error(&excess.collect::<Vec<_>>());
    println!("gone above expectation: {mean} ± {error}");
    assert!(error < 0.02 && mean.abs() < 4.0 * error, "{mean} ± {error}");
}

/// Droppers stand in the way, and who hands nothing out at its end: a get succeeds with both if and only if it does with
/// each of them alone.
#[test]
fn a_get_has_to_get_past_each_behaviour() {
    let with = |behaviour: &str| {
        run_one(&reading(
            2,
            &format!("fraction = 0.3\nbehaviour = \"{behaviour}\""),
        ))
    };
    let (dropping, silent) = (with("drop-lookups"), with("refuse-serving"));
    let both = with("drop-lookups+refuse-serving");
    let found = |row: &OperationRecord| row.outcome == OperationOutcome::Found;
    let mut counts = BTreeMap::new();
    for ((one, other), both) in dropping
        .operations
        .iter()
        .zip(&silent.operations)
        .zip(&both.operations)
    {
        assert_eq!((one.key, one.source), (both.key, both.source));
        assert_eq!(found(both), found(one) && found(other), "{both:?}");
        *counts.entry((found(one), found(other))).or_insert(0) += 1;
    }
    assert_eq!(counts.len(), 4, "all cases occur: {counts:?}");
}

fn writing(quorum: u32, storage: &str, selfish: &str) -> String {
    reading(3, selfish)
        .replace("gets_per_s", "puts_per_s")
        .replace(
            "preload = true",
            &format!("write_quorum = {quorum}\n{storage}"),
        )
}

/// Who declines is known at once: a put is stored if as many as the quorum wants are honest, and nobody waits in vain. Who
/// acknowledges is believed.
#[test]
fn a_put_learns_at_once_who_declines() {
    let declining = "fraction = 0.5\nbehaviour = \"refuse-storage\"\nstorage_refusal = \"decline\"";
    for quorum in [1, 2, 3] {
        let run = run_one(&writing(quorum, "", declining));
        let keepers = Keepers::of(&run, 3);
        for row in &run.operations {
            let honest = keepers.honest(row.key) as u32 + u32::from(keepers.own(row));
            let outcome = match honest {
                0 => OperationOutcome::Failed,
                honest if honest < quorum => OperationOutcome::Partial,
                _ => OperationOutcome::Stored,
            };
            assert_eq!(row.outcome, outcome, "{row:?}");
            assert_eq!(row.timeouts, 0);
        }
    }
    let run = run_one(&writing(
        3,
        "",
        "fraction = 0.5\nbehaviour = \"refuse-storage\"",
    ));
    let stored = |row: &OperationRecord| row.outcome == OperationOutcome::Stored;
    assert!(run.operations.iter().all(stored));
}

/// Where only as many are asked as the quorum wants, one that declines gives way to another of the k.
#[test]
fn in_place_of_one_that_declines_another_keeper_is_asked() {
    let declining = "fraction = 0.5\nbehaviour = \"refuse-storage\"\nstorage_refusal = \"decline\"";
    let run = run_one(&writing(2, "quorums = \"random\"", declining));
    let keepers = Keepers::of(&run, 3);
    let (mut stored, mut replaced) = (0, 0);
    for row in &run.operations {
        let honest = keepers.honest(row.key) + usize::from(keepers.own(row));
        assert_eq!(
            row.outcome == OperationOutcome::Stored,
            honest >= 2,
            "{row:?}"
        );
        stored += usize::from(honest >= 2);
        replaced += usize::from(honest == 2);
    }
    assert!(stored > 100 && replaced > 100);
}

/// Four nodes and one more, of which that one alone is selfish. It joins before the owner of a value, which has the only copy
/// of it, and takes its place.
fn handed_to_a_selfish_newcomer(refusal: &str) -> Run {
    let of_seed = |seed: u32| {
        run_one(&format!(
            r#"
seed = {seed}
warmup = "0s"
duration = "1m"
sample = "10s"
[overlay]
id_bits = 7
nodes = 4
ids = [10, 60, 90, 110]
[chord]
stabilize_every = "2s"
[workload]
lookups_per_s = 0
[storage]
always = true
repair_every = "off"
[selfish]
fraction = 0.1
behaviour = "refuse-storage"
storage_refusal = "{refusal}"
[[event]]
at = "1s"
put = {{ key = 30, value = "text", from = 110 }}
[[event]]
at = "10s"
join = 40
[[event]]
at = "50s"
get = {{ key = 30, from = 110 }}
"#
        ))
    };
    // A tenth of four peers is nobody; the fifth is one with the probability 1/10.
    let is_wanted = |run: &Run| run.nodes.iter().any(|node| node.selfish && node.id == 40);
    let mut runs = (0..200).map(of_seed);
    runs.find(is_wanted)
        .expect("a seed of 200 makes it selfish")
}

/// Whoever says that it has what it is handed has lost it: the owner before it lets the only copy go. If it declines, the copy
/// stays where it was, where nobody asks for it.
#[test]
fn what_is_handed_to_one_that_keeps_nothing_is_gone_or_stays() {
    let run = handed_to_a_selfish_newcomer("acknowledge");
    let get = run.operations.last().unwrap();
    assert_eq!(get.outcome, OperationOutcome::Lost);
    assert_eq!(run.timeline.last().unwrap().values_lost, Some(1));
    let run = handed_to_a_selfish_newcomer("decline");
    let get = run.operations.last().unwrap();
    assert_eq!(
        (get.outcome, get.reason),
        (OperationOutcome::Failed, Some(Reason::NotThere))
    );
    assert_eq!(run.timeline.last().unwrap().values_alive, Some(1));
}

/// With repair the copies that some do not keep are sent once in each round to each of them that acknowledges. One that
/// declines is asked once, and the node behind takes its place.
#[test]
fn repair_goes_around_those_that_decline() {
    let with = |refusal: &str| {
        let text = reading(
            3,
            &format!(
                "fraction = 0.2\nbehaviour = \"refuse-storage\"\nstorage_refusal = \"{refusal}\""
            ),
        );
        run_one(&text.replace("repair_every = \"off\"", "repair_every = \"1m\""))
    };
    let (believed, declined) = (with("acknowledge"), with("decline"));
    let copies = |run: &Run| run.timeline.last().unwrap().under_replicated.unwrap();
    // All that lack a copy at the start go on lacking it; elsewhere it goes to somebody else, if its owner is honest.
    assert!(copies(&believed) > 1500, "{}", copies(&believed));
    assert!(
        copies(&declined) < copies(&believed) / 2,
        "{}",
        copies(&declined)
    );
    assert!(declined.metric("repair_bytes") > 0.0);
}

/// Who maintains nothing compares no copies: its own timers ask for nothing.
#[test]
fn who_maintains_nothing_repairs_nothing() {
    let with = |fraction: &str| {
        let text = reading(
            3,
            &format!("fraction = {fraction}\nbehaviour = \"no-maintenance\""),
        );
        run_one(&text.replace("repair_every = \"off\"", "repair_every = \"10s\""))
    };
    let (nobody, all) = (with("0"), with("1"));
    assert!(nobody.metric("repair_bytes") > 0.0);
    // Gets read all copies alike, so that there is no read repair.
    assert_eq!(all.metric("repair_bytes"), 0.0);
    assert_eq!(all.metric("get_success_rate"), 1.0);
}

/// The others take a peer that maintains nothing for dead, and the node behind it for the owner of its keys. Of nobody else's
/// keys is any answer wrong.
#[test]
fn who_maintains_nothing_loses_its_own_keys_and_no_others() {
    for maintenance in ["zave2017", "ton2003"] {
        let run = run_one(&format!(
            r#"
seed = 3
warmup = "5m"
duration = "10m"
sample = "1m"
[overlay]
nodes = 100
[chord]
maintenance = "{maintenance}"
[workload]
lookups_per_s = 5
[selfish]
fraction = 0.3
behaviour = "no-maintenance"
"#
        ));
        assert_books_balance(&run);
        let selfish: BTreeSet<u64> = run
            .nodes
            .iter()
            .filter(|node| node.selfish)
            .map(|node| node.id)
            .collect();
        let bad = run.lookups.iter().filter(|row| row.outcome.name() != "ok");
        let bad: Vec<_> = bad.collect();
        assert!(bad.len() > 50, "{maintenance}: {}", bad.len());
        for row in bad {
            assert_eq!(row.outcome.name(), "wrong", "{maintenance}: {row:?}");
            assert!(
                selfish.contains(&row.owner_id.unwrap()),
                "{maintenance}: {row:?}"
            );
        }
    }
}

/// Half of 200 peers come only to ask, and stay away for a minute in between.
fn leeching(more: &str) -> String {
    format!(
        r#"
seed = 5
warmup = "1m"
duration = "1h"
sample = "20s"
[overlay]
nodes = 200
[workload]
lookups_per_s = 0.5
[selfish]
fraction = 0.5
{more}
"#
    )
}

/// Away for a time A in the mean and there for V, each of L leeches begins a visit every A + V in the mean: in a time T there
/// are T / (A + V) visits, with the variance T A^2 / (A + V)^3 if V hardly varies; and L V / (A + V) of them are there.
#[test]
fn leeches_come_as_often_as_renewal_theory_says() {
    let run = run_one(&leeching("behaviour = \"leech\"\nleech_away = \"1m\""));
    assert_books_balance(&run);
    let leeches: BTreeSet<u64> = run
        .nodes
        .iter()
        .filter(|node| node.selfish)
        .map(|node| node.id)
        .collect();
    assert_eq!(leeches.len(), 100);
    let (time, away) = (3600.0, 60.0);
    let up: f64 = run
        .nodes
        .iter()
        .filter(|node| node.selfish)
        .map(|node| node.up_s)
        .sum();
    let visits = run.metric("joins");
    let visit = up / visits;
    assert!(visit > 0.1 && visit < 20.0, "{visit} s");
    let expected = 100.0 * time / (away + visit);
    let deviation = (100.0 * time * away * away / (away + visit).powi(3)).sqrt();
    println!("{visits} visits of {visit} s, {expected} ± {deviation}");
    assert!((visits - expected).abs() < 4.0 * deviation);
    // A leech asks once in each visit, and goes with a goodbye.
    let asked = run
        .lookups
        .iter()
        .filter(|row| leeches.contains(&row.source_id.unwrap()));
    let asked = asked.count() as f64;
    assert!(
        (asked - visits).abs() <= 10.0,
        "{asked} lookups in {visits} visits"
    );
    assert_eq!(run.metric("crashes"), 0.0);
    // Those that are there at a moment are about Poisson distributed.
    let there: Vec<f64> = run
        .timeline
        .iter()
        .map(|row| (row.nodes + row.joining) as f64 - 100.0)
        .collect();
    let mean = there.iter().sum::<f64>() / there.len() as f64;
    let expected = 100.0 * visit / (away + visit);
    let error = (expected / there.len() as f64).sqrt();
    println!("{mean} there, {expected} ± {error} expected");
    assert!((mean - expected).abs() < 4.0 * error);
}

/// What the others ask, and when, does not depend on leeches; they ask on top of it. Nobody of the workload asks at a leech's.
#[test]
fn leeches_change_no_request_of_others() {
    let leeching_run = run_one(&leeching("behaviour = \"leech\"\nleech_away = \"1m\""));
    let others = run_one(&leeching("behaviour = \"drop-lookups\""));
    let selfish = |run: &Run| {
        let selfish = run.nodes.iter().filter(|node| node.selfish);
        selfish.map(|node| node.id).collect::<BTreeSet<u64>>()
    };
    assert_eq!(selfish(&leeching_run), selfish(&others));
    let leeches = selfish(&leeching_run);
    let of_others = leeching_run.lookups.iter();
    let of_others = of_others.filter(|row| !leeches.contains(&row.source_id.unwrap()));
    let asked: Vec<(f64, u64)> = of_others.map(|row| (row.time_s, row.key)).collect();
    let expected: Vec<(f64, u64)> = others
        .lookups
        .iter()
        .map(|row| (row.time_s, row.key))
        .collect();
    assert!(expected.len() > 1000);
    assert_eq!(asked, expected);
}

/// Leeches that are everybody found a ring and leave it empty, again and again; a leech that is well known stays.
#[test]
fn where_all_leech_the_ring_comes_and_goes() {
    let all = leeching("behaviour = \"leech\"\nleech_away = \"1m\"")
        .replace("fraction = 0.5", "fraction = 1.0");
    let run = run_one(&all);
    assert_books_balance(&run);
    assert!(run.metric("joins") > 100.0);
    let run = run_one(&all.replace("[overlay]", "[overlay]\nbootstrap = 3"));
    assert!(run.timeline.iter().all(|row| row.nodes >= 3));
}

/// Sessions of the others are the same whether peers leech or do something else.
#[test]
fn who_comes_and_goes_does_not_depend_on_what_selfish_peers_do() {
    let with = |behaviour: &str| {
        run_one(&format!(
            r#"
warmup = "0s"
duration = "30m"
sample = "5m"
[overlay]
nodes = 60
start = "join"
[churn]
model = "sessions"
graceful = 0.5
sessions.up = {{ exponential = {{ mean = "10m" }} }}
sessions.down = {{ exponential = {{ mean = "10m" }} }}
[workload]
lookups_per_s = 1
gets_per_s = 1
[storage]
replicas = 2
[selfish]
fraction = 0.3
behaviour = "{behaviour}"
"#
        ))
    };
    let lives = |run: &Run, all: bool| -> Vec<(u64, u32, bool)> {
        let nodes = run.nodes.iter().filter(|node| all || !node.selfish);
        nodes
            .map(|node| (node.id, node.sessions, node.selfish))
            .collect()
    };
    let plain = with("drop-lookups");
    let requests = |run: &Run| -> Vec<(f64, Option<u32>, u64)> {
        let rows = run.lookups.iter();
        rows.map(|row| (row.time_s, row.source, row.key)).collect()
    };
    for behaviour in ["refuse-storage", "refuse-serving", "no-maintenance"] {
        let run = with(behaviour);
        assert_eq!(lives(&run, true), lives(&plain, true), "{behaviour}");
        for metric in ["joins", "leaves", "crashes"] {
            assert_eq!(
                run.metric(metric),
                plain.metric(metric),
                "{behaviour}: {metric}"
            );
        }
        assert_eq!(requests(&run), requests(&plain), "{behaviour}");
    }
    assert_eq!(lives(&with("leech"), false), lives(&plain, false));
}
