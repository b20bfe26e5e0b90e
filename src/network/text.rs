//! Text that came from a file, and faults at a place in it. Knows no format and reads no file.

use std::ops::Range;
use std::path::{Path, PathBuf};

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::error::{Fault, NetworkError};
use crate::engine::SimDuration;

/// The greatest latency taken from a file, in milliseconds: one hour. What is larger is in another
/// unit.
const MOST_MS: f64 = 3_600_000.0;
/// How much of a line is shown on either side of a fault, in characters.
const AROUND: usize = 36;

/// The text of a file.
#[derive(Clone, Copy)]
pub(super) struct TextFile<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

impl<'a> TextFile<'a> {
    pub(super) fn new(path: &'a Path, text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { path, text }
    }

    /// The lines that carry data: neither blank nor comments, which begin with `#`.
    pub(super) fn data_lines(self) -> impl Iterator<Item = &'a str> {
        self.text.lines().filter(|line| is_data(line))
    }

    /// The bytes of the text that a part of it fills.
    pub(super) fn span_of(self, part: &str) -> Range<usize> {
        let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
        start..start + part.len()
    }

    /// Reads a latency in milliseconds that stands somewhere in the text.
    ///
    /// # Errors
    /// A fault at that place.
    pub(super) fn latency_ms(self, word: &str) -> Result<f64, NetworkError> {
        let fault = |fault| self.fault(word, fault);
        let short = || shortened(word);
        if word.trim().is_empty() {
            return Err(fault(Fault::MissingValue));
        }
        match word.parse::<f64>() {
            Err(_) => Err(fault(Fault::NotANumber { value: short() })),
            Ok(ms) if !ms.is_finite() => Err(fault(Fault::NotFinite { value: short() })),
            Ok(ms) if ms < 0.0 => Err(fault(Fault::Negative { value: short() })),
            Ok(ms) if ms > MOST_MS => Err(fault(Fault::TooLarge { value: short() })),
            Ok(ms) => Ok(ms),
        }
    }

    /// The same as a span of simulated time.
    ///
    /// # Errors
    /// As [`TextFile::latency_ms`].
    pub(super) fn latency(self, word: &str) -> Result<SimDuration, NetworkError> {
        self.latency_ms(word).map(SimDuration::from_millis_f64)
    }

    /// A fault at a part of the text.
    pub(super) fn fault(self, part: &str, fault: Fault) -> NetworkError {
        let span = self.span_of(part);
        let before = &self.text[..span.start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.text[line_start..].lines().next().unwrap_or_default();
        let (excerpt, shown) = excerpt(line, span.start - line_start..span.end - line_start);
        let place = Place {
            line: before.matches('\n').count() + 1,
            column: self.text[line_start..span.start].chars().count() + 1,
        };
        NetworkError::Text(Box::new(TextFault {
            path: self.path.to_path_buf(),
            place,
            help: fault.help().to_owned(),
            fault,
            excerpt: Excerpt {
                name: self.path.display().to_string(),
                text: excerpt,
                place,
            },
            shown: shown.into(),
        }))
    }
}

fn is_data(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

/// The start of a text that is to appear in a message.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(AROUND) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The neighbourhood of a span in a line, and where the span is in it.
fn excerpt(line: &str, span: Range<usize>) -> (String, Range<usize>) {
    let begin = span.start.min(line.len());
    let ends = |from: usize, limit: usize, count| {
        let beyond = line[from..limit].char_indices().nth(count);
        beyond.map_or(limit, |(end, _)| from + end)
    };
    let end = ends(begin, span.end.clamp(begin, line.len()), AROUND);
    let mut before = line[..begin].char_indices().rev();
    let from = before.nth(AROUND - 1).map_or(0, |(start, _)| start);
    let to = ends(end, line.len(), AROUND);
    let head = if from > 0 { "… " } else { "" };
    let tail = if to < line.len() { " …" } else { "" };
    let text = format!("{head}{}{tail}", &line[from..to]);
    let shift = head.len();
    (text, begin - from + shift..end - from + shift)
}

/// A fault in a file's text, with the place where it is.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{}, line {}, column {}: {fault}", .path.display(), .place.line, .place.column)]
pub struct TextFault {
    path: PathBuf,
    place: Place,
    fault: Fault,
    #[source_code]
    excerpt: Excerpt,
    #[label("here")]
    shown: SourceSpan,
    #[help]
    help: String,
}

impl TextFault {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Line and column, in characters, both counted from 1.
    #[must_use]
    pub fn place(&self) -> (usize, usize) {
        (self.place.line, self.place.column)
    }

    /// What is wrong there.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        &self.fault
    }
}

/// Line and column, in characters, both counted from 1.
#[derive(Clone, Copy, Debug)]
struct Place {
    line: usize,
    column: usize,
}

/// A piece of one line that knows where in its file it comes from. The line of a matrix is
/// thousands of characters long: nobody wants to see all of it.
#[derive(Debug)]
struct Excerpt {
    name: String,
    text: String,
    place: Place,
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, lines_before, lines_after)?;
        // Without context the contents begin at the span itself, else at the line's beginning.
        let column = if lines_before == 0 {
            self.place.column - 1
        } else {
            0
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            *inner.span(),
            self.place.line - 1,
            column,
            inner.line_count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_line_is_shown_whole() {
        assert_eq!(excerpt("1 two 3", 2..5), ("1 two 3".to_owned(), 2..5));
        assert_eq!(excerpt("", 0..0), (String::new(), 0..0));
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides_and_so_is_a_long_fault() {
        let line = format!("{}{}{}", "ä".repeat(100), "x".repeat(100), "ö".repeat(100));
        let (text, span) = excerpt(&line, 200..300);
        assert_eq!(&text[span], "x".repeat(AROUND));
        assert!(text.starts_with("… ä") && text.ends_with("x …"));
        assert_eq!(text.chars().count(), 3 * AROUND + 4);
    }
}
