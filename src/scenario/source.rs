//! The texts a scenario is made of: the file itself and the options of the command line that
//! change it. It knows nothing of what they mean.
//!
//! All texts share one line of byte offsets, the file first and each option after it, so that a
//! single range says both which text is meant and where in it. Options are parsed with blanks in
//! front of them that push every position to its place on that line.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// What the command line changes about a scenario.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Overrides {
    /// Replaces `seed`, also one that `set` gives.
    pub seed: Option<u64>,
    /// Replaces `repeat`, also one that `set` gives.
    pub repeat: Option<u32>,
    /// Each `section.key=value`, applied in order. The value is TOML; what is not is taken as a
    /// string, so its quotes may be left out. A key that is swept is swept no more.
    pub set: Vec<String>,
    /// What happens besides what the file's script says, after it where moments are the same: each as an `[[event]]` in
    /// one line, `{ at = "1m", lookup = { key = 7, from = 3 } }`.
    pub events: Vec<String>,
}

/// A range of bytes on the common line of all texts.
pub(crate) type Span = Range<usize>;

/// One text with its place on the common line.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// What error messages call it: the path of the file, or the name of the option.
    pub name: String,
    /// The text as it was given.
    pub text: Arc<str>,
    /// Offset of its first byte on the common line.
    pub start: usize,
}

/// One `key=value` of the command line, ready to be parsed.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    /// The whole option on the common line.
    pub span: Span,
    /// `<key> = 0`, in its place; `None` if there is no `=`.
    pub key: Option<String>,
    /// `v = <value>`, in its place.
    pub value: String,
    /// The value alone, for those that are a string without quotes.
    pub bare: String,
    /// Where the value stands.
    pub value_span: Span,
}

/// Every text of one scenario.
#[derive(Debug)]
pub(crate) struct Sources {
    pieces: Vec<Piece>,
    settings: Vec<Setting>,
    events: Vec<Setting>,
}

impl Sources {
    /// Lines up the file and then the options, in the order in which they take effect.
    pub(crate) fn new(text: &str, path: &Path, overrides: &Overrides) -> Self {
        let mut sources = Self {
            pieces: Vec::new(),
            settings: Vec::new(),
            events: Vec::new(),
        };
        sources.add(&path.display().to_string(), text);
        for set in &overrides.set {
            let start = sources.add("--set", set);
            sources.settings.push(Setting::of_pair(set, start));
        }
        for event in &overrides.events {
            let start = sources.add("what is asked for", event);
            let span = start..start + event.len();
            sources.events.push(Setting::new(span, None, event, start));
        }
        if let Some(seed) = overrides.seed {
            sources.add_flag("seed", &seed.to_string());
        }
        if let Some(repeat) = overrides.repeat {
            sources.add_flag("repeat", &repeat.to_string());
        }
        sources
    }

    /// The scenario file.
    pub(crate) fn file(&self) -> &Piece {
        &self.pieces[0]
    }

    /// The options, in the order in which they take effect.
    pub(crate) fn settings(&self) -> &[Setting] {
        &self.settings
    }

    /// The events that come on top of the file's.
    pub(crate) fn events(&self) -> &[Setting] {
        &self.events
    }

    /// Whether a position lies in an option of the command line.
    pub(crate) fn is_option(&self, span: &Span) -> bool {
        span.start > self.file().text.len()
    }

    /// The text in which a range lies, and the range within that text.
    pub(crate) fn resolve(&self, span: &Span) -> (&Piece, Span) {
        let piece = self
            .pieces
            .iter()
            .rfind(|piece| piece.start <= span.start)
            .expect("the file starts at offset 0");
        let within = |offset: usize| offset.saturating_sub(piece.start).min(piece.text.len());
        (piece, within(span.start)..within(span.end))
    }

    fn add(&mut self, name: &str, text: &str) -> usize {
        let start = self
            .pieces
            .last()
            .map_or(0, |last| last.start + last.text.len() + GAP);
        self.pieces.push(Piece {
            name: name.to_owned(),
            text: text.into(),
            start,
        });
        start
    }

    fn add_flag(&mut self, key: &str, value: &str) {
        let start = self.add(&format!("--{key}"), value);
        self.settings.push(Setting::new(
            start..start + value.len(),
            Some(format!("{key} = 0")),
            value,
            start,
        ));
    }
}

/// What is put in front of a value to parse it as a line of TOML.
const VALUE_HEAD: &str = "v = ";
/// Between two texts, so that there is room for it even after an empty file.
const GAP: usize = VALUE_HEAD.len() + 1;

impl Setting {
    fn of_pair(text: &str, start: usize) -> Self {
        let span = start..start + text.len();
        let Some((key, value)) = text.split_once('=') else {
            return Self::new(span.clone(), None, "", span.end);
        };
        let lead = value.len() - value.trim_start().len();
        let value_start = start + key.len() + 1 + lead;
        let key = format!("{}{key} = 0", " ".repeat(start));
        Self::new(span, Some(key), value.trim(), value_start)
    }

    fn new(span: Span, key: Option<String>, value: &str, value_start: usize) -> Self {
        let blanks = value_start - VALUE_HEAD.len();
        Self {
            span,
            key,
            value: format!("{}{VALUE_HEAD}{value}", " ".repeat(blanks)),
            bare: value.to_owned(),
            value_span: value_start..value_start + value.len(),
        }
    }
}
