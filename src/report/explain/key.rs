//! Keys and sections of scenarios, and the words that keys take.

use super::Explanation;
use crate::scenario::keys::{self, Key, Section, Shape, ValueKind, Word};
use crate::scenario::known_keys;

/// A key in full, a section with or without brackets, the last part of a key, or a word that keys take.
pub(super) fn find(word: &str) -> Vec<Explanation> {
    let plain = word.trim_matches(['[', ']']);
    let mut found = Vec::new();
    if let Some(section) = keys::section(plain).filter(|_| !plain.is_empty()) {
        found.push(of_section(section));
    }
    if let Some((section, key)) = keys::find(word) {
        found.push(of_key(section, key));
    } else if !word.contains('.') {
        found.extend(
            all()
                .filter(|(_, key)| key.name == word)
                .map(|(of, key)| of_key(of, key)),
        );
    }
    if found.is_empty() {
        found.extend(by_full_name(word));
    }
    for (section, key) in all() {
        let named = words(key.kind).into_iter().filter(|it| it.name == word);
        found.extend(named.map(|it| of_word(section, key, it)));
    }
    found
}

/// A key in a table that several keys may hold, such as `churn.sessions.up.pareto.shape`.
fn by_full_name(word: &str) -> Option<Explanation> {
    let name = known_keys().iter().find(|name| *name == word)?;
    let (outer, last) = name.rsplit_once('.')?;
    let forms = forms();
    let form = forms
        .iter()
        .find(|form| outer.ends_with(form.path) || form.key(last).is_some());
    let key = form.and_then(|form| form.key(last))?;
    Some(described(name, key, false))
}

/// The tables that keys may hold.
fn forms() -> Vec<&'static Section> {
    let mut forms = Vec::new();
    for (_, key) in all() {
        match key.kind {
            ValueKind::Distribution(of) => forms.extend(of.iter().copied()),
            ValueKind::Fields(form) | ValueKind::RingKey(form) => forms.push(form),
            _ => {}
        }
    }
    forms
}

/// The full names of keys that are declared in a section, and sections.
pub(super) fn names() -> Vec<String> {
    let sections = keys::sections()
        .iter()
        .map(|section| section.path.to_owned());
    let sections = sections.filter(|path| !path.is_empty());
    let names = all().map(|(section, key)| full(section, key.name));
    let mut names: Vec<String> = sections.chain(names).collect();
    names.sort();
    names.dedup();
    names
}

fn all() -> impl Iterator<Item = (&'static Section, &'static Key)> {
    let keys = |section: &'static Section| section.keys.iter().map(move |key| (section, key));
    keys::sections().iter().copied().flat_map(keys)
}

fn full(section: &Section, name: &str) -> String {
    match section.path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}

fn of_section(section: &Section) -> Explanation {
    let written = match section.shape {
        Shape::List => format!("[[{}]], any number of times", section.path),
        Shape::Table | Shape::Open => format!("[{}]", section.path),
    };
    let names: Vec<&str> = section.keys.iter().map(|key| key.name).collect();
    let about = match section.doc {
        "" => "A section of scenarios.",
        doc => doc,
    };
    Explanation::new("section", section.path, about)
        .fact("Written", written)
        .fact("Keys", names.join(", "))
        .fact("See also", "docs/scenario.md")
}

fn of_key(section: &Section, key: &Key) -> Explanation {
    described(&full(section, key.name), key, section.fixed)
}

fn described(name: &str, key: &Key, fixed: bool) -> Explanation {
    let default = match key.default {
        Some(default) => default.to_owned(),
        None => key.absent.to_owned(),
    };
    let swept = if fixed || key.fixed {
        "no: it is the same for all runs".to_owned()
    } else {
        format!("under [sweep] as \"{name}\", by --set {name}=VALUE")
    };
    let older = key
        .also
        .map_or_else(String::new, |older| format!("`{older}`"));
    let mut it = Explanation::new("key", name, key.doc)
        .fact("Takes", takes(key.kind))
        .fact("Besides", key.limits)
        .fact("Default", default)
        .fact("Can be swept", swept)
        .fact("Older name", older);
    let words = words(key.kind);
    if !words.is_empty() {
        let width = words.iter().map(|word| word.name.len()).max().unwrap_or(0);
        let line = |word: &Word| format!("{:<width$}  {}", word.name, word.doc);
        let lines: Vec<String> = words.iter().map(|word| line(word)).collect();
        let lines = super::wrapped(&lines.join("\n"), super::WIDTH - 4);
        it = it.quote("Choices", lines);
    }
    it
}

fn of_word(section: &Section, key: &Key, word: &Word) -> Explanation {
    let name = full(section, key.name);
    let about = match word.doc {
        "" => "One of the choices of this key.",
        doc => doc,
    };
    Explanation::new("choice", word.name, about)
        .fact("Of the key", format!("{name} = \"{}\"", word.name))
        .fact("See also", format!("`chordsim explain {name}`"))
}

fn words(kind: ValueKind) -> Vec<&'static Word> {
    match kind {
        ValueKind::Word(words)
        | ValueKind::Words(words)
        | ValueKind::WordOrCounts(words)
        | ValueKind::WordOrCount(words)
        | ValueKind::WordOrTruth(words) => words.iter().collect(),
        ValueKind::WordOrShare(words) => words.iter().map(|(word, _)| word).collect(),
        _ => Vec::new(),
    }
}

fn takes(kind: ValueKind) -> String {
    match kind {
        ValueKind::Text => "a string".to_owned(),
        ValueKind::File => "the path of a file, from the scenario's folder".to_owned(),
        ValueKind::Truth => "true or false".to_owned(),
        ValueKind::Count { least, most } => match most {
            u64::MAX => format!("a whole number from {least}"),
            _ => format!("a whole number from {least} to {most}"),
        },
        ValueKind::CountOrUntil { .. } => {
            "a whole number from 1, or how narrow the interval is to be, such as \"until ±5 %\""
                .to_owned()
        }
        ValueKind::Number { least, most } => format!("a number from {least} to {most}"),
        ValueKind::Numbers { least, most } if most >= f64::MAX || least <= f64::MIN => {
            "a number, or a list of them".to_owned()
        }
        ValueKind::Numbers { least, most } => {
            format!("a number from {least} to {most}, or a list of them")
        }
        ValueKind::Duration { zero, off } => {
            let more = if zero { "" } else { " of more than zero" };
            let never = if off { ", or \"off\"" } else { "" };
            format!("a duration{more} such as \"30s\"{never}")
        }
        ValueKind::Word(_) | ValueKind::WordOrTruth(_) => "one of the choices below".to_owned(),
        ValueKind::Words(_) => "one of the choices below, or a list of them".to_owned(),
        ValueKind::WordOrCounts(_) => {
            "one of the choices below, or a list of whole numbers".to_owned()
        }
        ValueKind::WordOrCount(_) => "one of the choices below, or a whole number".to_owned(),
        ValueKind::WordOrShare(_) => "one of the choices below, or a share from 0 to 1".to_owned(),
        ValueKind::RingKey(_) => {
            "a place on the ring, a text, or { key = …, label = \"…\" }".to_owned()
        }
        ValueKind::Fields(form) => {
            let names: Vec<String> = form
                .keys
                .iter()
                .map(|it| format!("{} = …", it.name))
                .collect();
            format!("a table {{ {} }}", names.join(", "))
        }
        ValueKind::Distribution(forms) => {
            let names: Vec<&str> = forms.iter().map(|form| form.path).collect();
            format!("a distribution: a table with one of {}", names.join(", "))
        }
        ValueKind::Table => "a table".to_owned(),
    }
}
