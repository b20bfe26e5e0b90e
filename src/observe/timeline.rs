//! The course of a run, in rows of equal width.

use super::observer::Sample;
use crate::catalogue::{LookupRecord, Outcome, TimelineRecord};
use crate::engine::{SimDuration, SimTime};
use crate::overlay::{Traffic, storage::Totals};
use crate::world::Departure;

/// Sums over the lookups that started in one row.
#[derive(Clone, Default)]
struct Lookups {
    count: u64,
    ok: u64,
    wrong: u64,
    failed: u64,
    hops: u64,
    /// In nanoseconds.
    latency: u64,
}

/// What has happened since the measurement began, or the row before.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(super) struct Tally {
    /// Messages sent.
    pub messages: u64,
    /// Peers that came up.
    pub joins: u64,
    /// Peers that said goodbye.
    pub leaves: u64,
    /// Peers that went without a word.
    pub crashes: u64,
    /// Bytes sent to compare and replace copies.
    pub repair_bytes: u64,
    /// Bytes sent because keys move.
    pub handover_bytes: u64,
}

impl Tally {
    /// A peer went.
    pub(super) fn departed(&mut self, departure: Departure) {
        match departure {
            Departure::Leave => self.leaves += 1,
            Departure::Crash => self.crashes += 1,
        }
    }

    /// Bytes were sent on account of copies.
    #[cold]
    pub(super) fn copies_sent(&mut self, traffic: Traffic, bytes: u32) {
        match traffic {
            Traffic::Repair => self.repair_bytes += u64::from(bytes),
            Traffic::Handover => self.handover_bytes += u64::from(bytes),
            Traffic::Lookup | Traffic::Forwarded | Traffic::Maintenance => {}
        }
    }

    fn since(&self, earlier: &Self) -> Self {
        Self {
            messages: self.messages - earlier.messages,
            joins: self.joins - earlier.joins,
            leaves: self.leaves - earlier.leaves,
            crashes: self.crashes - earlier.crashes,
            repair_bytes: self.repair_bytes - earlier.repair_bytes,
            handover_bytes: self.handover_bytes - earlier.handover_bytes,
        }
    }
}

/// The state at the end of a row.
struct State {
    sample: Sample,
    tally: Tally,
}

/// The rows. Lookups are entered in the row in which they started, however late they end.
pub(super) struct Timeline {
    from: SimTime,
    width: SimDuration,
    lookups: Vec<Lookups>,
    states: Vec<State>,
}

impl Timeline {
    /// Rows of this width from this moment on.
    #[must_use]
    pub(super) fn new(from: SimTime, width: SimDuration) -> Self {
        Self {
            from,
            width,
            lookups: Vec::new(),
            states: Vec::new(),
        }
    }

    /// The row in which something that happens at this moment belongs.
    pub(super) fn row(&self, at: SimTime) -> u32 {
        u32::try_from(at.since(self.from).0 / self.width.0).unwrap_or(u32::MAX)
    }

    /// Enters a lookup that is over in the row in which it started.
    pub(super) fn lookup(&mut self, row: u32, record: &LookupRecord) {
        let row = row as usize;
        if self.lookups.len() <= row {
            self.lookups.resize(row + 1, Lookups::default());
        }
        let sums = &mut self.lookups[row];
        sums.count += 1;
        match record.outcome {
            Outcome::Ok => {
                sums.ok += 1;
                sums.hops += u64::from(record.hops.unwrap_or(0));
                let latency_ms = record.latency_ms.unwrap_or(0.0);
                sums.latency += SimDuration::from_millis_f64(latency_ms).0;
            }
            Outcome::Wrong => sums.wrong += 1,
            Outcome::Failed => sums.failed += 1,
        }
    }

    /// Closes a row with what has happened so far and the state of the run.
    pub(super) fn close_row(&mut self, sample: &Sample, tally: Tally) {
        self.states.push(State {
            sample: *sample,
            tally,
        });
    }

    /// What was kept under the keys at the end of the last row.
    pub(super) fn last_stock(&self) -> Option<Totals> {
        self.states.last()?.sample.stock
    }

    /// All rows, in order of time.
    pub(super) fn rows(&self) -> impl Iterator<Item = TimelineRecord> + '_ {
        let none = Lookups::default();
        let before = std::iter::once(Tally::default()).chain(self.states.iter().map(|s| s.tally));
        self.states
            .iter()
            .zip(before)
            .enumerate()
            .map(move |(row, (state, before))| {
                let lookups = self.lookups.get(row).unwrap_or(&none);
                self.row_of(&state.sample, &state.tally.since(&before), lookups)
            })
    }

    fn row_of(&self, sample: &Sample, tally: &Tally, lookups: &Lookups) -> TimelineRecord {
        let mean = |sum: f64| (lookups.ok > 0).then(|| sum / lookups.ok as f64);
        let Sample {
            at,
            health,
            members,
            joining,
            stock,
            estimate_error,
            selfish_share,
        } = *sample;
        TimelineRecord {
            time_s: at.seconds_from(self.from),
            nodes: members,
            lookups: lookups.count,
            ok: lookups.ok,
            wrong: lookups.wrong,
            failed: lookups.failed,
            hops_mean: mean(lookups.hops as f64),
            latency_ms_mean: mean(lookups.latency as f64).map(|ns| ns / 1e6),
            messages: tally.messages,
            joins: tally.joins,
            leaves: tally.leaves,
            crashes: tally.crashes,
            ring_ok: health.ring_ok,
            wrong_successors: health.wrong_successors,
            dead_successors: health.dead_successors,
            dead_fingers: health.dead_fingers,
            wrong_fingers: health.wrong_fingers,
            joining,
            values_alive: stock.map(|totals| totals.alive),
            values_lost: stock.map(|totals| totals.lost()),
            under_replicated: stock.map(|totals| totals.under_replicated),
            repair_bytes: stock.map(|_| tally.repair_bytes),
            handover_bytes: stock.map(|_| tally.handover_bytes),
            rings: health.rings,
            estimate_error,
            selfish_share,
        }
    }
}
