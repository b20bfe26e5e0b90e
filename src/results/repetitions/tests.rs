use rand::RngExt as _;

use super::*;
use crate::engine::{Stream, stream};
use crate::results::chooser::replay;
use crate::results::testing;
use crate::scenario::Width;

fn until(within: Width) -> Until {
    Until {
        metric: Metric::HopsMean,
        within,
        least: 5,
        most: 100,
    }
}

/// How many repetitions are made of a combination whose values these are, and what they come to.
fn made(until: &Until, value: impl Fn(usize) -> Outcome) -> (usize, Vec<f64>) {
    let mut known = BTreeMap::new();
    while let Step::UpTo(count) = step(until, &known) {
        for repetition in known.len()..count {
            known.insert(repetition, value(repetition));
        }
    }
    let values = known.values().filter_map(|outcome| match outcome {
        Outcome::Measured(value) => *value,
        Outcome::Failed => None,
    });
    (known.len(), values.collect())
}

fn measured(value: f64) -> Outcome {
    Outcome::Measured(Some(value))
}

#[test]
fn equal_values_are_enough_at_once_and_a_mean_of_zero_never_is() {
    let share = until(Width::Share(0.05));
    assert_eq!(made(&share, |_| measured(3.0)).0, 5);
    assert_eq!(made(&share, |_| measured(0.0)).0, 100);
    assert_eq!(made(&until(Width::Absolute(0.1)), |_| measured(0.0)).0, 5);
}

#[test]
fn what_has_no_value_goes_to_the_cap_and_what_fails_ends_at_once() {
    let share = until(Width::Share(0.05));
    assert_eq!(made(&share, |_| Outcome::Measured(None)).0, 100);
    assert_eq!(made(&share, |_| Outcome::Failed).0, 5);
    let third_fails = |repetition| match repetition {
        2 => Outcome::Failed,
        _ => measured(1.0),
    };
    assert_eq!(made(&share, third_fails).0, 5);
    // Every other one has a value: five of these are there after nine, and the looks are at 5, 7 and 9.
    let every_other =
        |repetition: usize| Outcome::Measured((repetition.is_multiple_of(2)).then_some(2.0));
    assert_eq!(made(&share, every_other).0, 9);
}

/// 1, 2, 3, 4, 5: mean 3, s = sqrt(2.5), half = 2.776445 * s / sqrt(5) = 1.963243. For ±2 that is enough. For ±1.8 it
/// would take 5 * (1.963243 / 1.8)^2 = 5.95, so 6, and the soonest is 5 + 2; for ±1.5 8.57, so 9; for ±0.1 1928, and the
/// latest is 10.
#[test]
fn the_next_look_is_where_the_spread_says_but_not_too_soon_and_not_too_late() {
    let one = estimate(&[1.0, 2.0, 3.0, 4.0, 5.0]);
    let look = |half| next_look(&until(Width::Absolute(half)), 5, one);
    assert_eq!([1.8, 1.5, 0.1].map(look), [7, 9, 10]);
    assert!(is_met(
        &until(Width::Absolute(2.0)),
        &[1.0, 2.0, 3.0, 4.0, 5.0]
    ));
    // Half of the mean is 1.5, two thirds are 2.
    let of_mean = next_look(&until(Width::Share(0.5)), 5, one);
    assert_eq!(of_mean, 9);
    assert!(is_met(
        &until(Width::Share(0.66)),
        &[1.0, 2.0, 3.0, 4.0, 5.0]
    ));
    let nothing = Estimate {
        mean: None,
        ci95: None,
    };
    assert_eq!(next_look(&until(Width::Share(0.5)), 40, nothing), 80);
    assert_eq!(
        next_look(&until(Width::Absolute(f64::MIN_POSITIVE)), 40, one),
        80
    );
}

/// Combinations of a plan stop each for itself; those of a plan without a rule are all made.
#[test]
fn each_combination_has_as_many_as_it_takes() {
    let mut plan = testing::plan(&["8", "16"], 100);
    assert!(Repeating::of(&plan).is_none());
    plan.until = Some(until(Width::Absolute(1.0)));
    // The first has no spread, the second 0 and 2 in turns: after five half is 1.36, so ten should do, and do with 0.754.
    let outcome = |run: usize| match run {
        ..100 => Some(measured(7.0)),
        _ => Some(measured((run % 2 * 2) as f64)),
    };
    let made = replay(&mut Repeating::of(&plan).unwrap(), outcome).unwrap();
    let expected: Vec<usize> = (0..5).chain(100..110).collect();
    assert_eq!(made.into_iter().collect::<Vec<_>>(), expected);
}

/// The part of 4000 series of values for which the interval at the end holds the true mean, and their mean length.
fn coverage(until: &Until, mean: f64, draw: impl Fn(&mut dyn FnMut() -> f64) -> f64) -> (f64, f64) {
    const SERIES: u32 = 4000;
    let (mut held, mut runs) = (0, 0);
    for series in 0..SERIES {
        let mut rng = stream(u64::from(series), Stream::Protocol);
        let mut uniform = || rng.random::<f64>();
        let values: Vec<f64> = (0..until.most).map(|_| draw(&mut uniform)).collect();
        let (_, used) = made(until, |repetition| measured(values[repetition]));
        let Estimate { mean: found, ci95 } = estimate(&used);
        held += u32::from((found.unwrap() - mean).abs() <= ci95.unwrap());
        runs += used.len();
    }
    (
        f64::from(held) / f64::from(SERIES),
        runs as f64 / f64::from(SERIES),
    )
}

/// Of intervals over a number of repetitions that was given before 95 % hold the mean; the standard error of the shares
/// below is 0.35 %. docs/statistics.md has these figures.
#[test]
fn the_interval_covers_nearly_as_often_as_it_says() {
    // The sum of twelve is normal, nearly: mean 1, and these standard deviations.
    let normal = |deviation: f64| {
        move |uniform: &mut dyn FnMut() -> f64| {
            1.0 + deviation * ((0..12).map(|_| uniform()).sum::<f64>() - 6.0)
        }
    };
    let exponential = |uniform: &mut dyn FnMut() -> f64| -libm::log(1.0 - uniform());
    let five = Until {
        most: 5,
        ..until(Width::Share(0.05))
    };
    let cases = [
        ("five, normal", coverage(&five, 1.0, normal(0.05)), 0.95),
        (
            "±5 %, deviation 2 %",
            coverage(&until(Width::Share(0.05)), 1.0, normal(0.02)),
            0.945,
        ),
        (
            "±5 %, deviation 5 %",
            coverage(&until(Width::Share(0.05)), 1.0, normal(0.05)),
            0.94,
        ),
        (
            "±5 %, deviation 10 %",
            coverage(&until(Width::Share(0.05)), 1.0, normal(0.1)),
            0.92,
        ),
        (
            "±5 %, deviation 20 %",
            coverage(&until(Width::Share(0.05)), 1.0, normal(0.2)),
            0.945,
        ),
        (
            "±30 %, exponential",
            coverage(&until(Width::Share(0.3)), 1.0, exponential),
            0.915,
        ),
    ];
    for (name, (share, runs), expected) in cases {
        assert!(
            (share - expected).abs() < 0.015,
            "{name}: {share} of {runs}"
        );
    }
}
