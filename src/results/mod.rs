//! Result folders: CSV files and the manifest, written whole or not at all.
//!
//! It knows the rows that a run produces and where they go. It knows neither how a run is
//! simulated (that comes in as a function), nor TOML, nor who presents them, and it prints nothing.
//!
//! | file | concern |
//! |---|---|
//! | [`csv`] | the formats of the CSV files |
//! | `key` | what makes two runs the same run |
//! | `part` | the rows of one finished run, kept until all are there |
//! | `assignment` | what the runner is asked to do, and what it says about it |
//! | `runner` | runs in parallel, what is missing and no more |
//! | `measured` | what the runs of a plan measured |
//! | `audit_summary` | what the audit of one run comes to |
//! | `folder` | lock, assembly, replacing an older result |
//! | `redo` | whether a complete result is still the one asked for, and if not, why |
//! | [`verify`] | whether two results are the same, and where not |
//! | `write` | small files beside the folders |
//! | [`manifest`] | what was run, by what, and the digests of the files; `entry` what it consists of |

mod assignment;
mod audit_summary;
mod board;
mod clock;
pub mod csv;
mod digest;
mod entry;
mod error;
mod folder;
mod host;
mod key;
pub mod manifest;
mod measured;
mod part;
mod redo;
mod runner;
mod side_by_side;
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
pub use measured::{MeasuredRun, MeasuredRuns};
pub use redo::Redo;
pub use runner::execute;
pub use write::write_whole;
