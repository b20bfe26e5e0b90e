//! The formats of the CSV files: which columns, in which order, and how a value is written.
//!
//! It knows nothing of folders or of how runs are scheduled.

mod aggregate;
mod audit;
mod digits;
mod line;
mod lookups;
mod shown;
mod summary;
mod table;
mod threshold;

pub use aggregate::{Aggregate, CombinedRuns, estimate, t_975};
pub(super) use audit::read_audits;
pub use line::{Line, number};
pub use lookups::{LookupRow, read_lookups};
pub use shown::{Estimate, Shown, decimals, shown_share};
pub use summary::{read_summary, summary, summary_swept_columns};
pub(super) use summary::{run_cells, run_columns};
pub use table::CsvTable;
pub use threshold::thresholds;
