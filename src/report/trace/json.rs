//! The story for programs.

use serde_json::{Value, json as object};

use super::Story;
use super::reasons::Entry;
use super::tables::{FingerTable, TableKind};
use crate::engine::{SimDuration, SimTime};
use crate::observe::trace::rows::event;
use crate::observe::trace::{End, Traced};
use crate::world::Action;

/// Everything that is known of the request: times in milliseconds since it began, nodes by their identifiers. Steps have what
/// the node says where people are told of them.
pub(crate) fn json(story: &Story<'_>) -> String {
    let traced = story.traced;
    let asked = &traced.asked;
    let lines = story.lines();
    let steps: Vec<Value> = (0..traced.steps.len())
        .map(|place| {
            let line = lines.iter().find(|line| line.step == Some(place));
            let mut value = step(traced, place);
            value["says"] = line.map(|line| line.text.clone()).into();
            value["entry"] = line.and_then(|line| line.entry).map_or(Value::Null, entry);
            value
        })
        .collect();
    let (write, read) = story.quorums;
    let found = story.found();
    let whole = object!({
        "request": match asked.operation {
            None => "lookup",
            Some(Action::Put { .. }) => "put",
            Some(Action::Get) => "get",
        },
        "key": asked.key.0,
        "label": story.label,
        "from": asked.source.some().map(|source| traced.id(source)),
        "time_s": asked.at.seconds_from(story.measured_from),
        "steps": steps,
        "outcome": traced.end.as_ref().map(outcome),
        "reason": traced.end.as_ref().and_then(reason),
        "says": lines.last().filter(|line| line.step.is_none()).map(|line| line.text.clone()),
        "owner": found.map(|(_, id, _)| id),
        "hops": found.map(|(.., hops)| hops),
        "path": story.path(),
        "legs": story.legs(),
        "latency_ms": story.over().map(|over| over.since(asked.at).as_millis_f64()),
        "write_quorum": write,
        "read_quorum": read,
        "finger_tables": story.tables.iter().map(table).collect::<Vec<_>>(),
    });
    format!("{whole:#}\n")
}

fn step(traced: &Traced, place: usize) -> Value {
    let step = &traced.steps[place];
    let since = |at: SimTime| at.since(traced.asked.at).as_millis_f64();
    object!({
        "at_ms": since(step.at),
        "from": traced.id(step.from),
        "to": traced.id(step.to),
        "event": event(step).name(),
        "hop": traced.hops()[place],
        "latency_ms": step.took.map(SimDuration::as_millis_f64),
    })
}

fn entry(entry: Entry) -> Value {
    match entry {
        Entry::Successor(place) => object!({ "list": "successors", "entry": place + 1 }),
        Entry::Finger(i) => object!({ "list": "fingers", "entry": i }),
        Entry::Predecessor => object!({ "list": "predecessor", "entry": 1 }),
    }
}

fn outcome(end: &End) -> &'static str {
    match end {
        End::Lookup(over) => match over.answer {
            Ok(answer) if answer.claim.is_right() => "ok",
            Ok(_) => "wrong",
            Err(_) => "failed",
        },
        End::Operation(over) => over.state.outcome.name(),
    }
}

fn reason(end: &End) -> Option<&'static str> {
    let answer = match end {
        End::Lookup(over) => over.answer,
        End::Operation(over) => over.request.answer,
    };
    answer.err().map(|failure| failure.reason.name())
}

fn table(table: &FingerTable) -> Value {
    let entries = (0..).zip(&table.entries).map(|(i, node)| {
        object!({ "finger": i, "start": table.start(i), "end": table.end(i), "node": node })
    });
    object!({
        "node": table.node,
        "is_member": table.kind != TableKind::Nobody,
        "entries": entries.collect::<Vec<_>>(),
    })
}
