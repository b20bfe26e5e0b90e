//! Every scenario that ships gives the very history it gave before, and that history is a sensible
//! one: beside each fingerprint stands a claim that can be checked on paper. Those of `scenarios/paper/`
//! carry theirs with them; `validation.rs` checks them.
//!
//! After a change that is meant to change histories:
//! `CHORDSIM_BLESS=1 cargo test --release --test it golden` writes the table anew.

mod backbone;
mod faults;
mod storage;
mod table;
mod traced;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::common::{Run, mean_and_error};
use chordsim::catalogue::{LookupRecord, Outcome};
use chordsim::scenario::{Overrides, Plan, RunSpec};
use rayon::prelude::*;
use table::Golden;

/// A scenario that ships, with what it measured.
struct Shipped {
    overrides: Vec<String>,
    plan: Plan,
    runs: Vec<Run>,
}

impl Shipped {
    /// The run with these values of the swept keys.
    fn run(&self, swept: &[&str]) -> &Run {
        let place = self.plan.runs.iter().position(|spec| spec.swept == swept);
        &self.runs[place.unwrap_or_else(|| panic!("there is no run with {swept:?}"))]
    }
}

fn scenario_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let (paper, bench) = (folder.join("paper"), folder.join("bench"));
    let paths = [folder, paper, bench]
        .into_iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    // The sizes of a bench differ from each other in numbers alone.
    files.retain(|file| !is_size(file));
    files.sort_by_key(|file| file.file_stem().map(ToOwned::to_owned));
    files
}

/// Whether it is one of the large sizes of the scenario that benches measure, of 10^5 nodes and more.
fn is_size(file: &Path) -> bool {
    let name = file.file_stem().and_then(|stem| stem.to_str());
    name.is_some_and(|name| name.starts_with("simgrid-chord-1e"))
}

/// The measured round-trip times; `None`, said aloud, where there are none. Under continuous
/// integration they must be there.
fn planetlab() -> Option<String> {
    let folder = env::var_os("CHORDSIM_DATA");
    if folder.is_none() {
        assert!(env::var_os("CI").is_none(), "CHORDSIM_DATA is not set");
        eprintln!("CHORDSIM_DATA is not set: planetlab.toml was not run");
    }
    let file = Path::new(&folder?).join("planetlab-490-rtt.tsv");
    Some(format!("network.matrix.file={}", file.display()))
}

/// The plan of a scenario; `None` if its data are not there.
fn plan(file: &Path, overrides: &[String]) -> Option<Plan> {
    let mut set = overrides.to_vec();
    let name = file.file_stem().and_then(|stem| stem.to_str());
    if name.is_some_and(|name| name.starts_with("planetlab")) {
        set.push(planetlab()?);
    }
    if file.ends_with("churn-skype.toml") {
        let trace = crate::churn_trace::skype()?;
        set.push(format!("churn.trace.file={}", trace.display()));
    }
    let overrides = Overrides {
        set,
        ..Overrides::default()
    };
    let plan = Plan::parse(&fs::read_to_string(file).unwrap(), file, &overrides);
    Some(plan.unwrap_or_else(|error| panic!("{:?}", miette::Report::new(*error))))
}

/// All scenarios, run once for all tests.
static SHIPPED: LazyLock<Vec<Shipped>> = LazyLock::new(|| {
    let golden = Golden::read();
    let plans = scenario_files().into_iter().filter_map(|file| {
        let overrides = golden.overrides(file.file_stem()?.to_str()?);
        Some((plan(&file, &overrides)?, overrides))
    });
    let plans: Vec<_> = plans.collect();
    let all: Vec<&RunSpec> = plans.iter().flat_map(|(plan, _)| &plan.runs).collect();
    // One at a time: runs are of very different length.
    let runs: Vec<Run> = all
        .into_par_iter()
        .with_max_len(1)
        .map(crate::common::run)
        .collect();
    let mut runs = runs.into_iter();
    let shipped = plans.into_iter().map(|(plan, overrides)| Shipped {
        runs: runs.by_ref().take(plan.runs.len()).collect(),
        overrides,
        plan,
    });
    shipped.collect()
});

fn find(name: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|shipped| shipped.plan.name == name)
}

