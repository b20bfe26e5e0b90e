//! What a node does that was asked to pass a lookup on and lies about it: it names an owner who is none, itself or another.
//!
//! It cannot lie about who it is. An identifier belongs to an address (it is its hash, or is certified), so whoever hears of a
//! node knows where it is on the ring; what nobody can see from afar is whether other nodes lie between the key and it
//! (Castro et al., OSDI 2002, sections 2 and 5).
//!
//! Recursive: the node answers the asking node as the owner, or hands the lookup to the other one as to the owner. Iterative:
//! it says that it is the owner, or that the other one is. Who is handed a lookup as the owner, and is not, claims the key:
//! there a chain of liars ends. So does it with one who could not be reached.
//!
//! Lookups of maintenance are answered in the same way. A finger then names the wrong node until its next turn; it may be any
//! node, but is used only where it precedes the key, so that lookups still come nearer to it with every hop. A node that
//! joins by an older protocol takes the false owner for its successor, and is led back to its place by stabilisation, one
//! node a round. In the proved protocol the answer to a join is a successor list: whoever joins sees that it does not belong
//! between that node and the first of its list. So a liar gains nothing by such an answer. It drops the join.

use super::lookup::{claim, hand_over, traffic_of};
use super::message::{HopHeader, Msg, Packed, Role};
use super::ops::Task;
use super::{Chord, Fx};
use crate::world::NodeIdx;

impl Chord {
    /// The node names another one, or itself, as the owner of the key that a message looks for.
    #[cold]
    pub(super) fn misroute(
        &mut self,
        named: NodeIdx,
        from: NodeIdx,
        msg: Packed,
        fx: &mut Fx,
    ) -> bool {
        let (op, failed) = match msg.unpack() {
            Msg::Forward(_, op, _) => (op, None),
            Msg::Ask(_, op, failed) => (op, failed.some()),
            _ => {
                self.refuse(from, msg, fx);
                return true;
            }
        };
        let task = self.ops.task(op);
        let Some(task) = task.filter(|task| self.ends_at_owner(task.kind())) else {
            self.refuse(from, msg, fx);
            return true;
        };
        // Nobody deceives itself: its own lookup has come back to the node.
        if task.origin == fx.node() || !self.node(fx.node()).member {
            return false;
        }
        let is_out_of_reach = failed == Some(named) || self.ops.has_struck_out(op, named);
        let is_useless = named == task.origin || is_out_of_reach;
        let named = Some(named).filter(|named| *named != fx.node() && !is_useless);
        match msg.unpack() {
            Msg::Forward(header, _, call) => {
                self.receipt(from, Some(&task), call, fx);
                self.misroute_recursive(&task, header, named, fx);
            }
            Msg::Ask(header, ..) => misroute_iterative(&task, header, (from, named), fx),
            _ => {}
        }
        true
    }

    fn misroute_recursive(
        &mut self,
        task: &Task,
        header: HopHeader,
        named: Option<NodeIdx>,
        fx: &mut Fx,
    ) {
        match named.filter(|_| header.role() == Role::Step) {
            Some(named) => {
                let header = HopHeader::new(Role::Owner, header.hops() + 1);
                hand_over(task, named, header, fx);
            }
            None => self.answer(task, header.hops(), fx),
        }
    }
}

fn misroute_iterative(
    task: &Task,
    header: HopHeader,
    (from, named): (NodeIdx, Option<NodeIdx>),
    fx: &mut Fx,
) {
    let (op, kind) = (task.op, task.kind());
    if let Some(named) = named.filter(|_| header.role() == Role::Step) {
        let referral = Msg::Referral(HopHeader::new(Role::Owner, 0), op, named);
        return fx.send(from, referral, traffic_of(kind, true));
    }
    claim(kind, task.key, fx);
    fx.send(from, Msg::Answer(header, op), traffic_of(kind, false));
}
