//! Values that were stored once and are then left alone: how many of them outlive their nodes, and how many of the gets still
//! find them. `docs/theory.md` has the derivations.

use super::Seen;
use super::ring::Ring;
use crate::catalogue::{Expected, Metric};
use crate::engine::SimDuration;
use crate::scenario::RunSpec;
use crate::scenario::resolved::{
    Behaviour, ChurnModel, Distribution, FaultKind, Popularity, Quorums, Scenario, Scheme, Selfish,
    Start,
};
use crate::workload::Keys;
use crate::world::Space;

/// The fewest nodes, by themselves, whose values are to be lost, or to be kept, for their number to be treated as normally
/// distributed.
const RARE: f64 = 10.0;

/// From so many nodes on the ring is as good as continuous.
const MANY: u32 = 500;

/// The ring notices who has come within this share of a life, or it matters.
const SOON: f64 = 1.0 / 500.0;

/// Steps of the mean over the time of a run.
const STEPS: u32 = 256;

/// What a run ought to measure.
pub(super) fn expected(spec: &RunSpec, seen: &Seen) -> Vec<Expected> {
    let alive = values_alive(spec);
    let found = get_success(&spec.scenario, seen);
    alive.into_iter().chain(found).collect()
}

/// The share of the values that ought to be alive so many seconds after they were stored; `None` where theory does not know.
pub(super) fn share_alive(scenario: &Scenario, seconds: f64) -> Option<f64> {
    let copies = copies_left_alone(scenario)?;
    let end = Deaths::of(scenario)?;
    Some(1.0 - end.all_dead(copies, seconds))
}

/// The copies of each value, if nothing ever makes another one: they are where they belong when the run begins, and nobody
/// hands over, repairs or puts anything. A get repairs what it sees, unless there is but one copy or it asks no more nodes
/// than it needs.
fn copies_left_alone(scenario: &Scenario) -> Option<u32> {
    let storage = scenario.storage.as_ref()?;
    let gets_repair = scenario.workload.gets_per_s > 0.0
        && storage.replicas > 1
        && storage.quorums == Quorums::First;
    let is_left_alone = storage.preload
        && storage.repair_every.is_none()
        && !storage.handover
        && scenario.workload.puts_per_s <= 0.0
        && scenario.events.is_empty()
        && scenario.workload.keys_file.is_none()
        && !gets_repair;
    let is_known = scenario.overlay.start == Start::Converged
        && scenario.warmup.0 == 0
        && scenario.overlay.virtual_nodes == 1
        && stays_as_it_is(&scenario.selfish)
        // Keeping nodes of two values overlap at one end only.
        && (storage.scheme == Scheme::Successors || storage.replicas == 1)
        && scenario.overlay.nodes >= 2 * u32::from(storage.replicas);
    (is_left_alone && is_known).then_some(u32::from(storage.replicas))
}

/// Whether all copies are where they should be and stay there, whoever is selfish: nobody leaves because of it, keeps none, or lets
/// its copies go.
fn stays_as_it_is(selfish: &Selfish) -> bool {
    use Behaviour::{DropLookups, Misroute, RefuseServing};
    let is_harmless = |it: &Behaviour| matches!(it, DropLookups | Misroute | RefuseServing);
    selfish.never() || selfish.behaviour.iter().all(is_harmless)
}

/// How nodes die.
enum Deaths {
    /// Each by itself, at a constant rate, until an end.
    OneByOne { mean_s: f64, until_s: f64 },
    /// So many of all, drawn at random, at one moment.
    AtOnce { at_s: f64, killed: f64, nodes: f64 },
}

impl Deaths {
    /// `None` if theory does not know.
    fn of(scenario: &Scenario) -> Option<Self> {
        let nodes = f64::from(scenario.overlay.nodes);
        let until = scenario.churn.until.unwrap_or(scenario.duration);
        let until_s = until.as_secs_f64();
        match (&scenario.churn.model, &scenario.faults[..]) {
            (ChurnModel::None, [only]) => match only.kind {
                FaultKind::Kill(share) => Some(Self::AtOnce {
                    at_s: only.at.as_secs_f64(),
                    killed: libm::round(share * nodes),
                    nodes,
                }),
                _ => None,
            },
            (
                ChurnModel::Sessions {
                    up: Distribution::Exponential { mean },
                    ..
                },
                [],
            ) => Some(Self::OneByOne {
                mean_s: mean.as_secs_f64(),
                until_s,
            }),
            (churn, []) => {
                replaced_one_by_one(churn, nodes).map(|mean_s| Self::OneByOne { mean_s, until_s })
            }
            _ => None,
        }
    }

