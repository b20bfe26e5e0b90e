//! What theory expects of a run against what the run measures, across the cases in which it expects
//! anything; and what a user is told of it.

use std::fs;

use crate::common::books::ring_at_rest;
use crate::common::program::{chordsim, results};
use crate::common::{Run, run_all};
use chordsim::catalogue::Metric;
use chordsim::theory::Comparison;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::{contains, is_empty};
use tempfile::TempDir;

/// The comparison of a metric over all repetitions; `None` if nothing was expected.
fn comparison(runs: &[Run], metric: &str) -> Option<Comparison> {
    let metric = Metric::expected().find(|expected| expected.name() == metric);
    let metric = metric.expect("it may be expected");
    let values = runs.iter().filter_map(|run| {
        let (measured, expected) = run.summary.beside_expected(metric)?;
        Some((measured, expected.mean, expected.standard_error))
    });
    Comparison::of(&values.collect::<Vec<_>>())
}

/// Runs a ring of 400 nodes three times: each of these metrics is expected, and none that is expected
/// is farther off than four standard errors.
fn assert_agrees(changes: &[(&str, &str)], rest: &str, metrics: &[&str]) {
    let mut text = format!("repeat = 3\n{}", ring_at_rest(rest));
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    let runs = run_all(&text);
    for metric in metrics {
        let comparison = comparison(&runs, metric);
        assert!(comparison.is_some(), "{changes:?}: no {metric} is expected");
    }
    for metric in Metric::expected() {
        let Some(comparison) = comparison(&runs, metric.name()) else {
            continue;
        };
        assert!(
            comparison.chance() > 6.3e-5,
            "{changes:?} {rest:?} {metric}: {comparison:?}"
        );
    }
}

const LOOKUPS: [&str; 4] = [
    "success_rate",
    "hops_mean",
    "latency_ms_mean",
    "timeouts_mean",
];

/// Nodes that are busy answer some calls of maintenance too late, and are struck out though they are there. The few
/// lookups need not meet that: they have no timeout, and what they find is nothing that theory knows.
#[test]
fn where_maintenance_strikes_out_live_nodes_theory_is_silent() {
    let text = |rest: &str| {
        format!(
            "repeat = 12\nduration = \"2m\"\nwarmup = \"2m\"\noverlay.nodes = 100\nnetwork.model = \"constant\"\n\
             network.constant.latency = \"20ms\"\nworkload.lookups_per_s = 0.05\n{rest}\n[chord]\n\
             stabilize_every = \"1s\"\nfix_fingers_every = \"1s\"\ncheck_predecessor_every = \"1s\"\n"
        )
    };
    let busy = run_all(&text(
        "network.service_time = \"20ms\"\noverlay.rpc_timeout = \"120ms\"",
    ));
    assert!(busy.iter().all(|run| run.summary.unanswered_calls > 0));
    let unnoticed = busy
        .iter()
        .filter(|run| run.summary.get(Metric::TimeoutsMean) == Some(0.0));
    assert!(unnoticed.count() > 0, "the case that was told wrongly");
    assert!(busy.iter().all(|run| run.summary.expected.is_empty()));
    // With time enough the same expectation stands.
    let patient = run_all(&text(
        "network.service_time = \"2ms\"\noverlay.rpc_timeout = \"2s\"",
    ));
    assert!(patient.iter().all(|run| run.summary.unanswered_calls == 0));
    assert!(comparison(&patient, "success_rate").is_some());
}

#[test]
fn with_fingers_and_lists_of_any_length() {
    for list in ["successors = 1", "successors = 8", "successors = 255"] {
        assert_agrees(&[("successors = 8", list)], "", &LOOKUPS);
    }
}

#[test]
fn from_successor_to_successor() {
    let routing = "routing = \"successors\"";
    assert_agrees(&[("successors = 8", routing)], "", &LOOKUPS);
    // 400 hops at 50 ms are 20 s: with 12 s of patience some 60 % get through.
    let patience = ("lookup_timeout = \"1m\"", "lookup_timeout = \"12s\"");
    assert_agrees(&[("successors = 8", routing), patience], "", &LOOKUPS);
}

#[test]
fn when_the_asking_node_asks_everybody_itself() {
    for list in ["successors = 8", "routing = \"successors\""] {
        let iterative = format!("{list}\nlookup = \"iterative\"");
        assert_agrees(&[("successors = 8", &iterative)], "", &LOOKUPS);
    }
}

/// Several positions for each peer, some keys more popular than others, few bits, any identifiers.
#[test]
fn on_other_rings_and_for_other_keys() {
    let metrics = ["success_rate", "hops_mean", "timeouts_mean"];
    let several = ("successors = 8", "virtual_nodes = 3");
    assert_agrees(&[several], "", &metrics);
    let zipf = "keys = 50\npopularity = \"zipf\"\nzipf_exponent = 1.2";
    assert_agrees(&[], zipf, &LOOKUPS);
    let few_bits = ("nodes = 400", "nodes = 100\nid_bits = 7");
    assert_agrees(&[few_bits], "", &LOOKUPS);
    let even = ("nodes = 400", "nodes = 400\nids = \"even\"");
    assert_agrees(&[even], "", &LOOKUPS);
    let listed = ("nodes = 400", "id_bits = 7\nids = [9, 98, 14, 124, 32, 33]");
    assert_agrees(&[listed], "keys = 128", &LOOKUPS);
    assert_agrees(&[("nodes = 400", "nodes = 1")], "", &LOOKUPS);
    assert_agrees(&[("nodes = 400", "nodes = 2")], "", &LOOKUPS);
}

