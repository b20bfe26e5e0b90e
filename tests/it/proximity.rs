//! Choosing fingers and next hops by latency, against a second opinion that looks at every node of every interval; and what
//! nodes can know of distances.

use std::cell::RefCell;

use chordsim::catalogue::Reason;
use chordsim::engine::SimDuration;
use chordsim::network::{Latency, Network};
use chordsim::observe::{Measured, Observer, Scene};
use chordsim::overlay::Overlay as _;
use chordsim::overlay::chord::Chord;
use chordsim::scenario::RunSpec;
use chordsim::sim::{Setup, Watch};
use chordsim::world::{HostIdx, NodeIdx, PeerIdx};

use crate::common::{Run, plan, run_all};

/// Hosts on a torus of 64 places, 2 ms one way from each to the next; the others come from a table that nobody could guess.
struct Torus;

impl Latency for Torus {
    fn hosts(&self) -> Option<u32> {
        None
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        let places = [from, to].map(|host| host.0.wrapping_mul(2_654_435_761) >> 26);
        let apart = places[0].abs_diff(places[1]);
        // Different places for different pairs, so that no two are equally near.
        let odd = u64::from(from.0 + to.0) + 64 * u64::from(from.0.abs_diff(to.0));
        SimDuration(2_000_000 * u64::from(apart.min(64 - apart)) + 1000 * odd + 1_000_000)
    }
}

/// The fingers and lists of all members at the end.
#[derive(Default)]
struct Tables(Vec<(NodeIdx, Vec<Option<NodeIdx>>, Vec<NodeIdx>)>);

struct Looker<'a>(&'a RefCell<Tables>);

impl Observer<Chord> for Looker<'_> {
    fn done(
        &mut self,
        scene: &Scene<'_, Chord>,
        _: &mut dyn chordsim::catalogue::RecordSink,
    ) -> std::io::Result<Vec<Measured>> {
        let tables = scene.members.iter().map(|(_, node)| {
            let knows = scene.overlay.knows(node);
            (node, knows.fingers, knows.successors)
        });
        self.0.borrow_mut().0 = tables.collect();
        Ok(Vec::new())
    }
}

/// Runs Chord on the torus. Returns what was measured, the tables at the end, and the identifiers.
fn on_torus(toml: &str) -> (Run, Tables, Vec<u64>) {
    let plan = plan(toml);
    let spec: &RunSpec = &plan.runs[0];
    let tables = RefCell::new(Tables::default());
    let mut run = Run::default();
    let scenario = &spec.scenario;
    let chord = Chord::new(&scenario.overlay, &scenario.chord);
    let network = Network::new(Box::new(Torus), scenario.network.loss, spec.seed);
    let setup = Setup::new(spec, network, chord).watched_by(Box::new(Looker(&tables)));
    run.summary = setup
        .run(&plan.output, &Watch::default(), &mut run)
        .unwrap();
    let ids = run.nodes.iter().map(|node| node.id).collect();
    (run, tables.into_inner(), ids)
}

fn round_trip(a: NodeIdx, b: NodeIdx) -> SimDuration {
    let [a, b] = [a, b].map(|node| HostIdx(PeerIdx(node.0).0));
    Torus.one_way(a, b) + Torus.one_way(b, a)
}

/// Whom entry `i` of a node should name: of the first `samples` nodes of its interval the nearest; where that is empty, the
/// first node behind its start. `None` where the successor list shows all of the interval: there any will do.
fn should_be(
    ids: &[u64],
    node: usize,
    i: u32,
    samples: usize,
    list: &[NodeIdx],
) -> Option<NodeIdx> {
    let distance = |other: usize| ids[other].wrapping_sub(ids[node]);
    let mut others: Vec<usize> = (0..ids.len()).filter(|other| *other != node).collect();
    others.sort_by_key(|other| distance(*other));
    let inside = |other: &&usize| distance(**other) >> i == 1;
    let end = list.last().map_or(0, |last| distance(last.at()));
    if end >= (1_u64 << i) - 1 + (1 << i) {
        return None;
    }
    let candidates = others.iter().filter(inside).take(samples);
    let nearest = candidates
        .min_by_key(|other| round_trip(NodeIdx::from_usize(node), NodeIdx::from_usize(**other)));
    let ordinary = || others.iter().find(|other| distance(**other) >= 1 << i);
    let found = nearest.or_else(ordinary).copied().unwrap_or(node);
    Some(NodeIdx::from_usize(found))
}

fn scenario(start: &str, chord: &str) -> String {
    format!(
        "seed = 7\nwarmup = \"2h\"\nduration = \"10m\"\n[overlay]\nnodes = 60\nstart = \"{start}\"\n\
         [chord]\nsuccessors = 3\nstabilize_every = \"10s\"\nfix_fingers_every = \"10s\"\n{chord}\n\
         [workload]\nlookups_per_s = 5\n"
    )
}

