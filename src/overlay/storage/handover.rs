//! Keys move when a node joins or leaves (Dabek et al. 2001; the application layer of Stoica et al. 2003, section IV-E: a node
//! that joins takes keys over from its successor, a node that leaves hands its own on).

use super::shelf::{HandedOver, digest_of};
use super::{Cause, Host, Msg, NOBODY_WAITS, Purpose, Stored, pack_values, send};
use crate::overlay::{Arc, Fx, Item, ParcelId, Traffic};
use crate::world::{CallId, NodeIdx};

impl<O: Host> Stored<O> {
    /// A node has acted: if it has a new predecessor, some keys may be its own no more.
    pub(super) fn heed_predecessor(&mut self, fx: &mut Fx<O>) {
        let node = fx.node();
        let Some(Arc { after, upto }) = self.overlay.own_arc(node) else {
            return;
        };
        let last = self.shelf(node).predecessor;
        if last == Some(after) {
            return;
        }
        self.shelf_mut(node).predecessor = Some(after);
        // Whoever was alone had all keys.
        let before = last.unwrap_or(upto);
        let is_first = last.is_none();
        if after != upto && self.space.between(before, after, upto) && self.config.handover {
            let arc = Arc {
                after: before,
                upto: after,
            };
            self.hand_over(arc, is_first, fx);
        }
    }

    /// Sends the copies of keys with a place on an arc to the node at its end. If this node has not known a predecessor before,
    /// what it has for itself was not that node's.
    fn hand_over(&mut self, arc: Arc, is_first: bool, fx: &mut Fx<O>) {
        let node = fx.node();
        let Some(to) = self.overlay.predecessor(node) else {
            return;
        };
        let items = if is_first {
            self.parting(node, arc)
        } else {
            self.copies_with_place_on(node, arc)
        };
        if items.is_empty() {
            return;
        }
        let values = pack_values::<O>(&items, fx);
        let purpose = O::Purpose::from(Purpose::Handover);
        let call = fx.call(to, purpose, Traffic::Handover, |call| {
            O::Msg::from(Msg::Copies(call, Cause::Join, values))
        });
        if self.placement.nodes_each() == 1 {
            let digest = digest_of(self.parting(node, arc));
            self.shelf_mut(node).handed_over.push(HandedOver {
                call,
                to,
                arc,
                digest,
            });
        }
    }

    /// Of the copies of keys with a place on an arc that is another's from now on: those of keys with no other place here.
    fn parting(&self, node: NodeIdx, arc: Arc) -> Vec<Item> {
        let mut copies = self.copies_with_place_on(node, arc);
        if let Some(own) = self.overlay.own_arc(node) {
            let is_elsewhere_here =
                |place| own.holds(self.space, place) && !arc.holds(self.space, place);
            copies.retain(|item| !self.placement.places_of(item.key).any(is_elsewhere_here));
        }
        copies
    }

    /// The node that has joined has its copies. Where one node is to keep a copy at each place, this one goes.
    pub(super) fn handed_over(&mut self, call: CallId, fx: &Fx<O>) {
        let node = fx.node();
        let shelf = self.shelf_mut(node);
        let place = shelf.handed_over.iter().position(|it| it.call == call);
        let Some(place) = place else { return };
        let HandedOver { arc, digest, .. } = shelf.handed_over.remove(place);
        let parting = self.parting(node, arc);
        // What has changed meanwhile is misplaced, and will be offered.
        if digest_of(parting.iter().copied()) == digest {
            for item in parting {
                self.discard(node, item.key);
            }
        }
    }

    /// The node that was to have copies is silent.
    pub(super) fn not_handed_over(&mut self, call: CallId, fx: &Fx<O>) {
        let handed_over = &mut self.shelf_mut(fx.node()).handed_over;
        handed_over.retain(|entry| entry.call != call);
    }

    /// A node leaves: its copies go to those who should have them now.
    pub(super) fn say_goodbye(&mut self, fx: &mut Fx<O>) {
        let node = fx.node();
        if !(self.config.handover && self.overlay.is_member(node)) {
            return;
        }
        // Who does not know where its keys begin takes all that it has for its own: it may be the only one that has them.
        let own = self.overlay.own_arc(node);
        let upto = self.overlay.id(node);
        let arc = own.unwrap_or(Arc { after: upto, upto });
        let items = self.copies_with_place_on(node, arc);
        if items.is_empty() {
            return;
        }
        let (others, behind) = self.others(node);
        let digest = self.shelf(node).digest(arc);
        let round = self.shelf(node).round.as_ref();
        let others_have_the_same = round.is_some_and(|round| {
            round.is_complete()
                && (round.arc, round.digest) == (arc, digest)
                && round.asked == others
        });
        let lacking = others.into_iter().filter(|_| !others_have_the_same);
        for to in lacking.chain(behind) {
            for item in &items {
                self.census.sent_off(item.key);
            }
            let values = pack_values::<O>(&items, fx);
            let copies = Msg::Copies(NOBODY_WAITS, Cause::Goodbye, values);
            send::<O>(to, copies, Traffic::Handover, fx);
        }
    }

    /// Copies arrive.
    pub(super) fn on_copies(
        &mut self,
        from: NodeIdx,
        (call, cause): (CallId, Cause),
        values: ParcelId,
        fx: &mut Fx<O>,
    ) {
        let items = fx.batch(values).items.clone();
        for item in items {
            self.keep(fx.node(), item, fx);
        }
        match cause {
            Cause::Repair => send::<O>(from, Msg::Got(call), Traffic::Repair, fx),
            Cause::Wanted => self.compare_again(fx),
            Cause::Join => send::<O>(from, Msg::Got(call), Traffic::Handover, fx),
            Cause::Goodbye => self.on_goodbye(from, values, fx),
        }
    }

    /// A node leaves. What it had been given is here again: its receipt may still come, and is void. What it sends is no
    /// longer under way, whether it is kept or not.
    pub(super) fn on_goodbye(&mut self, from: NodeIdx, values: ParcelId, fx: &Fx<O>) {
        let handed_over = &mut self.shelf_mut(fx.node()).handed_over;
        handed_over.retain(|entry| entry.to != from);
        self.no_longer_under_way(values, fx);
    }

    /// Copies of a node that has left have arrived, or never will.
    pub(super) fn no_longer_under_way(&mut self, values: ParcelId, fx: &Fx<O>) {
        for item in &fx.batch(values).items {
            self.census.arrived(item.key);
        }
    }
}
