//! Expected beside measured, and the verdict.

use super::statistics::Tallies;
use crate::results::csv::{Estimate, Table, estimate};
use crate::scenario::{Expectation, Kind, Plan, Quantity, Rule};

/// One expectation with what was measured.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
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
    pub verdict: Verdict,
    /// Why one should expect that.
    pub kind: Kind,
    /// Where that is said; may be empty.
    pub source: String,
    /// A remark; may be empty.
    pub note: String,
}

/// Whether measured and expected agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// They do.
    Pass,
    /// They do not.
    Fail,
    /// Nothing was measured, or too little to judge by.
    Open,
    /// Shown, not judged.
    Reported,
}

impl Verdict {
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

/// Judges every expectation of a plan by its `summary.csv` and the tallies of its lookups.
#[must_use]
pub fn judge(plan: &Plan, summary: &Table, tallies: &Tallies) -> Vec<Row> {
    let row = |expectation: &Expectation| {
        let values = values(plan, summary, expectation, tallies);
        let measured = estimate(&values);
        Row {
            scenario: plan.name.clone(),
            title: plan.title.clone(),
            quantity: expectation.quantity.name(),
            place: place(plan, expectation.combination),
            rule: expectation.rule,
            measured,
            repetitions: repetitions(plan, summary, expectation.combination),
            verdict: verdict(expectation.rule, &values),
            kind: expectation.kind,
            source: expectation.source.clone(),
            note: expectation.note.clone(),
        }
    };
    plan.expectations.iter().map(row).collect()
}

/// What was measured in each repetition; a statistic is one value for all of them.
fn values(plan: &Plan, summary: &Table, expectation: &Expectation, tallies: &Tallies) -> Vec<f64> {
    match expectation.quantity {
        Quantity::Metric(name) => {
            let Some(column) = summary.column(name) else {
                return Vec::new();
            };
            let cell = |row: &Vec<String>| row[column].parse().ok();
            rows(plan, summary, expectation.combination)
                .filter_map(cell)
                .collect()
        }
        Quantity::Statistic(statistic) => tallies
            .value(expectation.combination, statistic)
            .into_iter()
            .collect(),
    }
}

fn repetitions(plan: &Plan, summary: &Table, combination: u32) -> usize {
    rows(plan, summary, combination).count()
}

/// The rows of a combination: each begins with the number of its run.
fn rows<'t>(
    plan: &'t Plan,
    summary: &'t Table,
    combination: u32,
) -> impl Iterator<Item = &'t Vec<String>> {
    summary.rows.iter().filter(move |row| {
        let run = row[0].parse::<usize>().ok();
        run.and_then(|run| plan.runs.get(run))
            .is_some_and(|spec| spec.combination == combination)
    })
}

fn place(plan: &Plan, combination: u32) -> String {
    let spec = plan.runs.iter().find(|run| run.combination == combination);
    let swept = spec.map_or(&[][..], |spec| &spec.swept);
    let values = plan.swept.iter().zip(swept);
    let each = values.map(|(key, value)| format!("{} = {value}", key.column));
    each.collect::<Vec<_>>().join(", ")
}

fn verdict(rule: Rule, values: &[f64]) -> Verdict {
    if let Rule::Reported(_) = rule {
        return Verdict::Reported;
    }
    let Some(mean) = estimate(values).mean else {
        return Verdict::Open;
    };
    let near = |value: f64, tolerance: f64| (mean - value).abs() <= tolerance;
    let agrees = match rule {
        Rule::Within { value, tolerance } => near(value, tolerance),
        Rule::WithinShare { value, share } => near(value, share * value.abs()),
        Rule::StandardErrors { value, count } => match standard_error(values) {
            Some(error) => near(value, count * error),
            None => return Verdict::Open,
        },
        Rule::AtLeast(bound) => mean >= bound,
        Rule::AtMost(bound) => mean <= bound,
        Rule::Reported(_) => true,
    };
    if agrees { Verdict::Pass } else { Verdict::Fail }
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
            (within(2.0, 0.5), Verdict::Pass),
            (within(2.0, 0.4999), Verdict::Fail),
            (within(3.0, 0.5), Verdict::Pass),
            (share(2.0, 0.25), Verdict::Pass),
            (share(2.0, 0.2499), Verdict::Fail),
            (share(0.0, 1.0), Verdict::Fail),
            (errors(1.3, 2.0), Verdict::Pass),
            (errors(1.2, 2.0), Verdict::Fail),
            (Rule::AtLeast(2.5), Verdict::Pass),
            (Rule::AtLeast(2.6), Verdict::Fail),
            (Rule::AtMost(2.5), Verdict::Pass),
            (Rule::AtMost(2.4), Verdict::Fail),
            (Rule::Reported(99.0), Verdict::Reported),
        ] {
            assert_eq!(verdict(rule, &VALUES), expected, "{rule:?}");
        }
    }

    #[test]
    fn what_cannot_be_judged_stays_open() {
        let errors = Rule::StandardErrors {
            value: 1.0,
            count: 4.0,
        };
        assert_eq!(verdict(errors, &[1.0]), Verdict::Open);
        assert_eq!(verdict(Rule::AtLeast(0.0), &[]), Verdict::Open);
        assert_eq!(verdict(Rule::Reported(1.0), &[]), Verdict::Reported);
        assert!(Verdict::Open.is_trouble() && !Verdict::Reported.is_trouble());
    }
}
