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

/// How much is left of a value in the middle of which an observer comes: the equilibrium distribution of
/// renewal theory. The value met is drawn in proportion to its length, and the moment uniformly within it
/// (Cox, Renewal Theory, 1962, chapter 5). `None` if the mean is infinite: then it never ends.
pub fn residual(distribution: Distribution, rng: &mut ChaCha8Rng) -> Option<SimDuration> {
    if !mean(distribution).is_finite() {
        return None;
    }
    let met = match distribution {
        // Two exponential parts, before and after the observer.
        Distribution::Exponential { .. } => return Some(sample(distribution, rng)),
        // The density x·f(x) has the exponent one less.
        Distribution::Pareto { minimum, shape } => {
            minimum.scaled(libm::pow(1.0 - rng.random::<f64>(), -1.0 / (shape - 1.0)))
        }
        // (X / scale)^shape is exponential; in proportion to X it is gamma distributed.
        Distribution::Weibull { scale, shape } => {
            scale.scaled(libm::pow(gamma(1.0 + 1.0 / shape, rng), 1.0 / shape))
        }
        // x·f(x) is the same normal density of the logarithm, moved by its variance.
        Distribution::LogNormal { median, sigma } => {
            median.scaled(libm::exp(sigma * standard_normal(rng) + sigma * sigma))
        }
        Distribution::Fixed { value } => value,
    };
    Some(met.scaled(rng.random::<f64>()).max(SimDuration(1)))
}

/// The mean of a distribution in seconds; infinite for a Pareto distribution with a shape up to 1.
pub fn mean(distribution: Distribution) -> f64 {
    distribution.mean_s()
}

/// The time to the next event of a Poisson process with this many events per second; `None` if no
/// event ever comes.
pub fn exponential(rate_per_s: f64, rng: &mut ChaCha8Rng) -> Option<SimDuration> {
    (rate_per_s > 0.0).then(|| SimDuration::from_secs_f64(unit_exponential(rng) / rate_per_s))
}

fn unit_exponential(rng: &mut ChaCha8Rng) -> f64 {
    -libm::log1p(-rng.random::<f64>())
}

/// A gamma variate of unit scale and a shape of at least 1 (Marsaglia and Tsang, "A simple method for generating
/// gamma variables", ACM TOMS 26(3), 2000).
fn gamma(shape: f64, rng: &mut ChaCha8Rng) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let x = standard_normal(rng);
        let v = (1.0 + c * x) * (1.0 + c * x) * (1.0 + c * x);
        let bound = 0.5 * x * x + d - d * v + d * libm::log(v.max(f64::MIN_POSITIVE));
        if v > 0.0 && -unit_exponential(rng) < bound {
            return d * v;
        }
    }
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

    /// The residual life outlives t with probability ∫ P(X > x) dx / E[X], from t on. Exponential: as a whole one.
    /// Pareto with shape 3 and minimum m: 1 - 2t/3m below m, (m/t)²/3 above. Weibull with shape ½ and scale s:
    /// (1 + √(t/s))·exp(-√(t/s)), so .736, .587 and .406 at s, 2s and 4s. Fixed: 1 - t. Log-normal with median m:
    /// the mean of the residual is E[X²] / 2E[X] = m·exp(3σ²/2) / 2.
    #[test]
    fn what_is_left_of_a_life_is_what_renewal_theory_says() {
        let hour = SimDuration::from_secs(3600);
        let mut rng = stream(3, Stream::Churn);
        let mut draw = |distribution| -> Vec<f64> {
            let one = |_| residual(distribution, &mut rng).unwrap().as_secs_f64() / 3600.0;
            (0..100_000).map(one).collect()
        };
        let shape = |shape| Distribution::Weibull { scale: hour, shape };
        let pareto = Distribution::Pareto {
            minimum: hour,
            shape: 3.0,
        };
        let cases = [
            (
                Distribution::Exponential { mean: hour },
                2.0,
                (-2.0_f64).exp(),
            ),
            (pareto, 0.5, 2.0 / 3.0),
            (pareto, 2.0, 1.0 / 12.0),
            (shape(0.5), 1.0, 0.736),
            (shape(0.5), 2.0, 0.587),
            (shape(0.5), 4.0, 0.406),
            (Distribution::Fixed { value: hour }, 0.3, 0.7),
        ];
        for (distribution, age, expected) in cases {
            let draws = draw(distribution);
            let outlive = draws.iter().filter(|left| **left > age).count() as f64 / 1e5;
            assert!(
                (outlive - expected).abs() < 0.006,
                "{distribution:?}: {outlive} outlive {age}, not {expected}"
            );
        }
        let sigma = 0.8;
        let draws = draw(Distribution::LogNormal {
            median: hour,
            sigma,
        });
        let average = draws.iter().sum::<f64>() / 1e5;
        let expected = (1.5 * sigma * sigma).exp() / 2.0;
        assert!(
            (average / expected - 1.0).abs() < 0.03,
            "{average}, not {expected}"
        );
        let endless = Distribution::Pareto {
            minimum: hour,
            shape: 1.0,
        };
        assert_eq!(residual(endless, &mut rng), None);
    }
}
