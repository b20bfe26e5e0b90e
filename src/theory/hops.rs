//! How many hops lookups take: a distribution over all pairs of an asking node and a key.

/// Mean and variance of a function of the hops.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Moments {
    pub mean: f64,
    pub variance: f64,
}

/// Lookups by their hops. Weights are in proportion to how often a pair is drawn; with keys that are
/// all alike they are whole numbers, and sums of them exact.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Hops {
    /// The weight of those that get through, by hops.
    through: Vec<f64>,
    /// The weight of those that do not.
    lost: f64,
    /// How many pairs were looked at, if they are a sample.
    sample: Option<f64>,
}

impl Hops {
    /// The distribution that a sample of so many pairs will give.
    pub fn sampled(pairs: u32) -> Self {
        Self {
            sample: Some(f64::from(pairs)),
            ..Self::default()
        }
    }

    /// Lookups that get through in so many hops.
    pub fn add(&mut self, hops: u32, weight: f64) {
        let place = hops as usize;
        if self.through.len() <= place {
            self.through.resize(place + 1, 0.0);
        }
        self.through[place] += weight;
    }

    /// Lookups that do not get through.
    pub fn lose(&mut self, weight: f64) {
        self.lost += weight;
    }

    /// Only those that `keep` holds of get through.
    pub fn lose_unless(&mut self, keep: impl Fn(u32) -> bool) {
        for (weight, hops) in self.through.iter_mut().zip(0..) {
            if !keep(hops) {
                self.lost += std::mem::take(weight);
            }
        }
    }

    /// The most hops; with a sample, what they are well below.
    pub fn longest(&self) -> u32 {
        let longest = self.through.len().saturating_sub(1) as u32;
        if self.sample.is_some() {
            2 * longest
        } else {
            longest
        }
    }

    pub fn any_lost(&self) -> bool {
        self.lost > 0.0
    }

    /// The weight of those that get through in just so many hops, for each number of hops.
    #[cfg(test)]
    pub fn weights(&self) -> &[f64] {
        &self.through
    }

    /// The share of lookups that get through.
    pub fn share(&self) -> f64 {
        let through: f64 = self.through.iter().sum();
        through / (through + self.lost)
    }

    /// Of those that get through: mean and variance of a function of their hops.
    pub fn moments(&self, function: impl Fn(u32) -> f64) -> Moments {
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

    /// The standard error of a mean over so many lookups, drawn at random, against a mean from here.
    /// `share` of all pairs went into that. The pairs of a sample count as if they were drawn at
    /// random, too: they are spread evenly, and err less.
    pub fn error(&self, moments: Moments, lookups: f64, share: f64) -> f64 {
        let sampling = self.sample.map_or(0.0, |pairs| 1.0 / (pairs * share));
        (moments.variance * (1.0 / lookups + sampling)).sqrt()
    }
}
