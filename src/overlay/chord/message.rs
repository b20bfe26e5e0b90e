//! What Chord nodes say to each other and what they wait for. A kind of message is declared once, in
//! `messages!`: how it is packed, how large it is on the wire, what it asks for, and which memory it will
//! need.

use crate::overlay::parcels::{ParcelId, Parcels};
use crate::overlay::{Carries, Message, Payload, storage, vivaldi};
use crate::world::{CallId, NodeIdx, OpIdx};

/// In which role a node is handed a lookup.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// The receiver precedes the key: it passes the lookup on.
    Step,
    /// The sender takes the receiver for the owner. The receiver passes the lookup back if it has a
    /// predecessor that the sender does not know and that owns the key.
    Owner,
}

/// The role of the receiver and the number of hops so far, in the 24 bits that a message has for them. More
/// hops than 4 194 303 are counted as 4 194 303.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HopHeader(u32);

impl HopHeader {
    const MAX_HOPS: u32 = (1 << 22) - 1;

    #[inline]
    pub fn new(role: Role, hops: u32) -> Self {
        Self((role as u32) << 22 | hops.min(Self::MAX_HOPS))
    }

    pub fn role(self) -> Role {
        if self.0 >> 22 == 0 {
            Role::Step
        } else {
            Role::Owner
        }
    }

    pub fn hops(self) -> u32 {
        self.0 & Self::MAX_HOPS
    }
}

/// A node or no node, packed so that "no node" is 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Heir(pub NodeIdx);

/// A part of a message, packed into 32 bits.
trait Part: Sized {
    /// Whether this part names a list of nodes.
    const IS_PARCEL: bool = false;
    fn bits(self) -> u32;
    fn from_bits(bits: u32) -> Self;
}

macro_rules! parts {
    ($($type:ident)*) => {$(
        impl Part for $type {
            #[inline]
            fn bits(self) -> u32 {
                self.0
            }
            #[inline]
            fn from_bits(bits: u32) -> Self {
                Self(bits)
            }
        }
    )*};
}

parts!(CallId NodeIdx OpIdx HopHeader);

impl Part for ParcelId {
    const IS_PARCEL: bool = true;
    #[inline]
    fn bits(self) -> u32 {
        self.0
    }
    #[inline]
    fn from_bits(bits: u32) -> Self {
        Self(bits)
    }
}

impl Part for Heir {
    #[inline]
    fn bits(self) -> u32 {
        self.0.0.wrapping_add(1)
    }
    #[inline]
    fn from_bits(bits: u32) -> Self {
        Self(NodeIdx(bits.wrapping_sub(1)))
    }
}

/// IP and UDP headers, and 4 bytes for the kind of message and the name of its call.
const HEADER: u32 = 20 + 8 + 4;
/// An identifier, an IPv4 address and a port.
const CONTACT: u32 = 8 + 4 + 2;
/// The key, the asking node and the count of hops.
const LOOKUP: u32 = 8 + CONTACT + 4;
const NOTHING: u32 = 0;
/// A list of nodes: the size depends on the list.
const CONTACTS: u32 = u32::MAX;
/// A node or no node.
const MAYBE_A_CONTACT: u32 = u32::MAX - 1;
/// A message about copies, which knows its own size.
const STORAGE: u32 = u32::MAX - 2;
/// A list of nodes without a predecessor in front.
const NEIGHBOURS: u32 = u32::MAX - 3;
/// The same, and the coordinates of all and of the sender.
const NEIGHBOURS_AT: u32 = u32::MAX - 4;
/// The coordinates of the sender.
const COORDINATES: u32 = vivaldi::WIRE_BYTES;

/// What is known of every kind of message.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Bytes after the headers, [`CONTACTS`], [`MAYBE_A_CONTACT`] or [`STORAGE`].
    carries: u32,
    /// Which memory the message will need.
    pub needs: Needs,
    /// Whether the message answers something that the receiver may have asked before it was a member.
    pub is_reply: bool,
    /// Whether the second part of the message names a list of nodes.
    has_parcel: bool,
}

/// What handling a message needs: a field is all ones if it is needed, else all zeros.
#[derive(Clone, Copy)]
pub struct Needs {
    /// The receiver's own state.
    pub node: u32,
    /// The call that the message names first.
    pub call: u32,
    /// The operation that the message names first.
    pub op: u32,
    /// There is more to ask for once the rest is there.
    pub more: bool,
}

const NODE: Needs = Needs {
    node: u32::MAX,
    call: 0,
    op: 0,
    more: false,
};
/// The receiver's state, and the memory to which it leads.
const TABLES: Needs = Needs { more: true, ..NODE };
const CALL: Needs = Needs {
    node: 0,
    call: u32::MAX,
    ..NODE
};
/// The call and the receiver's tables.
const CALL_AND_TABLES: Needs = Needs {
    call: u32::MAX,
    ..TABLES
};
/// The operation and the receiver's tables.
const OP_AND_TABLES: Needs = Needs {
    op: u32::MAX,
    ..TABLES
};
/// The operation, and the memory to which it leads.
const OP: Needs = Needs {
    node: 0,
    ..OP_AND_TABLES
};

