//! What a scenario may be expected to know and this version does not have: the one list of names
//! that are refused with "not available" in place of "unknown". What becomes available leaves it.

/// A name, by the key it belongs to.
struct Future {
    key: &'static str,
    what: What,
}

enum What {
    /// A section with the parameters of a model, which is chosen by another key.
    Parameters { of: &'static str },
    /// These words, of a key that is there.
    Words(&'static [&'static str]),
}

const fn parameters(key: &'static str, of: &'static str) -> Future {
    let what = What::Parameters { of };
    Future { key, what }
}

const fn words(key: &'static str, words: &'static [&'static str]) -> Future {
    let what = What::Words(words);
    Future { key, what }
}

static FUTURE: &[Future] = &[
    words(
        "overlay.protocol",
        &["kademlia", "one-hop", "client-server"],
    ),
    parameters("kademlia", "overlay.protocol"),
    parameters("one-hop", "overlay.protocol"),
    parameters("client-server", "overlay.protocol"),
];

/// What is told about a key that is not available.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::scenario) enum Missing {
    /// What may be chosen by this key instead.
    Parameters {
        /// In full.
        of: &'static str,
    },
}

/// What is known of a key, named in full, that no section has.
pub(in crate::scenario) fn missing_key(key: &str) -> Option<Missing> {
    of(key).find_map(|what| match what {
        What::Parameters { of } => Some(Missing::Parameters { of }),
        What::Words(_) => None,
    })
}

/// Whether this word is known for a key, named in full, that has no such word.
pub(in crate::scenario) fn is_missing_word(key: &str, word: &str) -> bool {
    of(key).any(|what| matches!(what, What::Words(words) if words.contains(&word)))
}

fn of(key: &str) -> impl Iterator<Item = &'static What> {
    let named = move |future: &&Future| future.key == key;
    FUTURE.iter().filter(named).map(|future| &future.what)
}
