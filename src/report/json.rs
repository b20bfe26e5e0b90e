//! Tables as JSON.

use serde_json::{Map, Value};

use crate::catalogue::FINGERPRINT;
use crate::results::csv::CsvTable;

/// Rows as objects: numbers as numbers, what does not exist as null.
pub(crate) fn rows(table: &CsvTable) -> Vec<Value> {
    let object = |row: &Vec<String>| {
        let cells = table.header.iter().zip(row);
        Value::Object(
            cells
                .map(|(name, cell)| (name.clone(), value(name, cell)))
                .collect::<Map<_, _>>(),
        )
    };
    table.rows.iter().map(object).collect()
}

/// A line for the terminal without the word that says how serious it is.
pub(crate) fn message(line: &str) -> &str {
    let told = ["warning: ", "note: "];
    let told = told.into_iter().find_map(|word| line.strip_prefix(word));
    told.unwrap_or(line)
}

/// The value of a cell.
pub(crate) fn value(column: &str, cell: &str) -> Value {
    // A fingerprint may happen to have decimal digits only.
    if column == FINGERPRINT {
        return cell.into();
    }
    match (cell.parse::<u64>(), cell.parse::<f64>()) {
        _ if cell.is_empty() => Value::Null,
        (Ok(whole), _) => whole.into(),
        (_, Ok(number)) if number.is_finite() => number.into(),
        _ => match cell {
            "true" => true.into(),
            "false" => false.into(),
            _ => cell.into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_become_what_they_look_like() {
        assert_eq!(value("seed", "18446744073709551615"), json!(u64::MAX));
        assert_eq!(value("hops_mean", "3.5"), json!(3.5));
        assert_eq!(value("hops_mean", ""), Value::Null);
        assert_eq!(value("routing", "fingers"), json!("fingers"));
        assert_eq!(value("routing", "nan"), json!("nan"));
        assert_eq!(
            value("fingerprint", "0000000000000064"),
            json!("0000000000000064")
        );
    }
}
