//! `[network.scale-free]`

use super::routers::{ROUTERS_MAX, RouterAttach};
use crate::engine::SimDuration;
use crate::scenario::keys::key::{DURATION, SHARE, Section, ValueKind, count};

section! {
    /// Routers that come one by one and are linked to those that have many links already, after Barabási and
    /// Albert, Science 286, 1999.
    pub struct ScaleFree, static SCALE_FREE = Section::table("network.scale-free"), {
        /// Routers in all.
        routers: u32 = 1000, count(2, ROUTERS_MAX), limits("more than `m`");
        /// Links that each router brings when it comes; the first m + 1 routers are all linked with each other.
        m: u32 = 2, count(1, 100);
        /// One-way latency of one side's length of the unit square in which routers are; a link's latency is proportional to its length.
        span: SimDuration = "50ms", DURATION;
        /// On which routers hosts sit.
        attach: RouterAttach = "uniform", ValueKind::Word(RouterAttach::WORDS);
        /// One way, between a host and its router.
        access_latency: SimDuration = "1ms", DURATION;
        /// Each host's own link is drawn uniformly within this share of `access_latency`.
        access_jitter: f64 = 0.5, SHARE;
    }
}
