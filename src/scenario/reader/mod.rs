//! Reads a tree of TOML values by the tables of keys. Everything that is wrong is noted and replaced
//! by its default, so that one reading of a scenario finds all that is wrong with it.

mod names;
mod until;
mod values;
mod wrong_type;

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Problem, Problems};
use super::keys::value::{Keys, Value};
use super::keys::{self, Key, Section};
use super::source::Span;
use crate::codes::{self, Code};

/// A document that is read, with the problems found so far.
pub(crate) struct Reader<'d> {
    root: &'d DeTable<'d>,
    /// What is wrong with it.
    pub problems: Problems,
    blame: &'d dyn Fn(&Span) -> u8,
}

/// A section as it is given.
#[derive(Clone)]
pub(crate) struct Given<'d> {
    section: &'static Section,
    path: Cow<'static, str>,
    table: Option<&'d DeTable<'d>>,
    span: Span,
}

impl<'d> Reader<'d> {
    /// A reader of this document, whose names are checked at once. `blame` tells which of several
    /// places is to blame: the one for which it is greatest.
    pub(crate) fn new(root: &'d DeTable<'d>, blame: &'d dyn Fn(&Span) -> u8) -> Self {
        let mut problems = Problems::default();
        names::check(root, &mut problems);
        Self {
            root,
            problems,
            blame,
        }
    }

    /// Notes that a value does not fit.
    pub(crate) fn push(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) {
        let problem = Problem::new(code, span, message, label, help);
        self.problems.replaceable.push(problem);
    }

    /// Notes that something is missing. Where a name stands that nothing has, that may be what is
    /// meant: then nothing is missing.
    pub(crate) fn miss(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) {
        if self.problems.lasting.is_empty() {
            self.push(code, span, message, label, help);
        }
    }

    /// Of several places that do not fit together, the one that was changed last: swept values
    /// before options before the file, and otherwise the first.
    pub(crate) fn culprit<const N: usize>(&self, places: [Option<Span>; N]) -> Option<Span> {
        let mut places: Vec<Span> = places.into_iter().flatten().collect();
        places.sort_by_key(|span| std::cmp::Reverse((self.blame)(span)));
        places.into_iter().next()
    }

    /// Whether what stands there comes from the command line, or was swept, and not from the rest of the file.
    pub(crate) fn is_option(&self, span: &Span) -> bool {
        (self.blame)(span) > 0
    }

    /// A section of the scenario, given or not.
    pub(crate) fn section(&self, section: &'static Section) -> Given<'d> {
        let given = within(self.root, section.path);
        let table = match section.path {
            "" => Some(self.root),
            _ => given.and_then(|given| given.get_ref().as_table()),
        };
        Given {
            section,
            path: section.path.into(),
            table,
            span: given.map_or(0..0, Spanned::span),
        }
    }

    /// What the keys of a section fill.
    pub(crate) fn read<K: Keys>(&mut self) -> K {
        let given = self.section(K::SECTION);
        self.read_from(&given)
    }

    /// What the keys of a section fill that is given here.
    pub(crate) fn read_from<K: Keys>(&mut self, given: &Given<'_>) -> K {
        K::filled(self.values(given))
    }

    /// Every table of a section that is a list.
    pub(crate) fn list(&self, section: &'static Section) -> Vec<Given<'d>> {
        let list = within(self.root, section.path).and_then(|list| list.get_ref().as_array());
        let given = |element: &'d Spanned<DeValue<'d>>| Given {
            section,
            path: section.path.into(),
            table: element.get_ref().as_table(),
            span: element.span(),
        };
        list.into_iter()
            .flat_map(|list| list.iter())
            .map(given)
            .collect()
    }

    /// The values of all keys of a section, in their order.
    pub(crate) fn values(&mut self, given: &Given<'_>) -> Vec<Value> {
        let defaults = values::defaults(given.section);
        let keys = given.section.keys.iter();
        let value = |(key, default): (&Key, &Value)| {
            let read = self
                .given(given, key)
                .and_then(|(name, value)| values::read(key, &name, value, &mut self.problems));
            read.unwrap_or_else(|| default.clone())
        };
        keys.zip(defaults.iter()).map(value).collect()
    }

    /// What is given for a key, with the name it is given by.
    fn given<'g>(
        &mut self,
        section: &Given<'g>,
        key: &Key,
    ) -> Option<(String, &'g Spanned<DeValue<'g>>)>
    where
        'd: 'g,
    {
        let own = section
            .value(key.name)
            .map(|value| (section.name(key.name), value));
        let older = key
            .also
            .and_then(|name| Some((name.to_owned(), within(self.root, name)?)));
        if let (Some(own), Some(older)) = (&own, &older) {
            // Which of the two values is meant, nobody knows: none is judged.
            self.problems.lasting.push(given_twice(own, older));
            return None;
        }
        own.or(older)
    }

    /// The place of the value of a key, named in full, if it is given by whichever name.
    pub(crate) fn place(&self, name: &str) -> Option<Span> {
        self.value(name).map(Spanned::span)
    }

    /// The place of what stands at a path of names, whether or not there is such a key.
    pub(crate) fn given_at(&self, path: &str) -> Option<Span> {
        within(self.root, path).map(Spanned::span)
    }

    /// What is given for a key, named in full, by whichever name.
    pub(crate) fn value(&self, name: &str) -> Option<&'d Spanned<DeValue<'d>>> {
        let (_, key) = keys::find(name).expect("the key is declared");
        within(self.root, name).or_else(|| within(self.root, key.also?))
    }

    /// By which name a key, named in full, is given; by its own if it is not.
    pub(crate) fn name<'n>(&self, name: &'n str) -> &'n str {
        let (_, key) = keys::find(name).expect("the key is declared");
        let older = key.also.filter(|older| within(self.root, older).is_some());
        older.unwrap_or(name)
    }
}

