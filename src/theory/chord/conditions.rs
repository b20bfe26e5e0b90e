//! When theory applies: the ring is at rest, and no message comes too late to count.

use crate::engine::SimDuration;
use crate::scenario::resolved::{
    Behaviour, ChurnModel, Defences, Ids, LatencyModel, LookupMode, Network, Presence, Scenario,
    Selfish, Start,
};
use crate::theory::Seen;
use crate::theory::hops::Hops;

/// Whether the ring is complete from the start and nothing ever changes it.
pub(super) fn is_at_rest(scenario: &Scenario) -> bool {
    scenario.overlay.start == Start::Converged
        // Where a region is on the ring, the network knows.
        && scenario.overlay.ids != Ids::Region
        && nobody_comes_or_goes(&scenario.churn.model)
        && scenario.faults.is_empty()
        // Puts and gets leave the ring alone, and are no lookups of their own.
        && scenario.events.iter().all(|event| event.kind.is_operation())
        && scenario.network.loss <= 0.0
        && conduct_is_known(&scenario.selfish)
}

/// Whether all that selfish peers do about lookups is to drop them, and whether each lookup goes one way at a time.
fn conduct_is_known(selfish: &Selfish) -> bool {
    use Behaviour::{DropLookups, RefuseServing, RefuseStorage};
    let is_harmless = |it: &Behaviour| matches!(it, DropLookups | RefuseServing | RefuseStorage);
    let Defences {
        retry: _,
        redundant,
        reputation,
        reciprocity: _,
    } = selfish.defence;
    selfish.who == Presence::Drawn
        && selfish.behaviour.iter().all(is_harmless)
        && redundant.is_none()
        && reputation.is_none()
}

fn nobody_comes_or_goes(churn: &ChurnModel) -> bool {
    match *churn {
        ChurnModel::None => true,
        ChurnModel::Poisson {
            joins_per_s,
            leaves_per_s,
        } => joins_per_s <= 0.0 && leaves_per_s <= 0.0,
        ChurnModel::Sessions { .. } | ChurnModel::Trace(_) => false,
    }
}

/// How long the messages of a run are under way.
pub(super) struct Times {
    /// The longest time that a message takes.
    longest: SimDuration,
    /// Whether the longest time is known from the scenario. Otherwise it follows from the run: as all
    /// calls were answered in time, no message took longer than the time allowed.
    pub bounded: bool,
    /// Whether every message takes exactly the longest time.
    pub equal: bool,
}

impl Times {
    /// `None` if messages come too late to count, because lookups then go other ways than those in
    /// their tables.
    pub(super) fn of(scenario: &Scenario, seen: &Seen) -> Option<Self> {
        let allowed = scenario.overlay.rpc_timeout;
        let Some(longest) = longest_way(&scenario.network) else {
            return (!seen.timeouts).then_some(Self {
                longest: allowed,
                bounded: false,
                equal: false,
            });
        };
        let constant = matches!(scenario.network.model, LatencyModel::Constant { .. })
            && scenario.network.jitter <= 0.0;
        (longest.0.saturating_mul(2) < allowed.0).then_some(Self {
            longest,
            bounded: true,
            // Messages between nodes of one peer take no time.
            equal: constant && scenario.overlay.virtual_nodes == 1,
        })
    }

    /// The lookups among `hops` whose answers are back in time. `None` if this cannot be said, or if
    /// some answers are not back when the asking node loses patience and starts again.
    pub(super) fn answered(&self, scenario: &Scenario, mut hops: Hops) -> Option<Hops> {
        let mode = scenario.chord.lookup;
        let within = |limit: SimDuration, hops| self.latency(mode, hops) < u128::from(limit.0);
        let longest = hops.longest();
        if let Some(retry) = scenario.selfish.defence.retry
            && !within(retry.after, longest)
        {
            return None;
        }
        let patience = scenario.overlay.request_timeout;
        if self.equal {
            hops.lose_unless(|hops| within(patience, hops));
        } else if !within(patience, longest) {
            return None;
        }
        Some(hops)
    }

    /// The time of a lookup with this many hops, in milliseconds: the most it takes, or exactly that
    /// if messages are equal.
    pub(super) fn latency_ms(&self, mode: LookupMode, hops: u32) -> f64 {
        messages(mode, hops) as f64 * self.longest.as_millis_f64()
    }

    /// The same time in nanoseconds.
    fn latency(&self, mode: LookupMode, hops: u32) -> u128 {
        u128::from(messages(mode, hops)) * u128::from(self.longest.0)
    }
}

/// The number of messages of a lookup, one after the other: each hop and the answer, or each hop there
/// and back.
fn messages(mode: LookupMode, hops: u32) -> u64 {
    let hops = u64::from(hops);
    match mode {
        _ if hops == 0 => 0,
        LookupMode::Recursive => hops + 1,
        LookupMode::Iterative => 2 * hops,
    }
}

/// The longest that a message can take, if the scenario tells it.
fn longest_way(network: &Network) -> Option<SimDuration> {
    if network.service_time > SimDuration::ZERO {
        return None;
    }
    let longest = match network.model {
        LatencyModel::Constant { latency } => latency,
        LatencyModel::Uniform { max, .. } => max,
        // From corner to corner.
        LatencyModel::Plane { dimensions, span } => span.scaled(f64::from(dimensions).sqrt()),
        LatencyModel::Exponential { .. }
        | LatencyModel::TransitStub(_)
        | LatencyModel::Waxman(_)
        | LatencyModel::ScaleFree(_)
        | LatencyModel::Regions { .. }
        | LatencyModel::Graph { .. }
        | LatencyModel::Matrix(_) => return None,
    };
    Some(longest.scaled(1.0 + network.jitter))
}
