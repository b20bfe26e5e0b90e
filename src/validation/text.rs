//! Judgements as people and programs read them: lines, Markdown, CSV.

use super::judge::{Judged, Judgement};
use crate::catalogue::{Metric, Unit};
use crate::results::csv::{CsvTable, number};
use crate::scenario::{Kind, Rule};

/// What stands above [`lines`].
pub const HEADER: [&str; 7] = [
    "scenario",
    "quantity",
    "where",
    "expected",
    "tolerance",
    "measured",
    "verdict",
];

/// A line of cells for each row.
#[must_use]
pub fn lines(rows: &[Judged]) -> Vec<Vec<String>> {
    let line = |row: &Judged| {
        vec![
            row.scenario.clone(),
            row.quantity.to_owned(),
            row.place.clone(),
            expected(row.rule),
            tolerance(row.rule),
            row.measured.shown(unit_of(row.quantity)),
            row.judgement.name().to_owned(),
        ]
    };
    rows.iter().map(line).collect()
}

fn unit_of(quantity: &str) -> Unit {
    Metric::named(quantity).map_or(Unit::Ratio, |metric| metric.info().unit)
}

/// How it went, in one sentence: `44 as expected, 1 not, 3 reported only`.
#[must_use]
pub fn tally(rows: &[Judged]) -> String {
    let count = |judgement| {
        let same = rows.iter().filter(|row| row.judgement == judgement);
        same.count()
    };
    let mut parts = vec![format!("{} as expected", count(Judgement::Pass))];
    for (judgement, words) in [
        (Judgement::Fail, "not as expected"),
        (Judgement::Open, "open for lack of data"),
        (Judgement::Reported, "reported only"),
    ] {
        match count(judgement) {
            0 => {}
            n => parts.push(format!("{n} {words}")),
        }
    }
    parts.join(", ")
}

/// A section with a table for each scenario.
#[must_use]
pub fn markdown(rows: &[Judged]) -> String {
    let scenarios = rows.chunk_by(|a, b| a.scenario == b.scenario);
    scenarios.map(section).collect::<Vec<_>>().join("\n")
}

fn section(rows: &[Judged]) -> String {
    let first = &rows[0];
    let heading = match first.title.as_str() {
        "" => format!("### {}\n\n", first.scenario),
        title => format!("### {}: {title}\n\n", first.scenario),
    };
    let head = "| Quantity | Where | Expected | Tolerance | Measured | Verdict | Why |\n\
                |---|---|---|---|---|---|---|\n";
    let line = |(cells, row): (Vec<String>, &Judged)| {
        let cells = cells[1..]
            .iter()
            .map(|cell| escaped(cell))
            .chain([why(row)]);
        "| ".to_owned() + &cells.collect::<Vec<_>>().join(" | ") + " |\n"
    };
    let lines: String = lines(rows).into_iter().zip(rows).map(line).collect();
    heading + head + &lines + &notes(rows)
}

