//! What a scenario says its measurements should come to: `[[expect]]`, resolved. It influences no
//! run and stands outside of what makes two runs the same.

use serde::Serialize;

pub use super::keys::expect::Kind;

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
    Metric(&'static str),
    /// Computed from the rows of `lookups.csv` of all repetitions.
    Statistic(Statistic),
}

impl Quantity {
    /// What scenarios call it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Metric(name) => name,
            Self::Statistic(statistic) => statistic.name(),
        }
    }

    /// The quantity of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let metric = METRICS.iter().chain(&AUDIT_METRICS).find(|it| **it == name);
        let statistic = Statistic::ALL.into_iter().find(|it| it.name() == name);
        metric
            .map(|metric| Self::Metric(metric))
            .or(statistic.map(Self::Statistic))
    }

    /// Whether it is measured only where the ring is audited.
    pub(super) fn needs_audit(&self) -> bool {
        matches!(self, Self::Metric(name) if AUDIT_METRICS.contains(name))
    }

    /// The names of all: first the metrics in the order of their columns, then the statistics.
    pub fn names() -> impl Iterator<Item = &'static str> {
        METRICS
            .into_iter()
            .chain(AUDIT_METRICS)
            .chain(Statistic::ALL.map(Statistic::name))
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

/// The metrics of `summary.csv`, in their order. A test compares them with those of a run.
const METRICS: [&str; 39] = [
    "lookups",
    "ok",
    "wrong",
    "failed",
    "success_rate",
    "hops_mean",
    "hops_p50",
    "hops_p95",
    "hops_p99",
    "hops_max",
    "path_length_mean",
    "latency_ms_mean",
    "latency_ms_p50",
    "latency_ms_p95",
    "latency_ms_p99",
    "stretch_mean",
    "stretch_p50",
    "stretch_p95",
    "timeouts_mean",
    "messages",
    "maintenance_messages",
    "bytes",
    "load_mean",
    "load_max",
    "load_gini",
    "keys_mean",
    "keys_p1",
    "keys_p99",
    "keys_max",
    "keys_gini",
    "joins",
    "leaves",
    "crashes",
    "nodes_end",
    "events",
    "lost_messages",
    "refused_messages",
    "keys_sd",
    "keys_empty_share",
];

/// The metrics that an audit adds, in their order.
const AUDIT_METRICS: [&str; 4] = [
    "violations",
    "violations_unexcused",
    "violated_s",
    "principals_min",
];
