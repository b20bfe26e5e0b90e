//! What a scenario file may hold, as a JSON Schema (draft 7): what editors complete and underline by.
//!
//! All of it follows from the tables of [`keys`]. A schema sees each value by itself, so it is laxer than the
//! program: `docs/starting.md` says where. It is nowhere stricter.
//!
//! | file | concern |
//! |---|---|
//! | `value` | a value, by the kind of its key |
//! | `sweep` | `[sweep]`, which has a list of values for every key |

mod sweep;
mod value;

use serde_json::{Map, Value, json};

use self::value::kind;
pub(crate) use self::value::plain;
use super::keys::{self, Key, Section, Shape};

/// Draft 7 is the latest that the language servers of TOML understand; they know no `$defs`, only `definitions`.
const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// What is said of all of it.
const ABOUT: &str = "A scenario of chordsim: what is simulated, how often, and what is written. Every key has a default.";

/// The schema of scenario files.
#[must_use]
pub fn schema() -> Value {
    let top = keys::section("").expect("there is a top level");
    let mut schema = json!({
        "$schema": DRAFT,
        "title": "chordsim scenario",
        "description": ABOUT,
    });
    extend(&mut schema, table(top));
    schema["definitions"] = Value::Object(definitions());
    schema
}

/// Every key and every section that may be swept, by its name in full: there and in `[sweep]` it is the same.
fn definitions() -> Map<String, Value> {
    let mut all = Map::new();
    for section in keys::sections() {
        for key in section.keys {
            all.insert(full(section.path, key.name), of_key(key));
        }
        if !section.path.is_empty() {
            all.insert(section_name(section), of_section(section));
        }
    }
    all
}

/// The object that holds what a section has: keys, the sections within, and older names of keys that moved.
fn table(section: &Section) -> Value {
    let mut properties = Map::new();
    for member in keys::members(section.path) {
        let name = full(section.path, member);
        let inner = keys::section(&name).filter(|_| section.key(member).is_none());
        let value = match inner {
            Some(inner) => reference(&section_name(inner)),
            None if section.key(member).is_some() => reference(&name),
            None => older(&name),
        };
        properties.insert(member.to_owned(), value);
    }
    let mut object = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    // What a run lacks may be swept; what is the same for all runs has no other place.
    if section.fixed {
        require(&mut object, section);
    }
    object
}

/// What stands at `[path]` or `[[path]]`.
fn of_section(section: &Section) -> Value {
    let mut object = match section.shape {
        Shape::Table => table(section),
        Shape::List => json!({ "type": "array", "items": table(section) }),
        Shape::Open => sweep::object(),
    };
    object["description"] = plain(section.doc).into();
    object
}

/// A table with the keys of a section that has no place of its own.
fn form(section: &Section) -> Value {
    let keys = section.keys.iter();
    let properties: Map<_, _> = keys.map(|key| (key.name.to_owned(), of_key(key))).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// Keys without which a table is none.
fn require(object: &mut Value, section: &Section) {
    let required = section
        .keys
        .iter()
        .filter(|key| key.absent == Key::REQUIRED);
    let required: Vec<&str> = required.map(|key| key.name).collect();
    if !required.is_empty() {
        object["required"] = required.into();
    }
}

/// A key: what its value may be, what it means and what it is where it is not given.
fn of_key(key: &Key) -> Value {
    let mut described = json!({ "description": meaning(key) });
    if let Some(default) = key.default {
        described["default"] = value::default(default);
    }
    extend(&mut described, kind(key.kind));
    described
}

/// In sentences.
fn meaning(key: &Key) -> String {
    let mut told = plain(key.doc);
    let mut also = |sentence: String| {
        told.push(' ');
        told.push_str(&sentence);
    };
    if !key.limits.is_empty() {
        also(format!("Allowed: {}.", plain(key.limits)));
    }
    if key.default.is_none() && key.absent != "none" {
        also(match key.absent {
            Key::REQUIRED => "Must be given.".to_owned(),
            absent => format!("Not given: {absent}."),
        });
    }
    told
}

/// A key that has moved, by its older name.
fn older(name: &str) -> Value {
    let (section, key) = keys::find(name).expect("an older name of a key");
    let own = full(section.path, key.name);
    let mut schema = of_key(key);
    schema["description"] = format!("The older name of {own}. {}", meaning(key)).into();
    schema["deprecated"] = true.into();
    schema
}

/// The name of a section among the definitions, which no key has.
fn section_name(section: &Section) -> String {
    format!("section:{}", section.path)
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

fn extend(object: &mut Value, more: Value) {
    if let (Value::Object(object), Value::Object(more)) = (object, more) {
        object.extend(more);
    }
}

/// A name within a section, in full.
fn full(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}
