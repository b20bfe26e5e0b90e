//! Why results could not be written or read, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use super::entry::Failure;

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
