//! Stretches of the ring, and which of them have a place in between.
//!
//! They are kept by their length, from one power of two to the next, and within that by where they begin. One
//! that has a place in between begins before it by less than its length: of each length only those are looked at
//! that begin near enough. What is looked at in vain covers another place, one power of two before.

#[cfg(test)]
use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::world::{RingId, Space};

/// From where a stretch leads, and to where; both do not belong to it.
pub(super) type Pair = (RingId, RingId);

/// Powers of two that the length of a stretch may lie above.
const SIZES: usize = 64;

/// The power of two, the beginning and the end.
type Key = (usize, RingId, RingId);

/// Stretches, each as often as it was added.
pub(super) struct Arcs {
    space: Space,
    /// How often.
    held: BTreeMap<Key, u32>,
    /// How many different ones there are of each power of two.
    of_size: [u32; SIZES],
    /// Stretches that were looked at in searches.
    #[cfg(test)]
    pub looked_at: Cell<u64>,
}

impl Arcs {
    pub(super) fn new(space: Space) -> Self {
        Self {
            space,
            held: BTreeMap::new(),
            of_size: [0; SIZES],
            #[cfg(test)]
            looked_at: Cell::new(0),
        }
    }

    /// Whether it was not there before.
    pub(super) fn add(&mut self, (a, b): Pair) -> bool {
        let size = self.size((a, b));
        let held = self.held.entry((size, a, b)).or_insert(0);
        *held += 1;
        let is_new = *held == 1;
        self.of_size[size] += u32::from(is_new);
        is_new
    }

    /// Whether it is not there any more.
    pub(super) fn remove(&mut self, (a, b): Pair) -> bool {
        let size = self.size((a, b));
        let held = self.held.get_mut(&(size, a, b));
        let held = held.expect("removed once for each time it was added");
        *held -= 1;
        if *held > 0 {
            return false;
        }
        self.held.remove(&(size, a, b));
        self.of_size[size] -= 1;
        true
    }

    /// How many different ones have a place in between.
    pub(super) fn across(&self, id: RingId) -> u32 {
        let sizes = (0..SIZES).filter(|&size| self.of_size[size] > 0);
        let near = sizes.flat_map(|size| self.that_may_reach(size, id));
        near.filter(|pair| self.is_across(*pair, id)).count() as u32
    }

    /// Those of one size that begin less than its greatest length before a place.
    fn that_may_reach(&self, size: usize, id: RingId) -> impl Iterator<Item = Pair> {
        let (zero, last) = (RingId(0), self.space.last());
        let longest = (u64::MAX >> (SIZES - 1 - size)).min(last);
        // Modulo the size of the ring, which is 2^64 at most.
        let from = RingId(id.0.wrapping_sub(longest) & last);
        let stretches = |range| self.held.range::<Key, Range<Key>>(range);
        let (onwards, rest) = if from <= id {
            ((size, from, zero)..(size, id, zero), None)
        } else {
            let rest = (size, zero, zero)..(size, id, zero);
            ((size, from, zero)..(size + 1, zero, zero), Some(rest))
        };
        let rest = rest.into_iter().flat_map(stretches);
        let near = stretches(onwards).chain(rest);
        near.map(|(&(_, a, b), _)| (a, b))
    }

    fn is_across(&self, (a, b): Pair, id: RingId) -> bool {
        #[cfg(test)]
        self.looked_at.set(self.looked_at.get() + 1);
        a != b && self.space.between(a, id, b)
    }

    /// The power of two that is at most its length. One without a length is as good as the shortest: there is
    /// nothing in between.
    fn size(&self, (a, b): Pair) -> usize {
        self.space.distance(a, b).checked_ilog2().unwrap_or(0) as usize
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt as _;

    use super::*;
    use crate::engine::{Stream, stream};

    /// A look at every single one says the same, on rings of every kind.
    #[test]
    fn those_across_a_place_are_found() {
        let mut rng = stream(5, Stream::Protocol);
        for bits in [1, 3, 6, 63, 64] {
            let space = Space::new(bits);
            let (mut arcs, mut all) = (Arcs::new(space), Vec::new());
            for _ in 0..400 {
                let mut any = || space.leading(rng.random());
                let pair = (any(), any());
                if rng.random_range(0..3) > 0 {
                    assert_eq!(arcs.add(pair), !all.contains(&pair));
                    all.push(pair);
                } else if !all.is_empty() {
                    let gone = all.swap_remove(rng.random_range(0..all.len()));
                    assert_eq!(arcs.remove(gone), !all.contains(&gone));
                }
                let id = space.leading(rng.random());
                let mut across: Vec<_> = all.iter().filter(|(a, b)| a != b).collect();
                across.retain(|(a, b)| space.between(*a, id, *b));
                across.sort();
                across.dedup();
                assert_eq!(arcs.across(id) as usize, across.len(), "{bits} bits, {id}");
            }
        }
    }

    /// Neighbours at all distances, none of them over another: few begin near any place, however many there are.
    #[test]
    fn a_search_looks_at_few_of_many() {
        let mut rng = stream(6, Stream::Protocol);
        for count in [100, 10_000] {
            let mut places: Vec<u64> = (0..count).map(|_| rng.random()).collect();
            places.sort_unstable();
            let mut arcs = Arcs::new(Space::new(64));
            for two in places.windows(2) {
                arcs.add((RingId(two[0]), RingId(two[1])));
            }
            for _ in 0..100 {
                arcs.across(RingId(rng.random()));
            }
            // Of each of some twenty sizes one at most covers the place, and one another place.
            let looked_at = arcs.looked_at.get();
            assert!(looked_at < 100 * 40, "{looked_at} looked at among {count}");
        }
    }
}
