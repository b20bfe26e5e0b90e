//! The state that maintenance would reach: the contents of every table on a ring that no node joins
//! or leaves. It is used to start a run, and as the truth to compare tables with.

use super::Chord;
use super::fingers::{Finger, FingerTable, FingerTables};
use crate::engine::prefetch_at;
use crate::overlay::Start;
use crate::world::Space;
use crate::world::{NodeIdx, RingId};

/// The memory of a member is asked for this many members ahead.
const AHEAD: usize = 32;

/// The textbook's finger tables of a ring. Tables must be asked for in ring order. Then an entry
/// takes amortised constant time, because each entry has a cursor that only moves on.
pub(super) struct Textbook<'a> {
    space: Space,
    members: &'a [(RingId, NodeIdx)],
    /// For each bit, the member (counted on past the end of the ring) at which the last search ended.
    cursors: [usize; 64],
}

impl<'a> Textbook<'a> {
    /// `members` is sorted by identifier.
    pub(super) fn new(space: Space, members: &'a [(RingId, NodeIdx)]) -> Self {
        Self {
            space,
            members,
            cursors: [0; 64],
        }
    }

    /// The table of the member of this rank. Ranks must be asked for in increasing order.
    pub(super) fn table(&mut self, rank: usize) -> FingerTable {
        let mut table = FingerTable::new();
        // Short fingers all name the successor: no need to search.
        table.name(0, self.finger(rank + 1));
        let gap = self.distance(rank, rank + 1);
        for i in gap.max(1).ilog2() + 1..self.space.bits() {
            let found = self.search(rank, i);
            table.name(i, self.finger(found));
        }
        table
    }

    /// The first member at or after the start of a finger, counted on past the end of the ring.
    fn search(&mut self, rank: usize, i: u32) -> usize {
        let around = rank + self.members.len();
        let mut cursor = self.cursors[i as usize].max(rank + 1);
        while cursor < around && self.distance(rank, cursor) < 1 << i {
            cursor += 1;
        }
        self.cursors[i as usize] = cursor;
        cursor
    }

    /// The clockwise distance from one member to another, at most once around the ring.
    fn distance(&self, rank: usize, other: usize) -> u64 {
        self.space
            .distance(self.members[rank].0, self.member(other).0)
    }

    /// The place of the first member at or after the start of a finger, counted on past the end of the ring. Asked for in
    /// the order of ranks.
    pub(super) fn first_at(&mut self, rank: usize, i: u32) -> usize {
        self.search(rank, i)
    }

    /// The members of the interval of a finger, from the first on, which is in this place.
    pub(super) fn inside(
        &self,
        rank: usize,
        first: usize,
        i: u32,
    ) -> impl Iterator<Item = (RingId, NodeIdx)> + '_ {
        let around = first..rank + self.members.len();
        around
            .take_while(move |place| self.distance(rank, *place).checked_ilog2() == Some(i))
            .map(|place| self.member(place))
    }

    /// The entry that names a member.
    pub(super) fn entry(&self, (id, node): (RingId, NodeIdx)) -> Finger {
        FingerTables::finger(self.space, id, node)
    }

    pub(super) fn member(&self, rank: usize) -> (RingId, NodeIdx) {
        let count = self.members.len();
        self.members[if rank < count { rank } else { rank - count }]
    }

    fn finger(&self, rank: usize) -> Finger {
        self.entry(self.member(rank))
    }
}

impl Chord {
    pub(super) fn write_converged(&mut self, start: &Start<'_>) {
        let members = start.members;
        self.find_places(start);
        let count = members.len();
        let mut textbook = Textbook::new(self.space, members);
        let reach = usize::from(self.config.successors).min(count - 1);
        let mut list = Vec::with_capacity(reach);
        for (rank, (_, node)) in members.iter().enumerate() {
            // Along the ring, nodes come in random order of memory.
            if let Some((_, later)) = members.get(rank + AHEAD) {
                self.nodes.prefetch(&self.rows, *later);
                prefetch_at(&self.ids, later.at());
                self.successors.prefetch(self.rows.of(*later));
            }
            self.node_mut(*node).member = true;
            let Some((_, successor)) = members.get((rank + 1) % count).filter(|_| count > 1) else {
                continue;
            };
            list.clear();
            list.extend((2..=reach).map(|step| members[(rank + step) % count].1));
            self.set_successors(*node, *successor, &list);
            self.set_predecessor(*node, members[(rank + count - 1) % count].1);
            if self.uses_fingers() {
                let table = match &self.proximity {
                    Some(used) if used.selects_neighbours() => {
                        self.near_table(&mut textbook, rank, start)
                    }
                    _ => textbook.table(rank),
                };
                let row = &mut self.nodes.of_mut(&self.rows, *node).fingers;
                self.fingers.write(row, &table);
            }
        }
        self.get_acquainted(start);
    }
}
