//! What is measured of honest and of selfish peers apart: each number is computed again, by other code, from the rows of
//! the other files.

#![expect(clippy::float_cmp, reason = "counts are whole numbers, and exact")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chordsim::catalogue::{Exists, Metric, OperationKind, OperationOutcome, Outcome, TraceEvent};
use chordsim::scenario::resolved::Output;
use chordsim::scenario::{Overrides, Plan};

use crate::common::books::{assert_books_balance, ring_at_rest};
use crate::common::{Run, output, plan, run_one, run_with};

/// A ring on which nothing moves; one whose peers have three positions and come and go; one that stores values, with peers
/// that return; and two with ways around droppers.
fn worlds(fraction: f64) -> Vec<(&'static str, String)> {
    let selfish = format!("[selfish]\nfraction = {fraction:?}\n");
    let short = "warmup = \"30s\"\nduration = \"5m\"\nsample = \"1m\"\n";
    let churning = format!(
        "{short}overlay = {{ nodes = 60, virtual_nodes = 3 }}\nworkload.lookups_per_s = 8.0\n\
         churn = {{ model = \"poisson\", graceful = 0.5, poisson = {{ joins_per_s = 0.2, leaves_per_s = 0.2 }} }}\n{selfish}"
    );
    let storing = format!(
        "{short}overlay.nodes = 80\nworkload = {{ lookups_per_s = 2.0, puts_per_s = 3.0, gets_per_s = 5.0, keys = 200 }}\n\
         storage = {{ replicas = 3, preload = true }}\n\
         churn = {{ model = \"sessions\", sessions = {{ up = {{ exponential = {{ mean = \"5m\" }} }}, \
         down = {{ exponential = {{ mean = \"2m\" }} }} }} }}\n{selfish}"
    );
    let retry = format!("{selfish}defence = \"retry\"\nretry_after = \"1s\"\n");
    let asking = ring_at_rest(&selfish).replace("[chord]", "[chord]\nlookup = \"iterative\"");
    vec![
        ("at rest", ring_at_rest(&selfish)),
        ("churning", churning),
        ("storing", storing),
        ("retrying", ring_at_rest(&retry)),
        ("asking", asking),
    ]
}

/// Everything, and every message of every request.
fn traced(toml: &str) -> Run {
    let output = Output {
        trace: 1.0,
        ..output(false)
    };
    run_with(&plan(toml).runs[0], &output)
}

/// The numbers of the nodes of selfish peers.
fn selfish_nodes(run: &Run) -> BTreeSet<u32> {
    let selfish = run.nodes.iter().filter(|node| node.selfish);
    selfish.map(|node| node.node).collect()
}

/// A number and how many of them are right.
fn share(rows: &[bool]) -> Option<f64> {
    let right = rows.iter().filter(|right| **right).count();
    (!rows.is_empty()).then(|| right as f64 / rows.len() as f64)
}

fn assert_metric(run: &Run, name: &str, expected: Option<f64>, world: &str) {
    let measured = run.metric_if_any(name);
    let agree = match (measured, expected) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-12 * b.abs().max(1.0),
        (a, b) => a == b,
    };
    assert!(agree, "{world}: {name} is {measured:?}, not {expected:?}");
}

/// Success by who asks: rows of lookups.csv and operations.csv, joined with the selfish ones of nodes.csv.
fn assert_success(run: &Run, world: &str) {
    let selfish = selfish_nodes(run);
    for (kind, is_selfish) in [("honest", false), ("selfish", true)] {
        let asks = |source: &Option<u32>| source.map(|node| selfish.contains(&node));
        let lookups = run.lookups.iter();
        let lookups = lookups.filter(|row| asks(&row.source) == Some(is_selfish));
        let lookups: Vec<bool> = lookups.map(|row| row.outcome == Outcome::Ok).collect();
        let count = Some(lookups.len() as f64);
        assert_metric(run, &format!("lookups_{kind}"), count, world);
        let rate = format!("success_rate_{kind}");
        assert_metric(run, &rate, share(&lookups), world);
        let mut requests = lookups.len();
        for (of, operation) in [("put", OperationKind::Put), ("get", OperationKind::Get)] {
            if world != "storing" {
                assert!(run.operations.is_empty());
                continue;
            }
            let rows = run.operations.iter().filter(|row| row.kind == operation);
            let rows = rows.filter(|row| asks(&row.source) == Some(is_selfish));
            let is_right =
                |outcome| matches!(outcome, OperationOutcome::Stored | OperationOutcome::Found);
            let rows: Vec<bool> = rows.map(|row| is_right(row.outcome)).collect();
            let count = Some(rows.len() as f64);
            assert_metric(run, &format!("{of}s_{kind}"), count, world);
            let rate = format!("{of}_success_rate_{kind}");
            assert_metric(run, &rate, share(&rows), world);
            requests += rows.len();
        }
        if kind == "honest" {
            assert_metric(run, "requests_honest", Some(requests as f64), world);
        }
    }
    let all = run.lookups.len() + run.operations.len();
    assert_metric(run, "requests", Some(all as f64), world);
}

