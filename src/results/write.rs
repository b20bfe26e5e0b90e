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

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;
    use crate::results::disk::faults::{Fault, Faults};

    /// Two pictures, which say when they were drawn.
    fn drawn(when: &str) -> Vec<(String, Vec<u8>)> {
        let file = |name: &str| (name.to_owned(), format!("{name}, {when}").into_bytes());
        vec![file("a.svg"), file("b.svg")]
    }

    fn found(folder: &Path) -> Vec<Option<String>> {
        let read = |name| fs::read_to_string(folder.join(name)).ok();
        ["a.svg", "b.svg"].into_iter().map(read).collect()
    }

    fn all(when: &str) -> Vec<Option<String>> {
        let files = drawn(when).into_iter();
        files
            .map(|(_, text)| String::from_utf8(text).ok())
            .collect()
    }

    /// Each file is the old one or the new one; whoever draws next is not stopped by what is left.
    #[test]
    fn a_process_may_be_killed_at_any_step() {
        for fault in [Fault::Stops, Fault::Fails(io::ErrorKind::StorageFull)] {
            for has_older in [false, true] {
                for at in 0.. {
                    let place = TempDir::new().unwrap();
                    let folder = place.path().join("plots");
                    if has_older {
                        write_all(&folder, &drawn("then")).unwrap();
                    }
                    let old = found(&folder);
                    let faults = Faults::plan(place.path(), fault, at);
                    let wrote = write_all(&folder, &drawn("now"));
                    let met = faults.taken().len() > at;
                    drop(faults);
                    let told = format!("{fault:?} at step {at}");
                    let new = all("now");
                    let mut pairs = found(&folder).into_iter().zip(old.iter().zip(&new));
                    assert!(
                        pairs.all(|(is, (old, new))| is == *old || is == *new),
                        "{told}"
                    );
                    assert!(wrote.is_err() || found(&folder) == new, "{told}");
                    write_all(&folder, &drawn("later")).expect(&told);
                    assert_eq!(found(&folder), all("later"), "{told}");
                    assert_eq!(disk::names(&folder).unwrap(), [LIST, "a.svg", "b.svg"]);
                    if !met {
                        assert!(at > 20, "{at} steps");
                        break;
                    }
                }
            }
        }
    }

    /// Two that draw into one folder: one waits for the other.
    #[test]
    fn two_may_draw_into_one_folder() {
        let folder = TempDir::new().unwrap();
        std::thread::scope(|scope| {
            for when in ["then", "now"] {
                let folder = folder.path();
                scope.spawn(move || {
                    for _ in 0..50 {
                        write_all(folder, &drawn(when)).unwrap();
                    }
                });
            }
        });
        let found = found(folder.path());
        assert!(found == all("then") || found == all("now"), "{found:?}");
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let folder = TempDir::new().unwrap();
        for name in ["../a.svg", "/tmp/a.svg", ".a", "", "a/b", "a\u{1b}"] {
            let files = [(name.to_owned(), Vec::new())];
            let error = write_all(folder.path(), &files).unwrap_err();
            assert!(matches!(error, ResultsError::BadName { .. }), "{error}");
        }
        assert!(disk::names(folder.path()).unwrap().is_empty());
    }
}
