//! What a trace of churn is once it is read, whatever format it was in.

use crate::engine::SimTime;
use crate::inputs::churn_fault::ChurnFault;
use crate::inputs::error::InputError;
use crate::inputs::fault::Fault;
use crate::inputs::text::TextFile;

/// The most hosts of a trace.
pub const HOSTS_MAX: usize = 1 << 22;
/// The most sessions of a trace.
pub const SESSIONS_MAX: usize = 1 << 25;
/// The most requests of a trace.
pub const ASKS_MAX: usize = 1 << 23;

/// In which format a trace is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A line per host with its sessions.
    Avt,
    /// `event_trace.tab` of the Failure Trace Archive.
    FailureArchive,
    /// An event file of p2psim.
    P2psim,
    /// A trace of OverSim.
    Oversim,
}

/// One span of time for which a host is up, from its start up to and without its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Session {
    /// When it begins.
    pub from: SimTime,
    /// When it ends; [`SimTime::MAX`]: not as long as the trace goes.
    pub to: SimTime,
}

/// What somebody asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wish {
    /// A value is put under a key.
    Put {
        /// The text that is hashed to the key.
        key: Box<str>,
        /// The value.
        value: Box<str>,
    },
    /// A value is read.
    Get {
        /// The text that is hashed to the key.
        key: Box<str>,
    },
    /// The owner of a key is looked up.
    Lookup {
        /// The text that is hashed to the key.
        key: Box<str>,
    },
}

/// A host that is up asks for something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// When.
    pub at: SimTime,
    /// Which host, by its number.
    pub host: u32,
    /// For what.
    pub wish: Wish,
}

/// Who was there when, and asked for what. Hosts have numbers in the order in which the file names them first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChurnTrace {
    /// In which format it was.
    pub format: Format,
    /// All sessions, those of a host one after the other: in order, apart from each other, and none without length.
    pub(super) sessions: Vec<Session>,
    /// For each host where its sessions end.
    pub(super) ends: Vec<u32>,
    /// All requests, in order.
    pub(super) asks: Vec<Ask>,
    /// The last moment that the file speaks of.
    pub(super) last: SimTime,
}

impl ChurnTrace {
    /// How many hosts there are, those that are never up included.
    #[must_use]
    pub fn hosts(&self) -> usize {
        self.ends.len()
    }

    /// Whether anybody is ever up.
    #[must_use]
    pub fn has_sessions(&self) -> bool {
        !self.sessions.is_empty()
    }

    /// The sessions of a host, in order.
    #[must_use]
    pub fn sessions_of(&self, host: usize) -> &[Session] {
        let first = if host == 0 { 0 } else { self.ends[host - 1] };
        &self.sessions[first as usize..self.ends[host] as usize]
    }

    /// All requests, in order.
    #[must_use]
    pub fn asks(&self) -> &[Ask] {
        &self.asks
    }

    /// The last moment that the file speaks of.
    #[must_use]
    pub fn last(&self) -> SimTime {
        self.last
    }

    /// Bytes of memory, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.sessions) + size_of_val(&*self.ends) + size_of_val(&*self.asks)
    }
}

/// A fault at a part of the text.
pub(super) fn fault(file: TextFile<'_>, part: &str, fault: ChurnFault) -> InputError {
    file.fault(part, Fault::Churn(fault))
}
