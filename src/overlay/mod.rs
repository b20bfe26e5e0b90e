//! Overlays: what every one of them implements, and the machinery that they share.
//!
//! An overlay is sans-I/O. A handler is told what happened to one node (a message came, a timer went off, a
//! call was not answered, a user asks) and changes that node's own state. What else it wants done, it puts
//! into [`Effects`]. It sees neither the event queue nor the network nor any file, and it never asks who
//! really owns a key.
//!
//! | file | concern |
//! |---|---|
//! | [`effects`](Effects) | what a handler wants done, and what it may know |
//! | [`opinions`](Opinions) | who thinks ill of whom, where peers remember |
//! | [`rpc`] | calls under way and their deadlines |
//! | [`parcels`] | lists of nodes, and of copies, that messages carry |
//! | [`vivaldi`] | network coordinates: how far a node is that was never called |
//! | [`storage`] | values under keys, on any overlay that says which node keeps what |
//! | [`chord`] | Chord |
//! | [`account`](Said) | what people are told of nodes and messages |

mod account;
pub mod chord;
mod effects;
mod opinions;
pub mod parcels;
mod replicas;
pub mod rpc;
pub mod storage;
pub mod vivaldi;

pub use account::{Knowledge, Said};
pub use effects::{Effect, Effects, Fx, Traffic};
pub use opinions::Opinions;
pub use parcels::{Batch, Item, ParcelId};
pub use replicas::{Arc, Carries, Replicas};
pub use rpc::{Call, Calls};

use crate::engine::SimDuration;
use crate::world::{Action, Directory, Geometry, Member, NodeIdx, OpIdx, Payload, RingId};

/// What a message asks of the node that receives it. Selfish peers and faults decide by this.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Service {
    /// Nothing: it answers what the node has asked, or tells it something that it uses itself.
    Nothing,
    /// To pass a lookup on towards its owner.
    PassOn,
    /// To answer for a key of its own.
    Answer,
    /// To take part in the maintenance of the overlay, and of the copies on it.
    Maintain,
    /// To keep a value.
    Keep,
    /// To give out a value that it keeps.
    HandOut,
}

/// What a node does about a message that asks for a service. The conduct of its peer decides this, not the
/// protocol.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// The node does what the protocol says.
    Serve,
    /// The node at most acknowledges the message.
    Refuse,
    /// The node says that it will not do it. Where a protocol has no words for that, it at most acknowledges the message.
    Decline,
    /// The node is asked to pass a lookup on, and names this node as the owner of the key in place of the next one: itself,
    /// or another.
    Misroute(NodeIdx),
}

/// A user's put or get, at the moment when the owner of its key has been found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Operation {
    /// The client's name for the request.
    pub ticket: u64,
    /// The key.
    pub key: RingId,
    /// The node that was found.
    pub owner: NodeIdx,
    /// What is to be done there.
    pub action: Action,
    /// What the node was looked for as, if the client looks for the places of the key one by one.
    pub place: Option<Place>,
}

/// A place of a key whose copies are spread, found by a request of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Its number among the places of the key, from 0.
    pub number: u8,
    /// For how many places, the first ones, the client makes a request.
    pub of: u8,
    /// Whether it is the first that has been found.
    pub is_first: bool,
}

/// What it means that a node does not acknowledge a message, as far as those know who run the nodes: whether
/// their network loses messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Silence {
    /// The network loses nothing: the node is dead.
    IsDeath,
    /// The message or its acknowledgement may have been lost: nothing is known.
    MayBeLoss,
}

/// What nodes say to each other.
pub trait Message: Payload {
    /// The list of nodes that the message carries, if any.
    fn parcel(&self) -> Option<ParcelId> {
        None
    }

    /// Its size on the wire in bytes, headers included.
    fn bytes(&self, parcels: &parcels::Parcels) -> u32;
}

/// The timers of an overlay whose nodes wait for nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoTimer {}

impl Payload for NoTimer {
    fn words(&self) -> [u64; 2] {
        match *self {}
    }

    fn from_words(_: [u64; 2]) -> Self {
        unreachable!("no timer was ever set")
    }

    fn name(&self) -> &'static str {
        match *self {}
    }
}

/// A user's request for the owner of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Request {
    /// The client's name for the request; reports of the request carry the ticket.
    pub ticket: u64,
    /// The key.
    pub key: RingId,
    /// Which attempt it is.
    pub attempt: Attempt,
}

