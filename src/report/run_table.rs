//! The small table at the end of a run.

use super::comparisons::{self, Comparisons};
use super::honest_table;
use super::text_table::TextTable;
use crate::catalogue::{Metric, RUNS, Reason};
use crate::results::csv::{Aggregate, CombinedRuns};

/// The metrics that are shown, those of them that are there.
pub(super) const SHOWN: [Metric; 14] = [
    Metric::Lookups,
    Metric::SuccessRate,
    Metric::HopsMean,
    Metric::LatencyMsP50,
    Metric::LatencyMsP95,
    Metric::StretchP50,
    Metric::TimeoutsMean,
    Metric::PutSuccessRate,
    Metric::GetSuccessRate,
    Metric::StaleRate,
    Metric::ValuesAlive,
    Metric::UpkeepBytes,
    Metric::Messages,
    Metric::TurnedAway,
];

/// What is shown besides of honest peers where there is one combination. Several have a table for it.
const SHOWN_OF_ONE: [Metric; 5] = [
    Metric::SuccessRateHonest,
    Metric::PutSuccessRateHonest,
    Metric::GetSuccessRateHonest,
    Metric::RequestMessagesMean,
    Metric::LoadMeanHonest,
];

/// What stands above the reason for which most of the lookups that were not answered rightly were not.
const MOST_MISSED_FOR: &str = "most missed for";

/// Mean ± half the confidence interval of the most telling metrics, beside them what theory expects.
/// With one combination a line per metric, otherwise a line per combination; then what honest peers get stands below, where that
/// is measured.
pub(crate) fn render(aggregate: &Aggregate, comparisons: &Comparisons) -> String {
    let stores = aggregate.place(Metric::Puts.name()).is_some();
    let has_value = |metric, at: usize| {
        let combinations = aggregate.combinations.iter();
        let mut means = combinations.filter_map(|combination| combination.estimates[at].mean);
        // Whom nobody turned away is not worth a word, and lookups that are not made beside puts and gets are not either.
        let is_telling = |mean| match metric {
            Metric::TurnedAway => mean > 0.0,
            Metric::Lookups => mean > 0.0 || !stores,
            _ => true,
        };
        means.any(is_telling)
    };
    let of_one: &[Metric] = match &aggregate.combinations[..] {
        [_] => &SHOWN_OF_ONE,
        _ => &[],
    };
    let shown = SHOWN
        .iter()
        .chain(of_one)
        .copied()
        .filter_map(|metric| Some((metric, aggregate.place(metric.name())?)))
        .filter(|&(metric, at)| has_value(metric, at));
    let view = View {
        aggregate,
        comparisons,
        shown: shown.collect(),
    };
    let lines = match &aggregate.combinations[..] {
        [only] => view.one(only),
        all => view.many(all),
    };
    TextTable(lines).to_string() + &honest_table::render(aggregate).unwrap_or_default()
}

/// What is shown, and of what.
struct View<'a> {
    aggregate: &'a Aggregate,
    comparisons: &'a Comparisons,
    /// Metrics, and the places of their estimates.
    shown: Vec<(Metric, usize)>,
}

