//! The part of a trace of churn that a run plays, and what the trace says of that run once it has been read.

use std::path::PathBuf;

use serde::Serialize;

use super::keys::storage::Storage;
use crate::engine::SimDuration;

pub use crate::inputs::churn_trace::Format as TraceFormat;

/// `[churn.trace]`: the part of a trace that is played.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PlayedTrace {
    /// Where it is, with the scenario's own folder already put in front.
    pub file: PathBuf,
    /// In which format it is; `None`: its content tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<TraceFormat>,
    /// The moment of the trace that is time 0, counted from its beginning.
    pub from: SimDuration,
    /// How much of it is played, in its own time; `None`: all that follows.
    pub length: Option<SimDuration>,
    /// Seconds of the trace in a second of the run; more than zero.
    pub speed: f64,
    /// How many the scenario says are up at time 0, if it does.
    #[serde(skip)]
    pub nodes: Option<u32>,
    /// How values are kept if the trace puts and gets any.
    #[serde(skip)]
    pub storage: Storage,
    /// What the file says of the run; `None` as long as it has not been read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<TraceFacts>,
}

/// What a trace says of a run before it begins, the warm-up included.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct TraceFacts {
    /// Peers that are up at some time.
    pub peers: u32,
    /// How often a peer comes.
    pub joins: u64,
    /// How often a peer goes.
    pub departures: u64,
    /// Peers that are up on average.
    pub mean_up: f64,
    /// Lookups that the trace asks for.
    pub lookups: u64,
    /// Puts, likewise.
    pub puts: u64,
    /// Gets, likewise.
    pub gets: u64,
    /// When the last of all that the trace says happens, also after the end of the run.
    pub last: Option<SimDuration>,
}
