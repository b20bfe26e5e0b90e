//! What a handler wants done, and what it may know of the world.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;

use super::opinions::Opinions;
use super::parcels::{Batch, ParcelId, Parcels};
use super::rpc::{Call, CallRules, Calls};
use super::{Message, Overlay, Service};
use crate::engine::{SimDuration, SimTime};
use crate::world::{CallId, Epoch, NodeIdx, OpIdx, RingId, Space};

/// On whose account a message travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Traffic {
    /// A user's lookup.
    Lookup,
    /// A user's lookup that this node passes on for another.
    Forwarded,
    /// Maintenance of the overlay.
    Maintenance,
    /// Copies are compared and replaced.
    Repair,
    /// Copies go to the nodes that keep them from now on, because a node joins or leaves.
    Handover,
}

/// One thing to be done on behalf of a node.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Effect<M, T> {
    /// Send a message.
    Send {
        /// The receiver.
        to: NodeIdx,
        /// What it says.
        msg: M,
        /// On whose account.
        traffic: Traffic,
    },
    /// Call back later.
    Timer {
        /// After this long.
        after: SimDuration,
        /// With this timer.
        timer: T,
    },
    /// The node answers a user's lookup: it claims to own the key. The answer is on its way.
    Claims {
        /// Of the lookup.
        ticket: u64,
        /// The key it claims.
        key: RingId,
    },
    /// The answer to a user's lookup has reached the node that asked. The operation is over.
    Answered {
        /// Of the lookup.
        ticket: u64,
        /// Who answered.
        owner: NodeIdx,
        /// Messages from the asking node until the lookup was at the owner; 0 if the asking node owns the
        /// key. The way of the answer does not count.
        hops: u32,
        /// How many of its messages were not answered in time.
        timeouts: u32,
    },
    /// A user's lookup has come to a dead end: there is no node left to ask. The operation stays until the
    /// client starts it again by another way or cancels it.
    Failed {
        /// Of the lookup.
        ticket: u64,
        /// The operation that has come to its end.
        op: OpIdx,
        /// How many of its messages were not answered in time.
        timeouts: u32,
    },
    /// The nodes that keep copies are asked, for a user's put or get.
    Asked {
        /// Of the request.
        ticket: u64,
    },
    /// A user's put or get is over.
    Operated {
        /// Of the request.
        ticket: u64,
        /// How many nodes have acknowledged the put, or answered the get.
        answers: u8,
        /// How many messages to nodes that keep copies were not answered in time.
        timeouts: u32,
        /// Whether these are as many as the quorum wants.
        enough: bool,
        /// The version that was read; 0 if nothing was.
        version: u32,
    },
    /// The owner that a user's put or get had found is silent: it has to be found once more.
    FindAgain {
        /// Of the request.
        ticket: u64,
    },
    /// The node has asked another one for something itself, and was served by it or not: by an answer or by silence. Told only
    /// where somebody remembers ([`Effects::experienced`]).
    Experience {
        /// Who was asked.
        of: NodeIdx,
        /// For what.
        service: Service,
        /// Whether it was done.
        served: bool,
    },
    /// The node hands a user's lookup of its own to another one: what becomes of it, that one has to answer for. Told only
    /// where somebody remembers ([`Effects::entrusts`]).
    Entrusted {
        /// Of the request.
        ticket: u64,
        /// The operation.
        op: OpIdx,
        /// To whom.
        to: NodeIdx,
    },
    /// The node thinks ill of all that it could ask for a user's request.
    Shunned {
        /// Of the request.
        ticket: u64,
    },
    /// The node sees the whole world at once: [`Overlay::look_around`] follows.
    LookAround,
    /// The node is a member from now on.
    Joined,
    /// The node is cut off and needs a contact: it could not join, or has lost all other nodes. It has
    /// ceased to be a member.
    Isolated,
}

/// The effects of an overlay.
pub type Fx<O> = Effects<<O as Overlay>::Msg, <O as Overlay>::Timer, <O as Overlay>::Purpose>;

/// Collects what a handler wants done, and holds what the handler may know of the world: the time, its node,
/// random numbers. It also holds the machinery that all overlays share: calls that are answered or time out,
/// and lists of nodes that messages carry.
pub struct Effects<M, T, P> {
    now: SimTime,
    node: NodeIdx,
    epoch: Epoch,
    rng: ChaCha8Rng,
    space: Space,
    rules: CallRules,
    calls: Calls<P>,
    /// What has to be sent once more if a call is not answered, and how often yet. Empty unless calls are
    /// made again.
    spare: BTreeMap<CallId, Spare<M>>,
    /// Calls that were taken to have failed so far, of all nodes.
    unanswered: u64,
    parcels: Parcels,
    list: Vec<Effect<M, T>>,
    /// Whether anybody remembers who has served whom.
    remembers: bool,
    /// Who thinks ill of whom, if anybody does.
    opinions: Option<Box<Opinions>>,
}

