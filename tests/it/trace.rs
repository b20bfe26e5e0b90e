//! `chordsim trace` and `trace.csv`: what is told is what happened.

#![expect(
    clippy::float_cmp,
    reason = "counts are whole numbers, and a time is told as it stands in another file"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use chordsim::catalogue::{LookupRecord, Outcome, TraceEvent, TraceRecord};
use chordsim::scenario::resolved::Output;
use predicates::str::contains;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::program::chordsim;
use crate::common::{Run, output, plan, run, run_with};

/// The only run of a scenario, with every message of every request.
fn traced(toml: &str) -> Run {
    let plan = plan(toml);
    let all = Output {
        trace: 1.0,
        ..output(false)
    };
    run_with(&plan.runs[0], &all)
}

/// What was traced of each lookup.
fn by_lookup(run: &Run) -> BTreeMap<u64, Vec<&TraceRecord>> {
    let mut steps: BTreeMap<u64, Vec<&TraceRecord>> = BTreeMap::new();
    for step in &run.trace {
        let lookup = step.lookup.expect("nothing is put or got");
        steps.entry(lookup).or_default().push(step);
    }
    steps
}

fn count(steps: &[&TraceRecord], event: TraceEvent) -> u32 {
    let of_kind = steps.iter().filter(|step| step.event == event);
    of_kind.count() as u32
}

/// Sum of the legs that the asking node waits for, one after the other: those of the lookup on its way, what was waited in
/// vain, and that of the answer.
fn waited_ms(steps: &[&TraceRecord]) -> f64 {
    let mut sum = 0.0;
    for (place, step) in steps.iter().enumerate() {
        let was_in_vain = steps[place..].iter().any(|later| {
            later.event == TraceEvent::Timeout && (later.from, later.to) == (step.from, step.to)
        });
        let counts = match step.event {
            TraceEvent::Forward | TraceEvent::Ask => !was_in_vain,
            TraceEvent::Timeout | TraceEvent::Referral | TraceEvent::Answer => true,
            _ => false,
        };
        if counts {
            sum += step.latency_ms.unwrap();
        }
    }
    sum
}

fn assert_told_rightly(lookup: &LookupRecord, steps: &[&TraceRecord], style: TraceEvent) {
    let (hops, latency) = (lookup.hops.unwrap(), lookup.latency_ms.unwrap());
    let told = format!("{lookup:?}\n{steps:#?}");
    assert_eq!(count(steps, TraceEvent::Timeout), lookup.timeouts, "{told}");
    if hops == 0 {
        // The asking node found that nobody but itself is left to own the key.
        assert_eq!(count(steps, TraceEvent::Answer), 0, "{told}");
        return;
    }
    assert_eq!(
        count(steps, TraceEvent::Answer),
        u32::from(hops > 0),
        "{told}"
    );
    // A node that is asked once more for another one is one hop.
    let sent = steps.iter().filter(|step| step.event == style);
    let reached: BTreeSet<(u32, u32)> = sent.map(|step| (step.from, step.to)).collect();
    assert_eq!(reached.len() as u32 - lookup.timeouts, hops, "{told}");
    assert_eq!(steps.last().map_or(0, |step| step.hop), hops, "{told}");
    assert!((waited_ms(steps) - latency).abs() < 1e-6, "{told}");
    for pair in steps.windows(2) {
        assert!(pair[0].time_s <= pair[1].time_s, "{told}");
    }
    if let Some(first) = steps.first() {
        assert_eq!(Some(first.from), lookup.source, "{told}");
        assert_eq!(first.time_s, lookup.time_s, "{told}");
        let last = steps.iter().rfind(|step| step.event == TraceEvent::Answer);
        assert_eq!(last.map(|step| step.from_id), lookup.answer_id, "{told}");
    }
}

/// A third of the nodes dies, and lookups find out who.
fn some_die(more: &str) -> String {
    format!(
        "seed = 5\nwarmup = \"0s\"\nduration = \"10s\"\n[overlay]\nnodes = 60\n[[fault]]\nat = \"0s\"\nkill = 0.3\n\
         [network]\nmodel = \"plane\"\n[workload]\nlookups_per_s = 40\n[chord]\nstabilize_every = \"off\"\n\
         fix_fingers_every = \"off\"\ncheck_predecessor_every = \"off\"\n{more}"
    )
}

