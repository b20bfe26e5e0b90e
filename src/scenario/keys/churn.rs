//! `[churn]`: who comes and who goes.

use std::path::PathBuf;

use super::distribution::FORMS;
use super::key::{DURATION, Key, POSITIVE, RATE, SHARE, Section, ValueKind, number};
use crate::engine::SimDuration;

section! {
    /// Who comes and goes.
    pub(crate) struct ChurnKeys, static CHURN = Section::table("churn"), {
        /// Who comes and goes.
        model: ChurnChoice = "none", ValueKind::Word(ChurnChoice::WORDS);
        /// Share of departures that say goodbye; the others are crashes.
        graceful: f64 = 0, SHARE;
        /// When churn ends, counted from the end of the warm-up: from then on, who is up stays up and
        /// who is down stays down. Until then everything is as without this key. Initial members with
        /// `start = "join"` and `[[fault]]` come all the same. Without this key churn never ends.
        until: Option<SimDuration>, DURATION, limits("up to `duration`");
    }
}

words! {
    /// `churn.model`
    pub(crate) enum ChurnChoice {
        /// Nobody.
        None = "none",
        /// New peers arrive, and random live peers depart, as two Poisson processes over the system.
        Poisson = "poisson",
        /// Peers alternate between up and down.
        Sessions = "sessions",
        /// As a file says that was measured or made: `[churn.trace]`.
        Trace = "trace",
    }
}

section! {
    /// Arrivals and departures as two Poisson processes.
    pub(crate) struct PoissonKeys, static POISSON = Section::table("churn.poisson"), {
        /// New peers per second, over the whole system.
        joins_per_s: f64 = 0.1, RATE;
        /// Departures of random live peers per second.
        leaves_per_s: f64 = 0.1, RATE;
    }
}

section! {
    /// Peers alternate between up and down. At time 0 `overlay.nodes` of them are up, each in the middle of a
    /// session, and so many others are down that `overlay.nodes` are up on average ever after: with sessions of
    /// the mean U and pauses of the mean D there are nodes·(U + D)/U peers.
    static SESSIONS = Section::table("churn.sessions"), without field {
        /// For how long a peer is up each time.
        up, ValueKind::Distribution(FORMS), default("{ exponential = { mean = \"1h\" } }");
        /// For how long it is down in between.
        down, ValueKind::Distribution(FORMS), default("{ exponential = { mean = \"1h\" } }");
    }
}

section! {
    /// Who is there when is read from a file. A host of the trace is a peer, with the same identifiers each time it comes. Who
    /// is up where the trace is cut is up at time 0, so `overlay.nodes` follows from the file and must agree with it where it is
    /// given; `docs/churn.md` says more.
    pub(crate) struct TraceKeys, static TRACE = Section::table("churn.trace"), {
        /// The file: `.avt`, `event_trace.tab` of the Failure Trace Archive, an event file of p2psim or a trace of OverSim. The last two
        /// may ask for keys as well: these lookups, puts and gets happen beside those of `[workload]`.
        file: Option<PathBuf>, ValueKind::File, absent(Key::REQUIRED);
        /// In which format the file is.
        format: FormatChoice = "auto", ValueKind::Word(FormatChoice::WORDS);
        /// Where the trace is cut: this moment of it is time 0, the beginning of the warm-up. Counted in the time of the
        /// trace, in that of the Failure Trace Archive from its first event.
        from: SimDuration = "0s", DURATION;
        /// How much of it is played, in the time of the trace. Whoever is up when it is over stays up.
        length: Option<SimDuration>, POSITIVE, absent("all of it");
        /// How many seconds of the trace pass in a second of the run.
        speed: f64 = 1, number(0.000_001, 1e6);
    }
}

words! {
    /// `churn.trace.format`
    pub(crate) enum FormatChoice {
        /// The content of the file tells.
        Auto = "auto",
        /// A line per host: its name, its number of sessions, then the start and the end of each in seconds.
        Avt = "avt",
        /// The table `event_trace.tab` of the Failure Trace Archive.
        Fta = "fta",
        /// An event file of p2psim.
        P2psim = "p2psim",
        /// A trace of OverSim.
        Oversim = "oversim",
    }
}
