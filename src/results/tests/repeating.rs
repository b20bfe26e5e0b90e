//! A plan with as many repetitions as an interval takes: interrupted, failed, damaged, and asked for another width.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use tempfile::TempDir;

use super::{Call, Came, bytes_of_csv, names};
use crate::catalogue::{Metric, RecordSink, RunSummary};
use crate::results::manifest::Manifest;
use crate::results::testing::{plan, simulate};
use crate::results::{Ending, Finish, Notice, Redo, Repetitions, RunError};
use crate::scenario::{Plan, RunSpec, Until, Width};
use crate::sim::Watch;

/// Two combinations with at most 12 repetitions of each.
fn repeated(half: f64) -> Plan {
    let mut plan = plan(&["8", "16"], 12);
    plan.until = Some(Until {
        metric: Metric::SuccessRate,
        within: Width::Absolute(half),
        least: 5,
        most: 12,
    });
    plan
}

/// What is measured goes round: the value of repetition k is its last digit base 3, times 1 where `successors` is 8 and 4 where it is 16.
fn turning(
    spec: &RunSpec,
    watch: &Watch,
    sink: &mut dyn RecordSink,
) -> Result<RunSummary, RunError> {
    let mut summary = simulate(spec, watch, sink)?;
    summary.fingerprint = format!("{:016x}", spec.run);
    let factor = if spec.combination == 0 { 1.0 } else { 4.0 };
    summary.set(
        Metric::SuccessRate,
        Some(10.0 + factor * f64::from(spec.repetition % 3)),
    );
    Ok(summary)
}

fn counted<'a>(call: &Call<'a>, out: &Path, made: &Mutex<Vec<u32>>) -> Came<'a> {
    call.run(out, &|spec, watch, sink| {
        made.lock().unwrap().push(spec.run);
        turning(spec, watch, sink)
    })
}

fn told(made: usize, reused: usize) -> Notice {
    Notice::Repeated {
        at_most: 24,
        made,
        reused,
    }
}

fn endings(plan: &Plan, came: Came<'_>) -> Vec<(usize, Ending)> {
    let Ok(Finish::Done { measured, .. } | Finish::UpToDate { measured }) = came.finish else {
        panic!("{:?}", came.finish);
    };
    let all = Repetitions::of(plan, &measured).unwrap().combinations;
    all.iter().map(|one| (one.runs, one.ending)).collect()
}

/// 0, 1, 2, 0, 1: mean 0.8, s = sqrt(0.7), half 1.039: enough for 1.1. Four times that is 4.155, and with 10 values of 0, 1
/// and 2 in turns (s^2 = 0.7667) 4 * 2.262157 * 0.27689 = 2.5055, with 12 (s^2 = 0.72727) 4 * 2.200985 * 0.24618 = 2.1674.
#[test]
fn each_combination_stops_where_its_interval_is_narrow_enough_or_at_the_cap() {
    let (plan, folder) = (repeated(1.1), TempDir::new().unwrap());
    let made = Mutex::new(Vec::new());
    let came = counted(&Call::new(&plan), folder.path(), &made);
    assert_eq!(came.notices, [told(17, 0)]);
    let mut runs = made.lock().unwrap().clone();
    runs.sort_unstable();
    assert_eq!(runs, (0..5).chain(12..24).collect::<Vec<u32>>());
    let found = endings(&plan, came);
    assert_eq!(found, [(5, Ending::Reached), (12, Ending::Cap)]);
    let manifest = Manifest::expect(folder.path()).unwrap();
    let said: Vec<(usize, &str)> = manifest
        .repetitions
        .iter()
        .map(|one| (one.runs, one.ending.as_str()))
        .collect();
    assert_eq!(said, [(5, "reached"), (12, "cap")]);
    assert!((manifest.repetitions[0].ci95.unwrap() - 1.0388).abs() < 1e-3);
    // Now it is there.
    let again = Call::new(&plan).run(folder.path(), &|_, _, _| panic!("simulated"));
    assert!(again.notices.is_empty());
    assert_eq!(endings(&plan, again), found);
}

#[test]
fn the_same_runs_are_made_whatever_goes_on_at_once() {
    let (plan, folder) = (repeated(1.1), TempDir::new().unwrap());
    let [one, many] = ["one", "many"].map(|name| folder.path().join(name));
    Call::in_order(&plan).run(&one, &turning).done();
    let many_at_once = Call {
        jobs: 8,
        ..Call::new(&plan)
    };
    many_at_once.run(&many, &turning).done();
    assert_eq!(bytes_of_csv(&one), bytes_of_csv(&many));
}

