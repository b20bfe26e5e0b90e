//! A ring as JSON.

use serde_json::{Value, json as object};

use super::degrees::Degrees;
use super::links::{Link, Ring};
use super::route::Route;

/// The nodes, the links, the table of degrees, and the way of a lookup if there is one. Identifiers are whole numbers up
/// to 2^64 - 1: readers that keep numbers as floating point lose the last digits of those above 2^53.
pub(crate) fn json(ring: &Ring, route: Option<&Route>) -> String {
    let degrees = Degrees::of(ring);
    let nodes: Vec<Value> = (0..ring.ids().len())
        .map(|rank| node(ring, &degrees, rank))
        .collect();
    let edges: Vec<Value> = ring.links().map(|link| edge(ring, &link)).collect();
    let mut whole = object!({
        "id_bits": ring.bits(),
        "nodes": nodes,
        "edges": edges,
        "graph": graph(ring, &degrees),
    });
    if let Some(route) = route {
        whole["path"] = object!({
            "from": route.from,
            "key": route.key,
            "owner": route.owner,
            "hops": route.hops,
        });
    }
    format!("{whole:#}\n")
}

fn node(ring: &Ring, degrees: &Degrees, rank: usize) -> Value {
    object!({
        "id": ring.ids()[rank],
        "successor": ring.ids()[ring.successor(rank)],
        "predecessor": ring.ids()[ring.predecessor(rank)],
        "out_degree": degrees.out[rank],
        "in_degree": degrees.into[rank],
        "clustering": degrees.clustering[rank],
    })
}

fn edge(ring: &Ring, link: &Link) -> Value {
    let mut edge = object!({
        "source": ring.ids()[link.from],
        "target": ring.ids()[link.to],
        "kind": link.kind.name(),
    });
    if !link.fingers.is_empty() {
        edge["fingers"] = link.fingers.clone().into();
    }
    edge
}

/// What the table of the text says.
fn graph(ring: &Ring, degrees: &Degrees) -> Value {
    let mean = degrees.edges() as f64 / ring.ids().len() as f64;
    object!({
        "nodes": ring.ids().len(),
        "edges": degrees.edges(),
        "out_degree_mean": mean,
        "out_degree_max": degrees.out.iter().max(),
        "in_degree_mean": mean,
        "in_degree_max": degrees.into.iter().max(),
        "distance_mean": degrees.distance_mean,
        "diameter": degrees.diameter,
        "clustering_mean": degrees.clustering_mean(),
    })
}
