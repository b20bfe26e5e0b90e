//! `threshold.csv`: where a metric passes a level, for each combination of what else is swept.

use super::line::number;
use super::summary::swept_columns;
use super::table::CsvTable;
use crate::catalogue::THRESHOLD_COLUMNS;
use crate::results::search::{CombinedThreshold, Thresholds};
use crate::scenario::SweptKey;

/// The whole file; of all swept keys the last is the one that was searched.
#[must_use]
pub fn thresholds(thresholds: &Thresholds, swept: &[SweptKey]) -> CsvTable {
    let names = THRESHOLD_COLUMNS.map(|column| column.name);
    let others = swept.split_last().map_or(swept, |(_, others)| others);
    let mut header = swept_columns(others, &names);
    header.extend(names.map(str::to_owned));
    let row = |one: &CombinedThreshold| {
        let mut cells = one.swept.clone();
        cells.extend(row(thresholds, one));
        cells
    };
    let rows = thresholds.combinations.iter().map(row).collect();
    CsvTable { header, rows }
}

fn row(all: &Thresholds, one: &CombinedThreshold) -> [String; THRESHOLD_COLUMNS.len()] {
    let looked_for = all.threshold;
    let estimate = one.estimate();
    let least = one.values.iter().copied().min_by(f64::total_cmp);
    let greatest = one.values.iter().copied().max_by(f64::total_cmp);
    [
        looked_for.metric.name().to_owned(),
        looked_for.side.name().to_owned(),
        number(Some(looked_for.level)),
        looked_for.along.clone(),
        one.status.name().to_owned(),
        number(estimate.mean),
        number(estimate.ci95),
        number(least),
        number(greatest),
        number(Some(looked_for.within)),
        one.seeds().to_string(),
        one.values.len().to_string(),
        one.never.to_string(),
        one.already.to_string(),
        one.failed.to_string(),
        one.crossings.to_string(),
        one.runs().to_string(),
    ]
}
