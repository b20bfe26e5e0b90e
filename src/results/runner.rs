//! Does the runs of a plan that are missing, several at a time, and puts the result together.
//!
//! What a run does comes in as a function. Which run ends first, and how many go on at once, is
//! nowhere to be seen in the result.

mod publish;
mod rounds;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use self::publish::Published;
use self::rounds::{Rounds, chooser};
use super::assignment::{Assignment, Finish, Notice, RunError, Simulation};
use super::board::{Board, RunState};
use super::chooser::{Outcome, replay};
use super::clock::{Stopwatch, utc_now};
use super::csv;
use super::disk;
use super::entry::{Failure, PlanEntry, Program};
use super::error::{Context as _, ResultsError};
use super::folder::LockedFolder;
use super::kept::{KeptFault, KeptFile};
use super::key::run_key;
use super::manifest::{self, Manifest};
use super::measured::MeasuredRuns;
use super::owner::{JOURNAL, PARTS};
use super::part::{FinishedRun, Kept, Store};
use super::redo::{self, Redo, Wanted};
use super::side_by_side;
use super::staged::ASSEMBLED;
use crate::catalogue::{Expected, RunSummary};

/// Brings the result folder of a plan up to date, and gives what its runs measured.
///
/// # Errors
/// If the folder cannot be written to, or no run comes to its end. A result that was there before
/// is untouched then, and finished runs are kept.
///
/// # Panics
/// If the board has another number of seats than the plan has runs.
pub fn execute<'plan>(
    assignment: &Assignment<'plan, '_>,
    simulation: &Simulation,
    board: &Board,
    say: &dyn Fn(Notice),
) -> Result<Finish<'plan>, ResultsError> {
    execute_as(&Program::this(), assignment, simulation, board, say)
}

/// [`execute`], with the program's version given: two versions can be told apart in a test.
pub(super) fn execute_as<'plan>(
    program: &Program,
    assignment: &Assignment<'plan, '_>,
    simulation: &Simulation,
    board: &Board,
    say: &dyn Fn(Notice),
) -> Result<Finish<'plan>, ResultsError> {
    assert_eq!(
        board.seats().len(),
        assignment.plan.runs.len(),
        "a seat per run"
    );
    let folder = LockedFolder::open(assignment.out)?;
    let runner = Runner::new(program, assignment);
    if let Some(measured) = runner.up_to_date(&folder, say)? {
        runner.remove_leftovers();
        return Ok(Finish::UpToDate { measured });
    }
    let store = Store::open(assignment.out.join(PARTS))?;
    let result = runner.run_and_publish(&folder, &store, simulation, board, say);
    // Goes unless finished runs are kept in it.
    let _ = disk::remove_dir(store.root());
    result
}

struct Runner<'a, 'plan> {
    assignment: &'a Assignment<'plan, 'a>,
    program: &'a Program,
    plan: PlanEntry,
    /// Of each run.
    keys: Vec<String>,
    started: String,
    clock: Stopwatch,
}

