//! What a scenario says its measurements should come to: `[[expect]]`, resolved. It influences no
//! run and stands outside of what makes two runs the same.

use serde::Serialize;

pub use super::keys::expect::Kind;
use crate::catalogue::{Exists, Metric};

/// What one quantity should be for one combination of swept values.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Expectation {
    /// The combination it is about.
    pub combination: u32,
    /// What is measured.
    pub quantity: Quantity,
    /// What it should be.
    pub rule: Rule,
    /// Why one should think so.
    pub kind: Kind,
    /// Where that is said; may be empty for what is exact.
    pub source: String,
    /// A remark for the reader; may be empty.
    pub note: String,
}

/// What is measured.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub enum Quantity {
    /// A metric of `summary.csv`, in the mean over the repetitions.
    Metric(Metric),
    /// Computed from the rows of `lookups.csv` of all repetitions.
    Statistic(Statistic),
    /// What `[threshold]` looks for, in the mean over the repetitions.
    Threshold,
}

/// What scenarios call what `[threshold]` looks for.
const THRESHOLD: &str = "threshold";

impl Quantity {
    /// What scenarios call it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Metric(metric) => metric.name(),
            Self::Statistic(statistic) => statistic.name(),
            Self::Threshold => THRESHOLD,
        }
    }

    /// The quantity of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let metric = Metric::named(name).map(Self::Metric);
        let statistic = || Statistic::ALL.into_iter().find(|it| it.name() == name);
        let threshold = || (name == THRESHOLD).then_some(Self::Threshold);
        let metric = metric.or_else(|| statistic().map(Self::Statistic));
        metric.or_else(threshold)
    }

    /// When a run has it.
    pub(super) fn exists(&self) -> Exists {
        match self {
            Self::Metric(metric) => metric.info().exists,
            Self::Statistic(_) | Self::Threshold => Exists::Always,
        }
    }

    /// The names of all: first the metrics in the order of their columns, then the statistics, then the threshold.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let metrics = Metric::ALL.iter().map(|metric| metric.name());
        let statistics = Statistic::ALL.map(Statistic::name);
        metrics.chain(statistics).chain([THRESHOLD])
    }
}

/// A number that takes all lookups to compute.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub enum Statistic {
    /// Chi-squared: how probable hops as uneven as these are, if they are uniform on 0 to N - 1.
    HopsUniformP,
    /// Chi-squared on an even ring of 2^k nodes: how probable steps as far from binomial(k, 1/2) as
    /// these are.
    StepsBinomialP,
    /// On an even ring of 2^k nodes: lookups whose steps to the key's predecessor are not as many as
    /// the distance has 1 bits.
    StepsOffBits,
    /// On a constant network: lookups whose latency does not follow from their hops.
    LatencyOffHops,
    /// With identifiers given one by one: lookups whose answer is not the first of them at or after the
    /// key.
    AnswersOffIds,
}

impl Statistic {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::HopsUniformP,
        Self::StepsBinomialP,
        Self::StepsOffBits,
        Self::LatencyOffHops,
        Self::AnswersOffIds,
    ];

    /// What scenarios call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HopsUniformP => "hops_uniform_p",
            Self::StepsBinomialP => "steps_binomial_p",
            Self::StepsOffBits => "steps_off_bits",
            Self::LatencyOffHops => "latency_off_hops",
            Self::AnswersOffIds => "answers_off_ids",
        }
    }
}

/// What a quantity should be, and what it takes to be that.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub enum Rule {
    /// No further away than this.
    Within {
        /// What it should be.
        value: f64,
        /// In the quantity's own unit.
        tolerance: f64,
    },
    /// No further away than this share of it.
    WithinShare {
        /// What it should be.
        value: f64,
        /// 0 to 1.
        share: f64,
    },
    /// No further away than so many standard errors of the mean over the repetitions.
    StandardErrors {
        /// What it should be.
        value: f64,
        /// How many.
        count: f64,
    },
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
    /// Shown beside what was measured, and not judged.
    Reported(f64),
}
