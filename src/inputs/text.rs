//! Text that came from a file, and faults at a place in it. Knows no format and reads no file.

use std::ops::Range;
use std::path::Path;

use super::error::{InputError, TextFault};
use super::excerpt::Excerpt;
use super::fault::Fault;

/// The text of a file, and where it came from.
#[derive(Clone, Copy, Debug)]
pub struct TextFile<'a> {
    path: &'a Path,
    text: &'a str,
}

impl<'a> TextFile<'a> {
    /// A file's text; a byte order mark at its beginning is passed over. `path` is what messages call
    /// the file: nothing is read from there.
    #[must_use]
    pub fn new(path: &'a Path, text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { path, text }
    }

    /// All of it.
    pub(super) fn text(self) -> &'a str {
        self.text
    }

    /// The lines that carry data: neither blank nor comments, which begin with `#`.
    pub(super) fn data_lines(self) -> impl Iterator<Item = &'a str> {
        self.text.lines().filter(|line| is_data(line))
    }

    /// A fault at a part of the text.
    pub(super) fn fault(self, part: &str, fault: impl Into<Fault>) -> InputError {
        let fault = fault.into();
        let span = self.span_of(part);
        let name = self.path.display().to_string();
        // The lines around say nothing about a value in a table.
        let (excerpt, shown) = Excerpt::new(&name, self.text, span, 0);
        InputError::Text(Box::new(TextFault::new(self.path, fault, excerpt, shown)))
    }

    /// The bytes of the text that a part of it fills.
    fn span_of(self, part: &str) -> Range<usize> {
        let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
        start..start + part.len()
    }
}

fn is_data(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}
