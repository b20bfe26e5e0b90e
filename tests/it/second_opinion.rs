//! Every lookup of a ring at rest, worked out a second time by the textbook's reference
//! (`common/reference.rs`): owner, hops and latency must be the same to the last one.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use crate::common::books::AT_REST;
use crate::common::cases::cases;
use crate::common::opinion::{DELAY_MS, agree, assert_near};
use crate::common::program::chordsim;
use crate::common::reference::{Ring, Way};
use crate::common::{asker, plan, run};
use chordsim::scenario::resolved;
use chordsim::workload::Keys;
use chordsim::world::Space;
use proptest::prelude::*;

/// The length of successor lists that are tried: the textbook's, short ones, and longer than a small ring.
const LISTS: &str = "[1, 2, 3, 8, 16, 20]";

/// A ring at rest on a constant network; `chord` are more parameters of `[chord]`.
fn at_rest(overlay: &str, chord: &str, workload: &str) -> String {
    format!(
        r#"
warmup = "0s"
duration = "100s"
sample = "100s"
network = {{ model = "constant", constant = {{ latency = "{DELAY_MS}ms" }} }}
[overlay]
{overlay}
[chord]
{AT_REST}
{chord}
[workload]
{workload}
"#
    )
}

/// Every routing, style and length of list on this ring.
fn every_variant(overlay: &str, chord: &str) -> String {
    let scenario = at_rest(overlay, chord, "lookups_per_s = 3.0\nkeys = 100_000");
    format!(
        r#"{scenario}
[sweep]
"chord.routing" = ["successors", "fingers"]
"chord.lookup" = ["recursive", "iterative"]
"chord.successors" = {LISTS}
"#
    )
}

/// Runs every variant of a ring and holds each lookup of it against the reference.
fn assert_agreement(overlay: &str, chord: &str) {
    let plan = plan(&every_variant(overlay, chord));
    assert_eq!(plan.runs.len(), 24);
    for spec in &plan.runs {
        let lookups = agree(spec, overlay);
        assert!(lookups > 200, "{overlay}: {lookups} lookups");
    }
}

#[test]
fn one_node_owns_everything() {
    for overlay in ["nodes = 1", "nodes = 1\nid_bits = 3", "ids = [0]"] {
        assert_agreement(overlay, "");
    }
}

#[test]
fn small_rings() {
    for nodes in 2..=9 {
        assert_agreement(&format!("nodes = {nodes}"), "");
        assert_agreement(&format!("nodes = {nodes}\nid_bits = 4"), "");
        assert_agreement(&format!("nodes = {nodes}\nids = \"even\""), "");
    }
}

#[test]
fn rings_shorter_and_longer_than_their_lists() {
    for nodes in [15, 16, 17, 20, 21, 22] {
        assert_agreement(&format!("nodes = {nodes}\nid_bits = 16"), "");
    }
}

#[test]
fn hundreds_of_nodes_on_wide_rings() {
    for (nodes, bits) in [(64, 10), (100, 20), (200, 32), (257, 33), (300, 64)] {
        let overlay = format!("nodes = {nodes}\nid_bits = {bits}");
        assert_agreement(&overlay, "");
    }
}

#[test]
fn even_rings() {
    for (nodes, bits) in [(10, 5), (64, 64), (100, 63), (128, 8)] {
        let overlay = format!("ids = \"even\"\nnodes = {nodes}\nid_bits = {bits}");
        assert_agreement(&overlay, "");
    }
}

#[test]
fn full_rings_have_a_node_at_every_position() {
    for bits in 3..=8 {
        let nodes = 1 << bits;
        for ids in ["hashed", "even"] {
            let overlay = format!("ids = \"{ids}\"\nnodes = {nodes}\nid_bits = {bits}");
            assert_agreement(&overlay, "");
        }
    }
}

/// Ids given one by one: the lecture's, crowded ones, and both ends of the widest ring.
#[test]
fn rings_given_one_by_one() {
    for (bits, ids) in [
        (7, "[32, 98, 124]"),
        (7, "[98, 14, 124, 32]"),
        (3, "[7, 0]"),
        (5, "[8, 9, 10, 11, 12, 13, 14, 15]"),
        (
            64,
            "[0, 1, 18446744073709551615, 9223372036854775808, 9223372036854775807]",
        ),
    ] {
        assert_agreement(&format!("id_bits = {bits}\nids = {ids}"), "");
    }
}

