//! `chordsim check --resolved`, `--runs` and `--json`: what is asked for, and where each value comes from.

use std::fs;
use std::path::Path;

use chordsim::scenario::{Overrides, Plan};
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;
use tempfile::TempDir;

use crate::common::program::{Table, chordsim};

const SMALL: &str = "title = \"a \\\"quoted\\\" title\"\nseed = 7\nwarmup = \"0s\"\nduration = \"1m\"\nrepeat = 2\n\
    [overlay]\nnodes = 20\n[chord]\nlookup_timeout = \"10s\"\n[churn]\nmodel = \"poisson\"\npoisson = { joins_per_s = 0.1 }\n\
    [[fault]]\nat = \"10s\"\n[sweep]\n\"chord.routing\" = [\"successors\", \"fingers\"]\n\"fault.0.kill\" = [0.1, 0.2]\n";

fn printed(folder: &Path, arguments: &[&str]) -> String {
    let command = [&["check"], arguments].concat();
    let call = chordsim(folder).args(command).assert().success();
    String::from_utf8(call.get_output().stdout.clone()).unwrap()
}

/// Every line of the keys of a run, without blanks between value and comment.
fn lines(text: &str) -> Vec<String> {
    let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text.lines().map(line).collect()
}

#[test]
fn every_value_says_where_it_comes_from() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.toml"), SMALL).unwrap();
    let options = [
        "a.toml",
        "--resolved",
        "--run",
        "7",
        "--seed",
        "9",
        "--set",
        "chord.successors=4",
    ];
    let text = printed(folder.path(), &options);
    let lines = lines(&text);
    for expected in [
        "name = \"a-run-6\" # follows from the scenario's name and the run",
        "title = \"a \\\"quoted\\\" title\" # line 1",
        "seed = 9 # --seed",
        "repeat = 2 # line 5",
        "nodes = 20 # line 7",
        "request_timeout = \"10s\" # line 9",
        "routing = \"fingers\" # swept, line 16",
        "successors = 4 # --set",
        "lookup = \"recursive\" # default",
        "joins_per_s = 0.1 # line 12",
        "leaves_per_s = 0.1 # default",
        "kill = 0.2 # swept, line 17",
        "# until # not given: none",
    ] {
        assert!(
            lines.iter().any(|line| line == expected),
            "{expected}\n{text}"
        );
    }
    // Of a model that is not chosen nothing is told.
    assert!(
        !text.contains("network.plane") && text.contains("[network.constant]"),
        "{text}"
    );
}

/// For every scenario that ships and every template: what is printed asks for the very runs of that combination.
#[test]
fn what_is_printed_is_what_is_simulated() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["scenarios", "scenarios/paper", "scenarios/templates"];
    let files = folders
        .iter()
        .flat_map(|it| fs::read_dir(root.join(it)).unwrap());
    let files = files.map(|file| file.unwrap().path());
    for file in files.filter(|it| it.extension().is_some_and(|it| it == "toml")) {
        let text = fs::read_to_string(&file).unwrap();
        let parse = |text: &str| Plan::parse(text, &file, &Overrides::default());
        let plan = parse(&text).unwrap();
        // The last combination has all values that are swept, and is no default.
        let last = plan.runs.last().unwrap();
        let run = last.run.to_string();
        let name = file.to_str().unwrap();
        let call = chordsim(root)
            .args(["check", name, "--resolved", "--run", &run])
            .output();
        let call = call.unwrap();
        if !call.status.success() {
            let told = String::from_utf8_lossy(&call.stderr);
            // Measured data that this machine does not have.
            assert!(
                told.contains("cannot read") || told.contains("no such file"),
                "{name}: {told}"
            );
            continue;
        }
        let printed = String::from_utf8(call.stdout).unwrap();
        let again = parse(&printed)
            .unwrap_or_else(|error| panic!("{name}: {:?}\n{printed}", miette::Report::new(*error)));
        let told: Vec<_> = again
            .runs
            .iter()
            .map(|run| (&run.scenario, run.seed))
            .collect();
        let of_last = plan
            .runs
            .iter()
            .filter(|run| run.combination == last.combination);
        let expected: Vec<_> = of_last.map(|run| (&run.scenario, run.seed)).collect();
        assert_eq!(told.len(), expected.len(), "{name}");
        // A trace of churn is told to a run only once its file is read.
        if !plan.has_trace() {
            assert_eq!(told, expected, "{name}\n{printed}");
            assert_eq!(again.output, plan.output, "{name}");
        }
    }
}

