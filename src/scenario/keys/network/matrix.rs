//! `[network.matrix]`

use std::path::PathBuf;

use super::unit::LatencyUnit;

use crate::scenario::keys::key::{Section, ValueKind};

section! {
    /// Latencies between all pairs of hosts, given as a file.
    pub(crate) struct MatrixKeys, static MATRIX = Section::table("network.matrix"), {
        /// A square of numbers, a triangle, a list of pairs, or points: docs/network-files.md lists what is read.
        file: Option<PathBuf>, ValueKind::File, limits("must be given for this model");
        /// What the numbers are.
        values: Option<MatrixValues>, ValueKind::Word(MatrixValues::WORDS), absent("`\"round-trip\"`; for points, whose files mean it so, `\"one-way\"`");
        /// The unit of numbers without one.
        unit: LatencyUnit = "ms", ValueKind::Word(LatencyUnit::WORDS);
        /// What becomes of latencies that were not measured (empty, `-`, `NA`, `nan`, -1); of a host to itself it is 0.
        missing: MatrixMissing = "refuse", ValueKind::Word(MatrixMissing::WORDS);
    }
}

words! {
    /// `network.matrix.values`
    pub enum MatrixValues {
        /// Milliseconds there and back, halved for one way.
        RoundTrip = "round-trip",
        /// Milliseconds one way.
        OneWay = "one-way",
    }
}

words! {
    /// `network.matrix.missing`
    pub enum MatrixMissing {
        /// A file that lacks one is not used.
        Refuse = "refuse",
        /// The median of all others stands in for each.
        Median = "median",
        /// The other direction stands in.
        Symmetric = "symmetric",
    }
}
