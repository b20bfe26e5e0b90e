//! Typed indices: a column is indexed by one of these and by nothing else.

use std::fmt;

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u32);

        impl $name {
            /// The position in a column.
            #[must_use]
            pub const fn at(self) -> usize {
                self.0 as usize
            }

            /// The index of a column's position.
            ///
            /// # Panics
            /// If the position does not fit 32 bits: no column here may grow that long.
            #[must_use]
            pub fn from_usize(position: usize) -> Self {
                Self(u32::try_from(position).expect("a column holds at most 2^32 - 1 rows"))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

index! {
    /// A position in the identifier space: one virtual node of one peer. An index is never given to
    /// another address.
    NodeIdx
}
index! {
    /// A participant: the unit that joins, departs and behaves. It owns one ring position, or
    /// several with virtual nodes.
    PeerIdx
}
index! {
    /// A place in the network from which latencies are measured. Peers may share one.
    HostIdx
}
index! {
    /// A physical link of the network.
    LinkIdx
}
index! {
    /// An operation under way (a lookup by a user or by maintenance): slot and generation of a
    /// row in the table of operations.
    OpIdx
}

index! {
    /// A call under way (a message that is answered or times out): its number, which wraps around.
    CallId
}

impl NodeIdx {
    /// "No node": fills the place of a node that is not known.
    pub const NONE: Self = Self(u32::MAX);

    /// The node, or `None` for [`NodeIdx::NONE`].
    #[must_use]
    pub fn some(self) -> Option<Self> {
        (self != Self::NONE).then_some(self)
    }
}

/// An identifier on the ring: of a node or of a key. Only its low `id_bits` bits may be set.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RingId(pub u64);

impl fmt::Display for RingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which life of a node an event is meant for. The epoch goes up by one whenever a node comes or goes.
/// Odd epochs are the node's lives, even epochs the times in between. So no message sent to the node and
/// no timer set by it in an earlier life, or while it was away, ever reaches it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Epoch(pub u16);

impl Epoch {
    /// The epoch of a node that has come for the first time.
    pub const FIRST_LIFE: Self = Self(1);

    /// The epoch that follows.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }

    /// Whether the node is there in this epoch.
    #[must_use]
    pub fn is_life(self) -> bool {
        !self.0.is_multiple_of(2)
    }
}
