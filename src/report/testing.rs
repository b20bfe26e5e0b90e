//! Plans and what their runs measured, for the tests of this room.

use crate::catalogue::{Expected, Metric, RunSummary};
use crate::results::{MeasuredRun, MeasuredRuns, testing};
use crate::scenario::{Plan, SweptKey};

/// A plan that sweeps these keys, with a run for each of these lists of values. Equal lists that stand side by
/// side are repetitions.
pub(super) fn plan<const KEYS: usize>(keys: &[&str; KEYS], runs: &[[&str; KEYS]]) -> Plan {
    let mut plan = testing::plan(&["8"], runs.len() as u32);
    let last = |key: &str| key.rsplit('.').next().unwrap_or(key).to_owned();
    let swept = keys.iter().map(|key| SweptKey {
        key: (*key).to_owned(),
        column: last(key),
        parts: Vec::new(),
    });
    plan.swept = swept.collect();
    let mut combination = 0;
    for (at, values) in runs.iter().enumerate() {
        combination += u32::from(at > 0 && runs[at - 1] != *values);
        plan.runs[at].combination = combination;
        plan.runs[at].swept = values.map(str::to_owned).to_vec();
    }
    plan
}

/// What the runs of a plan measured.
pub(super) fn measured(plan: &Plan, summaries: Vec<RunSummary>) -> MeasuredRuns<'_> {
    let run = |(spec, summary)| MeasuredRun {
        spec,
        summary,
        audit: None,
    };
    MeasuredRuns {
        swept: &plan.swept,
        runs: plan.runs.iter().zip(summaries).map(run).collect(),
    }
}

/// Values of metrics, and what is expected of metrics with its standard error.
pub(super) fn summary(values: &[(Metric, f64)], expected: &[(Metric, f64, f64)]) -> RunSummary {
    let mut summary = RunSummary::default();
    summary.extend(values.iter().map(|&(metric, value)| (metric, Some(value))));
    let expected = expected
        .iter()
        .map(|&(metric, mean, standard_error)| Expected {
            metric,
            mean,
            standard_error,
        });
    summary.expected.extend(expected);
    summary
}
