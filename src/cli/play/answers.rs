//! What is answered to a command.

use std::fmt::Write as _;

use super::account::{Replay, What};
use super::command::{self, Command, FORMS};
use super::save;
use super::session::Session;
use super::story::{Teller, clock};
use crate::engine::SimDuration;
use crate::report::play::{self, Moment, Paint};
use crate::scenario::resolved::{LatencyModel, Routing, ScriptKey, ScriptKind};

/// Stands above what nodes take for true that is so no more.
const NOT_NOTICED: &str = "Not noticed yet (`run 30s` lets time pass):";

/// A session, and how its answers are shown.
pub(super) struct Player {
    pub session: Session,
    pub paint: Paint,
    /// The way of the last request.
    way: Vec<u64>,
}

/// An answer.
pub(super) enum Answer {
    /// This, on as many lines as it has.
    Text(String),
    /// What stands in this file is to be done.
    Script(String),
    /// It is the end.
    End,
}

impl Player {
    pub(super) fn new(session: Session, paint: Paint) -> Self {
        Self {
            session,
            paint,
            way: Vec::new(),
        }
    }

    /// Does what was typed.
    ///
    /// # Errors
    /// A sentence, if that is not understood or cannot be. Then nothing has changed.
    pub(super) fn answer(&mut self, line: &str) -> Result<Answer, String> {
        let command = command::read(line)?;
        let line = line.trim();
        Ok(Answer::Text(match command {
            Command::Nothing => String::new(),
            Command::Quit => return Ok(Answer::End),
            Command::Script(file) => return Ok(Answer::Script(file)),
            Command::Step(None) => self.step(line)?,
            Command::Step(Some(inner)) => self.happens(*inner, true, line)?,
            Command::Run(span) => self.pass(span, line)?,
            Command::Ring => play::circle(&self.session.moment, &self.way, self.paint),
            Command::Nodes | Command::Keys(None) => play::nodes(&self.session.moment, self.paint),
            Command::Node(id) => {
                play::known(&self.session.moment, self.session.member(id)?, self.paint)
            }
            Command::Fingers(id) => self.fingers(id)?,
            Command::Keys(Some(id)) => {
                play::keys(&self.session.moment, self.session.member(id)?, self.paint)
            }
            Command::Events => self.events(),
            Command::Undo => self.undo()?,
            Command::Save(file) => save::save(&self.session, &file)?,
            Command::Help(about) => self.help(about.as_deref())?,
            command => self.happens(command, false, line)?,
        }))
    }

    /// Lets happen what was typed.
    fn happens(&mut self, command: Command, by_step: bool, line: &str) -> Result<String, String> {
        let kind = self.event(command)?;
        let is_request = kind.key().is_some();
        let seen = self.session.happen(kind, by_step, line)?;
        Ok(self.told(&seen, is_request && !by_step))
    }

    /// The event that was typed.
    fn event(&self, command: Command) -> Result<ScriptKind, String> {
        let session = &self.session;
        let asked = |key: &command::Key, from: u64| -> Result<(ScriptKey, u64), String> {
            Ok((session.key(key)?, session.member(from)?))
        };
        Ok(match command {
            Command::Join { id, via } => {
                let via = via.map(|via| session.member(via)).transpose()?;
                session.free(id)?;
                ScriptKind::Join { id, via }
            }
            Command::Leave(id) => ScriptKind::Leave(session.up(id)?),
            Command::Crash(id) => ScriptKind::Crash(session.up(id)?),
            Command::Put { key, value, from } => {
                let (key, from) = asked(&key, from)?;
                ScriptKind::Put { key, value, from }
            }
            Command::Get { key, from } => {
                let (key, from) = asked(&key, from)?;
                ScriptKind::Get { key, from }
            }
            Command::Find { key, from } => {
                let (key, from) = asked(&key, from)?;
                ScriptKind::Lookup { key, from }
            }
            other => unreachable!("{other:?} is no event"),
        })
    }

