//! A generated internet of transit and stub domains: shortest paths between routers. Hosts hang off random
//! stub routers, each by a link of its own.

use super::model::Latency;
use crate::engine::{SimDuration, Stream, unit_hash};
use crate::network::error::NetworkError;
use crate::network::paths::{Link, LinkEnd, Paths};
use crate::network::topology::RouterGraph;
use crate::network::topology::transit_stub::{generate, jittered, links};
use crate::scenario::resolved::TransitStub;
use crate::world::{HostIdx, LinkIdx};

pub(super) struct Internet {
    routers: RouterGraph,
    access: Access,
}

impl Internet {
    /// Generates the topology of this seed.
    ///
    /// # Errors
    /// More routers than the generator makes.
    pub(super) fn new(shape: &TransitStub, seed: u64) -> Result<Self, NetworkError> {
        let routers = RouterGraph::new(generate(shape, seed)?);
        let routers = routers.expect("the generator connects every router");
        let first_stub = shape.transit_domains * shape.transit_routers;
        let access = Access {
            first_stub,
            stubs: routers.routers() - first_stub,
            mean: shape.access_latency,
            jitter: shape.latency_jitter,
            seed,
        };
        Ok(Self { routers, access })
    }

    /// Bytes of its routers and links, and of its distances, when so many peers have asked for theirs.
    pub(super) fn bytes(shape: &TransitStub, peers: f64) -> f64 {
        let routers = shape.routers() as f64;
        let stubs = routers - f64::from(shape.transit_domains) * f64::from(shape.transit_routers);
        // Peers pick routers at random, so several may be at one and nobody at another.
        let asking = stubs * -libm::expm1(-peers / stubs);
        RouterGraph::bytes(routers, links(shape), asking, stubs)
    }

    /// The link between a host and its router: these have the numbers after those between routers.
    fn access_link(&self, host: HostIdx) -> LinkIdx {
        LinkIdx::from_usize(self.fixed_links() as usize + host.at())
    }
}

/// How hosts are attached to routers: by hash, so that hosts need no memory and can come at any time.
#[derive(Clone, Copy)]
struct Access {
    /// The routers of the stubs have the numbers from here to the end.
    first_stub: u32,
    /// How many there are.
    stubs: u32,
    /// The mean latency of a host's link.
    mean: SimDuration,
    jitter: f64,
    seed: u64,
}

impl Access {
    /// The stub router a host hangs off: uniformly random.
    fn router_of(self, host: HostIdx) -> u32 {
        let pick = unit_hash(self.seed, Stream::Hosts, u64::from(host.0), 0);
        self.first_stub + (pick * f64::from(self.stubs)) as u32
    }

    /// The latency of the link between a host and its router.
    fn latency(self, host: HostIdx) -> SimDuration {
        let uniform = unit_hash(self.seed, Stream::Latency, u64::from(host.0), 0);
        jittered(self.mean, self.jitter, uniform)
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
        // A copy, which stays in registers.
        let access = self.access;
        let (near, far) = (access.router_of(from), access.router_of(to));
        let between = self.routers.distance(near, far);
        access.latency(from) + between + access.latency(to)
    }

    fn paths(&self) -> Option<&dyn Paths> {
        Some(self)
    }
}

impl Paths for Internet {
    fn path(&self, from: HostIdx, to: HostIdx, see: &mut dyn FnMut(LinkIdx)) {
        if from == to {
            return;
        }
        let [near, far] = [from, to].map(|host| self.access.router_of(host));
        see(self.access_link(from));
        self.routers.route(near, far, see);
        see(self.access_link(to));
    }

    fn fixed_links(&self) -> u32 {
        self.routers.links()
    }

    fn link(&self, link: LinkIdx) -> Link {
        let Some(host) = link.0.checked_sub(self.fixed_links()).map(HostIdx) else {
            let (ends, latency) = self.routers.link(link);
            let ends = ends.map(LinkEnd::Router);
            return Link { ends, latency };
        };
        let router = self.access.router_of(host);
        Link {
            ends: [LinkEnd::Host(host), LinkEnd::Router(router)],
            latency: self.access.latency(host),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::testing::{check_paths, every_pair, shape, shape_of};

    const MS: fn(u64) -> SimDuration = SimDuration::from_millis;

    #[test]
    fn two_hosts_at_one_router_are_two_access_links_apart() {
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
            count[internet.access.router_of(HostIdx(host)) as usize - 16] += 1;
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
    fn a_path_begins_and_ends_with_the_links_of_its_hosts() {
        let internet = Internet::new(&shape(), 3).unwrap();
        let (from, to) = (HostIdx(8), HostIdx(5));
        let mut path = Vec::new();
        internet.path(from, to, &mut |link| path.push(internet.link(link)));
        let attached = |host| {
            let router = LinkEnd::Router(internet.access.router_of(host));
            let latency = internet.access.latency(host);
            let ends = [LinkEnd::Host(host), router];
            Link { ends, latency }
        };
        assert_eq!(path.first(), Some(&attached(from)));
        assert_eq!(path.last(), Some(&attached(to)));
        let between = &path[1..path.len() - 1];
        let is_router = |end| matches!(end, &LinkEnd::Router(_));
        assert!(between.iter().flat_map(|link| &link.ends).all(is_router));
    }

    #[test]
    fn paths_add_up_to_latencies_in_topologies_of_all_kinds() {
        let kinds = [[4, 4, 3, 4], [1, 1, 1, 1], [3, 2, 1, 6], [2, 1, 4, 1]];
        for (counts, seed) in kinds.into_iter().zip(0..) {
            for extra_edges in [0.0, 0.4, 1.0] {
                for latency_jitter in [0.0, 0.5] {
                    let shape = TransitStub {
                        latency_jitter,
                        ..shape_of(counts, extra_edges)
                    };
                    let hosts: Vec<_> = (0..25).map(HostIdx).collect();
                    check_paths(&Internet::new(&shape, seed).unwrap(), &hosts);
                }
            }
        }
    }
}
