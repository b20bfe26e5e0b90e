//! In what the scenarios of two combinations differ, and what to beware of.

use std::collections::BTreeMap;

use serde_json::Value;

use super::sides::Matching;
use crate::report::lines::{counted, listed};

/// The most keys that are listed.
const LISTED_MAX: usize = 6;

/// Every value of a scenario by its key.
fn flat(value: &Value, key: &str, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(inner) => {
            for (name, value) in inner {
                let key = if key.is_empty() {
                    name.clone()
                } else {
                    format!("{key}.{name}")
                };
                flat(value, &key, into);
            }
        }
        Value::String(text) => {
            into.insert(key.to_owned(), text.clone());
        }
        other => {
            into.insert(key.to_owned(), other.to_string());
        }
    }
}

/// The keys in which two scenarios differ, with both values.
fn differing(a: &Value, b: &Value) -> Vec<(String, [String; 2])> {
    let (mut first, mut second) = (BTreeMap::new(), BTreeMap::new());
    flat(a, "", &mut first);
    flat(b, "", &mut second);
    let mut keys: Vec<&String> = first.keys().chain(second.keys()).collect();
    keys.sort();
    keys.dedup();
    let value = |of: &BTreeMap<String, String>, key: &String| {
        of.get(key).cloned().unwrap_or_else(|| "–".to_owned())
    };
    keys.into_iter()
        .map(|key| (key.clone(), [value(&first, key), value(&second, key)]))
        .filter(|(_, [a, b])| a != b)
        .collect()
}

/// What is to be known of the two, a sentence each.
pub(super) fn notes(matching: &Matching) -> Vec<String> {
    let (a, b) = (&matching.a, &matching.b);
    let mut notes = Vec::new();
    if a.folder.program != b.folder.program {
        notes.push(format!(
            "Beware: {} was made by {}, {} by {}: a difference may be one of the versions.",
            a.name, a.folder.program, b.name, b.folder.program
        ));
    }
    let is_one = std::ptr::eq(a.folder, b.folder);
    let sides = if is_one {
        vec![(&a.folder.name, a.folder)]
    } else {
        vec![(&a.name, a.folder), (&b.name, b.folder)]
    };
    for (name, folder) in sides {
        let failed = folder.failed.len();
        if failed > 0 {
            notes.push(format!(
                "Beware: {} of {name} failed: they have no counterpart, and count nowhere.",
                counted(failed, "run")
            ));
        }
    }
    let Some(first) = matching.matched.first() else {
        return notes;
    };
    let scenario =
        |side: &super::sides::Side<'_>, at: usize| side.folder.combinations[at].scenario.clone();
    let (one, other) = (scenario(a, first.a), scenario(b, first.b));
    if one.is_null() || other.is_null() {
        return notes;
    }
    let keys = differing(&one, &other);
    for key in ["duration", "warmup"] {
        if let Some((_, [was, is])) = keys.iter().find(|it| it.0 == key) {
            notes.push(format!(
                "Beware: {key} is {was} in {} and {is} in {}: what is added up over a run is not the same then.",
                a.name, b.name
            ));
        }
    }
    let told = keys.iter().map(|(key, [a, b])| format!("{key}: {a} → {b}"));
    match keys.len() {
        0 => notes.push("The scenarios of the two are the same.".to_owned()),
        _ => notes.push(format!(
            "What differs in the scenarios{}: {}.",
            if matching.matched.len() > 1 {
                " of the first row"
            } else {
                ""
            },
            listed(told, LISTED_MAX)
        )),
    }
    notes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_differs_is_named_by_its_key() {
        let a = json!({ "chord": { "routing": "successors", "successors": 16 }, "faults": [] });
        let b = json!({ "chord": { "routing": "fingers", "successors": 16 }, "faults": [1] });
        let told: Vec<String> = differing(&a, &b)
            .into_iter()
            .map(|(key, [a, b])| format!("{key} {a} {b}"))
            .collect();
        assert_eq!(told, ["chord.routing successors fingers", "faults [] [1]"]);
        assert!(differing(&a, &a).is_empty());
    }
}
