//! Does the runs of a plan that are missing, several at a time, and puts the result together.
//!
//! What a run does comes in as a function. Which run ends first, and how many go on at once, is
//! nowhere to be seen in the result.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Mutex;

use super::assignment::{Assignment, Finish, Notice, RunError, Simulation};
use super::board::{Board, RunState};
use super::clock::{Stopwatch, utc_now};
use super::csv::{self, Aggregate};
use super::entry::{Failure, FileEntry, PlanEntry, Program, RunEntry};
use super::error::{Context as _, ResultsError};
use super::folder::{LockedFolder, Staged};
use super::host::{Host, peak_memory_bytes};
use super::key::run_key;
use super::manifest::{self, Manifest};
use super::measured::{MeasuredRun, MeasuredRuns};
use super::part::{FinishedRun, Store};
use super::redo::{Redo, Wanted};
use super::side_by_side;
use crate::catalogue::{Expected, Metric, RecordKind, RunSummary};
use crate::scenario::RunSpec;

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
    if runner.is_up_to_date(&folder, say)? {
        let measured = runner.measured_before()?;
        return Ok(Finish::UpToDate { measured });
    }
    let store = Store::open(assignment.out)?;
    let result = runner.run_and_publish(&folder, &store, simulation, board, say);
    // Goes unless finished runs are kept in it.
    let _ = fs::remove_dir(store.root());
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
        }
    }

    /// Whether the folder holds the result; tells why if it holds another one.
    fn is_up_to_date(
        &self,
        folder: &LockedFolder,
        say: &dyn Fn(Notice),
    ) -> Result<bool, ResultsError> {
        let manifest = match Manifest::read(folder.path()) {
            Ok(None) => return Ok(false),
            Ok(Some(manifest)) => manifest,
            Err(ResultsError::Manifest { .. }) => {
                say(Notice::Redo(Redo::Damaged(manifest::FILE.to_owned())));
                return Ok(false);
            }
            Err(error) => return Err(error),
        };
        if let Some(why) = self.wanted().differs_from(folder.path(), &manifest) {
            say(Notice::Redo(why));
            return Ok(false);
        }
        if manifest.plan != self.plan {
            // A title or a comment changed: the runs are the same, their description is not.
            folder.publish_manifest(&Manifest {
                plan: self.plan.clone(),
                ..manifest
            })?;
        }
        Ok(true)
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
        let todo = self.missing(store, board, say)?;
        let failures = self.run_all(&todo, store, simulation, board)?;
        let finished: Vec<usize> = (0..self.keys.len())
            .filter(|&run| store.folder(&self.keys[run]).exists())
            .collect();
        if board.cancelled() && finished.len() + failures.len() < self.keys.len() {
            return Ok(Finish::Interrupted {
                finished: finished.len(),
            });
        }
        if finished.is_empty() {
            return Err(ResultsError::AllFailed { failures });
        }
        let measured = self.publish(folder, store, &finished, failures.clone())?;
        if failures.is_empty() {
            fs::remove_dir_all(store.root()).context("remove", store.root())?;
        }
        Ok(Finish::Done { measured, failures })
    }

    /// The runs to be done: one for each key that no finished run has.
    fn missing(
        &self,
        store: &Store,
        board: &Board,
        say: &dyn Fn(Notice),
    ) -> Result<Vec<usize>, ResultsError> {
        let (mut todo, mut reused, mut seen) = (Vec::new(), 0, BTreeSet::new());
        for (run, key) in self.keys.iter().enumerate() {
            let first = seen.insert(key);
            match if first { store.check(key)? } else { None } {
                Some(true) => reused += 1,
                found => {
                    if found == Some(false) {
                        say(Notice::Redo(Redo::Damaged(format!(
                            "the rows kept of run {run}"
                        ))));
                    }
                    if first {
                        todo.push(run);
                        continue;
                    }
                }
            }
            board.seats()[run].set(RunState::Done);
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

    fn run_all(
        &self,
        todo: &[usize],
        store: &Store,
        simulation: &Simulation,
        board: &Board,
    ) -> Result<Vec<Failure>, ResultsError> {
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
        Ok(self.failures(&failures.into_inner().expect(UNPOISONED)))
    }

    /// Every run whose key is among those that failed: equal runs fail alike.
    fn failures(&self, reasons: &BTreeMap<&str, String>) -> Vec<Failure> {
        let runs = self.assignment.plan.runs.iter().zip(&self.keys);
        runs.filter_map(|(spec, key)| Some(Failure::of(spec, reasons.get(key.as_str())?.clone())))
            .collect()
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
            .begin(&self.assignment.plan.output)
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
        let finished = self.finished_run(spec, summary, clock.seconds());
        part.finish(store, &self.keys[run], finished)
            .context("write to", store.root())?;
        seat.set(RunState::Done);
        Ok(None)
    }

    fn finished_run(
        &self,
        spec: &RunSpec,
        mut summary: RunSummary,
        wall_seconds: f64,
    ) -> FinishedRun {
        // A metric that is not finite does not exist; nor does what is expected of one.
        let is_finite = |e: &Expected| e.mean.is_finite() && e.standard_error.is_finite();
        summary.expected.retain(is_finite);
        FinishedRun {
            program: self.program.clone(),
            scenario: serde_json::to_value(&spec.scenario).expect("plain data"),
            seed: spec.seed,
            summary,
            audit: None,
            wall_seconds,
            files: Vec::new(),
        }
    }

    /// Puts the result together from the parts of these runs; gives what they measured.
    fn publish(
        &self,
        folder: &LockedFolder,
        store: &Store,
        finished: &[usize],
        failed: Vec<Failure>,
    ) -> Result<MeasuredRuns<'plan>, ResultsError> {
        let (mut entries, mut runs) = (Vec::new(), Vec::new());
        for &run in finished {
            let part = store.finished(&self.keys[run]);
            let part = part.expect("a part is complete when it has its name");
            entries.push(self.run_entry(run, &part));
            runs.push(MeasuredRun {
                spec: &self.assignment.plan.runs[run],
                summary: part.summary,
                audit: part.audit,
            });
        }
        let swept = &self.assignment.plan.swept;
        let measured = MeasuredRuns { swept, runs };
        let staged = Staged::begin(store.root().join("assembled"))?;
        let manifest = Manifest {
            program: self.program.clone(),
            plan: self.plan.clone(),
            runs: entries,
            failed,
            files: self.stage(&staged, store, &measured)?,
            started: self.started.clone(),
            wall_seconds: self.clock.seconds(),
            peak_memory_bytes: peak_memory_bytes(),
            host: Host::this(),
        };
        folder.publish(&staged, &manifest)?;
        Ok(measured)
    }

    /// Writes the files of the result where nobody sees them yet.
    fn stage(
        &self,
        staged: &Staged,
        store: &Store,
        measured: &MeasuredRuns,
    ) -> Result<Vec<FileEntry>, ResultsError> {
        let plan = self.assignment.plan;
        let summary = csv::summary(measured);
        let aggregate = Aggregate::of(measured).to_table();
        let mut files = staged.tables(&summary, &aggregate)?.to_vec();
        let parts = measured.runs.iter().map(|run| {
            let folder = store.folder(&self.keys[run.spec.run as usize]);
            (csv::run_cells(run.spec), folder)
        });
        let parts: Vec<_> = parts.collect();
        for &kind in RecordKind::ALL {
            if (kind.info().wanted)(&plan.output) {
                let columns: Vec<&str> = kind.info().column_names().collect();
                let columns = csv::run_columns(&plan.swept, &columns);
                files.push(staged.rows(kind, &columns, &parts)?);
            }
        }
        Ok(files)
    }

    fn run_entry(&self, run: usize, finished: &FinishedRun) -> RunEntry {
        let spec = &self.assignment.plan.runs[run];
        let events = finished.summary.get(Metric::Events).unwrap_or(0.0) as u64;
        RunEntry {
            run: spec.run,
            swept: spec.swept.clone(),
            repetition: spec.repetition,
            seed: spec.seed,
            key: self.keys[run].clone(),
            fingerprint: finished.summary.fingerprint.clone(),
            scenario: finished.scenario.clone(),
            wall_seconds: finished.wall_seconds,
            events,
            events_per_s: events as f64 / finished.wall_seconds.max(1e-9),
        }
    }
}

const UNPOISONED: &str = "nobody panics while holding it";
