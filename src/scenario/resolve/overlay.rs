//! `[overlay]` and `[chord]`: members, identifiers and the protocol's parameters.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::DeValue;

use super::fault::given_faults;
use crate::codes;
use crate::scenario::keys::overlay::MAX_POSITIONS;
use crate::scenario::reader::Reader;
use crate::scenario::resolved::{
    Bootstrap, Chord, ChurnModel, Ids, Maintenance, Overlay, Scenario,
};
use crate::scenario::source::Span;

/// `[overlay]`. A list of ids also says how many nodes there are, unless `nodes` does.
pub(crate) fn overlay(reader: &mut Reader<'_>) -> Overlay {
    let mut overlay: Overlay = reader.read();
    if let Ids::List(list) = &overlay.ids
        && reader.place("overlay.nodes").is_none()
    {
        overlay.nodes = (list.len() as u32 / overlay.virtual_nodes).max(1);
    }
    overlay
}

/// `[chord]`. The protocol as first published has no check on the predecessor, unless it is asked
/// for.
pub(crate) fn chord(reader: &mut Reader<'_>) -> Chord {
    let mut chord: Chord = reader.read();
    if chord.maintenance == Maintenance::Chord2001
        && reader.place("chord.check_predecessor_every").is_none()
    {
        chord.check_predecessor_every = None;
    }
    chord
}

/// Whether all ring positions find room, and ids given one by one are as many as needed, on the
/// ring and different.
pub(crate) fn fit_on_the_ring(reader: &mut Reader<'_>, scenario: &Scenario) {
    if matches!(scenario.churn.model, ChurnModel::Trace(_)) {
        // How many there are is not known before the file is read, and asked then.
        return;
    }
    let each = u64::from(scenario.overlay.virtual_nodes);
    let positions = u64::from(scenario.overlay.nodes) * each;
    let all = scenario.churn.peers_behind(scenario.overlay.nodes) * each;
    if let Ids::List(list) = &scenario.overlay.ids {
        ids_are_positions(reader, list, scenario.overlay.id_bits);
        if list.len() as u64 != positions {
            wrong_number_of_ids(reader, list.len(), positions);
            return;
        }
    }
    let joining: u64 = scenario.joining_by_faults() * each;
    let ring = 1_u128 << scenario.overlay.id_bits;
    if u128::from(positions) > ring {
        let needed = positions.next_power_of_two().trailing_zeros();
        let room = ring_size(scenario.overlay.id_bits);
        let remedy = format!(", or raise `overlay.id_bits` to at least {needed}");
        too_many(reader, positions, &room, &remedy);
    } else if positions > u64::from(MAX_POSITIONS) {
        let room = format!("the limit of {MAX_POSITIONS}");
        too_many(reader, positions, &room, "");
    } else if all > u64::from(MAX_POSITIONS) || u128::from(all) > ring {
        too_many_take_turns(reader, all, scenario.overlay.id_bits);
    } else if u128::from(all + joining) > ring {
        no_room_to_join(reader, all + joining, scenario.overlay.id_bits);
    }
}

/// Whether the network has regions, where identifiers follow them.
pub(crate) fn regions_are_there(reader: &mut Reader<'_>, scenario: &Scenario) {
    let model = &scenario.network.model;
    if scenario.overlay.ids != Ids::Region {
        return;
    }
    if model.has_regions() {
        return regions_have_room(reader, scenario);
    }
    let places = ["overlay.ids", "network.model"].map(|key| reader.place(key));
    if let Some(span) = reader.culprit(places) {
        reader.push(
            codes::IMPOSSIBLE_NETWORK,
            span,
            "identifiers cannot follow regions here",
            "`overlay.ids` is \"region\", and this network has no regions",
            "set `network.model` to \"transit-stub\" or \"regions\", or `overlay.ids` to \"hashed\"",
        );
    }
}

/// Many times more positions than nodes, so that the part of a region is never full, however its hosts are shared out.
const BITS_TO_SPARE: u32 = 16;

/// Whether each region's part of the ring has room for all nodes that may be there.
fn regions_have_room(reader: &mut Reader<'_>, scenario: &Scenario) {
    let each = u64::from(scenario.overlay.virtual_nodes);
    let behind = scenario.churn.peers_behind(scenario.overlay.nodes);
    let nodes = (behind + scenario.joining_by_faults()).saturating_mul(each);
    let least = (nodes.max(1).ilog2() + 1 + BITS_TO_SPARE).max(32);
    let bits = scenario.overlay.id_bits;
    let places = ["overlay.id_bits", "overlay.ids"].map(|key| reader.place(key));
    if bits < least
        && let Some(span) = reader.culprit(places)
    {
        reader.push(
            codes::RING_TOO_SMALL,
            span,
            "too few identifiers for identifiers by region",
            format!("a region's part of a ring of 2^{bits} positions may be full"),
            format!("raise `overlay.id_bits` to at least {least}"),
        );
    }
}

/// The most well-known peers.
const MAX_WELL_KNOWN: u32 = 100;

