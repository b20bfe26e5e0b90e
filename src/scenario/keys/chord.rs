//! `[chord]`: the parameters of the Chord protocol.

use super::key::{PERIOD, SHARE, Section, ValueKind, count};
use crate::engine::SimDuration;

section! {
    /// Parameters of the Chord protocol.
    pub struct Chord, static CHORD = Section::table("chord"), {
        /// How a lookup finds its next hop.
        routing: Routing = "fingers", ValueKind::Word(Routing::WORDS);
        /// Who sends the messages of a lookup.
        lookup: LookupMode = "recursive", ValueKind::Word(LookupMode::WORDS);
        /// The maintenance protocol; [chord.md](chord.md#keeping-the-ring) compares them.
        maintenance: Maintenance = "zave2017", ValueKind::Word(Maintenance::WORDS);
        /// Length of the successor list; `routing = "successors"` uses it for repair, never to skip.
        successors: u8 = 16, count(1, 255);
        /// Mean period of stabilisation.
        stabilize_every: Option<SimDuration> = "30s", PERIOD;
        /// Mean period of finger repair, one finger per tick.
        fix_fingers_every: Option<SimDuration> = "30s", PERIOD;
        /// Mean period of the check on the predecessor; `chord2001` has none unless a period is given.
        check_predecessor_every: Option<SimDuration> = "30s", PERIOD;
        /// Each period is drawn uniformly within this share of its mean.
        maintenance_jitter: f64 = 0.1, SHARE;
        /// Whether fingers and next hops are chosen by latency; [divergence.md](divergence.md#remedies) compares them.
        /// No effect with `routing = "successors"`.
        proximity: ProximityChoice = "none", ValueKind::Word(ProximityChoice::WORDS);
        /// Candidates for each finger; no effect unless fingers are chosen among several.
        pns_samples: u16 = 16, count(1, 1000);
        /// How a node knows which of the others are near; no effect with `proximity = "none"` and `"ideal"`.
        estimate: Estimate = "ping", ValueKind::Word(Estimate::WORDS);
        /// Mean period in which a node asks one of the nodes that once did not answer it, or a well-known one, for the node
        /// that follows it on the ring: so rings that a partition has split find each other again
        /// ([partitions.md](partitions.md)). No paper on Chord has it.
        merge_probe_every: Option<SimDuration> = "off", PERIOD;
    }
}

impl Chord {
    /// Whether fingers are chosen among several nodes, by latency.
    #[must_use]
    pub fn chooses_fingers(&self) -> bool {
        self.routing == Routing::Fingers
            && !matches!(self.proximity, ProximityChoice::None | ProximityChoice::Prs)
    }

    /// Whether nodes have coordinates, by which they know who is near.
    #[must_use]
    pub fn has_coordinates(&self) -> bool {
        self.estimate == Estimate::Vivaldi
            && self.routing == Routing::Fingers
            && !matches!(
                self.proximity,
                ProximityChoice::None | ProximityChoice::Ideal
            )
    }
}

words! {
    /// `chord.proximity`
    pub enum ProximityChoice {
        /// Fingers and next hops are the nodes that the identifiers demand.
        None = "none",
        /// Proximity neighbour selection: the nearest of `pns_samples` nodes of a finger's interval is the finger.
        Pns = "pns",
        /// Proximity route selection: a lookup is handed to the node by which it is expected to take the least time.
        Prs = "prs",
        /// Both.
        PnsPrs = "pns+prs",
        /// The nearest of all nodes of a finger's interval is the finger, as nobody could know: the bound for `pns`.
        Ideal = "ideal",
    }
}

words! {
    /// `chord.estimate`
    pub enum Estimate {
        /// It has measured the round trip.
        Ping = "ping",
        /// By Vivaldi coordinates, in two dimensions with a height, which answers carry.
        Vivaldi = "vivaldi",
    }
}

words! {
    /// `chord.routing`
    pub enum Routing {
        /// By the finger table, in O(log N) hops.
        Fingers = "fingers",
        /// From successor to successor, in O(N) hops.
        Successors = "successors",
    }
}

words! {
    /// `chord.lookup`
    pub enum LookupMode {
        /// Every node passes the lookup on; the owner answers the asking node directly.
        Recursive = "recursive",
        /// The asking node asks every node on the way itself.
        Iterative = "iterative",
    }
}

words! {
    /// `chord.maintenance`
    pub enum Maintenance {
        /// Proved correct by Zave, IEEE TSE 43(12), 2017.
        Zave2017 = "zave2017",
        /// With successor lists, as in the evaluation by Stoica et al., IEEE/ACM Transactions on
        /// Networking 11(1), 2003.
        Ton2003 = "ton2003",
        /// As first published by Stoica et al., SIGCOMM 2001.
        Chord2001 = "chord2001",
    }
}
