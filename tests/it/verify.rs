//! `chordsim verify`: a result that is what its scenario gives, and all the ways in which it may not
//! be.

use std::fs;
use std::path::Path;

use crate::common::program::{assert_same_files, chordsim, files};
use assert_cmd::assert::Assert;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::{contains, diff, is_empty};
use serde_json::Value;
use tempfile::TempDir;

/// A sweep with repetitions, churn and a data file.
const SCENARIO: &str = r#"
warmup   = "10s"
duration = "1m"
sample   = "10s"
repeat   = 2
[overlay]
nodes = 6
[network]
model = "matrix"
[network.matrix]
file = "rtt.csv"
[churn]
model = "poisson"
[churn.poisson]
joins_per_s = 0.05
leaves_per_s = 0.05
[sweep]
"chord.routing" = ["fingers", "successors"]
"#;

const RTT: &str = "0,20,30\n20,0,40\n30,40,0\n";

/// A folder with a result in `results/it`, and the scenario it comes from in `scenarios/`.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let scenarios = folder.path().join("scenarios");
    fs::create_dir(&scenarios).unwrap();
    fs::write(scenarios.join("it.toml"), SCENARIO).unwrap();
    fs::write(scenarios.join("rtt.csv"), RTT).unwrap();
    run(
        folder.path(),
        &["--set", "workload.lookups_per_s=5", "--seed", "7"],
    );
    folder
}

fn run(folder: &Path, options: &[&str]) {
    chordsim(folder)
        .args(["run", "scenarios/it.toml", "--quiet", "--no-plots"])
        .args(options)
        .assert()
        .code(0);
}

/// Verifies `results/it`, with temporary files in a folder that must be empty afterwards.
fn verify(folder: &Path, options: &[&str]) -> Assert {
    let temporary = TempDir::new().unwrap();
    let results = files(&folder.join("results"));
    let assert = chordsim(folder)
        .env("TMPDIR", temporary.path())
        .args(["verify", "results/it"])
        .args(options)
        .assert();
    assert_same_files(&results, &files(&folder.join("results")));
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
    assert
}

/// Changes a file of the result.
fn edit(folder: &Path, file: &str, change: impl FnOnce(String) -> String) {
    let path = folder.join("results/it").join(file);
    let text = fs::read_to_string(&path).unwrap();
    let changed = change(text.clone());
    assert!(changed != text, "{file} was changed");
    fs::write(path, changed).unwrap();
}

fn edit_manifest(folder: &Path, change: impl FnOnce(&mut Value)) {
    edit(folder, "manifest.json", |text| {
        let mut manifest = serde_json::from_str(&text).unwrap();
        change(&mut manifest);
        serde_json::to_string(&manifest).unwrap()
    });
}

fn bytes(folder: &Path) -> usize {
    let files = files(&folder.join("results/it"));
    let csv = files
        .iter()
        .filter(|(name, _)| name.extension().unwrap() == "csv");
    csv.map(|(_, bytes)| bytes.len()).sum()
}

#[test]
fn a_result_is_verified_from_the_manifest_alone() {
    let folder = folder();
    // The scenario and its name may be gone; its data file must be where it was.
    fs::remove_file(folder.path().join("scenarios/it.toml")).unwrap();
    let bytes = bytes(folder.path()).to_string();
    let bytes = format!(
        "{} {}",
        &bytes[..bytes.len() - 3],
        &bytes[bytes.len() - 3..]
    );
    let line =
        format!("results/it: 4 runs again, 6 files, {bytes} bytes: every byte is the same\n");
    for jobs in ["1", "2"] {
        verify(folder.path(), &["--jobs", jobs])
            .code(0)
            .stdout(is_empty())
            .stderr(diff(line.clone()));
    }
    verify(folder.path(), &["--quiet"])
        .code(0)
        .stdout(is_empty())
        .stderr(is_empty());
}

