//! `[threshold]`: where a metric falls under a level.

use super::key::{Key, Section, ValueKind, number};

/// Larger numbers are a slip.
const MOST: f64 = 1e15;

section! {
    /// The value of a key at which a metric falls under a level, found by [bisection](threshold.md) for each combination of
    /// `[sweep]` and each repetition.
    pub(crate) struct ThresholdKeys, static THRESHOLD = Section::table("threshold").fixed(), {
        /// A metric of [`summary.csv`](results.md#summarycsv). Where a run has no value of it, it counts as past the level.
        metric: Option<String>, ValueKind::Text, absent(Key::REQUIRED);
        /// The level.
        level: Option<f64>, number(-MOST, MOST), absent(Key::REQUIRED);
        /// On which side of the level a run is past it.
        side: Side = "below", ValueKind::Word(Side::WORDS);
        /// The key along which the threshold is looked for, in full: one that may be swept, is a number, and does not
        /// stand under `[sweep]`.
        along: String = "selfish.fraction", ValueKind::Text;
        /// The least value of that key.
        from: Option<f64>, number(-MOST, MOST), absent("0 of a share; of other keys it must be given");
        /// The greatest.
        to: Option<f64>, number(-MOST, MOST), absent("1 of a share; of other keys it must be given");
        /// The search ends when it knows the threshold to within so much: it tries `from`, `from` + `within` and so on up
        /// to `to`.
        within: Option<f64>, number(0.0, MOST), absent("0.01; 1 of a whole number"),
            limits("more than 0; at most 1000 steps from `from` to `to`");
    }
}

words! {
    /// `threshold.side`
    pub enum Side {
        /// Less than the level, as a success rate that falls.
        Below = "below",
        /// More than the level, as a latency that rises.
        Above = "above",
    }
}

impl Side {
    /// What scenarios call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::WORDS[self as usize].name
    }
}
