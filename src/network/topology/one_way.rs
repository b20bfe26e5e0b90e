//! Shortest paths between routers whose links have a direction: the way back may take other links, and longer.
//!
//! As in a graph without directions, rows of distances fill when they are first needed, and so do trees of routes. A row
//! is whole here, as the two directions of a pair differ: 8 R² bytes for R routers if every pair is needed, and 4 R²
//! more if its routes are.
//!
//! Of several shortest routes it is always the same one: one with the fewest links, and of these the one that goes on to
//! the router of the lowest number at each step, by the first of several links.

use std::sync::OnceLock;

use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, Edge, EdgeIndex, Node, NodeIndex};
use petgraph::visit::{Bfs, EdgeRef as _, Reversed, VisitMap as _};
use petgraph::{Direction, visit};

use super::roads::Roads;
use crate::engine::SimDuration;
use crate::world::LinkIdx;

/// Routers as nodes; links with their latency in one direction. Both have the numbers in which they were added.
pub(crate) type OneWayTopology = DiGraph<(), SimDuration>;

/// By the number of each router, its next link on the way to one of them.
type Tree = Box<[LinkIdx]>;

/// In a tree: the root has no link towards itself.
const NO_LINK: LinkIdx = LinkIdx(u32::MAX);

/// A topology in which every router can be reached from every other, with its shortest paths as far as needed.
pub(crate) struct OneWayGraph {
    topology: OneWayTopology,
    /// From each router to all.
    rows: Box<[OnceLock<Box<[SimDuration]>>]>,
    /// By the router where routes end: the next link from each router.
    trees: OnceLock<Box<[OnceLock<Tree>]>>,
}

impl OneWayGraph {
    /// Takes a topology in.
    ///
    /// # Errors
    /// Two routers: no path leads from the first to the second.
    pub(crate) fn new(topology: OneWayTopology) -> Result<Self, (u32, u32)> {
        if let Some(first) = topology.node_indices().next() {
            let start = first.index() as u32;
            if let Some(apart) = unseen(&topology, first) {
                return Err((start, apart));
            }
            if let Some(apart) = unseen(Reversed(&topology), first) {
                return Err((apart, start));
            }
        }
        let rows = topology.node_indices().map(|_| OnceLock::new()).collect();
        Ok(Self {
            topology,
            rows,
            trees: OnceLock::new(),
        })
    }

    /// Bytes of so many routers and links, and of the distances if so many routers are asked about.
    pub(crate) fn bytes(routers: f64, links: f64, asking: f64) -> f64 {
        let router = size_of::<Node<()>>() + size_of::<OnceLock<Box<[SimDuration]>>>();
        let row = routers * size_of::<SimDuration>() as f64;
        routers * router as f64 + links * size_of::<Edge<SimDuration>>() as f64 + asking * row
    }

    /// How many routers there are.
    pub(crate) fn routers(&self) -> u32 {
        self.rows.len() as u32
    }

    fn row(&self, source: u32) -> Box<[SimDuration]> {
        let cost = dijkstra(&self.topology, source.into(), None, |link| *link.weight());
        let routers = self.topology.node_indices();
        routers.map(|router| cost[&router]).collect()
    }

    fn tree(&self, root: u32) -> &[LinkIdx] {
        let places = || self.rows.iter().map(|_| OnceLock::new()).collect();
        let trees = self.trees.get_or_init(places);
        trees[root as usize].get_or_init(|| tree(&self.topology, root))
    }
}

/// The first router that a walk from another does not come to.
fn unseen<G>(topology: G, first: NodeIndex) -> Option<u32>
where
    G: visit::IntoNeighbors<NodeId = NodeIndex>
        + visit::Visitable
        + visit::IntoNodeIdentifiers
        + Copy,
    G::Map: visit::VisitMap<NodeIndex>,
{
    let mut walk = Bfs::new(topology, first);
    while walk.next(topology).is_some() {}
    let mut routers = topology.node_identifiers();
    let apart = routers.find(|router| !walk.discovered.is_visited(router));
    apart.map(|router| router.index() as u32)
}

/// The next link from each router on its way to the root. Layer by layer from the root, so that each takes the fewest
/// links; in a layer, the next router of the lowest number, and the first link to it.
fn tree(topology: &OneWayTopology, root: u32) -> Tree {
    let far = dijkstra(Reversed(topology), root.into(), None, |link| *link.weight());
    let mut tree: Tree = vec![NO_LINK; topology.node_count()].into();
    let mut layer = vec![root];
    while !layer.is_empty() {
        let mut steps = Vec::new();
        for near in layer {
            let near_index = NodeIndex::from(near);
            for link in topology.edges_directed(near_index, Direction::Incoming) {
                let router = link.source();
                let is_shortest = far[&near_index] + *link.weight() == far[&router];
                let number = router.index();
                if is_shortest && number != root as usize && tree[number] == NO_LINK {
                    steps.push((number as u32, near, link.id().index() as u32));
                }
            }
        }
        steps.sort_unstable();
        steps.dedup_by_key(|(router, _, _)| *router);
        for (router, _, link) in &steps {
            tree[*router as usize] = LinkIdx(*link);
        }
        layer = steps.into_iter().map(|(router, _, _)| router).collect();
    }
    tree
}

