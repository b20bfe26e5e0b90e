//! What all kinds of topologies answer, whether their links have a direction or not.

use std::sync::Arc;

use super::router_graph::RouterGraph;
use crate::engine::SimDuration;
use crate::world::LinkIdx;

/// Routers, the links between them, and the shortest paths over these.
pub(crate) trait Roads {
    /// How many links there are.
    fn links(&self) -> u32;

    /// The routers that a link joins, and its latency. A link with a direction leads from the first to the second.
    fn link(&self, link: LinkIdx) -> ([u32; 2], SimDuration);

    /// The latency of the shortest path from one router to another; zero from a router to itself.
    fn distance(&self, from: u32, to: u32) -> SimDuration;

    /// Shows `see` the links of the shortest path, in order. Their latencies add up to [`Roads::distance`].
    fn route(&self, from: u32, to: u32, see: &mut dyn FnMut(LinkIdx));

    /// What a router is called, if routers have names.
    fn name_of(&self, _router: u32) -> Option<&str> {
        None
    }

    /// Where a router is on a map, if that is known.
    fn place_of(&self, _router: u32) -> Option<[f64; 2]> {
        None
    }
}

impl Roads for RouterGraph {
    fn links(&self) -> u32 {
        self.links()
    }

    fn link(&self, link: LinkIdx) -> ([u32; 2], SimDuration) {
        self.link(link)
    }

    fn distance(&self, from: u32, to: u32) -> SimDuration {
        self.distance(from, to)
    }

    fn route(&self, from: u32, to: u32, see: &mut dyn FnMut(LinkIdx)) {
        self.route(from, to, see);
    }
}

/// What was read from a file is shared by all runs.
impl<R: Roads> Roads for Arc<R> {
    fn links(&self) -> u32 {
        (**self).links()
    }

    fn link(&self, link: LinkIdx) -> ([u32; 2], SimDuration) {
        (**self).link(link)
    }

    fn distance(&self, from: u32, to: u32) -> SimDuration {
        (**self).distance(from, to)
    }

    fn route(&self, from: u32, to: u32, see: &mut dyn FnMut(LinkIdx)) {
        (**self).route(from, to, see);
    }

    fn name_of(&self, router: u32) -> Option<&str> {
        (**self).name_of(router)
    }

    fn place_of(&self, router: u32) -> Option<[f64; 2]> {
        (**self).place_of(router)
    }
}
