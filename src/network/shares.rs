//! Choices by weight: one of several, as often as its share of the sum of all weights says.

/// Weights that can be drawn by: finite, none negative, one at least above zero.
pub(super) struct Shares {
    /// The sums of the weights up to and including each.
    sums: Box<[f64]>,
}

impl Shares {
    /// `None` if a weight is negative or not finite, if none is above zero, or if their sum is not finite.
    pub(super) fn new(weights: &[f64]) -> Option<Self> {
        let mut sum = 0.0;
        let add = |weight: &f64| {
            sum += weight;
            sum
        };
        let sums: Box<[f64]> = weights.iter().map(add).collect();
        let is_weight = |weight: &f64| weight.is_finite() && *weight >= 0.0;
        let can_be_drawn = weights.iter().all(is_weight) && sum > 0.0 && sum.is_finite();
        can_be_drawn.then_some(Self { sums })
    }

    /// Bytes of so many weights.
    pub(super) fn bytes(weights: f64) -> f64 {
        weights * size_of::<f64>() as f64
    }

    /// The choice at a uniform number in [0, 1), numbered from 0: never one of weight 0.
    pub(super) fn at(&self, uniform: f64) -> u32 {
        let all = self.sums.last().copied().unwrap_or_default();
        // A product that is rounded up to the sum itself belongs to the last choice that has a weight.
        let at = (uniform * all).min(all.next_down());
        self.sums.partition_point(|sum| *sum <= at) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_has_its_part_of_the_unit_interval() {
        let shares = Shares::new(&[0.0, 1.0, 0.0, 2.0, 1.0, 0.0]).unwrap();
        let at = |uniform| shares.at(uniform);
        assert_eq!([at(0.0), at(0.2499), at(0.25), at(0.7499)], [1, 1, 3, 3]);
        assert_eq!([at(0.75), at(1.0_f64.next_down())], [4, 4]);
        assert_eq!(at(1.0), 4, "what rounding could make of it");
    }

    #[test]
    fn weights_that_cannot_be_drawn_by_are_refused() {
        for weights in [
            &[][..],
            &[0.0, 0.0],
            &[1.0, -0.1],
            &[1.0, f64::NAN],
            &[1.0, f64::INFINITY],
            &[f64::MAX, f64::MAX],
        ] {
            assert!(Shares::new(weights).is_none(), "{weights:?}");
        }
    }
}