/// Each kind: its number, its parts and the places where they are packed (`header` has 24 bits, `first` and
/// `second` 32), what it carries on the wire, and what it needs. A node that is no member yet listens to a
/// `reply`. The numbers are part of every fingerprint:
/// never change one.
macro_rules! messages {
    ($(
        $(#[$doc:meta])*
        $number:literal $name:ident $(($($part:ident: $type:ty => $place:ident),*))?,
        $carries:ident, $needs:ident $(, $role:ident)?;
    )*) => {
        /// A message between two nodes. The key of a lookup and the list of a state are named, not carried:
        /// see [`OpIdx`] and [`ParcelId`].
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Msg {
            $($(#[$doc])* $name $(($($type),*))?,)*
        }

        /// A table, because the processor cannot predict which kind of message comes next: a branch on the
        /// kind would cost more.
        static KINDS: [Kind; 256] = {
            let mut kinds = [Kind {
                carries: NOTHING,
                needs: NODE,
                is_reply: false,
                has_parcel: false,
            }; 256];
            $(
                kinds[$number].carries = $carries;
                kinds[$number].needs = $needs;
                $(messages!(@$role kinds[$number]);)?
                $($(
                    if <$type as Part>::IS_PARCEL {
                        kinds[$number].has_parcel = true;
                    }
                )*)?
            )*
            let mut number = storage::FIRST_KIND as usize;
            while number < kinds.len() {
                kinds[number].carries = STORAGE;
                number += 1;
            }
            let mut place = 0;
            while place < storage::CARRIERS.len() {
                // Kinds without a parcel are listed as 0, which no message has.
                let number = storage::CARRIERS[place] as usize;
                kinds[number].has_parcel = number > 0;
                place += 1;
            }
            kinds
        };

        impl Msg {
            /// Its name in an account of a run that people read.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name { .. } => stringify!($name),)*
                }
            }
        }

        impl Packed {
            /// What it says.
            ///
            /// # Panics
            /// Never: messages are packed by [`Msg`] alone.
            #[inline]
            pub fn unpack(self) -> Msg {
                match (self.head >> 56) as u8 {
                    $($number => Msg::$name $(($(Part::from_bits(self.$place())),*))?,)*
                    kind => unreachable!("no kind of message is called {kind}"),
                }
            }
        }

        impl From<Msg> for Packed {
            #[inline]
            fn from(msg: Msg) -> Self {
                match msg {
                    $(Msg::$name $(($($part),*))? => {
                        #[allow(unused_mut, reason = "a message may say nothing but its kind")]
                        let mut packed = Self { head: $number << 56, second: 0 };
                        $($(packed.put(Place::$place, $part.bits());)*)?
                        packed
                    })*
                }
            }
        }

        #[cfg(test)]
        pub(super) const NUMBERS: &[u64] = &[$($number),*];
    };
    (@reply $kind:expr) => { $kind.is_reply = true };
}

messages! {
    /// Are you there?
    1 Ping(call: CallId => first), NOTHING, NODE;
    /// Yes.
    2 Pong(call: CallId => first), NOTHING, NODE;
    /// What are your predecessor and successor list?
    3 GetState(call: CallId => first), NOTHING, TABLES;
    /// My predecessor and successor list.
    4 State(call: CallId => first, state: ParcelId => second), CONTACTS, CALL_AND_TABLES;
    /// I am waiting for an answer that may change my state: ask again later.
    5 Busy(call: CallId => first), NOTHING, NODE;
    /// I might be your predecessor.
    6 Notify, CONTACT, NODE;
    /// I leave: drop me from your successor list, and append this node if one is given.
    7 SuccessorLeaves(last: Heir => first), MAYBE_A_CONTACT, NODE;
    /// I leave: this node was my predecessor.
    8 PredecessorLeaves(heir: NodeIdx => first), CONTACT, NODE;
    /// Recursive lookup: take over this lookup.
    9 Forward(header: HopHeader => header, op: OpIdx => first, call: CallId => second),
        LOOKUP, OP_AND_TABLES;
    /// I have received your lookup.
    10 Ack(call: CallId => first), NOTHING, CALL, reply;
    /// I own the key of your lookup, which came to me in this many hops.
    11 Answer(header: HopHeader => header, op: OpIdx => first), CONTACT, OP, reply;
    /// The lookup has come to an end at me without finding its owner.
    12 NoRoute(op: OpIdx => first), NOTHING, NODE, reply;
    /// Iterative lookup: which node should I ask next, given that this one does not answer?
    13 Ask(header: HopHeader => header, op: OpIdx => first, failed: NodeIdx => second),
        LOOKUP, OP_AND_TABLES;
    /// Ask this node, in this role.
    14 Referral(header: HopHeader => header, op: OpIdx => first, next: NodeIdx => second),
        CONTACT, NODE, reply;
    /// You have found the place to join: take my successor list, and me as your predecessor.
    15 Welcome(op: OpIdx => first, state: ParcelId => second), CONTACTS, NODE, reply;
    /// You have found the place to join, but I am busy: try again.
    16 JoinLater(op: OpIdx => first), NOTHING, NODE, reply;
    /// You are not my predecessor any more: this node lies between us.
    17 NewSuccessor(new: NodeIdx => first), CONTACT, NODE;
    /// The owner of your key is my predecessor, and it does not acknowledge your lookup.
    18 OwnerSilent(op: OpIdx => first), NOTHING, NODE, reply;
    /// Whom do you know to follow you?
    19 GetNeighbours(call: CallId => first), NOTHING, TABLES;
    /// These follow me.
    20 Neighbours(call: CallId => first, list: ParcelId => second), NEIGHBOURS, NODE;
    /// These follow me, and there we are.
    21 NeighboursAt(call: CallId => first, list: ParcelId => second), NEIGHBOURS_AT, NODE;
    /// Yes, and there I am.
    22 PongAt(call: CallId => first), COORDINATES, NODE;
    /// I have received your lookup, and there I am.
    23 AckAt(call: CallId => first), COORDINATES, CALL, reply;
}

/// Where a part is packed.
#[derive(Clone, Copy)]
#[allow(
    non_camel_case_types,
    reason = "written in `messages!` as the parts are"
)]
enum Place {
    header,
    first,
    second,
}