/// Upkeep changes nothing on a ring at rest, nor do other networks.
#[test]
fn with_upkeep_and_on_other_networks() {
    let upkeep = [
        ("stabilize_every = \"off\"", "stabilize_every = \"20s\""),
        ("fix_fingers_every = \"off\"", "fix_fingers_every = \"20s\""),
    ];
    assert_agrees(&upkeep, "", &LOOKUPS);
    for network in ["plane", "uniform", "transit-stub"] {
        let network = format!("[network]\nmodel = \"{network}\"");
        assert_agrees(&[], &network, &["success_rate", "hops_mean"]);
    }
}

#[test]
fn among_peers_that_drop_lookups() {
    for fraction in ["0.02", "0.3", "1.0"] {
        let selfish = format!("[selfish]\nfraction = {fraction}");
        assert_agrees(&[], &selfish, &LOOKUPS);
        let several = ("successors = 8", "virtual_nodes = 3");
        assert_agrees(&[several], &selfish, &["success_rate", "hops_mean"]);
    }
    let routing = ("successors = 8", "routing = \"successors\"");
    assert_agrees(&[routing], "[selfish]\nfraction = 0.02", &LOOKUPS);
}

#[test]
fn keys_of_each_peer() {
    let all = ["keys_mean", "keys_p99", "keys_p1"];
    // With one position each, the first percentile is 1 or 2 and hardly anything else.
    for (positions, metrics) in [("1", &all[..2]), ("5", &all[..])] {
        let positions = format!("virtual_nodes = {positions}");
        let changes = [
            ("nodes = 400", "nodes = 1000"),
            ("repeat = 3", "repeat = 10"),
            ("duration = \"10m\"", "duration = \"1s\""),
            ("successors = 8", &positions),
        ];
        assert_agrees(&changes, "keys = 200_000", metrics);
    }
}

#[test]
fn a_ring_that_changes_has_no_such_columns() {
    let churn = "[churn]\nmodel = \"poisson\"\npoisson = { joins_per_s = 0.1, leaves_per_s = 0.1 }";
    let runs = run_all(&ring_at_rest(churn));
    assert_eq!(runs[0].summary.expected, []);
}

#[test]
fn a_user_sees_what_is_expected() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("ring.toml"), ring_at_rest("")).unwrap();
    chordsim(folder.path())
        .args(["run", "ring.toml", "--no-plots"])
        .assert()
        .code(0)
        .stdout(is_empty())
        .stderr(contains("expected\n").and(contains("warning:").not()));
    let summary =
        &results(&folder.path().join("results/ring"))[std::path::Path::new("summary.csv")];
    let text = String::from_utf8(summary.clone()).unwrap();
    assert!(
        text.lines()
            .next()
            .unwrap()
            .contains(",expected_hops_mean,expected_hops_mean_se,")
    );
    let json = chordsim(folder.path())
        .args(["run", "ring.toml", "--no-plots", "--json"])
        .output()
        .unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let expected = json["expected"].as_array().unwrap();
    assert!(expected.iter().all(|row| row["agrees"] == true));
    assert!(
        expected
            .iter()
            .any(|row| row["metric"] == "hops_mean" && row["z"].is_f64())
    );
}

/// Twenty worlds each: values on nodes that live for an hour in the mean, on nodes that die at once, and gets where every node that
/// dies is replaced. The error that theory expects is the one that they have.
#[test]
fn what_is_stored_outlives_nodes_as_expected() {
    let storage =
        "storage = { replicas = 3, preload = true, repair_every = \"off\", handover = false }";
    let common = |rest: &str| {
        format!(
            "repeat = 20\nwarmup = \"0s\"\nworkload.lookups_per_s = 0\nworkload.keys = 5000\n\
             chord.fix_fingers_every = \"off\"\n{rest}"
        )
    };
    let lives = format!(
        "{storage}\nduration = \"1h\"\noverlay.nodes = 300\nchurn.model = \"sessions\"\n\
         churn.sessions.up.exponential.mean = \"1h\"\nchord.stabilize_every = \"5m\""
    );
    let blow = format!(
        "{storage}\nduration = \"2s\"\noverlay.nodes = 1000\nfault = [{{ at = \"1s\", kill = 0.4 }}]"
    );
    let rates = "joins_per_s = 0.5, leaves_per_s = 0.5";
    let gets = format!(
        "{}\nduration = \"5m\"\noverlay.nodes = 500\nchurn.model = \"poisson\"\nchurn.poisson = {{ {rates} }}\n\
         workload.gets_per_s = 20\nchord.stabilize_every = \"2s\"\nchord.check_predecessor_every = \"2s\"",
        storage.replace("replicas = 3, ", "")
    );
    for (rest, metric) in [
        (lives, "values_alive"),
        (blow, "values_alive"),
        (gets, "get_success_rate"),
    ] {
        let runs = run_all(&common(&rest));
        let comparison = comparison(&runs, metric).expect(metric);
        assert!(comparison.chance() > 6.3e-5, "{metric}: {comparison:?}");
        let metric = Metric::named(metric).unwrap();
        let apart = |run: &Run| {
            let (measured, expected) = run.summary.beside_expected(metric).unwrap();
            (measured - expected.mean) / expected.standard_error
        };
        // Chi-squared with 20 degrees of freedom, divided by 20: 0.27 and 2.6 are each exceeded once in some thousands.
        let square = runs.iter().map(|run| apart(run).powi(2)).sum::<f64>() / 20.0;
        assert!((0.25..2.7).contains(&square), "{metric}: {square}");
    }
}
