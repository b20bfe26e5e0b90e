//! Which router each host hangs off, and how long its own link is.
//!
//! Both are hashes of the seed and the host's number: hosts take no memory, any host can be asked about at any
//! time, and a host that comes later changes nothing for others.

use std::ops::Range;

use super::routers::Topology;
use crate::engine::{SimDuration, Stream, unit_hash};
use crate::network::jitter::jittered;
use crate::network::shares::Shares;
use crate::world::HostIdx;

/// The links of hosts to their routers: each has a latency of its own, within a share of the mean.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct AccessLink {
    pub mean: SimDuration,
    /// 0 to 1.
    pub jitter: f64,
}

/// How hosts are attached to the routers of a topology.
pub(crate) struct Attachment {
    routers: Routers,
    access: AccessLink,
    seed: u64,
}

/// The routers that have hosts, and how often each is picked.
enum Routers {
    /// These, one as often as another.
    Even { first: u32, count: u32 },
    /// All from 0 on, each by its weight.
    Weighted(Shares),
}

impl Attachment {
    /// To each of these routers as often as to any other.
    ///
    /// # Panics
    /// If there are none.
    pub(crate) fn uniform(routers: Range<u32>, access: AccessLink, seed: u64) -> Self {
        assert!(!routers.is_empty(), "hosts need a router to hang off");
        let (first, count) = (routers.start, routers.end - routers.start);
        Self {
            routers: Routers::Even { first, count },
            access,
            seed,
        }
    }

    /// To each router as often as it has links; a link from a router to itself counts twice.
    ///
    /// # Panics
    /// If there are no links.
    pub(crate) fn by_degree(topology: &Topology, access: AccessLink, seed: u64) -> Self {
        let mut degrees = vec![0.0; topology.node_count()];
        for link in topology.raw_edges() {
            degrees[link.source().index()] += 1.0;
            degrees[link.target().index()] += 1.0;
        }
        Self::by_weight(&degrees, access, seed).expect("a link makes degrees that are above zero")
    }

    /// To each router as often as its weight says, router 0 first; a router of weight 0 has no hosts. `None` if they
    /// cannot be drawn by: if one is negative or not finite, or none above zero.
    pub(crate) fn by_weight(weights: &[f64], access: AccessLink, seed: u64) -> Option<Self> {
        Shares::new(weights).map(|shares| Self {
            routers: Routers::Weighted(shares),
            access,
            seed,
        })
    }

    /// Bytes of what it takes to pick one of so many routers by their weights.
    pub(crate) fn bytes_of_weights(routers: f64) -> f64 {
        Shares::bytes(routers)
    }

    /// The router that a host hangs off.
    pub(crate) fn router_of(&self, host: HostIdx) -> u32 {
        let pick = unit_hash(self.seed, Stream::Hosts, u64::from(host.0), 0);
        match &self.routers {
            Routers::Even { first, count } => first + (pick * f64::from(*count)) as u32,
            Routers::Weighted(shares) => shares.at(pick),
        }
    }

    /// The latency of the link between a host and its router.
    pub(crate) fn latency(&self, host: HostIdx) -> SimDuration {
        let uniform = unit_hash(self.seed, Stream::Latency, u64::from(host.0), 0);
        jittered(self.access.mean, self.access.jitter, uniform)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::topology::testing::random_topology;

    const ACCESS: AccessLink = AccessLink {
        mean: SimDuration::from_millis(2),
        jitter: 0.5,
    };

    /// How many of the first 60 000 hosts hang off each of so many routers.
    fn counts(attachment: &Attachment, routers: usize) -> Vec<f64> {
        let mut counts = vec![0.0; routers];
        for host in 0..60_000 {
            counts[attachment.router_of(HostIdx(host)) as usize] += 1.0;
        }
        counts
    }

    /// χ² of these counts against shares of their sum, with as many degrees of freedom as there are shares above
    /// zero, less one.
    fn chi_square(counts: &[f64], shares: &[f64]) -> f64 {
        let all: f64 = counts.iter().sum();
        let terms = counts.iter().zip(shares).map(|(count, share)| {
            let expected = all * share;
            if *share > 0.0 {
                (count - expected) * (count - expected) / expected
            } else {
                assert!(*count <= 0.0, "a router of weight 0 has hosts");
                0.0
            }
        });
        terms.sum()
    }

    #[test]
    fn every_router_of_a_range_has_as_many_hosts_as_another() {
        let attachment = Attachment::uniform(3..9, ACCESS, 1);
        let counts = counts(&attachment, 9);
        let shares = [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0].map(|part| part / 6.0);
        // 5 degrees of freedom: 1 in 1000 is above 20.5.
        assert!(chi_square(&counts, &shares) < 20.5, "{counts:?}");
    }

    #[test]
    fn hosts_follow_the_weights_and_a_weight_of_zero_has_none() {
        let weights = [0.0, 3.0, 0.0, 1.0, 0.5, 0.0];
        let attachment = Attachment::by_weight(&weights, ACCESS, 1).unwrap();
        let counts = counts(&attachment, 6);
        let shares = weights.map(|weight| weight / 4.5);
        // 2 degrees of freedom: 1 in 1000 is above 13.8.
        assert!(chi_square(&counts, &shares) < 13.8, "{counts:?}");
    }

    #[test]
    fn degrees_are_counted_at_both_ends_of_a_link() {
        let topology = random_topology(8, 12, 50, 3);
        let mut degrees = vec![0.0; 8];
        for router in topology.node_indices() {
            // Of a link from a router to itself petgraph shows one end.
            let loops = topology.edges_connecting(router, router).count();
            degrees[router.index()] = (topology.edges(router).count() + loops) as f64;
        }
        let sum: f64 = degrees.iter().sum();
        assert!((sum - 2.0 * 19.0).abs() < 1e-9, "{degrees:?}");
        let by_degree = Attachment::by_degree(&topology, ACCESS, 5);
        let by_weight = Attachment::by_weight(&degrees, ACCESS, 5).unwrap();
        for host in (0..500).map(HostIdx) {
            assert_eq!(by_degree.router_of(host), by_weight.router_of(host));
        }
    }

    #[test]
    fn links_of_hosts_fill_their_share_of_the_mean() {
        let attachment = Attachment::uniform(0..5, ACCESS, 1);
        let mut ms: Vec<f64> = (0..1000)
            .map(|host| attachment.latency(HostIdx(host)).as_millis_f64())
            .collect();
        ms.sort_by(f64::total_cmp);
        assert!(ms[0] >= 1.0 && ms[0] < 1.02, "{}", ms[0]);
        assert!(ms[999] <= 3.0 && ms[999] > 2.98, "{}", ms[999]);
        let mean = ms.iter().sum::<f64>() / 1000.0;
        // Uniform over 2 ms: a deviation of 2 / √12, and √1000 values.
        assert!((mean - 2.0).abs() < 4.0 * 0.577 / 31.6, "{mean}");
    }
}
