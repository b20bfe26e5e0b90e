//! Finger tables in compact form.
//!
//! The textbook's table has one entry for each bit of an identifier, but only about log2 N of them differ:
//! neighbouring entries often name the same node. A row holds each run of equal entries once, and a mask
//! with one bit set for each entry that begins a run. To find the run of entry i, count the set bits at or
//! below i. Nothing is lost: reading all entries gives exactly the textbook's table.
//!
//! The first runs lie in the node's own row, right after the other fields that routing reads: data in one
//! page of memory costs one look into the page table. The few runs that find no room there lie in shared
//! blocks, so that ten million tables are not objects on the heap. A finger holds the leading bits of its
//! node's identifier. Routing compares identifiers, and without these bits it would wait for the memory of
//! one far node after another.

use std::ops::RangeInclusive;

use crate::engine::prefetch_at;
use crate::world::{NodeIdx, RingId, Space};

/// An entry: a node, and the leading bits of its identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Finger {
    pub node: NodeIdx,
    lead: u32,
}

impl Finger {
    /// No node.
    pub(super) const NONE: Self = Self {
        node: NodeIdx::NONE,
        lead: 0,
    };
}

/// The number of runs in the node's own row. This is enough for most tables up to some million nodes.
/// Together with the other fields that routing reads of a node, the runs fill 256 bytes.
const INLINE_RUNS: usize = 24;

/// The capacities of a block for further runs, by size class.
const CAPACITY: [usize; 4] = [4, 8, 16, 40];

/// The upper bits of a place name the size class, the lower bits the block.
const BLOCK_BITS: u32 = 28;

/// A node's table. Empty if it has no run.
#[repr(C, packed(4))]
pub(super) struct FingerRow {
    /// Bit i is set if entry i begins a run. Zero: the table is empty.
    mask: u64,
    /// The place of the further runs, if there are any.
    place: u32,
    at_hand: [Finger; INLINE_RUNS],
}

impl Default for FingerRow {
    fn default() -> Self {
        Self {
            mask: 0,
            place: 0,
            at_hand: [Finger::NONE; INLINE_RUNS],
        }
    }
}

impl FingerRow {
    fn class(&self) -> usize {
        (self.place >> BLOCK_BITS) as usize
    }

    fn block(&self) -> u32 {
        self.place & ((1 << BLOCK_BITS) - 1)
    }

    /// How many runs begin at or below entry `i`.
    fn runs_up_to(&self, i: u32) -> usize {
        (self.mask & up_to(i)).count_ones() as usize
    }

    /// The number of runs, and how many of them are further runs outside the row.
    fn counts(&self) -> (usize, usize) {
        let runs = self.mask.count_ones() as usize;
        (runs, runs.saturating_sub(INLINE_RUNS))
    }

    fn is_empty(&self) -> bool {
        self.mask == 0
    }

    /// Asks for the first entry.
    pub(super) fn prefetch_first(&self) {
        prefetch_at(&self.at_hand, 0);
    }
}

/// The blocks of one size.
#[derive(Default)]
struct Blocks {
    cells: Vec<Finger>,
    free: Vec<u32>,
}

impl Blocks {
    /// A block of this capacity.
    fn take(&mut self, capacity: usize) -> u32 {
        if let Some(block) = self.free.pop() {
            return block;
        }
        let block = self.cells.len() / capacity;
        assert!(block < 1 << BLOCK_BITS, "over 268 million finger tables");
        self.cells.resize(self.cells.len() + capacity, Finger::NONE);
        block as u32
    }
}

/// What the finger tables of all nodes have in common, and their further runs.
pub(super) struct FingerTables {
    space: Space,
    blocks: [Blocks; CAPACITY.len()],
}

/// A table on its own, filled entry by entry from the bottom up.
#[derive(Clone)]
pub(super) struct FingerTable {
    mask: u64,
    runs: [Finger; 64],
    count: usize,
}

impl FingerTable {
    /// A table without entries.
    pub(super) fn new() -> Self {
        Self {
            mask: 0,
            runs: [Finger::NONE; 64],
            count: 0,
        }
    }

    /// Names `finger` for entry `i` and all entries after it, until another entry is named.
    pub(super) fn name(&mut self, i: u32, finger: Finger) {
        if self.count == 0 || self.runs[self.count - 1].node != finger.node {
            self.mask |= 1 << i;
            self.runs[self.count] = finger;
            self.count += 1;
        }
    }

