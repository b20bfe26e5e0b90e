//! Two CSV files, row by row: how many rows differ, and how the first of them does.
//!
//! It reads both in one pass and keeps three rows of each, so the size of the files does not matter.
//! Rows are paired by run and by what numbers them within a run: one row more does not make all that
//! follow differ.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;

use serde::Serialize;

use crate::catalogue::RecordKind;
use crate::inputs::rows::{self, BoundedRows};

/// How two files differ.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FileDifference {
    /// Rows of either, without the header; two that belong together count once.
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
    let (mut was, mut is) = (RowReader::open(was)?, RowReader::open(is)?);
    let mut comparison = RowComparison::of(&was, &is);
    while !(was.current.is_empty() && is.current.is_empty()) {
        if comparison.rows.is_multiple_of(1 << 12) && stop() {
            break;
        }
        comparison.step(&mut was, &mut is)?;
    }
    Ok(comparison.finish(&was, &is))
}

/// One file, from its first row to its last.
struct RowReader {
    reader: BufReader<BoundedRows<File>>,
    /// The header, as it is written.
    head: Vec<u8>,
    header: Vec<String>,
    /// The column that numbers the rows of a run, where there is one.
    number: Option<usize>,
    before: Vec<u8>,
    /// The row whose turn it is, with its line end; empty when there are no more.
    current: Vec<u8>,
    next: Vec<u8>,
    /// The number of the current row's line.
    line: u64,
}

/// Whether a column numbers the rows of a run: it is the first one of a kind of records.
fn is_number(column: &str) -> bool {
    let kinds = RecordKind::ALL.iter();
    kinds
        .filter_map(|kind| kind.info().column_names().next())
        .any(|first| first == column)
}

/// The place of a row in its file: its run, and its number there.
type RowKey = (u32, f64);

impl RowReader {
    fn open(path: &Path) -> io::Result<Self> {
        let mut rows = Self {
            reader: BufReader::with_capacity(1 << 18, rows::open(path)?),
            head: Vec::new(),
            header: Vec::new(),
            number: None,
            before: Vec::new(),
            current: Vec::new(),
            next: Vec::new(),
            line: 2,
        };
        rows.reader.read_until(b'\n', &mut rows.head)?;
        rows.header = cells(&rows.head).into_iter().map(Cow::into_owned).collect();
        rows.number = rows.header.iter().position(|column| is_number(column));
        rows.reader.read_until(b'\n', &mut rows.current)?;
        rows.reader.read_until(b'\n', &mut rows.next)?;
        Ok(rows)
    }

    fn advance(&mut self) -> io::Result<()> {
        self.line += 1;
        std::mem::swap(&mut self.before, &mut self.current);
        std::mem::swap(&mut self.current, &mut self.next);
        self.next.clear();
        self.reader.read_until(b'\n', &mut self.next)?;
        Ok(())
    }

    /// The run of the current row: its first cell, where that is the run.
    fn run(&self) -> Option<u32> {
        self.key(&self.current).map(|(run, _)| run)
    }

    fn key(&self, row: &[u8]) -> Option<RowKey> {
        if self.header.first().is_none_or(|column| column != "run") {
            return None;
        }
        let cells = cells(row);
        let number = match self.number {
            Some(at) => cells.get(at)?.parse().ok()?,
            None => 0.0,
        };
        Some((cells.first()?.parse().ok()?, number))
    }

