//! A latency drawn uniformly once for every pair of hosts, the same in both directions.
//!
//! Nothing is stored: the draw is a hash of the seed and the pair.

use super::model::Latency;
use crate::engine::{SimDuration, Stream, unit_hash};
use crate::world::HostIdx;

pub(super) struct Uniform {
    min: SimDuration,
    width: SimDuration,
    seed: u64,
}

impl Uniform {
    pub(super) fn new(min: SimDuration, max: SimDuration, seed: u64) -> Self {
        Self {
            min,
            width: max - min,
            seed,
        }
    }
}

/// The uniform number in [0, 1) of an unordered pair of hosts.
pub(super) fn of_pair(seed: u64, a: HostIdx, b: HostIdx) -> f64 {
    let (low, high) = (a.min(b), a.max(b));
    unit_hash(seed, Stream::Latency, u64::from(low.0), u64::from(high.0))
}

impl Latency for Uniform {
    fn hosts(&self) -> Option<u32> {
        None
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        if from == to {
            return SimDuration::ZERO;
        }
        self.min + self.width.scaled(of_pair(self.seed, from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::testing::{every_pair, mean_and_deviation};

    #[test]
    fn latencies_fill_the_interval_evenly_and_are_symmetric() {
        let (min, max) = (SimDuration::from_millis(10), SimDuration::from_millis(90));
        let drawn = every_pair(&Uniform::new(min, max, 1), 300);
        assert!(drawn.iter().all(|ms| (10.0..=90.0).contains(ms)));
        let (mean, deviation) = mean_and_deviation(&drawn);
        let error = 80.0 / 12_f64.sqrt() / (drawn.len() as f64).sqrt();
        assert!((mean - 50.0).abs() < 4.0 * error, "mean {mean}");
        assert!(
            (deviation - 80.0 / 12_f64.sqrt()).abs() < 0.2,
            "{deviation}"
        );
    }

    #[test]
    fn equal_bounds_leave_no_choice() {
        let bound = SimDuration::from_millis(20);
        let model = Uniform::new(bound, bound, 1);
        assert_eq!(model.one_way(HostIdx(0), HostIdx(1)), bound);
    }
}
