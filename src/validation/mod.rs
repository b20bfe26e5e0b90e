//! Whether what was measured is what a scenario says it should be.
//!
//! It knows what was measured, and statistics. It simulates nothing and prints nothing, and it reads no file
//! but through [`crate::results`]: everything of a run that it judges stands in a result folder, so a judgement can be
//! checked by anybody who has that folder.
//!
//! | file | concern |
//! |---|---|
//! | `judge` | expected beside measured: does the one agree with the other? |
//! | `statistics` | what is computed from the rows of all lookups |
//! | `chi_squared` | how probable a deviation is |
//! | `mser` | whether a series begins before its steady state |
//! | `foresight` | what is known to go wrong before a run |
//! | `faults` | the same, of faults |
//! | `needs` | what a scenario will need of the machine |
//! | `text` | judgements as lines, as Markdown and as CSV |

mod chi_squared;
mod faults;
mod foresight;
mod judge;
pub(crate) mod mser;
pub mod needs;
mod statistics;
mod text;

use std::path::Path;

use crate::results::csv::{read_lookups, read_summary};
use crate::results::{MeasuredRuns, ResultsError};
use crate::scenario::Plan;

pub use foresight::foresee;
pub use judge::{Judged, Judgement, judge};
pub use statistics::Tallies;
pub use text::{HEADER, lines, markdown, table, tally};

/// Judges the results of a plan, which are in this folder.
///
/// # Errors
/// If a result file cannot be read.
pub fn of_folder(plan: &Plan, folder: &Path) -> Result<Vec<Judged>, ResultsError> {
    of_runs(plan, &read_summary(folder, plan)?, folder)
}

/// Judges what the runs of a plan measured. What it takes all lookups to compute is computed from their rows,
/// which are in this folder.
///
/// # Errors
/// If they cannot be read.
pub fn of_runs(
    plan: &Plan,
    measured: &MeasuredRuns,
    folder: &Path,
) -> Result<Vec<Judged>, ResultsError> {
    let mut tallies = Tallies::new(plan);
    if !tallies.is_empty() {
        read_lookups(folder, |lookup| tallies.take(lookup))?;
    }
    Ok(judge(plan, measured, &tallies))
}
