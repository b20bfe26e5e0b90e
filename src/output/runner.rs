//! Does the runs of a plan that are missing, several at a time, and puts the result together.
//!
//! What a run does comes in as a function. Which run ends first, and how many go on at once, is
//! nowhere to be seen in the result.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::board::{Board, RunState};
use super::clock::{Stopwatch, utc_now};
use super::csv::{self, RowFile, RunMetrics};
use super::error::{Context as _, OutputError};
use super::folder::{Folder, Staged};
use super::host::{Host, peak_memory_bytes};
use super::key::run_key;
use super::manifest::{Input, Manifest, OverridesRecord, PlanRecord, Program, RunRecord};
use super::part::{PartRecord, Store};
use super::redo::{Redo, Wanted};
use crate::metrics::{RecordSink, RunSummary};
use crate::scenario::{Plan, RunSpec};
use crate::sim::{SimError, Watch};

/// Simulates one run: reports to the watch, stops when asked to, gives its rows to the sink.
pub type Simulation<'a> =
    dyn Fn(&RunSpec, &Watch, &mut dyn RecordSink) -> Result<RunSummary, RunError> + Sync + 'a;

/// Why a run did not come to its end.
#[derive(Debug)]
pub enum RunError {
    /// It was asked to stop.
    Cancelled,
    /// The sink would not take a row; no other run's would either.
    Sink(io::Error),
    /// Anything else: the run's own misfortune.
    Failed(String),
}

impl From<SimError> for RunError {
    fn from(error: SimError) -> Self {
        match error {
            SimError::Cancelled => Self::Cancelled,
            SimError::Sink(error) => Self::Sink(error),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<io::Error> for RunError {
    fn from(error: io::Error) -> Self {
        Self::Sink(error)
    }
}

/// What is to be run, and where its results go.
pub struct Request<'a> {
    /// The runs.
    pub plan: &'a Plan,
    /// The scenario file, as it was named.
    pub scenario_file: &'a Path,
    /// Its text.
    pub scenario_text: &'a str,
    /// What the command line put on top.
    pub overrides: &'a OverridesRecord,
    /// The data files it refers to.
    pub inputs: &'a [Input],
    /// The result folder.
    pub out: &'a Path,
    /// How many runs go on at once, at least 1.
    pub jobs: usize,
}

/// A run that ended by an error.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Failure {
    /// Its number.
    pub run: u32,
    /// Values of the swept keys.
    pub swept: Vec<String>,
    /// Which repetition.
    pub repetition: u32,
    /// What happened.
    pub reason: String,
}

/// How it ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finish {
    /// The result was there already; nothing was simulated.
    UpToDate,
    /// The result is complete but for these runs.
    Done {
        /// Runs that ended by an error; not all of them.
        failures: Vec<Failure>,
    },
    /// It was stopped; the result is as it was before.
    Interrupted {
        /// Finished runs, which are kept.
        finished: usize,
    },
}

/// Something a user would like to know along the way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notice {
    /// Runs are done again although results are there.
    Redo(Redo),
    /// So many runs were finished by an earlier command and are used.
    Reused(usize),
}

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
) -> Result<Finish, OutputError> {
    execute_as(&Program::this(), request, simulation, board, say)
}

/// [`execute`], with the program's version given: two versions can be told apart in a test.
pub(super) fn execute_as(
    program: &Program,
    request: &Request,
    simulation: &Simulation,
    board: &Board,
    say: &dyn Fn(Notice),
) -> Result<Finish, OutputError> {
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
    fn is_up_to_date(&self, folder: &Folder, say: &dyn Fn(Notice)) -> Result<bool, OutputError> {
        let manifest = match Manifest::read(folder.path()) {
            Ok(None) => return Ok(false),
            Ok(Some(manifest)) => manifest,
            Err(OutputError::Manifest { .. }) => {
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
    ) -> Result<Finish, OutputError> {
        let todo = self.missing(store, board, say)?;
        let failures = self.run_all(&todo, store, simulation, board)?;
        let failed: BTreeSet<&str> = failures.iter().map(|failure| self.key(failure)).collect();
        let finished: Vec<usize> = (0..self.keys.len())
            .filter(|&run| store.folder(&self.keys[run]).exists())
            .collect();
        if board.cancelled() && finished.len() + failed.len() < self.keys.len() {
            return Ok(Finish::Interrupted {
                finished: finished.len(),
            });
        }
        if finished.is_empty() {
            return Err(OutputError::AllFailed { failures });
        }
        self.publish(folder, store, &finished, failures.clone())?;
        if failures.is_empty() {
            fs::remove_dir_all(store.root()).context("remove", store.root())?;
        }
        Ok(Finish::Done { failures })
    }

    fn key(&self, failure: &Failure) -> &str {
        &self.keys[failure.run as usize]
    }

    /// The runs to be done: one for each key that no finished run has.
    fn missing(
        &self,
        store: &Store,
        board: &Board,
        say: &dyn Fn(Notice),
    ) -> Result<Vec<usize>, OutputError> {
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
    ) -> Result<Vec<Failure>, OutputError> {
        let jobs = self.request.jobs;
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(jobs.min(todo.len()).max(1))
            .build()
            .map_err(|source| OutputError::Threads { jobs, source })?;
        let (failures, fatal) = (Mutex::new(Vec::new()), Mutex::new(None));
        pool.scope_fifo(|scope| {
            for &run in todo {
                let (failures, fatal) = (&failures, &fatal);
                scope.spawn_fifo(move |_| match self.run_one(run, store, simulation, board) {
                    Ok(failure) => failures.lock().expect(UNPOISONED).extend(failure),
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
        let mut failures = failures.into_inner().expect(UNPOISONED);
        failures.sort_by_key(|failure: &Failure| failure.run);
        Ok(failures)
    }

    /// Does one run. A failure is the run's own; an error stops everything.
    fn run_one(
        &self,
        run: usize,
        store: &Store,
        simulation: &Simulation,
        board: &Board,
    ) -> Result<Option<Failure>, OutputError> {
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
            Err(RunError::Cancelled) => {
                seat.set(RunState::Waiting);
                return Ok(None);
            }
            Err(RunError::Sink(error)) => return Err(error).context("write to", store.root()),
            Err(RunError::Failed(reason)) => {
                seat.set(RunState::Failed);
                return Ok(Some(failure(spec, reason)));
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
    ) -> Result<(), OutputError> {
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
        for file in RowFile::ALL
            .into_iter()
            .filter(|file| file.wanted(&plan.output))
        {
            let columns = csv::run_columns(&plan.swept, file.columns());
            files.push(staged.rows(file, &columns, &parts)?);
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

fn failure(spec: &RunSpec, reason: String) -> Failure {
    Failure {
        run: spec.run,
        swept: spec.swept.clone(),
        repetition: spec.repetition,
        reason,
    }
}
