//! What can be wrong with a trace of churn, each with its remedy.

use crate::codes::{self, Code};

/// What is wrong at one place of a trace.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ChurnFault {
    /// The beginning is of no known format.
    #[error("this is no trace of churn in a format that is known")]
    UnknownFormat,
    /// A line is shorter or longer than lines of its format are.
    #[error("{what} has {expected}, this line has {found}")]
    Fields {
        /// What a line is.
        what: &'static str,
        /// What it should have.
        expected: String,
        /// How many values it has.
        found: usize,
    },
    /// Something that should be a moment.
    #[error("`{value}` is not a time")]
    NotATime {
        /// What stands there.
        value: String,
    },
    /// A moment before the trace begins.
    #[error("a time of `{value}` is negative")]
    NegativeTime {
        /// What stands there.
        value: String,
    },
    /// A moment that cannot be in seconds.
    #[error("a time of `{value}` is beyond 10^10 seconds")]
    TooLate {
        /// What stands there.
        value: String,
    },
    /// A count of sessions that is none.
    #[error("`{value}` is not a number of sessions")]
    NotACount {
        /// What stands there.
        value: String,
    },
    /// A session ends before it begins.
    #[error("a session ends before it begins")]
    EndsBefore,
    /// A host is up twice at a time.
    #[error("this session begins before another of the same host ends")]
    Overlap,
    /// A host has two lines where it should have one.
    #[error("the host `{name}` has a line already")]
    HostTwice {
        /// Its name.
        name: String,
    },
    /// A kind of event that the Failure Trace Archive has, and that says nothing about who is there.
    #[error("an event of the type `{value}` says neither that a host is up nor that it is not")]
    EventType {
        /// What stands there.
        value: String,
    },
    /// An action that a simulator knows and this program does not.
    #[error("`{value}` is not a known action")]
    UnknownAction {
        /// What stands there.
        value: String,
    },
    /// A request without the key, or a put without the value.
    #[error("`{action}` needs {needs}")]
    Incomplete {
        /// What is done.
        action: &'static str,
        /// What must follow.
        needs: &'static str,
    },
    /// Who is to join is there.
    #[error("the node {node} joins, and it is there already")]
    JoinsTwice {
        /// Its name.
        node: String,
    },
    /// Who is to go is not there.
    #[error("the node {node} goes, and it is not there")]
    NotThereToGo {
        /// Its name.
        node: String,
    },
    /// Who is to ask is not there.
    #[error("the node {node} asks, and it is not there")]
    NotThereToAsk {
        /// Its name.
        node: String,
    },
    /// More of something than there may be.
    #[error("there are more than {most} {what}")]
    TooMany {
        /// The most there may be.
        most: usize,
        /// What they are.
        what: &'static str,
    },
    /// Nobody is ever up.
    #[error("nobody is ever up in this trace")]
    NobodyUp,
}

impl ChurnFault {
    /// Which kind of mistake it is.
    pub(super) fn code(&self) -> Code {
        match self {
            Self::UnknownFormat | Self::EventType { .. } | Self::UnknownAction { .. } => {
                codes::UNKNOWN_FORMAT
            }
            Self::Fields { .. } | Self::Incomplete { .. } => codes::WRONG_COUNT,
            Self::NotATime { .. } | Self::NotACount { .. } => codes::NOT_A_NUMBER,
            Self::NegativeTime { .. } | Self::TooLate { .. } => codes::IMPOSSIBLE_VALUE,
            Self::HostTwice { .. } => codes::NAMES,
            Self::EndsBefore
            | Self::Overlap
            | Self::JoinsTwice { .. }
            | Self::NotThereToGo { .. }
            | Self::NotThereToAsk { .. } => codes::TRACE_CONTRADICTS_ITSELF,
            Self::TooMany { .. } => codes::TOO_MANY,
            Self::NobodyUp => codes::NO_DATA,
        }
    }

    /// What to do about it.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::UnknownFormat => {
                "known are .avt (a host's name, its number of sessions, then the start and the end of each in seconds), \
                 event_trace.tab of the Failure Trace Archive, event files of p2psim (node 1000 5 join) and traces of OverSim \
                 (10 5 JOIN)"
            }
            Self::Fields { .. } => {
                "has the file been downloaded completely? `churn.trace.format` names the format where it was taken for another"
            }
            Self::NotATime { .. } => {
                "write a number with a decimal point: seconds, in event files of p2psim milliseconds"
            }
            Self::NegativeTime { .. } => {
                "let the trace begin at 0 or later: add the same number to all times"
            }
            Self::TooLate { .. } => {
                "times are in seconds (p2psim: milliseconds): is the file in another unit?"
            }
            Self::NotACount { .. } => {
                "the second value of a line is how many sessions the host has, a whole number"
            }
            Self::EndsBefore => {
                "a session is its start and then its end, in seconds: exchange the two, or remove it"
            }
            Self::Overlap => {
                "a host is up once at a time: join the two into one session; of a host with several components keep the rows of one"
            }
            Self::HostTwice { .. } => "write all sessions of a host in one line",
            Self::EventType { .. } => {
                "1 is available, 0 is not; keep the rows of these two types, of the component that says whether the host is there"
            }
            Self::UnknownAction { .. } => {
                "OverSim: JOIN, LEAVE, PUT key value, GET key; p2psim: join, leave, crash, lookup key=…; remove the line"
            }
            Self::Incomplete { .. } => "add what is missing, or remove the line",
            Self::JoinsTwice { .. } => "let it leave before, or remove the line",
            Self::NotThereToGo { .. } | Self::NotThereToAsk { .. } => {
                "let it join before, or remove the line; lines count in the order of their times"
            }
            Self::TooMany { .. } => "keep a part of the trace: every run holds all of it in memory",
            Self::NobodyUp => "a trace has at least one session that takes time",
        }
    }
}
