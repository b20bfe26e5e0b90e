//! docs/results.md has its tables from here, and docs/adding-a-metric.md quotes what is compiled.
//!
//! A table stands between two comments. `CHORDSIM_BLESS=1 cargo test --release --lib catalogue` writes it anew.

use std::fs;
use std::path::{Path, PathBuf};

use super::{AGGREGATE_FILE, BEFORE_FINGERPRINT, Column, Metric, RecordKind, SUMMARY_FILE};
use super::{CellType, Exists, FINGERPRINT, Pooling, THRESHOLD_COLUMNS, THRESHOLD_FILE, Unit};

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A table in Markdown.
fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let header: Vec<String> = header.iter().map(ToString::to_string).collect();
    let rule = format!("|{}\n", "---|".repeat(header.len()));
    let rows = rows.into_iter().map(|row| line(&row));
    line(&header) + &rule + &rows.collect::<String>()
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn files() -> String {
    let row = |name: &str, per: String| vec![code(name), per];
    let combinations =
        "combination of swept values: means over repetitions with confidence intervals";
    let mut rows = vec![
        row(SUMMARY_FILE, "run".to_owned()),
        row(AGGREGATE_FILE, combinations.to_owned()),
        row(
            THRESHOLD_FILE,
            "combination of swept values (if there is a `[threshold]`)".to_owned(),
        ),
    ];
    rows.extend(RecordKind::ALL.iter().map(|kind| {
        let info = kind.info();
        let key = info.key.map(|key| format!(" (if `{key}` asks for it)"));
        row(
            info.file,
            info.row_per.to_owned() + &key.unwrap_or_default(),
        )
    }));
    let manifest = "– ; what was run, by what, and digests of the other files";
    rows.push(row("manifest.json", manifest.to_owned()));
    table(&["File", "A row per"], rows)
}

fn unit(unit: Unit) -> String {
    match unit.symbol() {
        "" => "–".to_owned(),
        symbol => symbol.to_owned(),
    }
}

fn columns(kind: RecordKind) -> String {
    let row = |column: &Column| {
        let empty = if column.optional { " or empty" } else { "" };
        let holds = match column.cell {
            CellType::Whole => "whole number".to_owned(),
            CellType::Number => "number".to_owned(),
            CellType::Truth => "`true`, `false`".to_owned(),
            CellType::Word([]) => "word".to_owned(),
            CellType::Word(words) => words
                .iter()
                .map(|word| code(word))
                .collect::<Vec<_>>()
                .join(", "),
            CellType::Text => "text".to_owned(),
        };
        vec![
            code(column.name),
            holds + empty,
            unit(column.unit),
            column.doc.to_owned(),
        ]
    };
    let rows = kind.info().columns.iter().map(row);
    table(&["Column", "Holds", "Unit", "Meaning"], rows)
}

fn thresholds() -> String {
    let row = |column: &super::ThresholdColumn| {
        vec![
            code(column.name),
            column.holds.to_owned(),
            column.doc.to_owned(),
        ]
    };
    table(
        &["Column", "Holds", "Meaning"],
        THRESHOLD_COLUMNS.iter().map(row),
    )
}

fn pooled(pooling: Pooling) -> String {
    match pooling {
        Pooling::Sum => "sum".to_owned(),
        Pooling::MeanOver(weight) => format!("mean, weighted by `{weight}`"),
        Pooling::Maximum => "largest".to_owned(),
        Pooling::Minimum => "smallest".to_owned(),
        Pooling::Never => "–".to_owned(),
    }
}

fn metrics(exists: Exists) -> String {
    let metrics = Metric::ALL.iter().map(|metric| metric.info());
    let mut rows = Vec::new();
    for info in metrics.filter(|info| info.exists == exists) {
        let together = pooled(info.pooling);
        rows.push(vec![
            code(info.name),
            unit(info.unit),
            info.doc.to_owned(),
            together,
        ]);
        if info.name == BEFORE_FINGERPRINT.name() {
            let doc = "Digest of the ordered stream of events, 16 hexadecimal digits: equal fingerprints, same history.";
            rows.push(vec![
                code(FINGERPRINT),
                unit(Unit::Name),
                doc.to_owned(),
                pooled(Pooling::Never),
            ]);
        }
    }
    table(&["Column", "Unit", "Meaning", "All runs together"], rows)
}

