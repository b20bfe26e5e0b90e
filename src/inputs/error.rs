//! Why a file cannot be used, with the place where that shows.

use std::path::{Path, PathBuf};

use miette::SourceSpan;

use super::excerpt::{Excerpt, Position};
use super::fault::Fault;
use crate::codes::{Code, Coded};

/// Why the text of a file gives no data.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum InputError {
    /// The text is not as it must be.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Text(Box<TextFault>),
}

/// A fault in a file's text, with the place where it is.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{}, line {}, column {}: {fault}", .path.display(), .position.line, .position.column)]
pub struct TextFault {
    path: PathBuf,
    position: Position,
    fault: Fault,
    #[source_code]
    excerpt: Excerpt,
    #[label("here")]
    shown: SourceSpan,
    #[help]
    help: String,
}

impl TextFault {
    /// A fault at a part of a line of a file. `excerpt` shows the part's neighbourhood, and `shown` is
    /// where the part stands in it.
    pub(super) fn new(path: &Path, fault: Fault, excerpt: Excerpt, shown: SourceSpan) -> Self {
        Self {
            path: path.to_path_buf(),
            position: excerpt.position(),
            help: fault.help().to_owned(),
            fault,
            excerpt,
            shown,
        }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Line and column, in characters, both counted from 1.
    #[must_use]
    pub fn place(&self) -> (usize, usize) {
        (self.position.line, self.position.column)
    }

    /// What is wrong there.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        &self.fault
    }
}

impl Coded for InputError {
    fn kind(&self) -> Code {
        let Self::Text(fault) = self;
        fault.fault.code()
    }
}
