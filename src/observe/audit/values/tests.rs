//! Shelves that are as they should be, and shelves on which something was forgotten, on a ring of four.

use std::cell::Cell;

use super::*;
use crate::engine::SimDuration;
use crate::overlay::Item;
use crate::overlay::storage::Totals;
use crate::world::{Directory, Space};

/// Identifiers of nodes 0 to 3; a fifth one is free.
const IDS: [u64; 5] = [10, 20, 30, 40, 25];

/// What nodes keep and believe, as a test says.
struct Fake {
    replicas: usize,
    members: Vec<(RingId, NodeIdx)>,
    shelves: BTreeMap<NodeIdx, BTreeMap<RingId, u32>>,
    lists: BTreeMap<NodeIdx, Vec<NodeIdx>>,
    /// What is added to the count of copies.
    miscounted: Cell<u64>,
    under_way: Cell<u64>,
}

impl Fake {
    fn new(replicas: usize) -> Self {
        let mut fake = Self {
            replicas,
            members: Vec::new(),
            shelves: BTreeMap::new(),
            lists: BTreeMap::new(),
            miscounted: Cell::new(0),
            under_way: Cell::new(0),
        };
        fake.are_members(&[0, 1, 2, 3]);
        fake
    }

    /// These are on the ring, and know each other.
    fn are_members(&mut self, nodes: &[u32]) {
        let node = |node: &u32| (RingId(IDS[*node as usize]), NodeIdx(*node));
        self.members = nodes.iter().map(node).collect();
        self.members.sort_unstable();
        self.shelves.retain(|node, _| nodes.contains(&node.0));
        let all = self.members.iter().map(|(_, node)| *node);
        let all: Vec<NodeIdx> = all.collect();
        self.lists = (0..all.len())
            .map(|rank| {
                let behind = all[rank + 1..].iter().chain(&all[..rank]);
                (all[rank], behind.copied().collect())
            })
            .collect();
    }

    /// Where copies of a key belong.
    fn places(&self, key: RingId) -> Vec<NodeIdx> {
        let owner = self.members.iter().position(|(id, _)| *id >= key);
        self.keepers_of(self.members[owner.unwrap_or(0)].1)
    }

    fn put(&mut self, key: u64, version: u32) {
        for node in self.places(RingId(key)) {
            self.keep(node.0, key, version);
        }
    }

    fn keep(&mut self, node: u32, key: u64, version: u32) {
        let shelf = self.shelves.entry(NodeIdx(node)).or_default();
        shelf.insert(RingId(key), version);
    }

    fn forget(&mut self, node: u32, key: u64) {
        let shelf = self.shelves.get_mut(&NodeIdx(node));
        shelf.and_then(|shelf| shelf.remove(&RingId(key))).unwrap();
    }

    fn count(&self, key: RingId) -> usize {
        let shelves = self.shelves.values();
        shelves.filter(|shelf| shelf.contains_key(&key)).count()
    }
}

impl Stock for Fake {
    fn copies_of(&self, key: RingId) -> u32 {
        self.count(key) as u32
    }

    fn totals(&self) -> Totals {
        let keys: BTreeSet<RingId> = self
            .shelves
            .values()
            .flat_map(BTreeMap::keys)
            .copied()
            .collect();
        let copies: usize = self.shelves.values().map(BTreeMap::len).sum();
        let few = keys.iter().filter(|key| self.count(**key) < self.replicas);
        Totals {
            stored: 100,
            alive: keys.len() as u64,
            under_replicated: few.count() as u64,
            copies: copies as u64 + self.miscounted.get(),
        }
    }

    fn kept_by(&self, node: NodeIdx) -> usize {
        self.copies_at(node).len()
    }

    fn under_way(&self) -> u64 {
        self.under_way.get()
    }

    fn copies_at(&self, node: NodeIdx) -> Vec<Item> {
        let shelf = self.shelves.get(&node).into_iter().flatten();
        let item = |(key, version): (&RingId, &u32)| Item {
            key: *key,
            version: *version,
            bytes: 1,
        };
        shelf.map(item).collect()
    }

