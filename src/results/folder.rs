//! A result folder: one process at a time, files appear whole, an older result stays until the new
//! one is there.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::disk::{self, DiskFile};
use super::error::{Context as _, ResultsError};
use super::lock::FolderLock;
use super::manifest::{self, Manifest};
use super::owner::{self, JOURNAL, NEW, PARTS};
use super::staged::Staged;

/// A result folder that this process alone may write to.
pub(super) struct LockedFolder {
    path: PathBuf,
    /// Whether it was made just now; then it is removed again if it stays empty.
    made: bool,
    lock: Option<FolderLock>,
    /// The files of an older result besides its manifest, whether they are there or not.
    old: BTreeSet<String>,
}

impl LockedFolder {
    /// Makes the folder if need be and locks it, unless somebody else's files are there.
    pub(super) fn open(path: &Path) -> Result<Self, ResultsError> {
        let made = !disk::exists(path);
        disk::create_dir_all(path).context("create", path)?;
        let mut folder = Self {
            path: path.to_owned(),
            made,
            lock: None,
            old: BTreeSet::new(),
        };
        folder.lock = Some(FolderLock::take(path)?);
        folder.old = owner::own_files(path)?;
        Ok(folder)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces what is there by these files, then by the manifest: what was there goes when everything new is
    /// complete on disk. On the way there is no manifest, and a journal says which of the files that lie there are
    /// of this program.
    pub(super) fn publish(&self, staged: &Staged, manifest: &Manifest) -> Result<(), ResultsError> {
        staged.complete(manifest)?;
        let new: Vec<&str> = manifest.files.iter().map(|file| &*file.name).collect();
        self.write_journal(
            self.old
                .iter()
                .map(String::as_str)
                .chain(new.iter().copied()),
        )?;
        self.remove(manifest::FILE)?;
        self.sync()?;
        for name in self.old.iter().filter(|name| !new.contains(&name.as_str())) {
            self.remove(name)?;
        }
        for name in &new {
            self.rename(&staged.file(name), name)?;
        }
        self.sync()?;
        self.rename(&staged.file(manifest::FILE), manifest::FILE)?;
        self.sync()?;
        let journal = self.path.join(PARTS).join(JOURNAL);
        disk::remove_file(&journal).context("remove", &journal)
    }

    /// Replaces the manifest alone.
    pub(super) fn publish_manifest(&self, manifest: &Manifest) -> Result<(), ResultsError> {
        let hidden = self.path.join(PARTS);
        disk::create_dir_all(&hidden).context("create", &hidden)?;
        self.write_hidden(manifest::FILE, &manifest.to_json())?;
        self.rename(&hidden.join(manifest::FILE), manifest::FILE)?;
        self.sync()
    }

    fn write_journal<'n>(&self, names: impl Iterator<Item = &'n str>) -> Result<(), ResultsError> {
        let names: BTreeSet<&str> = names.collect();
        let json = serde_json::to_vec(&names).expect("plain data");
        self.write_hidden(JOURNAL, &json)
    }

    /// Writes a file beside the parts, down to the disk. What was there stays until the new one is whole: a journal that
    /// an interruption has left is all that says whose files lie in the folder.
    fn write_hidden(&self, name: &str, contents: &[u8]) -> Result<(), ResultsError> {
        let folder = self.path.join(PARTS);
        let path = folder.join(name);
        let new = folder.join(format!("{name}{NEW}"));
        let attempt = || -> io::Result<()> {
            let mut file = DiskFile::create(&new)?;
            file.write_all(contents)?;
            file.sync_all()?;
            disk::rename(&new, &path)?;
            disk::sync_dir(&folder)
        };
        attempt().context("write", &path)
    }

    fn rename(&self, from: &Path, name: &str) -> Result<(), ResultsError> {
        let to = self.path.join(name);
        disk::rename(from, &to).context("write", &to)
    }

    fn remove(&self, name: &str) -> Result<(), ResultsError> {
        let path = self.path.join(name);
        disk::remove_file(&path).context("remove", &path)
    }

    fn sync(&self) -> Result<(), ResultsError> {
        disk::sync_dir(&self.path).context("write to", &self.path)
    }
}

impl Drop for LockedFolder {
    fn drop(&mut self) {
        self.lock = None;
        if self.made {
            // Fails unless it is empty, which is what is wanted.
            let _ = disk::remove_dir(&self.path);
        }
    }
}
