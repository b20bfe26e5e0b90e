//! What is known to go wrong before a run: round trips longer than a node waits for an answer, and lookups that take
//! longer than whoever asks waits for them.
//!
//! Latencies are looked at between some of the nodes of time 0, on a network of its own that is built as the run's is;
//! the hops are those that theory expects of a ring at rest. Nothing here has an influence on any run.

use std::fmt::Write as _;

use super::faults;
use crate::engine::{SimDuration, SimTime};
use crate::network::{self, Assets, Fate};
use crate::scenario::resolved::{self, LookupMode, Scenario};
use crate::scenario::{Plan, RunSpec};
use crate::theory;
use crate::world::PeerIdx;

/// Round trips are looked at from so many nodes to so many.
const NODES: (u32, u32) = (512, 512);
/// The same where there are links: on the largest network of routers, the shortest paths from more of them would take
/// more than a second.
const NODES_ON_LINKS: (u32, u32) = (64, 256);
/// The least share of round trips too slow that is told. A node calls some 30 others: of fewer, hardly any node has one.
const SLOW_TOLD: f64 = 0.001;
/// The most combinations of swept values that are looked at, evenly spaced.
const COMBINATIONS: usize = 100;
/// The least share of lookups cut off that is told. Times are estimated by a mean: what is rarer is not known.
const SHARE_TOLD: f64 = 0.01;
/// Above this share a ring may fall apart.
const RING_IN_DANGER: f64 = 0.1;
/// How much more than the longest time seen is proposed.
const MARGIN: f64 = 1.25;

/// The least share of a run, after the last that its trace says, that is told.
const REST_TOLD: f64 = 0.05;

/// That nobody comes or goes any more long before a run ends.
fn trace_is_over(plan: &Plan) -> Option<String> {
    let left = |spec: &RunSpec| {
        let scenario = &spec.scenario;
        let length = scenario.warmup + scenario.duration;
        let last = scenario.churn.traced()?.last.unwrap_or(SimDuration::ZERO);
        let rest = length.0.checked_sub(last.0)?;
        (rest as f64 > REST_TOLD * length.0 as f64).then_some(SimDuration(rest))
    };
    let most = plan.combinations().filter_map(left).max()?;
    Some(format!(
        "the last that the trace of churn says happens {most} before the end of the run: until then whoever is up stays up; shorten \
         `duration`, or lower `churn.trace.speed`"
    ))
}

/// That selfish peers would come back as others, if anybody remembered them.
fn nobody_is_known(plan: &Plan) -> Option<String> {
    (plan.has_whitewash() && !plan.has_reputation()).then(|| {
        "warning: nobody is ever shunned, so that with \"whitewash\" nobody comes back as another; add \"reputation\" to \
         `selfish.defence`"
            .to_owned()
    })
}

/// What there is to warn of, a line each; nothing about networks that cannot be built.
#[must_use]
pub fn foresee(plan: &Plan, assets: &Assets) -> Vec<String> {
    let (mut known, mut slow, mut impatient) =
        (Known::default(), Worst::default(), Worst::default());
    for spec in plan.some_combinations(COMBINATIONS) {
        let Some(trips) = known.trips(spec, assets) else {
            continue;
        };
        slow.take(too_slow(&spec.scenario, trips), spec);
        impatient.take(too_long(spec, trips), spec);
    }
    // How long messages wait for nodes that are busy, nobody knows before the run.
    let queues = plan
        .runs
        .iter()
        .any(|run| run.scenario.network.service_time > SimDuration::ZERO);
    let would_do = |key: &str, value: SimDuration| {
        if queues {
            format!(
                "{key} must be above {value}, as the time that messages wait for busy nodes comes on top"
            )
        } else {
            format!("--set {key}={value} would do")
        }
    };
    let slow = slow.told(plan, |share, value| {
        let effect = if share > RING_IN_DANGER {
            "the ring may fall apart"
        } else {
            "neighbours may lose each other"
        };
        format!(
            "{} of the round trips between two nodes take longer than `overlay.rpc_timeout`: they look like \
             failures, and {effect}; {}",
            percent(share),
            would_do("overlay.rpc_timeout", value)
        )
    });
    let impatient = impatient.told(plan, |share, value| {
        format!(
            "{} of the lookups are expected to take longer than `overlay.request_timeout` and so to fail, the \
             long ones first: the means over the others mislead; {}",
            percent(share),
            would_do("overlay.request_timeout", value)
        )
    });
    let of_faults = faults::foresee(plan);
    let over = trace_is_over(plan);
    slow.into_iter()
        .chain(impatient)
        .chain(of_faults)
        .chain(over)
        .chain(nobody_is_known(plan))
        .collect()
}

/// A share that comes too late, and a time that would do.
type Late = Option<(f64, SimDuration)>;

/// The worst of several combinations.
#[derive(Default)]
struct Worst<'a> {
    late: Late,
    at: Option<&'a RunSpec>,
    times: usize,
    asked: usize,
}