fn shipped(name: &str) -> &'static Shipped {
    find(name).unwrap_or_else(|| panic!("there is no scenarios/{name}.toml"))
}

/// Whether the table is written anew instead of compared.
fn blessing() -> bool {
    env::var_os("CHORDSIM_BLESS").is_some()
}

#[test]
fn every_run_has_the_fingerprint_it_had() {
    let mut golden = Golden::read();
    let mut rows = Vec::new();
    for name in scenario_files()
        .iter()
        .filter_map(|file| file.file_stem()?.to_str())
    {
        match find(name) {
            Some(shipped) => rows.extend(table::rows(shipped)),
            // Without its data a scenario stays as it was.
            None => rows.extend(golden.rows.iter().filter(|row| row[0] == name).cloned()),
        }
    }
    if blessing() {
        golden.rows = rows;
        return golden.write();
    }
    let written = |rows: &[Vec<String>]| rows.iter().map(|row| row.join(",")).collect::<Vec<_>>();
    let (was, is) = (written(&golden.rows), written(&rows));
    let gone = was
        .iter()
        .filter(|row| !is.contains(row))
        .map(|row| format!("- {row}\n"));
    let new = is
        .iter()
        .filter(|row| !was.contains(row))
        .map(|row| format!("+ {row}\n"));
    let differences: String = gone.chain(new).collect();
    assert!(
        was == is,
        "other histories than in tests/it/golden/fingerprints.csv:\n{differences}If that is meant: \
         CHORDSIM_BLESS=1 cargo test --release --test it golden\nwrites the table anew; say in the \
         commit why it changed."
    );
}

#[test]
fn every_scenario_that_ships_has_its_rows() {
    if blessing() {
        return;
    }
    let golden = Golden::read();
    let files = scenario_files();
    let names: Vec<&str> = files
        .iter()
        .filter_map(|file| file.file_stem()?.to_str())
        .collect();
    assert_eq!(golden.scenarios(), names);
}

fn assert_within(value: f64, expected: f64, tolerance: f64, what: &str) {
    assert!(
        (value - expected).abs() <= tolerance,
        "{what}: {value} instead of {expected} ± {tolerance}"
    );
}

/// Within four standard errors of what it must be.
fn assert_mean(values: &[f64], expected: f64, what: &str) {
    let (mean, error) = mean_and_error(values);
    assert_within(mean, expected, 4.0 * error, what);
}

fn hops(run: &Run) -> Vec<f64> {
    run.hops().map(f64::from).collect()
}

/// A Poisson process of this many expected events.
fn assert_poisson(count: f64, expected: f64, what: &str) {
    assert_within(count, expected, 4.0 * expected.sqrt(), what);
}

fn assert_same_lookups(a: &Run, b: &Run) {
    let of = |lookup: &LookupRecord| (lookup.time_s.to_bits(), lookup.source, lookup.key);
    let [a, b] = [a, b].map(|run| run.lookups.iter().map(of).collect::<Vec<_>>());
    assert!(a == b, "the same moments, sources and keys");
}

fn all_ok(run: &Run) -> bool {
    run.lookups
        .iter()
        .all(|lookup| lookup.outcome == Outcome::Ok)
}

/// The share of lookups that succeed is within four standard errors of what is expected.
fn assert_share(run: &Run, expected: f64, what: &str) {
    let error = (expected * (1.0 - expected) / run.metric("lookups")).sqrt();
    let success = run.metric("success_rate");
    assert!(
        (success - expected).abs() < 4.0 * error,
        "{success} {what} instead of {expected} (standard error {error})"
    );
}