/// Whether the well-known peers are some of the first ones.
pub(crate) fn well_known_are_few(reader: &mut Reader<'_>, scenario: &Scenario) {
    let Bootstrap::Fixed(count) = scenario.overlay.bootstrap else {
        return;
    };
    let most = scenario.overlay.nodes.min(MAX_WELL_KNOWN);
    let places = ["overlay.bootstrap", "overlay.nodes"].map(|key| reader.place(key));
    if !(1..=most).contains(&count)
        && let Some(span) = reader.culprit(places)
    {
        reader.push(
            codes::OUT_OF_RANGE,
            span,
            format!("there cannot be {count} well-known nodes"),
            format!("allowed: 1 to {most}, or \"replaced\""),
            "well known are the first of the `overlay.nodes`, at most 100 of them",
        );
    }
}

fn ring_size(id_bits: u32) -> String {
    format!("a ring of 2^{id_bits} = {} positions", 1_u128 << id_bits)
}

/// How the scenario calls the number of positions per peer.
fn virtual_nodes(reader: &Reader<'_>) -> &'static str {
    reader.name("overlay.virtual_nodes")
}

fn too_many(reader: &mut Reader<'_>, positions: u64, room: &str, remedy: &str) {
    if let Some(span) = culprit(reader) {
        let virtual_nodes = virtual_nodes(reader);
        reader.push(
            codes::RING_TOO_SMALL,
            span,
            "more nodes than identifiers",
            format!("{positions} ring positions do not fit {room}"),
            format!("lower `overlay.nodes` or `{virtual_nodes}`{remedy}"),
        );
    }
}

/// With sessions there are more peers than are up at once.
fn too_many_take_turns(reader: &mut Reader<'_>, all: u64, id_bits: u32) {
    let sessions = ["churn.sessions.down", "churn.sessions.up"].map(|key| reader.place(key));
    let Some(span) = sessions
        .into_iter()
        .flatten()
        .next()
        .or_else(|| culprit(reader))
    else {
        return;
    };
    let room = if all > u64::from(MAX_POSITIONS) {
        format!("the limit of {MAX_POSITIONS}")
    } else {
        ring_size(id_bits)
    };
    reader.push(
        codes::RING_TOO_SMALL,
        span,
        "more nodes than identifiers",
        format!("with those who are down, {all} ring positions do not fit {room}"),
        "lower `overlay.nodes`, shorten `churn.sessions.down`, or raise `overlay.id_bits`",
    );
}

fn no_room_to_join(reader: &mut Reader<'_>, positions: u64, id_bits: u32) {
    let faults = given_faults(reader);
    let joins = faults.iter().find_map(|fault| fault.place("join"));
    let Some(span) = joins.or_else(|| culprit(reader)) else {
        return;
    };
    reader.push(
        codes::RING_TOO_SMALL,
        span,
        "more nodes than identifiers",
        format!(
            "with those who join, {positions} ring positions do not fit {}",
            ring_size(id_bits)
        ),
        "let fewer join, or raise `overlay.id_bits`",
    );
}

fn culprit(reader: &Reader<'_>) -> Option<Span> {
    reader.culprit([
        reader.place("overlay.nodes"),
        reader.place("overlay.virtual_nodes"),
        reader.place("overlay.id_bits"),
        reader.place("overlay.ids"),
    ])
}

fn wrong_number_of_ids(reader: &mut Reader<'_>, ids: usize, positions: u64) {
    if let Some(span) = reader.culprit([
        reader.place("overlay.ids"),
        reader.place("overlay.nodes"),
        reader.place("overlay.virtual_nodes"),
    ]) {
        let virtual_nodes = virtual_nodes(reader);
        reader.push(
            codes::RING_TOO_SMALL,
            span,
            "the list of ids does not fit the number of nodes",
            format!("{ids} ids for {positions} ring positions"),
            format!(
                "give one id for each ring position (`overlay.nodes` times `{virtual_nodes}`), or \
                 leave out `overlay.nodes`"
            ),
        );
    }
}

fn ids_are_positions(reader: &mut Reader<'_>, list: &[u64], id_bits: u32) {
    let given = reader.value("overlay.ids").map(Spanned::get_ref);
    let given = given
        .and_then(DeValue::as_array)
        .map_or(&[][..], |given| given);
    let mut seen = BTreeSet::new();
    for (id, given) in list.iter().zip(given) {
        if u128::from(*id) >= 1_u128 << id_bits {
            reader.push(
                codes::NOT_ON_THE_RING,
                given.span(),
                format!("{id} is not on the ring"),
                format!("allowed: 0 to {}", (1_u128 << id_bits) - 1),
                format!("ids have {id_bits} bits; `overlay.id_bits` can be raised up to 64"),
            );
        } else if !seen.insert(*id) {
            reader.push(
                codes::TAKEN,
                given.span(),
                format!("two nodes have the id {id}"),
                "this id stands in the list already",
                "give every node an id of its own",
            );
        }
    }
}
