//! `[sweep]`: which keys take which values, and the combinations of them.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::SweptKey;
use super::document::{Document, LISTS, put};
use super::error::Problem;
use super::explain::{KEYS, unknown_swept_key};
use super::source::Span;

/// One swept key with its values.
pub struct Axis<'a> {
    /// In full, such as `chord.routing`.
    pub key: String,
    span: Span,
    values: Vec<Spanned<DeValue<'a>>>,
}

/// Keys that name or arrange runs and so mean nothing within one.
const FIXED: [&str; 7] = [
    "name", "title", "seed", "repeat", "output", "sweep", "expect",
];

/// Takes `[sweep]` out of the document.
///
/// # Errors
/// All problems of its keys and lists.
pub fn extract<'a>(document: &mut Document<'a>) -> Result<Vec<Axis<'a>>, Vec<Problem>> {
    let Some(sweep) = document.get_mut().remove("sweep") else {
        return Ok(Vec::new());
    };
    let span = sweep.span();
    let DeValue::Table(table) = sweep.into_inner() else {
        return Err(vec![Problem::new(
            span,
            "`sweep` must be a table",
            "this is no table",
            "write [sweep] on a line of its own, a list of values per key below it",
        )]);
    };
    let mut axes = Vec::new();
    let mut problems = Vec::new();
    flatten("", table, &mut axes, &mut problems);
    // Tables come sorted by name; what counts is the order in the file.
    axes.sort_by_key(|axis: &Axis<'_>| axis.span.start);
    problems.extend(twice(&axes));
    if problems.is_empty() {
        Ok(axes)
    } else {
        Err(problems)
    }
}

fn flatten<'a>(
    prefix: &str,
    table: DeTable<'a>,
    axes: &mut Vec<Axis<'a>>,
    problems: &mut Vec<Problem>,
) {
    for (name, value) in table {
        let key = format!("{prefix}{}", name.get_ref());
        let place = value.span();
        match value.into_inner() {
            DeValue::Table(inner) => flatten(&format!("{key}."), inner, axes, problems),
            value => match axis(key, name.span(), Spanned::new(place, value)) {
                Ok(axis) => axes.push(axis),
                Err(problem) => problems.push(problem),
            },
        }
    }
}

