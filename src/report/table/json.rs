//! Tables as JSON: numbers as numbers, and beside them how people read them.

use serde_json::{Map, Value, json};

use super::data::{Cell, Role, Table};
use crate::report::json::value;

/// All tables, as an array of objects.
pub(crate) fn tables(tables: &[Table]) -> Value {
    tables.iter().map(one).collect()
}

fn one(table: &Table) -> Value {
    let columns = table.columns.iter().map(|column| {
        json!({
            "name": column.name,
            "label": column.label,
            "key": column.role == Role::Key,
        })
    });
    let row = |row: &Vec<Cell>| {
        let cells = table.columns.iter().zip(row);
        let cells = cells.map(|(column, it)| (column.name.clone(), cell(&column.name, it)));
        Value::Object(cells.collect::<Map<_, _>>())
    };
    json!({
        "caption": table.caption,
        "label": table.label,
        "columns": columns.collect::<Vec<_>>(),
        "rows": table.rows.iter().map(row).collect::<Vec<_>>(),
        "notes": table.notes,
    })
}

fn cell(name: &str, cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => value(name, text),
        Cell::Whole(count) => json!(count),
        Cell::Estimate(estimate, unit) => json!({
            "mean": estimate.mean,
            "ci95": estimate.ci95,
            "shown": estimate.shown(*unit),
        }),
        Cell::Mean(estimate, _) => json!({
            "mean": estimate.mean,
            "shown": cell.shown().to_string(),
        }),
        Cell::Expected(expected, error) => json!({
            "mean": expected,
            "standard_error": error,
            "shown": cell.shown().to_string(),
        }),
        Cell::Number(value, shown) => json!({ "value": value, "shown": shown }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{hostile, sample};
    use super::*;

    #[test]
    fn numbers_stand_beside_what_people_read() {
        let json = tables(&[sample()]);
        assert_eq!(
            json[0]["rows"][1],
            json!({
                "routing": "fingers",
                "runs": 5,
                "success_rate": { "mean": 0.99993, "ci95": 0.00018, "shown": "0.99993 (0.99975 to 1)" },
                "hops_mean": { "mean": 4.0101, "ci95": 0.0472, "shown": "4.010 ± 0.047" },
                "expected_hops_mean": { "mean": 4.00213, "standard_error": 0.0, "shown": "4.002" },
            })
        );
        assert_eq!(json[0]["columns"][0]["key"], true);
        let text = tables(&[hostile()]).to_string();
        assert!(serde_json::from_str::<Value>(&text).is_ok());
    }
}
