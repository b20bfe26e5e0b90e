//! Puts and gets, at the node that asks. It coordinates them itself, as the client of CFS does (Dabek et al. 2001), with the
//! quorums of Dynamo (SOSP 2007, section 4.5).

use rand::RngExt as _;

use super::pending::Pending;
use super::repair::send_copies;
use super::{Host, Msg, Purpose, Stored, pack_names, pack_values, send};
use crate::overlay::{Carries as _, Effect, Fx, Item, Operation, ParcelId, Service, Traffic};
use crate::scenario::resolved::Quorums;
use crate::world::{Action, CallId, NodeIdx, RingId};

impl<O: Host> Stored<O> {
    /// The owner has been found: which nodes keep the copies?
    pub(super) fn begin_operation(&mut self, operation: &Operation, fx: &mut Fx<O>) {
        let &Operation {
            ticket,
            key,
            owner,
            action,
            place,
        } = operation;
        if let Some(place) = place {
            return self.go_on_at(operation, place, fx);
        }
        let node = fx.node();
        let number = self.enter(node, (ticket, key, action));
        if self.placement.places() > 1 {
            self.ask_places(number, owner, fx);
        } else if owner == node {
            let (mut keepers, _) = self.others(node);
            if self.goes_by_distance(action) {
                self.overlay.sort_by_distance(node, None, &mut keepers);
            }
            keepers.insert(0, node);
            self.ask_keepers(number, keepers, fx);
        } else if self.config.replicas == 1 {
            self.ask_keepers(number, vec![owner], fx);
        } else {
            let purpose = O::Purpose::from(Purpose::WhoKeeps(number));
            let by_distance = self.goes_by_distance(action);
            fx.call(owner, purpose, Traffic::Lookup, |call| {
                let tells = by_distance && self.overlay.send_coordinates(node, call);
                O::Msg::from(if tells {
                    Msg::WhoKeepsNear(call)
                } else {
                    Msg::WhoKeeps(call)
                })
            });
        }
    }

    /// Enters a put or get of this node. Returns its number.
    pub(super) fn enter(
        &mut self,
        node: NodeIdx,
        (ticket, key, action): (u64, RingId, Action),
    ) -> u32 {
        let number = self.next_operation;
        self.next_operation = number.wrapping_add(1);
        let pending = Pending::new(ticket, key, action);
        self.pending.insert((node, number), pending);
        self.by_ticket.insert(ticket, (node, number));
        number
    }

    /// Whether only the nearest copies are asked.
    fn goes_by_distance(&self, action: Action) -> bool {
        self.config.quorums == Quorums::Nearest && action == Action::Get
    }

    /// Another node asks which nodes keep the copies of this one's keys: those nearest to it first, if it has told
    /// where it is.
    pub(super) fn on_who_keeps(
        &mut self,
        from: NodeIdx,
        call: CallId,
        by_distance: bool,
        fx: &mut Fx<O>,
    ) {
        let (mut nodes, _) = self.others(fx.node());
        nodes.insert(0, fx.node());
        if by_distance {
            let caller = Some((from, call));
            self.overlay.sort_by_distance(fx.node(), caller, &mut nodes);
        }
        let nodes = fx.pack(nodes[0], &nodes[1..]);
        send::<O>(from, Msg::Keepers(call, nodes), Traffic::Lookup, fx);
    }

    pub(super) fn on_keepers(
        &mut self,
        from: NodeIdx,
        call: CallId,
        nodes: ParcelId,
        fx: &mut Fx<O>,
    ) {
        let Some(Purpose::WhoKeeps(number)) = closed_by::<O>(call, from, fx) else {
            return;
        };
        let (first, others) = fx.unpack(nodes);
        let others = others.iter().copied().filter_map(NodeIdx::some);
        let keepers = std::iter::once(first).chain(others).collect();
        fx.experienced(from, Service::Answer, true);
        self.ask_keepers(number, keepers, fx);
    }

