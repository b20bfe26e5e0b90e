//! `[[event]]`: what happens by script, as it is written. Whether it can happen is asked in `event_order`.

use std::collections::BTreeMap;

use crate::codes;
use crate::engine::SimDuration;
use crate::scenario::keys::event::{
    AskKeys, DEEDS, EVENT, EventKeys, GivenKey, NamedKeys, PutKeys,
};
use crate::scenario::reader::{Given, Reader};
use crate::scenario::resolved::{ScriptEvent, ScriptKey, ScriptKind};
use crate::scenario::source::Span;
use crate::world::{Space, hashed};

/// The keys of which an event has exactly one.
pub(crate) const DEED_KEYS: [&str; 6] = ["join", "leave", "crash", "lookup", "put", "get"];

/// Every `[[event]]` as it is given, in the order of the file.
pub(crate) fn given_events<'d>(reader: &Reader<'d>) -> Vec<Given<'d>> {
    reader.list(&EVENT)
}

/// Every `[[event]]`, in the order of the file. A number that has a name anywhere has it everywhere.
pub(crate) fn events(reader: &mut Reader<'_>, id_bits: u32) -> Vec<ScriptEvent> {
    let space = Space::new(id_bits);
    let given = given_events(reader);
    let mut events: Vec<_> = given
        .iter()
        .map(|given| event(reader, given, space))
        .collect();
    let mut names = BTreeMap::new();
    for key in events.iter().filter_map(|event| event.kind.key()) {
        if let Some(label) = &key.label {
            names.entry(key.place).or_insert_with(|| label.clone());
        }
    }
    for event in &mut events {
        if let ScriptKind::Lookup { key, .. }
        | ScriptKind::Put { key, .. }
        | ScriptKind::Get { key, .. } = &mut event.kind
            && key.label.is_none()
        {
            key.label = names.get(&key.place).cloned();
        }
    }
    events
}

fn event(reader: &mut Reader<'_>, given: &Given<'_>, space: Space) -> ScriptEvent {
    let keys: EventKeys = reader.read_from(given);
    if given.place("at").is_none() {
        reader.miss(
            codes::MISSING_KEY,
            given.span(),
            "an event does not say when",
            "`at` is missing",
            "add, for example, at = \"1m\" (counted from the end of the warm-up)",
        );
    }
    does_one_thing(reader, given);
    joins_by_somebody(reader, given);
    let lookup = asked(reader, given, "lookup", space);
    let get = asked(reader, given, "get", space);
    let put = put(reader, given, space);
    let kind = match (keys.join, keys.leave, keys.crash) {
        (Some(id), ..) => ScriptKind::Join { id, via: keys.via },
        (_, Some(id), _) => ScriptKind::Leave(id),
        (.., Some(id)) => ScriptKind::Crash(id),
        _ => {
            let get = get.map(|(key, from)| ScriptKind::Get { key, from });
            let lookup = lookup.map(|(key, from)| ScriptKind::Lookup { key, from });
            // What does nothing is refused.
            put.or(get).or(lookup).unwrap_or(ScriptKind::Crash(0))
        }
    };
    ScriptEvent {
        at: keys.at.unwrap_or(SimDuration::ZERO),
        kind,
    }
}

fn does_one_thing(reader: &mut Reader<'_>, given: &Given<'_>) {
    let mut deeds: Vec<Span> = DEED_KEYS
        .iter()
        .filter_map(|deed| given.place(deed))
        .collect();
    deeds.sort_by_key(|span| span.start);
    match deeds[..] {
        [] => reader.miss(
            codes::MISSING_KEY,
            given.span(),
            "an event does not say what happens",
            "it has none of `join`, `leave`, `crash`, `lookup`, `put`, `get`",
            format!("add one of: {DEEDS}"),
        ),
        [_] => {}
        [_, ref second, ..] => reader.push(
            codes::SEVERAL_AT_ONCE,
            second.clone(),
            "an event does one thing only",
            "this is the second",
            "write an [[event]] of its own for each; they may have the same `at`",
        ),
    }
}

