//! Recursive lookups: every node passes the lookup on, and the owner answers the asking node
//! directly. A node that is handed a lookup acknowledges it at once; without an acknowledgement in
//! time the sender takes the next best hop.
//!
//! The same machinery carries the lookups of maintenance (fingers and joins).

use super::calls::{Call, Purpose};
use super::message::{CallId, Leg, Msg, Role, Timer};
use super::ops::{Aim, Op, Task};
use super::{Chord, Fx};
use crate::engine::{NodeIdx, OpIdx, RingId};
use crate::overlay::{Effect, Traffic};
use crate::scenario::resolved::{Defence, LookupMode, Routing};

impl Chord {
    /// A user's lookup begins.
    pub(super) fn start_lookup(&mut self, key: RingId, ticket: u64, fx: &mut Fx) -> OpIdx {
        let op = self.ops.insert(key, fx.node(), Aim::User(ticket));
        if let Defence::Retry { after, .. } = self.defence {
            fx.timer(after, Timer::Retry(op));
        }
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
            // Not on the ring yet: whoever it joins through takes the lookup over.
            self.hand_over(&task, me.contact, Leg::new(Role::Step, 1), fx);
        } else if task.aim() != Aim::Join && self.owns(fx.node(), task.key) {
            self.answer_myself(&task, fx);
        } else {
            let alternative = self.alternative(fx.node(), task.key, attempt);
            match self.config.lookup {
                LookupMode::Recursive => self.pass_on(&task, 0, alternative, fx),
                LookupMode::Iterative => self.ask_next(op, alternative, fx),
            }
        }
    }

    /// The hop after which the `attempt`-th alternative comes: `None` for the best hop itself. Only
    /// nodes before the key are alternatives to each other: past the owner there is none. When they
    /// are used up it begins again with the best. From successor to successor there is one way only.
    fn alternative(&self, node: NodeIdx, key: RingId, attempt: u8) -> Option<NodeIdx> {
        let step = |failed| {
            self.next_hop(node, key, failed)
                .filter(|hop| hop.role == Role::Step)
                .map(|hop| hop.to)
        };
        if self.config.routing == Routing::Successors {
            return None;
        }
        let mut failed = None;
        for _ in 0..attempt {
            failed = step(failed);
        }
        failed.filter(|_| step(failed).is_some())
    }

    /// Passes an operation on to the best next hop (after `failed`); `hops` counts those before.
    pub(super) fn pass_on(&mut self, task: &Task, hops: u32, failed: Option<NodeIdx>, fx: &mut Fx) {
        if !self.ends_at_owner(task.aim()) {
            return self.pass_on_join(task, hops, failed, fx);
        }
        match self.next_hop(fx.node(), task.key, failed) {
            Some(hop) => self.hand_over(task, hop.to, Leg::new(hop.role, hops + 1), fx),
            None if task.origin == fx.node() => self.fail(task.op, fx),
            None => {
                let nothing = Msg::NoRoute(task.op);
                fx.send(task.origin, nothing, traffic_of(task.aim(), false));
            }
        }
    }

    /// Hands an operation to a node and waits for its acknowledgement.
    pub(super) fn hand_over(&mut self, task: &Task, to: NodeIdx, leg: Leg, fx: &mut Fx) {
        let &Task { op, origin, .. } = task;
        let traffic = traffic_of(task.aim(), origin != fx.node());
        let purpose = Purpose::Forward(op);
        self.call(to, purpose, leg.hops() - 1, traffic, fx, |call| {
            Msg::Forward(leg, op, call)
        });
    }

    /// An operation has been handed to this node: it acknowledges that, and sees to it.
    pub(super) fn on_forward(
        &mut self,
        from: NodeIdx,
        (leg, op, call): (Leg, OpIdx, CallId),
        fx: &mut Fx,
    ) {
        let task = self.ops.task(op);
        acknowledge(from, task.as_ref(), call, fx);
        let Some(task) = task else { return };
        if !self.ends_at_owner(task.aim()) {
            return self.pass_on(&task, leg.hops(), None, fx);
        }
        match self.verdict_on(fx.node(), &task, leg.role()) {
            Verdict::Mine => self.answer(&task, leg.hops(), fx),
            Verdict::PassBack(to) => {
                self.hand_over(&task, to, Leg::new(Role::Owner, leg.hops() + 1), fx);
            }
            Verdict::PassOn => self.pass_on(&task, leg.hops(), None, fx),
        }
    }

    /// Whether an operation looks for the owner of its key. A node that joins by the proved protocol
    /// looks for the node before it instead.
    pub(super) fn ends_at_owner(&self, aim: Aim) -> bool {
        aim != Aim::Join || !self.is_proved()
    }

    /// What a node does with a lookup that it has been handed in a role.
    pub(super) fn verdict_on(&self, node: NodeIdx, task: &Task, role: Role) -> Verdict {
        if self.owns(node, task.key) {
            return Verdict::Mine;
        }
        match (role, self.node(node).predecessor.some()) {
            (Role::Step, _) => Verdict::PassOn,
            // The sender did not know of a node that has come between.
            (Role::Owner, Some(predecessor)) if !self.ops.has_struck_out(task.op, predecessor) => {
                Verdict::PassBack(predecessor)
            }
            (Role::Owner, _) => Verdict::Mine,
        }
    }

    /// The node that was handed an operation did not acknowledge it.
    pub(super) fn on_forward_timeout(&mut self, op: OpIdx, call: Call, fx: &mut Fx) {
        let Some(row) = self.ops.get_mut(op) else {
            return;
        };
        row.timeouts += 1;
        self.ops.strike_out_only(op, call.peer);
        let Some(task) = self.ops.task(op) else {
            return;
        };
        let me = self.node(fx.node());
        if !me.member {
            self.fail(op, fx);
        } else if self.ends_at_owner(task.aim())
            && me.predecessor == call.peer
            && !self.owns(fx.node(), task.key)
        {
            // It was passed back, in vain: what the predecessor owned has fallen to this node.
            self.answer(&task, call.hops, fx);
        } else {
            self.pass_on(&task, call.hops, Some(call.peer), fx);
        }
    }

    /// Answers for a key of this node.
    fn answer(&mut self, task: &Task, hops: u32, fx: &mut Fx) {
        if task.origin == fx.node() {
            return self.answer_myself(task, fx);
        }
        claim(task.aim(), task.key, fx);
        let answer = Msg::Answer(Leg::new(Role::Step, hops), task.op);
        fx.send(task.origin, answer, traffic_of(task.aim(), false));
    }

    /// The asking node owns the key itself.
    pub(super) fn answer_myself(&mut self, task: &Task, fx: &mut Fx) {
        claim(task.aim(), task.key, fx);
        self.finish(task.op, fx.node(), 0, fx);
    }

    /// The answer has reached the asking node.
    pub(super) fn finish(&mut self, op: OpIdx, owner: NodeIdx, hops: u32, fx: &mut Fx) {
        let Some(removed) = self.ops.remove(op) else {
            return;
        };
        let timeouts = removed.timeouts;
        match removed.aim() {
            Aim::User(ticket) => {
                fx.push(Effect::Answered {
                    ticket,
                    owner,
                    hops,
                    timeouts,
                });
            }
            Aim::Finger(i) => self.on_finger(u32::from(i), owner, fx),
            Aim::Join => self.join_before(op, owner, fx),
        }
    }

    /// There is nobody left to ask.
    pub(super) fn fail(&mut self, op: OpIdx, fx: &mut Fx) {
        if self.may_be_retried(op) {
            return;
        }
        let Some(removed) = self.ops.remove(op) else {
            return;
        };
        let timeouts = removed.timeouts;
        match removed.aim() {
            Aim::User(ticket) => fx.push(Effect::Failed { ticket, timeouts }),
            Aim::Finger(_) => self.finger_failed(fx),
            Aim::Join => self.join_failed(fx),
        }
    }

    fn may_be_retried(&self, op: OpIdx) -> bool {
        let attempts = match self.defence {
            Defence::None => 0,
            Defence::Retry { attempts, .. } => attempts,
        };
        let retried = |op: &Op| matches!(op.aim(), Aim::User(_)) && op.attempt < attempts;
        self.ops.get(op).is_some_and(retried)
    }

    /// An operation that is not over, if the node asks it. Names are used again after some thousand
    /// others, which can be sooner than a timer of half a minute goes off.
    pub(super) fn own_op(&self, op: OpIdx, fx: &Fx) -> Option<&Op> {
        self.ops.get(op).filter(|row| row.origin == fx.node())
    }

    /// No answer in time: start again by another way.
    pub(super) fn on_retry(&mut self, op: OpIdx, fx: &mut Fx) {
        let Defence::Retry { after, attempts } = self.defence else {
            return;
        };
        if self.own_op(op, fx).is_none() {
            return;
        }
        let Some(row) = self.ops.get_mut(op) else {
            return;
        };
        row.attempt += 1;
        row.hops = 0;
        if row.attempt < attempts {
            fx.timer(after, Timer::Retry(op));
        }
        self.ops.start_again(op);
        self.begin(op, fx);
    }
}

/// What a node does with a lookup.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// It answers.
    Mine,
    /// It hands it to its predecessor, which owns the key.
    PassBack(NodeIdx),
    /// It hands it on towards the key.
    PassOn,
}

/// Tells the node that handed an operation over that it has arrived.
pub(super) fn acknowledge(from: NodeIdx, task: Option<&Task>, call: CallId, fx: &mut Fx) {
    let aim = task.map_or(Aim::Join, Task::aim);
    fx.send(from, Msg::Ack(call), traffic_of(aim, false));
}

/// The node answers for a key; a user's lookup is judged by who owns the key at this moment.
pub(super) fn claim(aim: Aim, key: RingId, fx: &mut Fx) {
    if let Aim::User(ticket) = aim {
        fx.push(Effect::Claims { ticket, key });
    }
}

/// On whose account a message of an operation travels.
pub(super) fn traffic_of(aim: Aim, for_another: bool) -> Traffic {
    match aim {
        Aim::User(_) if for_another => Traffic::Forwarded,
        Aim::User(_) => Traffic::Lookup,
        Aim::Finger(_) | Aim::Join => Traffic::Maintenance,
    }
}
