//! The formats of tables: which there are, by name and by the ending of a file.

use std::path::Path;

use serde_json::json;

use super::data::Table;
use super::grid::Layout;
use super::{csv, html, json, latex, markdown, text};

/// A format of tables.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Format {
    /// For a terminal, or a mail.
    #[default]
    Text,
    /// Markdown.
    Markdown,
    /// LaTeX.
    Latex,
    /// A page of its own.
    Html,
    /// For spreadsheets and programs: every digit.
    Csv,
    /// For programs.
    Json,
}

/// Each with its name and the endings of its files.
const FORMATS: [(Format, &str, &[&str]); 6] = [
    (Format::Text, "text", &["txt"]),
    (Format::Markdown, "md", &["md", "markdown"]),
    (Format::Latex, "tex", &["tex"]),
    (Format::Html, "html", &["html", "htm"]),
    (Format::Csv, "csv", &["csv"]),
    (Format::Json, "json", &["json"]),
];

/// Tables as they are written.
pub(crate) struct Written {
    /// The text.
    pub text: String,
    /// Headings of tables for which the format has no place.
    pub left_out: Vec<String>,
}

impl Format {
    /// All of them.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        FORMATS.into_iter().map(|(format, ..)| format)
    }

    /// As it is typed.
    pub(crate) fn name(self) -> &'static str {
        let mut all = FORMATS.into_iter();
        all.find(|it| it.0 == self).map_or("", |it| it.1)
    }

    /// The one of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::all().find(|format| format.name() == name)
    }

    /// That of a file, by its ending.
    pub(crate) fn of_file(file: &Path) -> Option<Self> {
        let ending = file.extension()?.to_str()?.to_lowercase();
        let mut all = FORMATS.into_iter();
        all.find(|it| it.2.contains(&ending.as_str()))
            .map(|it| it.0)
    }

    /// Whether it has rows and columns to be laid out.
    pub(crate) fn is_laid_out(self) -> bool {
        !matches!(self, Self::Csv | Self::Json)
    }

    /// Tables in this format. Without a layout each has the one that is best read.
    pub(crate) fn write(self, tables: &[Table], layout: Option<Layout>) -> Written {
        let (text, left_out) = match self {
            Self::Text => (text::render(tables, layout), Vec::new()),
            Self::Markdown => (markdown::render(tables, layout), Vec::new()),
            Self::Latex => (latex::render(tables, layout), Vec::new()),
            Self::Html => (html::page(tables, layout), Vec::new()),
            Self::Csv => csv::render(tables),
            Self::Json => (
                format!("{:#}\n", json!({ "tables": json::tables(tables) })),
                Vec::new(),
            ),
        };
        Written { text, left_out }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_tells_its_format() {
        let of = |name: &str| Format::of_file(Path::new(name));
        assert_eq!(of("a/b.TEX"), Some(Format::Latex));
        assert_eq!(of("table.md"), Some(Format::Markdown));
        assert_eq!(of("table"), None);
        assert_eq!(of("table.docx"), None);
        for format in Format::all() {
            assert!(!format.name().is_empty());
        }
    }
}
