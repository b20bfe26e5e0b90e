//! The copies that one node keeps.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included, Unbounded};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::engine::SimTime;
use crate::overlay::{Arc, Item};
use crate::world::{CallId, NodeIdx, RingId};

/// A copy.
#[derive(Clone, Copy, Debug)]
struct Kept {
    version: u32,
    bytes: u32,
    /// When an owner last asked about it, or when it came: in seconds.
    asked: u32,
}

/// Keys that were sent to a node that has joined.
#[derive(Clone, Copy, Debug)]
pub(super) struct HandedOver {
    /// The call that carried them: its receipt and no other is theirs.
    pub call: CallId,
    pub to: NodeIdx,
    pub arc: Arc,
    /// Of the copies that were sent.
    pub digest: u64,
}

/// How far the present repair has come.
#[derive(Clone, Debug)]
pub(super) struct Round {
    pub number: u32,
    /// The keys that are compared.
    pub arc: Arc,
    /// Their digest when the round began.
    pub digest: u64,
    /// How many other nodes should keep copies.
    pub wanted: u8,
    /// The nodes that were told of the digest.
    pub asked: Vec<NodeIdx>,
    /// How many of these are known to have the same.
    pub same: u8,
    /// How many of them have been asked for copies that the owner itself lacks, and have not sent these yet.
    pub awaited: u8,
}

/// What a node keeps, and what it remembers about that.
#[derive(Default, Debug)]
pub(super) struct Shelf {
    copies: BTreeMap<RingId, Kept>,
    /// The last predecessor that it knew.
    pub predecessor: Option<RingId>,
    pub handed_over: Vec<HandedOver>,
    pub round: Option<Round>,
    /// Who has declined to keep copies since this node last began to repair.
    pub declined: Vec<NodeIdx>,
    /// The node that was last told that it need not keep the keys of this arc.
    pub released: Option<(NodeIdx, Arc)>,
}

fn seconds(at: SimTime) -> u32 {
    u32::try_from(at.0 / 1_000_000_000).unwrap_or(u32::MAX)
}

impl Round {
    /// Whether all who should keep copies are known to have the same.
    pub(super) fn is_complete(&self) -> bool {
        self.same == self.wanted
    }
}

impl Shelf {
    /// Keeps a copy, unless there is one of this version or a higher one. Returns whether there was none of any version.
    pub(super) fn keep(&mut self, item: Item, now: SimTime) -> bool {
        let kept = Kept {
            version: item.version,
            bytes: item.bytes,
            asked: seconds(now),
        };
        let mut is_new = false;
        let place = self.copies.entry(item.key).or_insert_with(|| {
            is_new = true;
            kept
        });
        if place.version < item.version {
            *place = kept;
        }
        is_new
    }

    /// The copy of a key: with version 0 if there is none.
    pub(super) fn copy_of(&self, key: RingId) -> Item {
        let kept = self.copies.get(&key);
        Item {
            key,
            version: kept.map_or(0, |kept| kept.version),
            bytes: kept.map_or(0, |kept| kept.bytes),
        }
    }

    /// Removes a copy. Returns whether there was one.
    pub(super) fn remove(&mut self, key: RingId) -> bool {
        self.copies.remove(&key).is_some()
    }

    /// Takes out everything.
    pub(super) fn clear(&mut self) -> impl Iterator<Item = RingId> + use<> {
        std::mem::take(self).copies.into_keys()
    }

    pub(super) fn len(&self) -> usize {
        self.copies.len()
    }

    /// All copies, by their keys.
    pub(super) fn all(&self) -> impl Iterator<Item = Item> + '_ {
        self.copies.iter().map(item)
    }

    /// The copies whose keys lie on an arc, clockwise.
    pub(super) fn on(&self, arc: Arc) -> impl Iterator<Item = Item> + '_ {
        let Arc { after, upto } = arc;
        let (first, second) = if after < upto {
            ((Excluded(after), Included(upto)), None)
        } else {
            (
                (Excluded(after), Unbounded),
                Some((Unbounded, Included(upto))),
            )
        };
        let second = second
            .into_iter()
            .flat_map(|range| self.copies.range(range));
        self.copies.range(first).chain(second).map(item)
    }

    /// A digest of the copies on an arc.
    pub(super) fn digest(&self, arc: Arc) -> u64 {
        digest_of(self.on(arc))
    }

    /// An owner asks about the copies on an arc.
    pub(super) fn asked(&mut self, arc: Arc, now: SimTime) {
        let Arc { after, upto } = arc;
        let asked = seconds(now);
        let mut ask = |range| {
            let range: (_, _) = range;
            for (_, kept) in self.copies.range_mut::<RingId, _>(range) {
                kept.asked = asked;
            }
        };
        if after < upto {
            ask((Excluded(after), Included(upto)));
        } else {
            ask((Excluded(after), Unbounded));
            ask((Unbounded, Included(upto)));
        }
    }

    /// At most so many copies that no owner has asked about since then, clockwise from a position.
    pub(super) fn unasked(
        &self,
        since: SimTime,
        from: RingId,
        most: usize,
    ) -> impl Iterator<Item = Item> + '_ {
        let since = seconds(since);
        let clockwise = self.copies.range(from..).chain(self.copies.range(..from));
        let unasked = clockwise.filter(move |(_, kept)| kept.asked < since);
        unasked.map(item).take(most)
    }
}

