//! Does the runs of a plan that are missing, several at a time, and puts the result together.
//!
//! What a run does comes in as a function. Which run ends first, and how many go on at once, is
//! nowhere to be seen in the result.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Mutex;

use super::board::{Board, RunState};
use super::clock::{Stopwatch, utc_now};
use super::csv::{self, RowFile, RunMetrics};
use super::error::{Context as _, ResultsError};
use super::folder::{Folder, Staged};
use super::host::{Host, peak_memory_bytes};
use super::key::run_key;
use super::manifest::{Manifest, PlanRecord, Program, RunRecord};
use super::part::{PartRecord, Store};
use super::redo::{Redo, Wanted};
use super::request::{Failure, Finish, Notice, Request, RunError, Simulation};
use crate::metrics::RunSummary;
use crate::scenario::RunSpec;

/// Brings the result folder of a plan up to date.
///
/// # Errors
/// If the folder cannot be written to, or no run comes to its end. A result that was there before
/// is untouched then, and finished runs are kept.
///
/// # Panics
/// If the board has another number of seats than the plan has runs.
pub fn execute(
    request: &Request,
    simulation: &Simulation,
    board: &Board,
    say: &dyn Fn(Notice),
) -> Result<Finish, ResultsError> {
    execute_as(&Program::this(), request, simulation, board, say)
}

/// [`execute`], with the program's version given: two versions can be told apart in a test.
pub(super) fn execute_as(
    program: &Program,
    request: &Request,
    simulation: &Simulation,
    board: &Board,
    say: &dyn Fn(Notice),
) -> Result<Finish, ResultsError> {
    assert_eq!(
        board.seats().len(),
        request.plan.runs.len(),
        "a seat per run"
    );
    let folder = Folder::open(request.out)?;
    let job = Job::new(program, request);
    if job.is_up_to_date(&folder, say)? {
        return Ok(Finish::UpToDate);
    }
    let store = Store::open(request.out)?;
    let result = job.run_and_publish(&folder, &store, simulation, board, say);
    // Goes unless finished runs are kept in it.
    let _ = fs::remove_dir(store.root());
    result
}

struct Job<'a> {
    request: &'a Request<'a>,
    program: &'a Program,
    plan: PlanRecord,
    /// Of each run.
    keys: Vec<String>,
    started: String,
    clock: Stopwatch,
}

impl<'a> Job<'a> {
    fn new(program: &'a Program, request: &'a Request<'a>) -> Self {
        let (plan, inputs) = (request.plan, request.inputs);
        Self {
            request,
            program,
            plan: PlanRecord::of(request),
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
            runs: &self.request.plan.runs,
            keys: &self.keys,
        }
    }

