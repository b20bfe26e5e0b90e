//! Errors as they may be shown on a terminal: what they tell of files, their names and what stands in them, is not ours.

use std::error::Error;
use std::fmt;

use miette::{Diagnostic, LabeledSpan, Severity, SourceCode};

use crate::codes::Coded;
use crate::inputs::harmless::{escaped, shortened};

/// The most characters of a message. A parser may quote a value of a file, however long it is.
const MESSAGE_MAX: usize = 2000;

/// A message that is told of something not ours, in short and without what steers a terminal.
fn harmless(message: &impl fmt::Display) -> String {
    let message = message.to_string();
    escaped(&shortened(&message, MESSAGE_MAX)).into_owned()
}

/// A diagnostic whose texts are harmless. The excerpts that it shows are so already (`inputs::excerpt`).
#[derive(Debug)]
pub(super) struct Harmless<'a> {
    original: &'a dyn Diagnostic,
    message: String,
    help: Option<String>,
    cause: Option<Cause>,
    related: Vec<Harmless<'a>>,
}

/// Why something failed, and why that did.
#[derive(Debug)]
struct Cause {
    message: String,
    cause: Option<Box<Cause>>,
}

impl<'a> Harmless<'a> {
    /// With its kind behind the message; further errors that hang off it have theirs from themselves.
    pub(super) fn new(original: &'a dyn Coded) -> Self {
        Self::with(original, Some(original.kind().to_string()))
    }

    fn with(original: &'a dyn Diagnostic, code: Option<String>) -> Self {
        let related = original.related().into_iter().flatten();
        let code = code.map_or_else(String::new, |code| format!(" [{code}]"));
        let of_itself = |other: &'a dyn Diagnostic| other.code().map(|code| code.to_string());
        Self {
            original,
            message: harmless(&original) + &code,
            help: original.help().map(|help| harmless(&help)),
            cause: original.source().map(Cause::of),
            related: related
                .map(|other| Self::with(other, of_itself(other)))
                .collect(),
        }
    }
}

impl Cause {
    fn of(error: &(dyn Error + 'static)) -> Self {
        Self {
            message: harmless(&error),
            cause: error.source().map(|cause| Box::new(Self::of(cause))),
        }
    }
}

impl fmt::Display for Harmless<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Harmless<'_> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

impl Diagnostic for Harmless<'_> {
    fn severity(&self) -> Option<Severity> {
        self.original.severity()
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.as_ref().map(|help| Box::new(help) as _)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.original.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.original.labels()?;
        let labels = labels.map(|label| {
            let text = label.label().map(|text| harmless(&text));
            if label.primary() {
                LabeledSpan::new_primary_with_span(text, *label.inner())
            } else {
                LabeledSpan::new_with_span(text, *label.inner())
            }
        });
        Some(Box::new(labels))
    }

    fn related<'b>(&'b self) -> Option<Box<dyn Iterator<Item = &'b dyn Diagnostic> + 'b>> {
        let related = self.related.iter().map(|other| other as &dyn Diagnostic);
        (!self.related.is_empty()).then(|| Box::new(related) as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;

    #[derive(Debug, thiserror::Error, Diagnostic)]
    #[error("no \u{1b}[31m{name}")]
    #[diagnostic(help("remove \u{9b}{name}"))]
    struct Hostile {
        name: String,
        source: std::io::Error,
        #[related]
        others: Vec<Hostile>,
    }

    impl Coded for Hostile {
        fn kind(&self) -> codes::Code {
            codes::INPUT_OUTPUT
        }
    }

    fn hostile(others: Vec<Hostile>) -> Hostile {
        Hostile {
            name: "x".repeat(1 << 20),
            source: std::io::Error::other("\u{202e}why\u{7}"),
            others,
        }
    }

    #[test]
    fn whatever_an_error_tells_is_short_and_without_control_characters() {
        let error = hostile(vec![hostile(Vec::new())]);
        let mut told = String::new();
        let handler =
            miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::unicode_nocolor());
        handler
            .render_report(&mut told, &Harmless::new(&error))
            .unwrap();
        let is_safe = |c: char| c == '\n' || !c.is_control();
        assert!(told.chars().all(is_safe), "{}", &told[..4000]);
        assert_eq!(told.matches("[E0063]").count(), 1, "{}", &told[..4000]);
        assert!(told.len() < 40_000, "{}", told.len());
        for part in ["<U+001B>[31mx", "<U+009B>x", "<U+202E>why<U+0007>"] {
            assert_eq!(told.matches(part).count(), 2, "{part}: {}", &told[..4000]);
        }
    }
}
