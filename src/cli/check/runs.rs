//! The runs that a scenario asks for.

use serde_json::{Map, Value};

use crate::report::json::value;
use crate::report::text_table::TextTable;
use crate::scenario::{Plan, RunSpec};

/// As a table, a line for each run.
pub(super) fn table(plan: &Plan) -> String {
    let swept = plan.swept.iter().map(|key| key.column_in(FIXED).to_owned());
    let header = [
        vec!["run".to_owned()],
        swept.collect(),
        fixed(["repetition", "seed"]),
    ];
    let row = |run: &RunSpec| {
        let numbers = [run.repetition.to_string(), run.seed.to_string()];
        [
            vec![run.run.to_string()],
            run.swept.clone(),
            numbers.to_vec(),
        ]
        .concat()
    };
    let rows = plan.runs.iter().map(row);
    TextTable(std::iter::once(header.concat()).chain(rows).collect()).to_string()
}

/// Columns that every file has.
const FIXED: &[&str] = &["run", "repetition", "seed"];

fn fixed<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(ToOwned::to_owned).to_vec()
}

/// As objects: the swept values are named as their columns.
pub(super) fn json(plan: &Plan) -> Vec<Value> {
    let object = |run: &RunSpec| {
        let mut object = Map::new();
        object.insert("run".to_owned(), run.run.into());
        for (key, text) in plan.swept.iter().zip(&run.swept) {
            let column = key.column_in(FIXED);
            object.insert(column.to_owned(), value(column, text));
        }
        object.insert("repetition".to_owned(), run.repetition.into());
        object.insert("seed".to_owned(), run.seed.into());
        Value::Object(object)
    };
    plan.runs.iter().map(object).collect()
}
