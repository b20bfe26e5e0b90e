//! The keys above the first section, and `[sweep]`, which has none of its own.

use super::key::{DURATION, POSITIVE, Section, ValueKind, count};
use crate::engine::SimDuration;

section! {
    /// What a scenario is called, how long it is simulated and how often.
    pub(crate) struct TopKeys, static TOP = Section::table(""), {
        /// Names the folders of results and plots.
        name: Option<String>, ValueKind::Text, absent("the file's stem"),
            limits("ASCII letters, digits, `-`, `_`, `.`; first a letter or digit"), fixed();
        /// A heading for people.
        title: String = "", ValueKind::Text, fixed();
        /// Every random choice derives from it.
        seed: u64 = 1, count(0, u64::MAX), fixed();
        /// Simulated first, counted in no metric.
        warmup: SimDuration = "10m", DURATION;
        /// Simulated and measured after the warm-up.
        duration: SimDuration = "1h", POSITIVE;
        /// Width of one row of `timeline.csv`.
        sample: SimDuration = "1m", POSITIVE, limits("at most a million rows in `duration`");
        /// Independent repetitions; their seeds are hashed from `seed`.
        repeat: u32 = 1, count(1, u32::MAX as u64), limits("at most 100 000 runs in all"), fixed();
    }
}

section! {
    /// Every combination of the values listed is a run. A key is named in full and has a list of
    /// values.
    static SWEEP = Section::open("sweep").fixed(), without field {}
}
