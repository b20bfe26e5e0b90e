//! A generated internet of transit and stub domains: shortest paths between routers. Hosts hang off random
//! stub routers, each by a link of its own.

use super::attached::Attached;
use super::model::Latency;
use crate::engine::SimDuration;
use crate::network::error::NetworkError;
use crate::network::paths::Paths;
use crate::network::topology::transit_stub::{generate, links};
use crate::network::topology::{AccessLink, Attachment, RouterGraph};
use crate::scenario::resolved::TransitStub;
use crate::world::HostIdx;

pub(super) struct Internet {
    hosts: Attached,
    /// The routers of the stubs have the numbers from here to the end.
    first_stub: u32,
    /// How many of them hang under each transit domain.
    stubs_of_domain: u32,
    domains: u32,
}

impl Internet {
    /// Generates the topology of this seed.
    ///
    /// # Errors
    /// More routers than the generator makes.
    pub(super) fn new(shape: &TransitStub, seed: u64) -> Result<Self, NetworkError> {
        let routers = RouterGraph::compact(generate(shape, seed)?);
        let routers = routers.expect("the generator connects every router");
        let first_stub = shape.transit_domains * shape.transit_routers;
        let access = AccessLink {
            mean: shape.access_latency,
            jitter: shape.latency_jitter,
        };
        let attachment = Attachment::uniform(first_stub..routers.routers(), access, seed);
        Ok(Self {
            hosts: Attached::new(routers, attachment),
            first_stub,
            domains: shape.transit_domains,
            stubs_of_domain: shape.transit_routers
                * shape.stubs_per_transit_router
                * shape.stub_routers,
        })
    }

    /// Bytes of its routers and links, and of its distances, when so many peers have asked for theirs.
    pub(super) fn bytes(shape: &TransitStub, peers: f64) -> f64 {
        let routers = shape.routers() as f64;
        let stubs = routers - f64::from(shape.transit_domains) * f64::from(shape.transit_routers);
        // Peers pick routers at random, so several may be at one and nobody at another.
        let asking = stubs * -libm::expm1(-peers / stubs);
        // Measured, with stubs of 10 to 100 routers and 5000 to 16 000 in all.
        let label = 8.6 + 0.345 * f64::from(shape.stub_routers);
        RouterGraph::bytes_compact(routers, links(shape), asking, stubs, label)
    }

    /// How many links there are between its routers, about.
    pub(super) fn links(shape: &TransitStub) -> f64 {
        links(shape)
    }
}

impl Latency for Internet {
    fn hosts(&self) -> Option<u32> {
        None
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        self.hosts.one_way(from, to)
    }

    fn paths(&self) -> Option<&dyn Paths> {
        Some(&self.hosts)
    }

    /// The transit domain that the host's stub hangs under. Stubs are in the order of their transit routers.
    fn region(&self, host: HostIdx) -> Option<u32> {
        let stub_router = self.hosts.router_of(host) - self.first_stub;
        Some(stub_router / self.stubs_of_domain)
    }

    fn regions(&self) -> Option<u32> {
        Some(self.domains)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::paths::LinkEnd;
    use crate::network::testing::{check_paths, every_pair, shape, shape_of};
    use crate::world::LinkIdx;

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
            count[internet.hosts.router_of(HostIdx(host)) as usize - 16] += 1;
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
        let paths = internet.paths().unwrap();
        let (from, to) = (HostIdx(8), HostIdx(5));
        let mut path = Vec::new();
        paths.path(from, to, &mut |link| path.push(paths.link(link)));
        let attached = |host| {
            let router = LinkEnd::Router(internet.hosts.router_of(host));
            paths.link(LinkIdx(paths.fixed_links() + host.0)).ends == [LinkEnd::Host(host), router]
        };
        assert!(attached(from) && attached(to));
        let last = path.len() - 1;
        assert_eq!(path[0].ends[0], LinkEnd::Host(from));
        assert_eq!(path[last].ends[0], LinkEnd::Host(to));
        let is_router = |end| matches!(end, &LinkEnd::Router(_));
        let between = &path[1..last];
        assert!(between.iter().flat_map(|link| &link.ends).all(is_router));
    }

    /// With links of a second between transit domains and of milliseconds within them, the latency tells whether two
    /// hosts are in one domain.
    #[test]
    fn hosts_are_in_the_region_of_the_transit_domain_they_hang_under() {
        let still = TransitStub {
            latency_jitter: 0.0,
            inter_transit_latency: MS(1000),
            ..shape_of([3, 2, 4, 5], 0.3)
        };
        let internet = Internet::new(&still, 3).unwrap();
        let mut seen = [0; 3];
        for host in (0..300).map(HostIdx) {
            let region = internet.region(host).unwrap();
            seen[region as usize] += 1;
            let across = internet.one_way(HostIdx(0), host) >= MS(1000);
            assert_eq!(across, internet.region(HostIdx(0)) != Some(region));
        }
        assert!(seen.iter().all(|hosts| *hosts > 60), "{seen:?}");
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
