//! `[overlay]` and `[chord]`: members, identifiers and the protocol's parameters.

use std::collections::BTreeSet;

use toml::Spanned;

use super::checks::{Checks, place};
use crate::engine::SimDuration;
use crate::scenario::resolved::{
    Chord, FaultKind, Ids, LookupMode, Maintenance, Overlay, Protocol, Routing, Scenario, Start,
};
use crate::scenario::schema::{self, File, IdRule};
use crate::scenario::source::Span;

/// The most ring positions at time 0, so that columns of them fit their indices with room for all
/// who join later.
const MAX_POSITIONS: u32 = 100_000_000;

const DEFAULT_NODES: u32 = 1000;

/// `[overlay]`. A list of ids also says how many nodes there are, unless `nodes` does.
pub fn overlay(checks: &mut Checks<'_>, given: &schema::Overlay, chord: &schema::Chord) -> Overlay {
    let virtual_nodes = checks.count32("chord.virtual_nodes", &chord.virtual_nodes, 1, 1..=10_000);
    let ids = ids(checks, given);
    let nodes = match &ids {
        Ids::List(list) => (list.len() as u32 / virtual_nodes).max(1),
        _ => DEFAULT_NODES,
    };
    Overlay {
        protocol: checks.choice(
            "overlay.protocol",
            &given.protocol,
            Protocol::Chord,
            |protocol| match protocol {
                schema::Protocol::Chord => Some(Protocol::Chord),
                _ => None,
            },
            "chord",
        ),
        nodes: checks.count32("overlay.nodes", &given.nodes, nodes, 1..=MAX_POSITIONS),
        virtual_nodes,
        id_bits: checks.count32("overlay.id_bits", &given.id_bits, 64, 3..=64),
        ids,
        start: checks.choice(
            "overlay.start",
            &given.start,
            Start::Converged,
            |start| match start {
                schema::Start::Converged => Some(Start::Converged),
                schema::Start::Join => Some(Start::Join),
            },
            "converged, join",
        ),
        join_window: checks.duration(
            "overlay.join_window",
            &given.join_window,
            SimDuration::from_secs(300),
        ),
        rpc_timeout: checks.positive(
            "chord.rpc_timeout",
            &chord.rpc_timeout,
            SimDuration::from_millis(500),
        ),
        request_timeout: checks.positive(
            "chord.lookup_timeout",
            &chord.lookup_timeout,
            SimDuration::from_secs(30),
        ),
    }
}

fn ids(checks: &mut Checks<'_>, given: &schema::Overlay) -> Ids {
    match given.ids.as_ref().map(Spanned::get_ref) {
        None | Some(schema::Ids::Rule(IdRule::Hashed)) => Ids::Hashed,
        Some(schema::Ids::Rule(IdRule::Even)) => Ids::Even,
        Some(schema::Ids::List(list)) => {
            let id = |id: &Spanned<schema::Int>| {
                checks.count("overlay.ids", &Some(id.clone()), 0, 0..=u64::MAX)
            };
            Ids::List(list.iter().map(id).collect())
        }
    }
}

/// `[chord]`
pub fn chord(checks: &mut Checks<'_>, given: &schema::Chord) -> Chord {
    let half_minute = SimDuration::from_secs(30);
    checks.choice(
        "chord.proximity",
        &given.proximity,
        (),
        |proximity| (proximity == schema::Proximity::None).then_some(()),
        "none",
    );
    checks.count32("chord.pns_samples", &given.pns_samples, 16, 1..=1000);
    let maintenance = maintenance(checks, given);
    Chord {
        routing: checks.choice(
            "chord.routing",
            &given.routing,
            Routing::Fingers,
            |routing| match routing {
                schema::Routing::Fingers => Some(Routing::Fingers),
                schema::Routing::Successors => Some(Routing::Successors),
            },
            "fingers, successors",
        ),
        lookup: checks.choice(
            "chord.lookup",
            &given.lookup,
            LookupMode::Recursive,
            |mode| match mode {
                schema::LookupMode::Recursive => Some(LookupMode::Recursive),
                schema::LookupMode::Iterative => Some(LookupMode::Iterative),
            },
            "recursive, iterative",
        ),
        maintenance,
        successors: checks.count("chord.successors", &given.successors, 16, 1..=255) as u8,
        stabilize_every: checks.period(
            "chord.stabilize_every",
            &given.stabilize_every,
            half_minute,
        ),
        fix_fingers_every: checks.period(
            "chord.fix_fingers_every",
            &given.fix_fingers_every,
            half_minute,
        ),
        check_predecessor_every: check_predecessor(checks, given, maintenance, half_minute),
        maintenance_jitter: checks.share(
            "chord.maintenance_jitter",
            &given.maintenance_jitter,
            0.1,
        ),
    }
}

fn maintenance(checks: &mut Checks<'_>, given: &schema::Chord) -> Maintenance {
    checks.choice(
        "chord.maintenance",
        &given.maintenance,
        Maintenance::Zave2017,
        |protocol| match protocol {
            schema::Maintenance::Zave2017 => Some(Maintenance::Zave2017),
            schema::Maintenance::Ton2003 => Some(Maintenance::Ton2003),
            schema::Maintenance::Chord2001 => Some(Maintenance::Chord2001),
        },
        "zave2017, ton2003, chord2001",
    )
}

