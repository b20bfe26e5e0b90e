//! What people are told of an overlay: what a node knows, and what a message about a user's request says. No protocol
//! reads any of it.

use crate::world::{NodeIdx, RingId};

/// What a node knows of the others, as it stands in its tables.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Knowledge {
    /// The node before it.
    pub predecessor: Option<NodeIdx>,
    /// The nodes behind it, nearest first.
    pub successors: Vec<NodeIdx>,
    /// The finger table: entry i, counted from 0, is for the place 2^i behind the node's own. `None`: not known. Empty if there is no
    /// such table.
    pub fingers: Vec<Option<NodeIdx>>,
}

/// What a message says that travels for a user's request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Said {
    /// The receiver is to take the lookup over, which has then been passed on so often. The sender takes it for the owner of
    /// the key, or for a node before the key.
    Forward {
        /// Hops, this one included.
        hops: u32,
        /// Whether for the owner.
        as_owner: bool,
    },
    /// The receiver is asked for the next node, and for another one than the node that `failed`.
    Ask {
        /// Whether it is taken for the owner.
        as_owner: bool,
        /// A node that it has named and that does not answer.
        failed: Option<NodeIdx>,
    },
    /// The sender has received the lookup.
    Received,
    /// This is the node to ask next.
    Referral {
        /// That node.
        next: NodeIdx,
        /// Whether it is taken for the owner.
        as_owner: bool,
    },
    /// The sender owns the key.
    Owner,
    /// The sender knows no node that could be asked next.
    DeadEnd,
    /// The owner does not answer, and nobody answers in its place.
    OwnerSilent,
    /// Which nodes keep the copies?
    WhoKeeps,
    /// These, the sender first.
    Keepers(Vec<NodeIdx>),
    /// Does the receiver own this place, at which a copy is kept?
    FindPlace(RingId),
    /// The sender does.
    OwnsPlace,
    /// The sender does not, and these are closer to it, the best first.
    Closer(Vec<NodeIdx>),
    /// Keep this version of a value.
    Put {
        /// The version.
        version: u32,
        /// The size of the value.
        bytes: u32,
    },
    /// The sender keeps it.
    Kept,
    /// Which version of the value does the receiver keep?
    Get,
    /// This one; 0: none.
    Value {
        /// The version.
        version: u32,
        /// The size of the value.
        bytes: u32,
    },
    /// The sender will not do what it was asked.
    Declined,
}
