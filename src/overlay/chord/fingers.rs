//! Finger tables in compact form.
//!
//! The textbook's table has one entry for each bit of an identifier, but only about log2 N of them
//! differ: neighbouring entries often name the same node. A row holds each run of equal entries
//! once, and a mask with one bit set for each entry that begins a run; entry i is then the run
//! with as many set bits at or below i. Nothing is lost: reading all entries gives the textbook's
//! table to the letter.
//!
//! Rows live in blocks of a few sizes, so that ten million of them are no objects on the heap.

use crate::engine::NodeIdx;

/// Room for so many runs, by size class.
const CAPACITY: [usize; 9] = [4, 8, 12, 16, 20, 24, 32, 48, 64];

#[derive(Clone, Copy, Default)]
struct Row {
    /// Bit i is set if entry i begins a run. Zero: the table is empty.
    mask: u64,
    block: u32,
    class: u8,
}

#[derive(Default)]
struct Blocks {
    cells: Vec<NodeIdx>,
    free: Vec<u32>,
}

/// The finger tables of all nodes.
pub struct FingerTables {
    bits: u32,
    rows: Vec<Row>,
    blocks: [Blocks; CAPACITY.len()],
}

/// A table written out: one entry for each bit, of which the first `bits` count.
type Entries = [NodeIdx; 64];

impl FingerTables {
    /// Tables of `bits` entries, for no node yet.
    pub fn new(bits: u32) -> Self {
        Self {
            bits,
            rows: Vec::new(),
            blocks: Default::default(),
        }
    }

    /// Adds the next node, with an empty table.
    pub fn add_node(&mut self) {
        self.rows.push(Row::default());
    }

    /// Entry `i`; `None` while the table is empty.
    pub fn get(&self, node: NodeIdx, i: u32) -> Option<NodeIdx> {
        let row = self.rows[node.at()];
        let below = row.mask & (u64::MAX >> (63 - i));
        (below != 0).then(|| self.runs(row)[below.count_ones() as usize - 1])
    }

    /// Reads where a node's table lies, to have that in the processor's cache.
    pub fn touch(&self, node: NodeIdx) -> u64 {
        self.rows[node.at()].mask
    }

