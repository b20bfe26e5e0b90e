//! Whether a series begins before its steady state, and how much of it had better be left out: MSER-5.
//!
//! K. P. White Jr., *An effective truncation heuristic for bias reduction in simulation output*, Simulation 69(6), 1997:
//! of all beginnings leave out the one after which the mean of the rest is known best, the standard error of the rest being
//! taken for that. In batches of five (White, Cobb and Spratt, 2000), and of no more than half of the series: where the best
//! is half of it, it is too short to tell (W. W. Franklin and K. P. White Jr., *Stationarity tests and MSER-5*, 2008).
//!
//! MSER-5 always suggests something: of series without any beginning it would cut every other one somewhere. So what it
//! would leave out is believed only where it lies so far from the rest that chance would hardly have put it there.

use statrs::distribution::{ContinuousCDF as _, StudentsT};

/// So many values make a batch.
pub(crate) const BATCH: usize = 5;
/// Of fewer batches nothing is said.
pub(crate) const BATCHES_MIN: usize = 10;
/// Of a thousand series of independent batches without a beginning, at most one is said to have one.
const FALSE_ALARMS: f64 = 0.001;
/// What is left of a series that depends on itself so much would be too little.
const DEPENDENCE_MAX: f64 = 0.9;

/// How many batches at the beginning differ from the others, and had better be left out; `None` if nothing shows that any
/// do, or there are too few to tell.
#[must_use]
pub(crate) fn beginning(batches: &[f64]) -> Option<usize> {
    if batches.len() < BATCHES_MIN {
        return None;
    }
    let cut = truncation(batches);
    let candidates = batches.len() / 2;
    let is_inside = cut > 0 && cut < candidates;
    // Each place where it might be cut is a chance to be wrong.
    let is_clear = || p_value(batches, cut) < FALSE_ALARMS / candidates as f64;
    (is_inside && is_clear()).then_some(cut)
}

/// How many batches MSER would leave out: those before the shortest beginning after which the squared standard error of the
/// mean of the rest is least.
fn truncation(batches: &[f64]) -> usize {
    let mut best = (f64::INFINITY, 0);
    for cut in 0..=batches.len() / 2 {
        let rest = &batches[cut..];
        let count = rest.len() as f64;
        let error = squares(rest) / (count * count);
        if error < best.0 {
            best = (error, cut);
        }
    }
    best.1
}

/// How probable it is that the mean of the first batches differs from that of the rest by so much, if they were drawn alike.
/// Batches that depend on their neighbours tell less than as many that do not: by the first autocorrelation of the rest,
/// corrected for its bias.
fn p_value(batches: &[f64], cut: usize) -> f64 {
    let (first, rest) = batches.split_at(cut);
    let count = rest.len() as f64;
    let difference = (mean(first) - mean(rest)).abs();
    let squares = squares(rest);
    if difference == 0.0 {
        return 1.0;
    }
    let depends = dependence(rest, squares);
    let fewer = (1.0 + depends) / (1.0 - depends);
    let variance = squares / (count - 1.0) * fewer * (1.0 / cut as f64 + 1.0 / count);
    if variance == 0.0 {
        return 0.0;
    }
    let student = StudentsT::new(0.0, 1.0, count - 1.0).expect("at least one degree of freedom");
    2.0 * student.sf(difference / variance.sqrt())
}

/// The first autocorrelation of values with this sum of squares around their mean, between 0 and a limit.
fn dependence(values: &[f64], squares: f64) -> f64 {
    if squares == 0.0 {
        return 0.0;
    }
    let (mean, count) = (mean(values), values.len() as f64);
    let products = values
        .windows(2)
        .map(|pair| (pair[0] - mean) * (pair[1] - mean));
    let found = products.sum::<f64>() / squares;
    let bias = (1.0 + 4.0 * found.max(0.0)) / count;
    (found + bias).clamp(0.0, DEPENDENCE_MAX)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The sum of the squared distances from the mean.
fn squares(values: &[f64]) -> f64 {
    let mean = mean(values);
    values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum()
}

#[cfg(test)]
mod tests {
    use rand::RngExt as _;

    use super::*;
    use crate::engine::{Stream, stream};

    /// Nothing left out: mean 10/3, squares 29.33, by 36 0.815. One batch: mean 2.4, squares 3.2, by 25 0.128. Two: 0, and
    /// three as well, but two are fewer.
    #[test]
    fn what_is_left_out_makes_the_rest_best_known() {
        assert_eq!(truncation(&[8.0, 4.0, 2.0, 2.0, 2.0, 2.0]), 2);
        assert_eq!(truncation(&[2.0, 2.0, 2.0, 2.0, 2.0, 8.0]), 0);
        assert_eq!(truncation(&[5.0; 12]), 0);
        // Of a slope half goes, and more may not.
        let slope: Vec<f64> = (0..12).map(f64::from).collect();
        assert_eq!(truncation(&slope), 6);
        assert_eq!(beginning(&slope), None);
    }

    /// The rest has mean 3, deviation 0.1 and no dependence upwards. Two batches of 5 are twenty deviations away; of 3.2, two.
    #[test]
    fn a_clear_beginning_is_found_and_a_doubtful_one_is_not() {
        let with = |first: f64| -> Vec<f64> {
            let rest = [3.1, 2.9].repeat(6);
            [first, first].into_iter().chain(rest).collect()
        };
        assert_eq!(beginning(&with(5.0)), Some(2));
        assert_eq!(beginning(&with(3.2)), None);
        assert_eq!(beginning(&with(5.0)[..9]), None, "too few");
        // A constant rest leaves no doubt.
        let mut constant = vec![2.0; 12];
        assert_eq!(beginning(&constant), None);
        constant[0] = 2.5;
        assert_eq!(beginning(&constant), Some(1));
    }

    /// The part of 2000 series without a beginning, each batch depending on the one before by so much, that is said to have
    /// one; and the same with a beginning of three batches that is `shift` standard deviations higher.
    fn alarms(depends: f64, shift: f64) -> f64 {
        const SERIES: u32 = 2000;
        let mut alarms = 0;
        for series in 0..SERIES {
            let mut rng = stream(u64::from(series), Stream::Protocol);
            let mut normal = || (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
            let mut value = normal();
            let batch = |at: usize| {
                value = depends * value + (1.0 - depends * depends).sqrt() * normal();
                value + if at < 3 { shift } else { 0.0 }
            };
            let batches: Vec<f64> = (0..24).map(batch).collect();
            alarms += u32::from(beginning(&batches).is_some());
        }
        f64::from(alarms) / f64::from(SERIES)
    }

    #[test]
    fn there_is_hardly_an_alarm_without_a_cause() {
        assert!(alarms(0.0, 0.0) <= 0.002, "{}", alarms(0.0, 0.0));
        assert!(alarms(0.3, 0.0) <= 0.005, "{}", alarms(0.3, 0.0));
        assert!(alarms(0.6, 0.0) <= 0.015, "{}", alarms(0.6, 0.0));
        // A program of its own, in NumPy and SciPy, found 0.83.
        let found = alarms(0.0, 5.0);
        assert!((found - 0.83).abs() < 0.03, "{found}");
    }
}
