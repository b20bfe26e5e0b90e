//! `[storage]`: what is kept under the keys.

use super::key::{PERIOD, Section, ValueKind, count};
use crate::engine::SimDuration;

section! {
    /// What is kept under the keys. Without a put, a get or `preload` nothing is kept, and the section has no effect.
    pub struct Storage, static STORAGE = Section::table("storage"), {
        /// Copies of each value, each at another node.
        replicas: u8 = 1, count(1, 100), limits("on successors at most one more than `chord.successors`");
        /// Which nodes keep them.
        scheme: Scheme = "successors", ValueKind::Word(Scheme::WORDS);
        /// Size of a value.
        value_bytes: u32 = 1024, count(0, 1_000_000_000);
        /// How many nodes must have acknowledged a put.
        write_quorum: u8 = 1, count(1, 100), limits("at most `replicas`");
        /// How many nodes must have answered a get.
        read_quorum: u8 = 1, count(1, 100), limits("at most `replicas`");
        /// Who is asked: all that keep copies, or only as many as the quorum wants.
        quorums: Quorums = "first", ValueKind::Word(Quorums::WORDS);
        /// How often the nodes that keep the same keys compare their copies.
        repair_every: Option<SimDuration> = "1m", PERIOD;
        /// Whether nodes repair at moments of their own.
        rounds: Rounds = "staggered", ValueKind::Word(Rounds::WORDS);
        /// Whether keys move when a node joins or says goodbye.
        handover: bool = true, ValueKind::Truth;
        /// Whether every key of the workload is stored, on the nodes where it belongs, when the measurement begins.
        preload: bool = false, ValueKind::Truth;
        /// Whether nodes keep values even if the scenario neither puts, gets nor preloads any. Otherwise nothing of storage happens
        /// then, and it costs nothing.
        always: bool = false, ValueKind::Truth;
    }
}

impl Copy for Storage {}

impl Storage {
    /// How many nodes keep a copy at each place of a key.
    #[must_use]
    pub fn nodes_at_each_place(&self) -> u8 {
        match self.scheme {
            Scheme::Successors => self.replicas,
            Scheme::Spread => 1,
        }
    }
}

words! {
    /// `storage.scheme`
    pub enum Scheme {
        /// The owner of the key and the peers behind it (CFS).
        Successors = "successors",
        /// The owners of places spread evenly over the ring (symmetric replication).
        Spread = "spread",
    }
}

words! {
    /// `storage.quorums`
    pub enum Quorums {
        /// All that keep copies are asked, and the first answers count (Dynamo).
        First = "first",
        /// Only as many as the quorum wants are asked, drawn at random (probabilistic quorums).
        Random = "random",
        /// Of those that keep copies, a get asks as many as the quorum wants, the nearest ones, and others in place of those that
        /// are silent or have no copy; a put asks all. What is near follows from coordinates: `chord.estimate = "vivaldi"`.
        Nearest = "nearest",
    }
}

words! {
    /// `storage.rounds`
    pub enum Rounds {
        /// Each node begins at a random moment of its first period.
        Staggered = "staggered",
        /// All nodes repair at the same moments, multiples of `repair_every` from time 0.
        Together = "together",
    }
}
