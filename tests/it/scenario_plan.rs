//! What a good scenario means: defaults, runs and their order, options of the command line, data
//! files; and that every scenario that ships is a good one.

use std::path::{Path, PathBuf};

use chordsim::engine::{SimDuration, repetition_seed};
use chordsim::scenario::resolved::{
    Behaviour, ChurnModel, Distribution, FaultKind, Ids, LatencyModel, LookupMode, Maintenance,
    Per, Popularity, Protocol, Routing, Scenario, Start,
};
use chordsim::scenario::{DataKind, Overrides, Plan};

fn plan_with(text: &str, overrides: &Overrides) -> Plan {
    match Plan::parse(text, Path::new("dir/test.toml"), overrides) {
        Ok(plan) => plan,
        Err(error) => panic!("{:?}", miette::Report::new(*error)),
    }
}

fn plan(text: &str) -> Plan {
    plan_with(text, &Overrides::default())
}

fn scenario(text: &str) -> Scenario {
    let plan = plan(text);
    assert_eq!(plan.runs.len(), 1);
    plan.runs[0].scenario.clone()
}

fn set(options: &[&str]) -> Overrides {
    Overrides {
        set: options.iter().map(ToString::to_string).collect(),
        ..Overrides::default()
    }
}

const fn minutes(number: u64) -> SimDuration {
    SimDuration::from_secs(60 * number)
}

#[test]
fn an_empty_file_is_a_thousand_nodes_on_a_constant_network() {
    let plan = plan("");
    assert_eq!((plan.name.as_str(), plan.title.as_str()), ("test", ""));
    assert_eq!((plan.seed, plan.repeat, plan.runs.len()), (1, 1, 1));
    assert!(plan.output.nodes && plan.output.timeline && (plan.output.lookups - 1.0).abs() < 1e-9);
    let run = &plan.runs[0];
    assert_eq!(run.seed, repetition_seed(1, 0));
    let Scenario {
        overlay,
        chord,
        network,
        churn,
        workload,
        selfish,
        ..
    } = &run.scenario;
    assert_eq!(
        (run.scenario.warmup, run.scenario.duration),
        (minutes(10), minutes(60))
    );
    assert_eq!(run.scenario.sample, minutes(1));
    assert_eq!(
        (overlay.protocol, overlay.start),
        (Protocol::Chord, Start::Converged)
    );
    assert_eq!(
        (overlay.nodes, overlay.id_bits, &overlay.ids),
        (1000, 64, &Ids::Hashed)
    );
    assert_eq!(overlay.join_window, minutes(5));
    assert_eq!(
        (chord.routing, chord.lookup),
        (Routing::Fingers, LookupMode::Recursive)
    );
    assert_eq!(chord.maintenance, Maintenance::Zave2017);
    assert_eq!((chord.successors, overlay.virtual_nodes), (16, 1));
    let half_minute = SimDuration::from_secs(30);
    assert_eq!(chord.stabilize_every, Some(half_minute));
    assert_eq!(chord.fix_fingers_every, Some(half_minute));
    assert_eq!(chord.check_predecessor_every, Some(half_minute));
    assert_eq!(overlay.rpc_timeout, SimDuration::from_millis(500));
    assert_eq!(overlay.request_timeout, half_minute);
    let latency = SimDuration::from_millis(50);
    assert_eq!(network.model, LatencyModel::Constant { latency });
    assert_eq!(network.service_time, SimDuration::ZERO);
    assert_eq!(churn.model, ChurnModel::None);
    assert_eq!(
        (workload.keys, workload.popularity),
        (10_000, Popularity::Uniform)
    );
    assert_eq!(
        (selfish.behaviour.as_slice(), selfish.defence.any()),
        (&[Behaviour::DropLookups][..], false)
    );
    assert!(run.scenario.faults.is_empty());
}

