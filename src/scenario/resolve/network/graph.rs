//! `[network.graph]`

use std::path::PathBuf;

use crate::scenario::keys::network::GraphKeys;
use crate::scenario::reader::Reader;
use crate::scenario::resolved::{Attach, GraphOptions};

/// The file, if one is named, and how it is read.
pub(super) fn graph(reader: &mut Reader<'_>) -> (Option<PathBuf>, GraphOptions) {
    let keys: GraphKeys = reader.read();
    let attach = keys.attach.map(|attach| match attach.as_str() {
        "uniform" => Attach::Uniform,
        "degree" => Attach::Degree,
        _ => Attach::Column(attach),
    });
    let options = GraphOptions {
        directed: keys.directed,
        latency: keys.latency,
        unit: keys.unit,
        positions: keys.positions,
        km_per_ms: keys.km_per_ms,
        edge_latency: keys.edge_latency,
        parts: keys.parts,
        attach,
        access_latency: keys.access_latency,
    };
    (keys.file, options)
}
