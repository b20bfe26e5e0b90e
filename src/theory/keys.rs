//! Keys per peer on a ring of hashed identifiers.
//!
//! N peers with v positions each cut the ring at N·v random points. The share of a peer is then
//! Beta(v, (N − 1)·v) distributed, and the number of its keys, of K that fall anywhere with equal
//! probability, beta-binomial(K; v, (N − 1)·v). A percentile over the peers is the k-th smallest of N
//! such numbers: it exceeds x if fewer than k of them do not, the number of which is binomial(N, F(x)).
//!
//! That takes the peers for independent. They are not quite, because their shares add up to the ring;
//! measured percentiles scatter a little less than is said here (the 99th by about a tenth).

use crate::catalogue::{Expected, Metric};
use crate::scenario::resolved::{Ids, Scenario};

/// From so many peers on a percentile is close to normally distributed, and its peers to independent.
const MANY: u32 = 500;

/// So many bits more than it takes to number the positions make an arc of the ring as good as continuous.
const ROOM: u32 = 16;

/// What a ring whose members stay the same ought to show.
pub(super) fn expected(scenario: &Scenario) -> Vec<Expected> {
    let (peers, keys) = (scenario.overlay.nodes, scenario.workload.keys);
    let mean = f64::from(keys) / f64::from(peers);
    let mut expected = vec![Expected::exactly(Metric::KeysMean, mean)];
    if peers >= MANY && are_hashed_with_room(scenario) {
        let distribution = BetaBinomial::of(keys, peers, scenario.overlay.virtual_nodes);
        expected.extend(percentile(&distribution, Metric::KeysP1, 0.01));
        expected.extend(percentile(&distribution, Metric::KeysP99, 0.99));
    }
    expected
}

fn are_hashed_with_room(scenario: &Scenario) -> bool {
    let positions = u64::from(scenario.overlay.nodes) * u64::from(scenario.overlay.virtual_nodes);
    scenario.overlay.ids == Ids::Hashed && scenario.overlay.id_bits >= positions.ilog2() + ROOM
}

/// Keys of a peer.
pub(super) struct BetaBinomial {
    keys: f64,
    peers: f64,
    /// The parameters of the share: v and (N − 1)·v.
    own: f64,
    others: f64,
}

impl BetaBinomial {
    pub(super) fn of(keys: u32, peers: u32, positions: u32) -> Self {
        let own = f64::from(positions);
        Self {
            keys: f64::from(keys),
            peers: f64::from(peers),
            own,
            others: (f64::from(peers) - 1.0) * own,
        }
    }

    /// The probabilities of 0, 1, 2 … keys.
    fn probabilities(&self) -> impl Iterator<Item = f64> + '_ {
        let none = (0..self.own as u32).map(f64::from).map(|i| {
            let others = self.others + i;
            libm::log(others) - libm::log(self.keys + others)
        });
        let (mut logarithm, mut x) = (none.sum::<f64>(), 0.0);
        std::iter::from_fn(move || {
            let probability = (x <= self.keys).then(|| libm::exp(logarithm));
            let more = (self.keys - x) * (self.own + x);
            logarithm += libm::log(more / ((x + 1.0) * (self.keys - x - 1.0 + self.others)));
            x += 1.0;
            probability
        })
    }

    /// Mean and variance of the k-th smallest number of keys.
    pub(super) fn order_statistic(&self, k: f64) -> (f64, f64) {
        let (mut up_to, mut first, mut second) = (0.0, 0.0, 0.0);
        for (probability, x) in self.probabilities().zip(0_u32..) {
            up_to += probability;
            // The probability that it exceeds x. Summed over x they give the mean, and weighted with
            // 2x + 1 the mean of the square.
            let exceeds = fewer_than(k, self.peers, up_to);
            if exceeds < NEVER {
                break;
            }
            first += exceeds;
            second += (2.0 * f64::from(x) + 1.0) * exceeds;
        }
        (first, (second - first * first).max(0.0))
    }
}

/// A probability that makes no difference.
const NEVER: f64 = 1e-15;

/// A percentile over the peers, by nearest rank. `None` where it can only be one of two or three
/// numbers and so is far from normally distributed; if it can only be one, that is exact.
fn percentile(distribution: &BetaBinomial, metric: Metric, share: f64) -> Option<Expected> {
    let rank = libm::ceil(share * distribution.peers).max(1.0);
    let (mean, variance) = distribution.order_statistic(rank);
    if variance < 1e-6 {
        return Some(Expected::exactly(metric, libm::round(mean)));
    }
    (variance >= 0.25).then(|| Expected::within(metric, mean, variance.sqrt()))
}