impl<'d> Given<'d> {
    /// Where it stands; the beginning of the document if it is not given.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Its name, in full.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// A name within it, in full.
    pub(crate) fn name(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// What is given for one of its keys by its own name.
    pub(crate) fn value(&self, name: &str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.table?.get(name)
    }

    /// All that is given in it.
    pub(crate) fn value_table(&self) -> Option<&'d DeTable<'d>> {
        self.table
    }

    /// The place of what is given for one of its keys by its own name.
    pub(crate) fn place(&self, name: &str) -> Option<Span> {
        self.value(name).map(Spanned::span)
    }

    /// The value of one of its keys, with its place.
    pub(crate) fn with_place<'v, V>(
        &self,
        key: &str,
        value: Option<&'v V>,
    ) -> Option<(&'v V, Span)> {
        value.zip(self.place(key))
    }

    /// The table that one of its keys holds, if it is given as one.
    pub(crate) fn table<K: Keys>(&self, key: &str) -> Option<Self> {
        let given = self.value(key)?;
        Some(Self {
            section: K::SECTION,
            path: self.name(key).into(),
            table: Some(given.get_ref().as_table()?),
            span: given.span(),
        })
    }

    /// One of the tables that a key of that name holds, of which this is the value.
    pub(crate) fn of_form<K: Keys>(name: &str, value: &'d Spanned<DeValue<'d>>) -> Option<Self> {
        let form = K::SECTION;
        let given = value.get_ref().as_table()?.get(form.path)?;
        Some(Self {
            section: form,
            path: format!("{name}.{}", form.path).into(),
            table: given.get_ref().as_table(),
            span: given.span(),
        })
    }
}

/// The value at a path of names.
fn within<'d>(table: &'d DeTable<'d>, path: &str) -> Option<&'d Spanned<DeValue<'d>>> {
    match path.split_once('.') {
        None => table.get(path),
        Some((head, rest)) => within(table.get(head)?.get_ref().as_table()?, rest),
    }
}

/// A key that is given by both of its names.
fn given_twice(
    own: &(String, &Spanned<DeValue<'_>>),
    older: &(String, &Spanned<DeValue<'_>>),
) -> Problem {
    let second = if own.1.span().start > older.1.span().start {
        own
    } else {
        older
    };
    Problem::new(
        codes::SAID_TWICE,
        second.1.span(),
        format!("`{}` and `{}` are the same key", own.0, older.0),
        "this is the second of them",
        format!("remove one of the two; `{}` is the older name", older.0),
    )
}
