//! Lists of nodes as they travel. A list that is too long for a message stands here, and the message names
//! it. The list is packed when the message is sent, and released when the message has been handled or is
//! lost.

use super::Message;
use crate::engine::prefetch_at;
use crate::world::NodeIdx;

/// Names a list of nodes that a message carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ParcelId(pub u32);

/// All lists that are under way, in rows of equal width.
pub struct Parcels {
    width: usize,
    cells: Vec<NodeIdx>,
    free: Vec<u32>,
}

impl Parcels {
    /// A pool for lists of at most `width` nodes.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self {
            width,
            cells: Vec::new(),
            free: Vec::new(),
        }
    }

    /// Packs `first` and the others after it. The rest of the row is [`NodeIdx::NONE`].
    ///
    /// # Panics
    /// If there are more nodes than the width allows.
    pub fn pack(&mut self, first: NodeIdx, others: &[NodeIdx]) -> ParcelId {
        let row = self.free.pop().unwrap_or_else(|| {
            let row = self.cells.len() / self.width;
            self.cells
                .resize(self.cells.len() + self.width, NodeIdx::NONE);
            u32::try_from(row).expect("fewer than 2^32 parcels under way")
        });
        let cells = self.row_mut(row);
        cells.fill(NodeIdx::NONE);
        cells[0] = first;
        cells[1..=others.len()].copy_from_slice(others);
        ParcelId(row)
    }

    /// The first node of a list, and the others, padded with [`NodeIdx::NONE`].
    #[must_use]
    pub fn read(&self, parcel: ParcelId) -> (NodeIdx, &[NodeIdx]) {
        let start = parcel.0 as usize * self.width;
        let row = &self.cells[start..start + self.width];
        (row[0], &row[1..])
    }

    /// Asks for a list.
    pub fn prefetch(&self, parcel: ParcelId) {
        prefetch_at(&self.cells, parcel.0 as usize * self.width);
    }

    /// A message has been handled, or never will be: its list is released.
    #[inline]
    pub fn release(&mut self, msg: &impl Message) {
        if let Some(ParcelId(row)) = msg.parcel() {
            debug_assert!(!self.free.contains(&row), "released twice");
            self.free.push(row);
        }
    }

    /// The number of lists that there is room for, and of free rows among them.
    #[cfg(test)]
    pub fn room(&self) -> (usize, usize) {
        (self.cells.len() / self.width, self.free.len())
    }

    fn row_mut(&mut self, row: u32) -> &mut [NodeIdx] {
        let start = row as usize * self.width;
        &mut self.cells[start..start + self.width]
    }
}
