//! The shape of the ring that the first live successors make.
//!
//! Every member points to one other. Following the pointers from anywhere one comes to a cycle; there
//! should be one of them, and it should go round once. Nearly all pointers name the next member on the
//! ring. Between those that do not, the way is clear, so it is enough to look at these few: each jumps
//! to the next of them at or after the node it points to.

use std::collections::BTreeMap;

use crate::world::RingId;
use crate::world::Space;

/// What is wrong with the ring.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Shape {
    /// How many cycles there are.
    pub rings: usize,
    /// Whether every cycle goes round once.
    pub ordered: bool,
    /// Whether every member's way ends in the one cycle.
    pub connected: bool,
}

impl Shape {
    /// One ring, in order, with all members on it or led to it.
    pub(super) const SOUND: Self = Self {
        rings: 1,
        ordered: true,
        connected: true,
    };

    /// The shape, given every member whose pointer does not name the next member on the ring: to whom
    /// it points, or to nobody.
    pub(super) fn of(space: Space, astray: &BTreeMap<RingId, Option<RingId>>) -> Self {
        if astray.is_empty() {
            return Self::SOUND;
        }
        let walk = Walk::new(space, astray);
        let cycles = walk.cycles();
        Self {
            rings: cycles.len(),
            ordered: cycles.iter().all(|length| *length == walk.turn()),
            connected: cycles.len() == 1 && astray.values().all(Option::is_some),
        }
    }
}

/// The pointers that go astray, in the order of the ring: whom each leads to and how far it is.
struct Walk {
    space: Space,
    next: Vec<Option<(usize, u128)>>,
}

impl Walk {
    fn new(space: Space, astray: &BTreeMap<RingId, Option<RingId>>) -> Self {
        let ids: Vec<RingId> = astray.keys().copied().collect();
        let lead = |(id, target): (&RingId, &Option<RingId>)| {
            let target = (*target)?;
            let to = ids.partition_point(|id| *id < target) % ids.len();
            let jump = distance(space, *id, target);
            Some((to, jump + u128::from(space.distance(target, ids[to]))))
        };
        let next = astray.iter().map(lead).collect();
        Self { space, next }
    }

    fn turn(&self) -> u128 {
        1 << self.space.bits()
    }

    /// The length of every cycle, in positions.
    fn cycles(&self) -> Vec<u128> {
        let mut seen_from = vec![usize::MAX; self.next.len()];
        let mut cycles = Vec::new();
        for start in 0..self.next.len() {
            let mut at = start;
            while seen_from[at] == usize::MAX {
                seen_from[at] = start;
                let Some((to, _)) = self.next[at] else { break };
                at = to;
            }
            if seen_from[at] == start && self.next[at].is_some() {
                cycles.extend(self.length_of_cycle(at));
            }
        }
        cycles
    }

    /// The length of the cycle through a place; `None` if its way leads back to somewhere else.
    fn length_of_cycle(&self, place: usize) -> Option<u128> {
        let (mut at, mut length) = (place, 0);
        for _ in 0..self.next.len() {
            let (to, far) = self.next[at]?;
            length += far;
            at = to;
            if at == place {
                return Some(length);
            }
        }
        None
    }
}

/// A pointer to oneself goes all the way round.
fn distance(space: Space, from: RingId, to: RingId) -> u128 {
    match space.distance(from, to) {
        0 => 1 << space.bits(),
        distance => distance.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(astray: &[(u64, Option<u64>)]) -> Shape {
        let astray = astray
            .iter()
            .map(|(id, target)| (RingId(*id), target.map(RingId)))
            .collect();
        Shape::of(Space::new(7), &astray)
    }

    #[test]
    fn a_newcomer_that_nobody_knows_hangs_on_the_ring() {
        assert_eq!(shape(&[]), Shape::SOUND);
        // 10 points past 20 to 30: 20 is an appendage.
        assert_eq!(shape(&[(10, Some(30))]), Shape::SOUND);
    }

    #[test]
    fn two_rings_are_counted() {
        // Members 10, 20, 30, 40: 10 -> 30 -> 10 and 20 -> 40 -> 20.
        let astray = [
            (10, Some(30)),
            (20, Some(40)),
            (30, Some(10)),
            (40, Some(20)),
        ];
        let two = Shape {
            rings: 2,
            ordered: true,
            connected: false,
        };
        assert_eq!(shape(&astray), two);
    }

    #[test]
    fn a_ring_that_goes_round_twice_is_not_ordered() {
        // 10 -> 30 -> 20 -> 40 -> 10.
        let astray = [
            (10, Some(30)),
            (20, Some(40)),
            (30, Some(20)),
            (40, Some(10)),
        ];
        let loopy = Shape {
            ordered: false,
            ..Shape::SOUND
        };
        assert_eq!(shape(&astray), loopy);
    }

    #[test]
    fn a_way_that_ends_nowhere_is_not_connected() {
        let broken = shape(&[(10, Some(30)), (40, None)]);
        assert_eq!((broken.rings, broken.connected), (0, false));
    }
}