/// Whichever run it stops at: what was finished is not made again, and no byte tells that there was an interruption.
#[test]
fn wherever_it_is_interrupted_it_comes_to_the_same_end() {
    let (plan, folder) = (repeated(1.1), TempDir::new().unwrap());
    let whole = folder.path().join("whole");
    let all = Mutex::new(Vec::new());
    counted(&Call::in_order(&plan), &whole, &all).done();
    let all = all.into_inner().unwrap();
    for stop in 0..all.len() {
        let out = folder.path().join(stop.to_string());
        let (call, made) = (Call::in_order(&plan), Mutex::new(Vec::new()));
        let came = call.run(&out, &|spec, watch, sink| {
            if made.lock().unwrap().len() == stop {
                call.board.cancel();
            }
            let summary = turning(spec, watch, sink)?;
            made.lock().unwrap().push(spec.run);
            Ok(summary)
        });
        assert_eq!(came.finish.unwrap(), Finish::Interrupted { finished: stop });
        let came = counted(&Call::new(&plan), &out, &made);
        assert_eq!(came.notices, [told(all.len() - stop, stop)]);
        came.done();
        let (mut made, mut expected) = (made.into_inner().unwrap(), all.clone());
        made.sort_unstable();
        expected.sort_unstable();
        assert_eq!(made, expected, "stopped at {stop}");
        assert_eq!(
            bytes_of_csv(&out),
            bytes_of_csv(&whole),
            "stopped at {stop}"
        );
    }
}

/// A narrower interval takes more of the same repetitions; back again everything is there, and the files are what they were.
#[test]
fn another_width_uses_what_is_there() {
    let (plan, folder) = (repeated(1.1), TempDir::new().unwrap());
    let made = Mutex::new(Vec::new());
    counted(&Call::new(&plan), folder.path(), &made).done();
    let before = bytes_of_csv(folder.path());
    // 5 (1.039 / 0.8)^2 = 8.4: 9 should do, and do (s^2 = 0.75, half 0.666).
    let narrow = repeated(0.8);
    made.lock().unwrap().clear();
    let came = counted(&Call::new(&narrow), folder.path(), &made);
    assert!(
        matches!(&came.notices[0], Notice::Redo(Redo::Scenario(what)) if what.starts_with("until.within was"))
    );
    let found = endings(&narrow, came);
    assert_eq!(found, [(9, Ending::Reached), (12, Ending::Cap)]);
    let mut more = made.lock().unwrap().clone();
    more.sort_unstable();
    assert_eq!(more, [5, 6, 7, 8]);
    let came = Call::new(&plan).run(folder.path(), &|_, _, _| panic!("simulated"));
    assert_eq!(came.notices[1], told(0, 17));
    came.done();
    assert_eq!(bytes_of_csv(folder.path()), before);
}

/// A combination of which a run failed has no more; the next call makes that run, and goes on from there.
#[test]
fn a_run_that_failed_is_tried_again() {
    let (plan, folder) = (repeated(1.1), TempDir::new().unwrap());
    let whole = folder.path().join("whole");
    Call::new(&plan).run(&whole, &turning).done();
    let out = folder.path().join("a");
    let came = Call::new(&plan).run(&out, &|spec, watch, sink| {
        if spec.run == 14 {
            return Err(RunError::Failed("a bad day".to_owned()));
        }
        turning(spec, watch, sink)
    });
    let found = endings(&plan, came);
    assert_eq!(found, [(5, Ending::Reached), (4, Ending::Failed)]);
    let made = Mutex::new(Vec::new());
    let came = counted(&Call::new(&plan), &out, &made);
    assert_eq!(came.notices, [Notice::Redo(Redo::Failed(1)), told(8, 9)]);
    came.done();
    assert_eq!(bytes_of_csv(&out), bytes_of_csv(&whole));
}

#[test]
fn a_part_that_is_damaged_is_made_again() {
    let (plan, folder) = (repeated(1.1), TempDir::new().unwrap());
    let out = folder.path();
    Call::new(&plan).run(out, &turning).done();
    let whole = bytes_of_csv(out);
    let parts = names(&out.join(".parts"));
    assert_eq!(parts.len(), 17);
    fs::remove_file(out.join("manifest.json")).unwrap();
    for part in &parts[..3] {
        let path = out.join(".parts").join(part);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    }
    for (name, _) in &whole {
        fs::remove_file(out.join(name)).unwrap();
    }
    let came = Call::new(&plan).run(out, &turning);
    assert_eq!(came.notices.last(), Some(&told(3, 14)));
    came.done();
    assert_eq!(bytes_of_csv(out), whole);
}