#[test]
fn data_files_are_found_by_name_and_must_be_those_of_the_result() {
    let folder = folder();
    let scenarios = folder.path().join("scenarios");
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::rename(scenarios.join("rtt.csv"), elsewhere.join("rtt.csv")).unwrap();
    verify(folder.path(), &[])
        .code(2)
        .stdout(is_empty())
        .stderr(contains("the data file scenarios/rtt.csv"))
        .stderr(contains("was not found"))
        .stderr(contains("--data"));
    verify(folder.path(), &["--data", "elsewhere"]).code(0);
    // One with other contents is no help; the one in its old place is.
    fs::copy(elsewhere.join("rtt.csv"), scenarios.join("rtt.csv")).unwrap();
    fs::write(elsewhere.join("rtt.csv"), RTT.replace("20", "21")).unwrap();
    verify(folder.path(), &["--data", "elsewhere"]).code(0);
    fs::remove_file(scenarios.join("rtt.csv")).unwrap();
    verify(folder.path(), &["--data", "elsewhere"])
        .code(2)
        .stderr(contains("elsewhere/rtt.csv (other contents, SHA-256"));
}

/// Gives a cell another value; returns the one it had. No cell of these files has a comma.
fn edit_cell(folder: &Path, file: &str, line: usize, column: &str, value: &str) -> String {
    let mut before = String::new();
    edit(folder, file, |text| {
        let mut lines: Vec<Vec<&str>> =
            text.lines().map(|line| line.split(',').collect()).collect();
        let at = lines[0].iter().position(|name| *name == column).unwrap();
        lines[line - 1][at].clone_into(&mut before);
        lines[line - 1][at] = value;
        let lines = lines.iter().map(|cells| cells.join(",") + "\n");
        lines.collect()
    });
    before
}

#[test]
fn a_changed_cell_in_any_file_is_found() {
    let run = ", run 0 (routing = fingers, repetition 0)";
    for (file, line, run, column, value) in [
        (
            "summary.csv",
            3,
            ", run 1 (routing = fingers, repetition 1)",
            "messages",
            "3",
        ),
        ("aggregate.csv", 3, "", "hops_mean_ci95", ""),
        ("lookups.csv", 7, run, "outcome", "wrong"),
        ("nodes.csv", 4, run, "selfish", "true"),
        ("timeline.csv", 5, run, "time_s", "41"),
        (
            "fingerprints.csv",
            9,
            run,
            "fingerprint",
            "0123456789abcdef",
        ),
    ] {
        let folder = folder();
        let is = edit_cell(folder.path(), file, line, column, value);
        let was = if value.is_empty() { "empty" } else { value };
        verify(folder.path(), &[])
            .code(4)
            .stdout(is_empty())
            .stderr(contains(
                "results/it: 4 runs again, and one of 6 files is not the same\n",
            ))
            .stderr(contains(format!("  {file}: changed since it was written")))
            .stderr(contains(format!("  {file}: 1 of ")))
            .stderr(contains(format!(
                " differs: line {line}{run}: {column} was {was}, is {is}\n"
            )))
            .stderr(contains(
                "  every run went through the same events as before\n",
            ));
    }
}

#[test]
fn a_missing_file_is_named_and_the_others_are_compared() {
    let folder = folder();
    fs::remove_file(folder.path().join("results/it/nodes.csv")).unwrap();
    verify(folder.path(), &["--quiet"]).code(4).stderr(diff(
        "results/it: 4 runs again, and one of 6 files is not the same\n  nodes.csv: is gone\n",
    ));
}

#[test]
fn histories_that_differ_are_told_with_the_time_at_which_they_parted() {
    let folder = folder();
    edit_manifest(folder.path(), |manifest| {
        let text = manifest["plan"]["scenario_text"].as_str().unwrap();
        let fault = "[[fault]]\nat = \"30s\"\nkill = 0.5\n[sweep]";
        manifest["plan"]["scenario_text"] = text.replace("[sweep]", fault).into();
    });
    let told = verify(folder.path(), &[])
        .code(4)
        .get_output()
        .stderr
        .clone();
    let told = String::from_utf8(told).unwrap();
    for run in [
        "run 0 (routing = fingers, repetition 0)",
        "run 1 (routing = fingers, repetition 1)",
        "run 2 (routing = successors, repetition 0)",
        "run 3 (routing = successors, repetition 1)",
    ] {
        // The warm-up begins at -10 s and links are 0.5 s apart.
        let parted = format!("  {run}: parted between 29.5 s and 30 s, after ");
        assert!(told.contains(&parted), "{told}");
    }
    assert!(told.contains("fingerprints.csv: "), "{told}");
    assert!(!told.contains("changed since"), "{told}");
}

