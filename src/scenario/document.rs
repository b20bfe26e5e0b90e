//! The scenario as a tree of TOML values: the file with the options of the command line applied.

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Error};

use super::error::Problem;
use super::source::{Setting, Sources, Span};
use super::suggest::nearest;

/// A tree of TOML values with their places.
pub type Document<'a> = Spanned<DeTable<'a>>;

/// Parses the file and applies every option to it.
pub fn read(sources: &Sources) -> Result<Document<'_>, Problem> {
    let text = &sources.file().text;
    let mut document = DeTable::parse(text).map_err(|error| syntax(&error, text.len()))?;
    for setting in sources.settings() {
        apply(setting, document.get_mut())?;
    }
    Ok(document)
}

fn syntax(error: &Error, end: usize) -> Problem {
    Problem::new(
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
    let names: Vec<&str> = path.iter().map(|(name, _)| name.as_str()).collect();
    if names != ["sweep"] {
        unsweep(table, &names.join("."));
    }
    put(table, &path, value)
}

/// A key by its segments, each with its place.
pub type Path = [(String, Span)];

/// The key that an option names.
fn key_of(setting: &Setting) -> Result<Vec<(String, Span)>, Problem> {
    let bad = || {
        Problem::new(
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

/// Keys that hold a list of tables, whose elements are addressed by their place: `fault.0.kill`.
pub const LISTS: [&str; 1] = ["fault"];

/// Puts a value in its place, instead of what may stand there.
pub fn put<'a>(
    table: &mut DeTable<'a>,
    path: &Path,
    value: Spanned<DeValue<'a>>,
) -> Result<(), Problem> {
    let ((last, place), sections) = path.split_last().expect("a key has at least one segment");
    let mut table = table;
    let mut sections = sections.iter();
    while let Some((section, place)) = sections.next() {
        let is_list = LISTS.contains(&section.as_str());
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
        place.clone(),
        format!("there is no `{name}.{number}`"),
        label,
        help,
    )
}

fn not_a_section(name: &str, span: &Span) -> Problem {
    Problem::new(
        span.clone(),
        format!("`{name}` is not a section"),
        "it has no keys of its own",
        if LISTS.contains(&name) {
            "faults are a list: name one by its place, counted from 0, as in `fault.0.kill`, or \
             set all of it: --set 'fault=[{ at = \"5m\", kill = 0.3 }]'"
                .to_owned()
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

/// The dotted path of the key with this name and place.
pub fn path_of_key(table: &DeTable<'_>, name: &str, span: &Span) -> Option<String> {
    table.iter().find_map(|(key, value)| {
        if key.get_ref() == name && key.span() == *span {
            return Some(name.to_owned());
        }
        let inner = tables_in(value.get_ref()).find_map(|table| path_of_key(table, name, span))?;
        Some(join(key.get_ref(), &inner))
    })
}

/// The value that has just this place, with its dotted path; the outermost if there are several.
pub fn value_at<'t, 'a>(table: &'t DeTable<'a>, span: &Span) -> Option<(String, &'t DeValue<'a>)> {
    table.iter().find_map(|(key, value)| {
        let (inner, value) = within(value, span)?;
        Some((join(key.get_ref(), &inner), value))
    })
}

fn within<'t, 'a>(
    value: &'t Spanned<DeValue<'a>>,
    span: &Span,
) -> Option<(String, &'t DeValue<'a>)> {
    if value.span() == *span {
        return Some((String::new(), value.get_ref()));
    }
    match value.get_ref() {
        DeValue::Table(table) => value_at(table, span),
        DeValue::Array(array) => array.iter().find_map(|element| within(element, span)),
        _ => None,
    }
}

/// The value's own table, or those of a list of tables.
fn tables_in<'t, 'a>(value: &'t DeValue<'a>) -> impl Iterator<Item = &'t DeTable<'a>> {
    let elements = value.as_array().into_iter().flat_map(|array| array.iter());
    let in_list = elements.filter_map(|element| element.get_ref().as_table());
    value.as_table().into_iter().chain(in_list)
}

fn join(head: &str, tail: &str) -> String {
    match tail {
        "" => head.to_owned(),
        _ => format!("{head}.{tail}"),
    }
}

/// The nearest known key to a dotted one: the same last segment counts as near.
pub fn nearest_key<'k>(given: &str, known: &'k [String]) -> Option<&'k str> {
    let last = given.rsplit('.').next().unwrap_or(given);
    let ending = |key: &&String| key.rsplit('.').next() == Some(last);
    nearest(given, known.iter().map(String::as_str))
        .or_else(|| known.iter().find(ending).map(String::as_str))
        .or_else(|| {
            let tail = |key: &'k String| key.rsplit('.').next().unwrap_or(key);
            let near = nearest(last, known.iter().map(tail))?;
            known
                .iter()
                .find(|key| tail(key) == near)
                .map(String::as_str)
        })
}
