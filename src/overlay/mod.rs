//! Overlays: what every one of them implements, the arithmetic of the ring, and the oracle that
//! knows who really owns a key.
//!
//! An overlay is sans-I/O. A handler is told what happened to one node (a message came, a timer
//! went off, a user asks) and changes that node's own state; what it wants done it puts into
//! [`Effects`]. It sees neither the event queue nor the network nor any file, and it never asks
//! the oracle.

pub mod chord;
mod effects;
mod ids;
mod oracle;
mod ring;

pub use effects::{Effect, Effects, Traffic};
pub use ids::IdSource;
pub use oracle::Oracle;
pub use ring::Space;

use crate::engine::{Epoch, NodeIdx, OpIdx, Payload, RingId, SimTime};

/// What a message asks of the node that receives it: the ground on which selfish peers and faults
/// decide.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Service {
    /// To pass a lookup on towards its owner.
    PassOn,
    /// To answer for a key of its own.
    Answer,
    /// To take part in the upkeep of the overlay.
    Maintain,
}

/// How far the tables of the live members are from what they should be. Shares are 0 to 1.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Health {
    /// Every live node's first live successor is the next live node.
    pub ring_ok: bool,
    /// Share of live nodes whose first successor entry is not the next live node.
    pub wrong_successors: f64,
    /// Share of live nodes whose first successor entry is dead.
    pub dead_successors: f64,
    /// Share of finger entries naming a dead node; `None` if the overlay keeps no fingers.
    pub dead_fingers: Option<f64>,
    /// Share of finger entries that are not what the textbook says; `None` as above.
    pub wrong_fingers: Option<f64>,
}

/// What an event to come is likely to need beside what has been asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outlook {
    /// Nothing.
    Clear,
    /// More of the overlay's memory.
    Further,
    /// The true owner of a key, and the user's lookup with this ticket: a node is going to claim the key.
    Claim(RingId, u64),
    /// The user's lookup with this ticket: its answer arrives.
    Answer(u64),
}

/// A distributed hash table, as seen by the simulation loop.
///
/// Nodes are named by [`NodeIdx`], which stands for the pair of address and identifier that a real
/// node would store. `fx.node()` is always the node that the call is about.
pub trait Overlay {
    /// What its nodes say to each other.
    type Msg: Payload;
    /// What its nodes wait for.
    type Timer: Payload;

    /// Makes room for so many nodes that are going to be added.
    fn reserve(&mut self, nodes: usize);

    /// Adds the next node (they are numbered from 0), not yet a member.
    fn add_node(&mut self, id: RingId);

    /// The identifier of a node.
    fn id(&self, node: NodeIdx) -> RingId;

    /// Gives all members at time 0 the state that maintenance would in the end have given them.
    /// `members` is sorted by identifier.
    fn converge(&mut self, members: &[(RingId, NodeIdx)]);

    /// Starts the timers of a member whose state came from [`Overlay::converge`].
    fn start(&mut self, fx: &mut Effects<Self::Msg, Self::Timer>);

    /// The node becomes the first member of a new overlay.
    fn found(&mut self, fx: &mut Effects<Self::Msg, Self::Timer>);

    /// The node sets out to join through `via`; [`Effect::Joined`] follows when it is a member,
    /// [`Effect::NeedsContact`] if it has to be told of another contact.
    fn join(&mut self, via: NodeIdx, fx: &mut Effects<Self::Msg, Self::Timer>);

    /// The node says goodbye; [`Overlay::remove`] follows at once.
    fn leave(&mut self, fx: &mut Effects<Self::Msg, Self::Timer>);

    /// The node is gone, with or without goodbye: its state is lost.
    fn remove(&mut self, node: NodeIdx);

    /// A user at the node looks up a key. [`Effect::Answered`] or [`Effect::Failed`] carry the
    /// ticket when it is over. The operation stays in the overlay's table until then, or until
    /// [`Overlay::forget`].
    fn request(
        &mut self,
        key: RingId,
        ticket: u64,
        fx: &mut Effects<Self::Msg, Self::Timer>,
    ) -> OpIdx;

    /// Nobody waits for this operation any more. Harmless if it is over. Gives the number of its
    /// messages that were not answered in time.
    fn forget(&mut self, op: OpIdx) -> u32;

    /// A message arrives.
    fn on_message(
        &mut self,
        from: NodeIdx,
        msg: Self::Msg,
        fx: &mut Effects<Self::Msg, Self::Timer>,
    );

    /// A message arrives at a node that refuses the service: it may acknowledge, no more.
    fn on_refused(
        &mut self,
        from: NodeIdx,
        msg: Self::Msg,
        fx: &mut Effects<Self::Msg, Self::Timer>,
    );

    /// A message will never arrive: what was kept for it can be let go.
    fn discard(&mut self, msg: Self::Msg);

    /// When the first node gives up waiting for an answer.
    fn next_deadline(&mut self) -> Option<SimTime>;

    /// That moment has come: which node it is, in which life it asked, and the timer that goes off unless
    /// that life is over. The overlay forgets it then.
    fn pop_deadline(&mut self) -> Option<(NodeIdx, Epoch, Self::Timer)>;

    /// A timer goes off.
    fn on_timer(&mut self, timer: Self::Timer, fx: &mut Effects<Self::Msg, Self::Timer>);

    /// What this message asks of `node`.
    fn service(&self, node: NodeIdx, msg: &Self::Msg) -> Service;

    /// The size of a message on the wire in bytes, headers included.
    fn bytes(&self, msg: Self::Msg) -> u32;

    /// Asks for the memory that an event of `node` will need (see [`crate::engine::prefetch_at`]), and says
    /// whether there is more to ask for after it; `msg` is the message, if it is one.
    fn prefetch(&self, node: NodeIdx, msg: Option<Self::Msg>) -> bool;

    /// Asks for the memory that is found by way of what [`Overlay::prefetch`] asked for a while ago, and
    /// says what else the event is going to need.
    fn prefetch_second(&self, node: NodeIdx, msg: Option<Self::Msg>) -> Outlook;

    /// Asks for the memory that is found by way of what [`Overlay::prefetch_second`] asked for a while
    /// ago.
    fn prefetch_third(&self, node: NodeIdx, msg: Self::Msg);

    /// Asks for the memory that a node will need for the first step of a lookup; its own state was asked for
    /// a while ago.
    fn prefetch_request(&self, node: NodeIdx, key: RingId);

    /// The successor list of a node, nearest first: what an audit of the ring looks at.
    fn successor_list(&self, node: NodeIdx) -> &[NodeIdx];

    /// Who counts as dead if this timer goes off now, if it waits for somebody's answer.
    fn suspects(&self, timer: &Self::Timer) -> Option<NodeIdx>;

    /// What a message is called, in a story for people.
    fn name_of_message(&self, msg: &Self::Msg) -> &'static str;

    /// What a timer is called, in a story for people.
    fn name_of_timer(&self, timer: &Self::Timer) -> &'static str;

    /// Compares the members' tables with the truth.
    fn health(&self, oracle: &Oracle) -> Health;
}
