//! The workload: when lookups start, who asks, and for which key. It depends on who is up, and not
//! on the overlay.

mod keys;

pub use keys::Keys;

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use crate::engine::{NodeIdx, PeerIdx, RingId, SimDuration, Stream, stream};
use crate::overlay::Space;
use crate::peers::{Population, exponential};
use crate::scenario::resolved;

/// The lookups of one run: a Poisson process over the whole system.
pub struct Workload {
    lookups_per_s: f64,
    virtual_nodes: u32,
    keys: Keys,
    rng: ChaCha8Rng,
}

impl Workload {
    /// The workload of the run with this seed.
    #[must_use]
    pub fn new(config: &resolved::Workload, virtual_nodes: u32, space: Space, seed: u64) -> Self {
        Self {
            lookups_per_s: config.lookups_per_s,
            virtual_nodes,
            keys: Keys::new(config.keys, config.popularity, space, seed),
            rng: stream(seed, Stream::Workload),
        }
    }

    /// How long until the next lookup.
    pub fn next_gap(&mut self) -> Option<SimDuration> {
        exponential(self.lookups_per_s, &mut self.rng)
    }

    /// Who asks and for what: a random live peer (at one of its ring positions) and a key.
    pub fn draw(&mut self, population: &Population) -> Option<(NodeIdx, RingId)> {
        let PeerIdx(peer) = population.draw(&mut self.rng)?;
        let position = match self.virtual_nodes {
            1 => 0,
            several => self.rng.random_range(0..several),
        };
        let key = self.keys.draw(&mut self.rng);
        Some((NodeIdx(peer * self.virtual_nodes + position), key))
    }

    /// All keys that can be looked up.
    pub fn keys(&self) -> &[RingId] {
        self.keys.all()
    }
}
