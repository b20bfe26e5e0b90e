//! Result folders: CSV files and the manifest, written whole or not at all.
//!
//! It knows the rows that a run produces and where they go. It knows neither how a run is
//! simulated (that comes in as a function) nor TOML, and it prints nothing.
//!
//! | file | concern |
//! |---|---|
//! | [`csv`] | the formats of the CSV files |
//! | `key` | what makes two runs the same run |
//! | `part` | the rows of one finished run, kept until all are there |
//! | `runner` | runs in parallel, what is missing and no more |
//! | `folder` | lock, assembly, replacing an older result |
//! | `redo` | whether a complete result is still the one asked for, and if not, why |
//! | [`verify`] | whether two results are the same, and where not |
//! | `write` | small files beside the folders |
//! | [`manifest`] | what was run, by what, and the digests of the files |

mod board;
mod clock;
pub mod csv;
mod error;
mod folder;
mod host;
mod key;
pub mod manifest;
mod part;
mod redo;
mod request;
mod runner;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod verify;
mod write;

pub use board::{Board, RunState, Seat};
pub use clock::Stopwatch;
pub use error::ResultsError;
pub use key::sha256_hex;
pub use redo::Redo;
pub use request::{Failure, Finish, Notice, Request, RunError, Simulation};
pub use runner::execute;
pub use write::write_whole;
