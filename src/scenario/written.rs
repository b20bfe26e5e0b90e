//! Values as they are written: in CSV, in the words of TOML, and what is the same however it is written.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::DeValue;

use super::duration;

/// A value as JSON. A number that JSON cannot have, such as infinity, is its text.
pub(crate) fn json(value: &DeValue<'_>) -> serde_json::Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Boolean(truth) => (*truth).into(),
        DeValue::Integer(_) | DeValue::Float(_) => {
            let text = toml_text(value);
            let whole = text.parse::<u64>().map(Into::into);
            let number = || text.parse::<i64>().map(Into::into);
            let fraction = || {
                text.parse::<f64>()
                    .ok()
                    .and_then(serde_json::Number::from_f64)
            };
            let number = whole.or_else(|_| number()).ok();
            let number = number.or_else(|| fraction().map(serde_json::Value::Number));
            number.unwrap_or_else(|| text.into())
        }
        DeValue::Array(list) => list.iter().map(|value| json(value.get_ref())).collect(),
        DeValue::Table(table) => {
            let entries = table.iter();
            let entry = |(key, value): (&Spanned<Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
                (key.get_ref().to_string(), json(value.get_ref()))
            };
            serde_json::Value::Object(entries.map(entry).collect())
        }
        DeValue::Datetime(time) => time.to_string().into(),
    }
}

/// A value as TOML, in one line.
pub(crate) fn toml_line(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => quoted(text),
        DeValue::Array(list) => {
            let elements: Vec<String> = list.iter().map(|it| toml_line(it.get_ref())).collect();
            format!("[{}]", elements.join(", "))
        }
        DeValue::Table(table) => {
            let entry = |(key, value): (&Spanned<Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
                format!(
                    "{} = {}",
                    toml_key(key.get_ref()),
                    toml_line(value.get_ref())
                )
            };
            let entries: Vec<String> = table.iter().map(entry).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        value => toml_text(value),
    }
}

/// A text as TOML: what JSON escapes, TOML escapes alike, but for the one sign that JSON leaves as it is.
pub(crate) fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json.replace('\u{7f}', "\\u007f")
}

/// A name as TOML.
fn toml_key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(is_bare) {
        return name.to_owned();
    }
    quoted(name)
}

/// A value as CSV has it: strings bare, several of them joined by `+`, numbers in decimal, other lists and tables as in
/// TOML.
pub(crate) fn csv_text(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Array(array)
            if !array.is_empty() && array.iter().all(|it| it.get_ref().is_str()) =>
        {
            let words = array.iter().filter_map(|it| it.get_ref().as_str());
            words.collect::<Vec<_>>().join("+")
        }
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

/// A text that is the same for values that are: `0.1` and `0.10`, `"60s"` and `"1m"`, `1` and `1.0`, a table whatever the
/// order of its keys.
pub(crate) fn canonical_text(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => match duration::parse(text) {
            Ok(span) => format!("{}ns", span.0),
            Err(_) => format!("{text:?}"),
        },
        DeValue::Integer(_) | DeValue::Float(_) => canonical_number(&toml_text(value)),
        DeValue::Array(array) => {
            let elements = array.iter().map(|v| canonical_text(v.get_ref()));
            format!("[{}]", elements.collect::<Vec<_>>().join(", "))
        }
        DeValue::Table(table) => {
            let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
                format!("{key} = {}", canonical_text(value.get_ref()))
            };
            let mut entries: Vec<String> = table.iter().map(entry).collect();
            entries.sort_unstable();
            format!("{{ {} }}", entries.join(", "))
        }
        value => toml_text(value),
    }
}

/// Whole numbers beyond 2^53 are told apart by all their digits; any other number is the nearest `f64`.
fn canonical_number(text: &str) -> String {
    let number = text.parse::<f64>();
    match text.parse::<i128>() {
        Ok(whole) if whole.unsigned_abs() > 1 << 53 => text.to_owned(),
        _ => number.map_or_else(|_| text.to_owned(), |number| (number + 0.0).to_string()),
    }
}

/// A text that is the same for values in CSV that are, however they are written.
pub(crate) fn sameness(text: &str) -> String {
    match duration::parse(text) {
        Ok(span) => format!("{}ns", span.0),
        Err(_) if text.parse::<f64>().is_ok() => canonical_number(text),
        Err(_) => format!("{text:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_the_same_however_they_are_written() {
        let canonical = |toml: &str| canonical_text(DeValue::parse(toml).unwrap().get_ref());
        for (one, other) in [
            ("0.1", "0.10"),
            ("1", "1.0"),
            ("16", "0x10"),
            ("-0.0", "0"),
            ("\"60s\"", "\"1m\""),
            ("\"1.5h\"", "\"90m\""),
            ("{ a = 1, b = \"60s\" }", "{ b = \"1m\", a = 1.0 }"),
            ("[1, 2]", "[1.0, 2]"),
        ] {
            assert_eq!(canonical(one), canonical(other), "{one} {other}");
        }
        for (one, other) in [
            ("18446744073709551615", "18446744073709551614"),
            ("\"1m\"", "\"1ms\""),
            ("\"1\"", "1"),
            ("[1, 2]", "[2, 1]"),
        ] {
            assert_ne!(canonical(one), canonical(other), "{one} {other}");
        }
        let is_same = |a: &str, b: &str| sameness(a) == sameness(b);
        assert!(is_same("60s", "1m") && is_same("0.1", "0.10") && is_same("off", "off"));
        assert!(!is_same("60s", "60") && !is_same("fingers", "successors"));
    }

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
            ("[\"retry\", \"redundant\"]", "retry+redundant"),
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
