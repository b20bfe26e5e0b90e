//! What courses ask for on Chord, on rings that fit on a sheet of paper: finger tables and the ways of lookups, who stores
//! what, what moves when a given node joins or leaves, and what survives. Every answer is derived by hand in the comment
//! beside it, from the definitions alone: finger i of n is the first node at or after n + 2^i, a key is at the first node at
//! or after it, and its further copies are on the next nodes.
#![expect(clippy::float_cmp, reason = "counts are whole numbers, and exact")]

mod survival;

use std::cell::RefCell;
use std::collections::BTreeMap;

use chordsim::network::{Assets, build};
use chordsim::observe::{EventOf, Observer, Scene, Sent};
use chordsim::overlay::chord::Chord;
use chordsim::overlay::storage::{Stock as _, Stored};
use chordsim::sim::{Setup, Watch};
use chordsim::world::{NodeIdx, Payload as _};

use crate::common::{Run, output, plan, run_one};
use crate::script::{drawn, ring, script, tables_at};

/// Which nodes have a copy of each key, by their identifiers.
pub(crate) type Shelves = BTreeMap<u64, Vec<u64>>;

/// What is on all shelves at some moments.
struct Stocktaker<'a> {
    /// In seconds, with what was seen then.
    moments: Vec<u64>,
    seen: &'a RefCell<Vec<Shelves>>,
}

impl Observer<Stored<Chord>> for Stocktaker<'_> {
    fn before(&mut self, scene: &Scene<'_, Stored<Chord>>, _: &EventOf<Stored<Chord>>) {
        let due = |at: &u64| scene.now.0 >= at * 1_000_000_000;
        if !self.moments.first().is_some_and(due) {
            return;
        }
        self.moments.remove(0);
        let mut shelves = Shelves::new();
        for (id, node) in scene.members.iter() {
            for item in scene.overlay.copies_at(node) {
                shelves.entry(item.key.0).or_default().push(id.0);
            }
        }
        for ids in shelves.values_mut() {
            ids.sort_unstable();
        }
        self.seen.borrow_mut().push(shelves);
    }
}

/// Who has which keys at these seconds, and what was measured.
pub(crate) fn shelves_at(toml: &str, moments: &[u64]) -> (Vec<Shelves>, Run) {
    let plan = plan(toml);
    let spec = &plan.runs[0];
    let scenario = &spec.scenario;
    let network = build(&scenario.network, spec.seed, &Assets::default()).unwrap();
    let chord = Chord::new(&scenario.overlay, &scenario.chord);
    let storage = scenario.storage.as_ref().expect("something is stored");
    let stored = Stored::new(chord, &scenario.overlay, storage);
    let seen = RefCell::default();
    let stocktaker = Stocktaker {
        moments: moments.to_vec(),
        seen: &seen,
    };
    let mut rows = Run::default();
    let setup = Setup::new(spec, network, stored).watched_by(Box::new(stocktaker));
    let summary = setup.run(&output(true), &Watch::default(), &mut rows);
    rows.summary = summary.unwrap();
    assert_eq!(rows.metric("script_idle"), 0.0);
    assert_eq!(rows.metric("violations_unexcused"), 0.0);
    (seen.take(), rows)
}

pub(crate) fn kept<const N: usize>(keys: [(u64, &[u64]); N]) -> Shelves {
    keys.into_iter()
        .map(|(key, ids)| (key, ids.to_vec()))
        .collect()
}

/// Puts of these keys from a node, at the first minute; each value is two bytes long.
pub(crate) fn puts(keys: &[u64], from: u64) -> String {
    let put = |key: &u64| {
        let put = format!("put = {{ key = {key}, value = \"ab\", from = {from} }}");
        script(&[("1m", &put)])
    };
    keys.iter().map(put).collect()
}

/// The nodes that a lookup comes by.
struct Tracker<'a>(&'a RefCell<Vec<u64>>, BTreeMap<NodeIdx, u64>);

impl Observer<Chord> for Tracker<'_> {
    fn converged(&mut self, scene: &Scene<'_, Chord>) {
        let members = scene.members.iter();
        self.1 = members.map(|(id, node)| (node, id.0)).collect();
    }

    fn sent(&mut self, _: &Scene<'_, Chord>, sent: &Sent<chordsim::overlay::chord::Packed>) {
        if sent.msg.name() == "Forward" {
            self.0.borrow_mut().push(self.1[&sent.to]);
        }
    }
}