/// The message of a call, kept in case it has to be sent again.
#[derive(Clone, Copy)]
struct Spare<M> {
    msg: M,
    traffic: Traffic,
    left: u8,
}

impl<M: Message, T, P: Copy> Effects<M, T, P> {
    /// An empty collection whose random numbers come from `rng`. Calls are made by these `rules`;
    /// messages carry lists of at most `parcel_width` nodes.
    #[must_use]
    pub fn new(rng: ChaCha8Rng, space: Space, rules: CallRules, parcel_width: usize) -> Self {
        Self {
            now: SimTime::ZERO,
            node: NodeIdx::NONE,
            epoch: Epoch::default(),
            rng,
            space,
            rules,
            calls: Calls::default(),
            spare: BTreeMap::new(),
            unanswered: 0,
            parcels: Parcels::new(parcel_width),
            list: Vec::with_capacity(64),
            remembers: false,
            opinions: None,
        }
    }

    /// Prepares for a handler that is about `node`, in its life `epoch`, at time `now`.
    pub fn begin(&mut self, now: SimTime, node: NodeIdx, epoch: Epoch) {
        debug_assert!(
            self.list.is_empty(),
            "effects of the handler before were not applied"
        );
        self.now = now;
        self.node = node;
        self.epoch = epoch;
    }

    /// The simulated time.
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// The node that the handler is about.
    pub fn node(&self) -> NodeIdx {
        self.node
    }

    /// The life of that node in which it now acts and waits.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Random numbers of the protocol's own stream.
    pub fn rng(&mut self) -> &mut ChaCha8Rng {
        &mut self.rng
    }

    /// The space of identifiers, with its arithmetic: distances and intervals on the ring.
    pub fn space(&self) -> Space {
        self.space
    }

    /// How long a call may go without an answer.
    pub fn rpc_timeout(&self) -> SimDuration {
        self.rules.timeout
    }

    /// Says whether anybody remembers who has served whom.
    pub fn remember(&mut self, remembers: bool) {
        self.remembers = remembers;
    }

    /// Whether anybody remembers who has served whom.
    #[inline]
    pub fn remembers(&self) -> bool {
        self.remembers
    }

    /// Says who thinks ill of whom, from now on.
    pub fn hold(&mut self, opinions: Opinions) {
        self.opinions = Some(Box::new(opinions));
    }

    /// Who thinks ill of whom, for the loop to change.
    pub fn opinions_mut(&mut self) -> Option<&mut Opinions> {
        self.opinions.as_deref_mut()
    }

    /// Whether the peer of this node thinks ill of that of another one, and so does not ask it: for nothing
    /// ([`Effects::asks_anyway`]), or only where there is nobody else.
    #[inline]
    pub fn thinks_ill_of(&self, other: NodeIdx) -> bool {
        let opinions = self.opinions.as_ref();
        opinions.is_some_and(|opinions| opinions.are_ill(self.node, other, self.now))
    }

    /// Whether those of ill repute are asked where there is nobody else.
    pub fn asks_anyway(&self) -> bool {
        let opinions = self.opinions.as_ref();
        opinions.is_none_or(|opinions| opinions.ask_anyway())
    }

    /// The node hands a user's lookup of its own to another one.
    #[inline]
    pub fn entrusts(&mut self, ticket: u64, op: OpIdx, to: NodeIdx) {
        if self.remembers {
            self.push(Effect::Entrusted { ticket, op, to });
        }
    }

    /// The node has asked another one for something itself, and was served or not.
    #[inline]
    pub fn experienced(&mut self, of: NodeIdx, service: Service, served: bool) {
        if self.remembers {
            self.push(Effect::Experience {
                of,
                service,
                served,
            });
        }
    }

    /// Asks for one thing to be done.
    pub fn push(&mut self, effect: Effect<M, T>) {
        self.list.push(effect);
    }

    /// Sends a message.
    pub fn send(&mut self, to: NodeIdx, msg: impl Into<M>, traffic: Traffic) {
        let msg = msg.into();
        self.push(Effect::Send { to, msg, traffic });
    }

    /// Sets a timer.
    pub fn timer(&mut self, after: SimDuration, timer: T) {
        self.push(Effect::Timer { after, timer });
    }

    /// Calls `peer`: sends the message that `msg` makes of the call's name. Unless [`Effects::close_call`] is
    /// told of an answer in time, the message is sent again, as often as the scenario wants
    /// (`overlay.rpc_retries`). After the last time [`Overlay::on_silence`] follows.
    ///
    /// # Panics
    /// If the message carries a list of nodes and may have to be sent again: such a list is released once it has arrived.
    pub fn call<I: Into<M>>(
        &mut self,
        peer: NodeIdx,
        purpose: P,
        traffic: Traffic,
        msg: impl FnOnce(CallId) -> I,
    ) -> CallId {
        let expires = self.now + self.rules.timeout;
        let caller = (self.node, self.epoch);
        let id = self.calls.open(expires, caller, peer, purpose);
        let msg = msg(id).into();
        if self.rules.retries > 0 {
            self.keep_spare(id, msg, traffic);
        }
        self.send(peer, msg, traffic);
        id
    }