    /// Asks those that keep copies, all at once.
    fn ask_keepers(&mut self, number: u32, mut keepers: Vec<NodeIdx>, fx: &mut Fx<O>) {
        let at = (fx.node(), number);
        let ill = self.leave_out_shunned(number, &mut keepers, fx);
        if let Some(pending) = self.pending.get(&at)
            && self.goes_by_distance(pending.action)
        {
            let most = usize::from(self.config.read_quorum).min(keepers.len());
            let others = keepers.split_off(most).into();
            if let Some(pending) = self.pending.get_mut(&at) {
                pending.others = others;
            }
        }
        let mut left_out = Vec::new();
        let about = self.begin_asking(number, &mut keepers, &mut left_out, fx);
        let Some((key, action)) = about else {
            return;
        };
        if let Some(pending) = self.pending.get_mut(&at) {
            pending.left_out = left_out;
            pending.others.extend(ill);
        }
        if keepers.is_empty() {
            return self.nobody_is_asked(number, fx);
        }
        // Its own copy may be all that it waits for: then the others have been asked already.
        let node = fx.node();
        keepers.sort_by_key(|keeper| *keeper == node);
        for keeper in keepers {
            self.ask_keeper(keeper, number, (key, action), fx);
        }
    }

    /// How many answers an operation waits for.
    pub(super) fn quorum_of(&self, action: Action) -> u8 {
        match action {
            Action::Put { .. } => self.config.write_quorum,
            Action::Get => self.config.read_quorum,
        }
    }

    /// Draws whom of these to ask, all of which are then due to answer, and who is `left_out`. Returns what about.
    pub(super) fn begin_asking<T>(
        &mut self,
        number: u32,
        whom: &mut Vec<T>,
        left_out: &mut Vec<T>,
        fx: &mut Fx<O>,
    ) -> Option<(RingId, Action)> {
        let at = (fx.node(), number);
        let quorum = self.quorum_of(self.pending.get(&at)?.action);
        if self.config.quorums == Quorums::Random {
            while whom.len() > usize::from(quorum) {
                left_out.push(whom.swap_remove(fx.rng().random_range(0..whom.len())));
            }
        }
        let pending = self.pending.get_mut(&at)?;
        pending.due = whom.len() as u8;
        let ticket = pending.ticket;
        fx.push(Effect::Asked { ticket });
        Some((pending.key, pending.action))
    }

    pub(super) fn ask_keeper(
        &mut self,
        keeper: NodeIdx,
        number: u32,
        (key, action): (RingId, Action),
        fx: &mut Fx<O>,
    ) {
        if keeper == fx.node() {
            self.answer_myself(number, key, action, fx);
        } else {
            ask::<O>(keeper, number, key, action, fx);
        }
    }

    /// The asking node keeps a copy itself.
    fn answer_myself(&mut self, number: u32, key: RingId, action: Action, fx: &mut Fx<O>) {
        let node = fx.node();
        let copy = match action {
            Action::Put { version, bytes } => {
                let item = Item {
                    key,
                    version,
                    bytes,
                };
                self.keep(node, item, fx);
                item
            }
            Action::Get => self.shelf(node).copy_of(key),
        };
        self.answered(number, node, Some(copy), fx);
    }

    /// This node is to keep a value.
    pub(super) fn on_put(&mut self, from: NodeIdx, call: CallId, value: ParcelId, fx: &mut Fx<O>) {
        if let Some(item) = fx.batch(value).items.first().copied() {
            self.keep(fx.node(), item, fx);
        }
        send::<O>(from, Msg::Kept(call), Traffic::Lookup, fx);
    }

    /// This node is asked for its copy.
    pub(super) fn on_get(&mut self, from: NodeIdx, call: CallId, key: ParcelId, fx: &mut Fx<O>) {
        let Some(item) = fx.batch(key).items.first().copied() else {
            return;
        };
        let copy = self.shelf(fx.node()).copy_of(item.key);
        let value = pack_values::<O>(&[copy], fx);
        send::<O>(from, Msg::Value(call, value), Traffic::Lookup, fx);
    }

