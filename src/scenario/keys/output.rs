//! `[output]`: what is written.

use super::key::{Section, ValueKind, Word};
use super::value::{FromValue, Value};

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
        /// Share of lookups, puts and gets of which every message has a row in `trace.csv`: of lookups the same as
        /// in `lookups.csv` with the same share. `true` is all; `--trace` does the same.
        trace: f64 = "none", ValueKind::WordOrShare(TRACED);
        /// Whose finger tables `chordsim trace` prints: `asker`, or identifiers in a list, of nodes or of places where none is.
        fingers_of: FingersOf = "asker", ValueKind::WordOrCounts(FingersOf::WORDS);
        /// Whether the ring is audited after every step, and `audit.csv` written; `--audit` does the
        /// same.
        audit: bool = false, ValueKind::Truth;
        /// Whether it is counted how many messages cross each physical link, and `links.csv` written. Only for networks that
        /// consist of links (`transit-stub`, `waxman`, `scale-free`, `graph`).
        links: bool = false, ValueKind::Truth;
        /// Whether the hops of lookups are measured one by one, and `hops.csv` written: how long each takes by its position, and
        /// how many leave their region.
        hops: bool = false, ValueKind::Truth;
        /// Whether `replay.csv` is written, for the ring replay of `chordsim report`: who comes and goes, and what nodes know of each
        /// other. It also lets the first requests of each stretch of a run have their messages in `trace.csv`. Only in the first repetition; `--replay`
        /// does the same.
        replay: bool = false, ValueKind::Truth;
    }
}

/// Whose finger tables are told.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FingersOf {
    /// That of the node that asks.
    Asker,
    /// Those of the nodes with these identifiers, or of nodes that would have them.
    List(Vec<u64>),
}

impl FingersOf {
    const WORDS: &'static [Word] = &[Word {
        name: "asker",
        doc: "That of the node that asks.",
    }];
}

impl FromValue for FingersOf {
    fn from_value(value: Value) -> Self {
        match value {
            Value::Word(0) => Self::Asker,
            Value::Counts(list) => Self::List(list),
            other => other.misfit(),
        }
    }
}

const TRACED: &[(Word, f64)] = &[
    (
        Word {
            name: "all",
            doc: "Every lookup, put and get.",
        },
        1.0,
    ),
    (
        Word {
            name: "none",
            doc: "None.",
        },
        0.0,
    ),
];

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
