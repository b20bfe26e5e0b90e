//! Rows of `lookups.csv` on their way into the file, as a run writes them.

use chordsim::catalogue::{LookupRecord, Outcome};
use chordsim::results::csv::Line;

use super::random::Random;

/// Rows are handed on in pieces of this many bytes, as by the program.
const PIECE: usize = 1 << 16;

/// Lookups that ended in all three ways.
pub(crate) fn lookups(count: u64) -> Vec<LookupRecord> {
    let mut random = Random(3);
    (0..count)
        .map(|lookup| record(lookup, &mut random))
        .collect()
}

fn record(lookup: u64, random: &mut Random) -> LookupRecord {
    let outcome = match random.below(20) {
        0 => Outcome::Failed,
        1 => Outcome::Wrong,
        _ => Outcome::Ok,
    };
    let answered = outcome != Outcome::Failed;
    // Times are whole nanoseconds; the files have them in milliseconds.
    let latency_ms = random.below(1_000_000_000) as f64 / 1e6;
    let direct_ms = (1 + random.below(200_000_000)) as f64 / 1e6;
    LookupRecord {
        lookup,
        time_s: random.below(600_000_000_000) as f64 / 1e9,
        source: Some(random.below(1000) as u32),
        source_id: Some(random.draw()),
        key: random.draw(),
        owner_id: Some(random.draw()),
        answer_id: answered.then(|| random.draw()),
        outcome,
        hops: answered.then(|| random.below(12) as u32),
        timeouts: random.below(3) as u32,
        latency_ms: answered.then_some(latency_ms),
        direct_ms: answered.then_some(direct_ms),
        stretch: answered.then_some(latency_ms / direct_ms),
        reason: None,
    }
}

/// Writes the rows, piece by piece. Returns how many bytes that makes.
pub(crate) fn write(records: &[LookupRecord], line: &mut Line) -> usize {
    let mut bytes = 0;
    for record in records {
        line.row(record.into());
        if line.bytes().len() >= PIECE {
            bytes += line.bytes().len();
            line.clear();
        }
    }
    bytes += line.bytes().len();
    line.clear();
    bytes
}
