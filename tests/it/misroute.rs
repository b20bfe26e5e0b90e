//! Peers that claim keys which are not their own, or name others that do: what follows from the definitions on paper, lookup by
//! lookup.

use std::collections::BTreeSet;

use crate::common::books::{assert_books_balance, ring_at_rest};
use crate::common::{Run, asker, audit, plan, run_one};
use crate::script::{ring, script};
use crate::selfish::textbook::Ring;

pub(crate) fn selfish(run: &Run) -> BTreeSet<u64> {
    let selfish = run.nodes.iter().filter(|node| node.selfish);
    selfish.map(|node| node.id).collect()
}

fn world(rest: &str, iterative: bool) -> Run {
    let toml = ring_at_rest(&format!(
        "[selfish]\nfraction = 0.1\nbehaviour = \"misroute\"\n{rest}"
    ));
    let toml = toml.replace("duration = \"10m\"", "duration = \"2m\"");
    run_one(&if iterative {
        toml.replace("[chord]", "[chord]\nlookup = \"iterative\"")
    } else {
        toml
    })
}

/// Who answers a lookup, and at which hop, by the textbook's routing: the first selfish node that should pass it on names one.
fn answer(way: &[u64], selfish: &BTreeSet<u64>, named: impl Fn(u64) -> u64) -> (u64, u32) {
    let forwarders = way.len().saturating_sub(1);
    let liar = way[..forwarders].iter().position(|id| selfish.contains(id));
    match liar {
        None => (way[way.len() - 1], way.len() as u32),
        Some(place) if named(way[place]) == way[place] => (way[place], place as u32 + 1),
        Some(place) => (named(way[place]), place as u32 + 2),
    }
}

/// Claims of oneself. Recursive or node by node, the first liar on the way answers; where there is none the owner does.
#[test]
fn the_first_liar_on_the_way_answers_as_the_owner() {
    for iterative in [false, true] {
        let run = world("", iterative);
        assert_books_balance(&run);
        let (ring, selfish) = (textbook(&run), selfish(&run));
        assert_eq!(selfish.len(), 40);
        let mut wrong = 0;
        for lookup in &run.lookups {
            let way = ring.way(asker(lookup), lookup.key);
            if way.is_empty() {
                assert_eq!((lookup.outcome.name(), lookup.hops), ("ok", Some(0)));
                continue;
            }
            let (node, hops) = answer(&way, &selfish, |liar| liar);
            let told = (lookup.answer_id, lookup.hops);
            assert_eq!(told, (Some(node), Some(hops)), "{iterative}: {lookup:?}");
            let is_right = node == ring.owner(lookup.key);
            let outcome = if is_right { "ok" } else { "wrong" };
            assert_eq!(lookup.outcome.name(), outcome, "{lookup:?}");
            wrong += u32::from(!is_right);
        }
        assert!(wrong > 200, "{wrong}");
    }
}

/// Who names a colluder names the selfish node nearest behind the key. It may own it: then nothing is wrong. Nobody names the
/// node that asks, and who is nearest itself names itself.
#[test]
fn colluders_name_the_selfish_node_nearest_behind_the_key() {
    for iterative in [false, true] {
        let run = world("misroute_to = \"colluder\"", iterative);
        let (ring, selfish) = (textbook(&run), selfish(&run));
        let (mut lucky, mut handed) = (0, 0);
        for lookup in &run.lookups {
            let way = ring.way(asker(lookup), lookup.key);
            if way.is_empty() {
                continue;
            }
            let mut behind = selfish.range(lookup.key..).chain(&selfish);
            let nearest = *behind.next().unwrap();
            let named = |liar| {
                if nearest == asker(lookup) {
                    liar
                } else {
                    nearest
                }
            };
            let (node, hops) = answer(&way, &selfish, named);
            let told = (lookup.answer_id, lookup.hops);
            assert_eq!(told, (Some(node), Some(hops)), "{iterative}: {lookup:?}");
            let owner = ring.owner(lookup.key);
            assert_eq!(lookup.outcome.name() == "ok", node == owner, "{lookup:?}");
            let meets = way[..way.len() - 1].iter().any(|id| selfish.contains(id));
            lucky += u32::from(meets && nearest == owner);
            handed += u32::from(meets && nearest != owner);
        }
        assert!(lucky > 10 && handed > 100, "{lucky} {handed}");
    }
}

/// From successor to successor, and from nodes with short lists: the same, in other ways.
#[test]
fn along_the_ring_the_next_liar_answers() {
    let run = run_one(
        &ring_at_rest(
            "[selfish]\nfraction = 0.05\nbehaviour = \"misroute\"\n[output]\nnodes = true",
        )
        .replace("[chord]", "[chord]\nrouting = \"successors\"")
        .replace("duration = \"10m\"", "duration = \"30s\""),
    );
    let selfish = selfish(&run);
    let mut ids: Vec<u64> = run.nodes.iter().map(|node| node.id).collect();
    ids.sort_unstable();
    for lookup in &run.lookups {
        let at = |id: u64| ids.binary_search(&id).unwrap();
        let (mut rank, owner) = (at(asker(lookup)), lookup.owner_id.unwrap());
        let mut hops = 0;
        while ids[rank] != owner && !(hops > 0 && selfish.contains(&ids[rank])) {
            rank = (rank + 1) % ids.len();
            hops += 1;
        }
        let told = (lookup.answer_id, lookup.hops);
        assert_eq!(told, (Some(ids[rank]), Some(hops)), "{lookup:?}");
    }
}