    /// A node has answered a put (without a `value`) or a get.
    pub(super) fn on_answer(
        &mut self,
        from: NodeIdx,
        call: CallId,
        value: Option<ParcelId>,
        fx: &mut Fx<O>,
    ) {
        let Some(Purpose::Quorum(number)) = closed_by::<O>(call, from, fx) else {
            return;
        };
        let copy = value.and_then(|value| fx.batch(value).items.first().copied());
        match copy {
            None => fx.experienced(from, Service::Keep, true),
            Some(copy) if copy.version > 0 => fx.experienced(from, Service::HandOut, true),
            // Whether there is a copy that it should have is known when all have answered.
            Some(_) => {}
        }
        self.answered(number, from, copy, fx);
    }

    /// A node that was asked is silent.
    pub(super) fn on_silent_keeper(&mut self, number: u32, keeper: NodeIdx, fx: &mut Fx<O>) {
        if let Some(pending) = self.pending.get_mut(&(fx.node(), number)) {
            pending.timeouts += 1;
        }
        self.on_keeper_lost(number, keeper, fx);
    }

    /// A node that was asked will not do it. Where only some were asked of those that keep copies, another one is.
    pub(super) fn on_unwilling_keeper(&mut self, number: u32, keeper: NodeIdx, fx: &mut Fx<O>) {
        if let Some(pending) = self.pending.get_mut(&(fx.node(), number)) {
            let left_out = std::mem::take(&mut pending.left_out);
            pending.others.extend(left_out);
        }
        self.on_keeper_lost(number, keeper, fx);
    }

    fn on_keeper_lost(&mut self, number: u32, keeper: NodeIdx, fx: &mut Fx<O>) {
        let Some(pending) = self.pending.get_mut(&(fx.node(), number)) else {
            return;
        };
        pending.due -= 1;
        let service = match pending.action {
            Action::Put { .. } => Service::Keep,
            Action::Get => Service::HandOut,
        };
        fx.experienced(keeper, service, false);
        self.ask_another(number, fx);
        self.settle(number, fx);
    }

    /// The owner will not say which nodes keep the copies: nobody else knows.
    pub(super) fn on_unwilling_owner(&mut self, number: u32, owner: NodeIdx, fx: &mut Fx<O>) {
        fx.experienced(owner, Service::Answer, false);
        self.settle(number, fx);
    }

    /// The owner is silent: it has to be found once more.
    pub(super) fn on_silent_owner(&mut self, number: u32, owner: NodeIdx, fx: &mut Fx<O>) {
        fx.experienced(owner, Service::Answer, false);
        if let Some(pending) = self.pending.remove(&(fx.node(), number)) {
            let ticket = pending.ticket;
            self.by_ticket.remove(&ticket);
            fx.push(Effect::FindAgain { ticket });
        }
    }

    fn answered(&mut self, number: u32, from: NodeIdx, copy: Option<Item>, fx: &mut Fx<O>) {
        let Some(pending) = self.pending.get_mut(&(fx.node(), number)) else {
            return;
        };
        pending.due -= 1;
        pending.answers += 1;
        if let Some(copy) = copy {
            pending.answered.push((from, copy.version));
            if copy.version > pending.newest.version {
                pending.newest = copy;
            }
            if copy.version == 0 {
                self.ask_another(number, fx);
            }
        }
        self.settle(number, fx);
    }

    /// Asks the nearest of those that have not been asked, if there is one.
    pub(super) fn ask_another(&mut self, number: u32, fx: &mut Fx<O>) {
        if let Some(pending) = self.pending.get_mut(&(fx.node(), number))
            && let Some(next) = pending.others.pop_front()
        {
            pending.due += 1;
            let about = (pending.key, pending.action);
            self.ask_keeper(next, number, about, fx);
        }
    }

