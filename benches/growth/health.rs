//! What it costs to look at the health of the ring for a row of the timeline.
//!
//! A row costs little beside a run, less than runs differ by chance. So it is looked at often, to see what
//! one row costs, and what rows of a usual width cost follows from that.

use std::error::Error;

use super::cell::{Cell, Measured, median};
use super::plans;
use super::table::{Table, Value, column};

/// Widths of rows in seconds, for which the table has the share of the run.
const USUAL: [f64; 2] = [60.0, 10.0];

/// Measures the table.
///
/// # Errors
/// If a run fails.
pub(crate) fn measure(repeat: u32) -> Result<Table, Box<dyn Error>> {
    let cells = plans::health();
    let mut pairs: Vec<Vec<(Measured, Measured)>> = vec![Vec::new(); cells.len()];
    for turn in 1..=repeat {
        for ((cell, every), pairs) in cells.iter().zip(&mut pairs) {
            eprintln!("turn {turn} of {repeat}: health, {} nodes", cell.nodes);
            let mut often = cell.clone();
            often.set.push(format!("sample={every}ms"));
            pairs.push((cell.measure()?, often.measure()?));
        }
    }
    let rows = cells.iter().zip(&pairs);
    Ok(Table {
        name: "health",
        columns: vec![
            column("nodes", "nodes"),
            column("simulated s", "simulated_s"),
            column("run s, one row", "run_s_one_row"),
            column("rows", "rows"),
            column("run s", "run_s_many_rows"),
            column("ms per row", "s_per_row"),
            column("ns per row and node", "s_per_row_and_node"),
            column("share with 60 s rows", "share_60s"),
            column("share with 10 s rows", "share_10s"),
        ],
        rows: rows.map(|((cell, _), pairs)| values(cell, pairs)).collect(),
    })
}

fn values(cell: &Cell, pairs: &[(Measured, Measured)]) -> Vec<Value> {
    let middle = |number: &dyn Fn(&(Measured, Measured)) -> f64| {
        median(pairs.iter().map(number).collect::<Vec<_>>())
    };
    let one = middle(&|(one, _)| one.run_s);
    let many = middle(&|(_, many)| many.run_s);
    let rows = middle(&|(_, many)| many.rows);
    let row = middle(&|(one, many)| (many.run_s - one.run_s) / (many.rows - one.rows));
    // Without any row a simulated second takes so long.
    let second = (one - row) / f64::from(cell.seconds);
    let share = |width: f64| row / (row + second * width);
    let percent = |share: f64| Value {
        shown: format!("{:.2} %", share * 100.0),
        exact: share.to_string(),
    };
    let mut values = vec![
        Value::text(&cell.nodes.to_string()),
        Value::text(&cell.seconds.to_string()),
        Value::number(one, 1.0, 2),
        Value::number(rows, 1.0, 0),
        Value::number(many, 1.0, 2),
        Value::number(row, 1e-3, 2),
        Value::number(row / f64::from(cell.nodes), 1e-9, 1),
    ];
    values.extend(USUAL.map(|width| percent(share(width))));
    values
}
