//! Successor lists: the next nodes clockwise, nearest first.
//!
//! Zave's model keeps a list always full and pads its end with identifiers that (almost) never are
//! nodes. Here a list may be shorter instead: a missing entry at the end stands for such padding,
//! which would only cost a timeout to find out about. A list never holds its own node: on a ring
//! smaller than the list it ends with the node before.

use crate::engine::NodeIdx;

/// The successor lists of all nodes, in rows of equal width.
pub struct SuccessorLists {
    width: usize,
    cells: Vec<NodeIdx>,
    lengths: Vec<u8>,
}

impl SuccessorLists {
    /// Lists of at most `width` entries, for no node yet.
    pub fn new(width: u8) -> Self {
        Self {
            width: usize::from(width),
            cells: Vec::new(),
            lengths: Vec::new(),
        }
    }

    /// Adds the next node, with an empty list.
    pub fn add_node(&mut self) {
        self.cells
            .resize(self.cells.len() + self.width, NodeIdx::NONE);
        self.lengths.push(0);
    }

    /// The list of a node, nearest first.
    pub fn of(&self, node: NodeIdx) -> &[NodeIdx] {
        let start = node.at() * self.width;
        &self.cells[start..start + usize::from(self.lengths[node.at()])]
    }

    /// The first entry of a node's list.
    pub fn first(&self, node: NodeIdx) -> Option<NodeIdx> {
        self.of(node).first().copied()
    }

    /// The list becomes `head`, then `tail` up to the width, the node itself or the first missing
    /// entry, whichever comes first.
    pub fn set(&mut self, node: NodeIdx, head: NodeIdx, tail: &[NodeIdx]) {
        let end = tail
            .iter()
            .position(|entry| *entry == node || *entry == NodeIdx::NONE);
        let tail = &tail[..end.unwrap_or(tail.len()).min(self.width - 1)];
        let start = node.at() * self.width;
        self.cells[start] = head;
        self.cells[start + 1..=start + tail.len()].copy_from_slice(tail);
        self.lengths[node.at()] = tail.len() as u8 + 1;
    }

    /// Puts an entry at the end, if there is room for it.
    pub fn append(&mut self, node: NodeIdx, entry: NodeIdx) {
        let length = usize::from(self.lengths[node.at()]);
        if length < self.width {
            self.cells[node.at() * self.width + length] = entry;
            self.lengths[node.at()] += 1;
        }
    }

    /// Takes an entry out; whether it was there.
    pub fn drop_entry(&mut self, node: NodeIdx, gone: NodeIdx) -> bool {
        let Some(position) = self.of(node).iter().position(|entry| *entry == gone) else {
            return false;
        };
        let start = node.at() * self.width;
        let end = start + usize::from(self.lengths[node.at()]);
        self.cells
            .copy_within(start + position + 1..end, start + position);
        self.lengths[node.at()] -= 1;
        true
    }

    /// The node has no successor any more.
    pub fn clear(&mut self, node: NodeIdx) {
        self.lengths[node.at()] = 0;
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
        lists.add_node();
        lists.set(NodeIdx(0), NodeIdx(1), &nodes(&[2, 3, 4]));
        assert_eq!(lists.of(NodeIdx(0)), nodes(&[1, 2, 3]));
        lists.set(NodeIdx(0), NodeIdx(1), &nodes(&[2, 0, 1]));
        assert_eq!(lists.of(NodeIdx(0)), nodes(&[1, 2]));
        lists.set(
            NodeIdx(0),
            NodeIdx(1),
            &[NodeIdx(2), NodeIdx::NONE, NodeIdx(3)],
        );
        assert_eq!(lists.of(NodeIdx(0)), nodes(&[1, 2]));
        assert!(lists.drop_entry(NodeIdx(0), NodeIdx(1)));
        assert!(!lists.drop_entry(NodeIdx(0), NodeIdx(1)));
        assert_eq!(lists.of(NodeIdx(0)), nodes(&[2]));
    }
}
