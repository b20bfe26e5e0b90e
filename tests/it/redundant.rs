//! Several requests at once: what follows from the definitions on paper, request by request.

#![expect(clippy::float_cmp, reason = "counts are whole numbers, and exact")]

use std::collections::BTreeSet;

use chordsim::catalogue::{OperationOutcome, Reason};
use proptest::prelude::*;

use crate::common::books::{AT_REST, assert_books_balance, ring_at_rest};
use crate::common::{Run, asker, run_one};
use crate::coursework::{SIX, kept, puts, shelves_at};
use crate::misroute::selfish as selfish_of;
use crate::script::{ring, script};
use crate::selfish::textbook::Ring;

fn world(rest: &str) -> Run {
    let toml = ring_at_rest(&format!("[selfish]\n{rest}"));
    run_one(&toml.replace("duration = \"10m\"", "duration = \"90s\""))
}

fn textbook(run: &Run) -> Ring {
    Ring::new(run.nodes.iter().map(|node| node.id).collect(), 8)
}

/// A lookup gets through if one of its ways does, and the shortest of those is the first: on this network every hop takes equally
/// long. A way is free of droppers if no node on it but the last is one.
#[test]
fn a_lookup_gets_through_by_any_way_without_droppers() {
    for requests in 2..=16 {
        let defence = format!("defence = \"redundant\"\nredundant_requests = {requests}");
        let run = world(&format!("fraction = 0.2\n{defence}"));
        assert_books_balance(&run);
        let (ring, selfish) = (textbook(&run), selfish_of(&run));
        let mut saved = 0;
        for lookup in &run.lookups {
            let ways = ring.ways(asker(lookup), lookup.key, requests);
            let is_clean = |way: &&Vec<u64>| {
                let forwarders = way.len().saturating_sub(1);
                !way[..forwarders].iter().any(|id| selfish.contains(id))
            };
            let hops = ways.iter().filter(is_clean).map(Vec::len).min();
            assert_eq!(lookup.hops, hops.map(|hops| hops as u32), "{lookup:?}");
            assert_eq!(lookup.outcome.name() == "ok", hops.is_some());
            saved += u32::from(hops.is_some() && !is_clean(&&ways[0]));
        }
        assert!(saved > 50, "{saved} with {requests}");
    }
}

/// Each way takes 2h + 1 messages, whichever answer comes first: what others pass on cannot be called back. Nobody is selfish, so
/// that every lookup is answered, in the time that it takes without the defence.
#[test]
fn each_way_costs_what_a_lookup_of_its_length_costs() {
    let plain = world("fraction = 0.0");
    for requests in [2, 5, 16] {
        let defence = format!("defence = \"redundant\"\nredundant_requests = {requests}");
        let run = world(&format!("fraction = 0.0\n{defence}"));
        let ring = textbook(&run);
        let mut expected = 0;
        for (lookup, before) in run.lookups.iter().zip(&plain.lookups) {
            assert_eq!((lookup.key, lookup.source), (before.key, before.source));
            assert_eq!(lookup.outcome.name(), "ok");
            assert!(lookup.latency_ms <= before.latency_ms, "{lookup:?}");
            let ways = ring.ways(asker(lookup), lookup.key, requests);
            let cost = |way: &Vec<u64>| if way.is_empty() { 0 } else { 2 * way.len() + 1 };
            expected += ways.iter().map(cost).sum::<usize>();
        }
        assert_eq!(run.metric("messages"), expected as f64, "{requests} ways");
    }
}

/// Of all claims the one closest behind the key is believed, when all ways have ended or the time is over: the true owner wins
/// over every liar if one way reaches it.
#[test]
fn the_owner_wins_over_liars_if_one_way_reaches_it() {
    let misroute = "fraction = 0.2\nbehaviour = \"misroute\"\ndefence = \"redundant\"";
    for requests in [2, 4, 9] {
        let more = format!("redundant_requests = {requests}\nredundant_answer = \"closest\"");
        let run = world(&format!("{misroute}\n{more}\nredundant_wait = \"20s\""));
        assert_books_balance(&run);
        let first = world(&format!("{misroute}\nredundant_requests = {requests}"));
        let (ring, selfish) = (textbook(&run), selfish_of(&run));
        for lookup in &run.lookups {
            let ways = ring.ways(asker(lookup), lookup.key, requests);
            let claims = ways.iter().filter_map(|way| {
                let forwarders = way.len().saturating_sub(1);
                let liar = way[..forwarders].iter().find(|id| selfish.contains(id));
                liar.or(way.last()).copied()
            });
            let behind = |id: u64| id.wrapping_sub(lookup.key);
            let best = claims.min_by_key(|id| behind(*id));
            let best = best.or(Some(asker(lookup)));
            assert_eq!(lookup.answer_id, best, "{lookup:?}");
        }
        let rate = |run: &Run| run.metric("success_rate");
        assert!(rate(&run) > rate(&first) + 0.1, "{requests}");
    }
}

