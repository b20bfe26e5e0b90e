//! The rows of `trace.csv`.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Number, Step, StepKind, Traced, Tracer};
use crate::catalogue::{TraceEvent, TraceRecord};
use crate::engine::{SimDuration, SimTime, Stream, unit_hash};
use crate::observe::replay::Telling;
use crate::overlay::Said;

/// A tracer of a share of the requests that count, those that have rows in other files with the same share, and of those
/// that are told for a replay.
pub(crate) fn tracer(
    share: f64,
    measured_from: SimTime,
    telling: Option<Telling>,
) -> Tracer<'static> {
    let shared = move |number| match number {
        Some(Number::Lookup(number)) => unit_hash(0, Stream::Workload, number, 0) < share,
        Some(Number::Operation(number)) => unit_hash(0, Stream::Puts, number, 0) < share,
        None => false,
    };
    let telling = Rc::new(RefCell::new(telling));
    let told = Rc::clone(&telling);
    Tracer::new(
        move |asked, number| {
            // What is told does not depend on what the trace has anyway.
            let mut telling = telling.borrow_mut();
            let is_told = telling.as_mut().is_some_and(|it| it.begins(asked));
            is_told || shared(number)
        },
        move |traced, sink| {
            if let Some(telling) = told.borrow_mut().as_mut() {
                telling.is_over(traced.asked.ticket, traced.steps.len());
            }
            let mut rows = rows(&traced, measured_from);
            rows.try_for_each(|row| sink.take((&row).into()))
        },
    )
}

/// The rows of a request that is over; times in them count from `measured_from`.
fn rows(traced: &Traced, measured_from: SimTime) -> impl Iterator<Item = TraceRecord> + '_ {
    let steps = traced.steps.iter().zip(traced.hops());
    steps.map(move |(step, hop)| {
        let (lookup, operation) = match traced.number {
            Some(Number::Lookup(number)) => (Some(number), None),
            Some(Number::Operation(number)) => (None, Some(number)),
            None => (None, None),
        };
        TraceRecord {
            lookup,
            hop,
            time_s: step.at.seconds_from(measured_from),
            from: step.from.0,
            from_id: traced.id(step.from),
            to: step.to.0,
            to_id: traced.id(step.to),
            event: event(step),
            latency_ms: step.took.map(SimDuration::as_millis_f64),
            operation,
        }
    })
}

pub(crate) fn event(step: &Step) -> TraceEvent {
    match &step.kind {
        StepKind::WaitsInVain => TraceEvent::Timeout,
        StepKind::Refuses => TraceEvent::Refuse,
        StepKind::Lies { .. } => TraceEvent::Misroute,
        StepKind::Says(said) => match said {
            Said::Forward { .. } => TraceEvent::Forward,
            Said::Ask { .. } => TraceEvent::Ask,
            Said::Received => TraceEvent::Ack,
            Said::Referral { .. } => TraceEvent::Referral,
            Said::Owner => TraceEvent::Answer,
            Said::DeadEnd => TraceEvent::DeadEnd,
            Said::OwnerSilent => TraceEvent::OwnerSilent,
            Said::WhoKeeps => TraceEvent::WhoKeeps,
            Said::Keepers(_) => TraceEvent::Keepers,
            Said::FindPlace(_) => TraceEvent::FindPlace,
            Said::OwnsPlace => TraceEvent::OwnsPlace,
            Said::Closer(_) => TraceEvent::Closer,
            Said::Put { .. } => TraceEvent::Put,
            Said::Kept => TraceEvent::Kept,
            Said::Get => TraceEvent::Get,
            Said::Value { .. } => TraceEvent::Value,
            Said::Declined => TraceEvent::Declined,
        },
    }
}
