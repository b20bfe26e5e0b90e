//! A plan of which a search makes some runs: interrupted, failed, damaged, and asked for something else.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use tempfile::TempDir;

use super::{Call, Came, bytes_of_csv, names};
use crate::catalogue::{Metric, RecordSink, RunSummary};
use crate::results::testing::{searched_plan, simulate};
use crate::results::{Finish, Notice, Redo, RunError, Status, Thresholds};
use crate::scenario::{Plan, RunSpec};
use crate::sim::Watch;

/// The rate falls with the share of selfish peers, and passes a half at 0.36 for the first seed, at 0.46 for the second, and
/// at 0.2 more where `lookups_per_s` is 1.
fn falling(
    spec: &RunSpec,
    watch: &Watch,
    sink: &mut dyn RecordSink,
) -> Result<RunSummary, RunError> {
    let mut summary = simulate(spec, watch, sink)?;
    summary.fingerprint = format!("{:016x}", spec.run);
    let threshold =
        0.36 + 0.1 * f64::from(spec.repetition) + 0.2 * spec.scenario.workload.lookups_per_s;
    let rate = 0.5 + (threshold - spec.scenario.selfish.fraction) / 10.0;
    summary.set(Metric::SuccessRate, Some(rate));
    Ok(summary)
}

/// Calls that count the runs they make.
fn counted<'a>(call: &Call<'a>, out: &Path, made: &Mutex<Vec<u32>>) -> Came<'a> {
    call.run(out, &|spec, watch, sink| {
        made.lock().unwrap().push(spec.run);
        falling(spec, watch, sink)
    })
}

fn searched(made: usize, reused: usize) -> Notice {
    Notice::Searched {
        at_most: 2 * 2 * 7,
        made,
        reused,
    }
}

fn statuses(plan: &Plan, came: Came<'_>) -> Vec<(Status, Vec<f64>)> {
    let Ok(Finish::Done { measured, .. } | Finish::UpToDate { measured }) = came.finish else {
        panic!("{:?}", came.finish);
    };
    let thresholds = Thresholds::of(plan, &measured).unwrap();
    let all = thresholds.combinations.into_iter();
    all.map(|one| (one.status, one.values)).collect()
}

/// On 10 steps: 0, 0.2, 0.5, 0.7 and 1, then between 0.2 and 0.5 the middle, 0.3, and 0.4. (0.56 and 0.66 lie between 0.5 and
/// 0.7: 0.6 is left.)
#[test]
fn a_search_makes_the_runs_that_it_needs_and_no_others() {
    let (plan, folder) = (searched_plan(2, 2), TempDir::new().unwrap());
    let made = Mutex::new(Vec::new());
    let came = counted(&Call::new(&plan), folder.path(), &made);
    assert_eq!(came.notices, [searched(26, 0)]);
    let run = |combination: u32, value: u32, seed: u32| combination * 22 + value * 2 + seed;
    let mut expected = Vec::new();
    for (combination, values) in [(0, &[0, 2, 3, 4, 5, 7, 10][..]), (1, &[0, 2, 5, 6, 7, 10])] {
        let both = values
            .iter()
            .flat_map(|value| [0, 1].map(|seed| run(combination, *value, seed)));
        expected.extend(both);
    }
    let mut runs = made.lock().unwrap().clone();
    runs.sort_unstable();
    assert_eq!(runs, expected);
    let found = statuses(&plan, came);
    assert_eq!(found[0], (Status::Found, vec![0.35, 0.45]));
    assert_eq!(found[1], (Status::Found, vec![0.55, 0.65]));
    // Now it is there.
    let again = Call::new(&plan).run(folder.path(), &|_, _, _| panic!("simulated"));
    assert!(again.notices.is_empty());
    assert_eq!(statuses(&plan, again), found);
}

/// Whichever run it stops at: what was finished is not made again, and no byte tells that there was an interruption.
#[test]
fn wherever_it_is_interrupted_it_comes_to_the_same_end() {
    let (plan, folder) = (searched_plan(2, 2), TempDir::new().unwrap());
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
            let summary = falling(spec, watch, sink)?;
            made.lock().unwrap().push(spec.run);
            Ok(summary)
        });
        assert_eq!(came.finish.unwrap(), Finish::Interrupted { finished: stop });
        let came = counted(&Call::new(&plan), &out, &made);
        assert_eq!(came.notices, [searched(all.len() - stop, stop)]);
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

