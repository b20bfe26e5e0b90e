//! What there is at a moment of a run, as plain data.

use std::collections::BTreeMap;

use super::paint::Paint;
use crate::world::{RingId, Space};

/// What there is at a moment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Moment {
    /// The ring has 2^`bits` places.
    pub bits: u32,
    /// Those on the ring, by their identifiers.
    pub nodes: BTreeMap<u64, Node>,
    /// Those that are up and not on the ring yet.
    pub joining: Vec<u64>,
    /// What keys are called.
    pub names: BTreeMap<u64, String>,
}

/// What a node knows and keeps. Other nodes are named by their identifiers, whether they are there or not.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Node {
    /// The node before it.
    pub predecessor: Option<u64>,
    /// The nodes behind it, nearest first.
    pub successors: Vec<u64>,
    /// The finger table; empty if there is none.
    pub fingers: Vec<Option<u64>>,
    /// The copies that it keeps, by key.
    pub copies: Vec<Copy>,
}

/// A copy of a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Copy {
    pub key: u64,
    pub version: u32,
    pub bytes: u32,
    /// The value, if it is a text.
    pub text: Option<String>,
}

impl Moment {
    pub(super) fn space(&self) -> Space {
        Space::new(self.bits)
    }

    /// The last place of the ring.
    pub(crate) fn last(&self) -> u64 {
        self.space().last()
    }

    /// The node that owns a key in truth: the first at or after it.
    pub(crate) fn owner(&self, key: u64) -> Option<u64> {
        let mut behind = self.nodes.range(key..).chain(self.nodes.iter());
        behind.next().map(|(id, _)| *id)
    }

    /// The node before another, in truth.
    pub(super) fn before(&self, id: u64) -> Option<u64> {
        let lower = self.nodes.range(..id).next_back();
        lower
            .or_else(|| self.nodes.last_key_value())
            .map(|(id, _)| *id)
    }

    /// Where finger `i` of a node begins.
    pub(super) fn start(&self, id: u64, i: u32) -> u64 {
        self.space().finger_start(RingId(id), i).0
    }

    /// A node, painted as one that is there or not.
    pub(crate) fn painted(&self, id: u64, paint: Paint) -> String {
        if self.nodes.contains_key(&id) || self.joining.contains(&id) {
            paint.node(id)
        } else {
            format!("{} (gone)", paint.gone(id))
        }
    }

    /// A key by its name and place, or by its place alone.
    pub(crate) fn key(&self, key: u64, paint: Paint) -> String {
        match self.names.get(&key) {
            Some(name) => paint.key(format!("{name} ({key})")),
            None => paint.key(key),
        }
    }

    /// The keys of a node that has this predecessor.
    pub(super) fn range(&self, after: u64, upto: u64, paint: Paint) -> String {
        let first = after.wrapping_add(1) & self.last();
        if first == upto {
            return paint.key(upto);
        }
        let upto_end = |first, upto| format!("{} … {}", paint.key(first), paint.key(upto));
        if first <= upto {
            upto_end(first, upto)
        } else if first == self.last() {
            format!("{} and {}", paint.key(first), upto_end(0, upto))
        } else {
            format!("{} and {}", upto_end(first, self.last()), upto_end(0, upto))
        }
    }

    /// The keys that a node owns in truth.
    pub(crate) fn own_keys(&self, id: u64, paint: Paint) -> String {
        let before = self.before(id).unwrap_or(id);
        self.range(before, id, paint)
    }
}

impl Copy {
    /// The value, or what is known of it.
    pub(crate) fn told(&self, paint: Paint) -> String {
        match &self.text {
            Some(text) => paint.value(format!("\"{text}\"")),
            None => paint.value(format!("{} bytes", self.bytes)),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The lecture's ring at rest.
    pub(in crate::report::play) fn lecture() -> Moment {
        let node = |predecessor, successors: &[u64]| Node {
            predecessor: Some(predecessor),
            successors: successors.to_vec(),
            ..Node::default()
        };
        let mut nodes = BTreeMap::from([
            (32, node(124, &[98, 124])),
            (98, node(32, &[124, 32])),
            (124, node(98, &[32, 98])),
        ]);
        let alice = Copy {
            key: 120,
            version: 1,
            bytes: 5,
            text: Some("hello".to_owned()),
        };
        nodes.get_mut(&124).unwrap().copies.push(alice);
        Moment {
            bits: 7,
            nodes,
            joining: Vec::new(),
            names: BTreeMap::from([(120, "alice".to_owned())]),
        }
    }

    #[test]
    fn who_owns_what_on_the_lectures_ring() {
        let (ring, plain) = (lecture(), Paint::new(false));
        assert_eq!(ring.owner(120), Some(124));
        assert_eq!(ring.owner(125), Some(32), "around the ring");
        assert_eq!(ring.own_keys(98, plain), "33 … 98");
        assert_eq!(ring.own_keys(32, plain), "125 … 127 and 0 … 32");
        assert_eq!(ring.key(120, plain), "alice (120)");
        assert_eq!(ring.key(7, plain), "7");
    }

    #[test]
    fn ranges_that_are_short_or_all() {
        let (ring, plain) = (lecture(), Paint::new(false));
        assert_eq!(ring.range(31, 32, plain), "32");
        assert_eq!(ring.range(127, 3, plain), "0 … 3");
        assert_eq!(ring.range(126, 3, plain), "127 and 0 … 3");
        assert_eq!(ring.range(32, 32, plain), "33 … 127 and 0 … 32", "all");
        assert_eq!(ring.range(127, 127, plain), "0 … 127", "all");
    }
}
