//! All live members in the order of their identifiers. No node has this knowledge.
//!
//! Every lookup asks who owns its key. So the members stand in buckets by their leading bits, a few in each.
//! However many members there are, one of them is found in one or two places of memory that lie side by
//! side.
//!
//! That holds where identifiers are spread evenly, as hashed ones are. A scenario may give a list of others: where they
//! crowd into few buckets or leave long stretches empty, the members stand in a tree instead.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::index::{NodeIdx, RingId};
use super::ring::Space;
use crate::engine::{prefetch_all, resize_huge};

/// The most members that a bucket holds on average.
const BUCKET_MEAN_MAX: usize = 5;

/// The most buckets for each member: with as many, more than half of them are empty.
const BUCKETS_PER_MEMBER_MAX: usize = 2;

/// Up to this many members stand in the bucket itself; if there are more, all of them stand elsewhere.
const BUCKET_INLINE: usize = 7;

/// The most members in one bucket, and the most empty ones in a row, with which members still stand in buckets. Hashed
/// identifiers come to neither.
const UNEVEN: usize = 64;

/// A live member: its identifier and the node.
pub type Member = (RingId, NodeIdx);

/// The members of one bucket, in order. Two cache lines.
#[derive(Clone, Default)]
#[repr(align(64))]
struct Bucket(SmallVec<[Member; BUCKET_INLINE]>);

const _: () = assert!(size_of::<Bucket>() <= 128);

/// All live members in the order of their identifiers.
pub struct Directory {
    /// The buckets in order; a bucket holds the members whose identifiers have the same leading bits.
    buckets: Vec<Bucket>,
    /// An identifier shifted right by this many bits is the number of its bucket.
    shift: u32,
    bits: u32,
    len: usize,
    member: Vec<bool>,
    /// All members, if they are spread so unevenly that they do not stand in buckets. Then there is one bucket, and it
    /// is empty.
    tree: Option<BTreeMap<RingId, NodeIdx>>,
}

impl Directory {
    /// A directory without members.
    #[must_use]
    pub fn new(space: Space) -> Self {
        Self {
            buckets: vec![Bucket::default()],
            shift: space.bits(),
            bits: space.bits(),
            len: 0,
            member: Vec::new(),
            tree: None,
        }
    }

    /// The members that are there from the start, sorted by identifier.
    #[must_use]
    pub fn of(space: Space, members: &[Member]) -> Self {
        let mut directory = Self::new(space);
        directory.deal(members.iter().copied(), members.len());
        for (_, node) in members {
            set(&mut directory.member, *node, true);
        }
        directory
    }

    /// Deals members, given in order, into as many buckets as needed.
    fn deal(&mut self, members: impl Iterator<Item = Member>, len: usize) {
        let wanted = len
            .div_ceil(BUCKET_MEAN_MAX)
            .next_power_of_two()
            .trailing_zeros();
        let leading = wanted.min(self.bits);
        self.shift = self.bits - leading;
        self.buckets.clear();
        resize_huge(&mut self.buckets, 1 << leading, Bucket::default());
        self.len = len;
        for member in members {
            let bucket = self.bucket(member.0);
            self.buckets[bucket].0.push(member);
        }
        if self.is_uneven() {
            self.plant();
        }
    }

    /// Whether a search may have to look at many places.
    fn is_uneven(&self) -> bool {
        let mut empty = 0;
        self.len > UNEVEN
            && self.buckets.iter().any(|Bucket(bucket)| {
                empty = if bucket.is_empty() { empty + 1 } else { 0 };
                bucket.len() > UNEVEN || empty > UNEVEN
            })
    }

    /// Lets all members stand in a tree.
    fn plant(&mut self) {
        self.tree = Some(self.iter().collect());
        self.buckets = vec![Bucket::default()];
        self.shift = self.bits;
    }

    /// Deals all members again, if they have become too many or too few for the buckets.
    fn deal_again(&mut self) {
        let members: Vec<Member> = self.iter().collect();
        self.deal(members.iter().copied(), members.len());
    }

    fn bucket(&self, id: RingId) -> usize {
        // The processor ignores a shift by all 64 bits.
        id.0.checked_shr(self.shift).unwrap_or(0) as usize
    }

    /// A node has become a member.
    pub fn insert(&mut self, id: RingId, node: NodeIdx) {
        set(&mut self.member, node, true);
        if let Some(tree) = &mut self.tree {
            tree.insert(id, node);
            self.len = tree.len();
            return;
        }
        let bucket = self.bucket(id);
        let Bucket(bucket) = &mut self.buckets[bucket];
        match bucket.binary_search_by_key(&id, |(id, _)| *id) {
            Ok(place) => bucket[place].1 = node,
            Err(place) => {
                bucket.insert(place, (id, node));
                self.len += 1;
            }
        }
        if bucket.len() > UNEVEN && self.shift > 0 {
            self.plant();
        } else if self.len > BUCKET_MEAN_MAX * self.buckets.len() && self.shift > 0 {
            self.deal_again();
        }
    }

