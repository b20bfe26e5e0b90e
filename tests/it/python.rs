//! The Python package: its table of columns is the program's catalogue, and its own tests pass on this program.
//!
//! `CHORDSIM_BLESS=1 cargo test --release --test it python` writes the table anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use chordsim::catalogue::{
    AGGREGATE_FILE, BEFORE_FINGERPRINT, CellType, Column, FINGERPRINT, Metric, MetricInfo, Pooling,
    RUN_COLUMNS, RecordInfo, RecordKind, SUMMARY_FILE, THRESHOLD_COLUMNS, THRESHOLD_FILE, Unit,
};
use chordsim::scenario::keys::{self, ValueKind};
use serde_json::{Map, Value, json};

use crate::common::program::PROGRAM;
use crate::snippets::{needed, python};

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn holds(what: &str, optional: bool) -> Value {
    json!({ "holds": what, "optional": optional })
}

/// A whole number that is no quantity is an identifier, a key, a seed or the number of a row: nobody subtracts those.
fn column(column: &Column) -> (&'static str, Value) {
    let what = match (column.cell, column.unit) {
        (CellType::Whole, Unit::Name) => "id",
        (CellType::Whole, _) => "whole",
        (CellType::Number, _) => "number",
        (CellType::Truth, _) => "truth",
        (CellType::Word(_), _) => "word",
        (CellType::Text, _) => "text",
    };
    let mut value = holds(what, column.optional);
    if let CellType::Word(words) = column.cell
        && !words.is_empty()
    {
        value["words"] = json!(words);
    }
    (column.name, value)
}

/// A metric is a sum or an extreme of what is counted, and so is whole, or it is a number.
fn metric(info: &MetricInfo) -> Vec<(&'static str, Value)> {
    let counted = matches!(info.unit, Unit::Count | Unit::Bytes);
    let kept_whole = matches!(
        info.pooling,
        Pooling::Sum | Pooling::Maximum | Pooling::Minimum
    );
    let what = if counted && kept_whole {
        "whole"
    } else {
        "number"
    };
    let mut columns = vec![(info.name, holds(what, true))];
    if info.name == BEFORE_FINGERPRINT.name() {
        columns.push((FINGERPRINT, holds("text", false)));
    }
    columns
}

fn summary() -> Vec<(&'static str, Value)> {
    let measured = Metric::ALL.iter().flat_map(|of| metric(of.info()));
    let expected = Metric::ALL.iter().filter_map(|of| of.info().expected);
    let expected = expected.flat_map(|columns| [columns.mean, columns.standard_error]);
    let expected = expected.map(|name| (name, holds("number", true)));
    measured.chain(expected).collect()
}

fn threshold() -> Vec<(&'static str, Value)> {
    let of = |column: &chordsim::catalogue::ThresholdColumn| {
        let value = match column.holds {
            "number" => holds("number", false),
            "number or empty" => holds("number", true),
            "whole number" => holds("whole", false),
            "word" => holds("word", false),
            words if words.starts_with('`') => {
                let words = words.split(", ").map(|word| word.trim_matches('`'));
                let mut value = holds("word", false);
                value["words"] = words.collect();
                value
            }
            other => panic!("{}: what does `{other}` mean in Python?", column.name),
        };
        (column.name, value)
    };
    THRESHOLD_COLUMNS.iter().map(of).collect()
}

/// What to say in a scenario to get a file, as TOML that is JSON as well.
fn ask(info: &RecordInfo) -> Option<Value> {
    let key = info.key?;
    let (_, found) = keys::find(key).unwrap_or_else(|| panic!("{key} is no key"));
    let value = match found.kind {
        ValueKind::Truth => "true",
        ValueKind::WordOrShare(words) => {
            let all = words.iter().find(|(_, share)| *share >= 1.0);
            assert_eq!(all.map(|(word, _)| word.name), Some("all"), "{key}");
            "\"all\""
        }
        other => panic!("{key}: which value of {other:?} asks for {}?", info.file),
    };
    Some(json!({ "key": key, "value": value }))
}

