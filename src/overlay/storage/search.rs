//! The owner of a place of the ring is found, over a route of its own from the node that asks: so the copies of a key that is
//! spread are reached over routes that have little in common (Castro et al., OSDI 2002, section 6, want such routes between
//! nodes that must not trust the others on one).
//!
//! The node that asks remains in charge: it asks one node after the other for a closer one, until one owns the place. A node
//! that does not answer costs one time of a call, and the next best that it has heard of is asked in its place.

use std::collections::BTreeMap;

use super::operation::closed_by;
use super::{Errand, Host, Msg, Purpose, Stored, send};
use crate::overlay::{Arc, Fx, Item, ParcelId, Service};
use crate::world::{CallId, NodeIdx, RingId};

/// A search is given up when so many nodes have not answered: users wait for it.
const MOST_SILENT: u8 = 3;

/// A search is given up when so many nodes have been asked: the ring is out of order.
const MOST_ASKED: usize = 128;

/// What the owner of a place is wanted for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Aim {
    /// This put or get.
    Operation(u32),
    /// To compare copies.
    Compare(Walk),
}

/// Copies of a node's own keys are compared with those at one of their other places, from one owner there to the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Walk {
    /// The number of the place.
    pub number: u8,
    /// The keys that have not been compared yet.
    pub left: Arc,
}

/// A node that may be asked.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    node: NodeIdx,
    /// Where the node is that has named it.
    named_at: RingId,
}

#[derive(Debug)]
struct Search {
    aim: Aim,
    place: RingId,
    /// The best is the last.
    candidates: Vec<Candidate>,
    asked: Vec<NodeIdx>,
    silent: u8,
}

/// All searches, by the node that asks and their number, and what came of them.
#[derive(Default)]
pub(super) struct Searches {
    open: BTreeMap<(NodeIdx, u32), Search>,
    next: u32,
    /// Arcs of keys that are being compared, by the same numbers.
    parts: BTreeMap<(NodeIdx, u32), Arc>,
    /// Who kept the first copies of a node's own keys at another place when that was last looked for.
    known: BTreeMap<(NodeIdx, u8), NodeIdx>,
    /// The versions that a node has asked others for since it began to compare.
    wanted: BTreeMap<NodeIdx, BTreeMap<RingId, u32>>,
}

impl Searches {
    fn number(&mut self) -> u32 {
        let number = self.next;
        self.next = number.wrapping_add(1);
        number
    }

    /// Some keys of a node are compared from now on. Returns their number.
    pub(super) fn begin_part(&mut self, node: NodeIdx, keys: Arc) -> u32 {
        let number = self.number();
        self.parts.insert((node, number), keys);
        number
    }

    /// They are compared no more.
    pub(super) fn end_part(&mut self, node: NodeIdx, number: u32) -> Option<Arc> {
        self.parts.remove(&(node, number))
    }

    pub(super) fn know(&mut self, node: NodeIdx, place: u8, keeper: NodeIdx) {
        self.known.insert((node, place), keeper);
    }

    /// A node compares its keys anew.
    pub(super) fn begin_comparing(&mut self, node: NodeIdx) {
        self.wanted.remove(&node);
    }

    /// Which of these copies a node has not asked anybody for since it began to compare. From now on it has.
    pub(super) fn not_wanted_yet(&mut self, node: NodeIdx, mut copies: Vec<Item>) -> Vec<Item> {
        let wanted = self.wanted.entry(node).or_default();
        copies.retain(|copy| {
            let version = wanted.entry(copy.key).or_default();
            let is_newer = copy.version > *version;
            *version = copy.version.max(*version);
            is_newer
        });
        copies
    }

    /// Who is known to have kept copies there. Whoever finds the same again says so.
    pub(super) fn take_known(&mut self, node: NodeIdx, place: u8) -> Option<NodeIdx> {
        self.known.remove(&(node, place))
    }

    /// The put or get that a search is for.
    pub(super) fn operation(&self, node: NodeIdx, number: u32) -> Option<u32> {
        match self.open.get(&(node, number))?.aim {
            Aim::Operation(operation) => Some(operation),
            Aim::Compare(_) => None,
        }
    }

