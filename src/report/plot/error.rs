//! Why pictures could not be drawn, and what to do about it.

use crate::codes::{self, Code, Coded as _};
use crate::report::folder::FolderError;
use crate::results::ResultsError;

/// Why pictures could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PlotError {
    /// The result folder cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
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

impl PlotError {
    /// Which kind of mistake it is.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Folder(error) => error.code(),
            Self::Write(error) => error.kind(),
            Self::Draw { .. } => codes::NOT_DRAWN,
        }
    }
}