fn axis(key: String, span: Span, value: Spanned<DeValue<'_>>) -> Result<Axis<'_>, Problem> {
    let section = key.split('.').next().unwrap_or(&key);
    if FIXED.contains(&section) {
        return Err(Problem::new(
            span,
            format!("`{key}` cannot be swept"),
            "it is the same for all runs",
            "seeds are varied by `repeat`; the other keys under [sweep] must belong to what is \
             simulated",
        ));
    }
    if !KEYS.contains(&key) && !is_in_a_list(&key) {
        return Err(unknown_swept_key(&key, span));
    }
    let place = value.span();
    let values: Vec<_> = match value.into_inner() {
        DeValue::Array(values) if !values.is_empty() => values.into_iter().collect(),
        DeValue::Array(_) => {
            return Err(Problem::new(
                place,
                format!("the sweep of `{key}` is empty"),
                "no value, so no run",
                "give it at least one value, or remove the line",
            ));
        }
        _ => {
            return Err(Problem::new(
                place,
                format!("the sweep of `{key}` must be a list"),
                "this is a single value",
                "put it in brackets, or set the key in its own section",
            ));
        }
    };
    repeated(&key, &values).map_or(Ok(()), Err)?;
    Ok(Axis { key, span, values })
}

/// Whether it is of the form `fault.0.kill`. Whether there is such an element, and what keys it has,
/// is found out when the value is put there.
fn is_in_a_list(key: &str) -> bool {
    match key.split('.').collect::<Vec<_>>()[..] {
        [list, number, _] => LISTS.contains(&list) && number.parse::<usize>().is_ok(),
        _ => false,
    }
}

fn repeated(key: &str, values: &[Spanned<DeValue<'_>>]) -> Option<Problem> {
    let mut seen = BTreeSet::new();
    let again = values
        .iter()
        .find(|value| !seen.insert(csv_text(value.get_ref())))?;
    Some(Problem::new(
        again.span(),
        format!("the sweep of `{key}` has a value twice"),
        "this value stands in the list already",
        "remove one of them; to simulate the same again, raise `repeat`",
    ))
}

fn twice(axes: &[Axis<'_>]) -> Option<Problem> {
    let again =
        (1..axes.len()).find(|&at| axes[..at].iter().any(|axis| axis.key == axes[at].key))?;
    let Axis { key, span, .. } = &axes[again];
    Some(Problem::new(
        span.clone(),
        format!("`{key}` is swept twice"),
        "it stands under [sweep] already, written another way",
        "remove one of the two lines",
    ))
}

/// The swept keys with the names of their columns.
pub fn swept_keys(axes: &[Axis<'_>]) -> Vec<SweptKey> {
    let last = |axis: &Axis<'_>| axis.key.rsplit('.').next().unwrap_or_default().to_owned();
    let names: Vec<String> = axes.iter().map(last).collect();
    let unique = |name: &String| names.iter().filter(|other| *other == name).count() == 1;
    axes.iter()
        .zip(&names)
        .map(|(axis, name)| SweptKey {
            key: axis.key.clone(),
            column: if unique(name) {
                name.clone()
            } else {
                axis.key.clone()
            },
        })
        .collect()
}

/// How many combinations there are; `None` if more than can be counted.
pub fn count(axes: &[Axis<'_>]) -> Option<u64> {
    axes.iter().try_fold(1_u64, |product, axis| {
        product.checked_mul(axis.values.len() as u64)
    })
}

/// One choice of a value for every swept key.
pub struct Combination<'a> {
    /// The scenario with these values in place.
    pub document: Document<'a>,
    /// The values as CSV has them.
    pub texts: Vec<String>,
    /// Where the values stand.
    pub spans: Vec<Span>,
}

/// Combination number `index`: the last key varies fastest.
pub fn combination<'a>(
    base: &Document<'a>,
    axes: &[Axis<'a>],
    index: u64,
) -> Result<Combination<'a>, Problem> {
    let mut document = base.clone();
    let mut rest = index;
    let mut chosen = Vec::with_capacity(axes.len());
    for axis in axes.iter().rev() {
        let values = axis.values.len() as u64;
        chosen.push(&axis.values[(rest % values) as usize]);
        rest /= values;
    }
    chosen.reverse();
    for (axis, value) in axes.iter().zip(&chosen) {
        let segments = axis.key.split('.');
        let path: Vec<_> = segments
            .map(|name| (name.to_owned(), axis.span.clone()))
            .collect();
        put(document.get_mut(), &path, (*value).clone())?;
    }
    Ok(Combination {
        document,
        texts: chosen
            .iter()
            .map(|value| csv_text(value.get_ref()))
            .collect(),
        spans: chosen.iter().map(|value| value.span()).collect(),
    })
}

/// Where the sweep begins, for problems of the whole of it.
pub fn place(axes: &[Axis<'_>]) -> Option<Span> {
    axes.first().map(|axis| axis.span.clone())
}

/// A value as CSV has it: strings bare, numbers in decimal, lists and tables as in TOML.
pub fn csv_text(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        value => toml_text(value),
    }
}

fn toml_text(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("{text:?}"),
        DeValue::Integer(number) => i128::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| number.to_string(), |number| number.to_string()),
        DeValue::Float(number) => number.as_str().trim_start_matches('+').to_owned(),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(array) => {
            let elements: Vec<String> = array.iter().map(|v| toml_text(v.get_ref())).collect();
            format!("[{}]", elements.join(", "))
        }
        DeValue::Table(table) => {
            let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
                format!("{key} = {}", toml_text(value.get_ref()))
            };
            let entries: Vec<String> = table.iter().map(entry).collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swept_values_are_written_for_spreadsheets() {
        for (toml, csv) in [
            ("\"fingers\"", "fingers"),
            ("1_000", "1000"),
            ("0x10", "16"),
            ("18446744073709551615", "18446744073709551615"),
            ("0.10", "0.10"),
            ("1_0.5", "10.5"),
            ("true", "true"),
            ("[ 32,98 ]", "[32, 98]"),
            (
                "{ exponential={mean=\"1h\"} }",
                "{ exponential = { mean = \"1h\" } }",
            ),
        ] {
            let value = DeValue::parse(toml).unwrap();
            assert_eq!(csv_text(value.get_ref()), csv, "{toml}");
        }
    }
}
