//! `[sweep]`: which keys take which values, and the combinations of them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::{self, Document, put};
use super::error::Problem;
use super::keys::{self, ValueKind};
use super::plan::SweptKey;
use super::source::Span;
use super::suggest::nearest;
use super::sweep_parts;
use super::written::{canonical_text, csv_text};
use crate::codes;

/// One swept key with its values.
pub(crate) struct Axis<'a> {
    /// In full, such as `chord.routing`.
    pub key: String,
    span: Span,
    pub values: Vec<Spanned<DeValue<'a>>>,
}

impl Axis<'_> {
    /// Whether a key is swept here, by itself or with a table that it stands in, or holds what is swept.
    pub(crate) fn overlaps(&self, key: &str) -> bool {
        let is_in = |inner: &str, outer: &str| {
            let rest = inner.strip_prefix(outer);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let alias = keys::alias_of(key);
        let mut names = [Some(key), alias.as_deref()].into_iter().flatten();
        names.any(|name| is_in(name, &self.key) || is_in(&self.key, name))
    }
}

/// Where what a search sweeps is written.
pub(crate) struct Place {
    /// The name of the key.
    pub key: Span,
    /// The first value.
    pub first: Span,
    /// The last.
    pub last: Span,
}

/// The key that a search sweeps, with these numbers as its values.
pub(crate) fn searched<'t>(key: &str, numbers: &'t [String], place: &Place) -> Axis<'t> {
    let last = numbers.len().saturating_sub(1);
    let value = |(at, text): (usize, &'t String)| {
        let span = match at {
            0 => &place.first,
            at if at == last => &place.last,
            _ => &place.key,
        };
        let number = DeValue::parse(text).expect("a number is a value");
        Spanned::new(span.clone(), number.into_inner())
    };
    Axis {
        key: key.to_owned(),
        span: place.key.clone(),
        values: numbers.iter().enumerate().map(value).collect(),
    }
}

/// A key without the places of lists: `fault.kill` for `fault.0.kill`.
pub(crate) fn without_places(key: &str) -> String {
    match key.split('.').collect::<Vec<_>>()[..] {
        [list, _, member] if is_in_a_list(key) => format!("{list}.{member}"),
        _ => key.to_owned(),
    }
}

/// Takes `[sweep]` out of the document.
///
/// # Errors
/// All problems of its keys and lists.
pub(crate) fn extract<'a>(document: &mut Document<'a>) -> Result<Vec<Axis<'a>>, Vec<Problem>> {
    let Some(sweep) = document.get_mut().remove("sweep") else {
        return Ok(Vec::new());
    };
    let span = sweep.span();
    let DeValue::Table(table) = sweep.into_inner() else {
        return Err(vec![Problem::new(
            codes::WRONG_TYPE,
            span,
            "`sweep` must be a table",
            "this is no table",
            "write [sweep] on a line of its own, a list of values per key below it",
        )]);
    };
    let mut axes = Vec::new();
    let mut problems = Vec::new();
    flatten("", table, &mut axes, &mut problems);
    // Tables come sorted by name; what counts is the order in the file.
    axes.sort_by_key(|axis: &Axis<'_>| axis.span.start);
    problems.extend(twice(&axes));
    if problems.is_empty() {
        Ok(axes)
    } else {
        Err(problems)
    }
}

fn flatten<'a>(
    prefix: &str,
    table: DeTable<'a>,
    axes: &mut Vec<Axis<'a>>,
    problems: &mut Vec<Problem>,
) {
    for (name, value) in table {
        let key = format!("{prefix}{}", name.get_ref());
        let place = value.span();
        match value.into_inner() {
            DeValue::Table(inner) => flatten(&format!("{key}."), inner, axes, problems),
            value => match axis(key, name.span(), Spanned::new(place, value)) {
                Ok(axis) => axes.push(axis),
                Err(problem) => problems.push(problem),
            },
        }
    }
}

/// Asks whether a key can be swept, which is named in this section.
///
/// # Errors
/// If it is the same for all runs, or there is no such key.
pub(crate) fn can_be_swept(key: &str, span: Span, section: &str) -> Result<(), Problem> {
    if keys::is_fixed(key) {
        return Err(Problem::new(
            codes::NOT_SWEEPABLE,
            span,
            format!("`{key}` cannot be swept"),
            "it is the same for all runs",
            format!(
                "seeds are varied by `repeat`; the other keys under {section} must belong to what is simulated"
            ),
        ));
    }
    let is_known = keys::known_keys().iter().any(|known| known == key) && !is_of_a_list(key);
    if !is_known && !is_in_a_list(key) {
        return Err(unknown_key(key, span, section));
    }
    Ok(())
}

