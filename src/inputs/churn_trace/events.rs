//! What the formats of simulators share: joins, departures and requests, put in order of time and taken for sessions. Each
//! must make sense: who is there does not join, and who is not there neither goes nor asks.

use std::collections::BTreeMap;

use super::trace::{
    ASKS_MAX, Ask, ChurnTrace, Format, HOSTS_MAX, SESSIONS_MAX, Session, Wish, fault,
};
use crate::engine::SimTime;
use crate::inputs::churn_fault::ChurnFault;
use crate::inputs::error::InputError;
use crate::inputs::fault::Fault;
use crate::inputs::harmless::{first_harmful, named};
use crate::inputs::remarks::Remarks;
use crate::inputs::text::TextFile;

/// What a node does.
pub(super) enum Act {
    /// It comes.
    Join,
    /// It goes.
    Go,
    /// It asks for something.
    Ask(Wish),
}

/// One line.
struct Line<'a> {
    at: SimTime,
    node: u64,
    act: Act,
    /// The part of the file to blame.
    text: &'a str,
}

/// Events as they are read.
pub(super) struct Events<'a> {
    file: TextFile<'a>,
    lines: Vec<Line<'a>>,
    asks: usize,
    /// Lines that say nothing about nodes, by what they say.
    passed_over: BTreeMap<String, usize>,
}

impl<'a> Events<'a> {
    pub(super) fn new(file: TextFile<'a>) -> Self {
        Self {
            file,
            lines: Vec::new(),
            asks: 0,
            passed_over: BTreeMap::new(),
        }
    }

    /// A node does something; `text` is where the file says so.
    ///
    /// # Errors
    /// There are too many.
    pub(super) fn add(
        &mut self,
        at: SimTime,
        node: u64,
        act: Act,
        text: &'a str,
    ) -> Result<(), InputError> {
        if let Act::Ask(wish) = &act {
            self.can_be_shown(wish, text)?;
        }
        let is_ask = matches!(act, Act::Ask(_));
        self.asks += usize::from(is_ask);
        let (most, what) = if is_ask {
            (ASKS_MAX, "requests")
        } else {
            (SESSIONS_MAX, "events")
        };
        let count = if is_ask {
            self.asks
        } else {
            self.lines.len() - self.asks
        };
        if count > most {
            return Err(fault(self.file, text, ChurnFault::TooMany { most, what }));
        }
        self.lines.push(Line {
            at,
            node,
            act,
            text,
        });
        Ok(())
    }

    /// Keys are names in result files, and values are told.
    fn can_be_shown(&self, wish: &Wish, text: &str) -> Result<(), InputError> {
        let (key, value) = match wish {
            Wish::Put { key, value } => (key, Some(value)),
            Wish::Get { key } | Wish::Lookup { key } => (key, None),
        };
        let in_value = || value.and_then(|value| first_harmful(value));
        match first_harmful(key).or_else(in_value) {
            Some(sign) => {
                let sign = named(sign);
                Err(self.file.fault(text, Fault::Harmful { sign }))
            }
            None => Ok(()),
        }
    }

    /// A line is about something else.
    pub(super) fn pass_over(&mut self, what: &str) {
        *self.passed_over.entry(what.to_owned()).or_default() += 1;
    }

    /// The numbers of hosts, in the order in which the file names them first.
    fn numbered(&self) -> Result<BTreeMap<u64, usize>, InputError> {
        let mut numbers = BTreeMap::new();
        for line in &self.lines {
            let next = numbers.len();
            numbers.entry(line.node).or_insert(next);
            if numbers.len() > HOSTS_MAX {
                let (most, what) = (HOSTS_MAX, "hosts");
                let wrong = ChurnFault::TooMany { most, what };
                return Err(fault(self.file, line.text, wrong));
            }
        }
        Ok(numbers)
    }

    /// The trace.
    ///
    /// # Errors
    /// An event that cannot be.
    pub(super) fn finish(
        mut self,
        format: Format,
        remarks: &mut Remarks,
    ) -> Result<ChurnTrace, InputError> {
        for (what, count) in &self.passed_over {
            remarks.say(format!("lines with `{what}`, passed over: {count}"));
        }
        let numbers = self.numbered()?;
        // Those of the same moment stay in the order of the file.
        self.lines.sort_by_key(|line| line.at);
        let last = self.lines.last().map_or(SimTime::ZERO, |line| line.at);
        let (mut hosts, mut asks) = (vec![Vec::new(); numbers.len()], Vec::new());
        let mut empty = 0;
        for line in self.lines {
            let host = numbers[&line.node];
            let sessions: &mut Vec<Session> = &mut hosts[host];
            let is_up = sessions.last().is_some_and(|it| it.to == SimTime::MAX);
            let node = line.node.to_string();
            let wrong = |what| Err(fault(self.file, line.text, what));
            match line.act {
                Act::Join if is_up => return wrong(ChurnFault::JoinsTwice { node }),
                Act::Go if !is_up => return wrong(ChurnFault::NotThereToGo { node }),
                Act::Ask(_) if !is_up => return wrong(ChurnFault::NotThereToAsk { node }),
                Act::Join => sessions.push(Session {
                    from: line.at,
                    to: SimTime::MAX,
                }),
                Act::Go => empty += end(sessions, line.at),
                Act::Ask(wish) => asks.push(Ask {
                    at: line.at,
                    host: host as u32,
                    wish,
                }),
            }
        }
        if empty > 0 {
            remarks.say(format!("sessions that take no time, left out: {empty}"));
        }
        let mut ends = Vec::with_capacity(hosts.len());
        let mut sessions = Vec::new();
        for host in hosts {
            sessions.extend(plain(&host));
            ends.push(sessions.len() as u32);
        }
        Ok(ChurnTrace {
            format,
            sessions,
            ends,
            asks,
            last,
        })
    }
}

/// Ends the session under way; 1 if it has no length.
fn end(sessions: &mut Vec<Session>, at: SimTime) -> usize {
    match sessions.last_mut() {
        Some(session) if session.from < at => {
            session.to = at;
            0
        }
        _ => {
            sessions.pop();
            1
        }
    }
}

/// Sessions of which none touches the next.
fn plain(sessions: &[Session]) -> Vec<Session> {
    let mut plain: Vec<Session> = Vec::with_capacity(sessions.len());
    for session in sessions {
        match plain.last_mut() {
            Some(before) if before.to == session.from => before.to = session.to,
            _ => plain.push(*session),
        }
    }
    plain
}