#[test]
fn the_printed_scenario_has_the_same_fingerprint() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.toml"), SMALL).unwrap();
    let run = |file: &str| {
        chordsim(folder.path())
            .args(["run", file, "--quiet", "--no-plots"])
            .assert()
            .success();
    };
    run("a.toml");
    let whole = Table::read(&folder.path().join("results/a/summary.csv"));
    for first in [0, 6] {
        let number = first.to_string();
        let text = printed(folder.path(), &["a.toml", "--resolved", "--run", &number]);
        fs::write(folder.path().join("b.toml"), &text).unwrap();
        run("b.toml");
        let again = folder
            .path()
            .join(format!("results/a-run-{first}/summary.csv"));
        let again = Table::read(&again);
        let expected = &whole.column("fingerprint")[first..first + 2];
        assert_eq!(again.column("fingerprint"), expected, "{text}");
    }
}

#[test]
fn runs_are_listed_and_told_as_json() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.toml"), SMALL).unwrap();
    let listed = printed(folder.path(), &["a.toml", "--runs"]);
    let heads = lines(&listed);
    assert!(
        heads
            .iter()
            .any(|line| line == "run routing kill repetition seed"),
        "{listed}"
    );
    let rows = heads
        .iter()
        .filter(|line| line.contains("fingers 0.2"))
        .count();
    assert_eq!(rows, 2, "{listed}");
    let line = printed(folder.path(), &["a.toml", "--json", "--jobs", "3"]);
    let told: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(told["runs"].as_array().unwrap().len(), 8);
    assert_eq!(told["runs"][7]["routing"], "fingers");
    assert_eq!(told["runs"][7]["kill"], 0.2);
    assert_eq!(told["needs"]["jobs"], 3);
    let seconds = |key: &str| told["needs"][key].as_f64().unwrap();
    assert!(seconds("wall_seconds") <= seconds("core_seconds"), "{told}");
    let keys = told["resolved"]["keys"].as_array().unwrap();
    let key = |name: &str| keys.iter().find(|key| key["key"] == name).unwrap();
    assert_eq!(key("overlay.nodes")["line"], 7);
    assert_eq!(key("overlay.nodes")["origin"], "file");
    assert_eq!(key("fault.0.kill")["origin"], "sweep");
    assert_eq!(key("chord.successors")["value"], 16);
    assert_eq!(key("churn.until")["value"], serde_json::Value::Null);
}

#[test]
fn what_does_not_go_together_is_refused() {
    let folder = TempDir::new().unwrap();
    for name in ["a.toml", "b.toml"] {
        fs::write(folder.path().join(name), SMALL).unwrap();
    }
    for (arguments, told) in [
        (&["a.toml", "b.toml", "--resolved"][..], "name one scenario"),
        (&["a.toml", "--resolved", "--run", "8"], "check --runs"),
        (&["a.toml", "--resolved", "--json"], "cannot be used with"),
        (&["a.toml", "--ring", "--json"], "cannot be used with"),
        (&["a.toml", "--run", "1"], "required"),
    ] {
        let command = [&["check"], arguments].concat();
        let call = chordsim(folder.path()).args(command).assert();
        call.code(2)
            .stderr(contains(told).and(contains("panicked").not()));
    }
}
