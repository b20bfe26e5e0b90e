//! What a result folder holds after success, failure, interruption, change and damage.

mod damage;
mod interruption;
mod reading;
mod repeating;
mod said_once;
mod searching;
mod steps;

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use super::manifest::{Input, Manifest, OverridesEntry, Program};
use super::runner::execute_as;
use super::testing::{plan, simulate};
use super::{
    Assignment, Board, Finish, MeasuredRuns, Notice, Redo, ResultsError, RunError, RunState,
    Simulation,
};
use crate::scenario::Plan;

/// One call on a folder of its own, and what came of it.
struct Call<'a> {
    plan: &'a Plan,
    jobs: usize,
    version: &'a str,
    inputs: &'a [Input],
    board: Board,
}

struct Came<'a> {
    finish: Result<Finish<'a>, ResultsError>,
    notices: Vec<Notice>,
}

impl<'a> Came<'a> {
    /// What all runs measured, of a result that was not there before.
    fn done(self) -> MeasuredRuns<'a> {
        match self.finish.unwrap() {
            Finish::Done { measured, failures } if failures.is_empty() => measured,
            other => panic!("{other:?}"),
        }
    }

    /// What all runs measured, of a result that was there already.
    fn up_to_date(self) -> MeasuredRuns<'a> {
        match self.finish.unwrap() {
            Finish::UpToDate { measured } => measured,
            other => panic!("{other:?}"),
        }
    }
}

impl<'a> Call<'a> {
    fn new(plan: &'a Plan) -> Self {
        let board = Board::new(plan.runs.len());
        Self {
            plan,
            jobs: 2,
            version: "1.0.0",
            inputs: &[],
            board,
        }
    }

    /// Runs come one after the other.
    fn in_order(plan: &'a Plan) -> Self {
        Self {
            jobs: 1,
            ..Self::new(plan)
        }
    }

    fn run(&self, out: &Path, simulation: &Simulation) -> Came<'a> {
        let program = Program {
            name: "chordsim".to_owned(),
            version: self.version.to_owned(),
            git_commit: String::new(),
        };
        let assignment = Assignment {
            plan: self.plan,
            scenario_file: Path::new("fake.toml"),
            scenario_text: "seed = 1\n",
            overrides: &OverridesEntry::default(),
            inputs: self.inputs,
            out,
            jobs: self.jobs,
        };
        let notices = Mutex::new(Vec::new());
        let say = |notice| notices.lock().unwrap().push(notice);
        let finish = execute_as(&program, &assignment, simulation, &self.board, &say);
        Came {
            finish,
            notices: notices.into_inner().unwrap(),
        }
    }

    fn complete(&self, out: &Path) -> Came<'a> {
        let came = self.run(out, &simulate);
        assert!(came.finish.is_ok(), "{:?}", came.finish);
        came
    }

    /// Stops everything in the middle of the third run.
    fn interrupt(&self, out: &Path) -> Came<'a> {
        self.run(out, &|spec, watch, sink| {
            if spec.run == 2 {
                let lookup = super::testing::lookup(0, 0, 0);
                sink.take((&lookup).into()).unwrap();
                self.board.cancel();
            }
            simulate(spec, watch, sink)
        })
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn bytes_of_csv(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = names(folder)
        .into_iter()
        .map(|name| (folder.join(&name), name));
    files
        .filter(|(path, _)| path.extension().is_some_and(|extension| extension == "csv"))
        .map(|(path, name)| (name, fs::read(path).unwrap()))
        .collect()
}

#[test]
fn the_number_of_jobs_changes_no_byte() {
    let (plan, folder) = (plan(&["8", "16", "32"], 3), TempDir::new().unwrap());
    let mut results = Vec::new();
    for jobs in [1, 4] {
        let out = folder.path().join(jobs.to_string());
        let call = Call {
            jobs,
            ..Call::new(&plan)
        };
        call.complete(&out).done();
        assert_eq!(call.board.seats()[8].state(), RunState::Done);
        results.push(bytes_of_csv(&out));
    }
    assert_eq!(results[0], results[1]);
    let files: Vec<&str> = results[0].iter().map(|(name, _)| name.as_str()).collect();
    let all = [
        "aggregate.csv",
        "fingerprints.csv",
        "lookups.csv",
        "nodes.csv",
        "summary.csv",
        "timeline.csv",
    ];
    assert_eq!(files, all);
}

