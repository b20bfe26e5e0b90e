//! Why there is no page, and what to do about it.

use miette::Diagnostic;

use crate::codes::{self, Code, Coded};
use crate::report::folder::FolderError;
use crate::results::ResultsError;

const RUN_AGAIN: &str =
    "`chordsim run` with the scenario of these results does again what is missing or damaged";

/// Why there is no page.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum HtmlError {
    /// The result folder cannot be read.
    #[error("cannot make a page of these results")]
    #[diagnostic(help("{RUN_AGAIN}"))]
    Folder(#[from] FolderError),
    /// A file of the results cannot be read.
    #[error("cannot make a page of these results")]
    #[diagnostic(help("{RUN_AGAIN}"))]
    Results(#[from] ResultsError),
    /// No run came to its end.
    #[error("no run of these results came to its end, so there is nothing to show: {reason}")]
    #[diagnostic(help("mend what made the runs fail, then run the scenario again"))]
    AllFailed {
        /// Why the first of them did not.
        reason: String,
    },
    /// A map could not be drawn.
    #[error("the map `{name}` could not be drawn: {reason}")]
    Map {
        /// Which.
        name: String,
        /// What the plotting crate says.
        reason: String,
    },
    /// A template that a user wrote is wrong.
    #[error("the template {name} is wrong: {reason}")]
    #[diagnostic(help(
        "the variables, blocks and files that a template may name are listed in docs/report.md; without --template the \
         program's own is taken"
    ))]
    Template {
        /// Its name.
        name: String,
        /// Where and what.
        reason: String,
    },
}

impl Coded for HtmlError {
    fn kind(&self) -> Code {
        match self {
            Self::Folder(error) => error.code(),
            Self::Results(error) => error.kind(),
            Self::AllFailed { .. } => codes::RUNS_FAILED,
            Self::Map { .. } => codes::NOT_DRAWN,
            Self::Template { .. } => codes::BAD_TEMPLATE,
        }
    }
}

impl HtmlError {
    /// Whether what the user typed is wrong, and not the results.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Template { .. })
    }
}
