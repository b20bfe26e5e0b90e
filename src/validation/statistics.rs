//! What is computed from the rows of all lookups, over the repetitions of a combination.
//!
//! Everything here is worked out again from identifiers, keys and hops as they stand in
//! `lookups.csv`; nothing asks the simulation how it came by them.

use std::collections::BTreeMap;

use super::chi_squared::p_value;
use crate::results::csv::LookupRow;
use crate::scenario::resolved::{Ids, LatencyModel, LookupMode, Scenario};
use crate::scenario::{Plan, Quantity, Statistic};

/// A latency is off if it differs by more, in milliseconds: less than the last digit of a
/// nanosecond.
const EXACT_MS: f64 = 1e-6;

/// The tallies that the expectations of a plan need.
pub struct Tallies<'a> {
    plan: &'a Plan,
    /// By combination.
    tallies: BTreeMap<u32, Vec<StatisticTally<'a>>>,
}

impl<'a> Tallies<'a> {
    /// Empty ones.
    #[must_use]
    pub fn new(plan: &'a Plan) -> Self {
        let mut tallies: BTreeMap<u32, Vec<StatisticTally<'a>>> = BTreeMap::new();
        for expectation in &plan.expectations {
            let Quantity::Statistic(statistic) = expectation.quantity else {
                continue;
            };
            let at = expectation.combination;
            let run = plan.first_of(at);
            let new = run.map(|run| StatisticTally::new(statistic, &run.scenario));
            let there = tallies.entry(at).or_default();
            if !there.iter().any(|tally| tally.statistic == statistic) {
                there.extend(new);
            }
        }
        Self { plan, tallies }
    }

    /// Whether no lookup need be looked at.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tallies.is_empty()
    }

    /// Takes in a lookup.
    pub fn take(&mut self, lookup: &LookupRow) {
        let spec = self.plan.runs.get(lookup.run as usize);
        let Some(tallies) = spec.and_then(|spec| self.tallies.get_mut(&spec.combination)) else {
            return;
        };
        for tally in tallies {
            tally.take(lookup);
        }
    }

    /// The value of a statistic; `None` if there are too few lookups for it.
    #[must_use]
    pub fn value(&self, combination: u32, statistic: Statistic) -> Option<f64> {
        let there = self.tallies.get(&combination)?;
        there
            .iter()
            .find(|tally| tally.statistic == statistic)?
            .value()
    }
}

/// One statistic of one combination.
struct StatisticTally<'a> {
    statistic: Statistic,
    scenario: &'a Scenario,
    /// The given identifiers in order, for the statistic that asks who owns a key.
    given_ids: Vec<u64>,
    /// Lookups that count for it.
    lookups: u64,
    /// By hops or steps.
    counts: Vec<u64>,
    /// Lookups that are not as they should be.
    off: u64,
}

impl<'a> StatisticTally<'a> {
    fn new(statistic: Statistic, scenario: &'a Scenario) -> Self {
        let given_ids = match (statistic, &scenario.overlay.ids) {
            (Statistic::AnswersOffIds, Ids::List(ids)) => sorted(ids),
            _ => Vec::new(),
        };
        Self {
            statistic,
            scenario,
            given_ids,
            lookups: 0,
            counts: Vec::new(),
            off: 0,
        }
    }

    fn take(&mut self, lookup: &LookupRow) {
        let Some(hops) = lookup.hops else { return };
        match self.statistic {
            Statistic::HopsUniformP => self.count(hops),
            // Asking for one's own keys takes no way.
            Statistic::StepsBinomialP if hops > 0 => self.count(hops - 1),
            Statistic::StepsOffBits if hops > 0 => {
                let bits = distance(self.scenario, lookup).map(u64::count_ones);
                self.check(Some(hops - 1) == bits);
            }
            Statistic::LatencyOffHops => {
                let expected = latency_ms(self.scenario, hops);
                let near = |latency: f64| (latency - expected).abs() < EXACT_MS;
                self.check(lookup.latency_ms.is_some_and(near));
            }
            Statistic::AnswersOffIds => {
                let owner = owner(&self.given_ids, lookup.key);
                self.check(lookup.answer_id.is_some() && lookup.answer_id == owner);
            }
            Statistic::StepsBinomialP | Statistic::StepsOffBits => {}
        }
    }

