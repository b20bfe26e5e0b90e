//! The page of `report`, as a command and in a browser.

use std::fs;
use std::path::Path;

use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;
use serde_json::Value;
use tempfile::TempDir;

use crate::common::browser;
use crate::common::program::chordsim;

const TITLE: &str = r#"<script>alert(1)</script> "50 %" & <b>a_b</b> 'x' {{ seed }}"#;

const SCENARIO: &str = r#"# Does it matter how a lookup is passed on?
#
# <b>Fingers</b> halve the way; successors take each step.
#   chordsim run it.toml

name     = "it"
title    = '''TITLE'''
duration = "2m"
sample   = "10s"
repeat   = 5
[overlay]
nodes = 32
[churn]
model   = "poisson"
poisson = { joins_per_s = 0.05, leaves_per_s = 0.05 }
[workload]
lookups_per_s = 5
[sweep]
"chord.routing" = ["successors", "fingers"]
"overlay.nodes" = [16, 32, 64]
"#;

/// A folder with the results of a scenario in `results/it`.
fn results(scenario: &str, options: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("it.toml"), scenario).unwrap();
    chordsim(folder.path())
        .args(["run", "it.toml", "--no-plots", "--quiet"])
        .args(options)
        .assert()
        .success();
    folder
}

fn plain() -> TempDir {
    results(&SCENARIO.replace("TITLE", "Fingers or not"), &[])
}

/// The page of `results/it`, in `plots/it`.
fn page(folder: &Path) -> String {
    chordsim(folder)
        .args(["report", "results/it"])
        .assert()
        .success()
        .stdout("")
        .stderr("plots/it/report.html\n");
    fs::read_to_string(folder.join("plots/it/report.html")).unwrap()
}

/// Changes the manifest of `results/it`.
fn amend(folder: &Path, change: impl FnOnce(&mut Value)) {
    let path = folder.join("results/it/manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(&path, manifest.to_string()).unwrap();
}

#[test]
fn the_page_works_in_a_browser_for_everybody() {
    let (folder, hostile) = (plain(), results(&SCENARIO.replace("TITLE", TITLE), &[]));
    // No scenario may have signs that steer in a title, but a manifest may come from anywhere.
    let signs = "\u{7}\u{1b}[31m\u{202e}";
    amend(hostile.path(), |manifest| {
        manifest["plan"]["title"] = format!("{TITLE}{signs}").into();
    });
    page(folder.path());
    page(hostile.path());
    let at = |folder: &TempDir, file: &str| folder.path().join(file);
    let shown = format!("{TITLE}<U+0007><U+001B>[31m<U+202E>");
    browser::check(
        "report.mjs",
        &[
            at(&folder, "plots/it/report.html").as_os_str(),
            at(&folder, "results/it/aggregate.csv").as_os_str(),
            "hops-vs-nodes".as_ref(),
            "hops_mean".as_ref(),
            at(&hostile, "plots/it/report.html").as_os_str(),
            shown.as_ref(),
        ],
    );
}

/// It says what was asked, in the author's words, and how to get it again; nothing in it is from elsewhere.
#[test]
fn the_page_says_what_was_asked_and_how_to_get_it_again() {
    let folder = results(
        &SCENARIO.replace("TITLE", "Fingers or not"),
        &["--seed", "7", "--set", "workload.lookups_per_s=4"],
    );
    let page = page(folder.path());
    for expected in [
        "<p>Does it matter how a lookup is passed on?</p>",
        "<p>&lt;b&gt;Fingers&lt;&#x2f;b&gt; halve the way; successors take each step.</p>",
        "<pre class=\"said\">chordsim run it.toml</pre>",
        "chordsim run it.toml --seed 7 --set workload.lookups_per_s=4",
        "chordsim verify results&#x2f;it",
        "Content-Security-Policy",
        "default-src 'none'",
    ] {
        assert!(page.contains(expected), "{expected}");
    }
    // No address of anything that would be loaded; the name of the XML of SVG loads nothing.
    let rest = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!rest.contains("http://") && !rest.contains("https://"));
    assert!(!rest.contains(" src=\"http") && !rest.contains("@import"));
}

