//! Chord on a ring at rest.

mod conditions;
pub(super) mod ways;

use self::conditions::{Times, is_at_rest};
use super::hops::{Hops, Moments};
use super::ring::Ring;
use super::{Seen, keys};
use crate::catalogue::{Expected, Metric};
use crate::scenario::RunSpec;
use crate::scenario::resolved::{Ids, LookupMode, ProximityChoice, Routing, Scenario};

/// The fewest lookups whose mean is treated as normally distributed.
const FEW: f64 = 30.0;

/// The fewest successes, and failures, for their share to be treated so.
const RARE: f64 = 10.0;

/// What a run of Chord ought to measure.
pub(super) fn expectations(spec: &RunSpec, seen: &Seen) -> Vec<Expected> {
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

/// The most nodes, and keys, of a ring for which [`hops_at_rest`] are computed.
const LARGE: u32 = 1024;
const MANY_KEYS: u32 = 100_000;

/// Numbers of hops with their shares. Along the ring they grow with the nodes, by fingers by half of a doubling.
pub(super) fn hops_at_rest(spec: &RunSpec) -> Vec<(f64, f64)> {
    let mut scenario = spec.scenario.clone();
    let positions = u64::from(scenario.overlay.nodes) * u64::from(scenario.overlay.virtual_nodes);
    let is_large = positions > LARGE.into();
    if is_large && !matches!(scenario.overlay.ids, Ids::List(_)) {
        scenario.overlay.nodes = LARGE;
        scenario.overlay.virtual_nodes = 1;
    }
    scenario.selfish.fraction = 0.0;
    scenario.workload.keys = scenario.workload.keys.min(MANY_KEYS);
    let ring = Ring::of(&scenario, spec.seed);
    let times = positions as f64 / ring.len() as f64;
    let carried_over = |hops: usize| match scenario.chord.routing {
        Routing::Successors => hops as f64 * times,
        Routing::Fingers => hops as f64 + 0.5 * libm::log2(times),
    };
    let hops = ways::hops(&ring, &scenario.chord);
    let all: f64 = hops.weights().iter().sum();
    let weights = hops.weights().iter().enumerate();
    let shares = weights.map(|(hops, weight)| (carried_over(hops), weight / all));
    shares.collect()
}

/// Of all lookups of a run, the share that ought to be answered in each number of hops.
pub(super) fn hop_shares(spec: &RunSpec, seen: &Seen) -> Option<Vec<f64>> {
    let scenario = &spec.scenario;
    let times = Times::of(scenario, seen).filter(|_| is_at_rest(scenario))?;
    let hops = times.answered(scenario, all_ways(spec)?)?;
    Some(hops.shares())
}

/// The ways of all lookups of a run. `None` if some go around droppers, by asking again or by seeing that they are
/// silent, or by latency: those ways this module does not know.
fn all_ways(spec: &RunSpec) -> Option<Hops> {
    let scenario = &spec.scenario;
    let ring = Ring::of(scenario, spec.seed);
    let goes_around =
        scenario.selfish.defence.any() || scenario.chord.lookup == LookupMode::Iterative;
    let is_known = !(ring.has_droppers() && goes_around);
    let by_latency = scenario.chord.proximity != ProximityChoice::None;
    (is_known && !by_latency).then(|| ways::hops(&ring, &scenario.chord))
}

fn of_lookups(spec: &RunSpec, seen: &Seen, times: &Times) -> Vec<Expected> {
    let scenario = &spec.scenario;
    let Some(hops) = all_ways(spec) else {
        return Vec::new();
    };
    let mut expected = Vec::new();
    if times.bounded {
        expected.push(Expected::exactly(Metric::TimeoutsMean, 0.0));
    }
    if let Some(hops) = times.answered(scenario, hops) {
        expected.extend(success_rate(&hops, seen));
        expected.extend(means(&hops, scenario, seen, times));
    }
    expected
}

/// The share of lookups that get through.
fn success_rate(hops: &Hops, seen: &Seen) -> Option<Expected> {
    let share = hops.share();
    if !hops.any_lost() {
        return Some(Expected::exactly(Metric::SuccessRate, 1.0));
    }
    let outcome = Moments {
        mean: share,
        variance: share * (1.0 - share),
    };
    let typical = seen.lookups * share.min(1.0 - share) >= RARE;
    typical.then(|| {
        let error = hops.error(outcome, seen.lookups, 1.0);
        Expected::within(Metric::SuccessRate, share, error)
    })
}

/// Mean hops, and mean latency where every message takes equally long, of those that get through.
fn means(hops: &Hops, scenario: &Scenario, seen: &Seen, times: &Times) -> Vec<Expected> {
    let share = hops.share();
    let answered = seen.lookups * share;
    if answered < FEW {
        return Vec::new();
    }
    let of = |metric, moments: Moments| {
        let error = hops.error(moments, answered, share);
        Expected::within(metric, moments.mean, error)
    };
    let mut expected = vec![of(Metric::HopsMean, hops.moments(f64::from))];
    if times.equal {
        let latency = |hops| times.latency_ms(scenario.chord.lookup, hops);
        expected.push(of(Metric::LatencyMsMean, hops.moments(latency)));
    }
    expected
}
