//! The legs that make up the latency: from the end back to the beginning, each message left when the one before arrived.

use crate::engine::{SimDuration, SimTime};
use crate::observe::trace::{Step, StepKind, Traced};
use crate::overlay::Said;
use crate::world::NodeIdx;

/// The steps that the asking node waited for one after the other, by their places; `None` if they do not add up to the
/// whole time, because something waited in a queue or for another attempt.
pub(super) fn legs(traced: &Traced, over: SimTime) -> Option<Vec<usize>> {
    let mut legs = Vec::new();
    let (mut node, mut at) = (traced.asked.source, over);
    let mut before = traced.steps.len();
    while at > traced.asked.at {
        let place = traced.steps[..before].iter().rposition(|step| {
            ends(step) == Some((node, at)) && step.took > Some(SimDuration::ZERO)
        })?;
        let step = &traced.steps[place];
        let took = step.took?;
        at = match step.kind {
            StepKind::WaitsInVain => SimTime(step.at.0.checked_sub(took.0)?),
            _ => step.at,
        };
        node = step.from;
        legs.push(place);
        before = place;
    }
    legs.reverse();
    (node == traced.asked.source).then_some(legs)
}

/// Where and when the next step can follow.
fn ends(step: &Step) -> Option<(NodeIdx, SimTime)> {
    match &step.kind {
        StepKind::Says(Said::Received) | StepKind::Refuses => None,
        StepKind::Says(_) => Some((step.to, step.at + step.took?)),
        StepKind::WaitsInVain => Some((step.from, step.at)),
    }
}

/// The nodes that the lookup came to, in order, from the asking node to the owner; with iterative lookups those that were asked.
pub(super) fn path(traced: &Traced) -> Vec<u64> {
    let mut path = Vec::new();
    let mut last_hop = 0;
    for (step, hop) in traced.steps.iter().zip(traced.hops()) {
        let StepKind::Says(Said::Forward { .. } | Said::Ask { .. }) = step.kind else {
            continue;
        };
        // Where the lookup went another way after a silence, what was not reached is taken back.
        path.truncate(hop.saturating_sub(1) as usize);
        path.push(traced.id(step.to));
        last_hop = hop;
    }
    path.truncate(last_hop as usize);
    if traced.asked.source.some().is_some() {
        path.insert(0, traced.id(traced.asked.source));
    }
    path
}
