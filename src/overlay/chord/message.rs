//! What Chord nodes say to each other and what they wait for.

use crate::engine::{NodeIdx, OpIdx, Payload};

/// Names a call (a request that is answered or times out) in the table of calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallId(pub u32);

/// Names a copy of a node's state in the table of snapshots.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SnapshotId(pub u32);

/// In which role a node is handed a lookup.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// It precedes the key: it passes the lookup on.
    Step,
    /// The sender takes it for the owner. If it knows a predecessor that the sender does not know,
    /// which has the key, it passes the lookup back.
    Owner,
}

/// The role of the receiver and the number of hops so far, in the 24 bits that a message has for it.
/// Hops beyond 4 194 303 count as that many.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leg(u32);

impl Leg {
    const MOST_HOPS: u32 = (1 << 22) - 1;

    #[inline]
    pub fn new(role: Role, hops: u32) -> Self {
        Self((role as u32) << 22 | hops.min(Self::MOST_HOPS))
    }

    pub fn role(self) -> Role {
        if self.0 >> 22 == 0 {
            Role::Step
        } else {
            Role::Owner
        }
    }

    pub fn hops(self) -> u32 {
        self.0 & Self::MOST_HOPS
    }

    fn packed(self) -> u32 {
        self.0
    }

    fn unpack(bits: u32) -> Self {
        Self(bits & 0xff_ffff)
    }
}

/// A message between two nodes. The key of a lookup and the list of a state are named, not carried:
/// see [`OpIdx`] and [`SnapshotId`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Msg {
    /// Are you there?
    Ping(CallId),
    /// Yes.
    Pong(CallId),
    /// What are your predecessor and successor list?
    GetState(CallId),
    /// These.
    State(CallId, SnapshotId),
    /// I am waiting for an answer that may change them: ask again later.
    Busy(CallId),
    /// I might be your predecessor.
    Notify,
    /// I leave: drop me from your successor list, and append this one if it is given.
    SuccessorLeaves(NodeIdx),
    /// I leave: this was my predecessor.
    PredecessorLeaves(NodeIdx),
    /// Recursive lookup: take over this lookup.
    Forward(Leg, OpIdx, CallId),
    /// I have received it.
    Ack(CallId),
    /// I own the key of your lookup, which came to me in so many hops.
    Answer(Leg, OpIdx),
    /// The lookup has come to an end at me without finding its owner.
    NoRoute(OpIdx),
    /// Iterative lookup: whom should I ask next, given that this one does not answer?
    Ask(Leg, OpIdx, NodeIdx),
    /// Ask this one, in this role.
    Referral(Leg, OpIdx, NodeIdx),
    /// You have found the place to join: take my successor list, and me as your predecessor.
    Welcome(OpIdx, SnapshotId),
    /// You are not my predecessor any more: this one lies between us.
    NewSuccessor(NodeIdx),
    /// You have found the place to join, but I am busy: try again.
    JoinLater(OpIdx),
}

impl Msg {
    /// Its name, in a story for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ping(_) => "Ping",
            Self::Pong(_) => "Pong",
            Self::GetState(_) => "GetState",
            Self::State(..) => "State",
            Self::Busy(_) => "Busy",
            Self::Notify => "Notify",
            Self::SuccessorLeaves(_) => "SuccessorLeaves",
            Self::PredecessorLeaves(_) => "PredecessorLeaves",
            Self::Forward(..) => "Forward",
            Self::Ack(_) => "Ack",
            Self::Answer(..) => "Answer",
            Self::NoRoute(_) => "NoRoute",
            Self::Ask(..) => "Ask",
            Self::Referral(..) => "Referral",
            Self::NewSuccessor(_) => "NewSuccessor",
            Self::Welcome(..) => "Welcome",
            Self::JoinLater(_) => "JoinLater",
        }
    }
}

/// The kinds of messages, as numbers that are part of every fingerprint: never change one.
pub mod kind {
    pub const PING: u8 = 1;
    pub const PONG: u8 = 2;
    pub const GET_STATE: u8 = 3;
    pub const STATE: u8 = 4;
    pub const BUSY: u8 = 5;
    pub const NOTIFY: u8 = 6;
    pub const SUCCESSOR_LEAVES: u8 = 7;
    pub const PREDECESSOR_LEAVES: u8 = 8;
    pub const FORWARD: u8 = 9;
    pub const ACK: u8 = 10;
    pub const ANSWER: u8 = 11;
    pub const NO_ROUTE: u8 = 12;
    pub const ASK: u8 = 13;
    pub const REFERRAL: u8 = 14;
    pub const WELCOME: u8 = 15;
    pub const JOIN_LATER: u8 = 16;
    pub const NEW_SUCCESSOR: u8 = 17;
}

