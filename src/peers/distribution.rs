//! Random spans of time. Logarithms and powers come from `libm`, so that every platform draws the
//! same values to the last bit.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use crate::engine::SimDuration;
use crate::scenario::resolved::Distribution;

/// One value of a distribution, at least 1 ns.
pub fn sample(distribution: Distribution, rng: &mut ChaCha8Rng) -> SimDuration {
    let span = match distribution {
        Distribution::Exponential { mean } => mean.scaled(unit_exponential(rng)),
        Distribution::Pareto { minimum, shape } => {
            minimum.scaled(libm::pow(1.0 - rng.random::<f64>(), -1.0 / shape))
        }
        Distribution::Weibull { scale, shape } => {
            scale.scaled(libm::pow(unit_exponential(rng), 1.0 / shape))
        }
        Distribution::LogNormal { median, sigma } => {
            median.scaled(libm::exp(sigma * standard_normal(rng)))
        }
        Distribution::Fixed { value } => value,
    };
    span.max(SimDuration(1))
}

/// The mean of a distribution in seconds; infinite for a Pareto distribution with a shape up to 1.
pub fn mean(distribution: Distribution) -> f64 {
    match distribution {
        Distribution::Exponential { mean } => mean.as_secs_f64(),
        Distribution::Pareto { shape, .. } if shape <= 1.0 => f64::INFINITY,
        Distribution::Pareto { minimum, shape } => minimum.as_secs_f64() * shape / (shape - 1.0),
        Distribution::Weibull { scale, shape } => {
            scale.as_secs_f64() * libm::tgamma(1.0 + 1.0 / shape)
        }
        Distribution::LogNormal { median, sigma } => {
            median.as_secs_f64() * libm::exp(sigma * sigma / 2.0)
        }
        Distribution::Fixed { value } => value.as_secs_f64(),
    }
}

/// The time to the next event of a Poisson process with this many events per second; `None` if no
/// event ever comes.
pub fn exponential(rate_per_s: f64, rng: &mut ChaCha8Rng) -> Option<SimDuration> {
    (rate_per_s > 0.0).then(|| SimDuration::from_secs_f64(unit_exponential(rng) / rate_per_s))
}

fn unit_exponential(rng: &mut ChaCha8Rng) -> f64 {
    -libm::log1p(-rng.random::<f64>())
}

/// Box and Muller 1958; the second value of the pair is not used.
fn standard_normal(rng: &mut ChaCha8Rng) -> f64 {
    let radius = libm::sqrt(2.0 * unit_exponential(rng));
    radius * libm::cos(std::f64::consts::TAU * rng.random::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Stream, stream};

    /// Mean and median of many draws against theory.
    #[test]
    fn draws_have_the_mean_and_median_of_their_distribution() {
        let hour = SimDuration::from_secs(3600);
        let cases = [
            (
                Distribution::Exponential { mean: hour },
                3600.0 * 2_f64.ln(),
            ),
            (
                Distribution::Pareto {
                    minimum: hour,
                    shape: 3.0,
                },
                3600.0 * 2_f64.powf(1.0 / 3.0),
            ),
            (
                Distribution::Weibull {
                    scale: hour,
                    shape: 0.7,
                },
                3600.0 * 2_f64.ln().powf(1.0 / 0.7),
            ),
            (
                Distribution::LogNormal {
                    median: hour,
                    sigma: 0.8,
                },
                3600.0,
            ),
            (Distribution::Fixed { value: hour }, 3600.0),
        ];
        let mut rng = stream(2, Stream::Churn);
        for (distribution, median) in cases {
            let mut draws: Vec<f64> = (0..100_000)
                .map(|_| sample(distribution, &mut rng).as_secs_f64())
                .collect();
            let average = draws.iter().sum::<f64>() / draws.len() as f64;
            let expected = mean(distribution);
            assert!(
                (average / expected - 1.0).abs() < 0.02,
                "{distribution:?}: mean {average}"
            );
            draws.sort_by(f64::total_cmp);
            let middle = draws[draws.len() / 2];
            assert!(
                (middle / median - 1.0).abs() < 0.02,
                "{distribution:?}: median {middle}"
            );
        }
    }
}
