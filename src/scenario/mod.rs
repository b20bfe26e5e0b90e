//! Scenario files: what may stand in one, what it means, and which runs it asks for.
//!
//! The only place that knows TOML. It does no I/O: the text comes in, a [`Plan`] or a
//! [`ScenarioError`] comes out. The way of a scenario through this module:
//!
//! 1. `source` lines up the file and the options of the command line, so that every problem can
//!    be traced back to where it was written;
//! 2. `document` parses them into one tree of TOML values that know their places;
//! 3. `sweep` takes `[sweep]` out of the tree and puts each combination of its values back in;
//! 4. `schema` says what such a tree may hold, and `explain` what is wrong if it does not;
//! 5. `resolve` fills in defaults, converts units and checks ranges: [`resolved`] has no gaps;
//! 6. `expect` is what the scenario says should come out, kept apart from all that makes a run.

#![allow(
    clippy::ref_option,
    reason = "keys of the schema are passed as they stand there, present or not"
)]

mod distribution;
mod document;
mod duration;
mod error;
mod expect;
mod explain;
mod plan;
mod resolve;
pub mod resolved;
mod schema;
mod source;
mod suggest;
mod sweep;

use std::path::Path;

use serde::Serialize;

use self::resolved::{Output, Scenario};

pub use self::error::ScenarioError;
pub use self::expect::{Expectation, Kind, Quantity, Rule, Statistic};
pub use self::plan::DataFile;
pub use self::resolve::DataKind;

/// What the command line changes about a scenario.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Overrides {
    /// Replaces `seed`, also one that `set` gives.
    pub seed: Option<u64>,
    /// Replaces `repeat`, also one that `set` gives.
    pub repeat: Option<u32>,
    /// Each `section.key=value`, applied in order. The value is TOML; what is not is taken as a
    /// string, so its quotes may be left out. A key that is swept is swept no more.
    pub set: Vec<String>,
}

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

impl Plan {
    /// Reads a scenario.
    ///
    /// `path` is used in messages, to name a scenario that has no `name`, and as the place
    /// relative to which data files are looked for; nothing is read from it.
    ///
    /// # Errors
    /// [`ScenarioError`] says what is wrong, where, and what to do.
    pub fn parse(
        text: &str,
        path: &Path,
        overrides: &Overrides,
    ) -> Result<Self, Box<ScenarioError>> {
        plan::parse(text, path, overrides).map(|(plan, _)| plan)
    }

    /// Like [`Plan::parse`], with the files of data its runs will read: each once, in the order in
    /// which they are first needed.
    ///
    /// # Errors
    /// As [`Plan::parse`].
    pub fn parse_with_files(
        text: &str,
        path: &Path,
        overrides: &Overrides,
    ) -> Result<(Self, Vec<DataFile>), Box<ScenarioError>> {
        plan::parse(text, path, overrides)
    }
}

/// Every key that a scenario may have, in full such as `chord.routing`, sections included.
pub fn known_keys() -> &'static [String] {
    &explain::KEYS
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
