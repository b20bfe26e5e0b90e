//! `chordsim check`: what the networks of a scenario look like.

use super::load::Loaded;
use crate::inputs::harmless::{escaped, shortened};
use crate::network::survey::{RoundTrip, Survey, survey, told};
use crate::network::{self, Network};
use crate::scenario::resolved::LatencyModel;
use crate::scenario::{Plan, RunSpec};

/// The most networks of a scenario that are shown.
const NETWORKS: usize = 6;
/// The most combinations of swept values that are looked at, evenly spaced.
const COMBINATIONS: usize = 100;
/// The most characters of a host's name.
const NAME: usize = 40;

/// What there is to say of each different network, in lines.
pub(super) fn about(loaded: &Loaded) -> Vec<String> {
    let mut known: Vec<(&LatencyModel, u32)> = Vec::new();
    let mut lines = Vec::new();
    for spec in loaded.plan.some_combinations(COMBINATIONS) {
        let model = &spec.scenario.network.model;
        let hosts = spec.scenario.overlay.nodes;
        if known.contains(&(model, hosts)) {
            continue;
        }
        if known.len() == NETWORKS {
            lines.push("and more networks".to_owned());
            break;
        }
        let Ok(network) = network::build(&spec.scenario.network, spec.seed, &loaded.assets) else {
            continue;
        };
        // Hosts of a file are the same, however many nodes there are.
        let hosts = network.hosts().unwrap_or(hosts);
        if known.contains(&(model, hosts)) {
            continue;
        }
        known.push((model, hosts));
        if let Some(survey) = survey(&network, hosts) {
            lines.push(describe(&loaded.plan, spec, &network, &survey));
            lines.extend(survey.oddities().iter().map(|odd| format!("  odd: {odd}")));
        }
    }
    lines
}

/// Such as `network: 490 hosts, 119805 pairs; round trips: median 135 ms, smallest 0.05 ms (3 – 7), largest 2984 ms (a – b)`.
fn describe(plan: &Plan, spec: &RunSpec, network: &Network, survey: &Survey) -> String {
    let swept = plan.swept.iter().zip(&spec.swept);
    let by_nodes = network.hosts().is_none();
    let of_network = swept.filter(|(key, _)| {
        key.key.starts_with("network.") || (by_nodes && key.key == "overlay.nodes")
    });
    let swept: Vec<String> = of_network
        .map(|(key, text)| format!("{} = {text}", key.column))
        .collect();
    let which = match &swept[..] {
        [] => String::new(),
        swept => format!(" ({})", swept.join(", ")),
    };
    let sample = if survey.seen < survey.hosts {
        format!(" of {} of them", survey.seen)
    } else {
        String::new()
    };
    let pairs = match survey.pairs {
        1 => "1 pair".to_owned(),
        pairs => format!("{pairs} pairs"),
    };
    let what = format!("network{which}: {} hosts, {pairs}{sample}", survey.hosts);
    if survey.smallest.time == survey.largest.time {
        return format!("{what}; round trips: {}", told(survey.median));
    }
    format!(
        "{what}; round trips: median {}, smallest {}, largest {}",
        told(survey.median),
        trip(network, survey.smallest),
        trip(network, survey.largest)
    )
}

/// A round trip with the hosts that it is between.
fn trip(network: &Network, trip: RoundTrip) -> String {
    let name = |host| match network.host_name(host) {
        Some(name) => escaped(&shortened(name, NAME)).replace('\n', " "),
        None => host.0.to_string(),
    };
    let [a, b] = trip.hosts.map(name);
    format!("{} ({a} \u{2013} {b})", told(trip.time))
}