#[test]
fn a_complete_folder_holds_the_files_and_nothing_else() {
    let (plan, folder) = (plan(&["8", "16"], 2), TempDir::new().unwrap());
    let out = folder.path().join("deep/down");
    Call::new(&plan).complete(&out);
    let expected = [
        "aggregate.csv",
        "fingerprints.csv",
        "lookups.csv",
        "manifest.json",
        "nodes.csv",
        "summary.csv",
        "timeline.csv",
    ];
    assert_eq!(names(&out), expected);

    let lookups = fs::read_to_string(out.join("lookups.csv")).unwrap();
    let mut lines = lookups.lines();
    assert_eq!(
        lines.next().unwrap(),
        "run,successors,repetition,seed,lookup,time_s,source,source_id,key,owner_id,answer_id,\
         outcome,hops,timeouts,latency_ms,direct_ms,stretch,reason"
    );
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("0,8,0,100,0,0,0,100,0,7,7,ok,8,0,20,100.123457,")
    );
    assert_eq!(lookups.lines().count(), 1 + 4 * 50);
    assert!(
        lookups
            .lines()
            .last()
            .unwrap()
            .starts_with("3,16,1,101,49,")
    );

    let summary = fs::read_to_string(out.join("summary.csv")).unwrap();
    assert!(summary.starts_with(
        "run,successors,repetition,seed,lookups,hops_mean,events,fingerprint,lost_messages\n\
         0,8,0,100,50,8,1000,0000000000000064,\n\
         1,8,1,101,50,8.333333333333334,1000,0000000000000065,\n"
    ));

    let manifest = Manifest::expect(&out).unwrap();
    assert_eq!(manifest.plan.name, "fake");
    assert_eq!(manifest.runs.len(), 4);
    let scenario = manifest.runs[2].scenario.as_ref().unwrap();
    assert_eq!(scenario["chord"]["successors"], 16);
    assert_eq!(manifest.files.len(), 6);
    let aggregate = fs::read(out.join("aggregate.csv")).unwrap();
    let record = manifest
        .files
        .iter()
        .find(|file| file.name == "aggregate.csv")
        .unwrap();
    assert_eq!(record.sha256, super::sha256_hex(&aggregate));
}

#[test]
fn what_is_not_asked_for_is_not_written_and_an_older_one_goes() {
    let (mut plan, folder) = (plan(&["8"], 1), TempDir::new().unwrap());
    Call::new(&plan).complete(folder.path());
    plan.output.lookups = 0.0;
    plan.output.nodes = false;
    let came = Call::new(&plan).complete(folder.path());
    let changed = Redo::Scenario("output.lookups was 1.0, is 0.0".to_owned());
    assert_eq!(came.notices, [Notice::Redo(changed)]);
    let expected = [
        "aggregate.csv",
        "fingerprints.csv",
        "manifest.json",
        "summary.csv",
        "timeline.csv",
    ];
    assert_eq!(names(folder.path()), expected);
}

#[test]
fn a_second_call_does_nothing() {
    let (mut plan, folder) = (plan(&["8"], 2), TempDir::new().unwrap());
    Call::new(&plan).complete(folder.path());
    let never: &Simulation = &|_, _, _| panic!("simulated");
    let came = Call::new(&plan).run(folder.path(), never);
    came.up_to_date();
    // A new title is a new description of the same runs.
    "A title".clone_into(&mut plan.title);
    let came = Call::new(&plan).run(folder.path(), never);
    came.up_to_date();
    assert_eq!(
        Manifest::expect(folder.path()).unwrap().plan.title,
        "A title"
    );
}

#[test]
fn every_reason_to_do_it_again_is_named() {
    let (plan, folder) = (plan(&["8"], 1), TempDir::new().unwrap());
    let out = folder.path();
    let input = |sha256: &str| {
        [Input {
            path: "rtt.tsv".to_owned(),
            sha256: sha256.to_owned(),
        }]
    };
    let (before, after) = (input("aa"), input("bb"));
    Call {
        inputs: &before,
        ..Call::new(&plan)
    }
    .complete(out);
    let good = bytes_of_csv(out);
    let redone = |came: Came| match &came.notices[..] {
        [Notice::Redo(why)] => why.to_string(),
        other => panic!("{other:?}"),
    };

    let came = Call {
        inputs: &after,
        ..Call::new(&plan)
    }
    .complete(out);
    assert_eq!(redone(came), "scenario changed: the contents of rtt.tsv");
    Call::new(&plan).complete(out);
    let came = Call {
        version: "1.0.1",
        ..Call::new(&plan)
    }
    .complete(out);
    assert_eq!(
        redone(came),
        "version changed: from chordsim 1.0.0 to chordsim 1.0.1"
    );
    let other = super::testing::plan(&["9"], 1);
    let came = Call::new(&other).complete(out);
    assert_eq!(
        redone(came),
        "version changed: from chordsim 1.0.1 to chordsim 1.0.0"
    );
    let came = Call::new(&plan).complete(out);
    assert_eq!(
        redone(came),
        "scenario changed: chord.successors was 9, is 8"
    );
    let longer = super::testing::plan(&["8"], 2);
    let came = Call::new(&longer).complete(out);
    assert_eq!(redone(came), "scenario changed: repeat was 1, is 2");
    Call::new(&plan).complete(out);

    let mut damaged = good[2].1.clone();
    damaged[60] ^= 1;
    fs::write(out.join("lookups.csv"), damaged).unwrap();
    assert_eq!(
        redone(Call::new(&plan).complete(out)),
        "file damaged: lookups.csv"
    );
    fs::remove_file(out.join("nodes.csv")).unwrap();
    assert_eq!(
        redone(Call::new(&plan).complete(out)),
        "file missing: nodes.csv"
    );
    let manifest = fs::read(out.join("manifest.json")).unwrap();
    fs::write(out.join("manifest.json"), &manifest[..manifest.len() / 2]).unwrap();
    assert_eq!(
        redone(Call::new(&plan).complete(out)),
        "file damaged: manifest.json"
    );
    assert_eq!(bytes_of_csv(out), good);
}

