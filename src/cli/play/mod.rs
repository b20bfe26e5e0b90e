//! `chordsim play`: a ring by hand, at a prompt or from standard input.
//!
//! | file | concern |
//! |---|---|
//! | `words`, `command`, `whom` | what can be typed, and what it names |
//! | `session` | what was done, and the present; all is run again from the seed |
//! | `account` | what is asked of a run, and what happened in it |
//! | `replay`, `eyes`, `sight` | a run up to a moment, and what is seen of it |
//! | `event_text`, `save` | a session as a scenario |
//! | `story`, `upkeep`, `answers` | what is told |
//! | `prompt`, `breaker` | the terminal |

mod account;
mod answers;
mod breaker;
mod command;
mod event_text;
mod eyes;
mod prompt;
mod replay;
mod save;
mod session;
mod sight;
mod story;
mod upkeep;
mod whom;
mod words;

use std::io::{self, BufRead, IsTerminal as _, Read as _};
use std::path::Path;

use self::answers::{Answer, Player};
use self::prompt::{Prompt, Typed};
use self::session::{CALM, Session};
use self::story::clock;
use super::args::{Color, PlayArgs};
use super::exit::{Exit, Stop};
use super::load;
use super::output;
use super::terminal;
use crate::inputs::file::{self, SCENARIO_BYTES_MAX};
use crate::report::play::{Paint, wrapped};
use crate::results::Stopwatch;

/// Columns of what is told.
const WIDTH: usize = 80;
/// The longest line that is read, in bytes.
const LINE_BYTES_MAX: u64 = 64 << 10;
/// How deep scripts may call scripts.
const DEPTH_MAX: usize = 8;
/// If a run takes longer than this, in seconds, it is said that each command does.
const SLOW_S: f64 = 2.0;
/// What the ring is called that is played with if none is named.
const CALM_FILE: &str = "lesson.toml";

pub(super) fn run(args: &PlayArgs, color: Color) -> Result<Exit, Stop> {
    let (file, text) = match &args.scenario {
        Some(file) => (file.as_path(), load::read_text(file)?),
        None => (Path::new(CALM_FILE), CALM.to_owned()),
    };
    let coloured = terminal::is_coloured(color, io::stdout().is_terminal());
    let watch = Stopwatch::start();
    let session = Session::begin(file, text, args.run)?;
    let took = watch.seconds();
    let mut table = Table {
        player: Player::new(session, Paint::new(coloured)),
        refused: Vec::new(),
        line: 0,
    };
    show(&table.player.greeting());
    if took > SLOW_S {
        output::message(&format!(
            "each command runs the ring again from its seed, which takes about {took:.0} s"
        ));
    }
    let prompt = if io::stdin().is_terminal() {
        Prompt::new(table.player.paint, coloured)
    } else {
        None
    };
    match prompt {
        Some(prompt) => table.converse(prompt),
        None => table.read_all(),
    }
    Ok(table.end())
}

/// Where a session is played.
struct Table {
    player: Player,
    /// The lines of standard input that were not done.
    refused: Vec<usize>,
    /// The number of the line that is being done.
    line: usize,
}

impl Table {
    /// Asks for lines until there are no more.
    fn converse(&mut self, mut prompt: Prompt) {
        self.player.session.breaker.listen();
        loop {
            let now = clock(self.player.session.present);
            let typed = prompt.ask(&now, &self.player.session.moment);
            let goes_on = match typed {
                Typed::Line(line) => self.answer(&line, 0),
                Typed::Nothing => true,
                Typed::Unreadable => self.refuse("That is not in UTF-8: set the terminal to it."),
                Typed::End => false,
            };
            if !goes_on {
                return;
            }
        }
    }

    /// Does what stands on standard input.
    fn read_all(&mut self) {
        let mut input = io::stdin().lock();
        while let Some(line) = next_line(&mut input) {
            self.line += 1;
            let goes_on = match line {
                Ok(line) => self.heard(&line, 0),
                Err(sentence) => self.refuse(sentence),
            };
            if !goes_on {
                return;
            }
        }
    }

