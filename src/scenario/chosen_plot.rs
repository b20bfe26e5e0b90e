//! A picture that a scenario asks for: `[[plot]]`, resolved. It influences no run and stands outside of what makes
//! two runs the same.

use serde::Serialize;

pub use super::keys::plot::{LogAxes, PlotKind};

/// A picture that a scenario asks for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ChosenPlot {
    /// The stem of its files.
    pub name: String,
    /// A heading; empty for one that says what is drawn.
    pub title: String,
    /// What kind of picture it is.
    pub kind: PlotKind,
    /// What is drawn: a metric, or a column of `timeline.csv`, `lookups.csv` or `nodes.csv`.
    pub metric: String,
    /// Against which swept key, or number inside a swept table, in full; only of a picture against one.
    pub against: Option<String>,
    /// The swept key whose values are the lines, in full; `None`: every combination of the others.
    pub lines: Option<String>,
    /// Which axes are logarithmic; `None`: as the values ask for.
    pub log: Option<LogAxes>,
}