impl Roads for OneWayGraph {
    fn links(&self) -> u32 {
        self.topology.edge_count() as u32
    }

    fn link(&self, link: LinkIdx) -> ([u32; 2], SimDuration) {
        let edge = EdgeIndex::from(link.0);
        let ends = self.topology.edge_endpoints(edge);
        let (from, to) = ends.expect("whoever asks about a link has been shown it");
        let ends = [from, to].map(|end| end.index() as u32);
        (ends, self.topology[edge])
    }

    fn distance(&self, from: u32, to: u32) -> SimDuration {
        self.rows[from as usize].get_or_init(|| self.row(from))[to as usize]
    }

    fn route(&self, from: u32, to: u32, see: &mut dyn FnMut(LinkIdx)) {
        if from == to {
            return;
        }
        let tree = self.tree(to);
        let mut router = from;
        while router != to {
            let link = tree[router as usize];
            see(link);
            router = self.link(link).0[1];
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt as _;

    use super::*;
    use crate::engine::{Stream, stream};

    /// A circle, so that everything is connected, and so many further links.
    fn random(routers: u32, links: u32, latencies: u64, seed: u64) -> OneWayTopology {
        let mut rng = stream(seed, Stream::Latency);
        let mut topology = OneWayTopology::default();
        (0..routers).for_each(|_| _ = topology.add_node(()));
        let circle = (0..routers).map(|router| (router, (router + 1) % routers));
        let ends: Vec<_> = (0..links)
            .map(|_| (rng.random_range(0..routers), rng.random_range(0..routers)))
            .collect();
        for (from, to) in circle.chain(ends) {
            let latency = SimDuration(rng.random_range(0..latencies));
            topology.add_edge(from.into(), to.into(), latency);
        }
        topology
    }

    /// Floyd and Warshall: every way over every router in between.
    fn brute_force(topology: &OneWayTopology) -> Vec<Vec<u64>> {
        let n = topology.node_count();
        let mut cost = vec![vec![u64::MAX / 2; n]; n];
        for link in topology.raw_edges() {
            let (a, b) = (link.source().index(), link.target().index());
            cost[a][b] = cost[a][b].min(link.weight.0);
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
    fn paths_are_the_shortest_of_all_and_take_as_long_as_their_links() {
        let mut differ = 0;
        for seed in 0..40 {
            let routers = 1 + seed as u32 % 13;
            let latencies = if seed % 2 == 0 { 3 } else { 1000 };
            let topology = random(routers, seed as u32 % 30, latencies, seed);
            let expected = brute_force(&topology);
            let graph = OneWayGraph::new(topology).unwrap();
            for from in 0..routers {
                for to in 0..routers {
                    let way = graph.distance(from, to);
                    assert_eq!(way.0, expected[from as usize][to as usize]);
                    let (mut at, mut sum) = (from, SimDuration::ZERO);
                    graph.route(from, to, &mut |link| {
                        let ([start, end], latency) = graph.link(link);
                        assert_eq!(start, at, "a link is taken in its direction");
                        (at, sum) = (end, sum + latency);
                    });
                    assert_eq!((at, sum), (to, way));
                    differ += u32::from(way != graph.distance(to, from));
                }
            }
        }
        assert!(differ > 500, "directions make a difference: {differ}");
    }

    /// 0 to 3 over 1 and over 2, each 2 long, and over 1 by two links; and in one step of three.
    #[test]
    fn of_equal_routes_the_lowest_router_and_the_first_link_are_taken() {
        let mut topology = OneWayTopology::default();
        (0..4).for_each(|_| _ = topology.add_node(()));
        for (from, to, latency) in [
            (0, 2, 1),
            (2, 3, 1),
            (0, 1, 1),
            (1, 3, 1),
            (1, 3, 1),
            (3, 0, 3),
        ] {
            topology.add_edge(from.into(), NodeIndex::from(to), SimDuration(latency));
        }
        let graph = OneWayGraph::new(topology).unwrap();
        let mut seen = Vec::new();
        graph.route(0, 3, &mut |link| seen.push(link.0));
        assert_eq!(seen, [2, 3]);
        assert_eq!(graph.distance(3, 0), SimDuration(3));
    }

    #[test]
    fn a_router_that_cannot_be_reached_or_left_is_named_with_the_direction() {
        let pair = |from: u32, to: u32| {
            let mut topology = random(3, 0, 5, 1);
            topology.add_node(());
            topology.add_edge(from.into(), to.into(), SimDuration(1));
            OneWayGraph::new(topology).err()
        };
        assert_eq!(pair(3, 1), Some((0, 3)), "nothing leads to 3");
        assert_eq!(pair(1, 3), Some((3, 0)), "nothing leads away from it");
    }
}
