//! What a scenario will need, told and held against what the machine has.

use miette::Diagnostic;

use super::exit::Stop;
use super::load::Loaded;
use crate::codes::{self, Code, Coded};
use crate::results::memory_limit;
use crate::validation::needs::{self, Needs};

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

/// How many runs are made at a time: as many as are asked for, or as there are cores and as fit into memory.
pub(super) fn jobs(scenario: &Loaded, asked: Option<u32>) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let cores = || cores().min(jobs_that_fit(scenario));
    asked.map_or_else(cores, |jobs| jobs as usize)
}

/// What all runs need, so many of them at a time.
pub(super) struct InAll {
    /// Runs at a time: no more than there are.
    pub jobs: usize,
    /// Of one run, and events and bytes on the disk of all.
    pub needs: Needs,
    /// Bytes of memory that all runs share.
    pub shared: f64,
    /// Bytes of memory at most.
    pub memory: f64,
    /// Seconds of one core.
    pub core_seconds: f64,
    /// Seconds until all is done.
    pub wall_seconds: f64,
}

impl InAll {
    pub(super) fn of(scenario: &Loaded, jobs: usize) -> Self {
        let Loaded { plan, assets, .. } = scenario;
        let jobs = jobs.min(plan.runs_at_most()).max(1);
        let needs = needs::of_plan(plan, assets);
        let shared = needs::shared_memory(plan, assets);
        let (longest, all) = (needs::longest_run(plan), needs.seconds);
        Self {
            jobs,
            shared,
            memory: needs::in_parallel(plan, jobs) + shared,
            core_seconds: all,
            wall_seconds: (all / jobs as f64).max(longest),
            needs,
        }
    }
}

/// Such as `with 2 jobs: 7.1 s, and 19 MB of memory`; nothing if there is one run.
pub(super) fn told_in_all(in_all: &InAll) -> Option<String> {
    let (seconds, memory) = (time(in_all.wall_seconds), bytes(in_all.memory));
    let jobs = in_all.jobs;
    (jobs > 1).then(|| format!("with {jobs} jobs about {seconds} in all, and {memory} of memory"))
}

/// Such as `needs about 45 MB of memory a run, and 12 s of one core for 5.2 million events; writes about 13 MB`.
pub(super) fn told(in_all: &InAll) -> String {
    let needs = &in_all.needs;
    format!(
        "needs about {} of memory a run, and {} of one core for {} million events; writes about {}",
        bytes(needs.memory),
        time(in_all.core_seconds),
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