    /// Entry `i`, in a table that has one.
    pub(super) fn get(&self, i: u32) -> Option<NodeIdx> {
        let run = (self.mask & up_to(i)).count_ones().checked_sub(1)?;
        Some(self.runs[run as usize].node)
    }
}

/// A mask of the bits up to this one.
fn up_to(i: u32) -> u64 {
    u64::MAX >> (63 - i)
}

impl FingerTables {
    /// Tables for nodes of this ring.
    pub(super) fn new(space: Space) -> Self {
        Self {
            space,
            blocks: Default::default(),
        }
    }

    /// The entry that names a node with this identifier.
    pub(super) fn finger(space: Space, id: RingId, node: NodeIdx) -> Finger {
        let lead = (id.0 >> hidden_bits(space)) as u32;
        Finger { node, lead }
    }

    /// The possible distances from `me` to the node of a finger, judged by the leading bits of its
    /// identifier. `None` if these bits are the same as those of `me` and so do not tell.
    pub(super) fn reach(&self, me: RingId, finger: Finger) -> Option<RangeInclusive<u64>> {
        let hidden = hidden_bits(self.space);
        let first = RingId(u64::from(finger.lead) << hidden);
        let least = self.space.distance(me, first);
        let most = least.checked_add((1 << hidden) - 1)?;
        (most <= self.space.last()).then_some(least..=most)
    }

    /// Entry `i`; `None` while the table is empty.
    #[inline]
    pub(super) fn get(&self, row: &FingerRow, i: u32) -> Option<NodeIdx> {
        let run = row.runs_up_to(i).checked_sub(1)?;
        Some(match run.checked_sub(INLINE_RUNS) {
            None => row.at_hand[run].node,
            Some(further) => self.further(row)[further].node,
        })
    }

    /// Asks for the fingers that a lookup over this distance tries first.
    pub(super) fn prefetch_below(&self, row: &FingerRow, distance: u64) {
        if let Some(top) = distance.checked_sub(1).and_then(u64::checked_ilog2) {
            let first = row.runs_up_to(top).saturating_sub(1);
            match first.checked_sub(INLINE_RUNS) {
                None => prefetch_at(&row.at_hand, first),
                Some(further) => prefetch_at(self.further(row), further),
            }
        }
    }