/// Another level tries other values; back again everything is there, and the files are what they were.
#[test]
fn another_level_uses_what_is_there() {
    let (plan, folder) = (searched_plan(2, 2), TempDir::new().unwrap());
    let made = Mutex::new(Vec::new());
    counted(&Call::new(&plan), folder.path(), &made).done();
    let before = bytes_of_csv(folder.path());
    let mut other = plan.clone();
    // Passed a tenth of 0.05 later: at 0.41, 0.51, 0.61 and 0.71.
    other.threshold.as_mut().unwrap().level = 0.495;
    made.lock().unwrap().clear();
    let came = counted(&Call::new(&other), folder.path(), &made);
    assert!(
        matches!(&came.notices[0], Notice::Redo(Redo::Scenario(what)) if what == "threshold.level was 0.5, is 0.495")
    );
    let found = statuses(&other, came);
    assert_eq!(
        [&found[0].1, &found[1].1],
        [&vec![0.45, 0.55], &vec![0.65, 0.75]]
    );
    // 0.6 of the second seed of the first combination, 0.8 of that of the second: 0.85 would be the middle of 0.7 and 1.
    assert_eq!(made.lock().unwrap().len(), 2);
    let came = Call::new(&plan).run(folder.path(), &|_, _, _| panic!("simulated"));
    assert_eq!(came.notices[1], searched(0, 26));
    came.done();
    assert_eq!(bytes_of_csv(folder.path()), before);
    // Without the parts the result is whole; what else is asked for is made anew.
    fs::remove_dir_all(folder.path().join(".parts")).unwrap();
    let came = Call::new(&plan).run(folder.path(), &|_, _, _| panic!("simulated"));
    came.up_to_date();
}

/// The seed of a run that failed has no threshold; the next call makes that run, and goes on from there.
#[test]
fn a_run_that_failed_is_tried_again() {
    let (plan, folder) = (searched_plan(2, 2), TempDir::new().unwrap());
    let whole = folder.path().join("whole");
    Call::new(&plan).run(&whole, &falling).done();
    let out = folder.path().join("a");
    let came = Call::new(&plan).run(&out, &|spec, watch, sink| {
        if spec.run == 6 {
            return Err(RunError::Failed("a bad day".to_owned()));
        }
        falling(spec, watch, sink)
    });
    let Ok(Finish::Done { failures, .. }) = &came.finish else {
        panic!("{:?}", came.finish);
    };
    assert_eq!((failures.len(), failures[0].run), (1, 6));
    let found = statuses(&plan, came);
    let kinds: Vec<Status> = found.iter().map(|(status, _)| *status).collect();
    assert_eq!(kinds, [Status::Failed, Status::Found]);
    let made = Mutex::new(Vec::new());
    let came = counted(&Call::new(&plan), &out, &made);
    assert_eq!(
        came.notices,
        [Notice::Redo(Redo::Failed(1)), searched(2, 24)]
    );
    // And the one that depends on it: 0.4 was not tried before.
    assert_eq!(made.into_inner().unwrap(), [6, 8]);
    came.done();
    assert_eq!(bytes_of_csv(&out), bytes_of_csv(&whole));
}

#[test]
fn a_part_that_is_damaged_is_made_again() {
    let (plan, folder) = (searched_plan(2, 2), TempDir::new().unwrap());
    let out = folder.path();
    Call::new(&plan).run(out, &falling).done();
    let whole = bytes_of_csv(out);
    let parts = names(&out.join(".parts"));
    assert_eq!(parts.len(), 26);
    fs::remove_file(out.join("manifest.json")).unwrap();
    for part in &parts[..3] {
        let path = out.join(".parts").join(part);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    }
    for (name, _) in &whole {
        fs::remove_file(out.join(name)).unwrap();
    }
    let came = Call::new(&plan).run(out, &falling);
    let redone = came
        .notices
        .iter()
        .filter(|it| matches!(it, Notice::Redo(Redo::Kept { .. })));
    assert_eq!(redone.count(), 3);
    assert_eq!(came.notices.last(), Some(&searched(3, 23)));
    came.done();
    assert_eq!(bytes_of_csv(out), whole);
}

/// A result that somebody has cut down to fewer runs, manifest and all, is not taken for that of the search.
#[test]
fn a_result_with_other_runs_than_those_of_the_search_is_made_again() {
    let (plan, folder) = (searched_plan(1, 2), TempDir::new().unwrap());
    Call::new(&plan).run(folder.path(), &falling).done();
    let mut none = plan.clone();
    // The same runs, of which this search would make fewer.
    none.threshold.as_mut().unwrap().level = -1.0;
    let fewer = folder.path().join("fewer");
    Call::new(&none).run(&fewer, &falling).done();
    let path = fewer.join("manifest.json");
    let manifest = fs::read_to_string(&path).unwrap();
    let changed = manifest.replacen("-1.0", "0.5", 1);
    assert_ne!(manifest, changed);
    fs::write(&path, changed).unwrap();
    let came = Call::new(&plan).run(&fewer, &falling);
    assert_eq!(
        came.notices[0],
        Notice::Redo(Redo::Damaged("manifest.json".to_owned()))
    );
    came.done();
    assert_eq!(bytes_of_csv(&fewer), bytes_of_csv(folder.path()));
}
