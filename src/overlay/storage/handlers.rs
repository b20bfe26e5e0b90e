//! Which event goes where: to the overlay, or to the handlers of storage.

use super::{Cause, Host, Msg, Purpose, Stock, Stored, Timer, Totals};
use crate::engine::SimDuration;
use crate::overlay::{
    Arc, Around, Call, Calls, Carries as _, Deed, Fx, Health, Item, Knowledge, LookAhead,
    Operation, Outlook, Overlay, Request, RingView, Said, Service, Silence, Start,
    parcels::Parcels,
};
use crate::world::{Directory, NodeIdx, Note, OpIdx, RingId};

impl<O: Host> Stored<O> {
    /// Lets the overlay act, and sees to what follows from it.
    #[inline]
    fn with_overlay<T>(&mut self, fx: &mut Fx<O>, act: impl FnOnce(&mut O, &mut Fx<O>) -> T) -> T {
        let result = act(&mut self.overlay, fx);
        self.heed_predecessor(fx);
        if fx.has_joined() {
            self.start_repairing(fx);
        }
        result
    }

    fn serve(&mut self, from: NodeIdx, msg: Msg, fx: &mut Fx<O>) {
        match msg {
            Msg::WhoKeeps(call) => self.on_who_keeps(from, call, false, fx),
            Msg::WhoKeepsNear(call) => self.on_who_keeps(from, call, true, fx),
            Msg::Keepers(call, nodes) => self.on_keepers(from, call, nodes, fx),
            Msg::Put(call, value) => self.on_put(from, call, value, fx),
            Msg::Kept(call) => self.on_answer(from, call, None, fx),
            Msg::Get(call, key) => self.on_get(from, call, key, fx),
            Msg::Value(call, value) => self.on_answer(from, call, Some(value), fx),
            Msg::Summary(call, summary) => self.on_summary(from, call, summary, fx),
            Msg::Same(call) => self.on_same(from, call, fx),
            Msg::Inventory(call, items) => self.on_inventory(from, call, items, true, fx),
            Msg::Copies(call, cause, values) => self.on_copies(from, (call, cause), values, fx),
            Msg::Got(call) => self.on_got(from, call, fx),
            Msg::Wanted(items) => self.on_wanted(from, items, fx),
            Msg::Release(summary) => self.on_release(from, summary, fx),
            Msg::Offer(origin, hops, items) => self.on_offer(from, (origin, hops), items, true, fx),
            Msg::Drop(items) => self.on_drop(items, fx),
            Msg::Find(call, errand, place) => self.on_find(from, (call, errand), place, fx),
            Msg::Mine(call, behind) => self.on_mine(from, call, behind, fx),
            Msg::Closer(call, ways) => self.on_closer(from, call, ways, fx),
            Msg::Declined(call) => self.on_declined(from, call, fx),
        }
    }
}

/// What a message of a user's put or get says.
fn said(msg: Msg, parcels: &Parcels) -> Option<Said> {
    let copy_in = |batch| parcels.batch(batch).items.first().copied();
    let nodes_in = |list| {
        let (first, others) = parcels.read(list);
        let all = std::iter::once(first).chain(others.iter().copied());
        all.filter_map(NodeIdx::some).collect()
    };
    Some(match msg {
        Msg::WhoKeeps(_) | Msg::WhoKeepsNear(_) => Said::WhoKeeps,
        Msg::Keepers(_, nodes) => Said::Keepers(nodes_in(nodes)),
        Msg::Put(_, value) => {
            let Item { version, bytes, .. } = copy_in(value)?;
            Said::Put { version, bytes }
        }
        Msg::Find(_, _, place) => Said::FindPlace(parcels.batch(place).arc.upto),
        Msg::Mine(..) => Said::OwnsPlace,
        Msg::Closer(_, nodes) => Said::Closer(nodes_in(nodes)),
        Msg::Kept(_) => Said::Kept,
        Msg::Get(..) => Said::Get,
        Msg::Declined(_) => Said::Declined,
        Msg::Value(_, value) => {
            let Item { version, bytes, .. } = copy_in(value)?;
            Said::Value { version, bytes }
        }
        _ => return None,
    })
}

