//! What nodes tell each other about where they are, and what they make of it.
//!
//! Coordinates travel with the answer to a call, or with the call itself where a node wants to know what is near it. They
//! are kept under the name of that call until the message arrives, as the lists of messages are.

use smallvec::smallvec;

use super::super::message::{Msg, Packed};
use super::super::{Chord, Fx};
use super::near::{Carried, Near};
use crate::engine::SimDuration;
use crate::overlay::{Carries, Traffic, storage};
use crate::scenario::resolved::Estimate;
use crate::world::{CallId, NodeIdx};

impl Chord {
    pub(super) fn near(&self, node: NodeIdx) -> &Near {
        let proximity = self.proximity.as_ref();
        let proximity = proximity.expect("whoever asks has seen that proximity is used");
        proximity.nodes.of(&self.rows, node)
    }

    pub(super) fn near_mut(&mut self, node: NodeIdx) -> Option<&mut Near> {
        let proximity = self.proximity.as_mut()?;
        Some(proximity.nodes.of_mut(&self.rows, node))
    }

    pub(super) fn estimate(&self) -> Estimate {
        self.proximity
            .as_ref()
            .map_or(Estimate::Ping, |proximity| proximity.estimate)
    }

    /// A call is answered; without proximity that says nothing of distances.
    #[inline]
    pub(in crate::overlay::chord) fn heed_answer(
        &mut self,
        from: NodeIdx,
        call: CallId,
        fx: &mut Fx,
    ) {
        if self.proximity.is_some() {
            self.answered(from, call, fx);
        }
    }

    /// A call is answered: what that says of the distance. Asked before the call is closed.
    pub(in crate::overlay::chord) fn answered(&mut self, from: NodeIdx, call: CallId, fx: &mut Fx) {
        let Some(proximity) = self.proximity.as_deref_mut() else {
            return;
        };
        let told = proximity.carried.remove(&call).unwrap_or_default();
        let Some(round_trip) = fx.round_trip(call, from) else {
            return;
        };
        let angle = if proximity.has_coordinates() {
            rand::RngExt::random(fx.rng())
        } else {
            0.0
        };
        let near = proximity.nodes.of_mut(&self.rows, fx.node());
        near.note(from, round_trip);
        near.take_in(from, &told, round_trip, angle);
    }

    /// Answers a ping.
    pub(in crate::overlay::chord) fn on_ping(&mut self, from: NodeIdx, call: CallId, fx: &mut Fx) {
        let pong = if self.tell_coordinates(fx.node(), call) {
            Msg::PongAt(call)
        } else {
            Msg::Pong(call)
        };
        fx.send(from, pong, Traffic::Maintenance);
    }

    /// The node's coordinates go with the answer to a call, if nodes have any.
    pub(in crate::overlay::chord) fn tell_coordinates(
        &mut self,
        node: NodeIdx,
        call: CallId,
    ) -> bool {
        let Some(proximity) = self.proximity.as_deref_mut() else {
            return false;
        };
        let tells = proximity.has_coordinates();
        if tells {
            let mine = proximity.nodes.of(&self.rows, node).coordinates;
            proximity.carried.insert(call, smallvec![(node, mine)]);
        }
        tells
    }

    /// Coordinates travel with the answer to a call.
    pub(super) fn carry(&mut self, call: CallId, told: Carried) {
        if let Some(proximity) = self.proximity.as_mut() {
            proximity.carried.insert(call, told);
        }
    }

    /// A message will never be handled: nor will the coordinates that it carries.
    pub(in crate::overlay::chord) fn let_go_of_carried(&mut self, msg: &Packed) {
        if let Some(proximity) = self.proximity.as_deref_mut()
            && proximity.has_coordinates()
            && let Some(call) = carries_coordinates(msg)
        {
            proximity.carried.remove(&call);
        }
    }

