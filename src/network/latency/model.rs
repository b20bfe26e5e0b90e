//! What a latency model must be able to say.

use std::sync::Arc;

use rand_chacha::ChaCha8Rng;

use crate::engine::SimDuration;
use crate::network::paths::Paths;
use crate::world::HostIdx;

/// How long messages take between hosts.
///
/// A model is a function of its parameters, the run's seed and the numbers of the hosts: it gives the same
/// answers to whoever asks, in whatever order. Two methods make one; [`Network::new`] shows how.
///
/// [`Network::new`]: crate::network::Network::new
pub trait Latency: Send {
    /// How many hosts the model has, at least 1; `None` if it makes as many as are asked for.
    fn hosts(&self) -> Option<u32>;

    /// The one-way latency from one host to another: the same every time it is asked for, zero
    /// from a host to itself unless the model says otherwise.
    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration;

    /// How long one message takes. Differs from [`Latency::one_way`] only in models that draw
    /// anew for every message, and these draw from `rng` and from nothing else.
    fn message(&self, from: HostIdx, to: HostIdx, _rng: &mut ChaCha8Rng) -> SimDuration {
        self.one_way(from, to)
    }

    /// The links that messages pass, if the model consists of links; `None` if it knows latencies only.
    fn paths(&self) -> Option<&dyn Paths> {
        None
    }

    /// Where a host is on a map, if the model has one: in a plane, or as longitude and latitude in degrees. A
    /// third dimension is left out.
    fn place(&self, _host: HostIdx) -> Option<[f64; 2]> {
        None
    }

    /// The region, or domain, that a host is in, if the model has such: numbered from 0.
    fn region(&self, _host: HostIdx) -> Option<u32> {
        None
    }

    /// How many regions there are, if the model has such.
    fn regions(&self) -> Option<u32> {
        None
    }

    /// What the file that hosts come from calls one, if it has names.
    fn host_name(&self, _host: HostIdx) -> Option<&str> {
        None
    }

    /// What a region is called, if regions have names.
    fn region_name(&self, _region: u32) -> Option<&str> {
        None
    }
}

/// What was read from a file is shared by all runs.
impl<L: Latency + Sync> Latency for Arc<L> {
    fn hosts(&self) -> Option<u32> {
        (**self).hosts()
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        (**self).one_way(from, to)
    }

    fn message(&self, from: HostIdx, to: HostIdx, rng: &mut ChaCha8Rng) -> SimDuration {
        (**self).message(from, to, rng)
    }

    fn paths(&self) -> Option<&dyn Paths> {
        (**self).paths()
    }

    fn place(&self, host: HostIdx) -> Option<[f64; 2]> {
        (**self).place(host)
    }

    fn region(&self, host: HostIdx) -> Option<u32> {
        (**self).region(host)
    }

    fn regions(&self) -> Option<u32> {
        (**self).regions()
    }

    fn host_name(&self, host: HostIdx) -> Option<&str> {
        (**self).host_name(host)
    }

    fn region_name(&self, region: u32) -> Option<&str> {
        (**self).region_name(region)
    }
}
