//! Hosts at uniformly random points of a unit square or cube; latency is proportional to their
//! distance.
//!
//! Nothing is stored: a host's coordinates are hashes of the seed and its number, so a million
//! hosts take no memory and a host that comes later changes nothing.

use super::model::Latency;
use crate::engine::{SimDuration, Stream, unit_hash};
use crate::world::HostIdx;

pub(super) struct Plane {
    dimensions: u8,
    span: SimDuration,
    seed: u64,
}

impl Plane {
    pub(super) fn new(dimensions: u8, span: SimDuration, seed: u64) -> Self {
        Self {
            dimensions,
            span,
            seed,
        }
    }

    #[inline]
    fn coordinate(&self, host: HostIdx, axis: u8) -> f64 {
        unit_hash(self.seed, Stream::Hosts, u64::from(host.0), u64::from(axis))
    }
}

impl Latency for Plane {
    fn hosts(&self) -> Option<u32> {
        None
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        let squared: f64 = (0..self.dimensions)
            .map(|axis| self.coordinate(from, axis) - self.coordinate(to, axis))
            .map(|along| along * along)
            .sum();
        // The square root is the one function that IEEE 754 defines to the last bit everywhere.
        self.span.scaled(squared.sqrt())
    }

    fn place(&self, host: HostIdx) -> Option<[f64; 2]> {
        Some([0, 1].map(|axis| self.coordinate(host, axis)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::testing::{every_pair, mean_and_deviation};

    const SPAN: SimDuration = SimDuration::from_millis(100);

    #[test]
    fn latency_is_the_distance_times_the_span() {
        let model = Plane::new(3, SPAN, 9);
        let at = |host| [0, 1, 2].map(|axis| model.coordinate(HostIdx(host), axis));
        let [x, y, z] = [0, 1, 2].map(|axis| at(4)[axis] - at(5)[axis]);
        let distance = libm::hypot(libm::hypot(x, y), z);
        let latency = model.one_way(HostIdx(4), HostIdx(5)).as_millis_f64();
        assert!((latency - 100.0 * distance).abs() < 1e-5);
        let [x, y, _] = at(4);
        assert_eq!(model.place(HostIdx(4)), Some([x, y]));
    }

    /// The mean distance of two random points is (2 + √2 + 5 asinh 1) / 15 = 0.5214 in the unit
    /// square and 0.6617 (Robbins' constant) in the unit cube.
    #[test]
    fn mean_latency_is_the_mean_distance_of_random_points() {
        for (dimensions, expected) in [(2, 52.14), (3, 66.17)] {
            let means: Vec<f64> = (0..20)
                .map(|seed| {
                    mean_and_deviation(&every_pair(&Plane::new(dimensions, SPAN, seed), 300))
                })
                .map(|(mean, _)| mean)
                .collect();
            let (mean, deviation) = mean_and_deviation(&means);
            let error = deviation / 20_f64.sqrt();
            assert!(
                (mean - expected).abs() < 4.0 * error,
                "{dimensions}: {mean} ± {error}"
            );
            assert!(error < 0.5);
        }
    }

    #[test]
    fn the_triangle_inequality_holds() {
        let model = Plane::new(2, SPAN, 3);
        let way = |a, b| model.one_way(HostIdx(a), HostIdx(b)).0;
        for i in 0..200 {
            // One nanosecond for rounding.
            assert!(way(i, i + 1) <= way(i, i + 2) + way(i + 2, i + 1) + 1);
        }
    }
}
