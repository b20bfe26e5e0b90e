//! The parameters of models whose latencies follow from a formula.

use crate::engine::SimDuration;
use crate::scenario::keys::key::{DURATION, Section, ValueKind, count};

section! {
    /// The same latency between any two hosts.
    pub(crate) struct ConstantKeys, static CONSTANT = Section::table("network.constant"), {
        /// One way, between any two hosts.
        latency: SimDuration = "50ms", DURATION;
    }
}

section! {
    /// Latencies drawn uniformly, once per pair of hosts.
    pub(crate) struct UniformKeys, static UNIFORM = Section::table("network.uniform"), {
        /// Least one-way latency.
        min: SimDuration = "10ms", DURATION, limits("up to `max`");
        /// Greatest one-way latency.
        max: SimDuration = "90ms", DURATION, limits("`min` or more");
    }
}

section! {
    /// Latencies drawn from an exponential distribution.
    pub(crate) struct ExponentialKeys, static EXPONENTIAL = Section::table("network.exponential"), {
        /// Mean one-way latency.
        mean: SimDuration = "50ms", DURATION;
        /// How often a latency is drawn.
        per: Per = "pair", ValueKind::Word(Per::WORDS);
    }
}

words! {
    /// How often a random latency is drawn.
    pub enum Per {
        /// Once for every pair of hosts, the same in both directions.
        Pair = "pair",
        /// Anew for every message; the pair's own latency (for stretch) is the mean.
        Message = "message",
    }
}

section! {
    /// Hosts at uniformly random points of a unit square or cube; latency is proportional to distance.
    pub(crate) struct PlaneKeys, static PLANE = Section::table("network.plane"), {
        /// Hosts at uniformly random points of a unit square or cube.
        dimensions: u8 = 2, count(2, 3);
        /// One-way latency of one side's length; latency is proportional to distance.
        span: SimDuration = "100ms", DURATION;
    }
}
