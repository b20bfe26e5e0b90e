//! What stays after an interruption, and what the next call makes of it.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use super::{Call, bytes_of_csv, names};
use crate::catalogue::Metric;
use crate::results::manifest::Manifest;
use crate::results::testing::{lookup, node, plan, simulate};
use crate::results::{AuditSummary, Finish, Notice, Redo, Simulation, Unexcused};

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
    let unfinished = format!(".parts/unfinished-{}", "0".repeat(64));
    fs::write(out.join(unfinished), "lookups.csv 2 \n1,").unwrap();
    fs::write(out.join(".lock"), "").unwrap();

    let simulated = AtomicUsize::new(0);
    let came = Call::new(&plan).run(&out, &|spec, watch, sink| {
        simulated.fetch_add(1, Ordering::Relaxed);
        assert!(spec.run >= 2, "run {} again", spec.run);
        simulate(spec, watch, sink)
    });
    assert_eq!(came.notices, [Notice::Reused(2)]);
    came.done();
    assert_eq!(simulated.into_inner(), 4);
    Call::new(&plan).complete(&whole);
    assert_eq!(bytes_of_csv(&out), bytes_of_csv(&whole));
    assert!(!out.join(".parts").exists());
}

/// In runs done now, in runs that an earlier call has finished, and in a result that is there already.
#[test]
fn what_was_measured_is_the_same_however_it_came_about() {
    let (mut plan, folder) = (plan(&["8", "16"], 2), TempDir::new().unwrap());
    plan.output.audit = true;
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    let now = Call::new(&plan).complete(&a).done();
    let before = Call::new(&plan)
        .run(&a, &|_, _, _| panic!("simulated"))
        .up_to_date();
    Call::in_order(&plan).interrupt(&b);
    let partly = Call::new(&plan).complete(&b);
    assert_eq!(partly.notices, [Notice::Reused(2)]);
    assert_eq!(partly.done(), now);
    assert_eq!(before, now);
    let runs: Vec<u32> = now.runs.iter().map(|run| run.spec.run).collect();
    assert_eq!(runs, [0, 1, 2, 3]);
    assert_eq!(now.runs[2].get(Metric::HopsMean), Some(16.0));
    let first = Unexcused {
        time_s: 2.5,
        invariant: "principals".to_owned(),
        story: "1 s: node 4, \"the fast one\", left; 2 s: node 5 joined".to_owned(),
    };
    let audit = AuditSummary {
        answers: 1,
        violations: 3,
        unexcused: 2,
        first_unexcused: Some(first),
    };
    assert_eq!(now.runs[1].audit, Some(audit));
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

/// More rows than are held in memory, of two tables by turns: they come out as they went in, and the run is kept.
#[test]
fn a_long_run_is_written_in_pieces() {
    let (plan, folder) = (plan(&["8"], 2), TempDir::new().unwrap());
    let out = folder.path();
    let long: &Simulation = &|spec, watch, sink| {
        for number in 0..9000 {
            let lookup = lookup(number, spec.seed, 3);
            sink.take((&lookup).into())?;
            sink.take((&node(number as u32)).into())?;
        }
        simulate(spec, watch, sink)
    };
    let call = Call::in_order(&plan);
    let came = call.run(out, &|spec, watch, sink| {
        if spec.run == 1 {
            call.board.cancel();
        }
        long(spec, watch, sink)
    });
    assert_eq!(came.finish.unwrap(), Finish::Interrupted { finished: 1 });
    let kept = fs::read(out.join(".parts").join(&names(&out.join(".parts"))[0])).unwrap();
    let kept = String::from_utf8(kept).unwrap();
    let pieces = |name| kept.lines().filter(|line| line.starts_with(name)).count();
    assert!(pieces("lookups.csv ") > 2 && pieces("nodes.csv ") > 1);

    let came = Call::new(&plan).run(out, long);
    assert_eq!(came.notices, [Notice::Reused(1)]);
    came.done();
    for (file, rows) in [("lookups.csv", 9050), ("nodes.csv", 9003)] {
        let text = fs::read_to_string(out.join(file)).unwrap();
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(lines.len(), 2 * rows, "{file}");
        for run in 0..2 {
            for number in 0..9000 {
                let begins = format!("{run},8,{run},{},{number},", 100 + run);
                assert!(lines[run * rows + number].starts_with(&begins), "{file}");
            }
        }
    }
}
