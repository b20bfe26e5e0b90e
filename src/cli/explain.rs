//! `chordsim explain`: what a code, a metric, a column, a key or another word means.

use std::fmt::Write as _;

use miette::Diagnostic;
use serde_json::{Map, Value, json};

use super::args::ExplainArgs;
use super::exit::{Exit, Stop};
use super::output;
use crate::codes::{self, Code, Coded};
use crate::report::explain;
use crate::report::lines::wrapped;

/// As wide as a terminal is at least.
const WIDTH: usize = 80;

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("nothing is known of `{word}`")]
#[diagnostic(help("{remedy}`chordsim explain` without a word lists all that can be explained"))]
struct NotExplained {
    word: String,
    remedy: String,
}

impl Coded for NotExplained {
    fn kind(&self) -> Code {
        codes::NOT_EXPLAINED
    }
}

pub(super) fn run(args: &ExplainArgs) -> Result<Exit, Stop> {
    if args.words.is_empty() {
        output::data(&if args.json { list_as_json() } else { list() });
        return Ok(Exit::Done);
    }
    let mut found = Vec::new();
    for word in &args.words {
        let of_word = explain::find(word);
        if of_word.is_empty() {
            let near = explain::suggestion(word);
            let remedy = near.map(|near| format!("did you mean `{near}`? "));
            return Err(Stop::usage(NotExplained {
                word: word.clone(),
                remedy: remedy.unwrap_or_default(),
            }));
        }
        found.extend(of_word);
    }
    if args.json {
        let all: Vec<Value> = found.iter().map(explain::Explanation::json).collect();
        output::data(&format!("{}\n", Value::from(all)));
    } else {
        let texts: Vec<String> = found.iter().map(explain::Explanation::text).collect();
        output::data(&texts.join("\n"));
    }
    Ok(Exit::Done)
}

fn list() -> String {
    let mut text = String::new();
    for (kind, names) in explain::names() {
        let names = format!("  {}", names.join(" "));
        let _ = writeln!(text, "{kind}:\n{}\n", wrapped(&names, WIDTH));
    }
    text + "chordsim explain WORD says what one means.\n"
}

fn list_as_json() -> String {
    let names = explain::names().into_iter();
    let all: Map<String, Value> = names
        .map(|(kind, names)| (kind.to_owned(), json!(names)))
        .collect();
    format!("{}\n", Value::from(all))
}
