//! Claims that hold for every model, and the helpers that the models' own tests share.

use super::*;

/// The latencies of all pairs of so many hosts in milliseconds, after a check that they are
/// symmetric and zero from a host to itself.
pub(super) fn every_pair(model: &dyn Latency, hosts: u32) -> Vec<f64> {
    let mut drawn = Vec::new();
    for a in (0..hosts).map(HostIdx) {
        assert_eq!(model.one_way(a, a), SimDuration::ZERO);
        for b in (a.0 + 1..hosts).map(HostIdx) {
            assert_eq!(model.one_way(a, b), model.one_way(b, a));
            drawn.push(model.one_way(a, b).as_millis_f64());
        }
    }
    drawn
}

pub(super) fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    (mean, (squares / (n - 1.0)).sqrt())
}
