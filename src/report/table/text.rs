//! Tables for a terminal.

use super::data::{Cell, Table};
use super::grid::{Grid, Layout, Words};
use crate::inputs::harmless::{escaped, shortened};
use crate::report::lines::wrapped;
use crate::report::text_table::TextTable;

/// The width of a terminal that everybody has, and of what is pasted into a mail or a report.
pub(crate) const WIDTH: usize = 80;

/// A swept value may be a list of hundreds of identifiers.
const TEXT_MAX: usize = 36;

/// What stands between two columns.
const GAP: usize = 2;

/// A text on one line, without signs that steer a terminal or turn what follows.
pub(super) fn one_line(text: &str) -> String {
    escaped(text).replace('\n', " ").trim().to_owned()
}

/// A table as wide as it is; nothing above or below it.
pub(crate) fn plain(table: &Table, layout: Layout) -> String {
    lines(&table.grid(layout, Words::Headings))
}

/// Tables that fit a terminal, each with its heading and notes: laid out as asked, else in the way that fits, else in blocks.
pub(crate) fn render(tables: &[Table], layout: Option<Layout>) -> String {
    let texts: Vec<String> = tables.iter().map(|table| one(table, layout)).collect();
    texts.join("\n")
}

fn one(table: &Table, layout: Option<Layout>) -> String {
    let grid = |layout| short(table.grid(layout, Words::Headings));
    let layouts = match (layout, table.rows.len()) {
        (Some(layout), _) => vec![layout],
        (None, 1) => vec![Layout::Columns],
        (None, _) => vec![Layout::Rows, Layout::Columns],
    };
    let mut grids: Vec<Grid> = layouts.into_iter().map(grid).collect();
    let at = grids.iter().position(|grid| width(grid) <= WIDTH);
    let grid = grids.swap_remove(at.unwrap_or(0));
    let widths: Vec<usize> = (0..grid.columns()).map(|at| grid.width(at)).collect();
    let blocks: Vec<String> = grid.blocks(&widths, GAP, WIDTH).iter().map(lines).collect();
    let mut text = String::new();
    if !table.caption.is_empty() {
        text += &paragraph(&table.caption);
    }
    text += &blocks.join("\n");
    for note in &table.notes {
        text += &paragraph(note);
    }
    text
}

/// A sentence on as many lines as it takes.
fn paragraph(text: &str) -> String {
    wrapped(&one_line(text), WIDTH) + "\n"
}

fn width(grid: &Grid) -> usize {
    let columns = grid.columns();
    let widths: usize = (0..columns).map(|at| grid.width(at)).sum();
    widths + GAP * columns.saturating_sub(1)
}

/// With long texts shortened.
fn short(mut grid: Grid) -> Grid {
    for line in grid.head.iter_mut().chain(&mut grid.rows) {
        for cell in line {
            if let Cell::Text(text) = cell {
                *text = shortened(&one_line(text), TEXT_MAX).into_owned();
            }
        }
    }
    grid
}

fn lines(grid: &Grid) -> String {
    let line = |line: &Vec<Cell>| line.iter().map(|cell| cell.shown().to_string()).collect();
    TextTable(grid.lines().map(line).collect()).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{hostile, sample};
    use super::*;

    #[test]
    fn a_table_that_fits_stands_as_it_is() {
        assert_eq!(
            render(&[sample()], None),
            "Lookups while nodes come and go\n\
             routing     runs            success_rate      hops_mean  expected\n\
             successors     5               1.000 ± 0       485 ± 14\n\
             fingers        5  0.99993 (0.99975 to 1)  4.010 ± 0.047     4.002\n\
             Means over the runs.\n"
        );
    }

    #[test]
    fn whatever_is_in_it_no_line_is_wider_than_a_terminal() {
        let mut table = hostile();
        table.rows[1][0] = Cell::Text("1,".repeat(300));
        for layout in [None, Some(Layout::Rows), Some(Layout::Columns)] {
            let text = render(&[table.clone(), sample()], layout);
            for line in text.lines() {
                assert!(line.chars().count() <= WIDTH, "{line}");
                assert!(!line.contains(|sign: char| sign.is_control() || sign == '\u{202e}'));
            }
            for number in ["485 ± 14", "4.010 ± 0.047", "0.99993 (0.99975 to 1)"] {
                assert_eq!(text.matches(number).count(), 2, "{text}");
            }
        }
    }
}
