//! The list of all sections, and what is found in it.

use std::sync::LazyLock;

use super::key::{Key, Section, ValueKind};
use super::{
    chord, churn, event, expect, fault, network, output, overlay, plot, selfish, storage,
    threshold, top, workload,
};

/// Every section, in the order in which they are listed: those within another behind it.
static SECTIONS: [&Section; 28] = [
    &top::TOP,
    &overlay::OVERLAY,
    &chord::CHORD,
    &network::NETWORK,
    &network::CONSTANT,
    &network::UNIFORM,
    &network::EXPONENTIAL,
    &network::PLANE,
    &network::TRANSIT_STUB,
    &network::WAXMAN,
    &network::SCALE_FREE,
    &network::REGIONS,
    &network::GRAPH,
    &network::MATRIX,
    &churn::CHURN,
    &churn::POISSON,
    &churn::SESSIONS,
    &churn::TRACE,
    &fault::FAULT,
    &event::EVENT,
    &workload::WORKLOAD,
    &storage::STORAGE,
    &selfish::SELFISH,
    &top::SWEEP,
    &threshold::THRESHOLD,
    &output::OUTPUT,
    &expect::EXPECT,
    &plot::PLOT,
];

/// Every section of a scenario, the top level first.
#[must_use]
pub fn sections() -> &'static [&'static Section] {
    &SECTIONS
}

/// The section at this path, such as `network.plane`; the top level has an empty one.
#[must_use]
pub fn section(path: &str) -> Option<&'static Section> {
    SECTIONS
        .iter()
        .copied()
        .find(|section| section.path == path)
}

/// The key of this name, in full such as `chord.routing`, with its section. An older name of a key
/// finds that key.
#[must_use]
pub fn find(name: &str) -> Option<(&'static Section, &'static Key)> {
    let (path, last) = name.rsplit_once('.').unwrap_or(("", name));
    let own = section(path).and_then(|section| Some((section, section.key(last)?)));
    own.or_else(|| all().find(|(_, key)| key.also == Some(name)))
}

/// Every key, with its section.
fn all() -> impl Iterator<Item = (&'static Section, &'static Key)> {
    let keys = |section: &&'static Section| {
        let section = *section;
        section.keys.iter().map(move |key| (section, key))
    };
    SECTIONS.iter().flat_map(keys)
}

/// Every key that a scenario may have, in full such as `chord.routing`: sections, older names of
/// keys and the parameters of distributions included. A key of a list stands without a place in it.
#[must_use]
pub fn known_keys() -> &'static [String] {
    static KNOWN: LazyLock<Vec<String>> = LazyLock::new(|| {
        let mut names = Vec::new();
        below("", &mut names);
        names
    });
    &KNOWN
}

fn below(path: &str, names: &mut Vec<String>) {
    for member in members(path) {
        let name = join(path, member);
        names.push(name.clone());
        match find(&name).map(|(_, key)| key.kind) {
            Some(ValueKind::Distribution(forms)) => {
                names.extend(forms.iter().flat_map(|form| form_names(&name, form)));
            }
            Some(ValueKind::Fields(section)) => {
                names.extend(section.keys.iter().map(|key| join(&name, key.name)));
            }
            _ => {}
        }
        if section(&name).is_some() {
            below(&name, names);
        }
    }
}

fn form_names(key: &str, form: &Section) -> Vec<String> {
    let path = join(key, form.path);
    let parameters = form
        .keys
        .iter()
        .map(|parameter| join(&path, parameter.name));
    std::iter::once(path.clone()).chain(parameters).collect()
}

/// What may stand in the section at this path: its keys, the sections within it, and the older
/// names of keys that have moved.
pub(in crate::scenario) fn members(path: &str) -> Vec<&'static str> {
    let inside = |name: &'static str| {
        let (above, last) = name.rsplit_once('.').unwrap_or(("", name));
        (above == path && !last.is_empty()).then_some(last)
    };
    let keys = section(path).map_or(&[][..], |section| section.keys);
    let keys = keys.iter().map(|key| key.name);
    let sections = SECTIONS.iter().filter_map(|section| inside(section.path));
    let older = all().filter_map(|(_, key)| inside(key.also?));
    keys.chain(sections).chain(older).collect()
}

/// The other name of a key that has two, both in full.
pub(in crate::scenario) fn alias_of(name: &str) -> Option<String> {
    let (section, key) = find(name)?;
    let own = join(section.path, key.name);
    let older = key.also?;
    Some(if name == older { own } else { older.to_owned() })
}

/// Whether a key or section, named in full, is the same for all runs of a scenario.
pub(in crate::scenario) fn is_fixed(name: &str) -> bool {
    let first = name.split('.').next().unwrap_or(name);
    section(first).is_some_and(|section| section.fixed)
        || find(first).is_some_and(|(_, key)| key.fixed)
}

/// A name within a section, in full.
fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::future::{is_missing_word, missing_key};
    use super::*;

    #[test]
    fn no_name_stands_for_two_things() {
        let mut seen = std::collections::BTreeSet::new();
        for name in known_keys() {
            assert!(seen.insert(name), "{name} is declared twice");
        }
    }

    #[test]
    fn a_whole_number_is_told_without_a_fraction() {
        let fraction = |key: &&Key| key.default.is_some_and(|default| default.ends_with(".0"));
        let told: Vec<_> = all().map(|(_, key)| key).filter(fraction).collect();
        assert!(told.is_empty(), "{told:?}");
    }

    #[test]
    fn a_moved_key_is_found_by_both_names() {
        for (own, older) in [
            ("overlay.virtual_nodes", "chord.virtual_nodes"),
            ("overlay.rpc_timeout", "chord.rpc_timeout"),
            ("overlay.rpc_retries", "chord.rpc_retries"),
            ("overlay.request_timeout", "chord.lookup_timeout"),
        ] {
            let (section, key) = find(older).unwrap();
            assert_eq!(format!("{}.{}", section.path, key.name), own);
            assert_eq!(alias_of(own).as_deref(), Some(older));
            assert_eq!(alias_of(older).as_deref(), Some(own));
        }
        assert_eq!(alias_of("chord.routing"), None);
        assert_eq!(alias_of("chord"), None);
    }

    #[test]
    fn a_word_that_is_there_is_not_told_to_come() {
        for (section, key) in all() {
            let ValueKind::Word(words) = key.kind else {
                continue;
            };
            let name = join(section.path, key.name);
            for word in words {
                assert!(!is_missing_word(&name, word.name), "{name}: {}", word.name);
            }
        }
    }

    #[test]
    fn what_is_there_is_not_told_to_come() {
        let told: Vec<_> = known_keys()
            .iter()
            .filter(|name| missing_key(name).is_some())
            .collect();
        assert!(
            told.is_empty(),
            "remove from the list of what is to come: {told:?}"
        );
    }
}
