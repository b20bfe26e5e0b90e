//! The piece of a line that a message shows, which knows where in its file it stands.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::harmless::escaped;

/// How much of a line is shown on either side of a fault, in characters.
const AROUND: usize = 36;
/// Lines longer than this, in bytes, are not shown whole.
const LINE_MAX: usize = 400;
/// No more lines than these are shown whole.
const LINES_MAX: usize = 12;

/// Line and column, in characters, both counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Position {
    /// Of a byte of a text.
    pub(crate) fn of(text: &str, at: usize) -> Self {
        let before = &text[..at];
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line..].chars().count() + 1,
        }
    }
}

/// A piece of a text that knows where in its file it comes from. The line of a matrix is thousands of characters long,
/// and that of a hostile file millions: nobody wants to see all of it. What could harm a terminal is escaped.
#[derive(Clone, Debug)]
pub(crate) struct Excerpt {
    name: String,
    text: String,
    /// The line of the file that comes first, from 1.
    first: usize,
    /// Of the span.
    position: Position,
}

impl Excerpt {
    /// The neighbourhood of a span in a text, and where the span is in it: its lines and so many around them, or if
    /// these are long or many, a piece of the line in which it begins. `name` is what the message calls the file.
    pub(crate) fn new(
        name: &str,
        text: &str,
        span: Range<usize>,
        context: usize,
    ) -> (Self, SourceSpan) {
        let position = Position::of(text, span.start);
        let lines = lines_around(text, &span, context);
        let whole = &text[lines.clone()];
        let is_short = whole.len() <= LINE_MAX * LINES_MAX
            && whole.lines().count() <= LINES_MAX
            && whole.lines().all(|line| line.len() <= LINE_MAX);
        let (first, (text, shown)) = if is_short {
            let before = text[lines.start..span.start].matches('\n').count();
            let within = span.start - lines.start..span.end - lines.start;
            (position.line - before, in_parts(["", whole, ""], within))
        } else {
            let line = lines_around(text, &(span.start..span.start), 0);
            let within = span.start - line.start..span.end.min(line.end) - line.start;
            (position.line, neighbourhood(&text[line], within))
        };
        let excerpt = Self {
            name: escaped(name).into_owned(),
            text,
            first,
            position,
        };
        (excerpt, shown.into())
    }

    pub(crate) fn position(&self) -> Position {
        self.position
    }

    /// What the message calls the file.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// The start of a text that is to appear in a message.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(AROUND) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The lines in which a span lies and so many before and behind them, without the last line's end.
fn lines_around(text: &str, span: &Range<usize>, context: usize) -> Range<usize> {
    let mut start = span.start;
    for more in 0..=context {
        // From the second on, over the end of the line before.
        let from = if more == 0 {
            Some(start)
        } else {
            start.checked_sub(1)
        };
        let Some(from) = from else { break };
        start = text[..from].rfind('\n').map_or(0, |newline| newline + 1);
    }
    let mut end = span.end;
    for more in 0..=context {
        let from = (end + usize::from(more > 0)).min(text.len());
        end = text[from..].find('\n').map_or(text.len(), |at| from + at);
    }
    start..end
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
    in_parts([head, &line[from..to], tail], begin - from..end - from)
}

/// A text between two others, escaped, and where a span of it is in there.
fn in_parts([head, text, tail]: [&str; 3], span: Range<usize>) -> (String, Range<usize>) {
    // A tab is no harm: it is shown as blanks.
    let safe = |part: &str| {
        let pieces: Vec<_> = part.split('\t').map(escaped).collect();
        pieces.join("\t")
    };
    let before = format!("{head}{}", safe(&text[..span.start]));
    let middle = safe(&text[span.clone()]);
    let shown = before.len()..before.len() + middle.len();
    let behind = safe(&text[span.end..]);
    (format!("{before}{middle}{behind}{tail}"), shown)
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
            self.first - 1 + inner.line(),
            column,
            inner.line_count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, span: Range<usize>, context: usize) -> (String, String, usize) {
        let (excerpt, shown) = Excerpt::new("f", text, span, context);
        let part = &excerpt.text[shown.offset()..shown.offset() + shown.len()];
        let part = part.to_owned();
        (excerpt.text, part, excerpt.first)
    }

    #[test]
    fn short_lines_are_shown_whole_with_those_around() {
        let told = |text: &str, part: &str, first| (text.to_owned(), part.to_owned(), first);
        assert_eq!(shown("1 two 3", 2..5, 0), told("1 two 3", "two", 1));
        assert_eq!(shown("", 0..0, 1), told("", "", 1));
        let text = "a\nb\nc\nd\ne\n";
        assert_eq!(shown(text, 4..5, 0), told("c", "c", 3));
        assert_eq!(shown(text, 4..5, 1), told("b\nc\nd", "c", 2));
        assert_eq!(shown(text, 0..3, 1), told("a\nb\nc", "a\nb", 1));
        assert_eq!(shown(text, 10..10, 1), told("e\n", "", 5));
    }

    #[test]
    fn what_steers_a_terminal_is_named_and_the_span_stays_on_its_words() {
        let (text, part, _) = shown("a\u{1b}[2J = \u{202e}x\ty\r\n", 8..13, 0);
        assert_eq!(text, "a<U+001B>[2J = <U+202E>x\ty<U+000D>");
        assert_eq!(part, "<U+202E>x\t");
    }

    /// Fifty megabytes on one line, or in a hundred thousand of them: some hundred characters are shown.
    #[test]
    fn long_lines_and_many_are_cut() {
        let line = format!(
            "{} fault {}",
            "1,".repeat(12_500_000),
            "2,".repeat(12_500_000)
        );
        let start = line.find("fault").unwrap();
        let (text, part, first) = shown(&line, start..start + 5, 1);
        assert_eq!((part.as_str(), first), ("fault", 1));
        assert_eq!(text.chars().count(), 2 * AROUND + 5 + 4);
        let lines = format!("x = [\n{}]", "1,\n".repeat(100_000));
        let (text, part, first) = shown(&lines, 4..lines.len(), 1);
        assert_eq!((text.as_str(), part.as_str(), first), ("x = [", "[", 1));
        let (text, part, _) = shown(&"x".repeat(10_000), 0..10_000, 1);
        assert_eq!(part, "x".repeat(AROUND));
        assert!(text.len() < 100);
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