/// Something known of every kind of message, at the kind's number.
pub type ByKind<T> = [T; 256];

/// A message as it travels: its canonical form, so that nobody has to look into it to store it or to
/// take its fingerprint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Packed {
    /// From the top down: what kind it is (8 bits), its leg (24 bits), what it names first.
    head: u64,
    /// What it names second.
    second: u32,
}

impl Packed {
    #[inline]
    const fn new(kind: u8, leg: u32, first: u32, second: u32) -> Self {
        Self {
            head: (kind as u64) << 56 | (leg as u64) << 32 | first as u64,
            second,
        }
    }

    /// What kind of message it is.
    #[inline]
    pub fn kind(self) -> u8 {
        (self.head >> 56) as u8
    }

    /// What it names first, whatever kind of thing that is.
    #[inline]
    pub fn first(self) -> u32 {
        self.head as u32
    }

    /// What it says.
    ///
    /// # Panics
    /// Never: messages are packed by [`Msg`] alone.
    #[inline]
    pub fn unpack(self) -> Msg {
        let Self { head, second } = self;
        let first = head as u32;
        let (call, op) = (CallId(first), OpIdx(first));
        let leg = || Leg::unpack((head >> 32) as u32);
        match self.kind() {
            kind::PING => Msg::Ping(call),
            kind::PONG => Msg::Pong(call),
            kind::GET_STATE => Msg::GetState(call),
            kind::STATE => Msg::State(call, SnapshotId(second)),
            kind::BUSY => Msg::Busy(call),
            kind::NOTIFY => Msg::Notify,
            kind::SUCCESSOR_LEAVES => Msg::SuccessorLeaves(NodeIdx(first.wrapping_sub(1))),
            kind::PREDECESSOR_LEAVES => Msg::PredecessorLeaves(NodeIdx(first)),
            kind::FORWARD => Msg::Forward(leg(), op, CallId(second)),
            kind::ACK => Msg::Ack(call),
            kind::ANSWER => Msg::Answer(leg(), op),
            kind::NO_ROUTE => Msg::NoRoute(op),
            kind::ASK => Msg::Ask(leg(), op, NodeIdx(second)),
            kind::REFERRAL => Msg::Referral(leg(), op, NodeIdx(second)),
            kind::WELCOME => Msg::Welcome(op, SnapshotId(second)),
            kind::JOIN_LATER => Msg::JoinLater(op),
            kind::NEW_SUCCESSOR => Msg::NewSuccessor(NodeIdx(first)),
            kind => unreachable!("no kind of message is called {kind}"),
        }
    }
}

impl From<Msg> for Packed {
    #[inline]
    fn from(msg: Msg) -> Self {
        match msg {
            Msg::Ping(call) => Self::new(kind::PING, 0, call.0, 0),
            Msg::Pong(call) => Self::new(kind::PONG, 0, call.0, 0),
            Msg::GetState(call) => Self::new(kind::GET_STATE, 0, call.0, 0),
            Msg::State(call, snapshot) => Self::new(kind::STATE, 0, call.0, snapshot.0),
            Msg::Busy(call) => Self::new(kind::BUSY, 0, call.0, 0),
            Msg::Notify => Self::new(kind::NOTIFY, 0, 0, 0),
            // One more than the index, so that nobody is 0.
            Msg::SuccessorLeaves(last) => {
                Self::new(kind::SUCCESSOR_LEAVES, 0, last.0.wrapping_add(1), 0)
            }
            Msg::PredecessorLeaves(heir) => Self::new(kind::PREDECESSOR_LEAVES, 0, heir.0, 0),
            Msg::Forward(leg, op, call) => Self::new(kind::FORWARD, leg.packed(), op.0, call.0),
            Msg::Ack(call) => Self::new(kind::ACK, 0, call.0, 0),
            Msg::Answer(leg, op) => Self::new(kind::ANSWER, leg.packed(), op.0, 0),
            Msg::NoRoute(op) => Self::new(kind::NO_ROUTE, 0, op.0, 0),
            Msg::Ask(leg, op, after) => Self::new(kind::ASK, leg.packed(), op.0, after.0),
            Msg::Referral(leg, op, next) => Self::new(kind::REFERRAL, leg.packed(), op.0, next.0),
            Msg::Welcome(op, snapshot) => Self::new(kind::WELCOME, 0, op.0, snapshot.0),
            Msg::JoinLater(op) => Self::new(kind::JOIN_LATER, 0, op.0, 0),
            Msg::NewSuccessor(new) => Self::new(kind::NEW_SUCCESSOR, 0, new.0, 0),
        }
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
}

/// What a node waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// The next round of stabilisation.
    Stabilize,
    /// The next finger to repair.
    FixFingers,
    /// The next look at the predecessor.
    CheckPredecessor,
    /// The time in which a call should have been answered is over.
    Call(CallId),
    /// The time in which a lookup should have been answered is over: start it again.
    Retry(OpIdx),
    /// One round of stabilisation beside the periodic ones.
    StabilizeOnce,
    /// The time in which a join should have come to its end is over: start it again.
    Join(OpIdx),
}

