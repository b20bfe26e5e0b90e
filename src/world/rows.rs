//! Where the rows of nodes stand, so that the row of a node that never comes back is used for another.
//!
//! A node's number is given to no other node, and results show it. Rows need not be as many: those of nodes that are
//! there, and of those that may come back, are enough. As long as few nodes have gone for good, a node has the row of its
//! own number, and keeps it; nodes that are added later are told of one by one, with 4 bytes each, and found by way of
//! these. So a run in which few go for good pays nothing, and one that churns for long pays memory for those who live.

use super::index::NodeIdx;
use crate::engine::{prefetch_at, push_huge, reserve_huge};

/// So many nodes must have gone for good before rows are used again: fewer take little memory.
const SPARED: usize = 1 << 10;

/// Marks a node that has gone for good; the other bits are its [`Note`].
const GONE: u32 = 1 << 31;

/// What is kept of a node that has gone for good: a number below 2^31.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Note(u32);

impl Note {
    /// The number as a note, if it is small enough for one.
    #[must_use]
    pub fn new(number: u64) -> Option<Self> {
        u32::try_from(number)
            .ok()
            .filter(|number| number & GONE == 0)
            .map(Self)
    }

    /// The number.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0
    }
}

/// What there is of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// The number of its row.
    Row(usize),
    /// It has gone for good, and its row may be that of another node.
    Gone(Note),
}

/// Which row belongs to which node.
#[derive(Default)]
pub struct Rows {
    /// So many nodes, the first ones, have the rows of their own numbers for good.
    settled: usize,
    /// How many nodes have gone for good.
    gone: usize,
    /// Whether nodes that are added from here on may have the row of another.
    reused: bool,
    /// For each node after the settled ones its row, or [`GONE`] and its note.
    places: Vec<u32>,
    /// Rows of nodes that have gone for good.
    free: Vec<u32>,
    /// Rows that there are, free ones included.
    count: usize,
}

impl Rows {
    /// Adds the next node and gives it a row.
    ///
    /// # Panics
    /// If it is one of over two thousand million rows.
    pub fn add(&mut self) -> usize {
        let row = self.free.pop().map_or(self.count, |row| row as usize);
        self.count = self.count.max(row + 1);
        if self.reused {
            assert!(
                row < GONE as usize,
                "over two thousand million nodes at once"
            );
            self.places.push(row as u32);
        } else {
            self.settled += 1;
        }
        row
    }

    /// A node has gone for good. What is to be known of it is noted; its row goes to a node that is added later, unless
    /// it is one of the first nodes: these keep theirs.
    pub fn give_back(&mut self, node: NodeIdx, note: Note) {
        self.gone += 1;
        self.reused |= self.gone == SPARED;
        if let Some(later) = node.at().checked_sub(self.settled) {
            let place = &mut self.places[later];
            assert!(*place & GONE == 0, "node {node} has gone already");
            self.free.push(*place);
            *place = GONE | note.0;
        }
    }

    /// Whether a node keeps its row even if it goes for good.
    #[must_use]
    pub fn keeps(&self, node: NodeIdx) -> bool {
        node.at() < self.settled
    }

    /// Where the row of a node is.
    #[must_use]
    pub fn place(&self, node: NodeIdx) -> Place {
        match node.at().checked_sub(self.settled) {
            None => Place::Row(node.at()),
            Some(later) => {
                let place = self.places[later];
                if place & GONE == 0 {
                    Place::Row(place as usize)
                } else {
                    Place::Gone(Note(place & !GONE))
                }
            }
        }
    }

    /// The row of a node, unless it has gone for good.
    #[must_use]
    pub fn get(&self, node: NodeIdx) -> Option<usize> {
        match self.place(node) {
            Place::Row(row) => Some(row),
            Place::Gone(_) => None,
        }
    }

    /// The row of a node.
    ///
    /// # Panics
    /// If it has gone for good: nobody has business with it.
    #[must_use]
    #[inline]
    pub fn of(&self, node: NodeIdx) -> usize {
        if node.at() < self.settled {
            return node.at();
        }
        self.of_later(node)
    }

    #[inline(never)]
    fn of_later(&self, node: NodeIdx) -> usize {
        self.get(node)
            .unwrap_or_else(|| panic!("node {node} has gone for good"))
    }

    /// How many nodes there ever were.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.settled + self.places.len()
    }

    /// How many rows there are: as many as nodes were there at once, and those of the first ones.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no row yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// What is known of each node, a row each. The rows of the settled nodes stand by themselves: whether a node has one of
/// them is found out by the check that the column is long enough, which has to be made anyway.
pub struct PerNode<T> {
    settled: Vec<T>,
    later: Vec<T>,
}

