//! Which nodes keep the copies of a key: the scheme, seen from keys, arcs and nodes. The rest of storage asks this and nothing
//! else about it.
//!
//! Copies are at so many **places** of the ring, each a step further than the last, and at each place so many nodes keep one:
//! the owner of the place and those behind it. With copies on successors (CFS) all k are at one place, the key itself. Spread
//! (symmetric replication: Ghodsi, Onana Alima and Haridi, DBISP2P 2005) one is at each of k places.

use crate::overlay::Arc;
use crate::scenario::resolved;
use crate::world::{RingId, Space};

/// Where copies are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placement {
    space: Space,
    places: u8,
    nodes_each: u8,
    /// From one place of a key to the next.
    step: u64,
}

impl Placement {
    pub(super) fn new(config: &resolved::Storage, space: Space) -> Self {
        let nodes_each = config.nodes_at_each_place();
        let places = config.replicas / nodes_each;
        let whole = u128::from(space.last()) + 1;
        let step = (whole / u128::from(places)) as u64;
        Self {
            space,
            places,
            nodes_each,
            step,
        }
    }

    /// How many places a key has.
    pub(super) fn places(&self) -> u8 {
        self.places
    }

    /// How many nodes keep a copy at each place.
    pub(super) fn nodes_each(&self) -> u8 {
        self.nodes_each
    }

    /// A place of a key, counted from 0: the key itself.
    pub(super) fn place(&self, key: RingId, number: u8) -> RingId {
        self.moved(key, self.step.wrapping_mul(u64::from(number)))
    }

    /// All places of a key.
    pub(super) fn places_of(&self, key: RingId) -> impl Iterator<Item = RingId> {
        let this = *self;
        (0..self.places).map(move |number| this.place(key, number))
    }

    /// The key that has a place of this number there.
    pub(super) fn key_with(&self, number: u8, place: RingId) -> RingId {
        let back = self.step.wrapping_mul(u64::from(number)).wrapping_neg();
        self.moved(place, back)
    }

    /// The keys whose place of this number lies on an arc.
    pub(super) fn keys_with(&self, number: u8, arc: Arc) -> Arc {
        Arc {
            after: self.key_with(number, arc.after),
            upto: self.key_with(number, arc.upto),
        }
    }

    /// The next position.
    pub(super) fn next_to(&self, at: RingId) -> RingId {
        self.moved(at, 1)
    }

    /// Whether a copy of a key belongs to the node that owns an arc, or to those behind it.
    pub(super) fn belongs(&self, key: RingId, own: Arc) -> bool {
        self.places_of(key)
            .any(|place| own.holds(self.space, place))
    }

    fn moved(&self, at: RingId, by: u64) -> RingId {
        RingId(at.0.wrapping_add(by) & self.space.last())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::resolved::{Quorums, Rounds, Scheme};

    fn placement(scheme: Scheme, replicas: u8, bits: u32) -> Placement {
        let config = resolved::Storage {
            scheme,
            replicas,
            value_bytes: 1,
            write_quorum: 1,
            read_quorum: 1,
            quorums: Quorums::First,
            repair_every: None,
            rounds: Rounds::Staggered,
            handover: true,
            preload: false,
            always: false,
        };
        Placement::new(&config, Space::new(bits))
    }

    fn places(placement: Placement, key: u64) -> Vec<u64> {
        let places = placement.places_of(RingId(key));
        places.map(|place| place.0).collect()
    }

    /// 128 positions and three copies: 128/3 is 42 and a bit.
    #[test]
    fn places_are_a_third_of_the_ring_apart() {
        let spread = placement(Scheme::Spread, 3, 7);
        assert_eq!(places(spread, 0), [0, 42, 84]);
        assert_eq!(places(spread, 120), [120, 34, 76]);
        assert_eq!((spread.places(), spread.nodes_each()), (3, 1));
        let successors = placement(Scheme::Successors, 3, 7);
        assert_eq!(places(successors, 120), [120]);
        assert_eq!((successors.places(), successors.nodes_each()), (1, 3));
    }

    #[test]
    fn one_copy_is_at_the_key_and_the_largest_ring_is_no_exception() {
        assert_eq!(places(placement(Scheme::Spread, 1, 64), 7), [7]);
        let quarter = 1 << 62;
        let four = placement(Scheme::Spread, 4, 64);
        assert_eq!(
            places(four, 1),
            [1, quarter + 1, 2 * quarter + 1, 3 * quarter + 1]
        );
        assert_eq!(
            places(four, u64::MAX),
            [u64::MAX, quarter - 1, 2 * quarter - 1, 3 * quarter - 1]
        );
    }

    /// Every key and arc of a small ring: what belongs is what lies on the arcs of keys.
    #[test]
    fn an_arc_keeps_the_keys_with_a_place_on_it() {
        for replicas in 1..=5 {
            let spread = placement(Scheme::Spread, replicas, 4);
            let space = Space::new(4);
            for (after, upto) in (0..16).flat_map(|after| (0..16).map(move |upto| (after, upto))) {
                let own = Arc {
                    after: RingId(after),
                    upto: RingId(upto),
                };
                for key in (0..16).map(RingId) {
                    let mut arcs = (0..replicas).map(|number| spread.keys_with(number, own));
                    let is_on_one = arcs.any(|arc| arc.holds(space, key));
                    assert_eq!(spread.belongs(key, own), is_on_one, "{key:?} {own:?}");
                }
            }
        }
    }
}