impl<O: Host> Overlay for Stored<O> {
    type Msg = O::Msg;
    type Timer = O::Timer;
    type Purpose = O::Purpose;
    type Geometry = O::Geometry;

    fn add_node(&mut self, id: RingId) {
        self.overlay.add_node(id);
        let row = self.rows.add();
        self.shelves.fill(&self.rows, row, super::Shelf::default());
    }

    fn id(&self, node: NodeIdx) -> RingId {
        self.overlay.id(node)
    }

    fn converge(&mut self, start: &Start<'_>) {
        self.overlay.converge(start);
    }

    fn join(&mut self, via: Option<NodeIdx>, fx: &mut Fx<Self>) {
        self.with_overlay(fx, |overlay, fx| overlay.join(via, fx));
    }

    fn remove(&mut self, node: NodeIdx) {
        self.discard_all(node);
        self.forget_operations(node);
        self.searches.forget(node);
        self.overlay.remove(node);
    }

    fn forget(&mut self, node: NodeIdx) {
        self.rows.give_back(node, Note::default());
        self.overlay.forget(node);
    }

    fn request(&mut self, request: Request, fx: &mut Fx<Self>) -> OpIdx {
        self.overlay.request(request, fx)
    }

    fn first_hop(&self, node: NodeIdx, key: RingId, number: u8) -> Option<NodeIdx> {
        self.overlay.first_hop(node, key, number)
    }

    fn cancel(&mut self, op: OpIdx) -> u32 {
        self.overlay.cancel(op)
    }

    fn operate(&mut self, operation: &Operation, fx: &mut Fx<Self>) {
        self.begin_operation(operation, fx);
    }

    fn abandon(&mut self, ticket: u64) -> (u32, u8) {
        self.abandon_operation(ticket)
    }

    fn lose_place(&mut self, ticket: u64, number: u8, fx: &mut Fx<Self>) {
        self.on_awaited_place(ticket, number, None, fx);
    }

    fn ways(&self, node: NodeIdx, key: RingId, most: u8) -> u8 {
        self.overlay.ways(node, key, most)
    }

    fn under_way(&self, op: OpIdx, ticket: u64) -> Option<u32> {
        self.overlay.under_way(op, ticket)
    }

    fn recall(&mut self, op: OpIdx) -> bool {
        self.overlay.recall(op)
    }

    fn sought(&self, msg: &O::Msg) -> Option<RingId> {
        match msg.carried() {
            None => self.overlay.sought(msg),
            Some(_) => None,
        }
    }

    fn undelivered(&mut self, msg: &O::Msg, fx: &Fx<Self>) {
        if let Some(Msg::Copies(_, Cause::Goodbye, values)) = msg.carried() {
            self.no_longer_under_way(values, fx);
        }
        self.overlay.undelivered(msg, fx);
    }

    fn stock(&self) -> Option<&dyn Stock> {
        Some(self)
    }

    fn stock_up(&mut self, keys: &[RingId], keepers: &mut dyn FnMut(RingId, &mut Vec<NodeIdx>)) {
        let mut nodes = Vec::new();
        for key in keys {
            nodes.clear();
            for place in self.placement.places_of(*key) {
                keepers(place, &mut nodes);
            }
            let item = Item {
                key: *key,
                version: 1,
                bytes: self.config.value_bytes,
            };
            for node in &nodes {
                let shelf = self.shelves.of_mut(&self.rows, *node);
                if shelf.keep(item, crate::engine::SimTime::ZERO) {
                    self.census.kept(*key);
                }
            }
        }
        // Who had nothing before that is not to blame, though others have something after it.
        let under_way = self.pending.values_mut();
        under_way.for_each(|pending| pending.is_judged = false);
    }

