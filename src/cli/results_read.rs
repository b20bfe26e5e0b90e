//! A result folder that a command reads, while another may be about to replace it.

use std::path::Path;

use miette::Diagnostic;

use super::exit::Stop;
use crate::codes::{Code, Coded};
use crate::report::folder::{FolderError, ResultFolder};
use crate::results::Reading;

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("these results cannot be read")]
#[diagnostic(help(
    "`chordsim run` with the scenario of these results does again what is missing or damaged"
))]
struct Unreadable {
    source: FolderError,
}

impl Coded for Unreadable {
    fn kind(&self) -> Code {
        self.source.code()
    }
}

/// Tells why files of results cannot be read.
pub(super) fn unreadable(source: FolderError) -> Stop {
    Stop::failed(Unreadable { source })
}

/// A result folder that is being read.
pub(super) struct Opened {
    pub folder: ResultFolder,
    reading: Reading,
}

impl Opened {
    /// Begins to read it.
    pub(super) fn at(path: &Path) -> Result<Self, Stop> {
        let (reading, _) = Reading::begin(path).map_err(Stop::failed)?;
        let folder = ResultFolder::open(path);
        if folder.is_err() {
            reading.end().map_err(Stop::failed)?;
        }
        Ok(Self {
            folder: folder.map_err(unreadable)?,
            reading,
        })
    }

    /// To be asked when all has been read: what was read of two results is none.
    pub(super) fn done(&self) -> Result<(), Stop> {
        self.reading.end().map_err(Stop::failed)
    }
}