fn axis(key: String, span: Span, value: Spanned<DeValue<'_>>) -> Result<Axis<'_>, Problem> {
    can_be_swept(&key, span.clone(), "[sweep]")?;
    let place = value.span();
    let values: Vec<_> = match value.into_inner() {
        DeValue::Array(values) if !values.is_empty() => values.into_iter().collect(),
        DeValue::Array(_) => {
            return Err(Problem::new(
                codes::SWEEP_NOT_A_LIST,
                place,
                format!("the sweep of `{key}` is empty"),
                "no value, so no run",
                "give it at least one value, or remove the line",
            ));
        }
        _ => {
            return Err(Problem::new(
                codes::SWEEP_NOT_A_LIST,
                place,
                format!("the sweep of `{key}` must be a list"),
                "this is a single value",
                "put it in brackets, or set the key in its own section",
            ));
        }
    };
    repeated(&key, &values).map_or(Ok(()), Err)?;
    Ok(Axis { key, span, values })
}

/// Whether it is of the form `fault.0.kill`. Whether there is such an element, and what keys it has,
/// is found out when the value is put there.
fn is_in_a_list(key: &str) -> bool {
    match key.split('.').collect::<Vec<_>>()[..] {
        [list, number, _] => document::is_list(list) && number.parse::<usize>().is_ok(),
        _ => false,
    }
}

/// Whether a known key, named in full, stands in a list, and so cannot be named without a place.
fn is_of_a_list(key: &str) -> bool {
    key.split_once('.')
        .is_some_and(|(list, _)| document::is_list(list))
}

/// A sweep of a key that does not exist.
fn unknown_key(key: &str, span: Span, section: &str) -> Problem {
    let help = match key.split_once('.') {
        Some((list, rest)) if document::is_list(list) => {
            let last = rest.rsplit('.').next();
            let members = keys::members(list);
            let meant = members.iter().find(|member| last == Some(**member));
            let member = meant.or(members.get(1)).copied().unwrap_or_default();
            format!(
                "one of the list is named by its place, counted from 0, such as \"{list}.0.{member}\"; \
                 all of it is \"{list}\""
            )
        }
        _ => match nearest_key(key) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "a swept key is named in full, such as \"chord.routing\" or \"overlay.nodes\""
                .to_owned(),
        },
    };
    Problem::new(
        codes::UNKNOWN_KEY,
        span,
        format!("unknown key `{key}` in {section}"),
        "there is no such key",
        help,
    )
}

/// The nearest to a key, of those that can be swept: the same last segment counts as near.
fn nearest_key(given: &str) -> Option<&'static str> {
    let known = || keys::known_keys().iter().map(String::as_str);
    let known = || known().filter(|key| !is_of_a_list(key) && !keys::is_fixed(key));
    let tail = |key: &'static str| key.rsplit('.').next().unwrap_or(key);
    let last = given.rsplit('.').next().unwrap_or(given);
    nearest(given, known())
        .or_else(|| known().find(|key| tail(key) == last))
        .or_else(|| {
            let near = nearest(last, known().map(tail))?;
            known().find(|key| tail(key) == near)
        })
}

