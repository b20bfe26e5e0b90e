//! A comparison as tables: metric by metric, and request by request; what is to be said stands below.

use std::collections::BTreeMap;

use super::metrics::{Compared, compared};
use super::requests::{self, Kind, Outcomes};
use super::scenarios;
use super::sides::{CompareError, Matching};
use super::statistics::{By, Difference, holm};
use super::words::{About, Verdict, sentence, shown_probability};
use crate::catalogue::{Metric, Unit};
use crate::report::lines::counted;
use crate::report::table::{Cell, Column, Metrics, OF_RUN, Table};
use crate::results::csv::decimals;

/// So many sentences are read; of more rows they are counted.
const SENTENCES_MAX: usize = 16;

/// With fewer pairs an interval rests on little.
const FEW_PAIRS: usize = 5;

/// The tables of two results side by side, of these metrics.
pub(crate) fn tables(matching: &Matching, chosen: &Metrics) -> Result<Vec<Table>, CompareError> {
    let metrics: Vec<Metric> = match chosen {
        Metrics::OfRun => OF_RUN.to_vec(),
        Metrics::All => Metric::ALL.to_vec(),
        Metrics::Named(metrics) => metrics.clone(),
    };
    let mut compared = compared(matching, &metrics);
    // Whom nobody turned away is not worth a row unless it is asked for.
    if *chosen == Metrics::OfRun && compared.iter().all(is_idle) {
        compared.retain(|it| it.metric != Metric::TurnedAway);
    }
    let requests = requests::outcomes(matching)?;
    let (same, different): (Vec<_>, Vec<_>) =
        requests.into_iter().partition(|(_, it)| it.others == 0);
    let all = All::of(matching, compared, same);
    let mut tables = vec![all.metrics()];
    tables.extend(all.requests());
    let mut notes = all.sentences();
    notes.extend(all.about_pairs());
    notes.extend(about_requests(&all.requests, &different));
    notes.extend(scenarios::notes(matching));
    if matching.alone > 0 {
        let count = counted(matching.alone, "combination");
        notes.push(format!(
            "{count} of one result without a counterpart in the other left out."
        ));
    }
    let last = tables.len() - 1;
    tables[last].notes = notes;
    Ok(tables)
}

/// Whether it does not say that anybody was turned away.
fn is_idle(compared: &Compared) -> bool {
    let is_none = |mean: Option<f64>| mean.is_none_or(|mean| mean <= 0.0);
    compared.metric != Metric::TurnedAway || is_none(compared.a.mean) && is_none(compared.b.mean)
}

/// What became of the requests of one kind in one row.
type OfKind = ((usize, Kind), Outcomes);

/// All that was compared, with its probabilities corrected together.
struct All<'a> {
    matching: &'a Matching<'a>,
    compared: Vec<Compared>,
    requests: Vec<OfKind>,
    /// Of all differences, in the order of [`All::differences`]: their probability after Holm's correction.
    adjusted: Vec<Option<f64>>,
    /// How many were tested.
    tests: usize,
}

impl<'a> All<'a> {
    fn of(matching: &'a Matching, compared: Vec<Compared>, requests: Vec<OfKind>) -> Self {
        let mut all = Self {
            matching,
            compared,
            requests,
            adjusted: Vec::new(),
            tests: 0,
        };
        let p: Vec<Option<f64>> = all.differences().iter().map(|it| it.p).collect();
        let tested: Vec<f64> = p.iter().copied().flatten().collect();
        let mut corrected = holm(&tested).into_iter();
        all.adjusted = p.iter().map(|p| p.and_then(|_| corrected.next())).collect();
        all.tests = tested.len();
        all
    }

    /// Of the metrics, then of hops and latency of each kind of requests.
    fn differences(&self) -> Vec<Difference> {
        let metrics = self.compared.iter().map(|it| it.difference);
        let requests = self.requests.iter();
        let requests = requests.flat_map(|(_, it)| [it.more_hops(), it.more_ms()]);
        metrics.chain(requests).collect()
    }

    fn keys(&self) -> Vec<Column> {
        let keys = self.matching.keys.iter();
        keys.map(|key| Column::key(key)).collect()
    }

    fn key_cells(&self, at: usize) -> Vec<Cell> {
        let values = self.matching.matched[at].values.iter();
        values.cloned().map(Cell::Text).collect()
    }