    /// A node is gone.
    pub(super) fn forget(&mut self, node: NodeIdx) {
        let numbers = (node, 0)..=(node, u32::MAX);
        let open: Vec<_> = self
            .open
            .range(numbers.clone())
            .map(|(at, _)| *at)
            .collect();
        for at in open {
            self.open.remove(&at);
        }
        let parts: Vec<_> = self.parts.range(numbers).map(|(at, _)| *at).collect();
        for at in parts {
            self.parts.remove(&at);
        }
        self.wanted.remove(&node);
        let places = (node, 0)..=(node, u8::MAX);
        let known: Vec<_> = self.known.range(places).map(|(at, _)| *at).collect();
        for at in known {
            self.known.remove(&at);
        }
    }
}

impl<O: Host> Stored<O> {
    /// Looks for the owner of a place. A node `named` from a position is asked first.
    pub(super) fn search(
        &mut self,
        aim: Aim,
        place: RingId,
        named: Option<(NodeIdx, RingId)>,
        fx: &mut Fx<O>,
    ) {
        let node = fx.node();
        if self.owns(node, place) {
            let behind = self.overlay.stand_ins(node).first().copied();
            return self.found(aim, node, behind, fx);
        }
        let me = self.overlay.id(node);
        let mut search = Search {
            aim,
            place,
            candidates: Vec::new(),
            asked: vec![node],
            silent: 0,
        };
        let own = self.ways_on(node, me, place);
        let own = own.into_iter().rev().map(|node| (node, me));
        for (node, named_at) in own.chain(named) {
            search.candidates.push(Candidate { node, named_at });
        }
        let number = self.searches.number();
        self.searches.open.insert((node, number), search);
        self.ask_closer(number, fx);
    }

    pub(super) fn owns(&self, node: NodeIdx, place: RingId) -> bool {
        let own = self.overlay.own_arc(node);
        own.is_some_and(|own| own.holds(self.space, place))
    }

    /// The nodes to ask next for the owner of a place that is not this node, best first. Whoever has named this node is at
    /// `named_at`.
    fn ways_on(&self, node: NodeIdx, named_at: RingId, place: RingId) -> Vec<NodeIdx> {
        let me = self.overlay.id(node);
        // It was taken for the owner by a node that does not know one that lies between.
        if named_at != me && self.space.between_right_closed(named_at, place, me) {
            return self.overlay.predecessor(node).into_iter().collect();
        }
        let mut ways: Vec<NodeIdx> = self.overlay.towards(node, place).into_iter().collect();
        let behind = self.overlay.stand_ins(node).first();
        ways.extend(behind.filter(|behind| !ways.contains(behind)).copied());
        ways
    }

    /// Asks the best node that has not been asked.
    fn ask_closer(&mut self, number: u32, fx: &mut Fx<O>) {
        let at = (fx.node(), number);
        let Some(search) = self.searches.open.get_mut(&at) else {
            return;
        };
        let is_wanted = match search.aim {
            Aim::Operation(operation) => self.pending.contains_key(&(at.0, operation)),
            Aim::Compare(_) => true,
        };
        let may_go_on = is_wanted && search.silent < MOST_SILENT && search.asked.len() < MOST_ASKED;
        let next = loop {
            match search.candidates.pop() {
                Some(next) if search.asked.contains(&next.node) => {}
                next => break next.filter(|_| may_go_on),
            }
        };
        let (aim, place) = (search.aim, search.place);
        let Some(Candidate { node, named_at }) = next else {
            self.searches.open.remove(&at);
            return self.not_found(aim, fx);
        };
        search.asked.push(node);
        let errand = match aim {
            Aim::Operation(_) => Errand::Operation,
            Aim::Compare(_) => Errand::Compare,
        };
        let way = Arc {
            after: named_at,
            upto: place,
        };
        let place = super::pack_place::<O>(way, fx);
        let purpose = O::Purpose::from(Purpose::Search(number));
        fx.call(node, purpose, errand.traffic(), |call| {
            O::Msg::from(Msg::Find(call, errand, place))
        });
    }

