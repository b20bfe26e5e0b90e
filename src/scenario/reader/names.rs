//! Which names stand in a document, and whether sections are written as sections.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::wrong_type::{self, TABLE, TABLES};
use crate::codes;
use crate::scenario::error::{Problem, Problems};
use crate::scenario::keys::future::{self, Missing};
use crate::scenario::keys::{self, Section, Shape, ValueKind};
use crate::scenario::source::Span;
use crate::scenario::suggest::nearest;

/// Notes every name that nothing has, and every section that is none.
pub(crate) fn check(document: &DeTable<'_>, problems: &mut Problems) {
    let top = keys::section("").expect("there is a top level");
    Names { problems }.section(top, document);
}

struct Names<'p> {
    problems: &'p mut Problems,
}

/// A name where it is given.
struct Name<'a> {
    /// Alone.
    last: &'a str,
    /// In full.
    full: String,
    span: Span,
    value: &'a Spanned<DeValue<'a>>,
}

impl Name<'_> {
    /// What is known by the name in full. A name with a dot of its own, in quotes, is none of those.
    fn within<T>(&self, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let is_plain = !self.last.contains('.');
        is_plain.then(|| find(&self.full)).flatten()
    }
}

impl Names<'_> {
    fn section(&mut self, section: &Section, table: &DeTable<'_>) {
        for name in names(section.path, table) {
            if let Some(key) = section.key(name.last) {
                self.within(key.kind, &name);
            } else if let Some(inner) = name.within(keys::section) {
                self.inner(inner, name.value);
            } else if name.within(keys::find).is_none() {
                self.unknown(&name, &section_place(section), &keys::members(section.path));
            }
        }
    }

    fn inner(&mut self, section: &Section, value: &Spanned<DeValue<'_>>) {
        match (section.shape, value.get_ref()) {
            (Shape::Open, _) => {}
            (Shape::Table, DeValue::Table(table)) => self.section(section, table),
            (Shape::List, DeValue::Array(list)) => {
                for element in list {
                    match element.get_ref() {
                        DeValue::Table(table) => self.section(section, table),
                        _ => self.wrong_type(section.path, TABLES, element),
                    }
                }
            }
            (Shape::Table, _) => self.wrong_type(section.path, TABLE, value),
            (Shape::List, _) => self.wrong_type(section.path, TABLES, value),
        }
    }

    /// What a key of this kind holds, if that has names.
    fn within(&mut self, kind: ValueKind, name: &Name<'_>) {
        match (kind, name.value.get_ref()) {
            (ValueKind::Distribution(forms), _) => self.distribution(forms, name),
            (ValueKind::Fields(form) | ValueKind::RingKey(form), DeValue::Table(table)) => {
                self.form(form, &name.full, table);
            }
            _ => {}
        }
    }

    /// What a key holds that takes a distribution.
    fn distribution(&mut self, forms: &[&Section], key: &Name<'_>) {
        let DeValue::Table(table) = key.value.get_ref() else {
            self.wrong_type(&key.full, TABLE, key.value);
            return;
        };
        for name in names(&key.full, table) {
            let form = forms.iter().find(|form| form.path == name.last);
            match (form, name.value.get_ref()) {
                (Some(form), DeValue::Table(table)) => self.form(form, &name.full, table),
                (Some(_), _) => self.wrong_type(&name.full, TABLE, name.value),
                (None, _) => {
                    let known: Vec<&str> = forms.iter().map(|form| form.path).collect();
                    self.unknown(&name, &format!("[{}]", key.full), &known);
                }
            }
        }
    }

    fn form(&mut self, form: &Section, path: &str, table: &DeTable<'_>) {
        for name in names(path, table) {
            if let Some(key) = form.key(name.last) {
                self.within(key.kind, &name);
                continue;
            }
            let known: Vec<&str> = form.keys.iter().map(|key| key.name).collect();
            self.unknown(&name, &format!("[{path}]"), &known);
        }
    }

    fn wrong_type(&mut self, name: &str, expected: &str, value: &Spanned<DeValue<'_>>) {
        let problem = wrong_type::problem(name, expected, value);
        self.problems.lasting.push(problem);
    }

    /// `place`: how the section is called in a sentence, with what it has.
    fn unknown(&mut self, name: &Name<'_>, place: &str, known: &[&str]) {
        let problem = match name.within(future::missing_key) {
            Some(Missing::Parameters { of }) => not_available(name, &words_of(of).join(", ")),
            // To look for what may be meant takes long, and of so many nobody reads it.
            None if self.problems.lasting.are_many() => unknown(name, place, known, None),
            None => unknown(name, place, known, hint(name.last, known)),
        };
        self.problems.lasting.push(problem);
    }
}

fn names<'a>(path: &str, table: &'a DeTable<'a>) -> impl Iterator<Item = Name<'a>> {
    table.iter().map(move |(name, value)| Name {
        last: name.get_ref(),
        full: match path {
            "" => name.get_ref().to_string(),
            _ => format!("{path}.{}", name.get_ref()),
        },
        span: name.span(),
        value,
    })
}

/// How a section is called in a sentence.
fn section_place(section: &Section) -> String {
    match section.shape {
        _ if section.path.is_empty() => "the top level".to_owned(),
        Shape::List => format!("[[{}]]", section.path),
        Shape::Table | Shape::Open => format!("[{}]", section.path),
    }
}

fn unknown(name: &Name<'_>, place: &str, known: &[&str], hint: Option<String>) -> Problem {
    let is_section = name.full == name.last && name.value.get_ref().is_table();
    let (message, label) = if is_section {
        let label = "there is no such section".to_owned();
        (format!("unknown section `[{}]`", name.last), label)
    } else {
        let label = format!("{place} has no such key");
        (format!("unknown key `{}`", name.full), label)
    };
    let all = format!("{place} has: {}", known.join(", "));
    let help = match hint {
        Some(hint) => format!("{hint} {all}"),
        None => all,
    };
    Problem::new(codes::UNKNOWN_KEY, name.span.clone(), message, label, help)
}

/// What may be meant by a name.
fn hint(name: &str, known: &[&str]) -> Option<String> {
    let near = nearest(name, known.iter().copied());
    near.map(|near| format!("did you mean `{near}`?"))
        .or_else(|| elsewhere(name))
}

/// Where a key of this name would be right.
fn elsewhere(name: &str) -> Option<String> {
    let mut known = keys::known_keys().iter();
    let known = known.find(|key| key.rsplit('.').next() == Some(name))?;
    let Some((path, _)) = known.rsplit_once('.') else {
        return Some(format!(
            "`{name}` belongs at the top, above the first [section]."
        ));
    };
    let place = keys::section(path).map_or_else(|| format!("[{path}]"), section_place);
    Some(format!("`{name}` belongs in {place}."))
}

/// A key or section that is known and not there yet.
fn not_available(name: &Name<'_>, available: &str) -> Problem {
    let is_section = matches!(name.value.get_ref(), DeValue::Table(_) | DeValue::Array(_));
    let span = if is_section {
        name.span.clone()
    } else {
        name.value.span()
    };
    Problem::new(
        codes::NOT_AVAILABLE,
        span,
        format!(
            "`{}` is known, but not available in this version",
            name.full
        ),
        "not available yet",
        format!("available: {available}"),
    )
}

/// The words that a key takes, named in full.
fn words_of(key: &str) -> Vec<&'static str> {
    match keys::find(key) {
        Some((_, key)) => match key.kind {
            ValueKind::Word(words) | ValueKind::Words(words) => {
                words.iter().map(|word| word.name).collect()
            }
            _ => Vec::new(),
        },
        None => Vec::new(),
    }
}
