//! A session: the text of a scenario, a list of events, and a present. What changes something adds an event at the present,
//! and all is run again from the seed. So what is undone has never happened, and what is saved runs as it was seen.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use super::account::{Ask, Goal, Replay, names};
use super::breaker::Breaker;
use super::event_text;
use super::replay::{self, Halt};
use crate::cli::args::ChangeArgs;
use crate::cli::exit::Stop;
use crate::cli::load::{Loaded, load_text};
use crate::cli::needs;
use crate::codes::{self, Code, Coded};
use crate::engine::{SimDuration, SimTime};
use crate::report::play::Moment;
use crate::scenario::RunSpec;
use crate::scenario::resolved::{Scenario, ScriptKey, ScriptKind};

/// The ring that is played with if none is named.
pub(super) const CALM: &str = include_str!("calm.toml");
/// Rings of more positions are not played with: each command runs all of it again.
const POSITIONS_MAX: u64 = 4096;
/// So many nodes are tried before a ring is let be that keeps nothing.
const TRIED_MAX: usize = 64;
/// So long a command waits for its end beyond the time that a user has for a request.
const PATIENCE: SimDuration = SimDuration::from_secs(60);
/// So far ahead `step` looks for something that happens.
const AHEAD: SimDuration = SimDuration::from_secs(600);

/// What is wrong with a scenario that is to be played.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(super) enum NotPlayed {
    #[error("{}: a ring of {positions} positions is too large to be played by hand (at most {POSITIONS_MAX})", file.display())]
    #[diagnostic(help(
        "each command runs all of it again from the seed: take a smaller overlay.nodes, or write [[event]]s and use `chordsim run`"
    ))]
    TooLarge { file: PathBuf, positions: u64 },
    #[error("{}: --run {run}: there is no such run; the scenario has {runs}, counted from 0", file.display())]
    #[diagnostic(help("leave --run out for the first, or give a number below {runs}"))]
    NoRun {
        file: PathBuf,
        run: u32,
        runs: usize,
    },
    #[error("{}: events cannot be added to this scenario: {reason}", file.display())]
    #[diagnostic(help(
        "write each event as an [[event]] of its own, and not in a list `event = [ … ]`"
    ))]
    NoEvents { file: PathBuf, reason: String },
    #[error("{}: it could not be run: {reason}", file.display())]
    #[diagnostic(help("`chordsim check` says more of it"))]
    Failed { file: PathBuf, reason: String },
}

impl Coded for NotPlayed {
    fn kind(&self) -> Code {
        match self {
            Self::TooLarge { .. } => codes::RING_TOO_LARGE,
            Self::NoRun { .. } => codes::NO_SUCH_RUN,
            Self::NoEvents { .. } => codes::NOT_PLAYED,
            Self::Failed { .. } => codes::RUN_FAILED,
        }
    }
}

/// A session.
pub(super) struct Session {
    /// The scenario's file, which may be none.
    pub file: PathBuf,
    /// Its text.
    base: String,
    run: usize,
    /// What was done, in the order of time.
    pub events: Vec<(SimDuration, ScriptKind)>,
    /// Counted from the end of the warm-up.
    pub present: SimDuration,
    /// What there is.
    pub moment: Moment,
    /// The scenario with what was done.
    pub loaded: Loaded,
    /// Whether requests or joins are under way.
    pub is_busy: bool,
    /// How it was before each command that did something, and the command.
    marks: Vec<Mark>,
    pub breaker: Breaker,
}

struct Mark {
    events: usize,
    present: SimDuration,
    command: String,
}

impl Session {
    /// Begins with a scenario.
    ///
    /// # Errors
    /// If it cannot be played.
    pub(super) fn begin(file: &Path, text: String, run: Option<u32>) -> Result<Self, Stop> {
        let loaded = load_text(file, text.clone(), &ChangeArgs::default())?;
        needs::refuse_too_much(&loaded)?;
        let (runs, run) = (loaded.plan.runs.len(), run.unwrap_or(0));
        let file = file.to_owned();
        let Some(spec) = loaded.plan.runs.get(run as usize) else {
            return Err(Stop::usage(NotPlayed::NoRun { file, run, runs }));
        };
        let overlay = &spec.scenario.overlay;
        let positions = u64::from(overlay.nodes) * u64::from(overlay.virtual_nodes);
        if positions > POSITIONS_MAX {
            return Err(Stop::usage(NotPlayed::TooLarge { file, positions }));
        }
        let mut session = Self {
            file,
            base: text,
            run: run as usize,
            events: Vec::new(),
            present: SimDuration::ZERO,
            moment: Moment::default(),
            loaded,
            is_busy: false,
            marks: Vec::new(),
            breaker: Breaker::default(),
        };
        session.look()?;
        session.keep_values()?;
        Ok(session)
    }