impl<'a> Worst<'a> {
    fn take(&mut self, late: Late, spec: &'a RunSpec) {
        self.asked += 1;
        let Some((share, value)) = late else { return };
        self.times += 1;
        let (worst, most) = self.late.unwrap_or_default();
        if self.at.is_none() || share > worst {
            self.at = Some(spec);
        }
        self.late = Some((share.max(worst), value.max(most)));
    }

    /// The warning, with the combination that it is about if there are several.
    fn told(self, plan: &Plan, words: impl Fn(f64, SimDuration) -> String) -> Option<String> {
        let (share, value) = self.late?;
        let mut told = format!("warning: {}", words(share, value));
        let spec = self.at.filter(|_| self.asked > 1);
        if let Some(spec) = spec {
            let swept = plan.swept.iter().zip(&spec.swept);
            let swept: Vec<String> = swept
                .map(|(key, text)| format!("{} = {text}", key.column))
                .collect();
            let _ = write!(told, " (worst of {}: {})", self.times, swept.join(", "));
        }
        Some(told)
    }
}

/// Such as `29 %` or `0.67 %`.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        _ if percent >= 10.0 => format!("{percent:.0} %"),
        _ if percent >= 0.1 => format!("{percent:.1} %"),
        _ => format!("{percent:.2} %"),
    }
}

/// The round trips that were looked at.
struct Trips {
    /// In order.
    round: Vec<u64>,
    /// Of one way, in nanoseconds.
    mean_way: f64,
}

/// Round trips by the networks and numbers of nodes that were met before.
#[derive(Default)]
struct Known<'a>(Vec<(&'a resolved::Network, u32, Option<Trips>)>);

impl<'a> Known<'a> {
    fn trips(&mut self, spec: &'a RunSpec, assets: &Assets) -> Option<&Trips> {
        let (network, nodes) = (&spec.scenario.network, spec.scenario.overlay.nodes);
        let is_it = |(it, n, _): &(&resolved::Network, u32, _)| (*it, *n) == (network, nodes);
        let place = self.0.iter().position(is_it).unwrap_or_else(|| {
            self.0.push((network, nodes, Trips::of(spec, assets)));
            self.0.len() - 1
        });
        self.0[place].2.as_ref()
    }
}

impl Trips {
    /// `None` if there are no two nodes, or no network.
    fn of(spec: &RunSpec, assets: &Assets) -> Option<Self> {
        let lossless = resolved::Network {
            loss: 0.0,
            ..spec.scenario.network.clone()
        };
        // What is generated here, the run of that seed has as well.
        network::announce(&lossless, spec.seed, assets);
        let mut network = network::build(&lossless, spec.seed, assets).ok()?;
        let peers = spec.scenario.overlay.nodes;
        let some = |most: u32| {
            let count = most.min(peers);
            let place = move |n: u32| u64::from(n) * u64::from(peers) / u64::from(count);
            (0..count).map(move |n| PeerIdx(place(n) as u32))
        };
        let (froms, tos) = match network.paths() {
            Some(_) => NODES_ON_LINKS,
            None => NODES,
        };
        let mut round = Vec::new();
        for from in some(froms) {
            for to in some(tos).filter(|to| *to != from) {
                let (a, b) = (network.host_of(from), network.host_of(to));
                let mut way = |a, b| match network.carry(SimTime::ZERO, a, b) {
                    Fate::Arrives(at) => at.since(SimTime::ZERO).0,
                    Fate::Lost | Fate::Cut => 0,
                };
                round.push(way(a, b) + way(b, a));
            }
        }
        round.sort_unstable();
        let mean = round.iter().map(|ns| *ns as f64).sum::<f64>() / round.len() as f64;
        (!round.is_empty()).then_some(Self {
            round,
            mean_way: mean / 2.0,
        })
    }
}

/// The share of round trips that a caller does not wait for. Both the node that is called and the caller have a
/// message to handle.
fn too_slow(scenario: &Scenario, trips: &Trips) -> Late {
    let work = 2 * scenario.network.service_time.0;
    let in_time = |ns: &u64| ns.saturating_add(work) <= scenario.overlay.rpc_timeout.0;
    let late = trips.round.len() - trips.round.partition_point(in_time);
    let longest = trips
        .round
        .last()
        .copied()
        .unwrap_or(0)
        .saturating_add(work);
    let share = late as f64 / trips.round.len() as f64;
    (share >= SLOW_TOLD).then(|| (share, rounded_up(longest as f64 * MARGIN)))
}

/// The share of lookups that whoever asks does not wait for: those of so many hops that as many messages of mean
/// latency take too long.
fn too_long(spec: &RunSpec, trips: &Trips) -> Late {
    let scenario = &spec.scenario;
    let message = trips.mean_way + scenario.network.service_time.0 as f64;
    let time = |hops: f64| match scenario.chord.lookup {
        _ if hops <= 0.0 => 0.0,
        LookupMode::Recursive => (hops + 1.0) * message,
        LookupMode::Iterative => 2.0 * hops * message,
    };
    let hops = theory::hops_at_rest(spec);
    let patience = scenario.overlay.request_timeout.0 as f64;
    let late = hops.iter().filter(|(hops, _)| time(*hops) > patience);
    let share: f64 = late.map(|(_, share)| share).sum();
    let most = hops.iter().map(|(hops, _)| time(*hops)).fold(0.0, f64::max);
    (share >= SHARE_TOLD).then(|| (share, rounded_up(most * MARGIN)))
}