    fn metrics(&self) -> Table {
        let mut columns = self.keys();
        columns.push(Column::key("metric"));
        let (a, b) = (&self.matching.a.name, &self.matching.b.name);
        let column = |name: &str, heading: &str| Column {
            heading: heading.to_owned(),
            ..Column::value(name, heading)
        };
        columns.extend([
            column("a", a),
            column("b", b),
            Column::value("difference", "difference"),
            Column::value("ratio", "ratio of means"),
            Column::value("pairs", "pairs"),
            Column::value("p_holm", "p (Holm)"),
        ]);
        let rows = self
            .compared
            .iter()
            .zip(&self.adjusted)
            .map(|(it, adjusted)| {
                let unit = it.metric.info().unit;
                let mut row = self.key_cells(it.at);
                row.extend([
                    Cell::Text(it.metric.name().to_owned()),
                    Cell::Estimate(it.a, unit),
                    Cell::Estimate(it.b, unit),
                    Cell::Estimate(it.difference.estimate, Unit::Ratio),
                    number(it.ratio, |ratio| format!("{ratio:.*}", decimals(ratio, 3))),
                    match it.difference.by {
                        By::Pairs(count) => Cell::Whole(count as u64),
                        By::Samples(_) => Cell::Text("–".to_owned()),
                    },
                    number(*adjusted, shown_probability),
                ]);
                row
            });
        Table {
            caption: self.matching.caption.clone(),
            label: "compared".to_owned(),
            rows: rows.collect(),
            columns,
            notes: Vec::new(),
        }
    }

    /// `None` where no requests can be told to be the same.
    fn requests(&self) -> Option<Table> {
        if self.requests.is_empty() {
            return None;
        }
        let (a, b) = (&self.matching.a.name, &self.matching.b.name);
        let mut columns = self.keys();
        let column = |name: &str, heading: &str| Column {
            heading: heading.to_owned(),
            ..Column::value(name, heading)
        };
        columns.extend([
            Column::key("requests"),
            column("both", "both"),
            column("only_a", &format!("only {a}")),
            column("only_b", &format!("only {b}")),
            column("neither", "neither"),
            column("hops", "hops"),
            column("latency_ms", "latency (ms)"),
        ]);
        let rows = self.requests.iter().map(|((at, kind), it)| {
            let mut row = self.key_cells(*at);
            row.push(Cell::Text(kind.name().to_owned()));
            row.extend([it.both, it.only_a, it.only_b, it.neither].map(Cell::Whole));
            row.extend(
                [it.more_hops(), it.more_ms()].map(|it| Cell::Estimate(it.estimate, Unit::Ratio)),
            );
            row
        });
        Some(Table {
            caption: format!(
                "Request by request: in which of the two it succeeded, and how many more hops and milliseconds {b} takes where both \
                 did"
            ),
            label: "requests".to_owned(),
            rows: rows.collect(),
            columns,
            notes: Vec::new(),
        })
    }

    /// What can be said of each difference, or of how many.
    fn sentences(&self) -> Vec<String> {
        let differences = self.differences();
        if differences.iter().all(Difference::is_nothing) && !differences.is_empty() {
            return vec![
                "All differences are 0: in everything compared the two are the same.".to_owned(),
            ];
        }
        if self.matching.matched.len() > 1 && differences.len() > SENTENCES_MAX {
            return self.counted();
        }
        let names = self.names();
        let all = differences.iter().zip(&self.adjusted).zip(&names);
        all.map(|((difference, adjusted), what)| {
            let about = About {
                what,
                a: &self.matching.a.name,
                b: &self.matching.b.name,
            };
            sentence(&about, difference, *adjusted, self.tests)
        })
        .collect()
    }

    /// What each difference is of, with its row where there are several.
    fn names(&self) -> Vec<String> {
        let row = |at: usize| {
            let matched = &self.matching.matched[at];
            let values = self.matching.keys.iter().zip(&matched.values);
            let values: Vec<String> = values
                .map(|(key, value)| format!("{key} = {value}"))
                .collect();
            if values.is_empty() || self.matching.matched.len() == 1 {
                String::new()
            } else {
                format!("{}: ", values.join(", "))
            }
        };
        let metrics = self.compared.iter();
        let metrics = metrics.map(|it| format!("{}{}", row(it.at), it.metric));
        let requests = self.requests.iter().flat_map(|((at, kind), _)| {
            ["mean hops", "mean latency"].map(|what| {
                format!(
                    "{}{what} of the {} that succeed in both",
                    row(*at),
                    kind.name()
                )
            })
        });
        metrics.chain(requests).collect()
    }

