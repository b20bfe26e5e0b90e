//! `repeat = "until …"`, warnings of few repetitions and of a short warm-up: from the scenario to the files and what is said.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::common::program::{Table, assert_same_files, chordsim, files};

/// Rings of 100 nodes at rest: each repetition has other identifiers, and so other ways.
const RINGS: &str = r#"
seed = 5
warmup = "0s"
duration = "20s"
sample = "20s"
overlay = { nodes = 100 }
chord = { stabilize_every = "off", fix_fingers_every = "off", check_predecessor_every = "off" }
workload = { lookups_per_s = 10 }
"#;

fn scenario(folder: &Path, head: &str, rest: &str) {
    fs::write(folder.join("a.toml"), format!("{head}\n{RINGS}{rest}")).unwrap();
}

/// What is said on standard error, and on standard output.
fn call(folder: &Path, arguments: &[&str]) -> (String, String) {
    let assert = chordsim(folder).args(arguments).assert().success();
    let output = assert.get_output();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stderr), text(&output.stdout))
}

fn run(folder: &Path, options: &[&str]) -> (String, String) {
    call(
        folder,
        &[&["run", "a.toml", "--no-plots"][..], options].concat(),
    )
}

/// Half the width of the interval over the mean, and the number of runs, of each combination.
fn widths(folder: &Path) -> Vec<(f64, usize)> {
    let aggregate = Table::read(&folder.join("results/a/aggregate.csv"));
    let of = |name: &str| aggregate.numbers(name);
    let (mean, half, runs) = (of("hops_mean_mean"), of("hops_mean_ci95"), of("runs"));
    let all = mean.iter().zip(&half).zip(&runs);
    all.map(|((mean, half), runs)| (half / mean, *runs as usize))
        .collect()
}

const SWEEP: &str = "[sweep]\n\"chord.successors\" = [1, 16]\n\"overlay.nodes\" = [12, 100]\n";

#[test]
fn repetitions_are_added_until_each_interval_is_narrow_enough() {
    let folder = TempDir::new().unwrap();
    scenario(
        folder.path(),
        "repeat = \"until ±2 %\"\nrepeat_max = 60",
        SWEEP,
    );
    let (said, _) = run(folder.path(), &["--jobs", "2"]);
    let widths = widths(folder.path());
    assert_eq!(widths.len(), 4);
    assert!(
        widths
            .iter()
            .all(|(width, runs)| *width <= 0.02 && (5..60).contains(runs)),
        "{widths:?}"
    );
    let counts: Vec<usize> = widths.iter().map(|(_, runs)| *runs).collect();
    assert!(
        counts.iter().any(|runs| *runs != counts[0]),
        "each has its own: {counts:?}"
    );
    let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
    let told = format!("after {least} to {most} repetitions");
    let in_a_line = said.replace('\n', " ");
    assert!(in_a_line.contains(&told), "{said}");
    assert!(
        said.contains(&format!(
            "of at most 240 runs: {} made",
            counts.iter().sum::<usize>()
        )),
        "{said}"
    );
    // Repetitions count from 0, without a gap, and have the same seeds as ever.
    let summary = Table::read(&folder.path().join("results/a/summary.csv"));
    let repetitions = summary.numbers("repetition");
    let expected: Vec<f64> = counts
        .iter()
        .flat_map(|runs| (0..*runs).map(|it| it as f64))
        .collect();
    assert_eq!(repetitions, expected);
    let before = files(&folder.path().join("results/a"));
    // One at a time, from nothing: every byte of every table is the same.
    let other = TempDir::new().unwrap();
    scenario(
        other.path(),
        "repeat = \"until ±2 %\"\nrepeat_max = 60",
        SWEEP,
    );
    run(other.path(), &["--jobs", "1"]);
    let csv = |files: &std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>| {
        let mut files = files.clone();
        files.retain(|name, _| name.extension().is_some_and(|it| it == "csv"));
        files
    };
    assert_same_files(&csv(&before), &csv(&files(&other.path().join("results/a"))));
    let (said, _) = run(folder.path(), &[]);
    assert!(said.contains("a: up to date"), "{said}");
    let (said, _) = call(folder.path(), &["verify", "results/a"]);
    assert!(said.contains("every byte is the same"), "{said}");
    // A narrower width begins with what is there.
    fs::write(
        folder.path().join("a.toml"),
        fs::read_to_string(folder.path().join("a.toml"))
            .unwrap()
            .replace("±2 %", "±1.5 %"),
    )
    .unwrap();
    let (said, _) = run(folder.path(), &[]);
    let reused = format!("{} finished already", counts.iter().sum::<usize>());
    assert!(said.contains(&reused), "{said}");
    // Pictures are drawn of combinations with other numbers of runs.
    let (said, _) = call(folder.path(), &["plot", "results/a"]);
    assert!(said.contains("hops"), "{said}");
}

