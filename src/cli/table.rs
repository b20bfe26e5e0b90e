//! The small table at the end of a run.

use crate::output::csv::{Estimate, Table};

/// The metrics that are shown, those of them that are there.
const SHOWN: [&str; 8] = [
    "lookups",
    "success_rate",
    "hops_mean",
    "latency_ms_p50",
    "latency_ms_p95",
    "stretch_p50",
    "timeouts_mean",
    "messages",
];

/// Mean ± half the confidence interval of the most telling metrics. With one combination a line
/// per metric, otherwise a line per combination.
pub(super) fn render(aggregate: &Table) -> String {
    let swept = aggregate.column("runs").unwrap_or(0);
    let shown: Vec<(&str, usize)> = SHOWN
        .iter()
        .filter_map(|&name| Some((name, aggregate.column(&format!("{name}_mean"))?)))
        .filter(|&(_, at)| aggregate.rows.iter().any(|row| !row[at].is_empty()))
        .collect();
    let mut header: Vec<String> = aggregate.header[..swept].to_vec();
    header.push("runs".to_owned());
    header.extend(shown.iter().map(|(name, _)| (*name).to_owned()));
    let mut lines = vec![header];
    for row in &aggregate.rows {
        let mut cells = row[..=swept].to_vec();
        cells.extend(
            shown
                .iter()
                .map(|&(_, at)| estimate(&row[at], &row[at + 1])),
        );
        lines.push(cells);
    }
    align(&if aggregate.rows.len() == 1 {
        transposed(&lines)
    } else {
        lines
    })
}

fn estimate(mean: &str, ci95: &str) -> String {
    let estimate = Estimate {
        mean: mean.parse().ok(),
        ci95: ci95.parse().ok(),
    };
    estimate.to_string()
}

fn transposed(lines: &[Vec<String>]) -> Vec<Vec<String>> {
    let columns = 0..lines[0].len();
    columns
        .map(|column| lines.iter().map(|line| line[column].clone()).collect())
        .collect()
}

/// Columns side by side; the first to the left, the others to the right.
pub(super) fn align(lines: &[Vec<String>]) -> String {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths: Vec<usize> = (0..lines[0].len()).filter_map(width).collect();
    let pad = |(column, cell): (usize, &String)| match (column, widths[column]) {
        (0, width) => format!("{cell:<width$}"),
        (_, width) => format!("  {cell:>width$}"),
    };
    let line = |line: &Vec<String>| line.iter().enumerate().map(pad).collect::<String>();
    lines
        .iter()
        .map(|cells| line(cells).trim_end().to_owned() + "\n")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&str]) -> Table {
        let header = "routing,runs,lookups_mean,lookups_ci95,hops_mean_mean,hops_mean_ci95,\
                      stretch_p50_mean,stretch_p50_ci95";
        let cells = |row: &str| row.split(',').map(str::to_owned).collect();
        Table {
            header: cells(header),
            rows: rows.iter().map(|row| cells(row)).collect(),
        }
    }

    #[test]
    fn a_combination_is_a_line() {
        let table = table(&[
            "successors,5,3600,12.3,49.5125,0.3333,,",
            "fingers,2,3601,0,5.875,0,,",
        ]);
        assert_eq!(
            render(&table),
            "routing     runs    lookups     hops_mean\n\
             successors     5  3600 ± 12  49.51 ± 0.33\n\
             fingers        2   3601 ± 0     5.875 ± 0\n"
        );
    }

    #[test]
    fn a_single_combination_is_a_column() {
        let table = table(&["fingers,5,3600,0,0.004,0.0012,–,"]);
        assert_eq!(
            render(&table),
            "routing              fingers\n\
             runs                       5\n\
             lookups             3600 ± 0\n\
             hops_mean    0.0040 ± 0.0012\n\
             stretch_p50                –\n"
        );
    }
}
