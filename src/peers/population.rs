//! Which peers are up.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use crate::engine::push_huge;
use crate::world::PeerIdx;

const DOWN: u32 = u32::MAX;

/// All peers that ever were, and the peers that are up now. One of these can be drawn at random in
/// constant time.
#[derive(Default)]
pub struct Population {
    up: Vec<PeerIdx>,
    /// For each peer its place in `up`.
    place: Vec<u32>,
    /// How often a peer came or went.
    changes: u64,
}

impl Population {
    /// Adds the next peer, which is down.
    pub fn add(&mut self) -> PeerIdx {
        self.place.push(DOWN);
        PeerIdx::from_usize(self.place.len() - 1)
    }

    /// Whether a peer is up.
    pub fn is_up(&self, peer: PeerIdx) -> bool {
        self.place[peer.at()] != DOWN
    }

    /// A peer comes up. It must be down.
    pub fn bring_up(&mut self, peer: PeerIdx) {
        debug_assert!(!self.is_up(peer));
        self.changes += 1;
        self.place[peer.at()] = self.up.len() as u32;
        push_huge(&mut self.up, peer);
    }

    /// A peer goes down. It must be up.
    pub fn take_down(&mut self, peer: PeerIdx) {
        self.changes += 1;
        let place = self.place[peer.at()];
        self.up.swap_remove(place as usize);
        if let Some(moved) = self.up.get(place as usize) {
            self.place[moved.at()] = place;
        }
        self.place[peer.at()] = DOWN;
    }

    /// The place of a peer among those that are up, if it is.
    pub fn place_of(&self, peer: PeerIdx) -> Option<u32> {
        Some(self.place[peer.at()]).filter(|place| *place != DOWN)
    }

    /// The peer that came last takes this place among those that are up. So it is drawn where the one was drawn that had
    /// the place and has gone just before, and all others as if nobody had come or gone.
    pub fn settle_last(&mut self, place: u32) {
        let last = self.up.len() - 1;
        self.up.swap(place as usize, last);
        for at in [place as usize, last] {
            self.place[self.up[at].at()] = at as u32;
        }
    }

    /// One of the peers that are up, each with the same probability.
    pub fn draw(&self, rng: &mut ChaCha8Rng) -> Option<PeerIdx> {
        self.draw_place(rng).map(|place| self.up[place as usize])
    }

    /// The place among the peers that are up of a peer drawn in this way.
    pub fn draw_place(&self, rng: &mut ChaCha8Rng) -> Option<u32> {
        let count = self.up.len() as u32;
        (count > 0).then(|| rng.random_range(0..count))
    }

    /// How often a peer came or went so far. As long as this number stays the same, the same peers
    /// are up.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// `count` different peers that are up, drawn at random.
    pub fn draw_many(&self, count: usize, rng: &mut ChaCha8Rng) -> Vec<PeerIdx> {
        let mut drawn = self.up.clone();
        let count = count.min(drawn.len());
        for i in 0..count {
            let other = rng.random_range(i as u32..drawn.len() as u32);
            drawn.swap(i, other as usize);
        }
        drawn.truncate(count);
        drawn
    }

    /// The peers that are up, in no particular (but reproducible) order.
    pub fn up(&self) -> &[PeerIdx] {
        &self.up
    }

    /// How many peers there ever were.
    pub fn len(&self) -> usize {
        self.place.len()
    }

    /// Whether there never was any peer.
    pub fn is_empty(&self) -> bool {
        self.place.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Stream, stream};

    #[test]
    fn who_comes_back_as_another_is_drawn_in_its_own_place() {
        for gone in 0..4 {
            let mut population = Population::default();
            for _ in 0..4 {
                let peer = population.add();
                population.bring_up(peer);
            }
            let mut expected = population.up().to_vec();
            let place = population.place_of(PeerIdx(gone)).unwrap();
            population.take_down(PeerIdx(gone));
            assert_eq!(population.place_of(PeerIdx(gone)), None);
            let another = population.add();
            population.bring_up(another);
            population.settle_last(place);
            expected[gone as usize] = another;
            assert_eq!(population.up(), expected);
            for (place, peer) in expected.iter().enumerate() {
                assert_eq!(population.place_of(*peer), Some(place as u32));
            }
        }
    }

    #[test]
    fn only_peers_that_are_up_are_drawn_and_all_of_them_are() {
        let mut population = Population::default();
        let peers: Vec<_> = (0..10).map(|_| population.add()).collect();
        let mut rng = stream(1, Stream::Churn);
        assert_eq!(population.draw(&mut rng), None);
        for peer in &peers {
            population.bring_up(*peer);
        }
        for gone in [0, 9, 4] {
            population.take_down(peers[gone]);
        }
        let mut seen = population.draw_many(7, &mut rng);
        seen.sort_unstable();
        let expected: Vec<_> = [1, 2, 3, 5, 6, 7, 8].map(PeerIdx).to_vec();
        assert_eq!(seen, expected);
        for _ in 0..100 {
            assert!(population.is_up(population.draw(&mut rng).unwrap()));
        }
        population.bring_up(peers[4]);
        assert!(population.is_up(peers[4]));
        assert_eq!(population.up().len(), 8);
    }
}
