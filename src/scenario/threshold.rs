//! Where a metric falls under a level: `[threshold]`, resolved. It influences no run, only which of them are made.

use serde::Serialize;

pub use super::keys::threshold::Side;
use crate::catalogue::Metric;

/// What is looked for, and among which values.
///
/// The runs of a plan with a threshold are those of a sweep over all values that the search may try, the swept key of
/// the search last; which of them are made is decided step by step.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Threshold {
    /// What is measured.
    pub metric: Metric,
    /// The level.
    pub level: f64,
    /// On which side of the level a system is no longer viable.
    pub side: Side,
    /// The key along which the threshold is looked for, as it is named in the scenario: the last of the swept keys.
    pub along: String,
    /// The least value of it.
    pub from: f64,
    /// The greatest.
    pub to: f64,
    /// From one value that may be tried to the next.
    pub within: f64,
    /// All values that may be tried, ascending; at least two.
    #[serde(skip)]
    pub values: Vec<f64>,
}

impl Threshold {
    /// Whether a run that measured this is beyond the threshold. What does not exist is: a mean over the answered
    /// requests where none were answered.
    #[must_use]
    pub fn is_past(&self, measured: Option<f64>) -> bool {
        measured.is_none_or(|value| match self.side {
            Side::Below => value < self.level,
            Side::Above => value > self.level,
        })
    }

    /// From the first value that may be tried to the last there are so many steps.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.values.len() - 1
    }

    /// The values that are tried in any case, by their places: both ends, and the quarters between them. So there is
    /// a curve to show where no threshold is, and a curve that turns is seen.
    #[must_use]
    pub fn always_tried(&self) -> Vec<usize> {
        always_tried(self.steps())
    }

    /// How many values are tried at most for each seed of each combination.
    #[must_use]
    pub fn tried_at_most(&self) -> usize {
        let always = self.always_tried();
        let widest = always.windows(2).map(|ends| ends[1] - ends[0]).max();
        // Each run halves what is left; one that rounds to more leaves the larger part.
        always.len() + widest.unwrap_or(1).next_power_of_two().ilog2() as usize
    }

    /// What it is about, in a few words: `get_success_rate falls under 0.9 along selfish.fraction`.
    #[must_use]
    pub fn told(&self) -> String {
        let Self {
            metric,
            level,
            along,
            ..
        } = self;
        let passes = self.side.passes();
        format!("{metric} {passes} {level} along {along}")
    }
}

impl Side {
    /// What a metric does that passes a level to this side.
    #[must_use]
    pub fn passes(self) -> &'static str {
        match self {
            Self::Below => "falls under",
            Self::Above => "rises over",
        }
    }

    /// Where a metric is that has passed a level to this side.
    #[must_use]
    pub fn is(self) -> &'static str {
        match self {
            Self::Below => "under",
            Self::Above => "over",
        }
    }
}

/// Both ends of so many steps, and the quarters between them.
pub(crate) fn always_tried(steps: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..=4).map(|quarter| steps * quarter / 4).collect();
    places.dedup();
    places
}
