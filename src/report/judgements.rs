//! Expected beside measured, as a small table.

use super::text_table::TextTable;
use crate::validation::{HEADER, Judged, lines};

/// A line for each expectation, with or without the name of its scenario. Columns in which nothing
/// stands are left out.
pub(crate) fn render(judged: &[Judged], named: bool) -> String {
    let mut table = vec![HEADER.map(str::to_owned).to_vec()];
    table.extend(lines(judged));
    let empty = |column: usize| table[1..].iter().all(|line| line[column].is_empty());
    let shown: Vec<usize> = (usize::from(!named)..HEADER.len())
        .filter(|column| !empty(*column))
        .collect();
    let cells = |line: &Vec<String>| shown.iter().map(|at| line[*at].clone()).collect();
    TextTable(table.iter().map(cells).collect()).to_string()
}
