//! What a run measures. Metrics watch and never touch: nothing here influences a run.

mod records;

pub use records::{
    Departure, LookupRecord, NodeRecord, Outcome, RecordSink, RunSummary, TimelineRow,
};
