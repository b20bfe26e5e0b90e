//! Which links a message passes on its way: for networks that consist of links.

use std::fmt;

use crate::engine::SimDuration;
use crate::world::{HostIdx, LinkIdx};

/// The links of a network, and which of them the path between two hosts takes.
///
/// The way back takes the same links in the opposite order, but for the graph of a file whose edges have a direction:
/// there a link leads from its first end to its second only, and the way back takes others. A path is worked out when
/// it is asked for, and what is worked out is kept; a run that asks for none pays nothing.
pub trait Paths {
    /// Shows `see` the links that a message passes from one host to another, in that order: none from a host
    /// to itself. Their latencies add up to [`Latency::one_way`], to the nanosecond.
    ///
    /// [`Latency::one_way`]: crate::network::Latency::one_way
    fn path(&self, from: HostIdx, to: HostIdx, see: &mut dyn FnMut(LinkIdx));

    /// How many links there are whatever hosts there are: they have the numbers from 0 on. Links that only
    /// come with a host, as they attach it to its router, have numbers after these.
    fn fixed_links(&self) -> u32;

    /// What a link joins, and how long it takes. The link must be a fixed one, or one that a path has shown.
    fn link(&self, link: LinkIdx) -> Link;

    /// What an end of links is called, if it has a name of its own, as in a file.
    fn name(&self, _end: LinkEnd) -> Option<&str> {
        None
    }

    /// Where a router is on the map on which [`Latency::place`] shows hosts, if there is one.
    ///
    /// [`Latency::place`]: crate::network::Latency::place
    fn place_of_router(&self, _router: u32) -> Option<[f64; 2]> {
        None
    }
}

/// A physical link; of a graph with directions, one of the two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Link {
    /// What it joins.
    pub ends: [LinkEnd; 2],
    /// How long a message takes from one end to the other.
    pub latency: SimDuration,
}

/// What a link ends at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LinkEnd {
    /// A host.
    Host(HostIdx),
    /// A router with no host on it, by its number.
    Router(u32),
}

impl fmt::Display for LinkEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(host) => write!(f, "host {host}"),
            Self::Router(router) => write!(f, "router {router}"),
        }
    }
}
