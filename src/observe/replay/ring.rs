//! Tells who comes and goes and what nodes know, as changes.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use crate::catalogue::{RecordSink, ReplayEntry, ReplayRecord};
use crate::engine::SimTime;
use crate::observe::observer::{EventOf, Measured, Observer, Parting, Scene};
use crate::overlay::{Knowledge, Overlay};
use crate::world::{Departure, Event, NodeIdx, RingId};

/// The most nodes of those that are there at time 0 that are told of, evenly spaced on the ring.
const NODES_MAX: usize = 256;
/// The most nodes that are told of in all, with those that come later.
const NODES_IN_ALL_MAX: usize = 2 * NODES_MAX;
/// The most entries that are told of at time 0: where the tables of all nodes have more, fewer nodes are told of.
const ENTRIES_MAX: usize = 4096;
/// The least nodes whose tables are told of.
const TABLES_MIN: usize = 16;
/// The most rows of what nodes know, and of their lives.
const KNOWN_ROWS_MAX: usize = 16_000;
const LIFE_ROWS_MAX: usize = 10_000;

/// Tells of the ring from the moment at which the measurement begins until it ends.
pub struct RingWatch {
    from: SimTime,
    now: SimTime,
    watches: bool,
    ids: Vec<RingId>,
    /// Nodes that are up and not on the ring.
    joining: BTreeSet<NodeIdx>,
    /// The nodes whose lives are told.
    told: BTreeSet<NodeIdx>,
    /// What nodes know of which that is told, as it stands in the rows so far.
    known: BTreeMap<NodeIdx, Knowledge>,
    /// The most nodes of which it is told.
    tables_max: usize,
    lives: usize,
    is_cut: bool,
    rows: Vec<ReplayRecord>,
}

/// An entry of a table: what it is, which one, and whom it names.
type Named = (ReplayEntry, Option<u32>, Option<NodeIdx>);

impl RingWatch {
    /// Of a measurement that begins at `from`.
    #[must_use]
    pub fn new(from: SimTime) -> Self {
        Self {
            from,
            now: SimTime::ZERO,
            watches: false,
            ids: Vec::new(),
            joining: BTreeSet::new(),
            told: BTreeSet::new(),
            known: BTreeMap::new(),
            tables_max: 0,
            lives: 0,
            is_cut: false,
            rows: Vec::new(),
        }
    }

    /// Tells of all that is there.
    fn begin<O: Overlay>(&mut self, scene: &Scene<'_, O>) {
        self.watches = true;
        let members: Vec<NodeIdx> = scene.members.iter().map(|(_, node)| node).collect();
        let told = evenly(&members, NODES_MAX);
        for node in &told {
            self.tell_life(*node, ReplayEntry::Member);
        }
        for node in self.joining.clone() {
            self.tell_life(node, ReplayEntry::Joining);
        }
        let entries = told
            .first()
            .map_or(1, |node| entries(&scene.overlay.knows(*node)).count());
        let tables = (ENTRIES_MAX / entries.max(1)).clamp(TABLES_MIN, NODES_MAX);
        // As many again may come later.
        self.tables_max = 2 * tables;
        for node in evenly(&told, tables) {
            self.watch(scene, node);
        }
    }

    /// Tells from now on what a node knows.
    fn watch<O: Overlay>(&mut self, scene: &Scene<'_, O>, node: NodeIdx) {
        if self.told.contains(&node) && self.known.len() < self.tables_max {
            self.known.insert(node, Knowledge::default());
            self.compare(scene, node);
        }
    }

    /// Tells what has changed in what a node knows, if it is told.
    fn compare<O: Overlay>(&mut self, scene: &Scene<'_, O>, node: NodeIdx) {
        let Some(before) = self.known.get_mut(&node) else {
            return;
        };
        let knows = scene.overlay.knows(node);
        if *before == knows || self.is_cut {
            return;
        }
        let before = std::mem::replace(before, knows.clone());
        for (entry, number, to) in changes(&before, &knows) {
            let to = to.map(|to| (to, self.ids[to.at()]));
            self.row(node, entry, number, to);
        }
        if self.rows.len() - self.lives > KNOWN_ROWS_MAX {
            self.is_cut = true;
            self.row(node, ReplayEntry::Cut, None, None);
        }
    }

    /// A node comes or goes.
    fn tell_life(&mut self, node: NodeIdx, entry: ReplayEntry) {
        if !self.watches || self.lives >= LIFE_ROWS_MAX {
            return;
        }
        if self.told.len() < NODES_IN_ALL_MAX {
            self.told.insert(node);
        }
        if self.told.contains(&node) {
            self.lives += 1;
            self.row(node, entry, None, None);
        }
    }

