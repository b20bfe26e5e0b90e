//! Which handler takes which event: the table of contents of the protocol.

use rand::RngExt as _;

use super::lookup::acknowledge;
use super::message::{Msg, Packed, Role};
use super::ops::{Op, OpKind};
use super::timer::Timer;
use super::{Chord, Fx, Near, Node, Purpose, Routing};
use crate::engine::{SimDuration, reserve_huge};
use crate::overlay::{
    Arc, Around, Call, Calls, Deed, Effect, Health, Knowledge, LookAhead, Outlook, Overlay,
    Replicas, Request, RingView, Said, Service, Silence, Start, parcels::Parcels,
};
use crate::scenario::resolved::LookupMode;
use crate::world::geometry::Ring;
use crate::world::{CallId, Directory, NodeIdx, Note, OpIdx, RingId};

impl Overlay for Chord {
    type Msg = Packed;
    type Timer = Timer;
    type Purpose = Purpose;
    type Geometry = Ring;

    fn add_node(&mut self, id: RingId) {
        self.ids.push(id);
        let row = self.rows.add();
        self.nodes.fill(&self.rows, row, Node::new(id));
        self.successors.add_row(row);
        if let Some(proximity) = &mut self.proximity {
            proximity.nodes.fill(&self.rows, row, Near::default());
        }
        if let Some(contacts) = &mut self.contacts {
            contacts.begin(row);
        }
    }

    fn take_silence_for(&mut self, silence: Silence) {
        self.silence = silence;
    }

    fn id(&self, node: NodeIdx) -> RingId {
        let there = self.nodes.get(&self.rows, node);
        there.map_or_else(|| self.id_of(node), |row| row.id)
    }

    fn converge(&mut self, start: &Start<'_>) {
        self.write_converged(start);
    }

    fn join(&mut self, via: Option<NodeIdx>, fx: &mut Fx) {
        match via {
            Some(via) => self.start_join(via, fx),
            None => self.found(fx),
        }
    }

    fn remove(&mut self, node: NodeIdx) {
        self.forget_contacts(node);
        self.reset(node);
    }

    fn forget(&mut self, node: NodeIdx) {
        self.rows.give_back(node, Note::default());
    }

    fn request(&mut self, request: Request, fx: &mut Fx) -> OpIdx {
        self.start_lookup(request, fx)
    }

    fn first_hop(&self, node: NodeIdx, key: RingId, number: u8) -> Option<NodeIdx> {
        self.first_of(node, key, number)
    }

    fn cancel(&mut self, op: OpIdx) -> u32 {
        self.ops.remove(op).map_or(0, |op| op.timeouts)
    }

    fn ways(&self, node: NodeIdx, key: RingId, most: u8) -> u8 {
        self.count_ways(node, key, most)
    }

    fn under_way(&self, op: OpIdx, ticket: u64) -> Option<u32> {
        let row = self.ops.get(op)?;
        (row.kind() == OpKind::User(ticket)).then_some(row.timeouts)
    }

    fn recall(&mut self, op: OpIdx) -> bool {
        let stops = self.config.lookup == LookupMode::Iterative;
        stops && self.ops.remove(op).is_some()
    }

    fn on_message(&mut self, from: NodeIdx, msg: Packed, deed: Deed, fx: &mut Fx) {
        // What is hot is called from one place alone, and so compiled into it.
        if deed != Deed::Serve && self.does_otherwise(from, msg, deed, fx) {
            return;
        }
        self.serve(from, msg, fx);
    }

