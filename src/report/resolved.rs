//! Every key of a run with its value and where that comes from: as a scenario that can be run again, and as JSON.

use serde_json::{Value, json};

use std::fmt::Write as _;

use crate::scenario::origin::{Origin, SetKey, SetTable};

/// Comments stand behind values of at most so many characters.
const ALIGNED_MAX: usize = 44;

/// As TOML, with where each value comes from as a comment.
pub(crate) fn toml(tables: &[SetTable]) -> String {
    let mut text = String::new();
    for table in tables {
        let _ = match (table.path, table.place) {
            ("", _) => Ok(()),
            (path, None) => writeln!(text, "\n[{path}]"),
            (path, Some(_)) => writeln!(text, "\n[[{path}]]"),
        };
        let given: Vec<(String, String)> = table.keys.iter().map(line).collect();
        let widths = given.iter().map(|(line, _)| line.chars().count());
        let width = widths.filter(|width| *width <= ALIGNED_MAX).max();
        for (line, comment) in given {
            let width = width.unwrap_or(0);
            let _ = writeln!(text, "{line:width$}   # {comment}");
        }
    }
    text
}

/// A key as it is written, and what stands behind it.
fn line(key: &SetKey) -> (String, String) {
    let Some(value) = &key.value else {
        return (
            format!("# {}", key.name),
            format!("not given: {}", key.absent),
        );
    };
    let comment = match &key.origin {
        Origin::File(line) => format!("line {line}"),
        Origin::Option(option) => option.clone(),
        Origin::Sweep(Ok(line)) => format!("swept, line {line}"),
        Origin::Sweep(Err(option)) => format!("swept, {option}"),
        Origin::Default => "default".to_owned(),
        Origin::Follows(from) => format!("follows from {from}"),
    };
    (format!("{} = {value}", key.name), comment)
}

/// The same, an object for each key.
pub(crate) fn json(tables: &[SetTable]) -> Vec<Value> {
    let keys = tables.iter().flat_map(|table| {
        let keys = table.keys.iter();
        keys.map(move |key| (table, key))
    });
    keys.map(|(table, key)| object(table, key)).collect()
}

fn object(table: &SetTable, key: &SetKey) -> Value {
    let name = match (table.path, table.place) {
        ("", _) => key.name.to_owned(),
        (path, None) => format!("{path}.{}", key.name),
        (path, Some(place)) => format!("{path}.{place}.{}", key.name),
    };
    let (origin, line, option) = match &key.origin {
        Origin::File(line) => ("file", Some(line), None),
        Origin::Option(option) => ("option", None, Some(option.as_str())),
        Origin::Sweep(Ok(line)) => ("sweep", Some(line), None),
        Origin::Sweep(Err(option)) => ("sweep", None, Some(option.as_str())),
        Origin::Default => ("default", None, None),
        Origin::Follows(_) => ("follows", None, None),
    };
    let mut told = json!({ "key": name, "value": key.json, "origin": origin });
    if let Some(line) = line {
        told["line"] = (*line).into();
    }
    if let Some(option) = option {
        told["option"] = option.into();
    }
    if let Origin::Follows(from) = &key.origin {
        told["from"] = (*from).into();
    }
    told
}
