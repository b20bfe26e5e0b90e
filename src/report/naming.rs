//! What a run is called.

use crate::scenario::Plan;

/// What tells a run from the others, such as `nodes = 16, repetition 2`.
pub(crate) fn of_run(plan: &Plan, swept: &[String], repetition: u32) -> String {
    let swept = plan.swept.iter().zip(swept);
    let mut values: Vec<String> = swept
        .map(|(key, value)| format!("{} = {value}", key.column))
        .collect();
    values.push(format!("repetition {repetition}"));
    values.join(", ")
}

/// Identifiers of more digits than this are shortened for people.
const DIGITS_MAX: usize = 10;

/// An identifier, in short if it is long: the first and the last four digits.
pub(crate) fn short_id(id: u64) -> String {
    let digits = id.to_string();
    if digits.len() <= DIGITS_MAX {
        return digits;
    }
    format!("{}…{}", &digits[..4], &digits[digits.len() - 4..])
}
