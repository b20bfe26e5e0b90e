//! `[network.graph]`

use std::path::PathBuf;

use crate::scenario::keys::key::{Section, ValueKind};

section! {
    /// Shortest paths over a graph given as a file.
    pub(crate) struct GraphKeys, static GRAPH = Section::table("network.graph"), {
        /// A graph with a latency per edge; latencies are shortest paths.
        file: Option<PathBuf>, ValueKind::File, limits("must be given for this model");
    }
}
