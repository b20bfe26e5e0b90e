//! What the picture of a way consists of, in the terms of the request and of the network.

use crate::report::plot::layout::{self, Edge};
use crate::report::plot::shapes::Point;

/// What is drawn.
pub(crate) struct WayPicture {
    /// What is asked for, and by whom.
    pub heading: String,
    /// The last position of the ring.
    pub last: u64,
    /// The members in order.
    pub members: Vec<u64>,
    pub key: u64,
    pub network: NetworkMap,
    /// The messages that the asking node waited for, one after the other.
    pub legs: Vec<Leg>,
    /// The way straight to the owner, if there is an owner.
    pub direct: Option<Leg>,
    /// What there is to say under the picture.
    pub notes: Vec<String>,
}

/// The network, as far as it is drawn.
pub(crate) struct NetworkMap {
    /// Hosts and routers: where each is, if there is a map.
    pub places: Vec<Option<Point>>,
    /// The links that are drawn: their ends, and how long they take.
    pub links: Vec<([usize; 2], f64)>,
}

/// A message from one node to another.
pub(crate) struct Leg {
    /// Their identifiers.
    pub from: u64,
    pub to: u64,
    /// The hosts and routers that it passes, both ends included.
    pub route: Vec<usize>,
    /// How long it was under way, in words.
    pub took: String,
}

impl NetworkMap {
    /// Where everything is: on the map, north up, or made up of the links.
    pub(super) fn laid_out(&self) -> Vec<Point> {
        let on_map: Option<Vec<Point>> = self.places.iter().copied().collect();
        if let Some(places) = on_map {
            return places.into_iter().map(|(x, y)| (x, -y)).collect();
        }
        let edge = |(ends, length): &([usize; 2], f64)| Edge {
            ends: *ends,
            length: *length,
        };
        let edges: Vec<Edge> = self.links.iter().map(edge).collect();
        layout::turned(layout::places(self.places.len(), &edges))
    }

    /// Whether the network has no map of its own.
    pub(super) fn is_made_up(&self) -> bool {
        self.places.iter().any(Option::is_none)
    }
}
