//! What a run measures. Metrics watch and never touch: nothing here influences a run.

pub mod audit;
mod distribution;
mod inequality;
mod lookup_row;
mod nodes;
mod observer;
mod recorder;
mod records;
mod timeline;

pub use crate::peers::Departure;
pub use nodes::Facts;
pub use observer::{EventOf, Metric, Observer, Observers, Parting, Sample, Scene, Sent};
pub use recorder::Recorder;
pub use records::{
    AuditRecord, FingerprintRow, LookupRecord, NodeRecord, Outcome, RecordSink, RunSummary,
    TimelineRow,
};
