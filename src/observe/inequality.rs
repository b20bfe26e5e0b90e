//! How unequally something is spread over nodes.

/// Mean, extremes, percentiles and the Gini coefficient of a set of counts.
pub(super) struct Spread {
    sorted: Vec<u64>,
    sum: u64,
}

impl Spread {
    /// The spread of these values, in any order.
    #[must_use]
    pub(super) fn of(values: impl IntoIterator<Item = u64>) -> Self {
        let mut values: Vec<u64> = values.into_iter().collect();
        values.sort_unstable();
        let sum = values.iter().sum();
        Self {
            sorted: values,
            sum,
        }
    }

    /// The arithmetic mean; `None` without values.
    pub(super) fn mean(&self) -> Option<f64> {
        (!self.sorted.is_empty()).then(|| self.sum as f64 / self.sorted.len() as f64)
    }

    /// The largest value.
    pub(super) fn max(&self) -> Option<f64> {
        self.sorted.last().map(|max| *max as f64)
    }

    /// The largest value over the mean; `None` if there is nothing to share.
    pub(super) fn max_over_mean(&self) -> Option<f64> {
        let max = u128::from(*self.sorted.last()?);
        let whole = max * self.sorted.len() as u128;
        (self.sum > 0).then(|| whole as f64 / self.sum as f64)
    }

    /// The smallest value that at least this share of all values does not exceed (nearest rank).
    pub(super) fn percentile(&self, share: f64) -> Option<f64> {
        let rank = libm::ceil(share * self.sorted.len() as f64) as usize;
        self.sorted.get(rank.max(1) - 1).map(|value| *value as f64)
    }

    fn squares(&self) -> u128 {
        let square = |value: &u64| u128::from(*value) * u128::from(*value);
        self.sorted.iter().map(square).sum()
    }

    /// Jain's index (Jain, Chiu, Hawe, "A Quantitative Measure of Fairness", DEC-TR-301, 1984): 1 if all have the same, towards
    /// 0 if one has everything. `None` if there is nothing to share.
    pub(super) fn jain(&self) -> Option<f64> {
        let (n, sum) = (self.sorted.len() as u128, u128::from(self.sum));
        // In whole numbers up to here, as above.
        (sum > 0).then(|| (sum * sum) as f64 / (n * self.squares()) as f64)
    }

    /// The standard deviation over all of them; `None` without values.
    pub(super) fn deviation(&self) -> Option<f64> {
        let n = self.sorted.len() as u128;
        let squares = self.squares();
        let sum = u128::from(self.sum);
        // In whole numbers up to here: nothing is lost by taking the difference.
        (n > 0).then(|| ((n * squares - sum * sum) as f64).sqrt() / n as f64)
    }

    /// The share of values that are just this one; `None` without values.
    pub(super) fn share_of(&self, wanted: u64) -> Option<f64> {
        let below = self.sorted.partition_point(|value| *value < wanted);
        let up_to = self.sorted.partition_point(|value| *value <= wanted);
        let n = self.sorted.len() as f64;
        (n > 0.0).then(|| (up_to - below) as f64 / n)
    }

    /// The Gini coefficient: 0 if all have the same, towards 1 if one has everything. `None` if
    /// there is nothing to share.
    pub(super) fn gini(&self) -> Option<f64> {
        let n = self.sorted.len() as i128;
        let weighted: i128 = self
            .sorted
            .iter()
            .zip(1_i128..)
            .map(|(value, rank)| rank * i128::from(*value))
            .sum();
        let sum = i128::from(self.sum);
        // In whole numbers up to here, as above.
        (sum > 0).then(|| (2 * weighted - (n + 1) * sum) as f64 / (n * sum) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_spreads() {
        let spread = Spread::of(vec![4, 1, 3, 2]);
        assert_eq!(spread.mean(), Some(2.5));
        assert_eq!(spread.percentile(0.01), Some(1.0));
        assert_eq!(spread.percentile(0.5), Some(2.0));
        assert_eq!(spread.percentile(0.99), Some(4.0));
        assert_eq!(spread.gini(), Some(0.25));
        // 2 · (0 + 2 + 9) / (3 · 4) − 4/3 = 1/2; 2 · (1 + 4 + 9) / (3 · 6) − 4/3 = 2/9: the nearest to that there is.
        assert_eq!(Spread::of(vec![0, 1, 3]).gini(), Some(0.5));
        assert_eq!(Spread::of(vec![1, 2, 3]).gini(), Some(2.0 / 9.0));
        assert_eq!(spread.deviation(), Some(1.25_f64.sqrt()));
        assert_eq!(Spread::of(vec![7, 7]).deviation(), Some(0.0));
        assert_eq!(Spread::of(Vec::new()).deviation(), None);
        assert_eq!(Spread::of(vec![0, 3, 0, 1]).share_of(0), Some(0.5));
        assert_eq!(Spread::of(vec![0, 3, 0, 1]).share_of(2), Some(0.0));
        assert_eq!(Spread::of(Vec::new()).share_of(0), None);
        assert_eq!(Spread::of(vec![5, 5, 5]).gini(), Some(0.0));
        assert_eq!(Spread::of(vec![0, 0, 0, 8]).gini(), Some(0.75));
        assert_eq!(Spread::of(vec![0, 0]).gini(), None);
        assert_eq!(Spread::of(Vec::new()).mean(), None);
        // (1 + 3)^2 / (4 · 10) = 0.4; one of n with everything: 1/n.
        assert_eq!(Spread::of(vec![0, 3, 0, 1]).jain(), Some(0.4));
        assert_eq!(Spread::of(vec![0, 0, 0, 8]).jain(), Some(0.25));
        assert_eq!(Spread::of(vec![5, 5, 5]).jain(), Some(1.0));
        assert_eq!(Spread::of(vec![0, 0]).jain(), None);
        assert_eq!(Spread::of(vec![0, 3, 0, 1]).max_over_mean(), Some(3.0));
        assert_eq!(Spread::of(vec![0, 0]).max_over_mean(), None);
        assert_eq!(Spread::of(Vec::new()).max_over_mean(), None);
    }
}
