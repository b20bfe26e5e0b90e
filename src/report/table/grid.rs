//! A table laid out: a row for each of its rows, or a column for each; in one piece, or in blocks that fit a width.

use super::data::{Cell, Column, Role, Table};

/// How a table is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Layout {
    /// A row for each of its rows.
    Rows,
    /// A column for each of its rows.
    Columns,
}

/// What columns are called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Words {
    /// As in files: short, for a terminal.
    Headings,
    /// In words, with units.
    Labels,
}

impl Words {
    /// What this column is called.
    pub(crate) fn of(self, column: &Column) -> &str {
        match self {
            Self::Headings => &column.heading,
            Self::Labels => &column.label,
        }
    }
}

/// Cells as they stand beside and below each other. Each row has as many as there are columns.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Grid {
    /// The rows above the line.
    pub head: Vec<Vec<Cell>>,
    /// The rows below it.
    pub rows: Vec<Vec<Cell>>,
    /// How many columns, from the left, say what a row is about.
    pub keys: usize,
    /// Of each column: whether it stays with the one before it.
    glued: Vec<bool>,
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

impl Table {
    /// How it is best read: one row, like that of one combination, as a column.
    pub(crate) fn best_layout(&self) -> Layout {
        match self.rows.len() {
            1 => Layout::Columns,
            _ => Layout::Rows,
        }
    }

    /// Lays it out.
    pub(crate) fn grid(&self, layout: Layout, words: Words) -> Grid {
        match layout {
            Layout::Rows => self.by_rows(words),
            Layout::Columns => self.by_columns(words),
        }
    }

    fn by_rows(&self, words: Words) -> Grid {
        let head = self.columns.iter().map(|column| text(words.of(column)));
        Grid {
            head: vec![head.collect()],
            rows: self.rows.clone(),
            keys: self.keys(),
            glued: self
                .columns
                .iter()
                .map(|it| it.role == Role::Beside)
                .collect(),
        }
    }

    /// What tells the rows apart stands above. Beside a single row stands, in a column of its own, what belongs to its cells.
    fn by_columns(&self, words: Words) -> Grid {
        let is_one = self.rows.len() == 1;
        let across = |at: usize| {
            let cells = self.rows.iter().map(move |row| row[at].clone());
            std::iter::once(text(words.of(&self.columns[at]))).chain(cells)
        };
        let mut lines: Vec<Vec<Cell>> = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            if column.role != Role::Beside || !is_one {
                lines.push(across(at).collect());
            } else if let Some(line) = lines.last_mut() {
                line.push(self.rows[0][at].clone());
            }
        }
        let mut heads = self.keys();
        if heads == 0 && words == Words::Labels {
            let values = self.rows.iter().map(|_| text("measured"));
            lines.insert(0, std::iter::once(Cell::Empty).chain(values).collect());
        }
        // Without keys the first line stands above all others.
        heads = heads.max(1).min(lines.len());
        let beside = self.columns.iter().find(|it| it.role == Role::Beside);
        let width = lines.iter().map(Vec::len).max().unwrap_or(0);
        if let (Some(column), Some(line), true) = (beside, lines.first_mut(), is_one) {
            line.push(text(words.of(column)));
        }
        for line in &mut lines {
            line.resize(width, Cell::Empty);
        }
        let rows = lines.split_off(heads);
        Grid {
            head: lines,
            rows,
            keys: 1,
            glued: (0..width).map(|at| is_one && at == 2).collect(),
        }
    }
}

impl Grid {
    /// How many columns there are.
    pub(crate) fn columns(&self) -> usize {
        self.glued.len()
    }

