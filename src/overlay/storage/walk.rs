//! The owner of keys that are spread compares its copies with those at their other places (after Ghodsi, Onana Alima and
//! Haridi 2005). There the keys of one owner may belong to several nodes: it goes from one to the next.

use super::repair::ask_same;
use super::search::{Aim, Walk};
use super::{Host, Purpose, Stored};
use crate::overlay::{Arc, Fx, Item};
use crate::world::{NodeIdx, RingId};

impl<O: Host> Stored<O> {
    /// Compares a node's own keys with the copies at all their other places.
    pub(super) fn compare_elsewhere(&mut self, own: Arc, fx: &mut Fx<O>) {
        let node = fx.node();
        self.searches.begin_comparing(node);
        // Whoever owns all places has all copies.
        if own.after == own.upto {
            return;
        }
        let me = self.overlay.id(node);
        for number in 1..self.placement.places() {
            let known = self.searches.take_known(node, number);
            let named = known.map(|known| (known, me));
            self.go_on_walking(Walk { number, left: own }, named, fx);
        }
    }

    /// Which of these copies a node has not asked anybody for since it began to compare: at each place of a key somebody may have
    /// them to offer.
    pub(super) fn not_wanted_yet(&mut self, node: NodeIdx, copies: Vec<Item>) -> Vec<Item> {
        if self.placement.places() == 1 || copies.is_empty() {
            return copies;
        }
        self.searches.not_wanted_yet(node, copies)
    }

    /// Looks for the owner of the first place that is left.
    fn go_on_walking(&mut self, walk: Walk, named: Option<(NodeIdx, RingId)>, fx: &mut Fx<O>) {
        let first = self.placement.next_to(walk.left.after);
        let place = self.placement.place(first, walk.number);
        self.search(Aim::Compare(walk), place, named, fx);
    }

    /// The owner of the first place that is left has been found, and the node behind it.
    pub(super) fn compare_at(
        &mut self,
        walk: Walk,
        owner: NodeIdx,
        behind: Option<NodeIdx>,
        fx: &mut Fx<O>,
    ) {
        let (node, Walk { number, left }) = (fx.node(), walk);
        let end = self.overlay.id(owner);
        let Split { part, rest } = self.split(walk, end);
        let is_first = self
            .shelf(node)
            .round
            .as_ref()
            .is_some_and(|round| round.arc.after == left.after);
        if owner != node {
            if is_first {
                self.searches.know(node, number, owner);
            }
            let digest = self.shelf(node).digest(part);
            let part_number = self.searches.begin_part(node, part);
            ask_same::<O>(owner, (part, digest), Purpose::Part(part_number), fx);
        }
        if let Some(left) = rest {
            let named = behind.map(|behind| (behind, end));
            self.go_on_walking(Walk { number, left }, named, fx);
        }
    }

    /// The keys whose place is owned by the node at `end`, and the rest.
    fn split(&self, walk: Walk, end: RingId) -> Split {
        let left = walk.left;
        let start = self.placement.place(left.after, walk.number);
        let reaches = self.space.distance(start, end);
        let Arc { after, upto } = left;
        // At no distance at all is the node that owns the whole ring.
        if reaches == 0 || reaches >= self.space.distance(after, upto) {
            return Split {
                part: left,
                rest: None,
            };
        }
        let last = self.placement.key_with(walk.number, end);
        Split {
            part: Arc { after, upto: last },
            rest: Some(Arc { after: last, upto }),
        }
    }
}

/// An arc of keys in two.
struct Split {
    part: Arc,
    rest: Option<Arc>,
}