    /// A node has ceased to be a member. Harmless if it was no member.
    pub fn remove(&mut self, id: RingId, node: NodeIdx) {
        if !self.is_member(node) {
            return;
        }
        self.member[node.at()] = false;
        if let Some(tree) = &mut self.tree {
            tree.remove(&id);
            self.len = tree.len();
            return;
        }
        let bucket = self.bucket(id);
        let Bucket(bucket) = &mut self.buckets[bucket];
        let before = bucket.len();
        bucket.retain(|(other, _)| *other != id);
        self.len -= before - bucket.len();
        // Where most have gone, a search would walk through empty buckets.
        if self.len * BUCKETS_PER_MEMBER_MAX < self.buckets.len() {
            self.deal_again();
        }
    }

    /// Whether a node is a live member.
    #[must_use]
    pub fn is_member(&self, node: NodeIdx) -> bool {
        self.member.get(node.at()).copied().unwrap_or(false)
    }

    /// Whether a member has this identifier.
    #[must_use]
    pub fn holds(&self, id: RingId) -> bool {
        self.at_or_after(id).map(|(found, _)| found) == Some(id)
    }

    /// Asks for the memory of the member at or after an identifier. This is the bucket of the identifier or,
    /// if all its members lie before the identifier, the next bucket.
    pub fn prefetch(&self, id: RingId) {
        let bucket = self.bucket(id);
        let end = self.buckets.len().min(bucket + 2);
        prefetch_all(&self.buckets[bucket..end]);
    }

    /// The first member at or after an identifier; after the greatest identifier comes the least.
    #[must_use]
    pub fn at_or_after(&self, id: RingId) -> Option<Member> {
        // The member is mostly in the bucket of the identifier.
        let near = self.buckets[self.bucket(id)].0.iter();
        let near = near.copied().find(|(other, _)| *other >= id);
        near.or_else(|| self.elsewhere_from(id))
    }

    /// The first member at or after an identifier whose bucket has none.
    fn elsewhere_from(&self, id: RingId) -> Option<Member> {
        let Some(tree) = &self.tree else {
            return self.in_buckets_from(id).next();
        };
        let (id, node) = tree.range(id..).chain(tree.first_key_value()).next()?;
        Some((*id, *node))
    }

    /// The member that follows the identifier `id` on the ring.
    #[must_use]
    pub fn next(&self, id: RingId) -> Option<NodeIdx> {
        let mut onwards = self.clockwise_from(id);
        let (first_id, first) = onwards.next()?;
        if first_id != id {
            return Some(first);
        }
        // A member alone on the ring follows itself.
        Some(onwards.next().map_or(first, |(_, second)| second))
    }

    /// The identifier of the last member before `id`.
    #[must_use]
    pub fn before(&self, id: RingId) -> Option<RingId> {
        if let Some(tree) = &self.tree {
            let lower = tree.range(..id).next_back().or(tree.last_key_value());
            return lower.map(|(id, _)| *id);
        }
        let bucket = self.bucket(id);
        let lower = self.buckets[bucket]
            .0
            .iter()
            .rev()
            .find(|(other, _)| *other < id);
        let earlier = || {
            self.buckets[..bucket]
                .iter()
                .rev()
                .find_map(|bucket| bucket.0.last())
        };
        let last = || self.buckets.iter().rev().find_map(|bucket| bucket.0.last());
        lower.or_else(earlier).or_else(last).map(|(id, _)| *id)
    }

    /// All members, clockwise from the first at or after `id`, each once.
    pub fn clockwise_from(&self, id: RingId) -> impl Iterator<Item = Member> + '_ {
        let tree = self.tree.iter();
        let tree = tree.flat_map(move |tree| tree.range(id..).chain(tree.range(..id)));
        let tree = tree.map(|(id, node)| (*id, *node));
        tree.chain(self.in_buckets_from(id))
    }

    fn in_buckets_from(&self, id: RingId) -> impl Iterator<Item = Member> + '_ {
        let bucket = self.bucket(id);
        let (Bucket(first), others) = (&self.buckets[bucket], &self.buckets);
        let cut = first.partition_point(|(other, _)| *other < id);
        let onwards = others[bucket + 1..]
            .iter()
            .chain(&others[..bucket])
            .flat_map(|bucket| &bucket.0);
        let all = first[cut..].iter().chain(onwards).chain(&first[..cut]);
        all.copied()
    }

    /// All members, clockwise from the least identifier.
    pub fn iter(&self) -> impl Iterator<Item = Member> + '_ {
        let tree = self.tree.iter().flatten();
        let tree = tree.map(|(id, node)| (*id, *node));
        tree.chain(self.buckets.iter().flat_map(|bucket| &bucket.0).copied())
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

