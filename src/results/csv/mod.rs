//! The formats of the CSV files: which columns, in which order, and how a value is written.
//!
//! It knows nothing of folders or of how runs are scheduled.

mod aggregate;
mod digits;
mod line;
mod lookups;
mod rows;
mod table;

pub use aggregate::{Estimate, aggregate, decimals, estimate};
pub use line::{Line, number};
pub use lookups::{LookupRow, read_lookups};
pub use rows::RowFile;
pub use table::{RunMetrics, Table, summary};
pub(super) use table::{run_cells, run_columns};
