//! Pictures of what is stored: what becomes of it over time, what it costs, and how keys are spread over the peers.

use std::fs;
use std::path::Path;

use super::story::{along, points, rows, world};
use super::synthetic::Synthetic;
use super::{Files, assert_says, drawn_from, names, texts};
use crate::common::program::chordsim;
use tempfile::TempDir;

const BLUE: &str = "#0072b2";

/// Adds to `timeline.csv` what there is of 100 values, and writes the gets of ten minutes: four a minute, of which one finds
/// nothing where any are lost.
fn store(folder: &Path, alive: impl Fn(u32) -> u32, few: impl Fn(u32) -> u32) {
    let path = folder.join("timeline.csv");
    let text = fs::read_to_string(&path).unwrap();
    let mut lines = text.lines();
    let header = format!(
        "{},values_alive,values_lost,under_replicated",
        lines.next().unwrap()
    );
    let row = |(minute, line): (u32, &str)| {
        let alive = alive(minute);
        format!("{line},{alive},{},{}", 100 - alive, few(minute))
    };
    let all: Vec<String> = (1..).zip(lines).map(row).collect();
    fs::write(&path, format!("{header}\n{}\n", all.join("\n"))).unwrap();
    let minute = |minute: u32| {
        let is_lost = alive(minute) < 100;
        (0..4).map(move |quarter| {
            let second = minute * 60 + quarter * 15;
            let outcome = if is_lost && quarter == 0 {
                "lost"
            } else {
                "found"
            };
            // A put counts for nothing here, however it ends.
            format!("0,0,1,{second},put,{second},failed\n0,0,1,{second},get,{second},{outcome}\n")
        })
    };
    let rows: String = (0..10).flat_map(minute).collect();
    let operations = format!("run,repetition,seed,operation,kind,time_s,outcome\n{rows}");
    fs::write(folder.join("operations.csv"), operations).unwrap();
}

/// The lines of a colour in all panels, from top to bottom, of more than so many points: without samples and marks.
pub(super) fn lines(
    files: &Files,
    name: &str,
    colour: &str,
    more_than: usize,
) -> Vec<Vec<(f64, f64)>> {
    let svg = std::str::from_utf8(&files[&format!("{name}.svg")]).unwrap();
    let document = roxmltree::Document::parse(svg).unwrap();
    let nodes = document.descendants();
    let paths = nodes.filter(|n| n.attribute("stroke") == Some(colour));
    let paths = paths.filter_map(|n| n.attribute("d"));
    let lines = paths.map(along);
    lines.filter(|line| line.len() > more_than).collect()
}

/// How far a line falls, and how far along it does.
fn fall(line: &[(f64, f64)]) -> (f64, f64) {
    let (first, last) = (line[0], line[line.len() - 1]);
    let has_fallen = |point: &&(f64, f64)| (point.1 - last.1).abs() < 0.5;
    let at = line.iter().find(has_fallen).unwrap();
    (last.1 - first.1, (at.0 - first.0) / (last.0 - first.0))
}

/// Of 100 values 40 are lost in the sixth minute: a state, shown from its end on. Of the gets that begin from then on a quarter
/// finds nothing.
#[test]
fn durability_and_availability_are_drawn_over_time() {
    let folder = TempDir::new().unwrap();
    world().write(folder.path());
    store(
        folder.path(),
        |minute| if minute < 6 { 100 } else { 60 },
        |_| 0,
    );
    let files = drawn_from(folder.path()).unwrap();
    let said = [
        "durability: values with a live copy",
        "availability: gets that found their value",
        "values (%)",
        "gets (%)",
        "time (min)",
    ];
    assert_says(&files, "values-over-time", &said);
    let lines = lines(&files, "values-over-time", BLUE, 4);
    let [durability, availability] = &lines[..] else {
        panic!("{lines:?}");
    };
    // Panels of 150 and 110 units are 50 to 100 % high, and a fiftieth of that for the width of the line. States are shown
    // from the end of the first minute, gets from the beginning.
    let expected = [(40.0 * 150.0 / 51.0, 5.0 / 9.0), (25.0 * 110.0 / 51.0, 0.6)];
    for (line, (depth, way)) in [durability, availability].into_iter().zip(expected) {
        let (fallen, at) = fall(line);
        assert!((fallen - depth).abs() < 0.5, "{fallen} is not {depth}");
        assert!((at - way).abs() < 0.01, "{at} is not {way}");
    }
}

