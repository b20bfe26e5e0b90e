//! How many hops lookups take: a distribution over all pairs of an asking node and a key.

/// Mean and variance of a function of the hops.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Moments {
    pub mean: f64,
    pub variance: f64,
}

/// Lookups by their hops. Weights are in proportion to how often a pair is drawn. If all keys are
/// equally popular, weights are whole numbers and their sums are exact.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Hops {
    /// The weight of the lookups that get through, by hops.
    through: Vec<f64>,
    /// The weight of the lookups that do not get through.
    lost: f64,
    /// The number of pairs looked at, if they are a sample.
    sample: Option<f64>,
}

impl Hops {
    /// An empty distribution for a sample of this many pairs.
    pub(super) fn sampled(pairs: u32) -> Self {
        Self {
            sample: Some(f64::from(pairs)),
            ..Self::default()
        }
    }

    /// Adds lookups that get through in this many hops.
    pub(super) fn add(&mut self, hops: u32, weight: f64) {
        let place = hops as usize;
        if self.through.len() <= place {
            self.through.resize(place + 1, 0.0);
        }
        self.through[place] += weight;
    }

    /// Adds lookups that do not get through.
    pub(super) fn lose(&mut self, weight: f64) {
        self.lost += weight;
    }

    /// Lets only those lookups get through for whose hops `keep` is true.
    pub(super) fn lose_unless(&mut self, keep: impl Fn(u32) -> bool) {
        for (weight, hops) in self.through.iter_mut().zip(0..) {
            if !keep(hops) {
                self.lost += std::mem::take(weight);
            }
        }
    }

    /// The most hops; for a sample, a number that all hops are well below.
    pub(super) fn longest(&self) -> u32 {
        let longest = self.through.len().saturating_sub(1) as u32;
        if self.sample.is_some() {
            2 * longest
        } else {
            longest
        }
    }

    pub(super) fn any_lost(&self) -> bool {
        self.lost > 0.0
    }

    /// For each number of hops, the weight of the lookups that get through in exactly so many hops.
    pub(super) fn weights(&self) -> &[f64] {
        &self.through
    }

    /// For each number of hops, the share of all lookups that get through in exactly so many hops.
    pub(super) fn shares(&self) -> Vec<f64> {
        let all = self.through.iter().sum::<f64>() + self.lost;
        self.through.iter().map(|weight| weight / all).collect()
    }

    /// The share of lookups that get through.
    pub(super) fn share(&self) -> f64 {
        let through: f64 = self.through.iter().sum();
        through / (through + self.lost)
    }

    /// Mean and variance of a function of the hops, over the lookups that get through.
    pub(super) fn moments(&self, function: impl Fn(u32) -> f64) -> Moments {
        let total: f64 = self.through.iter().sum();
        let mean_of = |function: &dyn Fn(u32) -> f64| {
            let weighted = self.through.iter().zip(0..);
            weighted
                .map(|(weight, hops)| weight * function(hops))
                .sum::<f64>()
                / total
        };
        let mean = mean_of(&function);
        let variance = mean_of(&|hops| (function(hops) - mean) * (function(hops) - mean));
        Moments { mean, variance }
    }

    /// The standard error of a mean over this many lookups, drawn at random, against a mean from
    /// here. That mean was taken over `share` of all pairs. The pairs of a sample count as if they
    /// were drawn at random, too: they are spread evenly, so their error is smaller.
    pub(super) fn error(&self, moments: Moments, lookups: f64, share: f64) -> f64 {
        let sampling = self.sample.map_or(0.0, |pairs| 1.0 / (pairs * share));
        (moments.variance * (1.0 / lookups + sampling)).sqrt()
    }
}
