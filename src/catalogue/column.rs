//! What is known of a column besides its values.

use super::cell::CellType;
use super::unit::Unit;

/// A column of a file with many rows per run.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// What its cells hold.
    pub cell: CellType,
    /// Whether a cell may be empty.
    pub optional: bool,
    /// In what its values are measured.
    pub unit: Unit,
    /// What an axis of a picture calls it, without the unit; `None` if its name says it.
    pub label: Option<&'static str>,
    /// What it means, for people.
    pub doc: &'static str,
}

impl Column {
    /// The label of an axis that shows it, with its unit.
    #[must_use]
    pub fn axis(&self) -> String {
        self.unit.axis(self.label.unwrap_or(self.name))
    }
}

/// The columns that every row of every file but `aggregate.csv` begins with, those of the swept keys left
/// out: they stand behind the first of these.
pub const RUN_COLUMNS: [Column; 3] = [
    Column {
        name: "run",
        cell: CellType::Whole,
        optional: false,
        unit: Unit::Name,
        label: None,
        doc: "Number of the run, from 0.",
    },
    Column {
        name: "repetition",
        cell: CellType::Whole,
        optional: false,
        unit: Unit::Name,
        label: None,
        doc: "Which repetition of its combination of swept values it is, from 0.",
    },
    Column {
        name: "seed",
        cell: CellType::Whole,
        optional: false,
        unit: Unit::Name,
        label: None,
        doc: "Its seed, the same for all combinations of one repetition.",
    },
];
