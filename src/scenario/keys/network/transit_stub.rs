//! `[network.transit-stub]`

use super::routers::ROUTERS_MAX;
use crate::engine::SimDuration;
use crate::scenario::keys::key::{DURATION, SHARE, Section, count};

section! {
    /// Domains of transit routers (backbones), with domains of stub routers hanging off them, after
    /// Zegura, Calvert and Bhattacharjee, INFOCOM 1996. At most 16 384 routers in all.
    pub struct TransitStub, static TRANSIT_STUB = Section::table("network.transit-stub"), {
        /// Transit domains; all are connected.
        transit_domains: u32 = 4, count(1, 10_000);
        /// Routers in each transit domain.
        transit_routers: u32 = 4, count(1, 10_000);
        /// Stub domains hanging off each transit router.
        stubs_per_transit_router: u32 = 3, count(1, 10_000);
        /// Routers in each stub domain.
        stub_routers: u32 = 4, count(1, 10_000);
        /// Probability of each further edge inside a domain, beyond what keeps it connected.
        extra_edges: f64 = 0.3, SHARE;
        /// One way, between routers of different transit domains.
        inter_transit_latency: SimDuration = "30ms", DURATION;
        /// One way, between routers of one transit domain.
        intra_transit_latency: SimDuration = "15ms", DURATION;
        /// One way, between a stub domain and its transit router.
        transit_stub_latency: SimDuration = "8ms", DURATION;
        /// One way, between routers of one stub domain.
        intra_stub_latency: SimDuration = "3ms", DURATION;
        /// One way, between a host and its stub router.
        access_latency: SimDuration = "1ms", DURATION;
        /// Each edge's latency is drawn uniformly within this share of its mean.
        latency_jitter: f64 = 0.5, SHARE;
    }
}

impl TransitStub {
    /// The most routers that there can be. With hosts everywhere, all shortest paths of so many take 1 GiB.
    pub const ROUTERS_MAX: u64 = ROUTERS_MAX;

    /// How many routers it has.
    #[must_use]
    pub fn routers(&self) -> u64 {
        let transit = u64::from(self.transit_domains) * u64::from(self.transit_routers);
        let stub = u64::from(self.stubs_per_transit_router) * u64::from(self.stub_routers);
        transit.saturating_mul(stub.saturating_add(1))
    }
}