/// Neither the time of the run nor that of the page is in it.
#[test]
fn the_same_results_give_the_same_bytes() {
    let (first, second) = (plain(), plain());
    assert_eq!(page(first.path()), page(first.path()));
    assert!(
        page(first.path()) == page(second.path()),
        "two runs of one scenario"
    );
}

/// The sentences claim nothing that the runs do not show.
#[test]
fn few_repetitions_failures_and_single_runs_are_said() {
    let folder = results(&SCENARIO.replace("TITLE", "Two"), &["--repeat", "2"]);
    assert!(page(folder.path()).contains("Only 2 repetitions"));
    amend(folder.path(), |manifest| {
        let failed = serde_json::json!(
            { "run": 3, "swept": ["fingers", "16"], "repetition": 1, "reason": "no <memory>" }
        );
        manifest["failed"] = serde_json::json!([failed]);
    });
    let told = page(folder.path());
    assert!(
        told.contains("1 run failed") && told.contains("no &lt;memory&gt;"),
        "{told}"
    );
    let once = results("name = 'it'\nduration = '1m'\n[overlay]\nnodes = 8\n", &[]);
    let told = page(once.path());
    assert!(
        told.contains("One repetition: there are no intervals"),
        "{told}"
    );
}

#[test]
fn what_is_no_complete_result_gives_no_page() {
    let folder = plain();
    let out = folder.path().join("results/it");
    fs::remove_file(out.join("aggregate.csv")).unwrap();
    let report = || {
        let mut command = chordsim(folder.path());
        command.args(["report", "results/it"]);
        command
    };
    report().assert().code(1).stderr(contains("aggregate.csv"));
    amend(folder.path(), |manifest| {
        manifest["runs"] = serde_json::json!([]);
        let failed =
            serde_json::json!({ "run": 0, "swept": [], "repetition": 0, "reason": "no memory" });
        manifest["failed"] = serde_json::json!([failed]);
    });
    report().assert().code(1).stderr(contains("no memory"));
    fs::remove_file(out.join("manifest.json")).unwrap();
    report().assert().code(1);
    assert!(!folder.path().join("plots").exists());
}

#[test]
fn a_template_replaces_the_page_or_a_part_of_it_and_its_faults_are_told() {
    let folder = plain();
    let with = |text: &str| {
        fs::write(folder.path().join("mine.html"), text).unwrap();
        let mut command = chordsim(folder.path());
        command.args([
            "report",
            "results/it",
            "--template",
            "mine.html",
            "--out",
            "out.html",
        ]);
        command
    };
    let read = || fs::read_to_string(folder.path().join("out.html")).unwrap();
    with("<p>{{ title }}: {{ tables.all|length }}</p>")
        .assert()
        .success();
    assert_eq!(read(), "<p>Fingers or not: 1</p>");
    let part = "{% extends \"report.html\" %}{% block footer %}<p>Exercise 3</p>{% endblock %}";
    with(part).assert().success();
    assert!(read().contains("<p>Exercise 3</p>") && read().contains("hops-vs-nodes"));
    let before = read();
    for (text, told) in [
        ("a\n{{ titel }}", "line 2"),
        ("{% include \"x.html\" %}", "x.html"),
    ] {
        with(text)
            .assert()
            .code(2)
            .stderr(contains("mine.html").and(contains(told)));
    }
    assert_eq!(
        read(),
        before,
        "nothing is written by a template that fails"
    );
}

/// A page that somebody else wrote, or that was changed by hand, is not overwritten.
#[test]
fn nothing_of_others_is_overwritten() {
    let folder = plain();
    fs::write(folder.path().join("mine.html"), "mine").unwrap();
    chordsim(folder.path())
        .args(["report", "results/it", "--out", "mine.html"])
        .assert()
        .code(2);
    let left = fs::read_to_string(folder.path().join("mine.html")).unwrap();
    assert_eq!(left, "mine");
}
