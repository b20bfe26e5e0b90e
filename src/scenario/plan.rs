//! What a scenario asks for: its runs and what is written about them.

use serde::Serialize;

use super::expect::Expectation;
use super::resolved::{Output, Scenario};

/// Everything one scenario file asks for.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Plan {
    /// Names the folders of results and plots: letters, digits, `-`, `_` and `.` only.
    pub name: String,
    /// A heading for people; empty if the scenario has none.
    pub title: String,
    /// The seed from which every run's seed is derived.
    pub seed: u64,
    /// Repetitions of every combination of swept values; at least 1.
    pub repeat: u32,
    /// The swept keys in their order in the file.
    pub swept: Vec<SweptKey>,
    /// What is written.
    pub output: Output,
    /// Every run, in order: combinations vary the last swept key fastest, repetitions within each.
    pub runs: Vec<RunSpec>,
    /// What the measurements should come to, in the order of the file. Influences no run.
    pub expectations: Vec<Expectation>,
}

/// One key of `[sweep]`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SweptKey {
    /// In full, such as `chord.routing`.
    pub key: String,
    /// The name of its column: the last segment, or the full key where two would clash.
    pub column: String,
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