    fn step(&mut self, line: &str) -> Result<String, String> {
        match self.session.step(line)? {
            Some(seen) => {
                let told = self.told(&seen, false);
                let now = self.now();
                Ok(if seen.entries.iter().any(|entry| !matches!(entry.what, What::Changed)) {
                    told
                } else {
                    format!("{now}\n\n{told}")
                })
            }
            None => Ok("Nothing happens in the ten minutes to come. Nothing is under way, and all tables stay as they are.".to_owned()),
        }
    }

    fn pass(&mut self, span: SimDuration, line: &str) -> Result<String, String> {
        let seen = self.session.pass(span, line)?;
        let told = self.told(&seen, false);
        let unnoticed = if seen.before.nodes == self.session.moment.nodes {
            play::unnoticed(&self.session.moment, self.paint)
        } else {
            Vec::new()
        };
        let unnoticed = self.listed(NOT_NOTICED, &unnoticed);
        let nothing = told.is_empty().then(|| "Nothing has changed.".to_owned());
        let told = (!told.is_empty()).then_some(told);
        let parts = [told, nothing, unnoticed, Some(self.now())];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        Ok(parts.join("\n\n"))
    }

    fn now(&self) -> String {
        self.paint
            .dim(format!("It is {} now.", clock(self.session.present)))
    }

    /// What happened, and what is different now. After a request only what nodes know is compared: what they keep, the
    /// request has told.
    fn told(&mut self, seen: &Replay, is_request: bool) -> String {
        let one_copy = self.session.replicas() == 1;
        let teller = Teller {
            replay: seen,
            events: &self.session.scenario().events,
            zero: self.session.zero(),
            paint: self.paint,
            one_copy,
        };
        let way = teller.way();
        let story = teller.story();
        if way.len() > 1 {
            self.way = way;
        }
        let mut parts = Vec::new();
        if !story.is_empty() {
            parts.push(story.join("\n"));
        }
        let changes = if is_request && one_copy {
            let (before, after) = (
                without_copies(&seen.before),
                without_copies(&self.session.moment),
            );
            play::changes(&before, &after, self.paint)
        } else {
            play::changes(&seen.before, &self.session.moment, self.paint)
        };
        let unnoticed = play::unnoticed(&self.session.moment, self.paint);
        let is_news = !changes.is_empty();
        parts.extend(self.listed("What is different now:", &changes));
        if is_news {
            parts.extend(self.listed(NOT_NOTICED, &unnoticed));
        }
        if !seen.is_reached {
            parts.push(
                "It is not over yet: go on with `step`, or let time pass with `run 30s`."
                    .to_owned(),
            );
        }
        parts.join("\n\n")
    }

    fn listed(&self, heading: &str, lines: &[String]) -> Option<String> {
        if lines.is_empty() {
            return None;
        }
        let lines: Vec<String> = lines.iter().map(|line| format!("    {line}")).collect();
        Some(format!(
            "  {}\n{}",
            self.paint.head(heading),
            lines.join("\n")
        ))
    }

    fn fingers(&self, id: u64) -> Result<String, String> {
        let id = self.session.member(id)?;
        let kept = self.session.scenario().chord.routing == Routing::Fingers;
        Ok(play::fingers(&self.session.moment, id, kept, self.paint))
    }

    fn undo(&mut self) -> Result<String, String> {
        let command = self.session.undo()?;
        self.way.clear();
        let now = clock(self.session.present);
        Ok(format!(
            "Taken back: {}. It is {now} again.",
            self.paint.head(command)
        ))
    }

    fn events(&self) -> String {
        let script = &self.session.scenario().events;
        let told: Vec<String> = self
            .session
            .events
            .iter()
            .map(|(at, kind)| self.event_line(*at, kind))
            .collect();
        let ahead = script
            .iter()
            .filter(|event| event.at >= self.session.present)
            .count();
        let mut text = match told.len() {
            0 => "Nothing was done yet.".to_owned(),
            _ => told.join("\n"),
        };
        if ahead > 0 {
            let ahead = play::counted(ahead, "event");
            let _ = write!(
                text,
                "\n\nThe scenario has {ahead} of its own still to come."
            );
        }
        text
    }

