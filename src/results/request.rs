//! What the runner is asked to do, and what it says about it.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::manifest::{Input, OverridesRecord};
use super::redo::Redo;
use crate::metrics::{RecordSink, RunSummary};
use crate::scenario::{Plan, RunSpec};
use crate::sim::{SimError, Watch};

/// Simulates one run: reports to the watch, stops when asked to, gives its rows to the sink.
pub type Simulation<'a> =
    dyn Fn(&RunSpec, &Watch, &mut dyn RecordSink) -> Result<RunSummary, RunError> + Sync + 'a;

/// Why a run did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It was asked to stop.
    #[error("the run stopped before its end")]
    Cancelled,
    /// The sink would not take a row; no other run's would either.
    #[error("a result row could not be written: {0}")]
    Sink(#[from] io::Error),
    /// Anything else: the run's own misfortune.
    #[error("{0}")]
    Failed(String),
}

impl From<SimError> for RunError {
    fn from(error: SimError) -> Self {
        if let SimError::Cancelled = error {
            Self::Cancelled
        } else if let SimError::Sink(error) = error {
            Self::Sink(error)
        } else {
            Self::Failed(error.to_string())
        }
    }
}

/// What is to be run, and where its results go.
pub struct Request<'a> {
    /// The runs.
    pub plan: &'a Plan,
    /// The scenario file, as it was named.
    pub scenario_file: &'a Path,
    /// Its text.
    pub scenario_text: &'a str,
    /// What the command line put on top.
    pub overrides: &'a OverridesRecord,
    /// The data files it refers to.
    pub inputs: &'a [Input],
    /// The result folder.
    pub out: &'a Path,
    /// How many runs go on at once, at least 1.
    pub jobs: usize,
}

/// A run that ended by an error.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Failure {
    /// Its number.
    pub run: u32,
    /// Values of the swept keys.
    pub swept: Vec<String>,
    /// Which repetition.
    pub repetition: u32,
    /// What happened.
    pub reason: String,
}

impl Failure {
    pub(super) fn of(spec: &RunSpec, reason: String) -> Self {
        Self {
            run: spec.run,
            swept: spec.swept.clone(),
            repetition: spec.repetition,
            reason,
        }
    }
}

/// How it ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finish {
    /// The result was there already; nothing was simulated.
    UpToDate,
    /// The result is complete but for these runs.
    Done {
        /// Runs that ended by an error; not all of them.
        failures: Vec<Failure>,
    },
    /// It was stopped; the result is as it was before.
    Interrupted {
        /// Finished runs, which are kept.
        finished: usize,
    },
}

/// Something a user would like to know along the way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notice {
    /// Runs are done again although results are there.
    Redo(Redo),
    /// So many runs were finished by an earlier command and are used.
    Reused(usize),
}
