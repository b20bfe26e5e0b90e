//! What a scenario asks for: its runs and what is written about them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::chosen_plot::ChosenPlot;
use super::expect::Expectation;
use super::resolved::{Behaviour, ChurnModel, Output, Scenario};
use super::threshold::Threshold;
use super::until::Until;

/// Everything one scenario file asks for.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Plan {
    /// Names the folders of results and plots: letters, digits, `-`, `_` and `.` only.
    pub name: String,
    /// A heading for people; empty if the scenario has none.
    pub title: String,
    /// The seed from which every run's seed is derived.
    pub seed: u64,
    /// Repetitions of every combination of swept values; at least 1. With `until` no more than so many.
    pub repeat: u32,
    /// When there are enough repetitions, if that follows from what they measure.
    pub until: Option<Until>,
    /// The swept keys in their order in the file.
    pub swept: Vec<SweptKey>,
    /// What is written.
    pub output: Output,
    /// Every run, in order: combinations vary the last swept key fastest, repetitions within each. With a threshold or
    /// `until` these are the runs that may be made, and some of them are.
    pub runs: Vec<RunSpec>,
    /// What is looked for, if anything: the last swept key is then the one along which it is.
    pub threshold: Option<Threshold>,
    /// What the measurements should come to, in the order of the file. Influences no run.
    pub expectations: Vec<Expectation>,
    /// Pictures beyond those that are drawn anyway, in the order of the file. Influences no run.
    pub plots: Vec<ChosenPlot>,
}

impl Plan {
    /// The swept keys that make no difference: with either of their values, and all others the same, the very same is
    /// simulated.
    pub fn idle_keys(&self) -> impl Iterator<Item = &SweptKey> {
        let columns = 0..self.swept.len();
        let idle = columns.filter(|&column| self.is_idle(column));
        idle.map(|column| &self.swept[column])
    }

    /// Whether which of the runs are made follows from what those before measured.
    #[must_use]
    pub fn chooses_runs(&self) -> bool {
        self.threshold.is_some() || self.until.is_some()
    }

    /// How many runs are made: all of them, or at most so many where they are chosen.
    #[must_use]
    pub fn runs_at_most(&self) -> usize {
        let Some(threshold) = &self.threshold else {
            return self.runs.len();
        };
        self.runs.len() / threshold.values.len() * threshold.tried_at_most()
    }

    /// Whether anything is stored in any of the runs.
    #[must_use]
    pub fn stores(&self) -> bool {
        self.runs.iter().any(|run| run.scenario.storage.is_some())
    }

    /// Whether the nodes of any of the runs have coordinates.
    #[must_use]
    pub fn has_coordinates(&self) -> bool {
        self.runs
            .iter()
            .any(|run| run.scenario.chord.has_coordinates())
    }

    /// Whether peers remember who served them in any of the runs.
    #[must_use]
    pub fn has_reputation(&self) -> bool {
        let remembers = |run: &RunSpec| run.scenario.selfish.defence.reputation.is_some();
        self.runs.iter().any(remembers)
    }

    /// Whether selfish peers come back as others in any of the runs.
    #[must_use]
    pub fn has_whitewash(&self) -> bool {
        let washes = |run: &RunSpec| run.scenario.selfish.does(Behaviour::Whitewash);
        self.runs.iter().any(washes)
    }

    /// Whether any of the runs plays a trace.
    #[must_use]
    pub fn has_trace(&self) -> bool {
        let is_played = |run: &RunSpec| matches!(run.scenario.churn.model, ChurnModel::Trace(_));
        self.runs.iter().any(is_played)
    }

    /// Whether honest and selfish peers are measured apart in any of the runs.
    #[must_use]
    pub fn measures_selfish(&self) -> bool {
        self.runs.iter().any(|run| run.scenario.selfish.measured)
    }

