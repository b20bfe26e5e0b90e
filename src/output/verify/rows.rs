//! Two CSV files, row by row: how many rows differ, and how the first of them does.
//!
//! It reads both in one pass and keeps two rows of each, so the size of the files does not matter.
//! Rows are paired within a run: a run that has a row more does not make every row of the next
//! runs differ.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;

use serde::Serialize;

/// How two files differ.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FileDifference {
    /// Rows in the longer of the two, without the header.
    pub rows: u64,
    /// How many rows differ, in the columns that both have; a row without a counterpart does.
    pub differing: u64,
    /// Columns that are gone.
    pub columns_gone: Vec<String>,
    /// Columns that were not there.
    pub columns_new: Vec<String>,
    /// The first row that differs.
    pub first: Option<RowDifference>,
}

/// How a row differs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RowDifference {
    /// Its line in the file that was there, or in the other if it is new; the header is line 1.
    pub line: u64,
    /// Its run, where the file has that column.
    pub run: Option<u32>,
    /// What differs.
    pub what: Difference,
}

/// What differs in a row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// These cells.
    Cells(Vec<CellDifference>),
    /// Not the cells but how they are written: quotes, line ends, cells beyond the last column.
    Form,
    /// The row is gone.
    Gone,
    /// The row was not there.
    New,
}

/// How a cell differs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CellDifference {
    /// Its column.
    pub column: String,
    /// What it was.
    pub was: String,
    /// What it is.
    pub is: String,
}

/// Compares two files; `None` if every byte is the same. Gives up early when told to `stop`.
pub(super) fn compare(
    was: &Path,
    is: &Path,
    stop: &dyn Fn() -> bool,
) -> io::Result<Option<FileDifference>> {
    let (mut was, mut is) = (Rows::open(was)?, Rows::open(is)?);
    let mut comparison = Comparison::of(&was, &is);
    while !(was.current.is_empty() && is.current.is_empty()) {
        if comparison.rows.is_multiple_of(1 << 12) && stop() {
            break;
        }
        comparison.step(&mut was, &mut is)?;
    }
    Ok(comparison.finish(&was, &is))
}

/// One file, from its first row to its last.
struct Rows {
    reader: BufReader<File>,
    /// The header, as it is written.
    head: Vec<u8>,
    header: Vec<String>,
    /// The row whose turn it is, with its line end; empty when there are no more.
    current: Vec<u8>,
    next: Vec<u8>,
    /// The number of the current row's line.
    line: u64,
    /// The run of the row before.
    run_before: Option<u32>,
}

impl Rows {
    fn open(path: &Path) -> io::Result<Self> {
        let mut rows = Self {
            reader: BufReader::with_capacity(1 << 18, File::open(path)?),
            head: Vec::new(),
            header: Vec::new(),
            current: Vec::new(),
            next: Vec::new(),
            line: 2,
            run_before: None,
        };
        rows.reader.read_until(b'\n', &mut rows.head)?;
        rows.header = cells(&rows.head).into_iter().map(Cow::into_owned).collect();
        rows.reader.read_until(b'\n', &mut rows.current)?;
        rows.reader.read_until(b'\n', &mut rows.next)?;
        Ok(rows)
    }

    fn advance(&mut self) -> io::Result<()> {
        self.run_before = self.run_of(&self.current).or(self.run_before);
        self.line += 1;
        std::mem::swap(&mut self.current, &mut self.next);
        self.next.clear();
        self.reader.read_until(b'\n', &mut self.next)?;
        Ok(())
    }

    fn rows_so_far(&self) -> u64 {
        self.line - 2
    }

    /// The run of a row: its first cell, where that is the run.
    fn run_of(&self, row: &[u8]) -> Option<u32> {
        if self.header.first().is_none_or(|column| column != "run") {
            return None;
        }
        let cell = row.split(|byte| *byte == b',').next()?;
        std::str::from_utf8(cell).ok()?.parse().ok()
    }

    /// The run of the current row, if it can be believed: runs stand in order.
    fn run_in_order(&self) -> Option<u32> {
        let run = self.run_of(&self.current)?;
        let after = self.run_of(&self.next).unwrap_or(run);
        (self.run_before.unwrap_or(0)..=after)
            .contains(&run)
            .then_some(run)
    }