#[test]
fn only_runs_that_parted_are_said_to_have() {
    let folder = folder();
    // Those without fingers do not care how often they are repaired.
    edit_manifest(folder.path(), |manifest| {
        let settings = manifest["plan"]["overrides"]["set"].as_array_mut().unwrap();
        settings.push("chord.fix_fingers_every=17s".into());
    });
    verify(folder.path(), &[])
        .code(4)
        .stderr(contains(
            "run 0 (routing = fingers, repetition 0): parted between ",
        ))
        .stderr(contains(
            "run 1 (routing = fingers, repetition 1): parted before -9.5 s",
        ))
        .stderr(contains("run 2 (routing = successors, repetition 0): parted").not())
        .stderr(contains("run 3 (routing = successors, repetition 1): parted").not())
        .stderr(contains(
            "run 2 (routing = successors, repetition 0): other values",
        ));
}

#[test]
fn without_a_chain_it_is_said_that_runs_parted_but_not_when() {
    let folder = folder();
    fs::remove_file(folder.path().join("results/it/fingerprints.csv")).unwrap();
    edit_manifest(folder.path(), |manifest| {
        let files = manifest["files"].as_array_mut().unwrap();
        files.retain(|file| file["name"] != "fingerprints.csv");
    });
    // This version would have listed one.
    verify(folder.path(), &[])
        .code(4)
        .stderr(contains("fingerprints.csv: manifest.json does not list it"));
    edit_manifest(folder.path(), |manifest| {
        manifest["program"]["version"] = "0.0.9".into();
    });
    // As from a version that wrote none: no reason not to be the same.
    verify(folder.path(), &[])
        .code(0)
        .stderr(contains("4 runs again, 5 files, "))
        .stderr(contains("every byte is the same"))
        .stderr(contains("fingerprints.csv: the result has no such file"));
    edit_manifest(folder.path(), |manifest| {
        manifest["plan"]["overrides"]["seed"] = 8.into();
    });
    verify(folder.path(), &[])
        .code(4)
        .stderr(contains(
            "run 3 (routing = successors, repetition 1): went through other events",
        ))
        .stderr(contains(
            "run 0 (routing = fingers, repetition 0): other values, repetition or seed",
        ));
}

#[test]
fn another_version_is_named_and_no_difference_by_itself() {
    let folder = folder();
    edit_manifest(folder.path(), |manifest| {
        manifest["program"]["version"] = "0.0.9".into();
        manifest["program"]["git_commit"] = "0123456789abcdef".into();
    });
    let versions = "  written by chordsim 0.0.9 (0123456789), verified by chordsim ";
    verify(folder.path(), &[])
        .code(0)
        .stderr(contains("every byte is the same\n"))
        .stderr(contains(versions))
        .stderr(contains("on purpose").not());
    edit(folder.path(), "lookups.csv", |text| {
        text.replacen(",ok,", ",wrong,", 1)
    });
    verify(folder.path(), &[])
        .code(4)
        .stderr(contains(versions))
        .stderr(contains(
            "another version may give other results on purpose: see its CHANGELOG.md",
        ));
    // What it wrote may be what this one does not understand.
    edit_manifest(folder.path(), |manifest| {
        let text = manifest["plan"]["scenario_text"].as_str().unwrap();
        manifest["plan"]["scenario_text"] = format!("{text}\n[gone]\n").into();
    });
    verify(folder.path(), &[])
        .code(2)
        .stderr(contains(
            "results/it was written by chordsim 0.0.9 (0123456789), and this is chordsim ",
        ))
        .stderr(contains("unknown section `[gone]`"));
}

