//! What the runner is asked to do, and what it says about it.

use std::io;
use std::path::Path;

use super::entry::{Failure, Input, OverridesEntry, PlanEntry, SweptEntry, SweptPartEntry};
use super::measured::MeasuredRuns;
use super::redo::Redo;
use crate::catalogue::{RecordSink, RunSummary};
use crate::scenario::{Plan, RunSpec, SweptPart};
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

/// What is to be run, and where its results go. The plan may outlive the rest: what its runs measured refers
/// to it.
pub struct Assignment<'plan, 'a> {
    /// The runs.
    pub plan: &'plan Plan,
    /// The scenario file, as it was named.
    pub scenario_file: &'a Path,
    /// Its text.
    pub scenario_text: &'a str,
    /// What the command line put on top.
    pub overrides: &'a OverridesEntry,
    /// The data files it refers to.
    pub inputs: &'a [Input],
    /// The result folder.
    pub out: &'a Path,
    /// How many runs go on at once, at least 1.
    pub jobs: usize,
}

impl Assignment<'_, '_> {
    /// As it stands in the manifest.
    pub(super) fn entry(&self) -> PlanEntry {
        let plan = self.plan;
        let part = |part: &SweptPart| SweptPartEntry {
            key: part.key.clone(),
            column: part.column.clone(),
            full_column: Some(part.full_column.clone()),
        };
        let swept = plan.swept.iter().map(|key| SweptEntry {
            key: key.key.clone(),
            column: key.column.clone(),
            parts: key.parts.iter().map(part).collect(),
        });
        let plots = plan.plots.iter();
        let plots = plots.map(|plot| serde_json::to_value(plot).expect("plain data"));
        PlanEntry {
            name: plan.name.clone(),
            title: plan.title.clone(),
            seed: plan.seed,
            repeat: plan.repeat,
            swept: swept.collect(),
            output: serde_json::to_value(&plan.output).expect("plain data"),
            scenario_file: self.scenario_file.display().to_string(),
            scenario_text: self.scenario_text.to_owned(),
            overrides: self.overrides.clone(),
            inputs: self.inputs.to_vec(),
            plots: plots.collect(),
            threshold: plan
                .threshold
                .as_ref()
                .map(|threshold| serde_json::to_value(threshold).expect("plain data")),
            until: plan
                .until
                .as_ref()
                .map(|until| serde_json::to_value(until).expect("plain data")),
        }
    }
}

/// How it ended.
#[derive(Clone, PartialEq, Debug)]
pub enum Finish<'a> {
    /// The result was there already; nothing was simulated.
    UpToDate {
        /// What its runs measured.
        measured: MeasuredRuns<'a>,
    },
    /// The result is complete but for the runs that failed.
    Done {
        /// What the others measured, now or in an earlier call.
        measured: MeasuredRuns<'a>,
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
    /// There are enough repetitions, or as many as may be.
    Repeated {
        /// How many runs there could have been.
        at_most: usize,
        /// How many were made.
        made: usize,
        /// How many were finished by an earlier command.
        reused: usize,
    },
    /// A search for a threshold is over.
    Searched {
        /// How many runs it could have taken.
        at_most: usize,
        /// How many were made.
        made: usize,
        /// How many were finished by an earlier command.
        reused: usize,
    },
}
