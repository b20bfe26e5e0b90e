//! Who handles what: the table of contents of the protocol.

use rand::RngExt as _;

use super::calls::{Call, Purpose};
use super::lookup::{Verdict, acknowledge};
use super::message::{CallId, Msg, Packed, Timer};
use super::ops::Op;
use super::{Chord, Fx, Node};
use crate::engine::{Epoch, NodeIdx, OpIdx, RingId, SimDuration, SimTime, reserve_huge};
use crate::overlay::{Effect, Health, Oracle, Outlook, Overlay, Service, Traffic};

impl Overlay for Chord {
    type Msg = Packed;
    type Timer = Timer;

    fn reserve(&mut self, nodes: usize) {
        reserve_huge(&mut self.ids, nodes);
        reserve_huge(&mut self.nodes, nodes);
        self.successors.reserve(nodes);
    }

    fn add_node(&mut self, id: RingId) {
        self.ids.push(id);
        self.nodes.push(Node::new(id));
        self.successors.add_node();
    }

    fn id(&self, node: NodeIdx) -> RingId {
        self.node(node).id
    }

    fn converge(&mut self, members: &[(RingId, NodeIdx)]) {
        self.write_converged(members);
    }

    fn start(&mut self, fx: &mut Fx) {
        self.start_timers(false, fx);
    }

    fn found(&mut self, fx: &mut Fx) {
        self.reset(fx.node());
        self.node_mut(fx.node()).member = true;
        fx.push(Effect::Joined);
        self.start_timers(false, fx);
    }

    fn join(&mut self, via: NodeIdx, fx: &mut Fx) {
        self.start_join(via, fx);
    }

    fn leave(&mut self, fx: &mut Fx) {
        self.say_goodbye(fx);
    }

    fn remove(&mut self, node: NodeIdx) {
        self.reset(node);
    }

    fn request(&mut self, key: RingId, ticket: u64, fx: &mut Fx) -> OpIdx {
        self.start_lookup(key, ticket, fx)
    }

    fn forget(&mut self, op: OpIdx) -> u32 {
        self.ops.remove(op).map_or(0, |op| op.timeouts)
    }

    fn on_message(&mut self, from: NodeIdx, msg: Packed, fx: &mut Fx) {
        let packed = msg;
        let msg = packed.unpack();
        if !is_reply(&msg) && !self.node(fx.node()).member {
            // Not on the ring (yet): to the others it is as if the node were not there.
            return self.discard(packed);
        }
        match msg {
            Msg::Ping(call) => fx.send(from, Msg::Pong(call), Traffic::Maintenance),
            Msg::Pong(call) => self.on_pong(from, call, fx),
            Msg::GetState(call) => self.on_get_state(from, call, fx),
            Msg::State(call, snapshot) => self.on_state(from, call, snapshot, fx),
            Msg::Busy(call) => self.on_busy(from, call, fx),
            Msg::Notify => self.on_notify(from, fx),
            Msg::SuccessorLeaves(last) => self.on_successor_leaves(from, last, fx),
            Msg::PredecessorLeaves(heir) => self.on_predecessor_leaves(from, heir, fx),
            Msg::NewSuccessor(new) => self.on_new_successor(from, new, fx),
            Msg::Forward(leg, op, call) => self.on_forward(from, (leg, op, call), fx),
            Msg::Ack(call) => {
                self.calls.answer(call, fx.node(), from);
            }
            Msg::Answer(leg, op) => self.on_answer(from, leg.hops(), op, fx),
            Msg::NoRoute(op) => self.on_no_route(from, op, fx),
            Msg::Ask(leg, op, failed) => self.on_ask(from, (leg, op, failed), fx),
            Msg::Referral(leg, op, next) => self.on_referral(from, (leg, op, next), fx),
            Msg::Welcome(op, snapshot) => self.on_welcome(from, op, snapshot, fx),
            Msg::JoinLater(op) => self.on_join_later(op, fx),
        }
    }

    fn on_refused(&mut self, from: NodeIdx, msg: Packed, fx: &mut Fx) {
        // It looks alive, which is what makes it harmful: nobody goes around it by itself.
        if let Msg::Forward(_, op, call) = msg.unpack() {
            acknowledge(from, self.ops.task(op).as_ref(), call, fx);
        }
    }

    fn discard(&mut self, msg: Packed) {
        if let Msg::State(_, snapshot) | Msg::Welcome(_, snapshot) = msg.unpack() {
            self.snapshots.release(snapshot);
        }
    }

    fn next_deadline(&mut self) -> Option<SimTime> {
        self.calls.next_deadline()
    }

    fn pop_deadline(&mut self) -> Option<(NodeIdx, Epoch, Timer)> {
        let (node, epoch, call) = self.calls.pop_deadline()?;
        Some((node, epoch, Timer::Call(call)))
    }

