//! Hosts that hang off routers, each by a link of its own: what all models of routers share, whatever their
//! topology comes from.
//!
//! Links between routers have the numbers of the topology; that of each host to its router comes after them, in the
//! order of the hosts.

use crate::engine::SimDuration;
use crate::network::paths::{Link, LinkEnd, Paths};
use crate::network::topology::{Attachment, Roads, RouterGraph};
use crate::world::{HostIdx, LinkIdx};

pub(super) struct Attached<R = RouterGraph> {
    routers: R,
    attachment: Attachment,
    /// Where each router is, if that is known.
    places: Option<Box<[[f64; 2]]>>,
}

impl<R: Roads> Attached<R> {
    pub(super) fn new(routers: R, attachment: Attachment) -> Self {
        Self {
            routers,
            attachment,
            places: None,
        }
    }

    /// The same, with the place of each router, or `None` of all.
    pub(super) fn with_places(mut self, places: Option<Box<[[f64; 2]]>>) -> Self {
        self.places = places;
        self
    }

    /// Where a host is: where its router is.
    pub(super) fn place(&self, host: HostIdx) -> Option<[f64; 2]> {
        let places = self.places.as_ref()?;
        Some(places[self.router_of(host) as usize])
    }

    /// The router that a host hangs off.
    pub(super) fn router_of(&self, host: HostIdx) -> u32 {
        self.attachment.router_of(host)
    }

    /// Access, shortest path between the routers, access; zero from a host to itself.
    pub(super) fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        if from == to {
            return SimDuration::ZERO;
        }
        let [near, far] = [from, to].map(|host| self.attachment.router_of(host));
        let between = self.routers.distance(near, far);
        self.attachment.latency(from) + between + self.attachment.latency(to)
    }

    /// The link between a host and its router.
    fn access_link(&self, host: HostIdx) -> LinkIdx {
        LinkIdx::from_usize(self.fixed_links() as usize + host.at())
    }
}

impl<R: Roads> Paths for Attached<R> {
    fn path(&self, from: HostIdx, to: HostIdx, see: &mut dyn FnMut(LinkIdx)) {
        if from == to {
            return;
        }
        let [near, far] = [from, to].map(|host| self.attachment.router_of(host));
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
        let router = self.attachment.router_of(host);
        Link {
            ends: [LinkEnd::Host(host), LinkEnd::Router(router)],
            latency: self.attachment.latency(host),
        }
    }

    fn name(&self, end: LinkEnd) -> Option<&str> {
        match end {
            LinkEnd::Router(router) => self.routers.name_of(router),
            LinkEnd::Host(_) => None,
        }
    }

    fn place_of_router(&self, router: u32) -> Option<[f64; 2]> {
        let known = self.places.as_ref().map(|places| places[router as usize]);
        known.or_else(|| self.routers.place_of(router))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::topology::{AccessLink, Topology};

    const MS: fn(u64) -> SimDuration = SimDuration::from_millis;

    /// Two routers 5 ms apart, and access links of 1 ms.
    fn pair() -> Attached {
        let mut topology = Topology::default();
        let [a, b] = [(); 2].map(|()| topology.add_node(()));
        topology.add_edge(a, b, MS(5));
        let access = AccessLink {
            mean: MS(1),
            jitter: 0.0,
        };
        let attachment = Attachment::uniform(0..2, access, 1);
        Attached::new(RouterGraph::new(topology).unwrap(), attachment)
    }

    #[test]
    fn hosts_are_two_access_links_apart_and_the_path_between_their_routers() {
        let pair = pair();
        let mut seen = [0; 2];
        for host in (1..40).map(HostIdx) {
            let is_apart = pair.router_of(host) != pair.router_of(HostIdx(0));
            let between = if is_apart { MS(5) } else { MS(0) };
            assert_eq!(pair.one_way(HostIdx(0), host), MS(2) + between);
            seen[usize::from(is_apart)] += 1;
        }
        assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
        assert_eq!(pair.one_way(HostIdx(7), HostIdx(7)), MS(0));
    }

    #[test]
    fn links_of_hosts_have_the_numbers_after_those_of_routers() {
        let pair = pair();
        assert_eq!(pair.fixed_links(), 1);
        let link = pair.link(LinkIdx(1 + 7));
        let router = LinkEnd::Router(pair.router_of(HostIdx(7)));
        assert_eq!(link.ends, [LinkEnd::Host(HostIdx(7)), router]);
        assert_eq!(link.latency, MS(1));
        let between = [LinkEnd::Router(0), LinkEnd::Router(1)];
        assert_eq!(pair.link(LinkIdx(0)).ends, between);
    }
}
