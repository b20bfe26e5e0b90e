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

/// The role of the receiver and the number of hops so far, packed into three bytes so that a
/// message stays within twelve. Hops beyond 4 194 303 count as that many.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leg([u8; 3]);

impl Leg {
    const MOST_HOPS: u32 = (1 << 22) - 1;

    pub fn new(role: Role, hops: u32) -> Self {
        let packed = (role as u32) << 22 | hops.min(Self::MOST_HOPS);
        let [_, high, middle, low] = packed.to_be_bytes();
        Self([high, middle, low])
    }

    pub fn role(self) -> Role {
        if self.0[0] >> 6 == 0 {
            Role::Step
        } else {
            Role::Owner
        }
    }

    pub fn hops(self) -> u32 {
        self.packed() & Self::MOST_HOPS
    }

    fn packed(self) -> u32 {
        let [high, middle, low] = self.0;
        u32::from_be_bytes([0, high, middle, low])
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

impl Payload for Msg {
    fn words(&self) -> [u64; 2] {
        let pack = |tag: u64, leg: u32, a: u32, b: u32| {
            [
                tag << 56 | u64::from(leg) << 32 | u64::from(a),
                u64::from(b),
            ]
        };
        match *self {
            Self::Ping(call) => pack(1, 0, call.0, 0),
            Self::Pong(call) => pack(2, 0, call.0, 0),
            Self::GetState(call) => pack(3, 0, call.0, 0),
            Self::State(call, snapshot) => pack(4, 0, call.0, snapshot.0),
            Self::Busy(call) => pack(5, 0, call.0, 0),
            Self::Notify => pack(6, 0, 0, 0),
            // One more than the index, so that nobody is 0.
            Self::SuccessorLeaves(last) => pack(7, 0, last.0.wrapping_add(1), 0),
            Self::PredecessorLeaves(heir) => pack(8, 0, heir.0, 0),
            Self::Forward(leg, op, call) => pack(9, leg.packed(), op.0, call.0),
            Self::Ack(call) => pack(10, 0, call.0, 0),
            Self::Answer(leg, op) => pack(11, leg.packed(), op.0, 0),
            Self::NoRoute(op) => pack(12, 0, op.0, 0),
            Self::Ask(leg, op, after) => pack(13, leg.packed(), op.0, after.0),
            Self::Referral(leg, op, next) => pack(14, leg.packed(), op.0, next.0),
            Self::Welcome(op, snapshot) => pack(15, 0, op.0, snapshot.0),
            Self::JoinLater(op) => pack(16, 0, op.0, 0),
            Self::NewSuccessor(new) => pack(17, 0, new.0, 0),
        }
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Event, SimTime};

    #[test]
    fn an_event_with_its_time_fills_half_a_cache_line() {
        assert_eq!(size_of::<(SimTime, Event<Msg, Timer>)>(), 32);
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