    #[cold]
    fn keep_spare(&mut self, call: CallId, msg: M, traffic: Traffic) {
        let may_repeat = self.parcels.hold(&msg);
        assert!(may_repeat, "a call cannot carry a list of nodes twice");
        let left = self.rules.retries;
        self.spare.insert(call, Spare { msg, traffic, left });
    }

    /// A call has been answered by `from`. Returns the call, if this node has made it and still waits.
    pub fn close_call(&mut self, call: CallId, from: NodeIdx) -> Option<Call<P>> {
        let closed = self.calls.answer(call, self.node, from)?;
        if self.rules.retries > 0 {
            self.drop_spare(call);
        }
        Some(closed)
    }

    /// How long ago this node made a call to `from`, if it still waits for the answer. A call that was made again tells
    /// nothing: nobody knows which of its messages an answer answers (Karn and Partridge, SIGCOMM 1987).
    #[must_use]
    pub fn round_trip(&self, call: CallId, from: NodeIdx) -> Option<SimDuration> {
        let expires = self.calls.expires(call, self.node, from)?;
        let left = expires.since(self.now);
        Some(SimDuration(self.rules.timeout.0.saturating_sub(left.0)))
    }

    /// The time of a call is over. Returns the call, if this node has made it, got no answer and does not make
    /// it again.
    pub fn expired(&mut self, call: CallId) -> Option<Call<P>> {
        let expired = self.calls.expire(call, self.node)?;
        if self.rules.retries > 0 && self.call_again(expired) {
            return None;
        }
        self.unanswered += 1;
        Some(expired)
    }

    /// A call is not made again.
    fn drop_spare(&mut self, call: CallId) {
        if let Some(spare) = self.spare.remove(&call) {
            self.parcels.release(&spare.msg);
        }
    }

    /// How many calls have got no answer in time so far, not even when they were made again.
    #[must_use]
    pub fn unanswered(&self) -> u64 {
        self.unanswered
    }

    /// Makes a call again, unless that was done often enough. Returns whether it did.
    #[cold]
    fn call_again(&mut self, call: Call<P>) -> bool {
        let Some(spare) = self.spare.get_mut(&call.id) else {
            return false;
        };
        if spare.left == 0 {
            self.drop_spare(call.id);
            return false;
        }
        spare.left -= 1;
        let Spare { msg, traffic, .. } = *spare;
        self.parcels.hold(&msg);
        let caller = (self.node, self.epoch);
        self.calls
            .reopen(call, self.now + self.rules.timeout, caller);
        self.send(call.peer, msg, traffic);
        true
    }

    /// The node that made a call is gone.
    pub fn forget_call(&mut self, call: CallId) {
        if self.rules.retries > 0 {
            self.calls.forget(call);
            self.drop_spare(call);
        }
    }

    /// Packs a list of nodes for a message to carry.
    pub fn pack(&mut self, first: NodeIdx, others: &[NodeIdx]) -> ParcelId {
        self.parcels.pack(first, others)
    }

    /// The list that a message carries: its first node, and the others, padded with [`NodeIdx::NONE`]. The
    /// list is released when the message has been handled.
    pub fn unpack(&self, parcel: ParcelId) -> (NodeIdx, &[NodeIdx]) {
        self.parcels.read(parcel)
    }

    /// The batch that a message carries. It is released when the message has been handled.
    pub fn batch(&self, parcel: ParcelId) -> &Batch {
        self.parcels.batch(parcel)
    }

    /// Whether the node becomes a member by what is to be done.
    pub fn has_joined(&self) -> bool {
        self.list
            .iter()
            .any(|effect| matches!(effect, Effect::Joined))
    }

    /// The calls under way.
    pub fn calls(&self) -> &Calls<P> {
        &self.calls
    }

    /// The calls under way, for the loop to change.
    pub fn calls_mut(&mut self) -> &mut Calls<P> {
        &mut self.calls
    }

    /// The lists under way.
    pub fn parcels(&self) -> &Parcels {
        &self.parcels
    }

    /// The lists under way, for the loop to release.
    pub fn parcels_mut(&mut self) -> &mut Parcels {
        &mut self.parcels
    }

    /// The effect in this place, counted from 0.
    pub fn get(&self, place: usize) -> Option<&Effect<M, T>> {
        self.list.get(place)
    }

    /// All effects have been carried out.
    pub fn end(&mut self) {
        self.list.clear();
    }
}