    /// All rows, those above the line first.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &Vec<Cell>> {
        self.head.iter().chain(&self.rows)
    }

    /// The widest cell of a column, in signs.
    pub(crate) fn width(&self, column: usize) -> usize {
        let widths = self.lines().map(|line| signs(&line[column]));
        widths.max().unwrap_or(0)
    }

    /// The same in blocks of at most this width, if columns of these widths with so much between them do not fit: each has
    /// the columns that say what rows are about. A block has one more at least, however wide.
    pub(crate) fn blocks(&self, widths: &[usize], gap: usize, most: usize) -> Vec<Self> {
        let keys: Vec<usize> = (0..self.keys).collect();
        let of_keys: usize = keys.iter().map(|at| widths[*at] + gap).sum();
        let mut blocks: Vec<Vec<usize>> = Vec::new();
        let mut used = 0;
        let mut at = self.keys;
        while at < self.columns() {
            // What stays together goes on to the next block together.
            let end = (at + 1..self.columns()).find(|next| !self.glued[*next]);
            let group: Vec<usize> = (at..end.unwrap_or(self.columns())).collect();
            let wide: usize = group.iter().map(|it| widths[*it] + gap).sum();
            at += group.len();
            match blocks.last_mut() {
                Some(block) if used + wide <= most + gap => {
                    block.extend(group);
                    used += wide;
                }
                _ => {
                    blocks.push([&keys[..], &group].concat());
                    used = of_keys + wide;
                }
            }
        }
        if blocks.is_empty() {
            return vec![self.clone()];
        }
        blocks.iter().map(|columns| self.only(columns)).collect()
    }

    fn only(&self, columns: &[usize]) -> Self {
        let of = |lines: &[Vec<Cell>]| {
            let line = |line: &Vec<Cell>| columns.iter().map(|at| line[*at].clone()).collect();
            lines.iter().map(line).collect()
        };
        Self {
            head: of(&self.head),
            rows: of(&self.rows),
            keys: self.keys,
            glued: columns.iter().map(|at| self.glued[*at]).collect(),
        }
    }
}

/// How many signs a cell has as it is shown.
pub(crate) fn signs(cell: &Cell) -> usize {
    cell.shown().to_string().chars().count()
}

#[cfg(test)]
mod tests {
    use super::super::testing::sample;
    use super::*;

    fn shown(lines: &[Vec<Cell>]) -> Vec<String> {
        let line = |line: &Vec<Cell>| {
            let cells: Vec<String> = line.iter().map(|cell| cell.shown().to_string()).collect();
            cells.join("|")
        };
        lines.iter().map(line).collect()
    }

    #[test]
    fn turned_around_what_tells_rows_apart_stands_above() {
        let grid = sample().grid(Layout::Columns, Words::Headings);
        assert_eq!(shown(&grid.head), ["routing|successors|fingers"]);
        assert_eq!(
            shown(&grid.rows),
            [
                "runs|5|5",
                "success_rate|1.000 ± 0|0.99993 (0.99975 to 1)",
                "hops_mean|485 ± 14|4.010 ± 0.047",
                "expected||4.002"
            ]
        );
    }

    #[test]
    fn beside_one_row_stands_what_is_expected() {
        let mut table = sample();
        table.rows.remove(0);
        let grid = table.grid(Layout::Columns, Words::Labels);
        assert_eq!(shown(&grid.head), ["routing|fingers|expected"]);
        assert_eq!(
            shown(&grid.rows)[2],
            "mean hops per lookup|4.010 ± 0.047|4.002"
        );
        table.columns.remove(0);
        table.rows[0].remove(0);
        let grid = table.grid(Layout::Columns, Words::Labels);
        assert_eq!(shown(&grid.head), ["|measured|expected"]);
        assert_eq!(shown(&grid.rows)[0], "runs|5|");
        let grid = table.grid(Layout::Columns, Words::Headings);
        assert_eq!(shown(&grid.head), ["runs|5|expected"]);
    }

    /// Keys are 10 wide, then 4, 22, 13 and 8, of which the last two stay together.
    #[test]
    fn blocks_fit_and_repeat_what_rows_are_about() {
        let grid = sample().grid(Layout::Rows, Words::Headings);
        let widths: Vec<usize> = (0..grid.columns()).map(|at| grid.width(at)).collect();
        assert_eq!(widths, [10, 4, 22, 13, 8]);
        let headings = |most| {
            let blocks = grid.blocks(&widths, 2, most);
            let heads = blocks.iter().map(|block| shown(&block.head).remove(0));
            heads.collect::<Vec<_>>()
        };
        let whole = "routing|runs|success_rate|hops_mean|expected";
        assert_eq!(headings(65), [whole]);
        assert_eq!(
            headings(64),
            ["routing|runs|success_rate", "routing|hops_mean|expected"]
        );
        assert_eq!(
            headings(3),
            [
                "routing|runs",
                "routing|success_rate",
                "routing|hops_mean|expected"
            ]
        );
    }
}
