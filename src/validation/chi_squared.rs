//! Pearson's test: how probable it is that counts deviate as far as these do.

use statrs::distribution::{ChiSquared, ContinuousCDF as _};

/// Cells in which fewer are expected are put together with the next: the test needs as many.
const LEAST: f64 = 5.0;

/// The probability of a deviation at least as large; `None` if there are too few counts for a test.
/// Both must be counts of as many.
pub(super) fn p_value(observed: &[u64], expected: &[f64]) -> Option<f64> {
    let cells = cells(observed, expected);
    let statistic: f64 = cells.iter().map(|(o, e)| (o - e) * (o - e) / e).sum();
    let freedom = cells.len().checked_sub(1)?;
    let distribution = ChiSquared::new(freedom as f64).ok()?;
    // Rounded, because the library uses the platform's logarithms.
    Some(libm::round(distribution.sf(statistic) * 1e9) / 1e9)
}

/// Observed and expected counts, with small cells put together.
fn cells(observed: &[u64], expected: &[f64]) -> Vec<(f64, f64)> {
    let mut cells = Vec::new();
    let (mut o, mut e) = (0.0, 0.0);
    let longest = observed.len().max(expected.len());
    for at in 0..longest {
        o += observed.get(at).map_or(0.0, |count| *count as f64);
        e += expected.get(at).copied().unwrap_or(0.0);
        if e >= LEAST {
            cells.push((o, e));
            (o, e) = (0.0, 0.0);
        }
    }
    // What is left over joins the last cell.
    if let Some(last) = cells.last_mut() {
        last.0 += o;
        last.1 += e;
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 44 heads and 56 tails: χ² = 2 · 6² / 50 = 1.44 with one degree of freedom, p = 0.2301.
    #[test]
    fn a_coin_of_the_textbooks() {
        let p = p_value(&[44, 56], &[50.0, 50.0]).unwrap();
        assert!((p - 0.230_139).abs() < 1e-6, "{p}");
        assert_eq!(p_value(&[50, 50], &[50.0, 50.0]), Some(1.0));
        assert!(p_value(&[0, 100], &[50.0, 50.0]).unwrap() < 1e-9);
    }

    #[test]
    fn what_lies_where_nothing_is_expected_counts_against_it() {
        assert!(p_value(&[50, 50, 30], &[50.0, 50.0]).unwrap() < 1e-3);
    }

    #[test]
    fn small_cells_are_put_together() {
        assert_eq!(
            cells(&[1, 2, 3, 4], &[3.0, 3.0, 6.0, 1.0]),
            [(3.0, 6.0), (7.0, 7.0)]
        );
        assert_eq!(p_value(&[3], &[3.0]), None);
    }
}
