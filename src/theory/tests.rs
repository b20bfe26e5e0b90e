//! Expectations against values worked out on paper, without any simulation.

use std::path::Path;

use super::chord::ways;
use super::hops::Hops;
use super::ring::Ring;
use super::*;
use crate::scenario::{Overrides, Plan};

/// The runs of a scenario that is given as text.
fn runs(text: &str) -> Vec<RunSpec> {
    Plan::parse(text, Path::new("test.toml"), &Overrides::default())
        .unwrap_or_else(|error| panic!("{:?}", miette::Report::new(*error)))
        .runs
}

/// The ring of one run of a scenario.
pub(super) fn ring(text: &str, run: usize) -> Ring {
    let spec = &runs(text)[run];
    Ring::of(&spec.scenario, spec.seed)
}

fn hops(text: &str) -> Hops {
    let spec = &runs(text)[0];
    ways::hops(&Ring::of(&spec.scenario, spec.seed), &spec.scenario.chord)
}

const SEEN: Seen = Seen {
    lookups: 10_000.0,
    gets: 10_000.0,
    timeouts: false,
};

fn find(expected: &[Expected], metric: &str) -> Option<Expected> {
    let mut found = expected.iter().filter(|e| e.metric.name() == metric);
    found.next().copied()
}

fn expected(text: &str, metric: &str) -> Option<Expected> {
    find(&expectations(&runs(text)[0], &SEEN), metric)
}

/// A scenario with these `[overlay]` and `[chord]` sections on the default network.
fn scenario(overlay: &str, chord: &str) -> String {
    format!("overlay = {{ {overlay} }}\nchord = {{ lookup_timeout = \"1h\", {chord} }}\n")
}

#[track_caller]
fn assert_near(value: f64, expected: f64, tolerance: f64) {
    assert!(
        (value - expected).abs() <= tolerance,
        "{value}, not {expected}"
    );
}

/// Along the ring of eight every number of hops is as likely. By fingers on an even ring of eight a lookup takes as many
/// steps as the distance to the key's predecessor has ones, and a hop to the owner: of the distances 0 to 7 one has no
/// ones, three have one and three have two; at 7 the asking node owns the key. Keys are drawn, so shares are near.
#[test]
fn shares_of_hops_are_those_of_the_definitions() {
    let shares = |text: &str| hop_shares(&runs(text)[0], &SEEN);
    let along = scenario("nodes = 8", "routing = \"successors\"");
    let uniform = shares(&along).unwrap();
    assert_eq!(uniform.len(), 8);
    for share in uniform {
        assert_near(share, 0.125, 1e-12);
    }
    let even = scenario("nodes = 8, ids = \"even\"", "successors = 1");
    let shares_of = shares(&even).unwrap();
    for (share, eighths) in shares_of.iter().zip([1.0, 1.0, 3.0, 3.0]) {
        assert_near(*share, eighths / 8.0, 0.01);
    }
    assert_eq!(shares_of.len(), 4);
    let droppers = scenario("nodes = 300", "") + "selfish = { fraction = 0.3 }\n";
    let answered: f64 = shares(&droppers).unwrap().iter().sum();
    let rate = expected(&droppers, "success_rate").unwrap().mean;
    assert_near(answered, rate, 1e-12);
    assert_eq!(
        shares(&(scenario("nodes = 8", "") + "network.loss = 0.1\n")),
        None
    );
}

/// V1: on any ring, with any keys, 0 to N - 1 hops are all equally likely.
#[test]
fn from_successor_to_successor_every_distance_is_as_likely() {
    for nodes in [1, 2, 100, 1000] {
        let text = scenario(&format!("nodes = {nodes}"), "routing = \"successors\"");
        let hops = hops(&text);
        assert_eq!(hops.weights().len(), nodes);
        assert!(
            hops.weights()
                .iter()
                .all(|weight| (weight - hops.weights()[0]).abs() < 1e-9)
        );
        let n = nodes as f64;
        let moments = hops.moments(f64::from);
        assert_near(moments.mean, (n - 1.0) / 2.0, 1e-9);
        assert_near(moments.variance, (n * n - 1.0) / 12.0, 1e-6);
    }
}

