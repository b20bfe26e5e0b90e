//! `[churn]`: who comes and who goes.

use super::distribution::FORMS;
use super::key::{DURATION, RATE, SHARE, Section, ValueKind};
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
