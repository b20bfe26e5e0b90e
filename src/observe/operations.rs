//! Puts and gets that are over, counted and made into rows.

use std::sync::Arc;

use crate::catalogue::{Metric, OperationKind, OperationOutcome, OperationRecord, Reason};
use crate::client::{Finished, OperationState};
use crate::engine::SimTime;
use crate::overlay::storage::Totals;
use crate::world::Action;

use super::Measured;

/// A put or get that is over.
#[derive(Clone, Debug)]
pub struct FinishedOperation {
    /// As a request: how it started and ended.
    pub request: Finished,
    /// As a put or get.
    pub state: OperationState,
    /// What its key is called, if it has a name.
    pub label: Option<Arc<str>>,
    /// The value that was put or read, if it is a text.
    pub text: Option<Arc<str>>,
}

/// A sum and how many were added.
#[derive(Clone, Copy, Default, Debug)]
struct Mean {
    /// In nanoseconds.
    sum: u128,
    count: u64,
}

impl Mean {
    fn add(&mut self, milliseconds: Option<f64>) {
        if let Some(milliseconds) = milliseconds {
            self.sum += libm::round(milliseconds * 1e6) as u128;
            self.count += 1;
        }
    }

    fn value_ms(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64 / 1e6)
    }
}

/// What was counted of one kind of operation.
#[derive(Clone, Copy, Default, Debug)]
struct Count {
    all: u64,
    /// Puts that were stored, gets that found the newest.
    right: u64,
    stale: u64,
    lost: u64,
    latency: Mean,
    quorum: Mean,
}

/// All puts and gets that count.
#[derive(Default)]
pub(super) struct OperationCounts {
    puts: Count,
    gets: Count,
}

impl OperationCounts {
    /// Counts an operation. Its row, numbered in the order in which operations began.
    pub(super) fn count(
        &mut self,
        over: &FinishedOperation,
        measured_from: SimTime,
    ) -> OperationRecord {
        let number = self.puts.all + self.gets.all;
        let record = row(number, over, measured_from);
        let count = match record.kind {
            OperationKind::Put => &mut self.puts,
            OperationKind::Get => &mut self.gets,
        };
        count.all += 1;
        count.right += u64::from(matches!(
            record.outcome,
            OperationOutcome::Stored | OperationOutcome::Found
        ));
        count.stale += u64::from(record.outcome == OperationOutcome::Stale);
        count.lost += u64::from(record.outcome == OperationOutcome::Lost);
        let has_result = matches!(
            record.outcome,
            OperationOutcome::Stored | OperationOutcome::Found | OperationOutcome::Stale
        );
        if has_result {
            count.latency.add(record.latency_ms);
            count.quorum.add(record.quorum_ms);
        }
        record
    }

    /// What a run with storage measures: `totals` at its end, and bytes of repair and of hand-over.
    pub(super) fn metrics(
        &self,
        totals: Totals,
        (repair_bytes, handover_bytes): (u64, u64),
    ) -> impl IntoIterator<Item = Measured> + use<> {
        let share = |part: u64, of: u64| (of > 0).then(|| part as f64 / of as f64);
        let Self { puts, gets, .. } = self;
        let number = |count: u64| Some(count as f64);
        [
            (Metric::Puts, number(puts.all)),
            (Metric::Gets, number(gets.all)),
            (Metric::PutSuccessRate, share(puts.right, puts.all)),
            (Metric::GetSuccessRate, share(gets.right, gets.all)),
            (
                Metric::StaleRate,
                share(gets.stale, gets.stale + gets.right),
            ),
            (Metric::ValuesLost, number(totals.lost())),
            (Metric::ValuesAlive, number(totals.alive)),
            (Metric::UnderReplicated, number(totals.under_replicated)),
            (Metric::RepairBytes, number(repair_bytes)),
            (Metric::HandoverBytes, number(handover_bytes)),
            (Metric::UpkeepBytes, number(repair_bytes + handover_bytes)),
            (Metric::PutLatencyMsMean, puts.latency.value_ms()),
            (Metric::GetLatencyMsMean, gets.latency.value_ms()),
            (Metric::PutQuorumMsMean, puts.quorum.value_ms()),
            (Metric::GetQuorumMsMean, gets.quorum.value_ms()),
            (Metric::GetsLost, number(gets.lost)),
        ]
    }
}

fn row(number: u64, over: &FinishedOperation, measured_from: SimTime) -> OperationRecord {
    let FinishedOperation {
        request,
        state,
        label,
        ..
    } = over;
    let opening = &request.opening;
    let (kind, bytes) = match state.action {
        Action::Put { bytes, .. } => (OperationKind::Put, Some(bytes)),
        Action::Get => (OperationKind::Get, state.bytes_read),
    };
    let since = |from: SimTime, to: SimTime| to.since(from).as_millis_f64();
    let over_at = request.answer.ok().map(|answer| answer.at);
    let version = match state.action {
        Action::Put { version, .. } => version,
        Action::Get => state.newest_stored,
    };
    let version_read = match state.action {
        Action::Put { .. } => 0,
        Action::Get => state.version,
    };
    OperationRecord {
        operation: number,
        kind,
        time_s: opening.started.seconds_from(measured_from),
        source: opening.source.some().map(|source| source.0),
        source_id: opening.source.some().map(|_| opening.source_id.0),
        key: opening.key.0,
        label: label.as_deref().map(str::to_owned),
        outcome: state.outcome,
        reason: reason(over),
        hops: state.found.map(|found| found.hops),
        timeouts: request.timeouts,
        latency_ms: over_at.map(|at| since(opening.started, at)),
        replicas_acked: state.answers,
        bytes,
        version: (version > 0).then_some(version),
        version_read: (version_read > 0).then_some(version_read),
        quorum_ms: state
            .asked
            .zip(over_at)
            .map(|(asked, over)| since(asked, over)),
    }
}

/// Why an operation did not do what it was to do.
fn reason(over: &FinishedOperation) -> Option<Reason> {
    match over.state.outcome {
        OperationOutcome::Failed | OperationOutcome::Partial => {
            over.request.answer.err().map(|failure| failure.reason)
        }
        _ => None,
    }
}