#[test]
fn the_first_swept_key_varies_slowest_and_repetitions_fastest() {
    let plan = plan(
        "repeat = 2\n[sweep]\n\"overlay.nodes\" = [16, 64, 32]\n\
         \"chord.routing\" = [\"successors\", \"fingers\"]\n",
    );
    let keys: Vec<&str> = plan.swept.iter().map(|key| key.key.as_str()).collect();
    assert_eq!(
        keys,
        ["overlay.nodes", "chord.routing"],
        "in the order of the file"
    );
    let told: Vec<_> = plan
        .runs
        .iter()
        .map(|run| {
            (
                run.run,
                run.combination,
                run.repetition,
                run.swept.join(" "),
            )
        })
        .collect();
    let mut expected = Vec::new();
    for (combination, values) in [
        "16 successors",
        "16 fingers",
        "64 successors",
        "64 fingers",
        "32 successors",
        "32 fingers",
    ]
    .into_iter()
    .enumerate()
    {
        for repetition in 0..2 {
            let (run, combination) = (expected.len() as u32, combination as u32);
            expected.push((run, combination, repetition, values.to_owned()));
        }
    }
    assert_eq!(told, expected);
    for run in &plan.runs {
        assert_eq!(
            run.seed,
            repetition_seed(1, run.repetition),
            "the same for all variants"
        );
        assert_eq!(run.scenario.overlay.nodes.to_string(), run.swept[0]);
        let successors = run.scenario.chord.routing == Routing::Successors;
        assert_eq!(successors, run.swept[1] == "successors");
    }
}

#[test]
fn anything_simulated_can_be_swept_however_its_key_is_written() {
    let plan = plan(
        "[sweep]\nduration = [\"30m\", \"1h\"]\n\"overlay.ids\" = [\"even\", [32, 98]]\n\
         overlay.id_bits = [16]\n[sweep.churn.sessions]\nup = [{ fixed = { value = \"1h\" } }]\n\
         [overlay]\nnodes = 2\n",
    );
    let columns: Vec<&str> = plan.swept.iter().map(|key| key.column.as_str()).collect();
    assert_eq!(columns, ["duration", "ids", "id_bits", "up"]);
    let last = plan.runs.last().unwrap();
    assert_eq!(
        last.swept,
        ["1h", "[32, 98]", "16", "{ fixed = { value = \"1h\" } }"]
    );
    assert_eq!(last.scenario.overlay.ids, Ids::List(vec![32, 98]));
    assert_eq!(plan.runs.len(), 4);
}

#[test]
fn faults_can_be_swept_as_a_whole() {
    let plan = plan(
        "[sweep]\nfault = [[], [{ at = \"1m\", kill = 0.1 }], [{ at = \"1m\", kill = 0.3 }]]\n",
    );
    assert_eq!(plan.runs[0].scenario.faults.len(), 0);
    assert_eq!(plan.runs[2].scenario.faults[0].kind, FaultKind::Kill(0.3));
    assert_eq!(plan.runs[0].swept, ["[]"]);
}

#[test]
fn a_fault_can_be_swept_and_set_by_its_place() {
    let text = "[[fault]]\nat = \"1m\"\n[[fault]]\nat = \"2m\"\njoin = 7\n[sweep]\n\
                \"fault.0.kill\" = [0.1, 0.3]\n";
    let swept = plan(text);
    assert_eq!(swept.swept[0].column, "kill");
    assert_eq!(swept.runs[1].swept, ["0.3"]);
    assert_eq!(swept.runs[1].scenario.faults[0].kind, FaultKind::Kill(0.3));
    assert_eq!(swept.runs[1].scenario.faults[1].kind, FaultKind::Join(7));
    let set = plan_with(text, &set(&["fault.0.kill=0.5", "fault.1.join=9"]));
    assert_eq!(set.runs.len(), 1, "a key that is set is swept no more");
    assert_eq!(set.runs[0].scenario.faults[0].kind, FaultKind::Kill(0.5));
    assert_eq!(set.runs[0].scenario.faults[1].kind, FaultKind::Join(9));
}

#[test]
fn columns_that_would_clash_have_their_full_names() {
    let plan = plan(
        "[sweep]\n\"network.model\" = [\"plane\"]\n\"churn.model\" = [\"none\"]\n\
         \"overlay.nodes\" = [4]\n",
    );
    let columns: Vec<&str> = plan.swept.iter().map(|key| key.column.as_str()).collect();
    assert_eq!(columns, ["network.model", "churn.model", "nodes"]);
    let nodes = &plan.swept[2];
    assert_eq!(nodes.column_in(&["lookups", "ok"]), "nodes");
    assert_eq!(nodes.column_in(&["time_s", "nodes"]), "overlay.nodes");
}

