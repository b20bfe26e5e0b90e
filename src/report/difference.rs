//! What `chordsim verify` says about what it found.

use std::fmt;
use std::path::Path;

use serde_json::{Value, json};

use super::naming;
use crate::inputs::harmless;
use crate::results::manifest::Manifest;
use crate::results::verify::{
    Between, CellDifference, Difference, Divergence, DivergencePoint, FailedRun, FileChange,
    FileDifference, FileReport, Found, RowDifference, Side, VerifyReport,
};
use crate::scenario::Plan;

/// So many runs that parted have a line of their own.
const RUNS: usize = 20;
/// So many cells of a row are shown.
const CELLS: usize = 4;
/// So many characters of a cell are shown.
const CELL: usize = 40;

/// So many characters of what differs in a plan are shown.
const PLAN: usize = 400;

/// A report and what it is about.
pub(crate) struct Told<'a> {
    pub results: &'a Path,
    pub then: Side<'a>,
    pub now: Side<'a>,
    pub plan: &'a Plan,
    pub report: &'a VerifyReport,
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let results = self.results.display();
        writeln!(f, "{results}: {} again, {}", self.runs(), self.sum())?;
        for line in self.details() {
            writeln!(f, "  {line}")?;
        }
        Ok(())
    }
}

impl Told<'_> {
    /// The report for programs.
    pub(crate) fn json(&self) -> Value {
        json!({
            "results": self.results.display().to_string(),
            "same": self.report.is_same(),
            "runs": self.count(),
            "written_by": self.then.manifest.program,
            "verified_by": self.now.manifest.program,
            "report": self.report,
        })
    }

    fn runs(&self) -> String {
        counted(self.count() as u64, "run", "runs")
    }

    /// How many runs were made again: those that are chosen are not known before.
    fn count(&self) -> usize {
        let Manifest { runs, failed, .. } = self.now.manifest;
        if self.plan.chooses_runs() {
            runs.len() + failed.len()
        } else {
            self.plan.runs.len()
        }
    }

    /// The first line: how it came out.
    fn sum(&self) -> String {
        let files = &self.report.files;
        let differing = files.iter().filter(|file| !file.is_same()).count();
        if self.report.is_same() {
            let (same, bytes) = self.report.same_files();
            return format!(
                "{}, {}: every byte is the same",
                counted(same as u64, "file", "files"),
                counted(bytes, "byte", "bytes")
            );
        }
        match differing {
            0 => "and the files are the same, but not all else".to_owned(),
            1 => format!("and one of {} files is not the same", files.len()),
            _ => format!("and {differing} of {} files are not the same", files.len()),
        }
    }

    fn details(&self) -> Vec<String> {
        let report = self.report;
        let mut lines: Vec<String> = Vec::new();
        lines.extend(report.files.iter().flat_map(|file| self.file(file)));
        lines.extend(self.histories());
        lines.extend(report.failed.iter().map(|failed| self.failure(failed)));
        lines.extend(report.plan.iter().map(|what| {
            let what = harmless::shortened(what, PLAN);
            format!("manifest.json is not what its scenario gives: {what}")
        }));
        lines.extend(report.misnamed.iter().map(|run| {
            let run = self.run(*run);
            format!(
                "{run}: other values, repetition or seed in manifest.json than its scenario gives, or another run, or none"
            )
        }));
        lines.extend(self.versions());
        lines
    }

    fn file(&self, file: &FileReport) -> Vec<String> {
        let mut lines = Vec::new();
        if file.changed == Some(FileChange::Edited) {
            lines.push("changed since it was written: manifest.json has another digest".to_owned());
        }
        match &file.found {
            Found::Same(_) if file.changed.is_some() => {
                lines.push("as it is now, it is the same as when run again".to_owned());
            }
            Found::Same(_) => {}
            Found::Differs(difference) => lines.extend(self.difference(difference)),
            Found::Missing => lines.push("is gone".to_owned()),
            Found::Unlisted => lines.push(
                "manifest.json does not list it, as it would if it was written by this program"
                    .to_owned(),
            ),
            Found::OnlyThen => lines.push("this version does not write such a file".to_owned()),
            Found::OnlyNow => lines.push(
                "the result has no such file, so there is nothing to compare it with".to_owned(),
            ),
        }
        let named = |line| format!("{}: {line}", file.name);
        lines.into_iter().map(named).collect()
    }

    fn difference(&self, difference: &FileDifference) -> Vec<String> {
        let mut lines = Vec::new();
        for (what, columns) in [
            ("gone", &difference.columns_gone),
            ("new", &difference.columns_new),
        ] {
            if !columns.is_empty() {
                let columns: Vec<String> = columns.iter().map(|name| shortened(name)).collect();
                lines.push(format!("columns that are {what}: {}", columns.join(", ")));
            }
        }
        match (&difference.first, difference.differing) {
            (Some(first), 1) => lines.push(format!(
                "1 of {} differs: {}",
                counted(difference.rows, "row", "rows"),
                self.row(first)
            )),
            (Some(first), rows) => lines.push(format!(
                "{} of {} differ, the first of them in {}",
                grouped(rows),
                counted(difference.rows, "row", "rows"),
                self.row(first)
            )),
            (None, _) if lines.is_empty() => {
                lines.push("the same values, written in another way".to_owned());
            }
            (None, _) => lines.push("the other columns are the same in every row".to_owned()),
        }
        lines
    }

    fn row(&self, row: &RowDifference) -> String {
        let run = row
            .run
            .map_or(String::new(), |run| format!(", {}", self.run(run)));
        let what = match &row.what {
            Difference::Cells(all) => cells(all),
            Difference::Form => "the same values, written in another way".to_owned(),
            Difference::Gone => "the row is not there when run again".to_owned(),
            Difference::New => "the row is there only when run again".to_owned(),
        };
        format!("line {}{run}: {what}", row.line)
    }

    /// Such as `run 3 (nodes = 16, repetition 2)`.
    fn run(&self, run: u32) -> String {
        match self.plan.runs.get(run as usize) {
            Some(spec) => {
                let name = naming::of_run(self.plan, &spec.swept, spec.repetition);
                format!("run {run} ({name})")
            }
            None => format!("run {run}"),
        }
    }

    /// When runs parted, or that none did although rows differ.
    fn histories(&self) -> Vec<String> {
        let parted = &self.report.parted;
        let mut lines: Vec<String> = parted
            .iter()
            .take(RUNS)
            .map(|divergence| format!("{}: {}", self.run(divergence.run), place(divergence)))
            .collect();
        if parted.len() > RUNS {
            let more = counted((parted.len() - RUNS) as u64, "more run", "more runs");
            lines.push(format!("{more} parted; --json tells when"));
        }
        let rows_differ = |file: &FileReport| matches!(file.found, Found::Differs(_));
        if parted.is_empty() && self.report.files.iter().any(rows_differ) {
            lines.push("every run went through the same events as before".to_owned());
        }
        lines
    }

    fn failure(&self, failed: &FailedRun) -> String {
        let run = self.run(failed.run);
        match (&failed.then, &failed.now) {
            (Some(then), Some(now)) if then == now => {
                format!("{run}: failed as it did then: {now}")
            }
            (Some(then), Some(now)) => {
                format!("{run}: failed both times; then: {then}; now: {now}")
            }
            (Some(then), None) => format!("{run}: failed then and not now; then: {then}"),
            (None, now) => format!(
                "{run}: did not fail then and failed now: {}",
                now.as_deref().unwrap_or_default()
            ),
        }
    }

    fn versions(&self) -> Option<String> {
        let (then, now) = (&self.then.manifest.program, &self.now.manifest.program);
        (then != now).then(|| {
            let on_purpose = if self.report.is_same() {
                ""
            } else {
                "; another version may give other results on purpose: see its CHANGELOG.md"
            };
            format!("written by {then}, verified by {now}{on_purpose}")
        })
    }
}

