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
use crate::engine::{SimDuration, Stream, stream, unit_hash};
use crate::scenario::resolved::TransitStub;
use crate::world::HostIdx;

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
pub(super) mod tests {
    use super::*;
    use crate::network::tests::{every_pair, mean_and_deviation};

    const MS: fn(u64) -> SimDuration = SimDuration::from_millis;

    pub(in crate::network) fn shape() -> TransitStub {
        TransitStub {
            transit_domains: 4,
            transit_routers: 4,
            stubs_per_transit_router: 3,
            stub_routers: 4,
            extra_edges: 0.4,
            inter_transit_latency: MS(30),
            intra_transit_latency: MS(10),
            transit_stub_latency: MS(5),
            intra_stub_latency: MS(2),
            access_latency: MS(1),
            latency_jitter: 0.5,
        }
    }

    fn shape_of(counts: [u32; 4], extra_edges: f64) -> TransitStub {
        TransitStub {
            transit_domains: counts[0],
            transit_routers: counts[1],
            stubs_per_transit_router: counts[2],
            stub_routers: counts[3],
            extra_edges,
            ..shape()
        }
    }

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
        let still = TransitStub {
            latency_jitter: 0.0,
            ..shape_of([1, 1, 1, 1], 0.0)
        };
        let internet = Internet::new(&still, 1).unwrap();
        assert_eq!(internet.one_way(HostIdx(0), HostIdx(1)), MS(1 + 1));
    }

    #[test]
    fn hosts_are_spread_evenly_over_the_stub_routers() {
        let internet = Internet::new(&shape(), 3).unwrap();
        let mut count = vec![0_i64; 192];
        for host in 0..192 * 100 {
            count[internet.router_of(HostIdx(host)) as usize - 16] += 1;
        }
        // χ² with 191 degrees of freedom: mean 191, standard deviation 19.5.
        let squares: i64 = count.iter().map(|n| (n - 100) * (n - 100)).sum();
        assert!((110..270).contains(&(squares / 100)), "{squares}");
    }

    #[test]
    fn the_defaults_look_like_the_internet() {
        let mut medians: Vec<f64> = (0..20)
            .map(|seed| {
                let mut all = every_pair(&Internet::new(&shape(), seed).unwrap(), 200);
                all.sort_by(f64::total_cmp);
                2.0 * all[all.len() / 2]
            })
            .collect();
        medians.sort_by(f64::total_cmp);
        assert!(medians[0] > 100.0 && medians[19] < 170.0, "{medians:?}");
        assert!((120.0..140.0).contains(&medians[10]), "{medians:?}");
    }

    #[test]
    fn a_topology_beyond_the_limit_is_refused() {
        let largest = shape_of([4, 4, 31, 33], 0.0);
        assert_eq!(largest.transit_domains * 4 * (1 + 31 * 33), 1 << 14);
        assert!(check_size(&largest).is_ok());
        for counts in [[4, 4, 31, 34], [u32::MAX; 4]] {
            let refused = Internet::new(&shape_of(counts, 0.0), 1).err();
            assert!(matches!(refused, Some(NetworkError::TooManyRouters { .. })));
        }
    }
}
