//! The Failure Trace Archive (D. Kondo, B. Javadi, A. Iosup, D. Epema, "The Failure Trace Archive", CCGrid 2010):
//! `event_trace.tab`, a row per span in which a component of a node was available (type 1) or not (type 0), in seconds
//! since 1970. Columns: event, component, node, platform, name of the node, type, start, stop, and why it ended.
//!
//! A node is a host. In some traces only failures are recorded: then a node is up outside of them.

use std::collections::BTreeMap;

use super::sessions::Gathered;
use super::time::{Unit, moment};
use super::trace::{ChurnTrace, Format, HOSTS_MAX, Session, fault};
use crate::engine::SimTime;
use crate::inputs::churn_fault::ChurnFault;
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::remarks::Remarks;
use crate::inputs::text::TextFile;

const NODE: usize = 2;
const TYPE: usize = 5;
const START: usize = 6;
const STOP: usize = 7;

/// A row, taken apart.
struct Row<'a> {
    node: &'a str,
    available: bool,
    session: Session,
    /// Where it starts in the file.
    at: &'a str,
}

/// Whether a line is the header, or has a type and two times at their places.
pub(super) fn looks_so(line: &str) -> bool {
    if is_header(line) {
        return true;
    }
    let values = values(line);
    let is_time = |word: &&str| word.parse::<f64>().is_ok();
    let times = values.get(START).is_some_and(is_time) && values.get(STOP).is_some_and(is_time);
    // A line of an .avt with three sessions has eight values, too, but an even number of them behind a count.
    let is_avt = values[1].parse::<usize>().ok().map(|count| 2 + 2 * count) == Some(values.len());
    times && !is_avt && matches!(values.get(TYPE), Some(&("0" | "1")))
}

fn is_header(line: &str) -> bool {
    line.contains("event_type") && line.contains("event_start_time")
}

/// The values of a line: between tabs, or, where somebody has replaced these, blanks. At least two.
fn values(line: &str) -> Vec<&str> {
    let mut values: Vec<&str> = if line.contains('\t') {
        line.trim_end().split('\t').map(str::trim).collect()
    } else {
        line.split_whitespace().collect()
    };
    values.resize(values.len().max(2), "");
    values
}

/// Reads all rows.
///
/// # Errors
/// The first fault in the text.
pub(super) fn read(file: TextFile<'_>, remarks: &mut Remarks) -> Result<ChurnTrace, InputError> {
    let mut rows = Vec::new();
    for line in file.data_lines().filter(|line| !is_header(line)) {
        rows.push(row(file, line)?);
    }
    let starts = rows.iter().map(|row| row.session.from);
    let first = starts.min().unwrap_or(SimTime::ZERO);
    let ends = rows.iter().map(|row| row.session.to);
    let last = ends.filter(|to| *to < SimTime::MAX).max().unwrap_or(first);
    if first > SimTime::ZERO {
        let seconds = first.0 as f64 / 1e9;
        remarks.say(format!("its times count from the first of them, {seconds}"));
    }
    let only_failures = !rows.iter().any(|row| row.available);
    if only_failures {
        remarks.say("only failures are recorded: hosts are up outside of them");
    }
    let mut gathered = Gathered::new(file);
    let since = |moment: SimTime| match moment {
        SimTime::MAX => SimTime::MAX,
        moment => SimTime(moment.0 - first.0),
    };
    gathered.mention(since(last));
    let mut hosts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut failures: Vec<Vec<Row<'_>>> = Vec::new();
    for row in rows {
        let count = hosts.len();
        let host = *hosts.entry(row.node).or_insert_with(|| gathered.add_host());
        if count == HOSTS_MAX && host == count {
            let (most, what) = (HOSTS_MAX, "hosts");
            return Err(fault(file, row.at, ChurnFault::TooMany { most, what }));
        }
        let session = Session {
            from: since(row.session.from),
            to: since(row.session.to),
        };
        if only_failures {
            failures.resize_with(hosts.len(), Vec::new);
            failures[host].push(Row { session, ..row });
        } else if row.available {
            gathered.add(host, session, row.at)?;
        }
    }
    for (host, failures) in failures.into_iter().enumerate() {
        outside(file, host, failures, &mut gathered)?;
    }
    gathered.finish(Format::FailureArchive, remarks)
}

fn row<'a>(file: TextFile<'a>, line: &'a str) -> Result<Row<'a>, InputError> {
    let values = values(line);
    let [node, kind, start, stop] = [NODE, TYPE, START, STOP].map(|at| values.get(at).copied());
    let (Some(node), Some(kind), Some(start), Some(stop)) = (node, kind, start, stop) else {
        let (what, expected) = ("a row of event_trace.tab", "at least 8 values".to_owned());
        let found = values.len();
        let wrong = ChurnFault::Fields {
            what,
            expected,
            found,
        };
        return Err(fault(file, line.trim(), wrong));
    };
    if !matches!(kind, "0" | "1") {
        let value = shortened(kind);
        let at = if kind.is_empty() { line.trim() } else { kind };
        return Err(fault(file, at, ChurnFault::EventType { value }));
    }
    let to = match stop {
        "NULL" | "null" | "\\N" => SimTime::MAX,
        stop => moment(file, stop, Unit::Second)?,
    };
    let from = moment(file, start, Unit::Second)?;
    if to < from {
        return Err(fault(file, start, ChurnFault::EndsBefore));
    }
    Ok(Row {
        node,
        available: kind == "1",
        session: Session { from, to },
        at: start,
    })
}

/// The sessions of a host that is up but for its failures, which may overlap: several things may fail at once.
fn outside<'a>(
    file: TextFile<'a>,
    host: usize,
    mut failures: Vec<Row<'a>>,
    gathered: &mut Gathered<'a>,
) -> Result<(), InputError> {
    failures.sort_by_key(|row| row.session.from);
    let mut up_from = SimTime::ZERO;
    let mut at = failures.last().map_or(file.text(), |row| row.at);
    for row in failures {
        at = row.at;
        if row.session.from > up_from {
            let to = row.session.from;
            gathered.add(host, Session { from: up_from, to }, row.at)?;
        }
        up_from = up_from.max(row.session.to);
    }
    // A failure that lasts to the end of the trace lasts on.
    if up_from < gathered.last() {
        let to = SimTime::MAX;
        gathered.add(host, Session { from: up_from, to }, at)?;
    }
    Ok(())
}
