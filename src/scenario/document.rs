//! The scenario as a tree of TOML values: the file with the options of the command line applied.

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Error};

use super::error::Problem;
use super::keys::{self, Shape};
use super::slip;
use super::source::{Setting, Sources, Span};
use crate::codes;

/// A tree of TOML values with their places.
pub(crate) type Document<'a> = Spanned<DeTable<'a>>;

/// Parses the file and applies every option to it.
pub(crate) fn read(sources: &Sources) -> Result<Document<'_>, Problem> {
    let text = &sources.file().text;
    let mut document = DeTable::parse(text).map_err(|error| syntax(&error, text))?;
    for setting in sources.settings() {
        apply(setting, document.get_mut())?;
    }
    for event in sources.events() {
        append_event(event, document.get_mut())?;
    }
    Ok(document)
}

/// Puts one more event at the end of the script.
fn append_event<'a>(event: &'a Setting, table: &mut DeTable<'a>) -> Result<(), Problem> {
    let value = value_of(event)?;
    let name = Spanned::new(event.value_span.clone(), "event".into());
    let none = Spanned::new(event.value_span.clone(), DeValue::Array(DeArray::new()));
    // What is there and no list is refused by whoever reads it.
    if let DeValue::Array(events) = table.entry(name).or_insert_with(|| none).get_mut() {
        events.push(value);
    }
    Ok(())
}

fn syntax(error: &Error, text: &str) -> Problem {
    let end = text.len();
    let place = error.span().map_or(end, |span| span.start.min(end));
    let candidates = [
        slip::value_at(text, place),
        slip::number_before(text, place),
    ];
    let with_remedy = |value: Span| Some((value.clone(), slip::remedy(&text[value])?));
    if let Some((value, remedy)) = candidates.into_iter().flatten().find_map(with_remedy) {
        return Problem::new(
            codes::NOT_TOML,
            value,
            "this is not a number",
            "not a number in TOML",
            remedy,
        );
    }
    Problem::new(
        codes::NOT_TOML,
        error.span().unwrap_or(end..end),
        "this is not TOML",
        error.message(),
        "a scenario is made of `key = value` lines under `[section]` lines; strings stand in \
         double quotes",
    )
}

fn apply<'a>(setting: &'a Setting, table: &mut DeTable<'a>) -> Result<(), Problem> {
    let path = key_of(setting)?;
    let value = value_of(setting)?;
    let name = dotted(&path);
    if let Some(swept) = name.strip_prefix("sweep.") {
        // A sweep of the same key by its other name is replaced, like one by the same name.
        if let Some(other) = keys::alias_of(swept.trim_matches('"')) {
            unsweep(table, &other);
        }
    } else if name != "sweep" {
        unsweep(table, &name);
        if let Some(other) = keys::alias_of(&name) {
            unsweep(table, &other);
        }
    }
    put(table, &path, value)
}

/// A key by its segments, each with its place.
pub(crate) type Path = [(String, Span)];

/// The key that an option names.
fn key_of(setting: &Setting) -> Result<Vec<(String, Span)>, Problem> {
    let bad = || {
        Problem::new(
            codes::SET_FORM,
            setting.span.clone(),
            "`--set` needs a key and a value",
            "this is not of the form section.key=value",
            "for example: --set chord.routing=successors, or --set overlay.nodes=4096",
        )
    };
    let text = setting.key.as_ref().ok_or_else(bad)?;
    let document = DeTable::parse(text).map_err(|_| bad())?;
    let mut path = Vec::new();
    let mut table = document.get_ref();
    loop {
        let mut entries = table.iter();
        let (Some((key, value)), None) = (entries.next(), entries.next()) else {
            return Err(bad());
        };
        path.push((key.get_ref().to_string(), key.span()));
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => return Ok(path),
        }
    }
}

/// The value of an option: TOML if it is, else the bare text as a string.
fn value_of(setting: &Setting) -> Result<Spanned<DeValue<'_>>, Problem> {
    let parsed = DeTable::parse(&setting.value);
    let only = parsed.map(|table| {
        let mut entries = table.into_inner().into_iter();
        (entries.next(), entries.len())
    });
    match only {
        Ok((Some((_, value)), 0)) => Ok(value),
        Err(error) if setting.bare.starts_with(['[', '{', '"', '\'']) => {
            let end = setting.value_span.end;
            let place = error
                .span()
                .map_or(end..end, |span| span.start.min(end)..span.end.min(end));
            Err(Problem::new(
                codes::NOT_TOML,
                place,
                "the value is not TOML",
                error.message(),
                "a value is written as in a scenario file; for a string the quotes may be left out",
            ))
        }
        _ => {
            let text = DeValue::String(setting.bare.as_str().into());
            Ok(Spanned::new(setting.value_span.clone(), text))
        }
    }
}

