//! Scenario files: what may stand in one, what it means, and which runs it asks for.
//!
//! The only place that knows TOML. It parses (`schema`), then resolves (`resolved`): later stages
//! see only values that are complete and checked.

pub mod resolved;

use serde::Serialize;

use self::resolved::{Output, Scenario};

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
}

/// One key of `[sweep]`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SweptKey {
    /// In full, such as `chord.routing`.
    pub key: String,
    /// The name of its column: the last segment, or the full key where two would clash.
    pub column: String,
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
