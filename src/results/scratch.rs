//! A folder for what nobody keeps. It goes with its process; if that was killed, with the next one that wants such a
//! folder at the same place.

use std::io;
use std::path::{Path, PathBuf};

use super::disk;
use super::error::{Context as _, ResultsError};
use super::lock::FolderLock;

/// How its name begins.
const PREFIX: &str = "chordsim-verify-";

/// Such a folder. It is removed when it is dropped.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    /// Says that its process lives.
    lock: Option<FolderLock>,
}

impl Scratch {
    /// Makes such a folder, and removes those of processes that live no more.
    ///
    /// # Errors
    /// If no folder can be made there.
    pub fn in_folder(place: &Path) -> Result<Self, ResultsError> {
        remove_abandoned(place);
        let mut number = 0;
        loop {
            let path = place.join(format!("{PREFIX}{}-{number}", std::process::id()));
            number += 1;
            match disk::create_private_dir(&path) {
                // Of a process with that number on another machine.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                made => made.context("make a folder in", place)?,
            }
            let mut scratch = Self { path, lock: None };
            match FolderLock::try_take(&scratch.path) {
                Ok(Some(lock)) => scratch.lock = Some(lock),
                // Before it was locked somebody took it for an abandoned one: it goes, and another is made.
                Ok(None) => continue,
                Err(_) if !disk::exists(&scratch.path) => continue,
                Err(error) => return Err(error),
            }
            return Ok(scratch);
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Best effort, and with the lock in it: nobody else is to take it for abandoned meanwhile.
        let _ = disk::remove_dir_all(&self.path);
        self.lock = None;
    }
}

/// Removes the folders of processes that were killed, as far as that is allowed: what cannot be removed is another
/// user's, or in use.
fn remove_abandoned(place: &Path) {
    for name in disk::names(place).unwrap_or_default() {
        let path = place.join(&name);
        if !name.starts_with(PREFIX) || !disk::is_dir(&path) {
            continue;
        }
        // One without a lock is being made, or its process was killed in that moment: then it is empty.
        if disk::exists(&path.join(super::lock::LOCK)) {
            if let Ok(Some(_lock)) = FolderLock::try_take(&path) {
                let _ = disk::remove_dir_all(&path);
            }
        } else {
            let _ = disk::remove_dir(&path);
        }
    }
}