#[test]
fn a_failing_run_does_not_stop_the_others_and_is_tried_again() {
    let (plan, folder) = (plan(&["8", "16"], 2), TempDir::new().unwrap());
    let call = Call::new(&plan);
    let came = call.run(folder.path(), &|spec, watch, sink| match spec.run {
        1 => Err(RunError::Failed("out of luck".to_owned())),
        _ => simulate(spec, watch, sink),
    });
    let Ok(Finish::Done { measured, failures }) = came.finish else {
        panic!("{:?}", came.finish)
    };
    let numbers: Vec<u32> = measured.runs.iter().map(|run| run.spec.run).collect();
    assert_eq!(numbers, [0, 2, 3]);
    assert_eq!(failures.len(), 1);
    assert_eq!(
        (failures[0].run, failures[0].reason.as_str()),
        (1, "out of luck")
    );
    assert_eq!(call.board.seats()[1].state(), RunState::Failed);
    let summary = fs::read_to_string(folder.path().join("summary.csv")).unwrap();
    let runs: Vec<&str> = summary.lines().skip(1).map(|line| &line[..1]).collect();
    assert_eq!(runs, ["0", "2", "3"]);
    assert_eq!(Manifest::expect(folder.path()).unwrap().failed, failures);

    let came = Call::new(&plan).complete(folder.path());
    assert_eq!(
        came.notices,
        [Notice::Redo(Redo::Failed(1)), Notice::Reused(3)]
    );
    assert_eq!(came.done().runs.len(), 4);
}

#[test]
fn if_all_runs_fail_nothing_is_left() {
    let (plan, folder) = (plan(&["8", "16"], 2), TempDir::new().unwrap());
    let out = folder.path().join("new");
    let came = Call::new(&plan).run(&out, &|_, _, _| Err(RunError::Failed("no".to_owned())));
    assert!(
        matches!(came.finish, Err(ResultsError::AllFailed { failures }) if failures.len() == 4)
    );
    assert!(!out.exists());
}

#[test]
fn a_full_disk_stops_everything_and_leaves_no_half_files() {
    let (plan, folder) = (plan(&["8", "16"], 2), TempDir::new().unwrap());
    let out = folder.path().join("new");
    let full = || RunError::Sink(io::ErrorKind::StorageFull.into());
    let came = Call::new(&plan).run(&out, &|_, _, _| Err(full()));
    let error = came.finish.unwrap_err();
    let help = miette::Diagnostic::help(&error).unwrap().to_string();
    assert!(help.starts_with("free some space"), "{help}");
    assert!(!out.exists());
}

#[test]
fn a_folder_has_one_writer() {
    let (plan, folder) = (plan(&["8"], 1), TempDir::new().unwrap());
    let came = Call::new(&plan).run(folder.path(), &|spec, watch, sink| {
        let second = Call::new(&plan).run(folder.path(), &simulate);
        assert!(matches!(second.finish, Err(ResultsError::InUse { .. })));
        simulate(spec, watch, sink)
    });
    came.done();
    assert!(!folder.path().join(".lock").exists());
}

#[test]
fn a_file_in_the_way_is_an_error_that_says_so() {
    let (plan, folder) = (plan(&["8"], 1), TempDir::new().unwrap());
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    for out in [file.clone(), file.join("below")] {
        let error = Call::new(&plan).run(&out, &simulate).finish.unwrap_err();
        let help = miette::Diagnostic::help(&error).unwrap().to_string();
        assert!(help.contains("is a file"), "{error}: {help}");
    }
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

/// Two values of a sweep may mean the same run: it is done once and has a row for each.
#[test]
fn equal_runs_are_done_once() {
    let (plan, folder) = (plan(&["8", "8"], 1), TempDir::new().unwrap());
    let simulated = AtomicUsize::new(0);
    let came = Call::new(&plan).run(folder.path(), &|spec, watch, sink| {
        simulated.fetch_add(1, Ordering::Relaxed);
        simulate(spec, watch, sink)
    });
    came.done();
    assert_eq!(simulated.into_inner(), 1);
    assert_eq!(Manifest::expect(folder.path()).unwrap().runs.len(), 2);
}
