//! Events in chains of small chunks. All chunks of a queue come from a common stock and go back to it. So
//! memory follows the number of waiting events, and not the largest size that each chain ever had.

use std::ops::Range;

use super::memory::{prefetch_at, reserve_huge, resize_huge};
use super::time::SimTime;

/// The number of events in a chunk.
const CHUNK: usize = 1 << CHUNK_BITS;
const CHUNK_BITS: u32 = 5;

/// The first chunk is in no chain and never in stock: late events are put down on its first cell.
pub(super) const DESK: usize = 0;

/// An event with its time. No entry lies across two cache lines.
#[derive(Clone, Copy, Default)]
#[repr(C, align(32))]
pub(super) struct Entry<E> {
    pub(super) at: SimTime,
    pub(super) event: E,
}

/// No chunk.
const NONE: u32 = u32::MAX;

/// A list of events in order of appending, in chunks. Only the last chunk has room.
#[derive(Clone, Copy)]
pub(super) struct ChunkList {
    first: u32,
    last: u32,
    /// How many cells of the last chunk are taken.
    filled: u32,
}

pub(super) const EMPTY: ChunkList = ChunkList {
    first: NONE,
    last: NONE,
    filled: CHUNK as u32,
};

impl ChunkList {
    /// Whether the chain holds nothing.
    pub(super) fn is_empty(self) -> bool {
        self.first == NONE
    }

    fn first_chunk(self) -> Option<u32> {
        (!self.is_empty()).then_some(self.first)
    }

    /// The number of cells taken in one chunk of this chain.
    fn taken_in(self, chunk: u32) -> usize {
        if chunk == self.last {
            self.filled as usize
        } else {
            CHUNK
        }
    }
}

/// All chunks: those of the chains, and those in stock.
pub(super) struct Chunks<E> {
    /// Chunk c is cells c · 32 and on.
    pub(super) cells: Vec<Entry<E>>,
    /// The chunk that follows each chunk, in its chain or in the stock.
    next: Vec<u32>,
    stock: u32,
}

impl<E: Copy + Default> Chunks<E> {
    /// Only the chunk with the desk.
    pub(super) fn new() -> Self {
        Self {
            cells: vec![Entry::default(); CHUNK],
            next: vec![NONE],
            stock: NONE,
        }
    }

    /// Makes room for this many events, in at most this many chains.
    pub(super) fn reserve(&mut self, events: usize, chains: usize) {
        // The last chunk of each chain is half empty on average.
        reserve_huge(&mut self.cells, events + chains * CHUNK);
    }

    /// The cell for one more event at the end of a chain.
    #[inline]
    pub(super) fn append(&mut self, chain: &mut ChunkList) -> usize {
        if chain.filled == CHUNK as u32 {
            self.lengthen(chain);
        }
        let cell = (chain.last << CHUNK_BITS) + chain.filled;
        chain.filled += 1;
        cell as usize
    }

    /// Puts another chunk at the end of a chain.
    #[inline(never)]
    fn lengthen(&mut self, chain: &mut ChunkList) {
        let chunk = self.take();
        match chain.last {
            NONE => chain.first = chunk,
            last => self.next[last as usize] = chunk,
        }
        chain.last = chunk;
        chain.filled = 0;
    }

    /// A chunk from the stock, or a new one.
    fn take(&mut self) -> u32 {
        let chunk = self.stock;
        if chunk == NONE {
            return self.add();
        }
        self.stock = std::mem::replace(&mut self.next[chunk as usize], NONE);
        // The chunk that now heads the stock is taken next.
        prefetch_at(&self.next, self.stock as usize);
        prefetch_at(&self.cells, self.stock as usize * CHUNK);
        chunk
    }

    #[cold]
    fn add(&mut self) -> u32 {
        let chunk = self.next.len() as u32;
        assert!(
            chunk < NONE >> CHUNK_BITS,
            "over four thousand million events wait"
        );
        self.next.push(NONE);
        let len = self.cells.len() + CHUNK;
        resize_huge(&mut self.cells, len, Entry::default());
        chunk
    }

    /// The events of a chain, chunk by chunk.
    pub(super) fn of(&self, chain: ChunkList) -> impl Iterator<Item = &[Entry<E>]> + '_ {
        std::iter::successors(chain.first_chunk(), move |chunk| {
            (*chunk != chain.last).then(|| self.next[*chunk as usize])
        })
        .map(move |chunk| {
            // The chunks lie anywhere in memory, so the chunk after this one is fetched early.
            prefetch_at(&self.cells, self.next[chunk as usize] as usize * CHUNK);
            let start = chunk as usize * CHUNK;
            &self.cells[start..start + chain.taken_in(chunk)]
        })
    }

    /// Takes the first chunk from a chain and returns its cells. The chunk is not in stock before
    /// [`Chunks::give_back_cells`].
    pub(super) fn shift(&self, chain: &mut ChunkList) -> Option<Range<usize>> {
        let chunk = chain.first_chunk()?;
        let start = chunk as usize * CHUNK;
        let cells = start..start + chain.taken_in(chunk);
        if chunk == chain.last {
            *chain = EMPTY;
        } else {
            chain.first = self.next[chunk as usize];
        }
        Some(cells)
    }

    /// Puts the chunk of these cells back into stock.
    pub(super) fn give_back_cells(&mut self, cells: &Range<usize>) {
        let chunk = (cells.start / CHUNK) as u32;
        self.give_back(ChunkList {
            first: chunk,
            last: chunk,
            filled: 0,
        });
    }

    /// Puts the chunks of a chain back into stock.
    pub(super) fn give_back(&mut self, chain: ChunkList) {
        if !chain.is_empty() {
            self.next[chain.last as usize] = self.stock;
            self.stock = chain.first;
        }
    }
}
