//! The prompt: a line with history and completion. History is that of the session: machines of a course are shared, and
//! nothing is left on them.

use std::borrow::Cow;
use std::io::ErrorKind;

use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::Validator;
use rustyline::{ColorMode, CompletionType, Config, Context, Editor, Helper};

use super::command::{FORMS, form};
use crate::report::play::{Moment, Paint};

/// What was typed.
pub(super) enum Typed {
    Line(String),
    /// Ctrl-C: the line is let go of.
    Nothing,
    /// What was typed is not in UTF-8.
    Unreadable,
    /// Ctrl-D, or the terminal is gone.
    End,
}

/// The prompt.
pub(super) struct Prompt(Editor<Knowing, DefaultHistory>);

/// What completion knows.
struct Knowing {
    paint: Paint,
    nodes: Vec<String>,
    keys: Vec<String>,
    files: FilenameCompleter,
}

impl Prompt {
    /// A prompt, unless the terminal cannot be used.
    pub(super) fn new(paint: Paint, coloured: bool) -> Option<Self> {
        let colours = if coloured {
            ColorMode::Enabled
        } else {
            ColorMode::Disabled
        };
        let config = Config::builder()
            .color_mode(colours)
            .completion_type(CompletionType::List)
            .auto_add_history(true)
            .build();
        let mut editor = Editor::with_config(config).ok()?;
        editor.set_helper(Some(Knowing {
            paint,
            nodes: Vec::new(),
            keys: Vec::new(),
            files: FilenameCompleter::new(),
        }));
        Some(Self(editor))
    }

    /// Asks for a line; `moment` is what there is to name.
    pub(super) fn ask(&mut self, now: &str, moment: &Moment) -> Typed {
        if let Some(knowing) = self.0.helper_mut() {
            knowing.nodes = moment.nodes.keys().map(ToString::to_string).collect();
            knowing.keys = moment.names.values().cloned().collect();
        }
        match self.0.readline(&format!("{now} > ")) {
            Ok(line) => Typed::Line(line),
            Err(ReadlineError::Interrupted | ReadlineError::Signal(_)) => Typed::Nothing,
            Err(ReadlineError::Io(error)) if error.kind() == ErrorKind::InvalidData => {
                Typed::Unreadable
            }
            Err(_) => Typed::End,
        }
    }
}

impl Knowing {
    /// What may stand behind these words.
    fn next_words(&self, before: &[&str]) -> Vec<String> {
        let before = match before.split_first() {
            Some((first, rest)) if form(first).is_some_and(|form| form.name == "step") => rest,
            _ => before,
        };
        let Some((first, rest)) = before.split_first() else {
            return FORMS.iter().map(|form| form.name.to_owned()).collect();
        };
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        match (form(first).map(|form| form.name), rest) {
            (Some("join"), [_]) => words(&["via"]),
            (Some("join" | "get" | "find" | "put"), [.., "via" | "from"])
            | (Some("leave" | "crash" | "node" | "fingers" | "keys"), []) => self.nodes.clone(),
            (Some("get" | "find"), [_]) | (Some("put"), [_, _, ..]) => words(&["from"]),
            (Some("get" | "find" | "put"), []) => self.keys.clone(),
            (Some("run"), []) => words(&["1s", "10s", "30s", "1m", "5m"]),
            (Some("help"), []) => FORMS.iter().map(|form| form.name.to_owned()).collect(),
            _ => Vec::new(),
        }
    }
}

impl Completer for Knowing {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let typed = &line[..pos];
        let start = typed.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        let before: Vec<&str> = typed[..start].split_whitespace().collect();
        let takes_file = before.first().and_then(|first| form(first));
        if takes_file.is_some_and(|form| matches!(form.name, "save" | "script")) {
            return self.files.complete(line, pos, context);
        }
        let fitting = |word: &String| word.starts_with(&typed[start..]);
        let pair = |word: String| Pair {
            replacement: format!("{word} "),
            display: word,
        };
        let words = self.next_words(&before).into_iter().filter(fitting);
        Ok((start, words.map(pair).collect()))
    }
}

impl Hinter for Knowing {
    type Hint = String;

    /// What a command takes, once it is typed.
    fn hint(&self, line: &str, pos: usize, _: &Context<'_>) -> Option<String> {
        let name = line.strip_suffix(' ').filter(|_| pos == line.len())?;
        let form = form(name.trim_start())?;
        (!form.takes.is_empty()).then(|| form.takes.to_owned())
    }
}

impl Highlighter for Knowing {
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        self.paint.head(prompt).into()
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        self.paint.dim(hint).into()
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        false
    }
}

impl Validator for Knowing {}

impl Helper for Knowing {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_completed_by_where_they_stand() {
        let knowing = Knowing {
            paint: Paint::new(false),
            nodes: vec!["32".to_owned(), "98".to_owned()],
            keys: vec!["alice".to_owned()],
            files: FilenameCompleter::new(),
        };
        let next = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            knowing.next_words(&words).join(" ")
        };
        assert!(next("").starts_with("join leave crash"));
        assert!(next("step").starts_with("join leave crash"));
        for (line, expected) in [
            ("leave", "32 98"),
            ("join", ""),
            ("join 15", "via"),
            ("join 15 via", "32 98"),
            ("get", "alice"),
            ("get alice", "from"),
            ("step get alice from", "32 98"),
            ("put alice", ""),
            ("put alice hello", "from"),
            ("put alice hello world", "from"),
            ("put alice hello from", "32 98"),
            ("nonsense", ""),
        ] {
            assert_eq!(next(line), expected, "{line}");
        }
    }
}