#[test]
fn options_replace_what_the_file_says() {
    let text = "seed = 5\nrepeat = 3\n[chord]\nrouting = \"fingers\"\n";
    for options in [
        "chord.routing=successors",
        "chord.routing=\"successors\"",
        "chord.routing='successors'",
        " chord.routing = successors ",
        "chord={ routing = \"successors\" }",
    ] {
        let plan = plan_with(text, &set(&[options]));
        assert_eq!(
            plan.runs[0].scenario.chord.routing,
            Routing::Successors,
            "{options}"
        );
    }
    let plan = plan_with(
        text,
        &set(&["duration=10m", "overlay.nodes=2", "overlay.ids=[1, 2]"]),
    );
    assert_eq!(plan.runs[0].scenario.duration, minutes(10));
    assert_eq!(plan.runs[0].scenario.overlay.ids, Ids::List(vec![1, 2]));
    let plan = plan_with(
        "",
        &set(&["title=a = b, c", "fault=[{ at = \"1m\", join = 2 }]"]),
    );
    assert_eq!(plan.title, "a = b, c");
    assert_eq!(plan.runs[0].scenario.faults[0].kind, FaultKind::Join(2));
}

#[test]
fn seed_and_repeat_have_options_of_their_own_that_win() {
    let overrides = Overrides {
        seed: Some(u64::MAX),
        repeat: Some(2),
        set: vec!["seed=7".to_owned(), "repeat=9".to_owned()],
        events: Vec::new(),
    };
    let plan = plan_with("", &overrides);
    assert_eq!((plan.seed, plan.repeat, plan.runs.len()), (u64::MAX, 2, 2));
    let last_wins = plan_with("seed = 1", &set(&["seed=7", "seed=8"]));
    assert_eq!(last_wins.seed, 8);
}

#[test]
fn files_from_other_systems_are_read() {
    assert_eq!(
        plan("\u{feff}seed = 3\r\n[overlay]\r\nnodes = 5\r\n").seed,
        3
    );
}

#[test]
fn an_option_takes_its_key_out_of_the_sweep() {
    for sweep in [
        "[sweep]\n\"overlay.nodes\" = [16, 32]\n\"chord.routing\" = [\"fingers\"]",
        "[sweep]\noverlay.nodes = [16, 32]\nchord.routing = [\"fingers\"]",
        "[sweep.overlay]\nnodes = [16, 32]\n[sweep.chord]\nrouting = [\"fingers\"]",
    ] {
        let plan = plan_with(sweep, &set(&["overlay.nodes=64"]));
        assert_eq!(plan.swept.len(), 1, "{sweep}");
        assert_eq!(plan.swept[0].key, "chord.routing");
        assert_eq!(
            (plan.runs.len(), plan.runs[0].scenario.overlay.nodes),
            (1, 64)
        );
    }
    let plan = plan_with("[sweep]\n\"overlay.nodes\" = [16, 32]", &set(&["sweep={}"]));
    assert!(plan.swept.is_empty());
    let plan = plan_with("", &set(&["sweep.\"overlay.nodes\"=[16, 32]"]));
    assert_eq!(plan.runs.len(), 2);
}

/// The keys that moved from `[chord]` to `[overlay]` mean the same by both names.
#[test]
fn an_older_name_of_a_key_means_the_same() {
    for (own, older, value) in [
        ("overlay.virtual_nodes", "chord.virtual_nodes", "3"),
        ("overlay.rpc_timeout", "chord.rpc_timeout", "\"70ms\""),
        ("overlay.request_timeout", "chord.lookup_timeout", "\"2s\""),
    ] {
        let [by_own, by_older] = [own, older].map(|key| scenario(&format!("{key} = {value}")));
        assert_eq!(by_own, by_older, "{own}");
        assert_ne!(by_own, scenario(""), "{own}");
    }
}

#[test]
fn a_swept_key_keeps_the_name_it_was_written_by() {
    for (key, column) in [
        ("overlay.request_timeout", "request_timeout"),
        ("chord.lookup_timeout", "lookup_timeout"),
    ] {
        let plan = plan(&format!("[sweep]\n\"{key}\" = [\"1s\", \"2s\"]"));
        assert_eq!(plan.swept[0].key, key);
        assert_eq!(plan.swept[0].column, column);
        let timeout = plan.runs[1].scenario.overlay.request_timeout;
        assert_eq!(timeout, SimDuration::from_secs(2));
    }
}

