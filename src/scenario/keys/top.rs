//! The keys above the first section, and `[sweep]`, which has none of its own.

use super::key::{DURATION, POSITIVE, Section, ValueKind, count};
use super::value::{FromValue, Value};
use crate::engine::SimDuration;
use crate::scenario::width::Width;

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
        /// Independent repetitions; their seeds are hashed from `seed`. `"until ±5 %"`: as many as it takes until the 95 %
        /// interval of `repeat_of` is within so much of its mean; `"until ±0.01"`: within so much of itself, in its own
        /// unit ([statistics.md](statistics.md)).
        repeat: Repeat = 1, ValueKind::CountOrUntil { most: u32::MAX as u64 }, limits("at most 100 000 runs in all"), fixed();
        /// The metric of [`summary.csv`](results.md#summarycsv) that `repeat = "until …"` is about.
        repeat_of: Option<String>, ValueKind::Text, absent("`hops_mean`"), fixed();
        /// With `repeat = "until …"` so many repetitions are made in any case. Fewer would make intervals of which nobody
        /// can be sure.
        repeat_min: Option<u32>, count(5, u32::MAX as u64), absent("5"), fixed();
        /// With `repeat = "until …"` there are no more than so many, whatever the interval is then.
        repeat_max: Option<u32>, count(5, u32::MAX as u64), absent("100"), limits("at least `repeat_min`"), fixed();
    }
}

/// `repeat`
#[derive(Clone, Copy, PartialEq, Debug, serde::Serialize)]
pub(crate) enum Repeat {
    /// So many times.
    Times(u32),
    /// Until an interval is no wider.
    Until(Width),
}

impl FromValue for Repeat {
    fn from_value(value: Value) -> Self {
        match value {
            Value::Until(width) => Self::Until(width),
            other => Self::Times(u32::from_value(other)),
        }
    }
}

section! {
    /// Every combination of the values listed is a run. A key is named in full and has a list of
    /// values.
    static SWEEP = Section::open("sweep").fixed(), without field {}
}
