//! A node acts, and what it wants done is done: messages are sent, timers set, lookups claimed and answered.

use super::{Sim, SimError};
use crate::engine::{Epoch, Event, HostIdx, NodeIdx};
use crate::overlay::{Effect, Effects, Overlay, Traffic};

impl<O: Overlay> Sim<'_, O> {
    /// Lets a node act and does what it wants done.
    pub(super) fn act(
        &mut self,
        node: NodeIdx,
        handler: impl FnOnce(&mut O, &mut Effects<O::Msg, O::Timer>),
    ) -> Result<(), SimError> {
        self.act_in(self.members.epoch(node), node, handler)
    }

    /// The same, of a node whose life is known.
    #[inline]
    pub(super) fn act_in(
        &mut self,
        epoch: Epoch,
        node: NodeIdx,
        handler: impl FnOnce(&mut O, &mut Effects<O::Msg, O::Timer>),
    ) -> Result<(), SimError> {
        self.effects.begin(self.now, node, epoch);
        handler(&mut self.overlay, &mut self.effects);
        self.apply_effects(node)
    }

    /// Does what a node wants done.
    fn apply_effects(&mut self, node: NodeIdx) -> Result<(), SimError> {
        let mut homeless = false;
        let mut next = 0;
        while let Some(effect) = self.effects.get(next) {
            next += 1;
            match *effect {
                Effect::Send { to, msg, traffic } => self.send(node, to, msg, traffic),
                Effect::Timer { after, timer } => {
                    let epoch = self.effects.epoch();
                    self.schedule(self.now + after, Event::Timer { node, epoch, timer });
                }
                // When all the others are done.
                Effect::NeedsContact => homeless = true,
                effect => self.apply_rare_effect(node, effect)?,
            }
        }
        self.effects.end();
        self.audit_act(node);
        if homeless {
            self.find_contact(node)
        } else {
            Ok(())
        }
    }

    /// What a node wants done once a lookup, or once a life.
    #[inline(never)]
    fn apply_rare_effect(
        &mut self,
        node: NodeIdx,
        effect: Effect<O::Msg, O::Timer>,
    ) -> Result<(), SimError> {
        match effect {
            Effect::Claims { ticket, key } => {
                let claim = self.judge(node, key);
                self.audit_claim(key, &claim);
                self.recorder.lookup_claimed(ticket, claim);
                Ok(())
            }
            Effect::Answered {
                ticket,
                owner,
                hops,
                timeouts,
            } => self.end_lookup(ticket, Some((owner, hops)), timeouts),
            Effect::Failed { ticket, timeouts } => self.end_lookup(ticket, None, timeouts),
            Effect::Joined => {
                self.members.joined(node, self.overlay.id(node));
                self.audit_joined(node);
                self.recorder.node_joined(node, self.now);
                Ok(())
            }
            Effect::Send { .. } | Effect::Timer { .. } | Effect::NeedsContact => {
                unreachable!("is seen to where effects are applied")
            }
        }
    }

    #[inline]
    fn send(&mut self, from: NodeIdx, to: NodeIdx, msg: O::Msg, traffic: Traffic) {
        self.recorder
            .message_sent(from, self.overlay.bytes(msg), traffic);
        if self.network.lost() {
            self.recorder.message_lost();
            return self.overlay.discard(msg);
        }
        let (source, target) = (self.host_of(from), self.host_of(to));
        let at = self.now + self.network.message(source, target);
        let epoch = self.members.epoch(to);
        self.schedule(
            at,
            Event::Message {
                to,
                from,
                epoch,
                msg,
            },
        );
    }

    pub(super) fn host_of(&self, node: NodeIdx) -> HostIdx {
        self.network.host_of(self.members.peer_of(node))
    }
}
