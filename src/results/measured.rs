//! What the finished runs of a plan measured.

use super::audit_summary::AuditSummary;
use crate::catalogue::{Metric, RunSummary};
use crate::scenario::{RunSpec, SweptKey};

/// All finished runs of a plan.
#[derive(Clone, PartialEq, Debug)]
pub struct MeasuredRuns<'a> {
    /// The keys that are swept.
    pub swept: &'a [SweptKey],
    /// The runs, in their order.
    pub runs: Vec<MeasuredRun<'a>>,
}

/// One of them.
#[derive(Clone, PartialEq, Debug)]
pub struct MeasuredRun<'a> {
    /// What was to be run.
    pub spec: &'a RunSpec,
    /// What came of it.
    pub summary: RunSummary,
    /// What its audit came to; `None` without one.
    pub audit: Option<AuditSummary>,
}

impl<'a> MeasuredRuns<'a> {
    /// The runs of each combination of swept values, in their order.
    pub fn combinations(&self) -> impl Iterator<Item = &[MeasuredRun<'a>]> {
        let runs = &self.runs;
        runs.chunk_by(|a, b| a.spec.combination == b.spec.combination)
    }

    /// The runs of one combination.
    pub fn of_combination(&self, combination: u32) -> impl Iterator<Item = &MeasuredRun<'a>> {
        let before = |run: &MeasuredRun<'_>| run.spec.combination < combination;
        let runs = &self.runs[self.runs.partition_point(before)..];
        let is_of = move |run: &&MeasuredRun<'_>| run.spec.combination == combination;
        runs.iter().take_while(is_of)
    }
}

impl MeasuredRun<'_> {
    /// The value of a metric; `None` if the run does not have it.
    #[must_use]
    pub fn get(&self, metric: Metric) -> Option<f64> {
        self.summary.get(metric)
    }
}
