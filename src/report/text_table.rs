//! Tables of text, as they are shown on a terminal.

use std::fmt;

/// Lines of as many cells each; the first line is the header.
pub(crate) struct TextTable(pub Vec<Vec<String>>);

/// Columns side by side; the first to the left, the others to the right.
impl fmt::Display for TextTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            let cells = self.0.iter().map(|line| line[column].chars().count());
            cells.max()
        };
        let columns = self.0.first().map_or(0, Vec::len);
        let widths: Vec<usize> = (0..columns).filter_map(width).collect();
        let pad = |(column, cell): (usize, &String)| match (column, widths[column]) {
            (0, width) => format!("{cell:<width$}"),
            (_, width) => format!("  {cell:>width$}"),
        };
        for line in &self.0 {
            let line: String = line.iter().enumerate().map(pad).collect();
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Lines of cells, all of them to the left.
pub(crate) fn left(lines: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let line = |cells: &Vec<String>| {
        let cells = cells.iter().enumerate();
        let padded = cells.map(|(column, cell)| format!("{cell:<width$}  ", width = width(column)));
        padded.collect::<String>().trim_end().to_owned() + "\n"
    };
    lines.iter().map(line).collect()
}
