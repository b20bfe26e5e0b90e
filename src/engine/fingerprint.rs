//! The fingerprint of a run: a digest of the ordered stream of its events.

use xxhash_rust::xxh3::Xxh3;

use super::event::{Event, Payload};
use super::time::SimTime;

/// Digests events in the order in which they happen (XXH3, 64 bits). Two runs with the same
/// fingerprint went through the same events at the same times.
pub struct Fingerprint {
    state: Xxh3,
}

impl Default for Fingerprint {
    fn default() -> Self {
        Self { state: Xxh3::new() }
    }
}

impl Fingerprint {
    /// Takes in one event at the moment it is handled.
    pub fn record<M: Payload, T: Payload>(&mut self, at: SimTime, event: &Event<M, T>) {
        let [a, b, c] = event.words();
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&at.0.to_le_bytes());
        bytes[8..16].copy_from_slice(&a.to_le_bytes());
        bytes[16..24].copy_from_slice(&b.to_le_bytes());
        bytes[24..].copy_from_slice(&c.to_le_bytes());
        self.state.update(&bytes);
    }

    /// The digest of everything recorded so far.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.state.digest()
    }

    /// That digest as 16 hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(self.digest())
    }
}

/// A digest as it is written everywhere.
pub(super) fn hex(digest: u64) -> String {
    format!("{digest:016x}")
}
