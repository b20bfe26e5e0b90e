//! Iterative lookups: the asking node itself asks every node on the way. Each node names the next one,
//! and the owner says that it is the owner. When a node does not answer, the node that named it is
//! asked for the next best.
//!
//! Where the asking node thinks ill of a node that it is to ask, it goes on as if that one had been silent, without asking it.
//! The owner of the key is no such node: nobody else can answer for it.

use super::lookup::{RouteDecision, claim, traffic_of};
use super::message::{HopHeader, Msg, Role};
use super::ops::{Op, OpKind};
use super::{Chord, Fx, Purpose};
use crate::overlay::{Call, Effect, Service};
use crate::world::{NodeIdx, OpIdx};

impl Chord {
    /// Asks the best next hop that the asking node knows itself (after `failed`).
    pub(super) fn ask_next(&mut self, op: OpIdx, failed: Option<NodeIdx>, fx: &mut Fx) {
        match self.next_hop_of(op, fx.node(), failed) {
            Some(hop) => self.ask(op, hop.to, hop.role, NodeIdx::NONE, fx),
            None => self.nobody_is_asked(op, fx),
        }
    }

    fn ask(&mut self, op: OpIdx, to: NodeIdx, role: Role, failed: NodeIdx, fx: &mut Fx) {
        if failed.some().is_none() && self.is_shunned(op, to, role, fx) {
            return self.go_around(op, to, role, fx);
        }
        let Some(row) = self.ops.get(op) else {
            return;
        };
        let (kind, hops) = (row.kind(), row.hops);
        let header = HopHeader::new(role, hops);
        let traffic = traffic_of(kind, false);
        let ask = |_| Msg::Ask(header, op, failed);
        let call = fx.call(to, Purpose::Ask(op), traffic, ask);
        if let Some(row) = self.ops.get_mut(op) {
            row.call = call;
        }
    }

    /// Whether a node is not asked for a user's lookup, because the asking node thinks ill of it.
    fn is_shunned(&self, op: OpIdx, to: NodeIdx, role: Role, fx: &Fx) -> bool {
        let is_users = |op| matches!(self.ops.get(op).map(Op::kind), Some(OpKind::User(_)));
        let may_ask = || fx.asks_anyway() && (role == Role::Owner || self.ops.takes_all(op));
        fx.thinks_ill_of(to) && is_users(op) && !may_ask()
    }

    /// Asks somebody else in place of a node that is shunned.
    #[cold]
    fn go_around(&mut self, op: OpIdx, shunned: NodeIdx, role: Role, fx: &mut Fx) {
        self.ops.shun(op, shunned);
        if role == Role::Owner {
            return self.nobody_is_asked(op, fx);
        }
        match self.ops.path(op).and_then(|path| path.last().copied()) {
            Some(last) => self.ask(op, last, Role::Step, shunned, fx),
            None => self.ask_next(op, Some(shunned), fx),
        }
    }

    /// There is nobody left to ask, but perhaps some that the asking node has gone around.
    fn nobody_is_asked(&mut self, op: OpIdx, fx: &mut Fx) {
        if !self.ops.has_shunned(op) {
            return self.fail(op, fx);
        }
        if fx.asks_anyway() && !self.ops.takes_all(op) {
            self.ops.take_all(op);
            return self.ask_next(op, None, fx);
        }
        if let Some(OpKind::User(ticket)) = self.ops.get(op).map(Op::kind) {
            fx.push(Effect::Shunned { ticket });
        }
        self.fail(op, fx);
    }

    /// Another node asks this one for its next hop, or for the next best one after the hop that
    /// `failed`.
    pub(super) fn on_ask(
        &mut self,
        from: NodeIdx,
        (header, op, failed): (HopHeader, OpIdx, NodeIdx),
        fx: &mut Fx,
    ) {
        let Some(task) = self.ops.task(op) else {
            return;
        };
        let (key, kind) = (task.key, task.kind());
        let decision = match failed.some() {
            None => self.decide(fx.node(), &task, header.role()),
            // This node had passed the lookup back to its predecessor. If that is dead, it inherits the key.
            Some(failed) if self.node(fx.node()).predecessor == failed => {
                if !self.inherits_from(fx.node(), failed) {
                    return fx.send(from, Msg::OwnerSilent(op), traffic_of(kind, false));
                }
                RouteDecision::Mine
            }
            Some(_) => RouteDecision::PassOn,
        };
        let next = match decision {
            RouteDecision::Mine => {
                claim(kind, key, fx);
                return fx.send(from, Msg::Answer(header, op), traffic_of(kind, false));
            }
            RouteDecision::PassBack(to) => Some((to, Role::Owner)),
            RouteDecision::PassOn => self
                .next_hop_of(op, fx.node(), failed.some())
                .map(|hop| (hop.to, hop.role)),
        };
        match next {
            Some((to, role)) => {
                let referral = Msg::Referral(HopHeader::new(role, 0), op, to);
                fx.send(from, referral, traffic_of(kind, true));
            }
            None => fx.send(from, Msg::NoRoute(op), traffic_of(kind, false)),
        }
    }

