//! The books against a plain count, on rings that go wrong in every way.

use std::collections::BTreeSet;

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::shape::Shape;
use super::*;
use crate::engine::{SimTime, Stream, stream};
use crate::world::{Directory, Space};
use crate::world::{NodeIdx, RingId};

const NODES: u32 = 12;
const BITS: u32 = 6;

/// The ring of a world, of which nothing but the auditor changes meanwhile.
macro_rules! ring {
    ($world:ident) => {
        Ring {
            members: &$world.members,
            id_of: &|node| $world.ids[node.at()],
        }
    };
}

/// Nodes that take whatever list they are given.
struct World {
    members: Directory,
    ids: Vec<RingId>,
    lists: Vec<Vec<NodeIdx>>,
    auditor: Auditor,
    now: SimTime,
}

impl World {
    /// Twelve nodes at odd places; nobody is a member.
    fn new(successors: u8) -> Self {
        let ids = (0..NODES).map(|n| RingId(u64::from(n * 5 + n % 3)));
        Self::of(Space::new(BITS), ids.collect(), successors)
    }

    /// Nodes at these places; nobody is a member.
    fn of(space: Space, ids: Vec<RingId>, successors: u8) -> Self {
        let patience = SimDuration::from_millis(1);
        let mut auditor = Auditor::new(space, successors, patience, SimTime::ZERO);
        for _ in &ids {
            auditor.add_node();
        }
        Self {
            members: Directory::new(space),
            lists: vec![Vec::new(); ids.len()],
            ids,
            auditor,
            now: SimTime::ZERO,
        }
    }

    fn note(&mut self, cause: Cause) {
        self.now = SimTime(self.now.0 + 1_000_000_000);
        self.auditor.note(self.now, cause);
    }

    fn join(&mut self, node: NodeIdx, list: Vec<NodeIdx>) {
        self.note(Cause::Join);
        self.lists[node.at()] = list;
        self.members.insert(self.ids[node.at()], node);
        let list = &self.lists[node.at()];
        let ring = ring!(self);
        self.auditor.joined(node, list, &ring);
    }

    fn act(&mut self, node: NodeIdx, list: Vec<NodeIdx>) {
        self.note(Cause::Timer("test"));
        self.lists[node.at()] = list;
        let list = &self.lists[node.at()];
        let ring = ring!(self);
        self.auditor.acted(node, list, &ring);
    }

    fn crash(&mut self, node: NodeIdx) {
        self.note(Cause::Crash);
        self.lists[node.at()].clear();
        self.members.remove(self.ids[node.at()], node);
        let ring = ring!(self);
        self.auditor.left(self.now, node, Cause::Crash, &ring);
    }

    fn members(&self) -> Vec<NodeIdx> {
        self.members.iter().map(|(_, node)| node).collect()
    }

    /// The next members clockwise, as a list should be.
    fn right_list(&self, node: NodeIdx, length: usize) -> Vec<NodeIdx> {
        let others = self.members.clockwise_from(self.ids[node.at()]);
        let others = others
            .map(|(_, other)| other)
            .filter(|other| *other != node);
        others.take(length).collect()
    }

    fn distance(&self, from: NodeIdx, to: NodeIdx) -> u64 {
        Space::new(BITS).distance(self.ids[from.at()], self.ids[to.at()])
    }

    fn first_live(&self, node: NodeIdx) -> Option<NodeIdx> {
        let list = self.lists[node.at()].iter().copied();
        list.into_iter()
            .find(|entry| self.members.is_member(*entry))
    }

    /// Members that no pair of neighbours in anybody's extended list has between them.
    fn principals(&self) -> usize {
        let is_skipped = |node: &NodeIdx| {
            self.members().into_iter().any(|owner| {
                let extended = [&[owner], self.lists[owner.at()].as_slice()].concat();
                extended.windows(2).any(|pair| {
                    let far = self.distance(pair[0], *node);
                    far > 0 && far < self.distance(pair[0], pair[1])
                })
            })
        };
        self.members()
            .iter()
            .filter(|node| !is_skipped(node))
            .count()
    }

    /// The cycles that one comes to, each as the set of its members and the number of its turns.
    fn cycles(&self) -> BTreeSet<(BTreeSet<NodeIdx>, u64)> {
        let mut cycles = BTreeSet::new();
        for start in self.members() {
            let mut at = Some(start);
            for _ in 0..NODES {
                at = at.and_then(|node| self.first_live(node));
            }
            let Some(on_cycle) = at else { continue };
            let (mut nodes, mut far, mut node) = (BTreeSet::new(), 0, on_cycle);
            while nodes.insert(node) {
                let next = self.first_live(node).expect("on a cycle");
                let jump = self.distance(node, next);
                far += if jump == 0 { 1 << BITS } else { jump };
                node = next;
            }
            cycles.insert((nodes, far >> BITS));
        }
        cycles
    }

