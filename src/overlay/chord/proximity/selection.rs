//! Proximity neighbour selection: of the first nodes of a finger's interval the nearest becomes the finger.
//!
//! The lookup for a finger finds the first node of its interval. That node is asked for its successor list, whose nodes
//! follow it in the interval; if there are not enough of them the last of these is asked for its own. Then those are
//! pinged whose distance is not known, and the nearest is pinged in any case: a finger has answered when it was chosen.
//! Every message of this is maintenance.

use smallvec::{SmallVec, smallvec};

use super::super::message::Msg;
use super::super::{Chord, Fx, Purpose};
use super::near::{Candidate, Carried, Proximity, Selection};
use crate::overlay::{Around, Effect, ParcelId, Traffic};
use crate::world::{CallId, NodeIdx};

/// A ping for no finger: the node only wants to know how far another is.
const NO_ENTRY: u8 = u8::MAX;

impl Chord {
    /// Whether entry `i` lies beyond the successor list and so is worth choosing. Within the list, lookups take the
    /// list.
    pub(in crate::overlay::chord) fn is_worth_selecting(&self, node: NodeIdx, i: u32) -> bool {
        let selects = |proximity: &Proximity| {
            proximity.selects_neighbours() && !proximity.is_ideal() && proximity.samples > 1
        };
        let last = self.space.last() >> (self.space.bits() - 1 - i);
        self.proximity.as_deref().is_some_and(selects) && !self.list_reaches(self.node(node), last)
    }

    /// Whether a node lies in the interval of entry `i`: at a distance of 2^i up to 2^(i+1).
    pub(in crate::overlay::chord) fn is_in_interval(
        &self,
        node: NodeIdx,
        other: NodeIdx,
        i: u32,
    ) -> bool {
        self.distance(node, other).checked_ilog2() == Some(i)
    }

    /// A first node of the interval of `entry` has been found: looks for nearer ones.
    pub(in crate::overlay::chord) fn select_finger(
        &mut self,
        entry: u32,
        first: NodeIdx,
        fx: &mut Fx,
    ) {
        let node = fx.node();
        let candidates = smallvec![Candidate {
            node: first,
            pinged: false,
        }];
        let entry = entry as u8;
        if let Some(near) = self.near_mut(node) {
            near.selections.retain(|other| other.entry != entry);
            near.selections.push(Selection {
                entry,
                candidates,
                waiting: 1,
            });
        }
        ask_neighbours(first, entry, fx);
    }

    /// Another node asks whom this one knows to follow it.
    pub(in crate::overlay::chord) fn on_get_neighbours(
        &mut self,
        from: NodeIdx,
        call: CallId,
        fx: &mut Fx,
    ) {
        let node = fx.node();
        let list = self.list_of(node);
        let parcel = fx.pack(NodeIdx::NONE, list);
        let told = |proximity: &Proximity| {
            let near = proximity.nodes.of(&self.rows, node);
            let theirs = list
                .iter()
                .filter_map(|other| Some((*other, near.coordinates_of(*other)?)));
            std::iter::once((node, near.coordinates))
                .chain(theirs)
                .collect::<Carried>()
        };
        let proximity = self.proximity.as_deref();
        match proximity
            .filter(|proximity| proximity.has_coordinates())
            .map(told)
        {
            Some(told) => {
                self.carry(call, told);
                fx.send(from, Msg::NeighboursAt(call, parcel), Traffic::Maintenance);
            }
            None => fx.send(from, Msg::Neighbours(call, parcel), Traffic::Maintenance),
        }
    }

    /// A node has said who follows it.
    pub(in crate::overlay::chord) fn on_neighbours(
        &mut self,
        from: NodeIdx,
        (call, parcel): (CallId, ParcelId),
        fx: &mut Fx,
    ) {
        self.answered(from, call, fx);
        let Some(closed) = fx.close_call(call, from) else {
            return;
        };
        let Purpose::Neighbours(entry) = closed.purpose else {
            return;
        };
        let (_, list) = fx.unpack(parcel);
        let list: SmallVec<[NodeIdx; 32]> = list.iter().copied().map_while(NodeIdx::some).collect();
        match self.add_candidates(fx.node(), entry, &list) {
            Some(last) => ask_neighbours(last, entry, fx),
            None => self.measure_candidates(entry, fx),
        }
    }

    /// Takes those of a list that lie in the interval as candidates, as many as there may be. Returns whom to ask for
    /// more, if there may be more.
    fn add_candidates(&mut self, node: NodeIdx, entry: u8, list: &[NodeIdx]) -> Option<NodeIdx> {
        let most = self.proximity.as_ref()?.samples;
        let inside: SmallVec<[NodeIdx; 32]> = list
            .iter()
            .copied()
            .take_while(|other| self.is_in_interval(node, *other, u32::from(entry)))
            .collect();
        let selection = self.selection(node, entry)?;
        let mut last = None;
        for other in inside.iter().copied() {
            if selection.candidates.len() >= most {
                return None;
            }
            if selection.candidates.iter().all(|known| known.node != other) {
                selection.candidates.push(Candidate {
                    node: other,
                    pinged: false,
                });
                last = Some(other);
            }
        }
        // A list that ends outside the interval has shown all of it that is left.
        last.filter(|last| list.last() == Some(last) && selection.candidates.len() < most)
    }

    fn selection(&mut self, node: NodeIdx, entry: u8) -> Option<&mut Selection> {
        let near = self.near_mut(node)?;
        near.selections
            .iter_mut()
            .find(|selection| selection.entry == entry)
    }

