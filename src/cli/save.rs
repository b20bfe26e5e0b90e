//! A file that a command is told to write: whole or not at all, and nothing of others replaced.

use std::path::{Path, PathBuf};

use miette::Diagnostic;

use super::exit::Stop;
use crate::codes::{self, Code, Coded};
use crate::results::{ResultsError, write_all};
use crate::scenario::is_plain_name;

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{} is not the name of a file that is written here", path.display())]
#[diagnostic(help(
    "give a name of ASCII letters, digits, `-`, `_` and `.`, the first a letter or digit, such as ring.dot"
))]
struct NoFile {
    path: PathBuf,
}

impl Coded for NoFile {
    fn kind(&self) -> Code {
        codes::BAD_NAME
    }
}

/// The name of a file that is to be written, if it can be.
fn plain_name(file: &Path) -> Result<&str, Stop> {
    let name = file.file_name().and_then(|name| name.to_str());
    name.filter(|name| is_plain_name(name)).ok_or_else(|| {
        let path = file.to_owned();
        Stop::usage(NoFile { path })
    })
}

/// Refuses a file whose name cannot be written.
pub(super) fn refuse_name(file: &Path) -> Result<(), Stop> {
    plain_name(file).map(|_| ())
}

/// The folder that a file is in, or will be.
pub(super) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// Writes a file.
pub(super) fn save(file: &Path, contents: Vec<u8>) -> Result<(), Stop> {
    let name = plain_name(file)?;
    save_all(folder_of(file), &[(name.to_owned(), contents)])
}

/// Writes files into a folder, all or none.
pub(super) fn save_all(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Stop> {
    write_all(folder, files).map_err(of_writing)?;
    Ok(())
}

/// A file in the way is for the user to change.
fn of_writing(error: ResultsError) -> Stop {
    match error {
        ResultsError::NotOurs { .. } => Stop::usage(error),
        other => Stop::failed(other),
    }
}
