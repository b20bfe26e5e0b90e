//! `lookups.csv`, read row by row: such a file may be larger than memory.

use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::catalogue::RecordKind;
use crate::inputs::rows;
use crate::results::error::{Context as _, ResultsError};

/// What is read of a lookup.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct LookupRow {
    /// The run it belongs to.
    pub run: u32,
    /// The asking node's identifier; `None` if nobody was left to ask.
    pub source_id: Option<u64>,
    /// For what it asked.
    pub key: u64,
    /// The node that the answer names; `None` if there was no answer.
    pub answer_id: Option<u64>,
    /// How often it was passed on; `None` if there was no answer.
    pub hops: Option<u32>,
    /// From asking to the answer; `None` if there was none.
    pub latency_ms: Option<f64>,
}

/// Gives every lookup of a result folder to `take`, in order.
///
/// # Errors
/// If the file cannot be read, or its rows are no lookups.
pub fn read_lookups(folder: &Path, mut take: impl FnMut(&LookupRow)) -> Result<(), ResultsError> {
    let path = folder.join(RecordKind::Lookup.info().file);
    let mut read = || -> io::Result<()> {
        let mut reader = ::csv::Reader::from_reader(rows::open(&path)?);
        for row in reader.deserialize() {
            take(&row?);
        }
        Ok(())
    };
    read().context("read", &path)
}