#[test]
fn the_last_word_counts_by_whichever_name() {
    for (own, older) in [
        ("overlay.virtual_nodes", "chord.virtual_nodes"),
        ("chord.virtual_nodes", "overlay.virtual_nodes"),
    ] {
        let swept = plan(&format!("{own} = 2\n[sweep]\n\"{older}\" = [3, 4]"));
        let positions = |plan: &Plan, run: usize| plan.runs[run].scenario.overlay.virtual_nodes;
        assert_eq!((positions(&swept, 0), positions(&swept, 1)), (3, 4));
        let option = format!("{older}=5");
        let set = plan_with(&format!("{own} = 2"), &set(&[&option]));
        assert_eq!(positions(&set, 0), 5);
    }
    let options = set(&["overlay.virtual_nodes=5", "chord.virtual_nodes=6"]);
    let text = "[sweep]\n\"chord.virtual_nodes\" = [3, 4]";
    let plan = plan_with(text, &options);
    assert!(plan.swept.is_empty(), "a key that is set is swept no more");
    assert_eq!(plan.runs[0].scenario.overlay.virtual_nodes, 6);
    // A sweep given as an option replaces one in the file, whichever names the two use.
    let swept = "[sweep]\n\"chord.virtual_nodes\" = [3, 4]";
    let options = set(&["sweep.\"overlay.virtual_nodes\"=[1, 2]"]);
    let plan = Plan::parse(swept, Path::new("a.toml"), &options).unwrap();
    let keys: Vec<&str> = plan.swept.iter().map(|key| key.key.as_str()).collect();
    assert_eq!(keys, ["overlay.virtual_nodes"]);
    // An expectation may name the key by its other name.
    let expected = "[sweep]\n\"overlay.virtual_nodes\" = [2, 3]\n[[expect]]\nquantity = \"hops_mean\"\n\
                    along = \"chord.virtual_nodes\"\nvalue = [1, 2]\nwithin = 1\nkind = \"exact\"";
    let plan = Plan::parse(expected, Path::new("a.toml"), &Overrides::default()).unwrap();
    assert_eq!(plan.expectations.len(), 2);
}

#[test]
fn a_list_of_ids_says_how_many_nodes_there_are() {
    let overlay = scenario("[overlay]\nid_bits = 7\nids = [32, 98, 124]").overlay;
    assert_eq!(overlay.nodes, 3);
    let overlay = scenario("overlay.ids = [1, 2, 3, 4]\nchord.virtual_nodes = 2").overlay;
    assert_eq!(overlay.nodes, 2);
}

#[test]
fn the_limits_themselves_are_allowed() {
    let all = scenario(
        "warmup = \"0s\"\n[overlay]\nid_bits = 3\nnodes = 8\n[chord]\nsuccessors = 255\n\
         stabilize_every = \"off\"\nmaintenance_jitter = 1\n[network]\nloss = 1\n[churn]\n\
         model = \"poisson\"\npoisson = { joins_per_s = 0, leaves_per_s = 0 }\n[[fault]]\n\
         at = \"0s\"\nkill = 1\n",
    );
    assert_eq!(all.warmup, SimDuration::ZERO);
    assert_eq!(all.chord.stabilize_every, None);
    assert_eq!(
        all.churn.model,
        ChurnModel::Poisson {
            joins_per_s: 0.0,
            leaves_per_s: 0.0
        }
    );
    assert_eq!(plan("seed = 18446744073709551615").seed, u64::MAX);
    assert_eq!(
        scenario("overlay.ids = [0, 18446744073709551615]")
            .overlay
            .nodes,
        2
    );
}

#[test]
fn faults_come_in_order_of_time() {
    let faults = scenario(
        "[[fault]]\nat = \"20m\"\nkill = 0.5\n[[fault]]\nat = \"5m\"\njoin = 7\n\
         [[fault]]\nat = \"20m\"\njoin = 3\n",
    )
    .faults;
    let kinds: Vec<_> = faults.into_iter().map(|fault| fault.kind).collect();
    assert_eq!(
        kinds,
        [FaultKind::Join(7), FaultKind::Kill(0.5), FaultKind::Join(3)]
    );
}

