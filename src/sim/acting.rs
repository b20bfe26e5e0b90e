//! A node acts, and the loop carries out what it wants: messages are sent, timers set, lookups claimed and
//! answered.

use super::operations::Operated;
use super::{Sim, SimError};
use crate::engine::SimDuration;
use crate::network::Fate;
use crate::observe::Sent;
use crate::overlay::{Around, Effect, Fx, LookAhead, Message as _, Traffic};
use crate::world::{Epoch, Event, HostIdx, NodeIdx, Packed};

impl<O: LookAhead> Sim<'_, O> {
    /// Lets a node act and carries out what it wants.
    pub(super) fn act(
        &mut self,
        node: NodeIdx,
        handler: impl FnOnce(&mut O, &mut Fx<O>),
    ) -> Result<(), SimError> {
        self.act_in(self.members.epoch(node), node, handler)
    }

    /// The same for a node whose life is known.
    #[inline]
    pub(super) fn act_in(
        &mut self,
        epoch: Epoch,
        node: NodeIdx,
        handler: impl FnOnce(&mut O, &mut Fx<O>),
    ) -> Result<(), SimError> {
        self.effects.begin(self.now, node, epoch);
        handler(&mut self.overlay, &mut self.effects);
        self.apply_effects(node)
    }

    /// Carries out what a node wants.
    pub(super) fn apply_effects(&mut self, node: NodeIdx) -> Result<(), SimError> {
        let mut isolated = false;
        let mut next = 0;
        while let Some(effect) = self.effects.get(next) {
            next += 1;
            match *effect {
                Effect::Send { to, msg, traffic } => self.send(node, to, msg, traffic),
                Effect::Timer { after, timer } => {
                    let epoch = self.effects.epoch();
                    self.schedule(self.now + after, Event::Timer { node, epoch, timer });
                }
                // Handled after all other effects.
                Effect::Isolated => isolated = true,
                effect => self.apply_rare_effect(node, effect)?,
            }
        }
        self.effects.end();
        if self.observers.are_many() {
            self.tell(|observers, scene| observers.acted(scene, node));
        }
        if isolated {
            self.find_contact(node)
        } else {
            Ok(())
        }
    }

    /// Carries out the effects that come once a lookup, or once a life.
    #[inline(never)]
    fn apply_rare_effect(
        &mut self,
        node: NodeIdx,
        effect: Effect<O::Msg, O::Timer>,
    ) -> Result<(), SimError> {
        match effect {
            Effect::Claims { ticket, key } => {
                let claim = self.judge(node, key);
                self.tell(|observers, scene| observers.claimed(scene, key, &claim));
                self.client.ledger.claim(ticket, claim);
                if let Some(redundant) = &mut self.client.redundant {
                    redundant.claim(ticket, key, claim);
                }
                Ok(())
            }
            Effect::Answered {
                ticket,
                owner,
                hops,
                timeouts,
            } => self.answer_request(ticket, (owner, hops), timeouts),
            Effect::Failed {
                ticket,
                op,
                timeouts,
            } => self.fail_request(ticket, op, timeouts),
            Effect::Asked { ticket } => {
                self.client.operations.asked(ticket, self.now);
                Ok(())
            }
            Effect::FindAgain { ticket } => {
                self.find_again(ticket);
                Ok(())
            }
            effect @ Effect::Operated { .. } => match Operated::of(&effect) {
                Some(over) => self.end_operation(over),
                None => Ok(()),
            },
            Effect::Experience {
                of,
                service,
                served,
            } => {
                self.note_experience(node, of, service, served);
                Ok(())
            }
            Effect::Entrusted { ticket, op, to } => {
                self.entrust(node, (ticket, op), to);
                Ok(())
            }
            Effect::Shunned { ticket } => {
                self.client.ledger.shun_request(ticket);
                Ok(())
            }
            Effect::LookAround => {
                self.look_around(node);
                Ok(())
            }
            Effect::Joined => {
                self.members.joined(node, self.overlay.id(node));
                self.members.seekers.end(node);
                self.tell(|observers, scene| observers.joined(scene, node));
                self.leech_joined(node);
                Ok(())
            }
            Effect::Send { .. } | Effect::Timer { .. } | Effect::Isolated => {
                unreachable!("is seen to where effects are applied")
            }
        }
    }

    #[inline]
    fn send(&mut self, from: NodeIdx, to: NodeIdx, msg: O::Msg, traffic: Traffic) {
        let bytes = msg.bytes(self.effects.parcels());
        let (source, target) = (self.host_of(from), self.host_of(to));
        let fate = self.network.carry(self.now, source, target);
        let counts = self.counts(&msg);
        let sent = Sent {
            from,
            to,
            msg,
            bytes,
            traffic,
            fate,
            counts,
        };
        self.tell(|observers, scene| observers.sent(scene, &sent));
        let Fate::Arrives(at) = fate else {
            return self.undelivered(&msg);
        };
        let epoch = self.members.epoch(to);
        self.queue
            .push(at, Packed::of_message(to, from, epoch, msg));
    }

    /// A node sees where all others are.
    fn look_around(&mut self, node: NodeIdx) {
        let (network, members) = (&self.network, &self.members);
        let host_of = |node| network.host_of(members.peer_of(node));
        let around = Around {
            members: members.directory(),
            latency: &|from, to| network.one_way(host_of(from), host_of(to)),
        };
        self.overlay.look_around(node, &around);
    }

    /// A message will never be handled.
    #[inline(never)]
    pub(super) fn undelivered(&mut self, msg: &O::Msg) {
        self.overlay.undelivered(msg, &self.effects);
        self.effects.parcels_mut().release(msg);
    }

    #[inline]
    pub(super) fn host_of(&self, node: NodeIdx) -> HostIdx {
        self.network.host_of(self.members.peer_of(node))
    }

    /// The one-way latency between two nodes.
    #[inline]
    pub(super) fn one_way(&self, from: NodeIdx, to: NodeIdx) -> SimDuration {
        self.network.one_way(self.host_of(from), self.host_of(to))
    }
}
