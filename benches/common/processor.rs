//! Processor time of a thread, which does not count while others have the processor.

#![allow(
    clippy::disallowed_types,
    reason = "a bench measures time, and none of it reaches a result"
)]

use std::path::PathBuf;
use std::time::Instant;

/// A clock that runs while its thread does; on systems other than Linux one that always runs.
pub(crate) struct ThreadClock {
    file: PathBuf,
    begin: Instant,
}

impl ThreadClock {
    /// The clock of the thread that asks for it; others may read it.
    pub(crate) fn of_this_thread() -> Self {
        let thread = std::fs::read_link("/proc/thread-self").unwrap_or_default();
        Self {
            file: PathBuf::from("/proc").join(thread).join("schedstat"),
            begin: Instant::now(),
        }
    }

    /// Seconds since some moment. May be late by a tick of the system, some milliseconds.
    pub(crate) fn seconds(&self) -> f64 {
        let text = std::fs::read_to_string(&self.file).ok();
        let first = text.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
        first.map_or_else(|| self.begin.elapsed().as_secs_f64(), |ns| ns / 1e9)
    }
}