#[test]
fn a_cap_that_is_met_is_told_with_the_width_that_was_reached() {
    let folder = TempDir::new().unwrap();
    scenario(
        folder.path(),
        "repeat = \"until 0.01%\"\nrepeat_max = 6\nrepeat_of = \"latency_ms_mean\"",
        "",
    );
    let (said, json) = run(folder.path(), &["--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let row = &json["repetitions"][0];
    assert_eq!(row["ending"], "cap");
    assert_eq!(
        (&row["runs"], &row["metric"]),
        (&6.into(), &"latency_ms_mean".into())
    );
    assert_eq!(row["within"], "±0.01 %");
    let (mean, half) = (row["mean"].as_f64().unwrap(), row["ci95"].as_f64().unwrap());
    let reached = half / mean * 100.0;
    assert!(reached > 0.01);
    let told = format!("(±{reached:.2} %), not within ±0.01 %: raise `repeat_max`");
    assert!(said.contains(&told), "{told}\n{said}");
    let warnings = json["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0]
            .as_str()
            .unwrap()
            .starts_with("after 6 repetitions latency_ms_mean is")
    );
    let manifest = fs::read_to_string(folder.path().join("results/a/manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["repetitions"][0]["ending"], "cap");
    assert_eq!(manifest["plan"]["until"]["within"], "±0.01 %");
}

#[test]
fn of_a_mean_of_zero_no_share_is_taken_and_a_width_of_its_own_will_do() {
    let folder = TempDir::new().unwrap();
    let head = "repeat_of = \"timeouts_mean\"\nrepeat_max = 7\nrepeat = ";
    scenario(folder.path(), &format!("{head}\"until 5 %\""), "");
    let (said, _) = run(folder.path(), &[]);
    assert!(
        said.contains("timeouts_mean is 0 after 7 repetitions"),
        "{said}"
    );
    assert!(said.contains("until ±0.01"), "{said}");
    scenario(folder.path(), &format!("{head}\"until ±0.01\""), "");
    let (said, _) = run(folder.path(), &[]);
    assert!(
        said.contains("timeouts_mean is known to within ±0.01, after 5 repetitions"),
        "{said}"
    );
}

#[test]
fn a_number_on_the_command_line_takes_the_place_of_the_rule() {
    let folder = TempDir::new().unwrap();
    scenario(
        folder.path(),
        "repeat = \"until ±2 %\"\nrepeat_max = 60\nrepeat_of = \"hops_mean\"",
        "",
    );
    let (_, told) = call(folder.path(), &["check", "a.toml"]);
    assert!(
        told.contains("at most 60 runs (5 to 60 repetitions)"),
        "{told}"
    );
    assert!(
        told.contains("repeats each until the 95 % interval of hops_mean is ±2 % or narrower"),
        "{told}"
    );
    let (_, told) = call(folder.path(), &["check", "a.toml", "--repeat", "7"]);
    assert!(told.contains("a.toml: 7 runs (7 repetitions)"), "{told}");
    run(folder.path(), &["--repeat", "7"]);
    assert_eq!(widths(folder.path())[0].1, 7);
    call(folder.path(), &["verify", "results/a"]);
}

/// Once under the table, and in JSON; nothing of a ring that is shown and not measured, nor of five.
#[test]
fn few_repetitions_are_warned_of_once() {
    let folder = TempDir::new().unwrap();
    let warned = |head: &str, rest: &str| {
        scenario(folder.path(), head, rest);
        let (said, json) = run(folder.path(), &["--json"]);
        let json: Value = serde_json::from_str(&json).unwrap();
        let warnings = json["warnings"].as_array().unwrap().len();
        assert_eq!(warnings, said.matches("repeat = 5").count(), "{said}");
        said
    };
    let said = warned("repeat = 3", SWEEP);
    assert!(
        said.contains(
            "warning: intervals of 3 repetitions are wide and uncertain: give `repeat = 5` or more"
        ),
        "{said}"
    );
    let said = warned("", "");
    assert!(
        said.contains("note: one repetition has no interval"),
        "{said}"
    );
    for (head, rest) in [
        ("repeat = 5", ""),
        ("repeat = \"until ±5 %\"", ""),
        ("", "[[event]]\nat = \"1s\"\njoin = 124\n"),
    ] {
        let said = warned(head, rest);
        assert!(!said.contains("docs/statistics.md"), "{said}");
    }
    fs::write(folder.path().join("a.toml"), RINGS.replace("100", "64")).unwrap();
    let (said, _) = run(folder.path(), &[]);
    assert!(!said.contains("docs/statistics.md"), "{said}");
    scenario(folder.path(), "repeat = 3", "");
    let (said, _) = run(folder.path(), &["--quiet"]);
    assert!(said.is_empty(), "{said}");
}

/// 100 nodes join within the first minutes of what is measured; their fingers come one by one.
const JOINING: &str = r#"
seed = 5
repeat = 5
duration = "2h"
workload = { lookups_per_s = 2.0 }
churn = { model = "poisson", poisson = { joins_per_s = 0.02, leaves_per_s = 0.02 } }
output = { lookups = "none", nodes = false }
"#;

#[test]
fn a_measurement_that_begins_before_the_ring_is_there_is_noticed() {
    let folder = TempDir::new().unwrap();
    let from_nothing = "overlay = { nodes = 100, start = \"join\", join_window = \"10m\" }\n";
    fs::write(
        folder.path().join("a.toml"),
        format!("warmup = \"0s\"{JOINING}{from_nothing}"),
    )
    .unwrap();
    let (said, json) = call(folder.path(), &["run", "a.toml", "--json"]);
    assert!(
        said.contains("warning: the warm-up looks too short"),
        "{said}"
    );
    let json: Value = serde_json::from_str(&json).unwrap();
    let warning = json["warnings"][0].as_str().unwrap();
    let suggested = warning.split('"').nth(1).unwrap();
    let minutes: u32 = suggested.strip_suffix('m').unwrap().parse().unwrap();
    assert!(
        (5..=55).contains(&minutes) && minutes.is_multiple_of(5),
        "{warning}"
    );
    let picture = fs::read_to_string(folder.path().join("plots/a/success-over-time.svg")).unwrap();
    assert!(picture.contains("suggested end of the warm-up"));
    // With a warm-up there is nothing to say, and nothing to draw.
    fs::write(
        folder.path().join("a.toml"),
        format!("warmup = \"30m\"{JOINING}{from_nothing}"),
    )
    .unwrap();
    let (said, _) = call(folder.path(), &["run", "a.toml"]);
    assert!(!said.contains("warm-up"), "{said}");
    for picture in files(&folder.path().join("plots/a")).values() {
        assert!(!String::from_utf8_lossy(picture).contains("suggested end"));
    }
}
