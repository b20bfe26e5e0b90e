//! Manifests in which a scenario stands once for all repetitions, and those in which every run has its own.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::Call;
use crate::results::manifest::{self, Manifest};
use crate::results::testing::plan;
use crate::results::verify::{self, Side};
use crate::results::{Finish, Notice, Redo};

fn read(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join(manifest::FILE)).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn write(folder: &Path, manifest: &Value) {
    let json = serde_json::to_vec_pretty(manifest).unwrap();
    fs::write(folder.join(manifest::FILE), json).unwrap();
}

/// Every run has its own, as they all had once.
fn say_it_of_every_run(manifest: &mut Value) {
    let mut said = Value::Null;
    for run in manifest["runs"].as_array_mut().unwrap() {
        match run.get("scenario") {
            Some(scenario) => said = scenario.clone(),
            None => run["scenario"] = said.clone(),
        }
    }
}

#[test]
fn a_scenario_stands_once_for_all_repetitions() {
    let (plan, folder) = (plan(&["8", "16"], 3), TempDir::new().unwrap());
    Call::new(&plan).complete(folder.path());
    let json = read(folder.path());
    let runs = json["runs"].as_array().unwrap().iter();
    let successors: Vec<_> = runs
        .map(|run| run.get("scenario")?["chord"]["successors"].as_u64())
        .collect();
    let expected = [Some(8), None, None, Some(16), None, None];
    assert_eq!(successors, expected);
    let manifest = Manifest::expect(folder.path()).unwrap();
    let successors: Vec<_> = manifest
        .runs_and_scenarios()
        .map(|(_, scenario)| scenario.unwrap()["chord"]["successors"].as_u64().unwrap())
        .collect();
    assert_eq!(successors, [8, 8, 8, 16, 16, 16]);
}

/// A line for a run: its key and fingerprint, six numbers and their names.
#[test]
fn a_repetition_takes_a_line_of_the_manifest() {
    let text = |repeat| {
        let (plan, folder) = (plan(&["8"], repeat), TempDir::new().unwrap());
        Call::new(&plan).complete(folder.path());
        fs::read_to_string(folder.path().join(manifest::FILE)).unwrap()
    };
    let (many, one) = (text(21), text(1));
    assert_eq!(many.lines().count() - one.lines().count(), 20);
    let each = (many.len() - one.len()) / 20;
    assert!(each < 250, "{each} bytes");
}

#[test]
fn a_manifest_that_says_it_of_every_run_is_understood() {
    let (plan, folder) = (plan(&["8", "16"], 2), TempDir::new().unwrap());
    let out = folder.path();
    Call::new(&plan).complete(out);
    let mut json = read(out);
    say_it_of_every_run(&mut json);
    write(out, &json);
    let came = Call::new(&plan).complete(out);
    assert!(matches!(came.finish, Ok(Finish::UpToDate { .. })));
    assert_eq!(misnamed(out, |_| {}), [0_u32; 0]);

    json["runs"][3]["scenario"]["chord"]["successors"] = 17.into();
    write(out, &json);
    let came = Call::new(&plan).complete(out);
    let changed = Redo::Scenario("chord.successors was 17, is 16".to_owned());
    assert_eq!(came.notices, [Notice::Redo(changed)]);
}

/// No digest vouches for the manifest, but the rows of summary.csv are there to hold it against.
#[test]
fn a_manifest_that_says_something_else_of_a_run_than_its_row_is_written_anew() {
    let (plan, folder) = (plan(&["8", "16"], 2), TempDir::new().unwrap());
    let out = folder.path();
    Call::new(&plan).complete(out);
    let good = read(out)["runs"].clone();
    let kept = ["run", "repetition", "fingerprint", "events"];
    for (run, key, value) in [
        (1, "fingerprint", Value::from("0000000000000000")),
        (2, "events", 999.into()),
        (3, "repetition", 0.into()),
        (0, "run", 1.into()),
    ] {
        let mut json = read(out);
        json["runs"][run][key] = value;
        write(out, &json);
        let came = Call::new(&plan).complete(out);
        assert!(matches!(came.finish, Ok(Finish::Done { .. })), "{key}");
        assert!(matches!(&came.notices[..], [Notice::Redo(_)]), "{key}");
        let now = &read(out)["runs"];
        for run in 0..4 {
            for key in kept {
                assert_eq!(now[run][key], good[run][key]);
            }
        }
    }
}

/// What `verify` holds against a manifest that is changed like this.
fn misnamed(out: &Path, forge: impl FnOnce(&mut Value)) -> Vec<u32> {
    let now = Manifest::expect(out).unwrap();
    let mut json = read(out);
    forge(&mut json);
    let then: Manifest = serde_json::from_value(json).unwrap();
    let side = |manifest| Side {
        folder: out,
        manifest,
    };
    let (then, now) = (side(&then), side(&now));
    let report = verify::compare(then, &verify::changes(then), now, &|| false).unwrap();
    report.misnamed
}

#[test]
fn whatever_run_is_described_otherwise_is_a_difference() {
    let (plan, folder) = (plan(&["8", "16"], 3), TempDir::new().unwrap());
    let out = folder.path();
    Call::new(&plan).complete(out);
    assert_eq!(misnamed(out, say_it_of_every_run), [0_u32; 0]);
    let forged = misnamed(out, |json| {
        say_it_of_every_run(json);
        json["runs"][4]["scenario"]["chord"]["successors"] = 8.into();
    });
    assert_eq!(forged, [4]);
    let forged = misnamed(out, |json| {
        json["runs"][3]["scenario"]["chord"]["successors"] = 17.into();
    });
    assert_eq!(forged, [3, 4, 5]);
    // Left out it would be that of the combination before, or none.
    let leave_out = |run: usize| {
        misnamed(out, |json| {
            json["runs"][run]
                .as_object_mut()
                .unwrap()
                .remove("scenario");
        })
    };
    assert_eq!(leave_out(3), [3, 4, 5]);
    assert_eq!(leave_out(0), [0, 1, 2]);
    for (run, told) in [
        (3, "chord.successors was 8, is 16"),
        (0, "what was simulated is not said"),
    ] {
        let mut json = read(out);
        json["runs"][run]
            .as_object_mut()
            .unwrap()
            .remove("scenario");
        write(out, &json);
        let came = Call::new(&plan).complete(out);
        assert_eq!(
            came.notices,
            [Notice::Redo(Redo::Scenario(told.to_owned()))]
        );
    }
}