    /// The key of the current row, if it can be believed: keys stand in order.
    fn key_in_order(&self) -> Option<RowKey> {
        let key = self.key(&self.current)?;
        let (before, next) = (self.key(&self.before), self.key(&self.next));
        let in_order =
            before.is_none_or(|before| before <= key) && next.is_none_or(|next| key <= next);
        in_order.then_some(key)
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

/// Which of the current rows comes first; equal if they belong together.
fn order(was: &RowReader, is: &RowReader) -> Ordering {
    match (was.current.is_empty(), is.current.is_empty()) {
        (true, _) => return Ordering::Greater,
        (_, true) => return Ordering::Less,
        _ => {}
    }
    // If the next rows belong together then so do these, whatever became of their cells.
    if was.key(&was.next) == is.key(&is.next) {
        return Ordering::Equal;
    }
    match (was.key_in_order(), is.key_in_order()) {
        (Some(was), Some(is)) => was.partial_cmp(&is).unwrap_or(Ordering::Equal),
        _ => Ordering::Equal,
    }
}

/// What was found so far.
struct RowComparison {
    /// Places in both headers of the columns that both have.
    shared: Vec<(usize, usize)>,
    same_header: bool,
    rows: u64,
    differing: u64,
    first: Option<RowDifference>,
}

impl RowComparison {
    fn of(was: &RowReader, is: &RowReader) -> Self {
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
    fn step(&mut self, was: &mut RowReader, is: &mut RowReader) -> io::Result<()> {
        self.rows += 1;
        if self.same_header && was.current == is.current {
            was.advance()?;
            return is.advance();
        }
        match order(was, is) {
            Ordering::Less => {
                self.found(was.line, was.run(), Difference::Gone);
                was.advance()
            }
            Ordering::Greater => {
                self.found(is.line, is.run(), Difference::New);
                is.advance()
            }
            Ordering::Equal => {
                self.pair(was, is);
                was.advance()?;
                is.advance()
            }
        }
    }

    /// Two rows that belong together. Unless the headers differ, they do.
    fn pair(&mut self, was: &RowReader, is: &RowReader) {
        if self.same_header && self.first.is_some() {
            self.differing += 1;
            return;
        }
        let what = self.difference(was, is);
        // A column more makes every row another one; that is said of the header.
        if self.same_header || what != Difference::Form {
            self.found(was.line, is.run(), what);
        }
    }

    fn difference(&self, was: &RowReader, is: &RowReader) -> Difference {
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

    fn found(&mut self, line: u64, run: Option<u32>, what: Difference) {
        self.differing += 1;
        self.first.get_or_insert(RowDifference { line, run, what });
    }

    fn finish(self, was: &RowReader, is: &RowReader) -> Option<FileDifference> {
        if self.same_header && self.differing == 0 {
            return None;
        }
        let missing = |these: &[String], those: &[String]| -> Vec<String> {
            let missing = these.iter().filter(|name| !those.contains(name));
            missing.cloned().collect()
        };
        Some(FileDifference {
            rows: self.rows,
            differing: self.differing,
            columns_gone: missing(&was.header, &is.header),
            columns_new: missing(&is.header, &was.header),
            first: self.first,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const ROWS: &str = "run,nodes,seed,lookup,hops\n\
                        0,8,1,0,4\n0,8,1,1,3\n0,8,1,2,5\n\
                        1,16,1,0,6\n1,16,1,1,1\n1,16,1,2,2\n";

    fn compared(was: &str, is: &str) -> Option<FileDifference> {
        let folder = tempfile::TempDir::new().unwrap();
        let [a, b] = [("a", was), ("b", is)].map(|(name, text)| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        });
        compare(&a, &b, &|| false).unwrap()
    }

    fn first(was: &str, is: &str) -> (u64, u64, Option<u32>, Difference) {
        let found = compared(was, is).unwrap();
        let first = found.first.unwrap();
        (found.differing, first.line, first.run, first.what)
    }

    fn cell(column: &str, was: &str, is: &str) -> CellDifference {
        CellDifference {
            column: column.to_owned(),
            was: was.to_owned(),
            is: is.to_owned(),
        }
    }

    #[test]
    fn the_same_bytes_are_no_difference() {
        assert_eq!(compared(ROWS, ROWS), None);
        assert_eq!(compared("", ""), None);
    }

    #[test]
    fn a_changed_cell_is_named_with_its_row() {
        let other = ROWS.replace("1,1,1", "1,1,7").replace("1,2,2", "1,2,9");
        let hops = Difference::Cells(vec![cell("hops", "1", "7")]);
        assert_eq!(first(ROWS, &other), (2, 6, Some(1), hops));
        // Whatever the cell, the rest of the file stays in step.
        for (from, to, column) in [
            ("0,8,1,1,3", "9,8,1,1,3", "run"),
            ("0,8,1,2,5", "7,8,1,2,5", "run"),
            ("1,16,1,0,6", "0,16,1,0,6", "run"),
            ("0,8,1,1,3", "0,8,1,9,3", "lookup"),
            ("1,16,1,2,2", "1,16,1,x,2", "lookup"),
        ] {
            let (differing, _, _, what) = first(&ROWS.replace(from, to), ROWS);
            assert_eq!(differing, 1, "{to}");
            assert!(
                matches!(what, Difference::Cells(all) if all.len() == 1 && all[0].column == column)
            );
        }
    }

    #[test]
    fn a_row_that_is_missing_does_not_shift_the_others() {
        for (line, run) in [(2, 0), (3, 0), (4, 0), (5, 1), (6, 1), (7, 1)] {
            let mut fewer: Vec<&str> = ROWS.split_inclusive('\n').collect();
            fewer.remove(line - 1);
            let fewer = fewer.concat();
            let expected = |what| (1, line as u64, Some(run), what);
            assert_eq!(first(&fewer, ROWS), expected(Difference::New));
            assert_eq!(first(ROWS, &fewer), expected(Difference::Gone));
        }
        let one_run: String = ROWS.split_inclusive('\n').take(4).collect();
        assert_eq!(first(ROWS, &one_run), (3, 5, Some(1), Difference::Gone));
    }

    #[test]
    fn a_column_more_is_said_of_the_header_alone() {
        let more = ROWS.replace('\n', ",1\n").replace("hops,1", "hops,new");
        let found = compared(ROWS, &more).unwrap();
        assert_eq!(found.columns_new, ["new"]);
        assert_eq!((found.differing, found.first), (0, None));
        let other = more.replace("1,2,2,1", "1,2,8,1");
        let found = compared(ROWS, &other).unwrap();
        assert_eq!(found.differing, 1);
        let what = Difference::Cells(vec![cell("hops", "2", "8")]);
        assert_eq!(found.first.unwrap().what, what);
    }

    #[test]
    fn quotes_and_line_ends_are_form() {
        let quoted = ROWS.replace("1,16,1,0,6", "1,16,1,0,\"6\"");
        assert_eq!(first(&quoted, ROWS), (1, 5, Some(1), Difference::Form));
        let cut = ROWS.trim_end();
        assert_eq!(first(cut, ROWS), (1, 7, Some(1), Difference::Form));
        let found = compared(&ROWS.replace('\n', "\r\n"), ROWS).unwrap();
        assert_eq!((found.differing, found.columns_gone.len()), (0, 0));
        // A comma within quotes separates nothing.
        let list = "run,ids,lookup\n0,\"[1, 2]\",0\n";
        let what = Difference::Cells(vec![cell("ids", "[1, 2]", "[1, 3]")]);
        assert_eq!(
            first(list, &list.replace("1, 2", "1, 3")),
            (1, 2, Some(0), what)
        );
    }

    #[test]
    fn rows_without_a_run_are_paired_in_order() {
        let rows = "runs,hops_mean\n5,3.5\n5,4\n";
        let what = Difference::Cells(vec![cell("hops_mean", "4", "4.5")]);
        assert_eq!(
            first(rows, &rows.replace("5,4", "5,4.5")),
            (1, 3, None, what)
        );
    }
}