/// Lookups, joins and departures are Poisson and the same in all four variants. Around the ring a
/// lookup takes (N - 1) / 2 hops, N as it is on average; past selfish peers hardly any get through.
#[test]
fn churn_as_on_paper() {
    let churn = shipped("churn");
    let scenario = &churn.plan.runs[0].scenario;
    let seconds = scenario.duration.as_secs_f64();
    let lookups_per_s = scenario.workload.lookups_per_s;
    for run in &churn.runs {
        assert_same_lookups(run, &churn.runs[0]);
        assert_poisson(run.metric("lookups"), lookups_per_s * seconds, "lookups");
        assert_poisson(run.metric("joins"), 0.2 * seconds, "joins");
        let gone = run.metric("leaves") + run.metric("crashes");
        assert_poisson(gone, 0.2 * seconds, "departures");
    }
    let walk = churn.run(&["0.0", "successors"]);
    let nodes: Vec<f64> = walk.timeline.iter().map(|row| row.nodes as f64).collect();
    let (nodes, _) = mean_and_error(&nodes);
    assert_mean(&hops(walk), (nodes - 1.0) / 2.0, "hops around the ring");
    let fingers = churn.run(&["0.0", "fingers"]);
    assert!(fingers.metric("hops_mean") < 6.0);
    assert!(fingers.metric("success_rate") > 0.99);
    // A lookup that takes h hops is passed on by h - 1 others, each fair with probability 0.95.
    let fair: Vec<f64> = hops(fingers)
        .iter()
        .map(|h| 0.95_f64.powf((h - 1.0).max(0.0)))
        .collect();
    let (expected, _) = mean_and_error(&fair);
    // All lookups of a ring meet the same 50 selfish peers. A peer passes on 3 of 1000 lookups, give or
    // take as many: the share that is stopped has a variance of 1000 · 2 · 0.003² · 0.05 · 0.95.
    let past = churn.run(&["0.05", "fingers"]).metric("success_rate");
    assert!(
        (past - expected).abs() < 4.0 * 0.00086_f64.sqrt(),
        "{past} instead of {expected}"
    );
    // Of the N distances d, passing on takes d - 1 others: the sum of 0.95^(d - 1), and the own key.
    let expected = (1.0 + 1.0 / 0.05) / 1000.0;
    assert_share(
        churn.run(&["0.05", "successors"]),
        expected,
        "get past selfish peers one by one",
    );
}

/// On equal latencies d = 50 ms the way there and back over h hops is (h + 1) d against 2 d. The map
/// below changes no hop.
#[test]
fn divergence_as_on_paper() {
    let divergence = shipped("divergence");
    let constant = divergence.run(&["constant", "none"]);
    for lookup in &constant.lookups {
        let hops = f64::from(lookup.hops.unwrap());
        let expected = (hops > 0.0).then(|| f64::midpoint(hops, 1.0));
        assert_eq!(lookup.stretch, expected, "lookup {}", lookup.lookup);
    }
    for (spec, run) in divergence.plan.runs.iter().zip(&divergence.runs) {
        assert!(all_ok(run));
        // Whom a node passes a lookup to, latencies have a say in only where they are asked.
        if spec.swept[1] == "none" {
            assert_eq!(hops(run), hops(constant));
        }
        // Latencies are shortest paths: no way around is shorter than the direct one.
        let least = run.lookups.iter().filter_map(|lookup| lookup.stretch);
        let least = least.fold(f64::INFINITY, f64::min);
        // But where a table says what was measured: from Asia to Australia it is shorter by way of Japan.
        assert!(least > 1.0 - 1e-9 || spec.swept[0] == "regions", "{least}");
        assert!(run.metric("stretch_mean") >= run.metric("stretch_p50"));
    }
}

/// The owner of a key is the first node at or after it, so "alice" (120) belongs to 124. Of the 128
/// places 36, 66 and 26 belong to the three, and of 128 names about as many.
#[test]
fn lecture_as_on_paper() {
    let lecture = shipped("lecture");
    for run in &lecture.runs {
        assert!(all_ok(run));
        let mut alice = 0;
        for lookup in &run.lookups {
            let owner = [32, 98, 124].into_iter().find(|id| *id >= lookup.key);
            assert_eq!(
                lookup.answer_id,
                Some(owner.unwrap_or(32)),
                "{}",
                lookup.key
            );
            alice += u32::from((lookup.key, lookup.answer_id) == (120, Some(124)));
        }
        assert!(alice > 0);
        let keys: Vec<u64> = run.nodes.iter().filter_map(|node| node.keys).collect();
        assert_eq!((keys.len(), keys.iter().sum::<u64>()), (3, 128));
        for (keys, places) in keys.into_iter().zip([36.0, 66.0, 26.0]) {
            let deviation = f64::sqrt(places * (1.0 - places / 128.0));
            assert_within(
                keys as f64,
                places,
                4.0 * deviation,
                "names at random places",
            );
        }
    }
    let walk = lecture.run(&["successors"]);
    assert_mean(&hops(walk), 1.0, "0, 1 or 2 hops, each as likely");
}

