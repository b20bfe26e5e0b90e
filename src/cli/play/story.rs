//! The story of a stretch of a run: who asks whom for what, and how it ends. A line each.

use std::collections::BTreeSet;

use super::account::{Entry, Message, Operation, Over, Replay, What};
use crate::catalogue::{OperationOutcome, Reason};
use crate::engine::{SimDuration, SimTime};
use crate::network::Fate;
use crate::overlay::{Said, Traffic};
use crate::report::play::{Copy, Moment, Paint, counted, listed, visible};
use crate::scenario::resolved::{ScriptEvent, ScriptKind};
use crate::world::Departure;

/// The most lines of one story.
const LINES_MAX: usize = 60;
/// The most keys that are named.
const KEYS_MAX: usize = 6;
/// Columns of the time, and of who speaks to whom.
const TIME_WIDTH: usize = 9;
const WAY_WIDTH: usize = 12;

/// What a story is told with.
pub(super) struct Teller<'a> {
    pub replay: &'a Replay,
    /// The script.
    pub events: &'a [ScriptEvent],
    /// The end of the warm-up, from which times count.
    pub zero: SimTime,
    pub paint: Paint,
    /// Whether there is one copy of each value.
    pub one_copy: bool,
}

/// A moment of a session, such as `1.05s`.
pub(super) fn clock(at: SimDuration) -> String {
    let (whole, part) = (at.0 / 1_000_000_000, at.0 % 1_000_000_000);
    let part = format!("{part:09}");
    match part.trim_end_matches('0') {
        "" => format!("{whole}s"),
        part => format!("{whole}.{part}s"),
    }
}

/// How long something took: in milliseconds, with a decimal unless they are whole.
fn lasted(span: SimDuration) -> String {
    if span.0.is_multiple_of(1_000_000) {
        return span.to_string();
    }
    format!("{:.1}ms", span.0 as f64 / 1e6)
}