impl Timer {
    /// Its name, in a story for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stabilize => "Stabilize",
            Self::FixFingers => "FixFingers",
            Self::CheckPredecessor => "CheckPredecessor",
            Self::Call(_) => "Call",
            Self::Retry(_) => "Retry",
            Self::StabilizeOnce => "StabilizeOnce",
            Self::Join(_) => "Join",
        }
    }
}

impl Payload for Timer {
    // The numbers of the kinds are part of every fingerprint: never change one.
    #[inline]
    fn words(&self) -> [u64; 2] {
        match *self {
            Self::Stabilize => [1, 0],
            Self::FixFingers => [2, 0],
            Self::CheckPredecessor => [3, 0],
            Self::Call(call) => [4, u64::from(call.0)],
            Self::Retry(op) => [5, u64::from(op.0)],
            Self::Join(op) => [6, u64::from(op.0)],
            Self::StabilizeOnce => [7, 0],
        }
    }

    #[inline]
    fn from_words([kind, name]: [u64; 2]) -> Self {
        let name = name as u32;
        match kind {
            1 => Self::Stabilize,
            2 => Self::FixFingers,
            3 => Self::CheckPredecessor,
            4 => Self::Call(CallId(name)),
            5 => Self::Retry(OpIdx(name)),
            6 => Self::Join(OpIdx(name)),
            7 => Self::StabilizeOnce,
            kind => unreachable!("no kind of timer is called {kind}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_unpacked_as_it_was_packed() {
        let (call, op, snapshot) = (CallId(u32::MAX), OpIdx(0xfedc_ba98), SnapshotId(77));
        let leg = Leg::new(Role::Owner, 4_194_303);
        let mut kinds = Vec::new();
        for msg in [
            Msg::Ping(call),
            Msg::Pong(call),
            Msg::GetState(call),
            Msg::State(call, snapshot),
            Msg::Busy(call),
            Msg::Notify,
            Msg::SuccessorLeaves(NodeIdx(5)),
            Msg::PredecessorLeaves(NodeIdx(5)),
            Msg::Forward(leg, op, call),
            Msg::Ack(call),
            Msg::Answer(leg, op),
            Msg::NoRoute(op),
            Msg::Ask(leg, op, NodeIdx::NONE),
            Msg::Referral(leg, op, NodeIdx(5)),
            Msg::Welcome(op, snapshot),
            Msg::NewSuccessor(NodeIdx(5)),
            Msg::JoinLater(op),
        ] {
            let words = Packed::from(msg).words();
            assert_eq!(Packed::from_words(words).unpack(), msg);
            assert_eq!(words[1] >> 32, 0, "the sender goes there");
            kinds.push(words[0] >> 56);
        }
        kinds.sort_unstable();
        assert_eq!(kinds, (1..=17).collect::<Vec<_>>());
        let nobody = Msg::SuccessorLeaves(NodeIdx::NONE);
        assert_eq!(Packed::from(nobody).unpack(), nobody);
    }

    #[test]
    fn a_timer_is_unpacked_as_it_was_packed() {
        let (call, op) = (CallId(u32::MAX), OpIdx(0xfedc_ba98));
        let timers = [
            Timer::Stabilize,
            Timer::FixFingers,
            Timer::CheckPredecessor,
            Timer::Call(call),
            Timer::Retry(op),
            Timer::Join(op),
            Timer::StabilizeOnce,
        ];
        for (timer, kind) in timers.into_iter().zip(1..) {
            assert_eq!(timer.words()[0], kind);
            assert_eq!(Timer::from_words(timer.words()), timer);
        }
    }

    #[test]
    fn a_leg_gives_back_what_was_packed() {
        for role in [Role::Step, Role::Owner] {
            for hops in [0, 1, 65_535, 65_536, 4_194_303] {
                let leg = Leg::new(role, hops);
                assert_eq!((leg.role(), leg.hops()), (role, hops));
            }
        }
        assert_eq!(Leg::new(Role::Owner, u32::MAX).hops(), 4_194_303);
    }
}
