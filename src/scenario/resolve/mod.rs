//! From what a file says to what it means: defaults, units, ranges, and whether its parts fit
//! together.

mod checks;
mod churn;
mod expect;
mod expect_where;
mod header;
mod network;
mod overlay;
mod workload;

use std::path::{Path, PathBuf};

pub use self::checks::{Checks, place};
use super::error::Problem;
use super::resolved::{Fault, Scenario};
use super::schema::File;
use super::source::Span;
use crate::engine::SimDuration;

pub use churn::MODELS as CHURN_MODELS;
pub use expect::expectations;
pub use header::{Header, header};
pub use network::MODELS as NETWORK_MODELS;

/// The most rows a timeline may have: more is a slip in `sample`.
const MAX_SAMPLES: u64 = 1_000_000;

/// What a file of data is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DataKind {
    /// `network.matrix.file`
    Matrix,
    /// `network.graph.file`
    Graph,
}

/// A file of data that a scenario names.
#[derive(Clone, Debug)]
pub struct NamedFile {
    pub path: PathBuf,
    pub kind: DataKind,
    pub span: Span,
}

/// A scenario with what it needs from outside.
pub struct Resolved {
    pub scenario: Scenario,
    pub file: Option<NamedFile>,
}

/// Resolves one combination. `folder` is where its data files are looked for; `blame` ranks places
/// as [`Checks::blame`] says.
pub fn scenario(
    file: &File,
    folder: &Path,
    blame: &dyn Fn(&Span) -> u8,
) -> Result<Resolved, Vec<Problem>> {
    let mut checks = Checks {
        problems: Vec::new(),
        blame,
    };
    let warmup = checks.duration("warmup", &file.warmup, SimDuration::from_secs(600));
    let duration = checks.positive("duration", &file.duration, SimDuration::from_secs(3600));
    let sample = checks.positive("sample", &file.sample, SimDuration::from_secs(60));
    let chord = overlay::chord(&mut checks, &file.chord);
    let overlay = overlay::overlay(&mut checks, &file.overlay, &file.chord);
    let (network, data) = network::network(&mut checks, &file.network, folder);
    let scenario = Scenario {
        warmup,
        duration,
        sample,
        overlay,
        chord,
        network,
        churn: churn::churn(&mut checks, &file.churn),
        faults: churn::faults(&mut checks, &file.fault),
        workload: workload::workload(&mut checks, file),
        selfish: workload::selfish(&mut checks, &file.selfish),
    };
    // Values that are wrong by themselves were replaced by defaults: whether those fit together
    // is nobody's question.
    if checks.problems.is_empty() {
        fit_together(&mut checks, file, &scenario);
    }
    if checks.problems.is_empty() {
        Ok(Resolved {
            scenario: in_order(scenario),
            file: data,
        })
    } else {
        Err(checks.problems)
    }
}

fn in_order(mut scenario: Scenario) -> Scenario {
    scenario.faults.sort_by_key(|fault| fault.at);
    scenario
}

fn fit_together(checks: &mut Checks<'_>, file: &File, scenario: &Scenario) {
    overlay::fit_on_the_ring(checks, file, scenario);
    samples_are_few(checks, file, scenario);
    churn_ends_in_time(checks, file, scenario);
    for (given, fault) in file.fault.iter().zip(&scenario.faults) {
        strikes_in_time(checks, place(&given.get_ref().at), file, scenario, fault);
    }
}

fn samples_are_few(checks: &mut Checks<'_>, file: &File, scenario: &Scenario) {
    if scenario.duration.0 / scenario.sample.0 <= MAX_SAMPLES {
        return;
    }
    if let Some(span) = checks.culprit([place(&file.sample), place(&file.duration)]) {
        checks.push(
            span,
            "the timeline would have more than a million rows",
            format!("one row per {} for {}", scenario.sample, scenario.duration),
            "raise `sample`, the width of one row",
        );
    }
}

fn churn_ends_in_time(checks: &mut Checks<'_>, file: &File, scenario: &Scenario) {
    let Some(until) = scenario.churn.until else {
        return;
    };
    if until <= scenario.duration {
        return;
    }
    if let Some(span) = checks.culprit([place(&file.churn.until), place(&file.duration)]) {
        checks.push(
            span,
            "churn would end after the end of the measurement",
            format!(
                "churn ends at {until}, the measurement at {}",
                scenario.duration
            ),
            "`churn.until` counts from the end of the warm-up: lower it, raise `duration`, or leave \
             it out to have churn all the time",
        );
    }
}

fn strikes_in_time(
    checks: &mut Checks<'_>,
    at: Option<Span>,
    file: &File,
    scenario: &Scenario,
    fault: &Fault,
) {
    if fault.at < scenario.duration {
        return;
    }
    if let Some(span) = checks.culprit([at, place(&file.duration)]) {
        checks.push(
            span,
            "a fault would strike after the end of the measurement",
            format!(
                "the fault is due at {}, the measurement ends at {}",
                fault.at, scenario.duration
            ),
            "times of faults count from the end of the warm-up: move the fault or raise `duration`",
        );
    }
}
