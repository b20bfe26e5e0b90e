//! `[network.waxman]`

use super::routers::{ROUTERS_MAX, RouterAttach};
use crate::engine::SimDuration;
use crate::scenario::keys::key::{DURATION, SHARE, Section, ValueKind, count, number};

section! {
    /// Routers at random points of a unit square; two of them are linked with a probability that falls with their
    /// distance, after Waxman, IEEE JSAC 6(9), 1988.
    pub struct Waxman, static WAXMAN = Section::table("network.waxman"), {
        /// Routers in all.
        routers: u32 = 1000, count(2, ROUTERS_MAX);
        /// Two routers at distance d are linked with probability alpha · exp(−d / (beta · √2)).
        alpha: f64 = 0.4, SHARE;
        /// How far links reach: the larger, the more long ones there are.
        beta: f64 = 0.1, number(0.001, 1000.0);
        /// One-way latency of one side's length; a link's latency is proportional to its length.
        span: SimDuration = "100ms", DURATION;
        /// On which routers hosts sit.
        attach: RouterAttach = "uniform", ValueKind::Word(RouterAttach::WORDS);
        /// One way, between a host and its router.
        access_latency: SimDuration = "1ms", DURATION;
        /// Each host's own link is drawn uniformly within this share of `access_latency`.
        access_jitter: f64 = 0.5, SHARE;
    }
}