#[test]
fn a_folder_without_a_sound_manifest_is_an_error() {
    let folder = folder();
    let manifest = folder.path().join("results/it/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, &text[..text.len() / 2]).unwrap();
    verify(folder.path(), &[])
        .code(1)
        .stdout(is_empty())
        .stderr(contains(
            "results/it/manifest.json is not a manifest of this program",
        ));
    fs::remove_file(&manifest).unwrap();
    verify(folder.path(), &[])
        .code(1)
        .stderr(contains("results/it holds no complete result"));
}

#[test]
fn a_manifest_that_does_not_fit_its_own_files_is_a_difference() {
    let folder = folder();
    edit_manifest(folder.path(), |manifest| {
        manifest["runs"][2]["fingerprint"] = "0000000000000000".into();
    });
    verify(folder.path(), &[])
        .code(4)
        .stderr(contains(
            "4 runs again, and the files are the same, but not all else",
        ))
        .stderr(contains(
            "run 2 (routing = successors, repetition 0): has another fingerprint in manifest.json",
        ));
}

#[test]
fn an_audit_is_verified_too() {
    let folder = folder();
    let options = [
        "--audit",
        "--set",
        "chord.maintenance=chord2001",
        "--set",
        "chord.successors=2",
    ];
    run(folder.path(), &options);
    let audit = folder.path().join("results/it/audit.csv");
    let violations = fs::read_to_string(audit).unwrap().lines().count() - 1;
    assert!(violations > 0, "there is something to compare");
    verify(folder.path(), &[])
        .code(0)
        .stderr(contains("4 runs again, 7 files, "));
    edit(folder.path(), "audit.csv", |text| {
        let first = text.find('\n').unwrap() + 1;
        let second = first + text[first..].find('\n').unwrap() + 1;
        text[..first].to_owned() + &text[second..]
    });
    verify(folder.path(), &[])
        .code(4)
        .stderr(contains(format!("audit.csv: 1 of {violations} row")))
        .stderr(contains(": the row is there only when run again"));
}

/// No scenario of the program's own fails while it runs, so the manifest is made to say that one did.
#[test]
fn a_run_that_failed_then_and_not_now_is_told() {
    let folder = folder();
    edit_manifest(folder.path(), |manifest| {
        manifest["failed"] = serde_json::json!([{
            "run": 1, "swept": ["fingers"], "repetition": 0, "reason": "no luck"
        }]);
    });
    verify(folder.path(), &[])
        .code(4)
        .stderr(contains("failed then and not now; then: no luck"));
}

#[test]
fn what_was_found_is_there_for_programs() {
    let folder = folder();
    edit(folder.path(), "lookups.csv", |text| {
        text.replacen(",ok,", ",wrong,", 1)
    });
    let output = verify(folder.path(), &["--json", "--quiet"])
        .code(4)
        .get_output()
        .stdout
        .clone();
    let json: Value = serde_json::from_slice(&output).unwrap();
    assert_eq!(json["same"], false);
    assert_eq!(json["runs"], 4);
    let files = json["report"]["files"].as_array().unwrap();
    let lookups = files
        .iter()
        .find(|file| file["name"] == "lookups.csv")
        .unwrap();
    assert_eq!(lookups["changed"], "edited");
    assert_eq!(lookups["found"]["differs"]["differing"], 1);
    let cells = &lookups["found"]["differs"]["first"]["what"]["cells"];
    assert_eq!(cells[0]["column"], "outcome");
}

#[test]
fn the_second_result_may_be_kept() {
    let folder = folder();
    verify(folder.path(), &["--keep", "kept/again"]).code(0);
    let csv = |place: &str| {
        let mut files = files(&folder.path().join(place));
        assert!(files.remove(Path::new("manifest.json")).is_some());
        files
    };
    assert_same_files(&csv("results/it"), &csv("kept/again"));
    assert_eq!(fs::read_dir(folder.path().join("kept")).unwrap().count(), 1);
    verify(folder.path(), &["--keep", "kept/again"])
        .code(2)
        .stderr(contains("kept/again exists already"));
    verify(folder.path(), &["--keep", "scenarios/it.toml/below"])
        .code(1)
        .stderr(contains("cannot verify results/it"))
        .stderr(contains("--keep puts it elsewhere"));
}

#[test]
fn what_cannot_be_read_or_written_is_named() {
    let folder = folder();
    chordsim(folder.path())
        .env("TMPDIR", folder.path().join("nowhere"))
        .args(["verify", "results/it"])
        .assert()
        .code(1)
        .stderr(contains("cannot make a folder in"))
        .stderr(contains("TMPDIR"));
    assert!(!folder.path().join("nowhere").exists());
    let nodes = folder.path().join("results/it/nodes.csv");
    fs::remove_file(&nodes).unwrap();
    fs::create_dir(&nodes).unwrap();
    verify(folder.path(), &[])
        .code(1)
        .stderr(contains("cannot compare results/it/nodes.csv"))
        .stderr(contains("has to be a file that can be read"));
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;
    use std::process::Stdio;
    use std::thread::sleep;
    use std::time::Duration;

    #[test]
    fn a_folder_that_cannot_be_written_to_can_be_verified() {
        let folder = folder();
        let results = folder.path().join("results/it");
        let mode = |mode| fs::set_permissions(&results, fs::Permissions::from_mode(mode)).unwrap();
        mode(0o555);
        verify(folder.path(), &[]).code(0);
        mode(0o755);
    }

    #[test]
    fn an_interruption_leaves_nothing_behind() {
        let folder = folder();
        // Long enough to be interrupted: what is verified is what the manifest says.
        edit_manifest(folder.path(), |manifest| {
            let settings = [
                "overlay.nodes=500",
                "duration=\"2h\"",
                "workload.lookups_per_s=50",
            ];
            manifest["plan"]["overrides"]["set"] = settings.as_slice().into();
        });
        let temporary = TempDir::new().unwrap();
        let count = || fs::read_dir(temporary.path()).unwrap().count();
        let mut child = crate::common::program::heedful()
            .args(["verify", "results/it"])
            .current_dir(folder.path())
            .env("TMPDIR", temporary.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        while count() == 0 {
            assert!(child.try_wait().unwrap().is_none(), "it is still going on");
            sleep(Duration::from_millis(2));
        }
        crate::common::program::signal(&child, "-INT");
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(130), "{told}");
        assert!(told.contains("results/it: interrupted"), "{told}");
        assert_eq!(count(), 0);
    }
}

/// The runs and their rows follow from the scenario in the manifest; so does all that it says of the plan.
#[test]
fn a_plan_that_is_not_that_of_its_scenario_is_told() {
    let folder = folder();
    let path = folder.path().join("results/it/manifest.json");
    let good = fs::read_to_string(&path).unwrap();
    for (key, value) in [
        ("seed", 8.into()),
        ("repeat", 3.into()),
        ("name", "other".into()),
        ("title", "Another".into()),
        ("swept", serde_json::json!([])),
        ("output", serde_json::json!({})),
        ("inputs", serde_json::json!([])),
        ("plots", serde_json::json!([{"name": "extra"}])),
    ] {
        edit_manifest(folder.path(), |manifest| {
            let plan = &mut manifest["plan"];
            if key == "inputs" {
                // One that nobody has read; without the one that was there is nothing to verify.
                let invented = serde_json::json!({"path": "more.csv", "sha256": "00"});
                plan[key].as_array_mut().unwrap().push(invented);
            } else {
                plan[key] = value;
            }
        });
        let told = format!("manifest.json is not what its scenario gives: plan.{key}");
        verify(folder.path(), &[])
            .code(4)
            .stderr(contains("the files are the same, but not all else"))
            .stderr(contains(told));
        fs::write(&path, &good).unwrap();
    }
    verify(folder.path(), &[]).code(0);
}