#[test]
fn every_lookup_is_told_from_its_first_message_to_its_answer() {
    for (style, event) in [
        ("recursive", TraceEvent::Forward),
        ("iterative", TraceEvent::Ask),
    ] {
        let run = traced(&some_die(&format!("lookup = \"{style}\"")));
        let steps = by_lookup(&run);
        let answered = run
            .lookups
            .iter()
            .filter(|lookup| lookup.outcome != Outcome::Failed);
        let mut timeouts = 0;
        for lookup in answered {
            let nothing = Vec::new();
            let steps = steps.get(&lookup.lookup).unwrap_or(&nothing);
            assert_told_rightly(lookup, steps, event);
            timeouts += lookup.timeouts;
        }
        assert!(timeouts > 50, "{style}: only {timeouts} timeouts");
    }
}

/// Without maintenance the messages of lookups are all there are: 2h + 1 of each with hops.
#[test]
fn rows_are_the_messages_of_the_lookups() {
    let run = traced(
        "warmup = \"0s\"\nduration = \"60s\"\n[overlay]\nnodes = 100\n[chord]\nstabilize_every = \"off\"\n\
         fix_fingers_every = \"off\"\ncheck_predecessor_every = \"off\"",
    );
    assert_eq!(run.trace.len() as f64, run.metric("messages"));
    for (lookup, steps) in by_lookup(&run) {
        let hops = run.lookups[lookup as usize].hops.unwrap();
        assert_eq!(steps.len() as u32, 2 * hops + 1);
    }
}

#[test]
fn a_share_traces_the_lookups_that_have_rows_with_that_share_and_changes_nothing() {
    let plan = plan(&some_die(""));
    let share = Output {
        lookups: 0.3,
        trace: 0.3,
        ..output(false)
    };
    let some = run_with(&plan.runs[0], &share);
    let numbers: Vec<u64> = by_lookup(&some).into_keys().collect();
    let sent = |lookup: &&LookupRecord| lookup.hops != Some(0) || lookup.timeouts > 0;
    let rows = some.lookups.iter().filter(sent);
    let rows: Vec<u64> = rows.map(|lookup| lookup.lookup).collect();
    assert_eq!(numbers, rows);
    assert!((50..200).contains(&rows.len()));
    let plain = run(&plan.runs[0]);
    assert_eq!(some.summary, plain.summary);
}

fn story(folder: &Path, options: &[&str]) -> Value {
    let mut command = chordsim(folder);
    let command = command.args(["trace", "it.toml", "--json"]).args(options);
    let output = command.assert().code(0).get_output().clone();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn folder(toml: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("it.toml"), toml).unwrap();
    folder
}

#[test]
fn a_lookup_of_a_run_is_told_as_its_row_says() {
    for style in ["recursive", "iterative"] {
        let toml = some_die(&format!("lookup = \"{style}\""));
        let run = run(&plan(&toml).runs[0]);
        let folder = folder(&toml);
        let unlucky = run.lookups.iter().find(|lookup| {
            lookup.outcome == Outcome::Ok && lookup.timeouts > 1 && lookup.hops > Some(2)
        });
        for lookup in [unlucky.unwrap(), &run.lookups[7]] {
            let number = lookup.lookup.to_string();
            let story = story(folder.path(), &["--lookup", &number]);
            let told = format!("{story:#}");
            assert_eq!(story["key"], json!(lookup.key), "{told}");
            assert_eq!(story["from"], json!(lookup.source_id), "{told}");
            assert_eq!(story["outcome"], lookup.outcome.name(), "{told}");
            assert_eq!(story["hops"], json!(lookup.hops), "{told}");
            assert_eq!(story["latency_ms"], json!(lookup.latency_ms), "{told}");
            let path = story["path"].as_array().unwrap();
            assert_eq!(path.len() as u32, lookup.hops.unwrap() + 1, "{told}");
            assert_eq!(path[0], json!(lookup.source_id), "{told}");
            assert_eq!(path.last(), Some(&json!(lookup.answer_id)), "{told}");
            let steps = story["steps"].as_array().unwrap();
            let legs = story["legs"].as_array().unwrap().iter();
            let legs = legs.map(|leg| &steps[leg.as_u64().unwrap() as usize]);
            let sum: f64 = legs.map(|leg| leg["latency_ms"].as_f64().unwrap()).sum();
            assert!((sum - lookup.latency_ms.unwrap()).abs() < 1e-6, "{told}");
        }
    }
}

