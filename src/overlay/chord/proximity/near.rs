//! What a node knows of how far others are.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use crate::engine::SimDuration;
use crate::overlay::vivaldi::Coordinates;
use crate::scenario::resolved::{self, Estimate, ProximityChoice};
use crate::world::{CallId, NodeIdx, PerNode};

/// A node forgets round trips to nodes that are in none of its tables once it has noted so many more than these hold.
pub(super) const SPARE_NOTES: usize = 128;

/// A smoothed round trip moves by this share towards a new sample, as TCP's does (RFC 6298).
const SMOOTHING: f64 = 0.125;

/// The proximity of a run: how it is used, and what each node knows.
pub(in crate::overlay::chord) struct Proximity {
    pub choice: ProximityChoice,
    /// How many candidates a finger has.
    pub samples: usize,
    pub estimate: Estimate,
    pub nodes: PerNode<Near>,
    /// Coordinates on their way, with the answer to the call of this name.
    pub carried: BTreeMap<CallId, Carried>,
}

/// Nodes with their coordinates.
pub(super) type Carried = SmallVec<[(NodeIdx, Coordinates); 1]>;

impl Proximity {
    /// As a scenario wants it; `None` if lookups and fingers follow identifiers alone.
    pub(in crate::overlay::chord) fn of(config: &resolved::Chord) -> Option<Box<Self>> {
        let is_used = config.proximity != ProximityChoice::None
            && config.routing == resolved::Routing::Fingers;
        is_used.then(|| {
            Box::new(Self {
                choice: config.proximity,
                samples: usize::from(config.pns_samples),
                estimate: config.estimate,
                nodes: PerNode::default(),
                carried: BTreeMap::new(),
            })
        })
    }

    /// Whether fingers are chosen among several.
    pub(in crate::overlay::chord) fn selects_neighbours(&self) -> bool {
        !matches!(self.choice, ProximityChoice::None | ProximityChoice::Prs)
    }

    /// Whether the next hop is chosen by the time that is left.
    pub(in crate::overlay::chord) fn selects_routes(&self) -> bool {
        matches!(self.choice, ProximityChoice::Prs | ProximityChoice::PnsPrs)
    }

    /// Whether fingers are chosen with knowledge that no node can have.
    pub(in crate::overlay::chord) fn is_ideal(&self) -> bool {
        self.choice == ProximityChoice::Ideal
    }

    /// Whether answers carry coordinates.
    pub(in crate::overlay::chord) fn has_coordinates(&self) -> bool {
        self.estimate == Estimate::Vivaldi && !self.is_ideal()
    }
}

/// What one node knows.
#[derive(Clone, Default)]
pub(in crate::overlay::chord) struct Near {
    /// Round trips in microseconds to nodes it has measured, by the number of the node.
    round_trips: Vec<(NodeIdx, u32)>,
    /// The coordinates of nodes that have told them, by the number of the node.
    others: Vec<(NodeIdx, Coordinates)>,
    /// Its own coordinates.
    pub coordinates: Coordinates,
    /// The sum of the first round trips to all nodes it has ever measured, in microseconds, and how many these are.
    sum_us: u64,
    count: u64,
    /// Fingers whose candidates it is looking at.
    pub(super) selections: Vec<Selection>,
}

/// The candidates for one finger.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    /// Of which entry.
    pub entry: u8,
    /// Those still alive, as far as is known.
    pub candidates: SmallVec<[Candidate; 16]>,
    /// How many calls are not answered yet.
    pub waiting: u16,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub node: NodeIdx,
    /// Whether it was pinged in this selection.
    pub pinged: bool,
}

impl Near {
    /// Notes a measured round trip to another node.
    pub(in crate::overlay::chord) fn note(&mut self, other: NodeIdx, round_trip: SimDuration) {
        let us = u32::try_from(round_trip.0 / 1000).unwrap_or(u32::MAX);
        match find(&self.round_trips, other) {
            Ok(place) => {
                let known = &mut self.round_trips[place].1;
                let moved = f64::from(*known) + SMOOTHING * (f64::from(us) - f64::from(*known));
                *known = moved as u32;
            }
            Err(place) => {
                self.round_trips.insert(place, (other, us));
                // Not for every call: calls go to near nodes more often, just because they are near.
                self.sum_us += u64::from(us);
                self.count += 1;
            }
        }
    }

    /// Notes the coordinates that another node has told.
    pub(in crate::overlay::chord) fn note_coordinates(
        &mut self,
        other: NodeIdx,
        told: Coordinates,
    ) {
        match find(&self.others, other) {
            Ok(place) => self.others[place].1 = told,
            Err(place) => self.others.insert(place, (other, told)),
        }
    }

    /// The coordinates another node has told.
    pub(super) fn coordinates_of(&self, other: NodeIdx) -> Option<Coordinates> {
        let place = find(&self.others, other).ok()?;
        Some(self.others[place].1)
    }

    /// The measured round trip to another node in milliseconds.
    pub(super) fn measured_ms(&self, other: NodeIdx) -> Option<f64> {
        let place = find(&self.round_trips, other).ok()?;
        Some(f64::from(self.round_trips[place].1) / 1e3)
    }

    /// The round trip to another node in milliseconds, as far as the node knows.
    pub(super) fn round_trip_ms(&self, other: NodeIdx, estimate: Estimate) -> Option<f64> {
        match estimate {
            Estimate::Ping => self.measured_ms(other),
            Estimate::Vivaldi => {
                let told = self.coordinates_of(other)?;
                Some(self.coordinates.round_trip_ms(&told))
            }
        }
    }

    /// The mean round trip to the nodes it has measured, in milliseconds; `None` before the first.
    pub(super) fn mean_ms(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum_us as f64 / self.count as f64 / 1e3)
    }

    /// A node that is dead is not near.
    pub(in crate::overlay::chord) fn forget(&mut self, other: NodeIdx) {
        if let Ok(place) = find(&self.round_trips, other) {
            self.round_trips.remove(place);
        }
        if let Ok(place) = find(&self.others, other) {
            self.others.remove(place);
        }
    }

    /// Whether it has noted so many nodes that those in no table should go.
    pub(super) fn is_crowded(&self, in_tables: usize) -> bool {
        self.round_trips.len().max(self.others.len()) > in_tables + SPARE_NOTES
    }

    /// Keeps what it knows of some nodes only.
    pub(super) fn retain(&mut self, keeps: impl Fn(NodeIdx) -> bool) {
        self.round_trips.retain(|(node, _)| keeps(*node));
        self.others.retain(|(node, _)| keeps(*node));
    }
}

fn find<T>(notes: &[(NodeIdx, T)], node: NodeIdx) -> Result<usize, usize> {
    notes.binary_search_by_key(&node, |(other, _)| *other)
}
