//! The event queue, totally ordered by (time, sequence): of two events due at the same moment the
//! one that was scheduled first comes first.
//!
//! A calendar of buckets about 16.8 ms wide. An event is appended to the bucket of its time; a
//! bucket is sorted (stably) only when the clock reaches it. Appending keeps the order of
//! scheduling, so no sequence number needs to be stored: within a bucket position is sequence.
//! Three stores hold that invariant up:
//!
//! * `wheel`: the buckets of the current window of about 69 s, each a list of small chunks that are
//!   taken from a common stock and go back to it, so that memory follows the number of events that
//!   wait and not the most that ever stood in each bucket;
//! * `far`: events beyond it, one list per later window, each in order of scheduling. A list is
//!   dealt into the wheel when its window begins, before anything can be appended there directly;
//! * `late`: a heap for events that fall into the bucket already being emptied. All of them were
//!   scheduled after that bucket was sorted, so at equal times the bucket goes first.
//!
//! Brown, "Calendar queues", CACM 31(10), 1988, describes the family.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::time::SimTime;

/// A bucket spans 2^24 ns, about 16.8 ms.
const BUCKET_BITS: u32 = 24;
/// The wheel has 2^12 buckets, about 69 s.
const WHEEL_BITS: u32 = 12;
const WHEEL: usize = 1 << WHEEL_BITS;
/// So many events fill a chunk.
const CHUNK: usize = 32;

#[derive(Clone, Copy)]
struct Entry<E> {
    at: SimTime,
    event: E,
}

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

/// Events waiting for their time. See the module's documentation for the order it keeps.
pub struct EventQueue<E> {
    /// The bucket being emptied, sorted so that the next event is at the end.
    active: Vec<Entry<E>>,
    late: BinaryHeap<Late<E>>,
    late_sequence: u64,
    /// Only the last chunk of a bucket has room.
    wheel: Vec<Vec<Vec<Entry<E>>>>,
    /// Empty chunks.
    stock: Vec<Vec<Entry<E>>>,
    in_wheel: usize,
    far: BTreeMap<u64, Vec<Entry<E>>>,
    /// Number of the bucket being emptied, counted from time zero.
    cursor: u64,
    len: usize,
}

impl<E: Copy> Default for EventQueue<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Copy> EventQueue<E> {
    /// An empty queue at time zero.
    #[must_use]
    pub fn new() -> Self {
        Self {
            active: Vec::new(),
            late: BinaryHeap::new(),
            late_sequence: 0,
            wheel: (0..WHEEL).map(|_| Vec::new()).collect(),
            stock: Vec::new(),
            in_wheel: 0,
            far: BTreeMap::new(),
            cursor: 0,
            len: 0,
        }
    }

    /// How many events wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Schedules an event. The order is kept even for a time that has passed already: the event
    /// comes before all that wait for a later time, and still has its own.
    pub fn push(&mut self, at: SimTime, event: E) {
        self.len += 1;
        let bucket = at.0 >> BUCKET_BITS;
        if bucket <= self.cursor {
            self.late_sequence += 1;
            let key = Reverse((at, self.late_sequence));
            self.late.push(Late { key, event });
        } else if bucket >> WHEEL_BITS == self.cursor >> WHEEL_BITS {
            self.append(Entry { at, event });
        } else {
            self.far
                .entry(bucket >> WHEEL_BITS)
                .or_default()
                .push(Entry { at, event });
        }
    }

    /// When the next event is due.
    pub fn next_time(&mut self) -> Option<SimTime> {
        if self.active.is_empty() && self.late.is_empty() {
            self.advance()?;
        }
        let late = self.late.peek().map(|late| late.key.0.0);
        let active = self.active.last().map(|entry| entry.at);
        late.into_iter().chain(active).min()
    }

    /// Takes the next event, with its time.
    pub fn pop(&mut self) -> Option<(SimTime, E)> {
        if self.active.is_empty() && self.late.is_empty() {
            self.advance()?;
        }
        self.len -= 1;
        let late_first = match (self.active.last(), self.late.peek()) {
            (Some(active), Some(late)) => late.key.0.0 < active.at,
            (active, _) => active.is_none(),
        };
        if late_first {
            self.late.pop().map(|late| (late.key.0.0, late.event))
        } else {
            self.active.pop().map(|entry| (entry.at, entry.event))
        }
    }

    /// The event that comes so many places after the next one, as far as they are in order already.
    pub fn ahead(&self, places: usize) -> Option<&E> {
        let position = self.active.len().checked_sub(places + 1)?;
        Some(&self.active[position].event)
    }

    /// Moves on to the next bucket that holds anything; `None` if nothing waits at all.
    fn advance(&mut self) -> Option<()> {
        if self.in_wheel == 0 {
            let (window, entries) = self.far.pop_first()?;
            self.open_window(window, entries);
        }
        while self.wheel[self.cursor as usize % WHEEL].is_empty() {
            self.cursor += 1;
        }
        for mut chunk in self.wheel[self.cursor as usize % WHEEL].drain(..) {
            self.active.append(&mut chunk);
            self.stock.push(chunk);
        }
        self.in_wheel -= self.active.len();
        // Sorted backwards in place: reversing first makes the stable sort keep, among equal
        // times, the one scheduled first nearest to the end, where it is taken from.
        self.active.reverse();
        self.active.sort_by_key(|entry| Reverse(entry.at));
        Some(())
    }

    fn open_window(&mut self, window: u64, entries: Vec<Entry<E>>) {
        self.cursor = window << WHEEL_BITS;
        for entry in entries {
            self.append(entry);
        }
    }

    /// Appends an event of the current window to its bucket.
    fn append(&mut self, entry: Entry<E>) {
        let bucket = &mut self.wheel[(entry.at.0 >> BUCKET_BITS) as usize % WHEEL];
        self.in_wheel += 1;
        match bucket.last_mut() {
            Some(chunk) if chunk.len() < CHUNK => chunk.push(entry),
            _ => {
                let mut chunk = self
                    .stock
                    .pop()
                    .unwrap_or_else(|| Vec::with_capacity(CHUNK));
                chunk.push(entry);
                bucket.push(chunk);
            }
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
