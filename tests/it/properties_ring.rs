//! The arithmetic of the ring against brute force: a walk, position by position, where the ring is small
//! or the interval short, and the definition on identifiers where neither is.

use crate::common::cases::cases;
use chordsim::world::{RingId, Space};
use proptest::prelude::*;

/// How many positions a walk may take on a ring too large to go round.
const FAR: u64 = 200;

/// A ring that one walks on.
#[derive(Clone, Copy, Debug)]
struct Walk {
    bits: u32,
}

impl Walk {
    fn greatest(self) -> u64 {
        u64::MAX >> (64 - self.bits)
    }

    fn after(self, position: u64) -> u64 {
        if position == self.greatest() {
            0
        } else {
            position + 1
        }
    }

    /// How many steps it is from one position to another; `None` if it is too far to walk.
    fn steps(self, from: u64, to: u64) -> Option<u64> {
        let mut at = from;
        (0..=FAR).find(|_| {
            let there = at == to;
            at = self.after(at);
            there
        })
    }

    /// The positions met from just after `a` until just before `b`, or until `a` is met again.
    fn open_interval(self, a: u64, b: u64) -> Vec<u64> {
        let mut inside = Vec::new();
        let mut at = self.after(a);
        while at != b && at != a {
            inside.push(at);
            at = self.after(at);
        }
        inside
    }
}

/// Whether x lies in (a, b), [a, b) and (a, b], as the program says.
fn program(bits: u32, a: u64, x: u64, b: u64) -> [bool; 3] {
    let space = Space::new(bits);
    let [a, x, b] = [a, x, b].map(RingId);
    [
        space.between(a, x, b),
        space.between_left_closed(a, x, b),
        space.between_right_closed(a, x, b),
    ]
}

/// The same for an interval of which the inside is known.
fn walked(inside: &[u64], a: u64, x: u64, b: u64) -> [bool; 3] {
    let open = inside.contains(&x);
    [open, open || x == a, open || x == b]
}

#[test]
fn every_interval_of_small_rings() {
    for bits in 1..=5 {
        let ring = Walk { bits };
        for a in 0..=ring.greatest() {
            for b in 0..=ring.greatest() {
                let inside = ring.open_interval(a, b);
                for x in 0..=ring.greatest() {
                    let (told, expected) = (program(bits, a, x, b), walked(&inside, a, x, b));
                    assert_eq!(told, expected, "{bits} bits: {x} in ({a}, {b}), [), (]");
                }
            }
        }
    }
}

#[test]
fn every_distance_of_small_rings() {
    for bits in 1..=5 {
        let (ring, space) = (Walk { bits }, Space::new(bits));
        for a in 0..=ring.greatest() {
            for b in 0..=ring.greatest() {
                let distance = space.distance(RingId(a), RingId(b));
                assert_eq!(Some(distance), ring.steps(a, b), "{bits} bits: {a} to {b}");
            }
            for i in 0..bits {
                let start = (0..1_u64 << i).fold(a, |at, _| ring.after(at));
                let told = space.finger_start(RingId(a), i);
                assert_eq!(told, RingId(start), "{bits} bits: finger {i} of {a}");
            }
        }
    }
}

/// A ring of any size and three positions on it: anywhere, near zero on either side, or near one another,
/// so that equal ones and neighbours are common.
fn three_positions() -> impl Strategy<Value = (u32, [u64; 3])> {
    (1..=64_u32, any::<u64>()).prop_flat_map(|(bits, middle)| {
        let position = prop_oneof![
            any::<u64>(),
            0..4_u64,
            (0..4_u64).prop_map(|below| u64::MAX - below),
            (0..4_u64).prop_map(move |offset| middle.wrapping_add(offset)),
        ];
        let on_ring = position.prop_map(move |position| position & Walk { bits }.greatest());
        (Just(bits), prop::array::uniform3(on_ring))
    })
}

