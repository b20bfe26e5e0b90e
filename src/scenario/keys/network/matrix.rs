//! `[network.matrix]`

use std::path::PathBuf;

use crate::scenario::keys::key::{Section, ValueKind};

section! {
    /// Latencies between all pairs of hosts, given as a file.
    pub(crate) struct MatrixKeys, static MATRIX = Section::table("network.matrix"), {
        /// A square of numbers in milliseconds.
        file: Option<PathBuf>, ValueKind::File, limits("must be given for this model");
        /// What the numbers are.
        values: MatrixValues = "round-trip", ValueKind::Word(MatrixValues::WORDS);
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
