//! Which memory a future event will need. The loop asks for it before the event's turn. Nothing here
//! changes any state.

use super::message::{Msg, Packed, Role};
use super::ops::{Op, OpKind};
use super::{Chord, Fx};
use crate::engine::prefetch_at;
use crate::overlay::Outlook;
use crate::world::{CallId, NodeIdx, OpIdx, RingId};

/// The number of entries asked for on either side of the expected place in a successor list.
const ABOUT: usize = 3;

impl Chord {
    /// Asks for the memory that an event names. Says whether there is more to ask for once that memory is
    /// there.
    #[inline]
    pub(super) fn ask_ahead(&self, node: NodeIdx, msg: Option<Packed>, fx: &Fx) -> bool {
        let Some(msg) = msg else {
            self.nodes.prefetch(&self.rows, node);
            return true;
        };
        // The processor cannot predict which kind of message comes next, so there must be no branch. For
        // what the message does not need, the first row of the table is asked for, which is in the cache
        // anyway.
        let needs = msg.kind().needs;
        self.nodes
            .prefetch(&self.rows, NodeIdx(node.0 & needs.node));
        fx.calls().prefetch(CallId(msg.first() & needs.call));
        self.ops.prefetch(OpIdx(msg.first() & needs.op));
        needs.more
    }

    /// Asks for the memory that is found through what `ask_ahead` asked for.
    #[inline]
    pub(super) fn ask_further(&self, node: NodeIdx, msg: Option<Packed>, fx: &Fx) -> Outlook {
        match msg.map(Packed::unpack) {
            Some(Msg::Forward(header, op, _) | Msg::Ask(header, op, _)) => {
                let Some(task) = self.ops.task(op) else {
                    return Outlook::Clear;
                };
                let key = task.key;
                match (header.role(), task.kind()) {
                    (Role::Owner, OpKind::User(ticket)) => Outlook::Claim(key, ticket),
                    (Role::Owner, _) => Outlook::Clear,
                    (Role::Step, _) => self.ask_route(node, key),
                }
            }
            Some(Msg::Answer(_, op)) => match self.ops.get(op).map(Op::kind) {
                Some(OpKind::User(ticket)) => Outlook::Answer(ticket),
                _ => Outlook::Clear,
            },
            Some(Msg::State(_, state)) => {
                fx.parcels().prefetch(state);
                self.ask_list(node);
                if let Some(me) = self.nodes.get(&self.rows, node) {
                    me.fingers.prefetch_first();
                }
                Outlook::Further
            }
            None | Some(Msg::GetState(_)) => {
                self.ask_list(node);
                Outlook::Clear
            }
            Some(_) => Outlook::Clear,
        }
    }

    /// Asks for the memory that decides where a lookup goes on from a node.
    #[inline]
    pub(super) fn ask_route(&self, node: NodeIdx, key: RingId) -> Outlook {
        let Some(me) = self.nodes.get(&self.rows, node) else {
            return Outlook::Clear;
        };
        let to_key = self.space.distance(me.id, key);
        if self.list_reaches(me, to_key) {
            self.ask_list(node);
            return Outlook::Further;
        }
        self.fingers.prefetch_below(&me.fingers, to_key);
        Outlook::Clear
    }

    fn ask_list(&self, node: NodeIdx) {
        if let Some(row) = self.rows.get(node) {
            self.successors.prefetch(row);
        }
    }

    /// Asks for the memory that is found through what `ask_further` asked for.
    pub(super) fn ask_last(&self, node: NodeIdx, msg: Packed, fx: &Fx) {
        if self.rows.get(node).is_none() {
            return;
        }
        match msg.unpack() {
            Msg::Forward(_, op, _) | Msg::Ask(_, op, _) => {
                let Some(&Op { key, .. }) = self.ops.get(op) else {
                    return;
                };
                let me = self.node(node);
                let place = self.expected_place(me, self.space.distance(me.id, key));
                let list = self.list_of(node);
                self.prefetch_ids(
                    &list[place.saturating_sub(ABOUT)..list.len().min(place + ABOUT)],
                );
            }
            Msg::State(_, state) => {
                let (_, list) = fx.unpack(state);
                self.prefetch_ids(&list[list.len().saturating_sub(2)..]);
                self.prefetch_ids(self.list_of(node).get(..1).unwrap_or_default());
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