/// A time of one digit that is not shorter.
fn rounded_up(ns: f64) -> SimDuration {
    let digit = libm::pow(10.0, libm::floor(libm::log10(ns)));
    SimDuration((libm::ceil(ns / digit) * digit) as u64)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario::Overrides;

    fn told(toml: &str) -> Vec<String> {
        let plan = Plan::parse(toml, Path::new("x.toml"), &Overrides::default()).unwrap();
        foresee(&plan, &Assets::default())
    }

    /// There and back take 600 ms, 750 ms with a quarter more: 800 ms.
    #[test]
    fn round_trips_beyond_the_deadline_are_told_with_one_that_would_do() {
        let slow = "[overlay]\nnodes = 100\n[network]\nconstant.latency = \"300ms\"\n";
        let lines = told(slow);
        assert_eq!(lines.len(), 1, "{lines:?}");
        let [share, value] = [
            "100 % of the round trips",
            "--set overlay.rpc_timeout=800ms would do",
        ];
        assert!(
            lines[0].contains(share) && lines[0].contains(value),
            "{}",
            lines[0]
        );
        assert!(
            told(&slow.replace("nodes = 100", "nodes = 100\nrpc_timeout = \"800ms\"")).is_empty()
        );
        // An answer at the last moment counts; each of the two nodes has a message to handle.
        let exact = "network.constant.latency = \"250ms\"\n";
        assert!(told(exact).is_empty());
        assert_eq!(
            told(&format!("{exact}network.service_time = \"1us\"")).len(),
            1
        );
    }

    /// Twice an exponential latency of mean 50 ms exceeds 500 ms with probability e^-5 = 0.67 %. Among 262 000 pairs
    /// that is 1770 ± 42, 0.7 % to one digit.
    #[test]
    fn the_share_is_that_of_the_pairs() {
        let text = "overlay.nodes = 10000\n[network]\nmodel = \"exponential\"\nexponential.per = \"pair\"\n";
        let lines = told(text);
        let (_, rest) = lines[0].split_once("warning: ").unwrap();
        let share: f64 = rest.split(' ').next().unwrap().parse().unwrap();
        assert!((share - 0.7).abs() < 1e-9, "{}", lines[0]);
    }

    /// From successor to successor 0 to 99 hops are as likely as each other; h of them take (h + 1) · 50 ms, or
    /// 2h · 50 ms if whoever asks asks everybody. Within 4 s are 0 to 79, or 0 to 40: 20 % or 59 % are not.
    #[test]
    fn lookups_that_are_cut_off_are_told_with_a_time_that_would_do() {
        let ring = "[overlay]\nnodes = 100\nrequest_timeout = \"4s\"\n[workload]\nkeys = 100000\n\
                    [chord]\nrouting = \"successors\"\n";
        for (mode, share, value) in [("recursive", 20.0, "7s"), ("iterative", 59.0, "20s")] {
            let text = format!("{ring}lookup = \"{mode}\"\n");
            let lines = told(&text);
            assert_eq!(lines.len(), 1, "{lines:?}");
            let percent: f64 = lines[0].split(' ').nth(1).unwrap().parse().unwrap();
            assert!((percent - share).abs() <= 1.0, "{}", lines[0]);
            assert!(
                lines[0].contains(&format!("request_timeout={value} would do")),
                "{}",
                lines[0]
            );
            let enough = text.replace("\"4s\"", &format!("\"{value}\""));
            assert!(told(&enough).is_empty());
        }
        // By fingers nobody waits that long, on however large a ring.
        let fingers = ring.replace("successors\"", "fingers\"");
        assert!(told(&fingers).is_empty());
        assert!(told(&fingers.replace("= 100\n", "= 1000000\n")).is_empty());
    }

    #[test]
    fn of_several_combinations_the_worst_is_named() {
        let text = "overlay.nodes = 10\n[sweep]\n\"network.constant.latency\" = [\"1ms\", \"300ms\", \"400ms\"]\n";
        let lines = told(text);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(
            lines[0].ends_with("rpc_timeout=1s would do (worst of 2: latency = 300ms)"),
            "{}",
            lines[0]
        );
    }

    #[test]
    fn a_proposal_has_one_digit() {
        for (ns, proposal) in [
            (600e6, "600ms"),
            (750e6, "800ms"),
            (1.0, "1ns"),
            (31e9, "40s"),
            (9.1e9, "10s"),
        ] {
            assert_eq!(rounded_up(ns).to_string(), proposal);
        }
    }
}
