//! `chordsim log`: which results are here.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::common::program::{chordsim, files};

const SMALL: &str =
    "duration = \"10s\"\nwarmup = \"0s\"\nsample = \"10s\"\noverlay = { nodes = 16 }\n";

fn run(folder: &Path, name: &str, head: &str) {
    let file = folder.join(format!("{name}.toml"));
    fs::write(&file, format!("{head}\n{SMALL}")).unwrap();
    let mut command = chordsim(folder);
    command
        .arg("run")
        .arg(&file)
        .arg("--no-plots")
        .assert()
        .success();
}

fn log(folder: &Path, arguments: &[&str]) -> String {
    let assert = chordsim(folder)
        .arg("log")
        .args(arguments)
        .assert()
        .success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

#[test]
fn results_are_listed_and_nothing_is_changed() {
    let place = TempDir::new().unwrap();
    let folder = place.path();
    assert_eq!(log(folder, &["--json"]), "[]\n");
    assert_eq!(log(folder, &[]), "");
    run(folder, "first", "title = \"The first\"\nrepeat = 2");
    run(folder, "second", "title = \"Größer & <b>\"");
    // A result that was cut down, one of which nothing is left but finished runs, and no result.
    let results = folder.join("results");
    fs::create_dir_all(results.join("half/.parts")).unwrap();
    fs::write(results.join("half/.parts").join("0".repeat(64)), "x").unwrap();
    fs::create_dir(results.join("notes")).unwrap();
    fs::write(results.join("notes/summary.csv"), "mine").unwrap();
    fs::create_dir(results.join("cut")).unwrap();
    let manifest = fs::read(results.join("first/manifest.json")).unwrap();
    fs::write(
        results.join("cut/manifest.json"),
        &manifest[..manifest.len() / 2],
    )
    .unwrap();
    let before = files(folder);
    let list: Value = serde_json::from_str(&log(folder, &["--json"])).unwrap();
    let of = |name: &str| {
        let mut all = list.as_array().unwrap().iter();
        all.find(|one| one["folder"].as_str().unwrap().ends_with(name))
            .unwrap()
            .clone()
    };
    assert_eq!(list.as_array().unwrap().len(), 4);
    assert_eq!(
        (&of("first")["runs"], &of("first")["state"]),
        (&2.into(), &"complete".into())
    );
    assert_eq!(of("second")["title"], "Größer & <b>");
    let bytes: usize = files(&results.join("first")).values().map(Vec::len).sum();
    assert_eq!(of("first")["bytes"], bytes);
    assert_eq!(
        (&of("half")["runs"], &of("half")["state"]),
        (&1.into(), &"interrupted".into())
    );
    assert_eq!(of("cut")["state"], "damaged");
    let told = log(folder, &[]);
    assert_eq!(told.lines().count(), 5, "{told}");
    assert!(
        told.contains("The first") && told.contains("1 kept"),
        "{told}"
    );
    // The folder itself, or one result.
    assert_eq!(log(folder, &["results"]), told);
    assert_eq!(log(folder, &["results/first"]).lines().count(), 2);
    assert_eq!(files(folder), before);
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let place = TempDir::new().unwrap();
    let assert = chordsim(place.path())
        .args(["log", "nowhere"])
        .assert()
        .code(1);
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(said.contains("there is no folder nowhere"), "{said}");
}

/// What a manifest says may come from anybody.
#[cfg(unix)]
#[test]
fn what_would_steer_a_terminal_does_not() {
    let place = TempDir::new().unwrap();
    run(place.path(), "a", "");
    let results = place.path().join("results");
    let manifest = fs::read_to_string(results.join("a/manifest.json")).unwrap();
    let nasty = manifest.replace(
        "\"title\":\"\"",
        "\"title\":\"\\u001b[31m\\u202egnp\\nnext\"",
    );
    let nasty = nasty.replace(
        "\"title\": \"\"",
        "\"title\":\"\\u001b[31m\\u202egnp\\nnext\"",
    );
    assert_ne!(manifest, nasty);
    fs::write(results.join("a/manifest.json"), nasty).unwrap();
    fs::rename(results.join("a"), results.join("\u{1b}[2Ja")).unwrap();
    let told = log(place.path(), &[]);
    assert!(
        !told.contains('\u{1b}') && !told.contains('\u{202e}'),
        "{told:?}"
    );
    assert_eq!(told.lines().count(), 2, "{told:?}");
    assert!(told.contains("<U+001B>[31m<U+202E>gnp next"), "{told}");
}