impl<T> Default for PerNode<T> {
    fn default() -> Self {
        Self {
            settled: Vec::new(),
            later: Vec::new(),
        }
    }
}

impl<T> PerNode<T> {
    /// Makes room for so many more nodes.
    pub fn reserve(&mut self, nodes: usize) {
        reserve_huge(&mut self.settled, nodes);
    }

    /// Fills the row that `rows` has just given to the next node.
    pub fn fill(&mut self, rows: &Rows, row: usize, value: T) {
        if !rows.reused {
            return self.settled.push(value);
        }
        let later = row - rows.settled;
        match self.later.get_mut(later) {
            Some(place) => *place = value,
            None => push_huge(&mut self.later, value),
        }
    }

    /// The row of a node, unless it has gone for good.
    #[must_use]
    pub fn get(&self, rows: &Rows, node: NodeIdx) -> Option<&T> {
        match self.settled.get(node.at()) {
            Some(row) => Some(row),
            None => rows.get(node).map(|row| &self.later[row - rows.settled]),
        }
    }

    /// The row of a node that keeps it; what else there is of it stands in rows of the same number.
    #[must_use]
    #[inline]
    pub fn settled(&self, node: NodeIdx) -> Option<&T> {
        self.settled.get(node.at())
    }

    /// The row of a node that has not gone for good.
    #[must_use]
    #[inline]
    pub fn of(&self, rows: &Rows, node: NodeIdx) -> &T {
        match self.settled.get(node.at()) {
            Some(row) => row,
            None => &self.later[rows.of_later(node) - rows.settled],
        }
    }

    /// The row of a node that has not gone for good, to be changed.
    #[inline]
    pub fn of_mut(&mut self, rows: &Rows, node: NodeIdx) -> &mut T {
        if node.at() < self.settled.len() {
            &mut self.settled[node.at()]
        } else {
            &mut self.later[rows.of_later(node) - rows.settled]
        }
    }

    /// All rows, also those that are nobody's, in no particular order.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.settled.iter_mut().chain(&mut self.later)
    }

    /// Asks for the row of a node.
    #[inline]
    pub fn prefetch(&self, rows: &Rows, node: NodeIdx) {
        if node.at() < self.settled.len() {
            prefetch_at(&self.settled, node.at());
        } else if let Some(row) = rows.get(node) {
            prefetch_at(&self.later, row - rows.settled);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(rows: &mut Rows, column: &mut PerNode<u32>) -> NodeIdx {
        let node = NodeIdx::from_usize(rows.nodes());
        let row = rows.add();
        column.fill(rows, row, node.0);
        node
    }

    #[test]
    fn rows_are_as_many_as_nodes_at_once_however_many_there_ever_were() {
        let (mut rows, mut column) = (Rows::default(), PerNode::default());
        let mut there: Vec<NodeIdx> = (0..10).map(|_| add(&mut rows, &mut column)).collect();
        // The last to keep its row came just before the 1024th went.
        let settled = 10 + SPARED - 1;
        for step in 0..10_000_usize {
            let gone = there.swap_remove(step * 7 % there.len());
            let note = Note::new(gone.0.into()).unwrap();
            rows.give_back(gone, note);
            there.push(add(&mut rows, &mut column));
            // Until rows are used again all keep theirs; ten more serve all that come after.
            let kept = if gone.at() < rows.settled {
                Place::Row(gone.at())
            } else {
                Place::Gone(note)
            };
            assert_eq!(rows.place(gone), kept);
            assert_eq!(column.get(&rows, gone).is_none(), gone.at() >= settled);
            for node in &there {
                assert_eq!(*column.of(&rows, *node), node.0);
                assert_eq!(*column.of_mut(&rows, *node), node.0);
                assert_eq!(Place::Row(rows.of(*node)), rows.place(*node));
            }
        }
        assert_eq!(rows.nodes(), 10_010);
        assert!(rows.len() <= settled + 10, "{}", rows.len());
        assert_eq!(column.iter_mut().count(), rows.len());
    }

    #[test]
    #[should_panic(expected = "node 1024 has gone for good")]
    fn nobody_has_business_with_a_node_that_has_gone_for_good() {
        let (mut rows, mut column) = (Rows::default(), PerNode::default());
        for number in 0..SPARED as u32 {
            let first = add(&mut rows, &mut column);
            rows.give_back(first, Note::default());
            assert_eq!(*column.of(&rows, first), number);
        }
        let later = add(&mut rows, &mut column);
        rows.give_back(later, Note::default());
        let _ = column.of(&rows, later);
    }

    #[test]
    fn a_note_has_31_bits() {
        let most = (1 << 31) - 1;
        assert_eq!(Note::new(most).map(Note::number), Some(most as u32));
        assert_eq!(Note::new(most + 1), None);
        assert_eq!(Note::new(1 << 32), None);
    }
}
