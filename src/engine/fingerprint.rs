//! The fingerprint of a run: a digest of the ordered stream of its events.

use xxhash_rust::xxh3::Xxh3;

use super::time::SimTime;

/// The number of events that are digested at a time: nobody needs the digest after every single
/// event.
const BATCH: usize = 32;

/// Digests events in the order in which they happen (XXH3, 64 bits). Two runs with the same
/// fingerprint went through the same events at the same times.
pub struct Fingerprint {
    state: Xxh3,
    /// The canonical form of events that are not digested yet, and the number of bytes filled.
    batch: [u8; BATCH * 32],
    filled: usize,
}

impl Default for Fingerprint {
    fn default() -> Self {
        Self {
            state: Xxh3::new(),
            batch: [0; BATCH * 32],
            filled: 0,
        }
    }
}

impl Fingerprint {
    /// Takes in one event, in its canonical form, at the moment it is handled.
    #[inline]
    pub fn record(&mut self, at: SimTime, event: [u64; 3]) {
        let [a, b, c] = event;
        if let [time, first, second, third, ..] = self.batch[self.filled..].as_chunks_mut::<8>().0 {
            *time = at.0.to_le_bytes();
            *first = a.to_le_bytes();
            *second = b.to_le_bytes();
            *third = c.to_le_bytes();
        }
        self.filled += 32;
        if self.filled == self.batch.len() {
            self.digest_batch();
        }
    }

    #[cold]
    fn digest_batch(&mut self) {
        self.state.update(&self.batch);
        self.filled = 0;
    }

    /// The digest of everything recorded so far.
    #[must_use]
    pub fn digest(&self) -> u64 {
        let mut state = self.state.clone();
        state.update(&self.batch[..self.filled]);
        state.digest()
    }

    /// The digest of everything recorded so far, as 16 hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(self.digest())
    }
}

/// A digest in the form in which it is written everywhere.
pub(super) fn hex(digest: u64) -> String {
    format!("{digest:016x}")
}
