//! How the program ends, well or not.

use crate::codes::Coded;
use crate::scenario::ScenarioError;

/// How the program ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Exit {
    /// All is done.
    Done = 0,
    /// Something went wrong at run time.
    Failed = 1,
    /// The command line or a scenario is wrong; nothing was written.
    Usage = 2,
    /// Some runs failed, the rest is written.
    Partial = 3,
    /// Two results that should be the same are not.
    Differs = 4,
    /// Interrupted; finished runs are kept.
    Interrupted = 130,
}

/// An error that ends the program.
pub(super) struct Stop {
    pub exit: Exit,
    pub diagnostic: Box<dyn Coded + Send + Sync>,
}

impl Stop {
    /// The command line or a scenario is wrong.
    pub(super) fn usage(diagnostic: impl Coded + Send + Sync + 'static) -> Self {
        Self {
            exit: Exit::Usage,
            diagnostic: Box::new(diagnostic),
        }
    }

    /// A scenario is wrong.
    pub(super) fn scenario(error: Box<ScenarioError>) -> Self {
        Self {
            exit: Exit::Usage,
            diagnostic: error,
        }
    }

    /// Something went wrong at run time.
    pub(super) fn failed(diagnostic: impl Coded + Send + Sync + 'static) -> Self {
        Self {
            exit: Exit::Failed,
            diagnostic: Box::new(diagnostic),
        }
    }
}
