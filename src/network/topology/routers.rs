//! A topology, and what is known of it before any path is kept.

use petgraph::graph::UnGraph;
use petgraph::visit::{Dfs, VisitMap as _};

use crate::engine::SimDuration;

/// Routers as nodes; links with their one-way latency, the same in both directions. Routers and links have
/// the numbers in which they were added.
pub(crate) type Topology = UnGraph<(), SimDuration>;

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
