//! A result that is read while another command may be about to replace it: what is read is one result, or none.

use std::path::{Path, PathBuf};

use super::disk;
use super::error::{Context as _, ResultsError};
use super::lock;
use super::manifest::{self, Manifest};

/// A result folder between the first look at it and the last.
#[derive(Debug)]
pub struct Reading {
    folder: PathBuf,
    /// As it was at first. One that replaces it has another time in it at least.
    manifest: Vec<u8>,
}

impl Reading {
    /// Begins to read a result.
    ///
    /// # Errors
    /// If there is none, or it is being written.
    pub fn begin(folder: &Path) -> Result<(Self, Manifest), ResultsError> {
        if lock::is_locked(folder) {
            return Err(ResultsError::BeingWritten {
                path: folder.to_owned(),
            });
        }
        let manifest = Manifest::expect(folder)?;
        let path = folder.join(manifest::FILE);
        let reading = Self {
            folder: folder.to_owned(),
            manifest: disk::read(&path).context("read", &path)?,
        };
        Ok((reading, manifest))
    }

    /// To be asked when all has been read.
    ///
    /// # Errors
    /// If what was read is not one result.
    pub fn end(&self) -> Result<(), ResultsError> {
        // Whoever replaces a result takes its manifest away first.
        let now = disk::read(&self.folder.join(manifest::FILE));
        if now.is_ok_and(|now| now == self.manifest) {
            return Ok(());
        }
        Err(ResultsError::Changed {
            path: self.folder.clone(),
        })
    }
}
