//! What Chord nodes wait for.

use crate::overlay::{Carries, storage};
use crate::world::{OpIdx, Payload};

/// A timer of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// The next round of stabilisation.
    Stabilize,
    /// The next finger to repair.
    FixFingers,
    /// The next look at the predecessor.
    CheckPredecessor,
    /// One round of stabilisation beside the periodic ones.
    StabilizeOnce,
    /// The time for a join is over: start it again.
    Join(OpIdx),
    /// The next look for another ring.
    Probe,
    /// What storage waits for.
    Storage(storage::Timer),
}

impl From<storage::Timer> for Timer {
    fn from(timer: storage::Timer) -> Self {
        Self::Storage(timer)
    }
}

impl Carries<storage::Timer> for Timer {
    fn carried(&self) -> Option<storage::Timer> {
        match *self {
            Self::Storage(timer) => Some(timer),
            _ => None,
        }
    }
}

impl Payload for Timer {
    // The numbers of the kinds are part of every fingerprint: never change one. No overlay may use 4 and 5.
    #[inline]
    fn words(&self) -> [u64; 2] {
        match *self {
            Self::Stabilize => [1, 0],
            Self::FixFingers => [2, 0],
            Self::CheckPredecessor => [3, 0],
            Self::Join(op) => [6, u64::from(op.0)],
            Self::StabilizeOnce => [7, 0],
            Self::Probe => [16, 0],
            Self::Storage(storage::Timer::Repair) => [8, 0],
            Self::Storage(storage::Timer::Offer) => [9, 0],
        }
    }

    #[inline]
    fn from_words([kind, name]: [u64; 2]) -> Self {
        match kind {
            1 => Self::Stabilize,
            2 => Self::FixFingers,
            3 => Self::CheckPredecessor,
            6 => Self::Join(OpIdx(name as u32)),
            7 => Self::StabilizeOnce,
            8 => Self::Storage(storage::Timer::Repair),
            9 => Self::Storage(storage::Timer::Offer),
            16 => Self::Probe,
            kind => unreachable!("no kind of timer is called {kind}"),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Stabilize => "Stabilize",
            Self::FixFingers => "FixFingers",
            Self::CheckPredecessor => "CheckPredecessor",
            Self::StabilizeOnce => "StabilizeOnce",
            Self::Join(_) => "Join",
            Self::Probe => "Probe",
            Self::Storage(storage::Timer::Repair) => "Repair",
            Self::Storage(storage::Timer::Offer) => "Offer",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_is_unpacked_as_it_was_packed() {
        let timers = [
            (1, Timer::Stabilize),
            (2, Timer::FixFingers),
            (3, Timer::CheckPredecessor),
            (6, Timer::Join(OpIdx(0xfedc_ba98))),
            (7, Timer::StabilizeOnce),
            (8, Timer::Storage(storage::Timer::Repair)),
            (9, Timer::Storage(storage::Timer::Offer)),
            (16, Timer::Probe),
        ];
        for (kind, timer) in timers {
            assert_eq!(timer.words()[0], kind);
            assert_eq!(Timer::from_words(timer.words()), timer);
        }
    }
}
