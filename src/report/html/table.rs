//! The key table: means and 95 % intervals of the most telling metrics, a row for each combination.

use serde_json::{Value, json};

use super::template::all_shown;
use crate::catalogue::Metric;
use crate::report::folder::ResultFolder;
use crate::report::table::OF_RUN;

/// The most rows.
const ROWS_MAX: usize = 200;

pub(super) fn of(folder: &ResultFolder) -> Value {
    let whole = folder.fully_measured();
    let combinations = || whole.iter().map(|at| &folder.combinations[*at]);
    let is_measured =
        |metric: &Metric| combinations().any(|it| it.estimate(*metric).mean.is_some());
    let metrics: Vec<Metric> = OF_RUN.into_iter().filter(is_measured).collect();
    let keys = folder.swept.iter().map(|key| key.column.as_str());
    let keys: Vec<&str> = keys.collect();
    let header = metrics.iter().map(|metric| {
        let info = metric.info();
        let unit = info.unit.symbol();
        json!({ "name": info.name, "label": info.label, "unit": unit, "doc": info.doc })
    });
    let rows = combinations().take(ROWS_MAX).map(|it| {
        let cells = metrics
            .iter()
            .map(|metric| it.estimate(*metric).shown(metric.info().unit));
        json!({ "swept": it.values, "runs": it.runs, "cells": cells.collect::<Vec<_>>() })
    });
    all_shown(json!({
        "swept": keys, "header": header.collect::<Vec<_>>(), "rows": rows.collect::<Vec<_>>(),
        "more": whole.len().saturating_sub(ROWS_MAX),
    }))
}
