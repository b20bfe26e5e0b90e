//! A table as CSV, for programs: every digit there is, a column each for a mean and for half its interval.

use super::data::{Cell, Column, Role, Table};
use crate::catalogue::aggregate_columns;
use crate::results::csv::{CsvTable, number};

/// The tables in one, as far as their rows are about the same; and the headings of those that are not.
pub(super) fn render(tables: &[Table]) -> (String, Vec<String>) {
    let Some((first, others)) = tables.split_first() else {
        return (String::new(), Vec::new());
    };
    let mut all = of(first, |_| true);
    let mut left_out = Vec::new();
    for table in others {
        if keys(table) != keys(first) {
            left_out.push(table.caption.clone());
            continue;
        }
        let more = of(table, |column| column.role != Role::Key);
        all.header.extend(more.header);
        for (row, cells) in all.rows.iter_mut().zip(more.rows) {
            row.extend(cells);
        }
    }
    let text = String::from_utf8(all.to_csv());
    (
        text.expect("what is put together of text is text"),
        left_out,
    )
}

/// What the rows of a table are about.
fn keys(table: &Table) -> (Vec<&str>, Vec<&[Cell]>) {
    let keys = table.keys();
    let names = table.columns[..keys].iter().map(|it| it.name.as_str());
    (
        names.collect(),
        table.rows.iter().map(|row| &row[..keys]).collect(),
    )
}

fn of(table: &Table, wanted: impl Fn(&Column) -> bool) -> CsvTable {
    let mut csv = CsvTable {
        header: Vec::new(),
        rows: vec![Vec::new(); table.rows.len()],
    };
    let columns = table.columns.iter().enumerate();
    for (at, column) in columns.filter(|(_, column)| wanted(column)) {
        let cells = || table.rows.iter().map(|row| &row[at]);
        let [mean, ci95] = aggregate_columns(&column.name);
        let name = |cell: &Cell| match cell {
            Cell::Estimate(..) => Some(vec![mean.clone(), ci95.clone()]),
            Cell::Mean(..) => Some(vec![mean.clone()]),
            _ => None,
        };
        let header = cells().find_map(name);
        let header = header.unwrap_or_else(|| vec![column.name.clone()]);
        for (row, cell) in csv.rows.iter_mut().zip(cells()) {
            let from = row.len();
            row.extend(values(cell));
            row.resize(from + header.len(), String::new());
        }
        csv.header.extend(header);
    }
    csv
}

fn values(cell: &Cell) -> Vec<String> {
    match cell {
        Cell::Empty => vec![String::new()],
        Cell::Text(text) => vec![text.clone()],
        Cell::Whole(count) => vec![count.to_string()],
        Cell::Estimate(estimate, _) => vec![number(estimate.mean), number(estimate.ci95)],
        Cell::Mean(estimate, _) => vec![number(estimate.mean)],
        Cell::Expected(value, _) | Cell::Number(value, _) => vec![number(Some(*value))],
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{hostile, sample};
    use super::*;

    #[test]
    fn a_program_gets_every_digit() {
        let expected = "\
            routing,runs,success_rate_mean,success_rate_ci95,hops_mean_mean,hops_mean_ci95,expected_hops_mean\n\
            successors,5,1,0,485.3,14.2,\n\
            fingers,5,0.99993,0.00018,4.0101,0.0472,4.00213\n";
        assert_eq!(render(&[sample()]), (expected.to_owned(), Vec::new()));
    }

    #[test]
    fn tables_of_the_same_rows_are_one() {
        let mut second = sample();
        second.columns.truncate(2);
        second.rows.iter_mut().for_each(|row| row.truncate(2));
        let mut third = second.clone();
        third.rows.pop();
        third.caption = "Another".to_owned();
        let (text, left_out) = render(&[sample(), second, third]);
        assert!(text.ends_with("fingers,5,0.99993,0.00018,4.0101,0.0472,4.00213,5\n"));
        assert_eq!(left_out, ["Another"]);
    }

    #[test]
    fn a_text_with_commas_quotes_and_lines_is_one_cell() {
        let (text, _) = render(&[hostile()]);
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let first = reader.records().next().unwrap().unwrap();
        assert_eq!(&first[0], "a|b_c,\"d\"\n&<i>");
    }
}
