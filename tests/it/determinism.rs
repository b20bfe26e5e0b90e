//! The same scenario and seed give the same bytes; one seed gives every variant the same world.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::program::{Table, assert_same_files, chordsim, files, results};
use crate::common::{Run, run_all, run_one};
use chordsim::catalogue::{LookupRecord, NodeRecord, TimelineRecord};
use tempfile::TempDir;

/// All that can happen in one small scenario.
const EVERYTHING: &str = r#"
seed     = 2024
warmup   = "20s"
duration = "2m"
sample   = "10s"
repeat   = 2
[overlay]
nodes = 100
[chord]
virtual_nodes           = 2
successors              = 6
stabilize_every         = "5s"
fix_fingers_every       = "5s"
check_predecessor_every = "7s"
maintenance_jitter      = 0.3
[network]
model        = "transit-stub"
loss         = 0.01
service_time = "1ms"
[churn]
model    = "poisson"
graceful = 0.5
poisson  = { joins_per_s = 0.3, leaves_per_s = 0.3 }
[[fault]]
at   = "40s"
kill = 0.1
[[fault]]
at   = "1m"
join = 10
[workload]
lookups_per_s = 10
popularity    = "zipf"
[selfish]
fraction = 0.1
defence  = "retry"
[sweep]
"chord.routing" = ["fingers", "successors"]
"chord.lookup"  = ["recursive", "iterative"]
"#;

/// What the scenario above leaves out: joining, sessions of every kind, delays drawn anew.
const THE_REST: &str = r#"
seed     = 8
warmup   = "0s"
duration = "3m"
sample   = "20s"
[overlay]
nodes       = 60
start       = "join"
join_window = "1m"
[network]
model       = "exponential"
exponential = { per = "message" }
[churn]
model         = "sessions"
sessions.down = { fixed = { value = "40s" } }
[[fault]]
at   = "2m"
kill = 0.3
[sweep]
"churn.sessions.up" = [
    { exponential = { mean = "1m" } },
    { pareto = { minimum = "20s", shape = 1.5 } },
    { weibull = { scale = "1m", shape = 0.6 } },
    { lognormal = { median = "1m", sigma = 1.0 } },
]
"#;

/// The CSV files and the pictures of one call.
struct Written {
    folder: TempDir,
    results: BTreeMap<PathBuf, Vec<u8>>,
    plots: BTreeMap<PathBuf, Vec<u8>>,
}

impl Written {
    fn by(scenario: &str, jobs: &str) -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("all.toml"), scenario).unwrap();
        chordsim(folder.path())
            .args(["run", "all.toml", "--quiet", "--jobs", jobs])
            .assert()
            .code(0);
        Self {
            results: results(&folder.path().join("results/all")),
            plots: files(&folder.path().join("plots/all")),
            folder,
        }
    }

    fn table(&self, name: &str) -> Table {
        Table::read(&self.folder.path().join("results/all").join(name))
    }
}

fn assert_reproducible(scenario: &str) -> Written {
    let one = Written::by(scenario, "1");
    let names: Vec<_> = one.results.keys().map(|name| name.to_str()).collect();
    let expected = [
        "aggregate",
        "fingerprints",
        "lookups",
        "nodes",
        "summary",
        "timeline",
    ];
    assert_eq!(
        names,
        expected
            .map(|name| format!("{name}.csv"))
            .each_ref()
            .map(|name| Some(name.as_str()))
    );
    assert!(one.plots.len() > 2, "pictures were drawn");
    for jobs in ["1", "2"] {
        let other = Written::by(scenario, jobs);
        assert_same_files(&one.results, &other.results);
        assert_same_files(&one.plots, &other.plots);
    }
    one
}

#[test]
fn the_same_scenario_gives_the_same_bytes_whatever_jobs_folder_or_moment() {
    let written = assert_reproducible(EVERYTHING);
    let summary = written.table("summary.csv");
    assert_eq!(summary.len(), 8);
    // It would be easy to reproduce if nothing happened.
    for column in [
        "ok",
        "failed",
        "timeouts_mean",
        "joins",
        "leaves",
        "crashes",
        "lost_messages",
        "refused_messages",
    ] {
        let total: f64 = summary.numbers(column).iter().sum();
        assert!(total > 0.0, "{column}");
    }
}

#[test]
fn joining_and_sessions_give_the_same_bytes_too() {
    let summary = assert_reproducible(THE_REST).table("summary.csv");
    assert!(summary.numbers("joins").iter().all(|joins| *joins > 60.0));
    assert!(summary.numbers("crashes").iter().all(|gone| *gone > 10.0));
}

#[test]
fn every_repetition_and_every_seed_is_another_history() {
    let fingerprints = |seed: &str| {
        let scenario = EVERYTHING.replace("seed     = 2024", seed);
        let runs = run_all(&scenario);
        runs.into_iter()
            .map(|run| run.summary.fingerprint)
            .collect::<Vec<_>>()
    };
    let mut all = fingerprints("seed = 2024");
    assert_eq!(all, fingerprints("seed = 2024"));
    all.extend(fingerprints("seed = 2025"));
    let runs = all.len();
    all.sort();
    all.dedup();
    assert_eq!((all.len(), runs), (16, 16), "no two runs alike");
}