/// Nothing is lost and nothing lacks a copy: there is nothing to see.
#[test]
fn what_happens_to_no_value_is_not_drawn() {
    let folder = TempDir::new().unwrap();
    world().write(folder.path());
    store(folder.path(), |_| 100, |_| 0);
    let names_of = |folder: &TempDir| names(&drawn_from(folder.path()).unwrap());
    let is_drawn = |folder: &TempDir| names_of(folder).contains(&"values-over-time".to_owned());
    assert!(!is_drawn(&folder));
    world().write(folder.path());
    store(folder.path(), |_| 100, |minute| 10 * u32::from(minute == 3));
    let files = drawn_from(folder.path()).unwrap();
    let title = ["values alive with fewer copies than wanted"];
    assert_says(&files, "values-over-time", &title);
    // Who has removed the largest file of them sees the rest.
    fs::remove_file(folder.path().join("operations.csv")).unwrap();
    assert!(is_drawn(&folder));
}

/// What was measured with two write quorums and two read quorums, in `aggregate.csv`.
fn quorums(columns: &str, values: [&str; 4]) -> Files {
    let folder = TempDir::new().unwrap();
    let two = vec!["1", "2"];
    let world = Synthetic {
        swept: vec![
            ("storage.write_quorum", "write_quorum", two.clone()),
            ("storage.read_quorum", "read_quorum", two),
        ],
        churn: 0,
        ..Synthetic::default()
    };
    world.write(folder.path());
    let settings = ["1,1", "1,2", "2,1", "2,2"];
    let all = settings.iter().zip(values);
    let all = all.map(|(setting, values)| format!("{setting},3,1,0,5,0,{values}\n"));
    let header = "write_quorum,read_quorum,runs,success_rate_mean,success_rate_ci95,hops_mean_mean,hops_mean_ci95";
    let text = format!("{header},{columns}\n{}", all.collect::<String>());
    fs::write(folder.path().join("aggregate.csv"), text).unwrap();
    drawn_from(folder.path()).unwrap()
}

/// Puts wait for write quorums alone: against read quorums there would be nothing but level lines.
#[test]
fn success_is_drawn_along_what_changes_it() {
    let columns = "put_success_rate_mean,put_success_rate_ci95,get_success_rate_mean,get_success_rate_ci95,stale_rate_mean,stale_rate_ci95";
    let files = quorums(
        columns,
        [
            "0.9,0.01,0.9,0.01,0.2,0.01",
            "0.9,0.01,0.8,0.01,0,0",
            "0.7,0.01,0.9,0.01,0,0",
            "0.7,0.01,0.8,0.01,0,0",
        ],
    );
    let of_values = |name: &String| {
        let kinds = ["put-", "get-", "stale-", "upkeep-", "values-", "keys-"];
        kinds.iter().any(|kind| name.starts_with(kind))
    };
    let drawn: Vec<String> = names(&files).into_iter().filter(of_values).collect();
    let expected = [
        "get-success-vs-read_quorum",
        "put-success-vs-write_quorum",
        "stale-vs-read_quorum",
        "stale-vs-write_quorum",
    ];
    assert_eq!(drawn, expected);
    let said = ["write quorum W", "puts that were stored (%)"];
    assert_says(&files, expected[1], &said);
    assert_says(&files, expected[3], &["stale reads (%)", "read quorum 1"]);
}

/// Large amounts have short numbers, in the unit that the panel names.
#[test]
fn upkeep_is_drawn_in_bytes_and_messages() {
    let columns = "upkeep_bytes_mean,upkeep_bytes_ci95,messages_mean,messages_ci95";
    let files = quorums(
        columns,
        [
            "800000000,1000000,2500000,1000",
            "400000000,1000000,2400000,1000",
            "800000000,1000000,2500000,1000",
            "400000000,1000000,2400000,1000",
        ],
    );
    let said = [
        "bytes that keep the copies (MB)",
        "messages of all nodes (thousand)",
        "read quorum R",
        "800",
        "2000",
    ];
    assert_says(&files, "upkeep-vs-read_quorum", &said);
}

