//! Counts steps in tests: what must not grow is counted, never timed.

use std::cell::Cell;
use std::cmp::Ordering;

/// A value that counts how often it is compared.
#[derive(Clone, Copy)]
pub(crate) struct Counting<'a, T>(pub T, pub &'a Cell<u64>);

impl<T: Ord> PartialEq for Counting<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T: Ord> Eq for Counting<'_, T> {}

impl<T: Ord> PartialOrd for Counting<'_, T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Ord> Ord for Counting<'_, T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.1.set(self.1.get() + 1);
        self.0.cmp(&other.0)
    }
}
