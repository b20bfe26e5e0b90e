//! The audit of the ring: whether what was proved of it holds after every single step.
//!
//! The invariant of Zave 2017, for successor lists of length r:
//!
//! * every member has a live successor;
//! * at least r + 1 members are *principals*: nobody's extended list (the member itself, then its
//!   successors) skips them.
//!
//! From it follow one ring, in order, with all members on it or led to it, and lists in order without
//! duplicates. All of that is checked by itself: an auditor that infers what it should look at finds
//! nothing. Joins and steps of the protocol keep the invariant; a failure may break it, and does so
//! without anybody's fault. So every violation is put down with its *cause* and whether the
//! *preconditions* of the proof held:
//!
//! * no failure broke it. The proof lets a node change its state in the moment it is answered; here the
//!   answer travels, so a failure (or a change of who relies on whom) during the last `rpc_timeout`
//!   counts as one that came before;
//! * nobody alive was taken for dead (a lost message, a round trip longer than `rpc_timeout`, a question
//!   to a node that had gone and is back, or has left its identifier to another: to the proof that is the
//!   same node);
//! * the invariant held before.
//!
//! Nothing is checked until the invariant holds for the first time: a ring needs r + 1 members for that.
//!
//! Beside the invariant every answer is looked at: whether the node that answers for a key owns it. That
//! is promised only when the ring is at rest, as a newcomer is unknown to its successor at first.
//!
//! The work is done where something changes: a list that stays the same costs one comparison. One
//! concern a file: [`auditor`] keeps the books, of which [`lists`] are copies of the lists, [`skips`]
//! who is skipped (found among [`arcs`]), [`pointers`] the first live successors, [`shape`] the ring that they
//! make, [`lately`] what matters only for a while and [`story`] what happened last; [`watching`] tells it what happens; [`verdict`] says what does not
//! hold, and who is to blame. Where values are stored, [`values`] looks after them.

mod arcs;
mod auditor;
mod lately;
mod lists;
mod pointers;
mod shape;
mod skips;
mod story;
#[cfg(test)]
mod tests;
mod values;
mod verdict;
mod watching;

pub use self::auditor::{Auditor, Ring};
pub use self::story::Cause;
pub use self::values::Rules;

use crate::engine::SimDuration;

/// What is checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Invariant {
    /// Every member has a live successor.
    LiveSuccessor,
    /// At least r + 1 members are skipped by nobody.
    Principals,
    /// The first live successors make one cycle.
    OneRing,
    /// It goes round once.
    OrderedRing,
    /// Every member is on it or led to it.
    ConnectedAppendages,
    /// Entries of a list lie one after the other clockwise.
    OrderedLists,
    /// No node stands in a list twice, or in its own.
    NoDuplicates,
    /// Who answers for a key owns it.
    KeyOwner,
    /// Each key is at its owner, in its newest version.
    KeysAtOwners,
    /// And at all other nodes that should keep copies.
    CopiesInPlace,
    /// No value is gone though nobody has failed.
    NothingLost,
    /// What there is is counted as it is.
    Counts,
    /// What a user is told is lost or missing is so.
    ReportedLost,
    /// A get reads no version older than the newest one that was acknowledged.
    FreshReads,
}

impl Invariant {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 14] = [
        Self::LiveSuccessor,
        Self::Principals,
        Self::OneRing,
        Self::OrderedRing,
        Self::ConnectedAppendages,
        Self::OrderedLists,
        Self::NoDuplicates,
        Self::KeyOwner,
        Self::KeysAtOwners,
        Self::CopiesInPlace,
        Self::NothingLost,
        Self::Counts,
        Self::ReportedLost,
        Self::FreshReads,
    ];

    /// All that are states of the ring. An answer is over as soon as it is given.
    const STATES: [Self; 7] = [
        Self::LiveSuccessor,
        Self::Principals,
        Self::OneRing,
        Self::OrderedRing,
        Self::ConnectedAppendages,
        Self::OrderedLists,
        Self::NoDuplicates,
    ];

    /// As it is written in the result files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LiveSuccessor => "live_successor",
            Self::Principals => "principals",
            Self::OneRing => "one_ring",
            Self::OrderedRing => "ordered_ring",
            Self::ConnectedAppendages => "connected_appendages",
            Self::OrderedLists => "ordered_lists",
            Self::NoDuplicates => "no_duplicates",
            Self::KeyOwner => "key_owner",
            Self::KeysAtOwners => "keys_at_owners",
            Self::CopiesInPlace => "copies_in_place",
            Self::NothingLost => "nothing_lost",
            Self::Counts => "counts",
            Self::ReportedLost => "reported_lost",
            Self::FreshReads => "fresh_reads",
        }
    }

    /// Whether it is about where copies are: that lasts until somebody looks again.
    fn is_of_copies(self) -> bool {
        matches!(self, Self::KeysAtOwners | Self::CopiesInPlace)
    }
}

/// Why nobody is to blame for a violation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Excuse {
    /// A failure broke the invariant.
    Failure,
    /// Something failed or changed while an answer was under way.
    UnderWay,
    /// A live node was taken for dead.
    Suspicion,
    /// The invariant was broken before.
    BrokenBefore,
    /// It is promised only when the ring is at rest.
    NotAtRest,
    /// Selfish peers keep, compare or move no copies, or lie.
    Selfish,
}

impl Excuse {
    /// As it is written in the result files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::UnderWay => "under_way",
            Self::Suspicion => "suspicion",
            Self::BrokenBefore => "broken_before",
            Self::NotAtRest => "not_at_rest",
            Self::Selfish => "selfish",
        }
    }
}

/// What the audit found in one run.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Findings {
    /// Times that something checked stopped holding.
    pub violations: u64,
    /// Of those: with all preconditions given.
    pub unexcused: u64,
    /// Time in which something did not hold.
    pub violated: SimDuration,
    /// The fewest principals since the invariant first held; `None` if it never did.
    pub least_principals: Option<u64>,
}
