//! The columns of `threshold.csv`, a row per combination of what is swept besides the key that was searched.

/// The file with the thresholds.
pub const THRESHOLD_FILE: &str = "threshold.csv";

/// A column of it. The swept keys stand before them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ThresholdColumn {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: &'static str,
    /// What it means.
    pub doc: &'static str,
}

const fn column(name: &'static str, holds: &'static str, doc: &'static str) -> ThresholdColumn {
    ThresholdColumn { name, holds, doc }
}

/// All of them, in their order.
pub const THRESHOLD_COLUMNS: [ThresholdColumn; 17] = [
    column("metric", "word", "What falls under the level."),
    column(
        "side",
        "`below`, `above`",
        "On which side of the level a run is past it.",
    ),
    column("level", "number", "The level."),
    column(
        "along",
        "word",
        "The key along which the threshold is looked for.",
    ),
    column(
        "status",
        "`found`, `never`, `already`, `mixed`, `failed`",
        "`found`: every seed has a threshold. `never`: the metric passes the level at no value that was tried. `already`: it has \
         passed it at the first. `mixed`: some seeds have a threshold and others have not. `failed`: runs failed that were to tell.",
    ),
    column(
        "threshold",
        "number or empty",
        "The value at which the metric passes the level, in the mean over the seeds; empty unless all have one.",
    ),
    column(
        "threshold_ci95",
        "number or empty",
        "Half the width of its 95 % confidence interval (Student t over the seeds); empty with one seed.",
    ),
    column(
        "threshold_min",
        "number or empty",
        "The least of those seeds that have one.",
    ),
    column("threshold_max", "number or empty", "The greatest."),
    column(
        "within",
        "number",
        "The threshold of each seed is known to within half of this, which the interval does not contain.",
    ),
    column(
        "seeds",
        "whole number",
        "Repetitions, each bisected for itself.",
    ),
    column(
        "found",
        "whole number",
        "How many of them have a threshold.",
    ),
    column(
        "never",
        "whole number",
        "For how many the metric passes the level at no value that was tried.",
    ),
    column(
        "already",
        "whole number",
        "For how many it has passed it at the first.",
    ),
    column("failed", "whole number", "Of how many a run failed."),
    column(
        "crossings",
        "whole number",
        "How often the metric passes the level, up or down, among the values that a seed tried, of the seed with the most. More \
         than 1: there is more than one threshold, and this is the first.",
    ),
    column(
        "runs",
        "whole number",
        "Runs of the combination, which are rows of `summary.csv`.",
    ),
];
