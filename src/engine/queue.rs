//! The event queue, totally ordered by (time, sequence): of two events due at the same moment, the event
//! scheduled first comes first.
//!
//! A calendar of buckets about 16.8 ms wide. An event is appended to the bucket of its time; a bucket is
//! sorted only when the clock reaches it. Appending keeps the order of scheduling, and sorting keeps it
//! among equal times, so no sequence number needs to be stored. Three stores keep this invariant:
//!
//! * `wheel`: the buckets of the current window of about 69 s. Each bucket is a chain of small chunks that
//!   are taken from a common stock and go back to it. So memory follows the number of waiting events, and
//!   not the largest size that each bucket ever had;
//! * `far`: events beyond the window, one chain per later window, each in order of scheduling. A chain is
//!   dealt into the wheel when its window begins, before anything can be appended there directly;
//! * `late`: a heap for events that fall into the bucket already being emptied. All of them were scheduled
//!   after that bucket was sorted, so at equal times the bucket goes first.
//!
//! Brown, "Calendar queues", CACM 31(10), 1988, describes the family.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::chunks::{ChunkList, Chunks, DESK, EMPTY, Entry};
use super::memory::resize_huge;
use super::time::SimTime;

/// A bucket spans 2^24 ns, about 16.8 ms.
const BUCKET_BITS: u32 = 24;
/// The wheel has 2^12 buckets, about 69 s.
const WHEEL_BITS: u32 = 12;
const WHEEL: usize = 1 << WHEEL_BITS;
/// An event that fell into the bucket being emptied, with the explicit sequence a heap needs.
struct Late<E> {
    key: Reverse<(SimTime, u64)>,
    event: E,
}

impl<E> PartialEq for Late<E> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}
impl<E> Eq for Late<E> {}
impl<E> PartialOrd for Late<E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<E> Ord for Late<E> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

/// More events than this in one slice of a bucket are not there by chance.
const INSERTION_SORT_MAX: u32 = 64;

/// The bucket being emptied, in order.
struct Active<E> {
    /// The events from `next` to `end` wait. Mostly there is free room before them. Entries behind `end` are
    /// left over from larger buckets.
    entries: Vec<Entry<E>>,
    next: usize,
    end: usize,
    /// Used while the bucket is sorted: first the number of events in each slice of its time, then the place
    /// of the next event of each slice.
    slices: Vec<u32>,
}

impl<E: Copy + Default> Active<E> {
    /// The events of the bucket that still wait.
    fn rest(&self) -> &[Entry<E>] {
        &self.entries[self.next..self.end]
    }

    fn is_empty(&self) -> bool {
        self.next == self.end
    }

    /// Puts an event at the head.
    fn put_first(&mut self, entry: Entry<E>) {
        if let Some(place) = self.next.checked_sub(1) {
            self.next = place;
            self.entries[place] = entry;
        } else {
            self.entries.insert(0, entry);
            self.end += 1;
        }
    }

    /// Takes in the events of a chain, in order of time. The events are dealt into slices of the bucket's
    /// time. There are about as many slices as events, so next to nothing is left to sort.
    fn fill(&mut self, chunks: &Chunks<E>, chain: ChunkList) {
        let count = chunks.of(chain).map(<[_]>::len).sum::<usize>();
        let bits = (usize::BITS - count.leading_zeros()).min(BUCKET_BITS);
        let shift = BUCKET_BITS - bits;
        let slice = |entry: &Entry<E>| (entry.at.0 >> shift) as usize & ((1 << bits) - 1);
        self.slices.clear();
        resize_huge(&mut self.slices, 1 << bits, 0);
        for entry in chunks.of(chain).flatten() {
            self.slices[slice(entry)] += 1;
        }
        let (mut start, mut fullest) = (1, 0);
        // The first place stays free, for an event that comes before all of these events.
        for places in &mut self.slices {
            let size = std::mem::replace(places, start);
            start += size;
            fullest = fullest.max(size);
        }
        if self.entries.len() <= count {
            resize_huge(&mut self.entries, count + 1, Entry::default());
        }
        for entry in chunks.of(chain).flatten() {
            let place = &mut self.slices[slice(entry)];
            self.entries[*place as usize] = *entry;
            *place += 1;
        }
        (self.next, self.end) = (1, count + 1);
        let entries = &mut self.entries[1..=count];
        if fullest > INSERTION_SORT_MAX {
            entries.sort_by_key(|entry| entry.at);
        } else {
            sort_nearly_sorted(entries);
        }
    }
}

