//! `chordsim judge`: right numbers fit, wrong ones get the likely cause with its number.

use std::fs;

use predicates::prelude::*;
use predicates::str::{contains, is_empty};
use tempfile::TempDir;

use crate::common::program::{Table, chordsim};

fn judged(arguments: &str) -> (i32, String) {
    let folder = TempDir::new().unwrap();
    let output = chordsim(folder.path())
        .arg("judge")
        .args(arguments.split(' '))
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    (output.status.code().unwrap(), told)
}

#[test]
fn a_mean_is_set_beside_every_convention() {
    let (code, told) = judged("hops --nodes 640 --mean 5.5");
    assert_eq!(code, 0, "{told}");
    for part in [
        "hops to the owner, no successor list",
        "forwards to the predecessor",
        "nodes seen",
        "fits",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(
        told.lines().all(|line| line.chars().count() <= 80),
        "{told}"
    );
}

/// From a student's report: 24.8 hops for 500 nodes. Steps along a list of ten give (N - 1)/20 and a bit.
#[test]
fn a_mean_that_is_wrong_gets_the_likely_causes_with_their_numbers() {
    let (code, told) = judged("hops --nodes 500 --mean 24.8");
    assert_eq!(code, 1, "{told}");
    for part in [
        "none of these",
        "successor list of 10",
        "fingers as of when the ring had",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let (code, told) = judged("hops --nodes 500 --mean 249.5");
    assert!(code == 1 && told.contains("a linear walk"), "{told}");
    let (code, told) = judged("hops --nodes 500 --mean 7.92 --successors 1");
    assert!(
        code == 1 && told.contains("only the 6 longest fingers are right"),
        "{told}"
    );
}

#[test]
fn json_says_the_same() {
    let (code, told) = judged("hops --nodes 500 --mean 24.8 --json");
    let json: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(code, 1);
    assert_eq!(
        (json["fits"].as_bool(), json["given"].as_f64()),
        (Some(false), Some(24.8))
    );
    assert!(!json["causes"].as_array().unwrap().is_empty());
    assert!(json["conventions"][0]["value"].as_f64().unwrap() > 5.0);
}

/// What the simulator measures is judged right, by the code that knows nothing of it.
#[test]
fn the_program_passes_its_own_judgement() {
    for (nodes, routing, list) in [
        (40, "fingers", 1),
        (200, "fingers", 16),
        (1000, "fingers", 4),
        (90, "successors", 16),
    ] {
        let folder = TempDir::new().unwrap();
        let scenario = format!(
            "name = \"own\"\nwarmup = \"0s\"\nduration = \"100s\"\noverlay.nodes = {nodes}\n\
             network.model = \"constant\"\nworkload = {{ lookups_per_s = 20.0 }}\n\
             chord = {{ routing = \"{routing}\", successors = {list} }}\n"
        );
        fs::write(folder.path().join("own.toml"), scenario).unwrap();
        chordsim(folder.path())
            .args(["run", "own.toml", "--no-plots", "--quiet"])
            .assert()
            .success();
        let summary = Table::read(&folder.path().join("results/own/summary.csv"));
        let (mean, path) = (
            summary.numbers("hops_mean")[0],
            summary.numbers("path_length_mean")[0],
        );
        let lookups = summary.numbers("ok")[0];
        for (value, name) in [
            (mean, "hops to the owner"),
            (path, "forwards to the predecessor"),
        ] {
            let call = format!(
                "hops --nodes {nodes} --mean {value} --routing {routing} --successors {list} --lookups {lookups} --json"
            );
            let (_, told) = judged(&call);
            let json: serde_json::Value = serde_json::from_str(&told).unwrap();
            let conventions = json["conventions"].as_array().unwrap();
            let named = |it: &&serde_json::Value| it["name"].as_str().unwrap().starts_with(name);
            let it = conventions.iter().find(named).unwrap();
            assert_eq!(it["fits"], true, "{nodes} {routing} {list}: {value}, {it}");
        }
    }
}

#[test]
fn other_quantities_are_judged_where_there_is_a_theory() {
    let (code, told) = judged("keys --nodes 10000 --keys 1000000 --of p99 --value 462");
    assert_eq!(code, 0, "{told}");
    let (code, told) = judged("keys --nodes 10000 --keys 1000000 --of p99 --value 192");
    assert!(code == 1 && told.contains("10 positions a peer"), "{told}");
    let (code, told) = judged("values --nodes 1000 --replicas 3 --fraction 0.5 --value 0.875");
    assert_eq!(code, 0, "{told}");
    let (code, told) = judged("success --nodes 500 --fraction 0.1 --successors 1 --value 0.64");
    assert_eq!(code, 0, "{told}");
}

#[test]
fn what_cannot_be_judged_is_refused() {
    let folder = TempDir::new().unwrap();
    for (arguments, message) in [
        ("hops --nodes 640 --mean -1", "cannot be a mean of hops"),
        ("hops --nodes 640 --mean NaN", "cannot be a mean of hops"),
        ("keys --nodes 640 --mean 3", "needs --keys"),
        (
            "success --nodes 640 --mean 3 --fraction 0.5",
            "cannot be a share",
        ),
        ("stretch --nodes 640 --mean 3", "no theory of stretch"),
        (
            "hops --nodes 640 --mean 3 --id-bits 8",
            "do not fit a ring of 2^8",
        ),
    ] {
        chordsim(folder.path())
            .arg("judge")
            .args(arguments.split(' '))
            .assert()
            .code(2)
            .stdout(is_empty())
            .stderr(contains(message).and(contains("[E0096]")));
    }
}
