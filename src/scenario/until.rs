//! How many repetitions are made where that follows from what they measure: `repeat = "until ±5 %"`, resolved. It
//! influences no run, only how many of them are made.

use serde::Serialize;

use super::width::Width;
use crate::catalogue::Metric;

/// When there are enough repetitions of a combination.
///
/// The runs of a plan with such a rule are those of as many repetitions as it allows; how many of each combination are
/// made is decided as they end.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Until {
    /// Whose interval it is about.
    pub metric: Metric,
    /// How wide that may be.
    pub within: Width,
    /// So many repetitions are made in any case.
    pub least: u32,
    /// No more than so many are.
    pub most: u32,
}

impl Until {
    /// What it is about, in a few words: `hops_mean to ±5 %`.
    #[must_use]
    pub fn told(&self) -> String {
        format!("{} to {}", self.metric, self.within)
    }

    /// Whether half the width of the interval around this mean is small enough.
    #[must_use]
    pub fn is_met(&self, mean: f64, half: f64) -> bool {
        self.within.at(mean).is_some_and(|allowed| half <= allowed)
    }
}