/// V2: on an even ring of 2^k nodes with one successor, the hops to the predecessor are the 1 bits of
/// the distance to it, and one more hop goes to the owner. A distance of all k bits means that the owner
/// itself asks.
#[test]
fn on_an_even_ring_hops_are_binomial() {
    let k = 9_u32;
    let text = scenario("nodes = 512, ids = \"even\"", "successors = 1");
    let hops = hops(&text);
    let nodes: f64 = 512.0;
    let unit = hops.weights().iter().sum::<f64>() / nodes;
    let mut binomial = 1.0;
    assert_eq!(hops.weights().len(), k as usize + 1);
    assert_near(hops.weights()[0], unit, 0.0);
    for bits in 0..k {
        assert_near(hops.weights()[bits as usize + 1], binomial * unit, 0.0);
        binomial = binomial * f64::from(k - bits) / f64::from(bits + 1);
    }
}

/// V3 and V4: mean hops over twenty rings.
#[test]
fn mean_hops_on_random_rings_are_as_published() {
    for (nodes, successors, published) in [
        (64, 1, 3.79),
        (1000, 1, 5.84),
        (1024, 1, 5.85),
        (1000, 20, 3.82),
    ] {
        let chord = format!("successors = {successors}");
        let overlay = format!("nodes = {nodes}");
        let text = format!(
            "repeat = 20\nworkload = {{ keys = 100_000 }}\n{}",
            scenario(&overlay, &chord)
        );
        let means = runs(&text)
            .into_iter()
            .map(|spec| find(&expectations(&spec, &SEEN), "hops_mean").unwrap().mean);
        assert_near(means.sum::<f64>() / 20.0, published, 0.02);
    }
}

/// The lecture's ring without and with node 14, worked out by hand.
#[test]
fn the_lecture_s_ring() {
    let [three, four] =
        ["[32, 98, 124]", "[98, 14, 124, 32]"].map(|ids| format!("id_bits = 7, ids = {ids}"));
    let [fingers, successors] =
        ["fingers", "successors"].map(|routing| format!("successors = 1, routing = \"{routing}\""));
    let keys = 10_000.0;
    // With three nodes there is nothing to skip.
    for chord in [&fingers, &successors] {
        assert_eq!(hops(&scenario(&three, chord)).weights(), [keys; 3]);
    }
    assert_eq!(hops(&scenario(&four, &successors)).weights(), [keys; 4]);
    let text = scenario(&four, &fingers);
    let ring = ring(&text, 0);
    // How many nodes ahead the fingers point: those of 14 to 32 and 98; those of 98 to 124, 14 and
    // itself; those of 124 to all other nodes.
    for (rank, ahead) in [
        (0, [1, 1, 1, 1, 1, 2, 2]),
        (1, [1, 1, 1, 1, 1, 1, 1]),
        (2, [1, 1, 1, 1, 1, 2, 0]),
        (3, [1, 1, 1, 1, 1, 2, 3]),
    ] {
        let fingers: Vec<usize> = (0..7).map(|i| ring.finger(rank, i)).collect();
        assert_eq!(fingers, ahead, "rank {rank}");
    }
    // Three nodes ahead are two hops: 14 to 124 by 98, 98 to 32 by 14, 124 to 98 by 32. Only 32 needs
    // three hops to 14, because it knows only 98.
    let to_14 = ring.demand()[0];
    assert!(to_14 > 0.0);
    assert_eq!(
        hops(&text).weights(),
        [keys, keys, 2.0 * keys - to_14, to_14]
    );
}

/// With droppers and one way only, an owner is reached from every node up to the dropper before it. If
/// every peer is a dropper, it is reached from itself, the node before it, and the nodes that have it in
/// their list.
#[test]
fn where_all_drop_lookups_only_direct_ones_get_through() {
    let selfish = "selfish = { fraction = 1.0 }";
    for (routing, reached) in [("successors", 2.0), ("fingers", 6.0)] {
        let chord = format!("successors = 5, routing = \"{routing}\"");
        let text = scenario("nodes = 100", &chord) + selfish;
        let success = expected(&text, "success_rate").unwrap();
        assert_near(success.mean, reached / 100.0, 1e-12);
        let error = (success.mean * (1.0 - success.mean) / SEEN.lookups).sqrt();
        assert_near(success.standard_error, error, 1e-12);
        let mean = expected(&text, "hops_mean").unwrap().mean;
        assert_near(mean, (reached - 1.0) / reached, 1e-12);
        assert_near(expected(&text, "timeouts_mean").unwrap().mean, 0.0, 0.0);
    }
}