    /// Another node looks for the owner of a place.
    pub(super) fn on_find(
        &mut self,
        from: NodeIdx,
        (call, errand): (CallId, Errand),
        place: ParcelId,
        fx: &mut Fx<O>,
    ) {
        let node = fx.node();
        let Arc { after, upto } = fx.batch(place).arc;
        if self.owns(node, upto) {
            let behind = self.overlay.stand_ins(node).first().copied();
            let behind = fx.pack(behind.unwrap_or(node), &[]);
            return send::<O>(from, Msg::Mine(call, behind), errand.traffic(), fx);
        }
        // Who knows no way does not answer, like a node that is gone.
        let ways = self.ways_on(node, after, upto);
        if let Some((best, others)) = ways.split_first() {
            let ways = fx.pack(*best, others);
            send::<O>(from, Msg::Closer(call, ways), errand.traffic(), fx);
        }
    }

    /// The owner has been found.
    pub(super) fn on_mine(
        &mut self,
        from: NodeIdx,
        call: CallId,
        behind: ParcelId,
        fx: &mut Fx<O>,
    ) {
        let Some(Purpose::Search(number)) = closed_by::<O>(call, from, fx) else {
            return;
        };
        let (behind, _) = fx.unpack(behind);
        self.experienced_on_way(number, from, (Service::Answer, true), fx);
        if let Some(search) = self.searches.open.remove(&(fx.node(), number)) {
            self.found(search.aim, from, Some(behind), fx);
        }
    }

    /// Closer nodes have been named.
    pub(super) fn on_closer(
        &mut self,
        from: NodeIdx,
        call: CallId,
        ways: ParcelId,
        fx: &mut Fx<O>,
    ) {
        let Some(Purpose::Search(number)) = closed_by::<O>(call, from, fx) else {
            return;
        };
        let named_at = self.overlay.id(from);
        let (best, others) = fx.unpack(ways);
        let others = others.iter().copied().filter_map(NodeIdx::some);
        let mut ways: Vec<NodeIdx> = std::iter::once(best).chain(others).collect();
        ways.reverse();
        self.experienced_on_way(number, from, (Service::PassOn, true), fx);
        if let Some(search) = self.searches.open.get_mut(&(fx.node(), number)) {
            let ways = ways.into_iter().map(|node| Candidate { node, named_at });
            search.candidates.extend(ways);
            self.ask_closer(number, fx);
        }
    }

    /// A node that was asked for the way is silent.
    pub(super) fn on_silent_way(&mut self, number: u32, node: NodeIdx, fx: &mut Fx<O>) {
        let at = (fx.node(), number);
        let Some(search) = self.searches.open.get(&at) else {
            return;
        };
        if let Aim::Operation(operation) = search.aim
            && let Some(pending) = self.pending.get_mut(&(at.0, operation))
        {
            pending.timeouts += 1;
        }
        self.on_unwilling_way(number, node, fx);
    }

    /// A node that was asked for the way does not tell it.
    pub(super) fn on_unwilling_way(&mut self, number: u32, node: NodeIdx, fx: &mut Fx<O>) {
        self.experienced_on_way(number, node, (Service::PassOn, false), fx);
        if let Some(search) = self.searches.open.get_mut(&(fx.node(), number)) {
            search.silent += 1;
            self.ask_closer(number, fx);
        }
    }

    /// For a user's put or get this node has asked another one for the way, and was told it or not.
    fn experienced_on_way(
        &self,
        number: u32,
        of: NodeIdx,
        (service, served): (Service, bool),
        fx: &mut Fx<O>,
    ) {
        let is_users = self.searches.operation(fx.node(), number).is_some();
        if is_users {
            fx.experienced(of, service, served);
        }
    }

    fn found(&mut self, aim: Aim, owner: NodeIdx, behind: Option<NodeIdx>, fx: &mut Fx<O>) {
        match aim {
            Aim::Operation(number) => self.on_place_found(number, owner, fx),
            Aim::Compare(walk) => self.compare_at(walk, owner, behind, fx),
        }
    }

    fn not_found(&mut self, aim: Aim, fx: &mut Fx<O>) {
        match aim {
            Aim::Operation(number) => self.on_place_lost(number, fx),
            // The next round will see.
            Aim::Compare(_) => {}
        }
    }
}