/// The entry that is told is the one by which the overlay's rule, as the contract has it, chooses the next node.
#[test]
fn the_entry_that_decided_is_told() {
    let toml = "warmup = \"0s\"\nduration = \"1m\"\n[overlay]\nid_bits = 7\nids = [14, 32, 98, 124]\n\
                [chord]\nsuccessors = 1\n[workload]\nlookups_per_s = 0";
    let folder = folder(toml);
    let story = story(folder.path(), &["--key", "120", "--from", "14"]);
    // Finger 6 of 14 starts at 78 and is 98; 98's successor 124 owns 120.
    assert_eq!(story["path"], json!([14, 98, 124]));
    let steps = story["steps"].as_array().unwrap();
    assert_eq!(steps[0]["entry"], json!({"list": "fingers", "entry": 6}));
    let next = steps
        .iter()
        .filter(|step| step["event"] == "forward")
        .nth(1);
    assert_eq!(
        next.unwrap()["entry"],
        json!({"list": "successors", "entry": 1})
    );
    assert_eq!(
        steps[0]["says"],
        "key 120 is beyond my successor 32; the farthest node before it that I know is 98, my finger 6, which \
         starts at 78, so I pass it to 98"
    );
    let table = &story["finger_tables"][0];
    let nodes: Vec<&Value> = table["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["node"])
        .collect();
    assert_eq!(json!(nodes), json!([32, 32, 32, 32, 32, 98, 98]));
}

/// The lecture's example, word by word: put of "alice" (120), 32 -> 98 -> 124, and node 14's finger table.
#[test]
fn the_lectures_example_is_retold() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = chordsim(here);
    let output = command.args(["trace", "scenarios/lecture.toml"]).output();
    let told = String::from_utf8(output.unwrap().stdout).unwrap();
    assert_eq!(
        told,
        "put of \"alice\" (key 120) from node 32, 60 s after the start\n\
         \n  \
           0 ms  @32: key 120 is beyond my successor 98, so I pass it to 98  [50 ms]\n \
          50 ms  @98: key 120 lies between me and my successor 124, so 124 owns it: I pass it to 124  [50 ms]\n\
         100 ms  @124: 120 lies between my predecessor 98 and me: it belongs here. I tell 32  [50 ms]\n\
         150 ms  @32: I send \"alice@example.org\" (17 bytes) to 124, version 1  [50 ms]\n\
         200 ms  @124: 120 lies between my predecessor 98 and me: it is stored here. I tell 32  [50 ms]\n\
         250 ms  @32: stored, version 1 (1 acknowledgement, 1 needed)\n\
         \n\
         hops     2  32 → 98 → 124\n\
         latency  250 ms = 50 + 50 + 50 + 50 + 50\n\
         \n\
         finger table of node 14 (nobody is there; a node there would have it)\n\
         finger  start  interval  node\n  \
           0        15  [15, 16)    32\n  \
           1        16  [16, 18)    32\n  \
           2        18  [18, 22)    32\n  \
           3        22  [22, 30)    32\n  \
           4        30  [30, 46)    32\n  \
           5        46  [46, 78)    98\n  \
           6        78  [78, 14)    98\n"
    );
}

