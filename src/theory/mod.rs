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
//! | `conditions` | when theory has anything to say |
//! | `ring` | the sorted ring of a run, what is asked of each node, who drops lookups |
//! | `ways` | the hops from every node to every owner |
//! | `hops` | their distribution, means and variances |
//! | `keys` | keys per node: order statistics of a beta-binomial distribution |
//! | `verdict` | measured beside expected: do they agree? |

mod conditions;
mod hops;
mod keys;
mod ring;
#[cfg(test)]
mod tests;
mod verdict;
mod ways;

pub use verdict::{Comparison, Verdict, bound};

use conditions::{Times, is_at_rest};
use hops::{Hops, Moments};
use ring::Ring;

use crate::scenario::RunSpec;
use crate::scenario::resolved::{Defence, LookupMode, Scenario};

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

/// The fewest lookups whose mean is treated as normally distributed.
const FEW: f64 = 30.0;

/// The fewest successes, and failures, for their share to be treated so.
const RARE: f64 = 10.0;

/// What this run ought to measure; nothing where theory has nothing to say.
#[must_use]
pub fn expectations(spec: &RunSpec, seen: &Seen) -> Vec<Expectation> {
    let scenario = &spec.scenario;
    if !is_at_rest(scenario) {
        return Vec::new();
    }
    let Some(times) = Times::of(scenario, seen) else {
        return Vec::new();
    };
    let mut expected = of_lookups(spec, seen, &times);
    expected.extend(keys::expected(scenario));
    expected
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

fn of_lookups(spec: &RunSpec, seen: &Seen, times: &Times) -> Vec<Expectation> {
    let scenario = &spec.scenario;
    let ring = Ring::of(scenario, spec.seed);
    // Whoever goes around droppers (by asking again, or by seeing that they are silent) takes ways
    // that this module does not know.
    let goes_around =
        scenario.selfish.defence != Defence::None || scenario.chord.lookup == LookupMode::Iterative;
    if ring.has_droppers() && goes_around {
        return Vec::new();
    }
    let hops = ways::hops(&ring, &scenario.chord);
    let mut expected = Vec::new();
    if times.bounded {
        expected.push(Expectation::exactly(TIMEOUTS_MEAN, 0.0));
    }
    if let Some(hops) = times.answered(scenario, hops) {
        expected.extend(success_rate(&hops, seen));
        expected.extend(means(&hops, scenario, seen, times));
    }
    expected
}

/// The share of lookups that get through.
fn success_rate(hops: &Hops, seen: &Seen) -> Option<Expectation> {
    let share = hops.share();
    if !hops.any_lost() {
        return Some(Expectation::exactly(SUCCESS_RATE, 1.0));
    }
    let outcome = Moments {
        mean: share,
        variance: share * (1.0 - share),
    };
    let typical = seen.lookups * share.min(1.0 - share) >= RARE;
    typical.then(|| Expectation {
        quantity: SUCCESS_RATE,
        mean: share,
        standard_error: hops.error(outcome, seen.lookups, 1.0),
    })
}

/// Mean hops, and mean latency where every message takes equally long, of those that get through.
fn means(hops: &Hops, scenario: &Scenario, seen: &Seen, times: &Times) -> Vec<Expectation> {
    let share = hops.share();
    let answered = seen.lookups * share;
    if answered < FEW {
        return Vec::new();
    }
    let of = |quantity, moments: Moments| Expectation {
        quantity,
        mean: moments.mean,
        standard_error: hops.error(moments, answered, share),
    };
    let mut expected = vec![of(HOPS_MEAN, hops.moments(f64::from))];
    if times.equal {
        let latency = |hops| times.latency_ms(scenario.chord.lookup, hops);
        expected.push(of(LATENCY_MS_MEAN, hops.moments(latency)));
    }
    expected
}