    /// Whether the folder holds the result; tells why if it holds another one.
    fn is_up_to_date(&self, folder: &Folder, say: &dyn Fn(Notice)) -> Result<bool, ResultsError> {
        let manifest = match Manifest::read(folder.path()) {
            Ok(None) => return Ok(false),
            Ok(Some(manifest)) => manifest,
            Err(ResultsError::Manifest { .. }) => {
                say(Notice::Redo(Redo::Damaged(
                    super::manifest::FILE.to_owned(),
                )));
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

    fn run_and_publish(
        &self,
        folder: &Folder,
        store: &Store,
        simulation: &Simulation,
        board: &Board,
        say: &dyn Fn(Notice),
    ) -> Result<Finish, ResultsError> {
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
        self.publish(folder, store, &finished, failures.clone())?;
        if failures.is_empty() {
            fs::remove_dir_all(store.root()).context("remove", store.root())?;
        }
        Ok(Finish::Done { failures })
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
        let jobs = self.request.jobs;
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(jobs.min(todo.len()).max(1))
            .build()
            .map_err(|source| ResultsError::Threads { jobs, source })?;
        let (failures, fatal) = (Mutex::new(BTreeMap::new()), Mutex::new(None));
        pool.scope_fifo(|scope| {
            for &run in todo {
                let (failures, fatal) = (&failures, &fatal);
                scope.spawn_fifo(move |_| match self.run_one(run, store, simulation, board) {
                    Ok(reason) => failures
                        .lock()
                        .expect(UNPOISONED)
                        .extend(reason.map(|reason| (self.keys[run].as_str(), reason))),
                    Err(error) => {
                        board.cancel();
                        fatal.lock().expect(UNPOISONED).get_or_insert(error);
                    }
                });
            }
        });
        if let Some(error) = fatal.into_inner().expect(UNPOISONED) {
            return Err(error);
        }
        Ok(self.failures(&failures.into_inner().expect(UNPOISONED)))
    }

    /// Every run whose key is among those that failed: equal runs fail alike.
    fn failures(&self, reasons: &BTreeMap<&str, String>) -> Vec<Failure> {
        let runs = self.request.plan.runs.iter().zip(&self.keys);
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
        let (spec, seat) = (&self.request.plan.runs[run], &board.seats()[run]);
        seat.set(RunState::Active);
        let mut part = store
            .begin(&self.request.plan.output)
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
        let record = self.part_record(spec, summary, clock.seconds());
        part.finish(store, &self.keys[run], record)
            .context("write to", store.root())?;
        seat.set(RunState::Done);
        Ok(None)
    }

    fn part_record(&self, spec: &RunSpec, summary: RunSummary, wall_seconds: f64) -> PartRecord {
        let metrics: Vec<(String, Option<f64>)> = summary
            .metrics
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.filter(|value| value.is_finite())))
            .collect();
        let events = metrics
            .iter()
            .find(|(name, _)| name == "events")
            .and_then(|(_, n)| *n);
        PartRecord {
            program: self.program.clone(),
            scenario: serde_json::to_value(&spec.scenario).expect("plain data"),
            seed: spec.seed,
            metrics,
            fingerprint: summary.fingerprint,
            events: events.unwrap_or(0.0) as u64,
            wall_seconds,
            files: Vec::new(),
        }
    }

    fn publish(
        &self,
        folder: &Folder,
        store: &Store,
        finished: &[usize],
        failed: Vec<Failure>,
    ) -> Result<(), ResultsError> {
        let plan = self.request.plan;
        let specs = || finished.iter().map(|&run| &plan.runs[run]);
        let records: Vec<PartRecord> = finished
            .iter()
            .filter_map(|&run| store.record(&self.keys[run]))
            .collect();
        assert_eq!(
            records.len(),
            finished.len(),
            "a part is complete when it has its name"
        );
        let metrics: Vec<RunMetrics> = specs()
            .zip(&records)
            .map(|(spec, record)| RunMetrics {
                spec,
                metrics: &record.metrics,
                fingerprint: &record.fingerprint,
            })
            .collect();
        let staged = Staged::begin(store.root().join("assembled"))?;
        let summary = csv::summary(&plan.swept, &metrics);
        let aggregate = csv::aggregate(&plan.swept, &metrics);
        let mut files = staged.tables(&summary, &aggregate)?.to_vec();
        let parts: Vec<_> = finished
            .iter()
            .map(|&run| {
                (
                    csv::run_cells(&plan.runs[run]),
                    store.folder(&self.keys[run]),
                )
            })
            .collect();
        for file in RowFile::ALL.iter().filter(|file| file.wanted(&plan.output)) {
            let columns = csv::run_columns(&plan.swept, file.columns());
            files.push(staged.rows(*file, &columns, &parts)?);
        }
        let runs = finished
            .iter()
            .zip(records)
            .map(|(&run, record)| self.run_record(run, record));
        let manifest = Manifest {
            program: self.program.clone(),
            plan: self.plan.clone(),
            runs: runs.collect(),
            failed,
            files,
            started: self.started.clone(),
            wall_seconds: self.clock.seconds(),
            peak_memory_bytes: peak_memory_bytes(),
            host: Host::this(),
        };
        folder.publish(&staged, &manifest)
    }

    fn run_record(&self, run: usize, record: PartRecord) -> RunRecord {
        let spec = &self.request.plan.runs[run];
        RunRecord {
            run: spec.run,
            swept: spec.swept.clone(),
            repetition: spec.repetition,
            seed: spec.seed,
            key: self.keys[run].clone(),
            fingerprint: record.fingerprint,
            scenario: record.scenario,
            wall_seconds: record.wall_seconds,
            events: record.events,
            events_per_s: record.events as f64 / record.wall_seconds.max(1e-9),
        }
    }
}

const UNPOISONED: &str = "nobody panics while holding it";