/// At rest from the start, and after everybody has joined and learned by messages alone, tables are the same: each entry
/// names the nearest of the first candidates of its interval.
#[test]
fn every_finger_is_the_nearest_of_its_candidates_however_the_ring_came_about() {
    for (proximity, samples) in [
        ("proximity = \"pns\"\npns_samples = 5", 5),
        ("proximity = \"pns\"", 16),
        ("proximity = \"pns+prs\"", 16),
        ("proximity = \"ideal\"", usize::MAX),
        ("proximity = \"pns\"\npns_samples = 1", 1),
    ] {
        for start in ["converged", "join"] {
            let (run, tables, ids) = on_torus(&scenario(start, proximity));
            let (mut looked_at, mut unlike_the_textbook) = (0, 0);
            for (node, fingers, list) in &tables.0 {
                for (i, finger) in (0..).zip(fingers) {
                    let Some(right) = should_be(&ids, node.at(), i, samples, list) else {
                        continue;
                    };
                    let case = format!("{proximity}, {start}, {node}, entry {i}");
                    assert_eq!(finger.unwrap(), right, "{case}");
                    looked_at += 1;
                    let textbook = should_be(&ids, node.at(), i, 1, list);
                    unlike_the_textbook += u32::from(textbook != Some(right));
                }
            }
            assert!(looked_at > 60 * 4, "{looked_at}");
            assert_eq!(
                unlike_the_textbook > 60,
                samples > 1,
                "{unlike_the_textbook}"
            );
            assert!((run.metric("success_rate") - 1.0).abs() < 1e-12);
            let last = run.timeline.last().unwrap();
            assert_eq!((last.ring_ok, last.wrong_fingers), (Some(true), Some(0.0)));
        }
    }
}

/// What is learned by messages is paid for in messages of maintenance; what nobody could know is free.
#[test]
fn learning_what_is_near_costs_messages_and_knowing_it_costs_none() {
    let maintenance = |chord: &str| {
        let (run, ..) = on_torus(&scenario("converged", chord));
        run.metric("maintenance_messages")
    };
    let plain = maintenance("");
    let pns = maintenance("proximity = \"pns\"");
    let ideal = maintenance("proximity = \"ideal\"");
    assert!(pns > 1.2 * plain, "{pns} and {plain}");
    // No finger is looked up.
    assert!(ideal < 0.7 * plain, "{ideal} and {plain}");
}

/// With next hops chosen by time, a lookup still finds the owner: on rings where nodes crash, where messages are lost, one
/// by one or passed on; and each dead node costs at most one timeout on each way.
#[test]
fn lookups_by_time_find_their_owners_past_dead_nodes() {
    for lookup in ["recursive", "iterative"] {
        for proximity in ["prs", "pns+prs", "pns"] {
            let toml = format!(
                "seed = 3\nwarmup = \"1m\"\nduration = \"10m\"\n[overlay]\nnodes = 200\n\
                 [network]\nmodel = \"plane\"\n[[fault]]\nat = \"1m\"\nkill = 0.3\n\
                 [chord]\nproximity = \"{proximity}\"\nlookup = \"{lookup}\"\n\
                 [workload]\nlookups_per_s = 20\n"
            );
            let run = run_all(&toml).remove(0);
            // Those that were under way when nodes died may have died with them.
            let later = run.lookups.iter().filter(|row| row.time_s >= 60.0);
            let reasons = later.filter_map(|row| row.reason);
            let failed = reasons.filter(|reason| *reason != Reason::AskerGone);
            assert_eq!(failed.count(), 0, "{lookup}, {proximity}");
            let late = run.timeline.iter().filter(|row| row.time_s > 360.0);
            assert!(late.clone().count() > 2 && late.clone().all(|row| row.wrong == 0));
        }
    }
}

/// Estimates are made from what answers tell, and their error is measured: small on a plane, which coordinates can show,
/// larger where every pair has a latency of its own, which no map can show.
#[test]
fn the_error_of_coordinates_is_measured() {
    let error = |network: &str| {
        let toml = format!(
            "seed = 5\nwarmup = \"0s\"\nduration = \"10m\"\nsample = \"1m\"\n[overlay]\nnodes = 150\n\
             [network]\nmodel = \"{network}\"\n[chord]\nproximity = \"pns\"\nestimate = \"vivaldi\"\n\
             [workload]\nlookups_per_s = 20\n"
        );
        let run = run_all(&toml).remove(0);
        let rows: Vec<_> = run.timeline.iter().map(|row| row.estimate_error).collect();
        let last = rows.last().copied().flatten().unwrap();
        assert!((run.metric("estimate_error") - last).abs() < 1e-12);
        last
    };
    let (plane, uniform) = (error("plane"), error("uniform"));
    assert!(plane < 0.1, "{plane}");
    assert!((0.15..1.0).contains(&uniform), "{uniform}");
}

