//! Expected beside measured: what theory says, and what the scenario itself expects.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::error::HtmlError;
use super::template::all_shown;
use crate::catalogue::Metric;
use crate::report::comparisons::Comparisons;
use crate::report::folder::ResultFolder;
use crate::results::MeasuredRuns;
use crate::results::csv::decimals;
use crate::scenario::Plan;
use crate::validation::{self, HEADER};

/// The most lines of a table.
const LINES_MAX: usize = 200;

/// What the page says of expectations.
pub(super) struct Agreement {
    /// For the template.
    pub tables: Value,
    /// Where the two are apart: each a sentence.
    pub warnings: Vec<String>,
    /// Where they are farther apart than usual.
    pub notes: Vec<String>,
}

/// Nothing to say.
pub(super) fn none() -> Agreement {
    Agreement {
        tables: json!({ "theory": [], "more_theory": 0, "agreeing": 0, "compared": 0, "own": [], "own_header": [] }),
        warnings: Vec::new(),
        notes: Vec::new(),
    }
}

pub(super) fn of(
    dir: &Path,
    folder: &ResultFolder,
    plan: &Plan,
    measured: &MeasuredRuns,
) -> Result<Agreement, HtmlError> {
    let comparisons = Comparisons::of(measured);
    let compared = comparisons.json();
    let rows: Vec<Value> = compared
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .map(|row| line(row, folder))
        .collect();
    let (own_header, own, troubles) = judged(dir, plan, measured)?;
    let agreeing = rows.iter().filter(|row| row["agrees"] == true).count();
    let more = rows.len().saturating_sub(LINES_MAX);
    let shown: Vec<&Value> = rows.iter().take(LINES_MAX).collect();
    let without = |line: String| {
        line.split_once(": ")
            .map_or(line.clone(), |(_, rest)| rest.to_owned())
    };
    let mut warnings: Vec<String> = comparisons.warnings().into_iter().map(without).collect();
    warnings.extend(troubles);
    Ok(Agreement {
        tables: all_shown(json!({
            "theory": shown, "more_theory": more, "agreeing": agreeing, "compared": rows.len(), "own_header": own_header, "own": own,
        })),
        warnings,
        notes: comparisons.notes().into_iter().map(without).collect(),
    })
}

/// What the scenario expects, as lines without empty columns, and what is not as expected.
type JudgedLines = (Vec<String>, Vec<Vec<String>>, Vec<String>);

fn judged(dir: &Path, plan: &Plan, measured: &MeasuredRuns) -> Result<JudgedLines, HtmlError> {
    let judged = validation::of_runs(plan, measured, dir)?;
    let lines = validation::lines(&judged);
    // The first column is the name of the scenario, which the page has.
    let filled = |at: &usize| lines.iter().any(|line| !line[*at].is_empty());
    let columns: Vec<usize> = (1..HEADER.len()).filter(filled).collect();
    let cells = |line: &Vec<String>| columns.iter().map(|at| line[*at].clone()).collect();
    let troubles = judged
        .iter()
        .zip(&lines)
        .filter(|(it, _)| it.judgement.is_trouble());
    let troubles = troubles.map(|(_, line)| {
        let place = match line[2].as_str() {
            "" => String::new(),
            place => format!(" ({place})"),
        };
        format!(
            "{}{place} is {} where the scenario expects {}: {}",
            line[1], line[5], line[3], line[6]
        )
    });
    Ok((
        columns.iter().map(|at| HEADER[*at].to_owned()).collect(),
        lines.iter().map(cells).collect(),
        troubles.collect(),
    ))
}

/// One comparison for people.
fn line(row: &Map<String, Value>, folder: &ResultFolder) -> Value {
    let swept = folder.swept.iter().filter_map(|key| {
        let value = row.get(&key.column).or_else(|| row.get(&key.key))?;
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        Some(format!("{} = {value}", key.column))
    });
    let name = row["metric"].as_str().unwrap_or_default();
    let metric = Metric::named(name);
    let error = row["standard_error"].as_f64().unwrap_or(0.0);
    let places = |value: f64| match value.fract() {
        _ if error > 0.0 => decimals(error, 2),
        0.0 => 0,
        _ => decimals(value, 4),
    };
    let cell = |key: &str| {
        row[key]
            .as_f64()
            .map_or_else(|| "–".to_owned(), |it| format!("{it:.*}", places(it)))
    };
    json!({
        "swept": swept.collect::<Vec<_>>().join(", "),
        "metric": name,
        "label": metric.map_or(name, |metric| metric.info().label),
        "measured": cell("measured"),
        "expected": cell("expected"),
        "apart": row["z"].as_f64().map_or_else(String::new, |z| format!("{z:+.1}")),
        "agrees": row["agrees"],
    })
}
