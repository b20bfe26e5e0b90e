//! `[selfish]`: who does not play fair, and what the others do about it.

use super::key::{POSITIVE, SHARE, Section, ValueKind, count};
use crate::engine::SimDuration;

section! {
    /// Peers that consume and do not serve, and what the others do about it.
    pub(crate) struct SelfishKeys, static SELFISH = Section::table("selfish"), {
        /// Share of peers that are selfish.
        fraction: f64 = 0, SHARE;
        /// What they do.
        behaviour: Behaviour = "drop-lookups", ValueKind::Word(Behaviour::WORDS);
        /// What the others do about it.
        defence: DefenceChoice = "none", ValueKind::Word(DefenceChoice::WORDS);
        /// With `retry`: how long to wait for an answer each time.
        retry_after: SimDuration = "3s", POSITIVE;
        /// With `retry`: how often to start again at most.
        retry_attempts: u8 = 8, count(1, 255);
    }
}

words! {
    /// `selfish.behaviour`
    pub enum Behaviour {
        /// Passes no lookup on; still answers for its own keys, answers pings and maintains its links.
        DropLookups = "drop-lookups",
    }
}

words! {
    /// `selfish.defence`
    pub(crate) enum DefenceChoice {
        /// The lookup is given up when its time is over.
        None = "none",
        /// The asking node starts again by another next hop.
        Retry = "retry",
    }
}
