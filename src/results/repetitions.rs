//! Repetitions until an interval is narrow enough: how many are made of each combination, and what that came to.
//!
//! An interval that is looked at after every repetition, and believed at the first moment at which it is narrow, is too
//! often narrow by chance. So there are few looks: the first when the least number is there, each other one where the
//! spread so far says that it will do, but not before a quarter more are there and not after twice as many. What is left of
//! the loss is measured in `the_interval_covers_nearly_as_often_as_it_says` and told in docs/statistics.md.

use std::collections::BTreeMap;

use super::chooser::{Chooser, Outcome};
use super::csv::{Estimate, estimate};
use super::measured::{MeasuredRun, MeasuredRuns};
use crate::catalogue::Metric;
use crate::scenario::{Plan, Until};

/// What chooses how many repetitions are made.
pub(super) struct Repeating<'a> {
    until: &'a Until,
    repeat: usize,
    /// Of each combination: what its repetitions came to.
    combinations: Vec<BTreeMap<usize, Outcome>>,
}

/// What comes next for a combination.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    /// So many repetitions are to be there.
    UpTo(usize),
    /// No more.
    Over,
}

impl<'a> Repeating<'a> {
    /// One that knows nothing yet; `None` if the number of repetitions is given.
    pub(super) fn of(plan: &'a Plan) -> Option<Self> {
        let until = plan.until.as_ref()?;
        let repeat = plan.repeat as usize;
        Some(Self {
            until,
            repeat,
            combinations: vec![BTreeMap::new(); plan.runs.len() / repeat],
        })
    }
}

impl Chooser for Repeating<'_> {
    fn metric(&self) -> Metric {
        self.until.metric
    }

    fn next(&self) -> Vec<usize> {
        let mut runs = Vec::new();
        for (at, known) in self.combinations.iter().enumerate() {
            if let Step::UpTo(count) = step(self.until, known) {
                let missing = (0..count).filter(|repetition| !known.contains_key(repetition));
                runs.extend(missing.map(|repetition| at * self.repeat + repetition));
            }
        }
        runs
    }

    fn learn(&mut self, run: usize, outcome: Outcome) {
        self.combinations[run / self.repeat].insert(run % self.repeat, outcome);
    }
}

fn step(until: &Until, known: &BTreeMap<usize, Outcome>) -> Step {
    let (made, least, most) = (known.len(), until.least as usize, until.most as usize);
    if made < least {
        return Step::UpTo(least);
    }
    // What fails once fails again: a hundred failures say no more than five.
    if known.values().any(|outcome| *outcome == Outcome::Failed) {
        return Step::Over;
    }
    let value = |outcome: &Outcome| match outcome {
        Outcome::Measured(value) => *value,
        Outcome::Failed => None,
    };
    let values: Vec<f64> = known.values().filter_map(value).collect();
    if made >= most || is_met(until, &values) {
        return Step::Over;
    }
    Step::UpTo(next_look(until, made, estimate(&values)).min(most))
}

/// Whether the interval of these values is narrow enough. One of fewer values than must be made is not believed.
fn is_met(until: &Until, values: &[f64]) -> bool {
    let Estimate { mean, ci95 } = estimate(values);
    let met = mean
        .zip(ci95)
        .is_some_and(|(mean, half)| until.is_met(mean, half));
    met && values.len() >= until.least as usize
}

/// After how many repetitions the interval is looked at again: it narrows with the root of their number.
fn next_look(until: &Until, made: usize, Estimate { mean, ci95 }: Estimate) -> usize {
    let (soonest, latest) = (made + made.div_ceil(4), 2 * made);
    let allowed = mean.and_then(|mean| until.within.at(mean));
    let Some((half, allowed)) = ci95.zip(allowed) else {
        return latest;
    };
    let times = half / allowed;
    let needed = libm::ceil(made as f64 * times * times);
    // What is too large for a whole number becomes the largest.
    (needed as usize).clamp(soonest, latest)
}

/// What repetitions until an interval is narrow enough came to.
#[derive(Clone, PartialEq, Debug)]
pub struct Repetitions<'a> {
    /// What was asked for.
    pub until: &'a Until,
    /// Of each combination of swept values that has finished runs, in their order.
    pub combinations: Vec<CombinedRepetitions<'a>>,
}

/// The repetitions of one combination.
#[derive(Clone, PartialEq, Debug)]
pub struct CombinedRepetitions<'a> {
    /// The swept values.
    pub swept: &'a [String],
    /// How many repetitions there are.
    pub runs: usize,
    /// How many of them have a value.
    pub values: usize,
    /// Mean and interval of these.
    pub estimate: Estimate,
    /// Why there are no more.
    pub ending: Ending,
}

/// Why no more repetitions were made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// The interval is narrow enough.
    Reached,
    /// There may be no more.
    Cap,
    /// One of them failed.
    Failed,
}

impl Ending {
    /// In one word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Cap => "cap",
            Self::Failed => "failed",
        }
    }
}

impl<'a> Repetitions<'a> {
    /// From what the runs of a plan measured; `None` if the number of repetitions was given.
    #[must_use]
    pub fn of(plan: &'a Plan, measured: &MeasuredRuns<'a>) -> Option<Self> {
        let until = plan.until.as_ref()?;
        let combination = |runs: &[MeasuredRun<'a>]| {
            let values = runs.iter().filter_map(|run| run.get(until.metric));
            let values: Vec<f64> = values.collect();
            let ending = match (is_met(until, &values), runs.len()) {
                (true, _) => Ending::Reached,
                (false, made) if made >= until.most as usize => Ending::Cap,
                (false, _) => Ending::Failed,
            };
            CombinedRepetitions {
                swept: &runs[0].spec.swept,
                runs: runs.len(),
                values: values.len(),
                estimate: estimate(&values),
                ending,
            }
        };
        Some(Self {
            until,
            combinations: measured.combinations().map(combination).collect(),
        })
    }
}

#[cfg(test)]
mod tests;
