//! `[[plot]]`: pictures that a scenario chooses.

use super::key::{Key, Section, ValueKind};

section! {
    /// Pictures besides [those that are drawn anyway](plots.md), any number of them. They influence no run.
    pub(crate) struct PlotKeys, static PLOT = Section::list("plot").fixed(), {
        /// What is drawn. `against`: a metric of [`summary.csv`](results.md#summarycsv), in the mean over the
        /// repetitions; `over-time`: a column of [`timeline.csv`](results.md#timelinecsv); `distribution`: a
        /// column of numbers of [`lookups.csv`](results.md#lookupscsv) or [`nodes.csv`](results.md#nodescsv).
        metric: Option<String>, ValueKind::Text, absent(Key::REQUIRED);
        /// What kind of picture it is.
        kind: PlotKind = "against", ValueKind::Word(PlotKind::WORDS);
        /// The swept key along the horizontal axis, named as its column or in full; or a number inside a swept
        /// table, such as `churn.poisson.joins_per_s`. Must be given for `against`, and only there.
        against: Option<String>, ValueKind::Text;
        /// The swept key that has a line for each value; what else is swept has panels. Not for `over-time`.
        lines: Option<String>, ValueKind::Text, absent("a line for each combination");
        /// Which axes are logarithmic.
        log: Option<LogAxes>, ValueKind::Word(LogAxes::WORDS), absent("as the values ask for");
        /// Names the files. A picture that is drawn anyway is replaced by one of its name.
        name: Option<String>, ValueKind::Text, absent("made of metric and key"),
            limits("ASCII letters, digits, `-`, `_`, `.`; first a letter or digit");
        /// A heading.
        title: String = "", ValueKind::Text;
    }
}

words! {
    /// `plot.kind`
    pub enum PlotKind {
        /// A metric against a swept key.
        Against = "against",
        /// A column of the timeline over simulated time.
        OverTime = "over-time",
        /// Which share of the lookups or nodes has at most so much.
        Distribution = "distribution",
    }
}

words! {
    /// `plot.log`
    pub enum LogAxes {
        /// Neither.
        Neither = "none",
        /// The horizontal one.
        X = "x",
        /// The vertical one.
        Y = "y",
        /// Both.
        Both = "both",
    }
}

impl PlotKind {
    /// What scenarios call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::WORDS[self as usize].name
    }
}

impl LogAxes {
    /// What scenarios call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::WORDS[self as usize].name
    }
}
