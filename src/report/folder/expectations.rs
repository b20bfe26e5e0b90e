//! What theory expects beyond the columns of `aggregate.csv`, for the pictures of what was measured: how hops are distributed,
//! and how many values are alive at any time. It is computed again from the scenario in the manifest, for the ring of each run.

use std::cell::OnceCell;
use std::path::Path;

use super::combination::DrawnCombination;
use crate::catalogue::Metric;
use crate::scenario::{Overrides, Plan, RunSpec};
use crate::theory::{self, Seen};

/// The scenario of a result folder. It is read when something is asked of it: few pictures do.
pub(crate) struct Expectations {
    text: String,
    file: String,
    overrides: Overrides,
    /// `None` if the manifest does not have it or this version does not read it.
    plan: OnceCell<Option<Plan>>,
}

impl Expectations {
    /// Of the scenario with this text, read from a file of this name, with what the command line put on top.
    pub(crate) fn of(text: String, file: String, overrides: Overrides) -> Self {
        Self {
            text,
            file,
            overrides,
            plan: OnceCell::new(),
        }
    }

    fn plan(&self) -> Option<&Plan> {
        let parse = || Plan::parse(&self.text, Path::new(&self.file), &self.overrides).ok();
        self.plan.get_or_init(parse).as_ref()
    }

    /// In per cent of all lookups, by hops: the mean over the rings of a combination. `None` where theory has nothing to
    /// say; then it expected nothing of the mean hops either.
    pub(crate) fn per_cent(&self, combination: &DrawnCombination) -> Option<Vec<f64>> {
        combination.expected(Metric::HopsMean)?;
        let plan = self.plan()?;
        let runs = plan
            .runs
            .iter()
            .filter(|run| run.swept == combination.values)
            // Of more than are there, as many: where runs are chosen, these are the first.
            .take(usize::try_from(combination.runs).unwrap_or(usize::MAX));
        let seen = Seen {
            lookups: 0.0,
            gets: 0.0,
            timeouts: false,
        };
        let rings: Vec<Vec<f64>> = runs
            .map(|run| theory::hop_shares(run, &seen))
            .collect::<Option<_>>()?;
        let longest = rings.iter().map(Vec::len).max()?;
        let share_of = |hops: usize| {
            let shares = rings.iter().filter_map(|ring| ring.get(hops));
            100.0 * shares.sum::<f64>() / rings.len() as f64
        };
        Some((0..longest).map(share_of).collect())
    }

    /// In per cent of all values that were stored, so many seconds after the beginning.
    pub(crate) fn alive_per_cent(
        &self,
        combination: &DrawnCombination,
        seconds: f64,
    ) -> Option<f64> {
        combination.expected(Metric::ValuesAlive)?;
        let share = theory::share_alive(self.run(combination)?, seconds)?;
        Some(share * 100.0)
    }

    /// About how many bytes it takes to keep the copies.
    pub(crate) fn upkeep_bytes(&self, combination: &DrawnCombination) -> Option<f64> {
        combination.estimate(Metric::UpkeepBytes).mean?;
        theory::upkeep_bytes(self.run(combination)?)
    }

    /// The first run of a combination.
    fn run(&self, combination: &DrawnCombination) -> Option<&RunSpec> {
        let mut runs = self.plan()?.runs.iter();
        runs.find(|run| run.swept == combination.values)
    }
}