    fn version_at(&self, node: NodeIdx, key: RingId) -> u32 {
        let shelf = self.shelves.get(&node);
        shelf
            .and_then(|shelf| shelf.get(&key))
            .copied()
            .unwrap_or(0)
    }

    fn own_keys(&self, node: NodeIdx) -> Option<Arc> {
        let rank = self.members.iter().position(|(_, other)| *other == node)?;
        let before = self.members[(rank + self.members.len() - 1) % self.members.len()];
        Some(Arc {
            after: before.0,
            upto: self.members[rank].0,
        })
    }

    fn places_of(&self, key: RingId) -> Vec<RingId> {
        vec![key]
    }

    fn keepers_of(&self, node: NodeIdx) -> Vec<NodeIdx> {
        let behind = self.lists[&node].iter().copied();
        let all = std::iter::once(node).chain(behind);
        all.take(self.replicas).collect()
    }

    fn stand_ins_of(&self, node: NodeIdx) -> &[NodeIdx] {
        &self.lists[&node]
    }
}

/// A ring, its shelves and the books about them.
struct World {
    fake: Fake,
    values: Values,
    now: SimTime,
}

impl World {
    /// A put of 5, 15, 25 and 35 is stored, in version 1, on the ring of 10, 20, 30 and 40.
    fn new(replicas: u8, repair_every: Option<u64>) -> Self {
        let rules = Rules {
            replicas,
            quorums_overlap: true,
            puts_reach_owners: true,
            repair_every: repair_every.map(SimDuration::from_secs),
            handover: true,
            nodes_per_peer: 1,
            patience: SimDuration::from_secs(1),
            request_timeout: SimDuration::from_secs(10),
            all_do_their_share: true,
            queues: false,
        };
        let mut fake = Fake::new(replicas.into());
        for key in [5, 15, 25, 35] {
            fake.put(key, 1);
        }
        let mut world = Self {
            fake,
            values: Values::new(rules),
            now: SimTime::ZERO,
        };
        world.with(|values, ring, stock| {
            values.begin(ring, stock);
            Vec::new()
        });
        world
    }

