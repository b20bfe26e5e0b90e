//! Which runs of a plan are made: all of them in one round, or round by round those that are chosen.

use std::collections::{BTreeMap, BTreeSet};

use crate::results::assignment::Notice;
use crate::results::board::{Board, RunState};
use crate::results::chooser::{Chooser, Outcome};
use crate::results::error::ResultsError;
use crate::results::part::Store;
use crate::results::repetitions::Repeating;
use crate::results::search::Search;
use crate::scenario::Plan;

/// The rounds of a plan.
pub(super) struct Rounds<'a> {
    /// What asks for more, if anything does.
    pub chooser: Option<Box<dyn Chooser + 'a>>,
    /// The runs asked for so far, by their places in the plan.
    pub wanted: BTreeSet<usize>,
    /// The keys of these: of equal runs one is made.
    pub seen: BTreeSet<String>,
    /// Runs that were to be made.
    pub made: usize,
    /// Runs that were there.
    pub reused: usize,
    runs: usize,
}

impl<'a> Rounds<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        Self {
            chooser: chooser(plan),
            wanted: BTreeSet::new(),
            seen: BTreeSet::new(),
            made: 0,
            reused: 0,
            runs: plan.runs.len(),
        }
    }

    /// The runs of the next round, which have not been asked for before.
    pub(super) fn next(&mut self, board: &Board) -> Vec<usize> {
        let Some(chooser) = &self.chooser else {
            self.wanted = (0..self.runs).collect();
            return (0..self.runs).collect();
        };
        if self.wanted.is_empty() {
            board
                .seats()
                .iter()
                .for_each(|seat| seat.set(RunState::NotAsked));
        }
        let next = chooser.next();
        for &run in &next {
            board.seats()[run].set(RunState::Waiting);
        }
        self.wanted.extend(&next);
        next
    }

    /// Lets the chooser know what its runs came to, each with its key. Whether all that is asked for is made.
    ///
    /// # Errors
    /// If a run cannot be read that was written a moment ago: it will not be another time.
    pub(super) fn learn(
        &mut self,
        keys: &[String],
        failed: &BTreeMap<&str, String>,
        store: &Store,
    ) -> Result<bool, ResultsError> {
        let Some(chooser) = &mut self.chooser else {
            return Ok(true);
        };
        for run in chooser.next() {
            let key = keys[run].as_str();
            let outcome = if failed.contains_key(key) {
                Outcome::Failed
            } else {
                let known = store.finished(key);
                let known = known.map_err(|file| ResultsError::Unstable {
                    path: store.root().to_owned(),
                    run,
                    file,
                })?;
                Outcome::Measured(known.summary.get(chooser.metric()))
            };
            chooser.learn(run, outcome);
        }
        Ok(chooser.next().is_empty())
    }

    /// Says how many runs were chosen.
    pub(super) fn tell(&self, plan: &Plan, say: &dyn Fn(Notice)) {
        let (at_most, made, reused) = (plan.runs_at_most(), self.made, self.reused);
        if plan.threshold.is_some() {
            say(Notice::Searched {
                at_most,
                made,
                reused,
            });
        } else if plan.until.is_some() {
            say(Notice::Repeated {
                at_most,
                made,
                reused,
            });
        }
    }
}

/// What chooses among the runs of a plan; `None` if all of them are made.
pub(super) fn chooser(plan: &Plan) -> Option<Box<dyn Chooser + '_>> {
    let search = Search::of(plan).map(|search| -> Box<dyn Chooser> { Box::new(search) });
    search.or_else(|| Repeating::of(plan).map(|all| -> Box<dyn Chooser> { Box::new(all) }))
}
