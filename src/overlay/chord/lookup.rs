//! Recursive lookups: every node passes the lookup on, and the owner answers the asking node
//! directly. A node that receives a lookup acknowledges it at once. If no acknowledgement comes in
//! time, the sender takes the next best hop.
//!
//! The same machinery carries the lookups of maintenance (fingers and joins).

use std::iter;

use super::message::{HopHeader, Msg, Role};
use super::ops::{Op, OpKind, Task};
use super::{Chord, Fx, Purpose};
use crate::overlay::{Attempt, Effect, Request, Traffic};
use crate::scenario::resolved::{LookupMode, Routing};
use crate::world::{CallId, NodeIdx, OpIdx, RingId};

impl Chord {
    /// A user's lookup begins, or begins again by another way.
    pub(super) fn start_lookup(&mut self, request: Request, fx: &mut Fx) -> OpIdx {
        let op = match request.attempt {
            Attempt::First => {
                let kind = OpKind::User(request.ticket);
                self.ops.insert(request.key, fx.node(), kind, fx.now())
            }
            Attempt::Beside { number } => {
                let kind = OpKind::User(request.ticket);
                let op = self.ops.insert(request.key, fx.node(), kind, fx.now());
                self.ops.start_again(op, number.into());
                op
            }
            Attempt::Again { op, number } => {
                self.ops.start_again(op, number);
                op
            }
        };
        self.begin(op, fx);
        op
    }

    /// Takes the first step of an operation at the node that asks.
    pub(super) fn begin(&mut self, op: OpIdx, fx: &mut Fx) {
        let Some(task) = self.ops.task(op) else {
            return;
        };
        let attempt = self.ops.get(op).map_or(0, |op| op.attempt);
        let me = self.node(fx.node());
        if !me.member {
            // The node is not on the ring yet: the contact through which it joins takes the lookup
            // over, if it has one.
            match me.contact.some() {
                Some(contact) => hand_over(&task, contact, HopHeader::new(Role::Step, 1), fx),
                None => self.fail(op, fx),
            }
        } else if task.kind() != OpKind::Join && self.owns(fx.node(), task.key) {
            self.answer_myself(&task, fx);
        } else {
            let alternative = self.alternative(fx.node(), task.key, attempt);
            match self.config.lookup {
                LookupMode::Recursive => self.pass_on(&task, 0, alternative, fx),
                LookupMode::Iterative => self.ask_next(op, alternative, fx),
            }
        }
    }

    /// The node that an attempt of a member's user asks first.
    pub(super) fn first_of(&self, node: NodeIdx, key: RingId, attempt: u8) -> Option<NodeIdx> {
        if !self.node(node).member || self.owns(node, key) {
            return None;
        }
        let alternative = self.alternative(node, key, attempt.into());
        self.next_hop(node, key, alternative).map(|hop| hop.to)
    }

    /// The hop after which the `attempt`-th alternative comes; `None` for the best hop itself. Only
    /// nodes before the key are alternatives to each other: past the owner there is none. When all
    /// are used up, the best hop is next again. From successor to successor there is one way only.
    fn alternative(&self, node: NodeIdx, key: RingId, attempt: u16) -> Option<NodeIdx> {
        if self.config.routing == Routing::Successors {
            return None;
        }
        let step = |failed| self.step_after(node, key, failed);
        let mut failed = None;
        for _ in 0..attempt {
            failed = step(failed);
        }
        failed.filter(|_| step(failed).is_some())
    }

    /// The best next hop (after `failed`) that lies before the key.
    fn step_after(&self, node: NodeIdx, key: RingId, failed: Option<NodeIdx>) -> Option<NodeIdx> {
        let hop = self.next_hop(node, key, failed)?;
        (hop.role == Role::Step).then_some(hop.to)
    }

    /// How many alternatives there are for the first hop of a lookup, up to `most`.
    pub(super) fn count_ways(&self, node: NodeIdx, key: RingId, most: u8) -> u8 {
        let one_way = self.config.routing == Routing::Successors;
        if one_way || !self.node(node).member || self.owns(node, key) {
            return 1;
        }
        let first = self.step_after(node, key, None);
        let steps = iter::successors(first, |last| self.step_after(node, key, Some(*last)));
        (steps.take(most.into()).count() as u8).max(1)
    }

