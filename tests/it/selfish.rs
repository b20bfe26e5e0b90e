//! What selfish peers do to lookups, and what can be done about them: claims that follow from the
//! definitions on paper.

#![expect(clippy::float_cmp, reason = "shares of whole numbers, and exact")]

use std::collections::BTreeSet;

use crate::common::books::{assert_books_balance, ring_at_rest};
use crate::common::{Run, asker, mean_and_error, run_all, run_one};
use textbook::Ring;

pub(crate) mod textbook {
    //! The textbook's routing on a ring at rest, written as directly as it can be.

    use std::collections::BTreeMap;

    pub(crate) struct Ring {
        ids: Vec<u64>,
        successors: usize,
        fingers: BTreeMap<u64, Vec<u64>>,
    }

    impl Ring {
        pub(crate) fn new(mut ids: Vec<u64>, successors: usize) -> Self {
            ids.sort_unstable();
            let owner = |key: u64| *ids.iter().find(|id| **id >= key).unwrap_or(&ids[0]);
            let table = |id: &u64| (0..64).map(|i| owner(id.wrapping_add(1 << i))).collect();
            let fingers = ids.iter().map(|id| (*id, table(id))).collect();
            Self {
                ids,
                successors,
                fingers,
            }
        }

        /// The nodes that a lookup meets after the asking one, the owner last.
        pub(crate) fn way(&self, source: u64, key: u64) -> Vec<u64> {
            let mut way = Vec::new();
            let mut at = source;
            while self.owner(key) != at {
                at = self.next(at, key);
                way.push(at);
            }
            way
        }

        /// The ways of requests by different first hops: each the nodes after the asking one, the owner last.
        pub(crate) fn ways(&self, source: u64, key: u64, most: usize) -> Vec<Vec<u64>> {
            let best = self.way(source, key);
            // The owner is at hand: there is nobody to go around.
            if best.len() < 2 {
                return vec![best];
            }
            let mut first: Vec<u64> = self.before(source, key).collect();
            first.sort_by_key(|id| std::cmp::Reverse(id.wrapping_sub(source)));
            first.dedup();
            first.truncate(most);
            let way = |hop: u64| [vec![hop], self.way(hop, key)].concat();
            first.into_iter().map(way).collect()
        }

        pub(crate) fn owner(&self, key: u64) -> u64 {
            *self
                .ids
                .iter()
                .find(|id| **id >= key)
                .unwrap_or(&self.ids[0])
        }

        fn next(&self, at: u64, key: u64) -> u64 {
            let rank = self.ids.binary_search(&at).expect("a member");
            let list = (1..=self.successors).map(|i| self.ids[(rank + i) % self.ids.len()]);
            let list: Vec<_> = list.collect();
            let to = |id: u64| id.wrapping_sub(at);
            if let Some(owner) = list.iter().find(|id| to(**id) >= to(key)) {
                return *owner;
            }
            self.before(at, key)
                .max_by_key(|id| to(*id))
                .expect("the successor precedes")
        }

        /// The nodes that a node knows before a key.
        fn before(&self, at: u64, key: u64) -> impl Iterator<Item = u64> + '_ {
            let rank = self.ids.binary_search(&at).expect("a member");
            let list = (1..=self.successors).map(move |i| self.ids[(rank + i) % self.ids.len()]);
            let to = move |id: u64| id.wrapping_sub(at);
            let known = list.chain(self.fingers[&at].iter().copied());
            known.filter(move |id| to(*id) > 0 && to(*id) < to(key))
        }
    }
}

