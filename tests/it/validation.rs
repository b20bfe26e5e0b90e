//! What the scenarios of `scenarios/paper/` expect is what comes out, in fewer or shorter runs than they
//! ask for and never by a wider tolerance; and `chordsim validate` as a user meets it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::Run;
use crate::common::program::{chordsim, results};
use chordsim::catalogue::LookupRecord;
use chordsim::results::csv::LookupRow;
use chordsim::results::{MeasuredRun, MeasuredRuns};
use chordsim::scenario::{Overrides, Plan};
use chordsim::validation::{HEADER, Judged, Judgement, Tallies, judge, lines};
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::{contains, is_empty};
use rayon::prelude::*;
use tempfile::TempDir;

/// What is put on top of each scenario, so that the test does not take all day.
const SHORTER: [(&str, &[&str]); 32] = [
    ("latency", &["repeat=1"]),
    ("lecture-ring", &[]),
    ("v1-successors", &["duration=300s"]),
    ("v2-even-ring", &["duration=250s"]),
    ("v3-fingers", &["duration=100s"]),
    ("v4-successor-list", &["duration=200s"]),
    ("v6-keys", &["repeat=5"]),
    ("v7-virtual-nodes", &["repeat=1"]),
    ("v9-mass-failure", &["duration=100s"]),
    // Timeouts are rare events: fewer lookups do not tell.
    ("v11-churn", &["repeat=2"]),
    ("v14-audit", &["repeat=5"]),
    ("table4-space", &["repeat=1"]),
    ("table4-transit-stub", &["repeat=1"]),
    ("planetlab-plain", &["repeat=10", "duration=300s"]),
    ("planetlab-proximity", &["repeat=4"]),
    ("churn-sessions", &["repeat=5"]),
    ("churn-skype", &[]),
    ("storage-loss", &["repeat=10"]),
    ("storage-decay", &["repeat=5"]),
    ("storage-rounds", &["repeat=5"]),
    ("storage-upkeep", &["repeat=2"]),
    ("storage-one-copy", &["repeat=4"]),
    ("quorum-wait", &["repeat=2", "duration=500s"]),
    ("quorum-random-of-3", &["repeat=4"]),
    ("quorum-random-of-5", &["repeat=4"]),
    // Stale gets are rare, one in 1500.
    ("quorum-stale", &["repeat=5"]),
    ("contribution-game", &["repeat=1"]),
    ("contribution-exclusion", &["repeat=1"]),
    ("droppers", &["repeat=10"]),
    ("redundant-routes", &["repeat=8"]),
    ("reputation-blacklist", &["repeat=20"]),
    ("whitewash-pairs", &["repeat=2"]),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/paper")
}

fn plan(name: &str, changes: &[&str]) -> Plan {
    let file = folder().join(format!("{name}.toml"));
    let overrides = Overrides {
        set: changes.iter().map(ToString::to_string).collect(),
        ..Overrides::default()
    };
    let plan = Plan::parse(&fs::read_to_string(&file).unwrap(), &file, &overrides);
    plan.unwrap_or_else(|error| panic!("{:?}", miette::Report::new(*error)))
}

/// Where the data of a scenario are; `None`, said aloud, where they are not. Under continuous integration they must be there.
fn data(name: &str) -> Option<Vec<String>> {
    let (key, file) = match name {
        "planetlab-plain" | "planetlab-proximity" => {
            ("network.matrix.file", "planetlab-490-rtt.tsv")
        }
        "churn-skype" => ("churn.trace.file", "skype-2081-hosts.avt"),
        _ => return Some(Vec::new()),
    };
    let folder = std::env::var_os("CHORDSIM_DATA");
    if folder.is_none() {
        assert!(std::env::var_os("CI").is_none(), "CHORDSIM_DATA is not set");
        eprintln!("CHORDSIM_DATA is not set: {name} was not judged");
    }
    let file = PathBuf::from(folder?).join(file);
    Some(vec![format!("{key}={}", file.display())])
}

/// Runs a plan and judges it, without any file.
fn judged(plan: &Plan) -> Vec<Judged> {
    let runs = plan
        .runs
        .par_iter()
        .with_max_len(1)
        .map(|spec| crate::common::run_as(spec, &plan.output));
    let runs: Vec<Run> = runs.collect();
    let mut tallies = Tallies::new(plan);
    for (number, run) in (0..).zip(&runs) {
        run.lookups
            .iter()
            .for_each(|lookup| tallies.take(&row(number, lookup)));
    }
    let measured = plan.runs.iter().zip(runs).map(|(spec, run)| MeasuredRun {
        spec,
        summary: run.summary,
        audit: None,
    });
    let measured = MeasuredRuns {
        swept: &plan.swept,
        runs: measured.collect(),
    };
    judge(plan, &measured, &tallies)
}

