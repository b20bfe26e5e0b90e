//! `[sweep]`: a list of values for each key. A key is named in full in quotes, or by tables within the section.

use serde_json::{Map, Value, json};

use super::{form, full, of_key, older, reference, section_name};
use crate::scenario::keys::{self, Shape, ValueKind};

/// What `[sweep]` may hold.
pub(super) fn object() -> Value {
    let known: Vec<&str> = swept().collect();
    below("", &known)
}

/// Every key and section that may be swept, in full. What stands in a list is named by its place, see [`places`].
fn swept() -> impl Iterator<Item = &'static str> {
    let of_a_list = |name: &str| {
        let (first, _) = name.split_once('.').unwrap_or(("", name));
        keys::section(first).is_some_and(|section| section.shape == Shape::List)
    };
    let known = keys::known_keys().iter().map(String::as_str);
    known.filter(move |name| !keys::is_fixed(name) && !of_a_list(name))
}

/// What a table within `[sweep]` may hold whose path is this: each key by the rest of its name, and tables for the first
/// parts of those names.
fn below(path: &str, known: &[&str]) -> Value {
    let mut properties = Map::new();
    for name in known {
        let rest = match path {
            "" => Some(*name),
            path => name
                .strip_prefix(path)
                .and_then(|rest| rest.strip_prefix('.')),
        };
        let Some(rest) = rest else { continue };
        let listed =
            json!({ "type": "array", "minItems": 1, "uniqueItems": true, "items": one(name) });
        let is_above = known.iter().any(|other| {
            let inner = other.strip_prefix(name);
            inner.is_some_and(|inner| inner.starts_with('.'))
        });
        let value = if is_above && !rest.contains('.') {
            json!({ "anyOf": [listed, below(name, known)] })
        } else {
            listed
        };
        properties.insert(rest.to_owned(), value);
    }
    let mut object = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if path.is_empty() {
        object["patternProperties"] = places();
    }
    object
}

/// A value of a swept key or section.
fn one(name: &str) -> Value {
    if let Some(section) = keys::section(name) {
        return reference(&section_name(section));
    }
    let Some((section, key)) = keys::find(name) else {
        return parameter(name).unwrap_or_else(|| json!({}));
    };
    match full(section.path, key.name) {
        own if own == name => reference(&own),
        _ => older(name),
    }
}

/// A parameter of a distribution, or the distribution that has it, such as `churn.sessions.up.weibull.shape`.
fn parameter(name: &str) -> Option<Value> {
    let mut parts = name.splitn(4, '.');
    let key = [parts.next()?, parts.next()?, parts.next()?].join(".");
    let (_, declared) = keys::find(&key)?;
    let ValueKind::Distribution(forms) = declared.kind else {
        return None;
    };
    let rest = parts.next()?;
    let (path, last) = rest.split_once('.').unwrap_or((rest, ""));
    let section = forms.iter().find(|section| section.path == path)?;
    match last {
        "" => Some(form(section)),
        last => section.key(last).map(of_key),
    }
}

/// The keys of one table of a list, such as `fault.0.kill`.
fn places() -> Value {
    let lists = keys::sections().iter();
    let lists = lists.filter(|section| section.shape == Shape::List && !section.fixed);
    let keys = lists.flat_map(|section| section.keys.iter().map(move |key| (section, key)));
    let pattern = |(section, key): (&&keys::Section, &keys::Key)| {
        let name = reference(&full(section.path, key.name));
        (
            format!("^{}\\.[0-9]+\\.{}$", section.path, key.name),
            json!({ "type": "array", "minItems": 1, "items": name }),
        )
    };
    let mut patterns: Map<_, _> = keys.map(pattern).collect();
    // Tables within tables, `[sweep.fault.0]`, and the whole list, `fault = [[…], […]]`.
    let lists = keys::sections().iter();
    for section in lists.filter(|section| section.shape == Shape::List && !section.fixed) {
        let whole = json!({ "type": ["array", "object"] });
        patterns.insert(format!("^{}$", section.path), whole);
    }
    Value::Object(patterns)
}
