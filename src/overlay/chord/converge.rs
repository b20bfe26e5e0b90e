//! The state that maintenance would reach: what every table holds on a ring that nobody joins or
//! leaves. Used to start a run there, and as the truth to compare tables with.

use super::Chord;
use crate::engine::{NodeIdx, RingId};
use crate::overlay::Space;

/// The textbook's finger tables of a ring. Asked for its members in ring order it takes amortised
/// constant time per entry: each entry has a cursor that only moves on.
pub(super) struct Textbook<'a> {
    space: Space,
    members: &'a [(RingId, NodeIdx)],
    /// For each bit, the member (counted on past the end of the ring) at which the last search ended.
    cursors: [usize; 64],
}

impl<'a> Textbook<'a> {
    /// `members` is sorted by identifier.
    pub fn new(space: Space, members: &'a [(RingId, NodeIdx)]) -> Self {
        Self {
            space,
            members,
            cursors: [0; 64],
        }
    }

    /// All entries of the member of this rank. Ranks must be asked for in increasing order.
    pub fn entries(&mut self, rank: usize) -> [NodeIdx; 64] {
        let mut entries = [NodeIdx::NONE; 64];
        let gap = self.unrolled(rank + 1) - self.unrolled(rank);
        for i in 0..self.space.bits() {
            // Short fingers all name the successor: no need to search.
            let found = if 1_u128 << i <= gap {
                rank + 1
            } else {
                self.search(rank, i)
            };
            entries[i as usize] = self.members[found % self.members.len()].1;
        }
        entries
    }

    /// The first member at or after the start of a finger, counted on past the end of the ring.
    fn search(&mut self, rank: usize, i: u32) -> usize {
        let start = self.unrolled(rank) + (1 << i);
        let mut cursor = self.cursors[i as usize].max(rank + 1);
        while self.unrolled(cursor) < start {
            cursor += 1;
        }
        self.cursors[i as usize] = cursor;
        cursor
    }

    /// The position of a member on a ring that is rolled out into a line.
    fn unrolled(&self, rank: usize) -> u128 {
        let count = self.members.len();
        let (round, rank) = if rank < count {
            (0, rank)
        } else {
            (1, rank - count)
        };
        u128::from(self.members[rank].0.0) + (round << self.space.bits())
    }
}

impl Chord {
    pub(super) fn write_converged(&mut self, members: &[(RingId, NodeIdx)]) {
        let count = members.len();
        let mut textbook = Textbook::new(self.space, members);
        let reach = usize::from(self.config.successors).min(count - 1);
        let mut list = Vec::with_capacity(reach);
        for (rank, (_, node)) in members.iter().enumerate() {
            self.node_mut(*node).member = true;
            let Some((_, successor)) = members.get((rank + 1) % count).filter(|_| count > 1) else {
                continue;
            };
            list.clear();
            list.extend((2..=reach).map(|step| members[(rank + step) % count].1));
            self.successors.set(*node, *successor, &list);
            self.node_mut(*node).predecessor = members[(rank + count - 1) % count].1;
            if self.uses_fingers() {
                self.fingers.write(*node, &textbook.entries(rank));
            }
        }
    }
}
