//! Whether what a script says can happen: in time, on the ring, and with those who are there then.

use std::collections::BTreeMap;

use super::event::given_events;
use crate::codes;
use crate::engine::SimDuration;
use crate::scenario::reader::{Given, Reader};
use crate::scenario::resolved::{
    ChurnModel, Ids, Overlay, Scenario, ScriptEvent, ScriptKind, Source, Start,
};
use crate::scenario::source::Span;
use crate::world::Space;

/// The most members that a remedy lists.
const MOST_LISTED: usize = 12;

/// Of more identifiers than these it is not asked which are members.
const MOST_LOOKED_AT: usize = 1000;

/// Notes every event that cannot happen. Events come in the order of the file.
pub(crate) fn check(reader: &mut Reader<'_>, scenario: &Scenario) {
    let given = given_events(reader);
    for (given, event) in given.iter().zip(&scenario.events) {
        happens_in_time(reader, given, scenario, event);
        is_on_the_ring(reader, given, scenario.overlay.id_bits);
        joins_with_one_position(reader, given, scenario.overlay.virtual_nodes);
    }
    names_are_of_one_key(reader, &given, &scenario.events);
    if reader.problems.is_empty() {
        somebody_is_there(reader, &given, scenario);
    }
}

fn happens_in_time(
    reader: &mut Reader<'_>,
    given: &Given<'_>,
    scenario: &Scenario,
    event: &ScriptEvent,
) {
    if event.at < scenario.duration {
        return;
    }
    if let Some(span) = reader.culprit([given.place("at"), reader.place("duration")]) {
        reader.push(
            codes::AFTER_THE_END,
            span,
            "an event would happen after the end of the measurement",
            format!(
                "the event is due at {}, the measurement ends at {}",
                event.at, scenario.duration
            ),
            "times of events count from the end of the warm-up: move the event or raise `duration`",
        );
    }
}

/// Every place of an identifier or a key that is given as a number.
fn numbers(given: &Given<'_>) -> Vec<(u64, Span)> {
    let mut found = Vec::new();
    let mut tables = vec![given.value_table()];
    for deed in ["lookup", "put", "get"] {
        let table = given
            .value(deed)
            .and_then(|value| value.get_ref().as_table());
        let key = table.and_then(|table| table.get("key")?.get_ref().as_table());
        tables.extend([table, key]);
    }
    for table in tables.into_iter().flatten() {
        for name in ["join", "via", "leave", "crash", "key", "from"] {
            let Some(value) = table.get(name) else {
                continue;
            };
            let number = value.get_ref().as_integer();
            let number = number.and_then(|it| u64::from_str_radix(it.as_str(), it.radix()).ok());
            found.extend(number.map(|number| (number, value.span())));
        }
    }
    found
}

fn is_on_the_ring(reader: &mut Reader<'_>, given: &Given<'_>, id_bits: u32) {
    let last = Space::new(id_bits).last();
    for (number, span) in numbers(given) {
        if number <= last {
            continue;
        }
        if let Some(span) = reader.culprit([Some(span), reader.place("overlay.id_bits")]) {
            reader.push(
                codes::NOT_ON_THE_RING,
                span,
                format!("{number} is not on the ring"),
                format!("the ring has the places 0 to {last}"),
                "write a place on the ring, or raise `overlay.id_bits`; a text in quotes is hashed",
            );
        }
    }
}

/// The other positions of a peer would have no identifiers.
fn joins_with_one_position(reader: &mut Reader<'_>, given: &Given<'_>, virtual_nodes: u32) {
    let Some(join) = given.place("join").filter(|_| virtual_nodes > 1) else {
        return;
    };
    let places = [Some(join), reader.place("overlay.virtual_nodes")];
    if let Some(span) = reader.culprit(places) {
        let name = reader.name("overlay.virtual_nodes");
        reader.push(
            codes::CONTRADICTION,
            span,
            "a peer of several positions cannot join with one identifier",
            format!("each peer has {virtual_nodes} positions"),
            format!("set `{name}` to 1, or let peers join by a [[fault]]"),
        );
    }
}

