//! Routers at uniformly random points of the unit square, and links as long as they are apart: what generators of
//! topologies in a plane share.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::routers::Topology;
use crate::engine::SimDuration;

/// A topology and the places of its routers.
pub(crate) struct Square {
    pub topology: Topology,
    /// Of each router, in a unit square.
    pub places: Box<[[f64; 2]]>,
}

/// Routers that are linked with each other one by one.
pub(super) struct Builder {
    square: Square,
    span: SimDuration,
}

impl Builder {
    /// So many routers and no links. `span` is the latency of a link as long as a side.
    pub(super) fn new(routers: u32, span: SimDuration, rng: &mut ChaCha8Rng) -> Self {
        let mut topology = Topology::default();
        (0..routers).for_each(|_| _ = topology.add_node(()));
        let places = (0..routers).map(|_| [rng.random(), rng.random()]).collect();
        let square = Square { topology, places };
        Self { square, span }
    }

    pub(super) fn routers(&self) -> u32 {
        self.square.places.len() as u32
    }

    /// How far two routers are apart.
    pub(super) fn distance(&self, a: u32, b: u32) -> f64 {
        let [a, b] = [a, b].map(|router| self.square.places[router as usize]);
        let [x, y] = [a[0] - b[0], a[1] - b[1]];
        // The square root is the one function that IEEE 754 defines to the last bit everywhere.
        (x * x + y * y).sqrt()
    }

    pub(super) fn link(&mut self, a: u32, b: u32) {
        let latency = self.span.scaled(self.distance(a, b));
        self.square.topology.add_edge(a.into(), b.into(), latency);
    }

    /// The routers that are linked with one.
    pub(super) fn neighbours(&self, router: u32) -> impl Iterator<Item = u32> {
        let neighbours = self.square.topology.neighbors(router.into());
        neighbours.map(|neighbour| neighbour.index() as u32)
    }

    pub(super) fn finish(self) -> Square {
        self.square
    }
}
