//! `.avt`: a line per host with its name, its number of sessions, and the start and the end of each in seconds. The format
//! in which Godfrey's repository of availability traces has Skype, PlanetLab, Gnutella, web sites and others (P. B. Godfrey,
//! S. Shenker, I. Stoica, "Minimizing churn in distributed systems", SIGCOMM 2006).

use std::collections::BTreeSet;

use super::sessions::Gathered;
use super::time::{Unit, moment};
use super::trace::{ChurnTrace, Format, HOSTS_MAX, Session, fault};
use crate::inputs::churn_fault::ChurnFault;
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::remarks::Remarks;
use crate::inputs::text::TextFile;

/// Whether a line has a name, a count, and numbers behind them.
pub(super) fn looks_so(line: &str) -> bool {
    let mut words = line.split_whitespace().skip(1);
    let is_count = words.next().is_some_and(|word| word.parse::<u32>().is_ok());
    is_count && words.all(|word| word.parse::<f64>().is_ok())
}

/// Reads all hosts.
///
/// # Errors
/// The first fault in the text.
pub(super) fn read(file: TextFile<'_>, remarks: &mut Remarks) -> Result<ChurnTrace, InputError> {
    let (mut gathered, mut names) = (Gathered::new(file), BTreeSet::new());
    for line in file.data_lines() {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap_or(line);
        if !names.insert(name) {
            let twice = ChurnFault::HostTwice {
                name: shortened(name),
            };
            return Err(fault(file, name, twice));
        }
        if names.len() > HOSTS_MAX {
            let (most, what) = (HOSTS_MAX, "hosts");
            return Err(fault(file, name, ChurnFault::TooMany { most, what }));
        }
        host(file, line, words, &mut gathered)?;
    }
    gathered.finish(Format::Avt, remarks)
}

/// The sessions of one host.
fn host<'a>(
    file: TextFile<'a>,
    line: &'a str,
    mut words: impl Iterator<Item = &'a str> + Clone,
    gathered: &mut Gathered<'a>,
) -> Result<(), InputError> {
    let host = gathered.add_host();
    let Some(count) = words.next() else {
        return Err(fields(file, line, "at least 2 values".into()));
    };
    let Ok(sessions) = count.parse::<u32>() else {
        let value = shortened(count);
        return Err(fault(file, count, ChurnFault::NotACount { value }));
    };
    if words.clone().count() as u64 != 2 * u64::from(sessions) {
        let all = 2 + 2 * u64::from(sessions);
        return Err(fields(
            file,
            line,
            format!("{all} values, as it says that it has {sessions} sessions"),
        ));
    }
    while let (Some(start), Some(end)) = (words.next(), words.next()) {
        let session = Session {
            from: moment(file, start, Unit::Second)?,
            to: moment(file, end, Unit::Second)?,
        };
        gathered.add(host, session, start)?;
    }
    Ok(())
}

fn fields(file: TextFile<'_>, line: &str, expected: String) -> InputError {
    let found = line.split_whitespace().count();
    let what = "the line of this host";
    let wrong = ChurnFault::Fields {
        what,
        expected,
        found,
    };
    fault(file, line.trim(), wrong)
}
