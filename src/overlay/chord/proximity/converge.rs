//! What nodes would have learned of each other in the end, for runs that start with a ring at rest.

use super::super::Chord;
use super::super::converge::Textbook;
use super::super::fingers::FingerTable;
use super::near::Near;
use crate::engine::{SimDuration, Stream, unit_hash};
use crate::overlay::Start;
use crate::world::NodeIdx;

/// How many round trips each node has measured before a run starts, where nodes have coordinates.
const SAMPLES_BEFORE: u32 = 128;

impl Chord {
    /// The finger table of the member of this rank: of the first nodes in the interval of each finger the nearest, and the
    /// textbook's where the interval is empty. Within the successor list it is the textbook's, as lookups take the list
    /// there. Ranks must be asked for in increasing order.
    pub(in crate::overlay::chord) fn near_table(
        &self,
        textbook: &mut Textbook<'_>,
        rank: usize,
        start: &Start<'_>,
    ) -> FingerTable {
        let (_, node) = start.members[rank];
        let round_trip = |other| {
            let estimated = self.estimate_by_coordinates(node, other);
            estimated.unwrap_or_else(|| round_trip(start, node, other))
        };
        let samples = self
            .proximity
            .as_ref()
            .map_or(1, |proximity| proximity.samples);
        let is_ideal = self
            .proximity
            .as_ref()
            .is_some_and(|proximity| proximity.is_ideal());
        let mut table = FingerTable::new();
        for i in 0..self.space.bits() {
            let ordinary = textbook.first_at(rank, i);
            let is_chosen = is_ideal || self.is_worth_selecting(node, i);
            let most = if is_ideal { usize::MAX } else { samples };
            let nearest = is_chosen.then(|| {
                let inside = textbook.inside(rank, ordinary, i).take(most);
                inside.min_by_key(|(_, other)| round_trip(*other))
            });
            let finger = nearest
                .flatten()
                .unwrap_or_else(|| textbook.member(ordinary));
            table.name(i, textbook.entry(finger));
        }
        table
    }

    /// Every member knows how far the nodes of its tables are, and the mean of what it has measured.
    pub(in crate::overlay::chord) fn get_acquainted(&mut self, start: &Start<'_>) {
        let Some(mut proximity) = self.proximity.take() else {
            return;
        };
        for (_, node) in start.members {
            let near = proximity.nodes.of(&self.rows, *node).clone();
            let near = self.acquainted(*node, near, start, |other| {
                let theirs = proximity.nodes.of(&self.rows, other).coordinates;
                proximity.has_coordinates().then_some(theirs)
            });
            *proximity.nodes.of_mut(&self.rows, *node) = near;
        }
        self.proximity = Some(proximity);
    }

    fn acquainted(
        &self,
        node: NodeIdx,
        mut near: Near,
        start: &Start<'_>,
        coordinates: impl Fn(NodeIdx) -> Option<crate::overlay::vivaldi::Coordinates>,
    ) -> Near {
        let known = self.in_tables(node);
        let mut known: Vec<_> = known.filter(|other| *other != node).collect();
        known.sort_unstable();
        known.dedup();
        for other in known {
            near.note(other, round_trip(start, node, other));
            if let Some(theirs) = coordinates(other) {
                near.note_coordinates(other, theirs);
            }
        }
        near
    }

    /// Every member has coordinates, where nodes have any: it has measured so many others, at random, in turn.
    pub(in crate::overlay::chord) fn find_places(&mut self, start: &Start<'_>) {
        let members = start.members;
        let Some(proximity) = self.proximity.as_deref_mut() else {
            return;
        };
        if !proximity.has_coordinates() || members.len() < 2 {
            return;
        }
        let nodes = &mut proximity.nodes;
        for round in 0..SAMPLES_BEFORE {
            for (_, node) in members {
                let draw = |which| {
                    let what = u64::from(2 * round + which);
                    unit_hash(start.seed, Stream::Protocol, u64::from(node.0), what)
                };
                let (_, other) = members[(draw(0) * members.len() as f64) as usize];
                let theirs = nodes.of(&self.rows, other).coordinates;
                let sample = round_trip(start, *node, other).as_millis_f64();
                let mine = &mut nodes.of_mut(&self.rows, *node).coordinates;
                mine.learn(&theirs, sample, draw(1));
            }
        }
    }
}

fn round_trip(start: &Start<'_>, node: NodeIdx, other: NodeIdx) -> SimDuration {
    (start.latency)(node, other) + (start.latency)(other, node)
}