    fn event_line(&self, at: SimDuration, kind: &ScriptKind) -> String {
        let (moment, paint) = (&self.session.moment, self.paint);
        let key = |key: &ScriptKey| moment.key(key.place, paint);
        let text = match kind {
            ScriptKind::Join { id, via: Some(via) } => {
                format!("join {} via {}", paint.node(*id), paint.node(*via))
            }
            ScriptKind::Join { id, via: None } => format!("join {}", paint.node(*id)),
            ScriptKind::Leave(id) => format!("leave {}", paint.node(*id)),
            ScriptKind::Crash(id) => format!("crash {}", paint.node(*id)),
            ScriptKind::Lookup { key: asked, from } => {
                format!("find {} from {}", key(asked), paint.node(*from))
            }
            ScriptKind::Get { key: asked, from } => {
                format!("get {} from {}", key(asked), paint.node(*from))
            }
            ScriptKind::Put {
                key: asked,
                value,
                from,
            } => format!(
                "put {} {} from {}",
                key(asked),
                paint.value(format!("\"{value}\"")),
                paint.node(*from)
            ),
        };
        format!("{:>9}   {text}", clock(at))
    }

    fn help(&self, about: Option<&str>) -> Result<String, String> {
        let usage = |form: &command::Form| format!("{} {}", form.name, form.takes);
        if let Some(name) = about {
            let form = command::form(name).ok_or_else(|| command::unknown(name))?;
            return Ok(format!(
                "  {}   {}",
                self.paint.head(usage(form).trim_end()),
                form.does
            ));
        }
        let width = FORMS
            .iter()
            .map(|form| usage(form).len())
            .max()
            .unwrap_or(0);
        let line = |form: &command::Form| {
            let usage = format!("{:<width$}", usage(form));
            format!("  {}   {}", self.paint.head(usage), form.does)
        };
        let lines: Vec<String> = FORMS.iter().map(line).collect();
        let last = self.session.moment.last();
        Ok(format!(
            "{}\n\nID is a node by its place on the ring, 0 to {last}. KEY is a place as well, or a text such as alice, which \
             is hashed to one; alice=120 names a place. Texts with blanks stand in quotes.",
            lines.join("\n")
        ))
    }

    /// What there is at the beginning.
    pub(super) fn greeting(&self) -> String {
        let (session, paint) = (&self.session, self.paint);
        let scenario = session.scenario();
        let (moment, overlay) = (&session.moment, &scenario.overlay);
        let mut lines = Vec::new();
        if !session.loaded.plan.title.is_empty() {
            lines.push(paint.head(&session.loaded.plan.title));
        }
        // Identifiers of 64 bits have 20 digits.
        let most = if moment.bits > 20 { 3 } else { 16 };
        let ids = play::listed(moment.nodes.keys().map(|id| paint.node(*id)), most);
        let ids = if ids.is_empty() {
            ids
        } else {
            format!(": {ids}")
        };
        let nodes = play::counted(moment.nodes.len(), "node");
        lines.push(format!(
            "A ring of 2^{} places, 0 to {}, with {nodes}{ids}.",
            overlay.id_bits,
            moment.last()
        ));
        let way = match scenario.chord.routing {
            Routing::Successors => "A request goes from successor to successor.",
            Routing::Fingers => "A request goes by the finger tables.",
        };
        let latency = match &scenario.network.model {
            LatencyModel::Constant { latency } if scenario.network.jitter <= 0.0 => {
                format!(" A message takes {latency}.")
            }
            _ => String::new(),
        };
        let copies = match session.replicas() {
            1 => "one node".to_owned(),
            copies => format!("{copies} nodes"),
        };
        lines.push(format!("{way}{latency} A value is kept by {copies}."));
        lines.push("`help` lists what can be asked; `quit` ends.".to_owned());
        lines.join("\n")
    }
}

fn without_copies(moment: &Moment) -> Moment {
    let mut moment = moment.clone();
    moment
        .nodes
        .values_mut()
        .for_each(|node| node.copies.clear());
    moment
}
