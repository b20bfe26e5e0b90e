//! An overlay of one's own: everybody knows everybody, as if news of who comes and goes spread by itself. It runs
//! under churn through the same loop as the others, is measured and drawn like them.
//!
//! `cargo run --release --example toy_overlay`, and look into results/toy-overlay and plots/toy-overlay.
//! docs/adding-an-overlay.md walks through it.

use std::collections::BTreeMap;

use chordsim::overlay::parcels::Parcels;
use chordsim::overlay::{
    Attempt, Call, Deed, Effect, Fx, LookAhead, Message, NoTimer, Overlay, Request, Start, Traffic,
};
use chordsim::world::geometry::Ring;
use chordsim::world::{CallId, NodeIdx, OpIdx, Payload, RingId};

// --- the overlay

/// What two nodes have to say to each other.
#[derive(Clone, Copy)]
enum Talk {
    /// Whose key is it? (You know the operation.)
    Ask(CallId, OpIdx),
    /// Mine.
    Mine(CallId, OpIdx),
}

impl Payload for Talk {
    fn words(&self) -> [u64; 2] {
        match *self {
            Self::Ask(call, op) => [1 << 32 | u64::from(call.0), op.0.into()],
            Self::Mine(call, op) => [2 << 32 | u64::from(call.0), op.0.into()],
        }
    }

    fn from_words([head, op]: [u64; 2]) -> Self {
        let (call, op) = (CallId(head as u32), OpIdx(op as u32));
        match head >> 32 {
            1 => Self::Ask(call, op),
            _ => Self::Mine(call, op),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Ask(..) => "Ask",
            Self::Mine(..) => "Mine",
        }
    }
}

impl Message for Talk {
    fn bytes(&self, _: &Parcels) -> u32 {
        // IP and UDP headers, four bytes of our own, and a key.
        20 + 8 + 4 + 8
    }
}

/// A request under way.
struct Op {
    ticket: u64,
    key: RingId,
    timeouts: u32,
}

/// All nodes of one run, and what all of them know.
#[derive(Default)]
struct Everybody {
    ids: Vec<RingId>,
    members: BTreeMap<RingId, NodeIdx>,
    ops: Vec<Op>,
}

impl Everybody {
    /// Asks the node that has the key, or answers at once.
    fn ask_owner(&mut self, op: OpIdx, fx: &mut Fx<Self>) {
        let Op {
            ticket,
            key,
            timeouts,
        } = self.ops[op.at()];
        let mut clockwise = self.members.range(key..).chain(&self.members);
        match clockwise.next() {
            None => fx.push(Effect::Failed { ticket, timeouts }),
            Some((_, owner)) if *owner == fx.node() => self.answered(op, *owner, 0, fx),
            Some((_, owner)) => {
                fx.call(*owner, op, Traffic::Lookup, |call| Talk::Ask(call, op));
            }
        }
    }

    fn answered(&self, op: OpIdx, owner: NodeIdx, hops: u32, fx: &mut Fx<Self>) {
        let &Op {
            ticket, timeouts, ..
        } = &self.ops[op.at()];
        fx.push(Effect::Answered {
            ticket,
            owner,
            hops,
            timeouts,
        });
    }
}

impl Overlay for Everybody {
    type Msg = Talk;
    type Timer = NoTimer;
    type Purpose = OpIdx;
    type Geometry = Ring;

    fn add_node(&mut self, id: RingId) {
        self.ids.push(id);
    }

    fn id(&self, node: NodeIdx) -> RingId {
        self.ids[node.at()]
    }

    fn converge(&mut self, start: &Start<'_>) {
        self.members.extend(start.members.iter().copied());
    }

    fn join(&mut self, _: Option<NodeIdx>, fx: &mut Fx<Self>) {
        self.members.insert(self.ids[fx.node().at()], fx.node());
        fx.push(Effect::Joined);
    }

    fn remove(&mut self, node: NodeIdx) {
        self.members.remove(&self.ids[node.at()]);
    }

    fn request(&mut self, request: Request, fx: &mut Fx<Self>) -> OpIdx {
        let op = match request.attempt {
            Attempt::First => {
                let Request { ticket, key, .. } = request;
                self.ops.push(Op {
                    ticket,
                    key,
                    timeouts: 0,
                });
                OpIdx::from_usize(self.ops.len() - 1)
            }
            Attempt::Again { op, .. } => op,
        };
        self.ask_owner(op, fx);
        op
    }

    fn cancel(&mut self, op: OpIdx) -> u32 {
        self.ops[op.at()].timeouts
    }

    fn on_message(&mut self, from: NodeIdx, msg: Talk, deed: Deed, fx: &mut Fx<Self>) {
        match msg {
            Talk::Ask(call, op) if deed == Deed::Serve => {
                let &Op { ticket, key, .. } = &self.ops[op.at()];
                fx.push(Effect::Claims { ticket, key });
                fx.send(from, Talk::Mine(call, op), Traffic::Lookup);
            }
            Talk::Ask(..) => {}
            Talk::Mine(call, op) => {
                if fx.answered(call, from).is_some() {
                    self.answered(op, from, 1, fx);
                }
            }
        }
    }

    fn on_silence(&mut self, call: Call<OpIdx>, fx: &mut Fx<Self>) {
        self.ops[call.purpose.at()].timeouts += 1;
        self.ask_owner(call.purpose, fx);
    }
}

impl LookAhead for Everybody {}
