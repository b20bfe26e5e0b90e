//! Dijkstra's algorithm over a topology, with what it needs kept from one search to the next.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef as _;

use super::routers::Topology;
use crate::engine::SimDuration;

/// The latency of the shortest path from one router of a connected topology to every router, in order.
pub(super) fn distances(topology: &Topology, from: u32) -> Box<[SimDuration]> {
    let mut search = Search::new(topology.node_count());
    search.run(topology, from, |_, _| true);
    search.far.into()
}

/// A router that has not been met, or that has none before it.
const NONE: u32 = u32::MAX;

/// Searches over topologies of one size.
pub(super) struct Search {
    /// The shortest way found so far; [`SimDuration::MAX`] where none is.
    far: Vec<SimDuration>,
    /// The router before each on that way.
    before: Vec<u32>,
    /// The routers that the last search met.
    met: Vec<u32>,
    waiting: BinaryHeap<Reverse<(SimDuration, u32)>>,
}

impl Search {
    pub(super) fn new(routers: usize) -> Self {
        Self {
            far: vec![SimDuration::MAX; routers],
            before: vec![NONE; routers],
            met: Vec::new(),
            waiting: BinaryHeap::new(),
        }
    }

    /// Shows `settle` the routers that can be reached, the nearest first, with the latency of the shortest way; it says
    /// whether the search goes on beyond that router.
    pub(super) fn run(
        &mut self,
        topology: &Topology,
        from: u32,
        mut settle: impl FnMut(u32, SimDuration) -> bool,
    ) {
        for router in self.met.drain(..) {
            self.far[router as usize] = SimDuration::MAX;
            self.before[router as usize] = NONE;
        }
        self.offer(from, SimDuration::ZERO, NONE);
        while let Some(Reverse((far, router))) = self.waiting.pop() {
            if far > self.far[router as usize] || !settle(router, far) {
                continue;
            }
            for link in topology.edges(NodeIndex::from(router)) {
                let next = link.target().index() as u32;
                self.offer(next, far + *link.weight(), router);
            }
        }
    }

    /// The router before this one on the shortest way of the last search.
    pub(super) fn before(&self, router: u32) -> Option<u32> {
        let before = self.before[router as usize];
        (before != NONE).then_some(before)
    }

    /// Takes a way in, if it is the shortest so far.
    fn offer(&mut self, router: u32, far: SimDuration, before: u32) {
        let known = &mut self.far[router as usize];
        if far >= *known {
            return;
        }
        if *known == SimDuration::MAX {
            self.met.push(router);
        }
        *known = far;
        self.before[router as usize] = before;
        self.waiting.push(Reverse((far, router)));
    }
}
