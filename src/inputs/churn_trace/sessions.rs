//! What the formats of measurements share: sessions that are gathered host by host, put in order and made plain.

use super::trace::{ChurnTrace, Format, SESSIONS_MAX, Session, fault};
use crate::engine::SimTime;
use crate::inputs::churn_fault::ChurnFault;
use crate::inputs::error::InputError;
use crate::inputs::remarks::Remarks;
use crate::inputs::text::TextFile;

/// A session with the place where it begins in the file.
#[derive(Clone, Copy)]
struct Found<'a> {
    session: Session,
    at: &'a str,
}

/// Sessions of hosts as they are read.
pub(super) struct Gathered<'a> {
    file: TextFile<'a>,
    /// By host.
    hosts: Vec<Vec<Found<'a>>>,
    sessions: usize,
    last: SimTime,
    /// Sessions without length.
    empty: usize,
}

impl<'a> Gathered<'a> {
    pub(super) fn new(file: TextFile<'a>) -> Self {
        Self {
            file,
            hosts: Vec::new(),
            sessions: 0,
            last: SimTime::ZERO,
            empty: 0,
        }
    }

    /// The next host; its number.
    pub(super) fn add_host(&mut self) -> usize {
        self.hosts.push(Vec::new());
        self.hosts.len() - 1
    }

    /// The file speaks of this moment.
    pub(super) fn mention(&mut self, moment: SimTime) {
        if moment < SimTime::MAX {
            self.last = self.last.max(moment);
        }
    }

    /// The last moment that the file speaks of, as far as it has been read.
    pub(super) fn last(&self) -> SimTime {
        self.last
    }

    /// A host is up from one moment to another; `at` is where the file says so.
    ///
    /// # Errors
    /// It ends before it begins, or there are too many.
    pub(super) fn add(
        &mut self,
        host: usize,
        session: Session,
        at: &'a str,
    ) -> Result<(), InputError> {
        let wrong = |what| Err(fault(self.file, at, what));
        if session.to < session.from {
            return wrong(ChurnFault::EndsBefore);
        }
        if self.sessions == SESSIONS_MAX {
            let (most, what) = (SESSIONS_MAX, "sessions");
            return wrong(ChurnFault::TooMany { most, what });
        }
        self.mention(session.from);
        self.mention(session.to);
        if session.from == session.to {
            self.empty += 1;
            return Ok(());
        }
        self.sessions += 1;
        self.hosts[host].push(Found { session, at });
        Ok(())
    }

    /// The trace: sessions in order, what touches made one, and what lasts to the end of the file without an end.
    ///
    /// # Errors
    /// A host is up twice at a time.
    pub(super) fn finish(
        self,
        format: Format,
        remarks: &mut Remarks,
    ) -> Result<ChurnTrace, InputError> {
        let (mut sessions, mut ends) = (Vec::with_capacity(self.sessions), Vec::new());
        let (mut joined, mut open) = (0, 0);
        for mut found in self.hosts {
            found.sort_by_key(|found| found.session.from);
            let first = sessions.len();
            for Found { session, at } in found {
                let before = sessions[first..].last().map(|before: &Session| before.to);
                match before {
                    Some(to) if session.from < to => {
                        return Err(fault(self.file, at, ChurnFault::Overlap));
                    }
                    Some(to) if session.from == to => {
                        joined += 1;
                        if let Some(before) = sessions.last_mut() {
                            before.to = session.to;
                        }
                    }
                    _ => sessions.push(session),
                }
            }
            if let Some(last) = sessions[first..].last_mut().filter(|it| it.to >= self.last) {
                last.to = SimTime::MAX;
                open += 1;
            }
            ends.push(sessions.len() as u32);
        }
        say(
            remarks,
            open,
            "that last to the end of the trace, whose hosts stay",
        );
        say(
            remarks,
            joined,
            "that begin when the one before ends, and are one with it",
        );
        say(remarks, self.empty, "that take no time, left out");
        Ok(ChurnTrace {
            format,
            sessions,
            ends,
            asks: Vec::new(),
            last: self.last,
        })
    }
}

/// Says of how many sessions something is so, if there are any.
fn say(remarks: &mut Remarks, count: usize, what: &str) {
    if count > 0 {
        remarks.say(format!("sessions {what}: {count}"));
    }
}