/// The put that the lecture walks through, and the story that the other file tells in its comment.
#[test]
fn the_lecture_s_alice_as_on_paper() {
    let told = |run: &Run| {
        let rows = run.operations.iter();
        let rows = rows.map(|row| {
            (
                row.source_id,
                row.key,
                row.label.clone(),
                row.outcome.name(),
                row.hops,
            )
        });
        rows.collect::<Vec<_>>()
    };
    let alice = |from, outcome, hops| {
        (
            Some(from),
            120,
            Some("alice".to_owned()),
            outcome,
            Some(hops),
        )
    };
    let walk = shipped("lecture").run(&["successors"]);
    assert_eq!(told(walk), [alice(32, "stored", 2), alice(98, "found", 1)]);
    let run = &shipped("lecture-join").runs[0];
    let operations = [
        alice(98, "stored", 1),
        alice(98, "found", 1),
        alice(32, "lost", 0),
    ];
    assert_eq!(told(run), operations);
    let lookups = run.lookups.iter();
    let lookups = lookups.map(|row| (row.source_id, row.key, row.answer_id, row.hops));
    let expected = [
        (Some(32), 99, Some(124), Some(2)),
        (Some(98), 125, Some(32), Some(2)),
        (Some(32), 98, Some(124), Some(1)),
    ];
    assert_eq!(lookups.collect::<Vec<_>>(), expected);
    assert_within(run.metric("script_idle"), 0.0, 0.0, "events without effect");
}

/// 300 of 1000 nodes crash at 5 min, the ring closes again; 300 join at 20 min.
#[test]
fn mass_failure_as_on_paper() {
    for run in &shipped("mass-failure").runs {
        let at = |time: f64| run.timeline.iter().find(|row| row.time_s >= time).unwrap();
        assert_eq!((run.metric("crashes"), run.metric("joins")), (300.0, 300.0));
        assert_eq!(
            [at(290.0).nodes, at(310.0).nodes, at(1800.0).nodes],
            [1000, 700, 1000]
        );
        assert!(
            [290.0, 1190.0, 1800.0]
                .iter()
                .all(|time| at(*time).ring_ok == Some(true))
        );
        // Right after the blow, before anybody had time to notice: 30 % of all fingers are dead.
        let dead = at(310.0).dead_fingers.unwrap();
        assert!((0.1..0.4).contains(&dead), "{dead}");
        assert!(at(310.0).dead_successors.unwrap() > 0.05);
        assert_eq!(
            (at(1190.0).dead_successors, at(1800.0).wrong_successors),
            (Some(0.0), Some(0.0))
        );
        assert!(run.metric("success_rate") > 0.99);
    }
}

/// ½ log2 N, less ½ log2 16 for the successors a node knows, and one for the handover.
#[test]
fn million_as_on_paper() {
    let million = shipped("million");
    let nodes = f64::from(million.plan.runs[0].scenario.overlay.nodes);
    let expected = nodes.log2() / 2.0 - 16_f64.log2() / 2.0 + 1.0;
    let run = &million.runs[0];
    assert!(all_ok(run));
    assert_within(run.metric("hops_mean"), expected, 0.1, "hops");
}

/// Hops as above, on both networks, whose lookups are the same. A session is over within t with
/// probability 1 - e^(-t / 1 h), however it began. Of nodes that join, the ring is in order at the end.
#[test]
fn simgrid_chord_as_on_paper() {
    let converged = shipped("simgrid-chord");
    let scenario = &converged.plan.runs[0].scenario;
    let nodes = f64::from(scenario.overlay.nodes);
    let expected = nodes.log2() / 2.0 - 16_f64.log2() / 2.0 + 1.0;
    let (converged, plane) = (&converged.runs[0], &shipped("simgrid-chord-plane").runs[0]);
    assert_same_lookups(plane, converged);
    assert!(all_ok(converged) && all_ok(plane));
    assert_eq!(hops(plane), hops(converged));
    assert_within(converged.metric("hops_mean"), expected, 0.1, "hops");
    let gone = -(-scenario.duration.as_secs_f64() / 3600.0).exp_m1();
    let churn = &shipped("simgrid-chord-churn").runs[0];
    let crashes = churn.metric("crashes");
    assert!(churn.metric("joins") < crashes, "most are down for long");
    assert_within(crashes, nodes * gone, 4.0 * (nodes * gone).sqrt(), "gone");
    let join = &shipped("simgrid-chord-join").runs[0];
    assert_within(join.metric("joins"), nodes - 1.0, 0.0, "all but the first");
    assert!(
        join.timeline
            .last()
            .is_some_and(|row| row.ring_ok == Some(true))
    );
}

