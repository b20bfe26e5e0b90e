//! `[[fault]]`: what strikes when.

use crate::codes;
use crate::engine::SimDuration;
use crate::scenario::keys::fault::{DEEDS, FAULT, FaultKeys};
use crate::scenario::reader::{Given, Reader};
use crate::scenario::resolved::{Fault, FaultKind};
use crate::scenario::source::Span;

/// The keys of which a fault has exactly one.
const DEED_KEYS: [&str; 5] = ["kill", "leave", "join", "partition", "crash_well_known"];

/// Every `[[fault]]` as it is given, in the order of the file.
pub(crate) fn given_faults<'d>(reader: &Reader<'d>) -> Vec<Given<'d>> {
    reader.list(&FAULT)
}

/// Where each `[[fault]]` says when it strikes.
pub(crate) fn fault_times(reader: &Reader<'_>) -> Vec<Option<Span>> {
    let faults = given_faults(reader);
    faults.iter().map(|fault| fault.place("at")).collect()
}

/// Every `[[fault]]`, in the order of the file.
pub(crate) fn faults(reader: &mut Reader<'_>) -> Vec<Fault> {
    let faults = given_faults(reader);
    faults.iter().map(|given| fault(reader, given)).collect()
}

fn fault(reader: &mut Reader<'_>, given: &Given<'_>) -> Fault {
    let keys: FaultKeys = reader.read_from(given);
    if given.place("at").is_none() {
        reader.miss(
            codes::MISSING_KEY,
            given.span(),
            "a fault does not say when",
            "`at` is missing",
            "add, for example, at = \"5m\" (counted from the end of the warm-up)",
        );
    }
    does_one_thing(reader, given);
    partitions_have_a_length(reader, given);
    strikes_at_all(reader, given, &keys);
    Fault {
        at: keys.at.unwrap_or(SimDuration::ZERO),
        kind: kind(&keys),
    }
}

fn kind(keys: &FaultKeys) -> FaultKind {
    match *keys {
        FaultKeys {
            join: Some(peers), ..
        } => FaultKind::Join(peers),
        FaultKeys {
            leave: Some(share), ..
        } => FaultKind::Leave(share),
        FaultKeys {
            partition: Some(share),
            length,
            ..
        } => FaultKind::Partition {
            share,
            // What has no length is refused.
            length: length.unwrap_or(SimDuration::ZERO),
        },
        FaultKeys {
            crash_well_known: Some(_),
            ..
        } => FaultKind::CrashWellKnown,
        // What does nothing is refused.
        FaultKeys { kill, .. } => FaultKind::Kill(kill.unwrap_or(0.0)),
    }
}

fn does_one_thing(reader: &mut Reader<'_>, given: &Given<'_>) {
    let deeds = DEED_KEYS.iter().filter_map(|deed| given.place(deed));
    let mut deeds: Vec<Span> = deeds.collect();
    deeds.sort_by_key(|span| span.start);
    match deeds[..] {
        [] => reader.miss(
            codes::MISSING_KEY,
            given.span(),
            "a fault does not say what happens",
            "it has none of `kill`, `leave`, `join`, `partition`, `crash_well_known`",
            format!("add one of: {DEEDS}"),
        ),
        [_] => {}
        [_, ref second, ..] => reader.push(
            codes::SEVERAL_AT_ONCE,
            second.clone(),
            "a fault does one thing only",
            "this is the second",
            "write a [[fault]] of its own for each; they may have the same `at`",
        ),
    }
}

/// A partition lasts, and nothing else does.
fn partitions_have_a_length(reader: &mut Reader<'_>, given: &Given<'_>) {
    match (given.place("partition"), given.place("for")) {
        (Some(partition), None) => reader.miss(
            codes::MISSING_KEY,
            partition,
            "a partition does not say how long it lasts",
            "`for` is missing",
            "add, for example, for = \"5m\"",
        ),
        (None, Some(length)) => reader.push(
            codes::CONTRADICTION,
            length,
            "`fault.for` belongs to a partition",
            "all other faults happen at once",
            "remove it, or say which share of the hosts is cut off: partition = 0.5",
        ),
        _ => {}
    }
}

/// What is not to happen is no fault.
fn strikes_at_all(reader: &mut Reader<'_>, given: &Given<'_>, keys: &FaultKeys) {
    if let (Some(false), Some(span)) = (keys.crash_well_known, given.place("crash_well_known")) {
        reader.push(
            codes::NO_SUCH_CHOICE,
            span,
            "`fault.crash_well_known` can only be true",
            "with false nothing happens",
            "write true, or remove the [[fault]]",
        );
    }
}
