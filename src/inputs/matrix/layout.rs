//! What stands where in a table of latencies: names in the first row and column, a square or one triangle of it.
//!
//! The numbers of cells in the lines decide, and of two readings that both fit, what the cells say. Numbers that count
//! the hosts, as pandas writes them around a table, are told from latencies by the diagonal: a host is no way from itself.

use super::HOSTS_MAX;
use super::glance::Glance;
use super::value::{Said, unquoted};
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::fault::Fault;

/// Which part of a square is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    Full,
    Lower { diagonal: bool },
    Upper { diagonal: bool },
}

/// Where the names are, and the numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is something that is there or not"
)]
pub(super) struct Layout {
    /// The line that names the columns.
    pub head: Option<usize>,
    /// Whether that line begins with a cell above the names of the rows.
    pub corner: bool,
    /// Whether each row begins with a name.
    pub index: bool,
    /// Whether the names are numbers that count the hosts.
    pub numbered: bool,
    /// Whether the first line says how many hosts there are.
    pub counted: bool,
    /// The first row of values.
    pub first: usize,
    /// How many empty cells end each line.
    pub trailing: usize,
    pub shape: Shape,
    pub hosts: usize,
}

/// What stands where, if these are the lines of a square or a triangle.
///
/// # Errors
/// A count of hosts that is not theirs, or lines that may be read in two ways.
pub(super) fn of(glance: &Glance<'_>) -> Result<Option<Layout>, InputError> {
    if glance.rows != glance.lines.len() {
        return Ok(None);
    }
    let says_count = glance.counts[0] == 1 && glance.rows > 1;
    let count = says_count
        .then(|| unquoted(glance.firsts[0]).parse().ok())
        .flatten();
    for (skip, said) in [(0, None), (1, count), (1, None)] {
        if skip == 1 && count.is_none() {
            break;
        }
        let all_end_empty = glance.ends_empty[skip..].iter().all(|empty| *empty);
        for trailing in 0..=usize::from(all_end_empty) {
            let view = View {
                glance,
                skip,
                trailing,
                said,
                all_end_empty,
            };
            let Some(layout) = view.fit()? else { continue };
            if let Some(said) = count.filter(|count| skip == 1 && *count != layout.hosts) {
                let found = layout.hosts;
                return Err(glance
                    .file
                    .fault(glance.firsts[0], Fault::CountDiffers { said, found }));
            }
            return Ok(Some(layout));
        }
    }
    Ok(None)
}

/// The lines behind the first `skip`, without `trailing` cells at their ends.
struct View<'g, 'a> {
    glance: &'g Glance<'a>,
    skip: usize,
    trailing: usize,
    /// How many hosts there are, if the file says it.
    said: Option<usize>,
    all_end_empty: bool,
}

