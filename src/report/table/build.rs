//! The tables of measurements: which metrics are in them, what stands beside, and what is to be said about them.

use super::choice::{Choice, Metrics};
use super::data::{Cell, Column, Role, Table};
use super::measurements::{Measured, Measurements};
use crate::catalogue::{Metric, RUNS, Reason, Unit};

/// The metrics that a run shows at its end, those of them that are there.
pub(crate) const OF_RUN: [Metric; 14] = [
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

/// What is shown besides of honest peers. Of several combinations it has a table of its own, with names so short that a line
/// fits a terminal.
const OF_HONEST: [(Metric, &str); 5] = [
    (Metric::SuccessRateHonest, "success"),
    (Metric::PutSuccessRateHonest, "of puts"),
    (Metric::GetSuccessRateHonest, "of gets"),
    (Metric::RequestMessagesMean, "messages"),
    (Metric::LoadMeanHonest, "load"),
];

/// What stands above the reason for which most of the lookups that were not answered rightly were not.
const MOST_MISSED_FOR: &str = "most missed for";

/// What the second table is about.
pub(crate) const ABOUT_HONEST: &str =
    "Success and load (messages handled) of honest peers, and messages per request:";

/// The table of what was measured, and of a sweep with selfish peers a second one about honest peers.
pub(crate) fn tables(all: &Measurements, choice: &Choice) -> Vec<Table> {
    let mut tables = vec![measured(all, choice)];
    if choice.metrics == Metrics::OfRun {
        tables.extend(honest(all, choice));
    }
    tables
}

/// The metrics that are shown.
fn shown(all: &Measurements, choice: &Choice) -> Vec<Metric> {
    match &choice.metrics {
        Metrics::Named(metrics) => metrics.clone(),
        Metrics::All => {
            let metrics = Metric::ALL.iter().copied();
            metrics.filter(|metric| all.has_value(*metric)).collect()
        }
        Metrics::OfRun => of_run(all),
    }
}

fn of_run(all: &Measurements) -> Vec<Metric> {
    let stores = all.has(Metric::Puts);
    let is_telling = |metric: &Metric| {
        let mut means = all.combinations.iter().filter_map(|it| it.mean(*metric));
        // Whom nobody turned away is not worth a word, and lookups that are not made beside puts and gets are not either.
        means.any(|mean| match metric {
            Metric::TurnedAway => mean > 0.0,
            Metric::Lookups => mean > 0.0 || !stores,
            _ => true,
        })
    };
    let mut metrics: Vec<Metric> = OF_RUN.into_iter().filter(is_telling).collect();
    if let [only] = &all.combinations[..] {
        let honest = OF_HONEST.into_iter().map(|(metric, _)| metric);
        metrics.extend(honest.filter(is_telling));
        // There is room for what is shown only because theory expects something of it.
        let expected = only.expected.keys().copied();
        let more: Vec<Metric> = expected.filter(|it| !metrics.contains(it)).collect();
        metrics.extend(more);
    }
    metrics
}

fn measured(all: &Measurements, choice: &Choice) -> Table {
    let metrics = shown(all, choice);
    let mut columns: Vec<Column> = keys(all);
    columns.push(Column::value(RUNS, "runs"));
    let mut rows: Vec<Vec<Cell>> = all.combinations.iter().map(first_cells).collect();
    for metric in metrics {
        columns.push(column(metric));
        let beside = is_expected_beside(all, choice, metric);
        if beside {
            columns.push(expected_column(metric));
        }
        for (row, combination) in rows.iter_mut().zip(&all.combinations) {
            row.push(cell(combination, choice, metric));
            if beside {
                let expected = combination.expected.get(&metric);
                row.push(expected.map_or(Cell::Empty, |expected| {
                    Cell::Expected(expected.expected, expected.standard_error)
                }));
            }
        }
    }
    if choice.metrics == Metrics::OfRun && all.combinations.iter().any(|it| missed(it) > 0.0) {
        columns.push(Column::value(MOST_MISSED_FOR, "most lookups missed for"));
        for (row, combination) in rows.iter_mut().zip(&all.combinations) {
            row.push(Cell::Text(most_missed_for(combination)));
        }
    }
    Table {
        caption: String::new(),
        label: "measured".to_owned(),
        columns,
        rows,
        notes: Vec::new(),
    }
}

/// What honest peers get, and what it costs: names are short so that a line fits a terminal.
fn honest(all: &Measurements, choice: &Choice) -> Option<Table> {
    let shown = OF_HONEST.into_iter();
    let shown: Vec<(Metric, &str)> = shown.filter(|(metric, _)| all.has_value(*metric)).collect();
    if shown.is_empty() || all.combinations.len() < 2 {
        return None;
    }
    let mut columns = keys(all);
    columns.extend(shown.iter().map(|&(metric, heading)| Column {
        heading: heading.to_owned(),
        ..column(metric)
    }));
    let row = |combination: &Measured| {
        let mut row = key_cells(combination);
        row.extend(
            shown
                .iter()
                .map(|(metric, _)| cell(combination, choice, *metric)),
        );
        row
    };
    Some(Table {
        caption: ABOUT_HONEST.trim_end_matches(':').to_owned(),
        label: "honest".to_owned(),
        columns,
        rows: all.combinations.iter().map(row).collect(),
        notes: Vec::new(),
    })
}

fn keys(all: &Measurements) -> Vec<Column> {
    let keys = all.swept.iter().map(|name| Column::key(&name.column));
    keys.collect()
}

fn key_cells(combination: &Measured) -> Vec<Cell> {
    combination.values.iter().cloned().map(Cell::Text).collect()
}

/// The swept values of a combination and its number of runs.
fn first_cells(combination: &Measured) -> Vec<Cell> {
    let mut cells = key_cells(combination);
    cells.push(Cell::Whole(combination.runs));
    cells
}

/// The column of a metric.
pub(crate) fn column(metric: Metric) -> Column {
    let info = metric.info();
    let label = match info.unit {
        // It stands in the table as it is measured, from 0 to 1.
        Unit::Share => info.label.to_owned(),
        Unit::Bytes if info.label.contains("bytes") => info.label.to_owned(),
        _ => info.axis(),
    };
    Column::value(info.name, &label)
}

fn expected_column(metric: Metric) -> Column {
    let name = metric.info().expected.map_or("expected", |it| it.mean);
    Column {
        heading: "expected".to_owned(),
        role: Role::Beside,
        ..Column::value(name, "expected")
    }
}

/// A metric of a combination, with its interval or without.
fn cell(combination: &Measured, choice: &Choice, metric: Metric) -> Cell {
    let (estimate, unit) = (combination.estimate(metric), metric.info().unit);
    if choice.intervals {
        Cell::Estimate(estimate, unit)
    } else {
        Cell::Mean(estimate, unit)
    }
}

/// Whether what theory expects stands beside a metric. Of several combinations it does where chance has a say in any of
/// them, or where it is asked for: that something certain happens is worth a warning if it does not, or nothing.
fn is_expected_beside(all: &Measurements, choice: &Choice, metric: Metric) -> bool {
    let mut expected = all
        .combinations
        .iter()
        .filter_map(|it| it.expected.get(&metric));
    let is_one = all.combinations.len() == 1;
    expected.any(|it| is_one || choice.expected || it.z().is_some())
}

/// How many lookups failed or were answered wrongly, in the mean over the runs.
fn missed(combination: &Measured) -> f64 {
    let of = |metric| combination.mean(metric).unwrap_or(0.0);
    of(Metric::Failed) + of(Metric::Wrong)
}

/// The most common reason why lookups of a combination were not answered rightly, and its share of those that were
/// not: a wrong answer, or that for which they failed.
fn most_missed_for(combination: &Measured) -> String {
    let missed = missed(combination);
    let reasons = Reason::OF_LOOKUPS
        .into_iter()
        .filter_map(|r| Some((r.metric()?, r.name())));
    let all = reasons.chain([(Metric::Wrong, "wrong answers")]);
    let counts = all.filter_map(|(metric, name)| {
        let count = combination.mean(metric)?;
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
