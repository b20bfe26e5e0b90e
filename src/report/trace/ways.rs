//! The legs that make up the latency: from the end back to the beginning, each message left when the one before arrived.

use crate::engine::{SimDuration, SimTime};
use crate::observe::trace::{End, Step, StepKind, Traced};
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
        StepKind::Says(Said::Received) | StepKind::Refuses | StepKind::Lies { .. } => None,
        StepKind::Says(_) => Some((step.to, step.at + step.took?)),
        StepKind::WaitsInVain => Some((step.from, step.at)),
    }
}

/// The nodes that the lookup came to on its way to the answer, from the asking node to the owner; with iterative lookups those that
/// have answered, in their order. While there is no answer: to the last one.
pub(super) fn path(traced: &Traced) -> Vec<u64> {
    let Some(source) = traced.asked.source.some() else {
        return Vec::new();
    };
    let is_iterative = |step: &Step| matches!(step.kind, StepKind::Says(Said::Ask { .. }));
    let mut nodes = if traced.steps.iter().any(is_iterative) {
        asked(traced)
    } else {
        passed(traced)
    };
    nodes.insert(0, source);
    nodes.into_iter().map(|node| traced.id(node)).collect()
}

/// The nodes that a recursive lookup was passed to, back from where it ended: each had it from the one before.
fn passed(traced: &Traced) -> Vec<NodeIdx> {
    let forward = |step: &Step| match step.kind {
        StepKind::Says(Said::Forward { hops, .. }) => Some(hops),
        _ => None,
    };
    let steps = &traced.steps;
    let answered = answered(traced);
    let end = answered.unwrap_or(steps.len());
    let owner = answered.map(|place| steps[place].from);
    let mut way = Vec::new();
    let last =
        steps[..end].iter().enumerate().rev().find(|(_, step)| {
            forward(step).is_some() && owner.is_none_or(|owner| step.to == owner)
        });
    let mut next = last.map(|(place, _)| place);
    while let Some(place) = next {
        let (step, hops) = (&steps[place], forward(&steps[place]).unwrap_or(0));
        way.push(step.to);
        next = steps[..place].iter().rposition(|earlier| {
            earlier.to == step.from && forward(earlier).is_some_and(|before| before + 1 == hops)
        });
    }
    way.reverse();
    way
}

/// The place of the answer that was believed: of those of the node that was found, the first that arrived. While none is: of the
/// last one that was sent.
fn answered(traced: &Traced) -> Option<usize> {
    let claims = |step: &Step| step.kind == StepKind::Says(Said::Owner);
    let Some(found) = found(traced) else {
        return traced.steps.iter().rposition(claims);
    };
    let steps = traced.steps.iter().enumerate();
    let its = steps.filter(|(_, step)| claims(step) && step.from == found);
    let arrivals = its.filter_map(|(place, step)| Some((step.at + step.took?, place)));
    arrivals.min().map(|(_, place)| place)
}

/// The node that was found to own the key.
fn found(traced: &Traced) -> Option<NodeIdx> {
    let answer = match traced.end.as_ref()? {
        End::Lookup(over) => over.answer.ok()?,
        End::Operation(over) => over.state.found?,
    };
    Some(answer.claim.node)
}

/// The nodes that have answered an iterative lookup, each once.
fn asked(traced: &Traced) -> Vec<NodeIdx> {
    let mut nodes = Vec::new();
    for step in &traced.steps {
        let answers = matches!(
            step.kind,
            StepKind::Says(Said::Referral { .. } | Said::Owner | Said::DeadEnd)
        );
        if answers && step.took.is_some() && !nodes.contains(&step.from) {
            nodes.push(step.from);
        }
    }
    nodes
}