    fn on_message(&mut self, from: NodeIdx, msg: O::Msg, deed: Deed, fx: &mut Fx<Self>) {
        match msg.carried() {
            None => self.with_overlay(fx, |overlay, fx| overlay.on_message(from, msg, deed, fx)),
            Some(msg) if deed == Deed::Serve => self.serve(from, msg, fx),
            Some(msg) => self.refuse(from, msg, deed, fx),
        }
    }

    fn on_silence(&mut self, call: Call<O::Purpose>, fx: &mut Fx<Self>) {
        match call.purpose.carried() {
            None => self.with_overlay(fx, |overlay, fx| overlay.on_silence(call, fx)),
            Some(Purpose::WhoKeeps(number)) => self.on_silent_owner(number, call.peer, fx),
            Some(Purpose::Quorum(number)) => self.on_silent_keeper(number, call.peer, fx),
            Some(Purpose::Handover) => self.not_handed_over(call.id, fx),
            Some(Purpose::Compare(round)) => self.on_silent_other(round, fx),
            Some(Purpose::Search(number)) => self.on_silent_way(number, call.peer, fx),
            Some(Purpose::Part(number)) => self.on_silent_part(number, fx),
            // The next round will see.
            Some(Purpose::Complete(_) | Purpose::Replace) => {}
        }
    }

    fn on_timer(&mut self, timer: O::Timer, fx: &mut Fx<Self>) {
        match timer.carried() {
            None => self.with_overlay(fx, |overlay, fx| overlay.on_timer(timer, fx)),
            Some(Timer::Repair) => self.on_repair_timer(fx),
            Some(Timer::Offer) => self.on_offer_timer(fx),
        }
    }

    fn start(&mut self, fx: &mut Fx<Self>) {
        self.overlay.start(fx);
        self.heed_predecessor(fx);
        self.start_repairing(fx);
    }

    fn leave(&mut self, fx: &mut Fx<Self>) {
        self.say_goodbye(fx);
        self.overlay.leave(fx);
    }

    fn service(&self, node: NodeIdx, msg: &O::Msg, parcels: &Parcels) -> Service {
        match msg.carried() {
            None => self.overlay.service(node, msg, parcels),
            Some(msg) => self.asked_for(node, msg, parcels),
        }
    }

    fn duty(&self, timer: &O::Timer) -> Service {
        match timer.carried() {
            None => self.overlay.duty(timer),
            Some(Timer::Repair | Timer::Offer) => Service::Maintain,
        }
    }

    fn shirk(&mut self, timer: O::Timer, fx: &mut Fx<Self>) {
        match timer.carried() {
            None => self.overlay.shirk(timer, fx),
            Some(Timer::Repair) => {
                self.wait_for_repair(fx);
            }
            Some(Timer::Offer) => {}
        }
    }

    fn ticket(&self, msg: &O::Msg, calls: &Calls<O::Purpose>) -> Option<u64> {
        let call = match msg.carried() {
            None => return self.overlay.ticket(msg, calls),
            Some(
                Msg::WhoKeeps(call)
                | Msg::WhoKeepsNear(call)
                | Msg::Keepers(call, _)
                | Msg::Put(call, _)
                | Msg::Kept(call)
                | Msg::Get(call, _)
                | Msg::Value(call, _)
                | Msg::Find(call, ..)
                | Msg::Mine(call, _)
                | Msg::Closer(call, _)
                | Msg::Declined(call),
            ) => call,
            Some(_) => return None,
        };
        self.ticket_of_call(calls.caller(call)?, calls.purpose(call)?)
    }

