//! `[[fault]]`: what strikes when.

use super::key::{DURATION, Key, POSITIVE, SHARE, Section, ValueKind, count};
use crate::engine::SimDuration;

/// What a fault may do, for messages.
pub(crate) const DEEDS: &str = "kill = <share of the live nodes>, leave = <share of the live nodes>, \
                                join = <number of new nodes>, partition = <share of the hosts> with for = <duration>, \
                                crash_well_known = true";

section! {
    /// Scheduled shocks, any number of them. Each has `at` and one of the others; those due at the same
    /// moment strike in the order of the file.
    pub(crate) struct FaultKeys, static FAULT = Section::list("fault"), {
        /// When, counted from the end of the warm-up.
        at: Option<SimDuration>, DURATION, absent(Key::REQUIRED), limits("less than `duration`");
        /// This share of the live peers crashes at once.
        kill: Option<f64>, SHARE;
        /// This share of the live peers says goodbye at once.
        leave: Option<f64>, SHARE;
        /// This many new peers join at once.
        join: Option<u32>, count(1, 100_000_000);
        /// This share of the hosts is cut off from the others: no message that is sent during the time of `for` passes from one
        /// side to the other; what is under way arrives. Each host is on the one side with this probability, by the seed
        /// alone, so that hosts of later peers have their side too. [partitions.md](partitions.md) tells what becomes of
        /// the ring.
        partition: Option<f64>, SHARE;
        /// How long a partition lasts. It must be given with `partition`, and with nothing else.
        length ["for"]: Option<SimDuration>, POSITIVE;
        /// `true`: the well-known node crashes; of several (`overlay.bootstrap`) the first that is up.
        crash_well_known: Option<bool>, ValueKind::Truth;
    }
}