/// Fingers do not look at the map. A round trip takes 146.4 ms in the mean of the matrix: a recursive
/// lookup is one way per hop and one for the answer, an iterative one a round trip per hop.
#[test]
fn planetlab_as_on_paper() {
    let Some(planetlab) = find("planetlab") else {
        return;
    };
    let expected = 490_f64.log2() / 2.0 - 16_f64.log2() / 2.0 + 1.0;
    let [recursive, iterative] =
        ["recursive", "iterative"].map(|mode| planetlab.run(&["none", mode]));
    assert_same_lookups(recursive, iterative);
    for (run, round_trips) in [
        (recursive, f64::midpoint(expected, 1.0)),
        (iterative, expected),
    ] {
        assert_within(run.metric("hops_mean"), expected, 0.1, "hops");
        let latency = round_trips * 146.4;
        assert_within(
            run.metric("latency_ms_mean"),
            latency,
            0.05 * latency,
            "latency",
        );
        // Half a percent of the pairs are further apart than the patience of half a second.
        assert!(run.metric("success_rate") > 0.99);
    }
    // What is near is taken: the latencies of the independent program with 16 successors are 188 and 330 ms.
    let near = planetlab
        .run(&["pns", "recursive"])
        .metric("latency_ms_mean");
    assert!(near < 0.65 * recursive.metric("latency_ms_mean"), "{near}");
}

/// With more patience than the largest round trip takes twice (2984 ms) nobody seems dead.
#[test]
fn patience_makes_every_answer_on_planetlab_right() {
    let changes = ["repeat=1", "duration=1m", "chord.rpc_timeout=6s"].map(str::to_owned);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/planetlab.toml");
    let Some(plan) = plan(&file, &changes) else {
        return;
    };
    let [recursive, iterative] = [0, 1].map(|run| crate::common::run(&plan.runs[run]));
    for run in [&recursive, &iterative] {
        assert!(all_ok(run) && run.timeline.iter().all(|row| row.ring_ok == Some(true)));
        assert_eq!(run.metric("timeouts_mean").to_bits(), 0.0_f64.to_bits());
    }
    assert_eq!(hops(&recursive), hops(&iterative));
}

/// A lookup of h hops is passed on by h - 1 others: it gets through with (1 - f)^(h - 1). Whoever is
/// selfish at one share is so at any larger one.
#[test]
fn selfish_as_on_paper() {
    let selfish = shipped("selfish");
    let fair = selfish.run(&["0.0", "none"]);
    assert!(all_ok(fair) && all_ok(selfish.run(&["0.0", "retry"])));
    let mut before = fair;
    for fraction in ["0.1", "0.2", "0.3", "0.5", "0.7", "0.9"] {
        let (none, retry) = (
            selfish.run(&[fraction, "none"]),
            selfish.run(&[fraction, "retry"]),
        );
        let honest = 1.0 - fraction.parse::<f64>().unwrap();
        let through: f64 = fair
            .hops()
            .map(|hops| honest.powf(f64::from(hops.saturating_sub(1))))
            .sum();
        let expected = through / fair.lookups.len() as f64;
        assert_within(none.metric("success_rate"), expected, 0.04, fraction);
        assert!(
            retry.metric("ok") > none.metric("ok"),
            "retrying helps at {fraction}"
        );
        for (less, more) in before.lookups.iter().zip(&none.lookups) {
            let got_through = [less, more].map(|lookup| lookup.outcome == Outcome::Ok);
            assert!(
                got_through != [false, true],
                "lookup {} at {fraction}",
                more.lookup
            );
        }
        before = none;
    }
}

