//! Shortest paths between routers: the part that all models built on a graph share.
//!
//! It knows routers and links, no hosts and no files. Distances are computed once for every source
//! router that is needed, never by message: a row of Dijkstra's algorithm is kept, and after that
//! a latency is two look-ups. Rows fill on first use and may be shared by runs on several threads;
//! what they hold does not depend on who comes first. Large topologies have hub labels in their place, which say the
//! same and need no table of all pairs. Routes, link by link, are kept apart from both, as few runs ask for any.

use std::sync::OnceLock;

use petgraph::graph::{Edge, EdgeIndex, Node};

use super::labels::Labels;
use super::routers::{Topology, unconnected};
use super::routes::Routes;
use super::search::distances;
use crate::engine::SimDuration;
use crate::world::LinkIdx;

/// The most routers whose distances are kept in rows where labels are possible: all of them take 16 MiB.
const ROWS_MAX: usize = 2048;

/// The most links for each router with which labels are made: searches take as long as there are links, and where there
/// are many, labels are long.
const LINKS_MAX: usize = 32;

/// Whether distances are kept as labels, if these are short enough.
fn is_for_labels(routers: f64, links: f64) -> bool {
    routers > ROWS_MAX as f64 && links <= LINKS_MAX as f64 * routers
}

/// A connected topology with its shortest paths as far as they have been needed.
pub(crate) struct RouterGraph {
    topology: Topology,
    distances: Distances,
    routes: Routes,
}

enum Distances {
    /// Row `a` holds the latencies to the routers from `a` on. Links are symmetric, so the lower
    /// number of a pair names the row, and half a square is enough: 4 R² bytes for R routers if
    /// every pair is needed.
    Rows(Box<[OnceLock<Box<[SimDuration]>>]>),
    Labels(Labels),
}

impl RouterGraph {
    /// Takes a topology in. Distances are kept in rows.
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
            distances: Distances::Rows(rows),
            routes: Routes::default(),
        })
    }

    /// The same; distances of a large topology with few links are kept as labels if these are short enough.
    ///
    /// # Errors
    /// Two routers that no path connects.
    pub(crate) fn compact(topology: Topology) -> Result<Self, (u32, u32)> {
        let mut graph = Self::new(topology)?;
        let (routers, links) = (graph.routers(), graph.links());
        if is_for_labels(routers.into(), links.into())
            && let Some(labels) = Labels::new(&graph.topology)
        {
            graph.distances = Distances::Labels(labels);
        }
        Ok(graph)
    }

    /// Bytes of what [`RouterGraph::compact`] makes of so many routers and links, with labels that are so long in the
    /// mean; for the others, see [`RouterGraph::bytes`].
    pub(crate) fn bytes_compact(routers: f64, links: f64, asking: f64, of: f64, label: f64) -> f64 {
        if is_for_labels(routers, links) {
            return Self::bytes(routers, links, 0.0, 0.0) + Labels::bytes(routers, label);
        }
        Self::bytes(routers, links, asking, of)
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
        self.topology.node_count() as u32
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
        match &self.distances {
            Distances::Rows(rows) => {
                let row = rows[low as usize].get_or_init(|| self.row(low));
                row[(high - low) as usize]
            }
            Distances::Labels(labels) => labels.distance(low, high),
        }
    }

    /// Shows `see` the links of the shortest path between two routers, in order; none from a router to
    /// itself. Their latencies add up to [`RouterGraph::distance`].
    pub(crate) fn route(&self, from: u32, to: u32, see: &mut dyn FnMut(LinkIdx)) {
        self.routes.route(&self.topology, from, to, see);
    }

    fn row(&self, source: u32) -> Box<[SimDuration]> {
        distances(&self.topology, source)[source as usize..].into()
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
        let Distances::Rows(rows) = &graph.distances else {
            panic!("so few routers have rows");
        };
        let computed = || rows.iter().filter(|row| row.get().is_some()).count();
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

    #[test]
    fn labels_of_a_large_topology_say_what_its_rows_would() {
        let topology = || random_topology(2100, 900, 1_000_000, 3);
        let rows = RouterGraph::new(topology()).unwrap();
        let labels = RouterGraph::compact(topology()).unwrap();
        assert!(matches!(labels.distances, Distances::Labels(_)));
        for a in (0..2100).step_by(37) {
            for b in 0..2100 {
                assert_eq!(labels.distance(a, b), rows.distance(a, b), "{a} {b}");
            }
        }
        for (routers, links) in [(20, 10), (2100, 2100 * 31 + 2), (2048, 10)] {
            let graph = RouterGraph::compact(random_topology(routers, links, 50, 1)).unwrap();
            assert!(
                matches!(graph.distances, Distances::Rows(_)),
                "{routers} {links}"
            );
        }
    }
}