    fn cells(&self) -> Vec<Cow<'_, str>> {
        cells(&self.current)
    }
}

/// The cells of a row without its line end.
fn cells(row: &[u8]) -> Vec<Cow<'_, str>> {
    let row = row.strip_suffix(b"\n").unwrap_or(row);
    let row = row.strip_suffix(b"\r").unwrap_or(row);
    if !row.contains(&b'"') {
        return row
            .split(|byte| *byte == b',')
            .map(String::from_utf8_lossy)
            .collect();
    }
    let mut reader = ::csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).flexible(true).from_reader(row);
    let record = reader.byte_records().next().and_then(Result::ok);
    let owned = |cell| Cow::Owned(String::from_utf8_lossy(cell).into_owned());
    record.unwrap_or_default().iter().map(owned).collect()
}

/// What was found so far.
struct Comparison {
    /// Places in both headers of the columns that both have.
    shared: Vec<(usize, usize)>,
    same_header: bool,
    rows: u64,
    differing: u64,
    first: Option<RowDifference>,
}

impl Comparison {
    fn of(was: &Rows, is: &Rows) -> Self {
        let place = |name: &String| is.header.iter().position(|other| other == name);
        let shared = was.header.iter().enumerate();
        Self {
            shared: shared
                .filter_map(|(at, name)| Some((at, place(name)?)))
                .collect(),
            same_header: was.head == is.head,
            rows: 0,
            differing: 0,
            first: None,
        }
    }

    /// Takes a row of one file or of both.
    fn step(&mut self, was: &mut Rows, is: &mut Rows) -> io::Result<()> {
        self.rows += 1;
        if self.same_header && was.current == is.current {
            was.advance()?;
            return is.advance();
        }
        let (gone, new) = match (was.run_in_order(), is.run_in_order()) {
            _ if was.current.is_empty() => (false, true),
            _ if is.current.is_empty() => (true, false),
            (Some(a), Some(b)) => (a < b, b < a),
            _ => (false, false),
        };
        if gone {
            self.found(was, Difference::Gone);
            was.advance()
        } else if new {
            self.found(is, Difference::New);
            is.advance()
        } else {
            self.pair(was, is);
            was.advance()?;
            is.advance()
        }
    }

    /// Two rows that belong together. Unless the headers differ, they do.
    fn pair(&mut self, was: &Rows, is: &Rows) {
        if self.same_header && self.first.is_some() {
            self.differing += 1;
            return;
        }
        let what = self.difference(was, is);
        // A column more makes every row another one; that is said of the header.
        if self.same_header || what != Difference::Form {
            self.found(was, what);
        }
    }

    fn difference(&self, was: &Rows, is: &Rows) -> Difference {
        let (old, new) = (was.cells(), is.cells());
        let cell =
            |cells: &[Cow<'_, str>], at: usize| cells.get(at).map_or("", |cell| cell).to_owned();
        let differs = |&(a, b): &(usize, usize)| {
            let (old, new) = (cell(&old, a), cell(&new, b));
            (old != new).then(|| CellDifference {
                column: was.header[a].clone(),
                was: old,
                is: new,
            })
        };
        let cells: Vec<_> = self.shared.iter().filter_map(differs).collect();
        if cells.is_empty() {
            Difference::Form
        } else {
            Difference::Cells(cells)
        }
    }

    fn found(&mut self, rows: &Rows, what: Difference) {
        self.differing += 1;
        self.first.get_or_insert_with(|| RowDifference {
            line: rows.line,
            run: rows.run_of(&rows.current),
            what,
        });
    }

    fn finish(self, was: &Rows, is: &Rows) -> Option<FileDifference> {
        if self.same_header && self.differing == 0 {
            return None;
        }
        let missing = |these: &[String], those: &[String]| -> Vec<String> {
            let missing = these.iter().filter(|name| !those.contains(name));
            missing.cloned().collect()
        };
        Some(FileDifference {
            rows: was.rows_so_far().max(is.rows_so_far()),
            differing: self.differing,
            columns_gone: missing(&was.header, &is.header),
            columns_new: missing(&is.header, &was.header),
            first: self.first,
        })
    }
}