impl View<'_> {
    /// A line per metric. What theory expects is a column of its own, if it expects anything.
    fn one(&self, combination: &CombinedRuns) -> Vec<Vec<String>> {
        let line =
            |name: &str, cell: String, expected: String| vec![name.to_owned(), cell, expected];
        let mut lines: Vec<_> = self
            .names()
            .iter()
            .zip(named(combination))
            .map(|(name, cell)| line(name, cell, String::new()))
            .collect();
        for &(metric, at) in self.shown.iter().chain(&self.also_expected(combination)) {
            lines.push(line(
                metric.name(),
                combination.estimates[at].shown(metric.info().unit),
                self.beside(combination, metric),
            ));
        }
        if self.anything_missed() {
            let reason = self.most_missed_for(combination);
            lines.push(line(MOST_MISSED_FOR, reason, String::new()));
        }
        if lines.iter().all(|line| line[2].is_empty()) {
            for line in &mut lines {
                line.truncate(2);
            }
        } else {
            "expected".clone_into(&mut lines[0][2]);
        }
        lines
    }

    /// Names of what tells the combinations apart, and of their number of runs.
    fn names(&self) -> Vec<String> {
        [&self.aggregate.swept[..], &[RUNS.to_owned()]].concat()
    }

    /// Metrics that are shown only because theory expects something of them.
    fn also_expected(&self, combination: &CombinedRuns) -> Vec<(Metric, usize)> {
        let shown = |metric: Metric| self.shown.iter().any(|&(other, _)| other == metric);
        Metric::expected()
            .filter(|&metric| !shown(metric) && !self.beside(combination, metric).is_empty())
            .filter_map(|metric| Some((metric, self.aggregate.place(metric.name())?)))
            .collect()
    }

    /// A line per combination. What theory expects stands right of what was measured, unless chance
    /// has no say in it for any combination: that is worth a warning or nothing.
    fn many(&self, combinations: &[CombinedRuns]) -> Vec<Vec<String>> {
        let with_expected = |metric: Metric| {
            let mut all = combinations.iter();
            all.any(|combination| self.is_uncertain(combination, metric))
        };
        let columns: Vec<_> = self
            .shown
            .iter()
            .map(|&(metric, at)| (metric, at, with_expected(metric)))
            .collect();
        let mut header = self.names();
        for &(metric, _, with_expected) in &columns {
            header.push(metric.name().to_owned());
            header.extend(with_expected.then(|| "expected".to_owned()));
        }
        let reasons = self.anything_missed();
        header.extend(reasons.then(|| MOST_MISSED_FOR.to_owned()));
        let mut lines = vec![header];
        for combination in combinations {
            let mut cells = named(combination);
            for &(metric, at, with_expected) in &columns {
                cells.push(combination.estimates[at].shown(metric.info().unit));
                cells.extend(with_expected.then(|| self.beside(combination, metric)));
            }
            cells.extend(reasons.then(|| self.most_missed_for(combination)));
            lines.push(cells);
        }
        lines
    }

    /// The mean of a metric over the runs of a combination.
    fn mean(&self, combination: &CombinedRuns, metric: Metric) -> Option<f64> {
        combination.estimates[self.aggregate.place(metric.name())?].mean
    }

    fn anything_missed(&self) -> bool {
        let mut all = self.aggregate.combinations.iter();
        all.any(|combination| self.missed(combination) > 0.0)
    }

    /// How many lookups failed or were answered wrongly, in the mean over the runs.
    fn missed(&self, combination: &CombinedRuns) -> f64 {
        let of = |metric| self.mean(combination, metric).unwrap_or(0.0);
        of(Metric::Failed) + of(Metric::Wrong)
    }

    /// The most common reason why lookups of a combination were not answered rightly, and its share of those that were
    /// not: a wrong answer, or that for which they failed.
    fn most_missed_for(&self, combination: &CombinedRuns) -> String {
        let missed = self.missed(combination);
        let reasons = Reason::OF_LOOKUPS
            .into_iter()
            .filter_map(|r| Some((r.metric()?, r.name())));
        let all = reasons.chain([(Metric::Wrong, "wrong answers")]);
        let counts = all.filter_map(|(metric, name)| {
            let count = self.mean(combination, metric)?;
            (count > 0.0).then_some((count, name))
        });
        let most = counts.reduce(|a, b| if b.0 > a.0 { b } else { a });
        most.map_or_else(
            || "–".to_owned(),
            |(count, name)| {
                // Nearly all is not all.
                let per_cent = (100.0 * count / missed).round();
                let shown = if count < missed {
                    per_cent.min(99.0)
                } else {
                    per_cent
                };
                format!("{name} ({shown:.0} %)")
            },
        )
    }

    fn is_uncertain(&self, combination: &CombinedRuns, metric: Metric) -> bool {
        let comparison = self.comparisons.get(&combination.values, metric);
        comparison.is_some_and(|comparison| comparison.z().is_some())
    }

    /// What theory expects of a metric; nothing if it expects nothing.
    fn beside(&self, combination: &CombinedRuns, metric: Metric) -> String {
        let comparison = self.comparisons.get(&combination.values, metric);
        comparison.map(comparisons::shown).unwrap_or_default()
    }
}

