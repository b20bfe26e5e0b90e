//! `[[fault]]`: what strikes when.

use super::key::{DURATION, Key, SHARE, Section, count};
use crate::engine::SimDuration;

/// What a fault may do, for messages.
pub(crate) const DEEDS: &str = "kill = <share of the live nodes>, join = <number of new nodes>";

section! {
    /// Scheduled shocks, any number of them. Each has `at` and one of the others; those due at the same
    /// moment strike in the order of the file.
    pub(crate) struct FaultKeys, static FAULT = Section::list("fault"), {
        /// When, counted from the end of the warm-up.
        at: Option<SimDuration>, DURATION, absent(Key::REQUIRED), limits("less than `duration`");
        /// This share of the live peers crashes at once.
        kill: Option<f64>, SHARE;
        /// This many new peers join at once.
        join: Option<u32>, count(1, 100_000_000);
    }
}
