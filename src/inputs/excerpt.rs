//! The piece of a line that a message shows, which knows where in its file it stands.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// How much of a line is shown on either side of a fault, in characters.
const AROUND: usize = 36;

/// Line and column, in characters, both counted from 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A piece of one line that knows where in its file it comes from. The line of a matrix is
/// thousands of characters long: nobody wants to see all of it.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    position: Position,
}

impl Excerpt {
    /// The neighbourhood of a span in a line, and where the span is in it. `name` is what the message
    /// calls the file, `position` where the span begins in the file.
    pub(super) fn new(
        name: String,
        line: &str,
        span: Range<usize>,
        position: Position,
    ) -> (Self, SourceSpan) {
        let (text, shown) = neighbourhood(line, span);
        let excerpt = Self {
            name,
            text,
            position,
        };
        (excerpt, shown.into())
    }

    pub(super) fn position(&self) -> Position {
        self.position
    }
}

/// The start of a text that is to appear in a message.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(AROUND) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The neighbourhood of a span in a line, and where the span is in it.
fn neighbourhood(line: &str, span: Range<usize>) -> (String, Range<usize>) {
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
            self.position.column - 1
        } else {
            0
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            *inner.span(),
            self.position.line - 1,
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
        assert_eq!(neighbourhood("1 two 3", 2..5), ("1 two 3".to_owned(), 2..5));
        assert_eq!(neighbourhood("", 0..0), (String::new(), 0..0));
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides_and_so_is_a_long_fault() {
        let line = format!("{}{}{}", "ä".repeat(100), "x".repeat(100), "ö".repeat(100));
        let (text, span) = neighbourhood(&line, 200..300);
        assert_eq!(&text[span], "x".repeat(AROUND));
        assert!(text.starts_with("… ä") && text.ends_with("x …"));
        assert_eq!(text.chars().count(), 3 * AROUND + 4);
    }
}