/// The keys whose values are of such a kind.
fn keys_of(kind: impl Fn(&ValueKind) -> bool) -> Vec<&'static String> {
    let is_of_it = |name: &&String| keys::find(name).is_some_and(|(_, key)| kind(&key.kind));
    keys::known_keys().iter().filter(is_of_it).collect()
}

/// Those that are durations, as a line; then those that are words, whatever they look like.
fn kinds_of_keys() -> String {
    let durations = keys_of(|kind| matches!(kind, ValueKind::Duration { .. }));
    let words = keys_of(|kind| {
        use ValueKind::{File, Text, Word, Words};
        matches!(kind, Text | File | Word(_) | Words(_))
    });
    format!(
        "\"durations\": {},\n\"words\": {},",
        json!(durations),
        json!(words)
    )
}

/// The columns of a file, each with what is said of it.
type Columns = Vec<(&'static str, Value)>;

/// One line a column, so that a change of one shows as that.
fn table() -> String {
    let mut files: BTreeMap<&str, (Option<Value>, Columns)> = BTreeMap::new();
    files.insert(SUMMARY_FILE, (None, summary()));
    let threshold_asked = json!({ "key": null, "value": "a [threshold]" });
    files.insert(THRESHOLD_FILE, (Some(threshold_asked), threshold()));
    for info in RecordKind::ALL.iter().map(|kind| kind.info()) {
        let columns = info.columns.iter().map(column).collect();
        files.insert(info.file, (ask(info), columns));
    }
    assert!(
        !files.contains_key(AGGREGATE_FILE),
        "it follows from others"
    );
    let mut text = String::from("{\n");
    let lines = |columns: &[(&str, Value)], indent: &str| {
        let line = |(name, value): &(&str, Value)| format!("{indent}\"{name}\": {value}");
        columns.iter().map(line).collect::<Vec<_>>().join(",\n")
    };
    let run = RUN_COLUMNS.iter().map(column).collect::<Vec<_>>();
    writeln!(text, "\"run\": {{\n{}\n}},", lines(&run, "  ")).unwrap();
    writeln!(text, "{}", kinds_of_keys()).unwrap();
    let files: Vec<String> = files
        .iter()
        .map(|(name, (ask, columns))| {
            let ask = json!(ask);
            let columns = lines(columns, "    ");
            format!("  \"{name}\": {{\n  \"ask\": {ask},\n  \"columns\": {{\n{columns}\n  }}}}")
        })
        .collect();
    writeln!(text, "\"files\": {{\n{}\n}}\n}}", files.join(",\n")).unwrap();
    text
}

#[test]
fn the_table_of_columns_in_python_is_that_of_the_catalogue() {
    let path = file("python/chordsim/columns.json");
    let ought = table();
    serde_json::from_str::<Map<String, Value>>(&ought).unwrap();
    if std::env::var_os("CHORDSIM_BLESS").is_some() {
        fs::write(&path, ought).unwrap();
        return;
    }
    let is = fs::read_to_string(&path).unwrap_or_default();
    let differs = is
        .lines()
        .zip(ought.lines())
        .find(|(is, ought)| is != ought);
    assert!(
        is == ought,
        "python/chordsim/columns.json is not what the catalogue says ({differs:?}): CHORDSIM_BLESS=1 writes it anew"
    );
}

/// With the program and the sources as they are here, whatever is installed.
#[test]
fn the_package_in_python_passes_its_own_tests() {
    let Some(python) = needed(python(), "Python with pandas, NumPy and DuckDB") else {
        return;
    };
    let output = Command::new(python)
        .args(["-B", "-W", "error", "-m", "unittest", "discover"])
        .args(["--start-directory", "tests", "--top-level-directory", "."])
        .current_dir(file("python"))
        .env("CHORDSIM_PROGRAM", PROGRAM)
        .env("PYTHONPATH", file("python"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("Ran 0 tests"), "{said}");
}