    fn row(
        &mut self,
        node: NodeIdx,
        entry: ReplayEntry,
        number: Option<u32>,
        to: Option<(NodeIdx, RingId)>,
    ) {
        self.rows.push(ReplayRecord {
            time_s: self.now.seconds_from(self.from),
            node: node.0,
            id: self.ids[node.at()].0,
            entry,
            number,
            to: to.map(|(to, _)| to.0),
            to_id: to.map(|(_, id)| id.0),
        });
    }
}

/// At most so many of these, evenly spaced.
fn evenly(nodes: &[NodeIdx], most: usize) -> Vec<NodeIdx> {
    let some = nodes.len().min(most);
    (0..some).map(|i| nodes[i * nodes.len() / some]).collect()
}

/// The entries of a table in the order in which they are told.
fn entries(known: &Knowledge) -> impl Iterator<Item = Named> + '_ {
    let predecessor = (ReplayEntry::Predecessor, None, known.predecessor);
    let successors = known.successors.iter().zip(1..);
    let successors = successors.map(|(to, i)| (ReplayEntry::Successor, Some(i), Some(*to)));
    let fingers = known.fingers.iter().zip(0..);
    let fingers = fingers.map(|(to, i)| (ReplayEntry::Finger, Some(i), *to));
    std::iter::once(predecessor)
        .chain(successors)
        .chain(fingers)
}

/// What is different, with the names that are there afterwards.
fn changes(before: &Knowledge, after: &Knowledge) -> Vec<Named> {
    let named = |known| -> BTreeMap<(ReplayEntry, Option<u32>), Option<NodeIdx>> {
        entries(known)
            .map(|(entry, number, to)| ((entry, number), to))
            .collect()
    };
    let (before, after) = (named(before), named(after));
    let places: BTreeSet<_> = before.keys().chain(after.keys()).copied().collect();
    let of = |known: &BTreeMap<_, Option<NodeIdx>>, place| known.get(place).copied().flatten();
    let all = places
        .iter()
        .map(|place| (place, of(&before, place), of(&after, place)));
    all.filter(|(_, before, after)| before != after)
        .map(|((entry, number), _, after)| (*entry, *number, after))
        .collect()
}

impl<O: Overlay> Observer<O> for RingWatch {
    fn node_added(&mut self, id: RingId) {
        self.ids.push(id);
    }

    fn before(&mut self, scene: &Scene<'_, O>, event: &EventOf<O>) {
        self.now = scene.now;
        match event {
            Event::Measure => self.begin(scene),
            // Nothing changes but by an action of the node or at once for all; the latter is seen here.
            Event::Sample | Event::Drain if self.watches => {
                let nodes: Vec<NodeIdx> = self.known.keys().copied().collect();
                for node in nodes {
                    self.compare(scene, node);
                }
            }
            _ => {}
        }
    }

    fn acted(&mut self, scene: &Scene<'_, O>, node: NodeIdx) {
        if self.watches {
            self.compare(scene, node);
        }
    }

    fn joined(&mut self, scene: &Scene<'_, O>, node: NodeIdx) {
        self.joining.remove(&node);
        self.tell_life(node, ReplayEntry::Member);
        if self.watches {
            self.watch(scene, node);
        }
    }

    fn left(&mut self, _: &Scene<'_, O>, node: NodeIdx, parting: Parting) {
        self.known.remove(&node);
        if parting == Parting::Lost {
            self.joining.insert(node);
            self.tell_life(node, ReplayEntry::Lost);
        }
    }

    fn came_up(&mut self, now: SimTime, node: NodeIdx) {
        self.now = now;
        self.joining.insert(node);
        self.tell_life(node, ReplayEntry::Joining);
    }

    fn went_down(&mut self, now: SimTime, node: NodeIdx, departure: Departure) {
        self.now = now;
        self.joining.remove(&node);
        self.known.remove(&node);
        let entry = match departure {
            Departure::Leave => ReplayEntry::Leave,
            Departure::Crash => ReplayEntry::Crash,
        };
        // Whoever is not told of when it comes is not when it goes.
        if self.told.contains(&node) {
            self.tell_life(node, entry);
        }
    }

    fn measuring_ended(&mut self, _: SimTime, _: &[NodeIdx]) {
        self.watches = false;
    }

    fn done(&mut self, _: &Scene<'_, O>, sink: &mut dyn RecordSink) -> io::Result<Vec<Measured>> {
        let mut rows = self.rows.iter();
        rows.try_for_each(|row| sink.take(row.into()))?;
        Ok(Vec::new())
    }
}
