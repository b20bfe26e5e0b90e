//! A first-in first-out lane for what is always due after the same delay: it is in order by itself, so
//! nothing has to be sorted, and what has become moot meanwhile is dropped when its time comes, unseen.

use std::collections::VecDeque;

use super::time::SimTime;

/// Things that are due in the order in which they were put in.
pub struct Lane<E> {
    entries: VecDeque<(SimTime, E)>,
}

impl<E: Copy> Default for Lane<E> {
    fn default() -> Self {
        Self {
            entries: VecDeque::new(),
        }
    }
}

impl<E: Copy> Lane<E> {
    /// Puts something in that is due at `at`, which is no earlier than what was put in before.
    pub fn push(&mut self, at: SimTime, entry: E) {
        debug_assert!(self.entries.back().is_none_or(|(last, _)| *last <= at));
        self.entries.push_back((at, entry));
    }

    /// When the next one is due.
    pub fn next_time(&self) -> Option<SimTime> {
        self.entries.front().map(|(at, _)| *at)
    }

    /// Takes the next one.
    pub fn pop(&mut self) -> Option<(SimTime, E)> {
        self.entries.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_first_comes_out_first() {
        let mut lane = Lane::default();
        assert_eq!((lane.next_time(), lane.pop()), (None, None));
        lane.push(SimTime(5), 'a');
        lane.push(SimTime(5), 'b');
        lane.push(SimTime(7), 'c');
        assert_eq!(lane.next_time(), Some(SimTime(5)));
        let out: Vec<_> = std::iter::from_fn(|| lane.pop()).collect();
        assert_eq!(
            out,
            [(SimTime(5), 'a'), (SimTime(5), 'b'), (SimTime(7), 'c')]
        );
    }
}
