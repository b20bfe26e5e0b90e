//! Shortest paths between routers: the part that all models built on a graph share.
//!
//! It knows routers and links, no hosts and no files. Distances are computed once for every source
//! router that is needed, never by message: a row of Dijkstra's algorithm is kept, and after that
//! a latency is two look-ups. Rows fill on first use and may be shared by runs on several threads;
//! what they hold does not depend on who comes first. Routes, link by link, are kept apart from them, as
//! few runs ask for any.

use std::sync::OnceLock;

use petgraph::graph::{Edge, EdgeIndex, Node};

use super::routers::{Topology, distances, unconnected};
use super::routes::Routes;
use crate::engine::SimDuration;
use crate::world::LinkIdx;

/// A connected topology with its shortest paths as far as they have been needed.
pub(crate) struct RouterGraph {
    topology: Topology,
    /// Row `a` holds the latencies to the routers from `a` on. Links are symmetric, so the lower
    /// number of a pair names the row, and half a square is enough: 4 R² bytes for R routers if
    /// every pair is needed.
    rows: Box<[OnceLock<Box<[SimDuration]>>]>,
    routes: Routes,
}

impl RouterGraph {
    /// Takes a topology in.
    ///
    /// # Errors
    /// Two routers that no path connects.
    pub(crate) fn new(topology: Topology) -> Result<Self, (u32, u32)> {
        if let Some(pair) = unconnected(&topology) {
            return Err(pair);
        }
        let rows = topology.node_indices().map(|_| OnceLock::new()).collect();
        Ok(Self {
            topology,
            rows,
            routes: Routes::default(),
        })
    }

    /// Bytes of so many routers and links, and of the distances if `asking` routers, random ones of the last `of` of
    /// all, are asked about: of two the lower one has the row, so theirs are half as long as `of`, on average.
    pub(crate) fn bytes(routers: f64, links: f64, asking: f64, of: f64) -> f64 {
        let router = size_of::<Node<()>>() + size_of::<OnceLock<Box<[SimDuration]>>>();
        let row = of / 2.0 * size_of::<SimDuration>() as f64;
        routers * router as f64 + links * size_of::<Edge<SimDuration>>() as f64 + asking * row
    }

    /// How many routers there are.
    pub(crate) fn routers(&self) -> u32 {
        self.rows.len() as u32
    }

    /// How many links there are.
    pub(crate) fn links(&self) -> u32 {
        self.topology.edge_count() as u32
    }

    /// The routers that a link joins, and its latency.
    pub(crate) fn link(&self, link: LinkIdx) -> ([u32; 2], SimDuration) {
        let edge = EdgeIndex::from(link.0);
        let ends = self.topology.edge_endpoints(edge);
        let (a, b) = ends.expect("whoever asks about a link has been shown it");
        ([a, b].map(|end| end.index() as u32), self.topology[edge])
    }

    /// The latency of the shortest path between two routers; zero from a router to itself.
    pub(crate) fn distance(&self, a: u32, b: u32) -> SimDuration {
        let (low, high) = (a.min(b), a.max(b));
        let row = self.rows[low as usize].get_or_init(|| self.row(low));
        row[(high - low) as usize]
    }

    /// Shows `see` the links of the shortest path between two routers, in order; none from a router to
    /// itself. Their latencies add up to [`RouterGraph::distance`].
    pub(crate) fn route(&self, from: u32, to: u32, see: &mut dyn FnMut(LinkIdx)) {
        self.routes.route(&self.topology, from, to, see);
    }

    fn row(&self, source: u32) -> Box<[SimDuration]> {
        let from_source = distances(&self.topology, source);
        from_source.skip(source as usize).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::topology::testing::{brute_force, random_topology};

    #[test]
    fn paths_are_the_shortest_of_all() {
        for seed in 0..50 {
            let topology = random_topology(1 + seed as u32 % 14, seed as u32 % 25, 50, seed);
            let expected = brute_force(&topology);
            let graph = RouterGraph::new(topology).unwrap();
            for a in 0..graph.routers() {
                for b in 0..graph.routers() {
                    assert_eq!(graph.distance(a, b).0, expected[a as usize][b as usize]);
                }
            }
        }
    }

    #[test]
    fn only_the_rows_that_are_needed_are_computed() {
        let graph = RouterGraph::new(random_topology(20, 10, 50, 1)).unwrap();
        let computed = || graph.rows.iter().filter(|row| row.get().is_some()).count();
        assert_eq!(computed(), 0);
        graph.distance(3, 7);
        graph.distance(12, 3);
        assert_eq!(computed(), 1);
        graph.distance(12, 7);
        assert_eq!(computed(), 2);
    }

    #[test]
    fn a_router_apart_is_named() {
        let mut topology = random_topology(5, 0, 50, 1);
        topology.add_node(());
        assert_eq!(RouterGraph::new(topology).err(), Some((0, 5)));
    }
}
