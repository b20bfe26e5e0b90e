//! Expected beside measured: does the one agree with the other?

use super::statistics::Tallies;
use crate::results::csv::{Estimate, estimate};
use crate::results::{CombinedThreshold, MeasuredRuns, Status, Thresholds};
use crate::scenario::{Expectation, Kind, Plan, Quantity, Rule};

/// One expectation with what was measured.
#[derive(Clone, PartialEq, Debug)]
pub struct Judged {
    /// The name of the scenario.
    pub scenario: String,
    /// Its heading; may be empty.
    pub title: String,
    /// What was measured.
    pub quantity: &'static str,
    /// For which swept values, such as `nodes = 64`; empty if nothing is swept.
    pub place: String,
    /// What it should be.
    pub rule: Rule,
    /// What it is, with its confidence interval over the repetitions.
    pub measured: Estimate,
    /// Over how many repetitions.
    pub repetitions: usize,
    /// Whether the two agree.
    pub judgement: Judgement,
    /// Why one should expect that.
    pub kind: Kind,
    /// Where that is said; may be empty.
    pub source: String,
    /// A remark; may be empty.
    pub note: String,
}

/// Whether measured and expected agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Judgement {
    /// They do.
    Pass,
    /// They do not.
    Fail,
    /// Nothing was measured, or too little to judge by.
    Open,
    /// Shown, not judged.
    Reported,
}

impl Judgement {
    /// In one word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "FAIL",
            Self::Open => "open",
            Self::Reported => "reported",
        }
    }

    /// Whether it leaves something to explain.
    #[must_use]
    pub fn is_trouble(self) -> bool {
        matches!(self, Self::Fail | Self::Open)
    }
}

/// Judges every expectation of a plan by what its runs measured and the tallies of its lookups.
#[must_use]
pub fn judge(plan: &Plan, measured: &MeasuredRuns, tallies: &Tallies) -> Vec<Judged> {
    let thresholds = Thresholds::of(plan, measured);
    let judged = |expectation: &Expectation| {
        let (values, repetitions) = match expectation.quantity {
            Quantity::Threshold => of_threshold(thresholds.as_ref(), expectation.combination),
            _ => (
                values(measured, expectation, tallies),
                measured.of_combination(expectation.combination).count(),
            ),
        };
        Judged {
            scenario: plan.name.clone(),
            title: plan.title.clone(),
            quantity: expectation.quantity.name(),
            place: place(plan, expectation),
            rule: expectation.rule,
            measured: estimate(&values),
            repetitions,
            judgement: judgement(expectation.rule, &values),
            kind: expectation.kind,
            source: expectation.source.clone(),
            note: expectation.note.clone(),
        }
    };
    plan.expectations.iter().map(judged).collect()
}

/// What was measured in each repetition; a statistic is one value for all of them.
fn values(measured: &MeasuredRuns, expectation: &Expectation, tallies: &Tallies) -> Vec<f64> {
    let combination = expectation.combination;
    match expectation.quantity {
        Quantity::Metric(metric) => {
            let runs = measured.of_combination(combination);
            runs.filter_map(|run| run.get(metric)).collect()
        }
        Quantity::Statistic(statistic) => {
            let value = tallies.value(combination, statistic);
            value.into_iter().collect()
        }
        Quantity::Threshold => Vec::new(),
    }
}

/// The threshold of each seed, if all have one, and how many seeds there are.
fn of_threshold(thresholds: Option<&Thresholds>, combination: u32) -> (Vec<f64>, usize) {
    let one = thresholds.and_then(|all| all.of_combination(combination));
    let found = one.filter(|one| one.status == Status::Found);
    let values = found.map(|one| one.values.clone()).unwrap_or_default();
    (values, one.map_or(0, CombinedThreshold::seeds))
}

fn place(plan: &Plan, expectation: &Expectation) -> String {
    let spec = plan.first_of(expectation.combination);
    let swept = spec.map_or(&[][..], |spec| &spec.swept);
    // A threshold is not one of the values that were tried.
    let told = match expectation.quantity {
        Quantity::Threshold => swept.len().saturating_sub(1),
        _ => swept.len(),
    };
    let values = plan.swept.iter().zip(&swept[..told]);
    let each = values.map(|(key, value)| format!("{} = {value}", key.column));
    each.collect::<Vec<_>>().join(", ")
}

fn judgement(rule: Rule, values: &[f64]) -> Judgement {
    if let Rule::Reported(_) = rule {
        return Judgement::Reported;
    }
    let Some(mean) = estimate(values).mean else {
        return Judgement::Open;
    };
    let near = |value: f64, tolerance: f64| (mean - value).abs() <= tolerance;
    let agrees = match rule {
        Rule::Within { value, tolerance } => near(value, tolerance),
        Rule::WithinShare { value, share } => near(value, share * value.abs()),
        Rule::StandardErrors { value, count } => match standard_error(values) {
            Some(error) => near(value, count * error),
            None => return Judgement::Open,
        },
        Rule::AtLeast(bound) => mean >= bound,
        Rule::AtMost(bound) => mean <= bound,
        Rule::Reported(_) => true,
    };
    if agrees {
        Judgement::Pass
    } else {
        Judgement::Fail
    }
}

/// The standard error of the mean; `None` for fewer than two values.
fn standard_error(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    (values.len() > 1).then(|| (squares / (n - 1.0) / n).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean of these is 2.5, their standard error sqrt(5/3)/2 = 0.6455.
    const VALUES: [f64; 4] = [1.0, 2.0, 3.0, 4.0];

    #[test]
    fn a_tolerance_ends_where_it_says() {
        let within = |value, tolerance| Rule::Within { value, tolerance };
        let share = |value, share| Rule::WithinShare { value, share };
        let errors = |value, count| Rule::StandardErrors { value, count };
        for (rule, expected) in [
            (within(2.0, 0.5), Judgement::Pass),
            (within(2.0, 0.4999), Judgement::Fail),
            (within(3.0, 0.5), Judgement::Pass),
            (share(2.0, 0.25), Judgement::Pass),
            (share(2.0, 0.2499), Judgement::Fail),
            (share(0.0, 1.0), Judgement::Fail),
            (errors(1.3, 2.0), Judgement::Pass),
            (errors(1.2, 2.0), Judgement::Fail),
            (Rule::AtLeast(2.5), Judgement::Pass),
            (Rule::AtLeast(2.6), Judgement::Fail),
            (Rule::AtMost(2.5), Judgement::Pass),
            (Rule::AtMost(2.4), Judgement::Fail),
            (Rule::Reported(99.0), Judgement::Reported),
        ] {
            assert_eq!(judgement(rule, &VALUES), expected, "{rule:?}");
        }
    }

    #[test]
    fn what_cannot_be_judged_stays_open() {
        let errors = Rule::StandardErrors {
            value: 1.0,
            count: 4.0,
        };
        assert_eq!(judgement(errors, &[1.0]), Judgement::Open);
        assert_eq!(judgement(Rule::AtLeast(0.0), &[]), Judgement::Open);
        assert_eq!(judgement(Rule::Reported(1.0), &[]), Judgement::Reported);
        assert!(Judgement::Open.is_trouble() && !Judgement::Reported.is_trouble());
    }
}