fn names_are_of_one_key(reader: &mut Reader<'_>, given: &[Given<'_>], events: &[ScriptEvent]) {
    let mut places = BTreeMap::new();
    for (given, event) in given.iter().zip(events) {
        let Some(key) = event.kind.key() else {
            continue;
        };
        let Some(label) = &key.label else {
            continue;
        };
        let first = *places.entry(label).or_insert(key.place);
        if first == key.place {
            continue;
        }
        reader.push(
            codes::TAKEN,
            place_of_key(given),
            format!("the name \"{label}\" is used for two keys"),
            format!("here it is {}, before it is {first}", key.place),
            "a text is hashed: where a number has a name, write the number each time, or choose \
             another name",
        );
    }
}

fn place_of_key(given: &Given<'_>) -> Span {
    let deeds = ["lookup", "put", "get"].into_iter();
    let mut values = deeds.filter_map(|deed| given.value(deed));
    let table = values.next();
    let inner = table.and_then(|table| table.get_ref().as_table());
    let value = inner.and_then(|table| table.get("label").or_else(|| table.get("key")));
    value
        .or(table)
        .map_or_else(|| given.span(), toml::Spanned::span)
}

/// Who is a member, as far as it is known before a run.
struct Roster<'a> {
    overlay: &'a Overlay,
    /// With a list of identifiers: those that name peers, sorted.
    given: Vec<u64>,
    /// Whether all who are members at the beginning of the measurement are known.
    begins_known: bool,
    /// What events have changed since: whether an identifier is a member's.
    changed: BTreeMap<u64, bool>,
}

impl Roster<'_> {
    /// `None`: that is not known.
    fn has(&self, id: u64) -> Option<bool> {
        let known = self.changed.get(&id).copied();
        known.or_else(|| self.begins_known.then(|| self.had(id))?)
    }

    /// Whether a peer was called so at the beginning; `None` where identifiers are drawn.
    fn had(&self, id: u64) -> Option<bool> {
        let each = self.overlay.virtual_nodes as usize;
        match &self.overlay.ids {
            Ids::Hashed | Ids::Region => None,
            Ids::List(_) => Some(self.given.binary_search(&id).is_ok()),
            Ids::Even => {
                // The k-th of n is at k·2^bits / n, rounded down: the least k that is not before `id`.
                let all = u128::from(self.overlay.nodes) * each as u128;
                let bits = self.overlay.id_bits;
                let k = (u128::from(id) * all).div_ceil(1 << bits);
                let is_one = k < all && (k << bits) / all == u128::from(id);
                Some(is_one && k.is_multiple_of(each as u128))
            }
        }
    }

    /// All members, if they are known and few.
    fn listed(&self) -> Option<String> {
        if self.given.is_empty() || self.given.len() + self.changed.len() > MOST_LOOKED_AT {
            return None;
        }
        let mut all: Vec<u64> = self.given.clone();
        all.extend(self.changed.keys());
        all.sort_unstable();
        all.dedup();
        all.retain(|id| self.has(*id) == Some(true));
        let all: Vec<String> = all.iter().map(ToString::to_string).collect();
        (self.begins_known && all.len() <= MOST_LISTED && !all.is_empty()).then(|| all.join(", "))
    }
}

/// Goes through the script in the order of time, as long as nothing else changes who is there.
fn somebody_is_there(reader: &mut Reader<'_>, given: &[Given<'_>], scenario: &Scenario) {
    if scenario.churn.model != ChurnModel::None {
        return;
    }
    let overlay = &scenario.overlay;
    let are_up = overlay.start == Start::Converged || overlay.join_window <= scenario.warmup;
    let mut named = match &overlay.ids {
        Ids::List(list) => {
            let first = list.iter().step_by(overlay.virtual_nodes as usize);
            first.copied().collect()
        }
        Ids::Hashed | Ids::Even | Ids::Region => Vec::new(),
    };
    named.sort_unstable();
    let mut roster = Roster {
        overlay,
        given: named,
        begins_known: are_up,
        changed: BTreeMap::new(),
    };
    asker_is_there(reader, scenario, &roster);
    let strikes = scenario.faults.iter().map(|fault| fault.at);
    // Faults come before the events of the same moment.
    let known_until = strikes.min().unwrap_or(SimDuration(u64::MAX));
    let mut order: Vec<_> = given.iter().zip(&scenario.events).collect();
    order.sort_by_key(|(_, event)| event.at);
    for (given, event) in order {
        if event.at >= known_until {
            return;
        }
        happens(reader, given, event, &mut roster);
    }
}