fn row(run: u32, lookup: &LookupRecord) -> LookupRow {
    LookupRow {
        run,
        source_id: lookup.source_id,
        key: lookup.key,
        answer_id: lookup.answer_id,
        hops: lookup.hops,
        latency_ms: lookup.latency_ms,
    }
}

/// The rows that leave something to explain, as lines.
fn trouble(rows: &[Judged]) -> Vec<Vec<String>> {
    let bad = rows
        .iter()
        .filter(|row| row.judgement.is_trouble())
        .cloned();
    lines(&bad.collect::<Vec<_>>())
}

#[test]
fn what_the_papers_say_comes_out() {
    for (name, changes) in SHORTER {
        let Some(data) = data(name) else { continue };
        let changes: Vec<&str> = changes
            .iter()
            .copied()
            .chain(data.iter().map(String::as_str))
            .collect();
        let shorter = plan(name, &changes);
        let asked = plan(name, &[]).expectations.len();
        assert_eq!(
            shorter.expectations.len(),
            asked,
            "{name}: none is left out"
        );
        let rows = judged(&shorter);
        assert!(
            trouble(&rows).is_empty(),
            "{HEADER:?}\n{:#?}",
            trouble(&rows)
        );
        assert!(
            rows.iter().any(|row| row.judgement == Judgement::Pass),
            "{name}"
        );
    }
}

#[test]
fn every_scenario_of_the_paper_is_tested() {
    let files = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = files
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    let mut tested = SHORTER.map(|(name, _)| name);
    tested.sort_unstable();
    assert_eq!(names, tested);
}

/// Every statistic notices a program that does something else: other routing than expected, a list of
/// successors that shortens the way, nodes that are busy, owners that are gone.
#[test]
fn statistics_notice_what_is_wrong() {
    let wrong = |name: &str, changes: &[&str], quantities: &[&str]| {
        let rows = judged(&plan(name, changes));
        for quantity in quantities {
            let about = rows.iter().filter(|row| row.quantity == *quantity);
            let judgements: Vec<Judgement> = about.map(|row| row.judgement).collect();
            assert!(!judgements.is_empty());
            assert!(
                judgements.iter().all(|it| *it == Judgement::Fail),
                "{name} with {changes:?}: {quantity} {judgements:?}"
            );
        }
    };
    let fingers = ["chord.routing=fingers", "repeat=4"];
    wrong("v1-successors", &fingers, &["hops_uniform_p", "hops_mean"]);
    let list = ["chord.successors=8", "repeat=4"];
    let all = ["steps_off_bits", "steps_binomial_p", "path_length_mean"];
    wrong("v2-even-ring", &list, &all);
    let busy = ["network.service_time=1ms", "repeat=1", "duration=100s"];
    wrong("latency", &busy, &["latency_off_hops"]);
    let gone = ["fault=[{ at = \"0s\", kill = 0.34 }]", "chord.successors=2"];
    wrong("lecture-ring", &gone, &["answers_off_ids"]);
}

/// docs/validation.md has every expectation as it stands in the scenarios, in order.
#[test]
fn the_documented_table_is_of_these_scenarios() {
    let docs = include_str!("../../docs/validation.md");
    let mut rest = docs;
    for (name, _) in SHORTER {
        let plan = plan(name, &[]);
        let heading = format!("### {name}: {}\n", plan.title);
        let at = rest.find(&heading);
        rest = &rest[at.unwrap_or_else(|| panic!("{heading} is not in its place"))..];
        let nothing = MeasuredRuns {
            swept: &plan.swept,
            runs: Vec::new(),
        };
        for line in lines(&judge(&plan, &nothing, &Tallies::new(&plan))) {
            // Quantity, place, expected, tolerance.
            let cells = format!("| {} |", line[1..5].join(" | "));
            let row = rest.lines().find(|row| row.starts_with(&cells));
            let row = row.unwrap_or_else(|| panic!("{name}: no row {cells}"));
            assert!(
                row.contains("| pass |") || row.contains("| reported |"),
                "{row}"
            );
        }
    }
}

/// What lacks its data is passed over, and what is beside it is judged.
#[test]
fn a_scenario_without_its_data_is_not_judged() {
    let folder = TempDir::new().unwrap();
    let network = "[network]\nmodel = \"matrix\"\nmatrix.file = \"rtt.csv\"\n";
    fs::write(folder.path().join("good.toml"), SMALL).unwrap();
    let lacking = SMALL.replace("[output]", &format!("{network}[output]"));
    fs::write(folder.path().join("lacking.toml"), lacking).unwrap();
    let validate = |scenarios: &[&str], data: &Path| {
        let mut command = chordsim(folder.path());
        let command = command
            .arg("validate")
            .args(scenarios)
            .args(["--out", "judged"]);
        command.env("CHORDSIM_DATA", data).assert()
    };
    let nowhere = folder.path().join("nowhere");
    let told = "lacking: not judged: needs rtt.csv";
    validate(&["good.toml", "lacking.toml"], &nowhere)
        .code(0)
        .stderr(contains(told).and(contains("1 as expected, in")));
    let written = fs::read_to_string(folder.path().join("judged/validation.md")).unwrap();
    assert!(written.contains(told), "{written}");
    // Nothing judged is nothing shown to be right.
    validate(&["lacking.toml"], &nowhere)
        .code(1)
        .stderr(contains(told));
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("rtt.csv"), "0 7\n7 0\n").unwrap();
    validate(&["lacking.toml"], &data)
        .code(0)
        .stderr(contains("1 as expected, in").and(contains("not judged").not()));
}

