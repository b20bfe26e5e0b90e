//! The hold model (Jones, CACM 29(4), 1986): a queue with a constant number of events; the next one
//! is taken and another is scheduled at a random delay after it.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use chordsim::engine::{EventQueue, SimTime};

use super::random::{Delays, Random};

/// An event as large as those of a run: with its time it fills 32 bytes.
pub(crate) type Event = [u64; 3];

/// What is held.
pub(crate) trait Queue: Default {
    /// Schedules an event.
    fn push(&mut self, at: SimTime, event: Event);
    /// Takes the next event.
    fn pop(&mut self) -> Option<(SimTime, Event)>;
}

impl Queue for EventQueue<Event> {
    fn push(&mut self, at: SimTime, event: Event) {
        EventQueue::push(self, at, event);
    }

    fn pop(&mut self) -> Option<(SimTime, Event)> {
        EventQueue::pop(self)
    }
}

/// The obvious queue with the same order: a binary heap of (time, sequence).
#[derive(Default)]
pub(crate) struct Heap {
    entries: BinaryHeap<Entry>,
    sequence: u64,
}

struct Entry {
    at: SimTime,
    sequence: u64,
    event: Event,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The heap of the standard library gives the greatest first, so the earliest is the greatest.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.sequence).cmp(&(self.at, self.sequence))
    }
}

impl Queue for Heap {
    fn push(&mut self, at: SimTime, event: Event) {
        let sequence = self.sequence;
        self.sequence += 1;
        self.entries.push(Entry {
            at,
            sequence,
            event,
        });
    }

    fn pop(&mut self) -> Option<(SimTime, Event)> {
        self.entries.pop().map(|entry| (entry.at, entry.event))
    }
}

/// A queue in its steady state.
pub(crate) struct Hold<Q> {
    queue: Q,
    delays: Delays,
    random: Random,
}

impl<Q: Queue> Hold<Q> {
    /// A queue in which `pending` events wait.
    pub(crate) fn new(pending: u64, delays: Delays) -> Self {
        let (mut queue, mut random) = (Q::default(), Random(pending));
        for event in 0..pending {
            let at = SimTime(delays.remainder(&mut random));
            queue.push(at, [event; 3]);
        }
        Self {
            queue,
            delays,
            random,
        }
    }

    /// Takes an event and schedules it again, so many times. Returns the time that was reached.
    pub(crate) fn go_on(&mut self, times: u64) -> SimTime {
        let mut now = SimTime::ZERO;
        for _ in 0..times {
            let (at, event) = self.queue.pop().expect("an event that is taken comes back");
            let delay = self.delays.draw(&mut self.random);
            self.queue.push(SimTime(at.0 + delay), event);
            now = at;
        }
        now
    }
}
