//! The second small table at the end of a sweep with selfish peers: what honest peers get, and what it costs.

use super::text_table::TextTable;
use crate::catalogue::Metric;
use crate::results::csv::Aggregate;

/// What is shown, those that have values: names are short so that a line fits a terminal.
const SHOWN: [(Metric, &str); 5] = [
    (Metric::SuccessRateHonest, "success"),
    (Metric::PutSuccessRateHonest, "of puts"),
    (Metric::GetSuccessRateHonest, "of gets"),
    (Metric::RequestMessagesMean, "messages"),
    (Metric::LoadMeanHonest, "load"),
];

/// A line per combination; `None` where honest peers are not measured apart, or there is but one combination.
pub(super) fn render(aggregate: &Aggregate) -> Option<String> {
    let has_value = |at: usize| {
        let mut combinations = aggregate.combinations.iter();
        combinations.any(|combination| combination.estimates[at].mean.is_some())
    };
    let shown: Vec<(Metric, &str, usize)> = SHOWN
        .into_iter()
        .filter_map(|(metric, name)| Some((metric, name, aggregate.place(metric.name())?)))
        .filter(|&(_, _, at)| has_value(at))
        .collect();
    if shown.is_empty() || aggregate.combinations.len() < 2 {
        return None;
    }
    let mut header = aggregate.swept.clone();
    header.extend(shown.iter().map(|&(_, name, _)| name.to_owned()));
    let mut lines = vec![header];
    for combination in &aggregate.combinations {
        let mut cells = combination.values.clone();
        let estimates = &combination.estimates;
        let values = shown.iter();
        cells.extend(values.map(|&(metric, _, at)| estimates[at].shown(metric.info().unit)));
        lines.push(cells);
    }
    let about = "Success and load (messages handled) of honest peers, and messages per request:";
    Some(format!("\n{about}\n{}", TextTable(lines)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::csv::{CombinedRuns, Estimate};

    fn combination(values: [&str; 2], estimates: &[(f64, f64)]) -> CombinedRuns {
        let estimate = |&(mean, ci95): &(f64, f64)| Estimate {
            mean: Some(mean).filter(|mean| mean.is_finite()),
            ci95: Some(ci95).filter(|ci95| ci95.is_finite()),
        };
        CombinedRuns {
            values: values.map(str::to_owned).to_vec(),
            runs: 5,
            estimates: estimates.iter().map(estimate).collect(),
            parts: Vec::new(),
        }
    }

    fn aggregate(combinations: Vec<CombinedRuns>) -> Aggregate {
        Aggregate {
            swept: vec!["fraction".to_owned(), "defence".to_owned()],
            columns: vec![
                "request_messages_mean",
                "success_rate_honest",
                "load_mean_honest",
                "get_success_rate_honest",
            ],
            combinations,
            parts: Vec::new(),
        }
    }

    const NOTHING: (f64, f64) = (f64::NAN, f64::NAN);

    /// Gets are not made, and where all are selfish there is nobody of whom to say anything.
    #[test]
    fn cost_stands_beside_success() {
        let none = [(7.5, 0.11), (0.3812, 0.0123), (91.25, 0.5), NOTHING];
        let all = [(3.25, 0.11), NOTHING, NOTHING, NOTHING];
        let table = render(&aggregate(vec![
            combination(["0.3", "none"], &none),
            combination(["1.0", "none"], &all),
        ]));
        let about =
            "Success and load (messages handled) of honest peers, and messages per request:";
        let lines = "fraction  defence        success     messages          load\n\
                     0.3          none  0.381 ± 0.012  7.50 ± 0.11  91.25 ± 0.50\n\
                     1.0          none              –  3.25 ± 0.11             –\n";
        assert_eq!(table, Some(format!("\n{about}\n{lines}")));
    }

    #[test]
    fn one_combination_has_its_column_and_no_second_table() {
        let only = combination(["0.3", "none"], &[(7.5, 0.1); 4]);
        assert_eq!(render(&aggregate(vec![only])), None);
        let mut without = aggregate(vec![
            combination(["0.3", "none"], &[NOTHING; 4]),
            combination(["0.3", "retry"], &[NOTHING; 4]),
        ]);
        assert_eq!(render(&without), None);
        without.columns = vec!["lookups", "ok", "wrong", "failed"];
        assert_eq!(render(&without), None);
    }
}
