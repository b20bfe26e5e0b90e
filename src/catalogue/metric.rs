//! What a metric is: a number that a run measures, a column of `summary.csv`, declared once.
//!
//! [`metrics!`] takes the list of all. From it follow the constants with which a run fills them in, the header
//! and the order of `summary.csv`, `aggregate.csv`, the names that `[[expect]]` accepts, the labels of pictures
//! and the page of the documentation.

use super::unit::Unit;

/// What is known of a metric besides its values.
#[derive(Clone, Copy, Debug)]
pub struct MetricInfo {
    /// Its column in `summary.csv`.
    pub name: &'static str,
    /// What an axis of a picture calls it, without the unit.
    pub label: &'static str,
    /// In what it is measured.
    pub unit: Unit,
    /// When a run has it.
    pub exists: Exists,
    /// How several runs make one number.
    pub pooling: Pooling,
    /// Where theory may know something of it: the columns in which it says so.
    pub expected: Option<ExpectedColumns>,
    /// What it means, for people.
    pub doc: &'static str,
}

impl MetricInfo {
    /// The label of an axis that shows it, with its unit.
    #[must_use]
    pub fn axis(&self) -> String {
        self.unit.axis(self.label)
    }
}

/// When a run has a metric.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exists {
    /// Every run has it.
    Always,
    /// Only a run that is audited.
    WithAudit,
    /// Only a run in which something is stored.
    WithStorage,
    /// Only a run with a script of `[[event]]`s.
    WithScript,
    /// Only a run whose peers come and go by a trace.
    WithTrace,
    /// Only a run whose nodes have coordinates.
    WithCoordinates,
    /// Only a run in which messages are counted per link.
    WithLinks,
    /// Only a run in which the hops of lookups are measured one by one.
    WithHops,
    /// Only a run in which peers remember who served them.
    WithReputation,
    /// Only a run in which selfish peers come back as others.
    WithWhitewash,
    /// Only a run whose scenario has `[selfish]`, be the share 0.
    WithSelfish,
    /// Only such a run in which something is stored.
    WithSelfishStorage,
    /// Only a run in which peers that play fair may decline to keep or give out a value.
    WithDeclining,
}

/// The columns in which theory says what it expects of a metric. They stand behind all others, and only where
/// it expects something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExpectedColumns {
    /// What is expected, in the metric's unit.
    pub mean: &'static str,
    /// The standard error of the measured value around it; 0: chance has no say.
    pub standard_error: &'static str,
}

/// How a reader makes one number of those of several runs. `aggregate.csv` has the mean over the repetitions
/// of each metric, whatever stands here: that is right for the question what a run is like. This is about all
/// runs taken together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pooling {
    /// Added up.
    Sum,
    /// As a mean in which each run has the weight of the metric of this name.
    MeanOver(&'static str),
    /// The largest.
    Maximum,
    /// The smallest.
    Minimum,
    /// Not at all from `summary.csv`; where the rows of the lookups or nodes were written, from them.
    Never,
}

macro_rules! metrics {
    ($(
        $(#[doc = $doc:literal])+
        $Metric:ident = $name:literal, $label:literal: $unit:ident, $exists:ident, $pooling:expr $(, $theory:ident)?;
    )+) => {
        /// A number that a run measures, in the order of the columns of `summary.csv`.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum Metric {
            $(
                $(#[doc = $doc])+
                $Metric,
            )+
        }

        impl Metric {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$Metric),+];

            /// What is known of it.
            #[must_use]
            pub fn info(self) -> &'static $crate::catalogue::metric::MetricInfo {
                match self {
                    $(Self::$Metric => const { &$crate::catalogue::metric::MetricInfo {
                        name: $name,
                        label: $label,
                        unit: $crate::catalogue::unit::Unit::$unit,
                        exists: $crate::catalogue::metric::Exists::$exists,
                        pooling: $pooling,
                        expected: metrics!(@expected $name $(, $theory)?),
                        doc: concat!($($doc),+).trim_ascii(),
                    } },)+
                }
            }
        }
    };
    (@expected $name:literal) => { None };
    (@expected $name:literal, expected) => {
        Some($crate::catalogue::metric::ExpectedColumns {
            mean: concat!("expected_", $name),
            standard_error: concat!("expected_", $name, "_se"),
        })
    };
}

pub(super) use metrics;
