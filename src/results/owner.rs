//! Whose files lie in a folder. Results are written only where nothing of others is lost.
//!
//! A result is known by what its manifest says, not by the names of files: many programs write a `manifest.json` or a
//! `summary.csv`. Between two manifests, while a result is being replaced, a journal among the parts says the same.
//! Both may come from elsewhere and list anything: of what they list, ours is what is named like a file of a result.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::disk;
use super::entry::Program;
use super::error::{Context as _, ResultsError};
use super::lock::{self, LOCK};
use super::manifest::{self, Manifest};
use super::part::UNFINISHED;
use super::redo;
use super::staged::ASSEMBLED;
use crate::scenario::is_plain_name;

/// Where finished runs are kept until the result is complete, in its folder.
pub(super) const PARTS: &str = ".parts";
/// The names of the files that are ours while there is no manifest, among the parts.
pub(super) const JOURNAL: &str = "publishing.json";
/// Stands behind the name of a journal or manifest that is being written there.
pub(super) const NEW: &str = ".new";

/// Asks whether results may be written to a folder: it is not there, is empty, or holds a result of this program, whole
/// or not. Hidden files that have no meaning here count for nothing.
///
/// # Errors
/// If somebody else's files are there, or it cannot be known.
pub fn refuse_files_of_others(folder: &Path) -> Result<(), ResultsError> {
    own_files(folder).map(|_| ())
}

/// The files of a result besides its manifest that lie in a folder, by what manifest or journal say.
///
/// # Errors
/// If somebody else's files are there, or it cannot be known.
pub(super) fn own_files(folder: &Path) -> Result<BTreeSet<String>, ResultsError> {
    let names = match disk::names(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !disk::exists(folder) => {
            return Ok(BTreeSet::new());
        }
        names => names.context("read", folder)?,
    };
    let own = Own::of(folder)?;
    match names.into_iter().find(|name| own.loses(folder, name)) {
        Some(name) => Err(ResultsError::Foreign {
            path: folder.to_owned(),
            name,
        }),
        None => Ok(own.names.unwrap_or_default()),
    }
}

/// What is known to be of this program.
struct Own {
    /// The files besides the manifest; `None` if there is no result at all.
    names: Option<BTreeSet<String>>,
    /// Whether a manifest is there, and ours.
    manifest: bool,
}

impl Own {
    fn of(folder: &Path) -> Result<Self, ResultsError> {
        match Manifest::read(folder) {
            Ok(Some(manifest)) if manifest.program.name == Program::this().name => {
                let names = manifest.files.into_iter().map(|file| file.name).collect();
                Ok(Self::result(of_results(names)))
            }
            // It began as one of ours. What it listed is gone with the rest of it.
            Err(ResultsError::Manifest { .. } | ResultsError::BadName { .. })
                if disk::read(&folder.join(manifest::FILE))
                    .is_ok_and(|bytes| begins_as_ours(&bytes)) =>
            {
                Ok(Self::result(known_names()))
            }
            Err(error @ ResultsError::Io { .. }) => Err(error),
            Ok(Some(_)) | Err(_) => Ok(Self {
                names: None,
                manifest: false,
            }),
            Ok(None) => Ok(Self {
                names: journal(&folder.join(PARTS).join(JOURNAL)),
                manifest: false,
            }),
        }
    }

    fn result(names: BTreeSet<String>) -> Self {
        Self {
            names: Some(names),
            manifest: true,
        }
    }

    /// Whether something in the folder is of others and would be lost, or mixed up with a result.
    fn loses(&self, folder: &Path, name: &str) -> bool {
        let path = folder.join(name);
        match name {
            LOCK => lock::is_of_others(&path),
            PARTS => !are_parts(&path),
            manifest::FILE => !self.manifest,
            _ if name.starts_with('.') => false,
            _ => match &self.names {
                Some(names) => !names.contains(name) && known_names().contains(name),
                None => true,
            },
        }
    }
}

/// The files that any result may have, besides the manifest.
fn known_names() -> BTreeSet<String> {
    redo::known_files().map(str::to_owned).collect()
}

/// Those of the listed names that a result may have. Nothing else is removed: `notes.txt` is none of ours, listed or not.
fn of_results(mut listed: BTreeSet<String>) -> BTreeSet<String> {
    let known = known_names();
    listed.retain(|name| known.contains(name));
    listed
}

/// Whether a manifest that cannot be understood begins like one of this program.
pub(super) fn begins_as_ours(bytes: &[u8]) -> bool {
    let name = format!("{{\"program\":{{\"name\":\"{}\"", Program::this().name);
    let bytes = bytes
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace());
    bytes.take(name.len()).eq(name.bytes())
}

/// The files of a result that a journal lists. A name that leads out of the folder makes it none of ours.
fn journal(path: &Path) -> Option<BTreeSet<String>> {
    let names: BTreeSet<String> = serde_json::from_slice(&disk::read(path).ok()?).ok()?;
    let are_plain = names.iter().all(|name| is_plain_name(name));
    are_plain.then(|| of_results(names))
}

/// Whether finished runs are kept in a result folder, or may be.
pub(super) fn has_parts(folder: &Path) -> bool {
    are_parts(&folder.join(PARTS))
}

/// How many finished runs are kept in a result folder.
pub(super) fn kept_runs(folder: &Path) -> usize {
    let names = disk::names(&folder.join(PARTS)).unwrap_or_default();
    names.iter().filter(|name| is_key(name)).count()
}

/// Whether a folder holds parts of ours and nothing else.
fn are_parts(folder: &Path) -> bool {
    let Ok(names) = disk::names(folder) else {
        return false;
    };
    disk::is_dir(folder) && names.iter().all(|name| is_of_parts(folder, name))
}

fn is_of_parts(folder: &Path, name: &str) -> bool {
    let path = folder.join(name);
    match name.strip_suffix(NEW).unwrap_or(name) {
        JOURNAL | manifest::FILE => disk::facts(&path).is_ok_and(|facts| facts.is_file()),
        ASSEMBLED => holds_rows(&path),
        // No one else calls a file so; looking into each of many takes time.
        _ => is_key(name.strip_prefix(UNFINISHED).unwrap_or(name)),
    }
}

fn is_key(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn holds_rows(folder: &Path) -> bool {
    let known = known_names();
    let is_known = |name: &String| known.contains(name) || name == manifest::FILE;
    disk::is_dir(folder) && disk::names(folder).is_ok_and(|names| names.iter().all(is_known))
}
