//! What is asked of a run, and what happened in a stretch of it, as plain data: for the story that is told of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{OperationOutcome, Reason};
use crate::engine::SimTime;
use crate::network::{Assets, Fate};
use crate::overlay::{Said, Traffic};
use crate::report::play::Moment;
use crate::scenario::RunSpec;
use crate::scenario::resolved::{Output, Scenario};
use crate::world::Departure;

/// What is run, and how far.
pub(super) struct Ask<'a> {
    pub spec: &'a RunSpec,
    pub assets: &'a Assets,
    pub output: &'a Output,
    /// What keys are called.
    pub names: BTreeMap<u64, String>,
    /// The present: what happened before is known.
    pub from: SimTime,
    pub goal: Goal,
    /// Where it ends at the latest.
    pub limit: SimTime,
}

/// How far a run goes on.
#[derive(Clone, Debug)]
pub(super) enum Goal {
    /// To this moment.
    At(SimTime),
    /// Until what this event of the script has begun is over; then to the next full second.
    Over(u32),
    /// Until something happens that concerns requests and joins under way or, if there are none, any node.
    Step,
}

/// How far it came.
pub(super) struct Replay {
    /// What there was at the present.
    pub before: Moment,
    /// What there is at the new present.
    pub after: Moment,
    /// The new present.
    pub present: SimTime,
    /// What happened in between.
    pub entries: Vec<Entry>,
    /// Events of the script that had no effect.
    pub idle: BTreeSet<u32>,
    /// Whether requests or joins are under way.
    pub is_busy: bool,
    /// Whether what was waited for has happened.
    pub is_reached: bool,
}

/// Something that happened. Nodes are named by their identifiers.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub at: SimTime,
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// An event of the script asks for a key.
    Asked { script: u32, ticket: u64 },
    /// A node sends a message.
    Sent(Message),
    /// A node sends another one copies that it is to keep.
    Copies {
        from: u64,
        to: u64,
        keys: Vec<u64>,
        why: Traffic,
    },
    /// A node has waited long enough for the answer of another one.
    Silent { node: u64, other: u64 },
    /// A selfish peer does nothing about a request.
    Refuses(u64),
    /// A selfish peer names a wrong owner of a key: itself, or another.
    Misroutes { id: u64, of_itself: bool },
    /// A request is over.
    Over(Over),
    /// A node is up, and is going to join.
    CameUp { id: u64, script: Option<u32> },
    /// A node is on the ring.
    Joined(u64),
    /// A node has lost the ring.
    Lost(u64),
    /// A node has gone.
    Down(u64, Departure),
    /// A node knows or keeps something else than before.
    Changed,
}

/// A message.
#[derive(Clone, Debug)]
pub(super) struct Message {
    /// Of which request it is, if of one.
    pub ticket: Option<u64>,
    pub from: u64,
    pub to: u64,
    /// What it says, if it is of a request.
    pub said: Option<Said>,
    /// The same in the words of the sender, with its reason.
    pub words: String,
    pub fate: Fate,
    /// Whether the receiver is there when it is sent.
    pub received: bool,
}

/// A request that is over.
#[derive(Clone, Debug)]
pub(super) struct Over {
    pub started: SimTime,
    pub key: u64,
    pub answer: Result<Answer, Reason>,
    /// Of a put or get.
    pub operation: Option<Operation>,
}

/// The answer to a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    pub at: SimTime,
    /// Who said that it owns the key.
    pub node: u64,
    /// Who did own it then.
    pub owner: Option<u64>,
    pub hops: u32,
}

/// A put or get that is over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation {
    pub outcome: OperationOutcome,
    pub answers: u8,
    /// The version that was written or read.
    pub version: u32,
    /// The size of what was read.
    pub bytes: Option<u32>,
}

/// What the keys of a script are called.
pub(super) fn names(scenario: &Scenario) -> BTreeMap<u64, String> {
    let mut names = BTreeMap::new();
    for (place, name) in scenario.key_names() {
        names.entry(place).or_insert_with(|| name.to_owned());
    }
    names
}