/// Each remark once, below the table.
fn notes(rows: &[Judged]) -> String {
    let mut notes: Vec<String> = Vec::new();
    for row in rows.iter().filter(|row| !row.note.is_empty()) {
        let note = format!("- `{}`: {}\n", row.quantity, row.note);
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    match notes[..] {
        [] => String::new(),
        _ => format!("\n{}", notes.concat()),
    }
}

fn why(row: &Judged) -> String {
    match (row.kind, row.source.as_str()) {
        (kind, "") => kind.name().to_owned(),
        (Kind::Published, source) => escaped(source),
        (kind, source) => format!("{}: {}", kind.name(), escaped(source)),
    }
}

fn escaped(cell: &str) -> String {
    cell.replace('|', "\\|")
}

/// All there is, for spreadsheets.
#[must_use]
pub fn table(rows: &[Judged]) -> CsvTable {
    let header = [
        "scenario",
        "quantity",
        "where",
        "rule",
        "expected",
        "tolerance",
        "measured",
        "ci95",
        "repetitions",
        "verdict",
        "kind",
        "source",
        "note",
    ];
    let row = |row: &Judged| {
        let (rule, value, tolerance) = parts(row.rule);
        vec![
            row.scenario.clone(),
            row.quantity.to_owned(),
            row.place.clone(),
            rule.to_owned(),
            number(Some(value)),
            number(tolerance),
            number(row.measured.mean),
            number(row.measured.ci95),
            row.repetitions.to_string(),
            row.judgement.name().to_lowercase(),
            row.kind.name().to_owned(),
            row.source.clone(),
            row.note.clone(),
        ]
    };
    CsvTable {
        header: header.map(str::to_owned).to_vec(),
        rows: rows.iter().map(row).collect(),
    }
}

/// The key of a rule, its value and its tolerance.
fn parts(rule: Rule) -> (&'static str, f64, Option<f64>) {
    match rule {
        Rule::Within { value, tolerance } => ("within", value, Some(tolerance)),
        Rule::WithinShare { value, share } => ("within_share", value, Some(share)),
        Rule::StandardErrors { value, count } => ("standard_errors", value, Some(count)),
        Rule::AtLeast(bound) => ("at_least", bound, None),
        Rule::AtMost(bound) => ("at_most", bound, None),
        Rule::Reported(value) => ("reported", value, None),
    }
}

fn expected(rule: Rule) -> String {
    match rule {
        Rule::AtLeast(bound) => format!("≥ {bound}"),
        Rule::AtMost(bound) => format!("≤ {bound}"),
        rule => parts(rule).1.to_string(),
    }
}

fn tolerance(rule: Rule) -> String {
    match rule {
        Rule::Within { tolerance: 0.0, .. } => "none".to_owned(),
        Rule::Within { tolerance, .. } => format!("± {tolerance}"),
        Rule::WithinShare { share, .. } => {
            format!("± {} %", libm::round(share * 1e6) / 1e4)
        }
        Rule::StandardErrors { count, .. } => format!("{count} standard errors"),
        Rule::AtLeast(_) | Rule::AtMost(_) | Rule::Reported(_) => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::csv::estimate;

    fn row(rule: Rule, judgement: Judgement) -> Judged {
        Judged {
            scenario: "table-2".to_owned(),
            title: "Many fail | at once".to_owned(),
            quantity: "hops_mean",
            place: "kill = 0.1".to_owned(),
            rule,
            measured: estimate(&[4.0, 4.25, 4.5]),
            repetitions: 3,
            judgement,
            kind: Kind::Published,
            source: "Stoica et al. 2003".to_owned(),
            note: "A remark.".to_owned(),
        }
    }

    #[test]
    fn a_table_says_all_of_it() {
        let share = Rule::WithinShare {
            value: 4.03,
            share: 0.07,
        };
        let rows = [
            row(share, Judgement::Pass),
            row(Rule::AtLeast(1.0), Judgement::Fail),
        ];
        assert_eq!(
            markdown(&rows),
            "### table-2: Many fail | at once\n\n\
             | Quantity | Where | Expected | Tolerance | Measured | Verdict | Why |\n\
             |---|---|---|---|---|---|---|\n\
             | hops_mean | kill = 0.1 | 4.03 | ± 7 % | 4.25 ± 0.62 | pass | Stoica et al. 2003 |\n\
             | hops_mean | kill = 0.1 | ≥ 1 | – | 4.25 ± 0.62 | FAIL | Stoica et al. 2003 |\n\
             \n- `hops_mean`: A remark.\n"
        );
        assert_eq!(tally(&rows), "1 as expected, 1 not as expected");
        let csv = table(&rows);
        assert_eq!(
            csv.rows[0][..7].join(","),
            "table-2,hops_mean,kill = 0.1,within_share,4.03,0.07,4.25"
        );
        assert_eq!(csv.rows[1][5], "");
    }
}