/// Who makes all requests is there from the start or joins by script, as far as that is known.
fn asker_is_there(reader: &mut Reader<'_>, scenario: &Scenario, roster: &Roster<'_>) {
    let Source::Id(id) = scenario.workload.source else {
        return;
    };
    let joins = scenario
        .events
        .iter()
        .any(|event| matches!(&event.kind, ScriptKind::Join { id: new, .. } if *new == id));
    let others = scenario.overlay.virtual_nodes > 1 || !scenario.faults.is_empty();
    if joins || others || roster.has(id) != Some(false) {
        return;
    }
    let places = ["workload.source", "overlay.ids", "overlay.nodes"];
    if let Some(span) = reader.culprit(places.map(|key| reader.place(key))) {
        let who = roster.listed();
        let who = who.map_or_else(String::new, |who| format!(" (there are {who})"));
        reader.push(
            codes::NOBODY_THERE,
            span,
            format!("nobody ever has the identifier {id}"),
            "who is to ask is never there",
            format!("name a node that is there{who}, or let it join by an [[event]]"),
        );
    }
}

/// One event, with those who are there.
fn happens(
    reader: &mut Reader<'_>,
    given: &Given<'_>,
    event: &ScriptEvent,
    roster: &mut Roster<'_>,
) {
    let within = |deed: &str| {
        let table = given.value(deed)?.get_ref().as_table()?;
        Some(table.get("from")?.span())
    };
    let (id, place) = match &event.kind {
        ScriptKind::Join { id, via } => {
            if roster.has(*id) == Some(true) {
                is_there_already(reader, given.place("join"), *id, event.at);
            }
            if let Some(via) = *via {
                is_there(reader, given.place("via"), via, event.at, roster);
            }
            roster.changed.insert(*id, true);
            return;
        }
        ScriptKind::Leave(id) => (*id, given.place("leave")),
        ScriptKind::Crash(id) => (*id, given.place("crash")),
        ScriptKind::Lookup { from, .. } => (*from, within("lookup")),
        ScriptKind::Put { from, .. } => (*from, within("put")),
        ScriptKind::Get { from, .. } => (*from, within("get")),
    };
    is_there(reader, place, id, event.at, roster);
    if matches!(event.kind, ScriptKind::Leave(_) | ScriptKind::Crash(_)) {
        roster.changed.insert(id, false);
    }
}

fn is_there(
    reader: &mut Reader<'_>,
    place: Option<Span>,
    id: u64,
    at: SimDuration,
    roster: &Roster<'_>,
) {
    if roster.has(id) != Some(false) {
        return;
    }
    let places = [
        place,
        reader.place("overlay.ids"),
        reader.place("overlay.nodes"),
    ];
    if let Some(span) = reader.culprit(places) {
        let who = roster.listed();
        let who = who.map_or_else(String::new, |who| format!(" (at {at} there are {who})"));
        reader.push(
            codes::NOBODY_THERE,
            span,
            format!("nobody has the identifier {id} at that time"),
            format!("{id} is no member at {at}"),
            format!("name a peer that is there{who}, or let it join before"),
        );
    }
}

fn is_there_already(reader: &mut Reader<'_>, place: Option<Span>, id: u64, at: SimDuration) {
    let places = [
        place,
        reader.place("overlay.ids"),
        reader.place("overlay.nodes"),
    ];
    if let Some(span) = reader.culprit(places) {
        reader.push(
            codes::TAKEN,
            span,
            format!("the identifier {id} is taken at that time"),
            format!("{id} is a member at {at}"),
            "choose an identifier that nobody has, or let its peer leave or crash before",
        );
    }
}
