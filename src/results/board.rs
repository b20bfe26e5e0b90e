//! What others may see of the runs of a plan while they go on, and their way to stop them all.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use crate::sim::Watch;

/// Where a run stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum RunState {
    /// Not begun, or stopped before its end.
    Waiting,
    /// Under way.
    Active,
    /// Finished now or in an earlier call.
    Done,
    /// Ended by an error.
    Failed,
    /// A search has not asked for it so far, and may never do.
    NotAsked,
}

/// The place of one run on the board.
#[derive(Default)]
pub struct Seat {
    /// How far it is.
    pub watch: Watch,
    state: AtomicU8,
}

impl Seat {
    /// Where the run stands.
    pub fn state(&self) -> RunState {
        let states = [
            RunState::Waiting,
            RunState::Active,
            RunState::Done,
            RunState::Failed,
            RunState::NotAsked,
        ];
        states[usize::from(self.state.load(Ordering::Relaxed))]
    }

    pub(crate) fn set(&self, state: RunState) {
        self.state.store(state as u8, Ordering::Relaxed);
    }
}

/// A seat for every run of a plan.
pub struct Board {
    seats: Vec<Seat>,
    cancelled: AtomicBool,
}

impl Board {
    /// A board for so many runs.
    #[must_use]
    pub fn new(runs: usize) -> Self {
        let seats = (0..runs).map(|_| Seat::default()).collect();
        Self {
            seats,
            cancelled: AtomicBool::new(false),
        }
    }

    /// The runs that are to be made, as far as that is known.
    pub fn asked(&self) -> impl Iterator<Item = &Seat> {
        let is_asked = |seat: &&Seat| seat.state() != RunState::NotAsked;
        self.seats.iter().filter(is_asked)
    }

    /// The runs in their order.
    pub fn seats(&self) -> &[Seat] {
        &self.seats
    }

    /// Asks all runs to stop; those that have not begun never will.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
        for seat in &self.seats {
            seat.watch.cancel.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the runs have been asked to stop.
    pub fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }
}
