//! The only place that reads a clock. What it says goes into the manifest and onto the terminal,
//! never into a result.
#![allow(
    clippy::disallowed_types,
    reason = "how long a run took, and when, is what the manifest and the progress display tell"
)]

use std::time::{Instant, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};

/// Measures wall-clock time from its start.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since it was started.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

/// The time of day, such as `2026-03-01T12:00:00Z`.
pub(super) fn utc_now() -> String {
    utc(SystemTime::now())
}

/// A moment in this form, such as when a file was changed.
pub(super) fn utc(moment: SystemTime) -> String {
    DateTime::<Utc>::from(moment).to_rfc3339_opts(SecondsFormat::Secs, true)
}
