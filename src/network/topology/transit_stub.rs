//! A generated internet of two levels: transit domains, the carriers, with stub domains, the
//! access networks, hanging off their routers.
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

use super::routers::Topology;
use crate::engine::{SimDuration, Stream, stream};
use crate::network::error::NetworkError;
use crate::network::jitter::jittered;
use crate::scenario::resolved::TransitStub;

/// Generates the topology of this seed: first the routers of the transit domains, then those of the stubs.
///
/// # Errors
/// More routers than [`TransitStub::ROUTERS_MAX`].
pub(crate) fn generate(shape: &TransitStub, seed: u64) -> Result<Topology, NetworkError> {
    check_size(shape)?;
    Ok(Generator::new(shape, seed).generate())
}

fn check_size(shape: &TransitStub) -> Result<(), NetworkError> {
    let routers = shape.routers();
    if routers > TransitStub::ROUTERS_MAX {
        return Err(NetworkError::TooManyRouters {
            routers,
            limit: TransitStub::ROUTERS_MAX,
        });
    }
    Ok(())
}

/// How many links a topology has on average.
pub(crate) fn links(shape: &TransitStub) -> f64 {
    let among = |routers: u32| {
        let routers = f64::from(routers);
        let tree = routers - 1.0;
        tree + shape.extra_edges * (routers * tree / 2.0 - tree)
    };
    let domains = f64::from(shape.transit_domains);
    let stubs =
        domains * f64::from(shape.transit_routers) * f64::from(shape.stubs_per_transit_router);
    among(shape.transit_domains)
        + domains * among(shape.transit_routers)
        + stubs * (among(shape.stub_routers) + 1.0)
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
    use crate::network::testing::{mean_and_deviation, shape_of};
    use crate::network::topology::RouterGraph;

    /// How many links there are of each kind: inside transit domains and between them, between
    /// stubs and transit, inside stubs, and any other.
    fn links(shape: &TransitStub, topology: &Topology) -> [u32; 5] {
        let transit = shape.transit_domains * shape.transit_routers;
        let domain_of = |router: u32| match router.checked_sub(transit) {
            None => (true, router / shape.transit_routers),
            Some(stub) => (false, stub / shape.stub_routers),
        };
        let mut count = [0; 5];
        for link in topology.edge_indices() {
            let (a, b) = topology.edge_endpoints(link).unwrap();
            let (a, b) = (domain_of(a.index() as u32), domain_of(b.index() as u32));
            let kind = match (a, b) {
                ((true, a), (true, b)) => usize::from(a != b),
                ((true, _), (false, _)) => 2,
                ((false, a), (false, b)) if a == b => 3,
                _ => 4,
            };
            count[kind] += 1;
        }
        count
    }

    #[test]
    fn routers_and_links_are_as_many_as_the_structure_says() {
        let tree = |n: u32| n - 1;
        let full = |n: u32| n * (n - 1) / 2;
        for [t, r, s, q] in [[4, 4, 3, 4], [1, 1, 1, 1], [3, 2, 1, 6], [2, 1, 4, 1]] {
            let stubs = t * r * s;
            for (extra_edges, edges) in [(0.0, tree as fn(u32) -> u32), (1.0, full)] {
                let shape = shape_of([t, r, s, q], extra_edges);
                let topology = Generator::new(&shape, 5).generate();
                assert_eq!(topology.node_count() as u32, t * r + stubs * q);
                let expected = [t * edges(r), edges(t), stubs, stubs * edges(q), 0];
                assert_eq!(links(&shape, &topology), expected);
                assert!(RouterGraph::new(topology).is_ok());
            }
        }
    }

    #[test]
    fn extra_edges_come_with_their_probability() {
        let shape = shape_of([1, 100, 1, 1], 0.3);
        let topology = Generator::new(&shape, 1).generate();
        let extra = f64::from(links(&shape, &topology)[0] - 99);
        let (mean, deviation) = (0.3 * 4851.0, (4851.0_f64 * 0.3 * 0.7).sqrt());
        assert!((extra - mean).abs() < 4.0 * deviation, "{extra}");
    }

    #[test]
    fn jitter_keeps_every_link_within_its_share_of_the_mean() {
        let shape = shape_of([1, 60, 1, 1], 1.0);
        let topology = Generator::new(&shape, 1).generate();
        let ms: Vec<f64> = topology
            .edge_weights()
            .map(|way| way.as_millis_f64())
            .collect();
        let inside: Vec<f64> = ms[..1770].to_vec();
        assert!(inside.iter().all(|ms| (5.0..=15.0).contains(ms)));
        let (mean, _) = mean_and_deviation(&inside);
        assert!(
            (mean - 10.0).abs() < 4.0 * 10.0 / 12_f64.sqrt() / 1770_f64.sqrt(),
            "{mean}"
        );
    }

    #[test]
    fn a_topology_beyond_the_limit_is_refused() {
        let largest = shape_of([4, 4, 31, 33], 0.0);
        assert_eq!(largest.transit_domains * 4 * (1 + 31 * 33), 1 << 14);
        assert!(check_size(&largest).is_ok());
        for counts in [[4, 4, 31, 34], [u32::MAX; 4]] {
            let refused = generate(&shape_of(counts, 0.0), 1).err();
            assert!(matches!(refused, Some(NetworkError::TooManyRouters { .. })));
        }
    }
}