/// Which requests were refused: those with such a step in trace.csv.
fn assert_refusals(run: &Run, world: &str) {
    let refusals = run.trace.iter();
    let refusals = refusals.filter(|row| row.event == TraceEvent::Refuse);
    let refused: BTreeSet<_> = refusals.map(|row| (row.lookup, row.operation)).collect();
    let selfish = selfish_nodes(run);
    let lookups = run.lookups.iter();
    let lookups = lookups.map(|row| ((Some(row.lookup), None), row.source));
    let operations = run.operations.iter();
    let operations = operations.map(|row| ((None, Some(row.operation)), row.source));
    let requests: Vec<_> = lookups.chain(operations).collect();
    let all = requests.iter().map(|(number, _)| refused.contains(number));
    assert_metric(run, "refused_share", share(&all.collect::<Vec<_>>()), world);
    let honest = requests.iter();
    let honest = honest.filter(|(_, node)| node.is_some_and(|node| !selfish.contains(&node)));
    let honest = honest.map(|(number, _)| refused.contains(number));
    let honest: Vec<_> = honest.collect();
    assert_metric(run, "refused_share_honest", share(&honest), world);
}

/// Mean, largest over mean, Gini coefficient and Jain's index, as the papers write them.
fn spread(values: &[f64]) -> [Option<f64>; 4] {
    let n = values.len() as f64;
    let sum: f64 = values.iter().sum();
    let mean = (n > 0.0).then(|| sum / n);
    if sum == 0.0 {
        return [mean, None, None, None];
    }
    let most = values.iter().copied().fold(0.0, f64::max);
    let pairs = values
        .iter()
        .flat_map(|a| values.iter().map(move |b| (a - b).abs()));
    let gini = pairs.sum::<f64>() / (2.0 * n * sum);
    let squares: f64 = values.iter().map(|value| value * value).sum();
    let jain = sum * sum / (n * squares);
    [mean, Some(most / (sum / n)), Some(gini), Some(jain)]
}

/// Burdens of peers: rows of nodes.csv added up by peer. A peer counts if one of its nodes was a member during the
/// measurement; for keys, if one is at the end.
fn assert_burdens(run: &Run, world: &str) {
    let mut peers: BTreeMap<u32, (bool, [Option<f64>; 3])> = BTreeMap::new();
    let mut members: BTreeMap<u32, bool> = BTreeMap::new();
    let mut was_member = BTreeSet::new();
    for node in &run.nodes {
        if node.joined_s.is_some() && node.left_s.is_none_or(|left| left >= 0.0) {
            was_member.insert(node.peer);
        }
        let (_, sums) = peers.entry(node.peer).or_insert((node.selfish, [None; 3]));
        let amounts = [node.messages_in as f64, node.bytes_out as f64];
        for (sum, amount) in sums.iter_mut().zip(amounts) {
            *sum = Some(sum.unwrap_or(0.0) + amount);
        }
        if let Some(keys) = node.keys {
            sums[2] = Some(sums[2].unwrap_or(0.0) + keys as f64);
            members.insert(node.peer, node.selfish);
        }
    }
    for (place, what) in ["load", "bytes", "keys"].into_iter().enumerate() {
        let of = |is_selfish: bool| -> Vec<f64> {
            let peers = peers
                .iter()
                .filter(|(_, (selfish, _))| *selfish == is_selfish);
            let counts = peers.filter(|(peer, _)| place == 2 || was_member.contains(peer));
            counts.filter_map(|(_, (_, sums))| sums[place]).collect()
        };
        let names = ["mean", "max_over_mean", "gini", "jain"];
        for (name, expected) in names.into_iter().zip(spread(&of(false))) {
            assert_metric(run, &format!("{what}_{name}_honest"), expected, world);
        }
        let [mean, ..] = spread(&of(true));
        assert_metric(run, &format!("{what}_mean_selfish"), mean, world);
    }
    let selfish: Vec<bool> = members.into_values().collect();
    assert_metric(run, "selfish_share", share(&selfish), world);
    let last = run.timeline.last().unwrap().selfish_share;
    assert_eq!(last, run.metric_if_any("selfish_share"), "{world}");
}

