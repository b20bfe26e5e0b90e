//! A graph as a table of edges, one a line: with a header that names the columns in one of the usual ways, or without
//! one as `from to latency`.
//!
//! Columns are divided by tabs, semicolons, commas or blanks. Nodes have any names and are numbered from 0 as they first
//! appear, edges from 0 line by line. Blank lines and lines that begin with `#` are passed over. An edge is one line, so a
//! name cannot hold a line's end; one that holds what divides the columns stands in double quotes.

use std::borrow::Cow;

use super::builder::Builder;
use super::data::Graph;
use super::fault::GraphFault;
use super::naming::{ends, latency_name};
use super::options::{Reading, Unit};
use super::values::{Meaning, is_nothing, latency, parts};
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::fault::Fault;
use crate::inputs::latency::has_decimal_comma;
use crate::inputs::text::TextFile;

/// The most columns of a table.
const COLUMNS_MAX: usize = 1000;

/// Reads a table of edges.
///
/// # Errors
/// The first fault in the text.
pub(super) fn read<'a>(file: TextFile<'a>, reading: Reading<'_>) -> Result<Graph<'a>, InputError> {
    let mut lines = file.data_lines();
    let first = lines
        .next()
        .ok_or_else(|| file.fault(file.text(), Fault::Empty))?;
    let Some(layout) = Layout::of(first, &reading) else {
        return Err(file.fault(first.trim_end(), GraphFault::EdgeHeader));
    };
    let mut builder = Builder::new(file, reading);
    builder.say(layout.told());
    let row = (!layout.has_header).then_some(first);
    for line in row.into_iter().chain(lines) {
        let (ends, place) = layout.edge(file, line)?;
        let known = match layout.meaning {
            Some(meaning) if layout.latency.is_some() => {
                latency(file, &unquoted(place), place, meaning)?
            }
            _ => None,
        };
        let [from, to] = ends.map(|end| builder.node(unquoted(end), end));
        builder.edge([from?, to?], known, false, place)?;
    }
    if builder.is_empty() {
        return Err(file.fault(first, GraphFault::NoEdges));
    }
    builder.finish()
}

/// What stands between the columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Divider {
    Tab,
    Semicolon,
    Comma,
    Blanks,
}

impl Divider {
    const ALL: [Self; 4] = [Self::Tab, Self::Semicolon, Self::Comma, Self::Blanks];

    fn is(self, c: char) -> bool {
        match self {
            Self::Tab => c == '\t',
            Self::Semicolon => c == ';',
            Self::Comma => c == ',',
            Self::Blanks => c.is_whitespace(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Tab => "tabs",
            Self::Semicolon => "semicolons",
            Self::Comma => "commas",
            Self::Blanks => "blanks",
        }
    }

    /// The values of a line as they stand there. What divides them does not between double quotes.
    fn fields(self, line: &str) -> impl Iterator<Item = &str> {
        let mut quoted = false;
        let divided = line.split(move |c| {
            quoted ^= c == '"';
            self.is(c) && !quoted
        });
        let is_field = move |field: &&str| self != Self::Blanks || !field.is_empty();
        divided.map(str::trim).filter(is_field)
    }
}

/// Which columns there are.
#[derive(Debug)]
struct Layout {
    divider: Divider,
    has_header: bool,
    /// How many.
    columns: usize,
    ends: [usize; 2],
    latency: Option<usize>,
    /// What the latencies are; also where the column has no name.
    meaning: Option<Meaning>,
    /// The names of the three, where they are not those of this program.
    names: Option<String>,
}

impl Layout {
    /// By the first line, under the first divider that makes sense of it.
    fn of(line: &str, reading: &Reading<'_>) -> Option<Self> {
        let layout = |divider: Divider| {
            let fields: Vec<_> = divider.fields(line).take(COLUMNS_MAX).collect();
            let header = (fields.len() >= 2).then(|| Self::header(divider, &fields, reading));
            header
                .flatten()
                .or_else(|| Self::bare(divider, &fields, reading))
        };
        Divider::ALL.into_iter().find_map(layout)
    }

