//! What each message about copies asks of the node that receives it, and what a node says that does not do it.
//! `docs/selfish.md` has the table.

use super::operation::closed_by;
use super::{Cause, Host, Msg, Purpose, Stored, send};
use crate::overlay::parcels::Parcels;
use crate::overlay::{Deed, Fx, Service, Traffic};
use crate::world::{CallId, NodeIdx};

impl<O: Host> Stored<O> {
    /// What a message asks of a node.
    pub(super) fn asked_for(&self, node: NodeIdx, msg: Msg, parcels: &Parcels) -> Service {
        match msg {
            Msg::WhoKeeps(_) | Msg::WhoKeepsNear(_) => Service::Answer,
            // Whoever looks for a place to compare copies there asks as users do.
            Msg::Find(_, _, place) => {
                if self.owns(node, parcels.batch(place).arc.upto) {
                    Service::Answer
                } else {
                    Service::PassOn
                }
            }
            Msg::Get(..) => Service::HandOut,
            Msg::Put(..)
            | Msg::Copies(_, Cause::Repair | Cause::Join | Cause::Goodbye, _)
            // These it does not have, and should.
            | Msg::Inventory(..) => Service::Keep,
            Msg::Offer(_, _, items) => {
                let own = self.overlay.own_arc(node);
                let is_mine = |key| own.is_some_and(|own| own.holds(self.space, key));
                let mut offered = parcels.batch(items).items.iter();
                if offered.any(|item| is_mine(item.key)) {
                    Service::Keep
                } else {
                    Service::Maintain
                }
            }
            Msg::Summary(..) | Msg::Wanted(_) => Service::Maintain,
            // The node has asked for these itself.
            Msg::Copies(_, Cause::Wanted, _)
            | Msg::Keepers(..)
            | Msg::Kept(_)
            | Msg::Value(..)
            | Msg::Same(_)
            | Msg::Got(_)
            | Msg::Mine(..)
            | Msg::Closer(..)
            | Msg::Declined(_)
            | Msg::Release(_)
            | Msg::Drop(_) => Service::Nothing,
        }
    }

    /// The node does not do what a message asks. It says so if it declines; of values it says otherwise that it has them; else
    /// it is silent.
    pub(super) fn refuse(&mut self, from: NodeIdx, msg: Msg, deed: Deed, fx: &mut Fx<O>) {
        let declines = deed == Deed::Decline;
        match msg {
            // Nobody is there to be told.
            Msg::Copies(_, Cause::Goodbye, values) => self.on_goodbye(from, values, fx),
            // What it has is compared, and what it lacks it goes on lacking.
            Msg::Inventory(call, items) => self.on_inventory(from, call, items, false, fx),
            // Of others' keys it tells them.
            Msg::Offer(origin, hops, items)
                if self.asked_for(fx.node(), msg, fx.parcels()) == Service::Keep =>
            {
                self.on_offer(from, (origin, hops), items, false, fx);
            }
            Msg::Put(call, _)
            | Msg::Get(call, _)
            | Msg::WhoKeeps(call)
            | Msg::WhoKeepsNear(call)
                if declines =>
            {
                send::<O>(from, Msg::Declined(call), Traffic::Lookup, fx);
            }
            Msg::Find(call, errand, _) if declines => {
                send::<O>(from, Msg::Declined(call), errand.traffic(), fx);
            }
            Msg::Put(call, _) => send::<O>(from, Msg::Kept(call), Traffic::Lookup, fx),
            Msg::Copies(call, cause, _) => {
                let traffic = match cause {
                    Cause::Join => Traffic::Handover,
                    _ => Traffic::Repair,
                };
                let word = if declines {
                    Msg::Declined(call)
                } else {
                    Msg::Got(call)
                };
                send::<O>(from, word, traffic, fx);
            }
            _ => {}
        }
    }

    /// A node will not do what this one has asked: that is known at once, and counts like silence that is over.
    pub(super) fn on_declined(&mut self, from: NodeIdx, call: CallId, fx: &mut Fx<O>) {
        match closed_by::<O>(call, from, fx) {
            Some(Purpose::WhoKeeps(number)) => self.on_unwilling_owner(number, from, fx),
            Some(Purpose::Quorum(number)) => self.on_unwilling_keeper(number, from, fx),
            Some(Purpose::Search(number)) => self.on_unwilling_way(number, from, fx),
            Some(Purpose::Handover) => self.not_handed_over(call, fx),
            Some(Purpose::Complete(round)) => {
                self.shelf_mut(fx.node()).declined.push(from);
                self.on_silent_other(round, fx);
            }
            Some(Purpose::Replace) => self.shelf_mut(fx.node()).declined.push(from),
            Some(Purpose::Compare(_) | Purpose::Part(_)) | None => {}
        }
    }
}