    fn on_silence(&mut self, call: Call<Purpose>, fx: &mut Fx) {
        self.remember(fx.node(), call.peer);
        match call.purpose {
            Purpose::AskSuccessor => self.on_successor_dead(call.peer, fx),
            Purpose::AskBetween => self.on_between_dead(fx),
            Purpose::CheckPredecessor => self.on_predecessor_dead(call.peer, fx),
            Purpose::CheckEntry => self.without_successor(call.peer, fx),
            Purpose::Rectify(claimant) => {
                self.on_old_predecessor_dead(call.peer, claimant, fx);
            }
            Purpose::Forward { op, hops } => self.on_forward_timeout((op, hops), call.peer, fx),
            Purpose::Ask(op) => self.on_ask_timeout(op, call, fx),
            Purpose::Neighbours(entry) => self.on_neighbours_silent(entry, call.peer, fx),
            Purpose::Measure(entry) => self.on_measured(entry, Some(call.peer), fx),
            // Not asked by this overlay.
            Purpose::Storage(_) => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, fx: &mut Fx) {
        match timer {
            Timer::Join(op) => self.on_join_timer(op, fx),
            // A node that lost the ring lets its timers run out; joining starts new ones.
            _ if !self.node(fx.node()).member => {}
            Timer::Stabilize => self.on_stabilize_timer(fx),
            Timer::StabilizeOnce => {
                self.node_mut(fx.node()).expecting = false;
                self.stabilize(fx);
            }
            Timer::FixFingers => self.on_fix_timer(fx),
            Timer::CheckPredecessor => self.on_check_timer(fx),
            Timer::Probe => self.on_probe_timer(fx),
            Timer::Storage(_) => {}
        }
    }

    fn start(&mut self, fx: &mut Fx) {
        self.start_timers(false, fx);
    }

    fn leave(&mut self, fx: &mut Fx) {
        self.say_goodbye(fx);
    }

    fn service(&self, node: NodeIdx, msg: &Packed, _: &Parcels) -> Service {
        self.asked_for(node, *msg)
    }

    fn sought(&self, msg: &Packed) -> Option<RingId> {
        match msg.unpack() {
            Msg::Forward(_, op, _) | Msg::Ask(_, op, _) => self.ops.task(op).map(|task| task.key),
            _ => None,
        }
    }

    fn ticket(&self, msg: &Packed, calls: &Calls<Purpose>) -> Option<u64> {
        let op = match msg.unpack() {
            Msg::Forward(_, op, _)
            | Msg::Answer(_, op)
            | Msg::NoRoute(op)
            | Msg::OwnerSilent(op)
            | Msg::Ask(_, op, _)
            | Msg::Referral(_, op, _) => op,
            Msg::Ack(call) | Msg::AckAt(call) => match calls.purpose(call)? {
                Purpose::Forward { op, .. } => op,
                _ => return None,
            },
            _ => return None,
        };
        self.users_ticket(op)
    }

    fn ticket_of_call(&self, _: NodeIdx, purpose: Purpose) -> Option<u64> {
        match purpose {
            Purpose::Forward { op, .. } | Purpose::Ask(op) => self.users_ticket(op),
            _ => None,
        }
    }

    fn said(&self, msg: &Packed, _: &Parcels) -> Option<Said> {
        let said = match msg.unpack() {
            Msg::Forward(header, ..) => Said::Forward {
                hops: header.hops(),
                as_owner: header.role() == Role::Owner,
            },
            Msg::Ask(header, _, failed) => Said::Ask {
                as_owner: header.role() == Role::Owner,
                failed: failed.some(),
            },
            Msg::Referral(header, _, next) => Said::Referral {
                next,
                as_owner: header.role() == Role::Owner,
            },
            Msg::Ack(_) | Msg::AckAt(_) => Said::Received,
            Msg::Answer(..) => Said::Owner,
            Msg::NoRoute(_) => Said::DeadEnd,
            Msg::OwnerSilent(_) => Said::OwnerSilent,
            _ => return None,
        };
        Some(said)
    }

    fn knows(&self, node: NodeIdx) -> Knowledge {
        let me = self.node(node);
        let fingers = match self.config.routing {
            Routing::Successors => 0..0,
            Routing::Fingers => 0..self.space.bits(),
        };
        Knowledge {
            predecessor: me.predecessor.some(),
            successors: self.list_of(node).to_vec(),
            fingers: fingers.map(|i| self.fingers.get(&me.fingers, i)).collect(),
        }
    }

    fn parcel_width(&self) -> usize {
        // A predecessor and a successor list.
        1 + usize::from(self.config.successors)
    }

    fn reserve(&mut self, nodes: usize) {
        reserve_huge(&mut self.ids, nodes);
        self.nodes.reserve(nodes);
        self.successors.reserve(nodes);
    }

    fn undelivered(&mut self, msg: &Packed, _: &Fx) {
        self.let_go_of_carried(msg);
    }

    fn look_around(&mut self, node: NodeIdx, around: &Around<'_>) {
        self.choose_among_all(node, around);
    }

    fn estimated_round_trip(&self, from: NodeIdx, to: NodeIdx) -> Option<SimDuration> {
        self.estimate_by_coordinates(from, to)
    }

    fn health(&self, members: &Directory) -> Health {
        self.measure_health(members)
    }

    fn ring(&self) -> Option<&dyn RingView> {
        Some(self)
    }
}

impl Chord {
    /// The ticket of the user whose lookup this is.
    fn users_ticket(&self, op: OpIdx) -> Option<u64> {
        match self.ops.get(op)?.kind() {
            OpKind::User(ticket) => Some(ticket),
            OpKind::Finger(_) | OpKind::Join | OpKind::Probe => None,
        }
    }
}

impl Replicas for Chord {
    fn is_member(&self, node: NodeIdx) -> bool {
        self.nodes.get(&self.rows, node).is_some_and(|me| me.member)
    }

