//! What is said about a value of a wrong type.

use toml::Spanned;
use toml::de::DeValue;

use crate::codes;
use crate::scenario::duration;
use crate::scenario::error::Problem;
use crate::scenario::slip;

/// What stands for a section in place of something else.
pub(crate) const TABLE: &str = "a table";
/// What stands for a section that there may be several of.
pub(crate) const TABLES: &str = "a list of tables";
/// What stands for a duration.
pub(crate) const DURATION: &str = "a duration";
/// What stands for a number that counts something.
pub(crate) const COUNT: &str = "a whole number";
/// What stands for any text.
pub(crate) const TEXT: &str = "a string";

/// A value, of a key named in full, that is not what is `expected`.
pub(crate) fn problem(key: &str, expected: &str, given: &Spanned<DeValue<'_>>) -> Problem {
    let code = match given.get_ref() {
        DeValue::Integer(_) | DeValue::Float(_) if expected == DURATION => codes::NOT_A_DURATION,
        _ => codes::WRONG_TYPE,
    };
    Problem::new(
        code,
        given.span(),
        format!("`{key}` must be {expected}"),
        format!("this is {}", kind(given.get_ref())),
        remedy(key, expected, given.get_ref()),
    )
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => TEXT,
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) if whole(value).is_some() => "a number with a point or an exponent",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => TABLE,
    }
}

fn remedy(key: &str, expected: &str, value: &DeValue<'_>) -> String {
    let written = match value {
        DeValue::Integer(number) => Some(number.to_string()),
        // One that is too large is no number, with a unit or in quotes.
        DeValue::Float(number) => {
            let number = number.to_string();
            let is_finite = number.parse::<f64>().is_ok_and(f64::is_finite);
            is_finite.then_some(number)
        }
        _ => None,
    };
    if let (true, Some(whole)) = (expected == COUNT, whole(value)) {
        return format!("write all its digits: {whole}");
    }
    let number = value.as_str().filter(|_| expected.contains("number"));
    if let Some(remedy) = number.and_then(slip::remedy) {
        return remedy;
    }
    match (expected, written) {
        (DURATION, Some(number)) => format!(
            "the unit is missing: did you mean \"{number}s\"? {}",
            duration::FORMAT
        ),
        (DURATION, None) => duration::FORMAT.to_owned(),
        (TEXT, Some(number)) => format!("write it in double quotes: \"{number}\""),
        (TEXT, None) => "a string stands in double quotes".to_owned(),
        (TABLES, _) => format!("write [[{key}]] with double brackets"),
        (TABLE, _) => format!("write [{key}] on a line of its own, its keys below"),
        _ if value.is_str() => "write it without quotes".to_owned(),
        _ => format!("write {expected}"),
    }
}

/// A floating-point number without a fraction, such as `1e4`, as a whole one.
fn whole(value: &DeValue<'_>) -> Option<u64> {
    let number: f64 = value.as_float()?.to_string().parse().ok()?;
    // Beyond that, whole numbers are not exact.
    let is_whole = number.fract() == 0.0 && (0.0..=2f64.powi(53)).contains(&number);
    is_whole.then_some(number as u64)
}

/// A number, of a key named in full, that is too large to be one.
pub(crate) fn overflow(key: &str, given: &Spanned<DeValue<'_>>) -> Problem {
    let numbers = if given.get_ref().is_float() {
        "floating-point"
    } else {
        "integer"
    };
    Problem::new(
        codes::OUT_OF_RANGE,
        given.span(),
        format!("`{key}` cannot be read"),
        format!("{numbers} number overflowed"),
        "numbers go up to 2^64 - 1; see docs/scenario.md for what each key takes",
    )
}