/// One run of the scenario above with one key changed: in its place, or as one more of `[chord]`.
fn variant(key: &str, value: &str) -> Run {
    let base = EVERYTHING.split("[sweep]").next().unwrap();
    let base = base.replace("repeat   = 2\n", "");
    let is_its = |line: &&str| line.split_whitespace().next() == Some(key);
    let change = format!("{key} = {value}");
    run_one(&match base.lines().find(is_its) {
        Some(line) => base.replace(line, &change),
        None => base.replace("[chord]", &format!("[chord]\n{change}")),
    })
}

/// Whether two runs had the same joins, departures, lookups, selfish peers and latencies.
fn assert_same_world(a: &Run, b: &Run) {
    assert!(
        a.summary.fingerprint != b.summary.fingerprint,
        "not one run twice"
    );
    let asked = |run: &Run| {
        let of = |lookup: &LookupRecord| {
            (
                lookup.time_s.to_bits(),
                lookup.source,
                lookup.source_id,
                lookup.key,
            )
        };
        run.lookups.iter().map(of).collect::<Vec<_>>()
    };
    assert!(a.lookups.len() > 1000);
    assert_eq!(asked(a), asked(b));
    let came_and_went = |run: &Run| {
        let of = |row: &TimelineRecord| (row.joins, row.leaves, row.crashes);
        run.timeline.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(came_and_went(a), came_and_went(b));
    assert_same_nodes(a, b);
    assert_same_latencies(a, b);
}

/// Positions of the first hundred peers, who are members from the start.
const INITIAL: u32 = 200;

/// Whether a newcomer becomes a member, and so has a row, depends on the protocol. Who was there from
/// the start does not, nor does where a node is, when it left and how, and whether it is selfish.
fn assert_same_nodes(a: &Run, b: &Run) {
    let [a, b] = [a, b].map(|run| {
        let rows = run.nodes.iter().map(|node| (node.node, node));
        rows.collect::<BTreeMap<_, _>>()
    });
    let initial = |nodes: &BTreeMap<u32, _>| {
        nodes
            .range(..INITIAL)
            .map(|(node, _)| *node)
            .collect::<Vec<_>>()
    };
    assert_eq!(initial(&a), initial(&b));
    let both: Vec<_> = a
        .values()
        .filter_map(|x| Some((x, b.get(&x.node)?)))
        .collect();
    for (x, y) in &both {
        assert_eq!((x.id, x.host, x.peer), (y.id, y.host, y.peer));
        // Only a member departs, and a row may be that of a node that asked while it joined.
        if x.joined_s.is_some() && y.joined_s.is_some() {
            assert_eq!((x.left_s, x.departure), (y.left_s, y.departure));
        }
        assert_eq!(x.selfish, y.selfish);
    }
    let count = |what: fn(&NodeRecord) -> bool| both.iter().filter(|(x, _)| what(x)).count();
    // Around the ring few of them get past selfish peers.
    assert!(count(|node| node.node >= INITIAL) > 0, "newcomers");
    assert!(count(|node| node.selfish) > 10);
    assert!(count(|node| node.left_s.is_some()) > 40);
}

/// The direct round trip between two nodes is the same.
fn assert_same_latencies(a: &Run, b: &Run) {
    let mut compared = 0;
    for (x, y) in a.lookups.iter().zip(&b.lookups) {
        if x.answer_id.is_some() && x.answer_id == y.answer_id {
            assert_eq!(x.direct_ms, y.direct_ms, "lookup {}", x.lookup);
            compared += u32::from(x.direct_ms > Some(0.0));
        }
    }
    assert!(compared > 20, "{compared} lookups with one answer in both");
}

#[test]
fn one_seed_is_one_world_whatever_the_protocol_does() {
    let base = variant("lookup", "\"recursive\"");
    for (key, value) in [
        ("routing", "\"successors\""),
        ("lookup", "\"iterative\""),
        ("stabilize_every", "\"11s\""),
        ("fix_fingers_every", "\"off\""),
        ("check_predecessor_every", "\"off\""),
        ("maintenance_jitter", "0.0"),
        ("successors", "3"),
        ("defence", "\"none\""),
        ("loss", "0.03"),
    ] {
        println!("{key} = {value}");
        assert_same_world(&base, &variant(key, value));
    }
}

#[test]
fn a_larger_share_of_selfish_peers_contains_the_smaller_one() {
    let selfish = |run: &Run| {
        let selfish = run.nodes.iter().filter(|node| node.selfish);
        selfish
            .map(|node| node.peer)
            .collect::<std::collections::BTreeSet<_>>()
    };
    let few = variant("fraction", "0.1");
    let many = variant("fraction", "0.3");
    assert!(selfish(&few).len() < selfish(&many).len());
    let joined: Vec<_> = many.nodes.iter().map(|node| node.peer).collect();
    for peer in selfish(&few) {
        assert!(
            selfish(&many).contains(&peer) || !joined.contains(&peer),
            "{peer}"
        );
    }
}

/// The paths in a result are those of the scenario, never of this machine.
#[test]
fn no_csv_or_picture_names_a_folder() {
    let written = Written::by(EVERYTHING, "2");
    let here = written.folder.path().to_str().unwrap().as_bytes();
    let all = written.results.iter().chain(&written.plots);
    for (name, bytes) in all {
        let found = bytes.windows(here.len()).any(|window| window == here);
        assert!(!found, "{}", Path::new(name).display());
    }
}