/// Positions of one host know each other no better than others do, but reach each other at once.
#[test]
fn virtual_nodes_are_nodes_of_one_host() {
    for (nodes, positions) in [(1, 5), (2, 4), (20, 3), (30, 10)] {
        let overlay = format!("nodes = {nodes}\nid_bits = 40");
        assert_agreement(&overlay, &format!("virtual_nodes = {positions}"));
    }
}

/// Without virtual nodes the latency has the closed form of the definitions.
#[test]
fn latency_is_the_delay_times_the_messages_in_a_row() {
    let plan = plan(&every_variant("nodes = 120\nid_bits = 48", ""));
    for spec in &plan.runs {
        let iterative = spec.scenario.chord.lookup == resolved::LookupMode::Iterative;
        let run = run(spec);
        let ring = Ring::new(48, run.nodes.iter().map(|node| node.id));
        for lookup in &run.lookups {
            let hops = f64::from(lookup.hops.expect("answered"));
            let own = ring.owner(lookup.key) == asker(lookup);
            let expected = match (own, iterative) {
                (true, _) => 0.0,
                (false, true) => 2.0 * hops * DELAY_MS,
                (false, false) => (hops + 1.0) * DELAY_MS,
            };
            assert_near(lookup.latency_ms, expected, &format!("{lookup:?}"));
        }
    }
}

/// The same on rings that nobody has thought of.
#[derive(Clone, Debug)]
struct World {
    seed: u32,
    bits: u32,
    ids: BTreeSet<u64>,
    successors: u8,
    routing: &'static str,
    lookup: &'static str,
}

impl World {
    fn toml(&self) -> String {
        let mut overlay = format!("id_bits = {}\nids = [", self.bits);
        for id in &self.ids {
            write!(overlay, "{id}, ").unwrap();
        }
        overlay.push(']');
        let chord = format!(
            "successors = {}\nrouting = {:?}\nlookup = {:?}",
            self.successors, self.routing, self.lookup
        );
        let workload = "lookups_per_s = 1.0\nkeys = 1000";
        format!(
            "seed = {}\n{}",
            self.seed,
            at_rest(&overlay, &chord, workload)
        )
    }
}

fn world() -> impl Strategy<Value = World> {
    // On small rings keys fall on nodes and right behind them.
    prop_oneof![3..=9_u32, 10..=64_u32].prop_flat_map(|bits| {
        let mask = u64::MAX >> (64 - bits);
        // Half of the rings crowd their nodes near one place, across zero as well.
        let crowded = any::<u64>().prop_flat_map(move |middle| {
            let near = (0..300_u64).prop_map(move |offset| middle.wrapping_add(offset) & mask);
            prop::collection::btree_set(near, 1..=40)
        });
        let spread = any::<u64>().prop_map(move |id| id & mask);
        let spread = prop::collection::btree_set(spread, 1..=60);
        // Where there are not so many positions, sets that come out smaller are as good.
        let ids = prop_oneof![crowded, spread];
        (
            any::<u32>(),
            ids,
            1..=24_u8,
            prop::sample::select(vec!["fingers", "successors"]),
            prop::sample::select(vec!["recursive", "iterative"]),
        )
            .prop_map(move |(seed, ids, successors, routing, lookup)| World {
                seed,
                bits,
                ids,
                successors,
                routing,
                lookup,
            })
    })
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn random_rings(world in world()) {
        let plan = plan(&world.toml());
        agree(&plan.runs[0], &world.toml());
    }
}

/// The books of a run: which node holds how many of the keys.
fn assert_keys(overlay: &str, chord: &str, keys: u32) {
    let scenario = at_rest(overlay, chord, &format!("keys = {keys}"));
    let plan = plan(&scenario);
    let spec = &plan.runs[0];
    let run = run(spec);
    let bits = spec.scenario.overlay.id_bits;
    let ring = Ring::new(bits, run.nodes.iter().map(|node| node.id));
    let world = Keys::new(
        keys,
        spec.scenario.workload.popularity,
        Space::new(bits),
        spec.seed,
    );
    let world: Vec<u64> = world.all().iter().map(|key| key.0).collect();
    for node in &run.nodes {
        let expected = ring.keys_of(node.id, &world) as u64;
        assert_eq!(node.keys, Some(expected), "{overlay}: node {}", node.id);
    }
    let held: u64 = run.nodes.iter().filter_map(|node| node.keys).sum();
    assert_eq!(held, u64::from(keys), "every key is somewhere");
    let asked = run.lookups.iter().all(|lookup| world.contains(&lookup.key));
    assert!(asked, "these are the keys that are asked for");
}

