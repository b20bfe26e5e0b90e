//! How large messages are on the wire, in bytes.

use super::Chord;
use super::message::{ByKind, Msg, Packed, kind};
use crate::engine::NodeIdx;

/// IP and UDP headers, and 4 bytes for the kind of message and the name of its call.
const HEADER: u32 = 20 + 8 + 4;
/// An identifier, an IPv4 address and a port.
const CONTACT: u32 = 8 + 4 + 2;
/// The key, the asking node and the count of hops.
const LOOKUP: u32 = 8 + CONTACT + 4;
/// What is carried says how much it is.
const VARIES: u32 = u32::MAX;

/// What comes after the headers. A table, because nobody can foresee which kind of message comes next.
static CARRIED: ByKind<u32> = {
    let mut carried = [0; 256];
    carried[kind::FORWARD as usize] = LOOKUP;
    carried[kind::ASK as usize] = LOOKUP;
    carried[kind::NOTIFY as usize] = CONTACT;
    carried[kind::PREDECESSOR_LEAVES as usize] = CONTACT;
    carried[kind::NEW_SUCCESSOR as usize] = CONTACT;
    carried[kind::ANSWER as usize] = CONTACT;
    carried[kind::REFERRAL as usize] = CONTACT;
    carried[kind::STATE as usize] = VARIES;
    carried[kind::WELCOME as usize] = VARIES;
    carried[kind::SUCCESSOR_LEAVES as usize] = VARIES;
    carried
};

impl Chord {
    /// The size of a message, headers included.
    #[inline]
    pub(super) fn size_of(&self, msg: Packed) -> u32 {
        match CARRIED[usize::from(msg.kind())] {
            VARIES => HEADER + CONTACT * self.contacts_in(msg),
            carried => HEADER + carried,
        }
    }

    #[inline(never)]
    fn contacts_in(&self, msg: Packed) -> u32 {
        match msg.unpack() {
            Msg::State(_, snapshot) | Msg::Welcome(_, snapshot) => {
                let (_, list) = self.snapshots.read(snapshot);
                let entries = list.iter().filter(|entry| **entry != NodeIdx::NONE);
                // The predecessor, too.
                entries.count() as u32 + 1
            }
            Msg::SuccessorLeaves(last) => u32::from(last != NodeIdx::NONE),
            _ => 0,
        }
    }
}
