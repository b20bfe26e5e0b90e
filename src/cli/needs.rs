//! What a scenario will need, told and held against what the machine has.

use miette::Diagnostic;

use super::exit::Stop;
use super::load::Loaded;
use crate::codes::{self, Code, Coded};
use crate::results::memory_limit;
use crate::validation::needs;

/// The most nodes that have numbers.
const MOST_NODES: f64 = u32::MAX as f64;

#[derive(Debug, thiserror::Error, Diagnostic)]
enum TooMuch {
    #[error(
        "{scenario}: a run needs about {needed} of memory, and this machine lets it have {limit}"
    )]
    #[diagnostic(help(
        "simulate fewer nodes (overlay.nodes, churn.poisson.joins_per_s, fault.join), a shorter time or a smaller network, or run it where \
         there is more memory; docs/performance.md says what nodes cost"
    ))]
    Memory {
        scenario: String,
        needed: String,
        limit: String,
    },
    #[error("{scenario}: there would be {nodes:.0} nodes in the course of a run")]
    #[diagnostic(help(
        "at most 4294967295 can be told apart: lower overlay.nodes, churn.poisson.joins_per_s or fault.join"
    ))]
    Nodes { scenario: String, nodes: f64 },
}

impl Coded for TooMuch {
    fn kind(&self) -> Code {
        match self {
            Self::Memory { .. } => codes::NO_MEMORY,
            Self::Nodes { .. } => codes::TOO_MANY_NODES,
        }
    }
}

/// Refuses what cannot be.
pub(super) fn refuse_too_much(scenario: &Loaded) -> Result<(), Stop> {
    let plan = &scenario.plan;
    let shown = || scenario.file.display().to_string();
    let nodes = needs::nodes_of_plan(plan);
    if nodes > MOST_NODES {
        return Err(Stop::usage(TooMuch::Nodes {
            scenario: shown(),
            nodes,
        }));
    }
    let memory = needs::memory_of_plan(plan) + needs::shared_memory(plan, &scenario.assets);
    match memory_limit() {
        Some(limit) if memory > limit as f64 => Err(Stop::failed(TooMuch::Memory {
            scenario: shown(),
            needed: bytes(memory),
            limit: bytes(limit as f64),
        })),
        _ => Ok(()),
    }
}

/// How many of its runs fit into memory at a time, at least one.
pub(super) fn jobs_that_fit(scenario: &Loaded) -> usize {
    let memory = needs::memory_of_plan(&scenario.plan);
    let shared = needs::shared_memory(&scenario.plan, &scenario.assets);
    memory_limit().map_or(usize::MAX, |limit| {
        (((limit as f64 - shared) / memory) as usize).max(1)
    })
}

/// Such as `needs about 45 MB of memory a run, and 12 s of one core for 5.2 million events; writes about 13 MB`.
pub(super) fn told(scenario: &Loaded) -> String {
    let needs = needs::of_plan(&scenario.plan, &scenario.assets);
    format!(
        "needs about {} of memory a run, and {} of one core for {} million events; writes about {}",
        bytes(needs.memory),
        time(needs::seconds_for(&scenario.plan, needs.events)),
        two_digits(needs.events / 1e6),
        bytes(needs.disk)
    )
}

fn bytes(bytes: f64) -> String {
    match bytes {
        ..1e9 => format!("{} MB", two_digits(bytes / 1e6)),
        _ => format!("{} GB", two_digits(bytes / 1e9)),
    }
}

fn time(seconds: f64) -> String {
    match seconds {
        ..120.0 => format!("{} s", two_digits(seconds)),
        ..7200.0 => format!("{} min", two_digits(seconds / 60.0)),
        _ => format!("{} h", two_digits(seconds / 3600.0)),
    }
}

/// More digits than two would promise more than is known.
fn two_digits(value: f64) -> String {
    let value = value.max(0.1);
    let unit = libm::pow(10.0, libm::floor(libm::log10(value)) - 1.0);
    let rounded = libm::round(value / unit) * unit;
    if rounded < 10.0 {
        format!("{rounded:.1}")
    } else {
        format!("{rounded:.0}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_have_two_digits() {
        assert_eq!(
            [0.01, 5.24, 12.6, 134.0].map(two_digits),
            ["0.1", "5.2", "13", "130"]
        );
        assert_eq!([45e6, 5.63e9].map(bytes), ["45 MB", "5.6 GB"]);
        assert_eq!([12.3, 600.0, 9000.0].map(time), ["12 s", "10 min", "2.5 h"]);
    }
}
