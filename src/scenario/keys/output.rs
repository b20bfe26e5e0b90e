//! `[output]`: what is written.

use super::key::{Section, ValueKind, Word};

section! {
    /// What is written. Influences no run.
    pub struct Output, static OUTPUT = Section::table("output").fixed(), {
        /// Share of lookups that get a row in `lookups.csv`; all are counted.
        lookups: f64 = "all", ValueKind::WordOrShare(ROWS);
        /// Share of puts and gets that get a row in `operations.csv`; all are counted.
        operations: f64 = "all", ValueKind::WordOrShare(OPERATION_ROWS);
        /// Whether `nodes.csv` is written.
        nodes: bool = true, ValueKind::Truth;
        /// Whether `timeline.csv` is written.
        timeline: bool = true, ValueKind::Truth;
        /// Whether the ring is audited after every step, and `audit.csv` written; `--audit` does the
        /// same.
        audit: bool = false, ValueKind::Truth;
    }
}

impl Copy for Output {}

const OPERATION_ROWS: &[(Word, f64)] = &[
    (
        Word {
            name: "all",
            doc: "Every put and get.",
        },
        1.0,
    ),
    (
        Word {
            name: "none",
            doc: "No put and no get.",
        },
        0.0,
    ),
];

const ROWS: &[(Word, f64)] = &[
    (
        Word {
            name: "all",
            doc: "Every lookup.",
        },
        1.0,
    ),
    (
        Word {
            name: "none",
            doc: "No lookup.",
        },
        0.0,
    ),
];
