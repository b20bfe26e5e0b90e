//! Routers and the links between them: where a topology comes from, how far its routers are apart, and by
//! which links. A generator is one file here. Nothing here knows a file, and only `attachment` knows hosts.

mod attachment;
mod labels;
mod one_way;
mod roads;
mod router_graph;
mod routers;
mod routes;
pub(super) mod scale_free;
mod search;
mod square;
#[cfg(test)]
mod testing;
pub(super) mod transit_stub;
pub(super) mod waxman;

pub(super) use attachment::{AccessLink, Attachment};
pub(super) use one_way::{OneWayGraph, OneWayTopology};
pub(super) use roads::Roads;
pub(super) use router_graph::RouterGraph;
pub(super) use routers::Topology;
pub(super) use square::Square;
