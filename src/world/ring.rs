//! The arithmetic of the identifier ring.
//!
//! All of it is done on clockwise distances from a fixed point. Interval tests on identifiers
//! themselves are where Chord implementations go wrong: the interval (a, a) is either empty or the
//! whole ring without a, depending on what is meant. Each helper here says which it is.

use super::index::RingId;

/// A ring of 2^bits positions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Space {
    bits: u32,
    mask: u64,
}

impl Space {
    /// The ring with 2^`bits` positions.
    ///
    /// # Panics
    /// If `bits` is not within 1 to 64.
    #[must_use]
    pub fn new(bits: u32) -> Self {
        assert!(
            (1..=64).contains(&bits),
            "a ring has 1 to 64 bits, not {bits}"
        );
        Self {
            bits,
            mask: u64::MAX >> (64 - bits),
        }
    }

    /// Number of bits of an identifier.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.bits
    }

    /// The greatest identifier, which is also the greatest distance.
    #[must_use]
    pub fn last(self) -> u64 {
        self.mask
    }

    /// The identifier made of the leading bits of a 64-bit number.
    #[must_use]
    pub fn leading(self, number: u64) -> RingId {
        RingId(number >> (64 - self.bits))
    }

    /// The clockwise distance from `from` to `to`: 0 if they are the same.
    #[must_use]
    pub fn distance(self, from: RingId, to: RingId) -> u64 {
        to.0.wrapping_sub(from.0) & self.mask
    }

    /// The start of finger `i` (from 0) of node `n`: n + 2^i.
    #[must_use]
    pub fn finger_start(self, n: RingId, i: u32) -> RingId {
        RingId(n.0.wrapping_add(1 << i) & self.mask)
    }

    /// Whether x lies in (a, b): going clockwise from a, x is met before b. (a, a) is the whole
    /// ring without a, as in the papers, where a node that is its own successor holds everything.
    #[must_use]
    pub fn between(self, a: RingId, x: RingId, b: RingId) -> bool {
        let (to_x, to_b) = (self.distance(a, x), self.distance(a, b));
        to_x != 0 && (to_x < to_b || to_b == 0)
    }

    /// Whether x lies in (a, b]. (a, a] is the whole ring.
    #[must_use]
    pub fn between_right_closed(self, a: RingId, x: RingId, b: RingId) -> bool {
        x == b || self.between(a, x, b)
    }

    /// Whether x lies in [a, b). [a, a) is the whole ring.
    #[must_use]
    pub fn between_left_closed(self, a: RingId, x: RingId, b: RingId) -> bool {
        x == a || self.between(a, x, b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Walks the ring step by step from just after a up to (not including) b.
    fn open_interval(size: u64, a: u64, b: u64) -> Vec<u64> {
        let mut inside = Vec::new();
        let mut x = (a + 1) % size;
        while x != b {
            if x == a {
                break;
            }
            inside.push(x);
            x = (x + 1) % size;
        }
        inside
    }

    #[test]
    fn intervals_agree_with_a_walk_round_the_ring() {
        for bits in [3, 4] {
            let (space, size) = (Space::new(bits), 1_u64 << bits);
            for a in 0..size {
                for b in 0..size {
                    let open = open_interval(size, a, b);
                    for x in 0..size {
                        let (ra, rx, rb) = (RingId(a), RingId(x), RingId(b));
                        let inside = open.contains(&x);
                        assert_eq!(space.between(ra, rx, rb), inside, "{x} in ({a}, {b})");
                        let right = inside || x == b;
                        assert_eq!(space.between_right_closed(ra, rx, rb), right, "({a}, {b}]");
                        let left = inside || x == a;
                        assert_eq!(space.between_left_closed(ra, rx, rb), left, "[{a}, {b})");
                    }
                }
            }
        }
    }

    #[test]
    fn an_interval_from_a_node_to_itself_is_the_whole_ring_but_for_that_node() {
        let space = Space::new(4);
        let a = RingId(5);
        assert!(!space.between(a, a, a));
        assert!(space.between(a, RingId(4), a));
        assert!(space.between_right_closed(a, a, a));
    }

    #[test]
    fn the_starts_of_the_lecture_s_node_14() {
        let space = Space::new(7);
        let starts: Vec<_> = (0..7)
            .map(|i| space.finger_start(RingId(14), i).0)
            .collect();
        assert_eq!(starts, [15, 16, 18, 22, 30, 46, 78]);
    }

    #[test]
    fn the_widest_ring_wraps() {
        let space = Space::new(64);
        assert_eq!(space.distance(RingId(u64::MAX), RingId(1)), 2);
        assert_eq!(
            space.finger_start(RingId(u64::MAX), 63),
            RingId((1 << 63) - 1)
        );
        assert_eq!(space.leading(u64::MAX), RingId(u64::MAX));
    }
}
