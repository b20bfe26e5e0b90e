//! The small table at the end of a run.

use super::expected::{self, Expected};
use crate::results::csv::{Estimate, Table};
use crate::theory::QUANTITIES;

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

/// Mean ± half the confidence interval of the most telling metrics, beside them what theory expects.
/// With one combination a line per metric, otherwise a line per combination.
pub(super) fn render(aggregate: &Table, expected: &Expected) -> String {
    let swept = aggregate.column("runs").unwrap_or(0);
    let shown: Vec<(&str, usize)> = SHOWN
        .iter()
        .filter_map(|&name| Some((name, aggregate.column(&format!("{name}_mean"))?)))
        .filter(|&(_, at)| aggregate.rows.iter().any(|row| !row[at].is_empty()))
        .collect();
    let view = View {
        aggregate,
        expected,
        swept,
        shown,
    };
    align(&match &aggregate.rows[..] {
        [row] => view.one(row),
        rows => view.many(rows),
    })
}

/// What is shown, and of what.
struct View<'a> {
    aggregate: &'a Table,
    expected: &'a Expected,
    /// How many swept columns there are.
    swept: usize,
    /// Metrics, and the columns of their means.
    shown: Vec<(&'a str, usize)>,
}

impl View<'_> {
    /// A line per metric. What theory expects is a column of its own, if it expects anything.
    fn one(&self, row: &[String]) -> Vec<Vec<String>> {
        let line = |name: &str, cell: &str, expected: String| {
            vec![name.to_owned(), cell.to_owned(), expected]
        };
        let mut lines: Vec<_> = (0..=self.swept)
            .map(|at| line(&self.aggregate.header[at], &row[at], String::new()))
            .collect();
        for &(name, at) in self.shown.iter().chain(&self.also_expected(row)) {
            lines.push(line(
                name,
                &estimate(&row[at], &row[at + 1]),
                self.beside(row, name),
            ));
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

    /// Metrics that are shown only because theory expects something of them.
    fn also_expected(&self, row: &[String]) -> Vec<(&'static str, usize)> {
        let shown = |name: &str| self.shown.iter().any(|&(other, _)| other == name);
        QUANTITIES
            .iter()
            .map(|quantity| quantity.metric)
            .filter(|name| !shown(name) && !self.beside(row, name).is_empty())
            .filter_map(|name| Some((name, self.aggregate.column(&format!("{name}_mean"))?)))
            .collect()
    }

    /// A line per combination. What theory expects stands right of what was measured, unless chance
    /// has no say in it for any combination: that is worth a warning or nothing.
    fn many(&self, rows: &[Vec<String>]) -> Vec<Vec<String>> {
        let with_expected = |name: &str| rows.iter().any(|row| self.is_uncertain(row, name));
        let columns: Vec<_> = self
            .shown
            .iter()
            .map(|&(name, at)| (name, at, with_expected(name)))
            .collect();
        let mut header = self.aggregate.header[..=self.swept].to_vec();
        for &(name, _, with_expected) in &columns {
            header.push(name.to_owned());
            header.extend(with_expected.then(|| "expected".to_owned()));
        }
        let mut lines = vec![header];
        for row in rows {
            let mut cells = row[..=self.swept].to_vec();
            for &(name, at, with_expected) in &columns {
                cells.push(estimate(&row[at], &row[at + 1]));
                cells.extend(with_expected.then(|| self.beside(row, name)));
            }
            lines.push(cells);
        }
        lines
    }

    fn is_uncertain(&self, row: &[String], metric: &str) -> bool {
        let expected = self.expected.get(&row[..self.swept], metric);
        expected.is_some_and(|comparison| comparison.z().is_some())
    }

    /// What theory expects of a metric; nothing if it expects nothing.
    fn beside(&self, row: &[String], metric: &str) -> String {
        let expected = self.expected.get(&row[..self.swept], metric);
        expected.map(expected::shown).unwrap_or_default()
    }
}

fn estimate(mean: &str, ci95: &str) -> String {
    let estimate = Estimate {
        mean: mean.parse().ok(),
        ci95: ci95.parse().ok(),
    };
    estimate.to_string()
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
            render(&table, &Expected::default()),
            "routing     runs    lookups     hops_mean\n\
             successors     5  3600 ± 12  49.51 ± 0.33\n\
             fingers        2   3601 ± 0     5.875 ± 0\n"
        );
    }

    #[test]
    fn a_single_combination_is_a_column() {
        let table = table(&["fingers,5,3600,0,0.004,0.0012,–,"]);
        assert_eq!(
            render(&table, &Expected::default()),
            "routing              fingers\n\
             runs                       5\n\
             lookups             3600 ± 0\n\
             hops_mean    0.0040 ± 0.0012\n\
             stretch_p50                –\n"
        );
    }
    /// The summary of two runs with 50 fingers, of which theory expects 3.98 hops and no failure.
    fn expectations(swept: &str) -> Expected {
        let header = "run,routing,repetition,seed,success_rate,hops_mean,keys_p99,\
                      expected_success_rate,expected_success_rate_se,expected_hops_mean,\
                      expected_hops_mean_se,expected_keys_p99,expected_keys_p99_se";
        let row = "0,fingers,0,7,1,3.97,45,1,0,3.9812,0.0123,47.2,3.1";
        let cells = |row: &str| row.split(',').map(str::to_owned).collect();
        Expected::read(&Table {
            header: cells(header),
            rows: vec![cells(&row.replace("fingers", swept))],
        })
    }

    fn with_keys(rows: &[&str]) -> Table {
        let header = "routing,runs,success_rate_mean,success_rate_ci95,hops_mean_mean,\
                      hops_mean_ci95,keys_p99_mean,keys_p99_ci95";
        let cells = |row: &str| row.split(',').map(str::to_owned).collect();
        Table {
            header: cells(header),
            rows: rows.iter().map(|row| cells(row)).collect(),
        }
    }

    #[test]
    fn what_theory_expects_stands_beside_in_a_column() {
        let table = with_keys(&["fingers,1,1,,3.97,,45,"]);
        assert_eq!(
            render(&table, &expectations("fingers")),
            "routing       fingers  expected\n\
             runs                1\n\
             success_rate    1.000         1\n\
             hops_mean       3.970     3.981\n\
             keys_p99           45      47.2\n"
        );
    }

    #[test]
    fn of_many_combinations_what_chance_decides_stands_beside() {
        let table = with_keys(&["successors,1,0.5,,49.5,,45,", "fingers,1,1,,3.97,,45,"]);
        assert_eq!(
            render(&table, &expectations("fingers")),
            "routing     runs  success_rate  hops_mean  expected\n\
             successors     1        0.5000      49.50\n\
             fingers        1         1.000      3.970     3.981\n"
        );
    }
}