fn textbook(run: &Run) -> Ring {
    Ring::new(run.nodes.iter().map(|node| node.id).collect(), 8)
}

/// The ring of six, all of which are selfish. 15 knows 26, 38 and 61, and asks 61 for the finger that begins at 79. If they claim
/// for themselves, 61 claims it, so that 95, the right finger, is not known: 100 is asked of 61, which claims it again. If they
/// name colluders, the nearest is the owner itself, and everything is right: 15 hands the lookup to 95, and 95 to 110.
#[test]
fn where_all_lie_it_matters_whom_they_name() {
    let asks = script(&[("2m", "lookup = { key = 100, from = 15 }")]);
    for (named, answer, hops) in [("self", 61, 1), ("colluder", 110, 2)] {
        let toml = ring(7, crate::coursework::SIX, &asks)
            + &format!(
                "[selfish]\nfraction = 1.0\nbehaviour = \"misroute\"\nmisroute_to = \"{named}\""
            );
        let run = run_one(&toml);
        let lookup = &run.lookups[0];
        let told = (lookup.answer_id, lookup.hops);
        assert_eq!(told, (Some(answer), Some(hops)), "{named}");
    }
}

/// Liars let nobody join at a wrong place, and stay in order themselves: the ring is what it is without them. A false claim is
/// theirs to answer for, and no other.
#[test]
fn a_ring_of_liars_is_in_order_and_their_claims_are_theirs() {
    for named in ["self", "colluder"] {
        let toml = format!(
            r#"
warmup = "0s"
duration = "20m"
sample = "1m"
[overlay]
nodes = 100
[selfish]
fraction = 0.2
behaviour = "misroute"
misroute_to = "{named}"
[workload]
lookups_per_s = 5
[[fault]]
at = "1m"
join = 40
"#
        );
        let run = audit(&plan(&toml).runs[0]);
        let last = run.timeline.last().unwrap();
        assert_eq!((last.nodes, last.joining), (140, 0), "{named}");
        assert_eq!(last.ring_ok, Some(true), "{named}");
        assert!(run.metric("wrong") > 100.0);
        let liars = selfish(&run);
        let lies = run.violations.iter().filter(|row| row.excuse == "selfish");
        let mut lied = 0;
        for lie in lies {
            assert_eq!(lie.invariant, "key_owner");
            assert!(liars.contains(&lie.node_id.unwrap()), "{lie:?}");
            lied += 1;
        }
        assert!(lied > 100, "{lied}");
        assert!(run.metric("violations_unexcused") <= 0.0);
    }
}

/// In the older protocols a node asks for its successor when it joins, and believes what it is told. Stabilisation leads it back,
/// from each node to the one before.
#[test]
fn who_joins_at_a_wrong_place_is_led_back() {
    for maintenance in ["ton2003", "chord2001"] {
        let toml = format!(
            r#"
warmup = "0s"
duration = "30m"
sample = "1m"
[overlay]
nodes = 40
[chord]
maintenance = "{maintenance}"
stabilize_every = "5s"
[selfish]
fraction = 0.3
behaviour = "misroute"
[[fault]]
at = "1m"
join = 20
"#
        );
        let run = run_one(&toml);
        let last = run.timeline.last().unwrap();
        assert_eq!((last.nodes, last.joining), (60, 0), "{maintenance}");
        assert_eq!(last.ring_ok, Some(true), "{maintenance}");
    }
}

/// What is told of a lie is that it is one, in both styles: by the node itself, and by the nodes that name and are named.
#[test]
fn a_lie_is_told_as_one() {
    let asks = script(&[("0s", "lookup = { key = 100, from = 15 }")]);
    let own = "I take and do not give: I claim to own the key, which is a lie";
    let others = "I take and do not give: I name another selfish peer as the owner of the key";
    for (style, named, told) in [
        ("recursive", "self", [own, "I tell 15 that it is mine"]),
        (
            "recursive",
            "colluder",
            [others, "I pass it to 110, as if that owned the key"],
        ),
        ("iterative", "self", [own, "I tell 15 that it is mine"]),
        (
            "iterative",
            "colluder",
            [others, "I tell 15 to ask 110, as if that owned the key"],
        ),
    ] {
        let toml = ring(7, crate::coursework::SIX, &asks)
            .replace("[chord]", &format!("[chord]\nlookup = \"{style}\""))
            + &format!(
                "[selfish]\nfraction = 1.0\nbehaviour = \"misroute\"\nmisroute_to = \"{named}\""
            );
        let folder = tempfile::TempDir::new().unwrap();
        std::fs::write(folder.path().join("it.toml"), toml).unwrap();
        let mut command = crate::common::program::chordsim(folder.path());
        let output = command.args(["trace", "it.toml"]).output().unwrap();
        let story = String::from_utf8(output.stdout).unwrap();
        for told in told {
            assert!(story.contains(told), "{style}, {named}: {story}");
        }
    }
}