/// Coordinates come from traffic: without it they do not change; and nobody else has them.
#[test]
fn who_has_no_coordinates_has_no_error() {
    let toml =
        "[overlay]\nnodes = 20\n[chord]\nproximity = \"pns\"\n[workload]\nlookups_per_s = 1\n";
    let run = run_all(&format!("warmup = \"0s\"\nduration = \"2m\"\n{toml}")).remove(0);
    assert!(run.timeline.iter().all(|row| row.estimate_error.is_none()));
    let named = |name| {
        run.summary
            .metrics()
            .any(|(metric, _)| metric.name() == name)
    };
    assert!(!named("estimate_error") && named("messages"));
}

/// Of three copies a get asks the nearest only: fewer messages than asking all, and less waiting than asking one at
/// random.
#[test]
fn a_get_that_asks_the_nearest_copy_waits_less_than_one_that_asks_any() {
    let gets = |quorums: &str| {
        let toml = format!(
            "seed = 9\nwarmup = \"5m\"\nduration = \"20m\"\n[overlay]\nnodes = 150\n\
             [network]\nmodel = \"plane\"\n[chord]\nproximity = \"pns\"\nestimate = \"vivaldi\"\n\
             [storage]\nreplicas = 3\npreload = true\nrepair_every = \"off\"\nquorums = \"{quorums}\"\n\
             [workload]\ngets_per_s = 5\nlookups_per_s = 0\nkeys = 500\n"
        );
        let run = run_all(&toml).remove(0);
        assert!(
            (run.metric("get_success_rate") - 1.0).abs() < 1e-12,
            "{quorums}"
        );
        let waits = run.operations.iter().filter_map(|row| row.quorum_ms);
        let (count, sum) = waits.fold((0.0, 0.0), |(count, sum), ms| (count + 1.0, sum + ms));
        (sum / count, run.metric("messages"))
    };
    let (first, all_messages) = gets("first");
    let (random, few_messages) = gets("random");
    let (nearest, messages) = gets("nearest");
    assert!(nearest < 0.85 * random, "{nearest} and {random}");
    // The first of three answers is that of the nearest: nothing can be faster.
    assert!(
        nearest > 0.999 * first && nearest < 1.25 * first,
        "{nearest} and {first}"
    );
    assert!(
        (messages - few_messages).abs() < 0.02 * messages,
        "{messages} and {few_messages}"
    );
    assert!(
        messages < 0.9 * all_messages,
        "{messages} and {all_messages}"
    );
}

/// The nearest has no copy, or is dead: the next one is asked.
#[test]
fn where_the_nearest_copy_is_gone_the_next_is_asked() {
    let toml = "seed = 2\nwarmup = \"1m\"\nduration = \"5m\"\n[overlay]\nnodes = 100\n\
                [network]\nmodel = \"plane\"\n[[fault]]\nat = \"1s\"\nkill = 0.2\n\
                [chord]\nproximity = \"pns\"\nestimate = \"vivaldi\"\n\
                [storage]\nreplicas = 3\npreload = true\nrepair_every = \"off\"\nquorums = \"nearest\"\n\
                [workload]\ngets_per_s = 10\nlookups_per_s = 0\nkeys = 300\n";
    let run = run_all(toml).remove(0);
    let failed = run.operations.iter().filter_map(|row| row.reason);
    let failed = failed.filter(|reason| *reason == Reason::NoQuorum || *reason == Reason::Timeout);
    assert_eq!(failed.count(), 0);
    let found = run.metric("get_success_rate");
    let lost = run.metric("values_lost") / 300.0;
    assert!(found > 1.0 - lost - 0.05, "{found} of gets, {lost} lost");
    assert!(run.operations.iter().any(|row| row.timeouts > 0));
}

/// Identifiers by region: ways become shorter, most stay in their region, and load is unbalanced.
#[test]
fn identifiers_by_region_shorten_ways_and_unbalance_load() {
    let with = |ids: &str| {
        let toml = format!(
            "seed = 23\nwarmup = \"0s\"\nduration = \"5m\"\n[overlay]\nnodes = 500\nids = \"{ids}\"\n\
             [chord]\nrpc_timeout = \"1s\"\n[network]\nmodel = \"regions\"\n\
             [workload]\nlookups_per_s = 10\n[output]\nhops = true\n"
        );
        let plan = plan(&toml);
        crate::common::run_with(&plan.runs[0], &plan.output)
    };
    let (hashed, region) = (with("hashed"), with("region"));
    for metric in ["stretch_p50", "hops_mean", "region_crossing_share"] {
        let (before, after) = (hashed.metric(metric), region.metric(metric));
        assert!(after < 0.95 * before, "{metric}: {after} and {before}");
    }
    assert!(region.metric("keys_gini") > hashed.metric("keys_gini") + 0.1);
    assert!(region.metric("load_max") > 2.0 * hashed.metric("load_max"));
}