    /// The different nodes among entries 0 to `top`, from the top down. A node comes once for each
    /// run it has.
    pub(super) fn downwards<'a>(
        &'a self,
        row: &'a FingerRow,
        top: u32,
    ) -> impl Iterator<Item = Finger> + 'a {
        let count = row.runs_up_to(top);
        let further = match count.checked_sub(INLINE_RUNS) {
            None | Some(0) => &[],
            Some(count) => &self.further(row)[..count],
        };
        let at_hand = &row.at_hand[..count.min(INLINE_RUNS)];
        further.iter().rev().chain(at_hand.iter().rev()).copied()
    }

    /// The runs of a table, from the bottom up: the node and the number of entries that name it.
    pub(super) fn run_lengths<'a>(
        &'a self,
        row: &'a FingerRow,
    ) -> impl Iterator<Item = (NodeIdx, u32)> + 'a {
        self.runs_with_lengths(row)
            .map(|(finger, length)| (finger.node, length))
    }

    fn runs_with_lengths<'a>(
        &'a self,
        row: &'a FingerRow,
    ) -> impl Iterator<Item = (Finger, u32)> + 'a {
        let mut rest = row.mask;
        self.runs(row).map(move |finger| {
            let start = rest.trailing_zeros();
            rest &= rest - 1;
            let end = if rest == 0 {
                self.space.bits()
            } else {
                rest.trailing_zeros()
            };
            (finger, end - start)
        })
    }

    /// Entries `from` to `to` (inclusive) name `finger` from now on.
    pub(super) fn set(&mut self, row: &mut FingerRow, from: u32, to: u32, finger: Finger) {
        if self.is_run_of(row, from, to, finger.node) {
            return;
        }
        let mut table = FingerTable::new();
        let mut begin = 0;
        // An empty table is one run without a node.
        let nobody = row.is_empty().then(|| (Finger::NONE, self.space.bits()));
        for (run, length) in self.runs_with_lengths(row).chain(nobody) {
            // The parts of the run before and behind the entries that change keep their node.
            let end = begin + length - 1;
            if begin < from {
                table.name(begin, run);
            }
            if end >= from && begin <= to {
                table.name(begin.max(from), finger);
            }
            if end > to {
                table.name(begin.max(to + 1), run);
            }
            begin += length;
        }
        self.write(row, &table);
    }

    /// Replaces a table.
    pub(super) fn write(&mut self, row: &mut FingerRow, table: &FingerTable) {
        let runs = &table.runs[..table.count];
        let (at_hand, further) = runs.split_at(table.count.min(INLINE_RUNS));
        self.make_room(row, further.len());
        row.mask = table.mask;
        row.at_hand[..at_hand.len()].copy_from_slice(at_hand);
        if !further.is_empty() {
            let start = row.block() as usize * CAPACITY[row.class()];
            self.blocks[row.class()].cells[start..start + further.len()].copy_from_slice(further);
        }
    }

    /// How many entries name another node than the right table does. An empty table has no wrong entries.
    pub(super) fn different_from(&self, row: &FingerRow, right: &FingerTable) -> u32 {
        let same = || self.runs(row).eq(right.runs[..right.count].iter().copied());
        if row.is_empty() || (row.mask == right.mask && same()) {
            return 0;
        }
        let entries = 0..self.space.bits();
        entries
            .filter(|i| self.get(row, *i) != right.get(*i))
            .count() as u32
    }

    /// Empties a table and gives its block back.
    pub(super) fn clear(&mut self, row: &mut FingerRow) {
        self.make_room(row, 0);
        row.mask = 0;
    }

    /// Whether these entries all name `finger` and lie in one run. This is the usual case when repair finds
    /// nothing to do.
    fn is_run_of(&self, row: &FingerRow, from: u32, to: u32, finger: NodeIdx) -> bool {
        row.runs_up_to(from) == row.runs_up_to(to) && self.get(row, from) == Some(finger)
    }

    /// All runs, from the bottom up.
    fn runs<'a>(&'a self, row: &'a FingerRow) -> impl Iterator<Item = Finger> + 'a {
        let at_hand = &row.at_hand[..row.counts().0.min(INLINE_RUNS)];
        at_hand.iter().chain(self.further(row)).copied()
    }

    /// The runs outside the row.
    fn further(&self, row: &FingerRow) -> &[Finger] {
        let (_, count) = row.counts();
        if count == 0 {
            return &[];
        }
        let start = row.block() as usize * CAPACITY[row.class()];
        &self.blocks[row.class()].cells[start..start + count]
    }

    /// Gives a table a block for this many further runs.
    fn make_room(&mut self, row: &mut FingerRow, further: usize) {
        let class_for = |count: usize| CAPACITY.iter().position(|capacity| count <= *capacity);
        let has = (row.counts().1 > 0).then(|| row.class());
        let needs = (further > 0).then(|| class_for(further).expect("a table has at most 64 runs"));
        if has == needs {
            return;
        }
        if let Some(class) = has {
            self.blocks[class].free.push(row.block());
        }
        if let Some(class) = needs {
            let block = self.blocks[class].take(CAPACITY[class]);
            row.place = (class as u32) << BLOCK_BITS | block;
        }
    }
}