/// Latency on a constant network: (h + 1) d or 2 h d, and nothing for the asking node's own keys.
#[test]
fn latency_follows_from_hops() {
    let of = |mode: &str, metric: &str| {
        let chord = format!("routing = \"successors\", lookup = \"{mode}\"");
        expected(&scenario("nodes = 100", &chord), metric).unwrap()
    };
    for mode in ["recursive", "iterative"] {
        let hops = of(mode, "hops_mean");
        assert_near(hops.mean, 49.5, 1e-9);
        assert_near(
            hops.standard_error,
            (9999.0_f64 / 12.0).sqrt() / 100.0,
            1e-9,
        );
    }
    assert_near(
        of("recursive", "latency_ms_mean").mean,
        50.0 * (49.5 + 0.99),
        1e-6,
    );
    assert_near(of("iterative", "latency_ms_mean").mean, 100.0 * 49.5, 1e-6);
}

/// 1000 nodes in 30 s at 50 ms a hop: answers from 599 hops on are too late.
#[test]
fn who_waits_too_short_gets_the_near_answers_only() {
    let text = "overlay = { nodes = 1000 }\nchord = { routing = \"successors\" }\n";
    let [constant, plane] = ["constant", "plane"].map(|model| {
        let network = format!("network = {{ model = \"{model}\" }}");
        expectations(&runs(&format!("{text}{network}"))[0], &SEEN)
    });
    assert_near(find(&constant, "success_rate").unwrap().mean, 0.599, 1e-12);
    assert_near(find(&constant, "hops_mean").unwrap().mean, 299.0, 1e-9);
    // Where messages take different times, it cannot be said which answers are too late.
    assert_eq!(find(&plane, "success_rate"), None);
    assert_eq!(find(&plane, "hops_mean"), None);
    assert!(find(&plane, "keys_mean").is_some());
}

#[test]
fn theory_is_silent_where_a_ring_is_not_at_rest() {
    let ring = "overlay = { nodes = 100 }\n";
    assert!(!expectations(&runs(ring)[0], &SEEN).is_empty());
    for disturbed in [
        "churn = { model = \"poisson\" }",
        "churn = { model = \"sessions\" }",
        "fault = [{ at = \"1m\", kill = 0.1 }]",
        "network = { loss = 0.01 }",
        "chord = { rpc_timeout = \"100ms\" }",
    ] {
        let found = expectations(&runs(&format!("{ring}{disturbed}"))[0], &SEEN);
        assert_eq!(found, [], "{disturbed}");
    }
    let joining = "overlay = { nodes = 100, start = \"join\" }";
    assert_eq!(expectations(&runs(joining)[0], &SEEN), []);
}

#[test]
fn theory_does_not_know_the_ways_around_droppers() {
    for around in [
        "selfish = { fraction = 0.1, defence = \"retry\" }",
        "selfish = { fraction = 0.1 }\nchord = { lookup = \"iterative\" }",
    ] {
        let text = format!("overlay = {{ nodes = 100 }}\n{around}");
        assert_eq!(expected(&text, "success_rate"), None);
        assert_eq!(expected(&text, "hops_mean"), None);
        assert!(expected(&text, "keys_mean").is_some());
    }
    // Without droppers no lookup needs to go around.
    let fair = "overlay = { nodes = 100 }\nselfish = { defence = \"retry\" }";
    assert_near(expected(fair, "success_rate").unwrap().mean, 1.0, 0.0);
}