fn place(divergence: &Divergence) -> String {
    match &divergence.place {
        DivergencePoint::Between(Between {
            after_s: Some(after_s),
            equal_events,
            before_s,
        }) => format!(
            "parted between {after_s} s and {before_s} s, after {} alike",
            counted(*equal_events, "event", "events")
        ),
        DivergencePoint::Between(Between { before_s, .. }) => {
            format!("parted before {before_s} s, among the first events")
        }
        DivergencePoint::Unknown => {
            "went through other events; there are not two fingerprints.csv that tell \
                           since when"
                .to_owned()
        }
        DivergencePoint::Nowhere => {
            "has another fingerprint in manifest.json but the same in fingerprints.csv".to_owned()
        }
    }
}

fn cells(all: &[CellDifference]) -> String {
    let shown = all.iter().take(CELLS).map(|cell| {
        let (was, is) = (shortened(&cell.was), shortened(&cell.is));
        format!("{} was {was}, is {is}", cell.column)
    });
    let mut shown: Vec<String> = shown.collect();
    if all.len() > CELLS {
        let more = counted((all.len() - CELLS) as u64, "more cell", "more cells");
        shown.push(format!("and {more}"));
    }
    shown.join("; ")
}

/// A cell as it can be shown.
fn shortened(cell: &str) -> String {
    if cell.is_empty() {
        return "empty".to_owned();
    }
    let mut shown: String = cell
        .chars()
        .take(CELL)
        .flat_map(char::escape_debug)
        .collect();
    if cell.chars().nth(CELL).is_some() {
        shown.push('…');
    }
    shown
}

/// Such as `1 file` or `12 345 files`.
fn counted(number: u64, one: &str, more: &str) -> String {
    format!(
        "{} {}",
        grouped(number),
        if number == 1 { one } else { more }
    )
}

/// Digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (digit, left) in digits.chars().zip((0..digits.len()).rev()) {
        grouped.push(digit);
        if left > 0 && left % 3 == 0 {
            grouped.push(' ');
        }
    }
    grouped
}

#[cfg(test)]
mod tests;