fn expected() -> String {
    let row = |metric: Metric| {
        let info = metric.info();
        let columns = info
            .expected
            .map(|columns| [columns.mean, columns.standard_error].map(code));
        vec![
            code(info.name),
            columns.into_iter().flatten().collect::<Vec<_>>().join(", "),
        ]
    };
    table(
        &["What theory may know", "Columns"],
        Metric::expected().map(row),
    )
}

/// The page with this table in its place.
fn with_table(page: &str, name: &str, table: &str) -> String {
    let (begin, end) = (format!("<!-- table: {name} -->\n"), "<!-- end of table -->");
    let after = page
        .find(&begin)
        .unwrap_or_else(|| panic!("no table {name}"))
        + begin.len();
    let before = page[after..].find(end).expect("a table ends") + after;
    [&page[..after], "\n", table, "\n", &page[before..]].concat()
}

/// The page of the result files says what the catalogue says.
#[test]
fn the_tables_of_the_result_files_are_those_of_the_catalogue() {
    let path = file("docs/results.md");
    let page = fs::read_to_string(&path).unwrap();
    let mut tables = vec![
        ("files", files()),
        ("metrics", metrics(Exists::Always)),
        ("metrics of an audit", metrics(Exists::WithAudit)),
        ("metrics of storage", metrics(Exists::WithStorage)),
        ("metrics of a script", metrics(Exists::WithScript)),
        ("metrics of a trace", metrics(Exists::WithTrace)),
        ("metrics of coordinates", metrics(Exists::WithCoordinates)),
        ("metrics of links", metrics(Exists::WithLinks)),
        ("metrics of hops", metrics(Exists::WithHops)),
        ("metrics of reputation", metrics(Exists::WithReputation)),
        ("metrics of whitewashing", metrics(Exists::WithWhitewash)),
        ("metrics of selfish peers", metrics(Exists::WithSelfish)),
        (
            "metrics of selfish peers and storage",
            metrics(Exists::WithSelfishStorage),
        ),
        ("metrics of declining", metrics(Exists::WithDeclining)),
        ("expected", expected()),
        (THRESHOLD_FILE, thresholds()),
    ];
    tables.extend(
        RecordKind::ALL
            .iter()
            .map(|kind| (kind.info().file, columns(*kind))),
    );
    assert_eq!(page.matches("<!-- table: ").count(), tables.len());
    let current = tables.iter().fold(page.clone(), |page, (name, table)| {
        with_table(&page, name, table)
    });
    if std::env::var_os("CHORDSIM_BLESS").is_some() {
        fs::write(&path, current).unwrap();
        return;
    }
    let differs = page
        .lines()
        .zip(current.lines())
        .find(|(old, new)| old != new);
    assert!(
        page == current,
        "docs/results.md is not what the catalogue says ({differs:?}): CHORDSIM_BLESS=1 writes it anew"
    );
}

/// What a guide shows is what is compiled: each block after a comment that names a file stands in that file.
#[test]
fn what_the_guide_quotes_stands_in_the_program() {
    let guide = fs::read_to_string(file("docs/adding-a-metric.md")).unwrap();
    let mut quotes = 0;
    for quote in guide.split("<!-- from ").skip(1) {
        let (name, rest) = quote
            .split_once(" -->\n```rust\n")
            .expect("a block of Rust follows");
        let (block, _) = rest.split_once("\n```").expect("a block ends");
        let source = fs::read_to_string(file(name)).unwrap();
        assert!(stands_in(block, &source), "{name} has not:\n{block}");
        quotes += 1;
    }
    assert_eq!(
        quotes,
        guide.matches("```rust").count(),
        "every block says where it is from"
    );
    assert!(quotes >= 4, "{quotes}");
}

/// Whether these lines stand there one after the other, however far they are indented.
fn stands_in(block: &str, source: &str) -> bool {
    let block: Vec<&str> = block.lines().map(str::trim).collect();
    let source: Vec<&str> = source.lines().map(str::trim).collect();
    source.windows(block.len()).any(|lines| lines == block)
}