/// How many bits of an identifier do not fit beside a finger's node.
fn hidden_bits(space: Space) -> u32 {
    space.bits().saturating_sub(32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Stream, stream};
    use rand::RngExt as _;

    #[test]
    fn a_compact_table_reads_like_the_table_written_out() {
        let mut rng = stream(5, Stream::Protocol);
        let bits = 13;
        let space = Space::new(bits);
        let mut tables = FingerTables::new(space);
        let mut rows: [FingerRow; 3] = Default::default();
        let mut plain = [[NodeIdx::NONE; 64]; 3];
        assert_eq!(tables.get(&rows[0], 12), None);
        for step in 0..5000 {
            let node: usize = rng.random_range(0..3);
            let from = rng.random_range(0..bits);
            let to = rng.random_range(from..bits);
            let finger = NodeIdx(rng.random_range(0..6));
            let entry = FingerTables::finger(space, RingId(u64::from(finger.0)), finger);
            tables.set(&mut rows[node], from, to, entry);
            plain[node][from as usize..=to as usize].fill(finger);
            for (n, row) in rows.iter().enumerate() {
                for i in 0..bits {
                    let expected = plain[n][i as usize];
                    let read = tables.get(row, i).unwrap_or(NodeIdx::NONE);
                    assert_eq!(read, expected, "step {step}, node {n}, entry {i}");
                }
                let entries: u32 = tables.run_lengths(row).map(|(_, length)| length).sum();
                assert!(entries == bits || entries == 0);
            }
        }
        let mut distinct: Vec<_> = plain[0][..=7].to_vec();
        distinct.dedup();
        distinct.reverse();
        assert_eq!(
            tables
                .downwards(&rows[0], 7)
                .map(|finger| finger.node)
                .collect::<Vec<_>>(),
            distinct
        );
    }

    /// The range of a finger's distance is never wrong, and as exact as 32 bits allow.
    #[test]
    fn the_leading_bits_of_a_finger_bound_its_distance() {
        let mut rng = stream(6, Stream::Protocol);
        for bits in [3, 7, 31, 32, 33, 50, 64] {
            let space = Space::new(bits);
            let tables = FingerTables::new(space);
            let mut unknown = 0;
            for _ in 0..1000 {
                let (me, other) = (space.leading(rng.random()), space.leading(rng.random()));
                let distance = space.distance(me, other);
                let finger = FingerTables::finger(space, other, NodeIdx(1));
                match tables.reach(me, finger) {
                    Some(reach) => {
                        assert!(reach.contains(&distance), "{bits} bits");
                        let width = reach.end() - reach.start();
                        assert_eq!(width, (1 << bits.saturating_sub(32)) - 1);
                    }
                    None => unknown += 1,
                }
            }
            assert!(unknown == 0, "only a twin in all 32 bits is unknown");
        }
        let space = Space::new(64);
        let twin = FingerTables::finger(space, RingId(5), NodeIdx(1));
        assert_eq!(FingerTables::new(space).reach(RingId(6), twin), None);
    }

    /// Tables with more runs than the row holds, from few to all and back.
    #[test]
    fn tables_of_all_lengths_read_like_the_table_written_out() {
        let space = Space::new(64);
        let (mut tables, mut row) = (FingerTables::new(space), FingerRow::default());
        let entry = |i: u32| FingerTables::finger(space, RingId(0), NodeIdx(i));
        let lengths = (1..=64).chain((1..=64).rev()).chain([25, 64, 24, 41, 1]);
        for (step, length) in lengths.enumerate() {
            let step = step as u32;
            let mut table = FingerTable::new();
            (0..length).for_each(|i| table.name(i, entry(step + i)));
            tables.write(&mut row, &table);
            let named = |i: u32| NodeIdx(step + i.min(length - 1));
            assert!((0..64).all(|i| tables.get(&row, i) == Some(named(i))));
            let down: Vec<_> = tables.downwards(&row, 63).map(|f| f.node).collect();
            let up: Vec<_> = (0..length).map(named).collect();
            assert!(down.iter().rev().eq(&up), "{length} runs");
            assert!(tables.run_lengths(&row).map(|(node, _)| node).eq(up));
            assert_eq!(tables.different_from(&row, &table), 0);
            let cut = length / 2;
            let some = tables.downwards(&row, cut).count() as u32;
            assert_eq!(some, length.min(cut + 1));
            // One entry in the middle, changed and changed back.
            tables.set(&mut row, cut, cut, entry(1000));
            assert_eq!(tables.get(&row, cut), Some(NodeIdx(1000)));
            assert!(tables.different_from(&row, &table) >= 1);
            tables.set(&mut row, cut, cut, entry(named(cut).0));
            assert_eq!(tables.different_from(&row, &table), 0);
        }
    }

    #[test]
    fn room_given_back_is_used_again() {
        let space = Space::new(64);
        let (mut tables, mut row) = (FingerTables::new(space), FingerRow::default());
        for round in 0..100 {
            let mut table = FingerTable::new();
            let entry = |i| FingerTables::finger(space, RingId(0), NodeIdx(round + i));
            (0..INLINE_RUNS as u32 + 3).for_each(|i| table.name(i, entry(i)));
            tables.write(&mut row, &table);
            tables.clear(&mut row);
        }
        assert_eq!(tables.blocks[0].cells.len(), CAPACITY[0]);
        assert!(tables.downwards(&row, 63).next().is_none());
    }
}