/// The way of one lookup, from a node to the owner of a key, on a ring whose tables nobody touches. Nodes know one successor
/// and their fingers.
fn way(id_bits: u32, ids: &str, from: u64, key: u64) -> Vec<u64> {
    let lookup = format!("lookup = {{ key = {key}, from = {from} }}");
    let toml = ring(id_bits, ids, &script(&[("1m", &lookup)]))
        .replace("successors = 3", "successors = 1")
        .replace("\"1s\"", "\"off\"");
    let plan = plan(&toml);
    let spec = &plan.runs[0];
    let network = build(&spec.scenario.network, spec.seed, &Assets::default()).unwrap();
    let chord = Chord::new(&spec.scenario.overlay, &spec.scenario.chord);
    let seen = RefCell::new(vec![from]);
    let tracker = Tracker(&seen, BTreeMap::new());
    let mut rows = Run::default();
    let setup = Setup::new(spec, network, chord).watched_by(Box::new(tracker));
    setup
        .run(&output(false), &Watch::default(), &mut rows)
        .unwrap();
    let way = seen.take();
    let row = &rows.lookups[0];
    assert_eq!(row.answer_id, way.last().copied(), "the last one answers");
    assert_eq!(row.hops, Some(way.len() as u32 - 1));
    way
}

/// A ring of 7 bits as exercises have it.
pub(crate) const SIX: &str = "[15, 26, 38, 61, 95, 110]";

#[test]
fn finger_tables_of_the_ring_of_seven_bits() {
    // A script that changes nothing.
    let asks = script(&[("2m", "lookup = { key = 1, from = 15 }")]);
    let seen = tables_at(&ring(7, SIX, &asks), &[60]);
    // The starts of n are n + 1, 2, 4, 8, 16, 32, 64, around 128.
    let expected = [
        (15, [26, 26, 26, 26, 38, 61, 95]),     // 16 17 19 23 31 47 79
        (26, [38, 38, 38, 38, 61, 61, 95]),     // 27 28 30 34 42 58 90
        (38, [61, 61, 61, 61, 61, 95, 110]),    // 39 40 42 46 54 70 102
        (61, [95, 95, 95, 95, 95, 95, 15]),     // 62 63 65 69 77 93 125
        (95, [110, 110, 110, 110, 15, 15, 38]), // 96 97 99 103 111 127 31
        (110, [15, 15, 15, 15, 15, 15, 61]),    // 111 112 114 118 126 14 46
    ];
    assert_eq!(seen[0], drawn(expected));
}

/// Each node passes a lookup on to its closest finger before the key, and to its successor if the key lies between.
#[test]
fn ways_on_the_ring_of_seven_bits() {
    // 95 is the last finger of 15 before 100, and 100 lies between 95 and 110.
    assert_eq!(way(7, SIX, 15, 100), [15, 95, 110]);
    // Around the top: the last finger of 26 before 12 is 95; of its fingers 110, 15 and 38 only 110 lies before 12.
    assert_eq!(way(7, SIX, 26, 12), [26, 95, 110, 15]);
    // 95 and 110 are fingers of 38 beyond 90; 61 is before it.
    assert_eq!(way(7, SIX, 38, 90), [38, 61, 95]);
    // 61 is a finger of 110, and owns 60, but 110 cannot know that: it asks 15, whose last finger before 60 is 38.
    assert_eq!(way(7, SIX, 110, 60), [110, 15, 38, 61]);
    // A key that is an identifier is that node's; the closest finger of 15 before 95 is 61.
    assert_eq!(way(7, SIX, 15, 95), [15, 61, 95]);
    // A node's own keys take no hop: 62 to 95 are 95's.
    assert_eq!(way(7, SIX, 95, 62), [95]);
}

/// On the full ring of 8 each finger is exact: a hop goes as far as a power of two that ends before the key, and the last one
/// is a step to the successor.
#[test]
fn ways_on_the_full_ring_of_three_bits() {
    let full = "[0, 1, 2, 3, 4, 5, 6, 7]";
    // 7 = 4 + 2 + 1.
    assert_eq!(way(3, full, 0, 7), [0, 4, 6, 7]);
    // From 3 to 2 it is 7, around: 3 + 4 = 7, 7 + 2 = 1, 1 + 1 = 2.
    assert_eq!(way(3, full, 3, 2), [3, 7, 1, 2]);
    // 5 is a finger of 1, but no finger is before the key that it owns: the distance of 4 is taken as 2 + 1 + 1.
    assert_eq!(way(3, full, 1, 5), [1, 3, 4, 5]);
    assert_eq!(way(3, full, 6, 7), [6, 7]);
    assert_eq!(way(3, full, 6, 6), [6]);
}

/// With one copy a key is at its owner, with three at the two nodes behind it, too.
#[test]
fn who_stores_what_on_the_ring_of_seven_bits() {
    // 111 to 127 and 0 to 15 are 15's.
    let keys = [5, 16, 26, 27, 61, 62, 100, 111, 127];
    let toml = ring(7, SIX, &puts(&keys, 38));
    let (seen, _) = shelves_at(&(toml.clone() + "[storage]\nreplicas = 1\n"), &[90]);
    let one = kept([
        (5, &[15]),
        (16, &[26]),
        (26, &[26]),
        (27, &[38]),
        (61, &[61]),
        (62, &[95]),
        (100, &[110]),
        (111, &[15]),
        (127, &[15]),
    ]);
    assert_eq!(seen[0], one);
    let (seen, _) = shelves_at(&(toml + "[storage]\nreplicas = 3\n"), &[90]);
    let three = kept([
        (5, &[15, 26, 38]),
        (16, &[26, 38, 61]),
        (26, &[26, 38, 61]),
        (27, &[38, 61, 95]),
        (61, &[61, 95, 110]),
        (62, &[15, 95, 110]),
        (100, &[15, 26, 110]),
        (111, &[15, 26, 38]),
        (127, &[15, 26, 38]),
    ]);
    assert_eq!(seen[0], three);
}

