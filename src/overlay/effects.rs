//! What a handler wants done.

use rand_chacha::ChaCha8Rng;

use crate::engine::{Epoch, NodeIdx, RingId, SimDuration, SimTime};

/// On whose account a message travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Traffic {
    /// A user's lookup.
    Lookup,
    /// A user's lookup that this node passes on for another.
    Forwarded,
    /// The upkeep of the overlay.
    Maintenance,
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
    /// The answer to a user's lookup has reached the node that asked.
    Answered {
        /// Of the lookup.
        ticket: u64,
        /// Who answered.
        owner: NodeIdx,
        /// How often the lookup was passed on.
        hops: u32,
        /// How many of its messages were not answered in time.
        timeouts: u32,
    },
    /// A user's lookup has failed: there is nobody left to ask.
    Failed {
        /// Of the lookup.
        ticket: u64,
        /// How many of its messages were not answered in time.
        timeouts: u32,
    },
    /// The node is a member from now on.
    Joined,
    /// The node cannot go on without a contact: it could not join, or has lost the ring. It is no
    /// member any more.
    NeedsContact,
}

/// Collects what a handler wants done, and holds what it may know of the world: the time, which
/// node it is, and random numbers.
pub struct Effects<M, T> {
    now: SimTime,
    node: NodeIdx,
    epoch: Epoch,
    rng: ChaCha8Rng,
    list: Vec<Effect<M, T>>,
}

impl<M, T> Effects<M, T> {
    /// An empty collection whose random numbers come from `rng`.
    #[must_use]
    pub fn new(rng: ChaCha8Rng) -> Self {
        Self {
            now: SimTime::ZERO,
            node: NodeIdx::NONE,
            epoch: Epoch::default(),
            rng,
            list: Vec::with_capacity(64),
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

    /// The life of that node: what it waits for it waits for in this one.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Random numbers of the protocol's own stream.
    pub fn rng(&mut self) -> &mut ChaCha8Rng {
        &mut self.rng
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

    /// What was asked for in this place, counted from 0.
    pub fn get(&self, place: usize) -> Option<&Effect<M, T>> {
        self.list.get(place)
    }

    /// All that was asked for is done.
    pub fn end(&mut self) {
        self.list.clear();
    }
}
