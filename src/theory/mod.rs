//! What a run ought to measure, computed without running it.
//!
//! For scenarios in which nothing but chance decides (a ring at rest, with or without peers that
//! drop lookups) mathematics says what comes out. [`expectations`] says it for one run, as sharply as
//! it can: it knows the run's own ring and keys, so that chance has a say only in who asks for what.
//!
//! It is a second opinion, and worth something only as long as it is one. It stands on the
//! definitions: on sorted identifiers, on who owns a key and on what a finger is. It sends no
//! message and imports nothing of the simulation, of Chord's routing or of the network. Nor does
//! it influence a run: it is asked when the run is over.
//!
//! | file | concern |
//! |---|---|
//! | `chord` | Chord: when theory has anything to say (`conditions`), and the hops from every node to every owner (`ways`) |
//! | `ring` | the sorted ring of a run, what is asked of each node, who drops lookups |
//! | `hops` | the distribution of hops, means and variances |
//! | `keys` | keys per node: order statistics of a beta-binomial distribution |
//! | `verdict` | measured beside expected: do they agree? |

mod chord;
mod hops;
mod keys;
mod ring;
#[cfg(test)]
mod tests;
mod verdict;

pub use verdict::{Comparison, Verdict, bound};

use crate::scenario::RunSpec;
use crate::scenario::resolved::Protocol;

/// A metric of `summary.csv` of which theory may know something, and the columns in which it says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quantity {
    /// The metric.
    pub metric: &'static str,
    /// The column of what is expected.
    pub column: &'static str,
    /// The column of its standard error.
    pub error_column: &'static str,
}

macro_rules! quantities {
    ($($name:ident = $metric:literal,)*) => {
        $(const $name: Quantity = Quantity {
            metric: $metric,
            column: concat!("expected_", $metric),
            error_column: concat!("expected_", $metric, "_se"),
        };)*

        /// Every metric of which theory may know something.
        pub const QUANTITIES: &[Quantity] = &[$($name),*];
    };
}

quantities! {
    SUCCESS_RATE = "success_rate",
    HOPS_MEAN = "hops_mean",
    LATENCY_MS_MEAN = "latency_ms_mean",
    TIMEOUTS_MEAN = "timeouts_mean",
    KEYS_MEAN = "keys_mean",
    KEYS_P1 = "keys_p1",
    KEYS_P99 = "keys_p99",
}

/// What one run ought to measure.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Expectation {
    /// Of which metric.
    pub quantity: Quantity,
    /// What is expected, in the metric's unit.
    pub mean: f64,
    /// How far chance carries a measured value from it (one standard deviation); 0 if not at all.
    pub standard_error: f64,
}

impl Expectation {
    fn exactly(quantity: Quantity, value: f64) -> Self {
        Self {
            quantity,
            mean: value,
            standard_error: 0.0,
        }
    }
}

/// What must be known of a run to say how sharp an expectation is, and whether there is any.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Seen {
    /// Lookups that were measured.
    pub lookups: f64,
    /// Whether messages of theirs were not answered in time.
    pub timeouts: bool,
}

/// What this run ought to measure; nothing where theory has nothing to say. Every overlay has a theory of its
/// own, or none.
#[must_use]
pub fn expectations(spec: &RunSpec, seen: &Seen) -> Vec<Expectation> {
    match spec.scenario.overlay.protocol {
        Protocol::Chord => chord::expectations(spec, seen),
    }
}

/// The columns in which `summary.csv` says what this run ought to measure, for a run that is over;
/// `measured` tells its metrics.
#[must_use]
pub fn columns(
    spec: &RunSpec,
    measured: impl Fn(&str) -> Option<f64>,
) -> Vec<(&'static str, Option<f64>)> {
    let seen = Seen {
        lookups: measured("lookups").unwrap_or(0.0),
        timeouts: measured("timeouts_mean") > Some(0.0),
    };
    let pair = |expected: Expectation| {
        let Quantity {
            column,
            error_column,
            ..
        } = expected.quantity;
        [
            (column, Some(expected.mean)),
            (error_column, Some(expected.standard_error)),
        ]
    };
    expectations(spec, &seen)
        .into_iter()
        .flat_map(pair)
        .collect()
}
