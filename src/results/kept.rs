//! What may be wrong with a finished run that is kept.

use std::fmt;
use std::io;

/// What was written for a finished run and is so no more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptFile {
    /// The name of a table, `run.json` for what else is known of it, or that of the file with all of them.
    pub name: String,
    /// What is wrong with it.
    pub fault: KeptFault,
}

/// What is wrong with a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum KeptFault {
    /// It is gone.
    Missing,
    /// It is another one.
    Damaged,
    /// The system does not give it, for this reason.
    Unreadable(String),
}

impl KeptFile {
    pub(super) fn new(name: &str, fault: KeptFault) -> Self {
        Self {
            name: name.to_owned(),
            fault,
        }
    }
}

impl KeptFault {
    /// What an error of reading says of the file.
    pub(super) fn of(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Self::Damaged,
            _ => Self::Unreadable(error.to_string()),
        }
    }
}

impl fmt::Display for KeptFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.fault {
            KeptFault::Missing => write!(f, "{name} is missing"),
            KeptFault::Damaged => write!(f, "{name} is not what was written"),
            KeptFault::Unreadable(error) => write!(f, "{name} cannot be read: {error}"),
        }
    }
}