/// A get gets through to the owner past two others, and finds one of three keepers that gives out what it has. The defences that
/// cost more bring more.
#[test]
fn viability_as_on_paper() {
    let viability = shipped("viability");
    let found = |defence, share| {
        let run = viability.run(&[defence, share]);
        run.metric("get_success_rate_honest")
    };
    let defences = ["none", "redundant", "retry", "retry+redundant"];
    for defence in defences {
        assert_within(found(defence, "0"), 1.0, 0.0, defence);
    }
    let expected = 0.75_f64.powi(2) * (1.0 - 0.25_f64.powi(3));
    assert_within(found("none", "0.25"), expected, 0.06, "0.25");
    for share in ["0.25", "0.5"] {
        let rates = defences.map(|defence| found(defence, share));
        assert!(rates.is_sorted(), "{share}: {rates:?}");
    }
}

/// Saving what serving costs pays as long as everybody is served; where those who do not serve are not served it does not. The
/// same peers begin.
#[test]
fn spread_as_on_paper() {
    let spread = shipped("spread");
    for run in &spread.runs {
        let before = run.timeline[0].selfish_share.unwrap();
        assert_within(before, 0.2, 1e-9, "nobody has decided");
    }
    let shares = |run: &Run| {
        run.timeline
            .iter()
            .filter_map(|row| row.selfish_share)
            .collect::<Vec<_>>()
    };
    let (none, reciprocity) = (spread.run(&["none"]), spread.run(&["reciprocity"]));
    assert_within(
        *shares(none).last().unwrap(),
        1.0,
        0.0,
        "free riding has spread to all",
    );
    assert_within(
        *shares(reciprocity).last().unwrap(),
        0.0,
        0.0,
        "free riding has died out",
    );
    assert!(none.metric("get_success_rate") < reciprocity.metric("get_success_rate"));
}

/// Without the defence three of ten gets are refused; with it f w / (c + w), where each asker asks each peer c = 0.02 times a
/// second.
#[test]
fn whitewash_as_on_paper() {
    let whitewash = shipped("whitewash");
    for (every, w) in [
        ("20s", 0.05),
        ("1m", 1.0 / 60.0),
        ("5m", 1.0 / 300.0),
        ("1h", 1.0 / 3600.0),
    ] {
        let refused = |defence| {
            whitewash
                .run(&[every, defence])
                .metric("refused_share_honest")
        };
        assert_within(refused("none"), 0.3, 0.02, every);
        assert_within(refused("reputation"), 0.3 * w / (0.02 + w), 0.02, every);
    }
}

/// Who waits for silence gains nothing against liars, who believes the first of several answers loses, and who compares claims wins.
#[test]
fn misroute_as_on_paper() {
    let misroute = shipped("misroute");
    for named in ["self", "colluder"] {
        let ok = |defence, answer| misroute.run(&[named, defence, answer]).metric("ok") as u32;
        let none = ok("none", "first");
        assert_eq!(ok("retry", "first"), none);
        assert!(ok("redundant", "first") < none, "{named}");
        assert!(ok("redundant", "closest") > none, "{named}");
    }
    // Of the answers that liars would have given for themselves, colluders make right ones where they own the key: f = 0.3.
    let right = |named| {
        misroute
            .run(&[named, "none", "first"])
            .metric("success_rate")
    };
    let (alone, together) = (right("self"), right("colluder"));
    assert_within(together, alone + 0.3 * (1.0 - alone), 0.04, "colluders");
}

/// (N - 1) / 2 hops from successor to successor. By fingers: one to any other of up to 17 nodes, and
/// ½ log2 N - ½ log2 16 + 1 on large rings.
#[test]
fn successors_vs_fingers_as_on_paper() {
    let comparison = shipped("successors-vs-fingers");
    for nodes in [
        16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0,
    ] {
        let values = nodes.to_string();
        let [walk, fingers] = ["successors", "fingers"].map(|way| comparison.run(&[&values, way]));
        assert!(all_ok(walk) && all_ok(fingers));
        assert_same_lookups(walk, fingers);
        assert_mean(&hops(walk), (nodes - 1.0) / 2.0, "(N - 1) / 2");
        if nodes < 17.0 {
            assert_mean(
                &hops(fingers),
                (nodes - 1.0) / nodes,
                "one hop, none to oneself",
            );
        } else if nodes > 500.0 {
            let expected = nodes.log2() / 2.0 - 1.0;
            assert_within(fingers.metric("hops_mean"), expected, 0.15, &values);
        }
    }
}
