//! Finger tables as the lecture writes them: where each entry starts, which interval it is for, and who stands there.

use std::fmt;

use crate::report::naming::short_id;
use crate::report::text_table::TextTable;
use crate::world::{RingId, Space};

/// Of a table with more entries than this, entries that name the same node stand in one line.
const LISTED_MAX: u32 = 16;

/// The finger table of a node, or of a node that would be there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FingerTable {
    pub node: u64,
    pub space: Space,
    /// Who stands in each entry; `None`: nobody yet.
    pub entries: Vec<Option<u64>>,
    /// Whose table it is.
    pub kind: TableKind,
}

/// What a table shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TableKind {
    /// What the node has.
    Own,
    /// The node is there and keeps no fingers: what they would be.
    Unused,
    /// There is no such node: what a node there would have.
    Nobody,
}

impl FingerTable {
    /// What the table of a node would be on a ring of these nodes, in order: the first one at or after each start.
    pub(crate) fn of_textbook(node: u64, space: Space, ids: &[u64], kind: TableKind) -> Self {
        let owner = |start: RingId| {
            let rank = ids.partition_point(|id| *id < start.0);
            ids.get(rank).or(ids.first()).copied()
        };
        let starts = (0..space.bits()).map(|i| space.finger_start(RingId(node), i));
        let entries = starts.map(owner).collect();
        Self {
            node,
            space,
            entries,
            kind,
        }
    }

    /// Where an entry starts.
    pub(crate) fn start(&self, i: u32) -> u64 {
        self.space.finger_start(RingId(self.node), i).0
    }

    /// Where the next entry starts: the interval ends before that.
    pub(crate) fn end(&self, i: u32) -> u64 {
        if i + 1 < self.space.bits() {
            self.start(i + 1)
        } else {
            self.node
        }
    }

    /// The entries by runs that name the same node: the first and the last of each.
    fn runs(&self) -> Vec<(u32, u32)> {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for i in 0..self.entries.len() as u32 {
            match runs.last_mut() {
                Some((_, last))
                    if self.space.bits() > LISTED_MAX
                        && self.entries[*last as usize] == self.entries[i as usize] =>
                {
                    *last = i;
                }
                _ => runs.push((i, i)),
            }
        }
        runs
    }
}

impl fmt::Display for FingerTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let note = match self.kind {
            TableKind::Own => "",
            TableKind::Unused => " (not used: routing = \"successors\")",
            TableKind::Nobody => " (nobody is there; a node there would have it)",
        };
        writeln!(f, "finger table of node {}{note}", short_id(self.node))?;
        let mut lines = vec![
            ["finger", "start", "interval", "node"]
                .map(str::to_owned)
                .to_vec(),
        ];
        for (first, last) in self.runs() {
            let name = if first == last {
                format!("  {first}")
            } else {
                format!("  {first} to {last}")
            };
            let node = self.entries[first as usize];
            lines.push(vec![
                name,
                short_id(self.start(first)),
                format!(
                    "[{}, {})",
                    short_id(self.start(first)),
                    short_id(self.end(last))
                ),
                node.map_or_else(|| "-".to_owned(), short_id),
            ]);
        }
        write!(f, "{}", TextTable(lines))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lecture's example: node 14 beside 32, 98 and 124 on a ring of 7 bits.
    #[test]
    fn the_table_of_node_14_is_the_lectures() {
        let space = Space::new(7);
        let table = FingerTable::of_textbook(14, space, &[32, 98, 124], TableKind::Nobody);
        let starts: Vec<u64> = (0..7).map(|i| table.start(i)).collect();
        assert_eq!(starts, [15, 16, 18, 22, 30, 46, 78]);
        let nodes: Vec<_> = table.entries.iter().copied().flatten().collect();
        assert_eq!(nodes, [32, 32, 32, 32, 32, 98, 98]);
        let text = table.to_string();
        assert!(text.contains("  6        78  [78, 14)    98\n"), "{text}");
    }

    #[test]
    fn a_long_table_has_a_line_for_each_node() {
        let space = Space::new(32);
        let table = FingerTable::of_textbook(0, space, &[0, 1 << 20], TableKind::Own);
        assert_eq!(table.runs(), [(0, 20), (21, 31)]);
        assert!(table.to_string().contains("  0 to 20"));
    }
}