    fn on_timer(&mut self, timer: Timer, fx: &mut Fx) {
        match timer {
            Timer::Join(op) => self.on_join_timer(op, fx),
            Timer::Retry(op) => self.on_retry(op, fx),
            Timer::Call(id) => {
                if let Some(call) = self.calls.expire(id, fx.node()) {
                    self.on_call_timeout(id, call, fx);
                }
            }
            // A node that lost the ring lets its timers run out; joining starts new ones.
            _ if !self.node(fx.node()).member => {}
            Timer::Stabilize => self.on_stabilize_timer(fx),
            Timer::StabilizeOnce => {
                self.node_mut(fx.node()).expecting = false;
                self.stabilize(fx);
            }
            Timer::FixFingers => self.on_fix_timer(fx),
            Timer::CheckPredecessor => self.on_check_timer(fx),
        }
    }

    fn service(&self, node: NodeIdx, msg: &Packed) -> Service {
        let (Msg::Forward(leg, op, _) | Msg::Ask(leg, op, _)) = msg.unpack() else {
            return Service::Maintain;
        };
        match self.ops.task(op) {
            // To let a node join right after itself is part of keeping its own links.
            Some(task) if !self.ends_at_owner(task.aim()) => {
                if self.is_place_to_join(node, task.key) {
                    Service::Maintain
                } else {
                    Service::PassOn
                }
            }
            Some(task) => match self.verdict_on(node, &task, leg.role()) {
                Verdict::PassOn | Verdict::PassBack(_) => Service::PassOn,
                Verdict::Mine => Service::Answer,
            },
            None => Service::Maintain,
        }
    }

    #[inline]
    fn bytes(&self, msg: Packed) -> u32 {
        self.size_of(msg)
    }

    #[inline]
    fn prefetch(&self, node: NodeIdx, msg: Option<Packed>) -> bool {
        self.ask_ahead(node, msg)
    }

    #[inline]
    fn prefetch_second(&self, node: NodeIdx, msg: Option<Packed>) -> Outlook {
        self.ask_further(node, msg)
    }

    fn prefetch_third(&self, node: NodeIdx, msg: Packed) {
        self.ask_last(node, msg);
    }

    fn prefetch_request(&self, node: NodeIdx, key: RingId) {
        self.ask_route(node, key);
    }

    fn successor_list(&self, node: NodeIdx) -> &[NodeIdx] {
        self.successors(node)
    }

    fn suspects(&self, timer: &Timer) -> Option<NodeIdx> {
        match timer {
            Timer::Call(id) => self.calls.waiting_for(*id),
            _ => None,
        }
    }

    fn name_of_message(&self, msg: &Packed) -> &'static str {
        msg.unpack().name()
    }

    fn name_of_timer(&self, timer: &Timer) -> &'static str {
        timer.name()
    }

    fn health(&self, oracle: &Oracle) -> Health {
        self.measure_health(oracle)
    }
}

impl Chord {
    /// The timers of a node that has become a member; one that has just joined starts working at
    /// once, others somewhere in their first period.
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
        if just_joined && self.config.stabilize_every.is_some() {
            self.stabilize(fx);
        }
        if just_joined {
            self.fill_fingers(fx);
        }
    }

    /// Forgets everything but the identifier.
    pub(super) fn reset(&mut self, node: NodeIdx) {
        let me = &mut self.nodes[node.at()];
        self.fingers.clear(&mut me.fingers);
        let contact = me.contact;
        let errand = me.errand.take();
        *me = Node {
            contact,
            ..Node::new(me.id)
        };
        if let Some(op) = errand {
            self.ops.remove(op);
        }
    }

    fn on_pong(&mut self, from: NodeIdx, call: CallId, fx: &mut Fx) {
        if let Some(Call {
            purpose: Purpose::Rectify(_),
            ..
        }) = self.calls.answer(call, fx.node(), from)
        {
            self.on_old_predecessor_alive(fx);
        }
    }

    fn on_answer(&mut self, from: NodeIdx, hops: u32, op: OpIdx, fx: &mut Fx) {
        match self.own_op(op, fx).map(Op::is_iterative) {
            Some(true) => self.on_owner(from, op, fx),
            Some(false) => self.finish(op, from, hops, fx),
            None => {}
        }
    }

    fn on_no_route(&mut self, from: NodeIdx, op: OpIdx, fx: &mut Fx) {
        match self.own_op(op, fx).map(Op::is_iterative) {
            Some(true) => self.on_dead_end(from, op, fx),
            Some(false) => self.fail(op, fx),
            None => {}
        }
    }

    fn on_call_timeout(&mut self, id: CallId, call: Call, fx: &mut Fx) {
        match call.purpose {
            Purpose::AskSuccessor => self.on_successor_dead(call.peer, fx),
            Purpose::AskBetween => self.on_between_dead(fx),
            Purpose::CheckPredecessor => self.on_predecessor_dead(call.peer, fx),
            Purpose::CheckEntry => self.without_successor(call.peer, fx),
            Purpose::Rectify(claimant) => {
                self.on_old_predecessor_dead(call.peer, claimant, fx);
            }
            Purpose::Forward(op) => self.on_forward_timeout(op, call, fx),
            Purpose::Ask(op) => self.on_ask_timeout(op, (id, call.peer), fx),
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

/// Whether a message answers something that the receiver asked before it was a member.
fn is_reply(msg: &Msg) -> bool {
    matches!(
        msg,
        Msg::Ack(_)
            | Msg::Answer(..)
            | Msg::NoRoute(_)
            | Msg::Referral(..)
            | Msg::Welcome(..)
            | Msg::JoinLater(_)
    )
}