    fn assert_books_are_right(&mut self) {
        let members = self.members();
        let auditor = &self.auditor;
        assert_eq!(auditor.skips.principals(), self.principals() as u64);
        let orphans: BTreeSet<_> = members
            .iter()
            .copied()
            .filter(|node| self.first_live(*node).is_none())
            .collect();
        if members.len() < 2 {
            return assert!(auditor.orphans.is_empty());
        }
        assert_eq!(auditor.orphans, orphans);
        let cycles = self.cycles();
        let expected = Shape {
            rings: cycles.len(),
            ordered: cycles.iter().all(|(_, turns)| *turns == 1),
            connected: cycles.len() == 1 && orphans.is_empty(),
        };
        let shape = self.auditor.pointers.shape();
        assert_eq!(shape, expected, "{:?}", self.lists);
    }
}

fn any_list(rng: &mut ChaCha8Rng) -> Vec<NodeIdx> {
    let length = rng.random_range(0..=3);
    (0..length)
        .map(|_| NodeIdx(rng.random_range(0..NODES)))
        .collect()
}

/// Lists of any content, joins and crashes in any order: counting from scratch gives the same.
#[test]
fn the_books_agree_with_a_count_from_scratch() {
    let mut rng = stream(11, Stream::Protocol);
    for _ in 0..60 {
        let mut world = World::new(3);
        for _ in 0..120 {
            let node = NodeIdx(rng.random_range(0..NODES));
            let member = world.members.is_member(node);
            let right = world.right_list(node, 3);
            let list = if rng.random_range(0..3) == 0 {
                any_list(&mut rng)
            } else {
                right
            };
            match (member, rng.random_range(0..4)) {
                (false, _) => world.join(node, list),
                (true, 0) => world.crash(node),
                (true, _) => world.act(node, list),
            }
            world.assert_books_are_right();
        }
    }
}

/// How many stretches and members are looked at for each change, in a ring in which every second member is a
/// newcomer of whom nobody has heard, and others crash. Nobody loses all eight of a list.
fn looks_per_change(newcomers: u32) -> u64 {
    let mut rng = stream(12, Stream::Protocol);
    let ids = (0..2 * newcomers).map(|_| RingId(rng.random()));
    let mut world = World::of(Space::new(64), ids.collect(), 8);
    let (old, new) = (0..newcomers, newcomers..2 * newcomers);
    for node in old.clone() {
        world
            .members
            .insert(world.ids[node as usize], NodeIdx(node));
    }
    for node in old.map(NodeIdx) {
        world.lists[node.at()] = world.right_list(node, 8);
    }
    let lists = &world.lists;
    let ring = ring!(world);
    world.auditor.begin(&ring, |node| &lists[node.at()]);
    let changes = u64::from(new.end - new.start) * 5 / 4;
    for node in new.map(NodeIdx) {
        let list = world.right_list(node, 8);
        world.join(node, list);
        if node.0 % 4 == 0 {
            world.crash(NodeIdx(node.0 - newcomers));
        }
    }
    let auditor = &world.auditor;
    assert!(auditor.orphans.is_empty());
    let searched = auditor.skips.pairs.looked_at.get() + auditor.pointers.looked_at();
    searched / changes
}

/// Forty are a few of each of a dozen lengths that neighbours are apart, for two kinds of stretches.
#[test]
fn a_change_costs_as_much_however_many_came_before() {
    for newcomers in [100, 4000] {
        let looks = looks_per_change(newcomers);
        assert!(looks < 40, "{looks} for each of {newcomers}");
    }
}

/// A ring of eight with lists of two, as it should be.
fn sound() -> World {
    let mut world = World::new(2);
    for node in (0..8).map(NodeIdx) {
        let right = world.right_list(node, 2);
        world.join(node, right);
    }
    for node in (0..8).map(NodeIdx) {
        let right = world.right_list(node, 2);
        world.act(node, right);
    }
    world
}

fn violations(mut world: World) -> Vec<(&'static str, bool, &'static str)> {
    let now = world.now;
    let (findings, rows) = world.auditor.finish(now);
    assert_eq!(findings.violations, rows.len() as u64);
    let blamed = rows.iter().filter(|row| row.preconditions).count();
    assert_eq!(findings.unexcused, blamed as u64);
    rows.iter()
        .map(|row| (row.invariant, row.preconditions, row.excuse))
        .collect()
}

#[test]
fn a_sound_ring_that_loses_a_node_at_a_time_breaks_nothing() {
    let mut world = sound();
    world.crash(NodeIdx(3));
    for node in [1, 2].map(NodeIdx) {
        let right = world.right_list(node, 2);
        world.act(node, right);
    }
    assert_eq!(violations(world), []);
}

#[test]
fn a_failure_excuses_what_it_breaks() {
    let mut world = sound();
    world.crash(NodeIdx(3));
    world.crash(NodeIdx(4));
    let found = violations(world);
    assert!(found.contains(&("live_successor", false, "failure")));
    assert!(found.iter().all(|(_, given, _)| !given), "{found:?}");
}

