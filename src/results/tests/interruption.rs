//! What stays after an interruption, and what the next call makes of it.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use super::{Call, DONE, bytes_of_csv, names};
use crate::results::manifest::Manifest;
use crate::results::testing::{plan, simulate};
use crate::results::{Finish, Notice, Redo};

#[test]
fn an_interruption_keeps_finished_runs_and_no_half_ones() {
    let (plan, folder) = (plan(&["8", "16"], 3), TempDir::new().unwrap());
    let (out, whole) = (folder.path().join("a"), folder.path().join("b"));
    let came = Call::in_order(&plan).interrupt(&out);
    assert_eq!(came.finish.unwrap(), Finish::Interrupted { finished: 2 });
    assert_eq!(names(&out), [".parts"]);
    assert_eq!(names(&out.join(".parts")).len(), 2);
    assert!(
        names(&out.join(".parts"))
            .iter()
            .all(|name| name.len() == 64)
    );
    // What a killed process leaves behind is no obstacle.
    fs::create_dir(out.join(".parts/unfinished-x")).unwrap();
    fs::write(out.join(".lock"), "").unwrap();

    let simulated = AtomicUsize::new(0);
    let came = Call::new(&plan).run(&out, &|spec, watch, sink| {
        simulated.fetch_add(1, Ordering::Relaxed);
        assert!(spec.run >= 2, "run {} again", spec.run);
        simulate(spec, watch, sink)
    });
    assert_eq!(came.finish.unwrap(), DONE);
    assert_eq!(came.notices, [Notice::Reused(2)]);
    assert_eq!(simulated.into_inner(), 4);
    Call::new(&plan).complete(&whole);
    assert_eq!(bytes_of_csv(&out), bytes_of_csv(&whole));
    assert!(!out.join(".parts").exists());
}

#[test]
fn an_interruption_leaves_an_older_result_as_it_is() {
    let (old, new) = (plan(&["8"], 2), plan(&["8", "16"], 2));
    let folder = TempDir::new().unwrap();
    Call::new(&old).complete(folder.path());
    let before = bytes_of_csv(folder.path());
    let came = Call::in_order(&new).interrupt(folder.path());
    assert_eq!(came.finish.unwrap(), Finish::Interrupted { finished: 2 });
    assert_eq!(bytes_of_csv(folder.path()), before);
    assert_eq!(Manifest::expect(folder.path()).unwrap().runs.len(), 2);
}

#[test]
fn kept_runs_of_another_version_are_not_used_and_it_says_so() {
    let (plan, folder) = (plan(&["8", "16"], 3), TempDir::new().unwrap());
    Call::in_order(&plan).interrupt(folder.path());
    let newer = Call {
        version: "2.0.0",
        ..Call::in_order(&plan)
    };
    let version = Redo::Version {
        from: "chordsim 1.0.0".to_owned(),
        to: "chordsim 2.0.0".to_owned(),
    };
    assert_eq!(
        newer.interrupt(folder.path()).notices,
        [Notice::Redo(version)]
    );
}

#[test]
fn kept_runs_of_another_scenario_are_not_used_and_it_says_so() {
    let (before, after) = (plan(&["8", "16"], 3), plan(&["32"], 3));
    let folder = TempDir::new().unwrap();
    Call::in_order(&before).interrupt(folder.path());
    let came = Call::new(&after).complete(folder.path());
    let scenario = Redo::Scenario("chord.successors was 8, is 32".to_owned());
    assert_eq!(came.notices, [Notice::Redo(scenario)]);
    assert_eq!(Manifest::expect(folder.path()).unwrap().runs.len(), 3);
}

#[test]
fn kept_rows_that_are_damaged_are_done_again() {
    let (plan, folder) = (plan(&["8", "16"], 3), TempDir::new().unwrap());
    Call::in_order(&plan).interrupt(folder.path());
    let parts = folder.path().join(".parts");
    let rows = parts.join(&names(&parts)[0]).join("nodes.csv");
    let mut bytes = fs::read(&rows).unwrap();
    bytes[0] ^= 1;
    fs::write(&rows, bytes).unwrap();
    let came = Call::new(&plan).complete(folder.path());
    assert!(
        matches!(came.notices[0], Notice::Redo(Redo::Damaged(_))),
        "{:?}",
        came.notices
    );
    assert_eq!(came.notices[1], Notice::Reused(1));
}