/// A digest of copies, whatever their order. Two different ones are alike with the probability 2^-64.
pub(super) fn digest_of(items: impl IntoIterator<Item = Item>) -> u64 {
    items.into_iter().fold(0, |digest, item| {
        digest.wrapping_add(xxh3_64_with_seed(
            &item.key.0.to_le_bytes(),
            u64::from(item.version),
        ))
    })
}

fn item((key, kept): (&RingId, &Kept)) -> Item {
    Item {
        key: *key,
        version: kept.version,
        bytes: kept.bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf(keys: &[u64]) -> Shelf {
        let mut shelf = Shelf::default();
        for key in keys {
            let item = Item {
                key: RingId(*key),
                version: 1,
                bytes: 10,
            };
            assert!(shelf.keep(item, SimTime::ZERO));
        }
        shelf
    }

    fn keys(items: impl Iterator<Item = Item>) -> Vec<u64> {
        items.map(|item| item.key.0).collect()
    }

    fn arc(after: u64, upto: u64) -> Arc {
        Arc {
            after: RingId(after),
            upto: RingId(upto),
        }
    }

    #[test]
    fn an_arc_may_wrap_around_and_may_be_the_whole_ring() {
        let shelf = shelf(&[10, 20, 30, 40]);
        assert_eq!(keys(shelf.on(arc(10, 30))), [20, 30]);
        assert_eq!(keys(shelf.on(arc(30, 10))), [40, 10]);
        assert_eq!(keys(shelf.on(arc(20, 20))), [30, 40, 10, 20]);
        assert_eq!(keys(shelf.on(arc(11, 19))), [0; 0]);
    }

    #[test]
    fn the_higher_version_stays() {
        let mut shelf = shelf(&[5]);
        let item = |version, bytes| Item {
            key: RingId(5),
            version,
            bytes,
        };
        assert!(!shelf.keep(item(3, 7), SimTime::ZERO));
        assert!(!shelf.keep(item(2, 9), SimTime::ZERO));
        assert_eq!(shelf.copy_of(RingId(5)), item(3, 7));
        assert_eq!(shelf.copy_of(RingId(6)).version, 0);
        assert!(shelf.remove(RingId(5)) && !shelf.remove(RingId(5)));
    }

    #[test]
    fn a_digest_tells_keys_and_versions_apart_and_not_their_order() {
        let whole = arc(0, 0);
        let (one, two) = (shelf(&[1, 2, 3]), shelf(&[3, 1, 2]));
        assert_eq!(one.digest(whole), two.digest(whole));
        assert_ne!(one.digest(whole), one.digest(arc(0, 2)));
        let mut three = shelf(&[1, 2, 3]);
        three.keep(
            Item {
                key: RingId(2),
                version: 2,
                bytes: 1,
            },
            SimTime::ZERO,
        );
        assert_ne!(one.digest(whole), three.digest(whole));
    }

    #[test]
    fn copies_that_no_owner_asks_about_are_found() {
        let mut shelf = shelf(&[1, 2, 3, 4]);
        let at = |seconds: u64| SimTime(seconds * 1_000_000_000);
        shelf.asked(arc(4, 1), at(90));
        shelf.asked(arc(2, 3), at(100));
        assert_eq!(keys(shelf.unasked(at(95), RingId(3), 10)), [4, 1, 2]);
        assert_eq!(keys(shelf.unasked(at(95), RingId(3), 2)), [4, 1]);
        assert_eq!(keys(shelf.unasked(at(101), RingId(1), 10)), [1, 2, 3, 4]);
    }
}
