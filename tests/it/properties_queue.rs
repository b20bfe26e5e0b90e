//! The event queue against the obvious one, a sorted map from (time, sequence), over random operations.
//! A failure is shrunk to the few operations that matter.

use std::collections::BTreeMap;

use crate::common::cases::cases;
use chordsim::engine::{EventQueue, SimTime};
use proptest::prelude::*;

/// When an event is to be due.
#[derive(Clone, Copy, Debug)]
enum When {
    /// So long after the event taken last.
    After(u64),
    /// So long before it: the time has passed.
    Before(u64),
    /// At the time of the event scheduled last.
    Tie,
    /// At this time, whatever has been.
    At(u64),
}

#[derive(Clone, Copy, Debug)]
enum Op {
    Push(When),
    Pop,
    /// Look when the next event is due.
    Peek,
    /// Take all that wait.
    Drain,
}

/// The obvious queue.
#[derive(Default)]
struct Reference {
    events: BTreeMap<(SimTime, u32), u32>,
}

impl Reference {
    /// Events are numbered as they are scheduled.
    fn push(&mut self, at: SimTime, event: u32) {
        self.events.insert((at, event), event);
    }

    fn pop(&mut self) -> Option<(SimTime, u32)> {
        self.events.pop_first().map(|((at, _), event)| (at, event))
    }
}

/// Both queues, side by side.
#[derive(Default)]
struct Pair {
    queue: EventQueue<u32>,
    reference: Reference,
    scheduled: u32,
    last_pushed: u64,
    last_popped: u64,
}

impl Pair {
    fn time(&self, when: When) -> u64 {
        match when {
            When::After(delay) => self.last_popped.saturating_add(delay),
            When::Before(ago) => self.last_popped.saturating_sub(ago),
            When::Tie => self.last_pushed,
            When::At(at) => at,
        }
    }

    fn push(&mut self, when: When) {
        self.last_pushed = self.time(when);
        let at = SimTime(self.last_pushed);
        self.queue.push(at, self.scheduled);
        self.reference.push(at, self.scheduled);
        self.scheduled += 1;
    }

    /// Takes an event from both; whether there was one.
    fn pop(&mut self) -> Result<bool, TestCaseError> {
        let expected = self.reference.pop();
        if let Some((at, _)) = expected {
            if let Some(before) = at.0.checked_sub(1) {
                prop_assert_eq!(self.queue.pop_until(SimTime(before)), None);
            }
            prop_assert_eq!(self.queue.pop_until(at), expected);
        } else {
            prop_assert_eq!(self.queue.pop(), None);
        }
        self.last_popped = expected.map_or(self.last_popped, |(at, _)| at.0);
        Ok(expected.is_some())
    }

    fn drain(&mut self) -> Result<(), TestCaseError> {
        while self.pop()? {}
        Ok(())
    }

    fn apply(&mut self, op: Op) -> Result<(), TestCaseError> {
        match op {
            Op::Push(when) => self.push(when),
            Op::Pop => drop(self.pop()?),
            Op::Peek => {
                let first = self.reference.events.keys().next();
                prop_assert_eq!(self.queue.next_time(), first.map(|(at, _)| *at));
            }
            Op::Drain => self.drain()?,
        }
        prop_assert_eq!(self.queue.len(), self.reference.events.len());
        prop_assert_eq!(self.queue.is_empty(), self.reference.events.is_empty());
        self.foresees(3)
    }

    /// What is said to come next does come, in that order, though others may come in between.
    fn foresees(&self, count: usize) -> Result<(), TestCaseError> {
        let mut coming = self.reference.events.values();
        let upcoming: Vec<_> = self.queue.ahead(0, count).collect();
        prop_assert!(upcoming.len() <= count);
        for event in upcoming {
            prop_assert!(coming.any(|next| next == event), "{event} is out of order");
        }
        Ok(())
    }
}

/// A queue must not care, but a calendar has buckets of 2^24 ns and windows of 2^36 ns: delays of every
/// magnitude, and moments on either side of such borders.
fn when() -> impl Strategy<Value = When> {
    let border = |bits: u32, most: u64| {
        (0..most, 0..3_u64).prop_map(move |(k, by)| When::At(((k << bits) + by).saturating_sub(1)))
    };
    prop_oneof![
        3 => (0..4_u64).prop_map(When::After),
        3 => (0..1_u64 << 25).prop_map(When::After),
        4 => (0..1_u64 << 30).prop_map(When::After),
        3 => (0..1_u64 << 37).prop_map(When::After),
        1 => (0..1_u64 << 42).prop_map(When::After),
        1 => (0..4_u64).prop_map(|below| When::At(u64::MAX - below)),
        2 => border(24, 6),
        2 => border(36, 4),
        1 => (0..4_u64).prop_map(When::Before),
        1 => (0..1_u64 << 38).prop_map(When::Before),
        5 => Just(When::Tie),
    ]
}

fn ops(pops: u32, most: usize) -> impl Strategy<Value = Vec<Op>> {
    let op = prop_oneof![
        10 => when().prop_map(Op::Push),
        pops => Just(Op::Pop),
        2 => Just(Op::Peek),
        1 => prop::bool::weighted(0.1).prop_map(|all| if all { Op::Drain } else { Op::Pop }),
    ];
    prop::collection::vec(op, 0..most)
}

fn agrees(ops: Vec<Op>) -> Result<(), TestCaseError> {
    let mut pair = Pair::default();
    for op in ops {
        pair.apply(op)?;
    }
    pair.drain()?;
    prop_assert!(pair.queue.is_empty());
    Ok(())
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn taken_as_soon_as_scheduled(ops in ops(9, 200)) {
        agrees(ops)?;
    }

    #[test]
    fn many_wait(ops in ops(4, 600)) {
        agrees(ops)?;
    }

    /// Everybody at a handful of moments: more events to a bucket than fill a chunk of it.
    #[test]
    fn crowds_at_few_moments(
        moments in prop::collection::vec(0..1_u64 << 38, 1..4),
        events in prop::collection::vec((0..4_usize, 0..3_u8), 0..400),
    ) {
        let mut pair = Pair::default();
        for (moment, pops) in events {
            pair.apply(Op::Push(When::At(moments[moment % moments.len()])))?;
            if pops == 0 {
                pair.apply(Op::Pop)?;
            }
        }
        pair.drain()?;
    }
}