/// Who waits a second for a better answer has it after that second: on a network of 50 ms each way takes less than that here, so
/// that with droppers, which never answer, it is a second after the first answer.
#[test]
fn the_wait_for_better_answers_is_part_of_the_latency() {
    let droppers = "fraction = 0.2\ndefence = \"redundant\"\nredundant_requests = 4";
    let first = world(droppers);
    let closest = world(&format!("{droppers}\nredundant_answer = \"closest\""));
    let (mut at_once, mut late) = (0, 0);
    for (first, closest) in first.lookups.iter().zip(&closest.lookups) {
        assert_eq!(first.outcome, closest.outcome, "{first:?}");
        let (Some(before), Some(after)) = (first.latency_ms, closest.latency_ms) else {
            continue;
        };
        assert!(after <= before + 1000.0 + 1e-6, "{closest:?}");
        at_once += u32::from(after < before + 999.0);
        late += u32::from(after > before + 999.0);
    }
    assert!(at_once > 50 && late > 50, "{at_once} {late}");
}

/// From successor to successor there is one way, and the defence does nothing.
#[test]
fn where_there_is_one_way_one_request_is_made() {
    let along = |rest: &str| {
        let toml = ring_at_rest(&format!("[selfish]\nfraction = 0.02\n{rest}"));
        let toml = toml.replace("[chord]", "[chord]\nrouting = \"successors\"");
        run_one(&toml.replace("duration = \"10m\"", "duration = \"10s\""))
    };
    let (plain, run) = (along(""), along("defence = \"redundant\""));
    assert_eq!(plain.metric("messages"), run.metric("messages"));
    assert_eq!(plain.metric("ok"), run.metric("ok"));
}

/// Asking again begins all ways anew, each by a first hop that none has taken yet: who asks by two ways, and four times again, has
/// tried ten.
#[test]
fn with_retries_further_ways_are_taken() {
    let selfish = "fraction = 0.3\nretry_after = \"2s\"\nretry_attempts = 4";
    for (defence, requests, all) in [
        ("\"retry\"", 2, 5),
        ("[\"retry\", \"redundant\"]", 2, 10),
        ("[\"retry\", \"redundant\"]", 3, 15),
    ] {
        let run = world(&format!(
            "{selfish}\ndefence = {defence}\nredundant_requests = {requests}"
        ));
        assert_books_balance(&run);
        let (ring, selfish) = (textbook(&run), selfish_of(&run));
        for lookup in &run.lookups {
            let ways = ring.ways(asker(lookup), lookup.key, all);
            let is_clean = |way: &Vec<u64>| {
                let forwarders = way.len().saturating_sub(1);
                !way[..forwarders].iter().any(|id| selfish.contains(id))
            };
            let gets_through = ways.iter().any(is_clean);
            assert_eq!(lookup.outcome.name() == "ok", gets_through, "{lookup:?}");
        }
    }
}

/// The ring of six with three copies spread: the client looks for the places itself, for all of them or for the first two. Each copy
/// comes where it belongs, whatever is found first.
#[test]
fn puts_reach_the_places_that_they_reach_without_the_defence() {
    let keys = [5, 16, 30, 50, 62, 70, 100, 120];
    let six = |rest: &str| {
        let ring = ring(7, SIX, &puts(&keys, 38)).replace("successors = 3", "successors = 1");
        let storage = "scheme = \"spread\"\nreplicas = 3\nrepair_every = \"off\"";
        format!("{ring}[storage]\n{storage}\n{rest}")
    };
    let (plain, _) = shelves_at(&six(""), &[90]);
    assert_eq!(plain[0].len(), keys.len());
    for requests in [2, 3, 4] {
        let defence =
            format!("[selfish]\ndefence = \"redundant\"\nredundant_requests = {requests}");
        let (seen, run) = shelves_at(&six(&defence), &[90]);
        assert_eq!(seen[0], plain[0], "{requests}");
        let stored = |outcome| outcome == OperationOutcome::Stored;
        assert!(run.operations.iter().all(|row| stored(row.outcome)));
    }
    let expected = kept([(5, &[15, 61, 95])]); // 5, 47, 89
    assert!(
        expected
            .iter()
            .all(|(key, nodes)| plain[0].get(key) == Some(nodes))
    );
}