    /// Sorts nodes by how far they are from the maker of a call, whose coordinates came with it, or from `node` itself.
    pub(in crate::overlay::chord) fn sort_by_coordinates(
        &mut self,
        node: NodeIdx,
        caller: Option<(NodeIdx, CallId)>,
        nodes: &mut [NodeIdx],
    ) {
        let Some(proximity) = self.proximity.as_deref_mut() else {
            return;
        };
        let told = caller.map(|(_, call)| proximity.carried.remove(&call).unwrap_or_default());
        let near = proximity.nodes.of(&self.rows, node);
        let from = match &told {
            None => Some(near.coordinates),
            Some(told) => told.first().map(|(_, theirs)| *theirs),
        };
        let Some(from) = from else { return };
        nodes.sort_by(|a, b| {
            let distance = |other: NodeIdx| {
                if caller.is_some_and(|(caller, _)| caller == other) {
                    return 0.0;
                }
                let known = near.coordinates_of(other);
                let theirs = if other == node {
                    Some(near.coordinates)
                } else {
                    known
                };
                theirs.map_or(f64::INFINITY, |theirs| from.round_trip_ms(&theirs))
            };
            distance(*a).total_cmp(&distance(*b))
        });
    }

    /// The round trip between two nodes by the coordinates that they have now.
    pub(in crate::overlay::chord) fn estimate_by_coordinates(
        &self,
        from: NodeIdx,
        to: NodeIdx,
    ) -> Option<SimDuration> {
        let proximity = self.proximity.as_deref()?;
        let of = |node| Some(proximity.nodes.get(&self.rows, node)?.coordinates);
        let (from, to) = proximity
            .has_coordinates()
            .then_some((of(from)?, of(to)?))?;
        Some(SimDuration::from_millis_f64(from.round_trip_ms(&to)))
    }

    /// The nodes of a node's tables, fingers and successors. A node comes once for each place that it has.
    pub(super) fn in_tables(&self, node: NodeIdx) -> impl Iterator<Item = NodeIdx> {
        let fingers = self.fingers.run_lengths(&self.node(node).fingers);
        let fingers = fingers.map(|(finger, _)| finger);
        fingers.chain(self.list_of(node).iter().copied())
    }

    /// A node of the tables whose distance is not known.
    pub(super) fn unmeasured(&self, node: NodeIdx) -> Option<NodeIdx> {
        let near = self.near(node);
        let mut known = self.in_tables(node);
        known.find(|other| *other != node && near.round_trip_ms(*other, self.estimate()).is_none())
    }

    /// Lets go of what the node knows of nodes that are in none of its tables, if that is much.
    pub(super) fn forget_strangers(&mut self, node: NodeIdx) {
        let in_tables = self.list_of(node).len() + self.space.bits() as usize;
        if !self.near(node).is_crowded(in_tables) {
            return;
        }
        let known = self.in_tables(node);
        let mut known: Vec<_> = known.chain(self.node(node).predecessor.some()).collect();
        known.sort_unstable();
        if let Some(near) = self.near_mut(node) {
            near.retain(|other| known.binary_search(&other).is_ok());
        }
    }
}

impl Near {
    /// Takes in what an answer told, after a round trip of this length.
    fn take_in(&mut self, from: NodeIdx, told: &Carried, round_trip: SimDuration, angle: f64) {
        for (other, coordinates) in told {
            self.note_coordinates(*other, *coordinates);
        }
        if let Some((_, theirs)) = told.iter().find(|(other, _)| *other == from) {
            self.coordinates
                .learn(theirs, round_trip.as_millis_f64(), angle);
        }
    }
}

/// The call whose coordinates travel with this message, if any do.
fn carries_coordinates(msg: &Packed) -> Option<CallId> {
    match Carries::<storage::Msg>::carried(msg) {
        Some(storage::Msg::WhoKeepsNear(call)) => Some(call),
        Some(_) => None,
        None => match msg.unpack() {
            Msg::NeighboursAt(call, _) | Msg::PongAt(call) | Msg::AckAt(call) => Some(call),
            _ => None,
        },
    }
}