impl<'a, 'plan> Runner<'a, 'plan> {
    fn new(program: &'a Program, assignment: &'a Assignment<'plan, 'a>) -> Self {
        let (plan, inputs) = (assignment.plan, assignment.inputs);
        Self {
            assignment,
            program,
            plan: assignment.entry(),
            keys: plan
                .runs
                .iter()
                .map(|spec| run_key(program, plan, spec, inputs))
                .collect(),
            started: utc_now(),
            clock: Stopwatch::start(),
        }
    }

    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            program: self.program,
            plan: &self.plan,
            runs: &self.assignment.plan.runs,
            keys: &self.keys,
            output: &self.assignment.plan.output,
        }
    }

    /// What the runs measured, if the folder holds the result; tells why if it holds another one.
    fn up_to_date(
        &self,
        folder: &LockedFolder,
        say: &dyn Fn(Notice),
    ) -> Result<Option<MeasuredRuns<'plan>>, ResultsError> {
        let manifest = match Manifest::read(folder.path()) {
            Ok(None) => return Ok(None),
            Ok(Some(manifest)) => manifest,
            Err(ResultsError::Manifest { .. } | ResultsError::BadName { .. }) => {
                say(Notice::Redo(Redo::Damaged(manifest::FILE.to_owned())));
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        if let Some(why) = self.wanted().differs_from(folder.path(), &manifest) {
            say(Notice::Redo(why));
            return Ok(None);
        }
        let measured = self.measured_before()?;
        if !redo::fits(&manifest, &measured) || !self.is_all_that_is_chosen(&measured) {
            say(Notice::Redo(Redo::Damaged(manifest::FILE.to_owned())));
            return Ok(None);
        }
        if manifest.plan != self.plan {
            // A title or a comment changed: the runs are the same, their description is not.
            folder.publish_manifest(&Manifest {
                plan: self.plan.clone(),
                ..manifest
            })?;
        }
        Ok(Some(measured))
    }

    /// Whether the runs of a result are those that would be chosen, if some are.
    fn is_all_that_is_chosen(&self, measured: &MeasuredRuns) -> bool {
        let Some(mut chooser) = chooser(self.assignment.plan) else {
            return true;
        };
        let (metric, runs) = (chooser.metric(), measured.runs.iter());
        let values: BTreeMap<usize, Option<f64>> = runs
            .map(|run| (run.spec.run as usize, run.get(metric)))
            .collect();
        let outcome = |run: usize| values.get(&run).copied().map(Outcome::Measured);
        let made = replay(&mut *chooser, outcome);
        made.is_some_and(|made| made.iter().eq(values.keys()))
    }

    /// Removes what a process left that was killed when the result was complete. Finished runs of other scenarios
    /// stay. Best effort: the result is whole without it.
    fn remove_leftovers(&self) {
        let root = self.assignment.out.join(PARTS);
        if !disk::is_dir(&root) || self.assignment.plan.chooses_runs() {
            return;
        }
        let own: BTreeSet<&str> = self.keys.iter().map(String::as_str).collect();
        if let Ok(store) = Store::open(root) {
            let _ = store.remove_if(|name| own.contains(name) || name == ASSEMBLED);
            for name in [JOURNAL, manifest::FILE] {
                let _ = disk::remove_file(&store.root().join(name));
            }
            let _ = disk::remove_dir(store.root());
        }
    }

    /// What the runs of a result that was there already have measured. Their parts are gone, and the
    /// manifest has digests, not metrics: it is read once from the files that those digests vouch for.
    fn measured_before(&self) -> Result<MeasuredRuns<'plan>, ResultsError> {
        let (plan, out) = (self.assignment.plan, self.assignment.out);
        let mut measured = csv::read_summary(out, plan)?;
        if plan.output.audit {
            let mut audits = csv::read_audits(out)?;
            for run in &mut measured.runs {
                run.audit = Some(audits.remove(&run.spec.run).unwrap_or_default());
            }
        }
        Ok(measured)
    }

    fn run_and_publish(
        &self,
        folder: &LockedFolder,
        store: &Store,
        simulation: &Simulation,
        board: &Board,
        say: &dyn Fn(Notice),
    ) -> Result<Finish<'plan>, ResultsError> {
        let mut rounds = Rounds::of(self.assignment.plan);
        let (mut todo, mut reasons) = (Vec::new(), BTreeMap::new());
        let mut again = BTreeSet::new();
        loop {
            // What was damaged is done again first: what comes next depends on it.
            if todo.is_empty() {
                let next = rounds.next(board);
                todo = self.missing(&next, &mut rounds, store, board, say)?;
            }
            reasons.extend(self.run_all(&todo, store, simulation, board)?);
            todo.clear();
            let failures = self.failures(&rounds.wanted, &reasons);
            if board.cancelled() {
                let finished = rounds.wanted.iter();
                let finished = finished.filter(|run| store.has(&self.keys[**run])).count();
                if finished + failures.len() < rounds.wanted.len() {
                    return Ok(Finish::Interrupted { finished });
                }
            }
            if !rounds.learn(&self.keys, &reasons, store)? {
                continue;
            }
            if failures.len() == rounds.wanted.len() {
                return Err(ResultsError::AllFailed { failures });
            }
            match self.publish(folder, store, &rounds.wanted, &failures)? {
                Published::Whole(measured) => {
                    self.clear(store, &failures)?;
                    rounds.tell(self.assignment.plan, say);
                    return Ok(Finish::Done { measured, failures });
                }
                Published::Not { run, file } => {
                    let damaged = self.damaged(store, (run, file), &rounds.wanted, &reasons)?;
                    for (run, file) in damaged {
                        if !again.insert(run) {
                            let path = store.root().to_owned();
                            return Err(ResultsError::Unstable { path, run, file });
                        }
                        board.seats()[run].set(RunState::Waiting);
                        say(Notice::Redo(Redo::Kept { run, file }));
                        todo.push(run);
                    }
                }
            }
        }
    }

    /// The runs whose parts are not there or not what was written, and this one. What is left of them is removed.
    fn damaged(
        &self,
        store: &Store,
        first: (usize, KeptFile),
        wanted: &BTreeSet<usize>,
        failed: &BTreeMap<&str, String>,
    ) -> Result<BTreeMap<usize, KeptFile>, ResultsError> {
        store.remove(&self.keys[first.0])?;
        let mut seen = BTreeSet::from([self.keys[first.0].as_str()]);
        let mut damaged = BTreeMap::from([first]);
        for &run in wanted {
            let key = &self.keys[run];
            if failed.contains_key(key.as_str()) || !seen.insert(key) {
                continue;
            }
            let fault = match store.check(key)? {
                Kept::Whole => continue,
                Kept::No => store.fault(key, KeptFault::Missing),
                Kept::Damaged(fault) => fault,
            };
            damaged.insert(run, fault);
        }
        Ok(damaged)
    }

    /// Those of these runs that are to be done: one for each key that no finished run has.
    fn missing(
        &self,
        runs: &[usize],
        rounds: &mut Rounds<'_>,
        store: &Store,
        board: &Board,
        say: &dyn Fn(Notice),
    ) -> Result<Vec<usize>, ResultsError> {
        let (mut todo, mut reused) = (Vec::new(), 0);
        for &run in runs {
            let key = &self.keys[run];
            let first = rounds.seen.insert(key.clone());
            if first {
                match store.check(key)? {
                    Kept::Whole => reused += 1,
                    Kept::No => {
                        todo.push(run);
                        continue;
                    }
                    Kept::Damaged(file) => {
                        say(Notice::Redo(Redo::Kept { run, file }));
                        todo.push(run);
                        continue;
                    }
                }
            }
            board.seats()[run].set(RunState::Done);
        }
        rounds.made += todo.len();
        rounds.reused += reused;
        // Of chosen runs is told at the end, and some are kept that are not chosen this time.
        if rounds.chooser.is_some() {
            return Ok(todo);
        }
        if reused > 0 {
            say(Notice::Reused(reused));
        } else if let Some(old) = store.foreign(&self.keys)
            && let Some(why) = self.wanted().differs_from_part(&old)
        {
            say(Notice::Redo(why));
        }
        Ok(todo)
    }

    /// Does these runs; gives the reasons of those that fail, by their keys.
    fn run_all(
        &self,
        todo: &[usize],
        store: &Store,
        simulation: &Simulation,
        board: &Board,
    ) -> Result<BTreeMap<&str, String>, ResultsError> {
        let (failures, fatal) = (Mutex::new(BTreeMap::new()), Mutex::new(None));
        side_by_side::each(todo, self.assignment.jobs, |run| {
            match self.run_one(run, store, simulation, board) {
                Ok(reason) => failures
                    .lock()
                    .expect(UNPOISONED)
                    .extend(reason.map(|reason| (self.keys[run].as_str(), reason))),
                Err(error) => {
                    board.cancel();
                    fatal.lock().expect(UNPOISONED).get_or_insert(error);
                }
            }
        });
        if let Some(error) = fatal.into_inner().expect(UNPOISONED) {
            return Err(error);
        }
        Ok(failures.into_inner().expect(UNPOISONED))
    }

    /// Every run whose key is among those that failed: equal runs fail alike.
    fn failures(&self, wanted: &BTreeSet<usize>, reasons: &BTreeMap<&str, String>) -> Vec<Failure> {
        let failure = |run: &usize| {
            let reason = reasons.get(self.keys[*run].as_str())?;
            Some(Failure::of(
                &self.assignment.plan.runs[*run],
                reason.clone(),
            ))
        };
        wanted.iter().filter_map(failure).collect()
    }

    /// Removes the parts of a result that is complete. Those of chosen runs stay: another level, a narrower width or more
    /// repetitions are found from them.
    fn clear(&self, store: &Store, failures: &[Failure]) -> Result<(), ResultsError> {
        if self.assignment.plan.chooses_runs() {
            let own: BTreeSet<&str> = self.keys.iter().map(String::as_str).collect();
            return store.remove_if(|name| !own.contains(name));
        }
        if failures.is_empty() {
            disk::remove_dir_all(store.root()).context("remove", store.root())?;
        }
        Ok(())
    }

    /// Does one run. A reason to fail is the run's own; an error stops everything.
    fn run_one(
        &self,
        run: usize,
        store: &Store,
        simulation: &Simulation,
        board: &Board,
    ) -> Result<Option<String>, ResultsError> {
        if board.cancelled() {
            return Ok(None);
        }
        let (spec, seat) = (&self.assignment.plan.runs[run], &board.seats()[run]);
        seat.set(RunState::Active);
        let mut part = store
            .begin(&self.keys[run], &self.assignment.plan.output)
            .context("write to", store.root())?;
        let clock = Stopwatch::start();
        let summary = match simulation(spec, &seat.watch, &mut part) {
            Ok(summary) => summary,
            Err(RunError::Cancelled) if board.cancelled() => {
                seat.set(RunState::Waiting);
                return Ok(None);
            }
            Err(RunError::Sink(error)) => return Err(error).context("write to", store.root()),
            Err(error) => {
                seat.set(RunState::Failed);
                return Ok(Some(error.to_string()));
            }
        };
        let finished = self.finished_run(run, summary, clock.seconds());
        part.finish(store, finished)
            .context("write to", store.root())?;
        seat.set(RunState::Done);
        Ok(None)
    }

    fn finished_run(&self, run: usize, mut summary: RunSummary, wall_seconds: f64) -> FinishedRun {
        let spec = &self.assignment.plan.runs[run];
        // A metric that is not finite does not exist; nor does what is expected of one.
        let is_finite = |e: &Expected| e.mean.is_finite() && e.standard_error.is_finite();
        summary.expected.retain(is_finite);
        FinishedRun {
            key: self.keys[run].clone(),
            program: self.program.clone(),
            scenario: serde_json::to_value(&spec.scenario).expect("plain data"),
            seed: spec.seed,
            summary,
            audit: None,
            wall_seconds,
            tables: Vec::new(),
        }
    }
}

const UNPOISONED: &str = "nobody panics while holding it";