    /// Says why a line is not done, and goes on.
    fn refuse(&mut self, sentence: &str) -> bool {
        self.refused.push(self.line);
        show(&self.player.paint.bad(sentence));
        true
    }

    /// Does a line that nobody has typed: it is shown first. Returns whether to go on.
    fn heard(&mut self, line: &str, depth: usize) -> bool {
        let line = line.trim();
        if line.is_empty() {
            return true;
        }
        if line.starts_with('#') {
            show(&self.player.paint.head(line));
            return true;
        }
        show(&self.player.paint.head(format!("> {line}")));
        let known = self.refused.len();
        let goes_on = self.answer(line, depth);
        self.refused
            .truncate(known + usize::from(self.refused.len() > known));
        goes_on
    }

    /// Does a line and shows the answer. Returns whether to go on.
    fn answer(&mut self, line: &str, depth: usize) -> bool {
        match self.player.answer(line) {
            Ok(Answer::End) => return false,
            Ok(Answer::Text(text)) => show(&text),
            Ok(Answer::Script(file)) => return self.script(&file, depth),
            Err(sentence) => return self.refuse(&sentence),
        }
        true
    }

    /// Does what stands in a file. Returns whether to go on.
    fn script(&mut self, file: &str, depth: usize) -> bool {
        match file::text(Path::new(file), SCENARIO_BYTES_MAX) {
            Ok(text) if depth < DEPTH_MAX => text.lines().all(|line| self.heard(line, depth + 1)),
            Ok(_) => self.refuse(&format!(
                "{file} is not read: scripts call scripts too deeply. Does it call itself?"
            )),
            Err(error) => self.refuse(&format!("{file} cannot be read: {error}.")),
        }
    }

    /// How it ends: whoever reads standard input from a file is told whether all of it was done.
    fn end(&self) -> Exit {
        if self.line == 0 || self.refused.is_empty() {
            return Exit::Done;
        }
        let lines: Vec<String> = self.refused.iter().map(ToString::to_string).collect();
        let which = if lines.len() == 1 { "line" } else { "lines" };
        output::message(&format!("not done: {which} {}", lines.join(", ")));
        Exit::Failed
    }
}

/// Shows a text, and a blank line behind it.
fn show(text: &str) {
    let text = text.trim_end();
    if !text.is_empty() {
        output::data(&format!("{}\n\n", wrapped(text, WIDTH)));
    }
}

/// The next line of standard input, without its end; or why it is none.
fn next_line(input: &mut impl BufRead) -> Option<Result<String, &'static str>> {
    let mut line = Vec::new();
    let read = input
        .by_ref()
        .take(LINE_BYTES_MAX)
        .read_until(b'\n', &mut line);
    match read {
        Ok(0) | Err(_) => return None,
        Ok(_) if line.ends_with(b"\n") || (line.len() as u64) < LINE_BYTES_MAX => {}
        Ok(_) => {
            // What follows is the rest of it, and no command.
            let _ = input.skip_until(b'\n');
            return Some(Err("A line of more than 65536 bytes is not read."));
        }
    }
    let line = String::from_utf8(line).map(|line| line.trim_end().to_owned());
    Some(line.map_err(
        |_| "A line is not read that is not in UTF-8: save the file anew in that encoding.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_too_long_or_no_text_are_passed_over_whole() {
        let long = "leave 98 ".repeat(10_000);
        let mut input = format!("ring\r\n{long}\n").into_bytes();
        input.extend(b"put \xff a from 32\nundo");
        let mut input = &input[..];
        let mut lines = std::iter::from_fn(|| next_line(&mut input));
        assert_eq!(lines.next(), Some(Ok("ring".to_owned())));
        assert!(lines.next().unwrap().unwrap_err().contains("65536 bytes"));
        assert!(lines.next().unwrap().unwrap_err().contains("UTF-8"));
        assert_eq!(lines.next(), Some(Ok("undo".to_owned())));
        assert_eq!(lines.next(), None);
    }
}