/// The protocol as first published has no check on the predecessor, unless it is asked for.
fn check_predecessor(
    checks: &mut Checks<'_>,
    given: &schema::Chord,
    maintenance: Maintenance,
    default: SimDuration,
) -> Option<SimDuration> {
    let period = &given.check_predecessor_every;
    if period.is_none() && maintenance == Maintenance::Chord2001 {
        return None;
    }
    checks.period("chord.check_predecessor_every", period, default)
}

/// Whether all ring positions find room, and ids given one by one are as many as needed, on the
/// ring and different.
pub fn fit_on_the_ring(checks: &mut Checks<'_>, file: &File, scenario: &Scenario) {
    let positions = u64::from(scenario.overlay.nodes) * u64::from(scenario.overlay.virtual_nodes);
    if let (Ids::List(list), Some(schema::Ids::List(given))) = (
        &scenario.overlay.ids,
        file.overlay.ids.as_ref().map(Spanned::get_ref),
    ) {
        ids_are_positions(checks, list, given, scenario.overlay.id_bits);
        if list.len() as u64 != positions {
            wrong_number_of_ids(checks, file, list.len(), positions);
            return;
        }
    }
    let joining: u64 = joining_by_faults(scenario) * u64::from(scenario.overlay.virtual_nodes);
    let ring = 1_u128 << scenario.overlay.id_bits;
    if u128::from(positions) > ring {
        let needed = positions.next_power_of_two().trailing_zeros();
        let room = ring_size(scenario.overlay.id_bits);
        let remedy = format!(", or raise `overlay.id_bits` to at least {needed}");
        too_many(checks, file, positions, &room, &remedy);
    } else if positions > u64::from(MAX_POSITIONS) {
        let room = format!("the limit of {MAX_POSITIONS}");
        too_many(checks, file, positions, &room, "");
    } else if u128::from(positions + joining) > ring {
        no_room_to_join(checks, file, positions + joining, scenario.overlay.id_bits);
    }
}

fn joining_by_faults(scenario: &Scenario) -> u64 {
    let joining = scenario.faults.iter().map(|fault| match fault.kind {
        FaultKind::Join(peers) => u64::from(peers),
        FaultKind::Kill(_) => 0,
    });
    joining.sum()
}

fn ring_size(id_bits: u32) -> String {
    format!("a ring of 2^{id_bits} = {} positions", 1_u128 << id_bits)
}

fn too_many(checks: &mut Checks<'_>, file: &File, positions: u64, room: &str, remedy: &str) {
    if let Some(span) = culprit(checks, file) {
        checks.push(
            span,
            "more nodes than identifiers",
            format!("{positions} ring positions do not fit {room}"),
            format!("lower `overlay.nodes` or `chord.virtual_nodes`{remedy}"),
        );
    }
}

fn no_room_to_join(checks: &mut Checks<'_>, file: &File, positions: u64, id_bits: u32) {
    let joins = file
        .fault
        .iter()
        .find_map(|fault| place(&fault.get_ref().join));
    let Some(span) = joins.or_else(|| culprit(checks, file)) else {
        return;
    };
    checks.push(
        span,
        "more nodes than identifiers",
        format!(
            "with those who join, {positions} ring positions do not fit {}",
            ring_size(id_bits)
        ),
        "let fewer join, or raise `overlay.id_bits`",
    );
}

fn culprit(checks: &Checks<'_>, file: &File) -> Option<Span> {
    checks.culprit([
        place(&file.overlay.nodes),
        place(&file.chord.virtual_nodes),
        place(&file.overlay.id_bits),
        place(&file.overlay.ids),
    ])
}

fn wrong_number_of_ids(checks: &mut Checks<'_>, file: &File, ids: usize, positions: u64) {
    if let Some(span) = checks.culprit([
        place(&file.overlay.ids),
        place(&file.overlay.nodes),
        place(&file.chord.virtual_nodes),
    ]) {
        checks.push(
            span,
            "the list of ids does not fit the number of nodes",
            format!("{ids} ids for {positions} ring positions"),
            "give one id for each ring position (`overlay.nodes` times `chord.virtual_nodes`), or \
             leave out `overlay.nodes`",
        );
    }
}

fn ids_are_positions(
    checks: &mut Checks<'_>,
    list: &[u64],
    given: &[Spanned<schema::Int>],
    id_bits: u32,
) {
    let mut seen = BTreeSet::new();
    for (id, given) in list.iter().zip(given) {
        if u128::from(*id) >= 1_u128 << id_bits {
            checks.push(
                given.span(),
                format!("{id} is not on the ring"),
                format!("allowed: 0 to {}", (1_u128 << id_bits) - 1),
                format!("ids have {id_bits} bits; `overlay.id_bits` can be raised up to 64"),
            );
        } else if !seen.insert(*id) {
            checks.push(
                given.span(),
                format!("two nodes have the id {id}"),
                "this id stands in the list already",
                "give every node an id of its own",
            );
        }
    }
}
