//! Which links the shortest paths take, for who asks.
//!
//! Between two routers that is one path, whichever of them it starts at: of all shortest ones one with the
//! fewest links, and of these the one that, walked from the router of the higher number, comes first in the
//! order of the routers on it and then of its links. So a route depends on the topology alone, and on no
//! library's way of searching it.
//!
//! The routes from all routers to one of them make a tree, and the tree is kept: the link that leads from each
//! router towards the root. That takes one more search for each root and 4 bytes for each router in it, 4 R²
//! bytes for R routers if every pair is asked about, as much as the distances. A walk by distances from router
//! to router would need no memory for that, but distances to every router on the way, and could not tell
//! which way is on where a link takes no time.

use std::sync::OnceLock;

use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef as _;
use smallvec::SmallVec;

use super::routers::Topology;
use super::search::distances;
use crate::world::LinkIdx;

/// The links of a route, as a rule without a place of their own in memory.
type Links = SmallVec<[LinkIdx; 32]>;

/// A tree of routes to one router: by the number of each router, its link on the way there.
type Tree = Box<[LinkIdx]>;

/// In a tree: the root has no link towards itself.
const NO_LINK: LinkIdx = LinkIdx(u32::MAX);

/// The routes of a topology as far as they have been asked for. The topology is always the same one.
#[derive(Default)]
pub(super) struct Routes {
    /// A place for every tree, made when the first route is asked for.
    trees: OnceLock<Box<[OnceLock<Tree>]>>,
}

impl Routes {
    /// Shows `see` the links from one router to another, in that order.
    pub(super) fn route(
        &self,
        topology: &Topology,
        from: u32,
        to: u32,
        see: &mut dyn FnMut(LinkIdx),
    ) {
        if from == to {
            return;
        }
        // The lower number of a pair is the root, so that both directions take the same links.
        if from > to {
            return climb(topology, self.tree(topology, to), from, see);
        }
        let mut links = Links::new();
        climb(topology, self.tree(topology, from), to, &mut |link| {
            links.push(link);
        });
        links.into_iter().rev().for_each(see);
    }

    fn tree(&self, topology: &Topology, root: u32) -> &Tree {
        let places = || topology.node_indices().map(|_| OnceLock::new()).collect();
        let trees = self.trees.get_or_init(places);
        trees[root as usize].get_or_init(|| tree(topology, root))
    }
}

/// Walks from a router to the root of a tree.
fn climb(topology: &Topology, tree: &Tree, from: u32, see: &mut dyn FnMut(LinkIdx)) {
    let mut router = from;
    loop {
        let link = tree[router as usize];
        if link == NO_LINK {
            return;
        }
        see(link);
        router = across(topology, link, router);
    }
}

/// The router at the other end of a link.
fn across(topology: &Topology, link: LinkIdx, router: u32) -> u32 {
    let ends = topology.edge_endpoints(EdgeIndex::from(link.0));
    let (a, b) = ends.expect("a tree holds links of its topology only");
    let other = if a.index() == router as usize { b } else { a };
    other.index() as u32
}

/// The tree of routes to a router. Layer by layer from the root, each router is reached by a link that lies on
/// a shortest path: in the fewest steps, then from the first router, then by the first link.
fn tree(topology: &Topology, root: u32) -> Tree {
    let far = distances(topology, root);
    let mut tree: Tree = vec![NO_LINK; far.len()].into();
    let mut layer = vec![root];
    while !layer.is_empty() {
        let mut steps = Vec::new();
        for near in layer {
            for link in topology.edges(NodeIndex::from(near)) {
                let router = link.target().index();
                let is_shortest = far[near as usize] + *link.weight() == far[router];
                if is_shortest && router != root as usize && tree[router] == NO_LINK {
                    steps.push((router as u32, near, link.id().index() as u32));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::topology::testing::{brute_force, random_topology};

    fn links_of(topology: &Topology, router: u32) -> impl Iterator<Item = LinkIdx> {
        let edges = topology.edges(NodeIndex::from(router));
        edges.map(|edge| LinkIdx::from_usize(edge.id().index()))
    }

    fn route(routes: &Routes, topology: &Topology, from: u32, to: u32) -> Vec<u32> {
        let mut links = Vec::new();
        routes.route(topology, from, to, &mut |link| links.push(link.0));
        links
    }

    /// What makes one route better than another: its latency, how many links it has, its routers, its links.
    type Merit = (u64, usize, Vec<u32>, Vec<u32>);

    /// The best of all routes that meet no router twice, found by trying every one of them.
    fn best(topology: &Topology, to: u32, so_far: &Merit) -> Option<Merit> {
        let at = so_far.2[so_far.1];
        if at == to {
            return Some(so_far.clone());
        }
        let further = links_of(topology, at).filter_map(|link| {
            let next = across(topology, link, at);
            let mut longer = so_far.clone();
            longer.0 += topology[EdgeIndex::from(link.0)].0;
            longer.1 += 1;
            longer.2.push(next);
            longer.3.push(link.0);
            (!so_far.2.contains(&next)).then(|| best(topology, to, &longer))?
        });
        further.min()
    }

    /// With latencies of 0, 1 and 2 many routes are equally short, and some links take no time.
    #[test]
    fn of_the_shortest_routes_it_is_always_the_one_that_the_rule_names() {
        let (mut pairs, mut longest) = (0, 0);
        for seed in 0..60 {
            let routers = 1 + seed as u32 % 7;
            let topology = random_topology(routers, seed as u32 % 11, 3, seed);
            let routes = Routes::default();
            for high in 0..routers {
                for low in 0..=high {
                    let start = (0, 0, vec![high], vec![]);
                    let (_, _, _, links) = best(&topology, low, &start).unwrap();
                    assert_eq!(route(&routes, &topology, high, low), links);
                    let mut back = route(&routes, &topology, low, high);
                    back.reverse();
                    assert_eq!(back, links);
                    longest = longest.max(links.len());
                    pairs += 1;
                }
            }
        }
        assert!(pairs > 500 && longest >= 4, "{pairs}, {longest}");
    }

    #[test]
    fn the_links_of_a_route_take_as_long_as_the_shortest_of_all_ways() {
        for seed in 0..20 {
            let topology = random_topology(40, 60, 1_000, seed);
            let expected = brute_force(&topology);
            let routes = Routes::default();
            for (a, row) in (0..).zip(&expected) {
                for (b, expected) in (0..).zip(row) {
                    let links = route(&routes, &topology, a, b);
                    let latency = |link: &u32| topology[EdgeIndex::from(*link)].0;
                    assert_eq!(links.iter().map(latency).sum::<u64>(), *expected);
                }
            }
        }
    }

    #[test]
    fn only_the_trees_that_are_needed_are_computed() {
        let topology = random_topology(20, 10, 50, 1);
        let routes = Routes::default();
        let computed = || {
            let trees = routes.trees.get()?;
            Some(trees.iter().filter(|tree| tree.get().is_some()).count())
        };
        route(&routes, &topology, 4, 4);
        assert_eq!(computed(), None, "there is no place for any");
        route(&routes, &topology, 3, 7);
        route(&routes, &topology, 12, 3);
        assert_eq!(computed(), Some(1));
        route(&routes, &topology, 12, 7);
        assert_eq!(computed(), Some(2));
    }
}
