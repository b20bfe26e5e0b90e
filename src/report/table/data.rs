//! A table as data: what stands where and what it is called. It knows no format.

use crate::catalogue::Unit;
use crate::report::comparisons;
use crate::results::csv::{Estimate, Shown};

/// A table, a row for each of what is told apart.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Table {
    /// What it shows: its heading.
    pub caption: String,
    /// A name by which a text refers to it.
    pub label: String,
    /// What stands in each column; those that tell rows apart come first.
    pub columns: Vec<Column>,
    /// From top to bottom, each with a cell per column.
    pub rows: Vec<Vec<Cell>>,
    /// What is to be known about it, a sentence each.
    pub notes: Vec<String>,
}

/// A column.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Column {
    /// Its name, for programs.
    pub name: String,
    /// Above it on a terminal.
    pub heading: String,
    /// Above it in a text for people, with its unit.
    pub label: String,
    /// What it is to the others.
    pub role: Role,
}

/// What a column is to the others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// It tells the rows apart.
    Key,
    /// It holds what is shown of them.
    Value,
    /// It belongs to the one before it.
    Beside,
}

/// What stands in a row below a column.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Cell {
    /// Nothing to be said.
    Empty,
    /// A word or more.
    Text(String),
    /// How many.
    Whole(u64),
    /// A mean with its interval, and in what it is measured.
    Estimate(Estimate, Unit),
    /// The same without its interval.
    Mean(Estimate, Unit),
    /// What theory expects, and the standard error of that.
    Expected(f64, f64),
    /// Another number, and how it is written for people.
    Number(f64, String),
}

impl Cell {
    /// In parts, each as it is written for people.
    pub(crate) fn shown(&self) -> Shown {
        match self {
            Self::Empty => Shown::Alone(String::new()),
            Self::Text(text) => Shown::Alone(text.clone()),
            Self::Whole(count) => Shown::Alone(count.to_string()),
            Self::Estimate(estimate, unit) => estimate.parts(*unit),
            Self::Mean(estimate, unit) => estimate.parts(*unit).mean_alone(),
            Self::Expected(mean, error) => Shown::Alone(comparisons::shown(*mean, *error)),
            Self::Number(_, shown) => Shown::Alone(shown.clone()),
        }
    }

    /// Whether it is written as a number, or several.
    pub(crate) fn is_number(&self) -> bool {
        !matches!(self, Self::Empty | Self::Text(_))
    }
}

impl Column {
    /// One whose values tell rows apart.
    pub(crate) fn key(name: &str) -> Self {
        Self {
            role: Role::Key,
            ..Self::value(name, name)
        }
    }

    /// Another one.
    pub(crate) fn value(name: &str, label: &str) -> Self {
        Self {
            name: name.to_owned(),
            heading: name.to_owned(),
            label: label.to_owned(),
            role: Role::Value,
        }
    }
}

impl Table {
    /// How many columns tell the rows apart.
    pub(crate) fn keys(&self) -> usize {
        let is_key = |column: &&Column| column.role == Role::Key;
        self.columns.iter().take_while(is_key).count()
    }
}
