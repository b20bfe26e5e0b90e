//! `[selfish]`: who does not play fair, and what the others do about it.

use super::key::{DURATION, PERIOD, POSITIVE, SHARE, Section, ValueKind, count, number};
use crate::engine::SimDuration;

section! {
    /// Peers that consume and do not serve, and what the others do about it.
    pub(crate) struct SelfishKeys, static SELFISH = Section::table("selfish"), {
        /// Share of peers that are selfish.
        fraction: f64 = 0, SHARE;
        /// What they do: one of these, or several at once.
        behaviour: Vec<Behaviour> = "drop-lookups", ValueKind::Words(Behaviour::WORDS);
        /// With `refuse-storage`: what they say to those that want something kept.
        storage_refusal: StorageRefusal = "acknowledge", ValueKind::Word(StorageRefusal::WORDS);
        /// With `misroute`: whom they name as the owner.
        misroute_to: MisrouteTo = "self", ValueKind::Word(MisrouteTo::WORDS);
        /// With `whitewash`: how long a peer bears it to be shunned, on average (exponential).
        whitewash_every: SimDuration = "10m", POSITIVE;
        /// With `leech`: how long a peer stays away between two visits, on average (exponential).
        leech_away: SimDuration = "10m", POSITIVE;
        /// Which peers are selfish, and when.
        who: Who = "drawn", ValueKind::Word(Who::WORDS);
        /// With `ramp`: when all of `fraction` are selfish, from the beginning of the measurement.
        ramp_until: Option<SimDuration>, POSITIVE, absent("the end of `duration`");
        /// With `ramp` and `decide`: how often peers turn selfish, or think it over.
        decide_every: SimDuration = "1m", POSITIVE;
        /// With `decide`: how a peer decides.
        decide_by: DecideBy = "imitation", ValueKind::Word(DecideBy::WORDS);
        /// With `imitation`: what an answered request is worth to a peer.
        gain_per_request: f64 = 1, number(0.0, 1e9);
        /// With `imitation`: what it costs to serve others with one message.
        cost_per_message: f64 = 0.1, number(0.0, 1e9);
        /// With `imitation`: what each byte of these messages costs besides.
        cost_per_byte: f64 = 0, number(0.0, 1e9);
        /// With `generosity`: the greatest there is; each peer's is uniform between 0 and this.
        generosity: f64 = 5, number(0.0, 1e9);
        /// With `generosity`: what the system is worth to a peer when all contribute, in units of the cost of contributing.
        benefit: f64 = 0, number(0.0, 1e9);
        /// With `generosity`: the probability that one who does not contribute is excluded until the next decision.
        exclusion: f64 = 0, SHARE;
        /// What the others do about it: one of these, or several at once.
        defence: Vec<DefenceChoice> = "none", ValueKind::Words(DefenceChoice::WORDS);
        /// With `retry`: how long to wait for an answer each time. An iterative lookup that takes longer than that never gets
        /// to its end, as it begins anew each time.
        retry_after: SimDuration = "3s", POSITIVE;
        /// With `retry`: how often to start again at most.
        retry_attempts: u8 = 8, count(1, 255);
        /// With `redundant`: how many requests are made at once.
        redundant_requests: u8 = 3, count(2, 16);
        /// With `redundant`: which answer is believed.
        redundant_answer: RedundantAnswer = "first", ValueKind::Word(RedundantAnswer::WORDS);
        /// With `redundant` and `closest`: how long to wait for the other answers, from the first one on.
        redundant_wait: SimDuration = "1s", DURATION;
        /// With `reputation`: what is done about those of ill repute.
        reputation_verdict: ReputationVerdict = "shun", ValueKind::Word(ReputationVerdict::WORDS);
        /// With `reputation`: a peer is of ill repute with another once so many more bad experiences than good ones weigh on it.
        reputation_limit: f64 = 1, number(0.01, 1e6);
        /// With `reputation`: after this time an experience weighs half.
        reputation_half_life: Option<SimDuration> = "1h", PERIOD;
        /// With `reciprocity`: how many requests a peer serves for one that has done nothing for it yet.
        reciprocity_allowance: u32 = 4, count(0, 1_000_000);
        /// With `reciprocity`: how many requests a peer serves for each that was served to it.
        reciprocity_ratio: f64 = 1, number(0.0, 1e6);
    }
}

words! {
    /// `selfish.behaviour`
    pub enum Behaviour {
        /// Passes no lookup on; still answers for its own keys, answers pings and maintains its links.
        DropLookups = "drop-lookups",
        /// Keeps nothing for others.
        RefuseStorage = "refuse-storage",
        /// Keeps values, and does not give them out.
        RefuseServing = "refuse-serving",
        /// Asks others and maintains its own links, and answers nobody who maintains its own; compares and repairs no copies.
        NoMaintenance = "no-maintenance",
        /// Answers lookups that it should pass on with an owner who is none.
        Misroute = "misroute",
        /// Comes back as somebody else when it is shunned.
        Whitewash = "whitewash",
        /// Comes only to ask: joins, makes one request, and leaves.
        Leech = "leech",
    }
}

impl Behaviour {
    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::WORDS[self as usize].name
    }
}

words! {
    /// `selfish.storage_refusal`
    pub enum StorageRefusal {
        /// That they have it.
        Acknowledge = "acknowledge",
        /// That they will not.
        Decline = "decline",
    }
}

words! {
    /// `selfish.misroute_to`
    pub enum MisrouteTo {
        /// Each itself.
        Itself = "self",
        /// The selfish peer nearest behind the key.
        Colluder = "colluder",
    }
}

words! {
    /// `selfish.who`
    pub(crate) enum Who {
        /// A share of all peers, from the beginning.
        Drawn = "drawn",
        /// A share that grows evenly during the measurement, from none to `fraction`.
        Ramp = "ramp",
        /// At first a share of all peers; then each decides for itself, again and again.
        Decide = "decide",
    }
}

words! {
    /// `selfish.decide_by`
    pub(crate) enum DecideBy {
        /// Each compares what it gained and paid since the last decision with one other, and does as that one if that one fared
        /// better.
        Imitation = "imitation",
        /// Each contributes if its generosity outweighs the cost of contributing, which those who contribute share (Feldman,
        /// Papadimitriou, Chuang, Stoica 2004).
        Generosity = "generosity",
    }
}

words! {
    /// `selfish.defence`
    pub(crate) enum DefenceChoice {
        /// The request is given up when its time is over.
        None = "none",
        /// The asking node starts again by another next hop.
        Retry = "retry",
        /// The asking node makes several requests at once, by different next hops; with `scheme = "spread"` to the places of
        /// different copies.
        Redundant = "redundant",
        /// Each peer remembers who served it and who did not, and goes around those of ill repute.
        Reputation = "reputation",
        /// Each peer serves others as much as they served it.
        Reciprocity = "reciprocity",
    }
}

words! {
    /// `selfish.redundant_answer`
    pub enum RedundantAnswer {
        /// The first.
        First = "first",
        /// Of all that come in time, that of the node closest behind the key.
        Closest = "closest",
    }
}

words! {
    /// `selfish.reputation_verdict`
    pub enum ReputationVerdict {
        /// They are neither asked nor served.
        Shun = "shun",
        /// They are asked where there is nobody else, and served.
        Avoid = "avoid",
    }
}
