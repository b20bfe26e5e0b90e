//! `[[event]]`: what happens by script.

use super::key::{DURATION, Key, Section, ValueKind, count};
use super::value::{FromValue, Value};
use crate::engine::SimDuration;

/// What an event may do, for messages.
pub(crate) const DEEDS: &str = "join = <id>, leave = <id>, crash = <id>, lookup = { key = …, from = <id> }, \
     put = { key = …, value = \"…\", from = <id> }, get = { key = …, from = <id> }";

/// A place on the ring.
const ID: ValueKind = count(0, u64::MAX);

/// What is allowed of it besides.
const ON_THE_RING: &str = "below 2^`id_bits`";

section! {
    /// What happens by script, any number of them. Each has `at` and one of `join`, `leave`, `crash`, `lookup`, `put` and
    /// `get`; those due at the same moment happen in the order of the file, after faults. A peer is named by the identifier
    /// of its node, of several positions by that of the first.
    pub(crate) struct EventKeys, static EVENT = Section::list("event"), {
        /// When, counted from the end of the warm-up.
        at: Option<SimDuration>, DURATION, absent(Key::REQUIRED), limits("less than `duration`");
        /// A new peer joins, whose node has this identifier. Not with several `virtual_nodes`.
        join: Option<u64>, ID, limits(ON_THE_RING);
        /// With `join`: the identifier of the node that it asks.
        via: Option<u64>, ID, limits(ON_THE_RING), absent("the well-known node");
        /// This peer says goodbye and goes.
        leave: Option<u64>, ID, limits(ON_THE_RING);
        /// This peer goes without a word.
        crash: Option<u64>, ID, limits(ON_THE_RING);
    }
    without field {
        /// A node looks up the owner of a key.
        lookup, ValueKind::Fields(&ASK);
        /// A node puts a value under a key.
        put, ValueKind::Fields(&PUT);
        /// A node gets the value of a key.
        get, ValueKind::Fields(&ASK);
    }
}

section! {
    /// What is asked, and where.
    pub(crate) struct AskKeys, static ASK = Section::table("lookup"), {
        /// The key: a place on the ring, or a text, which is hashed like everything else (SHA-1, the leading `id_bits` bits).
        key: Option<GivenKey>, ValueKind::RingKey(&NAMED), absent(Key::REQUIRED);
        /// The name of a key that is given as a number, for `operations.csv`. A text is its own name.
        label: Option<String>, ValueKind::Text;
        /// The identifier of the node at which it is asked.
        from: Option<u64>, ID, limits(ON_THE_RING), absent(Key::REQUIRED);
    }
}

section! {
    /// What is put, and where.
    pub(crate) struct PutKeys, static PUT = Section::table("put"), {
        /// The key, as above.
        key: Option<GivenKey>, ValueKind::RingKey(&NAMED), absent(Key::REQUIRED);
        /// The name of a key that is given as a number, as above.
        label: Option<String>, ValueKind::Text;
        /// The value: a text, whose size is its length in bytes (UTF-8).
        value: Option<String>, ValueKind::Text, absent(Key::REQUIRED);
        /// The identifier of the node at which it is put.
        from: Option<u64>, ID, limits(ON_THE_RING), absent(Key::REQUIRED);
    }
}

section! {
    /// A key with a name.
    pub(crate) struct NamedKeys, static NAMED = Section::table("key"), {
        /// The key, a place on the ring.
        key: Option<u64>, ID, limits(ON_THE_RING), absent(Key::REQUIRED);
        /// Its name.
        label: Option<String>, ValueKind::Text;
    }
}

/// A key as it is written.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub(crate) enum GivenKey {
    /// A place on the ring.
    Place(u64),
    /// A text that is hashed.
    Text(String),
    /// A table with both, which is read apart.
    Named,
}

impl FromValue for GivenKey {
    fn from_value(value: Value) -> Self {
        match value {
            Value::Count(place) => Self::Place(place),
            Value::Text(text) => Self::Text(text),
            Value::Table => Self::Named,
            other => other.misfit(),
        }
    }
}
