//! `fingerprints.csv`.

use crate::catalogue::record::record;

record! {
    /// A link of the chain of fingerprints: all events up to a moment, the warm-up included.
    FingerprintRecord in "fingerprints.csv",
        a row per "link of the chain of fingerprints, at most 256 in a run",
        wanted if |_| true;

    /// The moment, which belongs to the row; negative before the measurement.
    time_s: f64 => Seconds;
    /// Events since the simulation began.
    events: u64 => Count;
    /// Digest of all of them (XXH3, 64 bits), 16 hexadecimal digits.
    fingerprint: String => Name;
}
