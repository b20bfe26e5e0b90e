//! Chord, message by message.
//!
//! Identifiers are points on a ring of 2^m positions; a key belongs to the first node at or after
//! it (its *successor*, here its *owner*). Every node knows
//!
//! * its *successor list*: the next r nodes clockwise, from which the ring is repaired;
//! * its *predecessor*: the node before it, which tells where its own keys begin;
//! * its *finger table*: entry i (counted from 0) is the owner of n + 2^i. Fingers halve the distance to any
//!   key, so a lookup takes about ½·log2 N hops. They are only a shortcut: a wrong finger costs time, but
//!   never gives a wrong answer.
//!
//! Sources: Stoica et al., "Chord: a scalable peer-to-peer lookup service for internet
//! applications", SIGCOMM 2001, and IEEE/ACM Transactions on Networking 11(1), 2003; Zave, "Reasoning
//! about identifier spaces: how to make Chord correct", IEEE Transactions on Software Engineering
//! 43(12), 2017. Each of the three has its own way of maintaining the ring.
//!
//! One concern a file: [`routing`] chooses the next hop, [`lookup`] passes recursive lookups on and
//! [`iterative`] asks node by node; [`misroute`] is how a node lies about either. Maintenance is in [`join`], [`stabilize`], [`fix_fingers`] and [`leave`],
//! with the peculiarities of each protocol in [`chord2001`], [`ton2003`] and [`zave2017`]. [`proximity`] is what nodes
//! do about the network below. [`converge`] writes down the state that maintenance would reach; [`health`] measures how far a
//! ring is from that state, and [`rings`] how many rings there are, which [`merge`] makes one again. [`service`] says what a
//! message asks for.
//! [`message`] is what nodes say to each other, [`ahead`] which memory a message will need. The tables
//! ([`successors`], [`fingers`], [`ops`]) know nothing of the protocol.

mod ahead;
mod chord2001;
mod converge;
mod fingers;
mod fix_fingers;
mod handlers;
mod health;
mod iterative;
mod join;
mod leave;
mod lookup;
mod merge;
mod message;
mod misroute;
mod ops;
mod proximity;
mod rings;
mod routing;
mod service;
mod stabilize;
mod successors;
mod timer;
mod ton2003;
mod zave2017;

pub use message::{Msg, Packed};
pub use timer::Timer;

use std::collections::VecDeque;

use rand::RngExt as _;

use self::fingers::{FingerRow, FingerTables};
use self::merge::Contacts;
use self::ops::Ops;
use self::proximity::{Near, Proximity};
use self::successors::{ListEnd, SuccessorLists};
use super::{Carries, Effects, Silence, storage};
use crate::engine::SimDuration;
use crate::scenario::resolved::{self, Maintenance, Routing};
use crate::world::{NodeIdx, OpIdx, PerNode, RingId, Rows, Space};

/// Effects of Chord.
type Fx = Effects<Packed, Timer, Purpose>;

/// Why a node called another, and so what an answer or a timeout means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// Stabilise, first step: the state of the successor.
    AskSuccessor,
    /// Stabilise, second step: the state of the node between this one and its successor.
    AskBetween,
    /// Is the predecessor still there?
    CheckPredecessor,
    /// Is an entry of the successor list still there?
    CheckEntry,
    /// Is the old predecessor still there, now that this node claims its place?
    Rectify(NodeIdx),
    /// Pass an operation on.
    Forward {
        /// The operation.
        op: OpIdx,
        /// Its hops before this call.
        hops: u32,
    },
    /// Ask for the next hop of an operation.
    Ask(OpIdx),
    /// Whom does another node know to follow it? Candidates for this finger.
    Neighbours(u8),
    /// How far is another node, a candidate for this finger?
    Measure(u8),
    /// What storage wants to know.
    Storage(storage::Purpose),
}

const _: () = assert!(size_of::<Purpose>() == 12);

impl From<storage::Purpose> for Purpose {
    fn from(purpose: storage::Purpose) -> Self {
        Self::Storage(purpose)
    }
}

impl Carries<storage::Purpose> for Purpose {
    fn carried(&self) -> Option<storage::Purpose> {
        match *self {
            Self::Storage(purpose) => Some(purpose),
            _ => None,
        }
    }
}

