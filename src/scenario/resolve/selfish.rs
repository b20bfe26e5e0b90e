//! `[selfish]`: who does not play fair, and what the others do about it.

use super::selfish_when::turning_fits;
use crate::codes;
use crate::engine::SimDuration;
use crate::scenario::keys::selfish::{Behaviour, DecideBy, DefenceChoice, SelfishKeys, Who};
use crate::scenario::keys::value::Keys as _;
use crate::scenario::reader::Reader;
use crate::scenario::resolved::{
    ChurnModel, Defences, Presence, Reciprocity, Redundancy, Repute, Retrying, Rule, Scenario,
    Selfish,
};

/// `[selfish]`. A share that grows is whole at the end of `duration`, unless something else is said.
pub(crate) fn selfish(reader: &mut Reader<'_>, duration: SimDuration) -> Selfish {
    let given = reader.section(SelfishKeys::SECTION);
    let measured = given.value_table().is_some();
    let keys: SelfishKeys = reader.read_from(&given);
    none_stands_alone(reader, &keys.defence);
    Selfish {
        measured,
        fraction: keys.fraction,
        who: presence(&keys, duration),
        defence: defences(&keys),
        behaviour: keys.behaviour,
        storage_refusal: keys.storage_refusal,
        misroute_to: keys.misroute_to,
        whitewash_every: keys.whitewash_every,
        leech_away: keys.leech_away,
    }
}

fn presence(keys: &SelfishKeys, duration: SimDuration) -> Presence {
    let every = keys.decide_every;
    match keys.who {
        Who::Drawn => Presence::Drawn,
        Who::Ramp => Presence::Ramp {
            until: keys.ramp_until.unwrap_or(duration),
            every,
        },
        Who::Decide => Presence::Decide {
            every,
            by: match keys.decide_by {
                DecideBy::Imitation => Rule::Imitation {
                    gain_per_request: keys.gain_per_request,
                    cost_per_message: keys.cost_per_message,
                    cost_per_byte: keys.cost_per_byte,
                },
                DecideBy::Generosity => Rule::Generosity {
                    most: keys.generosity,
                    benefit: keys.benefit,
                    exclusion: keys.exclusion,
                },
            },
        },
    }
}

fn defences(keys: &SelfishKeys) -> Defences {
    let has = |choice| keys.defence.contains(&choice);
    Defences {
        retry: has(DefenceChoice::Retry).then_some(Retrying {
            after: keys.retry_after,
            attempts: keys.retry_attempts,
        }),
        redundant: has(DefenceChoice::Redundant).then_some(Redundancy {
            requests: keys.redundant_requests,
            answer: keys.redundant_answer,
            wait: keys.redundant_wait,
        }),
        reputation: has(DefenceChoice::Reputation).then_some(Repute {
            verdict: keys.reputation_verdict,
            limit: keys.reputation_limit,
            half_life: keys.reputation_half_life,
        }),
        reciprocity: has(DefenceChoice::Reciprocity).then_some(Reciprocity {
            allowance: keys.reciprocity_allowance,
            ratio: keys.reciprocity_ratio,
        }),
    }
}

/// Whether behaviours and defences go together, and with the rest.
pub(crate) fn selfish_fits(reader: &mut Reader<'_>, scenario: &Scenario) {
    behaviours_go_together(reader, &scenario.selfish);
    leeches_come_and_go(reader, scenario);
    values_are_kept(reader, scenario);
    names_can_change(reader, scenario);
    names_change_seldom(reader, scenario);
    turning_fits(reader, scenario);
}

/// No defence beside another one.
fn none_stands_alone(reader: &mut Reader<'_>, defence: &[DefenceChoice]) {
    let key = "selfish.defence";
    if defence.len() > 1
        && defence.contains(&DefenceChoice::None)
        && let Some(span) = reader.place(key)
    {
        reader.push(
            codes::CONTRADICTION,
            span,
            format!("`{key}` names \"none\" beside others"),
            "a defence that is none",
            "take \"none\" out, or let it stand alone",
        );
    }
}

/// Pairs that want different things of one message.
const OPPOSITES: &[(Behaviour, Behaviour, &str)] = &[
    (
        Behaviour::DropLookups,
        Behaviour::Misroute,
        "a lookup that is dropped cannot be answered wrongly",
    ),
    (
        Behaviour::Leech,
        Behaviour::Whitewash,
        "a leech comes and goes under one name",
    ),
];

fn behaviours_go_together(reader: &mut Reader<'_>, selfish: &Selfish) {
    let key = "selfish.behaviour";
    for (one, other, why) in OPPOSITES {
        if selfish.does(*one)
            && selfish.does(*other)
            && let Some(span) = reader.culprit([reader.place(key)])
        {
            let (one, other) = (one.name(), other.name());
            reader.push(
                codes::CONTRADICTION,
                span,
                format!("\"{one}\" and \"{other}\" contradict each other"),
                *why,
                format!("name one of the two; to compare them, sweep `{key}`"),
            );
        }
    }
    if selfish.behaviour == [Behaviour::Whitewash]
        && let Some(span) = reader.culprit([reader.place(key)])
    {
        reader.push(
            codes::POINTLESS_CONDUCT,
            span,
            "\"whitewash\" alone does nothing that anybody would shun",
            "a peer that serves everybody",
            "add what they are shunned for, such as [\"refuse-serving\", \"whitewash\"]",
        );
    }
}

