//! What is wrong with a scenario, where, and what to do about it.

use std::sync::Arc;

use miette::{Diagnostic, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::source::{Sources, Span};

/// The most problems of one scenario that are told. Each shows the line it is in, and a list of ten thousand
/// identifiers that are all too large is one line.
const MOST_TOLD: usize = 20;

/// What is wrong with a scenario: the text (file or option), the place in it, what is allowed and
/// the remedy.
///
/// Printed through `miette` it underlines the offending text; the same facts can be asked for one
/// by one. Further problems of the same scenario, if any, hang off the first.
#[derive(Clone, Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
pub struct ScenarioError {
    message: String,
    label: String,
    #[help]
    help: String,
    #[source_code]
    source_code: Text,
    #[label("{label}")]
    span: SourceSpan,
    #[related]
    others: Vec<ScenarioError>,
}

impl ScenarioError {
    /// Where the problem lies: the path of the scenario file, or an option such as `--set`.
    pub fn source_name(&self) -> &str {
        &self.source_code.name
    }

    /// The line in that text, from 1.
    pub fn line(&self) -> usize {
        self.before().matches('\n').count() + 1
    }

    /// The column in that line in characters, from 1.
    pub fn column(&self) -> usize {
        self.source_code.column(self.span.offset()) + 1
    }

    /// The text that is underlined; empty where something is missing.
    pub fn offending(&self) -> &str {
        let start = self.span.offset();
        &self.source_code.text[start..start + self.span.len()]
    }

    /// What stands beside the underlined text: what is wrong with it or what is allowed there.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// What to do.
    pub fn remedy(&self) -> &str {
        &self.help
    }

    /// Further problems of the same scenario.
    pub fn others(&self) -> &[ScenarioError] {
        &self.others
    }

    fn before(&self) -> &str {
        &self.source_code.text[..self.span.offset()]
    }

    /// Several problems as one error, in the order of their places. The first are told, and how many
    /// there are besides.
    ///
    /// # Panics
    /// If there is none.
    pub(super) fn gather(mut problems: Vec<Problem>, sources: &Sources) -> Box<Self> {
        problems.sort_by_key(|problem| problem.span.start);
        let untold = problems.len().saturating_sub(MOST_TOLD);
        problems.truncate(MOST_TOLD);
        if let Some(last) = problems.last_mut().filter(|_| untold > 0) {
            let note = format!("; {untold} more problems come after this one");
            last.help.push_str(&note);
        }
        let mut errors = problems.into_iter().map(|problem| problem.place(sources));
        let mut first = errors.next().expect("an error has at least one problem");
        first.others = errors.collect();
        Box::new(first)
    }
}

/// A text with its name. Unlike `miette`'s own it counts columns in characters, as editors do,
/// and not in bytes.
#[derive(Clone, Debug)]
struct Text {
    name: String,
    text: Arc<str>,
}

impl Text {
    /// The column of a byte in characters, from 0.
    fn column(&self, offset: usize) -> usize {
        let before = &self.text[..offset];
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        before[line..].chars().count()
    }
}

impl SourceCode for Text {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.read_span(span, lines_before, lines_after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            contents.line(),
            self.column(contents.span().offset()),
            contents.line_count(),
        )))
    }
}

/// A problem that still has its place on the common line of all texts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Problem {
    /// The offending text.
    pub span: Span,
    /// What is wrong, in one line.
    pub message: String,
    /// What stands beside the underlined text.
    pub label: String,
    /// The remedy.
    pub help: String,
}

impl Problem {
    /// A problem with everything that must be said about it.
    pub(crate) fn new(
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            span,
            message: message.into(),
            label: label.into(),
            help: help.into(),
        }
    }

    /// The same problem with its place told by text and range.
    pub(crate) fn place(self, sources: &Sources) -> ScenarioError {
        let (piece, span) = sources.resolve(&self.span);
        ScenarioError {
            message: self.message,
            label: self.label,
            help: self.help,
            source_code: Text {
                name: piece.name.clone(),
                text: Arc::clone(&piece.text),
            },
            span: span.into(),
            others: Vec::new(),
        }
    }
}

/// The problems of a scenario that were found so far, each kind in the order in which it was found.
#[derive(Default, Debug)]
pub(crate) struct Problems {
    /// Those that no sweep can mend: an unknown name, a value of a wrong type, any value of a key
    /// that cannot be swept.
    pub lasting: Vec<Problem>,
    /// Values that their keys do not allow, or that do not fit others. Where one is replaced by
    /// swept values, it is nobody's problem.
    pub replaceable: Vec<Problem>,
}

impl Problems {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.lasting.is_empty() && self.replaceable.is_empty()
    }

    /// All of them.
    pub(crate) fn all(mut self) -> Vec<Problem> {
        self.lasting.append(&mut self.replaceable);
        self.lasting
    }
}