    /// Where there are many rows: for each metric how often what could be said.
    fn counted(&self) -> Vec<String> {
        let mut counts: BTreeMap<Metric, BTreeMap<Verdict, usize>> = BTreeMap::new();
        for (it, adjusted) in self.compared.iter().zip(&self.adjusted) {
            let of_metric = counts.entry(it.metric).or_default();
            *of_metric
                .entry(Verdict::of(&it.difference, *adjusted))
                .or_default() += 1;
        }
        let b = &self.matching.b.name;
        let line = |(metric, counts): (Metric, BTreeMap<Verdict, usize>)| {
            let all: usize = counts.values().sum();
            let parts = counts.iter().map(|(verdict, count)| match verdict {
                Verdict::Higher => format!("higher with {b} in {count}"),
                Verdict::Lower => format!("lower with {b} in {count}"),
                Verdict::NotShown => format!("no difference could be shown in {count}"),
                Verdict::Same => format!("the same in {count}"),
                Verdict::Untested => format!("not to be tested in {count}"),
            });
            let parts: Vec<String> = parts.collect();
            format!("{metric}: {}, of {all}.", parts.join(", "))
        };
        counts.into_iter().map(line).collect()
    }

    /// How the intervals came about, and how far they can be trusted.
    fn about_pairs(&self) -> Vec<String> {
        let (a, b) = (&self.matching.a.name, &self.matching.b.name);
        let mut notes = Vec::new();
        let by = self.compared.iter().map(|it| it.difference.by);
        let pairs = by.clone().filter_map(|by| match by {
            By::Pairs(count) => Some(count),
            By::Samples(_) => None,
        });
        if let Some(fewest) = pairs.min() {
            notes.push(format!(
                "Difference: {b} less {a}, in the mean over pairs of runs with the same seed, ± half its 95 % interval (Student t); \
                 ratio: mean of {b} over mean of {a}. p is corrected for the {} (Holm).",
                counted(self.tests, "test")
            ));
            if fewest < FEW_PAIRS {
                notes.push(format!(
                    "Beware: {} few; intervals of so few rest on little. More come with --repeat.",
                    if fewest == 1 {
                        "one pair is".to_owned()
                    } else {
                        format!("{fewest} pairs are")
                    }
                ));
            }
        }
        if by.clone().any(|by| matches!(by, By::Samples(_))) {
            notes.push(format!(
                "Beware: no seed is in both, so runs are not paired: {b} less {a} as two samples (Welch's t), whose intervals are \
                 wider. Give both the same --seed."
            ));
        }
        notes
    }
}

/// What is to be known of requests that were compared, and of those that were not.
fn about_requests(same: &[OfKind], different: &[OfKind]) -> Vec<String> {
    let mut notes = Vec::new();
    if same.is_empty() && different.is_empty() {
        notes.push(
            "Not request by request: that takes lookups.csv or operations.csv on both sides, and a seed in common."
                .to_owned(),
        );
    }
    let mut kinds: BTreeMap<Kind, [u64; 2]> = BTreeMap::new();
    for ((_, kind), it) in different {
        let counts = kinds.entry(*kind).or_default();
        counts[0] += it.others;
        counts[1] += it.others + it.requests();
    }
    for (kind, [others, all]) in kinds {
        notes.push(format!(
            "Not request by request: of {all} {} with the same number {others} have another source or key, so the worlds differ; \
             runs are compared as wholes.",
            kind.name()
        ));
    }
    let alone: u64 = same.iter().map(|(_, it)| it.alone).sum();
    if alone > 0 {
        notes.push(format!(
            "{alone} requests that only one of the two wrote down are left out."
        ));
    }
    if !same.is_empty() {
        notes.push(
            "Requests of one run share a ring, so intervals of hops and latency are over the means of the runs; counts have none."
                .to_owned(),
        );
    }
    notes
}

fn number(value: Option<f64>, shown: impl Fn(f64) -> String) -> Cell {
    value.map_or_else(
        || Cell::Text("–".to_owned()),
        |value| Cell::Number(value, shown(value)),
    )
}
