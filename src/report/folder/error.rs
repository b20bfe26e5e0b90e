//! Why a result folder cannot be read for a picture, a table or a page, and what to do about it.

use crate::codes::{self, Code};
use crate::inputs::file;

use std::io;
use std::path::PathBuf;

/// Why a result folder cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A file that is needed is not there.
    #[error(
        "{}: no such file; its column `{column}` is needed. Is this a complete result \
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
    #[error("{}: there are no rows, so there is nothing to show; was any run finished?", file.display())]
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
}

impl FolderError {
    /// Which kind of mistake it is.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Missing { .. }
            | Self::Column { .. }
            | Self::Value { .. }
            | Self::Broken { .. } => codes::DAMAGED,
            Self::NoRows { .. } => codes::NOTHING_THERE,
            Self::Read { source, .. } => file::code_of(source),
        }
    }
}