/// Where the scenario does not bound latencies, the run tells whether any message was too late.
#[test]
fn on_other_networks_timeouts_decide() {
    let spec = &runs("overlay = { nodes = 100 }\nnetwork = { model = \"transit-stub\" }")[0];
    let calm = expectations(spec, &SEEN);
    assert_near(
        find(&calm, "success_rate").unwrap().standard_error,
        0.0,
        0.0,
    );
    assert!(find(&calm, "hops_mean").is_some());
    assert_eq!(find(&calm, "timeouts_mean"), None, "that would be a circle");
    let timeouts = true;
    assert_eq!(expectations(spec, &Seen { timeouts, ..SEEN }), []);
}

#[test]
fn a_few_lookups_say_nothing_about_means() {
    let spec = &runs("overlay = { nodes = 100 }")[0];
    let lookups = 20.0;
    let expected = expectations(spec, &Seen { lookups, ..SEEN });
    assert_eq!(find(&expected, "hops_mean"), None);
    assert_near(find(&expected, "success_rate").unwrap().mean, 1.0, 0.0);
}

/// If keys are asked for by popularity, a few owners decide.
#[test]
fn popular_keys_weigh_more() {
    let text = |exponent: &str| {
        let workload = format!(
            "workload = {{ keys = 1000, popularity = \"zipf\", zipf_exponent = {exponent} }}"
        );
        scenario("nodes = 100", "successors = 1") + &workload
    };
    let uniform = scenario("nodes = 100", "successors = 1") + "workload = { keys = 1000 }";
    let mean = |text: &str| expected(text, "hops_mean").unwrap().mean;
    assert_near(mean(&text("0.0")), mean(&uniform), 1e-9);
    // With such a large exponent there is in effect one key.
    let one = scenario("nodes = 100", "successors = 1") + "workload = { keys = 1 }";
    assert_near(mean(&text("60.0")), mean(&one), 1e-9);
    assert!(
        (mean(&one) - mean(&uniform)).abs() > 1e-3,
        "or nothing is tested"
    );
}

/// Values on nodes that die, left alone.
const LEFT_ALONE: &str = "warmup = \"0s\"\nduration = \"1h\"\noverlay.nodes = 500\n\
    churn = { model = \"sessions\", sessions.up.exponential.mean = \"1h\" }\n\
    workload = { lookups_per_s = 0, keys = 10_000 }\n\
    storage = { replicas = 3, preload = true, repair_every = \"off\", handover = false }\n";

/// Three copies, one mean life: 1 - (1 - 1/e)^3 = .7474 of the values.
#[test]
fn values_outlive_their_nodes_where_nobody_makes_copies() {
    let is_expected = |text: &str| expected(text, "values_alive");
    let alive = is_expected(LEFT_ALONE).unwrap();
    assert_near(alive.mean, 7474.193, 0.01);
    // Were values kept by nodes of their own it would be √(10 000 · .25 · .75) = 43; some 20 each share theirs.
    assert!((200.0..500.0).contains(&alive.standard_error), "{alive:?}");
    let with = |from: &str, to: &str| {
        assert!(LEFT_ALONE.contains(from), "{from}");
        is_expected(&LEFT_ALONE.replace(from, to))
    };
    for (from, to) in [
        ("preload = true", "preload = false"),
        ("repair_every = \"off\"", "repair_every = \"1m\""),
        ("handover = false", "handover = true"),
        ("keys", "puts_per_s = 1, keys"),
        ("keys", "gets_per_s = 1, keys"),
        ("warmup = \"0s\"", "warmup = \"1m\""),
        ("nodes = 500", "virtual_nodes = 2\noverlay.nodes = 500"),
        ("nodes = 500", "start = \"join\"\noverlay.nodes = 500"),
        ("up.exponential.mean = \"1h\"", "up.fixed.value = \"1h\""),
        (
            "duration",
            "fault = [{ at = \"1m\", kill = 0.1 }]\nduration",
        ),
        // All but a few in ten thousand are alive: whether any are lost is chance.
        ("duration = \"1h\"", "duration = \"2m\""),
    ] {
        assert_eq!(with(from, to), None, "{to}");
    }
    // Nobody repairs by reading who asks no more than it needs, or where there is one copy.
    assert_eq!(
        with("replicas", "quorums = \"random\", replicas").map(|e| e.mean),
        Some(alive.mean)
    );
    let single = LEFT_ALONE.replace("replicas = 3", "replicas = 1");
    let single = is_expected(&single.replace("keys", "gets_per_s = 1, keys")).unwrap();
    assert_near(single.mean, 3678.794, 0.01);
}

