//! What a manifest says of its plan beside what the scenario in it gives.

use serde_json::{Map, Value};

use crate::results::entry::PlanEntry;
use crate::results::manifest::Manifest;
use crate::results::redo;

/// What follows from the text of a scenario and the options, whatever version reads it.
const ALWAYS: [&str; 4] = ["name", "title", "seed", "repeat"];
/// What the same version says of it in the same way.
const SAME_PROGRAM: [&str; 5] = ["swept", "output", "plots", "threshold", "until"];

/// Each key of which the first manifest says something else than the second, such as `plan.seed was 8, is 7`.
pub(super) fn compare(then: &Manifest, now: &Manifest) -> Vec<String> {
    let mut keys = ALWAYS.to_vec();
    if then.program == now.program {
        keys.extend(SAME_PROGRAM);
    }
    let of = |plan: &PlanEntry| {
        let mut plan = serde_json::to_value(plan).expect("plain data");
        // A path of another system may be put together in another way here: a data file is known by its last name.
        let inputs = plan["inputs"].as_array_mut();
        for path in inputs.into_iter().flatten().map(|input| &mut input["path"]) {
            let last = path
                .as_str()
                .and_then(|path| path.rsplit(['/', '\\']).next());
            *path = last.unwrap_or_default().into();
        }
        plan
    };
    let (was, is) = (of(&then.plan), of(&now.plan));
    let only = |plan: &Value, key: &str| -> Value {
        let value = plan.get(key).map(|value| (key.to_owned(), value.clone()));
        Value::Object(value.into_iter().collect::<Map<_, _>>())
    };
    let differ = |key| redo::first_difference("plan", &only(&was, key), &only(&is, key));
    keys.into_iter()
        .chain(["inputs"])
        .filter_map(differ)
        .collect()
}