    /// Runs to the present.
    fn look(&mut self) -> Result<(), Stop> {
        let goal = Goal::At(self.time(self.present));
        let seen = self.replay(&self.loaded, goal, self.present);
        let seen = seen.map_err(|halt| {
            Stop::failed(NotPlayed::Failed {
                file: self.file.clone(),
                reason: halted(&halt),
            })
        })?;
        self.moment = seen.after;
        self.is_busy = seen.is_busy;
        Ok(())
    }

    /// A ring whose scenario says nothing of storage keeps nothing, and the first put would make another run of it, from the
    /// beginning. So `storage.always` is added.
    ///
    /// # Errors
    /// If events cannot be added to the scenario.
    fn keep_values(&mut self) -> Result<(), Stop> {
        self.refuse_what_takes_no_events()?;
        if self.scenario().storage.is_none() {
            let text = with_storage(&self.text(&[]));
            self.loaded = load_text(&self.file, text.clone(), &ChangeArgs::default())?;
            self.base = text;
            self.look()?;
        }
        Ok(())
    }

    fn refuse_what_takes_no_events(&self) -> Result<(), Stop> {
        let there = self.moment.nodes.keys().chain(&self.moment.joining);
        let mut refused = None;
        // Some go at once by the scenario, and peers are called by their first positions only: then another one is tried.
        for id in there.copied().take(TRIED_MAX) {
            let own = ScriptKey {
                place: id,
                label: None,
            };
            let asks = ScriptKind::Lookup { key: own, from: id };
            let text = self.text(&[(SimDuration::ZERO, asks)]);
            match load_text(&self.file, text, &ChangeArgs::default()) {
                Ok(_) => return Ok(()),
                Err(stop) => refused = refused.or(Some(sentence(&*stop.diagnostic))),
            }
        }
        match refused {
            None => Ok(()),
            Some(reason) => {
                let file = self.file.clone();
                Err(Stop::usage(NotPlayed::NoEvents { file, reason }))
            }
        }
    }

    pub(super) fn spec(&self) -> &RunSpec {
        &self.loaded.plan.runs[self.run]
    }

    pub(super) fn scenario(&self) -> &Scenario {
        &self.spec().scenario
    }

    /// How many copies there are of each value.
    pub(super) fn replicas(&self) -> u8 {
        self.scenario()
            .storage
            .map_or(1, |storage| storage.replicas)
    }

    /// The end of the warm-up.
    pub(super) fn zero(&self) -> SimTime {
        SimTime::ZERO + self.scenario().warmup
    }

    fn time(&self, at: SimDuration) -> SimTime {
        self.zero() + at
    }

    /// The scenario with what was done.
    pub(super) fn text(&self, events: &[(SimDuration, ScriptKind)]) -> String {
        let mut text = self.base.clone();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        for (at, kind) in events {
            let _ = write!(text, "{}", event_text::event(*at, kind));
        }
        text
    }

    fn replay(&self, loaded: &Loaded, goal: Goal, limit: SimDuration) -> Result<Replay, Halt> {
        let spec = &loaded.plan.runs[self.run];
        let ask = Ask {
            spec,
            assets: &loaded.assets,
            output: &loaded.plan.output,
            names: names(&spec.scenario),
            from: self.time(self.present),
            goal,
            limit: self.time(limit),
        };
        replay::replay(ask, &self.breaker)
    }

    /// Lets something happen, and time pass until it is over, or `by_step` until there is something to see.
    ///
    /// # Errors
    /// A sentence, if that cannot be. Then nothing has changed.
    pub(super) fn happen(
        &mut self,
        kind: ScriptKind,
        by_step: bool,
        command: &str,
    ) -> Result<Replay, String> {
        let end = self.scenario().duration;
        if self.present >= end {
            return Err(self.ended());
        }
        let mut events = self.events.clone();
        events.push((self.present, kind));
        let text = self.text(&events);
        let loaded = load_text(&self.file, text, &ChangeArgs::default())
            .map_err(|stop| sentence(&*stop.diagnostic))?;
        let script = &loaded.plan.runs[self.run].scenario.events;
        // Of those of one moment the last in the file is the last.
        let number = script.iter().rposition(|event| event.at == self.present);
        let number = number.expect("the event was read") as u32;
        let (goal, patience) = if by_step {
            (Goal::Step, AHEAD)
        } else {
            let patience = self.scenario().overlay.request_timeout + PATIENCE;
            (Goal::Over(number), patience)
        };
        let limit = (self.present + patience).min(end);
        let seen = self
            .replay(&loaded, goal, limit)
            .map_err(|halt| halted(&halt))?;
        if seen.idle.contains(&number) {
            return Err(
                "Nothing would come of that: somebody who is needed for it is not on the ring."
                    .to_owned(),
            );
        }
        self.mark(command);
        (self.events, self.loaded) = (events, loaded);
        self.arrive(&seen);
        Ok(seen)
    }

    /// Lets time pass.
    ///
    /// # Errors
    /// A sentence, if that cannot be. Then nothing has changed.
    pub(super) fn pass(&mut self, span: SimDuration, command: &str) -> Result<Replay, String> {
        let to = self.present + span;
        if to > self.scenario().duration {
            return Err(self.ended());
        }
        let seen = self.replay(&self.loaded, Goal::At(self.time(to)), to);
        let seen = seen.map_err(|halt| halted(&halt))?;
        self.mark(command);
        self.arrive(&seen);
        Ok(seen)
    }