/// Three copies: the keepers are asked for, written to at once, and the slowest answer that is waited for ends it.
#[test]
fn a_put_and_a_get_are_told_to_their_quorum() {
    let toml = "warmup = \"0s\"\nduration = \"10m\"\n[overlay]\nid_bits = 7\nids = [14, 32, 98, 124]\n\
                [network]\nmodel = \"constant\"\nconstant = { latency = \"50ms\" }\n\
                [chord]\nsuccessors = 3\n[storage]\nreplicas = 3\nwrite_quorum = 2\nread_quorum = 2\n\
                [workload]\nlookups_per_s = 0\n\
                [[event]]\nat = \"1m\"\nput = { key = \"bob\", value = \"hello\", from = 32 }\n\
                [[event]]\nat = \"2m\"\nget = { key = \"bob\", from = 98 }\n";
    let folder = folder(toml);
    let put = story(folder.path(), &[]);
    // The leading seven bits of SHA-1("bob") = 48181acd...: 36, which 98 owns; 124 and 14 keep copies.
    assert_eq!((&put["request"], &put["key"]), (&json!("put"), &json!(36)));
    assert_eq!(put["outcome"], "stored");
    let events = |story: &Value, event: &str| {
        let steps = story["steps"].as_array().unwrap().clone();
        let steps = steps.into_iter().filter(|step| step["event"] == event);
        steps
            .map(|step| step["to"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(events(&put, "put"), [98, 124, 14]);
    assert_eq!(events(&put, "kept"), [32, 32, 32]);
    assert_eq!(put["latency_ms"], json!(300.0));
    let get = story(folder.path(), &["--operation", "1"]);
    assert_eq!(
        (&get["request"], &get["outcome"]),
        (&json!("get"), &json!("found"))
    );
    // The asking node owns the key: it asks the two others and looks at its own copy.
    assert_eq!(
        (&get["hops"], events(&get, "get")),
        (&json!(0), vec![124, 14])
    );
    assert!(get["says"].as_str().unwrap().contains("\"hello\""));
    let mut command = chordsim(folder.path());
    let text = command.args([
        "trace", "it.toml", "--get", "bob", "--from", "14", "--at", "3m",
    ]);
    text.assert()
        .code(0)
        .stdout(contains("found: version 1, \"hello\""));
}

#[test]
fn a_selfish_peer_is_told_of() {
    let folder = folder(
        "warmup = \"0s\"\nduration = \"1m\"\n[overlay]\nid_bits = 7\nids = [14, 32, 98, 124]\n\
         [chord]\nrouting = \"successors\"\nsuccessors = 1\n[selfish]\nfraction = 1.0\n[workload]\nlookups_per_s = 0",
    );
    let story = story(folder.path(), &["--key", "120", "--from", "14"]);
    assert_eq!(story["reason"], "dropped");
    assert!(
        story["steps"]
            .as_array()
            .unwrap()
            .iter()
            .any(|step| step["event"] == "refuse" && step["from"] == 32)
    );
}

#[test]
fn the_trace_option_writes_what_the_key_asks_for() {
    let folder = folder("warmup = \"0s\"\nduration = \"10s\"\n[overlay]\nnodes = 20");
    let run = |out: &str, options: &[&str]| {
        let mut command = chordsim(folder.path());
        let command = command.args(["run", "it.toml", "--no-plots", "--out", out]);
        command.args(options).assert().code(0);
        fs::read(folder.path().join(out).join("trace.csv")).ok()
    };
    let traced = run("a", &["--trace"]);
    assert!(traced.is_some());
    assert_eq!(traced, run("b", &["--set", "output.trace=true"]));
    assert_eq!(run("c", &[]), None);
    let mut command = chordsim(folder.path());
    command.args(["verify", "a"]).assert().code(0);
}

#[test]
fn a_diagram_is_drawn_in_three_forms() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = TempDir::new().unwrap();
    for (name, head) in [("d.svg", "<svg"), ("d.png", "PNG"), ("d.pdf", "%PDF")] {
        let file = folder.path().join(name);
        let mut command = chordsim(here);
        let command = command.args(["trace", "scenarios/lecture.toml", "--diagram"]);
        command.arg(&file).assert().code(0);
        let bytes = fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains(head), "{name}");
        if name == "d.svg" {
            let arrows = text.matches("lookup · 50 ms").count();
            assert_eq!(arrows, 2, "32 to 98, 98 to 124");
        }
    }
}

#[test]
fn what_cannot_be_told_is_refused_with_a_remedy() {
    let toml = "warmup = \"0s\"\nduration = \"1m\"\n[overlay]\nid_bits = 7\nids = [14, 32, 98, 124]\n\
                [workload]\nlookups_per_s = 1";
    let folder = folder(toml);
    let cases: [(&[&str], &str); 15] = [
        (&["--key", "128", "--from", "14"], "128"),
        (&["--key", "120", "--from", "15"], "15"),
        (&["--key", "18446744073709551616"], "18446744073709551616"),
        (&["--out", "./it.toml"], "is the scenario itself"),
        (
            &["--out", "a.svg", "--diagram", "./a.svg"],
            "--diagram and --map name",
        ),
        (&["--key", "120", "--from", "14", "--at", "2m"], "2m"),
        (&["--key", "120", "--from", "14", "--at", "soon"], "soon"),
        (&["--put", "alice", "--from", "14"], "--put alice=hello"),
        (&["--from", "14"], "--key KEY"),
        (&["--lookup", "100000"], "has no lookup 100000"),
        (&["--operation", "0"], "has no put or get 0"),
        (&["--run", "1"], "there is no such run"),
        (&["--fingers-of", "128"], "the last is 127"),
        (&["--diagram", "story.gif"], ".svg, .png or .pdf"),
        (&["--key", "1", "--get", "2"], "cannot be used with"),
    ];
    for (options, told) in cases {
        let mut command = chordsim(folder.path());
        let command = command.args(["trace", "it.toml"]).args(options);
        command.assert().code(2).stderr(contains(told)).stdout("");
    }
}

/// 20 crashes, and 10 has not noticed when it looks up 15, a key of 20's.
#[test]
fn the_reason_behind_a_silent_owner_is_true() {
    let folder = folder(
        "warmup = \"0s\"\nduration = \"1m\"\n[overlay]\nid_bits = 7\nids = [10, 20, 30, 40]\n[chord]\nsuccessors = 3\n\
         [network]\nmodel = \"constant\"\nconstant = { latency = \"50ms\" }\n[workload]\nlookups_per_s = 0\n\
         [[event]]\nat = \"1s\"\ncrash = 20\n[[event]]\nat = \"1s\"\nlookup = { key = 15, from = 10 }",
    );
    let story = story(folder.path(), &[]);
    assert_eq!(story["path"], json!([10, 30]));
    let says: Vec<&str> = story["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|step| step["says"].as_str())
        .collect();
    assert_eq!(
        says,
        [
            "key 15 lies between me and my successor 20, so 20 owns it: I pass it to 20",
            "20 has not answered within 500 ms",
            "the owner of 15 is silent; behind it 30 is next in my successor list, entry 2, and owns what was its: I \
             pass it to 30",
            "my predecessor 20 does not answer, so what was its is mine: it is mine. I tell 10",
        ]
    );
}

/// A lookup that nobody answers ends when its user gives up.
#[test]
fn a_lookup_in_vain_ends_with_the_users_patience() {
    let folder = folder(
        "warmup = \"0s\"\nduration = \"1m\"\n[overlay]\nid_bits = 7\nids = [10, 40]\nrequest_timeout = \"2s\"\nrpc_timeout = \"5s\"\n\
         [network]\nmodel = \"constant\"\nloss = 1.0\nconstant = { latency = \"50ms\" }\n[workload]\nlookups_per_s = 0",
    );
    let mut command = chordsim(folder.path());
    let command = command.args(["trace", "it.toml", "--key", "15", "--from", "10"]);
    let told = command
        .assert()
        .code(0)
        .stdout(contains("(lost on the way)"));
    told.stdout(contains("2000 ms  @10: no answer came in time: I give up"));
}

/// The asking node keeps the copy that decides, and the others are asked all the same.
#[test]
fn all_that_keep_copies_are_told_of_a_put() {
    let toml = "warmup = \"0s\"\nduration = \"1m\"\n[overlay]\nid_bits = 7\nids = [14, 32, 98, 124]\n\
                [chord]\nsuccessors = 3\n[storage]\nreplicas = 3\n[workload]\nlookups_per_s = 0\n\
                [[event]]\nat = \"1s\"\nput = { key = 120, value = \"x\", from = 124 }";
    let folder = folder(toml);
    let put = story(folder.path(), &[]);
    let steps = put["steps"].as_array().unwrap();
    let sent: Vec<&Value> = steps
        .iter()
        .filter(|step| step["event"] == "put")
        .map(|step| &step["to"])
        .collect();
    assert_eq!(json!(sent), json!([14, 32]));
}

/// Three copies, 42 places apart: of key 20 at 20, 62 and 104, which 32, 98 and 124 own.
#[test]
fn the_search_of_places_is_told() {
    let toml = "warmup = \"0s\"\nduration = \"1m\"\n[overlay]\nid_bits = 7\nids = [14, 32, 98, 124]\n\
                [chord]\nsuccessors = 1\n[storage]\nreplicas = 3\nscheme = \"spread\"\nwrite_quorum = 3\n[workload]\nlookups_per_s = 0\n\
                [[event]]\nat = \"1s\"\nput = { key = 20, value = \"x\", from = 124 }";
    let folder = folder(toml);
    let put = story(folder.path(), &[]);
    let steps = put["steps"].as_array().unwrap();
    let of = |event: &str| -> Vec<&Value> {
        let steps = steps.iter().filter(|step| step["event"] == event);
        steps.collect()
    };
    // The owner of 104 is the node that asks.
    let places = of("find-place")
        .into_iter()
        .map(|step| step["says"].clone());
    let places: Vec<String> = places.map(|says| says.to_string()).collect();
    assert!(
        places.iter().any(|says| says.contains("place 62")),
        "{places:?}"
    );
    let owners: Vec<&Value> = of("owns-place").iter().map(|step| &step["from"]).collect();
    assert_eq!(json!(owners), json!([98]), "{put:#}");
    let keepers: Vec<&Value> = of("put").iter().map(|step| &step["to"]).collect();
    assert_eq!(json!(keepers), json!([32, 98]), "{put:#}");
}

/// The picture has both sides, a number for each of the four messages on each and in the legend, and the direct way.
#[test]
fn a_request_is_drawn_on_the_network_beside_the_ring() {
    let folder = TempDir::new().unwrap();
    let links = "from,to,latency_ms\na,b,1\nb,c,2\nc,d,4\n";
    fs::write(folder.path().join("chain.csv"), links).unwrap();
    let scenario = "warmup = \"0s\"\nduration = \"10s\"\nseed = 34\n\
                    overlay = { nodes = 4, id_bits = 6, ids = [10, 20, 30, 40] }\n\
                    chord = { routing = \"successors\", successors = 1 }\n\
                    network = { model = \"graph\", graph.file = \"chain.csv\" }\nworkload.lookups_per_s = 0\n\
                    [[event]]\nat = \"1s\"\nlookup = { key = 35, from = 10 }\n";
    fs::write(folder.path().join("chain.toml"), scenario).unwrap();
    let trace = |more: &[&str]| {
        let mut command = chordsim(folder.path());
        command.args(["trace", "chain.toml"]).args(more).assert()
    };
    trace(&["--map", "way.svg"]).success();
    let drawn = fs::read_to_string(folder.path().join("way.svg")).unwrap();
    for (text, times) in [
        (">on the network<", 1),
        ("on the ring", 1),
        (">1<", 3),
        (">4<", 3),
        (">5<", 0),
        ("10 → 20  1 ms", 1),
        ("20 → 30  2 ms", 1),
        ("30 → 40  4 ms", 1),
        ("40 → 10  7 ms", 1),
        ("straight to the owner  7 ms each way", 1),
        (
            "took 14 ms; straight to the owner and back takes 14 ms: stretch 1.00",
            1,
        ),
    ] {
        assert_eq!(drawn.matches(text).count(), times, "{text}");
    }
    for name in ["way.png", "way.pdf"] {
        trace(&["--map", name]).success();
    }
    trace(&["--map", "way.svg", "--diagram", "./way.svg"])
        .code(2)
        .stderr(contains("two of --out, --diagram and --map name"));
    trace(&["--map", "way.svg", "--set", "network.model=constant"])
        .code(2)
        .stderr(contains("neither links nor a map"));
}
