//! Distributions of durations: the tables of which a key such as `churn.sessions.up` holds one.

use super::key::{Key, POSITIVE, Section, ValueKind, number};
use crate::engine::SimDuration;

/// The tables, in the order in which they are listed.
pub(in crate::scenario) const FORMS: &[&Section] = &[
    &EXPONENTIAL,
    &PARETO,
    &WEIBULL,
    &LOG_NORMAL,
    &FIXED,
    &PUBLISHED,
];

section! {
    /// Memoryless.
    pub(crate) struct Exponential, static EXPONENTIAL = Section::table("exponential"), {
        /// The mean.
        mean: Option<SimDuration>, POSITIVE, absent(Key::REQUIRED);
    }
}

section! {
    /// P(X > x) = (minimum / x)^shape for x above the minimum.
    pub(crate) struct Pareto, static PARETO = Section::table("pareto"), {
        /// The least value.
        minimum: Option<SimDuration>, POSITIVE, absent("from the `mean`");
        /// The mean, in place of `minimum`; needs a `shape` above 1.
        mean: Option<SimDuration>, POSITIVE, absent("from the `minimum`");
        /// The exponent; up to 1 the mean is infinite.
        shape: Option<f64>, number(0.001, 1000.0), absent(Key::REQUIRED);
    }
}

section! {
    /// P(X > x) = exp(-(x / scale)^shape).
    pub(crate) struct Weibull, static WEIBULL = Section::table("weibull"), {
        /// The span that a share 1/e outlives.
        scale: Option<SimDuration>, POSITIVE, absent("from the `mean`");
        /// The mean, in place of `scale`.
        mean: Option<SimDuration>, POSITIVE, absent("from the `scale`");
        /// The exponent; below 1 the old live on.
        shape: Option<f64>, number(0.001, 1000.0), absent(Key::REQUIRED);
    }
}

section! {
    /// The logarithm is normally distributed.
    pub(crate) struct LogNormal, static LOG_NORMAL = Section::table("lognormal"), {
        /// Half of all values lie below it.
        median: Option<SimDuration>, POSITIVE, absent("from the `mean`");
        /// The mean, in place of `median`.
        mean: Option<SimDuration>, POSITIVE, absent("from the `median`");
        /// Standard deviation of the logarithm.
        sigma: Option<f64>, number(0.0, 100.0), absent(Key::REQUIRED);
    }
}

section! {
    /// Always the same.
    pub(crate) struct Fixed, static FIXED = Section::table("fixed"), {
        /// The value.
        value: Option<SimDuration>, POSITIVE, absent(Key::REQUIRED);
    }
}

section! {
    /// As somebody has fitted it to what was measured; `docs/churn.md` has the numbers.
    pub(crate) struct Published, static PUBLISHED = Section::table("published"), {
        /// Which fit.
        fit: Option<Fit>, ValueKind::Word(Fit::WORDS), absent(Key::REQUIRED);
    }
}

words! {
    /// `published.fit`
    pub(crate) enum Fit {
        /// Sessions of peers in KAD, from the second crawl on (Steiner, En-Najjary, Biersack 2007).
        KadUp = "kad-2007-up",
        /// Sessions of those peers in KAD that the first crawl found (the same).
        KadFirstUp = "kad-2007-first-up",
        /// Pauses between the sessions of a peer in KAD (the same).
        KadDown = "kad-2007-down",
        /// Sessions in the swarm of Debian in BitTorrent (Stutzbach, Rejaie 2006).
        Debian = "bittorrent-debian-2006",
        /// The same of Red Hat.
        RedHat = "bittorrent-redhat-2006",
        /// The same of FlatOut, a game.
        FlatOut = "bittorrent-flatout-2006",
    }
}
