//! What can be typed at the prompt: each command once, in `FORMS`; from it follow help, completion and what is said about
//! a command that is not understood.

use super::words::{Word, words};
use crate::engine::SimDuration;
use crate::inputs::harmless::shortened;
use crate::scenario::{nearest, parse_duration};

/// The most signs of a word that is not understood which are repeated.
const WORD_SHOWN_MAX: usize = 60;

/// A command, as it is written and what it does.
pub(super) struct Form {
    pub name: &'static str,
    /// Other words for it.
    also: &'static [&'static str],
    /// What stands behind it.
    pub takes: &'static str,
    pub does: &'static str,
    read: fn(&mut Rest<'_>) -> Result<Command, String>,
}

/// All commands, in the order in which `help` has them.
pub(super) const FORMS: &[Form] = &[
    Form {
        name: "join",
        also: &[],
        takes: "ID [via ID]",
        does: "a node comes, and asks another one for its place",
        read: join,
    },
    Form {
        name: "leave",
        also: &[],
        takes: "ID",
        does: "a node says goodbye and goes",
        read: |rest| Ok(Command::Leave(rest.node("which node leaves")?)),
    },
    Form {
        name: "crash",
        also: &["kill", "fail"],
        takes: "ID",
        does: "a node goes without a word",
        read: |rest| Ok(Command::Crash(rest.node("which node crashes")?)),
    },
    Form {
        name: "put",
        also: &["store"],
        takes: "KEY VALUE from ID",
        does: "store a value: put alice hello from 32",
        read: put,
    },
    Form {
        name: "get",
        also: &[],
        takes: "KEY from ID",
        does: "read it again",
        read: |rest| rest.asked(|key, from| Command::Get { key, from }),
    },
    Form {
        name: "find",
        also: &["lookup"],
        takes: "KEY from ID",
        does: "look up who owns a key",
        read: |rest| rest.asked(|key, from| Command::Find { key, from }),
    },
    Form {
        name: "step",
        also: &["next"],
        takes: "[COMMAND]",
        does: "only the next thing that happens: step get alice from 32",
        read: step,
    },
    Form {
        name: "run",
        also: &["wait"],
        takes: "TIME",
        does: "let time pass: run 30s",
        read: run,
    },
    Form {
        name: "ring",
        also: &["draw"],
        takes: "",
        does: "a drawing of the ring",
        read: |_| Ok(Command::Ring),
    },
    Form {
        name: "nodes",
        also: &["ls"],
        takes: "",
        does: "all nodes: neighbours, keys, what they keep",
        read: |_| Ok(Command::Nodes),
    },
    Form {
        name: "node",
        also: &["show"],
        takes: "ID",
        does: "all that a node knows",
        read: |rest| Ok(Command::Node(rest.node("whose knowledge to show")?)),
    },
    Form {
        name: "fingers",
        also: &["finger"],
        takes: "ID",
        does: "its finger table",
        read: |rest| Ok(Command::Fingers(rest.node("whose fingers to show")?)),
    },
    Form {
        name: "keys",
        also: &["key"],
        takes: "[ID]",
        does: "the values that a node keeps; without ID all nodes",
        read: |rest| {
            let all = rest.words.is_empty();
            Ok(Command::Keys(if all {
                None
            } else {
                Some(rest.node("whose keys to show")?)
            }))
        },
    },
    Form {
        name: "events",
        also: &["history"],
        takes: "",
        does: "what was done so far, and when",
        read: |_| Ok(Command::Events),
    },
    Form {
        name: "undo",
        also: &[],
        takes: "",
        does: "take back the last command that did something",
        read: |_| Ok(Command::Undo),
    },
    Form {
        name: "save",
        also: &[],
        takes: "FILE.toml",
        does: "what was done, as a scenario for `chordsim run`",
        read: |rest| Ok(Command::Save(rest.file("save lesson.toml")?)),
    },
    Form {
        name: "script",
        also: &["source"],
        takes: "FILE",
        does: "do what stands in a file, line by line",
        read: |rest| {
            if rest.words.first().is_some_and(|word| word.is("<")) {
                rest.words = &rest.words[1..];
            }
            Ok(Command::Script(rest.file("script exercise.txt")?))
        },
    },
    Form {
        name: "help",
        also: &["?"],
        takes: "[COMMAND]",
        does: "this list",
        read: |rest| Ok(Command::Help(rest.next().map(|word| word.text.clone()))),
    },
    Form {
        name: "quit",
        also: &["exit", "bye"],
        takes: "",
        does: "end (Ctrl-D as well)",
        read: |_| Ok(Command::Quit),
    },
];

