//! What can be said on paper of the scenario on a real backbone.

use super::{all_ok, assert_within, hops, shipped};

/// A message takes 2 + (10 / 11) · 11.524 = 12.476 ms on average on both networks. A city has 91 ± 9 of 1000 hosts; cities
/// are between 8 and 16 ms from the others, so what a ring's hosts make of it has a deviation of about 1 %.
#[test]
fn real_backbone_as_on_paper() {
    let backbone = shipped("real-backbone");
    let [constant, graph] = ["constant", "graph"].map(|model| backbone.run(&[model]));
    assert_eq!(hops(constant), hops(graph));
    assert!(all_ok(graph));
    for lookup in &constant.lookups {
        let hops = f64::from(lookup.hops.unwrap());
        let expected = (hops > 0.0).then(|| f64::midpoint(hops, 1.0));
        assert_eq!(lookup.stretch, expected, "lookup {}", lookup.lookup);
    }
    let passed = graph.lookups.iter().filter(|lookup| lookup.hops != Some(0));
    let mut sums = (0.0, 0.0);
    for lookup in passed {
        sums.0 += lookup.latency_ms.unwrap();
        sums.1 += f64::from(lookup.hops.unwrap() + 1);
    }
    assert_within(sums.0 / sums.1, 12.476, 0.04 * 12.476, "a message, in ms");
    // Latencies are shortest paths: no way around is shorter than the direct one.
    let stretch: Vec<f64> = graph
        .lookups
        .iter()
        .filter_map(|lookup| lookup.stretch)
        .collect();
    assert!(stretch.iter().copied().fold(f64::INFINITY, f64::min) > 1.0 - 1e-9);
    assert!(graph.metric("stretch_mean") > 1.3 * graph.metric("stretch_p50"));
    assert!(graph.metric("stretch_mean") > 1.3 * constant.metric("stretch_mean"));
}
