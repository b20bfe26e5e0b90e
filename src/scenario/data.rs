//! Files of data that a scenario names. They are read by others; here they are known by their names.

use std::path::PathBuf;
use std::sync::Arc;

use super::error::{Problem, ScenarioError};
use super::source::{Sources, Span};
use crate::codes::Code;
use crate::inputs::file;

/// What a file of data is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DataKind {
    /// `network.matrix.file`
    Matrix,
    /// `network.graph.file`
    Graph,
    /// `network.regions.table`
    Regions,
    /// `workload.keys_file`
    Keys,
    /// `churn.trace.file`
    Churn,
}

impl DataKind {
    /// The most bytes of such a file.
    #[must_use]
    pub fn most_bytes(self) -> u64 {
        match self {
            Self::Matrix => file::MATRIX_BYTES_MAX,
            Self::Graph => file::GRAPH_BYTES_MAX,
            Self::Regions => file::REGIONS_BYTES_MAX,
            Self::Keys => file::KEYS_BYTES_MAX,
            Self::Churn => file::CHURN_BYTES_MAX,
        }
    }
}

/// A file of data, with the place that names it on the common line of all texts.
#[derive(Clone, Debug)]
pub(crate) struct NamedFile {
    /// Where it is, with the scenario's own folder already put in front.
    pub path: PathBuf,
    /// As it is written in the scenario.
    pub written: PathBuf,
    /// What is in it.
    pub kind: DataKind,
    /// Where it is named.
    pub span: Span,
}

/// A file of data that runs of a plan read, with the place that names it.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Where it is, with the scenario's own folder already put in front.
    pub path: PathBuf,
    /// As it is written in the scenario.
    pub written: PathBuf,
    /// What is in it.
    pub kind: DataKind,
    named_at: Span,
    sources: Arc<Sources>,
}

impl DataFile {
    /// A named file of a scenario with these texts.
    pub(super) fn new(file: NamedFile, sources: &Arc<Sources>) -> Self {
        Self {
            path: file.path,
            written: file.written,
            kind: file.kind,
            named_at: file.span,
            sources: Arc::clone(sources),
        }
    }

    /// An error that points at the place in the scenario that names this file: for a file that is
    /// missing or unreadable. `reason` is set beside that place.
    #[must_use]
    pub fn error(&self, code: Code, reason: &str, remedy: &str) -> Box<ScenarioError> {
        let problem = Problem::new(
            code,
            self.named_at.clone(),
            format!("cannot use the file {}", self.path.display()),
            reason,
            remedy,
        );
        ScenarioError::gather(vec![problem], &self.sources)
    }
}