/// The swept values of a combination and its number of runs.
fn named(combination: &CombinedRuns) -> Vec<String> {
    let mut cells = combination.values.clone();
    cells.push(combination.runs.to_string());
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{measured, plan, summary};
    use crate::results::MeasuredRuns;
    use crate::results::csv::Estimate;

    fn shown(aggregate: &Aggregate) -> String {
        render(aggregate, &Comparisons::default())
    }

    /// A combination of a `routing`, with its runs and the mean and interval of each column.
    fn combination(routing: &str, runs: usize, estimates: &[(f64, f64)]) -> CombinedRuns {
        let exists = |value: f64| Some(value).filter(|value| value.is_finite());
        let estimates = estimates.iter().map(|&(mean, ci95)| Estimate {
            mean: exists(mean),
            ci95: exists(ci95),
        });
        CombinedRuns {
            values: vec![routing.to_owned()],
            runs,
            estimates: estimates.collect(),
            parts: Vec::new(),
        }
    }

    fn aggregate(combinations: Vec<CombinedRuns>) -> Aggregate {
        Aggregate {
            swept: vec!["routing".to_owned()],
            columns: vec!["lookups", "hops_mean", "stretch_p50"],
            combinations,
            parts: Vec::new(),
        }
    }

    const NOTHING: (f64, f64) = (f64::NAN, f64::NAN);

    #[test]
    fn a_combination_is_a_line() {
        let aggregate = aggregate(vec![
            combination(
                "successors",
                5,
                &[(3600.0, 12.3), (49.5125, 0.3333), NOTHING],
            ),
            combination("fingers", 2, &[(3601.0, 0.0), (5.875, 0.0), (2.5, 0.1)]),
        ]);
        assert_eq!(
            shown(&aggregate),
            "routing     runs    lookups     hops_mean  stretch_p50\n\
             successors     5  3600 ± 12  49.51 ± 0.33            –\n\
             fingers        2   3601 ± 0     5.875 ± 0  2.50 ± 0.10\n"
        );
    }

    #[test]
    fn a_single_combination_is_a_column() {
        let estimates = [(3600.0, 0.0), (0.004, 0.0012), NOTHING];
        assert_eq!(
            shown(&aggregate(vec![combination("fingers", 5, &estimates)])),
            "routing            fingers\n\
             runs                     5\n\
             lookups           3600 ± 0\n\
             hops_mean  0.0040 ± 0.0012\n"
        );
    }

    /// One run for each of these values of `routing`; of fingers theory expects 3.98 hops and no failure.
    fn rendered(runs: &[(&str, f64, f64)]) -> String {
        let values: Vec<[&str; 1]> = runs.iter().map(|(routing, ..)| [*routing]).collect();
        let plan = plan(&["chord.routing"], &values);
        let summaries = runs.iter().map(|&(routing, rate, hops)| {
            let expected = [
                (Metric::SuccessRate, 1.0, 0.0),
                (Metric::HopsMean, 3.9812, 0.0123),
                (Metric::KeysP99, 47.2, 3.1),
            ];
            let expected = if routing == "fingers" {
                &expected[..]
            } else {
                &[]
            };
            let values = [
                (Metric::SuccessRate, rate),
                (Metric::HopsMean, hops),
                (Metric::KeysP99, 45.0),
            ];
            summary(&values, expected)
        });
        let measured: MeasuredRuns = measured(&plan, summaries.collect());
        render(&Aggregate::of(&measured), &Comparisons::of(&measured))
    }

    #[test]
    fn what_theory_expects_stands_beside_in_a_column() {
        assert_eq!(
            rendered(&[("fingers", 1.0, 3.97)]),
            "routing       fingers  expected\n\
             runs                1\n\
             success_rate    1.000         1\n\
             hops_mean       3.970     3.981\n\
             keys_p99           45      47.2\n"
        );
    }

    #[test]
    fn the_reason_for_most_failures_is_named() {
        let plan = plan(&[], &[[]]);
        let values = [
            (Metric::Failed, 40.0),
            (Metric::FailedTimeout, 10.0),
            (Metric::FailedDropped, 30.0),
        ];
        let measured = measured(&plan, vec![summary(&values, &[])]);
        let table = render(&Aggregate::of(&measured), &Comparisons::of(&measured));
        assert_eq!(
            table,
            "runs                          1\n\
             most missed for  dropped (75 %)\n"
        );
    }

    /// 24 of 25: the one that failed explains nothing.
    #[test]
    fn wrong_answers_are_a_reason_too() {
        let plan = plan(&[], &[[]]);
        let values = [
            (Metric::Wrong, 24.0),
            (Metric::Failed, 1.0),
            (Metric::FailedAskerGone, 1.0),
        ];
        let measured = measured(&plan, vec![summary(&values, &[])]);
        let table = render(&Aggregate::of(&measured), &Comparisons::of(&measured));
        assert_eq!(
            table,
            "runs                                1\n\
             most missed for  wrong answers (96 %)\n"
        );
    }

    #[test]
    fn of_many_combinations_what_chance_decides_stands_beside() {
        assert_eq!(
            rendered(&[("successors", 0.5, 49.5), ("fingers", 1.0, 3.97)]),
            "routing     runs  success_rate  hops_mean  expected\n\
             successors     1        0.5000      49.50\n\
             fingers        1         1.000      3.970     3.981\n"
        );
    }
}
