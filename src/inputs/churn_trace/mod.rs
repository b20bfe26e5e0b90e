//! Traces of churn: which hosts were there when, as somebody has measured it or a simulator was told.
//!
//! Two kinds of files come in. Those of *measurements* list sessions, and what was still up when the measurement ended
//! is no departure: nobody saw it go. Those of *simulators* list joins, departures and requests; what is not said does not
//! happen. A format is a file here and a line in [`FORMATS`]; which one a text is in, its first line tells.

mod avt;
mod events;
mod failure_archive;
mod oversim;
mod p2psim;
mod sessions;
mod time;
mod trace;

pub use trace::{ASKS_MAX, Ask, ChurnTrace, Format, HOSTS_MAX, SESSIONS_MAX, Session, Wish};

use self::trace::fault;

use super::churn_fault::ChurnFault;
use super::error::InputError;
use super::fault::Fault;
use super::remarks::Remarks;
use super::text::TextFile;

/// A format: its name, whether a line of data looks like it, and its reader.
struct Known {
    format: Format,
    name: &'static str,
    looks_so: fn(&str) -> bool,
    read: fn(TextFile<'_>, &mut Remarks) -> Result<ChurnTrace, InputError>,
}

/// All formats; the first that a text looks like is the one it is in.
static FORMATS: [Known; 4] = [
    Known {
        format: Format::P2psim,
        name: "an event file of p2psim",
        looks_so: p2psim::looks_so,
        read: p2psim::read,
    },
    Known {
        format: Format::Oversim,
        name: "a trace of OverSim",
        looks_so: oversim::looks_so,
        read: oversim::read,
    },
    Known {
        format: Format::FailureArchive,
        name: "event_trace.tab of the Failure Trace Archive",
        looks_so: failure_archive::looks_so,
        read: failure_archive::read,
    },
    Known {
        format: Format::Avt,
        name: "sessions of hosts, a line each (.avt)",
        looks_so: avt::looks_so,
        read: avt::read,
    },
];

/// Reads a trace. Without a `format` its first line tells which it is.
///
/// # Errors
/// The first fault in the text.
pub fn read(
    file: TextFile<'_>,
    format: Option<Format>,
    remarks: &mut Remarks,
) -> Result<ChurnTrace, InputError> {
    let Some(first) = file.data_lines().next() else {
        return Err(file.fault(file.text(), Fault::Empty));
    };
    let known = match format {
        Some(format) => FORMATS.iter().find(|known| known.format == format),
        None => FORMATS.iter().find(|known| (known.looks_so)(first)),
    };
    let Some(known) = known else {
        return Err(fault(file, first.trim(), ChurnFault::UnknownFormat));
    };
    remarks.say(format!("read as {}", known.name));
    let trace = (known.read)(file, remarks)?;
    if !trace.has_sessions() {
        return Err(fault(file, first.trim(), ChurnFault::NobodyUp));
    }
    Ok(trace)
}

#[cfg(test)]
mod tests;
