//! `chordsim explain`: what a word means, in lines that fit, and lines of pandas that give what they say.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use chordsim::report::explain;
use predicates::prelude::*;
use predicates::str::{contains, is_empty};
use tempfile::TempDir;

use crate::common::program::{Table, chordsim};

fn told(words: &[&str]) -> String {
    let folder = TempDir::new().unwrap();
    let call = chordsim(folder.path())
        .arg("explain")
        .args(words)
        .assert()
        .success();
    String::from_utf8(call.stderr(is_empty()).get_output().stdout.clone()).unwrap()
}

#[test]
fn a_code_is_told_with_an_example_and_what_to_do() {
    let text = told(&["E0005"]);
    assert!(text.starts_with("E0005 (error code)\n"), "{text}");
    for part in [
        "To mend it",
        "\"500ms\"",
        "    duration = 60\n",
        "    duration = \"60s\"\n",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(text, told(&["e5"]));
}

#[test]
fn a_metric_is_told_with_its_interval_its_file_and_how_it_is_made() {
    let text = told(&["hops_mean"]);
    for part in [
        "summary.csv, column `hops_mean`",
        "`hops_mean_ci95`",
        "Student's t",
        "`ok`",
        "expected_hops_mean_se",
        "pd.read_csv('lookups.csv')",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    assert!(told(&["hops_mean_ci95"]).contains("is about hops_mean"));
}

#[test]
fn keys_choices_columns_and_reasons_are_told() {
    assert!(told(&["chord.successors"]).contains("a whole number from 1 to 255"));
    assert!(told(&["successors"]).contains("chord.routing = \"successors\""));
    assert!(told(&["[storage]"]).contains("replicas"));
    assert!(told(&["stretch"]).contains("lookups.csv"));
    assert!(told(&["nobody-left"]).contains("reason"));
    assert!(told(&["one_ring"]).contains("audit.csv"));
    assert!(told(&["lookups.hops"]).contains("lookups.csv"));
}

#[test]
fn without_a_word_everything_is_listed() {
    let text = told(&[]);
    for part in ["E0001", "hops_mean", "lookups", "chord.routing", "dropped"] {
        assert!(text.contains(part), "{part}");
    }
    let json: serde_json::Value = serde_json::from_str(&told(&["--json"])).unwrap();
    assert!(json["metrics"].as_array().unwrap().len() > 50);
}

#[test]
fn json_says_the_same() {
    let json: serde_json::Value =
        serde_json::from_str(&told(&["E0005", "hops_mean", "--json"])).unwrap();
    assert_eq!(json[0]["quotes"]["wrong"], "duration = 60\n");
    assert_eq!(json[1]["kind"], "metric");
    assert_eq!(json[1]["name"], "hops_mean");
}

#[test]
fn a_word_that_means_nothing_is_refused_with_what_was_meant() {
    let folder = TempDir::new().unwrap();
    for (given, meant) in [("hop_mean", "`hops_mean`"), ("\u{1b}[31m", "lists all")] {
        chordsim(folder.path())
            .args(["explain", given])
            .assert()
            .code(2)
            .stdout(is_empty())
            .stderr(
                contains(meant)
                    .and(contains("[E0095]"))
                    .and(contains("\u{1b}[31m").not()),
            );
    }
}

/// Python with pandas: that of `tests/tools.sh`, or the one that is there anyway.
fn python() -> Option<std::path::PathBuf> {
    let own = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("tools/bin/python");
    [own, "python3".into()].into_iter().find(|python| {
        let tried = Command::new(python).args(["-c", "import pandas"]).output();
        tried.is_ok_and(|output| output.status.success())
    })
}

/// Results with lookups that fail, puts, gets, and nodes that come and go.
const SCENARIO: &str = "\
name = \"all\"
seed = 5
warmup = \"10s\"
duration = \"1m\"
sample = \"10s\"
repeat = 2
overlay.nodes = 60
workload = { lookups_per_s = 20.0, puts_per_s = 3.0, gets_per_s = 3.0, keys = 50 }
churn = { model = \"poisson\", graceful = 0.3, poisson = { joins_per_s = 0.3, leaves_per_s = 0.3 } }
selfish = { fraction = 0.1 }
";

#[test]
fn the_lines_of_pandas_give_what_the_summary_says() {
    let Some(python) = python() else {
        assert!(
            std::env::var_os("CI").is_none(),
            "pandas is missing: tests/tools.sh installs it"
        );
        eprintln!("pandas is missing: nothing was tested; tests/tools.sh installs it");
        return;
    };
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("all.toml"), SCENARIO).unwrap();
    chordsim(folder.path())
        .args(["run", "all.toml", "--no-plots", "--quiet"])
        .assert()
        .success();
    let results = folder.path().join("results/all");
    let mut code = "import pandas as pd\n".to_owned();
    for (metric, way) in explain::recomputed() {
        code.push_str(&["for run, value in (", way, ").items():\n"].concat());
        code.push_str(&["    print('", metric, "', run, float(value))\n"].concat());
    }
    let output = Command::new(python)
        .args(["-c", &code])
        .current_dir(&results)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut recomputed: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let words: Vec<&str> = line.split(' ').collect();
        recomputed
            .entry(words[0].to_owned())
            .or_default()
            .push(words[2].parse().unwrap());
    }
    let summary = Table::read(&results.join("summary.csv"));
    assert_eq!(recomputed.len(), explain::recomputed().len());
    for (metric, values) in recomputed {
        let said = summary.numbers(&metric);
        assert_eq!(said.len(), values.len(), "{metric}");
        for (said, value) in said.iter().zip(values) {
            // Percentiles of latencies are within 0.01 %.
            let near = (said - value).abs() <= 1e-4 * said.abs().max(1e-9);
            assert!(near, "{metric}: {value} for {said}");
        }
    }
}
