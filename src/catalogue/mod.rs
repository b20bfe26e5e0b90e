//! Every metric, record and column, declared once.
//!
//! A *metric* is a number that a run measures: a column of `summary.csv` ([`Metric`]). A *record* is a row of
//! a file to which a run contributes many ([`LookupRecord`] and the others of [`AnyRecord`]). Here stands what
//! they are called, what they mean, in what they are measured and when they exist; how they come about, and
//! what is done with them, is the business of others.
//!
//! What can be known of them at run time:
//!
//! ```
//! use chordsim::catalogue::{Metric, RecordKind, Unit};
//!
//! let latency = Metric::named("latency_ms_mean").unwrap().info();
//! assert_eq!(latency.unit, Unit::Milliseconds);
//! assert_eq!(latency.axis(), "mean latency (ms)");
//!
//! let files: Vec<&str> = RecordKind::ALL.iter().map(|kind| kind.info().file).collect();
//! assert_eq!(files[..2], ["lookups.csv", "nodes.csv"]);
//! let hops = RecordKind::Lookup.info().column("hops");
//! assert!(hops.optional, "{}", hops.doc);
//! ```
//!
//! | file | concern |
//! |---|---|
//! | `metrics` | the metrics |
//! | `records/` | the records, one a file |
//! | `kinds` | the list of records, and the sink that takes them |
//! | `summary` | what one run comes to |
//! | `threshold` | the columns of `threshold.csv` |
//! | `metric`, `record`, `column`, `cell`, `unit` | what such a declaration consists of |
//!
//! It knows how a peer departs, which records say, and whether `[output]` wants a file. It knows neither
//! how a run is simulated nor how anything is written.

mod cell;
mod column;
#[cfg(test)]
mod docs;
mod kinds;
mod metric;
mod metrics;
mod record;
mod records;
mod summary;
mod threshold;
mod unit;

pub use cell::{Cell, CellType, Cells};
pub use column::{Column, RUN_COLUMNS};
pub use kinds::{AnyRecord, Nowhere, RecordKind, RecordSink};
pub use metric::{Exists, ExpectedColumns, MetricInfo, Pooling};
pub use metrics::Metric;
pub use record::{Record, RecordInfo};
pub use records::audit::AuditRecord;
pub use records::fingerprint::FingerprintRecord;
pub use records::hop::HopRecord;
pub use records::link::LinkRecord;
pub use records::lookup::{LookupRecord, Outcome, Reason};
pub use records::node::NodeRecord;
pub use records::operation::{OperationKind, OperationOutcome, OperationRecord};
pub use records::replay::{ReplayEntry, ReplayRecord};
pub use records::timeline::TimelineRecord;
pub use records::trace::{TraceEvent, TraceRecord};
pub use summary::{
    AGGREGATE_FILE, BEFORE_FINGERPRINT, Expected, FINGERPRINT, RUNS, RunSummary, SUMMARY_FILE,
    aggregate_columns, to_15_digits,
};
pub use threshold::{THRESHOLD_COLUMNS, THRESHOLD_FILE, ThresholdColumn};
pub use unit::Unit;
