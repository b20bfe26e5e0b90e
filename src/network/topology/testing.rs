//! What tests of topologies share.

use rand::RngExt as _;

use super::routers::Topology;
use crate::engine::{SimDuration, Stream, stream};

/// A connected topology: a random tree and so many further links, with latencies below `latencies` nanoseconds.
/// Parallel links and links from a router to itself come up too, and must do no harm.
pub(super) fn random_topology(routers: u32, links: u32, latencies: u64, seed: u64) -> Topology {
    let mut rng = stream(seed, Stream::Latency);
    let mut topology = Topology::default();
    for router in 0..routers {
        topology.add_node(());
        if router > 0 {
            let other = rng.random_range(0..router);
            topology.add_edge(
                other.into(),
                router.into(),
                SimDuration(rng.random_range(0..latencies)),
            );
        }
    }
    for _ in 0..links {
        let (a, b) = (rng.random_range(0..routers), rng.random_range(0..routers));
        topology.add_edge(
            a.into(),
            b.into(),
            SimDuration(rng.random_range(0..latencies)),
        );
    }
    topology
}

/// Floyd and Warshall: every way over every router in between.
pub(super) fn brute_force(topology: &Topology) -> Vec<Vec<u64>> {
    let n = topology.node_count();
    let mut cost = vec![vec![u64::MAX / 2; n]; n];
    for link in topology.edge_indices() {
        let (a, b) = topology.edge_endpoints(link).unwrap();
        let (a, b, weight) = (a.index(), b.index(), topology[link].0);
        cost[a][b] = cost[a][b].min(weight);
        cost[b][a] = cost[b][a].min(weight);
    }
    (0..n).for_each(|i| cost[i][i] = 0);
    for via in 0..n {
        for a in 0..n {
            for b in 0..n {
                cost[a][b] = cost[a][b].min(cost[a][via] + cost[via][b]);
            }
        }
    }
    cost
}