/// Sorts events that are close to their places, without changing the order of equal times.
fn sort_nearly_sorted<E: Copy>(entries: &mut [Entry<E>]) {
    for place in 1..entries.len() {
        let at = entries[place].at;
        if entries[place - 1].at > at {
            let before = entries[..place].iter().rev();
            let later = before.take_while(|entry| entry.at > at).count();
            entries[place - later..=place].rotate_right(1);
        }
    }
}

/// Events waiting for their time. See the module's documentation for the order it keeps.
pub struct EventQueue<E> {
    active: Active<E>,
    late: BinaryHeap<Late<E>>,
    /// The time of the first late event; [`SimTime::MAX`] without any.
    late_at: SimTime,
    late_sequence: u64,
    wheel: Vec<ChunkList>,
    chunks: Chunks<E>,
    in_wheel: usize,
    far: BTreeMap<u64, ChunkList>,
    in_far: usize,
    /// Number of the bucket being emptied, counted from time zero.
    cursor: u64,
}

impl<E: Copy + Default> Default for EventQueue<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Copy + Default> EventQueue<E> {
    /// An empty queue at time zero.
    #[must_use]
    pub fn new() -> Self {
        Self {
            active: Active {
                entries: Vec::new(),
                next: 0,
                end: 0,
                slices: Vec::new(),
            },
            late: BinaryHeap::new(),
            late_at: SimTime::MAX,
            late_sequence: 0,
            wheel: vec![EMPTY; WHEEL],
            chunks: Chunks::new(),
            in_wheel: 0,
            far: BTreeMap::new(),
            in_far: 0,
            cursor: 0,
        }
    }

    /// Makes room for this many waiting events.
    pub fn reserve(&mut self, events: usize) {
        self.chunks.reserve(events, WHEEL);
    }