/// A message as it travels: its canonical form, so that it can be stored and fingerprinted without being
/// looked into.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Packed {
    /// From the top down: the kind (8 bits), the header (24 bits), the first part.
    head: u64,
    /// The second part.
    second: u32,
}

impl Packed {
    #[inline]
    fn put(&mut self, place: Place, bits: u32) {
        match place {
            Place::header => self.head |= u64::from(bits) << 32,
            Place::first => self.head |= u64::from(bits),
            Place::second => self.second = bits,
        }
    }

    /// What is known of the message's kind.
    #[inline]
    pub fn kind(self) -> &'static Kind {
        &KINDS[(self.head >> 56) as usize]
    }

    #[inline]
    fn header(self) -> u32 {
        (self.head >> 32) as u32 & 0xff_ffff
    }

    /// The first part, whatever it names.
    #[inline]
    pub fn first(self) -> u32 {
        self.head as u32
    }

    #[inline]
    fn second(self) -> u32 {
        self.second
    }

    /// The size of a message that depends on what it carries.
    #[inline(never)]
    fn varying_bytes(self, parcels: &Parcels) -> u32 {
        if let Some(msg) = self.carried() {
            return msg.bytes(parcels);
        }
        let contacts = match self.parcel() {
            Some(state) => {
                let (_, list) = parcels.read(state);
                let entries = list.iter().filter(|entry| **entry != NodeIdx::NONE);
                let entries = entries.count() as u32;
                match self.kind().carries {
                    NEIGHBOURS => entries,
                    NEIGHBOURS_AT => {
                        let placed = (CONTACT + vivaldi::WIRE_BYTES) * entries;
                        return HEADER + vivaldi::WIRE_BYTES + placed;
                    }
                    // The predecessor counts too.
                    _ => entries + 1,
                }
            }
            None => u32::from(Heir::from_bits(self.first()).0 != NodeIdx::NONE),
        };
        HEADER + CONTACT * contacts
    }
}

impl Payload for Packed {
    #[inline]
    fn words(&self) -> [u64; 2] {
        [self.head, u64::from(self.second)]
    }

    #[inline]
    fn from_words([head, second]: [u64; 2]) -> Self {
        let second = second as u32;
        Self { head, second }
    }

    fn name(&self) -> &'static str {
        match Carries::<storage::Msg>::carried(self) {
            Some(msg) => msg.name(),
            None => self.unpack().name(),
        }
    }
}

impl From<storage::Msg> for Packed {
    fn from(msg: storage::Msg) -> Self {
        Self::from_words(msg.words())
    }
}

impl Carries<storage::Msg> for Packed {
    #[inline]
    fn carried(&self) -> Option<storage::Msg> {
        let is_carried = (self.head >> 56) as u8 >= storage::FIRST_KIND;
        is_carried.then(|| storage::Msg::from_words(self.words()))
    }
}

impl Message for Packed {
    #[inline]
    fn parcel(&self) -> Option<ParcelId> {
        self.kind().has_parcel.then_some(ParcelId(self.second))
    }

    #[inline]
    fn bytes(&self, parcels: &Parcels) -> u32 {
        match self.kind().carries {
            NEIGHBOURS_AT.. => self.varying_bytes(parcels),
            carries => HEADER + carries,
        }
    }
}

#[cfg(test)]
mod tests;
