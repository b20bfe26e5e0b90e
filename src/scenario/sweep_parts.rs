//! The numbers inside swept tables: `{ joins_per_s = 0.1, leaves_per_s = 0.2 }` is one value of `churn.poisson`
//! and two numbers, each of which spreadsheets and pictures want for itself.

use toml::Spanned;
use toml::de::DeValue;

use super::duration;
use super::keys;
use super::plan::SweptPart;
use super::sweep::Axis;
use super::written::csv_text;

/// The most numbers of a swept key. A list of a thousand faults is no table to look at.
const MOST: usize = 16;

/// A number inside a table, and whether it is a duration in seconds.
struct Leaf {
    key: String,
    number: String,
    is_duration: bool,
}

/// The parts of each swept key. `names`: the last segments of the swept keys, which columns have.
pub(crate) fn of(axes: &[Axis<'_>], names: &[String]) -> Vec<Vec<SweptPart>> {
    let mut all: Vec<Vec<SweptPart>> = axes.iter().map(of_one).collect();
    let columns: Vec<String> = all
        .iter()
        .flatten()
        .map(|part| part.column.clone())
        .collect();
    for part in all.iter_mut().flatten() {
        let times = columns
            .iter()
            .filter(|column| **column == part.column)
            .count();
        if times > 1 || names.contains(&part.column) {
            part.column.clone_from(&part.full_column);
        }
    }
    all
}

fn of_one(axis: &Axis<'_>) -> Vec<SweptPart> {
    let leaves = |value: &DeValue<'_>| {
        let mut found = Vec::new();
        collect(&axis.key, value, &mut found);
        found
    };
    let values = axis.values.iter().map(Spanned::get_ref);
    let values: Vec<(String, Vec<Leaf>)> = values.map(|v| (csv_text(v), leaves(v))).collect();
    let mut parts: Vec<SweptPart> = Vec::new();
    for leaf in values.iter().flat_map(|(_, leaves)| leaves) {
        // A value that is a number itself has a column already.
        if leaf.key == axis.key || parts.iter().any(|part| part.key == leaf.key) {
            continue;
        }
        let cell = |(text, leaves): &(String, Vec<Leaf>)| {
            let given = leaves.iter().find(|other| other.key == leaf.key);
            let number = given.map(|other| other.number.clone());
            (
                text.clone(),
                number.or_else(|| default(&leaf.key)).unwrap_or_default(),
            )
        };
        parts.push(SweptPart {
            key: leaf.key.clone(),
            column: column(last(&leaf.key), leaf),
            full_column: column(&leaf.key, leaf),
            cells: values.iter().map(cell).collect(),
        });
        if parts.len() > MOST {
            return Vec::new();
        }
    }
    parts
}

fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// A name with the unit that the number is in.
fn column(name: &str, leaf: &Leaf) -> String {
    let unit = if leaf.is_duration { "_s" } else { "" };
    format!("{name}{unit}")
}

/// What a number is where a table does not give it.
fn default(key: &str) -> Option<String> {
    let (_, declared) = keys::find(key)?;
    let value = DeValue::parse(declared.default?).ok()?;
    Some(leaf(key, value.get_ref())?.number)
}

/// Every number in a table, or in the tables of a list.
fn collect(key: &str, value: &DeValue<'_>, found: &mut Vec<Leaf>) {
    match value {
        DeValue::Table(table) => {
            for (name, value) in table {
                collect(&format!("{key}.{}", name.get_ref()), value.get_ref(), found);
            }
        }
        DeValue::Array(list) => {
            let tables = list
                .iter()
                .enumerate()
                .filter(|(_, it)| it.get_ref().is_table());
            for (number, table) in tables {
                collect(&format!("{key}.{number}"), table.get_ref(), found);
            }
        }
        value => found.extend(leaf(key, value)),
    }
}

/// A value that is a number; a duration is one, of seconds.
fn leaf(key: &str, value: &DeValue<'_>) -> Option<Leaf> {
    let (number, is_duration) = match value {
        DeValue::Integer(_) | DeValue::Float(_) => (csv_text(value), false),
        DeValue::String(text) => {
            let span = duration::parse(text).ok()?;
            ((span.0 as f64 / 1e9).to_string(), true)
        }
        _ => return None,
    };
    Some(Leaf {
        key: key.to_owned(),
        number,
        is_duration,
    })
}