/// Whether a section is a list of tables, whose elements are addressed by their place:
/// `fault.0.kill`.
pub(crate) fn is_list(name: &str) -> bool {
    keys::section(name).is_some_and(|section| section.shape == Shape::List)
}

/// Puts a value in its place, instead of what may stand there or under another name of its key.
pub(crate) fn put<'a>(
    table: &mut DeTable<'a>,
    path: &Path,
    value: Spanned<DeValue<'a>>,
) -> Result<(), Problem> {
    if let Some(alias) = keys::alias_of(&dotted(path)) {
        remove_dotted(table, &alias);
    }
    let ((last, place), sections) = path.split_last().expect("a key has at least one segment");
    let mut table = table;
    let mut sections = sections.iter();
    while let Some((section, place)) = sections.next() {
        let is_list = is_list(section);
        let empty = if is_list {
            DeValue::Array(DeArray::new())
        } else {
            DeValue::Table(DeTable::new())
        };
        let inner = table
            .entry(Spanned::new(place.clone(), section.clone().into()))
            .or_insert_with(|| Spanned::new(place.clone(), empty));
        table = match (inner.get_mut(), is_list) {
            (DeValue::Table(inner), _) => inner,
            (DeValue::Array(list), true) => element(list, section, sections.next(), place)?,
            _ => return Err(not_a_section(section, place)),
        };
    }
    // Taken out first: an insertion over an existing key would keep the old key's place.
    table.remove(last.as_str());
    table.insert(Spanned::new(place.clone(), last.clone().into()), value);
    Ok(())
}

/// The table at a place of a list of tables.
fn element<'t, 'a>(
    list: &'t mut DeArray<'a>,
    name: &str,
    number: Option<&(String, Span)>,
    place: &Span,
) -> Result<&'t mut DeTable<'a>, Problem> {
    let number = number.and_then(|(number, _)| number.parse::<usize>().ok());
    let number = number.ok_or_else(|| not_a_section(name, place))?;
    let length = list.len();
    match list.get_mut(number).map(Spanned::get_mut) {
        Some(DeValue::Table(table)) => Ok(table),
        _ => Err(no_such_element(name, number, length, place)),
    }
}

fn no_such_element(name: &str, number: usize, length: usize, place: &Span) -> Problem {
    let (label, help) = match length {
        0 => (
            format!("there is no [[{name}]]"),
            format!("write a [[{name}]] first; its other keys stand there"),
        ),
        _ => (
            format!("there are {length}, counted from 0"),
            format!("the last one is `{name}.{}`", length - 1),
        ),
    };
    Problem::new(
        codes::NO_SUCH_PLACE,
        place.clone(),
        format!("there is no `{name}.{number}`"),
        label,
        help,
    )
}

fn not_a_section(name: &str, span: &Span) -> Problem {
    Problem::new(
        codes::NO_SUCH_PLACE,
        span.clone(),
        format!("`{name}` is not a section"),
        "it has no keys of its own",
        if is_list(name) {
            let members = keys::members(name);
            let member = members.get(1).copied().unwrap_or_default();
            format!(
                "it is a list of tables: name a key of one of them by its place, counted from 0, as \
                 in `{name}.0.{member}`, or set all of it, written as in a scenario file: --set \
                 '{name}=[…]'"
            )
        } else {
            format!("set `{name}` itself")
        },
    )
}

/// Takes a key out of `[sweep]`: a value set by hand stands for all runs.
fn unsweep(table: &mut DeTable<'_>, dotted: &str) {
    if let Some(DeValue::Table(sweep)) = table.get_mut("sweep").map(Spanned::get_mut) {
        remove_dotted(sweep, dotted);
    }
}

/// Removes a key however its dots are written: `"a.b" = …`, `a.b = …` or `[sweep.a] b = …`.
fn remove_dotted(table: &mut DeTable<'_>, dotted: &str) {
    table.remove(dotted);
    for (at, _) in dotted.match_indices('.') {
        let (head, rest) = (&dotted[..at], &dotted[at + 1..]);
        if let Some(DeValue::Table(inner)) = table.get_mut(head).map(Spanned::get_mut) {
            remove_dotted(inner, rest);
        }
    }
}

/// A key as it is named in messages.
fn dotted(path: &Path) -> String {
    let names: Vec<&str> = path.iter().map(|(name, _)| name.as_str()).collect();
    names.join(".")
}
