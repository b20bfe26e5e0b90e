//! Latencies drawn from an exponential distribution: once for every pair of hosts, or anew for
//! every message.
//!
//! Stoica et al., "Chord", IEEE/ACM Trans. Networking 11(1), 2003, simulate packet delays that are exponential
//! with mean 50 ms: that is one draw for every message.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::model::Latency;
use super::uniform::of_pair;
use crate::engine::SimDuration;
use crate::scenario::resolved::Per;
use crate::world::HostIdx;

/// The model in the variant asked for.
pub(super) fn build(mean: SimDuration, per: Per, seed: u64) -> Box<dyn Latency> {
    match per {
        Per::Pair => Box::new(PerPair { mean, seed }),
        Per::Message => Box::new(PerMessage { mean }),
    }
}

/// The exponential value at a uniform number in [0, 1): the inverse of its distribution.
fn quantile(mean: SimDuration, uniform: f64) -> SimDuration {
    mean.scaled(-libm::log(1.0 - uniform))
}

struct PerPair {
    mean: SimDuration,
    seed: u64,
}

impl Latency for PerPair {
    fn hosts(&self) -> Option<u32> {
        None
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        if from == to {
            return SimDuration::ZERO;
        }
        quantile(self.mean, of_pair(self.seed, from, to))
    }
}

struct PerMessage {
    mean: SimDuration,
}

impl Latency for PerMessage {
    fn hosts(&self) -> Option<u32> {
        None
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        if from == to {
            SimDuration::ZERO
        } else {
            self.mean
        }
    }

    fn message(&self, from: HostIdx, to: HostIdx, rng: &mut ChaCha8Rng) -> SimDuration {
        if from == to {
            return SimDuration::ZERO;
        }
        quantile(self.mean, rng.random())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Stream, stream};
    use crate::network::testing::{every_pair, mean_and_deviation};

    const MEAN: SimDuration = SimDuration::from_millis(50);

    /// Mean and standard deviation are both 50 ms, and a share 1/e exceeds the mean.
    fn assert_exponential(drawn: &[f64]) {
        let n = drawn.len() as f64;
        let (mean, deviation) = mean_and_deviation(drawn);
        assert!((mean - 50.0).abs() < 4.0 * 50.0 / n.sqrt(), "mean {mean}");
        assert!((deviation - 50.0).abs() < 2.0, "deviation {deviation}");
        let above = drawn.iter().filter(|ms| **ms > 50.0).count() as f64 / n;
        assert!((above - 0.3679).abs() < 4.0 * 0.4823 / n.sqrt(), "{above}");
    }

    #[test]
    fn pairs_keep_their_latency_and_together_are_exponential() {
        assert_exponential(&every_pair(&*build(MEAN, Per::Pair, 1), 300));
    }

    #[test]
    fn messages_are_exponential_and_their_pair_is_as_far_as_the_mean() {
        let model = build(MEAN, Per::Message, 1);
        let mut rng = stream(1, Stream::Latency);
        let drawn: Vec<f64> = (0..40_000)
            .map(|_| {
                model
                    .message(HostIdx(1), HostIdx(2), &mut rng)
                    .as_millis_f64()
            })
            .collect();
        assert_exponential(&drawn);
        assert_eq!(model.one_way(HostIdx(1), HostIdx(2)), MEAN);
    }

    #[test]
    fn nothing_is_drawn_for_a_message_to_oneself() {
        let model = build(MEAN, Per::Message, 1);
        let mut rng = stream(1, Stream::Latency);
        let untouched = rng.clone();
        assert_eq!(
            model.message(HostIdx(7), HostIdx(7), &mut rng),
            SimDuration::ZERO
        );
        assert_eq!(rng, untouched);
    }
}