    fn count(&mut self, value: u32) {
        let at = value as usize;
        if self.counts.len() <= at {
            self.counts.resize(at + 1, 0);
        }
        self.counts[at] += 1;
        self.lookups += 1;
    }

    fn check(&mut self, is_right: bool) {
        self.lookups += 1;
        self.off += u64::from(!is_right);
    }

    fn value(&self) -> Option<f64> {
        let n = self.lookups as f64;
        match self.statistic {
            Statistic::HopsUniformP => {
                let nodes = positions(self.scenario);
                p_value(&self.counts, &vec![n / nodes as f64; nodes as usize])
            }
            Statistic::StepsBinomialP => p_value(&self.counts, &binomial(self.scenario, n)),
            _ => (self.lookups > 0).then_some(self.off as f64),
        }
    }
}

fn positions(scenario: &Scenario) -> u64 {
    u64::from(scenario.overlay.nodes) * u64::from(scenario.overlay.virtual_nodes)
}

/// From the asking node to the key's predecessor, the last node strictly before the key, in ranks
/// on an even ring. `None` if nobody asked.
fn distance(scenario: &Scenario, lookup: &LookupRow) -> Option<u64> {
    let overlay = &scenario.overlay;
    let gap_bits = overlay.id_bits - overlay.nodes.ilog2();
    let rank = |id: u64| id.checked_shr(gap_bits).unwrap_or(0);
    let predecessor = rank(lookup.key.wrapping_sub(1));
    let nodes = u64::from(overlay.nodes);
    let source = rank(lookup.source_id?);
    Some(predecessor.wrapping_sub(source) & (nodes - 1))
}

/// How many of `n` lookups take 0, 1, 2, … steps if all distances but the asking node's own, which has
/// a 1 in every bit, are equally likely.
fn binomial(scenario: &Scenario, n: f64) -> Vec<f64> {
    let nodes = scenario.overlay.nodes;
    let k = nodes.ilog2();
    let choose = |j: u32| (0..j).fold(1.0, |c, i| c * f64::from(k - i) / f64::from(i + 1));
    let distances = f64::from(nodes) - 1.0;
    (0..k).map(|j| n * choose(j) / distances).collect()
}

/// With direct answers on a constant network: a recursive lookup is one way for each hop and one
/// for the answer, an iterative one a round trip for each hop.
fn latency_ms(scenario: &Scenario, hops: u32) -> f64 {
    let one_way = match scenario.network.model {
        LatencyModel::Constant { latency } => latency.as_millis_f64(),
        _ => f64::NAN,
    };
    match (scenario.chord.lookup, hops) {
        (_, 0) => 0.0,
        (LookupMode::Recursive, _) => f64::from(hops + 1) * one_way,
        (LookupMode::Iterative, _) => f64::from(2 * hops) * one_way,
    }
}

/// The first of the given identifiers at or after the key, and after the last the first again.
/// `None` if none are given.
fn owner(sorted: &[u64], key: u64) -> Option<u64> {
    let after = sorted.partition_point(|id| *id < key);
    sorted.get(after).or(sorted.first()).copied()
}

fn sorted(ids: &[u64]) -> Vec<u64> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_is_the_next_around_the_ring() {
        let ids = sorted(&[98, 32, 124]);
        for (key, expected) in [
            (0, 32),
            (32, 32),
            (33, 98),
            (99, 124),
            (120, 124),
            (125, 32),
        ] {
            assert_eq!(owner(&ids, key), Some(expected), "key {key}");
        }
        assert_eq!(owner(&[], 3), None);
    }
}
