//! Scenarios on the command line: what is refused before anything is simulated, and `check`.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::{contains, ends_with, is_empty, starts_with};
use tempfile::TempDir;

const LECTURE: &str =
    "duration = \"10m\"\n[overlay]\nnodes = 3\nid_bits = 7\nids = [98, 32, 124]\n";

/// A folder with the lecture's ring in `lecture.toml`.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("lecture.toml"), LECTURE).unwrap();
    folder
}

fn chordsim(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("chordsim").unwrap();
    command.current_dir(folder);
    command
}

fn files(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn a_result_folder_that_cannot_be_made_is_a_failure_with_reason_and_remedy() {
    let folder = folder();
    for out in ["lecture.toml", "lecture.toml/below"] {
        chordsim(folder.path())
            .args(["run", "lecture.toml", "--out", out])
            .assert()
            .code(1)
            .stdout(is_empty())
            .stderr(contains(format!("cannot create {out}")))
            .stderr(contains("write somewhere else with --out"));
    }
    assert_eq!(files(folder.path()), 1);
    let text = fs::read_to_string(folder.path().join("lecture.toml")).unwrap();
    assert_eq!(text, LECTURE);
}

#[test]
fn a_wrong_scenario_is_shown_with_its_place_and_nothing_is_written() {
    let folder = folder();
    fs::write(
        folder.path().join("bad.toml"),
        "seed = 1\n[overlay]\nnods = 3\n",
    )
    .unwrap();
    chordsim(folder.path())
        .args(["run", "lecture.toml", "bad.toml"])
        .assert()
        .code(2)
        .stdout(is_empty())
        .stderr(contains("bad.toml:3:1"))
        .stderr(contains("did you mean `nodes`?"));
    assert_eq!(files(folder.path()), 2);
}

#[test]
fn a_missing_data_file_is_shown_where_it_is_named() {
    let folder = folder();
    let text = "[network]\nmodel = \"matrix\"\n[network.matrix]\nfile = \"rtt.tsv\"\n";
    fs::write(folder.path().join("matrix.toml"), text).unwrap();
    chordsim(folder.path())
        .args(["check", "matrix.toml"])
        .assert()
        .code(2)
        .stdout(is_empty())
        .stderr(contains("matrix.toml:4:8"))
        .stderr(contains("cannot use the file rtt.tsv"));
}

#[test]
fn scenarios_of_one_name_are_refused() {
    let folder = folder();
    fs::create_dir(folder.path().join("other")).unwrap();
    fs::write(folder.path().join("other/lecture.toml"), LECTURE).unwrap();
    chordsim(folder.path())
        .args(["run", "lecture.toml", "other/lecture.toml"])
        .assert()
        .code(2)
        .stderr(contains("the same result folder"));
    assert_eq!(files(folder.path()), 2);
}

#[test]
fn check_counts_the_runs_and_draws_the_ring() {
    let folder = folder();
    chordsim(folder.path())
        .args(["check", "lecture.toml", "--repeat", "5"])
        .assert()
        .code(0)
        .stdout(
            starts_with("lecture.toml: 5 runs (5 repetitions)\n  network: 3 hosts, 3 pairs; round trips: 100 ms\n  needs about ")
                .and(ends_with("\n  writes results/lecture\n")),
        );
    chordsim(folder.path())
        .args(["check", "lecture.toml", "--ring"])
        .assert()
        .code(0)
        .stdout(contains(
            "node 98: successor 124, predecessor 32\n  2^0    99 → 124\n",
        ));
    assert_eq!(files(folder.path()), 1);
}
