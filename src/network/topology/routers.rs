//! A topology, and what is known of it before any path is kept.

use petgraph::algo::dijkstra;
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::visit::{Dfs, VisitMap as _};

use crate::engine::SimDuration;

/// Routers as nodes; links with their one-way latency, the same in both directions. Routers and links have
/// the numbers in which they were added.
pub(crate) type Topology = UnGraph<(), SimDuration>;

/// The latency of the shortest path from one router of a connected topology to every router, in order.
pub(super) fn distances(
    topology: &Topology,
    from: u32,
) -> impl ExactSizeIterator<Item = SimDuration> {
    let cost = dijkstra(topology, from.into(), None, |link| *link.weight());
    let routers = topology.node_count() as u32;
    (0..routers).map(move |router| cost[&NodeIndex::from(router)])
}

/// The first router and the first that cannot be reached from it, if there is one.
pub(super) fn unconnected(topology: &Topology) -> Option<(u32, u32)> {
    let first = topology.node_indices().next()?;
    let mut walk = Dfs::new(topology, first);
    while walk.next(topology).is_some() {}
    topology
        .node_indices()
        .find(|router| !walk.discovered.is_visited(router))
        .map(|apart| (first.index() as u32, apart.index() as u32))
}