fn up(distribution: &str) -> Distribution {
    let text = format!("[churn]\nmodel = \"sessions\"\nsessions.up = {distribution}");
    match scenario(&text).churn.model {
        ChurnModel::Sessions { up, .. } => up,
        model => panic!("{model:?}"),
    }
}

/// Means on paper: Γ(3) = 2 for Weibull with shape 1/2; shape / (shape - 1) = 2 for Pareto with
/// shape 2; e^(1/2) for log-normal with sigma 1.
#[test]
fn a_mean_is_translated_into_the_parameter_of_its_distribution() {
    let mean = minutes(60);
    let half = minutes(30);
    assert_eq!(
        up("{ exponential = { mean = \"1h\" } }"),
        Distribution::Exponential { mean }
    );
    assert_eq!(
        up("{ fixed = { value = \"1h\" } }"),
        Distribution::Fixed { value: mean }
    );
    let pareto = Distribution::Pareto {
        minimum: half,
        shape: 2.0,
    };
    assert_eq!(up("{ pareto = { mean = \"1h\", shape = 2 } }"), pareto);
    assert_eq!(up("{ pareto = { minimum = \"30m\", shape = 2 } }"), pareto);
    let Distribution::Weibull { scale, shape } = up("{ weibull = { mean = \"1h\", shape = 0.5 } }")
    else {
        panic!("not Weibull")
    };
    assert!(
        scale.0.abs_diff(half.0) < 1_000_000 && (shape - 0.5).abs() < 1e-12,
        "{scale}"
    );
    let Distribution::LogNormal { median, .. } = up("{ lognormal = { mean = \"1h\", sigma = 1 } }")
    else {
        panic!("not log-normal")
    };
    assert!(
        (median.as_secs_f64() - 3600.0 / 1.648_721_270_700_128).abs() < 1e-6,
        "{median}"
    );
}

#[test]
fn each_file_of_data_is_named_once_beside_the_scenario() {
    let text = "[network]\nmatrix.file = \"rtt.tsv\"\ngraph.file = \"/abs/g.csv\"\n[sweep]\n\
                \"network.model\" = [\"matrix\", \"constant\", \"graph\"]\n\
                \"overlay.nodes\" = [4, 8]\n";
    let path = Path::new("scenarios/x.toml");
    let (plan, files) = Plan::parse_with_files(text, path, &Overrides::default()).unwrap();
    let told: Vec<_> = files
        .iter()
        .map(|file| (file.path.clone(), file.kind))
        .collect();
    let matrix = PathBuf::from("scenarios/rtt.tsv");
    let expected = [
        (matrix.clone(), DataKind::Matrix),
        (PathBuf::from("/abs/g.csv"), DataKind::Graph),
    ];
    assert_eq!(told, expected);
    let LatencyModel::Matrix(read) = &plan.runs[0].scenario.network.model else {
        panic!("not a matrix")
    };
    assert_eq!(read.file, matrix);
}

#[test]
fn a_plan_goes_into_the_manifest() {
    let json = serde_json::to_value(plan("[sweep]\n\"overlay.nodes\" = [16]")).unwrap();
    assert_eq!(json["runs"][0]["scenario"]["warmup"], "10m");
    assert_eq!(json["runs"][0]["swept"][0], "16");
    assert_eq!(json["swept"][0]["key"], "overlay.nodes");
}

/// The example of the contract with every key of it, but a file for the chosen network.
#[test]
fn the_whole_vocabulary_is_understood() {
    let plan = plan(EVERYTHING);
    assert_eq!(
        (plan.name.as_str(), plan.seed, plan.repeat),
        ("churn", 311, 5)
    );
    assert_eq!(plan.runs.len(), 2 * 3 * 5);
    let scenario = &plan.runs[0].scenario;
    assert_eq!(scenario.faults[0].kind, FaultKind::Kill(0.3));
    let LatencyModel::TransitStub(transit_stub) = &scenario.network.model else {
        panic!("not transit-stub")
    };
    assert_eq!(transit_stub.transit_domains, 4);
    let exponential = set(&[
        "network.model=exponential",
        "network.exponential.per=message",
    ]);
    let LatencyModel::Exponential { per, .. } = plan_with(EVERYTHING, &exponential).runs[0]
        .scenario
        .network
        .model
    else {
        panic!("not exponential")
    };
    assert_eq!(per, Per::Message);
}

