//! How nodes come by their identifiers.

use std::collections::BTreeSet;

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use sha1::{Digest, Sha1};

use super::index::RingId;
use super::ring::Space;
use crate::engine::{Stream, stream};
use crate::scenario::resolved::Ids;

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
        Self {
            space,
            rng: stream(seed, Stream::Ids),
            address: Vec::new(),
        }
    }

    /// The identifiers of the first `count` nodes, all different.
    ///
    /// # Panics
    /// If there are fewer identifiers than nodes, or if a given list has another length: both are
    /// refused when a scenario is resolved.
    #[must_use]
    pub fn initial(&mut self, ids: &Ids, count: u32) -> Vec<RingId> {
        assert!(
            u128::from(count) <= 1 << self.space.bits(),
            "more nodes than identifiers"
        );
        match ids {
            Ids::Hashed => self.distinct(count),
            Ids::Even => (0..count).map(|k| even(self.space, k, count)).collect(),
            Ids::List(list) => {
                assert_eq!(list.len(), count as usize, "one identifier for each node");
                list.iter().copied().map(RingId).collect()
            }
        }
    }

    /// The identifier of one more node, different from all identifiers for which `taken` is true.
    #[must_use]
    pub fn another(&mut self, taken: impl Fn(RingId) -> bool) -> RingId {
        loop {
            let id = self.draw();
            if !taken(id) {
                return id;
            }
        }
    }

    fn distinct(&mut self, count: u32) -> Vec<RingId> {
        // With few bits clashes are common, and a set settles each clash at once. With many bits
        // clashes are so rare that sorting is cheaper than a set of millions of identifiers.
        if self.space.bits() <= 32 {
            let mut taken = BTreeSet::new();
            return (0..count)
                .map(|_| {
                    let id = self.another(|id| taken.contains(&id));
                    taken.insert(id);
                    id
                })
                .collect();
        }
        let mut ids: Vec<_> = (0..count).map(|_| self.draw()).collect();
        while let Some(clash) = later_of_a_clash(&ids) {
            ids[clash] = self.draw();
        }
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
        let digest = Sha1::digest(&self.address);
        let leading: [u8; 8] = digest[..8].try_into().expect("a SHA-1 digest has 20 bytes");
        self.space.leading(u64::from_be_bytes(leading))
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

fn later_of_a_clash(ids: &[RingId]) -> Option<usize> {
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    if sorted.windows(2).all(|pair| pair[0] != pair[1]) {
        return None;
    }
    let mut order: Vec<_> = ids.iter().zip(0_usize..).collect();
    order.sort_unstable();
    order
        .windows(2)
        .find(|pair| pair[0].0 == pair[1].0)
        .map(|pair| pair[1].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_distinct_even_when_every_position_is_taken() {
        let mut source = IdSource::new(Space::new(7), 3);
        let mut ids = source.initial(&Ids::Hashed, 128);
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

    #[test]
    fn the_later_of_two_that_clash_is_found() {
        let ids = [5, 9, 7, 9, 1].map(RingId);
        assert_eq!(later_of_a_clash(&ids), Some(3));
        assert_eq!(later_of_a_clash(&ids[..3]), None);
    }

    #[test]
    fn even_ids_are_as_far_apart_as_can_be() {
        let mut source = IdSource::new(Space::new(64), 3);
        let ids = source.initial(&Ids::Even, 4);
        assert_eq!(ids, [0, 1 << 62, 2 << 62, 3 << 62].map(RingId));
    }

    #[test]
    fn seeds_give_different_rings_and_one_seed_the_same() {
        let ring = |seed| IdSource::new(Space::new(64), seed).initial(&Ids::Hashed, 5);
        assert_eq!(ring(1), ring(1));
        assert_ne!(ring(1), ring(2));
    }
}
