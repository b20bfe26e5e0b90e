//! Differences in sentences. They say what was shown, and where nothing was, why.

use super::statistics::{By, Difference};
use crate::results::csv::decimals;

/// What a probability has to be below for a difference to count as shown.
pub(super) const SHOWN_BELOW: f64 = 0.05;

/// What can be said of a difference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Verdict {
    /// The second is higher.
    Higher,
    /// The second is lower.
    Lower,
    /// It may be nothing.
    NotShown,
    /// All pairs are the same.
    Same,
    /// All pairs differ by the same, or there is one: nothing can be said of chance.
    Untested,
}

impl Verdict {
    /// Of a difference, with its probability after Holm's correction.
    pub(super) fn of(difference: &Difference, adjusted: Option<f64>) -> Self {
        match (adjusted, difference.estimate.mean) {
            _ if difference.is_nothing() => Self::Same,
            (Some(p), Some(mean)) if p < SHOWN_BELOW && mean > 0.0 => Self::Higher,
            (Some(p), Some(_)) if p < SHOWN_BELOW => Self::Lower,
            (Some(_), _) => Self::NotShown,
            (None, _) => Self::Untested,
        }
    }
}

/// What is compared: what it is called, and between whom.
pub(super) struct About<'a> {
    /// Such as `hops_mean`.
    pub what: &'a str,
    pub a: &'a str,
    pub b: &'a str,
}

/// A difference in a sentence, with its probability after Holm's correction for so many.
pub(super) fn sentence(
    about: &About<'_>,
    difference: &Difference,
    adjusted: Option<f64>,
    tests: usize,
) -> String {
    let About { what, a, b } = about;
    let mean = difference.estimate.mean.unwrap_or(0.0);
    let more = if mean > 0.0 { "higher" } else { "lower" };
    let by = format!("{:.*}", decimals(mean, 4), mean.abs());
    let single = matches!(difference.by, By::Pairs(1));
    match Verdict::of(difference, adjusted) {
        Verdict::Same if single => format!("{what} is the same in the only pair."),
        Verdict::Same => format!("{what} is the same in every pair."),
        Verdict::Higher | Verdict::Lower => {
            let [low, high] = ends(difference);
            let p = adjusted.map_or_else(String::new, probability);
            format!(
                "{what} is {more} with {b} than with {a}: the 95 % interval of the difference is {low} to {high} (Holm p {p})."
            )
        }
        Verdict::NotShown => {
            let [low, high] = ends(difference);
            let is_across = difference
                .interval()
                .is_none_or(|[low, high]| low <= 0.0 && high >= 0.0);
            if is_across {
                format!(
                    "{what}: no difference could be shown: the interval {low} to {high} includes 0."
                )
            } else {
                format!(
                    "{what}: no difference could be shown: the interval {low} to {high} excludes 0, but of {tests} that are looked \
                     at some do by chance (Holm p {}).",
                    adjusted.map_or_else(String::new, probability)
                )
            }
        }
        Verdict::Untested => match difference.by {
            By::Pairs(1) => format!(
                "{what} is {by} {more} with {b} in the only pair of runs; what another seed gives is not known."
            ),
            By::Pairs(n) => format!(
                "{what} is {by} {more} with {b} in each of {n} pairs: without any spread there is no test."
            ),
            By::Samples(_) => format!(
                "{what} is {by} {more} with {b} in the mean; with fewer than two runs on a side, or without spread, there is no \
                 test."
            ),
        },
    }
}

/// Both ends of an interval, with as many decimals as its width makes worth reading.
fn ends(difference: &Difference) -> [String; 2] {
    let half = difference.estimate.ci95.unwrap_or(0.0);
    let places = decimals(half, 2);
    let shown = |value: f64| {
        let text = format!("{value:.places$}");
        // An end that is rounded to nothing has no sign.
        match text.strip_prefix('-') {
            Some(rest) if rest.bytes().all(|it| it == b'0' || it == b'.') => rest.to_owned(),
            _ => text,
        }
    };
    difference
        .interval()
        .map_or_else(Default::default, |ends| ends.map(shown))
}

/// A probability for people, such as `= 0.013` or `< 0.0001`.
fn probability(p: f64) -> String {
    match shown_probability(p) {
        text if text.starts_with('<') => format!("< {}", &text[1..]),
        text => format!("= {text}"),
    }
}

/// In a column.
pub(super) fn shown_probability(p: f64) -> String {
    if p < 0.0001 {
        "<0.0001".to_owned()
    } else {
        format!("{p:.*}", decimals(p, 2).min(4))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::compare::statistics::holm;

    fn said(pairs: &[(f64, f64)], tests: usize) -> String {
        let difference = Difference::of_pairs(pairs);
        let others = vec![1.0; tests - 1];
        let adjusted = difference.p.map(|p| holm(&[&[p], &others[..]].concat())[0]);
        let about = About {
            what: "hops_mean",
            a: "A",
            b: "B",
        };
        sentence(&about, &difference, adjusted, tests)
    }

    /// The interval is that of R: 0.2245 to 1.0955, p = 0.0136.
    const HIGHER: [(f64, f64); 5] = [(5.1, 5.9), (4.9, 5.2), (5.6, 6.4), (5.8, 6.1), (6.0, 7.1)];

    #[test]
    fn nothing_is_said_that_was_not_shown() {
        for (pairs, tests, sentence) in [
            (
                &HIGHER[..],
                1,
                "hops_mean is higher with B than with A: the 95 % interval of the difference is 0.22 to 1.10 (Holm p = 0.014).",
            ),
            // 4 × 0.0136 is more than 0.05.
            (
                &HIGHER[..],
                4,
                "hops_mean: no difference could be shown: the interval 0.22 to 1.10 excludes 0, but of 4 that are looked at some do by \
                 chance (Holm p = 0.054).",
            ),
            // Differences 1, -1, 2: mean 2/3, s = 1.528, half 4.303 × 0.882.
            (
                &[(0.0, 1.0), (0.0, -1.0), (0.0, 2.0)],
                1,
                "hops_mean: no difference could be shown: the interval -3.1 to 4.5 includes 0.",
            ),
            (
                &[(2.0, 2.0), (3.0, 3.0)],
                1,
                "hops_mean is the same in every pair.",
            ),
            (
                &[(2.0, 1.5)],
                1,
                "hops_mean is 0.5000 lower with B in the only pair of runs; what another seed gives is not known.",
            ),
            (
                &[(100.0, 50.0), (150.0, 100.0)],
                1,
                "hops_mean is 50 lower with B in each of 2 pairs: without any spread there is no test.",
            ),
        ] {
            assert_eq!(said(pairs, tests), sentence);
        }
    }

    #[test]
    fn probabilities_are_never_shown_as_nothing() {
        let shown = [0.000_02, 0.000_12, 0.0136, 0.5, 1.0].map(shown_probability);
        assert_eq!(shown, ["<0.0001", "0.0001", "0.014", "0.50", "1.0"]);
    }
}