const EVERYTHING: &str = r#"
name        = "churn"
title       = "Lookups while nodes come and go"
seed        = 311
warmup      = "10m"
duration    = "1h"
sample      = "1m"
repeat      = 5
[overlay]
protocol    = "chord"
nodes       = 1000
id_bits     = 64
ids         = "hashed"
start       = "converged"
[chord]
routing     = "fingers"
lookup      = "recursive"
maintenance = "zave2017"
successors  = 16
virtual_nodes = 1
stabilize_every = "30s"
fix_fingers_every = "30s"
check_predecessor_every = "30s"
maintenance_jitter = 0.1
rpc_timeout = "500ms"
lookup_timeout = "30s"
proximity   = "none"
pns_samples = 16
[network]
model       = "transit-stub"
loss        = 0.0
service_time = "0ms"
[network.constant]
latency = "50ms"
[network.plane]
dimensions = 2
span = "100ms"
[network.matrix]
file = "planetlab.tsv"
values = "round-trip"
[network.graph]
file = "topology.graphml"
[churn]
model       = "poisson"
graceful    = 0.0
[churn.poisson]
joins_per_s = 0.1
leaves_per_s = 0.1
[churn.sessions]
up   = { exponential = { mean = "1h" } }
down = { exponential = { mean = "1h" } }
[[fault]]
at = "30m"
kill = 0.3
[workload]
lookups_per_s = 10.0
puts_per_s  = 0.0
gets_per_s  = 0.0
keys        = 10000
popularity  = "uniform"
zipf_exponent = 1.0
[storage]
replicas    = 1
value_bytes = 1024
[selfish]
fraction    = 0.0
behaviour   = "drop-lookups"
defence     = "none"
[sweep]
"chord.routing" = ["successors", "fingers"]
"overlay.nodes" = [256, 1024, 4096]
[output]
lookups     = "all"
nodes       = true
timeline    = true
"#;

#[test]
fn every_scenario_that_ships_is_a_good_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut names = Vec::new();
    let folders = [folder.clone(), folder.join("paper"), folder.join("bench")];
    for entry in folders.iter().flat_map(|f| std::fs::read_dir(f).unwrap()) {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            let text = std::fs::read_to_string(&path).unwrap();
            let plan = Plan::parse(&text, &path, &Overrides::default())
                .unwrap_or_else(|error| panic!("{:?}", miette::Report::new(*error)));
            assert!(
                !plan.title.is_empty(),
                "{}: a title for its pictures",
                path.display()
            );
            assert_eq!(path.file_stem().unwrap().to_str(), Some(plan.name.as_str()));
            let is_of_paper = path.starts_with(folder.join("paper"));
            assert_eq!(is_of_paper, !plan.expectations.is_empty());
            names.push(plan.name);
        }
    }
    names.sort();
    let expected = [
        "bootstrap",
        "churn",
        "churn-sessions",
        "churn-skype",
        "contribution-exclusion",
        "contribution-game",
        "divergence",
        "droppers",
        "durability",
        "free-riding",
        "latency",
        "lecture",
        "lecture-join",
        "lecture-ring",
        "mass-failure",
        "million",
        "misroute",
        "partition",
        "planetlab",
        "planetlab-plain",
        "planetlab-proximity",
        "quorum-random-of-3",
        "quorum-random-of-5",
        "quorum-stale",
        "quorum-wait",
        "real-backbone",
        "redundant-routes",
        "replication",
        "reputation-blacklist",
        "selfish",
        "simgrid-chord",
        "simgrid-chord-1e5",
        "simgrid-chord-1e6",
        "simgrid-chord-1e7",
        "simgrid-chord-churn",
        "simgrid-chord-join",
        "simgrid-chord-plane",
        "spread",
        "storage-1e6",
        "storage-decay",
        "storage-loss",
        "storage-one-copy",
        "storage-rounds",
        "storage-upkeep",
        "successors-vs-fingers",
        "table4-space",
        "table4-transit-stub",
        "trace-churn",
        "v1-successors",
        "v11-churn",
        "v14-audit",
        "v2-even-ring",
        "v3-fingers",
        "v4-successor-list",
        "v6-keys",
        "v7-virtual-nodes",
        "v9-mass-failure",
        "viability",
        "virtual-nodes",
        "whitewash",
        "whitewash-pairs",
    ];
    assert_eq!(names, expected);
}
