//! Lists as they travel. A list that is too long for a message stands here, and the message names it. The list is
//! packed when the message is sent, and released when the message has been handled or is lost.
//!
//! There are two kinds: lists of nodes, and [batches](Batch) of copies.

use super::Message;
use super::replicas::Arc;
use crate::engine::prefetch_at;
use crate::world::{NodeIdx, RingId};

/// Names a list that a message carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ParcelId(pub u32);

/// Marks the name of a batch.
const BATCH: u32 = 1 << 31;

/// Batches that are free keep room for so many items.
const ROOM_KEPT: usize = 64;

/// A copy of a value, as it is named in a batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Item {
    /// The key.
    pub key: RingId,
    /// Which put of this key it is of, from 1; 0: there is no copy.
    pub version: u32,
    /// The size of the value.
    pub bytes: u32,
}

/// Copies that travel together, or are told of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    /// The keys that it is about.
    pub arc: Arc,
    /// A digest of all copies of these keys.
    pub digest: u64,
    /// The copies.
    pub items: Vec<Item>,
    /// Its size on the wire, without the headers of the message.
    pub bytes: u32,
    /// How many messages carry it: more than one where a message may have to be sent again.
    carriers: u32,
}

/// All lists that are under way: of nodes in rows of equal width, and batches.
pub struct Parcels {
    width: usize,
    cells: Vec<NodeIdx>,
    free: Vec<u32>,
    batches: Vec<Batch>,
    free_batches: Vec<u32>,
}

impl Parcels {
    /// A pool for lists of at most `width` nodes.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self {
            width,
            cells: Vec::new(),
            free: Vec::new(),
            batches: Vec::new(),
            free_batches: Vec::new(),
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

    /// Packs a batch of so many bytes about the keys of an arc.
    ///
    /// # Panics
    /// With over two thousand million batches under way.
    pub fn pack_batch(
        &mut self,
        (arc, digest): (Arc, u64),
        items: impl IntoIterator<Item = Item>,
        bytes: u32,
    ) -> ParcelId {
        let place = self.free_batches.pop().unwrap_or_else(|| {
            self.batches.push(Batch {
                arc,
                digest,
                items: Vec::new(),
                bytes,
                carriers: 0,
            });
            u32::try_from(self.batches.len() - 1).expect("fewer than 2^31 batches under way")
        });
        assert!(
            place & BATCH == 0,
            "over two thousand million batches under way"
        );
        let batch = &mut self.batches[place as usize];
        (batch.arc, batch.digest, batch.bytes) = (arc, digest, bytes);
        batch.items.extend(items);
        batch.carriers = 1;
        ParcelId(place | BATCH)
    }

    /// A batch.
    ///
    /// # Panics
    /// If the parcel is a list of nodes.
    #[must_use]
    pub fn batch(&self, parcel: ParcelId) -> &Batch {
        &self.batches[(parcel.0 ^ BATCH) as usize]
    }

    /// One more message carries what this one carries. Returns whether that can be: a list of nodes travels once.
    pub fn hold(&mut self, msg: &impl Message) -> bool {
        match msg.parcel() {
            None => true,
            Some(ParcelId(row)) if row & BATCH == 0 => false,
            Some(ParcelId(row)) => {
                self.batches[(row ^ BATCH) as usize].carriers += 1;
                true
            }
        }
    }

    #[cold]
    fn release_batch(&mut self, place: u32) {
        let batch = &mut self.batches[place as usize];
        batch.carriers -= 1;
        if batch.carriers == 0 {
            batch.items.clear();
            batch.items.shrink_to(ROOM_KEPT);
            self.free_batches.push(place);
        }
    }

    /// Asks for a list.
    pub fn prefetch(&self, parcel: ParcelId) {
        prefetch_at(&self.cells, parcel.0 as usize * self.width);
    }

    /// A message has been handled, or never will be: its list is released.
    #[inline]
    pub fn release(&mut self, msg: &impl Message) {
        if let Some(ParcelId(row)) = msg.parcel() {
            if row & BATCH != 0 {
                return self.release_batch(row ^ BATCH);
            }
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