    /// The different nodes among entries 0 to `top`, from the top down. A node comes once for each
    /// run it has.
    pub fn downwards(&self, node: NodeIdx, top: u32) -> impl Iterator<Item = NodeIdx> + '_ {
        let row = self.rows[node.at()];
        let count = (row.mask & (u64::MAX >> (63 - top))).count_ones() as usize;
        self.runs(row)[..count].iter().rev().copied()
    }

    /// The runs of a table, from the bottom up: the node and how many entries name it.
    pub fn run_lengths(&self, node: NodeIdx) -> impl Iterator<Item = (NodeIdx, u32)> + '_ {
        let row = self.rows[node.at()];
        let mut rest = row.mask;
        self.runs(row).iter().map(move |finger| {
            let start = rest.trailing_zeros();
            rest &= rest - 1;
            let end = if rest == 0 {
                self.bits
            } else {
                rest.trailing_zeros()
            };
            (*finger, end - start)
        })
    }

    /// Entries `from` to `to` (inclusive) name `finger` from now on.
    pub fn set(&mut self, node: NodeIdx, from: u32, to: u32, finger: NodeIdx) {
        if self.is_run_of(node, from, to, finger) {
            return;
        }
        let mut entries = self.entries(node);
        entries[from as usize..=to as usize].fill(finger);
        self.write(node, &entries);
    }

    /// Replaces a table. Only the first `bits` entries are looked at.
    pub fn write(&mut self, node: NodeIdx, entries: &Entries) {
        let (mut mask, mut runs, mut count) = (0_u64, [NodeIdx::NONE; 64], 0);
        for i in 0..self.bits as usize {
            if i == 0 || entries[i] != entries[i - 1] {
                mask |= 1 << i;
                runs[count] = entries[i];
                count += 1;
            }
        }
        self.make_room(node, count);
        let row = &mut self.rows[node.at()];
        row.mask = mask;
        let start = row.block as usize * CAPACITY[usize::from(row.class)];
        let cells = &mut self.blocks[usize::from(row.class)].cells;
        cells[start..start + count].copy_from_slice(&runs[..count]);
    }

    /// Empties a table and gives its room back.
    pub fn clear(&mut self, node: NodeIdx) {
        let row = std::mem::take(&mut self.rows[node.at()]);
        if row.mask != 0 {
            self.blocks[usize::from(row.class)].free.push(row.block);
        }
    }

    /// Whether these entries all name `finger` and lie in one run: the usual case when repair finds
    /// nothing to do.
    fn is_run_of(&self, node: NodeIdx, from: u32, to: u32, finger: NodeIdx) -> bool {
        let upto = |i: u32| u64::MAX >> (63 - i);
        let begun_between = self.rows[node.at()].mask & upto(to) & !upto(from);
        begun_between == 0 && self.get(node, from) == Some(finger)
    }

    fn entries(&self, node: NodeIdx) -> Entries {
        let mut entries = [NodeIdx::NONE; 64];
        let mut next = 0;
        for (finger, length) in self.run_lengths(node) {
            entries[next..next + length as usize].fill(finger);
            next += length as usize;
        }
        entries
    }

    fn runs(&self, row: Row) -> &[NodeIdx] {
        let start = row.block as usize * CAPACITY[usize::from(row.class)];
        &self.blocks[usize::from(row.class)].cells[start..start + row.mask.count_ones() as usize]
    }

    fn make_room(&mut self, node: NodeIdx, count: usize) {
        let row = self.rows[node.at()];
        let class = CAPACITY.iter().position(|capacity| count <= *capacity);
        let class = class.expect("a table has at most 64 runs");
        if row.mask != 0 && usize::from(row.class) == class {
            return;
        }
        self.clear(node);
        let Blocks { cells, free } = &mut self.blocks[class];
        let block = free.pop().unwrap_or_else(|| {
            let block = cells.len() / CAPACITY[class];
            cells.resize(cells.len() + CAPACITY[class], NodeIdx::NONE);
            u32::try_from(block).expect("one block a node at most")
        });
        self.rows[node.at()] = Row {
            mask: 0,
            block,
            class: class as u8,
        };
    }
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
        let mut tables = FingerTables::new(bits);
        let mut plain = [[NodeIdx::NONE; 64]; 3];
        for _ in 0..3 {
            tables.add_node();
        }
        assert_eq!(tables.get(NodeIdx(0), 12), None);
        for step in 0..5000 {
            let node = NodeIdx(rng.random_range(0..3));
            let from = rng.random_range(0..bits);
            let to = rng.random_range(from..bits);
            let finger = NodeIdx(rng.random_range(0..6));
            tables.set(node, from, to, finger);
            plain[node.at()][from as usize..=to as usize].fill(finger);
            for n in 0..3 {
                let node = NodeIdx(n);
                for i in 0..bits {
                    let expected = plain[n as usize][i as usize];
                    let read = tables.get(node, i).unwrap_or(NodeIdx::NONE);
                    assert_eq!(read, expected, "step {step}, node {n}, entry {i}");
                }
                let entries: u32 = tables.run_lengths(node).map(|(_, length)| length).sum();
                assert!(entries == bits || entries == 0);
            }
        }
        let mut distinct: Vec<_> = plain[0][..=7].to_vec();
        distinct.dedup();
        distinct.reverse();
        assert_eq!(
            tables.downwards(NodeIdx(0), 7).collect::<Vec<_>>(),
            distinct
        );
    }

    #[test]
    fn room_given_back_is_used_again() {
        let mut tables = FingerTables::new(64);
        tables.add_node();
        for round in 0..100 {
            tables.set(NodeIdx(0), 0, 63, NodeIdx(round));
            tables.clear(NodeIdx(0));
        }
        assert_eq!(tables.blocks[0].cells.len(), CAPACITY[0]);
        assert!(tables.downwards(NodeIdx(0), 63).next().is_none());
    }
}
