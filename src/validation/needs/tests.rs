//! Estimates beside what was measured.

use std::path::Path;

use super::*;
use crate::scenario::Overrides;

fn plan(text: &str) -> Plan {
    Plan::parse(text, Path::new("needs.toml"), &Overrides::default()).unwrap()
}

/// The figures of docs/performance.md: bytes per node that were measured.
#[test]
fn memory_is_estimated_within_a_quarter() {
    for (nodes, successors, measured) in [
        (100_000, 4, 628.0),
        (100_000, 16, 677.0),
        (100_000, 32, 739.0),
        (1_000_000, 16, 601.0),
        (10_000_000, 16, 603.0),
    ] {
        let text = format!(
            "duration = \"10s\"\nwarmup = \"0s\"\noverlay.nodes = {nodes}\nchord.successors = {successors}\nworkload.lookups_per_s = 1\n"
        );
        let estimate = of_plan(&plan(&text), &Assets::default()).memory / f64::from(nodes);
        assert!(
            (estimate / measured - 1.0).abs() < 0.25,
            "{nodes} {successors}: {estimate}"
        );
    }
}

/// Peak resident bytes of 10^4 nodes with a million keys, and a fifth of that.
#[test]
fn memory_of_copies_is_estimated_within_a_quarter() {
    for (replicas, keys, measured) in [
        (1, 200_000, 47.4e6),
        (1, 1_000_000, 149.2e6),
        (3, 200_000, 63.6e6),
        (3, 1_000_000, 232.7e6),
        (5, 1_000_000, 318.2e6),
    ] {
        let text = format!(
            "duration = \"60s\"\nwarmup = \"0s\"\noverlay.nodes = 10000\nworkload = {{ keys = {keys}, puts_per_s = 1, lookups_per_s = 100 }}\n\
             storage = {{ replicas = {replicas}, preload = true }}\n"
        );
        let estimate = of_plan(&plan(&text), &Assets::default()).memory;
        assert!(
            (estimate / measured - 1.0).abs() < 0.25,
            "{replicas} {keys}: {estimate}"
        );
    }
}

/// A network of one kind beside a constant one; the file that it reads, if any.
fn of_network(nodes: u32, network: &str, file: &str) -> f64 {
    let text = format!(
        "duration = \"60s\"\nwarmup = \"0s\"\noverlay.nodes = {nodes}\nworkload.lookups_per_s = 100\n[network]\n{network}\n"
    );
    let plan = plan(&text);
    let mut assets = Assets::default();
    let model = &plan.runs[0].scenario.network.model;
    assets.load(model, |_| Ok(file)).unwrap();
    of_plan(&plan, &assets).memory / 1e6
}

/// Peak resident megabytes of `chordsim run` with the same numbers of hosts and links; the last of `chordsim check`, which
/// looks for paths in it as well and takes minutes already.
#[test]
fn memory_of_networks_is_estimated_within_a_quarter() {
    let row = format!("{}0\n", "7,".repeat(1499));
    let matrix = row.repeat(1500);
    // A chain, and links at random: where they lead makes no difference.
    let links = (1..12_001_u32).map(|i| {
        let other = if i < 4000 { i - 1 } else { i * 7919 % 4000 };
        format!("{},{other},5\n", i % 4000)
    });
    let graph: String = std::iter::once("from,to,latency_ms\n".to_owned())
        .chain(links)
        .collect();
    let internet = |shape| format!("model = \"transit-stub\"\ntransit-stub = {{ {shape} }}");
    let usual = internet(
        "transit_domains = 5, transit_routers = 10, stubs_per_transit_router = 4, stub_routers = 30",
    );
    let large = internet(
        "transit_domains = 4, transit_routers = 10, stubs_per_transit_router = 4, stub_routers = 100",
    );
    let dense = internet(
        "transit_domains = 2, transit_routers = 2, stubs_per_transit_router = 2, stub_routers = 1000, extra_edges = 1.0",
    );
    let of_matrix = "model = \"matrix\"\nmatrix = { file = \"m.csv\" }";
    let of_graph = "model = \"graph\"\ngraph = { file = \"g.csv\" }";
    for (nodes, network, file, measured) in [
        (1500, of_matrix, matrix.as_str(), 31.9),
        (4000, of_graph, &graph, 76.8),
        (1000, of_graph, &graph, 28.5),
        (20_000, &usual, "", 27.6),
        (2000, &large, "", 42.8),
        (20_000, &large, "", 44.8),
        (200, &dense, "", 110.9),
    ] {
        let estimate = of_network(nodes, network, file);
        assert!(
            (estimate / measured - 1.0).abs() < 0.25,
            "{nodes} {network}: {estimate} MB"
        );
    }
}

/// Ten million joins on a ring of a thousand: 28 bytes each were measured, and the thousand that live.
#[test]
fn memory_follows_the_nodes_that_live() {
    let text = "duration = \"10000s\"\nwarmup = \"0s\"\noverlay.nodes = 1000\nchurn.model = \"poisson\"\n\
                churn.poisson = { joins_per_s = 1000, leaves_per_s = 1000 }\nworkload.lookups_per_s = 1\n";
    let estimate = of_plan(&plan(text), &Assets::default()).memory;
    assert!((250e6..350e6).contains(&estimate), "{estimate}");
}