    /// As the names of the columns say, if these are such.
    fn header(divider: Divider, fields: &[&str], reading: &Reading<'_>) -> Option<Self> {
        let names: Vec<String> = fields
            .iter()
            .map(|name| unquoted(name).into_owned())
            .collect();
        let latencies = (0..).zip(&names).filter_map(|(at, name)| {
            let named = latency_name(name, reading)?;
            Some((named.rank, at, named))
        });
        let latency = latencies.min_by_key(|(rank, at, _)| (*rank, *at));
        let ends = ends(&names, latency.is_some())?;
        let meaning = latency.map(|(_, _, name)| Meaning::of(name, reading));
        let named = [Some(ends[0]), Some(ends[1]), latency.map(|(_, at, _)| at)];
        let named: Vec<&str> = named.into_iter().flatten().map(|at| &*names[at]).collect();
        let names = (named != ["from", "to", "latency_ms"]).then(|| {
            let named: Vec<String> = named
                .iter()
                .map(|name| format!("`{}`", shortened(name)))
                .collect();
            named.join(", ")
        });
        Some(Self {
            divider,
            has_header: true,
            columns: fields.len(),
            ends,
            latency: latency.map(|(_, at, _)| at),
            meaning: meaning.map(|meaning| divider.with_commas(meaning)),
            names,
        })
    }

    /// Two ends, and perhaps a latency, if this can be that.
    fn bare(divider: Divider, fields: &[&str], reading: &Reading<'_>) -> Option<Self> {
        let has_latency = match fields {
            [_, _] => false,
            [_, _, latency] if may_be_latency(&unquoted(latency)) => true,
            _ => return None,
        };
        let meaning = divider.with_commas(Meaning::unnamed(reading));
        Some(Self {
            divider,
            has_header: false,
            columns: fields.len(),
            ends: [0, 1],
            latency: has_latency.then_some(2),
            meaning: has_latency.then_some(meaning),
            names: None,
        })
    }

    /// What the file was taken for.
    fn told(&self) -> String {
        let divider = self.divider.name();
        let columns = match &self.names {
            Some(names) => format!(": {names}"),
            None if self.has_header => String::new(),
            None if self.latency.is_some() => " without a header: from, to, latency".to_owned(),
            None => " without a header: from, to".to_owned(),
        };
        let latencies = match self.meaning {
            Some(meaning) => format!("latencies {}", meaning.told()),
            None => "no latencies".to_owned(),
        };
        format!("read as a table of edges, its columns divided by {divider}{columns}; {latencies}")
    }

    /// The two ends of an edge, which have names, and where its latency stands, or the line.
    fn edge<'a>(
        &self,
        file: TextFile<'a>,
        line: &'a str,
    ) -> Result<([&'a str; 2], &'a str), InputError> {
        let fields: Vec<_> = self.divider.fields(line).take(self.columns + 2).collect();
        if fields.len() != self.columns {
            return Err(self.odd_line(file, line, &fields));
        }
        let latency = self.latency.map_or(line, |at| fields[at]);
        if self.latency.is_some() && self.divider == Divider::Comma && has_decimal_comma(latency) {
            let value = shortened(latency);
            return Err(file.fault(latency, GraphFault::DecimalCommaInEdges { value }));
        }
        let ends = self.ends.map(|at| fields[at]);
        match ends.into_iter().find(|end| unquoted(end).is_empty()) {
            Some(empty) => Err(file.fault(empty, GraphFault::EmptyName)),
            None => Ok((ends, latency)),
        }
    }

    /// What is wrong with a line that has another number of values than it should.
    fn odd_line(&self, file: TextFile<'_>, line: &str, fields: &[&str]) -> InputError {
        if let [.., whole, fraction] = fields[..]
            && self.divider == Divider::Comma
            && self.latency == Some(self.columns - 1)
            && fields.len() == self.columns + 1
            && [whole, fraction].map(is_digits) == [true; 2]
        {
            let value = shortened(&format!("{whole},{fraction}"));
            return file.fault(whole, GraphFault::DecimalCommaInEdges { value });
        }
        let found = self.divider.fields(line).count();
        let expected = self.columns;
        file.fault(line, GraphFault::EdgeFields { found, expected })
    }
}

impl Divider {
    /// Where no comma divides the columns, it may divide a number.
    fn with_commas(self, meaning: Meaning) -> Meaning {
        Meaning {
            is_comma_decimal: self != Self::Comma,
            ..meaning
        }
    }
}

/// Whether a text is a number, with or without a unit, or says that there is none.
fn may_be_latency(text: &str) -> bool {
    let is_number = |text: &str| text.parse::<f64>().is_ok() || has_decimal_comma(text);
    let (number, unit) = parts(text);
    let has_unit = Unit::of(unit).is_some() && is_number(number);
    is_number(text) || has_unit || (!text.is_empty() && is_nothing(text))
}

fn is_digits(field: &str) -> bool {
    !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit())
}

/// A value without the quotes it may stand in; two of them within mean one.
fn unquoted(field: &str) -> Cow<'_, str> {
    let inner = field.strip_prefix('"').and_then(|f| f.strip_suffix('"'));
    match inner {
        None => field.into(),
        Some(inner) if !inner.contains('"') => inner.trim().into(),
        Some(inner) => inner.replace("\"\"", "\"").trim().to_owned().into(),
    }
}
