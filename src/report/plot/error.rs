//! Why pictures could not be drawn, and what to do about it.

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
