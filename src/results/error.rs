//! Why results could not be written or read, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use super::entry::Failure;
use super::kept::KeptFile;
use crate::codes::{self, Code, Coded};
use crate::inputs::file::{self, Refusal};

/// Why results could not be written or read.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum ResultsError {
    /// A file or folder could not be used.
    #[error("cannot {action} {}", path.display())]
    #[diagnostic(help("{}", remedy(source)))]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process writes to the same folder.
    #[error("{} is in use by another chordsim", path.display())]
    #[diagnostic(help(
        "wait until it is done, or write somewhere else with --out; results of one scenario go \
         to one folder"
    ))]
    InUse {
        /// The result folder.
        path: PathBuf,
    },
    /// Somebody else's files are where results are to go.
    #[error("{} is not empty, and {name} in it is of no result that this program wrote there", path.display())]
    #[diagnostic(help(
        "write somewhere else with --out, or move what is there away: nothing of others is \
         replaced or removed"
    ))]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// One of the files, or a folder.
        name: String,
    },
    /// A file that is to be written is there, and not as this program has left it.
    #[error("{} is in the way: it was not written by this program, or was changed since", path.display())]
    #[diagnostic(help("name another folder, or move the file away"))]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// A process writes to the folder that is to be read.
    #[error("{} is being written by another chordsim", path.display())]
    #[diagnostic(help("wait until it is done, and give the command again"))]
    BeingWritten {
        /// The result folder.
        path: PathBuf,
    },
    /// What was read is not one result.
    #[error("{} was written anew while it was read", path.display())]
    #[diagnostic(help("give the command again"))]
    Changed {
        /// The result folder.
        path: PathBuf,
    },
    /// A finished run is not what was written, and was not when done again.
    #[error("run {run} was done again, and in vain: {file}")]
    #[diagnostic(help(
        "is some other program at work in {}? If not, the disk may be failing: write to another one with --out",
        path.display()
    ))]
    Unstable {
        /// Where finished runs are kept.
        path: PathBuf,
        /// The run.
        run: usize,
        /// What is wrong.
        file: KeptFile,
    },
    /// No run came to its end.
    #[error("{}", all_failed(failures))]
    #[diagnostic(help("nothing was written; an earlier result, if there was one, is untouched"))]
    AllFailed {
        /// Every run, with its reason.
        failures: Vec<Failure>,
    },
    /// A manifest is there but cannot be understood.
    #[error("{} is not a manifest of this program", path.display())]
    #[diagnostic(help("run the scenario again to replace the result"))]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A name that is to become that of a file or folder, and cannot.
    #[error("{} names {what} {name:?}", path.display())]
    #[diagnostic(help(
        "such a name is ASCII letters, digits, `-`, `_` and `.`, the first a letter or digit, and stands \
         for one thing: the manifest was changed since it was written; run the scenario again"
    ))]
    BadName {
        /// The manifest.
        path: PathBuf,
        /// What is named.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// There is no complete result in a folder.
    #[error("{} holds no complete result: it has no manifest.json", path.display())]
    #[diagnostic(help(
        "give the folder that `chordsim run` wrote, such as results/churn; if the run was \
         interrupted, the same command completes it"
    ))]
    NoResult {
        /// The folder.
        path: PathBuf,
    },
}

impl Coded for ResultsError {
    fn kind(&self) -> Code {
        match self {
            Self::Io { source, .. } => code_of(source),
            Self::InUse { .. } | Self::BeingWritten { .. } => codes::IN_USE,
            Self::Foreign { .. } | Self::NotOurs { .. } => codes::FILES_OF_OTHERS,
            Self::Changed { .. } => codes::CHANGED_MEANWHILE,
            Self::Unstable { .. } => codes::DONE_IN_VAIN,
            Self::AllFailed { .. } => codes::RUNS_FAILED,
            Self::Manifest { .. } | Self::BadName { .. } => codes::DAMAGED,
            Self::NoResult { .. } => codes::NOT_A_RESULT,
        }
    }
}

fn code_of(error: &io::Error) -> Code {
    match error.kind() {
        _ if Refusal::of(error).is_some() => file::code_of(error),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => codes::NOT_ALLOWED,
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => codes::FILE_IN_THE_PATH,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => codes::DISK_FULL,
        io::ErrorKind::FileTooLarge => codes::FILE_LIMIT,
        io::ErrorKind::NotFound => codes::NO_SUCH_FILE,
        _ => codes::INPUT_OUTPUT,
    }
}

fn all_failed(failures: &[Failure]) -> String {
    match failures {
        [] => "there is nothing to run".to_owned(),
        [only] => format!("the run failed: {}", only.reason),
        [first, ..] => format!(
            "all {} runs failed; the first of them (run {}): {}",
            failures.len(),
            first.run,
            first.reason
        ),
    }
}

fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "write somewhere else with --out, or change who may write there"
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a part of this path is a file, not a folder: write somewhere else with --out, or \
             move the file away"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space and give the same command again: finished runs are kept, only what \
             is missing is done; `[output] lookups = \"none\"` writes far less"
        }
        io::ErrorKind::FileTooLarge => {
            "a file may not become so large here: raise the limit (`ulimit -f`), or write less, as \
             with `[output] lookups = \"none\"`"
        }
        _ => "write somewhere else with --out, or put right what the system complains about",
    }
}

/// Puts action and path to an I/O error.
pub(super) trait Context<T> {
    fn context(self, action: &'static str, path: &Path) -> Result<T, ResultsError>;
}

impl<T> Context<T> for io::Result<T> {
    fn context(self, action: &'static str, path: &Path) -> Result<T, ResultsError> {
        self.map_err(|source| ResultsError::Io {
            action,
            path: path.to_owned(),
            source,
        })
    }
}