    /// How many events wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.active.rest().len() + self.late.len() + self.in_wheel + self.in_far
    }

    /// Whether no event waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Schedules an event. The order is kept even for a time that has passed already: such an event comes
    /// before all events of a later time, and is handled with its own time.
    #[expect(
        clippy::inline_always,
        reason = "called, it would read the event from where it has just been put together, piece by piece, \
                  and wait for that"
    )]
    #[inline(always)]
    pub fn push(&mut self, at: SimTime, event: E) {
        let bucket = at.0 >> BUCKET_BITS;
        let is_near = bucket > self.cursor && bucket >> WHEEL_BITS == self.cursor >> WHEEL_BITS;
        let cell = if is_near {
            self.in_wheel += 1;
            self.chunks.append(&mut self.wheel[bucket as usize % WHEEL])
        } else {
            self.cell_elsewhere(bucket)
        };
        // The event is written once, straight from the registers, wherever it goes.
        self.chunks.cells[cell] = Entry { at, event };
        if cell == DESK {
            self.take_late();
        }
    }

    /// The cell for an event beyond the window, or of the bucket being emptied.
    #[inline(never)]
    fn cell_elsewhere(&mut self, bucket: u64) -> usize {
        if bucket <= self.cursor {
            return DESK;
        }
        self.in_far += 1;
        let chain = self.far.entry(bucket >> WHEEL_BITS).or_insert(EMPTY);
        self.chunks.append(chain)
    }

    /// Takes the late event from the desk.
    #[inline(never)]
    fn take_late(&mut self) {
        let Entry { at, event } = self.chunks.cells[DESK];
        self.late_sequence += 1;
        let key = Reverse((at, self.late_sequence));
        self.late.push(Late { key, event });
        self.late_at = self.late_at.min(at);
    }

    /// Takes the next event, with its time.
    #[inline]
    pub fn pop(&mut self) -> Option<(SimTime, E)> {
        self.pop_until(SimTime::MAX)
    }

    /// Takes the next event, with its time, unless it lies after `limit`.
    #[inline]
    pub fn pop_until(&mut self, limit: SimTime) -> Option<(SimTime, E)> {
        let first = self.active.rest().first();
        // Mostly the next event of the bucket is the next event of the queue.
        if first.is_none_or(|first| first.at > self.late_at.min(limit)) && self.next_time()? > limit
        {
            return None;
        }
        let &Entry { at, event } = self.active.rest().first()?;
        self.active.next += 1;
        Some((at, event))
    }

    /// When the next event is due. This call moves the event to the head of the bucket.
    #[inline(never)]
    pub fn next_time(&mut self) -> Option<SimTime> {
        if self.active.is_empty() && self.late.is_empty() {
            self.advance()?;
        }
        let first = self.active.rest().first().map(|first| first.at);
        if first.is_none_or(|first| self.late_at < first) {
            let Late { key, event } = self.late.pop()?;
            self.late_at = self.late.peek().map_or(SimTime::MAX, |late| late.key.0.0);
            let at = key.0.0;
            self.active.put_first(Entry { at, event });
            return Some(at);
        }
        first
    }

    /// At most `count` events, from `first` places after the next event on, as far as they are sorted
    /// already.
    pub fn ahead(&self, first: usize, count: usize) -> impl Iterator<Item = &E> {
        let rest = self.active.rest().get(first..).unwrap_or_default();
        rest.iter().take(count).map(|entry| &entry.event)
    }

    /// Moves on to the next bucket that holds an event; `None` if no event waits at all.
    fn advance(&mut self) -> Option<()> {
        if self.in_wheel == 0 {
            let (window, chain) = self.far.pop_first()?;
            self.open_window(window, chain);
        }
        while self.wheel[self.cursor as usize % WHEEL].is_empty() {
            self.cursor += 1;
        }
        let bucket = &mut self.wheel[self.cursor as usize % WHEEL];
        let chain = std::mem::replace(bucket, EMPTY);
        self.active.fill(&self.chunks, chain);
        self.chunks.give_back(chain);
        self.in_wheel -= self.active.rest().len();
        Some(())
    }

    fn open_window(&mut self, window: u64, mut chain: ChunkList) {
        self.cursor = window << WHEEL_BITS;
        while let Some(cells) = self.chunks.shift(&mut chain) {
            for cell in cells.clone() {
                let entry = self.chunks.cells[cell];
                let bucket = (entry.at.0 >> BUCKET_BITS) as usize % WHEEL;
                let to = self.chunks.append(&mut self.wheel[bucket]);
                self.chunks.cells[to] = entry;
                self.in_wheel += 1;
                self.in_far -= 1;
            }
            // An emptied chunk can be used again at once.
            self.chunks.give_back_cells(&cells);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Stream, stream};
    use rand::RngExt as _;

    /// The obvious queue: a sorted map from (time, sequence).
    #[derive(Default)]
    struct Reference {
        events: BTreeMap<(SimTime, u64), u32>,
        sequence: u64,
    }

    impl Reference {
        fn push(&mut self, at: SimTime, event: u32) {
            self.sequence += 1;
            self.events.insert((at, self.sequence), event);
        }

        fn pop(&mut self) -> Option<(SimTime, u32)> {
            self.events.pop_first().map(|((at, _), event)| (at, event))
        }
    }

    #[test]
    fn agrees_with_the_obvious_queue_at_every_scale_of_delay() {
        let mut rng = stream(7, Stream::Protocol);
        for spread_bits in [1, 8, 20, 25, 30, 34, 38, 42] {
            let (mut queue, mut reference) = (EventQueue::new(), Reference::default());
            let mut now = SimTime::ZERO;
            for step in 0..20_000_u32 {
                if rng.random_range(0..100) < 52 {
                    let delay = rng.random_range(0..1_u64 << spread_bits);
                    // Coarse times make ties common.
                    let at = SimTime((now.0 + delay) & !0xf | u64::from(delay < 8));
                    let at = at.max(now);
                    queue.push(at, step);
                    reference.push(at, step);
                } else {
                    let popped = queue.pop();
                    assert_eq!(
                        popped,
                        reference.pop(),
                        "spread 2^{spread_bits}, step {step}"
                    );
                    now = popped.map_or(now, |(at, _)| at);
                }
                assert_eq!(queue.len(), reference.events.len());
            }
            while let Some(expected) = reference.pop() {
                assert_eq!(queue.pop(), Some(expected));
            }
            assert_eq!(queue.pop(), None);
        }
    }

    #[test]
    fn ties_fall_in_the_order_of_scheduling() {
        let mut queue = EventQueue::new();
        let at = SimTime(5 << 30);
        for event in 0..10 {
            queue.push(at, event);
        }
        assert_eq!(queue.pop(), Some((at, 0)));
        queue.push(at, 10);
        let rest: Vec<_> = std::iter::from_fn(|| queue.pop())
            .map(|(_, event)| event)
            .collect();
        assert_eq!(rest, (1..=10).collect::<Vec<_>>());
    }
}
