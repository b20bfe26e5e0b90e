//! What nodes say to each other about copies, why they call each other, and what they wait for. An overlay's own messages
//! carry these ([`Carries`](crate::overlay::Carries)).

use crate::overlay::{ParcelId, Traffic, vivaldi};
use crate::world::{CallId, NodeIdx};

/// IP and UDP headers, and 4 bytes for the kind of message and the name of its call.
const HEADER: u32 = 20 + 8 + 4;
/// An identifier, an IPv4 address and a port.
const CONTACT: u32 = 8 + 4 + 2;
/// A key and a version.
pub(super) const ITEM: u32 = 8 + 8;
/// The two ends of an arc.
pub(super) const ARC: u32 = 8 + 8;
/// A digest, as long as one that nobody can forge.
pub(super) const DIGEST: u32 = 20;

/// Why copies are sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// They are missing there.
    Repair,
    /// The receiver has joined, and the keys are its own.
    Join,
    /// The sender leaves.
    Goodbye,
    /// The receiver has asked for them.
    Wanted,
}

impl Cause {
    const ALL: [Self; 4] = [Self::Repair, Self::Join, Self::Goodbye, Self::Wanted];
}

/// What the owner of a place is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Errand {
    /// To put or get.
    Operation,
    /// To compare copies.
    Compare,
}

impl Errand {
    const ALL: [Self; 2] = [Self::Operation, Self::Compare];

    /// What the messages of a search count as.
    #[must_use]
    pub fn traffic(self) -> Traffic {
        match self {
            Self::Operation => Traffic::Lookup,
            Self::Compare => Traffic::Repair,
        }
    }
}

/// The lowest number of a kind of message: an overlay's own have lower ones.
pub const FIRST_KIND: u8 = 64;

