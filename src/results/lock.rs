//! Who uses a folder: a file in it that is locked as long as its process lives, however that ends.

use std::fs::TryLockError;
use std::path::{Path, PathBuf};

use super::disk::{self, DiskFile};
use super::error::{Context as _, ResultsError};

/// Its name.
pub(super) const LOCK: &str = ".lock";

/// A folder that this process alone writes to, until it is dropped.
#[derive(Debug)]
pub(super) struct FolderLock {
    path: PathBuf,
    _file: DiskFile,
}

impl FolderLock {
    /// Locks a folder.
    pub(super) fn take(folder: &Path) -> Result<Self, ResultsError> {
        let locked = Self::try_take(folder)?;
        locked.ok_or_else(|| ResultsError::InUse {
            path: folder.to_owned(),
        })
    }

    /// Locks a folder unless another process has it.
    pub(super) fn try_take(folder: &Path) -> Result<Option<Self>, ResultsError> {
        Self::lock(folder, |path, file| match file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error).context("lock", path),
        })
    }

    /// Locks a folder when nobody else has it any more.
    pub(super) fn wait(folder: &Path) -> Result<Self, ResultsError> {
        let lock = Self::lock(folder, |path, file| {
            file.lock().context("lock", path).map(|()| true)
        });
        lock.map(|lock| lock.expect("whoever waits gets it"))
    }

    /// The file is removed when the holder is done, so the one that was locked must be shown to be still the one
    /// that is there.
    fn lock(
        folder: &Path,
        get: impl Fn(&Path, &DiskFile) -> Result<bool, ResultsError>,
    ) -> Result<Option<Self>, ResultsError> {
        let path = folder.join(LOCK);
        loop {
            if is_of_others(&path) {
                return Err(ResultsError::Foreign {
                    path: folder.to_owned(),
                    name: LOCK.to_owned(),
                });
            }
            let file = DiskFile::open_lock(&path).context("write to", folder)?;
            if !get(&path, &file)? {
                return Ok(None);
            }
            if is_still_at(&file, &path) {
                return Ok(Some(Self { path, _file: file }));
            }
            // A step that cannot be taken is no reason to try for ever.
            file.facts().context("lock", &path)?;
        }
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Best effort: a lock file that stays behind locks nothing.
        let _ = disk::remove_file(&self.path);
    }
}

/// Ours is an empty file.
pub(super) fn is_of_others(path: &Path) -> bool {
    disk::facts(path).is_ok_and(|facts| !facts.is_file() || facts.len() > 0)
}

/// Whether some process has a folder locked now. A folder that nobody may write to is locked by nobody.
pub(super) fn is_locked(folder: &Path) -> bool {
    let Ok(file) = DiskFile::open(&folder.join(LOCK)) else {
        return false;
    };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

#[cfg(unix)]
fn is_still_at(file: &DiskFile, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(held), Ok(there)) = (file.facts(), disk::facts(path)) else {
        return false;
    };
    (held.dev(), held.ino()) == (there.dev(), there.ino())
}

/// Elsewhere a file that is open cannot be removed by others.
#[cfg(not(unix))]
fn is_still_at(_file: &DiskFile, path: &Path) -> bool {
    disk::exists(path)
}