/// What a node waits for that may change its predecessor or successors. While it waits, it answers no question
/// about them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Status {
    /// Nothing.
    #[default]
    Idle,
    /// The state of a successor.
    Stabilizing,
    /// Whether its predecessor is alive.
    Rectifying,
}

/// What a node knows, except the contents of its successor list and the end of a large finger table. On a
/// large ring a run waits for this memory. So the first cache line holds everything that is not a finger, and
/// all four cache lines lie in one page.
#[repr(C, align(256))]
struct Node {
    id: RingId,
    /// Its predecessor's identifier. It stands here because every step of a lookup asks who owns the key.
    predecessor_id: RingId,
    list: ListEnd,
    predecessor: NodeIdx,
    /// The node through which it joins. Its users' lookups go there until it has joined.
    contact: NodeIdx,
    /// The latest lookup for one of its fingers, or the lookup for its join, if it is under way.
    pending_op: Option<OpIdx>,
    status: Status,
    /// Whether it is on the ring.
    member: bool,
    /// The next finger to repair.
    next_finger: u8,
    /// The next entry of the successor list to check, if the protocol checks entries. 0: a finger is next.
    next_entry: u8,
    /// Whether it is looking up its whole finger table, one entry right after the other.
    filling: bool,
    /// Whether it has let a node join after it since it last stabilised.
    expecting: bool,
    fingers: FingerRow,
}

const _: () = assert!(size_of::<Node>() == 256);

impl Node {
    /// A node that is not on the ring and knows no other node.
    fn new(id: RingId) -> Self {
        Self {
            id,
            predecessor_id: RingId(0),
            list: ListEnd::NONE,
            predecessor: NodeIdx::NONE,
            contact: NodeIdx::NONE,
            pending_op: None,
            status: Status::Idle,
            member: false,
            next_finger: 0,
            next_entry: 0,
            filling: false,
            expecting: false,
            fingers: FingerRow::default(),
        }
    }
}

/// All Chord nodes of one run.
pub struct Chord {
    space: Space,
    config: resolved::Chord,
    /// How long a join or the lookup of a finger may take.
    patience: SimDuration,
    silence: Silence,
    /// The identifiers of all nodes once more, close together: a node looks at the identifiers of many other
    /// nodes, and at nothing else of them.
    ids: Vec<RingId>,
    /// Where the rows of nodes and their lists stand.
    rows: Rows,
    nodes: PerNode<Node>,
    successors: SuccessorLists,
    fingers: FingerTables,
    ops: Ops,
    /// Lookups for fingers, in the order in which they began. Those that are over are taken out with the first
    /// one that is not.
    finger_lookups: VecDeque<OpIdx>,
    /// What nodes know of how far others are, if they use it.
    proximity: Option<Box<Proximity>>,
    /// Whether the next hop is chosen by the time that is left.
    selects_routes: bool,
    /// Whom nodes remember, if they look for other rings.
    contacts: Option<Contacts>,
}

impl Chord {
    /// Chord with no node yet.
    #[must_use]
    pub fn new(overlay: &resolved::Overlay, config: &resolved::Chord) -> Self {
        let space = Space::new(overlay.id_bits);
        let proximity = Proximity::of(config);
        Self {
            space,
            config: config.clone(),
            patience: overlay.request_timeout,
            silence: Silence::IsDeath,
            ids: Vec::new(),
            rows: Rows::default(),
            nodes: PerNode::default(),
            successors: SuccessorLists::new(config.successors),
            fingers: FingerTables::new(space),
            ops: Ops::default(),
            finger_lookups: VecDeque::new(),
            selects_routes: proximity.as_ref().is_some_and(|used| used.selects_routes()),
            proximity,
            contacts: config.merge_probe_every.map(|_| Contacts::new(overlay)),
        }
    }

    /// The predecessor a node believes in.
    pub fn predecessor(&self, node: NodeIdx) -> Option<NodeIdx> {
        self.nodes.get(&self.rows, node)?.predecessor.some()
    }

    /// Entry `i` of a node's finger table, counted from 0: whom it has found at the start n + 2^i. `None` where it knows
    /// nobody else.
    #[must_use]
    pub fn finger(&self, node: NodeIdx, i: u32) -> Option<NodeIdx> {
        self.fingers
            .get(&self.nodes.get(&self.rows, node)?.fingers, i)
    }