impl Teller<'_> {
    /// All that happened, and how it ended.
    pub(super) fn story(&self) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut silences = BTreeSet::new();
        for entry in &self.replay.entries {
            // A node may wait in vain for the same one many times.
            if let What::Silent { node, other } = entry.what
                && !silences.insert((node, other))
            {
                continue;
            }
            let is_end = matches!(entry.what, What::Over(_));
            let blank = || is_end.then(String::new);
            lines.extend(blank().filter(|_| !lines.is_empty()));
            lines.extend(self.line(entry));
            lines.extend(blank());
        }
        if lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        let more = lines.len().saturating_sub(LINES_MAX);
        if more > 0 {
            // How it ended is at the end.
            lines.drain(LINES_MAX / 2..LINES_MAX / 2 + more);
            lines.insert(LINES_MAX / 2, format!("  … {}", counted(more, "line")));
        }
        lines
    }

    /// The nodes that the last request came to, in their order.
    pub(super) fn way(&self) -> Vec<u64> {
        let requests = self.replay.entries.iter().rev();
        let last = requests.filter_map(|entry| match &entry.what {
            What::Asked { ticket, script } => Some((*ticket, *script)),
            _ => None,
        });
        let Some((ticket, script)) = last.into_iter().next() else {
            return Vec::new();
        };
        let from = match &self.events[script as usize].kind {
            ScriptKind::Lookup { from, .. }
            | ScriptKind::Put { from, .. }
            | ScriptKind::Get { from, .. } => *from,
            ScriptKind::Join { .. } | ScriptKind::Leave(_) | ScriptKind::Crash(_) => {
                return Vec::new();
            }
        };
        let mut way = vec![from];
        for entry in &self.replay.entries {
            if let What::Sent(message) = &entry.what
                && message.ticket == Some(ticket)
                && matches!(message.said, Some(Said::Forward { .. } | Said::Ask { .. }))
            {
                way.push(message.to);
            }
        }
        way
    }

    fn line(&self, entry: &Entry) -> Option<String> {
        let (paint, after) = (self.paint, &self.replay.after);
        let at = |way: String, text: String| Some(self.laid_out(entry.at, &way, &text));
        match &entry.what {
            What::Asked { script, .. } => self.asked(entry.at, *script),
            What::Sent(message) => {
                let way = format!("{} → {}", paint.node(message.from), paint.node(message.to));
                at(way, message.words.clone() + &self.fate(message))
            }
            What::Copies {
                from,
                to,
                keys,
                why,
            } => {
                let keys = listed(keys.iter().map(|key| after.key(*key, paint)), KEYS_MAX);
                let why = match why {
                    Traffic::Handover => "keep these from now on",
                    _ => "you lack these",
                };
                let way = format!("{} → {}", paint.node(*from), paint.node(*to));
                at(way, format!("{why}: {keys}"))
            }
            What::Silent { node, other } => at(
                paint.node(*node),
                format!("no answer from {}: is it dead?", self.painted(*other)),
            ),
            What::Refuses(id) => at(
                paint.node(*id),
                paint.bad("takes and does not give: it drops what it was asked for"),
            ),
            What::Misroutes { id, of_itself } => {
                let told = if *of_itself {
                    "takes and does not give: it claims to own the key, which is a lie"
                } else {
                    "takes and does not give: it names another selfish peer as the owner of the key"
                };
                at(paint.node(*id), paint.bad(told))
            }
            What::Over(over) => Some(self.ended(over)),
            What::CameUp { id, script } => {
                let via = script.map(|script| &self.events[script as usize].kind);
                let text = match via {
                    Some(ScriptKind::Join { via: Some(via), .. }) => {
                        format!("comes up, and asks {} for its place", paint.node(*via))
                    }
                    _ => "comes up, and looks for its place".to_owned(),
                };
                at(paint.node(*id), text)
            }
            What::Joined(id) => at(paint.node(*id), paint.good("is on the ring")),
            What::Lost(id) => at(
                paint.node(*id),
                paint.bad("has lost the ring, and joins again"),
            ),
            What::Down(id, Departure::Leave) => at(paint.gone(*id), "goes".to_owned()),
            What::Down(id, Departure::Crash) => {
                at(paint.gone(*id), "crashes: nobody is told".to_owned())
            }
            What::Changed => None,
        }
    }

    fn laid_out(&self, at: SimTime, way: &str, text: &str) -> String {
        // Moments that chance has drawn have more digits than anybody reads.
        let millisecond = 1_000_000;
        let time = SimDuration((at.0.saturating_sub(self.zero.0)) / millisecond * millisecond);
        let time = clock(time);
        let blanks = WAY_WIDTH.saturating_sub(visible(way));
        format!("{time:>TIME_WIDTH$}   {way}{}  {text}", " ".repeat(blanks))
    }

    /// A node, whether it is still there or not: who speaks of it may not know.
    fn painted(&self, id: u64) -> String {
        self.paint.node(id)
    }

    fn key(&self, key: u64) -> String {
        self.replay.after.key(key, self.paint)
    }

    /// What a user wants.
    fn asked(&self, at: SimTime, script: u32) -> Option<String> {
        let (from, text) = match &self.events[script as usize].kind {
            ScriptKind::Lookup { key, from } => (
                from,
                format!("a user asks: who owns {}?", self.key(key.place)),
            ),
            ScriptKind::Get { key, from } => (from, format!("a user gets {}", self.key(key.place))),
            ScriptKind::Put { key, value, from } => {
                let value = self.paint.value(format!("\"{value}\""));
                (
                    from,
                    format!("a user puts {value} under {}", self.key(key.place)),
                )
            }
            ScriptKind::Join { .. } | ScriptKind::Leave(_) | ScriptKind::Crash(_) => return None,
        };
        Some(self.laid_out(at, &self.paint.node(*from), &text))
    }

    fn fate(&self, message: &Message) -> String {
        let told = match message.fate {
            Fate::Lost => "lost on the way",
            Fate::Cut => "the network is cut",
            Fate::Arrives(_) if !message.received => "nobody is there",
            Fate::Arrives(_) => return String::new(),
        };
        format!("  {}", self.paint.bad(format!("({told})")))
    }

    /// How a request ended, and why.
    fn ended(&self, over: &Over) -> String {
        let (verdict, text) = match (&over.answer, &over.operation) {
            (Err(reason), operation) => (
                self.paint.bad(verdict(operation.as_ref())),
                self.why_not(over, *reason),
            ),
            (Ok(answer), None) => {
                let right = answer.owner == Some(answer.node);
                let truth = answer
                    .owner
                    .map_or_else(String::new, |owner| self.painted(owner));
                if right {
                    let own = self.replay.after.own_keys(answer.node, self.paint);
                    let is_there = self.replay.after.owner(over.key) == Some(answer.node);
                    let own = if is_there {
                        format!(": the keys {own}")
                    } else {
                        String::new()
                    };
                    (
                        self.paint.good("found"),
                        format!(
                            "{} owns {}{own}",
                            self.painted(answer.node),
                            self.key(over.key)
                        ),
                    )
                } else {
                    (
                        self.paint.bad("wrong"),
                        format!(
                            "{} says that {} is its own, but that is {truth}'s",
                            self.painted(answer.node),
                            self.key(over.key)
                        ),
                    )
                }
            }
            (Ok(_), Some(operation)) => self.operated(over, operation),
        };
        let took = match &over.answer {
            Ok(answer) => {
                let span = lasted(SimDuration(answer.at.0.saturating_sub(over.started.0)));
                match answer.hops {
                    0 => format!(" (its own key: no hop, {span})"),
                    hops => format!(" ({}, {span})", counted(hops as usize, "hop")),
                }
            }
            Err(_) => String::new(),
        };
        format!("  {verdict}   {text}{}", self.paint.dim(took))
    }

    fn operated(&self, over: &Over, operation: &Operation) -> (String, String) {
        let (paint, after) = (self.paint, &self.replay.after);
        let word = verdict(Some(operation));
        match operation.outcome {
            OperationOutcome::Stored => {
                let (key, owner) = (
                    self.key(over.key),
                    over.answer.as_ref().map(|answer| self.painted(answer.node)),
                );
                let owner = owner.unwrap_or_default();
                let text = match operation.answers {
                    _ if self.one_copy => format!("{key} is kept by its owner, {owner}"),
                    1 => format!(
                        "1 node has acknowledged {key}, as many as a put waits for; its owner is {owner}"
                    ),
                    answers => {
                        format!(
                            "{answers} nodes have acknowledged {key}, as many as a put waits for; its owner is {owner}"
                        )
                    }
                };
                (paint.good(word), text)
            }
            OperationOutcome::Found | OperationOutcome::Stale => {
                let copy = copy_of([&self.replay.before, after], over.key, operation.version);
                let bytes = operation.bytes.unwrap_or(0);
                let value = copy.map_or_else(|| format!("{bytes} bytes"), |copy| copy.told(paint));
                let text = format!("{} is {value}", self.key(over.key));
                if operation.outcome == OperationOutcome::Found {
                    (paint.good(word), text)
                } else {
                    (
                        paint.bad(word),
                        format!("{text}, an old value: a newer one was stored"),
                    )
                }
            }
            OperationOutcome::Missing => (
                paint.bad(word),
                format!("nothing was ever put under {}", self.key(over.key)),
            ),
            OperationOutcome::Lost => (
                paint.bad(word),
                format!(
                    "{} was stored, and no node has it any more",
                    self.key(over.key)
                ),
            ),
            OperationOutcome::Partial | OperationOutcome::Failed => (
                paint.bad(word),
                format!("too few nodes have answered ({})", operation.answers),
            ),
        }
    }

    fn why_not(&self, over: &Over, reason: Reason) -> String {
        match reason {
            Reason::Timeout => "there was no answer in time".to_owned(),
            Reason::Dropped => "a selfish node did not pass it on".to_owned(),
            Reason::AskerGone => "the node that asked is gone".to_owned(),
            Reason::NobodyLeft => "nobody is left to ask".to_owned(),
            Reason::Shunned => "it thinks ill of everybody that it could ask".to_owned(),
            Reason::NoQuorum => "too few of the nodes that keep copies have answered".to_owned(),
            Reason::NotThere => format!(
                "none of the nodes that were asked has {}, though another one does",
                self.key(over.key)
            ),
        }
    }
}

fn verdict(operation: Option<&Operation>) -> &'static str {
    operation.map_or("failed", |operation| operation.outcome.name())
}

/// A copy of this version, wherever it is kept.
fn copy_of(moments: [&Moment; 2], key: u64, version: u32) -> Option<&Copy> {
    let nodes = moments.into_iter().flat_map(|moment| moment.nodes.values());
    let mut copies = nodes.flat_map(|node| &node.copies);
    copies.find(|copy| copy.key == key && copy.version == version)
}