    /// Tells the user when it is clear how the operation ends, and forgets it when nobody is to answer any more.
    pub(super) fn settle(&mut self, number: u32, fx: &mut Fx<O>) {
        let at = (fx.node(), number);
        let Some(pending) = self.pending.get_mut(&at) else {
            return;
        };
        let (quorum, has_result) = match pending.action {
            Action::Put { .. } => (self.config.write_quorum, true),
            Action::Get => (self.config.read_quorum, pending.newest.version > 0),
        };
        let enough = pending.answers >= quorum;
        if !pending.told && (enough && has_result || pending.due == 0) {
            pending.told = true;
            fx.push(Effect::Operated {
                ticket: pending.ticket,
                answers: pending.answers,
                timeouts: pending.timeouts,
                enough,
                version: pending.newest.version,
            });
        }
        if pending.due == 0
            && let Some(done) = self.pending.remove(&at)
        {
            self.by_ticket.remove(&done.ticket);
            if done.action != Action::Get {
                return;
            }
            done.judge_the_empty(fx);
            if self.config.quorums != Quorums::Random {
                self.repair_after_read(&done, fx);
            }
        }
    }

    /// Those that answered with an older copy, or none, get the newest (read repair).
    fn repair_after_read(&mut self, done: &Pending, fx: &mut Fx<O>) {
        let newest = done.newest;
        let behind = done
            .answered
            .iter()
            .filter(|(_, version)| *version < newest.version);
        for (node, _) in behind {
            if *node == fx.node() {
                self.keep(*node, newest, fx);
            } else {
                send_copies::<O>(*node, &[newest], Purpose::Replace, fx);
            }
        }
    }

    /// No user waits any more.
    pub(super) fn abandon_operation(&mut self, ticket: u64) -> (u32, u8) {
        let pending = self.by_ticket.remove(&ticket);
        let pending = pending.and_then(|at| self.pending.remove(&at));
        pending.map_or((0, 0), |pending| (pending.timeouts, pending.answers))
    }

    /// The node is gone, and what its users wanted with it.
    pub(super) fn forget_operations(&mut self, node: NodeIdx) {
        let of_node = (node, 0)..=(node, u32::MAX);
        let gone: Vec<_> = self.pending.range(of_node).map(|(at, _)| *at).collect();
        for at in gone {
            if let Some(pending) = self.pending.remove(&at) {
                self.by_ticket.remove(&pending.ticket);
            }
        }
    }

    /// The ticket of an operation for which a user waits.
    pub(super) fn ticket_of(&self, node: NodeIdx, number: u32) -> Option<u64> {
        self.pending
            .get(&(node, number))
            .map(|pending| pending.ticket)
    }
}

fn ask<O: Host>(keeper: NodeIdx, number: u32, key: RingId, action: Action, fx: &mut Fx<O>) {
    let purpose = O::Purpose::from(Purpose::Quorum(number));
    match action {
        Action::Put { version, bytes } => {
            let item = Item {
                key,
                version,
                bytes,
            };
            let value = pack_values::<O>(&[item], fx);
            fx.call(keeper, purpose, Traffic::Lookup, |call| {
                O::Msg::from(Msg::Put(call, value))
            });
        }
        Action::Get => {
            let item = Item {
                key,
                version: 0,
                bytes: 0,
            };
            let key = pack_names::<O>(&[item], fx);
            fx.call(keeper, purpose, Traffic::Lookup, |call| {
                O::Msg::from(Msg::Get(call, key))
            });
        }
    }
}

/// What the call was for that this message answers, if it was about copies and the node still waits.
pub(super) fn closed_by<O: Host>(call: CallId, from: NodeIdx, fx: &mut Fx<O>) -> Option<Purpose> {
    fx.close_call(call, from)?.purpose.carried()
}
