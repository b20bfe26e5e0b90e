//! `maintenance = "zave2017"`: the protocol that was proved correct (Zave, "Reasoning about identifier
//! spaces: how to make Chord correct", IEEE TSE 43(12), 2017, and her Alloy model of August 2016;
//! operations have the names used there). What the three protocols share is in [`super::stabilize`]; the
//! operation *Join* is in [`super::join`].
//!
//! 1. *Stabilise from successor*: ask the successor s for its predecessor and list. If s is dead, drop
//!    it and notify the next successor. If s answers, the own list becomes s followed by s's list. If s's
//!    predecessor lies between, go on with step 2, else notify s.
//! 2. *Stabilise from predecessor* of the successor, p: ask p, too, *before* believing in it. If p is
//!    dead, change nothing and notify the successor. If p answers, the own list becomes p followed by p's
//!    list; notify p.
//! 3. *Rectify* on a notification from n: if n lies between predecessor and self, n is the new
//!    predecessor, without asking the old one. Otherwise ask the old predecessor whether it lives; if it
//!    does not, n takes its place.
//! 4. A node that waits for an answer which may change its state answers no question about its state: it
//!    says that it is *busy*. It still answers pings.
//!
//! Why that is correct: a list is only ever taken over whole, from a node that has just answered. So no
//! list skips a node on which others have come to rely (a *principal*, see [`crate::observe`] on
//! audits). The published protocols break this rule: they put a node that was never asked at the head of
//! a list, and they let nodes join with a successor alone.
//!
//! The paper leaves timing free. Here:
//!
//! * step 2 is repeated at once while the answer names a node that lies closer still. This equals two
//!   rounds with nothing to wait for in between, less a notification that would change nothing. A node
//!   that joined in a crowd finds its place in round trips instead of periods;
//! * a round that met a dead successor is followed by another round at once;
//! * a round that met a busy node is followed by another round after a random time of about a call timeout: nodes
//!   that ask each other at the same moment all find each other busy, and in step this would go on for ever. A node
//!   that is told to join later waits as long;
//! * a notification that would need a question to the old predecessor is ignored while the node itself
//!   waits.

use rand::RngExt as _;

use super::message::Msg;
use super::timer::Timer;
use super::{Chord, Fx, Purpose, Status};
use crate::engine::SimDuration;
use crate::overlay::Traffic;
use crate::world::{CallId, NodeIdx};

impl Chord {
    /// The successor has answered, and `candidate`, its predecessor, lies between: the candidate is
    /// asked.
    pub(super) fn ask_between(&mut self, candidate: NodeIdx, fx: &mut Fx) {
        self.ask_state(candidate, Purpose::AskBetween, fx);
    }

    /// The node between this one and its successor is dead: nothing changes.
    pub(super) fn on_between_dead(&mut self, fx: &mut Fx) {
        self.node_mut(fx.node()).status = Status::Idle;
        if let Some(successor) = self.first_successor(fx.node()) {
            fx.send(successor, Msg::Notify, Traffic::Maintenance);
        }
    }

    /// The node that was asked for its state is busy: the round ends, and another one begins soon.
    pub(super) fn on_busy(&mut self, from: NodeIdx, call: CallId, fx: &mut Fx) {
        if fx.close_call(call, from).is_some() {
            self.node_mut(fx.node()).status = Status::Idle;
            let wait = some_wait(fx);
            self.stabilize_in(wait, fx);
        }
    }

    /// Stabilises once more after a call timeout, whatever the period.
    pub(super) fn stabilize_soon(&mut self, fx: &mut Fx) {
        self.stabilize_in(fx.rpc_timeout(), fx);
    }

    fn stabilize_in(&mut self, span: SimDuration, fx: &mut Fx) {
        if self.config.stabilize_every.is_some() {
            fx.timer(span, Timer::StabilizeOnce);
        }
    }

    /// `from` claims to be the predecessor and does not lie nearer than `old`. It can take the place of
    /// `old` only if `old` is dead.
    pub(super) fn rectify(&mut self, old: NodeIdx, from: NodeIdx, fx: &mut Fx) {
        if from == old || self.node(fx.node()).status != Status::Idle {
            return;
        }
        self.node_mut(fx.node()).status = Status::Rectifying;
        let purpose = Purpose::Rectify(from);
        fx.call(old, purpose, Traffic::Maintenance, Msg::Ping);
    }

    /// The old predecessor lives, so it stays.
    pub(super) fn on_old_predecessor_alive(&mut self, fx: &mut Fx) {
        self.node_mut(fx.node()).status = Status::Idle;
    }

    /// The old predecessor is dead. The node that claimed its place gets it, unless a nearer node has
    /// taken it while this node was waiting.
    pub(super) fn on_old_predecessor_dead(&mut self, old: NodeIdx, claimant: NodeIdx, fx: &mut Fx) {
        let me = self.node_mut(fx.node());
        me.status = Status::Idle;
        if me.predecessor == old || me.predecessor == NodeIdx::NONE {
            self.set_predecessor(fx.node(), claimant);
        }
    }
}

/// About a call timeout, drawn between one half and three halves of it. Waits of equal length would bring nodes with
/// equal periods together again and again.
pub(super) fn some_wait(fx: &mut Fx) -> SimDuration {
    let about_one = 0.5 + fx.rng().random::<f64>();
    fx.rpc_timeout().scaled(about_one)
}