    fn own_arc(&self, node: NodeIdx) -> Option<Arc> {
        let me = self.node(node);
        let upto = me.id;
        if !me.member {
            None
        } else if me.list.id().is_none() {
            Some(Arc { after: upto, upto })
        } else {
            let known = me.predecessor.some().map(|_| me.predecessor_id);
            known.map(|after| Arc { after, upto })
        }
    }

    fn predecessor(&self, node: NodeIdx) -> Option<NodeIdx> {
        self.node(node).predecessor.some()
    }

    fn stand_ins(&self, node: NodeIdx) -> &[NodeIdx] {
        self.list_of(node)
    }

    fn send_coordinates(&mut self, node: NodeIdx, call: CallId) -> bool {
        self.tell_coordinates(node, call)
    }

    fn sort_by_distance(
        &mut self,
        node: NodeIdx,
        caller: Option<(NodeIdx, CallId)>,
        nodes: &mut [NodeIdx],
    ) {
        self.sort_by_coordinates(node, caller, nodes);
    }

    fn towards(&self, node: NodeIdx, key: RingId) -> Option<NodeIdx> {
        self.next_hop(node, key, None).map(|hop| hop.to)
    }
}

impl RingView for Chord {
    fn successors(&self, node: NodeIdx) -> &[NodeIdx] {
        match self.nodes.get(&self.rows, node) {
            Some(_) => self.list_of(node),
            None => &[],
        }
    }

    fn list_length(&self) -> u8 {
        self.config.successors
    }
}

impl LookAhead for Chord {
    #[inline]
    fn prefetch(&self, node: NodeIdx, msg: Option<Packed>, fx: &Fx) -> bool {
        self.ask_ahead(node, msg, fx)
    }

    #[inline]
    fn prefetch_second(&self, node: NodeIdx, msg: Option<Packed>, fx: &Fx) -> Outlook {
        self.ask_further(node, msg, fx)
    }

    fn prefetch_third(&self, node: NodeIdx, msg: Packed, fx: &Fx) {
        self.ask_last(node, msg, fx);
    }

    fn prefetch_request(&self, node: NodeIdx, key: RingId) {
        self.ask_route(node, key);
    }
}

impl Chord {
    /// A node does what a message asks of it.
    #[inline]
    fn serve(&mut self, from: NodeIdx, msg: Packed, fx: &mut Fx) {
        if !msg.kind().is_reply && !self.node(fx.node()).member {
            // The node is not on the ring (yet), so it stays silent.
            return;
        }
        match msg.unpack() {
            Msg::Ping(call) => self.on_ping(from, call, fx),
            Msg::Pong(call) | Msg::PongAt(call) => self.on_pong(from, call, fx),
            Msg::GetState(call) => self.on_get_state(from, call, fx),
            Msg::State(call, state) => self.on_state(from, call, state, fx),
            Msg::Busy(call) => self.on_busy(from, call, fx),
            Msg::Notify => self.on_notify(from, fx),
            Msg::SuccessorLeaves(last) => self.on_successor_leaves(from, last.0, fx),
            Msg::PredecessorLeaves(heir) => self.on_predecessor_leaves(from, heir, fx),
            Msg::NewSuccessor(new) => self.on_new_successor(from, new, fx),
            Msg::Forward(header, op, call) => self.on_forward(from, (header, op, call), fx),
            Msg::Ack(call) | Msg::AckAt(call) => {
                self.heed_answer(from, call, fx);
                fx.close_call(call, from);
            }
            Msg::Answer(header, op) => self.on_answer(from, header.hops(), op, fx),
            Msg::NoRoute(op) => self.on_no_route(from, op, fx),
            Msg::OwnerSilent(op) => self.on_silent_owner(from, op, fx),
            Msg::Ask(header, op, failed) => self.on_ask(from, (header, op, failed), fx),
            Msg::Referral(header, op, next) => self.on_referral(from, (header, op, next), fx),
            Msg::Welcome(op, state) => self.on_welcome(from, op, state, fx),
            Msg::JoinLater(op) => self.on_join_later(op, fx),
            Msg::GetNeighbours(call) => self.on_get_neighbours(from, call, fx),
            Msg::Neighbours(call, list) | Msg::NeighboursAt(call, list) => {
                self.on_neighbours(from, (call, list), fx);
            }
        }
    }

