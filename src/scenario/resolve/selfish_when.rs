//! `selfish.who`: whether peers that turn selfish, or decide, ever do, and have something to go by.

use crate::codes;
use crate::engine::SimDuration;
use crate::scenario::keys::selfish::Behaviour;
use crate::scenario::reader::Reader;
use crate::scenario::resolved::{Presence, Rule, Scenario};
use crate::scenario::source::Span;

/// The most often that peers turn: more is a slip in `decide_every`.
const MAX_TURNS: u64 = 1_000_000;

const WHO: &str = "selfish.who";
const EVERY: &str = "selfish.decide_every";

/// Whether the share that grows, or the decision of peers, fits the rest.
pub(super) fn turning_fits(reader: &mut Reader<'_>, scenario: &Scenario) {
    let first = match scenario.selfish.who {
        Presence::Drawn => return,
        Presence::Ramp { until, every } => every.min(until),
        Presence::Decide { every, .. } => every,
    };
    peers_turn_in_time(reader, scenario, first);
    turns_are_few(reader, scenario);
    there_are_two_kinds(reader, scenario);
    those_that_decide_stay(reader, scenario);
    the_excluded_ask_for_something(reader, scenario);
}

/// What says when peers turn.
fn when_they_turn(reader: &Reader<'_>) -> Option<Span> {
    reader.culprit([EVERY, "duration", WHO].map(|key| reader.place(key)))
}

fn peers_turn_in_time(reader: &mut Reader<'_>, scenario: &Scenario, first: SimDuration) {
    let duration = scenario.duration;
    if first <= duration {
        return;
    }
    if let Some(span) = when_they_turn(reader) {
        reader.push(
            codes::AFTER_THE_END,
            span,
            "no peer would turn before the end of the measurement",
            format!(
                "they turn after {first} for the first time, the measurement ends at {duration}"
            ),
            format!("lower `{EVERY}`, or raise `duration`"),
        );
    }
}

fn turns_are_few(reader: &mut Reader<'_>, scenario: &Scenario) {
    let (every, until) = match scenario.selfish.who {
        Presence::Drawn => return,
        Presence::Ramp { until, every } => (every, until.min(scenario.duration)),
        Presence::Decide { every, .. } => (every, scenario.duration),
    };
    if until.0 / every.0 <= MAX_TURNS {
        return;
    }
    if let Some(span) = when_they_turn(reader) {
        reader.push(
            codes::PLAN_TOO_LARGE,
            span,
            "peers would turn more than a million times",
            format!("each {every} for {until}"),
            format!("raise `{EVERY}`"),
        );
    }
}

/// A share of nothing does not grow, and where all do the same nobody has anything to imitate. Whoever says so wants it so, to
/// compare with.
fn there_are_two_kinds(reader: &mut Reader<'_>, scenario: &Scenario) {
    if reader.place("selfish.fraction").is_some() {
        return;
    }
    let (message, label) = match scenario.selfish.who {
        Presence::Ramp { .. } => (
            "the share of selfish peers would grow from none to none",
            "grows to `selfish.fraction`, which is 0 by default",
        ),
        Presence::Decide {
            by: Rule::Imitation { .. },
            ..
        } => (
            "peers would have nothing to imitate",
            "begins with `selfish.fraction`, which is 0 by default: all do the same",
        ),
        Presence::Decide { .. } | Presence::Drawn => return,
    };
    if let Some(span) = reader.place(WHO) {
        let help = "set `selfish.fraction` to a share between 0 and 1";
        reader.push(codes::POINTLESS_CONDUCT, span, message, label, help);
    }
}

/// Whoever comes back as another has nobody left to decide, and nothing that it gained.
fn those_that_decide_stay(reader: &mut Reader<'_>, scenario: &Scenario) {
    let selfish = &scenario.selfish;
    let decides = matches!(selfish.who, Presence::Decide { .. });
    if !decides || !selfish.does(Behaviour::Whitewash) {
        return;
    }
    let places = [reader.place("selfish.behaviour"), reader.place(WHO)];
    if let Some(span) = reader.culprit(places) {
        reader.push(
            codes::CONTRADICTION,
            span,
            "\"whitewash\" does not go with peers that decide",
            "who comes back as another is not there to decide",
            format!("choose another behaviour, or set `{WHO}` to \"drawn\""),
        );
    }
}

fn the_excluded_ask_for_something(reader: &mut Reader<'_>, scenario: &Scenario) {
    let Presence::Decide {
        by: Rule::Generosity { exclusion, .. },
        ..
    } = scenario.selfish.who
    else {
        return;
    };
    let key = "selfish.exclusion";
    if exclusion > 0.0
        && scenario.storage.is_none()
        && let Some(span) = reader.culprit([reader.place(key)])
    {
        reader.push(
            codes::POINTLESS_CONDUCT,
            span,
            "free riders would be excluded from what nobody asks for",
            "nothing is put or got in this scenario",
            format!("set `workload.puts_per_s` or `workload.gets_per_s`, or leave `{key}` at 0"),
        );
    }
}
