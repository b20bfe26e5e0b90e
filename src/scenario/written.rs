//! Values as they are written: in CSV, and in the words of TOML.

use toml::Spanned;
use toml::de::DeValue;

/// A value as CSV has it: strings bare, numbers in decimal, lists and tables as in TOML.
pub(crate) fn csv_text(value: &DeValue<'_>) -> String {
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