impl<'a> View<'_, 'a> {
    fn rows(&self) -> usize {
        self.glance.lines.len() - self.skip
    }

    fn cells(&self, row: usize) -> Vec<&'a str> {
        let mut cells = self.glance.style.cells(self.glance.lines[row + self.skip]);
        cells.truncate(cells.len() - self.trailing.min(cells.len()));
        cells
    }

    fn count(&self, row: usize) -> usize {
        self.glance.counts[row + self.skip].saturating_sub(self.trailing)
    }

    fn firsts(&self, from: usize) -> &[&'a str] {
        &self.glance.firsts[self.skip + from..]
    }

    fn layout(&self, shape: Shape, hosts: usize) -> Layout {
        Layout {
            head: None,
            corner: false,
            index: false,
            numbered: false,
            counted: self.skip == 1,
            first: self.skip,
            trailing: self.trailing,
            shape,
            hosts,
        }
    }

    /// The same with names in the first line.
    fn with_head(&self, corner: bool, index: bool, shape: Shape, hosts: usize) -> Layout {
        Layout {
            head: Some(self.skip),
            corner,
            index,
            first: self.skip + 1,
            ..self.layout(shape, hosts)
        }
    }

    fn fit(&self) -> Result<Option<Layout>, InputError> {
        let head = self.cells(0);
        let is_names = self.glance.is_names(&head);
        if is_names && let Some(layout) = self.under_names(&head) {
            return Ok(Some(layout));
        }
        if self.glance.is_names(self.firsts(0))
            && let Some(layout) = self.beside_names()
        {
            return Ok(Some(layout));
        }
        if is_names {
            return Ok(None);
        }
        if let Some(layout) = self.numbered(&head)? {
            return Ok(Some(layout));
        }
        let found = self.shape(0, 0, self.said);
        Ok(found.map(|(shape, hosts)| self.layout(shape, hosts)))
    }

    /// Names in the first line.
    fn under_names(&self, head: &[&str]) -> Option<Layout> {
        for (index, corner) in [(true, true), (true, false), (false, false)] {
            let names = &head[usize::from(corner)..];
            let hosts = names.len();
            if hosts < 2 || names.iter().any(|name| unquoted(name).is_empty()) {
                continue;
            }
            let Some((shape, _)) = self.shape(1, usize::from(index), Some(hosts)) else {
                continue;
            };
            let layout = self.with_head(corner, index, shape, hosts);
            if index && self.glance.is_names(self.firsts(1)) {
                if self.differing(names, shape).is_none() {
                    return Some(layout);
                }
            } else if index {
                let blank = corner && head[0].trim().is_empty();
                if counts_up(self.firsts(1)) && (blank || self.is_idle(1, 1)) {
                    return Some(layout);
                }
            } else if !self
                .firsts(1)
                .iter()
                .any(|first| self.glance.said(first).is_text())
            {
                return Some(layout);
            }
        }
        None
    }

    /// The first row whose name is not that of its column.
    fn differing(&self, names: &[&str], shape: Shape) -> Option<(usize, usize)> {
        let rows = self.firsts(1).len();
        // A triangle without diagonal may begin with the second host.
        let missing = match shape {
            Shape::Lower { .. } => names.len() - rows,
            Shape::Full | Shape::Upper { .. } => 0,
        };
        let differs = |(row, first): (usize, &&str)| {
            (unquoted(first) != unquoted(names[row + missing])).then_some((row, row + missing))
        };
        self.firsts(1).iter().enumerate().find_map(differs)
    }

    /// Names in the first column and nowhere else.
    fn beside_names(&self) -> Option<Layout> {
        let hosts = self.said.unwrap_or(self.rows());
        let is_more = hosts > 1 && (0..self.rows()).any(|row| self.count(row) > 1);
        let (shape, hosts) = self.shape(0, 1, Some(hosts)).filter(|_| is_more)?;
        let index = true;
        Some(Layout {
            index,
            ..self.layout(shape, hosts)
        })
    }

    /// Numbers that count the hosts in the first line or column.
    fn numbered(&self, head: &[&str]) -> Result<Option<Layout>, InputError> {
        let rows = self.rows();
        let all = |from: usize, cells: usize| (from..rows).all(|row| self.count(row) == cells);
        let below = |shape, hosts, corner, index| Layout {
            numbered: true,
            ..self.with_head(corner, index, shape, hosts)
        };
        let counts = || counts_up(self.firsts(1));
        if rows >= 3
            && all(0, rows)
            && head[0].trim().is_empty()
            && counts_up(&head[1..])
            && counts()
        {
            if (1..rows).all(|row| self.glance.said(self.cells(row)[row]) == Said::Nothing) {
                return Err(self
                    .glance
                    .file
                    .fault(self.glance.lines[self.skip], Fault::Ambiguous));
            }
            return Ok(Some(below(Shape::Full, rows - 1, true, true)));
        }
        let hosts = head.len();
        if hosts >= 2 && rows == hosts + 1 && counts_up(head) {
            if all(1, hosts) && self.is_idle(1, 0) {
                return Ok(Some(below(Shape::Full, hosts, false, false)));
            }
            if all(1, hosts + 1) && counts() {
                return Ok(Some(below(Shape::Full, hosts, false, true)));
            }
        }
        let is_index = rows >= 2
            && all(0, rows + 1)
            && counts_up(self.firsts(0))
            && !(self.all_end_empty && self.trailing == 0)
            && self.is_idle(0, 1);
        Ok(is_index.then(|| Layout {
            index: true,
            numbered: true,
            ..self.layout(Shape::Full, rows)
        }))
    }

    /// Whether every host of a square is no way from itself.
    fn is_idle(&self, first: usize, column: usize) -> bool {
        (first..self.rows()).all(|row| {
            let cells = self.cells(row);
            let own = cells.get(row - first + column);
            own.is_some_and(|own| self.glance.said(own).is_idle())
        })
    }

    /// What part of a square the rows from the first on are, where each has a value behind so many names; and of how
    /// many hosts. If nobody says how many, the diagonal does.
    fn shape(&self, first: usize, names: usize, hosts: Option<usize>) -> Option<(Shape, usize)> {
        let rows = self.rows() - first;
        if rows == 0 {
            return None;
        }
        let is = |cells: &dyn Fn(usize) -> usize| {
            (0..rows).all(|row| self.count(row + first) == cells(row) + names)
        };
        if is(&|_| rows) && hosts.is_none_or(|hosts| hosts == rows) {
            return Some((Shape::Full, rows));
        }
        let with_diagonal = |is_idle: &dyn Fn() -> bool| match hosts {
            Some(hosts) if hosts == rows && is_idle() => Some(true),
            Some(hosts) if hosts == rows + 1 => Some(false),
            Some(_) => None,
            None => Some(is_idle()),
        };
        let is_idle = |at: &dyn Fn(&[&str]) -> usize| {
            (first..self.rows()).all(|row| {
                let cells = self.cells(row);
                self.glance.said(cells[at(&cells)]).is_idle()
            })
        };
        let size = |diagonal| if diagonal { rows } else { rows + 1 };
        if is(&|row| row + 1) {
            let diagonal = with_diagonal(&|| is_idle(&|cells| cells.len() - 1))?;
            return Some((Shape::Lower { diagonal }, size(diagonal)));
        }
        if is(&|row| rows - row) {
            let diagonal = with_diagonal(&|| is_idle(&|_| names))?;
            return Some((Shape::Upper { diagonal }, size(diagonal)));
        }
        // A row of nothing but its name belongs to the first host, or to the last.
        let diagonal = false;
        let shape = match () {
            () if is(&|row| row) => Shape::Lower { diagonal },
            () if is(&|row| rows - 1 - row) => Shape::Upper { diagonal },
            () => return None,
        };
        (rows >= 2 && hosts == Some(rows)).then_some((shape, rows))
    }
}