/// A key as it was typed: a place, a name, or both.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Key {
    /// `120`
    Place(u64),
    /// `alice`, which is hashed unless it names a place already.
    Name(String),
    /// `alice=120`
    Named(String, u64),
}

/// What was typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Command {
    Nothing,
    Join { id: u64, via: Option<u64> },
    Leave(u64),
    Crash(u64),
    Put { key: Key, value: String, from: u64 },
    Get { key: Key, from: u64 },
    Find { key: Key, from: u64 },
    Step(Option<Box<Command>>),
    Run(SimDuration),
    Ring,
    Nodes,
    Node(u64),
    Fingers(u64),
    Keys(Option<u64>),
    Events,
    Undo,
    Save(String),
    Script(String),
    Help(Option<String>),
    Quit,
}

/// The form of this name.
pub(super) fn form(name: &str) -> Option<&'static Form> {
    let name = name.to_ascii_lowercase();
    let is_it = |form: &&Form| form.name == name || form.also.contains(&name.as_str());
    FORMS.iter().find(is_it)
}

/// Reads a line.
///
/// # Errors
/// A sentence that says what is wrong, and what to write.
pub(super) fn read(line: &str) -> Result<Command, String> {
    read_words(&words(line)?)
}

fn read_words(words: &[Word]) -> Result<Command, String> {
    let Some((first, words)) = words.split_first() else {
        return Ok(Command::Nothing);
    };
    let Some(form) = form(&first.text).filter(|_| !first.quoted) else {
        return Err(unknown(&first.text));
    };
    let mut rest = Rest { form, words };
    let command = (form.read)(&mut rest)?;
    match rest.words.first() {
        None => Ok(command),
        Some(word) => Err(format!(
            "\"{}\" is one word too many: {}.",
            word.text,
            rest.usage()
        )),
    }
}

/// What to say of a command that there is none of.
pub(super) fn unknown(name: &str) -> String {
    let name = &*shortened(name, WORD_SHOWN_MAX);
    let names = FORMS
        .iter()
        .flat_map(|form| form.also.iter().chain([&form.name]).copied());
    match nearest(name, names) {
        Some(meant) => {
            format!("There is no command \"{name}\": did you mean `{meant}`? `help` lists all.")
        }
        None => format!("There is no command \"{name}\": `help` lists what there is."),
    }
}

/// The words behind a command.
struct Rest<'a> {
    form: &'static Form,
    words: &'a [Word],
}

impl<'a> Rest<'a> {
    fn usage(&self) -> String {
        match (self.form.name, self.form.takes) {
            (name, "") => format!("`{name}` stands alone"),
            (name, takes) => format!("it is `{name} {takes}`"),
        }
    }

    fn next(&mut self) -> Option<&'a Word> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    /// A node by its identifier.
    fn node(&mut self, what: &str) -> Result<u64, String> {
        let Some(word) = self.next() else {
            return Err(format!("Say {what}: {}.", self.usage()));
        };
        word.text.parse().map_err(|_| {
            format!(
                "\"{}\" is no node: a node is called by its place on the ring, a number; {}.",
                word.text,
                self.usage()
            )
        })
    }

