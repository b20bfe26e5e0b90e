//! A table for the tests of this room.

use super::data::{Cell, Column, Role, Table};
use crate::catalogue::Unit;
use crate::results::csv::Estimate;

fn estimate(mean: f64, ci95: f64, unit: Unit) -> Cell {
    let (mean, ci95) = (Some(mean), Some(ci95));
    Cell::Estimate(Estimate { mean, ci95 }, unit)
}

/// Two ways of routing, with a cut interval and something expected.
pub(super) fn sample() -> Table {
    let text = |text: &str| Cell::Text(text.to_owned());
    let expected = Column {
        heading: "expected".to_owned(),
        role: Role::Beside,
        ..Column::value("expected_hops_mean", "expected")
    };
    Table {
        caption: "Lookups while nodes come and go".to_owned(),
        label: "churn".to_owned(),
        columns: vec![
            Column::key("routing"),
            Column::value("runs", "runs"),
            Column::value("success_rate", "success rate"),
            Column::value("hops_mean", "mean hops per lookup"),
            expected,
        ],
        rows: vec![
            vec![
                text("successors"),
                Cell::Whole(5),
                estimate(1.0, 0.0, Unit::Share),
                estimate(485.3, 14.2, Unit::Count),
                Cell::Empty,
            ],
            vec![
                text("fingers"),
                Cell::Whole(5),
                estimate(0.999_93, 0.000_18, Unit::Share),
                estimate(4.0101, 0.0472, Unit::Count),
                Cell::Expected(4.002_13, 0.0),
            ],
        ],
        notes: vec!["Means over the runs.".to_owned()],
    }
}

/// The same with names that mean something in every format.
pub(super) fn hostile() -> Table {
    let mut table = sample();
    table.caption =
        "50 % of A_B & <script>alert(1)</script> #1 | \\x $y$ \u{202e}^~{z}\u{7}".to_owned();
    table.rows[0][0] = Cell::Text("a|b_c,\"d\"\n&<i>".to_owned());
    table
}
