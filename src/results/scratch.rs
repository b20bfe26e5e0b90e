//! A folder for what nobody keeps. It goes with its process; if that was killed, with the next one that wants such a
//! folder at the same place.

use std::io;
use std::path::{Path, PathBuf};

use super::disk;
use super::error::{Context as _, ResultsError};
use super::lock::{FolderLock, LOCK};

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
        // Best effort: the next one that wants such a folder removes it too.
        let _ = remove(&self.path, self.lock.take());
    }
}

/// Removes a folder, its lock after everything else: a folder with something in it and without a lock is nobody's.
fn remove(folder: &Path, lock: Option<FolderLock>) -> io::Result<()> {
    for name in disk::names(folder)? {
        let path = folder.join(&name);
        if disk::is_dir(&path) {
            disk::remove_dir_all(&path)?;
        } else if name != LOCK {
            disk::remove_file(&path)?;
        }
    }
    drop(lock);
    disk::remove_dir(folder)
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
        if disk::exists(&path.join(LOCK)) {
            if let Ok(lock @ Some(_)) = FolderLock::try_take(&path) {
                let _ = remove(&path, lock);
            }
        } else {
            let _ = disk::remove_dir(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;

    use tempfile::TempDir;

    use super::*;
    use crate::results::disk::DiskFile;
    use crate::results::disk::faults::{Fault, Faults};

    fn use_one(place: &Path) -> Result<(), ResultsError> {
        let scratch = Scratch::in_folder(place)?;
        let path = scratch.path().join("rows.csv");
        let mut file = DiskFile::create(&path).context("write", &path)?;
        file.write_all(b"1,2\n").context("write", &path)
    }

    #[test]
    fn whenever_its_process_is_killed_the_next_one_removes_it() {
        for at in 0.. {
            let place = TempDir::new().unwrap();
            fs::write(place.path().join("chordsim-verify-notes"), "mine").unwrap();
            let faults = Faults::plan(place.path(), Fault::Stops, at);
            let used = use_one(place.path());
            let met = faults.taken().len() > at;
            drop(faults);
            assert!(met || used.is_ok());
            use_one(place.path()).unwrap();
            let left = disk::names(place.path()).unwrap();
            assert_eq!(left, ["chordsim-verify-notes"], "killed at step {at}");
            if !met {
                assert!(at > 10, "{at} steps");
                break;
            }
        }
    }

    /// One that lives keeps its own, whoever cleans up beside it.
    #[test]
    fn what_is_in_use_stays() {
        let place = TempDir::new().unwrap();
        let lives = Scratch::in_folder(place.path()).unwrap();
        fs::write(lives.path().join("rows.csv"), "1,2\n").unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..50).for_each(|_| use_one(place.path()).unwrap()));
            }
        });
        assert!(lives.path().join("rows.csv").exists());
        assert_eq!(disk::names(place.path()).unwrap().len(), 1);
        drop(lives);
        assert!(disk::names(place.path()).unwrap().is_empty());
    }
}
