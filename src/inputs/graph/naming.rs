//! What attributes and columns are called by those who write files of graphs.

use super::options::{Reading, Unit};

/// What the ends of an edge are called, in small letters.
const ENDS: [[&str; 2]; 14] = [
    ["from", "to"],
    ["source", "target"],
    ["source", "destination"],
    ["source", "dest"],
    ["src", "dst"],
    ["src", "dest"],
    ["node1", "node2"],
    ["node_1", "node_2"],
    ["node_a", "node_b"],
    ["from_node", "to_node"],
    ["fromnode", "tonode"],
    ["start", "end"],
    ["a", "b"],
    ["u", "v"],
];

/// Such ends may as well be the names of two nodes: they count only beside a latency.
const SHORT: usize = 1;

/// What a latency is called, the likeliest first.
const LATENCIES: [&str; 5] = ["latency", "delay", "rtt", "round_trip", "weight"];

/// What a name says of the latencies under it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct LatencyName {
    /// How likely they are latencies: 0 is the likeliest.
    pub(super) rank: usize,
    /// What they are in.
    pub(super) unit: Option<Unit>,
    /// Whether they are there and back.
    pub(super) is_round_trip: bool,
}

/// Whether a name is one of latencies, and what it says of them.
pub(super) fn latency_name(name: &str, reading: &Reading<'_>) -> Option<LatencyName> {
    let name = bare(name);
    let (stem, unit) = match name.rsplit_once('_') {
        Some((stem, last)) if let Some(unit) = Unit::of(last) => {
            (stem.trim_end_matches('_'), Some(unit))
        }
        _ => (name.as_str(), None),
    };
    let rank = match reading.named_latency() {
        Some(wanted) => (name == bare(wanted)).then_some(0),
        None => LATENCIES.iter().position(|usual| *usual == stem),
    };
    Some(LatencyName {
        rank: rank?,
        unit,
        is_round_trip: stem.starts_with("rtt") || stem.starts_with("round_trip"),
    })
}

/// In small letters, and `_` for what stands between words.
fn bare(name: &str) -> String {
    let small = name.trim().to_lowercase();
    let bare = small.replace(['(', ')', '[', ']', ' ', '-', '.'], "_");
    bare.trim_matches('_').to_owned()
}

/// Which of these names of columns are those of the two ends; `beside` says whether there is a latency among them.
pub(super) fn ends(names: &[String], beside: bool) -> Option<[usize; 2]> {
    let names: Vec<String> = names.iter().map(|name| bare(name)).collect();
    ENDS.iter().find_map(|pair| {
        let is_short = pair[0].len() <= SHORT;
        let [from, to] = pair.map(|end| names.iter().position(|name| name == end));
        (beside || !is_short).then_some([from?, to?])
    })
}

/// A coordinate of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Axis {
    Longitude,
    Latitude,
    X,
    Y,
}

/// The coordinate that an attribute of this name holds.
pub(super) fn axis(name: &str) -> Option<Axis> {
    match name.to_ascii_lowercase().as_str() {
        "longitude" | "lon" | "lng" | "long" => Some(Axis::Longitude),
        "latitude" | "lat" => Some(Axis::Latitude),
        "x" | "xpos" => Some(Axis::X),
        "y" | "ypos" => Some(Axis::Y),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_whether_it_is_one_of_latencies_their_unit_and_their_way() {
        let said = |name, wanted| {
            let reading = Reading {
                latency: wanted,
                ..Reading::default()
            };
            let said = latency_name(name, &reading);
            said.map(|said| (said.rank, said.unit, said.is_round_trip))
        };
        for (name, wanted, expected) in [
            ("latency", "latency", Some((0, None, false))),
            ("Latency (ms)", "latency", Some((0, Some(Unit::Ms), false))),
            ("delay_us", "latency", Some((1, Some(Unit::Us), false))),
            ("RTT[s]", "latency", Some((2, Some(Unit::S), true))),
            ("weight", "latency", Some((4, None, false))),
            ("latency_km", "latency", None),
            ("LinkSpeed", "latency", None),
            ("cost", "cost", Some((0, None, false))),
            ("Cost_ms", "cost_ms", Some((0, Some(Unit::Ms), false))),
            ("latency", "cost", None),
        ] {
            assert_eq!(said(name, wanted), expected, "{name}, {wanted}");
        }
    }

    #[test]
    fn ends_have_many_names_and_single_letters_only_beside_a_latency() {
        let ends = |line: &str, beside| {
            let names: Vec<String> = line.split(',').map(str::to_owned).collect();
            super::ends(&names, beside)
        };
        assert_eq!(ends("id,Source,w,Target", false), Some([1, 3]));
        assert_eq!(ends("dst,src", false), Some([1, 0]));
        assert_eq!(ends("a,b,delay", true), Some([0, 1]));
        assert_eq!(ends("a,b", false), None);
        assert_eq!(ends("A,B,C", false), None);
    }
}