#[test]
fn every_number_can_be_computed_again_from_the_rows() {
    for fraction in [0.0, 0.3, 1.0] {
        for (world, toml) in worlds(fraction) {
            let run = traced(&toml);
            let world = format!("{world}, {fraction}");
            let name = world.split(',').next().unwrap();
            assert_books_balance_where_only_lookups_are_made(&run);
            assert_success(&run, name);
            assert_refusals(&run, &world);
            assert_burdens(&run, &world);
            assert!(run.metric("requests") > 1000.0, "{world}");
            let something_refused = run.metric("refused_share") > 0.0;
            assert_eq!(something_refused, fraction > 0.0, "{world}");
            if fraction == 0.3 {
                let rates = ["honest", "selfish"].map(|of| run.metric(&format!("lookups_{of}")));
                assert!(
                    rates.iter().all(|count| *count > 50.0),
                    "{world}: {rates:?}"
                );
            }
        }
    }
}

fn assert_books_balance_where_only_lookups_are_made(run: &Run) {
    if run.operations.is_empty() {
        assert_books_balance(run);
    }
}

/// Those of nobody have no value; that there are none of them is a number.
#[test]
fn rates_and_means_of_nobody_are_empty() {
    for (fraction, nobody, somebody) in [(0.0, "selfish", "honest"), (1.0, "honest", "selfish")] {
        let (_, toml) = worlds(fraction).swap_remove(2);
        let run = run_one(&toml);
        for of in ["success_rate", "put_success_rate", "get_success_rate"] {
            assert_eq!(run.metric_if_any(&format!("{of}_{nobody}")), None);
            assert_eq!(
                run.metric_if_any(&format!("{of}_{somebody}")),
                run.metric_if_any(of)
            );
        }
        for of in ["lookups", "puts", "gets"] {
            assert_eq!(run.metric(&format!("{of}_{nobody}")), 0.0);
            assert_eq!(run.metric(&format!("{of}_{somebody}")), run.metric(of));
        }
        for of in ["load", "bytes", "keys"] {
            assert_eq!(run.metric_if_any(&format!("{of}_mean_{nobody}")), None);
        }
        assert_eq!(
            run.metric(&format!("load_mean_{somebody}")),
            run.metric("load_mean")
        );
        assert_eq!(
            run.metric(&format!("keys_mean_{somebody}")),
            run.metric("keys_mean")
        );
        let ginis = ["load", "keys"].map(|of| run.metric_if_any(&format!("{of}_gini_honest")));
        let all = ["load_gini", "keys_gini"].map(|name| run.metric_if_any(name));
        assert_eq!(ginis, if nobody == "honest" { [None; 2] } else { all });
        assert_eq!(run.metric("selfish_share"), fraction);
    }
}

/// What a request costs: all messages but those of maintenance, where nothing is repaired or handed over. On a ring at rest
/// a lookup of h hops that gets through takes 2h + 1 messages, one of none takes none.
#[test]
fn messages_per_request_are_those_that_are_not_maintenance() {
    for (world, toml) in worlds(0.3) {
        let run = run_one(&toml);
        if world == "storing" {
            continue;
        }
        let others = run.metric("messages") - run.metric("maintenance_messages");
        let expected = Some(others / run.metric("requests"));
        assert_metric(&run, "request_messages_mean", expected, world);
    }
    let run = run_one(&ring_at_rest("[selfish]"));
    let messages = |hops: u32| if hops > 0 { 2 * hops + 1 } else { 0 };
    let all: u32 = run.hops().map(messages).sum();
    let expected = Some(f64::from(all) / run.lookups.len() as f64);
    assert_metric(&run, "request_messages_mean", expected, "by hand");
}

/// On a ring at rest nothing is sent but for puts and gets.
#[test]
fn messages_of_puts_and_gets_are_those_of_requests() {
    let run = run_one(&ring_at_rest(
        "puts_per_s = 2.0\ngets_per_s = 3.0\nkeys = 300\n\
         [storage]\nreplicas = 3\nrepair_every = \"off\"\n[selfish]\nfraction = 0.2",
    ));
    assert_eq!(
        run.metric("repair_bytes") + run.metric("handover_bytes"),
        0.0
    );
    assert!(run.metric("puts") > 500.0);
    let sent: u64 = run.nodes.iter().map(|node| node.messages_out).sum();
    let requests = (run.lookups.len() + run.operations.len()) as f64;
    let expected = Some(sent as f64 / requests);
    assert_metric(&run, "request_messages_mean", expected, "puts and gets");
}

/// What goes for good is kept in fewer bytes where no rows of nodes are written; what is measured is the same.
#[test]
fn burdens_are_the_same_without_rows_of_nodes() {
    let (_, toml) = worlds(0.3).swap_remove(1);
    // More than so many go for good that their rows are used again.
    let toml = toml.replace("s_per_s = 0.2", "s_per_s = 6.0");
    let spec = &plan(&toml).runs[0];
    let with = run_with(spec, &output(false));
    let lean = Output {
        nodes: false,
        ..output(false)
    };
    let without = run_with(spec, &lean);
    assert!(with.metric("leaves") + with.metric("crashes") > 1500.0);
    assert!(without.nodes.is_empty());
    assert_eq!(with.summary, without.summary);
    assert_burdens(&with, "many go");
}

