//! Puts and gets of keys whose copies are spread: each place of a key has an owner of its own. The node that asks searches for
//! them when it has found the first one, or the client looks them up itself, all at once.

use super::search::Aim;
use super::{Host, Stored};
use crate::overlay::{Fx, Operation, Place};
use crate::world::NodeIdx;

impl<O: Host> Stored<O> {
    /// Each place of the key has an owner of its own, to which a way is sought. The first one has been found.
    pub(super) fn ask_places(&mut self, number: u32, owner: NodeIdx, fx: &mut Fx<O>) {
        let mut places: Vec<u8> = (0..self.placement.places()).collect();
        let about = self.begin_asking(number, &mut places, &mut Vec::new(), fx);
        let Some((key, _)) = about else {
            return;
        };
        for place in places.iter().copied().filter(|place| *place > 0) {
            let place = self.placement.place(key, place);
            self.search(Aim::Operation(number), place, None, fx);
        }
        if places.contains(&0) {
            self.on_place_found(number, owner, fx);
        }
    }

    /// The owner of a place keeps a copy. Who owns several is asked once.
    pub(super) fn on_place_found(&mut self, number: u32, keeper: NodeIdx, fx: &mut Fx<O>) {
        let Some(pending) = self.pending.get_mut(&(fx.node(), number)) else {
            return;
        };
        if pending.keepers.contains(&keeper) {
            return self.on_place_lost(number, fx);
        }
        pending.keepers.push(keeper);
        if keeper != fx.node() && fx.thinks_ill_of(keeper) {
            return self.on_shunned_place(number, keeper, fx);
        }
        let about = (pending.key, pending.action);
        self.ask_keeper(keeper, number, about, fx);
    }

    /// From a place no answer will come.
    pub(super) fn on_place_lost(&mut self, number: u32, fx: &mut Fx<O>) {
        if let Some(pending) = self.pending.get_mut(&(fx.node(), number)) {
            pending.due -= 1;
            if pending.due == 0 {
                // Those that were left for last.
                self.ask_another(number, fx);
            }
            self.settle(number, fx);
        }
    }

    /// A place has been found that the client looks for, perhaps as the first of several. Places beyond those that it looks
    /// for are searched for as ever.
    pub(super) fn go_on_at(&mut self, operation: &Operation, place: Place, fx: &mut Fx<O>) {
        let &Operation {
            ticket,
            key,
            owner,
            action,
            ..
        } = operation;
        if place.is_first {
            let node = fx.node();
            let number = self.enter(node, (ticket, key, action));
            let mut places: Vec<u8> = (0..self.placement.places()).collect();
            let about = self.begin_asking(number, &mut places, &mut Vec::new(), fx);
            if about.is_none() {
                return;
            }
            let is_awaited = |number: &u8| *number < place.of;
            let (awaited, others): (Vec<u8>, Vec<u8>) = places.into_iter().partition(is_awaited);
            if let Some(pending) = self.pending.get_mut(&(node, number)) {
                pending.awaited = awaited;
            }
            for other in others {
                let other = self.placement.place(key, other);
                self.search(Aim::Operation(number), other, None, fx);
            }
        }
        self.on_awaited_place(ticket, place.number, Some(owner), fx);
    }

    /// A place that the client looks for has been found, or will not be.
    pub(super) fn on_awaited_place(
        &mut self,
        ticket: u64,
        place: u8,
        owner: Option<NodeIdx>,
        fx: &mut Fx<O>,
    ) {
        let Some(at) = self.by_ticket.get(&ticket).copied() else {
            return;
        };
        let Some(pending) = self.pending.get_mut(&at) else {
            return;
        };
        let Some(position) = pending.awaited.iter().position(|it| *it == place) else {
            return;
        };
        pending.awaited.swap_remove(position);
        match owner {
            Some(owner) => self.on_place_found(at.1, owner, fx),
            None => self.on_place_lost(at.1, fx),
        }
    }
}
