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