/// The section adds columns and nothing else. Without it there are none.
#[test]
fn the_section_changes_nothing_but_columns() {
    let selfish = |metric: &Metric| {
        let exists = metric.info().exists;
        matches!(exists, Exists::WithSelfish | Exists::WithSelfishStorage)
    };
    for place in [1, 2] {
        let (_, with) = worlds(0.0).swap_remove(place);
        let without = run_one(with.split("[selfish]").next().unwrap());
        let with = run_one(&with);
        assert_eq!(with.summary.fingerprint, without.summary.fingerprint);
        let plain: Vec<_> = without.summary.metrics().collect();
        assert!(!plain.iter().any(|(metric, _)| selfish(metric)));
        let shared = with
            .summary
            .metrics()
            .filter(|(metric, _)| !selfish(metric));
        assert_eq!(shared.collect::<Vec<_>>(), plain);
        let added = with.summary.metrics().filter(|(metric, _)| selfish(metric));
        let of_storage = |metric: &Metric| metric.info().exists == Exists::WithSelfishStorage;
        let all = Metric::ALL.iter().filter(|metric| selfish(metric));
        let all = all.filter(|metric| place == 2 || !of_storage(metric));
        assert_eq!(added.count(), all.count());
        assert!(
            without
                .timeline
                .iter()
                .all(|row| row.selfish_share.is_none())
        );
        assert!(
            with.timeline
                .iter()
                .all(|row| row.selfish_share == Some(0.0))
        );
        assert_eq!((with.lookups, with.nodes), (without.lookups, without.nodes));
    }
}

/// A sweep over the share needs no section: it makes one.
#[test]
fn a_sweep_over_the_share_makes_the_section() {
    let swept = plan("duration = \"1m\"\n[sweep]\n\"selfish.fraction\" = [0.0, 0.5]");
    assert!(swept.runs.iter().all(|run| run.scenario.selfish.measured));
    assert!(!plan("duration = \"1m\"").runs[0].scenario.selfish.measured);
    assert!(
        plan("duration = \"1m\"\n[selfish]").runs[0]
            .scenario
            .selfish
            .measured
    );
}

/// What is not measured is not waited for, and not drawn.
#[test]
fn what_only_the_section_measures_is_refused_without_it() {
    let refused = |quantity: &str, rest: &str| -> String {
        let toml = format!(
            "[[expect]]\nquantity = \"{quantity}\"\nat_least = 0.5\nkind = \"exact\"\n{rest}"
        );
        let parsed = Plan::parse(&toml, Path::new("test.toml"), &Overrides::default());
        let error = parsed.map(|_| ()).err();
        error.map_or_else(String::new, |error| {
            format!("{:?}", miette::Report::new(*error))
        })
    };
    let lookups = refused("success_rate_honest", "");
    assert!(
        lookups.contains("this scenario has no [selfish]"),
        "{lookups}"
    );
    let gets = refused("get_success_rate_honest", "[selfish]");
    assert!(
        gets.contains("nothing is put or got in this scenario"),
        "{gets}"
    );
    let gets = refused("get_success_rate_honest", "[workload]\ngets_per_s = 1.0");
    assert!(gets.contains("this scenario has no [selfish]"), "{gets}");
    assert_eq!(refused("success_rate_honest", "[selfish]"), "");
}

/// Who is selfish at a share is so at a larger one, so honest askers at 0.3 are among those at 0.1, whose lookups are the
/// same; and fewer selfish peers stand in their way.
#[test]
fn honest_askers_at_a_larger_share_are_among_those_at_a_smaller_one() {
    let at = |fraction: f64| {
        let (_, toml) = worlds(fraction).swap_remove(1);
        run_one(&toml)
    };
    let runs = [at(0.0), at(0.1), at(0.3), at(1.0)];
    for pair in runs.windows(2) {
        let [few, many] = [0, 1].map(|place| selfish_nodes(&pair[place]));
        assert!(few.is_subset(&many));
        let askers = |run: &Run| -> Vec<_> {
            let lookups = run.lookups.iter();
            lookups
                .map(|row| (row.time_s.to_bits(), row.source, row.key))
                .collect()
        };
        assert_eq!(askers(&pair[0]), askers(&pair[1]));
        let honest = [0, 1].map(|place| pair[place].metric("lookups_honest"));
        assert!(honest[0] > honest[1], "{honest:?}");
    }
    let rates = [0, 1, 2].map(|place: usize| runs[place].metric("success_rate_honest"));
    assert!(rates.is_sorted_by(|a, b| a > b), "{rates:?}");
}
