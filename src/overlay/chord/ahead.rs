//! Which memory an event to come will need: what the loop asks for ahead of its turn. Nothing here changes
//! anything.

use super::Chord;
use super::message::{ByKind, CallId, Msg, Packed, Role, kind};
use super::ops::{Aim, Op};
use crate::engine::{NodeIdx, OpIdx, RingId, prefetch_at};
use crate::overlay::Outlook;

/// What a message needs: all ones, or all zeros if it does not.
#[derive(Clone, Copy)]
struct Needs {
    /// The receiver's own state.
    node: u32,
    /// The call that it names first.
    call: u32,
    /// The operation that it names first.
    op: u32,
    /// There is more to be asked for when that is there.
    more: bool,
}

const NODE: Needs = Needs {
    node: u32::MAX,
    call: 0,
    op: 0,
    more: false,
};

/// What each kind of message needs.
static NEEDS: ByKind<Needs> = {
    let more = true;
    let (call, op) = (u32::MAX, u32::MAX);
    let lookup = Needs { op, more, ..NODE };
    let mut needs = [NODE; 256];
    needs[kind::ACK as usize] = Needs {
        node: 0,
        call,
        ..NODE
    };
    needs[kind::ANSWER as usize] = Needs { node: 0, ..lookup };
    needs[kind::FORWARD as usize] = lookup;
    needs[kind::ASK as usize] = lookup;
    needs[kind::STATE as usize] = Needs { call, more, ..NODE };
    needs[kind::GET_STATE as usize] = Needs { more, ..NODE };
    needs
};

/// So many entries of a successor list to either side of the expected place are asked for.
const ABOUT: usize = 3;

impl Chord {
    /// Asks for what an event names; says whether there is more to ask for when that is there.
    #[inline]
    pub(super) fn ask_ahead(&self, node: NodeIdx, msg: Option<Packed>) -> bool {
        let Some(msg) = msg else {
            prefetch_at(&self.nodes, node.at());
            return true;
        };
        // Nobody can foresee which kind of message comes next, so there must be no branch: what is not
        // needed is replaced by the first of its table, which is at hand.
        let needs = NEEDS[usize::from(msg.kind())];
        prefetch_at(&self.nodes, (node.0 & needs.node) as usize);
        self.calls.prefetch(CallId(msg.first() & needs.call));
        self.ops.prefetch(OpIdx(msg.first() & needs.op));
        needs.more
    }

    /// Asks for what is found by way of that.
    #[inline]
    pub(super) fn ask_further(&self, node: NodeIdx, msg: Option<Packed>) -> Outlook {
        match msg.map(Packed::unpack) {
            Some(Msg::Forward(leg, op, _) | Msg::Ask(leg, op, _)) => {
                let Some(task) = self.ops.task(op) else {
                    return Outlook::Clear;
                };
                let key = task.key;
                match (leg.role(), task.aim()) {
                    (Role::Owner, Aim::User(ticket)) => Outlook::Claim(key, ticket),
                    (Role::Owner, _) => Outlook::Clear,
                    (Role::Step, _) => self.ask_route(node, key),
                }
            }
            Some(Msg::Answer(_, op)) => match self.ops.get(op).map(Op::aim) {
                Some(Aim::User(ticket)) => Outlook::Answer(ticket),
                _ => Outlook::Clear,
            },
            Some(Msg::State(_, snapshot)) => {
                self.snapshots.prefetch(snapshot);
                self.successors.prefetch(node);
                self.node(node).fingers.prefetch_first();
                Outlook::Further
            }
            None | Some(Msg::GetState(_)) => {
                self.successors.prefetch(node);
                Outlook::Clear
            }
            Some(_) => Outlook::Clear,
        }
    }

    /// Asks for what says where a lookup goes on from a node.
    #[inline]
    pub(super) fn ask_route(&self, node: NodeIdx, key: RingId) -> Outlook {
        let me = self.node(node);
        let to_key = self.space.distance(me.id, key);
        if self.list_reaches(me, to_key) {
            self.successors.prefetch(node);
            return Outlook::Further;
        }
        self.fingers.prefetch_below(&me.fingers, to_key);
        Outlook::Clear
    }

    /// Asks for what is found by way of that.
    pub(super) fn ask_last(&self, node: NodeIdx, msg: Packed) {
        match msg.unpack() {
            Msg::Forward(_, op, _) | Msg::Ask(_, op, _) => {
                let Some(&Op { key, .. }) = self.ops.get(op) else {
                    return;
                };
                let to_key = self.space.distance(self.node(node).id, key);
                let place = self.expected_place(node, to_key);
                let list = self.successors(node);
                self.prefetch_ids(
                    &list[place.saturating_sub(ABOUT)..list.len().min(place + ABOUT)],
                );
            }
            Msg::State(_, snapshot) => {
                let (_, list) = self.snapshots.read(snapshot);
                self.prefetch_ids(&list[list.len().saturating_sub(2)..]);
                self.prefetch_ids(self.successors(node).get(..1).unwrap_or_default());
            }
            _ => {}
        }
    }

    fn prefetch_ids(&self, nodes: &[NodeIdx]) {
        for node in nodes {
            prefetch_at(&self.ids, node.at());
        }
    }
}