/// The most times that all peers together may ask themselves whether to come back as others.
const MOST_CLOCKS: u64 = 100_000_000;

fn names_change_seldom(reader: &mut Reader<'_>, scenario: &Scenario) {
    let selfish = &scenario.selfish;
    if !selfish.does(Behaviour::Whitewash) || selfish.never() {
        return;
    }
    let length = scenario.warmup.0.saturating_add(scenario.duration.0);
    let times = length / selfish.whitewash_every.0;
    let key = "selfish.whitewash_every";
    if times.saturating_mul(scenario.overlay.nodes.into()) > MOST_CLOCKS
        && let Some(span) = reader.culprit([reader.place(key), reader.place("overlay.nodes")])
    {
        reader.push(
            codes::PLAN_TOO_LARGE,
            span,
            "peers would ask themselves more than a hundred million times whether to come back as others",
            format!("each of {} every {}", scenario.overlay.nodes, selfish.whitewash_every),
            format!("raise `{key}`"),
        );
    }
}

/// Who comes back as another is a peer that no trace says anything of.
fn names_can_change(reader: &mut Reader<'_>, scenario: &Scenario) {
    let key = "selfish.behaviour";
    if scenario.selfish.does(Behaviour::Whitewash)
        && matches!(scenario.churn.model, ChurnModel::Trace(_))
        && let Some(span) = reader.culprit([reader.place("churn.model"), reader.place(key)])
    {
        reader.push(
            codes::CONTRADICTION,
            span,
            "with \"whitewash\" peers come that no trace of churn says anything of",
            "the trace says who is there, and when",
            format!("choose another `churn.model`, or take \"whitewash\" out of `{key}`"),
        );
    }
}

/// A leech comes and goes as it likes, from the beginning to the end.
fn leeches_come_and_go(reader: &mut Reader<'_>, scenario: &Scenario) {
    if !scenario.selfish.does(Behaviour::Leech) || scenario.selfish.never() {
        return;
    }
    let (other, label, remedy) = match (&scenario.churn.model, scenario.selfish.who) {
        (ChurnModel::Trace(_), _) => (
            "churn.model",
            "a trace says when each peer comes and goes",
            "set `churn.model` to \"sessions\" or \"none\", or choose another behaviour",
        ),
        (
            ChurnModel::Poisson {
                joins_per_s,
                leaves_per_s,
            },
            _,
        ) if *joins_per_s > 0.0 || *leaves_per_s > 0.0 => (
            "churn.model",
            "with \"poisson\" whoever has gone never comes back, so that leeches would only become more",
            "set `churn.model` to \"sessions\" or \"none\", or choose another behaviour",
        ),
        (_, Presence::Ramp { .. } | Presence::Decide { .. }) => (
            "selfish.who",
            "peers turn selfish in the middle of their stay, and a leech has none",
            "set `selfish.who` to \"drawn\", or choose another behaviour",
        ),
        _ => return,
    };
    let places = [reader.place("selfish.behaviour"), reader.place(other)];
    if let Some(span) = reader.culprit(places) {
        reader.push(
            codes::CONTRADICTION,
            span,
            format!("\"leech\" does not go together with this `{other}`"),
            label,
            remedy,
        );
    }
}

/// What is refused has to be asked for.
fn values_are_kept(reader: &mut Reader<'_>, scenario: &Scenario) {
    if scenario.storage.is_some() {
        return;
    }
    let selfish = &scenario.selfish;
    let asked = [Behaviour::RefuseStorage, Behaviour::RefuseServing];
    let refused = asked.into_iter().find(|it| selfish.does(*it));
    let key = "selfish.behaviour";
    if let Some(behaviour) = refused
        && let Some(span) = reader.culprit([reader.place(key)])
    {
        let name = behaviour.name();
        reader.push(
            codes::POINTLESS_CONDUCT,
            span,
            format!("\"{name}\" refuses what nobody asks for"),
            "nothing is put or got in this scenario",
            "set `workload.puts_per_s` or `workload.gets_per_s`, or choose another behaviour",
        );
    }
    let key = "selfish.defence";
    if selfish.defence.reciprocity.is_some()
        && let Some(span) = reader.culprit([reader.place(key)])
    {
        reader.push(
            codes::POINTLESS_CONDUCT,
            span,
            "\"reciprocity\" weighs what nobody asks for",
            "nothing is put or got in this scenario",
            "set `workload.puts_per_s` or `workload.gets_per_s`, or choose another defence",
        );
    }
}