/// A get finds its value if one place's way is free of droppers and the node there gives it out.
#[test]
fn a_get_finds_its_value_by_any_clean_way_to_any_place() {
    for replicas in [1_u64, 2, 4] {
        let toml = format!(
            r#"
warmup = "0s"
duration = "2m"
[overlay]
nodes = 256
ids = "even"
[chord]
successors = 1
{AT_REST}
[workload]
lookups_per_s = 0
gets_per_s = 10
keys = 2000
[storage]
replicas = {replicas}
scheme = "spread"
preload = true
repair_every = "off"
[selfish]
fraction = 0.2
behaviour = ["drop-lookups", "refuse-serving"]
defence = "redundant"
redundant_requests = 4
"#
        );
        let run = run_one(&toml);
        let selfish = selfish_of(&run);
        let ring = Ring::new(run.nodes.iter().map(|node| node.id).collect(), 1);
        let (mut found, mut lost) = (0, 0);
        for get in &run.operations {
            let source = get.source_id.unwrap();
            let step = (1_u128 << 64) / u128::from(replicas);
            let is_clean = |number: u64| {
                let place = get.key.wrapping_add((step * u128::from(number)) as u64);
                !ring
                    .way(source, place)
                    .iter()
                    .any(|id| selfish.contains(id))
            };
            let is_found = (0..replicas).any(is_clean);
            assert_eq!(get.outcome == OperationOutcome::Found, is_found, "{get:?}");
            found += u32::from(is_found);
            lost += u32::from(!is_found);
        }
        assert!(found > 100 && lost > 20, "{found} {lost}");
    }
}

/// Nobody is selfish and nothing is lost; nodes come and go. Whoever joins, leaves and asks is the same with the defence, and no
/// request fails with it that does not without. One exception is the price of waiting for better answers: the node that has one may
/// go meanwhile.
fn costs_no_success(requests: u32, closest: bool, retry: bool, iterative: bool, seed: u64) {
    let toml = |defence: &str| {
        let lookup = if iterative { "iterative" } else { "recursive" };
        format!(
            r#"
seed = {seed}
warmup = "10s"
duration = "3m"
[overlay]
nodes = 60
[chord]
lookup = "{lookup}"
successors = 4
stabilize_every = "5s"
[churn]
model = "poisson"
poisson = {{ joins_per_s = 0.1, leaves_per_s = 0.1 }}
[workload]
lookups_per_s = 4
[selfish]
{defence}
"#
        )
    };
    let plain = run_one(&toml(""));
    let retry = if retry { ", \"retry\"" } else { "" };
    let answer = if closest { "closest" } else { "first" };
    let run = run_one(&toml(&format!(
        "defence = [\"redundant\"{retry}]\nredundant_requests = {requests}\nredundant_answer = \"{answer}\""
    )));
    assert_books_balance(&run);
    assert_eq!(plain.lookups.len(), run.lookups.len());
    for (before, after) in plain.lookups.iter().zip(&run.lookups) {
        assert_eq!((before.key, before.source_id), (after.key, after.source_id));
        let went = closest && after.reason == Some(Reason::AskerGone);
        assert!(
            before.outcome.name() == "failed" || after.outcome.name() != "failed" || went,
            "{before:?} {after:?}"
        );
    }
    let of = |run: &Run| -> BTreeSet<(u64, bool, bool)> {
        let nodes = run.nodes.iter();
        nodes
            .map(|node| (node.id, node.selfish, node.left_s.is_some()))
            .collect()
    };
    assert_eq!(of(&plain), of(&run));
    // Each way costs what its length costs, which `each_way_costs_what_a_lookup_of_its_length_costs` has exactly; a way by a worse
    // first hop is longer, but not twice as long.
    let (before, with) = (plain.metric("messages"), run.metric("messages"));
    assert!(
        with <= before * f64::from(requests) * 2.0,
        "{before} {with}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(7), ..ProptestConfig::default() })]
    #[test]
    fn without_selfish_peers_no_request_fails_by_the_defence(
        requests in 2..=16_u32,
        closest in any::<bool>(),
        retry in any::<bool>(),
        iterative in any::<bool>(),
        seed in any::<u32>(),
    ) {
        costs_no_success(requests, closest, retry, iterative, seed.into());
    }
}

/// What is told of a lookup with liars, and by the way whose answer was believed.
#[test]
fn a_script_asks_by_several_ways() {
    let asks = script(&[("2m", "lookup = { key = 100, from = 15 }")]);
    let toml = ring(7, SIX, &asks) + "[selfish]\ndefence = \"redundant\"\nredundant_requests = 3";
    // 15 knows 95, 61 and 38 before 100, beside others; 110 owns it. By 95 it is one more hop, and that is first.
    let run = run_one(&toml);
    assert_eq!(run.lookups[0].hops, Some(2));
    assert_eq!(run.lookups[0].answer_id, Some(110));
}