const SMALL: &str = "title = \"Small\"\nwarmup = \"0s\"\nduration = \"20s\"\nrepeat = 3\n\
    [overlay]\nnodes = 8\n[output]\nnodes = false\ntimeline = false\n\
    [[expect]]\nquantity = \"failed\"\nvalue = 0\nwithin = 0\nkind = \"exact\"\n";
const WRONG: &str = "[[expect]]\nquantity = \"hops_mean\"\nvalue = 5\nwithin_share = 0.05\n\
    kind = \"published\"\nsource = \"nobody\"\nnote = \"Eight nodes are never that far apart.\"\n";

#[test]
fn the_command_says_what_is_as_expected_and_what_is_not() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("mine")).unwrap();
    let file = |name: &str| folder.path().join("mine").join(name);
    fs::write(file("v1-good.toml"), SMALL).unwrap();
    fs::write(file("v11-bad.toml"), format!("{SMALL}{WRONG}")).unwrap();

    let validate = |args: &[&str]| {
        let mut command = chordsim(folder.path());
        command.args(["validate", "mine"]).args(args).assert()
    };
    validate(&["--only", "v1"])
        .code(0)
        .stdout(is_empty())
        .stderr(contains("1 as expected, in").and(contains("v11").not()));
    let before = results(&folder.path().join("results/v1-good"));
    validate(&[])
        .code(1)
        .stdout(is_empty())
        .stderr(contains("v1-good: up to date"))
        .stderr(contains("FAIL"))
        .stderr(contains("2 as expected, 1 not as expected, in"));
    assert_eq!(before, results(&folder.path().join("results/v1-good")));

    let written = |name: &str| {
        fs::read_to_string(folder.path().join("results/validation").join(name)).unwrap()
    };
    let markdown = written("validation.md");
    assert!(markdown.contains("2 as expected, 1 not as expected.\n"));
    assert!(markdown.contains("### v11-bad: Small\n"));
    assert!(markdown.contains("- `hops_mean`: Eight nodes are never that far apart.\n"));
    let csv = written("validation.csv");
    assert!(csv.starts_with("scenario,quantity,where,rule,expected,tolerance,measured,ci95,"));
    assert!(csv.contains("v11-bad,hops_mean,,within_share,5,0.05,"));
    assert!(csv.contains(",fail,published,nobody,"));
    // The same once more is the same to the byte, and JSON says the same.
    let json = validate(&["--json", "--quiet"]).code(1).stderr(is_empty());
    let json: serde_json::Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
    assert_eq!(json["expectations"][2]["verdict"], "fail");
    assert_eq!(json["expectations"].as_array().unwrap().len(), 3);
    assert_eq!(
        (written("validation.md"), written("validation.csv")),
        (markdown, csv)
    );
}

#[test]
fn the_command_refuses_what_it_cannot_judge() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.toml"), SMALL).unwrap();
    fs::write(folder.path().join("idle.toml"), "duration = \"1s\"").unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    let refused = |args: &[&str], why: &str| {
        let mut command = chordsim(folder.path());
        let command = command.arg("validate").args(args).assert();
        command.code(2).stdout(is_empty()).stderr(contains(why));
    };
    refused(&["nowhere"], "cannot read nowhere");
    refused(&["empty"], "no scenario in empty");
    refused(&["a.toml", "--only", "b"], "there is no scenario named b");
    refused(&["idle.toml"], "idle.toml expects nothing");
    refused(&["a.toml", "a.toml"], "have the same name");
    assert!(!folder.path().join("results").exists());
}

/// `run` shows the verdicts too, and its exit code is its own.
#[test]
fn a_run_shows_what_was_expected() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("bad.toml"), format!("{SMALL}{WRONG}")).unwrap();
    let run = |args: &[&str]| {
        let mut command = chordsim(folder.path());
        command
            .args(["run", "bad.toml", "--no-plots"])
            .args(args)
            .assert()
    };
    run(&[])
        .code(0)
        .stderr(contains("expected beside measured:"))
        .stderr(contains("1 as expected, 1 not as expected\n"));
    // Another expectation is no other run.
    fs::write(folder.path().join("bad.toml"), SMALL).unwrap();
    run(&[])
        .code(0)
        .stderr(contains("bad: up to date").and(contains("1 as expected\n")));
    run(&["--set", "overlay.nodes=16"])
        .code(0)
        .stderr(contains("--set has changed it"));
}
