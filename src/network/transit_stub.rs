//! A generated internet of two levels: transit domains, the carriers, with stub domains, the
//! access networks, hanging off their routers. Hosts hang off random stub routers.
//!
//! Zegura, Calvert and Bhattacharjee, "How to Model an Internetwork", INFOCOM 1996 (GT-ITM):
//!
//! 1. Every domain is a connected random graph. Here: each router is linked to a random earlier
//!    one, which makes a random tree, and every other pair with a given probability.
//! 2. The transit domains are connected in the same way; a link between two of them joins a random
//!    router of each.
//! 3. Every transit router has a number of stub domains, each linked to it by one of the stub's
//!    routers, picked at random.
//! 4. Every link has its own latency, drawn uniformly within a share of the mean for its kind.
//!
//! As a stub domain has no other way out, its traffic never passes through another stub, which is
//! what GT-ITM's routing policy asks for, and shortest paths respect it by themselves.

use std::ops::Range;

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::router_graph::{RouterGraph, Topology};
use super::{Latency, NetworkError};
use crate::engine::{HostIdx, SimDuration, Stream, stream, unit_hash};
use crate::scenario::resolved::TransitStub;

/// With hosts everywhere, all shortest paths of this many routers take 1 GiB.
const MOST_ROUTERS: u64 = 1 << 14;

pub(super) struct Internet {
    routers: RouterGraph,
    /// Stub routers have the numbers from here to the end.
    first_stub: u32,
    access: SimDuration,
    jitter: f64,
    seed: u64,
}

impl Internet {
    /// Generates the topology of this seed.
    ///
    /// # Errors
    /// More routers than [`MOST_ROUTERS`].
    pub(super) fn new(shape: &TransitStub, seed: u64) -> Result<Self, NetworkError> {
        check_size(shape)?;
        let topology = Generator::new(shape, seed).generate();
        Ok(Self {
            routers: RouterGraph::new(topology).expect("the generator connects every router"),
            first_stub: shape.transit_domains * shape.transit_routers,
            access: shape.access_latency,
            jitter: shape.latency_jitter,
            seed,
        })
    }

    /// The stub router a host hangs off: uniformly random, by hash, so that hosts need no memory
    /// and can come at any time.
    fn router_of(&self, host: HostIdx) -> u32 {
        let stubs = self.routers.routers() - self.first_stub;
        let pick = unit_hash(self.seed, Stream::Hosts, u64::from(host.0), 0);
        self.first_stub + (pick * f64::from(stubs)) as u32
    }

    /// The latency of the link between a host and its router.
    fn access(&self, host: HostIdx) -> SimDuration {
        let uniform = unit_hash(self.seed, Stream::Latency, u64::from(host.0), 0);
        jittered(self.access, self.jitter, uniform)
    }
}

impl Latency for Internet {
    fn hosts(&self) -> Option<u32> {
        None
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        if from == to {
            return SimDuration::ZERO;
        }
        let path = self.routers.path(self.router_of(from), self.router_of(to));
        self.access(from) + path + self.access(to)
    }
}

fn check_size(shape: &TransitStub) -> Result<(), NetworkError> {
    let transit = u64::from(shape.transit_domains) * u64::from(shape.transit_routers);
    let stub = u64::from(shape.stubs_per_transit_router) * u64::from(shape.stub_routers);
    let routers = transit.saturating_mul(stub.saturating_add(1));
    if routers > MOST_ROUTERS {
        return Err(NetworkError::TooManyRouters {
            routers,
            limit: MOST_ROUTERS,
        });
    }
    Ok(())
}

/// A latency within the share `jitter` of its mean, at a uniform number in [0, 1).
fn jittered(mean: SimDuration, jitter: f64, uniform: f64) -> SimDuration {
    mean.scaled(1.0 + jitter * (2.0 * uniform - 1.0))
}

struct Generator<'a> {
    shape: &'a TransitStub,
    topology: Topology,
    rng: ChaCha8Rng,
}

impl<'a> Generator<'a> {
    fn new(shape: &'a TransitStub, seed: u64) -> Self {
        Self {
            shape,
            topology: Topology::default(),
            rng: stream(seed, Stream::Latency),
        }
    }

    fn generate(mut self) -> Topology {
        let domains: Vec<_> = (0..self.shape.transit_domains)
            .map(|_| self.domain(self.shape.transit_routers, self.shape.intra_transit_latency))
            .collect();
        self.connect(&domains);
        for transit_router in 0..domains.last().map_or(0, |last| last.end) {
            for _ in 0..self.shape.stubs_per_transit_router {
                self.stub(transit_router);
            }
        }
        self.topology
    }

    /// Adds one domain and returns its routers.
    fn domain(&mut self, routers: u32, latency: SimDuration) -> Range<u32> {
        let first = self.topology.node_count() as u32;
        (0..routers).for_each(|_| _ = self.topology.add_node(()));
        for (a, b) in self.random_pairs(routers) {
            self.link(first + a, first + b, latency);
        }
        first..first + routers
    }

    /// Links the transit domains with each other.
    fn connect(&mut self, domains: &[Range<u32>]) {
        for (a, b) in self.random_pairs(domains.len() as u32) {
            let a = self.rng.random_range(domains[a as usize].clone());
            let b = self.rng.random_range(domains[b as usize].clone());
            self.link(a, b, self.shape.inter_transit_latency);
        }
    }

    /// Adds one stub domain and links it to its transit router.
    fn stub(&mut self, transit_router: u32) {
        let stub = self.domain(self.shape.stub_routers, self.shape.intra_stub_latency);
        let gateway = self.rng.random_range(stub);
        self.link(transit_router, gateway, self.shape.transit_stub_latency);
    }

    /// The edges of a connected random graph over 0 … n − 1.
    fn random_pairs(&mut self, n: u32) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for later in 1..n {
            let parent = self.rng.random_range(0..later);
            for earlier in 0..later {
                if earlier == parent || self.rng.random::<f64>() < self.shape.extra_edges {
                    pairs.push((earlier, later));
                }
            }
        }
        pairs
    }

    fn link(&mut self, a: u32, b: u32, mean: SimDuration) {
        let latency = jittered(mean, self.shape.latency_jitter, self.rng.random());
        self.topology.add_edge(a.into(), b.into(), latency);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::tests::every_pair;

    const MS: fn(u64) -> SimDuration = SimDuration::from_millis;

    fn shape() -> TransitStub {
        TransitStub {
            transit_domains: 4,
            transit_routers: 4,
            stubs_per_transit_router: 3,
            stub_routers: 4,
            extra_edges: 0.4,
            inter_transit_latency: MS(30),
            intra_transit_latency: MS(15),
            transit_stub_latency: MS(8),
            intra_stub_latency: MS(3),
            access_latency: MS(1),
            latency_jitter: 0.5,
        }
    }

    /// The percentiles 5, 50 and 95 of the round trips between hosts, in milliseconds.
    fn round_trips(shape: &TransitStub, seed: u64) -> [f64; 3] {
        let mut all = every_pair(&Internet::new(shape, seed).unwrap(), 400);
        all.sort_by(f64::total_cmp);
        [5, 50, 95].map(|percent| 2.0 * all[all.len() * percent / 100])
    }

    #[test]
    fn measure() {
        for (name, shape) in [("a", shape())] {
            for seed in 0..10 {
                eprintln!("{name} {:?}", round_trips(&shape, seed));
            }
        }
    }
}
