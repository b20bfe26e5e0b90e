//! What a command names: nodes, places and keys; and what is said where there are none.

use std::collections::BTreeMap;

use super::account::names;
use super::command::Key;
use super::session::Session;
use crate::report::play::listed;
use crate::scenario::resolved::ScriptKey;
use crate::world::{RingId, Space, hashed};

/// The most nodes that a sentence names.
const NAMED_MAX: usize = 12;

impl Session {
    /// The node of this identifier, which is on the ring.
    ///
    /// # Errors
    /// A sentence that says who is.
    pub(super) fn member(&self, id: u64) -> Result<u64, String> {
        if self.moment.nodes.contains_key(&id) {
            return Ok(id);
        }
        if self.moment.joining.contains(&id) {
            return Err(format!(
                "Node {id} is up, but not on the ring yet: let time pass with `run 10s` or `step`."
            ));
        }
        Err(format!(
            "There is no node {id} on the ring: {}.",
            self.who_is_there()
        ))
    }

    /// Those on the ring, in words.
    pub(super) fn who_is_there(&self) -> String {
        if self.moment.nodes.is_empty() {
            return "nobody is there".to_owned();
        }
        let ids = self.moment.nodes.keys().map(ToString::to_string);
        format!("there are {}", listed(ids, NAMED_MAX))
    }

    /// Whether a place is on the ring.
    ///
    /// # Errors
    /// A sentence that says which are.
    pub(super) fn place(&self, place: u64) -> Result<u64, String> {
        let last = self.moment.last();
        if place <= last {
            return Ok(place);
        }
        Err(format!(
            "{place} is not on the ring, whose places are 0 to {last}. A text in quotes, \"{place}\", is hashed to one of them."
        ))
    }

    /// A key as it was typed, with its place and name.
    ///
    /// # Errors
    /// A sentence, if the place is not on the ring, or a name would be used for two.
    pub(super) fn key(&self, key: &Key) -> Result<ScriptKey, String> {
        let names = names(self.scenario());
        let place_of = |name: &String| {
            names
                .iter()
                .find(|(_, it)| *it == name)
                .map(|(place, _)| *place)
        };
        match key {
            Key::Place(place) => {
                let place = self.place(*place)?;
                let label = names.get(&place).cloned();
                Ok(ScriptKey { place, label })
            }
            Key::Name(name) => {
                let space = Space::new(self.moment.bits);
                let RingId(hash) = hashed(space, name.as_bytes());
                let place = place_of(name).unwrap_or(hash);
                named(name, place, &names)
            }
            Key::Named(name, place) => {
                let place = self.place(*place)?;
                if let Some(other) = place_of(name).filter(|other| *other != place) {
                    return Err(format!(
                        "\"{name}\" is the name of key {other} already: write {name} alone for that one, or choose another name for {place}."
                    ));
                }
                named(name, place, &names)
            }
        }
    }

    /// Asks for a place that nobody has.
    ///
    /// # Errors
    /// A sentence that names a free one.
    pub(super) fn free(&self, id: u64) -> Result<(), String> {
        let moment = &self.moment;
        self.place(id)?;
        let taken = |id: &u64| moment.nodes.contains_key(id) || moment.joining.contains(id);
        if !taken(&id) {
            return Ok(());
        }
        let next = (id..=moment.last()).chain(0..id).find(|id| !taken(id));
        let remedy = next.map_or_else(
            || "the ring is full".to_owned(),
            |next| format!("choose another place, such as {next}, or let it leave or crash first"),
        );
        Err(format!("Node {id} is there already: {remedy}."))
    }

    /// A node that is up, on the ring or not.
    ///
    /// # Errors
    /// A sentence that says who is there.
    pub(super) fn up(&self, id: u64) -> Result<u64, String> {
        if self.moment.joining.contains(&id) {
            return Ok(id);
        }
        self.member(id)
    }
}

/// A key that is called so, unless it is called otherwise.
fn named(name: &str, place: u64, names: &BTreeMap<u64, String>) -> Result<ScriptKey, String> {
    match names.get(&place) {
        Some(other) if other != name => Err(format!(
            "Key {place} is called \"{other}\" already, and a key has one name: write {other} or {place}, or choose another \
             text."
        )),
        _ => Ok(ScriptKey {
            place,
            label: Some(name.to_owned()),
        }),
    }
}
