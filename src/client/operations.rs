//! Puts and gets: which versions there are of each key, and what has become of the requests under way. A put or get is a
//! request that goes on once the owner of its key has been found.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ledger::Answer;
use crate::catalogue::OperationOutcome;
use crate::engine::SimTime;
use crate::world::{Action, RingId};

/// The versions of a key that users know of.
#[derive(Clone, Copy, Default, Debug)]
struct Versions {
    /// How often it was put.
    begun: u32,
    /// The newest version whose put was stored.
    stored: u32,
}

/// A put or get.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct OperationState {
    /// What is done.
    pub action: Action,
    /// The newest version that was stored when it began.
    pub newest_stored: u32,
    /// How the owner was found; `None`: it was not (yet).
    pub found: Option<Answer>,
    /// When the nodes that keep copies were asked.
    pub asked: Option<SimTime>,
    /// Calls of it that were not answered in time, as far as the overlay has told.
    pub timeouts: u32,
    /// How many nodes have acknowledged or answered.
    pub answers: u8,
    /// The version that was read, or written; 0 if none was.
    pub version: u32,
    /// The size of the value that was read.
    pub bytes_read: Option<u32>,
    /// How it ended.
    pub outcome: OperationOutcome,
}

/// All puts and gets of one run that are not over, and what is known of keys.
#[derive(Default)]
pub struct Operations {
    states: BTreeMap<u64, OperationState>,
    versions: BTreeMap<RingId, Versions>,
    /// What the keys of those under way are called, where they have names.
    labels: BTreeMap<u64, Arc<str>>,
    /// The values that are texts, by key and version. Of others only the size is known.
    texts: BTreeMap<(RingId, u32), Arc<str>>,
}

impl Operations {
    /// A put of a value of so many bytes begins.
    pub fn begin_put(&mut self, ticket: u64, key: RingId, bytes: u32) {
        let versions = self.versions.entry(key).or_default();
        versions.begun += 1;
        let version = versions.begun;
        self.begin(ticket, key, Action::Put { version, bytes }, version);
    }

    /// A get begins.
    pub fn begin_get(&mut self, ticket: u64, key: RingId) {
        self.begin(ticket, key, Action::Get, 0);
    }

    fn begin(&mut self, ticket: u64, key: RingId, action: Action, version: u32) {
        let state = OperationState {
            action,
            newest_stored: self.newest_stored(key),
            found: None,
            asked: None,
            timeouts: 0,
            answers: 0,
            version,
            bytes_read: None,
            outcome: OperationOutcome::Failed,
        };
        self.states.insert(ticket, state);
    }

    /// The value of the put with this ticket is this text.
    pub fn keep_text(&mut self, ticket: u64, key: RingId, text: &str) {
        if let Some(state) = self.states.get(&ticket) {
            self.texts.insert((key, state.version), text.into());
        }
    }

    /// The text that is this version of a key's value; `None` if it is none.
    #[must_use]
    pub fn text(&self, key: RingId, version: u32) -> Option<&str> {
        self.texts.get(&(key, version)).map(AsRef::as_ref)
    }

    /// The key of the put or get with this ticket is called so.
    pub fn call(&mut self, ticket: u64, label: Arc<str>) {
        self.labels.insert(ticket, label);
    }

    /// A key has been stored without any user's doing.
    pub fn preloaded(&mut self, key: RingId) {
        let versions = self.versions.entry(key).or_default();
        versions.begun = versions.begun.max(1);
        versions.stored = versions.stored.max(1);
    }

    /// The newest version of a key whose put was stored; 0 if none was.
    #[must_use]
    pub fn newest_stored(&self, key: RingId) -> u32 {
        self.versions
            .get(&key)
            .map_or(0, |versions| versions.stored)
    }

    /// The put was stored.
    pub fn stored(&mut self, key: RingId, version: u32) {
        let versions = self.versions.entry(key).or_default();
        versions.stored = versions.stored.max(version);
    }

    /// The nodes that keep copies are asked now.
    pub fn asked(&mut self, ticket: u64, now: SimTime) {
        if let Some(state) = self.states.get_mut(&ticket) {
            state.asked = Some(now);
        }
    }

    /// Whether there is no put or get.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// The put or get with this ticket.
    #[must_use]
    pub fn get(&self, ticket: u64) -> Option<&OperationState> {
        self.states.get(&ticket)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, ticket: u64) -> Option<&mut OperationState> {
        self.states.get_mut(&ticket)
    }

    /// Takes out the put or get with this ticket, which is over, and what its key is called.
    pub fn take(&mut self, ticket: u64) -> Option<(OperationState, Option<Arc<str>>)> {
        let state = self.states.remove(&ticket)?;
        Some((state, self.labels.remove(&ticket)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_version_keeps_its_text() {
        let mut operations = Operations::default();
        let key = RingId(120);
        for (ticket, text) in [(4, "first"), (5, "second")] {
            operations.begin_put(ticket, key, text.len() as u32);
            operations.keep_text(ticket, key, text);
        }
        operations.begin_put(6, key, 1024);
        assert_eq!(operations.text(key, 1), Some("first"));
        assert_eq!(operations.text(key, 2), Some("second"));
        assert_eq!(operations.text(key, 3), None, "only its size is known");
        assert_eq!(operations.text(RingId(5), 1), None);
    }

    #[test]
    fn a_name_goes_with_its_operation() {
        let mut operations = Operations::default();
        operations.begin_get(7, RingId(120));
        operations.begin_get(8, RingId(120));
        operations.call(7, "alice".into());
        let label = |taken: Option<(OperationState, Option<Arc<str>>)>| taken.unwrap().1;
        assert_eq!(label(operations.take(7)).as_deref(), Some("alice"));
        assert_eq!(label(operations.take(8)), None);
        assert!(operations.is_empty() && operations.take(7).is_none());
    }
}
