//! `repeat = "until ±5 %"`: what is said where it is none of that.

use toml::Spanned;
use toml::de::DeValue;

use super::wrong_type;
use crate::codes;
use crate::scenario::error::Problem;
use crate::scenario::keys::value::Value;
use crate::scenario::width::{self, NoWidth};

/// What the key takes.
pub(super) const EXPECTED: &str = "a whole number or \"until ±5 %\"";

/// How wide an interval may be, as it is given for the key of this name.
pub(super) fn read(name: &str, text: &str, given: &Spanned<DeValue<'_>>) -> Result<Value, Problem> {
    let label = match width::parse(text) {
        Ok(width) => return Ok(Value::Until(width)),
        Err(NoWidth::NotUntil)
            if width::parse(&format!("until {text}")).is_ok() && is_width(text) =>
        {
            "`until` is missing in front of it"
        }
        Err(NoWidth::NotUntil) => return Err(wrong_type::problem(name, EXPECTED, given)),
        Err(NoWidth::NoNumber) => {
            "behind `until` stands a number, in the unit of the metric or in %"
        }
        Err(NoWidth::NoShare) => "allowed: more than 0 %, less than 100 %",
        Err(NoWidth::NotPositive) => "allowed: more than 0",
    };
    Err(Problem::new(
        codes::OUT_OF_RANGE,
        given.span(),
        format!("`{name}` does not say how wide the interval may be"),
        label,
        "write \"until ±5 %\" for 5 % of the mean on either side of it, \"until ±0.01\" for so much in the metric's own unit",
    ))
}

/// Whether a text is a width rather than a number of times.
fn is_width(text: &str) -> bool {
    text.contains(['%', '±', '-'])
}
