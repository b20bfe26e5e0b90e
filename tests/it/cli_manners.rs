//! Whose results are whose, what files may look like, and what is said before anything is simulated.

use std::fs;
use std::path::Path;

use assert_cmd::assert::Assert;
use predicates::prelude::*;
use predicates::str::{contains, is_empty};
use tempfile::TempDir;

use crate::common::program::{Table, assert_same_files, chordsim, files, results};

const RING: &str = "duration = \"1m\"\noverlay.nodes = 8\n";

fn folder(contents: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in contents {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Assert {
    let mut command = chordsim(folder);
    command.args(["run", "--no-plots"]).args(arguments).assert()
}

#[test]
fn another_scenario_s_results_are_not_overwritten() {
    let other = format!("seed = 2\n{RING}");
    let folder = folder(&[
        ("a/ring.toml", RING.as_bytes()),
        ("b/ring.toml", other.as_bytes()),
    ]);
    let folder = folder.path();
    run(folder, &["a/ring.toml"]).code(0);
    let before = files(&folder.join("results"));
    for out in [&[][..], &["--out", "results/ring"]] {
        run(folder, &[&["b/ring.toml"], out].concat())
            .code(2)
            .stdout(is_empty())
            .stderr(contains(
                "results/ring holds the results of another scenario, a/ring.toml",
            ))
            .stderr(contains("--out"));
        assert_same_files(&before, &files(&folder.join("results")));
    }
    // By another path, and moved, it is the same scenario.
    run(folder, &["./a/ring.toml"])
        .code(0)
        .stderr(contains("up to date"));
    fs::rename(folder.join("a/ring.toml"), folder.join("ring.toml")).unwrap();
    run(folder, &["ring.toml", "--seed", "5"]).code(0);
    run(folder, &["b/ring.toml", "--out", "results/b"]).code(0);
}

#[test]
fn a_variant_says_whose_place_it_takes() {
    let folder = folder(&[("ring.toml", RING.as_bytes())]);
    let folder = folder.path();
    run(folder, &["ring.toml"])
        .code(0)
        .stderr(contains("takes its place").not());
    run(folder, &["ring.toml", "--set", "overlay.nodes=4"])
        .code(0)
        .stderr(contains(
            "ring: results/ring holds the result without options, and this one takes its place; --out",
        ))
        .stderr(contains("results: results/ring"));
    run(folder, &["ring.toml", "--seed", "9", "--repeat", "2"])
        .code(0)
        .stderr(contains("holds the result with --set overlay.nodes=4,"));
    run(
        folder,
        &[
            "ring.toml",
            "--out",
            "results/four",
            "--set",
            "overlay.nodes=4",
        ],
    )
    .code(0)
    .stderr(contains("takes its place").not());
}

#[test]
fn names_with_other_letters_have_folders_of_their_own() {
    let other = format!("seed = 2\n{RING}");
    let folder = folder(&[
        ("über.toml", RING.as_bytes()),
        ("ber.toml", other.as_bytes()),
    ]);
    run(folder.path(), &["über.toml", "ber.toml"]).code(0);
    let results = fs::read_dir(folder.path().join("results")).unwrap();
    assert_eq!(results.count(), 2);
}

/// The program has the scenarios of the papers with it, and `--out` is where all of it goes.
#[test]
fn validate_needs_no_repository_and_writes_where_it_is_told() {
    let folder = TempDir::new().unwrap();
    chordsim(folder.path())
        .args(["validate", "--only", "lecture-ring", "--out", "judged"])
        .assert()
        .code(0)
        .stdout(is_empty())
        .stderr(contains("written: judged/validation.md"));
    let written = files(folder.path());
    assert!(
        written.keys().all(|path| path.starts_with("judged")),
        "{:?}",
        written.keys()
    );
    results(&folder.path().join("judged/lecture-ring"));
    // Where there is such a folder, it is meant.
    let paper = folder.path().join("scenarios/paper");
    fs::create_dir_all(&paper).unwrap();
    chordsim(folder.path())
        .arg("validate")
        .assert()
        .code(2)
        .stderr(contains("no scenario in"));
}

#[test]
fn a_sweep_that_changes_nothing_says_so() {
    let rate =
        "[sweep]\n\"churn.poisson.joins_per_s\" = [0.1, 1, 10]\n\"overlay.nodes\" = [4, 8]\n";
    let idle = format!("duration = \"1m\"\n{rate}");
    let lively = format!("{idle}[churn]\nmodel = \"poisson\"\n");
    let graceful = "duration = \"1m\"\n[sweep]\n\"churn.graceful\" = [0, 1]\n";
    let folder = folder(&[
        ("idle.toml", idle.as_bytes()),
        ("lively.toml", lively.as_bytes()),
        ("graceful.toml", graceful.as_bytes()),
    ]);
    let unmoved = "warning: sweeping `churn.poisson.joins_per_s` changes nothing, each of its values gives the \
                same runs: it needs churn.model = \"poisson\"\n";
    for command in ["check", "run"] {
        let told = |file: &str| {
            let command = chordsim(folder.path())
                .arg(command)
                .arg(file)
                .assert()
                .code(0);
            String::from_utf8(command.get_output().stderr.clone()).unwrap()
        };
        let all = told("idle.toml");
        assert!(
            all.contains(unmoved) && all.matches("warning:").count() == 1,
            "{all}"
        );
        assert!(!told("lively.toml").contains("warning: sweeping"));
        assert!(told("graceful.toml").contains("warning: sweeping `churn.graceful`"));
    }
}

#[test]
fn check_counts_one_value_as_one() {
    let text = format!("{RING}[sweep]\n\"chord.routing\" = [\"fingers\"]\n");
    let folder = folder(&[("one.toml", text.as_bytes())]);
    chordsim(folder.path())
        .args(["check", "one.toml"])
        .assert()
        .code(0)
        .stdout(contains("one.toml: 1 run (1 value of chord.routing)\n"));
}

/// The remedy for files that are no text in UTF-8, scenarios and data alike.
#[test]
fn files_in_other_encodings_are_told_what_helps() {
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let matrix = b"network.model = \"matrix\"\nnetwork.matrix.file = \"rtt.csv\"\n";
    for (scenario, data, error, help) in [
        (
            RING.replace('\n', "\r").into_bytes(),
            vec![],
            "lines end in CR alone",
            "tr '\\r' '\\n'",
        ),
        (utf16(RING), vec![], "UTF-16", "iconv -f UTF-16"),
        (
            b"\x1f\x8b\x08".to_vec(),
            vec![],
            "compressed (gzip)",
            "gunzip",
        ),
        (
            b"title = \"\xfc\"".to_vec(),
            vec![],
            "byte 10 is not UTF-8",
            "LATIN1",
        ),
        (
            matrix.to_vec(),
            b"0 1\r1 0\r".to_vec(),
            "lines end in CR alone",
            "tr '\\r' '\\n'",
        ),
        (
            matrix.to_vec(),
            utf16("0 1\n1 0\n"),
            "UTF-16",
            "iconv -f UTF-16",
        ),
        (
            matrix.to_vec(),
            b"\x1f\x8b\x08".to_vec(),
            "compressed (gzip)",
            "gunzip",
        ),
        (
            matrix.to_vec(),
            b",1,2\n1,,3\n2,3,\n".to_vec(),
            "numbers for names",
            "put 0 on the diagonal",
        ),
        (
            matrix.to_vec(),
            b"0 * 1\n5 0 1\n5 1 0\n".to_vec(),
            "is not known",
            "leave the host out",
        ),
        (
            matrix.to_vec(),
            b"0;1,5 2\n1,5;0 2\n".to_vec(),
            "decimal comma",
            "decimal point",
        ),
    ] {
        let folder = folder(&[("bad.toml", &scenario), ("rtt.csv", &data)]);
        chordsim(folder.path())
            .args(["check", "bad.toml"])
            .assert()
            .code(2)
            .stdout(is_empty())
            .stderr(contains(error))
            .stderr(contains(help));
    }
}

/// 300 ms there and 300 ms back are more than the half second that a node waits.
#[test]
fn a_deadline_that_no_answer_meets_is_told_before_and_the_remedy_works() {
    let slow = "duration = \"2m\"\noverlay.nodes = 100\nnetwork.constant.latency = \"300ms\"\n";
    let folder = folder(&[("slow.toml", slow.as_bytes())]);
    let folder = folder.path();
    let told = || {
        contains("warning: 100 % of the round trips").and(contains("rpc_timeout=800ms would do"))
    };
    chordsim(folder)
        .args(["check", "slow.toml"])
        .assert()
        .code(0)
        .stderr(told());
    run(folder, &["slow.toml"]).code(0).stderr(told());
    let success =
        || Table::read(&folder.join("results/slow/summary.csv")).numbers("success_rate")[0];
    assert!(success() < 0.5, "{}", success());
    run(folder, &["slow.toml", "--set", "overlay.rpc_timeout=800ms"])
        .code(0)
        .stderr(contains("warning").not());
    assert!(success() > 0.98, "{}", success());
}

/// What is foretold of lookups that take too long is what is measured, within four standard errors of 3600 lookups
/// (3 %) and what latencies that differ add.
#[test]
fn lookups_that_are_cut_off_are_foretold() {
    let long = "duration = \"6m\"\n[overlay]\nnodes = 500\n[network]\nmodel = \"transit-stub\"\n\
                [chord]\nrouting = \"successors\"\n";
    let folder = folder(&[("long.toml", long.as_bytes())]);
    let told = run(folder.path(), &["long.toml"]).code(0);
    let told = String::from_utf8(told.get_output().stderr.clone()).unwrap();
    let (_, warning) = told.split_once("warning: ").expect("it is told");
    assert!(
        warning.contains("of the lookups are expected to take longer"),
        "{warning}"
    );
    let foretold: f64 = warning.split(' ').next().unwrap().parse().unwrap();
    let summary = Table::read(&folder.path().join("results/long/summary.csv"));
    let measured = 100.0 * (1.0 - summary.numbers("success_rate")[0]);
    assert!(
        (foretold - measured).abs() < 5.0,
        "{foretold} % and {measured} %"
    );
    run(
        folder.path(),
        &["long.toml", "--set", "overlay.request_timeout=1m"],
    )
    .code(0)
    .stderr(contains("warning").not());
}