macro_rules! messages {
    ($($(#[$doc:meta])* $number:literal $name:ident($($part:ident: $type:ty),*);)*) => {
        /// A message about copies.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Msg {
            $($(#[$doc])* $name($($type),*),)*
        }

        impl Msg {
            /// Its canonical form, as with [`Payload::words`](crate::world::Payload::words): from the top down the kind (8 bits), a
            /// header (24), a name (32); then the name of a parcel (32).
            #[must_use]
            pub fn words(self) -> [u64; 2] {
                match self {
                    $(Self::$name($($part),*) => {
                        let (mut header, mut name, mut parcel) = (0, 0, 0);
                        $($part.put(&mut header, &mut name, &mut parcel);)*
                        [$number << 56 | u64::from(header) << 32 | u64::from(name), u64::from(parcel)]
                    })*
                }
            }

            /// The message with these words.
            ///
            /// # Panics
            /// If they are those of no message about copies.
            #[must_use]
            pub fn from_words([head, parcel]: [u64; 2]) -> Self {
                let (header, name, parcel) = ((head >> 32) as u32 & 0xff_ffff, head as u32, parcel as u32);
                match (head >> 56) as u8 {
                    $($number => Self::$name($(<$type>::take(header, name, parcel)),*),)*
                    kind => unreachable!("no message about copies is called {kind}"),
                }
            }

            /// Its name in an account of a run that people read.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name(..) => stringify!($name),)*
                }
            }
        }

        /// The kinds that carry a parcel.
        pub const CARRIERS: &[u8] = &{
            let all = [$(($number, messages!(@carries $($type),*)),)*];
            let mut carriers = [0; messages!(@count $($name)*)];
            let mut place = 0;
            while place < all.len() {
                carriers[place] = if all[place].1 { all[place].0 } else { 0 };
                place += 1;
            }
            carriers
        };
    };
    (@carries $($type:ty),*) => { false $(|| <$type as Part>::IS_PARCEL)* };
    (@count $($name:ident)*) => { 0 $(+ { let _ = stringify!($name); 1 })* };
}

/// A part of a message, and its place in it.
trait Part: Sized {
    const IS_PARCEL: bool = false;
    fn put(self, header: &mut u32, name: &mut u32, parcel: &mut u32);
    fn take(header: u32, name: u32, parcel: u32) -> Self;
}

impl Part for CallId {
    fn put(self, _: &mut u32, name: &mut u32, _: &mut u32) {
        *name = self.0;
    }

    fn take(_: u32, name: u32, _: u32) -> Self {
        Self(name)
    }
}

impl Part for NodeIdx {
    fn put(self, _: &mut u32, name: &mut u32, _: &mut u32) {
        *name = self.0;
    }

    fn take(_: u32, name: u32, _: u32) -> Self {
        Self(name)
    }
}

impl Part for ParcelId {
    const IS_PARCEL: bool = true;

    fn put(self, _: &mut u32, _: &mut u32, parcel: &mut u32) {
        *parcel = self.0;
    }

    fn take(_: u32, _: u32, parcel: u32) -> Self {
        Self(parcel)
    }
}

impl Part for Cause {
    fn put(self, header: &mut u32, _: &mut u32, _: &mut u32) {
        *header = self as u32;
    }

    fn take(header: u32, _: u32, _: u32) -> Self {
        Self::ALL[header as usize]
    }
}

impl Part for Errand {
    fn put(self, header: &mut u32, _: &mut u32, _: &mut u32) {
        *header = self as u32;
    }

    fn take(header: u32, _: u32, _: u32) -> Self {
        Self::ALL[header as usize]
    }
}

/// How often an offer was passed on.
impl Part for u8 {
    fn put(self, header: &mut u32, _: &mut u32, _: &mut u32) {
        *header = u32::from(self);
    }

    fn take(header: u32, _: u32, _: u32) -> Self {
        header as Self
    }
}

// The numbers are part of every fingerprint: never change one.
messages! {
    /// Which nodes keep the copies of your keys?
    64 WhoKeeps(call: CallId);
    /// These, and I am the first.
    65 Keepers(call: CallId, nodes: ParcelId);
    /// Keep this value.
    66 Put(call: CallId, value: ParcelId);
    /// I have it.
    67 Kept(call: CallId);
    /// Which copy of this key do you have?
    68 Get(call: CallId, key: ParcelId);
    /// This one, or none.
    69 Value(call: CallId, value: ParcelId);
    /// This is the digest of the copies of my keys: is it yours?
    70 Summary(call: CallId, summary: ParcelId);
    /// Yes.
    71 Same(call: CallId);
    /// No: these are the copies that I have.
    72 Inventory(call: CallId, items: ParcelId);
    /// Keep these.
    73 Copies(call: CallId, cause: Cause, values: ParcelId);
    /// I have them.
    74 Got(call: CallId);
    /// Send me these.
    75 Wanted(items: ParcelId);
    /// You need not keep the copies of my keys, if they have this digest.
    76 Release(summary: ParcelId);
    /// This node has these copies. If they are yours: who should keep them? (How often the offer was passed on.)
    77 Offer(origin: NodeIdx, hops: u8, items: ParcelId);
    /// You need not keep these.
    78 Drop(items: ParcelId);
    /// Do you own this place?
    79 Find(call: CallId, errand: Errand, place: ParcelId);
    /// Yes, and this node is behind me.
    80 Mine(call: CallId, behind: ParcelId);
    /// No: ask one of these, the first one best.
    81 Closer(call: CallId, ways: ParcelId);
    /// Which nodes keep the copies of your keys, the nearest to me first? There I am.
    82 WhoKeepsNear(call: CallId);
    /// I will not do what you asked.
    83 Declined(call: CallId);
}

impl Msg {
    /// The parcel that it carries.
    #[must_use]
    pub fn parcel(self) -> Option<ParcelId> {
        match self {
            Self::WhoKeeps(_)
            | Self::WhoKeepsNear(_)
            | Self::Kept(_)
            | Self::Same(_)
            | Self::Got(_)
            | Self::Declined(_) => None,
            Self::Keepers(_, parcel)
            | Self::Put(_, parcel)
            | Self::Get(_, parcel)
            | Self::Value(_, parcel)
            | Self::Summary(_, parcel)
            | Self::Inventory(_, parcel)
            | Self::Copies(_, _, parcel)
            | Self::Wanted(parcel)
            | Self::Release(parcel)
            | Self::Offer(_, _, parcel)
            | Self::Drop(parcel)
            | Self::Find(_, _, parcel)
            | Self::Mine(_, parcel)
            | Self::Closer(_, parcel) => Some(parcel),
        }
    }

    /// Its size on the wire, headers included.
    #[must_use]
    pub fn bytes(self, parcels: &crate::overlay::parcels::Parcels) -> u32 {
        let carries = match self {
            Self::Keepers(_, nodes) | Self::Mine(_, nodes) | Self::Closer(_, nodes) => {
                let (_, others) = parcels.read(nodes);
                let others = others.iter().filter(|node| **node != NodeIdx::NONE);
                CONTACT * (1 + others.count() as u32)
            }
            Self::WhoKeepsNear(_) => vivaldi::WIRE_BYTES,
            Self::Offer(_, _, items) => CONTACT.saturating_add(parcels.batch(items).bytes),
            other => other.parcel().map_or(0, |batch| parcels.batch(batch).bytes),
        };
        carries.saturating_add(HEADER)
    }
}

/// Why a node called another about copies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// For the list of the nodes that keep copies, for this operation of its users.
    WhoKeeps(u32),
    /// To put or get, for this operation of its users.
    Quorum(u32),
    /// To compare copies, in the round of this number.
    Compare(u32),
    /// To replace the copies that were found missing in that round, after which there is no difference.
    Complete(u32),
    /// To replace copies.
    Replace,
    /// To give copies to a node that has joined.
    Handover,
    /// For the owner of a place, or a node closer to it, in the search of this number.
    Search(u32),
    /// To compare copies at another place than their keys', in the part of this number.
    Part(u32),
}