    /// The node behind a word such as `from`, with which the line ends.
    fn node_behind(&mut self, word: &str, what: &str) -> Result<u64, String> {
        match self.next() {
            Some(it) if it.is(word) => self.node(what),
            Some(it) => Err(format!(
                "\"{}\" is not understood here: {}.",
                it.text,
                self.usage()
            )),
            None => Err(format!("Say {what}: {}.", self.usage())),
        }
    }

    fn key(&mut self) -> Result<Key, String> {
        let Some(word) = self.next().filter(|word| !word.is("from")) else {
            return Err(format!("Say which key: {}.", self.usage()));
        };
        if word.text.is_empty() {
            return Err("A key has a name of at least one letter.".to_owned());
        }
        if word.quoted {
            return Ok(Key::Name(word.text.clone()));
        }
        if let Ok(place) = word.text.parse() {
            return Ok(Key::Place(place));
        }
        if let Some((name, place)) = word.text.split_once('=') {
            return match place.parse() {
                Ok(place) if !name.is_empty() => Ok(Key::Named(name.to_owned(), place)),
                _ => Err(format!(
                    "\"{}\" is not understood: a name for a place is written alice=120.",
                    word.text
                )),
            };
        }
        Ok(Key::Name(word.text.clone()))
    }

    fn asked(&mut self, make: fn(Key, u64) -> Command) -> Result<Command, String> {
        let key = self.key()?;
        let from = self.node_behind("from", "which node asks")?;
        Ok(make(key, from))
    }

    fn file(&mut self, example: &str) -> Result<String, String> {
        match self.next() {
            Some(word) if !word.text.is_empty() => Ok(word.text.clone()),
            _ => Err(format!("Say which file: `{example}`.")),
        }
    }
}

fn join(rest: &mut Rest<'_>) -> Result<Command, String> {
    let id = rest.node("which place the new node has")?;
    let via = match rest.words {
        [] => None,
        _ => Some(rest.node_behind("via", "which node it asks")?),
    };
    Ok(Command::Join { id, via })
}

/// The value is all between the key and the last `from`.
fn put(rest: &mut Rest<'_>) -> Result<Command, String> {
    let key = rest.key()?;
    let Some(end) = rest.words.iter().rposition(|word| word.is("from")) else {
        return Err(format!("Say which node is asked: {}.", rest.usage()));
    };
    let (value, words) = rest.words.split_at(end);
    if value.is_empty() {
        return Err(format!("Say what to store: {}.", rest.usage()));
    }
    rest.words = words;
    let value: Vec<&str> = value.iter().map(|word| word.text.as_str()).collect();
    let from = rest.node_behind("from", "which node is asked")?;
    let value = value.join(" ");
    Ok(Command::Put { key, value, from })
}

fn step(rest: &mut Rest<'_>) -> Result<Command, String> {
    if rest.words.is_empty() {
        return Ok(Command::Step(None));
    }
    let command = read_words(rest.words)?;
    rest.words = &[];
    match command {
        Command::Join { .. }
        | Command::Leave(_)
        | Command::Crash(_)
        | Command::Put { .. }
        | Command::Get { .. }
        | Command::Find { .. } => Ok(Command::Step(Some(Box::new(command)))),
        _ => Err(
            "`step` goes in front of what happens on the ring: step find 120 from 32.".to_owned(),
        ),
    }
}

fn run(rest: &mut Rest<'_>) -> Result<Command, String> {
    let Some(word) = rest.next() else {
        return Err("Say how long: `run 30s`.".to_owned());
    };
    let span = parse_duration(&word.text).map_err(|why| {
        format!(
            "\"{}\" is no span of time: {why}. Write, for example, `run 30s`.",
            word.text
        )
    })?;
    if span == SimDuration::ZERO {
        return Err("In no time nothing happens: write, for example, `run 30s`.".to_owned());
    }
    Ok(Command::Run(span))
}

#[cfg(test)]
mod tests;
