//! Whether what was measured is what a scenario says it should be.
//!
//! It knows tables and statistics. It simulates nothing and prints nothing, and it reads no file but
//! through [`crate::results`]: everything it judges stands in a result folder, so a verdict can be
//! checked by anybody who has that folder.
//!
//! | file | concern |
//! |---|---|
//! | `judge` | expected beside measured, and the verdict |
//! | `statistics` | what is computed from the rows of all lookups |
//! | `chi_squared` | how probable a deviation is |
//! | `text` | verdicts as lines, as Markdown and as CSV |

mod chi_squared;
mod judge;
mod statistics;
mod text;

use std::path::Path;

use crate::results::ResultsError;
use crate::results::csv::{Table, read_lookups};
use crate::scenario::Plan;

pub use judge::{Row, Verdict, judge};
pub use statistics::Tallies;
pub use text::{HEADER, lines, markdown, table, tally};

/// Judges the results of a plan, which are in this folder.
///
/// # Errors
/// If a result file cannot be read.
pub fn of_folder(plan: &Plan, folder: &Path) -> Result<Vec<Row>, ResultsError> {
    let mut tallies = Tallies::new(plan);
    if !tallies.is_empty() {
        read_lookups(folder, |lookup| tallies.take(lookup))?;
    }
    let path = folder.join("summary.csv");
    let summary = Table::read(&path).map_err(|source| ResultsError::Io {
        action: "read",
        path,
        source,
    })?;
    Ok(judge(plan, &summary, &tallies))
}
