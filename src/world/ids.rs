//! How nodes come by their identifiers.

use std::collections::{BTreeMap, BTreeSet};

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::index::RingId;
use super::names::hashed;
use super::ring::Space;
use crate::engine::{Stream, stream};
use crate::scenario::resolved::Ids;

/// An equal part of the ring: part `at` of `of` of them, counted from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sector {
    /// Which.
    pub at: u32,
    /// Of how many.
    pub of: u32,
}

impl Sector {
    /// The position in the sector that stands for one on the whole ring.
    fn position(self, space: Space, whole: RingId) -> RingId {
        let from_start = (u128::from(self.at) << space.bits()) + u128::from(whole.0);
        RingId((from_start / u128::from(self.of)) as u64)
    }
}

/// Gives out identifiers. A node's identifier is the leading bits of the SHA-1 of its address. The
/// address is an IPv4 address and port drawn at random (Stoica et al. 2001, section 4.2). If another
/// node has the same identifier, another address is drawn.
pub struct IdSource {
    space: Space,
    rng: ChaCha8Rng,
    /// The address drawn last.
    address: Vec<u8>,
}

impl IdSource {
    /// The source of the run with this seed.
    #[must_use]
    pub fn new(space: Space, seed: u64) -> Self {
        Self::for_purpose(space, seed, Stream::Ids)
    }

    /// A source that takes nothing from any other.
    #[must_use]
    pub fn for_purpose(space: Space, seed: u64, purpose: Stream) -> Self {
        Self {
            space,
            rng: stream(seed, purpose),
            address: Vec::new(),
        }
    }

    /// The identifiers of the first `count` nodes, all different; by region in the sector of each.
    ///
    /// # Panics
    /// If there are fewer identifiers than nodes, or if a given list has another length: both are
    /// refused when a scenario is resolved.
    #[must_use]
    pub fn initial(
        &mut self,
        ids: &Ids,
        count: u32,
        sector_of: impl Fn(u32) -> Option<Sector>,
    ) -> Vec<RingId> {
        assert!(
            u128::from(count) <= 1 << self.space.bits(),
            "more nodes than identifiers"
        );
        match ids {
            Ids::Hashed => self.distinct(count),
            Ids::Region => self.by_region(count, sector_of),
            Ids::Even => (0..count).map(|k| even(self.space, k, count)).collect(),
            Ids::List(list) => {
                assert_eq!(list.len(), count as usize, "one identifier for each node");
                list.iter().copied().map(RingId).collect()
            }
        }
    }

    /// The identifier of one more node, different from all identifiers for which `taken` is true; in this sector of the
    /// ring, if there is one.
    #[must_use]
    pub fn another(&mut self, sector: Option<Sector>, taken: impl Fn(RingId) -> bool) -> RingId {
        loop {
            let drawn = self.draw();
            let id = sector.map_or(drawn, |sector| sector.position(self.space, drawn));
            if !taken(id) {
                return id;
            }
        }
    }

    fn by_region(&mut self, count: u32, sector_of: impl Fn(u32) -> Option<Sector>) -> Vec<RingId> {
        let mut taken = BTreeSet::new();
        let ids = (0..count).map(|node| {
            let id = self.another(sector_of(node), |id| taken.contains(&id));
            taken.insert(id);
            id
        });
        ids.collect()
    }

    fn distinct(&mut self, count: u32) -> Vec<RingId> {
        // With few bits clashes are common, and a set settles each clash at once. With many bits
        // clashes are so rare that sorting is cheaper than a set of millions of identifiers.
        if self.space.bits() <= 32 {
            let mut taken = BTreeSet::new();
            return (0..count)
                .map(|_| {
                    let id = self.another(None, |id| taken.contains(&id));
                    taken.insert(id);
                    id
                })
                .collect();
        }
        let mut ids: Vec<_> = (0..count).map(|_| self.draw()).collect();
        settle_clashes(&mut ids, || self.draw());
        ids
    }