    /// The probability that so many given nodes are all dead after so many seconds.
    fn all_dead(&self, given: u32, seconds: f64) -> f64 {
        match *self {
            Self::OneByOne { mean_s, until_s } => {
                let dead = -libm::expm1(-seconds.min(until_s) / mean_s);
                libm::pow(dead, f64::from(given))
            }
            Self::AtOnce { at_s, .. } if seconds < at_s => 0.0,
            Self::AtOnce { killed, nodes, .. } => {
                let one = |before: u32| {
                    let before = f64::from(before);
                    ((killed - before) / (nodes - before)).max(0.0)
                };
                (0..given).map(one).product()
            }
        }
    }
}

/// The mean life in seconds where each node that dies is replaced by one elsewhere, in the mean.
fn replaced_one_by_one(churn: &ChurnModel, nodes: f64) -> Option<f64> {
    match *churn {
        ChurnModel::Poisson {
            joins_per_s,
            leaves_per_s,
        } if joins_per_s > 0.0 && joins_per_s.total_cmp(&leaves_per_s).is_eq() => {
            Some(nodes / leaves_per_s)
        }
        _ => None,
    }
}

/// Values alive at the end.
fn values_alive(spec: &RunSpec) -> Option<Expected> {
    let scenario = &spec.scenario;
    let copies = copies_left_alone(scenario)?;
    let deaths = Deaths::of(scenario)?;
    let end = scenario.duration.as_secs_f64();
    let lost = deaths.all_dead(copies, end);
    let nodes = f64::from(scenario.overlay.nodes);
    if lost.min(1.0 - lost) * nodes < RARE * f64::from(copies) {
        return None;
    }
    let values = values_by_owner(spec);
    let all: f64 = values.iter().sum();
    let variance = variance(&values, copies, |given| deaths.all_dead(given, end));
    let alive = all * (1.0 - lost);
    Some(Expected::within(
        Metric::ValuesAlive,
        alive,
        variance.sqrt(),
    ))
}

/// How many values each node owns, by rank.
fn values_by_owner(spec: &RunSpec) -> Vec<f64> {
    let scenario = &spec.scenario;
    let ring = Ring::of(scenario, spec.seed);
    let space = Space::new(scenario.overlay.id_bits);
    let keys = Keys::new(
        scenario.workload.keys,
        Popularity::Uniform,
        space,
        spec.seed,
    );
    let mut places = keys.all().to_vec();
    places.sort_unstable();
    places.dedup();
    let mut values = vec![0.0; ring.len()];
    for place in places {
        values[ring.owner(place)] += 1.0;
    }
    values
}

/// The variance of the number of values lost: the sum, over all pairs of values, of the covariance of their losses. Values
/// whose owners are d apart are kept by copies + d nodes together, or by twice the copies.
fn variance(values: &[f64], copies: u32, all_dead: impl Fn(u32) -> f64) -> f64 {
    let square = libm::pow(all_dead(copies), 2.0);
    let covariance = |given| all_dead(given) - square;
    let pairs_apart = |ranks: u32| -> f64 {
        let others = values.iter().cycle().skip(ranks as usize);
        values
            .iter()
            .zip(others)
            .map(|(one, other)| one * other)
            .sum()
    };
    let all: f64 = values.iter().sum();
    let (mut sum, mut near) = (0.0, 0.0);
    for ranks in 0..copies {
        let both_ways = if ranks == 0 { 1.0 } else { 2.0 };
        let pairs = both_ways * pairs_apart(ranks);
        sum += pairs * covariance(copies + ranks);
        near += pairs;
    }
    (sum + (all * all - near) * covariance(2 * copies)).max(0.0)
}

/// The bytes that keep the copies of a run, by the rule of Blake and Rodrigues (2003, as in `docs/storage.md`): a node that comes is given its share
/// of the copies, and what goes with one is made again. It holds to a few per cent where a death is noticed soon. `None`
/// where there is more to it.
pub(super) fn upkeep_bytes(scenario: &Scenario) -> Option<f64> {
    let storage = scenario.storage.as_ref()?;
    let mean_s = match Deaths::of(scenario)? {
        Deaths::OneByOne { mean_s, .. } => mean_s,
        Deaths::AtOnce { .. } => return None,
    };
    let is_soon = |period: SimDuration| period.as_secs_f64() <= mean_s / 10.0;
    let is_known = storage.preload
        && storage.replicas > 1
        && storage.repair_every.is_some_and(is_soon)
        && scenario.churn.until.is_none()
        && scenario.workload.puts_per_s <= 0.0
        && scenario.workload.keys_file.is_none()
        && scenario.selfish.never()
        && scenario.events.is_empty();
    let lives = scenario.duration.as_secs_f64() / mean_s;
    let copies = f64::from(scenario.workload.keys) * f64::from(storage.replicas);
    is_known.then(|| 2.0 * copies * f64::from(storage.value_bytes) * lives)
}

