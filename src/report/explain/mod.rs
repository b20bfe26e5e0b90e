//! What a word of the program means: an error code, a metric, a column, a key or section of scenarios, one of the
//! words that a key takes or a file holds, an invariant of the audit. All from the tables that declare them.
//!
//! | file | concern |
//! |---|---|
//! | `code` | error codes |
//! | `metric`, `recompute` | metrics, and how they follow from the other files |
//! | `column` | columns |
//! | `key` | keys, sections and choices of scenarios |
//! | `word` | outcomes, reasons, events and invariants |

mod code;
mod column;
mod key;
mod metric;
mod recompute;
mod word;

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::lines::wrapped;
use crate::scenario::nearest;

pub use recompute::ways as recomputed;

/// As wide as a terminal is at least.
const WIDTH: usize = 80;

/// What is known of a word, as one of the things that it may name.
#[derive(Clone, PartialEq, Debug)]
pub struct Explanation {
    /// What kind of thing it is, such as `metric`.
    pub kind: &'static str,
    /// Its name, in full.
    pub name: String,
    /// What it means.
    pub about: String,
    /// What else is known of it, each under its heading.
    pub facts: Vec<(&'static str, String)>,
    /// What is shown as it stands, such as a scenario, each under its heading.
    pub quotes: Vec<(String, String)>,
}

impl Explanation {
    fn new(kind: &'static str, name: impl Into<String>, about: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
            about: about.into(),
            facts: Vec::new(),
            quotes: Vec::new(),
        }
    }

    fn fact(mut self, heading: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.facts.push((heading, text));
        }
        self
    }

    fn quote(mut self, heading: impl Into<String>, text: impl Into<String>) -> Self {
        self.quotes.push((heading.into(), text.into()));
        self
    }

    /// As it is shown, in lines that fit a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{} ({})\n\n", self.name, self.kind);
        let _ = writeln!(text, "{}", wrapped(&self.about, WIDTH));
        let widest = self.facts.iter().map(|(heading, _)| heading.len()).max();
        let width = widest.unwrap_or(0);
        if !self.facts.is_empty() {
            text.push('\n');
        }
        for (heading, fact) in &self.facts {
            let line = format!("{heading:<width$}  {fact}");
            let _ = writeln!(text, "{}", wrapped(&line, WIDTH));
        }
        for (heading, quote) in &self.quotes {
            let _ = writeln!(text, "\n{heading}:\n");
            for line in quote.trim_end().lines() {
                let _ = writeln!(text, "    {line}");
            }
        }
        text
    }

    /// The same for other programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let facts = self.facts.iter();
        let facts: Map<String, Value> = facts
            .map(|(heading, fact)| (heading.to_lowercase(), fact.as_str().into()))
            .collect();
        let quotes = self.quotes.iter();
        let quotes: Map<String, Value> = quotes
            .map(|(heading, quote)| (heading.to_lowercase(), quote.as_str().into()))
            .collect();
        json!({
            "kind": self.kind,
            "name": self.name,
            "about": self.about,
            "facts": facts,
            "quotes": quotes,
        })
    }
}

/// All that a word may name; nothing if nothing is known of it.
#[must_use]
pub fn find(word: &str) -> Vec<Explanation> {
    let mut found: Vec<Explanation> = code::find(word).into_iter().collect();
    found.extend(metric::find(word));
    found.extend(column::find(word));
    found.extend(key::find(word));
    found.extend(word::find(word));
    found
}

/// The names of all that can be explained, by kind.
#[must_use]
pub fn names() -> Vec<(&'static str, Vec<String>)> {
    vec![
        ("error codes", code::names()),
        ("metrics", metric::names()),
        ("columns", column::names()),
        ("keys", key::names()),
        ("outcomes, reasons, events, invariants", word::names()),
    ]
}

/// The name that was probably meant.
#[must_use]
pub fn suggestion(word: &str) -> Option<String> {
    let names: Vec<String> = names().into_iter().flat_map(|(_, names)| names).collect();
    let last = |name: &'_ str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let whole = nearest(word, names.iter().map(String::as_str)).map(str::to_owned);
    whole.or_else(|| {
        let tails: Vec<String> = names.iter().map(|name| last(name)).collect();
        nearest(&last(word), tails.iter().map(String::as_str)).map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_explained_in_lines_that_fit() {
        for (kind, names) in names() {
            assert!(!names.is_empty(), "{kind}");
            for name in names {
                let found = find(&name);
                assert!(!found.is_empty(), "{kind}: {name}");
                for one in &found {
                    assert!(!one.about.is_empty(), "{name}: {one:?}");
                    let prose = one.text();
                    let prose = prose.split(":\n\n    ").next().unwrap();
                    // A path or a list of words may be longer than a line.
                    let is_long =
                        |line: &&str| line.chars().count() > WIDTH && line.trim().contains(' ');
                    let long: Vec<&str> = prose.lines().filter(is_long).collect();
                    assert!(long.is_empty(), "{name}: {long:?}");
                }
            }
        }
    }

    #[test]
    fn a_slip_finds_what_was_meant() {
        for (given, meant) in [
            ("hop_mean", "hops_mean"),
            ("E0001x", "E0001"),
            ("sucessors", "successors"),
            ("chord.sucessors", "chord.successors"),
        ] {
            assert_eq!(suggestion(given).as_deref(), Some(meant), "{given}");
        }
        assert_eq!(suggestion("wombat"), None);
    }

    #[test]
    fn a_word_may_be_several_things() {
        let kinds = |word: &str| find(word).iter().map(|it| it.kind).collect::<Vec<_>>();
        assert!(kinds("hops").contains(&"column"));
        assert_eq!(kinds("e0002"), ["error code"]);
        assert!(kinds("nodes").len() > 1, "{:?}", kinds("nodes"));
        assert!(kinds("hops_mean").contains(&"metric"));
        assert_eq!(kinds("chord.routing"), ["key"]);
        assert_eq!(kinds("wombat"), [""; 0]);
    }
}