#[test]
fn keys_per_node_are_those_it_owns() {
    for overlay in [
        "nodes = 1",
        "nodes = 16\nid_bits = 4",
        "nodes = 50\nid_bits = 6\nids = \"even\"",
        "id_bits = 7\nids = [32, 98, 124]",
        "nodes = 300",
    ] {
        assert_keys(overlay, "", 2000);
    }
    assert_keys("nodes = 40", "virtual_nodes = 5", 2000);
}

/// The lecture's ring of 7 bits, by hand: first the reference itself, then the program against it.
#[test]
fn the_lecture_s_finger_table() {
    let ring = Ring::new(7, [14, 32, 38, 98, 124]);
    assert_eq!(ring.finger_starts(14), [15, 16, 18, 22, 30, 46, 78]);
    assert_eq!(ring.fingers(14), [32, 32, 32, 32, 32, 98, 98]);
    // Without node 32, "38" is what the lecture prints for the start 30: the node that follows it.
    let without = Ring::new(7, [14, 38, 98, 124]);
    assert_eq!(without.fingers(14), [38, 38, 38, 38, 38, 98, 98]);
    // 124 + 8 is 132, which is 4.
    assert_eq!(ring.finger_starts(124), [125, 126, 0, 4, 12, 28, 60]);
    assert_eq!(ring.fingers(124), [14, 14, 14, 14, 14, 32, 98]);
}

#[test]
fn the_lecture_s_walk_to_alice() {
    let ring = Ring::new(7, [32, 98, 124]);
    assert!((33..=98).all(|key| ring.owner(key) == 98));
    assert_eq!(ring.path(32, 120, Way::Successors, 1), [98, 124]);
    assert_eq!(ring.path(32, 120, Way::Fingers, 1), [98, 124]);
    assert_eq!(ring.path(32, 120, Way::Fingers, 2), [124]);
    assert_eq!(ring.path(124, 120, Way::Fingers, 1), [] as [u64; 0]);
}

/// A finger table as `chordsim check --ring` prints it.
fn printed(ring: &Ring) -> String {
    let mut text = String::new();
    let width = (u64::MAX >> (64 - ring.bits())).to_string().len();
    for id in ring.ids() {
        let before = ring.ids().iter().rev().find(|other| *other < id);
        let predecessor = before.or(ring.ids().last()).unwrap();
        let successor = ring.successors(*id, 1).first().copied().unwrap_or(*id);
        writeln!(
            text,
            "node {id}: successor {successor}, predecessor {predecessor}"
        )
        .unwrap();
        let entries = ring.finger_starts(*id).into_iter().zip(ring.fingers(*id));
        for (i, (start, entry)) in entries.enumerate() {
            writeln!(text, "  2^{i:<2}  {start:>width$} → {entry}").unwrap();
        }
    }
    text
}

#[test]
fn the_program_prints_the_reference_s_finger_tables() {
    let folder = tempfile::tempdir().unwrap();
    for (bits, ids) in [
        (7, vec![32, 98, 124]),
        (7, vec![14, 32, 38, 98, 124]),
        (3, vec![0, 1, 2, 3, 4, 5, 6, 7]),
        (64, vec![5, 1 << 63, u64::MAX]),
        (9, vec![17]),
    ] {
        let scenario = at_rest(&format!("id_bits = {bits}\nids = {ids:?}"), "", "");
        fs::write(folder.path().join("ring.toml"), scenario).unwrap();
        let mut command = chordsim(folder.path());
        let output = command.args(["check", "--ring", "ring.toml"]).output();
        let text = String::from_utf8(output.unwrap().stdout).unwrap();
        let (_, table) = text.split_once("node ").unwrap();
        let (table, _) = table.split_once("successors and fingers").unwrap();
        assert_eq!(format!("node {table}"), printed(&Ring::new(bits, ids)));
    }
}
