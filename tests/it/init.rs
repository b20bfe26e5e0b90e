//! `chordsim init`: every template runs at once and gives what it says, and no file of anybody is replaced.

use std::fs;
use std::path::Path;

use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::{contains, starts_with};
use tempfile::TempDir;

use crate::common::program::{chordsim, files};

/// The names of the templates, in the order of the list.
fn names() -> Vec<String> {
    let folder = TempDir::new().unwrap();
    let call = chordsim(folder.path()).args(["init", "--list"]).assert();
    let told = String::from_utf8(call.success().get_output().stdout.clone()).unwrap();
    let first = |line: &str| line.split_whitespace().next().unwrap().to_owned();
    told.lines().map(first).collect()
}

#[test]
fn there_is_a_template_for_each_task_of_a_course() {
    let expected = [
        "ring-by-hand",
        "hops-vs-nodes",
        "load-virtual-nodes",
        "failures",
        "churn",
        "replication",
        "selfish",
        "divergence",
        "own-matrix",
    ];
    assert_eq!(names(), expected);
}

/// As a user has it: written into an empty folder, run from there, and judged by its own expectations. Every one of them
/// expects something, and says what to vary, what to look at and what to hand in.
#[test]
fn every_template_gives_what_it_expects() {
    let folder = TempDir::new().unwrap();
    for name in names() {
        let init = chordsim(folder.path()).args(["init", &name]).assert();
        init.success()
            .stdout("")
            .stderr(contains(format!("chordsim run {name}.toml")));
        let file = format!("{name}.toml");
        let text = fs::read_to_string(folder.path().join(&file)).unwrap();
        for part in [
            "# THE QUESTION.",
            "# WHAT TO EXPECT.",
            "# WHAT TO VARY",
            "HAND IN.",
        ] {
            assert!(text.contains(part), "{name}: {part}");
        }
        assert!(text.contains("[[expect]]"), "{name} expects nothing");
        chordsim(folder.path())
            .args(["validate", &file, "--quiet", "--out", "judged"])
            .assert()
            .success();
    }
}

/// What a template says about a picture is true: it is drawn.
#[test]
fn the_figure_to_hand_in_is_drawn() {
    let folder = TempDir::new().unwrap();
    for name in names() {
        chordsim(folder.path())
            .args(["init", &name])
            .assert()
            .success();
        let file = format!("{name}.toml");
        let text = fs::read_to_string(folder.path().join(&file)).unwrap();
        // What is drawn depends on what is swept and measured, not on how long.
        let mut run = vec!["run", file.as_str(), "--quiet"];
        if name != "ring-by-hand" {
            run.extend(["--set", "duration=2m", "--repeat", "2"]);
        }
        chordsim(folder.path()).args(run).assert().success();
        let start = format!("plots/{name}/");
        let named = text.split(&start).skip(1);
        for rest in named {
            let picture = rest.split([' ', ',', ':', ';']).next().unwrap();
            let path = folder
                .path()
                .join(&start)
                .join(picture.trim_end_matches(['.', '\n']));
            assert!(path.is_file(), "{name}: {} is not drawn", path.display());
        }
    }
}

#[test]
fn a_file_that_is_there_is_never_replaced() {
    let folder = TempDir::new().unwrap();
    for (template, there) in [
        ("churn", "churn.toml"),
        ("own-matrix", "own-matrix.toml"),
        ("own-matrix", "own-matrix.tsv"),
    ] {
        let inner = folder.path().join(there);
        fs::create_dir(&inner).unwrap();
        fs::write(inner.join(there), "mine").unwrap();
        let before = files(&inner);
        chordsim(&inner)
            .args(["init", template])
            .assert()
            .code(2)
            .stderr(contains(format!("{there} is there already")).and(contains("--out FILE")));
        assert_eq!(files(&inner), before, "{there}");
    }
    // What it wrote itself is somebody's from then on.
    let again = folder.path().join("again");
    fs::create_dir(&again).unwrap();
    chordsim(&again).args(["init", "churn"]).assert().success();
    chordsim(&again).args(["init", "churn"]).assert().code(2);
}

#[test]
fn a_name_that_there_is_not_is_told_with_the_nearest() {
    let folder = TempDir::new().unwrap();
    for (name, told) in [
        ("chrun", "did you mean \"churn\"?"),
        ("hops_vs_nodes", "did you mean \"hops-vs-nodes\"?"),
        ("kademlia", "there are ring-by-hand, hops-vs-nodes"),
        ("\u{1b}[31mred", "<U+001B>[31mred"),
    ] {
        let call = chordsim(folder.path()).args(["init", name]).assert();
        let told_all = String::from_utf8(call.code(2).get_output().stderr.clone()).unwrap();
        let in_a_line = told_all.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(in_a_line.contains(told), "{in_a_line}");
        assert!(!told_all.contains('\u{1b}'), "{told_all}");
    }
    chordsim(folder.path()).arg("init").assert().code(2);
    for out in ["x.txt", "a b.toml", ".toml", ".."] {
        let refused = chordsim(folder.path())
            .args(["init", "churn", "--out", out])
            .assert();
        refused
            .code(2)
            .stderr(contains("is no name for a scenario"));
    }
    assert!(files(folder.path()).is_empty());
}

/// No template points to a schema that is not there.
#[test]
fn the_first_line_points_to_the_schema_if_it_lies_beside() {
    let folder = TempDir::new().unwrap();
    let first = |name: &str| {
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        text.lines().next().unwrap().to_owned()
    };
    let init = |arguments: &[&str]| {
        let command = [&["init"], arguments].concat();
        chordsim(folder.path()).args(command).assert().success();
    };
    init(&["churn"]);
    assert!(
        first("churn.toml").starts_with("# "),
        "{}",
        first("churn.toml")
    );
    init(&["failures", "--schema"]);
    assert_eq!(first("failures.toml"), "#:schema chordsim.schema.json");
    let schema = folder.path().join("chordsim.schema.json");
    let printed = chordsim(folder.path()).arg("schema").assert().success();
    assert_eq!(fs::read(schema).unwrap(), printed.get_output().stdout);
    // It is there for all that come later, and is written anew where it is asked for.
    init(&["selfish"]);
    init(&["divergence", "--schema"]);
    for name in ["selfish.toml", "divergence.toml"] {
        assert_eq!(first(name), "#:schema chordsim.schema.json");
    }
    init(&["own-matrix", "--out", "below/mine.toml"]);
    assert!(Path::new(&folder.path().join("below/own-matrix.tsv")).is_file());
    chordsim(folder.path())
        .args(["check", "below/mine.toml"])
        .assert()
        .success()
        .stdout(starts_with("below/mine.toml: 10 runs"));
}
