//! How other threads watch a run and stop it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::engine::SimTime;

/// What other threads may see of a run under way, and how they stop it. They may read and write it
/// at any time; nothing in it influences the result of a run that is not stopped.
#[derive(Default)]
pub struct Watch {
    /// Simulated nanoseconds so far.
    pub now: AtomicU64,
    /// Simulated nanoseconds at which the measurement ends (known once the run has begun).
    pub end: AtomicU64,
    /// Whether the run is set up: the first event is next.
    pub set_up: AtomicBool,
    /// Events handled so far.
    pub events: AtomicU64,
    /// Set to make the run stop at the next opportunity.
    pub cancel: AtomicBool,
}

impl Watch {
    /// Whether the run has been asked to stop.
    #[must_use]
    pub fn cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    pub(super) fn set_end(&self, end: SimTime) {
        self.end.store(end.0, Ordering::Relaxed);
    }

    pub(super) fn report_set_up(&self) {
        self.set_up.store(true, Ordering::Relaxed);
    }

    pub(super) fn report(&self, now: SimTime, events: u64) {
        self.now.store(now.0, Ordering::Relaxed);
        self.events.store(events, Ordering::Relaxed);
    }
}