    /// Passes an operation on to the best next hop (after `failed`); `hops` counts the hops so far.
    pub(super) fn pass_on(&mut self, task: &Task, hops: u32, failed: Option<NodeIdx>, fx: &mut Fx) {
        if !self.ends_at_owner(task.kind()) {
            return self.pass_on_join(task, hops, failed, fx);
        }
        match self.next_hop(fx.node(), task.key, failed) {
            Some(hop) => hand_over(task, hop.to, HopHeader::new(hop.role, hops + 1), fx),
            None if task.origin == fx.node() => self.fail(task.op, fx),
            None => {
                let nothing = Msg::NoRoute(task.op);
                fx.send(task.origin, nothing, traffic_of(task.kind(), false));
            }
        }
    }

    /// An operation has been handed to this node. The node acknowledges it, and then acts on it.
    pub(super) fn on_forward(
        &mut self,
        from: NodeIdx,
        (header, op, call): (HopHeader, OpIdx, CallId),
        fx: &mut Fx,
    ) {
        let task = self.ops.task(op);
        self.receipt(from, task.as_ref(), call, fx);
        let Some(task) = task else { return };
        if !self.ends_at_owner(task.kind()) {
            return self.pass_on(&task, header.hops(), None, fx);
        }
        match self.decide(fx.node(), &task, header.role()) {
            RouteDecision::Mine => self.answer(&task, header.hops(), fx),
            RouteDecision::PassBack(to) => {
                hand_over(
                    &task,
                    to,
                    HopHeader::new(Role::Owner, header.hops() + 1),
                    fx,
                );
            }
            RouteDecision::PassOn => self.pass_on(&task, header.hops(), None, fx),
        }
    }

    /// Acknowledges an operation, with this node's coordinates if nodes have any.
    #[inline]
    pub(super) fn receipt(
        &mut self,
        from: NodeIdx,
        task: Option<&Task>,
        call: CallId,
        fx: &mut Fx,
    ) {
        if self.proximity.is_some() && self.tell_coordinates(fx.node(), call) {
            let kind = task.map_or(OpKind::Join, Task::kind);
            return fx.send(from, Msg::AckAt(call), traffic_of(kind, false));
        }
        acknowledge(from, task, call, fx);
    }

    /// Whether an operation looks for the owner of its key. A node that joins by the proved protocol
    /// looks for the node before the key instead.
    pub(super) fn ends_at_owner(&self, kind: OpKind) -> bool {
        kind != OpKind::Join || !self.is_proved()
    }

    /// What a node does with a lookup that was handed to it in this role.
    pub(super) fn decide(&self, node: NodeIdx, task: &Task, role: Role) -> RouteDecision {
        if self.owns(node, task.key) {
            return RouteDecision::Mine;
        }
        match (role, self.node(node).predecessor.some()) {
            (Role::Step, _) => RouteDecision::PassOn,
            (Role::Owner, Some(predecessor))
                if self.ops.has_struck_out(task.op, predecessor)
                    && self.inherits_from(node, predecessor) =>
            {
                RouteDecision::Mine
            }
            // The sender did not know a node that lies between.
            (Role::Owner, Some(predecessor)) => RouteDecision::PassBack(predecessor),
            (Role::Owner, None) => RouteDecision::Mine,
        }
    }

    /// The node that was handed an operation did not acknowledge it.
    pub(super) fn on_forward_timeout(
        &mut self,
        (op, hops): (OpIdx, u32),
        silent: NodeIdx,
        fx: &mut Fx,
    ) {
        let Some(row) = self.ops.get_mut(op) else {
            return;
        };
        row.timeouts += 1;
        self.ops.strike_out_only(op, silent);
        let Some(task) = self.ops.task(op) else {
            return;
        };
        let me = self.node(fx.node());
        let is_own_probe = task.kind() == OpKind::Probe && task.origin == fx.node();
        if !me.member || is_own_probe {
            self.fail(op, fx);
        } else if self.ends_at_owner(task.kind())
            && me.predecessor == silent
            && !self.owns(fx.node(), task.key)
        {
            // Past the predecessor there is none but this node itself.
            if self.inherits_from(fx.node(), silent) {
                self.answer(&task, hops, fx);
            } else {
                self.owner_is_silent(&task, fx);
            }
        } else {
            self.pass_on(&task, hops, Some(silent), fx);
        }
    }

    /// The owner of the key is this node's predecessor, which cannot be reached.
    fn owner_is_silent(&mut self, task: &Task, fx: &mut Fx) {
        if task.origin == fx.node() {
            return self.fail(task.op, fx);
        }
        let traffic = traffic_of(task.kind(), false);
        fx.send(task.origin, Msg::OwnerSilent(task.op), traffic);
    }