    fn with(
        &mut self,
        work: impl FnOnce(&mut Values, &Ring<'_>, &dyn Stock) -> Vec<Finding>,
    ) -> Vec<Finding> {
        let space = Space::new(6);
        let members = Directory::of(space, &self.fake.members);
        let ring = Ring {
            members: &members,
            id_of: &|node| RingId(IDS[node.at()]),
        };
        work(&mut self.values, &ring, &self.fake)
    }

    fn pass(&mut self, seconds: u64) {
        self.now += SimDuration::from_secs(seconds);
    }

    /// What a look finds that is wrong: the invariant, the excuse and the keys.
    fn look(&mut self) -> Vec<(&'static str, &'static str, Vec<u64>)> {
        let now = self.now;
        let findings = self.with(|values, ring, stock| values.look(now, ring, stock));
        findings.into_iter().filter_map(told).collect()
    }

    /// A node comes or goes, and the others learn of it at once.
    fn change(&mut self, cause: Cause, members: &[u32]) {
        let gone: Vec<NodeIdx> = self.values.up.iter().copied().collect();
        for node in gone.iter().filter(|node| !members.contains(&node.0)) {
            self.values.went_down(*node);
        }
        for node in members {
            self.values.came_up(NodeIdx(*node));
        }
        self.fake.are_members(members);
        self.values.came_or_went(self.now, cause, members.len());
    }

    fn get(&mut self, key: u64, outcome: OperationOutcome, versions: (u32, u32)) -> Vec<Finding> {
        let state = OperationState {
            action: Action::Get,
            newest_stored: versions.1,
            found: None,
            asked: None,
            timeouts: 0,
            answers: 1,
            version: versions.0,
            bytes_read: None,
            outcome,
        };
        self.with(|values, ring, stock| {
            let found = values.ended(RingId(key), &state, (ring, stock));
            found.into_iter().collect()
        })
    }

    fn put(&mut self, key: u64, version: u32) {
        let action = Action::Put { version, bytes: 1 };
        self.values.began(self.now, RingId(key), action);
    }
}

fn told(finding: Finding) -> Option<(&'static str, &'static str, Vec<u64>)> {
    match finding {
        Finding::Holds(_) => None,
        Finding::Broken {
            invariant,
            excuse,
            offenders,
            ..
        } => {
            let keys = offenders.iter().map(|key| key.0).collect();
            Some((invariant.name(), excuse.map_or("", Excuse::name), keys))
        }
    }
}

#[test]
fn what_is_in_place_is_found_in_place() {
    for replicas in [1, 3] {
        let mut world = World::new(replicas, Some(10));
        for _ in 0..60 {
            world.pass(10);
            assert_eq!(world.look(), []);
        }
    }
}

/// 25 joins, and node 30 gives it the key 25, or forgets to.
#[test]
fn a_key_that_is_forgotten_at_a_join_is_missed_when_its_message_should_have_arrived() {
    for (forgotten, expected) in [
        (false, vec![]),
        (true, vec![("keys_at_owners", "", vec![25])]),
    ] {
        let mut world = World::new(1, None);
        world.pass(5);
        assert_eq!(world.look(), []);
        world.change(Cause::Join, &[0, 1, 2, 3, 4]);
        world.pass(1);
        assert_eq!(world.look(), [], "its message may be under way");
        if !forgotten {
            world.fake.keep(4, 25, 1);
        }
        world.pass(2);
        assert_eq!(world.look(), expected);
    }
}

/// Another joins before the first has its keys: nothing is promised without repair.
#[test]
fn changes_at_once_excuse_it_and_repair_ends_the_excuse() {
    let mut world = World::new(1, Some(10));
    world.pass(5);
    world.look();
    world.change(Cause::Leave, &[0, 2, 3]);
    world.change(Cause::Join, &[0, 2, 3, 4]);
    world.pass(3);
    let excused = [
        ("nothing_lost", "under_way", vec![15]),
        ("keys_at_owners", "under_way", vec![25]),
        ("copies_in_place", "not_at_rest", vec![25]),
    ];
    assert_eq!(world.look(), excused);
    // Four periods, 150 messages of a second, and the time to ask.
    world.pass(210);
    let blamed = ("copies_in_place", "", vec![25]);
    assert!(world.look().contains(&blamed));
    world.fake.keep(4, 25, 1);
    assert_eq!(world.look(), []);
}

/// Nodes 10, 20 and 30 keep 5; 20 has forgotten it.
#[test]
fn a_copy_that_repair_forgets_is_missed() {
    let mut world = World::new(3, Some(10));
    world.fake.forget(1, 5);
    world.pass(5);
    assert_eq!(world.look(), [("copies_in_place", "not_at_rest", vec![5])]);
    world.pass(210);
    assert_eq!(world.look(), [("copies_in_place", "", vec![5])]);
    world.fake.keep(1, 5, 1);
    assert_eq!(world.look(), []);
    // An old version is no copy of the newest one.
    world.fake.keep(0, 5, 2);
    world.fake.keep(2, 5, 2);
    assert_eq!(world.look(), [("copies_in_place", "", vec![5])]);
}

#[test]
fn a_farewell_without_the_keys_loses_them_and_a_crash_is_excused() {
    for (cause, excuse) in [(Cause::Leave, ""), (Cause::Crash, "failure")] {
        let mut world = World::new(1, None);
        world.pass(5);
        world.look();
        world.change(cause, &[0, 2, 3]);
        world.pass(3);
        assert_eq!(world.look(), [("nothing_lost", excuse, vec![15])]);
        world.pass(3);
        assert_eq!(world.look(), [], "that is told once");
    }
}

#[test]
fn the_last_node_has_nobody_to_give_its_keys_to() {
    let mut world = World::new(1, None);
    world.pass(5);
    world.look();
    world.change(Cause::Leave, &[]);
    world.pass(3);
    assert_eq!(
        world.look(),
        [("nothing_lost", "failure", vec![5, 15, 25, 35])]
    );
}

/// Put while 25 joins, the newest copy of 25 may be left at 30.
#[test]
fn what_is_put_while_keys_move_may_be_left_behind() {
    let mut world = World::new(1, None);
    world.pass(5);
    world.look();
    world.put(25, 2);
    world.change(Cause::Join, &[0, 1, 2, 3, 4]);
    world.fake.keep(2, 25, 2);
    world.pass(3);
    assert_eq!(world.look(), []);
}

#[test]
fn counts_that_are_not_those_of_the_shelves_are_found_at_any_time() {
    let mut world = World::new(2, None);
    world.fake.miscounted.set(1);
    assert_eq!(world.look(), [("counts", "", vec![])]);
}

#[test]
fn nothing_is_under_way_for_ever() {
    let mut world = World::new(2, None);
    world.fake.under_way.set(1);
    world.pass(1);
    assert_eq!(world.look(), [], "that may be");
    world.pass(2);
    assert_eq!(world.look(), [("counts", "", vec![])]);
}

#[test]
fn what_lives_is_not_reported_lost() {
    let mut world = World::new(1, None);
    let reported = |world: &mut World, outcome| {
        let findings = world.get(15, outcome, (0, 0));
        findings.into_iter().filter_map(told).collect::<Vec<_>>()
    };
    for outcome in [OperationOutcome::Lost, OperationOutcome::Missing] {
        assert_eq!(
            reported(&mut world, outcome),
            [("reported_lost", "", vec![15])]
        );
    }
    assert_eq!(reported(&mut world, OperationOutcome::Failed), []);
    world.fake.forget(1, 15);
    assert_eq!(reported(&mut world, OperationOutcome::Lost), []);
}

#[test]
fn an_old_version_is_excused_only_if_something_has_changed_since_the_newest_was_put() {
    let read = |world: &mut World, versions| {
        let findings = world.get(15, OperationOutcome::Stale, versions);
        findings.into_iter().filter_map(told).collect::<Vec<_>>()
    };
    let mut world = World::new(3, None);
    world.pass(5);
    world.look();
    world.put(15, 2);
    world.pass(5);
    assert_eq!(read(&mut world, (1, 2)), [("fresh_reads", "", vec![15])]);
    assert_eq!(read(&mut world, (2, 2)), []);
    world.values.doubted(world.now);
    let excused = [("fresh_reads", "not_at_rest", vec![15])];
    assert_eq!(read(&mut world, (1, 2)), excused);
    world.pass(5);
    world.put(15, 3);
    assert_eq!(read(&mut world, (2, 3)), [("fresh_reads", "", vec![15])]);
    world.values.rules.quorums_overlap = false;
    assert_eq!(read(&mut world, (2, 3)), [], "nothing is promised");
}

/// Whoever does not know the node behind it sends lookups elsewhere.
#[test]
fn a_ring_out_of_order_promises_nothing() {
    let mut world = World::new(1, Some(10));
    world.fake.lists.insert(NodeIdx(0), vec![NodeIdx(2)]);
    world.fake.forget(1, 15);
    world.fake.keep(2, 15, 1);
    for _ in 0..40 {
        world.pass(10);
        assert_eq!(world.look(), []);
    }
}

#[test]
fn a_message_that_takes_longer_than_anybody_waits_is_waited_for() {
    let mut world = World::new(1, None);
    world.pass(5);
    world.look();
    world.change(Cause::Join, &[0, 1, 2, 3, 4]);
    let now = world.now;
    world
        .values
        .on_its_way(now, now + SimDuration::from_secs(1));
    world
        .values
        .on_its_way(now, now + SimDuration::from_secs(4));
    world.pass(5);
    assert_eq!(world.look(), []);
    world.pass(2);
    assert_eq!(world.look(), [("keys_at_owners", "suspicion", vec![25])]);
}