/// A ring of any size and three positions on it that one can walk between, often across zero.
fn three_near() -> impl Strategy<Value = (u32, [u64; 3])> {
    let first = prop_oneof![any::<u64>(), (0..FAR / 2).prop_map(u64::wrapping_neg)];
    let offsets = prop::array::uniform2(prop_oneof![0..3_u64, 0..FAR / 2]);
    (7..=64_u32, first, offsets).prop_map(|(bits, first, offsets)| {
        let greatest = Walk { bits }.greatest();
        let at = |offset: u64| first.wrapping_add(offset) & greatest;
        (bits, [at(0), at(offsets[0]), at(offsets[1])])
    })
}

proptest! {
    #![proptest_config(cases(512))]

    /// Zave 2017: between(a, x, b) is a < x < b if a < b, else x > a or x < b.
    #[test]
    fn intervals_are_as_defined((bits, [a, x, b]) in three_positions()) {
        let open = if a < b { a < x && x < b } else { x > a || x < b };
        let expected = [open, open || x == a, open || x == b];
        prop_assert_eq!(program(bits, a, x, b), expected);
    }

    #[test]
    fn short_intervals_agree_with_a_walk((bits, [a, x, b]) in three_near()) {
        let ring = Walk { bits };
        let (to_x, to_b) = (ring.steps(a, x), ring.steps(a, b));
        prop_assert!(to_x.is_some() && to_b.is_some());
        // Round the whole ring if b is a itself.
        let open = to_x > Some(0) && (to_x < to_b || to_b == Some(0));
        let expected = [open, open || x == a, open || x == b];
        prop_assert_eq!(program(bits, a, x, b), expected);
        prop_assert_eq!(Some(Space::new(bits).distance(RingId(a), RingId(x))), to_x);
    }

    /// Every position is on one of the two ways, from a to b and back; from a to itself is all the ring.
    #[test]
    fn two_half_open_intervals_make_the_ring((bits, [a, x, b]) in three_positions()) {
        let (there, back) = (program(bits, a, x, b), program(bits, b, x, a));
        for half_open in [1, 2] {
            prop_assert_eq!(there[half_open] && back[half_open], a == b);
            prop_assert!(there[half_open] || back[half_open]);
        }
    }

    /// Nothing depends on where zero is.
    #[test]
    fn turning_the_ring_changes_nothing((bits, [a, x, b]) in three_positions(), by in any::<u64>()) {
        let turn = |position: u64| position.wrapping_add(by) & Walk { bits }.greatest();
        prop_assert_eq!(program(bits, turn(a), turn(x), turn(b)), program(bits, a, x, b));
    }

    #[test]
    fn distances_add_up((bits, [a, x, b]) in three_positions()) {
        let space = Space::new(bits);
        let way = |from, to| u128::from(space.distance(RingId(from), RingId(to)));
        let size = 1_u128 << bits;
        prop_assert_eq!((u128::from(a) + way(a, b)) % size, u128::from(b));
        prop_assert_eq!(way(a, b) + way(b, a), if a == b { 0 } else { size });
        prop_assert_eq!((way(a, x) + way(x, b)) % size, way(a, b));
        let on_the_way = program(bits, a, x, b)[2] && a != b;
        prop_assert!(!on_the_way || way(a, x) + way(x, b) == way(a, b));
    }

    #[test]
    fn fingers_start_a_power_of_two_away((bits, [n, _, _]) in three_positions(), i in 0..64_u32) {
        let i = i % bits;
        let start = Space::new(bits).finger_start(RingId(n), i);
        let expected = (u128::from(n) + (1_u128 << i)) % (1_u128 << bits);
        prop_assert_eq!(u128::from(start.0), expected);
    }

    /// The leading bits of a number: whatever follows them does not matter, and nothing else does.
    #[test]
    fn identifiers_are_leading_bits(bits in 1..=64_u32, number in any::<u64>()) {
        let id = Space::new(bits).leading(number).0;
        let greatest = Walk { bits }.greatest();
        prop_assert!(id <= greatest);
        prop_assert_eq!(u128::from(id), u128::from(number) / (1_u128 << (64 - bits)));
    }
}
