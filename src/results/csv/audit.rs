//! `audit.csv`, read row by row.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::catalogue::RecordKind;
use crate::inputs::rows;
use crate::results::audit_summary::{AuditSummary, Unexcused};
use crate::results::error::{Context as _, ResultsError};

/// What is read of a violation.
#[derive(Deserialize)]
struct ViolationRow {
    run: u32,
    time_s: f64,
    invariant: String,
    preconditions: bool,
    story: String,
}

/// What the audits of a result folder came to, by run; runs without a violation are left out.
pub(crate) fn read_audits(folder: &Path) -> Result<BTreeMap<u32, AuditSummary>, ResultsError> {
    let path = folder.join(RecordKind::Audit.info().file);
    let mut audits = BTreeMap::<u32, AuditSummary>::new();
    let mut read = || -> io::Result<()> {
        let mut reader = ::csv::Reader::from_reader(rows::open(&path)?);
        for row in reader.deserialize() {
            let row: ViolationRow = row?;
            let audit = audits.entry(row.run).or_default();
            audit.add(&row.invariant, row.preconditions, || Unexcused {
                time_s: row.time_s,
                invariant: row.invariant.clone(),
                story: row.story.clone(),
            });
        }
        Ok(())
    };
    read().context("read", &path)?;
    Ok(audits)
}