    /// The candidates are there: pings those whose distance is not known.
    fn measure_candidates(&mut self, entry: u8, fx: &mut Fx) {
        let (node, estimate) = (fx.node(), self.estimate());
        let Some(near) = self.near_mut(node) else {
            return;
        };
        let Some(place) = near.selections.iter().position(|open| open.entry == entry) else {
            return;
        };
        let mut selection = near.selections.swap_remove(place);
        selection.waiting = 0;
        let mut unknown = SmallVec::<[NodeIdx; 16]>::new();
        for candidate in &mut selection.candidates {
            if near.round_trip_ms(candidate.node, estimate).is_none() {
                candidate.pinged = true;
                selection.waiting += 1;
                unknown.push(candidate.node);
            }
        }
        near.selections.push(selection);
        for other in &unknown {
            measure(*other, entry, fx);
        }
        if unknown.is_empty() {
            self.choose(entry, fx);
        }
    }

    /// A candidate has answered a ping, or it has not.
    pub(in crate::overlay::chord) fn on_measured(
        &mut self,
        entry: u8,
        silent: Option<NodeIdx>,
        fx: &mut Fx,
    ) {
        let node = fx.node();
        if let Some(silent) = silent {
            self.drop_candidate(entry, silent, node);
        }
        let Some(selection) = self.selection(node, entry) else {
            return;
        };
        selection.waiting = selection.waiting.saturating_sub(1);
        if selection.waiting == 0 {
            self.choose(entry, fx);
        }
    }

    /// The node that was asked for its neighbours is silent.
    pub(in crate::overlay::chord) fn on_neighbours_silent(
        &mut self,
        entry: u8,
        silent: NodeIdx,
        fx: &mut Fx,
    ) {
        self.drop_candidate(entry, silent, fx.node());
        self.measure_candidates(entry, fx);
    }

    /// A node that is silent is no finger, and how far it was is forgotten.
    fn drop_candidate(&mut self, entry: u8, silent: NodeIdx, node: NodeIdx) {
        if let Some(near) = self.near_mut(node) {
            near.forget(silent);
        }
        if let Some(selection) = self.selection(node, entry) {
            selection.candidates.retain(|known| known.node != silent);
        }
    }

    /// The nearest candidate becomes the finger, once it has answered a ping of this selection.
    fn choose(&mut self, entry: u8, fx: &mut Fx) {
        let (node, estimate) = (fx.node(), self.estimate());
        let Some(near) = self.near_mut(node) else {
            return;
        };
        let Some(place) = near.selections.iter().position(|open| open.entry == entry) else {
            return;
        };
        let distance = |candidate: &Candidate| {
            let known = near.round_trip_ms(candidate.node, estimate);
            known.unwrap_or(f64::INFINITY)
        };
        let candidates = near.selections[place].candidates.iter().enumerate();
        let nearest = candidates.min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
        let nearest = nearest.map(|(at, candidate)| (at, *candidate));
        match nearest {
            Some((at, candidate)) if !candidate.pinged => {
                let selection = &mut near.selections[place];
                selection.candidates[at].pinged = true;
                selection.waiting = 1;
                measure(candidate.node, entry, fx);
            }
            found => {
                near.selections.swap_remove(place);
                if let Some((_, candidate)) = found {
                    self.set_fingers(node, u32::from(entry), u32::from(entry), candidate.node);
                }
                self.forget_strangers(node);
            }
        }
    }

    /// A tick of finger repair, as far as it is proximity's: a node that knows everything looks around, and that is all; one
    /// that chooses routes measures a node of its tables that it has not measured. Returns whether that is all.
    pub(in crate::overlay::chord) fn leaves_fingers_to_proximity(&mut self, fx: &mut Fx) -> bool {
        let Some(proximity) = self.proximity.as_deref() else {
            return false;
        };
        if proximity.is_ideal() {
            fx.push(Effect::LookAround);
            return true;
        }
        if (proximity.selects_routes() || proximity.has_coordinates())
            && let Some(other) = self.unmeasured(fx.node())
        {
            measure(other, NO_ENTRY, fx);
        }
        false
    }

    /// What a node without limits would choose: of all nodes in the interval of each finger the nearest.
    pub(in crate::overlay::chord) fn choose_among_all(
        &mut self,
        node: NodeIdx,
        around: &Around<'_>,
    ) {
        let id = self.node(node).id;
        for i in 0..self.space.bits() {
            let start = self.space.finger_start(id, i);
            let inside = around
                .members
                .clockwise_from(start)
                .take_while(|(other, _)| self.space.distance(id, *other).checked_ilog2() == Some(i))
                .map(|(_, other)| other);
            let round_trip =
                |other: NodeIdx| (around.latency)(node, other) + (around.latency)(other, node);
            let nearest = inside.min_by_key(|other| round_trip(*other));
            let ordinary = || around.members.at_or_after(start).map(|(_, other)| other);
            if let Some(finger) = nearest.or_else(ordinary) {
                self.set_fingers(node, i, i, finger);
            }
        }
    }
}

fn ask_neighbours(of: NodeIdx, entry: u8, fx: &mut Fx) {
    let purpose = Purpose::Neighbours(entry);
    fx.call(of, purpose, Traffic::Maintenance, Msg::GetNeighbours);
}

fn measure(other: NodeIdx, entry: u8, fx: &mut Fx) {
    fx.call(
        other,
        Purpose::Measure(entry),
        Traffic::Maintenance,
        Msg::Ping,
    );
}