/// Without a defence a lookup fails if and only if a node that should pass it on (neither the asking
/// one nor the owner) drops it. The textbook's routing says who that is.
#[test]
fn a_lookup_fails_exactly_when_a_dropper_should_pass_it_on() {
    let fair = run_one(&ring_at_rest(""));
    let run = run_one(&ring_at_rest("[selfish]\nfraction = 0.1"));
    assert_books_balance(&run);
    let selfish: BTreeSet<_> = run
        .nodes
        .iter()
        .filter(|node| node.selfish)
        .map(|node| node.id)
        .collect();
    assert_eq!(selfish.len(), 40);
    let ring = Ring::new(run.nodes.iter().map(|node| node.id).collect(), 8);
    assert_eq!(fair.lookups.len(), run.lookups.len());
    for (fair, lookup) in fair.lookups.iter().zip(&run.lookups) {
        let way = ring.way(asker(lookup), lookup.key);
        assert_eq!(fair.hops, Some(way.len() as u32), "{fair:?}");
        let between = &way[..way.len().saturating_sub(1)];
        let dropped = between.iter().any(|id| selfish.contains(id));
        let outcome = if dropped { "failed" } else { "ok" };
        assert_eq!(lookup.outcome.name(), outcome, "{lookup:?}");
        if !dropped {
            assert_eq!(
                (lookup.hops, lookup.latency_ms),
                (fair.hops, fair.latency_ms)
            );
        }
    }
}

/// Each node between is a dropper with probability f, so a lookup of so many hops gets through with
/// probability (1 - f)^(hops - 1). Within one ring lookups share their ways; rings are independent.
#[test]
fn droppers_cost_what_the_length_of_the_way_says() {
    let world = |rest: &str| run_all(&ring_at_rest(rest).replace("warmup", "repeat = 12\nwarmup"));
    let (fair, dropping) = (world(""), world("[selfish]\nfraction = 0.1"));
    let excess = fair.iter().zip(&dropping).map(|(fair, run)| {
        let through = |hops: u32| 0.9_f64.powf(f64::from(hops.saturating_sub(1)));
        let expected = fair.hops().map(through).sum::<f64>() / fair.lookups.len() as f64;
        run.metric("success_rate") - expected
    });
    let (mean, error) = mean_and_error(&excess.collect::<Vec<_>>());
    println!("success above expectation by {mean} ± {error}");
    assert!(error < 0.02 && mean.abs() < 4.0 * error, "{mean} ± {error}");
}

/// Who tries again by another way gets around most droppers; who asks node by node goes around each
/// of them, at the price of waiting for its silence.
#[test]
fn retrying_and_asking_node_by_node_get_around_droppers() {
    let selfish = "[selfish]\nfraction = 0.1\nretry_after = \"5s\"";
    let plain = run_one(&ring_at_rest(selfish));
    let retry = run_one(&ring_at_rest(&format!("{selfish}\ndefence = \"retry\"")));
    let iterative = ring_at_rest(selfish).replace("[chord]", "[chord]\nlookup = \"iterative\"");
    let iterative = run_one(&iterative);
    let rate = |run: &Run| run.metric("success_rate");
    println!("{} {} {}", rate(&plain), rate(&retry), rate(&iterative));
    assert!(rate(&plain) < 0.9 && rate(&retry) > 0.99);
    assert_eq!(rate(&iterative), 1.0);
    assert!(iterative.metric("timeouts_mean") > 0.1);
    assert_eq!(plain.metric("timeouts_mean"), 0.0);
}

/// Where everybody drops, lookups succeed that need nobody's help: those of one's own keys and of
/// keys within reach of the own successor list.
#[test]
fn where_all_drop_only_the_neighbours_are_found() {
    let run = run_one(&ring_at_rest("[selfish]\nfraction = 1.0"));
    assert_books_balance(&run);
    let ring = Ring::new(run.nodes.iter().map(|node| node.id).collect(), 8);
    for lookup in &run.lookups {
        let near = ring.way(asker(lookup), lookup.key).len() <= 1;
        assert_eq!(lookup.outcome.name() == "ok", near, "{lookup:?}");
    }
}

/// A dropper keeps its links: who joins right after one is let in.
#[test]
fn newcomers_are_let_in_by_droppers_too() {
    let run = run_one(
        r#"
warmup = "0s"
duration = "20m"
sample = "1m"
[overlay]
nodes = 100
[selfish]
fraction = 0.1
[[fault]]
at = "1m"
join = 100
"#,
    );
    let last = run.timeline.last().unwrap();
    assert_eq!((last.nodes, last.joining), (200, 0));
    assert_eq!(last.ring_ok, Some(true));
}
