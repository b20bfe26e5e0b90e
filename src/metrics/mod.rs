//! What a run measures. Metrics watch and never touch: nothing here influences a run.

pub mod audit;
mod book;
mod distribution;
mod inequality;
mod nodes;
mod recorder;
mod records;
mod timeline;

pub use crate::peers::Departure;
pub use book::{Answer, Claim};
pub use nodes::Facts;
pub use recorder::Recorder;
pub use records::{
    AuditRecord, FingerprintRow, LookupRecord, NodeRecord, Outcome, RecordSink, RunSummary,
    TimelineRow,
};
