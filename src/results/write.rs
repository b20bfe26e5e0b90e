//! Files beside the results, pictures and tables: each complete or not there at all, and nothing of others replaced.
//!
//! A hidden list in their folder has the digests of what was written there, in the form of `sha256sum`. A file that is
//! there and not on the list is somebody else's, or was changed by hand.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::digest::{sha256_hex, sha256_of};
use super::disk::{self, DiskFile};
use super::error::{Context as _, ResultsError};
use super::lock::FolderLock;
use crate::scenario::is_plain_name;

/// The list.
const LIST: &str = ".chordsim";
/// Where files are until all are complete.
const STAGED: &str = ".chordsim-new";

/// Writes files into a folder, which is made if need be; gives their paths. What was there before stays until
/// everything new is complete.
///
/// # Errors
/// If the folder cannot be made or written to, or a file is in the way that was not written by this function.
pub fn write_all(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<Vec<PathBuf>, ResultsError> {
    disk::create_dir_all(folder).context("create", folder)?;
    let _lock = FolderLock::wait(folder)?;
    let mut list = List::read(folder);
    for (name, contents) in files {
        list.refuse_another(folder, name, contents)?;
    }
    let staged = Staging::begin(folder)?;
    for (name, contents) in files {
        staged.write(name, contents)?;
        list.add(name, contents);
    }
    // With the old digests and the new: whatever happens from here on, what lies there is on it.
    staged.publish_list(&list)?;
    let mut paths = Vec::new();
    for (name, contents) in files {
        paths.push(staged.publish(name)?);
        list.keep_only(name, contents);
    }
    staged.publish_list(&list)?;
    disk::sync_dir(folder).context("write to", folder)?;
    Ok(paths)
}

/// The files that were written to a folder, each with its digest.
struct List(BTreeSet<(String, String)>);

impl List {
    fn read(folder: &Path) -> Self {
        let bytes = disk::read(&folder.join(LIST)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let lines = text.lines().filter_map(|line| line.split_once("  "));
        Self(
            lines
                .map(|(sha256, name)| (name.to_owned(), sha256.to_owned()))
                .collect(),
        )
    }

    fn add(&mut self, name: &str, contents: &[u8]) {
        self.0.insert((name.to_owned(), sha256_hex(contents)));
    }

    fn keep_only(&mut self, name: &str, contents: &[u8]) {
        self.0.retain(|(other, _)| other != name);
        self.add(name, contents);
    }

    /// Asks whether a file may be written there: nothing is in its place, or what this program has written.
    fn refuse_another(
        &self,
        folder: &Path,
        name: &str,
        contents: &[u8],
    ) -> Result<(), ResultsError> {
        if !is_plain_name(name) {
            return Err(ResultsError::BadName {
                path: folder.to_owned(),
                what: "a file",
                name: name.to_owned(),
            });
        }
        let path = folder.join(name);
        let facts = match disk::facts(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            facts => facts.context("read", &path)?,
        };
        if facts.is_file() {
            let found = DiskFile::open(&path).and_then(sha256_of);
            let found = found.context("read", &path)?;
            if found == sha256_hex(contents) || self.0.contains(&(name.to_owned(), found)) {
                return Ok(());
            }
        }
        Err(ResultsError::NotOurs { path })
    }

    fn to_bytes(&self) -> Vec<u8> {
        let lines = self
            .0
            .iter()
            .map(|(name, sha256)| format!("{sha256}  {name}\n"));
        lines.collect::<String>().into_bytes()
    }
}

/// Files that are being written, out of sight. Dropped, it takes them along.
struct Staging<'a> {
    folder: &'a Path,
    hidden: PathBuf,
}

impl<'a> Staging<'a> {
    /// Begins, and removes what a killed process left. The caller holds the folder's lock.
    fn begin(folder: &'a Path) -> Result<Self, ResultsError> {
        let hidden = folder.join(STAGED);
        if disk::exists(&hidden) {
            disk::remove_dir_all(&hidden).context("remove", &hidden)?;
        }
        disk::create_dir(&hidden).context("write to", folder)?;
        Ok(Self { folder, hidden })
    }

    fn write(&self, name: &str, contents: &[u8]) -> Result<(), ResultsError> {
        let attempt = || -> io::Result<()> {
            let mut file = DiskFile::create(&self.hidden.join(name))?;
            file.write_all(contents)?;
            file.sync_all()
        };
        attempt().context("write", &self.folder.join(name))
    }

    fn publish(&self, name: &str) -> Result<PathBuf, ResultsError> {
        let path = self.folder.join(name);
        disk::rename(&self.hidden.join(name), &path).context("write", &path)?;
        Ok(path)
    }

    fn publish_list(&self, list: &List) -> Result<(), ResultsError> {
        self.write(LIST, &list.to_bytes())?;
        self.publish(LIST)?;
        Ok(())
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        // Best effort: the next command removes it too.
        let _ = disk::remove_dir_all(&self.hidden);
    }
}