    fn draw(&mut self) -> RingId {
        let [a, b, c, d]: [u8; 4] = self.rng.random();
        let port: u16 = self.rng.random_range(1024..=u16::MAX);
        // Writes what `format!("{a}.{b}.{c}.{d}:{port}")` would, which takes longer than the digest.
        self.address.clear();
        for (number, mark) in [(a, b'.'), (b, b'.'), (c, b'.'), (d, b':')] {
            push_decimal(number.into(), &mut self.address);
            self.address.push(mark);
        }
        push_decimal(port, &mut self.address);
        hashed(self.space, &self.address)
    }
}

/// The k-th of `count` evenly spaced identifiers.
fn even(space: Space, k: u32, count: u32) -> RingId {
    RingId(((u128::from(k) << space.bits()) / u128::from(count)) as u64)
}

fn push_decimal(number: u16, text: &mut Vec<u8>) {
    let first = text.len();
    let mut rest = number;
    loop {
        text.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    text[first..].reverse();
}

/// Draws another identifier wherever two are the same, until all differ. The least identifier that several have comes
/// first, and the second of those that have it draws: this order decides who gets what, and so belongs to every result.
fn settle_clashes<I: Ord + Copy>(ids: &mut [I], draw: impl FnMut() -> I) {
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    if sorted.windows(2).all(|pair| pair[0] != pair[1]) {
        return;
    }
    drop(sorted);
    let mut order: Vec<(I, usize)> = ids.iter().copied().zip(0..).collect();
    order.sort_unstable();
    Clashes::among(&order).settle(ids, draw);
}

/// Identifiers that several have.
struct Clashes<'a, I> {
    /// All identifiers before any was drawn anew, in order, and who has them.
    order: &'a [(I, usize)],
    /// Who has an identifier: of each that several had, and of each that was drawn since.
    holders: BTreeMap<I, BTreeSet<usize>>,
    /// Identifiers that several have.
    clashing: BTreeSet<I>,
}

impl<'a, I: Ord + Copy> Clashes<'a, I> {
    fn among(order: &'a [(I, usize)]) -> Self {
        let several = order.chunk_by(|a, b| a.0 == b.0);
        let several = several.filter(|same| same.len() > 1);
        let holders = several.map(|same| (same[0].0, same.iter().map(|one| one.1).collect()));
        let holders: BTreeMap<I, BTreeSet<usize>> = holders.collect();
        Self {
            order,
            clashing: holders.keys().copied().collect(),
            holders,
        }
    }

    fn settle(&mut self, ids: &mut [I], mut draw: impl FnMut() -> I) {
        while let Some(later) = self.later_of_the_least() {
            ids[later] = draw();
            self.hold(ids[later], later);
        }
    }

    /// The second of those that have the least clashing identifier; it has it no more.
    fn later_of_the_least(&mut self) -> Option<usize> {
        let least = *self.clashing.first()?;
        let holders = self.holders.get_mut(&least)?;
        let later = *holders.iter().nth(1)?;
        holders.remove(&later);
        if holders.len() == 1 {
            self.clashing.remove(&least);
        }
        Some(later)
    }

