//! What serde has to say about a document, in the words of a scenario. Also the list of all keys,
//! asked of the schema itself, so that it cannot be out of date.

use std::sync::LazyLock;

use serde::Deserialize;
use toml::de::{DeTable, DeValue, Deserializer, Error};

use super::document::{Document, LISTS, nearest_key, path_of_key, value_at};
use super::duration;
use super::error::Problem;
use super::schema::File;
use super::source::Span;
use super::suggest::nearest;

/// Tables of the contract whose models this version does not have.
const NOT_YET: [&str; 4] = [
    "network.waxman",
    "network.scale-free",
    "network.regions",
    "churn.trace",
];

/// Every key that a scenario may have, in full, sections included.
pub static KEYS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut keys = Vec::new();
    collect_keys(&[], &mut keys);
    keys
});

/// Reads a document by the schema.
pub fn deserialize(document: &Document<'_>) -> Result<File, Problem> {
    File::deserialize(Deserializer::from(document.clone()))
        .map_err(|error| explain(&error, document))
}

fn explain(error: &Error, document: &Document<'_>) -> Problem {
    let span = error.span().unwrap_or_else(|| document.span());
    let message = error.message();
    let table = document.get_ref();
    let quoted = |prefix| message.strip_prefix(prefix).and_then(quoted_words);
    if let Some(Words { first, rest }) = quoted("unknown field ")
        && !first.starts_with("$__")
    {
        return unknown_key(&first, &rest, span, table);
    }
    if let Some(Words { first, rest }) = quoted("unknown variant ") {
        return unknown_word(&first, &rest, span, table);
    }
    wrong_type(message, span, table)
}

/// Words in backquotes: the first, and all others.
struct Words {
    first: String,
    rest: Vec<String>,
}

/// The words in backquotes. The first may itself hold anything, as it is what the user wrote; what
/// follows it does not.
fn quoted_words(text: &str) -> Option<Words> {
    let end = text
        .rfind("`, expected ")
        .or_else(|| text.rfind("`, there are no "))?;
    let first = text.get(1..end)?.to_owned();
    let rest = text[end + 1..].split('`').skip(1).step_by(2);
    Some(Words {
        first,
        rest: rest.map(str::to_owned).collect(),
    })
}

fn unknown_key(name: &str, known: &[String], span: Span, table: &DeTable<'_>) -> Problem {
    let path = path_of_key(table, name, &span).unwrap_or_else(|| name.to_owned());
    if NOT_YET.contains(&path.as_str()) {
        return not_available(&path, span);
    }
    let section = path.strip_suffix(name).unwrap_or("").trim_end_matches('.');
    let is_section = section.is_empty() && table.get(name).is_some_and(|v| v.get_ref().is_table());
    let place = describe(section, table);
    let (message, label) = if is_section {
        let label = "there is no such section".to_owned();
        (format!("unknown section `[{name}]`"), label)
    } else {
        let label = format!("{place} has no such key");
        (format!("unknown key `{path}`"), label)
    };
    let all = format!("{place} has: {}", known.join(", "));
    let near = nearest(name, known.iter().map(String::as_str));
    let help = match near
        .map(|near| format!("did you mean `{near}`?"))
        .or_else(|| elsewhere(name))
    {
        Some(hint) => format!("{hint} {all}"),
        None => all,
    };
    Problem::new(span, message, label, help)
}

fn not_available(path: &str, span: Span) -> Problem {
    Problem::new(
        span,
        format!("`{path}` is known, but not available in this version"),
        "not available yet",
        match path.split_once('.') {
            Some(("network", _)) => format!("available: {}", super::resolve::NETWORK_MODELS),
            _ => format!("available: {}", super::resolve::CHURN_MODELS),
        },
    )
}

/// How a section is called in a sentence.
fn describe(section: &str, table: &DeTable<'_>) -> String {
    let is_list = table
        .get(section)
        .is_some_and(|value| value.get_ref().is_array());
    match section {
        "" => "the top level".to_owned(),
        _ if is_list => format!("[[{section}]]"),
        _ => format!("[{section}]"),
    }
}