/// Which attempt of a request it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Attempt {
    /// The first one.
    First,
    /// One with an operation of its own that goes another way than the best: made at once with others, or as the first one by
    /// somebody who thinks ill of those before it.
    Beside {
        /// Counted from 1. Of those that are made at once it is less than the [`Overlay::ways`] that there are.
        number: u8,
    },
    /// A further one, because there was no answer.
    Again {
        /// The operation that the first attempt began.
        op: OpIdx,
        /// Counted from 1. The attempt should go another way than the attempts before, if there is one.
        number: u16,
    },
}

/// What an overlay may know of the world when its members are there from the start.
pub struct Start<'a> {
    /// The members, sorted by identifier.
    pub members: &'a [Member],
    /// The seed of the run, for what was drawn before it begins.
    pub seed: u64,
    /// The one-way latency from one node to another.
    pub latency: &'a dyn Fn(NodeIdx, NodeIdx) -> SimDuration,
}

/// What there is to see for a node that knows everything: no real node does, and what it does with it is a bound for
/// those.
pub struct Around<'a> {
    /// All members.
    pub members: &'a Directory,
    /// The one-way latency from one node to another.
    pub latency: &'a dyn Fn(NodeIdx, NodeIdx) -> SimDuration,
}

/// How far the tables of the live members are from what they should be. Shares are 0 to 1; `None` stands for
/// what the overlay does not have.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Health {
    /// Every live node's first live successor is the next live node.
    pub ring_ok: Option<bool>,
    /// Share of live nodes whose first successor entry is not the next live node.
    pub wrong_successors: Option<f64>,
    /// Share of live nodes whose first successor entry is dead.
    pub dead_successors: Option<f64>,
    /// Share of finger entries naming a dead node.
    pub dead_fingers: Option<f64>,
    /// Share of finger entries that are not what the textbook says.
    pub wrong_fingers: Option<f64>,
    /// How many cycles the first live successors make; `None` also where there are too many nodes to look at all.
    pub rings: Option<u64>,
}

/// A distributed hash table, as seen by the simulation loop.
///
/// Nodes are named by [`NodeIdx`], which stands for the pair of address and identifier that a real
/// node would store. `fx.node()` is always the node that the call is about.
pub trait Overlay: Sized {
    /// What its nodes say to each other.
    type Msg: Message;
    /// What its nodes wait for, besides answers to calls; [`NoTimer`] if there is nothing. The first word of
    /// a timer must not be 4 or 5 ([`Payload::words`]).
    type Timer: Payload;
    /// What its nodes' calls are for.
    type Purpose: Copy;
    /// Who owns a key.
    type Geometry: Geometry;

    /// Adds the next node (they are numbered from 0), not yet a member.
    fn add_node(&mut self, id: RingId);

    /// The identifier of a node.
    fn id(&self, node: NodeIdx) -> RingId;

