//! What each message asks of the node that receives it: the ground on which selfish peers decide. `docs/selfish.md` has the
//! table.

use super::Chord;
use super::lookup::RouteDecision;
use super::message::{HopHeader, Msg, Packed};
use crate::overlay::Service;
use crate::world::{NodeIdx, OpIdx};

impl Chord {
    /// What a message asks of a node.
    pub(super) fn asked_for(&self, node: NodeIdx, msg: Packed) -> Service {
        match msg.unpack() {
            Msg::Forward(header, op, _) | Msg::Ask(header, op, _) => {
                self.asked_by_lookup(node, header, op)
            }
            Msg::Ping(_) | Msg::GetState(_) | Msg::GetNeighbours(_) => Service::Maintain,
            // Answers to what the node has asked.
            Msg::Pong(_)
            | Msg::PongAt(_)
            | Msg::State(..)
            | Msg::Busy(_)
            | Msg::Neighbours(..)
            | Msg::NeighboursAt(..)
            | Msg::Ack(_)
            | Msg::AckAt(_)
            | Msg::Answer(..)
            | Msg::NoRoute(_)
            | Msg::Referral(..)
            | Msg::OwnerSilent(_)
            | Msg::Welcome(..)
            | Msg::JoinLater(_)
            // What it is told for its own tables.
            | Msg::Notify
            | Msg::NewSuccessor(_)
            | Msg::SuccessorLeaves(_)
            | Msg::PredecessorLeaves(_) => Service::Nothing,
        }
    }

    /// A lookup for a finger looks like a user's: only a join can be told from others.
    fn asked_by_lookup(&self, node: NodeIdx, header: HopHeader, op: OpIdx) -> Service {
        match self.ops.task(op) {
            // A node that lets another node join right after itself maintains its own links.
            Some(task) if !self.ends_at_owner(task.kind()) => {
                if self.is_place_to_join(node, task.key) {
                    Service::Maintain
                } else {
                    Service::PassOn
                }
            }
            Some(task) => match self.decide(node, &task, header.role()) {
                RouteDecision::PassOn | RouteDecision::PassBack(_) => Service::PassOn,
                RouteDecision::Mine => Service::Answer,
            },
            // The lookup is over.
            None => Service::Nothing,
        }
    }
}
