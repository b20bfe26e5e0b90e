//! What the counts of the links of a run come to.

use crate::catalogue::{Metric, to_15_digits};
use crate::observe::observer::Measured;

/// The metrics of messages per link, by the overlay and if sent straight, over the links of the network itself: the link of
/// a single host carries what that host sends and receives, which is its load.
pub(super) fn metrics(links: &[[u64; 2]]) -> impl IntoIterator<Item = Measured> + use<> {
    let column = |at: usize| -> Vec<u64> {
        let mut column: Vec<u64> = links.iter().map(|link| link[at]).collect();
        column.sort_unstable();
        column
    };
    let (stress, direct) = (column(0), column(1));
    let sum = |column: &[u64]| column.iter().sum::<u64>() as f64;
    let mean = |column: &[u64]| {
        let links = column.len() as f64;
        (links > 0.0).then(|| to_15_digits(sum(column) / links))
    };
    let last = |column: &[u64]| column.last().map(|most| *most as f64);
    let ratio = (sum(&direct) > 0.0).then(|| to_15_digits(sum(&stress) / sum(&direct)));
    [
        (Metric::LinkStressMean, mean(&stress)),
        (Metric::LinkStressP95, percentile(&stress, 0.95)),
        (Metric::LinkStressMax, last(&stress)),
        (Metric::DirectLinkStressMean, mean(&direct)),
        (Metric::DirectLinkStressMax, last(&direct)),
        (Metric::LinkStressRatio, ratio),
    ]
}

/// The smallest value that at least this share of all does not exceed; they are sorted.
fn percentile(sorted: &[u64], share: f64) -> Option<f64> {
    let rank = libm::ceil(share * sorted.len() as f64) as usize;
    let value = sorted.get(rank.max(1) - 1)?;
    Some(*value as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stress 0, 2, 4 and 10 (mean 4), direct 0, 1, 1 and 6 (mean 2); a percentile of four values is the largest from 76 % on.
    #[test]
    fn the_metrics_of_four_links() {
        let links = [[4, 1], [0, 0], [10, 6], [2, 1]];
        let values: Vec<_> = metrics(&links)
            .into_iter()
            .map(|(_, value)| value)
            .collect();
        let expected = [4.0, 10.0, 10.0, 2.0, 6.0, 2.0].map(Some);
        assert_eq!(values, expected);
    }

    #[test]
    fn nothing_has_no_ratio() {
        let none = metrics(&[[0, 0]]).into_iter().map(|(_, value)| value);
        let zero = Some(0.0);
        assert_eq!(
            none.collect::<Vec<_>>(),
            [zero, zero, zero, zero, zero, None]
        );
        assert!(metrics(&[]).into_iter().all(|(_, value)| value.is_none()));
    }
}
