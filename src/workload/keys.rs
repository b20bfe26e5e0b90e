//! Which keys there are, and how popular each key is.

use std::sync::Arc;

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use crate::engine::{Stream, stream};
use crate::scenario::resolved::Popularity;
use crate::world::{RingId, Space, hashed};

/// The keys of a workload. There are as many names as keys, and each is hashed to a uniformly random
/// position of the ring. On a ring of few bits several names may share a position.
pub struct Keys {
    places: Vec<RingId>,
    /// What they are called, if they have names.
    names: Option<Arc<[Arc<str>]>>,
    /// With Zipf popularity: the probability of this key or a more popular one.
    cumulative: Option<Vec<f64>>,
}

impl Keys {
    /// The keys of the run with this seed.
    #[must_use]
    pub fn new(count: u32, popularity: Popularity, space: Space, seed: u64) -> Self {
        let mut rng = stream(seed, Stream::Keys);
        let places = (0..count).map(|_| space.leading(rng.random())).collect();
        Self {
            places,
            names: None,
            cumulative: cumulative(count, popularity),
        }
    }

    /// The keys of these names, the most popular first; there must be one. Each lies where its digest says, in every run.
    #[must_use]
    pub fn named(names: Arc<[Arc<str>]>, popularity: Popularity, space: Space) -> Self {
        let place = |name: &Arc<str>| hashed(space, name.as_bytes());
        Self {
            places: names.iter().map(place).collect(),
            cumulative: cumulative(names.len() as u32, popularity),
            names: Some(names),
        }
    }

    /// What the key of this rank is called.
    #[must_use]
    pub fn name(&self, rank: usize) -> Option<Arc<str>> {
        self.names.as_ref().map(|names| Arc::clone(&names[rank]))
    }

    /// The rank of a key, drawn by popularity; 0 is the most popular.
    pub fn draw(&self, rng: &mut ChaCha8Rng) -> usize {
        match &self.cumulative {
            None => rng.random_range(0..self.places.len() as u32) as usize,
            Some(cumulative) => {
                let u: f64 = rng.random();
                cumulative
                    .partition_point(|p| *p <= u)
                    .min(self.places.len() - 1)
            }
        }
    }

    /// All keys, the most popular first.
    pub fn all(&self) -> &[RingId] {
        &self.places
    }
}

fn cumulative(count: u32, popularity: Popularity) -> Option<Vec<f64>> {
    match popularity {
        Popularity::Uniform => None,
        Popularity::Zipf { exponent } => Some(zipf(count, exponent)),
    }
}

fn zipf(count: u32, exponent: f64) -> Vec<f64> {
    let weights = (1..=count).map(|rank| libm::pow(f64::from(rank), -exponent));
    let mut sum = 0.0;
    let mut cumulative: Vec<f64> = weights
        .map(|weight| {
            sum += weight;
            sum
        })
        .collect();
    for share in &mut cumulative {
        *share /= sum;
    }
    cumulative
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zipf_popularity_falls_as_it_should() {
        let exponent = 1.2;
        let keys = Keys::new(100, Popularity::Zipf { exponent }, Space::new(64), 1);
        let mut rng = stream(1, Stream::Workload);
        let mut counts = [0_u32; 100];
        for _ in 0..200_000 {
            counts[keys.draw(&mut rng)] += 1;
        }
        let norm: f64 = (1..=100).map(|k| f64::from(k).powf(-exponent)).sum();
        for rank in [1, 2, 10, 50] {
            let expected = 200_000.0 * f64::from(rank).powf(-exponent) / norm;
            let observed = f64::from(counts[rank as usize - 1]);
            assert!(
                (observed - expected).abs() < 5.0 * expected.sqrt(),
                "rank {rank}: {observed}"
            );
        }
    }

    #[test]
    fn one_key_is_always_drawn() {
        let keys = Keys::new(1, Popularity::Uniform, Space::new(64), 1);
        assert_eq!(keys.draw(&mut stream(1, Stream::Workload)), 0);
    }
}
