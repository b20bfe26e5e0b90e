//! Shortest paths between routers: the part that all models built on a graph share.
//!
//! It knows routers and links, no hosts and no files. Paths are computed once for every source
//! router that is needed, never by message: a row of Dijkstra's algorithm is kept, and after that
//! a latency is two look-ups. Rows fill on first use and may be shared by runs on several threads;
//! what they hold does not depend on who comes first.

use std::sync::OnceLock;

use petgraph::algo::dijkstra;
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::visit::{Dfs, VisitMap as _};

use crate::engine::SimDuration;

/// Routers as nodes; links with their one-way latency, the same in both directions.
pub(super) type Topology = UnGraph<(), SimDuration>;

/// A connected topology with its shortest paths as far as they have been needed.
pub(super) struct RouterGraph {
    topology: Topology,
    /// Row `a` holds the latencies to the routers from `a` on. Links are symmetric, so the lower
    /// number of a pair names the row, and half a square is enough: 4 R² bytes for R routers if
    /// every pair is needed.
    rows: Box<[OnceLock<Box<[SimDuration]>>]>,
}

impl RouterGraph {
    /// Takes a topology in.
    ///
    /// # Errors
    /// Two routers that no path connects.
    pub(super) fn new(topology: Topology) -> Result<Self, (u32, u32)> {
        if let Some(pair) = unconnected(&topology) {
            return Err(pair);
        }
        let rows = (0..topology.node_count())
            .map(|_| OnceLock::new())
            .collect();
        Ok(Self { topology, rows })
    }

    /// How many routers there are.
    pub(super) fn routers(&self) -> u32 {
        self.rows.len() as u32
    }

    /// The latency of the shortest path between two routers; zero from a router to itself.
    pub(super) fn path(&self, a: u32, b: u32) -> SimDuration {
        let (low, high) = (a.min(b), a.max(b));
        let row = self.rows[low as usize].get_or_init(|| self.row(low));
        row[(high - low) as usize]
    }

    fn row(&self, source: u32) -> Box<[SimDuration]> {
        let cost = dijkstra(&self.topology, source.into(), None, |link| *link.weight());
        (source..self.routers())
            .map(|router| cost[&NodeIndex::from(router)])
            .collect()
    }
}

/// The first router and the first that cannot be reached from it, if there is one.
fn unconnected(topology: &Topology) -> Option<(u32, u32)> {
    let first = topology.node_indices().next()?;
    let mut walk = Dfs::new(topology, first);
    while walk.next(topology).is_some() {}
    topology
        .node_indices()
        .find(|router| !walk.discovered.is_visited(router))
        .map(|apart| (first.index() as u32, apart.index() as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Stream, stream};
    use rand::RngExt as _;

    fn random_topology(routers: u32, links: u32, seed: u64) -> Topology {
        let mut rng = stream(seed, Stream::Latency);
        let mut topology = Topology::default();
        for router in 0..routers {
            topology.add_node(());
            if router > 0 {
                let other = rng.random_range(0..router);
                topology.add_edge(
                    other.into(),
                    router.into(),
                    SimDuration(rng.random_range(0..50)),
                );
            }
        }
        // Parallel links and links from a router to itself come up too, and must do no harm.
        for _ in 0..links {
            let (a, b) = (rng.random_range(0..routers), rng.random_range(0..routers));
            topology.add_edge(a.into(), b.into(), SimDuration(rng.random_range(0..50)));
        }
        topology
    }

    /// Floyd and Warshall: every way over every router in between.
    fn brute_force(topology: &Topology) -> Vec<Vec<u64>> {
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

    #[test]
    fn paths_are_the_shortest_of_all() {
        for seed in 0..50 {
            let topology = random_topology(1 + seed as u32 % 14, seed as u32 % 25, seed);
            let expected = brute_force(&topology);
            let graph = RouterGraph::new(topology).unwrap();
            for a in 0..graph.routers() {
                for b in 0..graph.routers() {
                    assert_eq!(graph.path(a, b).0, expected[a as usize][b as usize]);
                }
            }
        }
    }

    #[test]
    fn only_the_rows_that_are_needed_are_computed() {
        let graph = RouterGraph::new(random_topology(20, 10, 1)).unwrap();
        let computed = || graph.rows.iter().filter(|row| row.get().is_some()).count();
        assert_eq!(computed(), 0);
        graph.path(3, 7);
        graph.path(12, 3);
        assert_eq!(computed(), 1);
        graph.path(12, 7);
        assert_eq!(computed(), 2);
    }

    #[test]
    fn a_router_apart_is_named() {
        let mut topology = random_topology(5, 0, 1);
        topology.add_node(());
        assert_eq!(RouterGraph::new(topology).err(), Some((0, 5)));
    }
}
