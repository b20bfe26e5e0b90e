//! How far the nodes' tables are from the truth.
//!
//! On rings of up to [`FULL_CHECK_MAX_MEMBERS`] members every member is looked at. On larger rings only an
//! evenly spread sample is looked at: otherwise a row of the timeline would cost more than the events it
//! sums up.

use super::Chord;
use super::converge::Textbook;
use super::fingers::{FingerTable, FingerTables};
use crate::overlay::Health;
use crate::world::Directory;
use crate::world::{NodeIdx, RingId};

/// The most members of a ring on which all members are looked at.
const FULL_CHECK_MAX_MEMBERS: usize = 100_000;
/// Larger rings: the nodes sampled for list health. Only the members among them are looked at.
const LIST_SAMPLE: usize = 50_000;
/// Larger rings: the nodes sampled for finger health.
const FINGER_SAMPLE: usize = 5_000;

#[derive(Default)]
struct ListCount {
    nodes: u64,
    /// Members whose first live successor is not the next member.
    unsound: u64,
    wrong: u64,
    dead: u64,
}

#[derive(Default)]
struct FingerCount {
    entries: u64,
    dead: u64,
    wrong: u64,
}

impl Chord {
    pub(super) fn measure_health(&self, directory: &Directory) -> Health {
        let is_full = directory.len() <= FULL_CHECK_MAX_MEMBERS;
        let (lists, fingers) = if is_full {
            self.look_at_all(directory)
        } else {
            self.look_at_some(directory)
        };
        let share = |part: u64| part as f64 / lists.nodes.max(1) as f64;
        let of_fingers = |part: u64| {
            let share = part as f64 / fingers.entries.max(1) as f64;
            self.uses_fingers().then_some(share)
        };
        Health {
            ring_ok: Some(lists.unsound == 0),
            wrong_successors: Some(share(lists.wrong)),
            dead_successors: Some(share(lists.dead)),
            dead_fingers: of_fingers(fingers.dead),
            wrong_fingers: of_fingers(fingers.wrong),
            rings: is_full.then(|| self.count_rings(directory)),
        }
    }

    fn look_at_all(&self, directory: &Directory) -> (ListCount, FingerCount) {
        let (mut lists, mut fingers) = (ListCount::default(), FingerCount::default());
        let members: Vec<_> = directory.iter().collect();
        let mut textbook = Textbook::new(self.space, &members);
        for (rank, (_, node)) in members.iter().enumerate() {
            // A member alone on the ring is its own successor; an empty list stands for this.
            let next = members[(rank + 1) % members.len()].1;
            self.look_at_list(*node, next, directory, &mut lists);
            if self.uses_fingers() && members.len() > 1 {
                self.look_at_fingers(*node, &textbook.table(rank), directory, &mut fingers);
            }
        }
        (lists, fingers)
    }

    fn look_at_some(&self, directory: &Directory) -> (ListCount, FingerCount) {
        let (mut lists, mut fingers) = (ListCount::default(), FingerCount::default());
        for node in self.spread(LIST_SAMPLE, directory) {
            let next = directory.next(self.id_of(node)).unwrap_or(node);
            self.look_at_list(node, next, directory, &mut lists);
        }
        if self.uses_fingers() {
            for node in self.spread(FINGER_SAMPLE, directory) {
                let right = self.textbook_of(self.id_of(node), directory);
                self.look_at_fingers(node, &right, directory, &mut fingers);
            }
        }
        (lists, fingers)
    }

    /// The members among this many evenly spread nodes. Nodes are numbered in the order in which they are
    /// created and not along the ring, so the sample favours no part of the ring.
    fn spread(&self, places: usize, directory: &Directory) -> impl Iterator<Item = NodeIdx> {
        let nodes = (0..self.rows.nodes()).step_by(self.rows.nodes().div_ceil(places));
        nodes
            .map(NodeIdx::from_usize)
            .filter(|node| directory.is_member(*node))
    }

