//! The loop of one run.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::metrics::{RecordSink, RunSummary};
use crate::network::{Assets, NetworkError};
use crate::scenario::RunSpec;

/// What others may see of a run under way, and their way to stop it. Read and written from other
/// threads; nothing in it influences the result of a run that is not stopped.
#[derive(Default)]
pub struct Watch {
    /// Simulated nanoseconds so far.
    pub now: AtomicU64,
    /// Simulated nanoseconds at which the measurement ends (known once the run has begun).
    pub end: AtomicU64,
    /// Events handled so far.
    pub events: AtomicU64,
    /// Set to make the run stop at the next opportunity.
    pub cancel: AtomicBool,
}

impl Watch {
    /// Whether the run has been asked to stop.
    #[must_use]
    pub fn cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}

/// Runs one simulation from beginning to end.
///
/// `lookups` is the share of lookups that reach the sink as rows (all are counted in the summary).
///
/// # Errors
/// [`SimError`] says what.
pub fn simulate(
    _spec: &RunSpec,
    _assets: &Assets,
    _lookups: f64,
    _watch: &Watch,
    _sink: &mut dyn RecordSink,
) -> Result<RunSummary, SimError> {
    Err(SimError::Cancelled)
}

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// It was asked to stop through its [`Watch`].
    #[error("the run was interrupted")]
    Cancelled,
    /// A result row could not be written.
    #[error("a result row could not be written: {0}")]
    Sink(#[from] std::io::Error),
    /// The network could not be set up.
    #[error(transparent)]
    Network(#[from] NetworkError),
}
