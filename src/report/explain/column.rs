//! Columns of the result files, other than those of `summary.csv`.

use super::Explanation;
use super::metric::unit;
use crate::catalogue::{CellType, Column, RUN_COLUMNS, RecordInfo, RecordKind};
use crate::catalogue::{THRESHOLD_COLUMNS, THRESHOLD_FILE};

/// Of a name as it is, or with its file in front: `lookups.csv.hops`, `lookups.hops`.
pub(super) fn find(word: &str) -> Vec<Explanation> {
    let (file, name) = word.rsplit_once('.').unwrap_or(("", word));
    let is_file = |of: &str| file.is_empty() || file == of || of.strip_suffix(".csv") == Some(file);
    let mut found = Vec::new();
    for kind in RecordKind::ALL {
        let info = kind.info();
        let columns = info.columns.iter().filter(|column| column.name == name);
        let here = columns.filter(|_| is_file(info.file));
        found.extend(here.map(|column| explained(info, column)));
    }
    let thresholds = THRESHOLD_COLUMNS
        .iter()
        .filter(|column| column.name == name);
    found.extend(
        thresholds
            .filter(|_| is_file(THRESHOLD_FILE))
            .map(|column| {
                Explanation::new("column", column.name, column.doc)
                    .fact(
                        "Stands in",
                        format!("{THRESHOLD_FILE}, a row per combination of swept values"),
                    )
                    .fact("Holds", column.holds)
            }),
    );
    let of_runs = RUN_COLUMNS.iter().filter(|column| column.name == word);
    found.extend(of_runs.map(|column| {
        Explanation::new("column", column.name, column.doc)
            .fact(
                "Stands in",
                "every file but aggregate.csv, in front of its own columns",
            )
            .fact("Holds", holds(column))
    }));
    found
}

pub(super) fn names() -> Vec<String> {
    let mut names: Vec<String> = RUN_COLUMNS.map(|column| column.name.to_owned()).to_vec();
    for kind in RecordKind::ALL {
        let columns = kind.info().columns.iter();
        names.extend(columns.map(|column| column.name.to_owned()));
    }
    names.extend(
        THRESHOLD_COLUMNS
            .iter()
            .map(|column| column.name.to_owned()),
    );
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

fn explained(info: &RecordInfo, column: &Column) -> Explanation {
    let asked = info.key.map(|key| format!(", if `{key}` asks for it"));
    let place = format!(
        "{}, a row per {}{}",
        info.file,
        info.row_per,
        asked.unwrap_or_default()
    );
    Explanation::new("column", column.name, column.doc)
        .fact("Stands in", place)
        .fact("Holds", holds(column))
        .fact("Unit", unit(column.unit))
}

fn holds(column: &Column) -> String {
    let holds = match column.cell {
        CellType::Whole => "a whole number".to_owned(),
        CellType::Number => "a number".to_owned(),
        CellType::Truth => "true or false".to_owned(),
        CellType::Word([]) => "a word".to_owned(),
        CellType::Word(words) => words.join(", "),
        CellType::Text => "text".to_owned(),
    };
    let empty = if column.optional {
        "; may be empty"
    } else {
        ""
    };
    holds + empty
}
