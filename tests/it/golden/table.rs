//! `fingerprints.csv`: one row per run of the scenarios that ship.

use std::fs;
use std::path::PathBuf;

use chordsim::scenario::RunSpec;

use super::Shipped;
use crate::common::Run;

const HEADER: [&str; 9] = [
    "scenario",
    "overrides",
    "run",
    "swept",
    "lookups",
    "ok",
    "hops_mean",
    "latency_ms_mean",
    "fingerprint",
];

/// The table, with the comments it begins with.
#[derive(Default)]
pub(super) struct Golden {
    comments: String,
    pub rows: Vec<Vec<String>>,
}

fn path() -> PathBuf {
    [
        env!("CARGO_MANIFEST_DIR"),
        "tests/it/golden/fingerprints.csv",
    ]
    .iter()
    .collect()
}

impl Golden {
    pub(super) fn read() -> Self {
        let text = fs::read_to_string(path()).unwrap();
        let is_comment = |line: &&str| line.starts_with('#');
        let comments = text.split_inclusive('\n').take_while(is_comment).collect();
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .from_reader(text.as_bytes());
        assert_eq!(reader.headers().unwrap(), &HEADER[..]);
        let cells = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
        Self {
            comments,
            rows: reader.records().map(|row| cells(row.unwrap())).collect(),
        }
    }

    pub(super) fn write(&self) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(HEADER).unwrap();
        for row in &self.rows {
            writer.write_record(row).unwrap();
        }
        let rows = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        // Tests that run beside this one read the table: it must never be half there.
        let new = path().with_extension("new");
        fs::write(&new, format!("{}{rows}", self.comments)).unwrap();
        fs::rename(new, path()).unwrap();
    }

    /// The names of the scenarios, each once.
    pub(super) fn scenarios(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.rows.iter().map(|row| row[0].as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What is put on top of a scenario, so that the test does not take all day.
    pub(super) fn overrides(&self, scenario: &str) -> Vec<String> {
        let row = self.rows.iter().find(|row| row[0] == scenario);
        let all = row.map_or("", |row| row[1].as_str());
        let each = all.split(';').map(str::trim);
        each.filter(|change| !change.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

/// The rows of a scenario as they are now.
pub(super) fn rows(shipped: &Shipped) -> Vec<Vec<String>> {
    let columns: Vec<&str> = shipped.plan.swept.iter().map(|key| &*key.column).collect();
    let row = |(spec, run): (&RunSpec, &Run)| {
        let swept = columns.iter().zip(&spec.swept);
        let swept: Vec<String> = swept.map(|(key, value)| format!("{key}={value}")).collect();
        let number = |metric| {
            run.metric_if_any(metric)
                .map_or(String::new(), |n| n.to_string())
        };
        let mean = |metric| {
            run.metric_if_any(metric)
                .map_or(String::new(), |mean| format!("{mean:.3}"))
        };
        vec![
            shipped.plan.name.clone(),
            shipped.overrides.join("; "),
            spec.run.to_string(),
            swept.join(" "),
            number("lookups"),
            number("ok"),
            mean("hops_mean"),
            mean("latency_ms_mean"),
            run.summary.fingerprint.clone(),
        ]
    };
    shipped
        .plan
        .runs
        .iter()
        .zip(&shipped.runs)
        .map(row)
        .collect()
}