    /// How many nodes' state stands in memory: of those who live, and of the first ones.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The successor list of a node, nearest first.
    fn list_of(&self, node: NodeIdx) -> &[NodeIdx] {
        match self.nodes.settled(node) {
            Some(me) => self.successors.of(node.at(), me.list),
            None => self.successors.of(self.rows.of(node), self.node(node).list),
        }
    }

    fn first_successor(&self, node: NodeIdx) -> Option<NodeIdx> {
        self.list_of(node).first().copied()
    }

    /// Sets the list of a node to `head`, followed by as much of `tail` as there is room for.
    fn set_successors(&mut self, node: NodeIdx, head: NodeIdx, tail: &[NodeIdx]) {
        let row = self.rows.of(node);
        let end = self.successors.set(&self.ids, node, row, head, tail);
        self.node_mut(node).list = end;
    }

    /// Takes a node out of a list. Returns whether it was there.
    fn drop_successor(&mut self, node: NodeIdx, gone: NodeIdx) -> bool {
        let end = self.node(node).list;
        let shorter = self
            .successors
            .drop_entry(&self.ids, self.rows.of(node), end, gone);
        self.node_mut(node).list = shorter.unwrap_or(end);
        shorter.is_some()
    }

    /// Sets the predecessor of a node, or leaves it without one.
    fn set_predecessor(&mut self, node: NodeIdx, predecessor: NodeIdx) {
        let id = predecessor.some().map(|known| self.id_of(known));
        let me = self.node_mut(node);
        me.predecessor = predecessor;
        me.predecessor_id = id.unwrap_or(RingId(0));
    }

    /// Entries `from` to `to` of a finger table name `finger`.
    fn set_fingers(&mut self, node: NodeIdx, from: u32, to: u32, finger: NodeIdx) {
        let finger = FingerTables::finger(self.space, self.id_of(finger), finger);
        let row = &mut self.nodes.of_mut(&self.rows, node).fingers;
        self.fingers.set(row, from, to, finger);
    }

    fn node(&self, node: NodeIdx) -> &Node {
        self.nodes.of(&self.rows, node)
    }

    fn node_mut(&mut self, node: NodeIdx) -> &mut Node {
        self.nodes.of_mut(&self.rows, node)
    }

    /// The identifier of another node. The acting node's own identifier lies with the rest of its state.
    fn id_of(&self, other: NodeIdx) -> RingId {
        self.ids[other.at()]
    }

    /// The clockwise distance from the acting node to another node.
    fn distance(&self, from: NodeIdx, to: NodeIdx) -> u64 {
        self.distance_of(self.node(from), to)
    }

    /// The same for a node whose row is at hand.
    fn distance_of(&self, me: &Node, to: NodeIdx) -> u64 {
        self.space.distance(me.id, self.id_of(to))
    }

    fn uses_fingers(&self) -> bool {
        self.config.routing == Routing::Fingers
    }

    /// Whether the maintenance protocol is the one that was proved correct.
    fn is_proved(&self) -> bool {
        self.config.maintenance == Maintenance::Zave2017
    }

    /// Whether the node owns the key as far as it knows: the key lies in (predecessor, node]. Without a
    /// predecessor the node can only be sure of its own identifier; alone on the ring it owns everything.
    fn owns(&self, node: NodeIdx, key: RingId) -> bool {
        let me = self.node(node);
        if me.predecessor == NodeIdx::NONE {
            key == me.id || me.list.id().is_none()
        } else {
            self.space
                .between_right_closed(me.predecessor_id, key, me.id)
        }
    }

    /// Whether a node may answer for the keys of its predecessor, which did not acknowledge a lookup. Where
    /// messages are lost that says nothing, and only maintenance finds out who is dead.
    fn inherits_from(&self, node: NodeIdx, silent: NodeIdx) -> bool {
        self.silence == Silence::IsDeath && self.node(node).predecessor == silent
    }

    /// The next period of a timer: its mean, plus or minus the configured share.
    fn jittered(&self, mean: SimDuration, fx: &mut Fx) -> SimDuration {
        let share = self.config.maintenance_jitter;
        if share == 0.0 {
            return mean;
        }
        mean.scaled(1.0 + share * (2.0 * fx.rng().random::<f64>() - 1.0))
    }
}

#[cfg(test)]
mod tests;
