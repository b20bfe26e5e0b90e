//! How the lines of a table are divided into cells, and whether its numbers have decimal commas.

use super::HOSTS_MAX;
use super::value::{Unit, has_decimal_comma, said, unquoted};
use crate::inputs::text::TextFile;

/// So many lines say how all are divided.
const SAMPLE: usize = 64;
/// The most cells of a line that are looked at: beside the hosts one for a name, one for what a comma at the end
/// leaves, and one too many.
const CELLS_MAX: usize = HOSTS_MAX + 3;

/// What stands between two cells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Divider {
    /// As in a table of Markdown, which has them around each line as well.
    Bars,
    Semicolons,
    Tabs,
    Commas,
    Blanks,
    /// Any number of blanks, and perhaps a comma among them.
    BlanksAndCommas,
}

/// How the lines of a table are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Style {
    pub divider: Divider,
    pub decimal_comma: bool,
}

impl Style {
    /// That of a table; it has a line.
    pub(super) fn of(file: TextFile<'_>) -> Self {
        let is_divided = |line: &&str| {
            line.trim()
                .contains(|c: char| "|;,".contains(c) || c.is_whitespace())
        };
        let lines: Vec<&str> = file.data_lines().filter(is_divided).take(SAMPLE).collect();
        let divider = divider(&lines);
        let style = Self {
            divider,
            decimal_comma: false,
        };
        if divider == Divider::BlanksAndCommas {
            let blanks = Self {
                divider: Divider::Blanks,
                decimal_comma: true,
            };
            return if is_of_decimal_commas(file, style) {
                blanks
            } else {
                style
            };
        }
        let mut cells = lines.iter().flat_map(|line| style.cells(line));
        Self {
            divider,
            decimal_comma: cells.any(|cell| is_decimal(unquoted(cell))),
        }
    }

    /// The lines that carry data, without those that only draw the table.
    pub(super) fn lines(self, file: TextFile<'_>) -> impl Iterator<Item = &str> {
        let lines = file.data_lines().enumerate();
        let is_row = move |(number, line): &(usize, &str)| {
            self.divider != Divider::Bars || !is_rule(line, *number == 1)
        };
        lines.filter(is_row).map(|(_, line)| line)
    }

    /// The cells of a line, with the blanks around them; or some too many.
    pub(super) fn cells(self, line: &str) -> Vec<&str> {
        match self.divider {
            Divider::Bars => {
                let line = line.trim();
                let inner = line.strip_prefix('|').unwrap_or(line);
                let inner = inner.strip_suffix('|').unwrap_or(inner);
                divided(inner, '|').take(CELLS_MAX).collect()
            }
            Divider::Semicolons => divided(line, ';').take(CELLS_MAX).collect(),
            Divider::Tabs => divided(line, '\t').take(CELLS_MAX).collect(),
            Divider::Commas => divided(line, ',').take(CELLS_MAX).collect(),
            Divider::Blanks => with_units(line, words(line).take(CELLS_MAX)),
            Divider::BlanksAndCommas => {
                let pieces = divided(line, ',').flat_map(|piece| {
                    let missing = piece.trim().is_empty().then_some(piece);
                    missing.into_iter().chain(words(piece))
                });
                with_units(line, pieces.take(CELLS_MAX))
            }
        }
    }
}

fn divider(lines: &[&str]) -> Divider {
    let all = |sign: char| !lines.is_empty() && lines.iter().all(|line| line.contains(sign));
    let strict = match () {
        () if all('|') => return Divider::Bars,
        () if all(';') => return Divider::Semicolons,
        () if all('\t') => ('\t', Divider::Tabs),
        () if all(',') => (',', Divider::Commas),
        () if lines.iter().any(|line| line.contains(',')) => return Divider::BlanksAndCommas,
        () => return Divider::Blanks,
    };
    let (sign, divider) = strict;
    if lines.iter().any(|line| divided(line, sign).any(is_several)) {
        return Divider::BlanksAndCommas;
    }
    divider
}

/// Whether a cell is several numbers, so that other signs divide the line as well.
fn is_several(cell: &str) -> bool {
    let cell = cell.trim();
    let mut words = cell.split([' ', '\t', ',']).filter(|word| !word.is_empty());
    let is_number = |word: &str| word.parse::<f64>().is_ok();
    let is_loose = cell.starts_with(',') || cell.ends_with(',');
    is_loose
        || (cell.contains(char::is_whitespace)
            && words.clone().nth(1).is_some()
            && words.all(is_number))
}

/// Whether lines that blanks and commas may divide are as many as the cells that blanks alone would make, all of them
/// numbers, and some with a decimal comma.
fn is_of_decimal_commas(file: TextFile<'_>, style: Style) -> bool {
    let rows = file.data_lines().count();
    let mut some = false;
    let all = file.data_lines().take(SAMPLE).all(|line| {
        some |= line.split_whitespace().any(is_decimal);
        line.split_whitespace().count() == rows
            && line
                .split_whitespace()
                .all(|word| said(word, true).is_number())
    });
    let first = file.data_lines().next();
    some && all && first.is_some_and(|line| style.cells(line).len() != rows)
}

fn is_decimal(cell: &str) -> bool {
    cell.contains(',') && has_decimal_comma(cell) && said(cell, true).is_number()
}

/// Whether a line is drawn between the rows of a table, such as `|---|:-:|`.
fn is_rule(line: &str, second: bool) -> bool {
    let drawn = line.trim().chars().all(|c| "|-:+= \t".contains(c));
    drawn && line.contains('-') && (second || line.contains("--"))
}

/// A line divided at a sign, but not within quotes.
fn divided(line: &str, at: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    line.split(move |c| {
        quoted ^= c == '"';
        c == at && !quoted
    })
}

/// A line divided at blanks, but not within quotes.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let words = line.split(move |c: char| {
        quoted ^= c == '"';
        c.is_whitespace() && !quoted
    });
    words.filter(|word| !word.is_empty())
}

/// Words of a line, where a unit belongs to the number before it.
fn with_units<'a>(line: &'a str, words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut cells: Vec<&str> = Vec::new();
    let place = |word: &str| word.as_ptr() as usize - line.as_ptr() as usize;
    for word in words {
        let begins = word.starts_with(|c: char| "uUµμmMsS".contains(c));
        match cells.last_mut() {
            Some(last) if begins && Unit::named(word).is_some() && last.parse::<f64>().is_ok() => {
                *last = &line[place(last)..place(word) + word.len()];
            }
            _ => cells.push(word),
        }
    }
    cells
}