/// 300 of 1000 nodes die: two given ones are among them in 300 · 299 of 1000 · 999 cases.
#[test]
fn values_on_nodes_that_die_at_once_are_lost() {
    let text = "warmup = \"0s\"\nduration = \"2s\"\noverlay.nodes = 1000\n\
        workload = { lookups_per_s = 0, keys = 20_000 }\nfault = [{ at = \"1s\", kill = 0.3 }]\n\
        storage = { replicas = 2, preload = true, repair_every = \"off\", handover = false }\n";
    let alive = expected(text, "values_alive").unwrap();
    assert_near(alive.mean, 20_000.0 - 1_795.795_796, 1e-5);
    let [before, after] = [0.9, 1.0].map(|second| share_alive(&runs(text)[0], second).unwrap());
    assert_near(before, 1.0, 0.0);
    assert_near(after, alive.mean / 20_000.0, 1e-12);
}

/// One copy, half a mean life: 2 ln(2 - e^(-1/2)) of the gets find it, in the mean over that time.
#[test]
fn gets_find_what_its_first_owner_still_owns() {
    let text = "warmup = \"0s\"\nduration = \"30m\"\noverlay.nodes = 1000\n\
        chord = { stabilize_every = \"5s\", check_predecessor_every = \"5s\" }\n\
        churn = { model = \"poisson\", poisson = { joins_per_s = 0.27777777777, leaves_per_s = 0.27777777777 } }\n\
        workload = { lookups_per_s = 0, gets_per_s = 20, keys = 10_000 }\n\
        storage = { preload = true, repair_every = \"off\", handover = false }\n";
    let found = expected(text, "get_success_rate").unwrap();
    assert_near(found.mean, 0.663_594, 1e-6);
    assert_near(found.standard_error, 0.017, 0.002);
    for (from, to) in [
        ("leaves_per_s = 0.27777777777", "leaves_per_s = 0.2"),
        ("stabilize_every = \"5s\"", "stabilize_every = \"1m\""),
        ("nodes = 1000", "nodes = 100"),
        ("preload", "replicas = 2, preload"),
        ("keys", "popularity = \"zipf\", keys"),
    ] {
        assert!(text.contains(from), "{from}");
        assert_eq!(
            expected(&text.replace(from, to), "get_success_rate"),
            None,
            "{to}"
        );
    }
}

/// 10 000 values of 1 KiB in three copies on nodes that live for an hour: 17 067 bytes a second.
#[test]
fn upkeep_follows_from_how_long_nodes_live() {
    let upkeep = |text: &str| upkeep_bytes(&runs(text)[0]);
    assert_eq!(upkeep(LEFT_ALONE), None, "nobody keeps the copies");
    let repaired = LEFT_ALONE.replace(
        "repair_every = \"off\", handover = false",
        "value_bytes = 1024",
    );
    assert_near(upkeep(&repaired).unwrap() / 3600.0, 17_066.67, 0.01);
    for (from, to) in [
        ("value_bytes", "repair_every = \"10m\", value_bytes"),
        ("replicas = 3", "replicas = 1"),
        ("keys", "puts_per_s = 1, keys"),
    ] {
        assert!(repaired.contains(from), "{from}");
        assert_eq!(upkeep(&repaired.replace(from, to)), None, "{to}");
    }
}

/// What is never kept does not decay as copies do.
#[test]
fn nothing_is_expected_of_copies_that_peers_do_not_keep() {
    let with = |behaviour: &str| {
        let selfish = format!("selfish = {{ fraction = 0.3, behaviour = \"{behaviour}\" }}\n");
        expected(&format!("{LEFT_ALONE}{selfish}"), "values_alive")
    };
    assert!(with("refuse-serving").is_some());
    for behaviour in ["refuse-storage", "no-maintenance"] {
        assert_eq!(with(behaviour), None, "{behaviour}");
    }
}