/// Gets that find their value where there is one copy, nobody hands anything over, and the present owner is asked.
fn get_success(scenario: &Scenario, seen: &Seen) -> Option<Expected> {
    let is_single = copies_left_alone(scenario)? == 1;
    let nodes = f64::from(scenario.overlay.nodes);
    let mean_s = replaced_one_by_one(&scenario.churn.model, nodes)?;
    let is_noticed = |period: Option<SimDuration>| {
        period.is_some_and(|period| period.as_secs_f64() <= SOON * mean_s)
    };
    let is_known = is_single
        && scenario.overlay.nodes >= MANY
        && scenario.faults.is_empty()
        && scenario.churn.until.is_none()
        && scenario.network.loss <= 0.0
        && scenario.selfish.never()
        && !scenario.selfish.defence.any()
        && scenario.workload.popularity == Popularity::Uniform
        && scenario.workload.is_random()
        && is_noticed(scenario.chord.stabilize_every)
        && is_noticed(scenario.chord.check_predecessor_every);
    if !is_known || seen.gets < RARE {
        return None;
    }
    let lives = scenario.duration.as_secs_f64() / mean_s;
    let mean = libm::log(2.0 - libm::exp(-lives)) / lives;
    // Gets of all moments ask in the same world: their errors are treated as if they always went the same way, as they nearly
    // do, so that this is rather too large.
    let middle = |step: u32| lives * (f64::from(step) + 0.5) / f64::from(STEPS);
    let deviations = (0..STEPS).map(|step| share_found_deviation(middle(step), nodes));
    let of_worlds = deviations.sum::<f64>() / f64::from(STEPS);
    let of_gets = mean * (1.0 - mean) / seen.gets;
    let error = (of_worlds * of_worlds + of_gets).sqrt();
    Some(Expected::within(Metric::GetSuccessRate, mean, error))
}

/// The standard deviation, from ring to ring, of the share of the keys that are found after so many mean lives.
fn share_found_deviation(lives: f64, nodes: f64) -> f64 {
    let alive = libm::exp(-lives);
    let found = alive / (2.0 - alive);
    let spread = 2.0 - alive;
    let variance = alive * (2.0 - alive) / (spread * spread) + found * found
        - 2.0 * found * alive / (spread * spread);
    (variance.max(0.0) / nodes).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three of ten nodes die at once. Both given ones are among them in 3/10 · 2/9; four never are.
    #[test]
    fn those_that_die_at_once_are_drawn_without_putting_back() {
        let deaths = Deaths::AtOnce {
            at_s: 5.0,
            killed: 3.0,
            nodes: 10.0,
        };
        assert!((deaths.all_dead(2, 5.0) - 6.0 / 90.0).abs() < 1e-12);
        assert_eq!(
            (deaths.all_dead(4, 5.0), deaths.all_dead(1, 4.9)),
            (0.0, 0.0)
        );
    }

    /// Four nodes in a circle with 1, 2, 0 and 3 values in two copies each; each node is dead with ½, by itself. All sixteen
    /// cases, counted.
    #[test]
    fn the_variance_is_that_of_all_cases() {
        let values = [1.0, 2.0, 0.0, 3.0];
        let lost = |case: u32| -> f64 {
            let is_dead = |node: usize| case >> (node % 4) & 1 == 1;
            let nodes = values.iter().enumerate();
            let lost = nodes.filter(|(at, _)| is_dead(*at) && is_dead(at + 1));
            lost.map(|(_, values)| values).sum()
        };
        let moment = |power| (0..16).map(|case| lost(case).powi(power)).sum::<f64>() / 16.0;
        let of_independent = |given: u32| libm::pow(0.5, f64::from(given));
        let expected = moment(2) - moment(1).powi(2);
        assert!((variance(&values, 2, of_independent) - expected).abs() < 1e-12);
        // Two of the four die: six cases.
        let two = |case: &u32| case.count_ones() == 2;
        let moment = |power| {
            let cases = (0..16).filter(two);
            cases.map(|case| lost(case).powi(power)).sum::<f64>() / 6.0
        };
        let deaths = Deaths::AtOnce {
            at_s: 0.0,
            killed: 2.0,
            nodes: 4.0,
        };
        let expected = moment(2) - moment(1).powi(2);
        let computed = variance(&values, 2, |given| deaths.all_dead(given, 0.0));
        assert!((computed - expected).abs() < 1e-12, "{computed} {expected}");
    }

    /// At the beginning every key is found, on every ring. After half a life 2000 rings of 1000 nodes, drawn by the definitions
    /// with as many newcomers as deaths on each, had 1.78 %; where the newcomers are independent of the deaths it is a little
    /// more.
    #[test]
    fn the_share_found_is_certain_at_first() {
        assert!(share_found_deviation(0.0, 1000.0) < 1e-9);
        let later = share_found_deviation(0.5, 1000.0);
        assert!((later - 0.0188).abs() < 1e-4, "{later}");
    }
}