    /// Whether in any of the runs peers that play fair may decline to keep or give out a value.
    #[must_use]
    pub fn fair_peers_decline(&self) -> bool {
        let decline = |run: &RunSpec| run.scenario.selfish.fair_peers_decline();
        self.runs.iter().any(decline)
    }

    /// Writes no rows of puts and gets if none are made.
    pub fn forget_operations(&mut self) {
        if !self.stores() {
            self.output.operations = 0.0;
        }
    }

    /// Whether anything happens by script in any of the runs.
    #[must_use]
    pub fn has_script(&self) -> bool {
        self.runs.iter().any(|run| !run.scenario.events.is_empty())
    }

    /// The first run of every combination of swept values.
    pub fn combinations(&self) -> impl Iterator<Item = &RunSpec> {
        self.runs.iter().filter(|run| run.repetition == 0)
    }

    /// The same of so many at most, evenly spaced.
    pub fn some_combinations(&self, most: usize) -> impl Iterator<Item = &RunSpec> {
        let step = self.combinations().count().div_ceil(most).max(1);
        self.combinations().step_by(step)
    }

    /// The first run of a combination of swept values.
    pub(crate) fn first_of(&self, combination: u32) -> Option<&RunSpec> {
        let before = |run: &RunSpec| run.combination < combination;
        let first = self.runs.get(self.runs.partition_point(before));
        first.filter(|run| run.combination == combination)
    }

    fn is_idle(&self, column: usize) -> bool {
        let mut first: BTreeMap<Vec<&str>, &RunSpec> = BTreeMap::new();
        let mut compared = false;
        for run in self.combinations() {
            let mut others: Vec<&str> = run.swept.iter().map(String::as_str).collect();
            others.remove(column);
            let known = *first.entry(others).or_insert(run);
            if !known.scenario.is_simulated_like(&run.scenario) {
                return false;
            }
            compared |= known.run != run.run;
        }
        compared
    }
}

/// One key of `[sweep]`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SweptKey {
    /// In full, such as `chord.routing`.
    pub key: String,
    /// The name of its column: the last segment, or the full key where two would clash.
    pub column: String,
    /// The numbers inside, if its values are tables.
    pub parts: Vec<SweptPart>,
}

/// A number inside the tables that a key is swept over, such as `churn.poisson.joins_per_s`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SweptPart {
    /// In full.
    pub key: String,
    /// The name of its column: the last segment, or [`Self::full_column`] where two would clash; of a duration with
    /// `_s` behind it, for it is in seconds.
    pub column: String,
    /// The full key; of a duration with `_s` behind it.
    pub full_column: String,
    /// For each value of the swept key, as it is written in CSV: the number. Empty if there is none.
    pub cells: BTreeMap<String, String>,
}

impl SweptPart {
    /// The number that belongs to a value of the swept key.
    pub fn cell(&self, swept: &str) -> &str {
        self.cells.get(swept).map_or("", String::as_str)
    }

    /// The name of its column in a file in which these other names are taken.
    pub fn column_in(&self, taken: &[&str]) -> &str {
        if taken.contains(&self.column.as_str()) {
            &self.full_column
        } else {
            &self.column
        }
    }
}

impl SweptKey {
    /// The name of its column in a file that has `fixed` columns of its own: the full key where
    /// the short name would stand there twice.
    pub fn column_in(&self, fixed: &[&str]) -> &str {
        if fixed.contains(&self.column.as_str()) {
            &self.key
        } else {
            &self.column
        }
    }
}

/// One run of a plan.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RunSpec {
    /// Its place in the plan, from 0.
    pub run: u32,
    /// The swept values as they are written in CSV, one for each swept key.
    pub swept: Vec<String>,
    /// Which combination of swept values, from 0.
    pub combination: u32,
    /// Which repetition, from 0.
    pub repetition: u32,
    /// The seed of this run; the same for all combinations of one repetition.
    pub seed: u64,
    /// What is simulated.
    pub scenario: Scenario,
}
