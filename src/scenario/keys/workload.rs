//! `[workload]`: what users ask for.

use super::key::{RATE, Section, ValueKind, count, number};

section! {
    /// What users ask for.
    pub(crate) struct WorkloadKeys, static WORKLOAD = Section::table("workload"), {
        /// Lookups over the whole system, a Poisson process; each from a random live node.
        lookups_per_s: f64 = 10, RATE;
        /// Distinct keys.
        keys: u32 = 10000, count(1, 1_000_000_000);
        /// How keys are chosen.
        popularity: PopularityChoice = "uniform", ValueKind::Word(PopularityChoice::WORDS);
        /// With `zipf`: the k-th most popular key is asked for in proportion to k^-exponent.
        zipf_exponent: f64 = 1, number(0.0, 100.0);
        /// Puts over the whole system, a Poisson process of their own; each from a random live node.
        puts_per_s: f64 = 0, RATE;
        /// Gets, likewise.
        gets_per_s: f64 = 0, RATE;
    }
}

words! {
    /// `workload.popularity`
    pub(crate) enum PopularityChoice {
        /// All keys alike.
        Uniform = "uniform",
        /// Some keys more often than others, by Zipf's law.
        Zipf = "zipf",
    }
}