    /// Answers for a key of this node.
    pub(super) fn answer(&mut self, task: &Task, hops: u32, fx: &mut Fx) {
        if task.origin == fx.node() {
            return self.answer_myself(task, fx);
        }
        claim(task.kind(), task.key, fx);
        let answer = Msg::Answer(HopHeader::new(Role::Step, hops), task.op);
        fx.send(task.origin, answer, traffic_of(task.kind(), false));
    }

    /// The asking node owns the key itself.
    pub(super) fn answer_myself(&mut self, task: &Task, fx: &mut Fx) {
        claim(task.kind(), task.key, fx);
        self.finish(task.op, fx.node(), 0, fx);
    }

    /// The answer has reached the asking node.
    pub(super) fn finish(&mut self, op: OpIdx, owner: NodeIdx, hops: u32, fx: &mut Fx) {
        let Some(removed) = self.ops.remove(op) else {
            return;
        };
        let timeouts = removed.timeouts;
        match removed.kind() {
            OpKind::User(ticket) => {
                fx.push(Effect::Answered {
                    ticket,
                    owner,
                    hops,
                    timeouts,
                });
            }
            OpKind::Finger(i) => self.on_finger(op, u32::from(i), owner, fx),
            OpKind::Join => self.join_before(op, owner, fx),
            OpKind::Probe => self.on_probe_answer(owner, fx),
        }
    }

    /// There is no node left to ask. A user's lookup stays, because it may be started again.
    pub(super) fn fail(&mut self, op: OpIdx, fx: &mut Fx) {
        let Some(row) = self.ops.get(op) else {
            return;
        };
        let timeouts = row.timeouts;
        match row.kind() {
            OpKind::User(ticket) => fx.push(Effect::Failed {
                ticket,
                op,
                timeouts,
            }),
            OpKind::Finger(_) => {
                self.ops.remove(op);
                self.finger_failed(op, fx);
            }
            OpKind::Join => {
                self.ops.remove(op);
                self.join_failed(fx);
            }
            OpKind::Probe => {
                self.ops.remove(op);
            }
        }
    }

    /// An operation that is not over, if this node asks it. Names are used again after some thousand
    /// other operations, which can be sooner than a timer of half a minute goes off.
    pub(super) fn own_op(&self, op: OpIdx, fx: &Fx) -> Option<&Op> {
        self.ops.get(op).filter(|row| row.origin == fx.node())
    }
}

/// What a node does with a lookup.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum RouteDecision {
    /// The node answers.
    Mine,
    /// The node hands the lookup to its predecessor, which owns the key.
    PassBack(NodeIdx),
    /// The node hands the lookup on towards the key.
    PassOn,
}

/// Hands an operation to a node and waits for its acknowledgement.
pub(super) fn hand_over(task: &Task, to: NodeIdx, header: HopHeader, fx: &mut Fx) {
    let &Task { op, origin, .. } = task;
    let traffic = traffic_of(task.kind(), origin != fx.node());
    let hops = header.hops() - 1;
    if fx.remembers()
        && origin == fx.node()
        && let OpKind::User(ticket) = task.kind()
    {
        fx.entrusts(ticket, op, to);
    }
    fx.call(to, Purpose::Forward { op, hops }, traffic, |call| {
        Msg::Forward(header, op, call)
    });
}

/// Acknowledges an operation to the node that handed it over.
pub(super) fn acknowledge(from: NodeIdx, task: Option<&Task>, call: CallId, fx: &mut Fx) {
    let kind = task.map_or(OpKind::Join, Task::kind);
    fx.send(from, Msg::Ack(call), traffic_of(kind, false));
}

/// The node answers for a key. A user's lookup is judged by who owns the key at this moment.
pub(super) fn claim(kind: OpKind, key: RingId, fx: &mut Fx) {
    if let OpKind::User(ticket) = kind {
        fx.push(Effect::Claims { ticket, key });
    }
}

/// On whose account a message of an operation travels.
pub(super) fn traffic_of(kind: OpKind, for_another: bool) -> Traffic {
    match kind {
        OpKind::User(_) if for_another => Traffic::Forwarded,
        OpKind::User(_) => Traffic::Lookup,
        OpKind::Finger(_) | OpKind::Join | OpKind::Probe => Traffic::Maintenance,
    }
}