    /// Goes on to what happens next; if nothing does, no time has passed.
    ///
    /// # Errors
    /// A sentence, if that cannot be. Then nothing has changed.
    pub(super) fn step(&mut self, command: &str) -> Result<Option<Replay>, String> {
        let end = self.scenario().duration;
        if self.present >= end {
            return Err(self.ended());
        }
        let limit = (self.present + AHEAD).min(end);
        let seen = self.replay(&self.loaded, Goal::Step, limit);
        let seen = seen.map_err(|halt| halted(&halt))?;
        if !seen.is_reached {
            return Ok(None);
        }
        self.mark(command);
        self.arrive(&seen);
        Ok(Some(seen))
    }

    /// Takes back the last command that did something, and says which that was.
    ///
    /// # Errors
    /// A sentence, if there is none, or the run is broken off. Then nothing has changed.
    pub(super) fn undo(&mut self) -> Result<String, String> {
        let Some(mark) = self.marks.last() else {
            return Err("There is nothing to take back: nothing was done yet.".to_owned());
        };
        let (events, present) = (self.events[..mark.events].to_vec(), mark.present);
        let loaded = load_text(&self.file, self.text(&events), &ChangeArgs::default());
        let loaded = loaded.map_err(|stop| sentence(&*stop.diagnostic))?;
        let later = std::mem::replace(&mut self.present, present);
        match self.replay(&loaded, Goal::At(self.time(present)), present) {
            Err(halt) => {
                self.present = later;
                Err(halted(&halt))
            }
            Ok(seen) => {
                (self.events, self.loaded) = (events, loaded);
                self.arrive(&seen);
                Ok(self
                    .marks
                    .pop()
                    .map(|mark| mark.command)
                    .unwrap_or_default())
            }
        }
    }

    fn mark(&mut self, command: &str) {
        self.marks.push(Mark {
            events: self.events.len(),
            present: self.present,
            command: command.to_owned(),
        });
    }

    fn arrive(&mut self, seen: &Replay) {
        self.present = SimDuration(seen.present.0.saturating_sub(self.zero().0));
        self.moment = seen.after.clone();
        self.moment.names = names(self.scenario());
        self.is_busy = seen.is_busy;
    }

    fn ended(&self) -> String {
        let end = self.scenario().duration;
        format!(
            "The scenario lasts {end}, and that would be later: save it, raise `duration` in the file, and play that."
        )
    }
}

/// A scenario with the key that makes its nodes keep values, put where its section of storage is, if it has one.
fn with_storage(text: &str) -> String {
    const ALWAYS: &str = "always = true   # the ring keeps values from the beginning";
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let place = lines.iter().position(|line| {
        let line = line.trim_start();
        line.starts_with("[storage]") || line.starts_with("storage")
    });
    match place {
        Some(at) if lines[at].trim_start().starts_with('[') => {
            lines.insert(at + 1, ALWAYS.to_owned());
        }
        Some(at) => match lines[at].replacen('{', "{ always = true, ", 1) {
            inline if inline != lines[at] => lines[at] = inline,
            _ => lines.insert(at, format!("storage.{ALWAYS}")),
        },
        None => lines.extend([String::new(), "[storage]".to_owned(), ALWAYS.to_owned()]),
    }
    lines.join("\n") + "\n"
}

/// Why a run came to no end.
pub(super) fn halted(halt: &Halt) -> String {
    match halt {
        Halt::Interrupted => "Broken off: nothing has changed.".to_owned(),
        Halt::Failed(error) => format!("It could not be run: {error}."),
    }
}

/// What is wrong and what to do, as a sentence.
pub(super) fn sentence(diagnostic: &dyn Diagnostic) -> String {
    let mut text = diagnostic.to_string();
    if let Some(help) = diagnostic.help() {
        text = format!("{text}: {help}");
    }
    let mut signs = text.chars();
    let first = signs.next().map(|sign| sign.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), signs.as_str())
}

#[cfg(test)]
mod tests {
    use super::with_storage;

    #[test]
    fn the_key_goes_where_storage_is_written() {
        let with = |text: &str| {
            let text = with_storage(text);
            text.replace("   # the ring keeps values from the beginning", "")
        };
        assert_eq!(with("seed = 1\n"), "seed = 1\n\n[storage]\nalways = true\n");
        assert_eq!(
            with("[storage]\nreplicas = 3\n[chord]\n"),
            "[storage]\nalways = true\nreplicas = 3\n[chord]\n"
        );
        assert_eq!(
            with("storage = { replicas = 3 }\n"),
            "storage = { always = true,  replicas = 3 }\n"
        );
        assert_eq!(
            with("storage.replicas = 3\n"),
            "storage.always = true\nstorage.replicas = 3\n"
        );
    }
}
