//! What is wrong with a scenario, where, and what to do about it.

use std::fmt;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, SourceCode, SourceSpan};

use super::source::{Sources, Span};
use crate::codes::{Code, Coded};
use crate::inputs::excerpt::Excerpt;
use crate::inputs::harmless::shortened;

/// The most problems of one scenario that are told. Each shows the line it is in, and a list of ten thousand
/// identifiers that are all too large is one line.
const MOST_TOLD: usize = 20;

/// The most characters of a message, a label or a remedy: a word that is none may be as long as the scenario.
const TEXT_MAX: usize = 1000;

/// What is wrong with a scenario: the text (file or option), the place in it, what is allowed and
/// the remedy.
///
/// Printed through `miette` it underlines the offending text; the same facts can be asked for one
/// by one. Further problems of the same scenario, if any, hang off the first.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct ScenarioError {
    code: Code,
    message: String,
    label: String,
    help: String,
    excerpt: Excerpt,
    shown: SourceSpan,
    text: Arc<str>,
    span: Span,
    others: Vec<ScenarioError>,
}

impl Diagnostic for ScenarioError {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new_with_span(Some(self.label.clone()), self.shown);
        Some(Box::new(std::iter::once(label)))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let others = self.others.iter().map(|other| other as &dyn Diagnostic);
        Some(Box::new(others))
    }
}

impl Coded for ScenarioError {
    fn kind(&self) -> Code {
        self.code
    }
}

impl ScenarioError {
    /// Where the problem lies: the path of the scenario file, or an option such as `--set`.
    pub fn source_name(&self) -> &str {
        self.excerpt.name()
    }

    /// The line in that text, from 1.
    pub fn line(&self) -> usize {
        self.excerpt.position().line
    }

    /// The column in that line in characters, from 1.
    pub fn column(&self) -> usize {
        self.excerpt.position().column
    }

    /// The text that is underlined; empty where something is missing.
    pub fn offending(&self) -> &str {
        &self.text[self.span.clone()]
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

    /// Several problems as one error, in the order of their places. The first are told, and how many
    /// there are besides.
    ///
    /// # Panics
    /// If there is none.
    pub(super) fn gather(mut problems: Vec<Problem>, sources: &Sources) -> Box<Self> {
        problems.sort_by_key(|problem| problem.span.start);
        let others: usize = problems.iter().map(|problem| problem.others).sum();
        let untold = problems.len().saturating_sub(MOST_TOLD) + others;
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

/// A problem that still has its place on the common line of all texts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Problem {
    /// Which kind of mistake it is.
    code: Code,
    /// The offending text.
    pub span: Span,
    /// What is wrong, in one line.
    pub message: String,
    /// What stands beside the underlined text.
    pub label: String,
    /// The remedy.
    pub help: String,
    /// So many further ones were let go of.
    others: usize,
}

impl Problem {
    /// A problem with everything that must be said about it.
    pub(crate) fn new(
        code: Code,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            code,
            span,
            message: message.into(),
            label: label.into(),
            help: help.into(),
            others: 0,
        }
    }

    /// The same problem with its place told by text and range.
    pub(crate) fn place(self, sources: &Sources) -> ScenarioError {
        let (piece, span) = sources.resolve(&self.span);
        let (excerpt, shown) = Excerpt::new(&piece.name, &piece.text, span.clone(), 1);
        let short = |text: String| shortened(&text, TEXT_MAX).into_owned();
        ScenarioError {
            code: self.code,
            message: short(self.message),
            label: short(self.label),
            help: short(self.help),
            excerpt,
            shown,
            text: Arc::clone(&piece.text),
            span,
            others: Vec::new(),
        }
    }
}

/// The problems of a scenario that were found so far, each kind in the order in which it was found.
#[derive(Default, Debug)]
pub(crate) struct Problems {
    /// Those that no sweep can mend: an unknown name, a value of a wrong type, any value of a key
    /// that cannot be swept.
    pub lasting: Found,
    /// Values that their keys do not allow, or that do not fit others. Where one is replaced by
    /// swept values, it is nobody's problem.
    pub replaceable: Found,
}

impl Problems {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.lasting.is_empty() && self.replaceable.is_empty()
    }

    /// All of them.
    pub(crate) fn all(mut self) -> Vec<Problem> {
        self.lasting.0.append(&mut self.replaceable.0);
        self.lasting.0
    }
}

/// Problems of a kind. Of millions, as in a list of identifiers of which all are too large, the first in the text are
/// kept, and how many there are besides.
#[derive(Default, Debug)]
pub(crate) struct Found(Vec<Problem>);

impl Found {
    /// So many are kept at least: more than are ever told.
    const KEPT: usize = 1000;

    pub(crate) fn push(&mut self, problem: Problem) {
        self.0.push(problem);
        if self.0.len() == 2 * Self::KEPT {
            self.0.sort_by_key(|problem| problem.span.start);
            let gone = self.0.drain(Self::KEPT..);
            let others: usize = gone.map(|problem| 1 + problem.others).sum();
            let last = self.0.last_mut().expect("some are kept");
            last.others += others;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there are more than anybody reads.
    pub(crate) fn are_many(&self) -> bool {
        self.0.len() >= Self::KEPT
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
