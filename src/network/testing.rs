//! What tests of networks share.

use std::collections::BTreeMap;

use petgraph::algo::dijkstra;
use petgraph::graph::UnGraph;

use super::latency::Latency;
use super::paths::LinkEnd;
use crate::engine::SimDuration;
use crate::scenario::resolved::{RouterAttach, ScaleFree, TransitStub, Waxman};
use crate::world::{HostIdx, LinkIdx};

/// The latencies of all pairs of so many hosts in milliseconds, after a check that they are
/// symmetric and zero from a host to itself.
pub(super) fn every_pair(model: &dyn Latency, hosts: u32) -> Vec<f64> {
    let mut drawn = Vec::new();
    for a in (0..hosts).map(HostIdx) {
        assert_eq!(model.one_way(a, a), SimDuration::ZERO);
        for b in (a.0 + 1..hosts).map(HostIdx) {
            assert_eq!(model.one_way(a, b), model.one_way(b, a));
            drawn.push(model.one_way(a, b).as_millis_f64());
        }
    }
    drawn
}

pub(super) fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    (mean, (squares / (n - 1.0)).sqrt())
}

/// The default topology but for its latencies.
pub(super) fn shape() -> TransitStub {
    let ms = SimDuration::from_millis;
    TransitStub {
        transit_domains: 4,
        transit_routers: 4,
        stubs_per_transit_router: 3,
        stub_routers: 4,
        extra_edges: 0.4,
        inter_transit_latency: ms(30),
        intra_transit_latency: ms(10),
        transit_stub_latency: ms(5),
        intra_stub_latency: ms(2),
        access_latency: ms(1),
        latency_jitter: 0.5,
    }
}

/// Another number of domains, routers and stubs, and of links beyond those that connect them.
pub(super) fn shape_of(counts: [u32; 4], extra_edges: f64) -> TransitStub {
    TransitStub {
        transit_domains: counts[0],
        transit_routers: counts[1],
        stubs_per_transit_router: counts[2],
        stub_routers: counts[3],
        extra_edges,
        ..shape()
    }
}

/// Waxman's model at its defaults.
pub(super) fn waxman() -> Waxman {
    Waxman {
        routers: 1000,
        alpha: 0.4,
        beta: 0.1,
        span: SimDuration::from_millis(100),
        attach: RouterAttach::Uniform,
        access_latency: SimDuration::from_millis(1),
        access_jitter: 0.5,
    }
}

/// The model of Barabási and Albert at its defaults.
pub(super) fn scale_free() -> ScaleFree {
    ScaleFree {
        routers: 1000,
        m: 2,
        span: SimDuration::from_millis(50),
        attach: RouterAttach::Uniform,
        access_latency: SimDuration::from_millis(1),
        access_jitter: 0.5,
    }
}

/// Checks the paths between these hosts of a model with links: against its latencies, and against shortest
/// paths over a graph that is made anew of what the model says of its links.
pub(super) fn check_paths(model: &dyn Latency, hosts: &[HostIdx]) {
    let paths = model.paths().expect("the model has links");
    let path = |from, to| {
        let mut links = Vec::new();
        paths.path(from, to, &mut |link| links.push(link));
        links
    };
    let mut known: Vec<_> = (0..paths.fixed_links()).map(LinkIdx).collect();
    for &from in hosts {
        for &to in hosts {
            let way = path(from, to);
            let mut back = path(to, from);
            back.reverse();
            assert_eq!(way, back, "the way back is the same");
            let mut at = LinkEnd::Host(from);
            let mut latency = SimDuration::ZERO;
            for link in way.iter().map(|link| paths.link(*link)) {
                let [a, b] = link.ends;
                assert!(a == at || b == at, "{link:?} does not go on from {at}");
                at = if a == at { b } else { a };
                latency = latency + link.latency;
            }
            assert_eq!(at, LinkEnd::Host(to));
            assert_eq!(latency, model.one_way(from, to), "{from} to {to}");
            known.extend(way);
        }
    }
    known.sort_unstable();
    known.dedup();
    check_distances(model, hosts, &known);
}

/// Checks the latencies between these hosts against shortest paths over these links.
fn check_distances(model: &dyn Latency, hosts: &[HostIdx], links: &[LinkIdx]) {
    let paths = model.paths().expect("the model has links");
    let mut graph = UnGraph::<(), SimDuration>::default();
    let mut nodes = BTreeMap::new();
    for link in links.iter().map(|link| paths.link(*link)) {
        let [a, b] = link.ends.map(|end| {
            let node = || graph.add_node(());
            *nodes.entry(end).or_insert_with(node)
        });
        graph.add_edge(a, b, link.latency);
    }
    for from in hosts {
        let far = dijkstra(&graph, nodes[&LinkEnd::Host(*from)], None, |link| {
            *link.weight()
        });
        for to in hosts {
            let expected = far[&nodes[&LinkEnd::Host(*to)]];
            assert_eq!(model.one_way(*from, *to), expected, "{from} to {to}");
        }
    }
}