/// A contact belongs to a join.
fn joins_by_somebody(reader: &mut Reader<'_>, given: &Given<'_>) {
    if let (None, Some(via)) = (given.place("join"), given.place("via")) {
        reader.push(
            codes::CONTRADICTION,
            via,
            "`event.via` belongs to a join",
            "nobody joins here",
            "add join = <id>, or remove `via`; who asks is named by `from`, inside of the table",
        );
    }
}

/// A lookup or a get: its key, and the node that asks.
fn asked(
    reader: &mut Reader<'_>,
    event: &Given<'_>,
    deed: &'static str,
    space: Space,
) -> Option<(ScriptKey, u64)> {
    let given = event.table::<AskKeys>(deed)?;
    let AskKeys { key, label, from } = reader.read_from(&given);
    is_complete(reader, &given, &["key", "from"]);
    let key = script_key(reader, &given, key, label, space);
    Some((key, from.unwrap_or(0)))
}

fn put(reader: &mut Reader<'_>, event: &Given<'_>, space: Space) -> Option<ScriptKind> {
    let given = event.table::<PutKeys>("put")?;
    let PutKeys {
        key,
        label,
        value,
        from,
    } = reader.read_from(&given);
    is_complete(reader, &given, &["key", "value", "from"]);
    Some(ScriptKind::Put {
        key: script_key(reader, &given, key, label, space),
        value: value.unwrap_or_default(),
        from: from.unwrap_or(0),
    })
}

/// Notes what a request must say and does not.
fn is_complete(reader: &mut Reader<'_>, given: &Given<'_>, keys: &[&str]) {
    for key in keys.iter().filter(|key| given.place(key).is_none()) {
        let example = match *key {
            "from" => "from = 32 (the identifier of the node that asks)",
            "value" => "value = \"a text\"",
            _ => "key = 120 (a place on the ring), or key = \"alice\" (a text that is hashed)",
        };
        reader.miss(
            codes::MISSING_KEY,
            given.span(),
            format!("`{}` is missing", given.name(key)),
            format!("it does not have `{key}`"),
            format!("add, for example, {example}"),
        );
    }
}

/// The key of a request: where it lies, and what it is called.
fn script_key(
    reader: &mut Reader<'_>,
    request: &Given<'_>,
    key: Option<GivenKey>,
    label: Option<String>,
    space: Space,
) -> ScriptKey {
    let (key, given, label) = match key {
        Some(GivenKey::Named) => {
            let Some(inner) = request.table::<NamedKeys>("key") else {
                return ScriptKey {
                    place: 0,
                    label: None,
                };
            };
            let named: NamedKeys = reader.read_from(&inner);
            is_complete(reader, &inner, &["key"]);
            if let (Some(_), Some(second)) = (&named.label, request.place("label")) {
                twice(reader, second);
            }
            (named.key.map(GivenKey::Place), inner, named.label.or(label))
        }
        key => (key, request.clone(), label),
    };
    if label.as_deref() == Some("")
        && let Some(span) = given.place("label")
    {
        reader.push(
            codes::EMPTY_NAME,
            span,
            "a name is empty",
            "nothing",
            "write a name, or remove it",
        );
    }
    match key {
        Some(GivenKey::Text(text)) => {
            is_its_own_name(reader, &given, &text, label.as_deref());
            ScriptKey {
                place: hashed(space, text.as_bytes()).0,
                label: Some(text),
            }
        }
        Some(GivenKey::Place(place)) => ScriptKey { place, label },
        _ => ScriptKey { place: 0, label },
    }
}

fn twice(reader: &mut Reader<'_>, second: Span) {
    reader.push(
        codes::CONTRADICTION,
        second,
        "a key has one name",
        "the key has a name already",
        "remove one of the two",
    );
}

fn is_its_own_name(reader: &mut Reader<'_>, given: &Given<'_>, text: &str, label: Option<&str>) {
    if text.is_empty()
        && let Some(span) = given.place("key")
    {
        reader.push(
            codes::EMPTY_NAME,
            span,
            "a key has no name",
            "an empty text",
            "write a text, or a place on the ring as a number",
        );
    }
    if label.is_some_and(|label| label != text)
        && let Some(span) = given.place("label")
    {
        reader.push(
            codes::CONTRADICTION,
            span,
            "a text is its own name",
            format!("the key is called \"{text}\" already"),
            "remove `label`, or give the key as a number",
        );
    }
}
