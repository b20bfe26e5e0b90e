//! A value, by the kind of its key.

use serde_json::{Map, Value, json};
use toml::de::DeValue;

use super::form;
use crate::scenario::keys::{Section, ValueKind, Word};
use crate::scenario::written;

/// A duration: a decimal number and a unit.
const ANY_SPAN: &str = "^[0-9]+(?:\\.[0-9]+)?(?:ns|us|ms|s|m|h|d)$";
/// The same, with a digit that is not zero.
const POSITIVE_SPAN: &str =
    "^(?:0*[1-9][0-9]*(?:\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)(?:ns|us|ms|s|m|h|d)$";

/// How narrow an interval is to be.
const UNTIL: &str = "^\\s*until\\b.*[0-9]\\s*%?\\s*$";

/// What a value of this kind may be.
pub(super) fn kind(kind: ValueKind) -> Value {
    match kind {
        ValueKind::Text | ValueKind::File => json!({ "type": "string" }),
        ValueKind::Truth => json!({ "type": "boolean" }),
        ValueKind::Count { least, most } => count(least, most),
        ValueKind::CountOrUntil { most } => {
            let until = json!({ "type": "string", "pattern": UNTIL });
            json!({ "anyOf": [count(1, most), until] })
        }
        ValueKind::Number { least, most } => number(least, most),
        ValueKind::Numbers { least, most } => {
            let number = number(least, most);
            json!({ "anyOf": [number, { "type": "array", "items": number }] })
        }
        ValueKind::Duration { zero, off } => duration(zero, off),
        ValueKind::Word(words) => word(words),
        ValueKind::Words(words) => several(words),
        ValueKind::WordOrCounts(words) => {
            let counts = json!({ "type": "array", "items": count(0, u64::MAX) });
            json!({ "anyOf": [word(words), counts] })
        }
        ValueKind::WordOrCount(words) => json!({ "anyOf": [word(words), count(0, u64::MAX)] }),
        ValueKind::WordOrTruth(words) => json!({ "anyOf": [word(words), { "type": "boolean" }] }),
        ValueKind::WordOrShare(words) => {
            let words: Vec<Word> = words.iter().map(|(word, _)| *word).collect();
            json!({ "anyOf": [word(&words), { "type": "boolean" }, number(0.0, 1.0)] })
        }
        ValueKind::RingKey(named) => {
            json!({ "anyOf": [{ "type": "string" }, count(0, u64::MAX), form(named)] })
        }
        ValueKind::Fields(section) => form(section),
        ValueKind::Distribution(forms) => distribution(forms),
        ValueKind::Table => json!({ "type": "object" }),
    }
}

fn count(least: u64, most: u64) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most })
}

fn number(least: f64, most: f64) -> Value {
    json!({ "type": "number", "minimum": short(least), "maximum": short(most) })
}

/// A whole number without a point, as one would write it.
fn short(number: f64) -> Value {
    let whole = number as i64;
    if (whole as f64 - number).abs() > 0.0 {
        return number.into();
    }
    whole.into()
}

fn duration(zero: bool, off: bool) -> Value {
    let pattern = if zero { ANY_SPAN } else { POSITIVE_SPAN };
    let span = json!({ "type": "string", "pattern": pattern });
    if off {
        return json!({ "anyOf": [span, { "type": "string", "enum": ["off"] }] });
    }
    span
}

/// One of these, each with what it means for editors that show it.
fn word(words: &[Word]) -> Value {
    let names: Vec<&str> = words.iter().map(|word| word.name).collect();
    let docs: Vec<String> = words.iter().map(|word| plain(word.doc)).collect();
    json!({ "type": "string", "enum": names, "x-taplo": { "docs": { "enumValues": docs } } })
}

/// One or several of these, in a list or joined by `+`.
fn several(words: &[Word]) -> Value {
    let names: Vec<&str> = words.iter().map(|word| word.name).collect();
    let one = names.join("|");
    let joined = json!({ "type": "string", "pattern": format!("^(?:{one})(?:\\+(?:{one}))+$") });
    let list = json!({ "type": "array", "items": word(words), "minItems": 1, "uniqueItems": true });
    json!({ "anyOf": [word(words), list, joined] })
}

/// Exactly one of these tables.
fn distribution(forms: &[&Section]) -> Value {
    let described = |section: &&Section| {
        let mut table = form(section);
        table["description"] = plain(section.doc).into();
        (section.path.to_owned(), table)
    };
    let properties: Map<_, _> = forms.iter().map(described).collect();
    json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": 1,
    })
}

/// A default, which is written in TOML.
pub(super) fn default(toml: &str) -> Value {
    let value = DeValue::parse(toml).expect("a default is TOML");
    written::json(value.get_ref())
}

/// Sentences without the targets of links, which lead nowhere from an editor.
pub(crate) fn plain(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("](") {
        let Some((_, after)) = behind.split_once(')') else {
            break;
        };
        // The text of the link stands behind the last bracket that opens.
        let (lead, name) = before.rsplit_once('[').unwrap_or(("", before));
        told.push_str(lead);
        told.push_str(name);
        rest = after;
    }
    told + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_become_their_text() {
        for (markdown, text) in [
            ("no link [at all]", "no link [at all]"),
            (
                "see [chord.md](chord.md#x), and [`a`](b.md).",
                "see chord.md, and `a`.",
            ),
            ("odd ](", "odd ]("),
        ] {
            assert_eq!(plain(markdown), text);
        }
    }

    #[test]
    fn whole_limits_have_no_point() {
        let limits = number(-1e15, 0.000_001).to_string();
        assert!(
            limits.contains("-1000000000000000,") && limits.contains("1e-6"),
            "{limits}"
        );
    }
}