    /// Gives all members at time 0 the state that maintenance would have given them in the end.
    fn converge(&mut self, start: &Start<'_>);

    /// The node starts to join through `via`. [`Effect::Joined`] follows when it is a member,
    /// [`Effect::Isolated`] if it needs another contact. With `None` there is no other member: the node
    /// becomes the first member of a new overlay, at once.
    fn join(&mut self, via: Option<NodeIdx>, fx: &mut Fx<Self>);

    /// The node is gone, with or without goodbye: its state is lost.
    fn remove(&mut self, node: NodeIdx);

    /// A node that was removed never comes back. Nothing will be asked of it but its identifier, so the memory of its
    /// state can go to a node that comes later; [`Rows`](crate::world::Rows) keeps the books.
    fn forget(&mut self, node: NodeIdx) {
        let _ = node;
    }

    /// A user at the node asks for the owner of a key, for the first time or once more. [`Effect::Answered`]
    /// or [`Effect::Failed`] carry the ticket when the request is over. The operation stays in the overlay's
    /// table until it is answered, or until [`Overlay::cancel`].
    fn request(&mut self, request: Request, fx: &mut Fx<Self>) -> OpIdx;

    /// The node that an attempt of this number (0 for the first) would ask first; `None` if it needs nobody, or if there is no
    /// choice. After the last way the first one comes again.
    fn first_hop(&self, node: NodeIdx, key: RingId, number: u8) -> Option<NodeIdx> {
        let _ = (node, key, number);
        None
    }

    /// No user waits for this operation any more. Harmless if it is over. Returns the number of its messages
    /// that were not answered in time.
    fn cancel(&mut self, op: OpIdx) -> u32;

    /// How many ways a node knows to begin a lookup for this key, each with another first hop; `most` at most. There is always
    /// one.
    fn ways(&self, node: NodeIdx, key: RingId, most: u8) -> u8 {
        let _ = (node, key, most);
        1
    }

    /// How many messages of an operation were not answered in time so far, if it is still under way for the request with this
    /// ticket.
    fn under_way(&self, op: OpIdx, ticket: u64) -> Option<u32> {
        let _ = (op, ticket);
        None
    }

    /// The user has an answer by another way. Ends the operation if nobody but the asking node carries it on, and returns
    /// whether it did; a request that others pass on cannot be called back.
    fn recall(&mut self, op: OpIdx) -> bool {
        let _ = op;
        false
    }

    /// A user's put or get whose owner this node has just found goes on. [`Effect::Operated`] carries the ticket
    /// when it is over. An overlay that stores nothing does nothing.
    fn operate(&mut self, operation: &Operation, fx: &mut Fx<Self>) {
        fx.push(Effect::Operated {
            ticket: operation.ticket,
            answers: 0,
            timeouts: 0,
            enough: false,
            version: 0,
        });
    }

    /// No user waits for this put or get any more. Harmless if it is over. Returns the number of its messages that
    /// were not answered in time, and of those that were.
    fn abandon(&mut self, ticket: u64) -> (u32, u8) {
        let _ = ticket;
        (0, 0)
    }

    /// A place of a user's put or get, by its number, will not be found; the client has looked for it
    /// ([`Operation::place`]). Harmless if the operation is over.
    fn lose_place(&mut self, ticket: u64, number: u8, fx: &mut Fx<Self>) {
        let _ = (ticket, number, fx);
    }

    /// The network has lost this message, or its receiver is gone.
    fn undelivered(&mut self, msg: &Self::Msg, fx: &Fx<Self>) {
        let _ = (msg, fx);
    }

    /// What is kept under the keys, if anything is.
    fn stock(&self) -> Option<&dyn storage::Stock> {
        None
    }

    /// Every key is stored, in its first version, on the nodes that `keepers` names for each of its places (it adds them to
    /// the list).
    fn stock_up(&mut self, keys: &[RingId], keepers: &mut dyn FnMut(RingId, &mut Vec<NodeIdx>)) {
        let _ = (keys, keepers);
    }

    /// A message arrives at a node. The node does with it what its peer's conduct says.
    fn on_message(&mut self, from: NodeIdx, msg: Self::Msg, deed: Deed, fx: &mut Fx<Self>);

    /// The node sees the whole world, as it wanted to ([`Effect::LookAround`]).
    fn look_around(&mut self, node: NodeIdx, around: &Around<'_>) {
        let _ = (node, around);
    }

    /// The round trip from one member to another, as far as the first can estimate it from coordinates that both have.
    fn estimated_round_trip(&self, from: NodeIdx, to: NodeIdx) -> Option<SimDuration> {
        let _ = (from, to);
        None
    }

    /// A call was not answered in time.
    fn on_silence(&mut self, call: Call<Self::Purpose>, fx: &mut Fx<Self>) {
        let _ = (call, fx);
    }

    /// A timer goes off.
    fn on_timer(&mut self, timer: Self::Timer, fx: &mut Fx<Self>) {
        let _ = (timer, fx);
    }

    /// Starts the timers of a member whose state came from [`Overlay::converge`].
    fn start(&mut self, fx: &mut Fx<Self>) {
        let _ = fx;
    }

    /// The node says goodbye; [`Overlay::remove`] follows at once.
    fn leave(&mut self, fx: &mut Fx<Self>) {
        let _ = fx;
    }

    /// What this message asks of `node`. A peer that is selfish may refuse it.
    fn service(&self, node: NodeIdx, msg: &Self::Msg, parcels: &parcels::Parcels) -> Service {
        let _ = (node, msg, parcels);
        Service::Maintain
    }

    /// What a node is about to do when this timer goes off, if others need it as well. A peer that is selfish may leave it
    /// undone ([`Overlay::shirk`]).
    fn duty(&self, timer: &Self::Timer) -> Service {
        let _ = timer;
        Service::Nothing
    }

    /// A timer goes off, and the node does nothing of its [`duty`](Overlay::duty) but wait for the next time.
    fn shirk(&mut self, timer: Self::Timer, fx: &mut Fx<Self>) {
        let _ = (timer, fx);
    }

    /// The key whose owner this message looks for, if it asks somebody to pass a lookup on.
    fn sought(&self, msg: &Self::Msg) -> Option<RingId> {
        let _ = msg;
        None
    }

    /// The ticket of the user's request on whose account this message travels, as long as the request is under
    /// way. What an overlay does not tell is measured within the measured duration only, and no request of it is
    /// known to have been dropped.
    fn ticket(&self, msg: &Self::Msg, calls: &Calls<Self::Purpose>) -> Option<u64> {
        let _ = (msg, calls);
        None
    }

    /// The ticket of the user's request for which `node` makes calls for this purpose, if it is for one.
    fn ticket_of_call(&self, node: NodeIdx, purpose: Self::Purpose) -> Option<u64> {
        let _ = (node, purpose);
        None
    }

    /// What a message about a user's request says, for people.
    fn said(&self, msg: &Self::Msg, parcels: &parcels::Parcels) -> Option<Said> {
        let _ = (msg, parcels);
        None
    }

    /// What a node knows of the others, for people.
    fn knows(&self, node: NodeIdx) -> Knowledge {
        let _ = node;
        Knowledge::default()
    }

    /// The number of nodes in the longest list that a message carries.
    fn parcel_width(&self) -> usize {
        0
    }

    /// Makes room for this many nodes that will be added.
    fn reserve(&mut self, nodes: usize) {
        let _ = nodes;
    }

    /// Says before the run what it means on this network that a node is silent.
    fn take_silence_for(&mut self, silence: Silence) {
        let _ = silence;
    }

    /// Compares the members' tables with the truth.
    fn health(&self, members: &Directory) -> Health {
        let _ = members;
        Health::default()
    }

    /// The overlay as a ring, if it is one, for an audit of the ring.
    fn ring(&self) -> Option<&dyn RingView> {
        None
    }
}

/// An overlay whose nodes keep lists of the nodes that follow them on a ring.
pub trait RingView {
    /// The successor list of a node, nearest first.
    fn successors(&self, node: NodeIdx) -> &[NodeIdx];

