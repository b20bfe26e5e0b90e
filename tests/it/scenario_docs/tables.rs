//! The tables of docs/scenario.md, from the declarations of the keys.

use chordsim::scenario::keys::{self, Key, Section, Shape, ValueKind, Word};

/// What the page calls a section.
pub(super) fn name(section: &Section) -> &str {
    match section.path {
        "" => "top",
        path => path,
    }
}

/// A key with its section; of a list, the key alone.
pub(super) fn full_name(section: &Section, key: &Key) -> String {
    match section.path {
        "" => key.name.to_owned(),
        path => format!("{path}.{}", key.name),
    }
}

/// The table of these sections, or of the distributions that a key of this name takes.
pub(super) fn of(names: &[&str]) -> String {
    if let [only] = names
        && let Some((_, key)) = keys::find(only)
    {
        match key.kind {
            ValueKind::Distribution(forms) => return distributions(forms),
            ValueKind::Fields(section) => {
                let rows: Vec<_> = section.keys.iter().map(|key| row(key.name, key)).collect();
                return table(&HEADS, &rows);
            }
            _ => {}
        }
    }
    let mut rows = Vec::new();
    for given in names {
        let mut sections = keys::sections().iter();
        let section = sections.find(|section| name(section) == *given);
        let section = section.unwrap_or_else(|| panic!("there is no section `{given}`"));
        rows.extend(section.keys.iter().map(|key| {
            let name = match section.shape {
                Shape::List => key.name.to_owned(),
                _ => full_name(section, key),
            };
            row(&name, key)
        }));
    }
    table(&HEADS, &rows)
}

const HEADS: [&str; 5] = ["Key", "Type", "Default", "Range", "Meaning"];

/// What each of the tables is that a distribution may be, and then their parameters.
fn distributions(forms: &[&Section]) -> String {
    let form = |form: &&Section| {
        let keys: Vec<String> = form.keys.iter().map(|key| code(key.name)).collect();
        vec![code(form.path), keys.join(", "), form.doc.to_owned()]
    };
    let forms_table: Vec<_> = forms.iter().map(form).collect();
    let parameters = forms.iter().flat_map(|form| {
        let of_form = |key| row(&full_name(form, key), key);
        form.keys.iter().map(of_form)
    });
    format!(
        "{}\n{}",
        table(&["Distribution", "Parameters", "Meaning"], &forms_table),
        table(
            &["Parameter", "Type", "Default", "Range", "Meaning"],
            &parameters.collect::<Vec<_>>()
        )
    )
}

fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | ").replace('\n', " "));
    let heads: Vec<String> = heads.iter().map(ToString::to_string).collect();
    let under = format!("|{}\n", "---|".repeat(heads.len()));
    let rows = rows.iter().map(|row| line(row));
    [line(&heads), under].into_iter().chain(rows).collect()
}

fn row(name: &str, key: &Key) -> Vec<String> {
    let default = key.default.map_or_else(|| key.absent.to_owned(), code);
    vec![
        code(name),
        kind(key.kind).to_owned(),
        default,
        range(key),
        meaning(key),
    ]
}

fn kind(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text | ValueKind::Word(_) => "string",
        ValueKind::File => "file",
        ValueKind::Truth => "truth value",
        ValueKind::Count { .. } => "integer",
        ValueKind::CountOrUntil { .. } => "integer or string",
        ValueKind::Number { least, most } if least.abs() + (most - 1.0).abs() == 0.0 => "share",
        ValueKind::Number { .. } => "number",
        ValueKind::Numbers { .. } => "number or list",
        ValueKind::Duration { .. } => "duration",
        ValueKind::Words(_) | ValueKind::WordOrCounts(_) => "string or list",
        ValueKind::WordOrCount(_) => "string or integer",
        ValueKind::WordOrShare(_) => "string or share",
        ValueKind::WordOrTruth(_) => "string or truth value",
        ValueKind::RingKey(_) => "integer, string or table",
        ValueKind::Distribution(_) => "distribution",
        ValueKind::Table | ValueKind::Fields(_) => "table",
    }
}

/// What is allowed: by the kind, and besides.
fn range(key: &Key) -> String {
    let by_kind = match key.kind {
        ValueKind::Text | ValueKind::File | ValueKind::Table => String::new(),
        ValueKind::Truth => "`true`, `false`".to_owned(),
        ValueKind::Count { least, most } => limits(&whole(least), &whole(most)),
        ValueKind::CountOrUntil { most } => {
            let until = code("\"until ±5 %\"");
            format!("{}, or {until}", limits(&whole(1), &whole(most)))
        }
        ValueKind::Number { least, most } | ValueKind::Numbers { least, most } => {
            limits(&number(least), &number(most))
        }
        ValueKind::Duration { zero, off } => {
            let least = if zero { "0s or more" } else { "more than 0s" };
            let off = if off { ", or `\"off\"`" } else { "" };
            format!("{least}{off}")
        }
        ValueKind::Word(_) | ValueKind::WordOrTruth(_) => listed(key.kind),
        ValueKind::Words(_) => format!("{}, or a list of these", listed(key.kind)),
        ValueKind::WordOrCounts(_) => format!("{}, or a list of integers", listed(key.kind)),
        ValueKind::WordOrCount(_) => format!("{}, or an integer", listed(key.kind)),
        ValueKind::WordOrShare(_) => format!("{}, or 0 to 1", listed(key.kind)),
        ValueKind::RingKey(named) => {
            let keys: Vec<String> = named.keys.iter().map(|key| code(key.name)).collect();
            format!(
                "a place on the ring, a text, or a table of {}",
                keys.join(" and ")
            )
        }
        ValueKind::Distribution(_) | ValueKind::Fields(_) => "see below".to_owned(),
    };
    match (by_kind.as_str(), key.limits) {
        ("", "") => "any".to_owned(),
        (range, "") | ("", range) => range.to_owned(),
        (range, also) => format!("{range}; {also}"),
    }
}

fn meaning(key: &Key) -> String {
    let mut sentences = vec![key.doc.to_owned()];
    let words = words(key.kind).into_iter();
    sentences.extend(words.map(|word| format!("{}: {}", code(word.name), word.doc)));
    sentences.extend(
        key.also
            .map(|name| format!("Its older name is {}.", code(name))),
    );
    sentences.join(" ").replace('|', "\\|")
}

/// The words that a value of this kind may be.
pub(super) fn words(kind: ValueKind) -> Vec<Word> {
    kind.words()
}

fn listed(kind: ValueKind) -> String {
    let names: Vec<String> = words(kind).iter().map(|word| code(word.name)).collect();
    names.join(", ")
}

fn limits(least: &str, most: &str) -> String {
    match (least, most) {
        (least, most) if least == most => least.to_owned(),
        ("2", "3") => "2 or 3".to_owned(),
        _ => format!("{least} to {most}"),
    }
}

/// A whole number with its thousands apart.
fn whole(number: u64) -> String {
    if number == u64::MAX {
        return "2^64 - 1".to_owned();
    }
    if number >= 1_000_000_000_000 && 10_u64.pow(number.ilog10()) == number {
        return format!("10^{}", number.ilog10());
    }
    let digits = number.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<&str> = groups.map(|group| str::from_utf8(group).unwrap()).collect();
    groups.join(" ")
}

fn number(number: f64) -> String {
    if number.fract() == 0.0 {
        let sign = if number < 0.0 { "-" } else { "" };
        format!("{sign}{}", whole(number.abs() as u64))
    } else {
        number.to_string()
    }
}

fn code(text: &str) -> String {
    format!("`{text}`")
}