    /// A node that was asked names the next one.
    pub(super) fn on_referral(
        &mut self,
        from: NodeIdx,
        (header, op, next): (HopHeader, OpIdx, NodeIdx),
        fx: &mut Fx,
    ) {
        if !self.answered_by(from, op, Service::PassOn, fx) {
            return;
        }
        if next == fx.node() {
            return self.take_for_owner(op, fx);
        }
        self.ask(op, next, header.role(), NodeIdx::NONE, fx);
    }

    /// The other nodes take the asking node for the owner. It decides as any node does that is handed a lookup
    /// in this role.
    fn take_for_owner(&mut self, op: OpIdx, fx: &mut Fx) {
        let Some(task) = self.ops.task(op) else {
            return;
        };
        match self.decide(fx.node(), &task, Role::Owner) {
            RouteDecision::PassBack(to) if !self.ops.has_struck_out(op, to) => {
                self.ask(op, to, Role::Owner, NodeIdx::NONE, fx);
            }
            RouteDecision::Mine => self.answer_myself(&task, fx),
            RouteDecision::PassBack(_) | RouteDecision::PassOn => self.fail(op, fx),
        }
    }

    /// The owner of the key does not answer the node that would inherit it.
    pub(super) fn on_owner_silent(&mut self, from: NodeIdx, op: OpIdx, fx: &mut Fx) {
        if self.answered_by(from, op, Service::PassOn, fx) {
            self.fail(op, fx);
        }
    }

    /// The owner has answered the asking node.
    pub(super) fn on_owner(&mut self, from: NodeIdx, op: OpIdx, fx: &mut Fx) {
        if self.answered_by(from, op, Service::Answer, fx) {
            let hops = self.ops.get(op).map_or(0, |op| op.hops);
            self.finish(op, from, hops, fx);
        }
    }

    /// The node that was asked knows no other node: back to the node before it.
    pub(super) fn on_dead_end(&mut self, from: NodeIdx, op: OpIdx, fx: &mut Fx) {
        if self.answered_by(from, op, Service::PassOn, fx) {
            if let Some(path) = self.ops.path(op) {
                path.pop();
            }
            self.ask_again(op, from, fx);
        }
    }

    /// The node that was asked did not answer.
    pub(super) fn on_ask_timeout(&mut self, op: OpIdx, call: Call<Purpose>, fx: &mut Fx) {
        let Some(row) = self.ops.get_mut(op) else {
            return;
        };
        if row.call != call.id {
            // The lookup has been started again since, and goes another way. Answers to this call were
            // not listened to any more: whether the node answered is not known, and nobody waited for it.
            return;
        }
        row.timeouts += 1;
        self.note_service(op, call.peer, Service::PassOn, false, fx);
        self.ops.strike_out(op, call.peer);
        if let Some(path) = self.ops.path(op)
            && path.last() == Some(&call.peer)
        {
            path.pop();
        }
        self.ask_again(op, call.peer, fx);
    }

    /// Asks the last node that answered for another next hop than `failed`; without one the asking
    /// node looks into its own tables.
    fn ask_again(&mut self, op: OpIdx, failed: NodeIdx, fx: &mut Fx) {
        match self.ops.path(op).and_then(|path| path.last().copied()) {
            Some(last) => self.ask(op, last, Role::Step, failed, fx),
            // Past the predecessor there is none but the asking node itself.
            None if self.node(fx.node()).predecessor == failed => self.take_for_owner(op, fx),
            None => self.ask_next(op, Some(failed), fx),
        }
    }

    /// Notes that a node has answered. Returns false if its answer is not waited for (any more).
    fn answered_by(&mut self, from: NodeIdx, op: OpIdx, with: Service, fx: &mut Fx) -> bool {
        let Some(row) = self.ops.get(op) else {
            return false;
        };
        if fx.close_call(row.call, from).is_none() {
            return false;
        }
        self.note_service(op, from, with, true, fx);
        if let Some(path) = self.ops.path(op)
            && path.last() != Some(&from)
        {
            path.push(from);
            if let Some(row) = self.ops.get_mut(op) {
                row.hops += 1;
            }
        }
        true
    }

    /// A node was asked for a user's lookup, and has answered or not.
    fn note_service(&self, op: OpIdx, of: NodeIdx, service: Service, served: bool, fx: &mut Fx) {
        if fx.remembers()
            && let Some(OpKind::User(_)) = self.ops.get(op).map(Op::kind)
        {
            fx.experienced(of, service, served);
        }
    }
}