    /// The most entries of a list.
    fn list_length(&self) -> u8;
}

/// What a future event is likely to need besides the memory already asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outlook {
    /// Nothing.
    Clear,
    /// More of the overlay's memory.
    Further,
    /// The true owner of a key, and the user's lookup with this ticket: a node will claim the key.
    Claim(RingId, u64),
    /// The user's lookup with this ticket: its answer arrives.
    Answer(u64),
}

/// Asking for memory before its turn, so that large overlays wait less for it (see
/// [`crate::engine::prefetch_at`]). Nothing here changes any state. An overlay that does not need it leaves
/// all of it out: `impl LookAhead for MyOverlay {}`.
pub trait LookAhead: Overlay {
    /// Asks for the memory that an event of `node` will need, and says whether there is more to ask for
    /// later. `msg` is the message, if the event is a message.
    fn prefetch(&self, node: NodeIdx, msg: Option<Self::Msg>, fx: &Fx<Self>) -> bool {
        let _ = (node, msg, fx);
        false
    }

    /// Asks for the memory that is found through what [`LookAhead::prefetch`] asked for a while ago, and says
    /// what else the event will need.
    fn prefetch_second(&self, node: NodeIdx, msg: Option<Self::Msg>, fx: &Fx<Self>) -> Outlook {
        let _ = (node, msg, fx);
        Outlook::Clear
    }

    /// Asks for the memory that is found through what [`LookAhead::prefetch_second`] asked for a while ago.
    fn prefetch_third(&self, node: NodeIdx, msg: Self::Msg, fx: &Fx<Self>) {
        let _ = (node, msg, fx);
    }

    /// Asks for the memory that a node will need for the first step of a lookup. The node's own state was
    /// asked for a while ago.
    fn prefetch_request(&self, node: NodeIdx, key: RingId) {
        let _ = (node, key);
    }
}