/// What a node waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// The next repair.
    Repair,
    /// The owners have had time to ask.
    Offer,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_as_long_as_a_receipt() {
        let parcels = crate::overlay::parcels::Parcels::new(4);
        let bytes = |msg: Msg| msg.bytes(&parcels);
        assert_eq!(bytes(Msg::Declined(CallId(7))), 32);
        assert_eq!(bytes(Msg::Kept(CallId(7))), 32);
    }

    #[test]
    fn a_message_is_unpacked_as_it_was_packed() {
        let (call, parcel) = (CallId(u32::MAX), ParcelId(0xfedc_ba98));
        let all = [
            Msg::WhoKeeps(call),
            Msg::Keepers(call, parcel),
            Msg::Put(call, parcel),
            Msg::Kept(call),
            Msg::Get(call, parcel),
            Msg::Value(call, parcel),
            Msg::Summary(call, parcel),
            Msg::Same(call),
            Msg::Inventory(call, parcel),
            Msg::Copies(call, Cause::Goodbye, parcel),
            Msg::Got(call),
            Msg::Wanted(parcel),
            Msg::Release(parcel),
            Msg::Offer(NodeIdx(7), 255, parcel),
            Msg::Drop(parcel),
            Msg::Find(call, Errand::Compare, parcel),
            Msg::Mine(call, parcel),
            Msg::Closer(call, parcel),
            Msg::WhoKeepsNear(call),
            Msg::Declined(call),
        ];
        for (msg, kind) in all.into_iter().zip(FIRST_KIND..) {
            let words = msg.words();
            assert_eq!(Msg::from_words(words), msg);
            assert_eq!((words[0] >> 56) as u8, kind);
            assert_eq!(words[1] >> 32, 0, "the sender goes there");
            assert_eq!(CARRIERS.contains(&kind), msg.parcel().is_some(), "{msg:?}");
        }
    }
}