/// Where a key of this name would be right.
fn elsewhere(name: &str) -> Option<String> {
    let known = KEYS
        .iter()
        .find(|key| key.rsplit('.').next() == Some(name))?;
    Some(match known.rsplit_once('.') {
        Some((section, _)) => format!("`{name}` belongs in [{section}]."),
        None => format!("`{name}` belongs at the top, above the first [section]."),
    })
}

fn unknown_word(word: &str, known: &[String], span: Span, table: &DeTable<'_>) -> Problem {
    let key = value_at(table, &span).map_or_else(|| "this key".to_owned(), |(path, _)| path);
    let allowed = format!("allowed: {}", known.join(", "));
    let help = match nearest(word, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean \"{near}\"? {allowed}"),
        None => allowed,
    };
    Problem::new(
        span,
        format!("`{key}` has no choice \"{word}\""),
        "not one of the choices",
        help,
    )
}

fn wrong_type(message: &str, span: Span, table: &DeTable<'_>) -> Problem {
    let found = value_at(table, &span);
    let expected = match message.rsplit_once(", expected ") {
        // To serde a date is a table with one key of an odd name.
        _ if matches!(found, Some((_, DeValue::Datetime(_)))) && message.contains("`$__") => {
            Some("a table")
        }
        Some((_, "a sequence")) => Some("a list of tables"),
        Some((_, "a boolean")) => Some("true or false"),
        expected => expected.map(|(_, expected)| expected),
    };
    match (expected, found) {
        (Some(expected), Some((key, value))) => Problem::new(
            span,
            format!("`{key}` must be {expected}"),
            format!("this is {}", kind(value)),
            remedy(&key, expected, value),
        ),
        (_, found) => Problem::new(
            span,
            found.map_or_else(
                || "a value cannot be read".to_owned(),
                |(key, _)| format!("`{key}` cannot be read"),
            ),
            message,
            "numbers go up to 2^64 - 1; see docs/scenario.md for what each key takes",
        ),
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn remedy(key: &str, expected: &str, value: &DeValue<'_>) -> String {
    let written = match value {
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        _ => None,
    };
    match (expected, written, value.as_str()) {
        ("a duration", Some(number), _) => {
            format!(
                "the unit is missing: did you mean \"{number}s\"? {}",
                duration::FORMAT
            )
        }
        ("a duration", ..) => duration::FORMAT.to_owned(),
        ("a string", Some(number), _) => format!("write it in double quotes: \"{number}\""),
        ("a string", ..) => "a string stands in double quotes".to_owned(),
        (
            "a whole number" | "a number" | "a number or a list of numbers" | "true or false",
            _,
            Some(_),
        ) => "write it without quotes".to_owned(),
        ("a list of tables", ..) => format!("write [[{key}]] with double brackets"),
        ("a table", ..) => format!("write [{key}] on a line of its own, its keys below"),
        _ => format!("write {expected}"),
    }
}

/// Asks the schema which keys stand below `path`, by offering it one that none has.
fn collect_keys(path: &[&str], keys: &mut Vec<String>) {
    const NOBODY: &str = "no-such-key";
    let mut probe = String::new();
    for section in path {
        probe.push_str(section);
        probe.push('.');
    }
    let Err(error) = toml::from_str::<File>(&format!("{probe}{NOBODY} = 0")) else {
        return;
    };
    let below = error
        .message()
        .strip_prefix("unknown field ")
        .and_then(quoted_words);
    for name in below.map_or(Vec::new(), |words| words.rest) {
        keys.push(format!("{probe}{name}"));
        let mut inner = path.to_vec();
        inner.push(&name);
        collect_keys(&inner, keys);
    }
}

/// A sweep of a key that does not exist.
pub fn unknown_swept_key(key: &str, span: Span) -> Problem {
    let list = LISTS.iter().find(|list| key.starts_with(**list));
    let help = match (nearest_key(key, &KEYS), list) {
        (_, Some(list)) => format!(
            "one of the list is named by its place, counted from 0, such as \"{list}.0.kill\"; all of it \
             is \"{list}\""
        ),
        (Some(near), None) => format!("did you mean `{near}`?"),
        (None, None) => {
            "a swept key is named in full, such as \"chord.routing\" or \"overlay.nodes\""
                .to_owned()
        }
    };
    Problem::new(
        span,
        format!("unknown key `{key}` in [sweep]"),
        "there is no such key",
        help,
    )
}