/// The probability that fewer than `k` of `n` trials succeed. Of successes and failures it counts
/// whichever there are to be fewer of.
fn fewer_than(k: f64, n: f64, probability: f64) -> f64 {
    if k <= n / 2.0 {
        at_most(k - 1.0, n, probability)
    } else {
        1.0 - at_most(n - k, n, 1.0 - probability)
    }
}

/// The probability that at most `k` of `n` trials succeed.
fn at_most(k: f64, n: f64, probability: f64) -> f64 {
    let mean = n * probability;
    let spread = (mean * (1.0 - probability)).max(0.0).sqrt();
    if (k - mean).abs() > 10.0 * spread + 10.0 || probability <= 0.0 {
        return if k > mean { 1.0 } else { 0.0 };
    }
    let odds = probability / (1.0 - probability);
    let (mut term, mut j, mut sum) = (libm::exp(log_binomial(k, n, probability)), k, 0.0);
    // From k down to 0, or until what follows is too small to matter.
    while j >= 0.0 && (term > sum * 1e-17 || j > mean) {
        sum += term;
        term *= j / ((n - j + 1.0) * odds);
        j -= 1.0;
    }
    sum.min(1.0)
}

/// The logarithm of the probability that just `k` of `n` trials succeed.
fn log_binomial(k: f64, n: f64, probability: f64) -> f64 {
    let ways = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    ways + k * libm::log(probability) + (n - k) * libm::log1p(-probability)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binomial_sums_are_right() {
        // 1 + 5 + 10 of the 32 outcomes of five coins.
        assert!((at_most(2.0, 5.0, 0.5) - 0.5).abs() < 1e-12);
        assert!((fewer_than(5.0, 5.0, 0.5) - 31.0 / 32.0).abs() < 1e-12);
        assert!((at_most(0.0, 1000.0, 0.001) - 0.999_f64.powi(1000)).abs() < 1e-12);
        assert!((at_most(3.0, 1000.0, 0.5)).abs() < 1e-12);
        assert!((at_most(3.0, 1000.0, 0.0) - 1.0).abs() < 1e-12);
    }

    /// 10^6 keys on 10^4 peers: the first and 99th percentiles shrink together.
    #[test]
    fn percentiles_with_virtual_nodes() {
        for (positions, low, high) in [(1, 1, 462), (2, 7, 334), (5, 24, 235), (10, 38, 192)] {
            let distribution = BetaBinomial::of(1_000_000, 10_000, positions);
            let quantile = |share| {
                let mut up_to = 0.0;
                let reached = distribution.probabilities().position(|probability| {
                    up_to += probability;
                    up_to >= share
                });
                reached.unwrap()
            };
            assert_eq!((quantile(0.01), quantile(0.99)), (low, high), "{positions}");
            let (mean, variance) = distribution.order_statistic(9900.0);
            assert!((mean - high as f64).abs() < 2.0, "{mean}");
            // The textbook's asymptotic error: sqrt(q (1 - q) / N) over the density there.
            let density = distribution.probabilities().nth(high).unwrap();
            let asymptotic = 0.000_000_99_f64.sqrt() / density;
            assert!(
                (variance.sqrt() / asymptotic - 1.0).abs() < 0.03,
                "{variance}"
            );
        }
    }

    /// 10 000 nodes and 500 000 keys: 1.96 % hold none, standard deviation 50.5.
    #[test]
    fn moments_without_virtual_nodes() {
        let distribution = BetaBinomial::of(500_000, 10_000, 1);
        let probabilities: Vec<f64> = distribution.probabilities().take(3000).collect();
        assert!((probabilities[0] - 0.0196).abs() < 5e-5);
        let moment = |power| {
            let weighted = probabilities.iter().zip(0..);
            weighted
                .map(|(p, x)| p * f64::from(x).powi(power))
                .sum::<f64>()
        };
        let deviation = (moment(2) - moment(1).powi(2)).sqrt();
        assert!((moment(0) - 1.0).abs() < 1e-9 && (moment(1) - 50.0).abs() < 1e-6);
        assert!((deviation - 50.5).abs() < 0.05, "{deviation}");
    }

    /// A node in eleven holds no key of 10 000 on 1000 nodes: the first percentile is 0, surely.
    #[test]
    fn what_chance_cannot_change_is_exact() {
        let distribution = BetaBinomial::of(10_000, 1000, 1);
        let low = percentile(&distribution, Metric::KeysP1, 0.01).unwrap();
        assert_eq!(low, Expected::exactly(Metric::KeysP1, 0.0));
        let high = percentile(&distribution, Metric::KeysP99, 0.99).unwrap();
        assert!((45.0..50.0).contains(&high.mean) && high.standard_error > 2.0);
    }
}
