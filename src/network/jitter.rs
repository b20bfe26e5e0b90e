//! Latencies that vary about a mean.

use crate::engine::SimDuration;

/// A latency within the share `jitter` of its mean, at a uniform number in [0, 1).
pub(super) fn jittered(mean: SimDuration, jitter: f64, uniform: f64) -> SimDuration {
    mean.scaled(1.0 + jitter * (2.0 * uniform - 1.0))
}