    fn hold(&mut self, id: I, holder: usize) {
        let order = self.order;
        let holders = self.holders.entry(id).or_insert_with(|| {
            // Nobody has drawn it since, and no two had it.
            let at = order.partition_point(|(other, _)| *other < id);
            let there = order.get(at).filter(|(other, _)| *other == id);
            there.map(|(_, holder)| *holder).into_iter().collect()
        });
        holders.insert(holder);
        if holders.len() > 1 {
            self.clashing.insert(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::engine::testing::Counting;

    #[test]
    fn ids_are_distinct_even_when_every_position_is_taken() {
        let mut source = IdSource::new(Space::new(7), 3);
        let mut ids = source.initial(&Ids::Hashed, 128, |_| None);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 128);
    }

    #[test]
    fn numbers_are_written_as_everybody_writes_them() {
        for number in (0..2000).chain([9_999, 10_000, u16::MAX]) {
            let mut text = b"x".to_vec();
            push_decimal(number, &mut text);
            assert_eq!(text, format!("x{number}").into_bytes());
        }
    }

    /// As the rule is told: all are sorted, the later of the first two that are the same draws, and so on.
    fn settled_one_sort_each(ids: &[u64], mut draw: impl FnMut() -> u64) -> Vec<u64> {
        let mut ids = ids.to_vec();
        loop {
            let mut order: Vec<(u64, usize)> = ids.iter().copied().zip(0..).collect();
            order.sort_unstable();
            match order.windows(2).find(|pair| pair[0].0 == pair[1].0) {
                Some(pair) => ids[pair[1].1] = draw(),
                None => return ids,
            }
        }
    }

    #[test]
    fn clashes_are_settled_as_by_one_sort_each() {
        for seed in 0..300 {
            let mut rng = stream(seed, Stream::Ids);
            let count = rng.random_range(0..40_u32);
            // From half empty to nearly full: most draws clash again, with old ones and with each other.
            let room = u64::from(count) + rng.random_range(1..40_u64);
            let ids: Vec<u64> = (0..count).map(|_| rng.random_range(0..room)).collect();
            let mut again = rng.clone();
            let slow = settled_one_sort_each(&ids, || again.random_range(0..room));
            let mut fast = ids.clone();
            settle_clashes(&mut fast, || rng.random_range(0..room));
            assert_eq!(fast, slow, "seed {seed}: {ids:?}");
            assert_eq!(rng, again, "seed {seed}: as many were drawn");
        }
    }

    /// Two sorts of 16 384 take some 14 comparisons for each; the thousand clashes among them, a look-up in trees and one
    /// in the order. A sort for each clash would take 14 000.
    #[test]
    fn clashes_are_not_settled_by_a_sort_each() {
        let compared = Cell::new(0);
        let mut rng = stream(5, Stream::Ids);
        let mut draw = || Counting(rng.random_range(0..1 << 17_u64), &compared);
        let mut ids: Vec<_> = (0..1 << 14).map(|_| draw()).collect();
        settle_clashes(&mut ids, draw);
        assert!(compared.get() < 80 << 14, "{}", compared.get());
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn even_ids_are_as_far_apart_as_can_be() {
        let mut source = IdSource::new(Space::new(64), 3);
        let ids = source.initial(&Ids::Even, 4, |_| None);
        assert_eq!(ids, [0, 1 << 62, 2 << 62, 3 << 62].map(RingId));
    }

    #[test]
    fn seeds_give_different_rings_and_one_seed_the_same() {
        let ring = |seed| IdSource::new(Space::new(64), seed).initial(&Ids::Hashed, 5, |_| None);
        assert_eq!(ring(1), ring(1));
        assert_ne!(ring(1), ring(2));
    }

    /// Three regions on a ring of 30 places: the parts are 0 to 9, 10 to 19 and 20 to 29 of 30, at 5 bits of 32.
    #[test]
    fn by_region_every_node_is_in_the_part_of_its_region() {
        let space = Space::new(5);
        let sector = |node| {
            Some(Sector {
                at: node % 3,
                of: 3,
            })
        };
        let ids = IdSource::new(space, 2).initial(&Ids::Region, 24, sector);
        for (node, id) in ids.iter().enumerate() {
            let (least, most) = [(0, 10), (10, 21), (21, 31)][node % 3];
            assert!((least..=most).contains(&id.0), "{node}: {id}");
        }
        let different: BTreeSet<_> = ids.iter().collect();
        assert_eq!(different.len(), 24);
        let mut wide = IdSource::new(Space::new(64), 2);
        let id = wide.another(Some(Sector { at: 5, of: 6 }), |_| false);
        assert!(id.0 >= (5 << 61) / 3 * 2, "{id}");
    }
}
