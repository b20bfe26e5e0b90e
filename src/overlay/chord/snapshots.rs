//! Copies of a node's state as they travel in a message: taken when the message is sent, let go
//! when it arrives or is lost.

use super::message::SnapshotId;
use crate::engine::{NodeIdx, prefetch_at};

/// A pool of rows that each hold a predecessor and a successor list.
pub struct Snapshots {
    width: usize,
    cells: Vec<NodeIdx>,
    free: Vec<u32>,
}

impl Snapshots {
    /// A pool for lists of at most `successors` entries.
    pub fn new(successors: u8) -> Self {
        Self {
            width: usize::from(successors) + 1,
            cells: Vec::new(),
            free: Vec::new(),
        }
    }

    /// Copies a state. Missing entries are [`NodeIdx::NONE`].
    pub fn take(&mut self, predecessor: NodeIdx, successors: &[NodeIdx]) -> SnapshotId {
        let row = self.free.pop().unwrap_or_else(|| {
            let row = self.cells.len() / self.width;
            self.cells
                .resize(self.cells.len() + self.width, NodeIdx::NONE);
            u32::try_from(row).expect("fewer than 2^32 snapshots in flight")
        });
        let cells = self.row_mut(row);
        cells.fill(NodeIdx::NONE);
        cells[0] = predecessor;
        cells[1..=successors.len()].copy_from_slice(successors);
        SnapshotId(row)
    }

    /// The predecessor and the successor list (padded with [`NodeIdx::NONE`]) of a copy.
    pub fn read(&self, snapshot: SnapshotId) -> (NodeIdx, &[NodeIdx]) {
        let start = snapshot.0 as usize * self.width;
        let row = &self.cells[start..start + self.width];
        (row[0], &row[1..])
    }

    /// Asks for a copy.
    pub fn prefetch(&self, snapshot: SnapshotId) {
        prefetch_at(&self.cells, snapshot.0 as usize * self.width);
    }

    /// Lets a copy go; it must not be read again.
    pub fn release(&mut self, snapshot: SnapshotId) {
        debug_assert!(!self.free.contains(&snapshot.0), "released twice");
        self.free.push(snapshot.0);
    }

    /// How many copies there is room for, and how many rows of it are free.
    #[cfg(test)]
    pub fn room(&self) -> (usize, usize) {
        (self.cells.len() / self.width, self.free.len())
    }

    fn row_mut(&mut self, row: u32) -> &mut [NodeIdx] {
        let start = row as usize * self.width;
        &mut self.cells[start..start + self.width]
    }
}