    fn ticket_of_call(&self, node: NodeIdx, purpose: O::Purpose) -> Option<u64> {
        match purpose.carried() {
            None => self.overlay.ticket_of_call(node, purpose),
            Some(Purpose::WhoKeeps(number) | Purpose::Quorum(number)) => {
                self.ticket_of(node, number)
            }
            Some(Purpose::Search(number)) => {
                let operation = self.searches.operation(node, number)?;
                self.ticket_of(node, operation)
            }
            Some(_) => None,
        }
    }

    fn said(&self, msg: &O::Msg, parcels: &Parcels) -> Option<Said> {
        match msg.carried() {
            None => self.overlay.said(msg, parcels),
            Some(msg) => said(msg, parcels),
        }
    }

    fn knows(&self, node: NodeIdx) -> Knowledge {
        self.overlay.knows(node)
    }

    fn parcel_width(&self) -> usize {
        self.overlay
            .parcel_width()
            .max(usize::from(self.config.replicas))
    }

    fn reserve(&mut self, nodes: usize) {
        self.overlay.reserve(nodes);
        self.shelves.reserve(nodes);
    }

    fn take_silence_for(&mut self, silence: Silence) {
        self.overlay.take_silence_for(silence);
    }

    fn look_around(&mut self, node: NodeIdx, around: &Around<'_>) {
        self.overlay.look_around(node, around);
    }

    fn estimated_round_trip(&self, from: NodeIdx, to: NodeIdx) -> Option<SimDuration> {
        self.overlay.estimated_round_trip(from, to)
    }

    fn health(&self, members: &Directory) -> Health {
        self.overlay.health(members)
    }

    fn ring(&self) -> Option<&dyn RingView> {
        self.overlay.ring()
    }
}

impl<O: Host> Stock for Stored<O> {
    fn copies_of(&self, key: RingId) -> u32 {
        self.census.copies_of(key)
    }

    fn totals(&self) -> Totals {
        self.census.totals()
    }

    fn kept_by(&self, node: NodeIdx) -> usize {
        self.shelves
            .get(&self.rows, node)
            .map_or(0, super::Shelf::len)
    }

    fn under_way(&self) -> u64 {
        self.census.under_way()
    }

    fn copies_at(&self, node: NodeIdx) -> Vec<Item> {
        let shelf = self.shelves.get(&self.rows, node);
        shelf.map_or_else(Vec::new, |shelf| shelf.all().collect())
    }

    fn version_at(&self, node: NodeIdx, key: RingId) -> u32 {
        let shelf = self.shelves.get(&self.rows, node);
        shelf.map_or(0, |shelf| shelf.copy_of(key).version)
    }

    fn own_keys(&self, node: NodeIdx) -> Option<Arc> {
        self.overlay.own_arc(node)
    }

    fn places_of(&self, key: RingId) -> Vec<RingId> {
        self.placement.places_of(key).collect()
    }

    fn keepers_of(&self, node: NodeIdx) -> Vec<NodeIdx> {
        let (mut keepers, _) = self.others(node);
        keepers.insert(0, node);
        keepers
    }

    fn stand_ins_of(&self, node: NodeIdx) -> &[NodeIdx] {
        self.overlay.stand_ins(node)
    }
}

impl<O: Host> LookAhead for Stored<O> {
    fn prefetch(&self, node: NodeIdx, msg: Option<O::Msg>, fx: &Fx<Self>) -> bool {
        let is_carried = msg.is_some_and(|msg| msg.carried().is_some());
        !is_carried && self.overlay.prefetch(node, msg, fx)
    }

    fn prefetch_second(&self, node: NodeIdx, msg: Option<O::Msg>, fx: &Fx<Self>) -> Outlook {
        self.overlay.prefetch_second(node, msg, fx)
    }

    fn prefetch_third(&self, node: NodeIdx, msg: O::Msg, fx: &Fx<Self>) {
        self.overlay.prefetch_third(node, msg, fx);
    }

    fn prefetch_request(&self, node: NodeIdx, key: RingId) {
        self.overlay.prefetch_request(node, key);
    }
}
