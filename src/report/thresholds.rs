//! Where a metric passes a level: a small table, and in words what has no threshold.

use super::lines::wrapped;
use super::table::thresholds::{self as table, ThresholdRow};
use super::table::{Layout, text};
use crate::results::csv::decimals;
use crate::results::{CombinedThreshold, CurvePoint, Status, Thresholds};
use crate::scenario::SweptKey;

/// The width of a terminal that everybody has.
const WIDTH: usize = 80;

/// The thresholds of a plan that sweeps these keys, the last of which was searched.
pub(crate) fn render(thresholds: &Thresholds, swept: &[SweptKey]) -> String {
    let looked_for = thresholds.threshold;
    let (from, to, within) = (looked_for.from, looked_for.to, looked_for.within);
    let told = looked_for.told();
    let title = format!("where {told} (from {from} to {to}, to within {within}):");
    let names: Vec<&str> = swept.iter().map(|key| key.column.as_str()).collect();
    let names = names.split_last().map_or(&[][..], |(_, others)| others);
    let rows: Vec<ThresholdRow> = thresholds.combinations.iter().map(row).collect();
    let table = text::plain(&table::table(String::new(), names, &rows), Layout::Rows);
    let remarks = thresholds.combinations.iter().filter_map(|one| {
        let remark = remark(thresholds, one)?;
        let name = label(names, one);
        Some(format!("{}\n", wrapped(&format!("{name}{remark}"), WIDTH)))
    });
    let remarks: String = remarks.collect();
    format!("\n{}\n{table}{remarks}", wrapped(&title, WIDTH))
}

fn row(one: &CombinedThreshold) -> ThresholdRow {
    ThresholdRow {
        values: one.swept.clone(),
        status: one.status.name().to_owned(),
        threshold: one.estimate(),
        least: one.values.iter().copied().min_by(f64::total_cmp),
        greatest: one.values.iter().copied().max_by(f64::total_cmp),
        seeds: one.seeds() as u64,
        runs: one.runs() as u64,
    }
}

/// What a combination is called in front of a sentence about it; nothing if there is only one.
fn label(names: &[&str], one: &CombinedThreshold) -> String {
    let values = names.iter().zip(&one.swept);
    let each: Vec<String> = values
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    if each.is_empty() {
        String::new()
    } else {
        format!("{}: ", each.join(", "))
    }
}

/// What is to be known about a combination besides its threshold.
fn remark(all: &Thresholds, one: &CombinedThreshold) -> Option<String> {
    let looked_for = all.threshold;
    let (metric, level) = (looked_for.metric, looked_for.level);
    let (passes, is) = (looked_for.side.passes(), looked_for.side.is());
    let from = looked_for.from;
    let curve = curve(&one.curve);
    Some(match one.status {
        Status::Found if one.crossings > 1 => format!(
            "{metric} passes {level} {} times among the values that were tried: this is where it first {passes} it ({curve})",
            one.crossings
        ),
        Status::Found => return None,
        Status::Never => {
            format!("no threshold, {metric} is nowhere {is} {level}: {curve}")
        }
        Status::Already => {
            format!("no threshold, {metric} is {is} {level} at {from} already: {curve}")
        }
        Status::Mixed => format!(
            "no threshold that all seeds have, {metric} {passes} {level} for {} of {}, is nowhere {is} it for {} and is so \
             at {from} already for {}: {curve}",
            one.values.len(),
            one.seeds(),
            one.never,
            one.already
        ),
        Status::Failed => format!("of {} of {} seeds a run failed", one.failed, one.seeds()),
    })
}

/// Such as `0.98 at 0, 0.93 at 0.25, 0.91 at 1`.
fn curve(points: &[CurvePoint]) -> String {
    let point = |point: &CurvePoint| {
        let mean = point.mean.map_or_else(
            || "none".to_owned(),
            |mean| {
                let text = format!("{mean:.*}", decimals(mean, 4).min(6));
                let is_fraction = text.contains('.');
                let short = text.trim_end_matches('0').trim_end_matches('.');
                if is_fraction {
                    short.to_owned()
                } else {
                    text.clone()
                }
            },
        );
        format!("{mean} at {}", point.value)
    };
    let points: Vec<String> = points.iter().map(point).collect();
    points.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Metric;
    use crate::scenario::{Side, Threshold};

    fn one(name: &str, status: Status, values: &[f64], others: [usize; 3]) -> CombinedThreshold {
        let [never, already, crossings] = others;
        let point = |(value, mean): (f64, Option<f64>)| CurvePoint {
            value,
            mean,
            runs: 3,
        };
        CombinedThreshold {
            swept: vec![name.to_owned()],
            combination: 0,
            status,
            values: values.to_vec(),
            never,
            already,
            failed: 0,
            crossings,
            curve: [(0.0, Some(1.0)), (0.5, Some(0.912_34)), (1.0, None)]
                .map(point)
                .to_vec(),
        }
    }

    /// Mean 0.22, t for two degrees of freedom 4.3027, standard error 0.01/√3.
    #[test]
    fn what_was_found_is_a_table_and_what_was_not_is_said_with_its_curve() {
        let threshold = Threshold {
            metric: Metric::SuccessRate,
            level: 0.9,
            side: Side::Below,
            along: "selfish.fraction".to_owned(),
            from: 0.0,
            to: 1.0,
            within: 0.01,
            values: vec![0.0, 1.0],
        };
        let key = |key: &str| SweptKey {
            key: format!("selfish.{key}"),
            column: key.to_owned(),
            parts: Vec::new(),
        };
        let thresholds = Thresholds {
            threshold: &threshold,
            combinations: vec![
                one("none", Status::Found, &[0.21, 0.22, 0.23], [0, 0, 1]),
                one("retry", Status::Never, &[], [3, 0, 0]),
                one("twice", Status::Already, &[], [0, 3, 0]),
                one("some", Status::Mixed, &[0.5], [2, 0, 1]),
                one("turns", Status::Found, &[0.2, 0.2, 0.2], [0, 0, 3]),
            ],
        };
        assert_eq!(
            render(&thresholds, &[key("defence"), key("fraction")]),
            "
where success_rate falls under 0.9 along selfish.fraction (from 0 to 1, to
within 0.01):
defence      threshold  least  greatest  seeds  runs
none     0.220 ± 0.025   0.21      0.23      3     9
retry            never      –         –      3     9
twice          already      –         –      3     9
some             mixed    0.5       0.5      3     9
turns       0.2000 ± 0    0.2       0.2      3     9
defence = retry: no threshold, success_rate is nowhere under 0.9: 1 at 0, 0.9123
at 0.5, none at 1
defence = twice: no threshold, success_rate is under 0.9 at 0 already: 1 at 0,
0.9123 at 0.5, none at 1
defence = some: no threshold that all seeds have, success_rate falls under 0.9
for 1 of 3, is nowhere under it for 2 and is so at 0 already for 0: 1 at 0,
0.9123 at 0.5, none at 1
defence = turns: success_rate passes 0.9 3 times among the values that were
tried: this is where it first falls under it (1 at 0, 0.9123 at 0.5, none at 1)
"
        );
    }
}