fn repeated(key: &str, values: &[Spanned<DeValue<'_>>]) -> Option<Problem> {
    let mut seen = BTreeSet::new();
    let text = match keys::find(key).map(|(_, key)| key.kind) {
        // The name of a file may look like a duration.
        Some(ValueKind::Text | ValueKind::File) => csv_text,
        Some(ValueKind::Words(_)) => words_in_order,
        _ => canonical_text,
    };
    let again = values
        .iter()
        .find(|value| !seen.insert(text(value.get_ref())))?;
    Some(Problem::new(
        codes::SAID_TWICE,
        again.span(),
        format!("the sweep of `{key}` has a value twice"),
        "this value stands in the list already",
        "remove one of them; to simulate the same again, raise `repeat`",
    ))
}

/// Several words, a list of them or joined by `+`: in which order they are given makes no difference.
fn words_in_order(value: &DeValue<'_>) -> String {
    let text = csv_text(value);
    let mut words: Vec<&str> = text.split('+').collect();
    words.sort_unstable();
    words.join("+")
}

fn twice(axes: &[Axis<'_>]) -> Option<Problem> {
    let is_same = |one: &Axis<'_>, other: &Axis<'_>| {
        one.key == other.key || keys::alias_of(&one.key).as_ref() == Some(&other.key)
    };
    let mut later = (1..axes.len()).map(|at| (&axes[at], &axes[..at]));
    let (again, _) = later.find(|(axis, before)| before.iter().any(|it| is_same(it, axis)))?;
    let Axis { key, span, .. } = again;
    Some(Problem::new(
        codes::SAID_TWICE,
        span.clone(),
        format!("`{key}` is swept twice"),
        "it stands under [sweep] already, written another way",
        "remove one of the two lines",
    ))
}

/// The swept keys with the names of their columns.
pub(crate) fn swept_keys(axes: &[Axis<'_>]) -> Vec<SweptKey> {
    let last = |axis: &Axis<'_>| axis.key.rsplit('.').next().unwrap_or_default().to_owned();
    let names: Vec<String> = axes.iter().map(last).collect();
    let unique = |name: &String| names.iter().filter(|other| *other == name).count() == 1;
    axes.iter()
        .zip(&names)
        .zip(sweep_parts::of(axes, &names))
        .map(|((axis, name), parts)| SweptKey {
            parts,
            key: axis.key.clone(),
            column: if unique(name) {
                name.clone()
            } else {
                axis.key.clone()
            },
        })
        .collect()
}

/// How many combinations there are; `None` if more than can be counted.
pub(crate) fn count(axes: &[Axis<'_>]) -> Option<u64> {
    axes.iter().try_fold(1_u64, |product, axis| {
        product.checked_mul(axis.values.len() as u64)
    })
}

/// One choice of a value for every swept key.
pub(crate) struct Combination<'b, 'a> {
    /// The scenario with these values in place: the one that is given where nothing is swept, for it may be large.
    pub document: Cow<'b, Document<'a>>,
    /// The values as CSV has them.
    pub texts: Vec<String>,
    /// Where the values stand.
    pub spans: Vec<Span>,
}

/// Combination number `index`: the last key varies fastest.
pub(crate) fn combination<'b, 'a>(
    base: &'b Document<'a>,
    axes: &[Axis<'a>],
    index: u64,
) -> Result<Combination<'b, 'a>, Problem> {
    let mut document = Cow::Borrowed(base);
    let mut rest = index;
    let mut chosen = Vec::with_capacity(axes.len());
    for axis in axes.iter().rev() {
        let values = axis.values.len() as u64;
        chosen.push(&axis.values[(rest % values) as usize]);
        rest /= values;
    }
    chosen.reverse();
    for (axis, value) in axes.iter().zip(&chosen) {
        let segments = axis.key.split('.');
        let path: Vec<_> = segments
            .map(|name| (name.to_owned(), axis.span.clone()))
            .collect();
        put(document.to_mut().get_mut(), &path, (*value).clone())?;
    }
    Ok(Combination {
        document,
        texts: chosen
            .iter()
            .map(|value| csv_text(value.get_ref()))
            .collect(),
        spans: chosen.iter().map(|value| value.span()).collect(),
    })
}

/// Where the sweep begins, for problems of the whole of it.
pub(crate) fn place(axes: &[Axis<'_>]) -> Option<Span> {
    axes.first().map(|axis| axis.span.clone())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario::source::{Overrides, Sources};

    /// The tree of a large file is there once.
    #[test]
    fn a_scenario_is_copied_only_where_something_is_swept() {
        for (text, is_copied) in [
            ("[[fault]]\nat = \"1m\"\nkill = 0.1\n", false),
            ("[sweep]\n\"overlay.nodes\" = [8, 16]\n", true),
        ] {
            let sources = Sources::new(text, Path::new("a.toml"), &Overrides::default());
            let mut base = document::read(&sources).ok().unwrap();
            let axes = extract(&mut base).ok().unwrap();
            let first = combination(&base, &axes, 0).ok().unwrap();
            assert_eq!(matches!(first.document, Cow::Owned(_)), is_copied, "{text}");
        }
    }
}