    /// The finger table of one member, found with one search for each owner.
    fn textbook_of(&self, id: RingId, directory: &Directory) -> FingerTable {
        let mut table = FingerTable::new();
        let mut reach = 0;
        for i in 0..self.space.bits() {
            // The last owner found may lie behind this start as well.
            if 1 << i <= reach && i > 0 {
                continue;
            }
            let Some((owner, node)) = directory.at_or_after(self.space.finger_start(id, i)) else {
                continue;
            };
            table.name(i, FingerTables::finger(self.space, owner, node));
            reach = match self.space.distance(id, owner) {
                // No member lies behind: the node is its own finger from here on.
                0 => u64::MAX,
                distance => distance,
            };
        }
        table
    }

    fn look_at_list(
        &self,
        node: NodeIdx,
        next: NodeIdx,
        directory: &Directory,
        count: &mut ListCount,
    ) {
        let list = self.list_of(node);
        let first = list.first().copied().unwrap_or(node);
        let first_live = list
            .iter()
            .copied()
            .find(|entry| directory.is_member(*entry));
        count.nodes += 1;
        count.wrong += u64::from(first != next);
        count.dead += u64::from(!directory.is_member(first));
        count.unsound += u64::from(first_live.unwrap_or(node) != next);
    }

    fn look_at_fingers(
        &self,
        node: NodeIdx,
        right: &FingerTable,
        directory: &Directory,
        count: &mut FingerCount,
    ) {
        let row = &self.node(node).fingers;
        count.entries += u64::from(self.space.bits());
        count.wrong += match &self.proximity {
            Some(used) if used.selects_neighbours() => self.outside(node, right, directory),
            _ => u64::from(self.fingers.different_from(row, right)),
        };
        for (finger, length) in self.fingers.run_lengths(row) {
            count.dead += u64::from(length) * u64::from(!directory.is_member(finger));
        }
    }
}

impl Chord {
    /// How many entries name neither the textbook's node nor a member of their interval, where any of these will do.
    fn outside(&self, node: NodeIdx, right: &FingerTable, directory: &Directory) -> u64 {
        let is_right = |i: u32| {
            let entry = self.finger(node, i);
            let is_inside =
                |entry| directory.is_member(entry) && self.is_in_interval(node, entry, i);
            entry.is_none() || entry == right.get(i) || entry.is_some_and(is_inside)
        };
        (0..self.space.bits()).filter(|i| !is_right(*i)).count() as u64
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt as _;

    use super::super::tests::{config, overlay};
    use super::*;
    use crate::engine::{Stream, stream};
    use crate::scenario::resolved::LookupMode;
    use crate::world::Space;

    #[test]
    fn one_owner_at_a_time_gives_the_table_that_walking_along_the_ring_gives() {
        let mut rng = stream(8, Stream::Protocol);
        for (bits, count) in [
            (3, 1),
            (3, 2),
            (4, 9),
            (16, 300),
            (64, 1),
            (64, 2),
            (64, 500),
        ] {
            let space = Space::new(bits);
            let mut ids: Vec<_> = (0..count).map(|_| space.leading(rng.random())).collect();
            ids.sort_unstable();
            ids.dedup();
            let members: Vec<_> = ids.into_iter().zip((0..).map(NodeIdx)).collect();
            let directory = Directory::of(space, &members);
            let chord = Chord::new(&overlay(bits), &config(LookupMode::Recursive));
            let mut textbook = Textbook::new(space, &members);
            for (rank, (id, _)) in members.iter().enumerate() {
                let (walked, asked) = (textbook.table(rank), chord.textbook_of(*id, &directory));
                for i in 0..bits {
                    assert_eq!(walked.get(i), asked.get(i), "{bits} bits, {id}, entry {i}");
                    let owner = directory.at_or_after(space.finger_start(*id, i)).unwrap().1;
                    assert_eq!(walked.get(i), Some(owner), "{bits} bits, {id}, entry {i}");
                }
            }
        }
    }
}
