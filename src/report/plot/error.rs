//! Why pictures could not be drawn, and what to do about it.

use std::io;
use std::path::PathBuf;

use crate::results::ResultsError;

/// Why pictures could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PlotError {
    /// A file that a picture needs is not there.
    #[error(
        "{}: no such file; its column `{column}` is needed to draw. Is this a complete result \
         folder? Otherwise run the scenario again", file.display()
    )]
    Missing {
        /// Where it should be.
        file: PathBuf,
        /// One of the columns that are needed of it.
        column: &'static str,
    },
    /// A file lacks a column.
    #[error(
        "{}: there is no column `{column}`; run the scenario again to have the file written anew",
        file.display()
    )]
    Column {
        /// The file.
        file: PathBuf,
        /// The name of the column.
        column: String,
    },
    /// A cell holds something unexpected.
    #[error(
        "{}, line {line}, column `{column}`: expected {expected}, found `{value}`",
        file.display()
    )]
    Value {
        /// The file.
        file: PathBuf,
        /// Counted from 1, the header included.
        line: u64,
        /// The name of the column.
        column: String,
        /// What the cell holds.
        value: String,
        /// What it should hold.
        expected: &'static str,
    },
    /// A file has a header and nothing else.
    #[error("{}: there are no rows, so nothing can be drawn; was any run finished?", file.display())]
    NoRows {
        /// The file.
        file: PathBuf,
    },
    /// A file is not CSV or JSON, or not of the shape it should have.
    #[error("{}: cannot be understood: {reason}", file.display())]
    Broken {
        /// The file.
        file: PathBuf,
        /// What the parser says.
        reason: String,
    },
    /// A file cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A picture cannot be written.
    #[error(transparent)]
    Write(ResultsError),
    /// The plotting crate gave up.
    #[error("the picture `{name}` could not be drawn: {reason}")]
    Draw {
        /// Which picture.
        name: String,
        /// What the crate says.
        reason: String,
    },
}