/// Stoica et al., SIGCOMM 2001, figures 3 and 5: keys 1, 2 and 6 on the ring of 0, 1 and 3; 6 joins, 1 leaves. Of the keys
/// one moves each time.
#[test]
fn the_keys_of_the_paper() {
    let events = puts(&[1, 2, 6], 0) + &script(&[("2m", "join = 6\nvia = 0"), ("4m", "leave = 1")]);
    let toml = ring(3, "[0, 1, 3]", &events) + "[storage]\nrepair_every = \"off\"\n";
    let (seen, run) = shelves_at(&toml, &[90, 230, 350]);
    assert_eq!(seen[0], kept([(1, &[1]), (2, &[3]), (6, &[0])]));
    // 6 is the first node at or after 6.
    assert_eq!(seen[1], kept([(1, &[1]), (2, &[3]), (6, &[6])]));
    // Behind 1 comes 3.
    assert_eq!(seen[2], kept([(1, &[3]), (2, &[3]), (6, &[6])]));
    // Two messages of one copy each (32 bytes of headers, 16 of key and version, 2 of value), and 6 says that it has its own.
    assert_eq!(run.metric("handover_bytes"), 50.0 + 32.0 + 50.0);
}

/// On the full ring of 8 every key is at the node of its name, and its copies are at the next two names.
#[test]
fn the_keys_of_the_full_ring() {
    let toml = ring(3, "[0, 1, 2, 3, 4, 5, 6, 7]", &puts(&[0, 3, 6, 7], 5));
    let (seen, _) = shelves_at(&(toml + "[storage]\nreplicas = 3\n"), &[90]);
    let expected = kept([
        (0, &[0, 1, 2]),
        (3, &[3, 4, 5]),
        (6, &[0, 6, 7]),
        (7, &[0, 1, 7]),
    ]);
    assert_eq!(seen[0], expected);
}

/// 45 joins between 38 and 61, through 110: keys 39 to 45 were 61's and are 45's, and nothing else moves. Fingers with starts
/// from 39 to 45 were 61 and are 45.
#[test]
fn a_given_node_joins_through_a_given_contact() {
    let join = script(&[("2m", "join = 45\nvia = 110")]);
    let keys = puts(&[30, 39, 45, 46, 61, 62], 15);
    let toml = ring(7, SIX, &(keys + &join)) + "[storage]\nrepair_every = \"off\"\n";
    let (seen, run) = shelves_at(&toml, &[90, 230]);
    let before = [
        (30, &[38][..]),
        (39, &[61]),
        (45, &[61]),
        (46, &[61]),
        (61, &[61]),
        (62, &[95]),
    ];
    assert_eq!(seen[0], kept(before));
    let after = [
        (30, &[38][..]),
        (39, &[45]),
        (45, &[45]),
        (46, &[61]),
        (61, &[61]),
        (62, &[95]),
    ];
    assert_eq!(seen[1], kept(after));
    // One message with two copies of 18 bytes, and its receipt.
    assert_eq!(run.metric("handover_bytes"), 32.0 + 36.0 + 32.0);
    let seen = tables_at(&ring(7, SIX, &join), &[230]);
    let expected = [
        (15, [26, 26, 26, 26, 38, 61, 95]),
        (26, [38, 38, 38, 38, 45, 61, 95]),  // 42
        (38, [45, 45, 45, 61, 61, 95, 110]), // 39 40 42
        (45, [61, 61, 61, 61, 61, 95, 110]), // 46 47 49 53 61 77 109
        (61, [95, 95, 95, 95, 95, 95, 15]),
        (95, [110, 110, 110, 110, 15, 15, 38]),
        (110, [15, 15, 15, 15, 15, 15, 61]), // 46 is not 45's
    ];
    assert_eq!(seen[0], drawn(expected));
}

/// A put after the join finds the newcomer, wherever it is asked.
#[test]
fn a_newcomer_stores_what_is_its_own() {
    let events = script(&[
        ("2m", "join = 45\nvia = 110"),
        ("4m", "put = { key = 40, value = \"ab\", from = 95 }"),
        ("5m", "get = { key = 40, from = 15 }"),
    ]);
    let run = run_one(&(ring(7, SIX, &events) + "[storage]\n"));
    let rows: Vec<_> = run
        .operations
        .iter()
        .map(|row| (row.outcome.name(), row.hops))
        .collect();
    // 95 → 38 (its last finger before 40) → 45. The next three nodes of 15 are 26, 38 and 45, so that it asks 45 at once.
    assert_eq!(rows, [("stored", Some(2)), ("found", Some(1))]);
}