fn set(member: &mut Vec<bool>, node: NodeIdx, value: bool) {
    if member.len() <= node.at() {
        member.resize(node.at() + 1, false);
    }
    member[node.at()] = value;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::collections::btree_map::Entry;

    use rand::RngExt as _;

    use super::*;
    use crate::engine::{Stream, stream};

    /// Members come and go; a sorted map gives the same answers for every key.
    #[test]
    fn buckets_say_what_a_sorted_map_says() {
        let mut rng = stream(3, Stream::Protocol);
        // Identifiers of 64 bits that begin with so many zeros crowd together.
        for (bits, zeros) in [(3, 0), (7, 0), (20, 0), (64, 0), (64, 4), (64, 8), (64, 40)] {
            let space = Space::new(bits);
            let (mut directory, mut map) = (Directory::new(space), BTreeMap::new());
            for step in 0..3000_u32 {
                let id = space.leading(rng.random::<u64>() >> zeros);
                // Few come and many go in the second half.
                if rng.random_range(0..3000) > step {
                    if let Entry::Vacant(place) = map.entry(id) {
                        directory.insert(id, NodeIdx(step));
                        place.insert(NodeIdx(step));
                    }
                } else if let Some((id, node)) = map.range(id..).next().map(|(id, n)| (*id, *n)) {
                    directory.remove(id, node);
                    map.remove(&id);
                }
                let key = space.leading(rng.random::<u64>() >> rng.random_range(0..=zeros));
                let all: Vec<_> = map.iter().map(|(id, node)| (*id, *node)).collect();
                let cut = all.partition_point(|(id, _)| *id < key);
                let around = [&all[cut..], &all[..cut]].concat();
                assert_eq!(directory.at_or_after(key), around.first().copied());
                assert_eq!(directory.before(key), around.last().map(|(id, _)| *id));
                let next = around.iter().find(|(id, _)| *id != key);
                assert_eq!(
                    directory.next(key),
                    next.or(around.first()).map(|(_, n)| *n)
                );
                assert_eq!(directory.holds(key), map.contains_key(&key));
                assert_eq!(
                    (directory.len(), directory.is_empty()),
                    (map.len(), map.is_empty())
                );
                if step % 100 == 0 {
                    assert!(directory.clockwise_from(key).eq(around));
                    assert!(directory.iter().eq(all));
                }
            }
        }
    }

    /// The most places that a search in buckets may look at: all of the fullest one, or all that are empty in a row.
    /// In a tree it is some twenty for a million.
    fn most_looked_at(directory: &Directory) -> usize {
        let (mut empty, mut most) = (0, 0);
        let twice = directory.buckets.iter().chain(&directory.buckets);
        for Bucket(bucket) in twice.filter(|_| directory.tree.is_none()) {
            empty = if bucket.is_empty() { empty + 1 } else { 0 };
            most = most.max(empty).max(bucket.len());
        }
        most
    }

    /// Ids from 0 on, all in a sixteenth of the ring, at both ends of it, and evenly spread ones: given at once or one by
    /// one, and when nearly all have left again.
    #[test]
    fn no_search_looks_at_many_places_however_identifiers_lie() {
        const COUNT: u64 = 20_000;
        let even = |k: u64| RingId(k * (u64::MAX / COUNT));
        let lists: [fn(u64) -> RingId; 4] = [
            |k| RingId(k),
            |k| RingId(k * (u64::MAX / COUNT / 16)),
            |k| RingId(if k % 2 == 0 { k } else { u64::MAX - k }),
            |k| RingId(k * (u64::MAX / COUNT)),
        ];
        for list in lists {
            let members: Vec<Member> = (0..COUNT).map(|k| (list(k), NodeIdx(k as u32))).collect();
            let space = Space::new(64);
            let mut sorted = members.clone();
            sorted.sort_unstable();
            let at_once = Directory::of(space, &sorted);
            assert!(most_looked_at(&at_once) <= UNEVEN);
            let mut directory = Directory::new(space);
            for (id, node) in &members {
                directory.insert(*id, *node);
            }
            assert!(most_looked_at(&directory) <= UNEVEN);
            assert_eq!(directory.at_or_after(even(7)), at_once.at_or_after(even(7)));
            for (id, node) in members.iter().filter(|(_, node)| node.0 % 1000 > 0) {
                directory.remove(*id, *node);
            }
            assert_eq!(directory.len(), 20);
            assert!(most_looked_at(&directory) <= UNEVEN);
        }
    }
}
