//! The small tables at the end of a run.

use super::comparisons::Comparisons;
use super::table::measurements::Measurements;
use super::table::{self, ABOUT_HONEST, Choice, text};
use crate::results::csv::Aggregate;

/// Mean ± half the confidence interval of the most telling metrics, beside them what theory expects.
/// With one combination a line per metric, otherwise a line per combination; then what honest peers get stands below, where that
/// is measured.
pub(crate) fn render(aggregate: &Aggregate, comparisons: &Comparisons) -> String {
    let all = Measurements::of_runs(aggregate, comparisons);
    let tables = table::tables(&all, &Choice::default());
    let texts = tables.iter().map(|it| text::plain(it, it.best_layout()));
    let texts: Vec<String> = texts.collect();
    texts.join(&format!("\n{ABOUT_HONEST}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Metric;
    use crate::report::testing::{measured, plan, summary};
    use crate::results::MeasuredRuns;
    use crate::results::csv::{CombinedRuns, Estimate};

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

    /// Gets are not made, and where all are selfish there is nobody of whom to say anything.
    #[test]
    fn of_honest_peers_cost_stands_beside_success() {
        let of = |fraction: &str, estimates: &[(f64, f64)]| CombinedRuns {
            values: vec![fraction.to_owned(), "none".to_owned()],
            ..combination("", 5, estimates)
        };
        let none = [(7.5, 0.11), (0.3812, 0.0123), (91.25, 0.5), NOTHING];
        let all = [(3.25, 0.11), NOTHING, NOTHING, NOTHING];
        let mut aggregate = Aggregate {
            swept: vec!["fraction".to_owned(), "defence".to_owned()],
            columns: vec![
                "request_messages_mean",
                "success_rate_honest",
                "load_mean_honest",
                "get_success_rate_honest",
            ],
            combinations: vec![of("0.3", &none), of("1.0", &all)],
            parts: Vec::new(),
        };
        let about =
            "Success and load (messages handled) of honest peers, and messages per request:";
        let lines = "fraction  defence        success     messages          load\n\
                     0.3          none  0.381 ± 0.012  7.50 ± 0.11  91.25 ± 0.50\n\
                     1.0          none              –  3.25 ± 0.11             –\n";
        let first = "fraction  defence  runs\n0.3          none     5\n1.0          none     5\n";
        assert_eq!(shown(&aggregate), format!("{first}\n{about}\n{lines}"));
        for one in &mut aggregate.combinations {
            one.estimates = vec![
                Estimate {
                    mean: None,
                    ci95: None
                };
                4
            ];
        }
        assert_eq!(shown(&aggregate), first);
        aggregate.combinations = vec![of("0.3", &none)];
        assert_eq!(
            shown(&aggregate),
            "fraction                         0.3\n\
             defence                         none\n\
             runs                               5\n\
             success_rate_honest    0.381 ± 0.012\n\
             request_messages_mean    7.50 ± 0.11\n\
             load_mean_honest        91.25 ± 0.50\n"
        );
    }
}
