//! How far the tables are from the truth.

use super::Chord;
use super::converge::Textbook;
use crate::engine::{NodeIdx, RingId};
use crate::overlay::{Health, Oracle};

/// Fingers are compared for every member up to this many, and for an evenly spread sample of at
/// least half as many on larger rings.
const FINGER_SAMPLE: usize = 1 << 16;

#[derive(Default)]
struct FingerCount {
    entries: u64,
    dead: u64,
    wrong: u64,
}

impl Chord {
    pub(super) fn measure_health(&self, oracle: &Oracle) -> Health {
        let members: Vec<_> = oracle.iter().collect();
        let (mut unsound, mut wrong, mut dead) = (0_u64, 0_u64, 0_u64);
        for (rank, (_, node)) in members.iter().enumerate() {
            // Alone on the ring a node is its own successor, which an empty list stands for.
            let next = members[(rank + 1) % members.len()].1;
            let list = self.successors.of(*node);
            let first = list.first().copied().unwrap_or(*node);
            let first_live = list.iter().copied().find(|entry| oracle.is_member(*entry));
            wrong += u64::from(first != next);
            dead += u64::from(!oracle.is_member(first));
            unsound += u64::from(first_live.unwrap_or(*node) != next);
        }
        let share = |part: u64| part as f64 / members.len().max(1) as f64;
        let fingers = self
            .uses_fingers()
            .then(|| self.count_fingers(oracle, &members));
        let of_fingers = |count: fn(&FingerCount) -> u64| {
            fingers
                .as_ref()
                .map(|all| count(all) as f64 / all.entries.max(1) as f64)
        };
        Health {
            ring_ok: unsound == 0,
            wrong_successors: share(wrong),
            dead_successors: share(dead),
            dead_fingers: of_fingers(|count| count.dead),
            wrong_fingers: of_fingers(|count| count.wrong),
        }
    }

    fn count_fingers(&self, oracle: &Oracle, members: &[(RingId, NodeIdx)]) -> FingerCount {
        let mut count = FingerCount::default();
        if members.len() < 2 {
            return count;
        }
        let mut textbook = Textbook::new(self.space, members);
        for rank in (0..members.len()).step_by(members.len().div_ceil(FINGER_SAMPLE)) {
            let expected = textbook.entries(rank);
            let mut i = 0;
            for (finger, length) in self.fingers.run_lengths(members[rank].1) {
                let run = &expected[i..i + length as usize];
                let wrong = run.iter().filter(|right| **right != finger).count();
                count.wrong += wrong as u64;
                count.dead += u64::from(length) * u64::from(!oracle.is_member(finger));
                i += length as usize;
            }
            count.entries += u64::from(self.space.bits());
        }
        count
    }
}