    /// The node does something else than a message asks of it. Returns whether it did: nobody deceives itself.
    #[cold]
    fn does_otherwise(&mut self, from: NodeIdx, msg: Packed, deed: Deed, fx: &mut Fx) -> bool {
        if let Deed::Misroute(named) = deed {
            return self.misroute(named, from, msg, fx);
        }
        self.refuse(from, msg, fx);
        true
    }

    /// The node acknowledges but does no more. This makes it harmful: it looks alive, so no sender
    /// goes around it on its own.
    pub(super) fn refuse(&self, from: NodeIdx, msg: Packed, fx: &mut Fx) {
        if let Msg::Forward(_, op, call) = msg.unpack() {
            acknowledge(from, self.ops.task(op).as_ref(), call, fx);
        }
    }

    /// The node is the first member of a new ring.
    fn found(&mut self, fx: &mut Fx) {
        self.reset(fx.node());
        self.node_mut(fx.node()).member = true;
        fx.push(Effect::Joined);
        self.start_timers(false, fx);
    }

    /// Starts the timers of a node that has become a member. A node that has just joined starts
    /// working at once; other nodes start somewhere in their first period.
    pub(super) fn start_timers(&mut self, just_joined: bool, fx: &mut Fx) {
        let fix_fingers = self
            .config
            .fix_fingers_every
            .filter(|_| self.uses_fingers());
        start_timer(self.config.stabilize_every, Timer::Stabilize, fx);
        start_timer(fix_fingers, Timer::FixFingers, fx);
        start_timer(
            self.config.check_predecessor_every,
            Timer::CheckPredecessor,
            fx,
        );
        start_timer(self.config.merge_probe_every, Timer::Probe, fx);
        if just_joined && self.config.stabilize_every.is_some() {
            self.stabilize(fx);
        }
        if just_joined {
            self.fill_fingers(fx);
        }
    }

    /// The node forgets everything but its identifier.
    pub(super) fn reset(&mut self, node: NodeIdx) {
        let me = self.nodes.of_mut(&self.rows, node);
        self.fingers.clear(&mut me.fingers);
        let contact = me.contact;
        let pending_op = me.pending_op.take();
        *me = Node {
            contact,
            ..Node::new(me.id)
        };
        if let Some(op) = pending_op {
            self.ops.remove(op);
        }
        if let Some(proximity) = &mut self.proximity {
            *proximity.nodes.of_mut(&self.rows, node) = Near::default();
        }
    }

    fn on_pong(&mut self, from: NodeIdx, call: CallId, fx: &mut Fx) {
        self.heed_answer(from, call, fx);
        match fx.close_call(call, from).map(|call| call.purpose) {
            Some(Purpose::Rectify(_)) => self.on_old_predecessor_alive(fx),
            Some(Purpose::Measure(entry)) => self.on_measured(entry, None, fx),
            _ => {}
        }
    }

    fn on_answer(&mut self, from: NodeIdx, hops: u32, op: OpIdx, fx: &mut Fx) {
        match self.own_op(op, fx).map(Op::is_iterative) {
            Some(true) => self.on_owner(from, op, fx),
            Some(false) => self.finish(op, from, hops, fx),
            None => {}
        }
    }

    fn on_silent_owner(&mut self, from: NodeIdx, op: OpIdx, fx: &mut Fx) {
        self.on_no_answer(op, fx, |chord, fx| chord.on_owner_silent(from, op, fx));
    }

    fn on_no_route(&mut self, from: NodeIdx, op: OpIdx, fx: &mut Fx) {
        self.on_no_answer(op, fx, |chord, fx| chord.on_dead_end(from, op, fx));
    }

    /// A lookup does not get its answer this way. An iterative one may go another; a recursive one has come to its
    /// end, for only the node that it got stuck at knows where it has been.
    fn on_no_answer(&mut self, op: OpIdx, fx: &mut Fx, otherwise: impl FnOnce(&mut Self, &mut Fx)) {
        match self.own_op(op, fx).map(Op::is_iterative) {
            Some(true) => otherwise(self, fx),
            Some(false) => self.fail(op, fx),
            None => {}
        }
    }
}

/// Sets a timer to go off somewhere in its first period, so that nodes do not act in step.
fn start_timer(period: Option<SimDuration>, timer: Timer, fx: &mut Fx) {
    if let Some(period) = period {
        let phase = period.scaled(fx.rng().random::<f64>());
        fx.timer(phase, timer);
    }
}
