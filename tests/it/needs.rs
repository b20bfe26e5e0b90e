//! What a scenario is estimated to need beside what it takes, and what is refused because the machine lacks it.

use std::fs;
use std::path::Path;

use crate::common::program::{chordsim, limited};
use crate::common::run_one;
use chordsim::scenario::{Overrides, Plan};
use chordsim::validation::needs::of_run;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;
use tempfile::TempDir;

/// Rings at rest, under churn and while they are built, by fingers and by successors: events within a factor of two.
#[test]
fn events_are_estimated_within_a_factor_of_two() {
    for (text, rest) in [
        ("overlay.nodes = 500", ""),
        ("overlay.nodes = 500", "routing = \"successors\"\n"),
        ("overlay.nodes = 64", "lookup = \"iterative\"\n"),
        ("overlay.nodes = 300\noverlay.virtual_nodes = 3", ""),
        ("overlay.nodes = 300\noverlay.start = \"join\"", ""),
        (
            "overlay.nodes = 300\nchurn.model = \"poisson\"\nchurn.poisson = { joins_per_s = 0.5, leaves_per_s = 0.5 }",
            "",
        ),
        (
            "overlay.nodes = 300",
            "stabilize_every = \"5s\"\nfix_fingers_every = \"2s\"\n",
        ),
        (
            "overlay.nodes = 300",
            "stabilize_every = \"off\"\nfix_fingers_every = \"off\"\ncheck_predecessor_every = \"off\"\n",
        ),
    ] {
        let text = format!(
            "duration = \"10m\"\nwarmup = \"1m\"\n{text}\nworkload.lookups_per_s = 5\n[chord]\n{rest}"
        );
        let plan = Plan::parse(&text, Path::new("needs.toml"), &Overrides::default()).unwrap();
        let measured = run_one(&text).metric("events");
        let ratio = of_run(&plan.runs[0], &plan).events / measured;
        assert!((0.5..2.0).contains(&ratio), "{text}: {ratio} of {measured}");
    }
}

/// A hundred million nodes, or as many that join at once: more than any machine that runs tests has room for.
#[test]
fn what_does_not_fit_is_refused_before_anything_is_written() {
    for text in [
        "duration = \"1m\"\nid_bits = 64\n",
        "duration = \"1m\"\n[[fault]]\nat = \"30s\"\njoin = 4000000000\n",
    ] {
        let folder = TempDir::new().unwrap();
        let text = text.replace("id_bits = 64\n", "overlay.nodes = 4000000000\n");
        fs::write(folder.path().join("huge.toml"), text).unwrap();
        for command in ["check", "run"] {
            let call = chordsim(folder.path())
                .args([command, "huge.toml"])
                .assert();
            let told = String::from_utf8(call.get_output().stderr.clone()).unwrap();
            let code = call.get_output().status.code();
            assert!(code == Some(1) || code == Some(2), "{told}");
            assert!(told.contains("needs") || told.contains("allowed"), "{told}");
        }
        assert!(!folder.path().join("results").exists());
    }
}

/// `check` says it in plain numbers.
#[test]
fn check_says_what_a_scenario_needs() {
    let folder = TempDir::new().unwrap();
    fs::write(
        folder.path().join("small.toml"),
        "overlay.nodes = 1000\nrepeat = 2\n",
    )
    .unwrap();
    chordsim(folder.path())
        .args(["check", "small.toml"])
        .assert()
        .success()
        .stdout(
            contains("  needs about ")
                .and(contains(" million events"))
                .and(contains("MB of memory")),
        );
}

/// A gibibyte has no room for a hundred million nodes, whoever asks for them: the manifest of a result that comes from
/// elsewhere, or a scenario that is judged.
#[cfg(target_os = "linux")]
#[test]
fn what_does_not_fit_is_refused_by_every_command_that_runs_it() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let small = "warmup = \"0s\"\nduration = \"1s\"\noverlay.nodes = 4\n[[expect]]\nquantity = \"hops_mean\"\n\
                 at_least = 0\nkind = \"exact\"\n";
    fs::write(at("a.toml"), small).unwrap();
    let arguments = ["run", "a.toml", "--no-plots", "--quiet"];
    chordsim(folder.path()).args(arguments).assert().code(0);
    let manifest = at("results/a/manifest.json");
    let mut json: serde_json::Value =
        serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    json["plan"]["overrides"]["set"] = serde_json::json!(["overlay.nodes=100000000"]);
    fs::write(&manifest, json.to_string()).unwrap();
    fs::write(at("b.toml"), small.replace("= 4", "= 100000000")).unwrap();
    for (arguments, file) in [
        (["run", "b.toml"], "b.toml"),
        (["verify", "results/a"], "a.toml"),
        (["validate", "b.toml"], "b.toml"),
    ] {
        let expected = format!("{file}: a run needs about ");
        limited(folder.path())
            .args(arguments)
            .assert()
            .code(1)
            .stderr(contains(expected).and(contains("docs/performance.md")));
    }
}