/// Whether these are 0, 1, 2 and so on, or 1, 2, 3.
fn counts_up(cells: &[&str]) -> bool {
    let is_from = |first: usize| {
        let mut cells = cells.iter().enumerate();
        cells.all(|(at, cell)| unquoted(cell).parse() == Ok(at + first))
    };
    !cells.is_empty() && (is_from(0) || is_from(1))
}

/// What is wrong with lines that are neither square nor triangle.
pub(super) fn misfit(glance: &Glance<'_>) -> InputError {
    let file = glance.file;
    let rows = glance.rows;
    if rows > HOSTS_MAX + 1 {
        let most = HOSTS_MAX;
        return file.fault(glance.lines[HOSTS_MAX], Fault::TooManyHosts { most });
    }
    let head = glance.style.cells(glance.lines[0]);
    let has_text = head.iter().any(|cell| glance.said(cell).is_text());
    if let Some(error) = names_differ(glance, false) {
        return error;
    }
    let first = usize::from(has_text && rows > 1);
    let expected = glance.counts[first];
    let ragged = (first..glance.lines.len()).find(|row| glance.counts[*row] != expected);
    if let Some(row) = ragged {
        let cells = glance.style.cells(glance.lines[row]);
        let found = cells.len();
        let at = cells
            .get(expected)
            .or(cells.last())
            .copied()
            .unwrap_or(glance.lines[row]);
        return file.fault(at, Fault::Ragged { found, expected });
    }
    if glance.is_names(&head) || (has_text && glance.counts[0] != expected) {
        let is_text = |cell: &&&str| glance.said(cell).is_text();
        let text = head
            .iter()
            .find(is_text)
            .copied()
            .unwrap_or(glance.lines[0]);
        let value = shortened(text.trim());
        return file.fault(text, Fault::Header { value });
    }
    let last = glance.lines[glance.lines.len() - 1];
    let columns = expected;
    file.fault(last, Fault::NotSquare { rows, columns })
}

/// Rows whose names are not those of the columns, if that is what is wrong; if asked so, only where they are the same
/// names in another order.
pub(super) fn names_differ(glance: &Glance<'_>, reordered: bool) -> Option<InputError> {
    let head = glance.style.cells(glance.lines[0]);
    let (skip, trailing, said, all_end_empty) = (0, 0, None, false);
    let view = View {
        glance,
        skip,
        trailing,
        said,
        all_end_empty,
    };
    if !glance.is_names(&head) || !glance.is_names(view.firsts(1)) {
        return None;
    }
    for corner in [true, false] {
        let names = &head[usize::from(corner)..];
        let is_named = names.iter().all(|name| !unquoted(name).is_empty());
        let shape = view.shape(1, 1, Some(names.len())).filter(|_| is_named);
        let Some((shape, _)) = shape else { continue };
        let (row, column) = view.differing(names, shape)?;
        if reordered && sorted(names) != sorted(view.firsts(1)) {
            return None;
        }
        let first = view.firsts(1)[row];
        let told = |name: &str| shortened(unquoted(name));
        let (row, column) = (told(first), told(names[column]));
        return Some(glance.file.fault(first, Fault::NamesDiffer { row, column }));
    }
    None
}

fn sorted<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.iter().map(|name| unquoted(name)).collect();
    names.sort_unstable();
    names
}
