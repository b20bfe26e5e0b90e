//! Result folders: CSV files and the manifest, written whole or not at all.
//!
//! It knows the rows that a run produces and where they go. It knows neither how a run is
//! simulated (that comes in as a function), nor TOML, nor who presents them, and it prints nothing.
//!
//! | file | concern |
//! |---|---|
//! | [`csv`] | the formats of the CSV files |
//! | `key` | what makes two runs the same run |
//! | `part` | what one finished run leaves, kept until all are there; `kept` what may be wrong with it, `pieces` how it lies in a file |
//! | `assignment` | what the runner is asked to do, and what it says about it |
//! | `runner` | runs in parallel, what is missing and no more |
//! | `measured` | what the runs of a plan measured |
//! | `chooser` | what chooses among the runs of a plan |
//! | `search` | which runs a search for a threshold makes, and what it finds; `bisection` how |
//! | `repetitions` | how many repetitions are made until an interval is narrow enough |
//! | `audit_summary` | what the audit of one run comes to |
//! | `disk` | all access to files, and faults on purpose |
//! | `lock` | one process at a time |
//! | `owner` | whose files lie in a folder |
//! | `staged` | the files of a result while they are put together |
//! | `folder` | replacing an older result |
//! | `listing` | which results are in a folder, and how each stands |
//! | `reading` | a result that is read while others may write it |
//! | `scratch` | a folder that goes, also if its process was killed |
//! | `redo` | whether a complete result is still the one asked for, and if not, why |
//! | [`verify`] | whether two results are the same, and where not |
//! | `write` | files beside the results: pictures and tables |
//! | [`manifest`] | what was run, by what, and the digests of the files; `entry` what it consists of, `shallow` how it is laid out |

mod assignment;
mod audit_summary;
mod bisection;
mod board;
mod chooser;
mod clock;
pub mod csv;
mod digest;
pub(crate) mod disk;
mod entry;
mod error;
mod folder;
mod host;
mod kept;
mod key;
mod listing;
mod lock;
pub mod manifest;
mod measured;
mod owner;
mod part;
mod pieces;
mod reading;
mod redo;
mod repetitions;
mod runner;
mod scratch;
mod search;
mod shallow;
mod side_by_side;
mod staged;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub mod verify;
mod write;

pub use assignment::{Assignment, Finish, Notice, RunError, Simulation};
pub use audit_summary::{AuditSummary, Unexcused};
pub use board::{Board, RunState, Seat};
pub use clock::Stopwatch;
pub use digest::sha256_hex;
pub use entry::Failure;
pub use error::ResultsError;
pub use host::memory_limit;
pub use kept::{KeptFault, KeptFile};
pub use listing::{Listed, ListedState, list};
pub use measured::{MeasuredRun, MeasuredRuns};
pub use owner::refuse_files_of_others;
pub use reading::Reading;
pub use redo::Redo;
pub use repetitions::{CombinedRepetitions, Ending, Repetitions};
pub use runner::execute;
pub use scratch::Scratch;
pub use search::{CombinedThreshold, CurvePoint, Status, Thresholds};
pub use write::write_all;