#[test]
fn a_step_that_throws_live_successors_away_is_to_blame() {
    let mut world = sound();
    world.crash(NodeIdx(6));
    world.act(NodeIdx(0), vec![NodeIdx(6)]);
    let found = violations(world);
    assert!(found.contains(&("live_successor", true, "")), "{found:?}");
}

#[test]
fn an_entry_that_fails_while_its_list_travels_excuses_the_step() {
    let mut world = sound();
    world.crash(NodeIdx(6));
    let now = world.now;
    world.auditor.note(now, Cause::Timer("at once"));
    let ring = ring!(world);
    world.auditor.acted(NodeIdx(0), &[NodeIdx(6)], &ring);
    let found = violations(world);
    assert!(
        found.contains(&("live_successor", false, "under_way")),
        "{found:?}"
    );
}

#[test]
fn an_answer_from_before_the_invariant_held_excuses_the_step() {
    for (since, excuse) in [(0, "under_way"), (2_000_000, "")] {
        let mut world = sound();
        world.act(NodeIdx(0), vec![]);
        world.act(NodeIdx(0), [1, 2].map(NodeIdx).to_vec());
        let now = SimTime(world.now.0 + since);
        world.auditor.note(now, Cause::Timer("soon"));
        let ring = ring!(world);
        world.auditor.acted(NodeIdx(0), &[], &ring);
        let found = violations(world);
        let mut orphaned = found.iter().filter(|row| row.0 == "live_successor");
        let blamed = excuse.is_empty();
        assert_eq!(orphaned.next(), Some(&("live_successor", true, "")));
        assert_eq!(
            orphaned.next(),
            Some(&("live_successor", blamed, excuse)),
            "{found:?}"
        );
    }
}

#[test]
fn who_takes_the_living_for_dead_is_excused() {
    let mut world = sound();
    let silence = Cause::Silence {
        of: NodeIdx(1),
        alive: true,
    };
    world.note(silence);
    let ring = ring!(world);
    world.auditor.acted(NodeIdx(0), &[], &ring);
    let found = violations(world);
    assert!(
        found.contains(&("live_successor", false, "suspicion")),
        "{found:?}"
    );
}

#[test]
fn lists_out_of_order_and_with_one_node_twice_are_found() {
    let mut world = sound();
    world.act(NodeIdx(0), [2, 1].map(NodeIdx).to_vec());
    world.act(NodeIdx(0), [1, 2].map(NodeIdx).to_vec());
    world.act(NodeIdx(4), [5, 5].map(NodeIdx).to_vec());
    let found = violations(world);
    assert!(found.contains(&("ordered_lists", true, "")), "{found:?}");
    assert!(found.contains(&("no_duplicates", true, "")), "{found:?}");
}

#[test]
fn a_story_names_those_concerned_in_order_of_time() {
    let mut world = sound();
    world.crash(NodeIdx(6));
    world.act(NodeIdx(0), vec![NodeIdx(6)]);
    let now = world.now;
    let (_, rows) = world.auditor.finish(now);
    let row = rows
        .iter()
        .find(|row| row.invariant == "live_successor")
        .unwrap();
    assert_eq!((row.node, row.cause.as_str()), (Some(0), "test"));
    assert!(
        row.story.ends_with(
            "17.000 s: node 6 (id 30) crashed; 18.000 s: node 0 (id 0) had its timer test: \
             successors [6 12] -> [30]"
        ),
        "{}",
        row.story
    );
}

/// Newcomers come to a ring of eight one after the other, and one of those before goes for good: books are kept for those
/// who live, whatever the lists of others say of the departed.
#[test]
fn the_books_are_of_those_who_live() {
    let mut world = World::of(Space::new(64), vec![], 2);
    let mut rng = stream(13, Stream::Protocol);
    for number in 0..5000 {
        world.ids.push(RingId(rng.random()));
        world.lists.push(Vec::new());
        world.auditor.add_node();
        let node = NodeIdx(number);
        // Now and then somebody tells of one that went long ago.
        let mut list = world.right_list(node, 2);
        list.extend((number % 7 == 0).then_some(NodeIdx(number / 2)));
        world.join(node, list);
        if let Some(gone) = number.checked_sub(8).map(NodeIdx) {
            world.crash(gone);
            world.auditor.gone_for_good(gone);
        }
        for member in world.members() {
            let right = world.right_list(member, 2);
            world.act(member, right);
        }
    }
    let auditor = &world.auditor;
    // The first 1024 to go keep their rows.
    assert!(
        auditor.lists.rows() <= 1024 + 20,
        "{}",
        auditor.lists.rows()
    );
    assert!(auditor.failed_at.len() + auditor.principal_since.len() <= 2);
    assert_eq!(auditor.skips.principals(), 8);
}
