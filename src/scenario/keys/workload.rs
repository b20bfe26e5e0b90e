//! `[workload]`: what users ask for.

use std::path::PathBuf;

use serde::Serialize;

use super::key::{POSITIVE, RATE, Section, ValueKind, Word, count, number};
use super::value::{FromValue, Value};
use crate::engine::SimDuration;

section! {
    /// What users ask for.
    pub(crate) struct WorkloadKeys, static WORKLOAD = Section::table("workload"), {
        /// Lookups over the whole system, a Poisson process; each from a random live node.
        lookups_per_s: f64 = 10, RATE;
        /// Distinct keys.
        keys: u32 = 10000, count(1, 1_000_000_000);
        /// A file with the names of the keys, one a line, the most popular first; in place of `keys`. Every line is a text that
        /// is hashed (SHA-1, the leading `id_bits` bits), also one of digits; blank lines and lines that begin with `#` are
        /// passed over. The names are the `label` in `operations.csv`.
        keys_file: Option<PathBuf>, ValueKind::File, absent("`keys` without names");
        /// How keys are chosen.
        popularity: PopularityChoice = "uniform", ValueKind::Word(PopularityChoice::WORDS);
        /// With `zipf`: the k-th most popular key is asked for in proportion to k^-exponent.
        zipf_exponent: f64 = 1, number(0.0, 100.0);
        /// Puts over the whole system, a Poisson process of their own; each from a random live node.
        puts_per_s: f64 = 0, RATE;
        /// Gets, likewise.
        gets_per_s: f64 = 0, RATE;
        /// Who makes lookups, puts and gets: somebody at random, or always the node with this identifier. While no node on the
        /// ring has it, nobody asks, and a request fails with `nobody-left`. When requests are made and for which
        /// keys is the same either way.
        source: Source = "random", ValueKind::WordOrCount(Source::WORDS), limits("below 2^`id_bits`");
        /// When lookups are made.
        arrivals: ArrivalsChoice = "poisson", ValueKind::Word(ArrivalsChoice::WORDS);
        /// With `per-node`: how many lookups each node makes.
        requests_per_node: u32 = 10, count(1, 1_000_000_000);
        /// With `per-node`: the span from one lookup of a node to its next.
        request_every: SimDuration = "1s", POSITIVE;
    }
}

words! {
    /// `workload.arrivals`
    pub(crate) enum ArrivalsChoice {
        /// As a Poisson process over the whole system, `lookups_per_s` of them.
        Poisson = "poisson",
        /// Each node makes `requests_per_node` lookups, one every `request_every`; `lookups_per_s` has no effect. The first
        /// comes a random part of `request_every` after the beginning of the measurement, or after the node has come. A
        /// turn at which the node is down passes, and does not count.
        PerNode = "per-node",
    }
}

/// `workload.source`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A random live node.
    #[default]
    Random,
    /// The node with this identifier.
    Id(u64),
}

impl Source {
    const WORDS: &'static [Word] = &[Word {
        name: "random",
        doc: "A random live node each time.",
    }];

    /// Whether it is random.
    #[must_use]
    pub fn is_random(&self) -> bool {
        *self == Self::Random
    }
}

impl FromValue for Source {
    fn from_value(value: Value) -> Self {
        match value {
            Value::Word(0) => Self::Random,
            Value::Count(id) => Self::Id(id),
            other => other.misfit(),
        }
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
