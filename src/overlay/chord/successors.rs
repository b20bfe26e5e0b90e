//! Successor lists: the next nodes clockwise, nearest first.
//!
//! In Zave's model a list is always full: its end is padded with identifiers that (almost) never are
//! nodes. Here a list may be shorter instead. A missing entry at the end stands for such padding, which
//! would only cost a timeout to find out. A list never holds its own node: on a ring smaller than the
//! list, the list ends with the node before its own.
//!
//! The length of a list, and where it ends on the ring, stand in the node's own row: routing looks at
//! nothing else while the key lies beyond the list.

use crate::engine::{prefetch_all, reserve_huge};
use crate::world::{NodeIdx, RingId};

/// Where a node's list ends.
#[derive(Clone, Copy)]
#[repr(C, packed(4))]
pub(super) struct ListEnd {
    /// The identifier of the last entry; 0 if there is no entry.
    id: RingId,
    length: u8,
}

impl ListEnd {
    /// The end of an empty list.
    pub(super) const NONE: Self = Self {
        id: RingId(0),
        length: 0,
    };

    /// The identifier of the last entry.
    pub(super) fn id(self) -> Option<RingId> {
        (self.length > 0).then_some(self.id)
    }

    /// The number of entries.
    pub(super) fn len(self) -> usize {
        usize::from(self.length)
    }
}

/// The successor lists of all nodes, in rows of equal width.
pub(super) struct SuccessorLists {
    width: usize,
    cells: Vec<NodeIdx>,
}

impl SuccessorLists {
    /// Lists of at most `width` entries, for no node yet.
    pub(super) fn new(width: u8) -> Self {
        Self {
            width: usize::from(width),
            cells: Vec::new(),
        }
    }

    /// Makes room for the lists of this many more nodes.
    pub(super) fn reserve(&mut self, nodes: usize) {
        reserve_huge(&mut self.cells, nodes * self.width);
    }

    /// Gives a node the row with this number, which is one that was there or the next.
    pub(super) fn add_row(&mut self, row: usize) {
        let len = self.cells.len().max((row + 1) * self.width);
        self.cells.resize(len, NodeIdx::NONE);
    }

    /// Asks for the list in a row, or for as many entries of it as fit a cache line.
    pub(super) fn prefetch(&self, row: usize) {
        let start = row * self.width;
        prefetch_all(&self.cells[start..start + self.width.min(16)]);
    }

    /// The list in a row, nearest first.
    pub(super) fn of(&self, row: usize, end: ListEnd) -> &[NodeIdx] {
        let start = row * self.width;
        &self.cells[start..start + end.len()]
    }

    /// The list of a node becomes `head`, followed by `tail` up to the width, the node itself or the first missing
    /// entry, whichever comes first. Returns the new end. Here and below, `ids` has the identifiers of all
    /// nodes.
    pub(super) fn set(
        &mut self,
        ids: &[RingId],
        node: NodeIdx,
        row: usize,
        head: NodeIdx,
        tail: &[NodeIdx],
    ) -> ListEnd {
        let end = tail
            .iter()
            .position(|entry| *entry == node || *entry == NodeIdx::NONE);
        let tail = &tail[..end.unwrap_or(tail.len()).min(self.width - 1)];
        let start = row * self.width;
        self.cells[start] = head;
        self.cells[start + 1..=start + tail.len()].copy_from_slice(tail);
        self.end_at(ids, row, tail.len() + 1)
    }

    /// Puts an entry at the end, if there is room for it. Returns the new end.
    pub(super) fn append(
        &mut self,
        ids: &[RingId],
        row: usize,
        end: ListEnd,
        entry: NodeIdx,
    ) -> ListEnd {
        if end.len() == self.width {
            return end;
        }
        self.cells[row * self.width + end.len()] = entry;
        self.end_at(ids, row, end.len() + 1)
    }

    /// Takes an entry out. Returns the new end, or `None` if the entry was not there.
    pub(super) fn drop_entry(
        &mut self,
        ids: &[RingId],
        row: usize,
        end: ListEnd,
        gone: NodeIdx,
    ) -> Option<ListEnd> {
        let list = self.of(row, end);
        let start = row * self.width + list.iter().position(|entry| *entry == gone)?;
        let stop = row * self.width + end.len();
        self.cells.copy_within(start + 1..stop, start);
        Some(self.end_at(ids, row, end.len() - 1))
    }

    fn end_at(&self, ids: &[RingId], row: usize, length: usize) -> ListEnd {
        let Some(last) = length.checked_sub(1) else {
            return ListEnd::NONE;
        };
        let last = self.cells[row * self.width + last];
        ListEnd {
            id: ids[last.at()],
            length: length as u8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(numbers: &[u32]) -> Vec<NodeIdx> {
        numbers.iter().copied().map(NodeIdx).collect()
    }

    #[test]
    fn a_list_is_cut_to_its_width_and_before_its_own_node() {
        let mut lists = SuccessorLists::new(3);
        lists.add_row(0);
        let ids = [0, 10, 20, 30, 40].map(RingId);
        let (me, first) = (NodeIdx(0), NodeIdx(1));
        let end = lists.set(&ids, me, 0, first, &nodes(&[2, 3, 4]));
        assert_eq!(lists.of(0, end), nodes(&[1, 2, 3]));
        assert_eq!(end.id(), Some(RingId(30)));
        let end = lists.set(&ids, me, 0, first, &nodes(&[2, 0, 1]));
        assert_eq!(lists.of(0, end), nodes(&[1, 2]));
        let end = lists.set(&ids, me, 0, first, &[NodeIdx(2), NodeIdx::NONE, NodeIdx(3)]);
        assert_eq!(lists.of(0, end), nodes(&[1, 2]));
        assert_eq!(end.id(), Some(RingId(20)));
        let end = lists.drop_entry(&ids, 0, end, first).unwrap();
        assert!(lists.drop_entry(&ids, 0, end, first).is_none());
        assert_eq!(lists.of(0, end), nodes(&[2]));
        let end = lists.append(&ids, 0, end, NodeIdx(4));
        let end = lists.append(&ids, 0, end, NodeIdx(1));
        let full = lists.append(&ids, 0, end, NodeIdx(3));
        assert_eq!(lists.of(0, full), nodes(&[2, 4, 1]));
        assert_eq!(full.id(), Some(RingId(10)));
        let end = lists.set(&ids, me, 0, first, &[]);
        let empty = lists.drop_entry(&ids, 0, end, first).unwrap();
        assert!(lists.of(0, empty).is_empty());
        assert_eq!(empty.id(), None);
    }
}