/// Each peer has 20 keys, at one of its two nodes: per peer that is an upright line, per node it would begin at 0.
#[test]
fn keys_of_a_peer_are_those_of_all_its_nodes() {
    let folder = TempDir::new().unwrap();
    let swept = vec![("overlay.virtual_nodes", "virtual_nodes", vec!["2"])];
    Synthetic { swept, ..world() }.write(folder.path());
    let node = |run: u32, node: u32| {
        let (peer, keys) = (node / 2, 20 * (node % 2));
        format!("{run},2,0,1,{node},1,1,-60,,,false,{keys},1,60,60,1,1,{peer},1,600")
    };
    // In the second run the same peers have as many once more: they are others.
    let all: Vec<String> = (0..2)
        .flat_map(|run| (0..8).map(move |n| node(run, n)))
        .collect();
    rows(folder.path(), "nodes.csv", &all);
    let files = drawn_from(folder.path()).unwrap();
    assert_says(
        &files,
        "keys-per-peer",
        &["keys per peer", "peers (%)", "20"],
    );
    let line = points(&files, "keys-per-peer", BLUE);
    let (first, last) = (line[0], line[line.len() - 1]);
    assert!((first.0 - last.0).abs() < 0.01, "{first:?} {last:?}");
    assert!(first.1 - last.1 > 100.0, "from 0 to 100 %");
}

/// Values that nobody hands over or repairs die with their nodes as theory knows; of others it is silent.
#[test]
fn theory_is_drawn_beside_the_values_that_are_left_alone() {
    let folder = TempDir::new().unwrap();
    let scenario = |handover: bool| {
        format!(
            "warmup = \"0s\"\nduration = \"1h\"\noverlay.nodes = 100\nchurn.model = \"sessions\"\n\
             churn.sessions.up.exponential.mean = \"1h\"\nworkload = {{ lookups_per_s = 0, keys = 500 }}\n\
             storage = {{ preload = true, repair_every = \"off\", handover = {handover} }}\n"
        )
    };
    for (name, handover) in [("alone", false), ("handed", true)] {
        let file = format!("{name}.toml");
        fs::write(folder.path().join(&file), scenario(handover)).unwrap();
        let run = ["run", &file, "--quiet", "--no-plots"];
        chordsim(folder.path()).args(run).assert().success();
        let files = drawn_from(&folder.path().join("results").join(name)).unwrap();
        let said = texts(&files, "values-over-time");
        assert_eq!(said.contains(&"theory".to_owned()), !handover, "{said:?}");
    }
}

/// 100 values of 1 KiB in two copies on nodes that live for 10 or 20 minutes: 2 K v k t/L is 409 600 bytes in 10 minutes, or half of
/// that. Where repair comes late, or there is a single copy, nothing is known.
#[test]
fn the_rule_of_upkeep_is_drawn_where_repair_is_prompt() {
    let folder = TempDir::new().unwrap();
    let scenario = |repair: &str, replicas: u32| {
        format!(
            "warmup = \"0s\"\nduration = \"10m\"\noverlay.nodes = 30\nchurn.model = \"sessions\"\n\
             workload = {{ lookups_per_s = 0, keys = 100 }}\n\
             storage = {{ preload = true, replicas = {replicas}, repair_every = \"{repair}\" }}\n\
             [sweep]\n\"churn.sessions.up\" = [{{ exponential.mean = \"10m\" }}, {{ exponential.mean = \"20m\" }}]\n"
        )
    };
    for (name, repair, replicas, is_known) in [
        ("prompt", "1m", 2, true),
        ("late", "5m", 2, false),
        ("single", "1m", 1, false),
    ] {
        let file = format!("{name}.toml");
        fs::write(folder.path().join(&file), scenario(repair, replicas)).unwrap();
        let run = ["run", &file, "--quiet", "--no-plots"];
        chordsim(folder.path()).args(run).assert().success();
        let files = drawn_from(&folder.path().join("results").join(name)).unwrap();
        let said = texts(&files, "upkeep-vs-up");
        assert_eq!(
            said.contains(&"2 K v k t/L".to_owned()),
            is_known,
            "{said:?}"
        );
    }
}
